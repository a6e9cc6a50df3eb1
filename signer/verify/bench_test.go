package verify_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
	"antin/signer/verify"
)

// BenchmarkProcess measures whole processes that judge a document with two
// signatures, beside pdfsig and beside sha256sum of the same file, which is the
// least that hashing it can cost. The process is this test binary, which opens
// the file, loads four files of trust and prints a verdict, as the program does;
// it is built once, and what the program adds is its start. All runs of one line
// are made in turn, so the ratios hold on any machine:
//
//	s/check      seconds of one check
//	x-sha256sum  how many times the time of sha256sum
//	x-pdfsig     how many times the time of pdfsig -nocert (below 1 is faster)
//	MB           peak memory
//
// Budgets: 1.3 MB in 0.15 s, 200 MB in 1.5 times sha256sum.
func BenchmarkProcess(b *testing.B) {
	roots := rootsOf(b)
	for _, c := range []struct {
		name string
		size int64
	}{{"1.3MB", 1_300_000}, {"20MB", 20 << 20}, {"200MB", 200 << 20}} {
		b.Run(c.name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "big.pdf")
			if err := os.WriteFile(path, big(b, c.size), 0o600); err != nil {
				b.Fatal(err)
			}
			var ours, least, theirs float64
			var memory int64
			pdfsig, _ := exec.LookPath("pdfsig")
			for b.Loop() {
				least += measure(b, exec.Command("sha256sum", path)).took.Seconds()
				p := measure(b, child(context.Background(), path, roots))
				if !strings.HasPrefix(p.out, "valid\n") {
					b.Fatal(p.out)
				}
				ours += p.took.Seconds()
				memory = max(memory, p.memory)
				if pdfsig != "" {
					theirs += measure(b, exec.Command(pdfsig, "-nocert", path)).took.Seconds()
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(ours/float64(b.N), "s/check")
			b.ReportMetric(ours/least, "x-sha256sum")
			b.ReportMetric(float64(memory)/1e6, "MB")
			if pdfsig != "" {
				b.ReportMetric(ours/theirs, "x-pdfsig")
			}
		})
	}
}

// big is a document of about size bytes with two signatures.
func big(b *testing.B, size int64) []byte {
	o := theOffice(b)
	var pdf bytes.Buffer
	if err := shapes.Big(&pdf, size); err != nil {
		b.Fatal(err)
	}
	return sign(b, sign(b, pdf.Bytes(), pades.Request{Key: o.leader}), pades.Request{Key: o.clerk})
}

// BenchmarkDocument opens and judges documents with two signatures in this process.
func BenchmarkDocument(b *testing.B) {
	o := theOffice(b)
	for _, c := range []struct {
		name string
		pdf  []byte
	}{
		{"1.3MB", big(b, 1_300_000)},
		{"3000pages", sign(b, sign(b, shapes.Named("pages-3000").Data(b), pades.Request{Key: o.leader}), pades.Request{Key: o.clerk})},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.pdf)))
			for b.Loop() {
				f, err := pdffile.Read(bytes.NewReader(c.pdf), int64(len(c.pdf)), pdffile.Options{})
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
