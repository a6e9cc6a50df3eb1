package pdffile_test

import (
	"bytes"
	"errors"
	"testing"

	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
)

// TestRepair: a damaged document without signatures can be rebuilt, and what is
// rebuilt opens without repair; what cannot be rebuilt is refused with a type.
func TestRepair(t *testing.T) {
	repaired := 0
	for _, s := range shapes.All() {
		if !s.Damaged {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			var out bytes.Buffer
			err := pdffile.Repair(bytes.NewReader(s.Data(t)), &out, s.Password)
			if err != nil {
				if !errors.Is(err, pdffile.ErrDamaged) && !errors.Is(err, pdffile.ErrSigned) && !errors.Is(err, pdffile.ErrLimit) {
					t.Errorf("got %v, want a typed error", err)
				}
				return
			}
			repaired++
			if err := walk(open(t, out.Bytes(), s.Password)); err != nil {
				t.Errorf("the repaired copy: %v", err)
			}
		})
	}
	if repaired < 10 {
		t.Errorf("only %d files could be repaired", repaired)
	}
}

// TestRepairKeepsAwayFromSignatures: rebuilding would lose them.
func TestRepairKeepsAwayFromSignatures(t *testing.T) {
	data := append([]byte("%PDF-1.7\n1 0 obj\n<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>\nendobj\n"), shapes.Named("xref-table").Data(t)[9:300]...)
	if err := pdffile.Repair(bytes.NewReader(data), &bytes.Buffer{}, ""); !errors.Is(err, pdffile.ErrSigned) {
		t.Errorf("got %v, want ErrSigned", err)
	}
}
