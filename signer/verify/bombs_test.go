package verify_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"antin/signer/pdffile"
)

// Limits of what one file may cost, whatever stands in it.
const (
	mostTime   = 10 * time.Second
	mostMemory = 512 << 20 // bytes, of the whole process
)

// Files made to take time or memory cost neither, and are not accepted. Each is
// judged by a process of its own.
func TestBombs(t *testing.T) {
	if testing.Short() {
		t.Skip("it judges large files")
	}
	one := base(t, 0)
	roots := rootsOf(t)
	for _, c := range []struct {
		name string
		pdf  func() []byte
		want string // the first word printed
	}{
		{"arrays nested five million deep", func() []byte {
			return raw{objects: map[int]string{5: strings.Repeat("[", 5_000_000)}}.on(one)
		}, "invalid"},
		{"dictionaries nested a million deep in the trailer", func() []byte {
			return raw{trailer: strings.Repeat("/A<<", 1_000_000)}.on(one)
		}, "invalid"},
		{"/Prev in a circle", func() []byte { return raw{prev: len(one)}.on(one) }, "invalid"},
		{"100,000 revisions", func() []byte { return revisions(one, 100_000) }, "undecided"},
		{"4,000 revisions", func() []byte { return revisions(one, 4_000) }, "invalid"},
		{"100 signatures", func() []byte { return signatures(t, one, 100) }, "valid"},
		{"5,000 fields with one signature dictionary", func() []byte { return sharing(t, one, 5_000) }, "error:"},
		{"a million fields", func() []byte { return manyObjects(one, 1_000_000, "<</FT/Tx/T(x)>>") }, "invalid"},
		{"400,000 fields in one list", func() []byte { return manyFields(one, 400_000) }, "invalid"},
		{"50,000 fields, filled", func() []byte { return filledFields(t, 50_000) }, "valid"},
		{"a million annotations", func() []byte { return manyAnnotations(one, 1_000_000) }, "invalid"},
		{"an /Index of eight million", func() []byte {
			return xrefStream(one, "[0 8388000]", "", bytes.Repeat([]byte{1, 0, 0, 0, 9, 0}, 8_388_000))
		}, "invalid"},
		{"an /Index of half a million", func() []byte {
			return xrefStream(one, "[0 524000]", "", bytes.Repeat([]byte{1, 0, 0, 0, 9, 0}, 524_000))
		}, "invalid"},
		{"an /Index of 300,000 parts", func() []byte {
			var index strings.Builder
			for i := range 300_000 {
				fmt.Fprintf(&index, "%d 1 ", 100+i)
			}
			return xrefStream(one, "["+index.String()+"]", "", bytes.Repeat([]byte{1, 0, 0, 0, 9, 0}, 300_000))
		}, "invalid"},
		{"a predictor with rows of two gigabytes", func() []byte {
			return xrefStream(one, "[0 1]", "/DecodeParms<</Predictor 12/Columns 2147483647/Colors 4/BitsPerComponent 16>>", []byte{1, 0, 0, 0, 9, 0})
		}, "invalid"},
		{"a cross-reference that inflates to 80 MB", func() []byte { return xrefStream(one, "[0 1]", "", make([]byte, 80<<20)) }, "invalid"},
		{"object streams that inflate to 600 MB", func() []byte { return inflating(one, 20) }, "invalid"},
		{"validation data that inflate to 6 GB", func() []byte {
			full := pdffile.Deflate(make([]byte, 30<<20))
			var many [][]byte
			for range 64 {
				many = append(many, full)
			}
			return archived(t, one, evidence{certs: many, lists: many, answers: many})
		}, "valid"},
		{"50,000 pages", func() []byte { return manyPages(t, 50_000) }, "valid"},
		{"200,000 objects", func() []byte { return manyObjects(one, 200_000, "0") }, "valid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bomb.pdf")
			pdf := c.pdf()
			if err := os.WriteFile(path, pdf, 0o600); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(context.Background(), 6*mostTime)
			defer cancel()
			p := measure(t, child(ctx, path, roots))
			t.Logf("%6.1f MB file: %.2f s, %d MB, %.100q", float64(len(pdf))/1e6, p.took.Seconds(), p.memory>>20, p.out)
			if p.took > mostTime || p.memory > mostMemory {
				t.Errorf("%v and %d MB", p.took, p.memory>>20)
			}
			if word, _, _ := strings.Cut(strings.Fields(p.out)[0], " "); word != c.want {
				t.Errorf("%q, want %q", p.out, c.want)
			}
		})
	}
}
