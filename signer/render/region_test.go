package render

import (
	"context"
	"errors"
	"image"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"antin/signer/pdffile"
)

// Parts put together are the whole picture, and the edge of the page ends them.
func TestRegions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.pdf")
	write(t, path, testPage{}, testPage{widget: pdffile.Rect{X0: 300, Y0: 500, X1: 420, Y1: 560}, rotate: 90})
	r, _ := open(t, path)
	ctx := context.Background()
	const dpi, side = 110, 400
	for page := 1; page <= 2; page++ {
		whole, err := r.Page(ctx, page, dpi)
		if err != nil {
			t.Fatal(err)
		}
		b := whole.Bounds()
		for y := 0; y < b.Dy(); y += side {
			for x := 0; x < b.Dx(); x += side {
				area := image.Rect(x, y, x+side, y+side)
				part, err := r.Region(ctx, page, dpi, area)
				if err != nil {
					t.Fatal(err)
				}
				want := area.Intersect(b)
				if part.Bounds() != image.Rect(0, 0, want.Dx(), want.Dy()) || !part.SignaturesShown {
					t.Fatalf("page %d: the part %v has bounds %v", page, area, part.Bounds())
				}
				for row := range want.Dy() {
					at := whole.PixOffset(want.Min.X, want.Min.Y+row)
					if got := part.Pix[row*part.Stride : row*part.Stride+4*want.Dx()]; string(got) != string(whole.Pix[at:at+4*want.Dx()]) {
						t.Fatalf("page %d: row %d of part %v differs", page, row, area)
					}
				}
			}
		}
		if _, err := r.Region(ctx, page, dpi, image.Rect(b.Dx(), 0, b.Dx()+5, 5)); !errors.Is(err, ErrNotDrawable) {
			t.Errorf("beside the page: %v, want ErrNotDrawable", err)
		}
	}
}

func TestSizes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.pdf")
	write(t, path, testPage{}, testPage{media: "[0 0 595.28 841.89]", rotate: 90}, testPage{crop: "[100 100 300 200]", unit: 2})
	r, _ := open(t, path)
	got, err := r.Sizes(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	f, err := pdffile.Open(path, pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	pages, err := f.Pages()
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(pages) {
		t.Fatalf("%d sizes of %d pages", len(got), len(pages))
	}
	for i, p := range pages {
		if w, h := p.Size(); got[i] != (Size{w, h}) {
			t.Errorf("page %d is %v, want %v × %v mm", i+1, got[i], w, h)
		}
	}
	if w := 841.89 / 72 * 25.4; math.Abs(got[1].W-w) > 0.001 {
		t.Errorf("the turned page is %v mm wide, want %v", got[1].W, w)
	}

	// Without a structure the sizes are those of MuPDF.
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(body), "/Contents", "  /Contents", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Open(context.Background(), path); err != nil {
		t.Fatal(err)
	}
	damaged, err := r.Sizes(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for i := range damaged {
		if math.Abs(damaged[i].W-got[i].W) > 0.8 || math.Abs(damaged[i].H-got[i].H) > 0.8 {
			t.Errorf("page %d of the damaged file is %v, want %v within two points", i+1, damaged[i], got[i])
		}
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if _, err := r.Sizes(context.Background()); !errors.Is(err, ErrPageRange) {
		t.Errorf("of no document: %v", err)
	}
}
