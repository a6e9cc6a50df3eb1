package place

import (
	"bytes"
	"context"
	"image"
	"image/draw"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"antin/app/gui/place/boxes"
	"antin/signer"
	"antin/signer/appearance"
	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
	"antin/signer/practice"
	"antin/signer/render"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "worker" && os.Args[2] == "render" {
		os.Exit(render.ServePages(os.Args[3:]))
	}
	os.Exit(m.Run())
}

const dpi = 150

// TestPreviewIsTheFile signs documents with turned, cropped, scaled and mixed
// pages and compares each with what the overlay showed before, within one pixel
// at 150 dpi.
func TestPreviewIsTheFile(t *testing.T) {
	newApp(t)
	authority, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	if err != nil {
		t.Fatal(err)
	}
	leader, err := authority.Issue(practice.IdentityOptions{Name: "Nguyễn Văn An", Key: practice.P256})
	if err != nil {
		t.Fatal(err)
	}
	ink, err := practice.SignaturePicture("Nguyễn Văn An", 1)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := appearance.DecodePicture(bytes.NewReader(ink))
	if err != nil {
		t.Fatal(err)
	}
	pw, ph := picture.Pixels()
	aspect := float64(pw) / float64(ph)

	seen := 0
	for _, s := range shapes.All() {
		if !pageShape(s.Name) {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			dir := t.TempDir()
			job := signer.ApproveJob{Picture: filepath.Join(dir, "ky.png"), NoSlots: true}
			job.Source, job.Key = filepath.Join(dir, "a.pdf"), leader
			data := s.Data(t)
			put(t, job.Source, data)
			put(t, job.Picture, ink)
			if err := os.MkdirAll(filepath.Join(dir, "out"), 0o755); err != nil {
				t.Fatal(err)
			}
			job.Out = filepath.Join(dir, "out")
			sizes := pagesOf(t, data)
			bare := job // signed as well, so that the pages are drawn in the same way
			bare.Invisible = true
			plain := sign(t, bare)
			for page := range sizes {
				board := boxes.New(sizes)
				e := New(board)
				e.Add(boxes.Box{Page: page + 1, Box: pdffile.Box{X: 61.37, Y: 43.91, W: 45.3}, Aspect: aspect}, func(w, h float64) *appearance.Look {
					return appearance.SignatureLook(picture, w, h)
				})
				before := drawn(t, plain.Output, page+1)
				preview, at := overlaid(t, e, page+1, before)

				b := board.Box(0)
				job.At = &signer.Place{Page: b.Page, Box: b.Box}
				r := sign(t, job)
				after := drawn(t, r.Output, page+1)
				compare(t, before, preview, after, at)
				if math.Abs(r.Place.X-b.X) > 0.01 || math.Abs(r.Place.W-b.W) > 0.01 || math.Abs(r.Place.H-b.H) > 0.01 {
					t.Errorf("the box was %+v, the signature is at %+v", b, r.Place)
				}
				seen++
			}
		})
	}
	if seen < 20 {
		t.Errorf("compared %d pages only", seen)
	}
}

