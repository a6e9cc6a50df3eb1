package render

import (
	"context"
	"errors"
	"fmt"
	"image/png"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"antin/signer/pdffile"
)

func open(t testing.TB, path string) (*Renderer, Document) {
	t.Helper()
	r := new(Renderer)
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	doc, err := r.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	return r, doc
}

func TestPageLikePoppler(t *testing.T) {
	for name, s := range map[string]testPage{
		"plain":                {},
		"widget":               {widget: pdffile.Rect{X0: 300, Y0: 500, X1: 420, Y1: 560}},
		"rotated 90":           {rotate: 90, widget: pdffile.Rect{X0: 300, Y0: 500, X1: 420, Y1: 560}},
		"rotated 270, cropped": {rotate: 270, crop: "[50 90 500 800]", widget: pdffile.Rect{X0: 300, Y0: 500, X1: 420, Y1: 560}},
		"media box off origin": {media: "[-100 -50 500 750]", widget: pdffile.Rect{X0: -80, Y0: 500, X1: 40, Y1: 560}},
		"appearance turned":    {ap: "/Matrix[0 1 -1 0 20 0]", widget: pdffile.Rect{X0: 300, Y0: 500, X1: 360, Y1: 620}},
		"box upside down":      {widget: pdffile.Rect{X0: 420, Y0: 560, X1: 300, Y1: 500}},
		"hidden widget":        {flags: flagHidden, widget: pdffile.Rect{X0: 300, Y0: 500, X1: 420, Y1: 560}},
		"no-view widget":       {flags: flagNoView, widget: pdffile.Rect{X0: 300, Y0: 500, X1: 420, Y1: 560}},
		"content moves origin": {content: "2 0 0 2 50 50 cm 1 0 0 rg 0 0 50 50 re f", widget: pdffile.Rect{X0: 300, Y0: 500, X1: 420, Y1: 560}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "a.pdf")
			write(t, path, s)
			r, doc := open(t, path)
			if doc.Pages != 1 || !doc.SignaturesShown || doc.Annotated != (s.widget != pdffile.Rect{}) {
				t.Errorf("opened as %+v", doc)
			}
			got, err := r.Page(context.Background(), 1, 72)
			if err != nil {
				t.Fatal(err)
			}
			same(t, got, poppler(t, path, 1, 72))
		})
	}
}

// Which appearance of an annotation is seen, if any.
func TestAppearance(t *testing.T) {
	box := pdffile.Rect{X0: 300, Y0: 500, X1: 420, Y1: 560}
	layer := func(state string) string { return "/OCProperties<</OCGs[7 0 R]/D<</" + state + "[7 0 R]>>>>" }
	for name, c := range map[string]struct {
		page testPage
		want string
	}{
		"stream":             {testPage{widget: box}, "green"},
		"state":              {testPage{widget: box, normal: "<</On %d 0 R/Off 4 0 R>>", annot: "/AS/On"}, "green"},
		"state without name": {testPage{widget: box, normal: "<</On %d 0 R>>"}, "white"},
		"unknown state":      {testPage{widget: box, normal: "<</On %d 0 R>>", annot: "/AS/Off"}, "white"},
		"hidden":             {testPage{widget: box, flags: flagHidden}, "white"},
		"no view":            {testPage{widget: box, flags: flagNoView}, "white"},
		"printed only":       {testPage{widget: box, flags: 1 << 2}, "green"},
		"no area":            {testPage{widget: pdffile.Rect{X0: 300, Y0: 500, X1: 420, Y1: 500}}, "white"},
		"endless box":        {testPage{widget: box, ap: "/Matrix[1e30 0 0 1 0 0]"}, "green"},
		"layer on":           {testPage{widget: box, annot: "/OC 7 0 R", catalog: layer("ON")}, "green"},
		"layer off":          {testPage{widget: box, annot: "/OC 7 0 R", catalog: layer("OFF")}, "white"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "a.pdf")
			c.page.content = "n"
			write(t, path, c.page)
			r, _ := open(t, path)
			p, err := r.Page(context.Background(), 1, 72)
			if err != nil {
				t.Fatal(err)
			}
			if got := colour(p, 125, 101, 72); got != c.want {
				t.Errorf("the place of the widget is %s, want %s", got, c.want)
			}
			if !p.SignaturesShown {
				t.Error("says that something is missing")
			}
		})
	}
}

