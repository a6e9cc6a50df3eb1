package appearance_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"testing"

	"antin/signer/appearance"
	"antin/signer/pdffile"
)

// square is a red picture whose left half is half transparent.
func square(t testing.TB, n int) *appearance.Picture {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, n, n))
	for y := range n {
		for x := range n {
			a := uint8(255)
			if x < n/2 {
				a = 128
			}
			m.SetNRGBA(x, y, color.NRGBA{255, 0, 0, a})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	p, err := appearance.DecodePicture(&b)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What is drawn has the size, the place and the colour of the look, whatever the
// number of the picture's pixels.
func TestDrawPicture(t *testing.T) {
	for _, pixels := range []int{2, 10, 64, 1000} {
		dst := image.NewRGBA(image.Rect(0, 0, 40, 40))
		for i := range dst.Pix {
			dst.Pix[i] = 255
		}
		look := appearance.SignatureLook(square(t, pixels), 4, 4)
		if err := look.Draw(dst, 10, 20, 5); err != nil { // 20 × 20 pixels
			t.Fatal(err)
		}
		for _, c := range []struct {
			x, y int
			want color.RGBA
		}{
			{9, 30, color.RGBA{255, 255, 255, 255}},
			{12, 19, color.RGBA{255, 255, 255, 255}},
			{12, 30, color.RGBA{255, 127, 127, 255}},
			{28, 39, color.RGBA{255, 0, 0, 255}},
			{30, 30, color.RGBA{255, 255, 255, 255}},
		} {
			got := dst.RGBAAt(c.x, c.y)
			if math.Abs(float64(got.G)-float64(c.want.G)) > 1 || got.R != c.want.R || got.A != 255 {
				t.Errorf("%d pixels: at (%d, %d) %v, want %v", pixels, c.x, c.y, got, c.want)
			}
		}
	}
}

// A mark of urgency is red in a red frame, as in the file.
func TestDrawFramed(t *testing.T) {
	const w, h, scale = 30.0, 8.0, 10.0
	look := appearance.NewLook(w, h)
	width, err := appearance.Measure("KHẨN", appearance.Bold, 14)
	if err != nil {
		t.Fatal(err)
	}
	left := (w - width) / 2
	if err := look.Framed("KHẨN", appearance.Bold, 14, left, 5.6, pdffile.Box{W: w, H: h}); err != nil {
		t.Fatal(err)
	}
	dst := image.NewRGBA(image.Rect(0, 0, w*scale+10, h*scale+10))
	if err := look.Draw(dst, 5, 5, scale); err != nil {
		t.Fatal(err)
	}
	red := color.RGBA{204, 0, 0, 255}
	for name, c := range map[string]struct {
		x, y int
		want color.RGBA
	}{
		"outside":       {4, 40, color.RGBA{}},
		"left side":     {6, 40, red},
		"right side":    {303, 40, red},
		"upper side":    {100, 6, red},
		"lower side":    {100, 83, red},
		"within":        {10, 40, color.RGBA{}},
		"stem of the K": {5 + int((left+0.8)*scale), 45, red},
	} {
		if got := dst.RGBAAt(c.x, c.y); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// A pixel that is half covered gets half the colour.
func TestDrawBetweenPixels(t *testing.T) {
	dst := image.NewRGBA(image.Rect(0, 0, 10, 10))
	if err := appearance.SignatureLook(square(t, 2), 4, 4).Draw(dst, 2.5, 2, 1); err != nil {
		t.Fatal(err)
	}
	if got := dst.RGBAAt(6, 3).A; got < 126 || got > 129 {
		t.Errorf("right edge: alpha %d, want 128", got)
	}
	if got := dst.RGBAAt(2, 3).A; got < 62 || got > 66 {
		t.Errorf("left edge: alpha %d, want 64", got)
	}
}

// The ink of a drawn line is where Measure and the baseline say.
func TestDrawText(t *testing.T) {
	const scale = 10.0
	look, err := appearance.TextLook(40, 8, "ĐỘC LẬP", appearance.Bold, 13, appearance.Left, 6)
	if err != nil {
		t.Fatal(err)
	}
	dst := image.NewRGBA(image.Rect(0, 0, 400, 80))
	if err := look.Draw(dst, 0, 0, scale); err != nil {
		t.Fatal(err)
	}
	ink := image.Rectangle{}
	for y := range 80 {
		for x := range 400 {
			if dst.RGBAAt(x, y).A > 128 {
				ink = ink.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	width, err := appearance.Measure("ĐỘC LẬP", appearance.Bold, 13)
	if err != nil {
		t.Fatal(err)
	}
	if got := float64(ink.Max.X) / scale; math.Abs(got-width) > 0.4 {
		t.Errorf("ink ends at %.2f mm, the line at %.2f", got, width)
	}
	if got := float64(ink.Max.Y) / scale; got < 6.3 || got > 7.5 { // the dots below O and A
		t.Errorf("ink reaches down to %.2f mm, want a little below the baseline at 6", got)
	}
}

// Parts outside the target are left out, and a misuse is told.
func TestDrawOutside(t *testing.T) {
	dst := image.NewRGBA(image.Rect(0, 0, 10, 10))
	look := appearance.SignatureLook(square(t, 8), 4, 4)
	for _, at := range [][2]float64{{-100, 0}, {0, 100}, {-3, -3}, {9, 9}} {
		if err := look.Draw(dst, at[0], at[1], 1); err != nil {
			t.Error(err)
		}
	}
	if dst.RGBAAt(0, 0).A == 0 || dst.RGBAAt(9, 9).A == 0 || dst.RGBAAt(5, 5).A != 0 {
		t.Error("the parts inside are not where they should be")
	}
	bad := appearance.NewLook(4, 4)
	bad.Picture(nil, pdffile.Box{W: 1, H: 1})
	if bad.Draw(dst, 0, 0, 1) == nil {
		t.Error("a look without its picture was drawn")
	}
}

func BenchmarkDrawSignature(b *testing.B) {
	look := appearance.SignatureLook(square(b, 2000), 45, 45)
	dst := image.NewRGBA(image.Rect(0, 0, 600, 600))
	for b.Loop() {
		if err := look.Draw(dst, 0, 0, 600.0/45); err != nil {
			b.Fatal(err)
		}
	}
}
