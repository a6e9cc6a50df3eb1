package verify_test

import (
	"bytes"
	"context"
	"testing"

	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
	"antin/signer/verify"
)

// BenchmarkDocument opens and verifies a document with two signatures, as a
// whole process would.
func BenchmarkDocument(b *testing.B) {
	o := theOffice(b)
	var big bytes.Buffer
	if err := shapes.Big(&big, 1_300_000); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		pdf  []byte
	}{
		{"1.3MB", big.Bytes()},
		{"3000pages", shapes.Named("pages-3000").Data(b)},
	} {
		pdf := sign(b, sign(b, c.pdf, pades.Request{Key: o.leader}), pades.Request{Key: o.clerk})
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(pdf)))
			for b.Loop() {
				f, err := pdffile.Read(bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{})
				if err != nil {
					b.Fatal(err)
				}
				r, err := verify.Document(context.Background(), f, verify.Options{Store: o.store})
				if err != nil || r.Verdict() != verify.Valid {
					b.Fatal(err)
				}
			}
		})
	}
}