// A box that was placed in mm on the page as a person sees it must be there in
// the picture, whatever the page does.
func TestPlaceInMM(t *testing.T) {
	const dpi = 96
	box := pdffile.Box{X: 40, Y: 30, W: 50, H: 25}
	for name, g := range map[string]struct {
		pdffile.Geometry
		media, crop string
	}{
		"A4":        {pdffile.Geometry{Crop: pdffile.Rect{X1: 595.28, Y1: 841.89}, UserUnit: 1}, "", ""},
		"turned":    {pdffile.Geometry{Crop: pdffile.Rect{X1: 595.28, Y1: 841.89}, Rotate: 90, UserUnit: 1}, "", ""},
		"headlong":  {pdffile.Geometry{Crop: pdffile.Rect{X1: 595.28, Y1: 841.89}, Rotate: 180, UserUnit: 1}, "", ""},
		"cropped":   {pdffile.Geometry{Crop: pdffile.Rect{X0: 40, Y0: 60, X1: 500, Y1: 780}, Rotate: 270, UserUnit: 1}, "", "[40 60 500 780]"},
		"user unit": {pdffile.Geometry{Crop: pdffile.Rect{X1: 297.64, Y1: 420.945}, Rotate: 90, UserUnit: 2}, "[0 0 297.64 420.945]", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "a.pdf")
			_, m := g.Upright(box.W, box.H)
			// The appearance is 40 × 20 whatever the box: only the turn is taken.
			turn := map[int]string{0: "", 90: "/Matrix[0 1 -1 0 20 0]", 180: "/Matrix[-1 0 0 -1 40 20]", 270: "/Matrix[0 -1 1 0 0 40]"}[g.Rotate]
			if g.Rotate == 90 && m[1] != 1 {
				t.Fatalf("Upright turned to %v", m)
			}
			write(t, path, testPage{media: g.media, crop: g.crop, rotate: g.Rotate, unit: g.UserUnit, widget: g.Rect(box), ap: turn, content: "n"})
			r, _ := open(t, path)
			img, err := r.Page(context.Background(), 1, dpi)
			if err != nil {
				t.Fatal(err)
			}
			w, h := g.Size()
			if math.Abs(float64(img.Rect.Dx())-w*dpi/25.4) > 1 || math.Abs(float64(img.Rect.Dy())-h*dpi/25.4) > 1 {
				t.Errorf("picture is %v, want %.1f × %.1f mm", img.Rect, w, h)
			}
			const edge = 0.5 // mm
			for _, p := range []struct {
				what string
				x, y float64
				want string
			}{
				{"inside top left", box.X + edge, box.Y + edge, "green"},
				{"inside bottom right", box.X + box.W - edge, box.Y + box.H - edge, "green"},
				{"inside bottom left", box.X + edge, box.Y + box.H - edge, "blue"},
				{"above", box.X + edge, box.Y - edge, "white"},
				{"left", box.X - edge, box.Y + edge, "white"},
				{"right", box.X + box.W + edge, box.Y + edge, "white"},
				{"below", box.X + edge, box.Y + box.H + edge, "white"},
			} {
				if got := colour(img, p.x, p.y, dpi); got != p.want {
					t.Errorf("%s is %s, want %s", p.what, got, p.want)
				}
			}
		})
	}
}

// The same document as other programs write it.
func TestContainers(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain.pdf")
	write(t, plain, testPage{}, testPage{widget: pdffile.Rect{X0: 300, Y0: 500, X1: 420, Y1: 560}})
	want := poppler(t, plain, 2, 72)
	for name, args := range map[string][]string{
		"object streams.pdf":        {"--object-streams=generate"},
		"no suffix":                 {"--qdf"},
		"văn bản đã ký.pdf.tmp12":   {"--object-streams=disable"},
		"linearised.pdf":            {"--linearize"},
		"owner password, AES.pdf":   {"--encrypt", "", "owner", "256", "--"},
		"owner password, RC4.pdf":   {"--allow-weak-crypto", "--encrypt", "", "owner", "128", "--use-aes=n", "--"},
		"object streams, crypt.pdf": {"--object-streams=generate", "--encrypt", "", "owner", "128", "--use-aes=y", "--"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(dir, name)
			run(t, "qpdf", append(args, plain, path)...)
			r, doc := open(t, path)
			if doc.Pages != 2 || !doc.Annotated || !doc.SignaturesShown {
				t.Errorf("opened as %+v", doc)
			}
			got, err := r.Page(context.Background(), 2, 72)
			if err != nil {
				t.Fatal(err)
			}
			same(t, got, want)
		})
	}
}

