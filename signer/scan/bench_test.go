package scan_test

import (
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"antin/signer/practice"
	"antin/signer/scan"
)

// A record of 300 colour pages at 300 dpi: time against a copy and a digest of
// the file, and the largest heap, which must not grow with the pages.
func BenchmarkGate300Pages(b *testing.B) {
	dir := b.TempDir()
	var leaves []scan.Leaf
	for i := range 6 {
		jpg, err := practice.ScanJPEGFile(practice.ScanOptions{Seed: uint64(i)})
		if err != nil {
			b.Fatal(err)
		}
		path := filepath.Join(dir, string(rune('a'+i))+".jpg")
		if err := os.WriteFile(path, jpg, 0o600); err != nil {
			b.Fatal(err)
		}
		l, err := scan.Leaves(b.Context(), scan.File{Path: path})
		if err != nil {
			b.Fatal(err)
		}
		leaves = append(leaves, l...)
	}
	for len(leaves) < 300 {
		leaves = append(leaves, leaves[len(leaves)-6])
	}
	path := filepath.Join(dir, "hoso.pdf")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	if err := errors.Join(scan.Write(b.Context(), f, scan.NewPlan(leaves...), scan.Properties{}), f.Close()); err != nil {
		b.Fatal(err)
	}
	written := time.Since(start)
	for b.Loop() {
		start = time.Now()
		yardstick(b, path)
		plain := time.Since(start)
		var heap [2]uint64 // after 30 pages, and the largest
		start = time.Now()
		_, err := scan.CheckFile(b.Context(), path, scan.Options{Progress: func(page, _ int) {
			if page%10 != 0 {
				return
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			if heap[1] = max(heap[1], m.HeapInuse); page == 30 {
				heap[0] = heap[1]
			}
		}})
		if err != nil {
			b.Fatal(err)
		}
		took := time.Since(start)
		info, err := os.Stat(path)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(info.Size())/1e6, "MB")
		b.ReportMetric(float64(written.Milliseconds())/300, "ms/page-written")
		b.ReportMetric(float64(took.Milliseconds())/300, "ms/page")
		b.ReportMetric(float64(took)/float64(plain), "×copy+digest")
		b.ReportMetric(float64(heap[0])/1e6, "MB-heap-30")
		b.ReportMetric(float64(heap[1])/1e6, "MB-heap-300")
	}
}

// yardstick copies the file and computes its digest, as cp and sha256sum do.
func yardstick(b *testing.B, path string) {
	b.Helper()
	for _, to := range []func() (io.WriteCloser, error){
		func() (io.WriteCloser, error) { return os.Create(path + ".copy") },
		func() (io.WriteCloser, error) {
			return struct {
				io.Writer
				io.Closer
			}{sha256.New(), io.NopCloser(nil)}, nil
		},
	} {
		in, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		w, err := to()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(w, in); err != nil {
			b.Fatal(err)
		}
		if err := errors.Join(w.Close(), in.Close()); err != nil {
			b.Fatal(err)
		}
	}
}
