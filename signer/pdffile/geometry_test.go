package pdffile

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestBoxesComeBack: Box undoes Rect for every turn, crop and unit.
func TestBoxesComeBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		g := Geometry{
			Crop:   Rect{r.Float64()*200 - 100, r.Float64()*200 - 100, 300 + r.Float64()*500, 300 + r.Float64()*700},
			Rotate: r.IntN(4) * 90, UserUnit: 0.5 + r.Float64()*2,
		}
		w, h := g.Size()
		b := Box{X: r.Float64() * w / 2, Y: r.Float64() * h / 2, W: 1 + r.Float64()*w/2, H: 1 + r.Float64()*h/2}
		rect := g.Rect(b)
		if rect.X0 < g.Crop.X0-1e-6 || rect.X1 > g.Crop.X1+1e-6 || rect.Y0 < g.Crop.Y0-1e-6 || rect.Y1 > g.Crop.Y1+1e-6 {
			t.Fatalf("%+v: box %+v leaves the page: %+v", g, b, rect)
		}
		got := g.Box(rect)
		for _, d := range []float64{got.X - b.X, got.Y - b.Y, got.W - b.W, got.H - b.H} {
			if math.Abs(d) > 1e-6 {
				t.Fatalf("%+v: box %+v came back as %+v", g, b, got)
			}
		}
	}
}

// TestTopLeftCorner names the corner of user space that a reader sees top left.
func TestTopLeftCorner(t *testing.T) {
	crop := Rect{10, 20, 110, 220} // 100 × 200 units
	mm := 25.4 / 72
	for _, c := range []struct {
		rotate int
		want   Rect // of a box of 1 × 2 units in the top left corner as seen
	}{
		{0, Rect{10, 218, 11, 220}},
		{90, Rect{10, 20, 12, 21}},
		{180, Rect{109, 20, 110, 22}},
		{270, Rect{108, 219, 110, 220}},
	} {
		g := Geometry{Crop: crop, Rotate: c.rotate}
		got := g.Rect(Box{W: mm, H: 2 * mm})
		for _, d := range []float64{got.X0 - c.want.X0, got.Y0 - c.want.Y0, got.X1 - c.want.X1, got.Y1 - c.want.Y1} {
			if math.Abs(d) > 1e-9 {
				t.Errorf("turned by %d: %+v, want %+v", c.rotate, got, c.want)
				break
			}
		}
	}
}

// TestUserUnit: a millimetre stays a millimetre.
func TestUserUnit(t *testing.T) {
	g := Geometry{Crop: Rect{0, 0, 297.638, 420.945}, UserUnit: 2}
	if w, h := g.Size(); math.Abs(w-210) > 0.01 || math.Abs(h-297) > 0.01 {
		t.Errorf("A4 in units of 1/36 inch is %.2f × %.2f mm", w, h)
	}
	if got := g.Units(36); math.Abs(got-36*72/25.4/2) > 1e-9 {
		t.Errorf("36 mm are %.4f units", got)
	}
}