func TestOpenRefusals(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.pdf")
	write(t, good, testPage{})
	body, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	locked := filepath.Join(dir, "locked.pdf")
	run(t, "qpdf", "--encrypt", "user", "owner", "256", "--", good, locked)
	for name, c := range map[string]struct {
		path string
		want error
	}{
		"missing":              {filepath.Join(dir, "none.pdf"), fs.ErrNotExist},
		"user password":        {locked, ErrPassword},
		"empty":                {file("empty.pdf", ""), ErrNotDrawable},
		"text":                 {file("text.pdf", "Quyết định"), ErrNotDrawable},
		"picture":              {file("picture.pdf", "\x89PNG\r\n\x1a\n"+strings.Repeat("x", 100)), ErrNotDrawable},
		"header only":          {file("header.pdf", "%PDF-1.7\n/Annots"), ErrNotDrawable},
		"broken off, no pages": {file("short.pdf", string(body[:60])), ErrNotDrawable},
	} {
		t.Run(name, func(t *testing.T) {
			var r Renderer
			defer r.Close()
			if _, err := r.Open(context.Background(), c.path); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if _, err := r.Page(context.Background(), 1, 72); !errors.Is(err, ErrPageRange) {
				t.Errorf("a page afterwards: %v", err)
			}
			// A refusal leaves a Renderer that can be used.
			if _, err := r.Open(context.Background(), good); err != nil {
				t.Errorf("opening a good one afterwards: %v", err)
			}
		})
	}
}

// What is damaged is drawn as far as it goes, and what is missing is said.
func TestDamagedIsDrawnWithoutSignatures(t *testing.T) {
	box := pdffile.Rect{X0: 300, Y0: 500, X1: 420, Y1: 560}
	for name, c := range map[string]struct {
		damage func(body string) string
		doc    Document
		first  bool // the widget of page 1 is there; that of page 2 is when the structure is
	}{
		"nothing": {func(s string) string { return s }, Document{2, true, true}, true},
		"offsets": {func(s string) string { return strings.Replace(s, "/Contents", "  /Contents", 1) }, Document{2, true, false}, false},
		"appearance": {func(s string) string { // its place in the cross-reference table is off by ten
			at := strings.Index(s, "6 0 obj")
			return strings.Replace(s, fmt.Sprintf("%010d 00000 n", at), fmt.Sprintf("%010d 00000 n", at+10), 1)
		}, Document{2, true, true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "a.pdf")
			write(t, path, testPage{widget: box}, testPage{widget: box})
			body, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(c.damage(string(body))), 0o600); err != nil {
				t.Fatal(err)
			}
			r, doc := open(t, path)
			if doc != c.doc {
				t.Errorf("opened as %+v, want %+v", doc, c.doc)
			}
			for page, want := range map[int]bool{1: c.first, 2: c.doc.SignaturesShown} {
				p, err := r.Page(context.Background(), page, 72)
				if err != nil {
					t.Fatal(err)
				}
				if got := colour(p, 50, 40, 72); got != "red" {
					t.Errorf("the content of page %d is %s, want red", page, got)
				}
				if got := colour(p, 125, 101, 72) == "green"; got != want || p.SignaturesShown != want {
					t.Errorf("page %d has its widget: %v, and says %v; want %v", page, got, p.SignaturesShown, want)
				}
			}
		})
	}
}

func TestPassword(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain.pdf")
	write(t, plain, testPage{}, testPage{widget: pdffile.Rect{X0: 300, Y0: 500, X1: 420, Y1: 560}})
	for name, args := range map[string][]string{
		"AES 256": {"--encrypt", "người đọc", "owner", "256", "--"},
		"AES 128": {"--encrypt", "reader", "owner", "128", "--use-aes=y", "--"},
		"RC4":     {"--allow-weak-crypto", "--encrypt", "reader", "owner", "40", "--"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(dir, name+".pdf")
			run(t, "qpdf", append(args, plain, path)...)
			var r Renderer
			defer r.Close()
			for _, wrong := range []string{"", "x"} {
				if _, err := r.OpenSource(context.Background(), Source{Path: path, Password: []byte(wrong)}); !errors.Is(err, ErrPassword) {
					t.Errorf("password %q: %v, want ErrPassword", wrong, err)
				}
			}
			user := args[slices.Index(args, "--encrypt")+1]
			doc, err := r.OpenSource(context.Background(), Source{Path: path, Password: []byte(user)})
			if err != nil {
				t.Fatal(err)
			}
			if doc != (Document{2, true, true}) {
				t.Errorf("opened as %+v", doc)
			}
			for n := 1; n <= 2; n++ {
				p, err := r.Page(context.Background(), n, 72)
				if err != nil {
					t.Fatal(err)
				}
				same(t, p, poppler(t, plain, n, 72))
			}
		})
	}
}

