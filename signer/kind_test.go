package signer_test

import (
	"context"
	"errors"
	"io/fs"
	"testing"

	"antin/signer"
	"antin/signer/practice"
)

func TestIsScan(t *testing.T) {
	d := newDesk(t)
	pdf, err := twoPages()
	if err != nil {
		t.Fatal(err)
	}
	jpeg, err := practice.ScanJPEGFile(practice.ScanOptions{DPI: 72, Lines: 4})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{
		d.put("quet.pdf", pdf):                         true,
		d.put("quet.jpg", jpeg):                        true,
		d.path("qd.pdf"):                               false,
		d.approve(d.approval(d.path("qd.pdf"))).Output: false,
		d.copy(d.scanned("sao-y")).Output:              false, // signed
	} {
		if got, err := signer.IsScan(context.Background(), path); got != want || err != nil {
			t.Errorf("%s: %v %v", path, got, err)
		}
	}
	if _, err := signer.IsScan(context.Background(), d.path("none.pdf")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}
