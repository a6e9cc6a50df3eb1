package signer_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"image/jpeg"
	"io"
	"os"
	"os/exec"
	"testing"

	"antin/signer"
	"antin/signer/practice"
	"antin/signer/scan"
	"antin/signer/trust"
)

// BenchmarkCopy measures whole processes that check and certify a colour scan at
// 300 dpi of 30 and of 300 pages (about 300 MB), beside `cp` + `sha256sum` of the
// same file, made in turn:
//
//	s/copy        seconds of one copy: gate, signature, verified and synced
//	x-cp+sha256   how many times the time of cp and sha256sum
//	MB            peak memory of the process; the helper that draws has its own
func BenchmarkCopy(b *testing.B) {
	d := newDesk(b)
	if err := d.seal.WriteFiles(d.dir, "key"); err != nil {
		b.Fatal(err)
	}
	for _, pages := range []int{30, 300} {
		b.Run(fmt.Sprintf("%dpages", pages), func(b *testing.B) {
			if err := bigScan(d.path("big.pdf"), pages); err != nil {
				b.Fatal(err)
			}
			var ours, least cost
			for b.Loop() {
				least.add(b, exec.Command("sh", "-c", "cp big.pdf copy.tmp && sha256sum copy.tmp"), d.dir, "copy.tmp")
				ours.add(b, child("copy"), d.dir, "big.saoy.pdf")
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(ours.seconds/float64(b.N), "s/copy")
			b.ReportMetric(ours.seconds/least.seconds, "x-cp+sha256")
			b.ReportMetric(ours.memory, "MB")
		})
	}
}

// copyBig is the process that BenchmarkCopy measures.
func copyBig(id *practice.Identity) error {
	_, err := signer.Copy(context.Background(), signer.CopyJob{
		Common: signer.Common{Source: "big.pdf", Key: id, Trust: &trust.Store{}},
		Form:   scan.SaoY, Agency: agency, Looked: []scan.Kind{scan.Duplicate}, // few of the pages were drawn
	}, nil)
	return err
}

// bigScan writes a scan of so many pages, each with a picture of its own of about
// a megabyte.
func bigScan(path string, pages int) error {
	var pictures [][]byte
	for seed := range uint64(4) {
		p, err := practice.ScanPicture(practice.ScanOptions{Seed: seed})
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, p, &jpeg.Options{Quality: 86}); err != nil {
			return err
		}
		pictures = append(pictures, b.Bytes())
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	w := &offsetWriter{w: bufio.NewWriterSize(file, 1<<20)}
	w.printf("%%PDF-1.5\n%%\xe2\xe3\xcf\xd3\n")
	w.object("<</Type/Catalog/Pages 2 0 R>>")
	var kids bytes.Buffer
	for i := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", 3+3*i)
	}
	w.object("<</Type/Pages/Count %d/Kids[%s]>>", pages, kids.Bytes())
	const content = "q 595.2 0 0 841.92 0 0 cm /P Do Q"
	for i := range pages {
		n := 3 + 3*i
		w.object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.2 841.92]/Contents %d 0 R/Resources<</XObject<</P %d 0 R>>>>>>", n+1, n+2)
		w.object("<</Length %d>>\nstream\n%s\nendstream", len(content), content)
		p := pictures[i%len(pictures)]
		comment := fmt.Sprintf("\xff\xfe\x00\x0apage%04d", i) // after SOI: pictures differ
		w.object("<</Type/XObject/Subtype/Image/Width 2480/Height 3508/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode/Length %d>>\nstream\n%s%s%s\nendstream",
			len(p)+len(comment), p[:2], comment, p[2:])
	}
	start := w.at
	w.printf("xref\n0 %d\n0000000000 65535 f \n", len(w.offsets)+1)
	for _, o := range w.offsets {
		w.printf("%010d 00000 n \n", o)
	}
	w.printf("trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(w.offsets)+1, start)
	return w.w.Flush()
}

// offsetWriter writes objects 1, 2 … and knows where they lie.
type offsetWriter struct {
	w interface {
		io.Writer
		Flush() error
	}
	at      int
	offsets []int
}

func (w *offsetWriter) printf(format string, args ...any) {
	n, _ := fmt.Fprintf(w.w, format, args...) // Flush tells of errors
	w.at += n
}

func (w *offsetWriter) object(format string, args ...any) {
	w.offsets = append(w.offsets, w.at)
	w.printf("%d 0 obj\n", len(w.offsets))
	w.printf(format, args...)
	w.printf("\nendobj\n")
}
