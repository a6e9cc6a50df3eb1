package scan

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"antin/signer/pagetext"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/render"
)

// both is the first page of a document as it is seen from its pictures and as it
// is drawn; seen is nil when it has to be drawn.
func both(t *testing.T, pdf []byte) (seen, looked *dots) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := pdffile.Open(path, pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r render.Renderer
	defer r.Close()
	if _, err := r.Open(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	var eyes, drawn sight
	if err := drawn.draw(t.Context(), &r, 1); err != nil {
		t.Fatal(err)
	}
	c := &check{file: f, reader: pagetext.NewReader(f)}
	text, err := c.reader.Page(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if u, ok := c.undrawn(text, sheafOf(f, text)); ok {
		if err := u.see(&eyes); err != nil {
			t.Fatal(err)
		}
		seen = &eyes.dots
	}
	return seen, &drawn.dots
}

// means are the mean brightness and chroma of each of cols × rows parts.
func (d *dots) means(cols, rows int) (luma, chroma []float64) {
	luma, chroma = make([]float64, cols*rows), make([]float64, cols*rows)
	n := make([]float64, cols*rows)
	for y := range d.h {
		l, c := d.row(y)
		for x := range d.w {
			at := y*rows/d.h*cols + x*cols/d.w
			luma[at], chroma[at], n[at] = luma[at]+float64(l[x]), chroma[at]+float64(c[x]), n[at]+1
		}
	}
	for i := range n {
		luma[i], chroma[i] = luma[i]/n[i], chroma[i]/n[i]
	}
	return luma, chroma
}

// A page that is seen from its pictures looks as it does when drawn, whichever
// way it lies. Parts of 7 mm differ where an edge of print falls to one or the
// other side, since dots are not equally large.
func TestSeenAsDrawn(t *testing.T) {
	type so = practice.ScanOptions
	for name, o := range map[string]so{
		"200 dpi": {DPI: 200}, "240 dpi": {DPI: 240}, "300 dpi": {DPI: 300}, "400 dpi": {DPI: 400}, "600 dpi": {DPI: 600}, "150 dpi": {DPI: 150},
		"grey": {DPI: 200, Color: practice.ScanGray}, "grey in RGB": {DPI: 200, Color: practice.ScanGrayAsColor},
		"rotated by 90": {DPI: 200, Rotate: 90}, "rotated by 180": {DPI: 200, Rotate: 180}, "rotated by 270": {DPI: 200, Rotate: 270},
		"put in turned": {DPI: 200, Turn: 90}, "skewed": {DPI: 200, Skew: 3}, "cropped": {DPI: 200, Crop: 12}, "cropped, rotated": {DPI: 200, Crop: 12, Rotate: 90},
		"tiles": {DPI: 200, Tiles: 5}, "strips, rotated": {DPI: 300, Strips: 20, Rotate: 270}, "UserUnit": {DPI: 200, Unit: 2}, "A3": {DPI: 200, W: 297, H: 420},
	} {
		t.Run(name, func(t *testing.T) {
			pdf, err := practice.ScanPDF(o)
			if err != nil {
				t.Fatal(err)
			}
			seen, looked := both(t, pdf)
			if seen == nil {
				t.Fatal("it has to be drawn")
			}
			const cols, rows = 30, 42
			sl, sc := seen.means(cols, rows)
			dl, dc := looked.means(cols, rows)
			var worst, mean [2]float64
			for i := range sl {
				for k, off := range []float64{math.Abs(sl[i] - dl[i]), math.Abs(sc[i] - dc[i])} {
					worst[k], mean[k] = max(worst[k], off), mean[k]+off/float64(len(sl))
				}
			}
			t.Logf("brightness %.1f at most, %.2f on the average; chroma %.1f, %.2f", worst[0], mean[0], worst[1], mean[1])
			if worst[0] > 15 || mean[0] > 1.5 || worst[1] > 12 || mean[1] > 0.5 {
				t.Error("too far from the drawn page")
			}
		})
	}
}

// What could make a picture look otherwise in a reader has a page drawn.
func TestPagesThatHaveToBeDrawn(t *testing.T) {
	plain, err := practice.ScanPDF(practice.ScanOptions{DPI: 200, Lines: 3})
	if err != nil {
		t.Fatal(err)
	}
	if seen, _ := both(t, plain); seen == nil {
		t.Fatal("the plain page has to be drawn: the test shows nothing")
	}
	const free = "/Type/XObject" // which a picture can do without
	for name, change := range map[string][2]string{
		"inverted":          {free, "/Decode[1 0]"},
		"a soft mask":       {free, "/SMask 5 0 R"},
		"a colour key":      {free, "/Mask[0 99]"},
		"other data":        {free, "/F(a.jpg)"},
		"optional content":  {free, "/OC<<>>"},
		"another space":     {"/ColorSpace/DeviceRGB", "/ColorSpace/DeviceLab"},
		"other bits":        {"/BitsPerComponent 8", "/BitsPerComponent 4"},
		"not its own width": {"/Width 1654", "/Width 1650"},
		"a sheared place":   {" 0 0 842", " 9 0 842"},
		"a clip":            {"q 595", "W 595"},
	} {
		t.Run(name, func(t *testing.T) {
			changed := bytes.Replace(plain, []byte(change[0]), fmt.Appendf(nil, "%-*s", len(change[0]), change[1]), 1)
			if len(changed) != len(plain) || bytes.Equal(changed, plain) {
				t.Fatal("nothing was changed, or places were")
			}
			path := filepath.Join(t.TempDir(), "x.pdf")
			if err := os.WriteFile(path, changed, 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := pdffile.Open(path, pdffile.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			c := &check{file: f, reader: pagetext.NewReader(f)}
			text, err := c.reader.Page(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			u, ok := c.undrawn(text, sheafOf(f, text))
			if ok {
				err = u.see(new(sight))
			}
			if ok && err == nil {
				t.Error("it is seen without being drawn")
			}
		})
	}
}