// pageShape tells whether a document differs in how its pages are seen.
func pageShape(name string) bool {
	for _, prefix := range []string{"rotate-", "cropbox-", "mediabox-", "userunit-", "page-sizes-mixed", "boxes-inherited", "all-five-boxes"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

func sign(t *testing.T, job signer.ApproveJob) *signer.Result {
	t.Helper()
	r, err := signer.Approve(context.Background(), job, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func put(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func pagesOf(t *testing.T, data []byte) []boxes.Page {
	t.Helper()
	f, err := pdffile.Read(bytes.NewReader(data), int64(len(data)), pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := f.Pages()
	if err != nil {
		t.Fatal(err)
	}
	var out []boxes.Page
	for _, p := range pages {
		w, h := p.Size()
		out = append(out, boxes.Page{W: w, H: h})
	}
	return out
}

func drawn(t *testing.T, path string, page int) *image.RGBA {
	t.Helper()
	var r render.Renderer
	defer r.Close()
	if _, err := r.Open(context.Background(), path); err != nil {
		t.Fatal(err)
	}
	p, err := r.Page(context.Background(), page, dpi)
	if err != nil {
		t.Fatal(err)
	}
	return p.RGBA
}

// overlaid is the page's picture with what the overlay shows on it, and where
// that is.
func overlaid(t *testing.T, e *Editor, page int, paper *image.RGBA) (*image.RGBA, image.Rectangle) {
	t.Helper()
	size := e.Board.Page(page)
	const perMM = dpi / 25.4
	l := e.Overlay(page)
	w := test.NewTempWindow(t, l)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(float32(size.W*perMM), float32(size.H*perMM)))
	v := l.(*layer).views[0]
	if v == nil {
		t.Fatal("the overlay shows no box")
	}
	pos := v.Position().Add(v.picture.Position())
	corner := image.Pt(int(math.Round(float64(pos.X))), int(math.Round(float64(pos.Y))))
	at := v.picture.Image.Bounds().Add(corner)
	out := image.NewRGBA(paper.Bounds())
	copy(out.Pix, paper.Pix)
	draw.Draw(out, at, v.picture.Image, image.Point{}, draw.Over)
	return out, at
}

// compare holds the file against the preview: nothing is changed further than a
// pixel outside, and every pixel is like one of the preview's a step around it.
func compare(t *testing.T, before, preview, after *image.RGBA, at image.Rectangle) {
	t.Helper()
	if before.Bounds() != after.Bounds() {
		t.Fatalf("%v became %v", before.Bounds(), after.Bounds())
	}
	ink, inkBefore := 0, 0
	allowed := at.Inset(-1)
	worst, where := 0, image.Point{}
	for y := after.Rect.Min.Y; y < after.Rect.Max.Y; y++ {
		for x := after.Rect.Min.X; x < after.Rect.Max.X; x++ {
			if differ(after, before, x, y) {
				ink++
				if !image.Pt(x, y).In(allowed) {
					t.Fatalf("(%d, %d) changed outside %v: %v → %v", x, y, allowed, before.RGBAAt(x, y), after.RGBAAt(x, y))
				}
			}
			if differ(preview, before, x, y) {
				inkBefore++
			}
			if !image.Pt(x, y).In(allowed) {
				continue
			}
			if d := off(preview, after, x, y); d > worst {
				worst, where = d, image.Pt(x, y)
			}
		}
	}
	if ink < 500 || inkBefore < 500 {
		t.Fatalf("%d pixels of ink in the file, %d in the preview", ink, inkBefore)
	}
	// Filters differ between drawing programs. A preview two pixels off is more than
	// 200 away.
	if worst > 48 {
		t.Errorf("at %v the file is %d of 255 away from every pixel of the preview within 1 px", where, worst)
	}
}

// differ tells whether two pixels are seen as different; a page with transparent
// parts is mixed with other rounding.
func differ(a, b *image.RGBA, x, y int) bool {
	i := a.PixOffset(x, y)
	for c := range 3 {
		if d := int(a.Pix[i+c]) - int(b.Pix[i+c]); d < -3 || d > 3 {
			return true
		}
	}
	return false
}

// off is how far a pixel of the file lies outside what the preview shows within
// one pixel, in the worst channel.
func off(preview, after *image.RGBA, x, y int) int {
	worst := 0
	for c := range 3 {
		low, high := 255, 0
		for dy := -1; dy <= 1; dy++ {
			for dx := -1; dx <= 1; dx++ {
				if p := image.Pt(x+dx, y+dy); p.In(preview.Rect) {
					v := int(preview.Pix[preview.PixOffset(p.X, p.Y)+c])
					low, high = min(low, v), max(high, v)
				}
			}
		}
		v := int(after.Pix[after.PixOffset(x, y)+c])
		worst = max(worst, low-v, v-high)
	}
	return worst
}
