package pdffile_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
)

// extracted is a new document of pages of f.
func extracted(t testing.TB, f *pdffile.File, x pdffile.Extraction) []byte {
	t.Helper()
	x.Title, x.Producer, x.Made = "Trích sao", "antin", time.Date(2026, 11, 22, 9, 47, 3, 0, time.UTC)
	var b bytes.Buffer
	n, err := f.Extract(context.Background(), &b, x)
	if err != nil {
		t.Fatal(err)
	}
	if n != int64(b.Len()) {
		t.Errorf("says %d bytes, wrote %d", n, b.Len())
	}
	return b.Bytes()
}

// streams are the digests of the encoded streams of a document by its kind.
func streams(t *testing.T, f *pdffile.File) map[[32]byte]pdffile.Dict {
	t.Helper()
	out := map[[32]byte]pdffile.Dict{}
	for _, n := range f.Numbers() {
		ref, _ := f.RefOf(n)
		o, err := f.Load(ref)
		if s, ok := o.(*pdffile.Stream); ok && err == nil {
			raw, err := f.Raw(s)
			if err != nil {
				t.Fatal(err)
			}
			out[sha256.Sum256(raw)] = s.Dict
		}
	}
	return out
}

// TestExtractKeepsThePages: of files of every shape a new document has the same
// pages, with the very bytes of their streams, and nothing else of the source.
func TestExtractKeepsThePages(t *testing.T) {
	for _, s := range shapes.Sound() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			f := open(t, s.Data(t), s.Password)
			var pages []int
			for n := s.Pages; n >= 1; n-- {
				pages = append(pages, n)
			}
			data := extracted(t, f, pdffile.Extraction{Pages: pages})
			g := open(t, data, "")
			if err := walk(g); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "x.pdf")
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command("qpdf", "--check", path).CombinedOutput(); err != nil {
				t.Errorf("qpdf: %v\n%s", err, out)
			}
			old, _ := f.Pages()
			now, _ := g.Pages()
			if len(now) != len(old) {
				t.Fatalf("%d pages, want %d", len(now), len(old))
			}
			for i, p := range now {
				q := old[len(old)-1-i]
				w, h := p.Size()
				if qw, qh := q.Size(); math.Abs(w-qw) > 1e-6 || math.Abs(h-qh) > 1e-6 || p.Rotate != q.Rotate {
					t.Errorf("page %d is %.2f × %.2f mm turned by %d, was %.2f × %.2f by %d", i+1, w, h, p.Rotate, qw, qh, q.Rotate)
				}
				if p.Dict["Annots"] != nil {
					t.Errorf("page %d has annotations", i+1)
				}
			}
			known := streams(t, f)
			for sum, d := range streams(t, g) {
				if _, ok := known[sum]; !ok {
					t.Errorf("a stream that the source does not have: %v", d)
				}
			}
			if fields, err := g.Fields(); err != nil || len(fields) > 0 || g.Encrypted() != "" {
				t.Errorf("%d fields, encryption %q, %v", len(fields), g.Encrypted(), err)
			}
		})
	}
}

// TestExtractRefusesWhatPDFAForbids: a promise that the content cannot keep is
// not made.
func TestExtractRefusesWhatPDFAForbids(t *testing.T) {
	for name, resources := range map[string]string{
		"font not embedded":   "/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>",
		"CMYK picture":        "/XObject<</I 5 0 R>>",
		"CMYK colour space":   "/ColorSpace<</C1[/Indexed/DeviceCMYK 0<00000000>]>>",
		"spot colour on CMYK": "/ColorSpace<</C1[/Separation/Gold/DeviceCMYK 9 0 R]>>",
		"transfer function":   "/ExtGState<</G<</Type/ExtGState/TR/Identity>>>>",
		"layer":               "/Properties<</L<</Type/OCG/OCGs 1 0 R>>>>",
	} {
		t.Run(name, func(t *testing.T) {
			b := shapes.NewBuilder("1.7")
			tree := b.Reserve()
			page := b.Add("<</Type/Page/Parent %v/MediaBox[0 0 595 842]/Resources<<%s>>>>", tree, resources)
			b.Set(tree, "<</Type/Pages/Kids[%v]/Count 1>>", page)
			b.Root = b.Add("<</Type/Catalog/Pages %v>>", tree)
			b.Add("null")
			b.Add("<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceCMYK>>")
			f := open(t, b.Table(), "")
			_, err := f.Extract(context.Background(), &bytes.Buffer{}, pdffile.Extraction{Pages: []int{1}, PDFA: true})
			if !errors.Is(err, pdffile.ErrNotPDFA) {
				t.Errorf("got %v", err)
			}
			extracted(t, f, pdffile.Extraction{Pages: []int{1}}) // without the promise it is fine
		})
	}
}

func TestExtractErrors(t *testing.T) {
	f := open(t, shapes.Sound()[0].Data(t), shapes.Sound()[0].Password)
	if _, err := f.Extract(context.Background(), &bytes.Buffer{}, pdffile.Extraction{Pages: []int{99}}); !errors.Is(err, pdffile.ErrNoPage) {
		t.Errorf("no such page: %v", err)
	}
	full := errors.New("disk full")
	if _, err := f.Extract(context.Background(), failing{full}, pdffile.Extraction{Pages: []int{1}}); !errors.Is(err, full) {
		t.Errorf("the disk is full: %v", err)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := f.Extract(ended, &bytes.Buffer{}, pdffile.Extraction{Pages: []int{1}}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

type failing struct{ err error }

func (w failing) Write([]byte) (int, error) { return 0, w.err }