// A signature is looked at together with what it covers, not with what was
// appended later.
func TestEarlierState(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.pdf")
	write(t, path, testPage{content: "0.9 0.2 0.1 rg 100 500 100 100 re f"})
	f, err := pdffile.Open(path, pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	end := f.Size()
	u := f.NewUpdate()
	u.Set(pdffile.Ref{Num: 4}, &pdffile.Stream{Dict: pdffile.Dict{}, Data: []byte("0 0.7 0 rg 100 500 100 100 re f")})
	tail, err := u.Render()
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(body, tail.Data...), 0o600); err != nil {
		t.Fatal(err)
	}
	for end, want := range map[int64]string{0: "green", end: "red"} {
		var r Renderer
		if _, err := r.OpenSource(context.Background(), Source{Path: path, End: end}); err != nil {
			t.Fatal(err)
		}
		p, err := r.Page(context.Background(), 1, 72)
		if err != nil {
			t.Fatal(err)
		}
		if got := colour(p, 45, 105, 72); got != want {
			t.Errorf("ended at %d the square is %s, want %s", end, got, want)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	var r Renderer
	defer r.Close()
	if _, err := r.OpenSource(context.Background(), Source{Path: path, End: 77}); !errors.Is(err, ErrNotDrawable) {
		t.Errorf("ended in the middle: %v, want ErrNotDrawable", err)
	}
}

// If this fails, go-fitz draws annotations itself and sheet.go can go.
func TestAnnotationsNeedSheets(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.pdf")
	write(t, path, testPage{content: "n", widget: pdffile.Rect{X0: 100, Y0: 500, X1: 420, Y1: 560}})
	var a artist
	if got := a.open(request{Path: path, Plain: true}, ""); got.Fault != "" || got.Shown || !got.Annotated {
		t.Fatalf("opened as %+v", got)
	}
	defer a.whole.Close()
	if got := a.draw(request{Page: 1, DPI: 36, Pixels: 1e6}); got.Fault != "" {
		t.Fatalf("drawn as %+v", got)
	}
	for i, v := range a.pixels {
		if v != 0xff {
			t.Fatalf("byte %d of the picture is %d, want a white page", i, v)
		}
	}
}

func TestPageRefusals(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.pdf")
	write(t, path, testPage{}, testPage{media: "[0 0 20000 20000]"})
	r, _ := open(t, path)
	for name, c := range map[string]struct {
		page int
		dpi  float64
		want error
	}{
		"page 0":             {0, 72, ErrPageRange},
		"page behind":        {3, 72, ErrPageRange},
		"no resolution":      {1, 0, ErrTooLarge},
		"endless resolution": {1, math.Inf(1), ErrTooLarge},
		"not a number":       {1, math.NaN(), ErrTooLarge},
		"huge page":          {2, 96, ErrTooLarge},
		"huge resolution":    {1, 1e9, ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := r.Page(context.Background(), c.page, c.dpi); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
	// The error tells what is possible, and that is true.
	_, err := r.Page(context.Background(), 2, 96)
	tooLarge, ok := errors.AsType[*TooLargeError](err)
	if !ok {
		t.Fatalf("error %v is no *TooLargeError", err)
	}
	img, err := r.Page(context.Background(), 2, tooLarge.MaxDPI)
	if err != nil {
		t.Fatalf("at %g dpi: %v", tooLarge.MaxDPI, err)
	}
	if n := img.Rect.Dx() * img.Rect.Dy(); n > 24_000_000 || n < 20_000_000 {
		t.Errorf("picture has %d pixels, want nearly 24 million", n)
	}
}

func TestWritePNG(t *testing.T) {
	dir := t.TempDir()
	path, out := filepath.Join(dir, "a.pdf"), filepath.Join(dir, "a.png")
	write(t, path, testPage{})
	r, _ := open(t, path)
	if err := r.WritePNG(context.Background(), 1, 200, out); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c, err := png.DecodeConfig(f)
	if err != nil || c.Width != 1654 || c.Height != 2339 {
		t.Errorf("PNG of %d × %d (%v), want 1654 × 2339", c.Width, c.Height, err)
	}
	if err := r.WritePNG(context.Background(), 1, 200, out); !errors.Is(err, fs.ErrExist) {
		t.Errorf("writing it again: %v, want a refusal", err)
	}
}

func BenchmarkOpenAndFirstPage(b *testing.B) {
	path := filepath.Join(b.TempDir(), "a.pdf")
	write(b, path, testPage{widget: pdffile.Rect{X0: 300, Y0: 500, X1: 420, Y1: 560}})
	for b.Loop() {
		var r Renderer
		if _, err := r.Open(context.Background(), path); err != nil {
			b.Fatal(err)
		}
		if _, err := r.Page(context.Background(), 1, 144); err != nil {
			b.Fatal(err)
		}
		if err := r.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNextPage(b *testing.B) {
	path := filepath.Join(b.TempDir(), "a.pdf")
	write(b, path, testPage{widget: pdffile.Rect{X0: 300, Y0: 500, X1: 420, Y1: 560}})
	r, _ := open(b, path)
	for b.Loop() {
		if _, err := r.Page(context.Background(), 1, 144); err != nil {
			b.Fatal(err)
		}
	}
}
