package pades_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"antin/signer/appearance"
	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
)

// TestNothingIsLost compares every object of the source with the same object
// after signing: only the places where a signature field must be named differ.
func TestNothingIsLost(t *testing.T) {
	o := newOffice(t)
	for _, s := range shapes.Sound() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			path := write(t, s.Data(t))
			signed, err := sign(t, path, s.Password, pades.Request{Key: o.seal, Page: 1, Box: pdffile.Box{X: 5, Y: 5, W: 10, H: 10}})
			if err != nil {
				t.Fatal(err)
			}
			before, after := open(t, path, s.Password), open(t, signed, s.Password)
			for _, n := range before.Numbers() {
				ref, _ := before.RefOf(n)
				was, err := before.Load(ref)
				if err != nil {
					t.Fatal(err)
				}
				is, err := after.Load(ref)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(plain(t, before, was), plain(t, after, is)); diff != "" {
					t.Errorf("object %d (-before +after):\n%s", n, diff)
				}
			}
			for _, k := range []pdffile.Name{"Root", "Info", "Encrypt"} {
				if diff := cmp.Diff(before.Trailer()[k], after.Trailer()[k]); diff != "" {
					t.Errorf("trailer /%s: %s", k, diff)
				}
			}
			a, b := before.Array(before.Trailer()["ID"]), after.Array(after.Trailer()["ID"])
			if len(a) != len(b) || len(a) == 2 && (!cmp.Equal(a[0], b[0]) || cmp.Equal(a[1], b[1])) {
				t.Errorf("/ID %v became %v: the first half stays, the second changes", a, b)
			}
		})
	}
}

// plain is an object without what a signature may add: the last entry of
// /Annots and /Fields, /SigFlags, a new /AcroForm.
func plain(t *testing.T, f *pdffile.File, o pdffile.Object) pdffile.Object {
	t.Helper()
	switch v := o.(type) {
	case *pdffile.Stream:
		raw, err := f.Raw(v)
		if err != nil {
			t.Fatal(err)
		}
		return []any{plain(t, f, v.Dict), raw}
	case pdffile.Array:
		// Only the array objects of /Annots and /Fields can have grown, by one
		// reference to a signature widget that did not exist before.
		if n := len(v); n > 0 && f.Dict(v[n-1])["FT"] == pdffile.Name("Sig") && f.Dict(v[n-1])["V"] != nil {
			return v[:n-1]
		}
		return v
	case pdffile.Dict:
		d := v.Clone()
		delete(d, "SigFlags")
		for _, k := range []pdffile.Name{"Annots", "Fields"} {
			if _, named := d[k]; !named {
				continue
			}
			// An array that two pages share, or that is null, is replaced by one
			// of this page's own: the content counts.
			a := plain(t, f, f.Array(d[k])).(pdffile.Array)
			if d[k] = a; len(a) == 0 {
				delete(d, k)
			}
		}
		if form := f.Dict(d["AcroForm"]); form != nil && len(f.Array(form["Fields"])) <= 1 {
			only := plain(t, f, form).(pdffile.Dict)
			if len(only) == 0 {
				delete(d, "AcroForm")
			}
		}
		if form, direct := d["AcroForm"].(pdffile.Dict); direct {
			d["AcroForm"] = plain(t, f, form)
		}
		return d
	}
	return o
}

// TestOnlyTheWidgetIsInked draws pages before and after and finds the mark at
// its place in millimetres, upright, and nothing else changed.
func TestOnlyTheWidgetIsInked(t *testing.T) {
	o := newOffice(t)
	const dpi = 72
	for _, s := range shapes.Sound() {
		if s.Encryption != "" || s.Pages > 50 {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			path := write(t, s.Data(t))
			f := open(t, path, "")
			page, err := f.Page(1)
			if err != nil {
				t.Fatal(err)
			}
			w, h := page.Size()
			box := pdffile.Box{X: w * 0.3, Y: h * 0.2, W: w * 0.25, H: h * 0.1}
			signed, err := sign(t, path, "", pades.Request{Key: o.seal, Page: 1, Box: box, Look: arrow(t, box.W, box.H)})
			if err != nil {
				t.Fatal(err)
			}
			tool := "pdftoppm"
			if form, _ := f.AcroForm(); form["NeedAppearances"] == true {
				tool = "mutool" // poppler makes appearances anew then, and has none for signatures
			}
			before, after := draw(t, tool, path, dpi), draw(t, tool, signed, dpi)
			if before.Bounds() != after.Bounds() {
				t.Fatalf("the page was %v and is %v", before.Bounds(), after.Bounds())
			}
			scaleX, scaleY := float64(before.Bounds().Dx())/w, float64(before.Bounds().Dy())/h
			ink := image.Rectangle{}
			for y := range before.Bounds().Dy() {
				for x := range before.Bounds().Dx() {
					if !near(before.At(x, y), after.At(x, y)) {
						ink = ink.Union(image.Rect(x, y, x+1, y+1))
					}
				}
			}
			want := [4]float64{box.X * scaleX, box.Y * scaleY, (box.X + box.W) * scaleX, (box.Y + box.H) * scaleY}
			got := [4]float64{float64(ink.Min.X), float64(ink.Min.Y), float64(ink.Max.X), float64(ink.Max.Y)}
			for i := range want {
				if math.Abs(want[i]-got[i]) > 1.6 {
					t.Fatalf("ink at %.0f, want %.1f (pixels at %d dpi)", got, want, dpi)
				}
			}
			// The picture is black in its upper left quarter only.
			at := func(fx, fy float64) color.Color {
				return after.At(int((box.X+fx*box.W)*scaleX), int((box.Y+fy*box.H)*scaleY))
			}
			if !dark(at(0.25, 0.25)) || dark(at(0.75, 0.25)) || dark(at(0.25, 0.75)) {
				t.Error("the mark does not stand upright")
			}
		})
	}
}

// arrow is a picture of w × h mm whose upper left quarter is black.
func arrow(t *testing.T, w, h float64) *appearance.Look {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, int(math.Round(w*10)), int(math.Round(h*10))))
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			c := color.NRGBA{200, 220, 255, 255}
			if x < img.Rect.Dx()/2 && y < img.Rect.Dy()/2 {
				c = color.NRGBA{A: 255}
			}
			img.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	p, err := appearance.DecodePicture(&b)
	if err != nil {
		t.Fatal(err)
	}
	return appearance.SignatureLook(p, w, h)
}

func draw(t *testing.T, tool, path string, dpi int) image.Image {
	t.Helper()
	base := filepath.Join(t.TempDir(), "page")
	args := []string{"-cropbox", "-png", "-r", fmt.Sprint(dpi), "-f", "1", "-l", "1", "-singlefile", path, base}
	if tool == "mutool" {
		args = []string{"draw", "-r", fmt.Sprint(dpi), "-o", base + ".png", path, "1"}
	}
	out, err := exec.Command(tool, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", tool, err, out)
	}
	h, err := os.Open(base + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	img, _, err := image.Decode(h)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func near(a, b color.Color) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	d := func(x, y uint32) bool { return math.Abs(float64(x)-float64(y)) < 0x0800 }
	return d(ar, br) && d(ag, bg) && d(ab, bb)
}

func dark(c color.Color) bool {
	r, g, b, _ := c.RGBA()
	return r+g+b < 0x6000
}
