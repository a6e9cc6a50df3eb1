package signer_test

import (
	"bytes"
	"context"
	"fmt"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"antin/signer"
	"antin/signer/render"
	"antin/signer/scan"
	"antin/signer/verify"

	"codeberg.org/go-pdf/fpdf"
)

// scanOf is what a scanner makes of the document at path: its pages as colour
// pictures.
func scanOf(t testing.TB, path string, dpi float64) []byte {
	t.Helper()
	var r render.Renderer
	defer r.Close()
	doc, err := r.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	pdf := fpdf.New("P", "mm", "A4", "")
	for n := 1; n <= doc.Pages; n++ {
		p, err := r.Page(context.Background(), n, dpi)
		if err != nil {
			t.Fatal(err)
		}
		for i := range p.Pix { // yellowish paper: a scan is in colour
			if i%4 == 2 {
				p.Pix[i] = p.Pix[i] / 10 * 9
			}
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, p.RGBA, nil); err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprint("page", n)
		pdf.AddPage()
		pdf.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "JPG"}, &b)
		pdf.Image(name, 0, 0, 210, 297, false, "", 0, "")
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func (d *desk) copying(source string) signer.CopyJob {
	return signer.CopyJob{Common: d.common(source, d.seal), Form: scan.SaoY, Agency: "Ủy ban nhân dân xã Bình Minh"}
}

func TestCopy(t *testing.T) {
	d := newDesk(t)
	scan := d.put("quet.pdf", scanOf(t, d.path("qd.pdf"), 200))
	r, err := signer.Copy(context.Background(), d.copying(scan), nil)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Base(r.Output) != "quet.saoy.pdf" {
		t.Errorf("output %q", r.Output)
	}
	if v := verdict(t, d, r.Output); v.Verdict() != verify.Valid {
		t.Errorf("%v", v.Verdict())
	}
	d.judges(r.Output, 1)
	t.Logf("%+v", r.Copy.Block)
	if out := os.Getenv("ANTIN_KEEP"); out != "" {
		b, _ := os.ReadFile(r.Output)
		_ = os.WriteFile(out, b, 0o600)
	}
}
