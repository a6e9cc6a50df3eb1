package pagetext

import (
	"math"

	"antin/signer/pdffile"
)

// matrix is a transformation [a b c d e f] (ISO 32000-1, 8.3.3).
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// times is the transformation that applies m first, then n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

func (m matrix) apply(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// sane tells whether all coefficients are ordinary numbers.
func (m matrix) sane() bool {
	for _, v := range m {
		if math.IsNaN(v) || math.Abs(v) > 1e9 {
			return false
		}
	}
	return true
}

// box is the bounding box of a rectangle under m.
func (m matrix) box(x0, y0, x1, y1 float64) pdffile.Box {
	b := newBounds()
	for _, c := range [4][2]float64{{x0, y0}, {x1, y0}, {x0, y1}, {x1, y1}} {
		b.add(m.apply(c[0], c[1]))
	}
	return b.box()
}

// pageMatrix maps user space to mm from the top left corner of the page as seen.
func pageMatrix(g pdffile.Geometry) matrix {
	mm := g.MM(1)
	_, h := g.Size()
	c := g.Crop
	var m matrix // to points of the page as seen, y upwards
	switch g.Rotate {
	case 90:
		m = matrix{0, -1, 1, 0, -c.Y0, c.X1}
	case 180:
		m = matrix{-1, 0, 0, -1, c.X1, c.Y1}
	case 270:
		m = matrix{0, 1, -1, 0, c.Y1, -c.X0}
	default:
		m = matrix{1, 0, 0, 1, -c.X0, -c.Y0}
	}
	return m.times(matrix{mm, 0, 0, -mm, 0, h})
}

// bounds grow around points.
type bounds struct{ x0, y0, x1, y1 float64 }

func newBounds() bounds {
	return bounds{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
}

func (b *bounds) add(x, y float64) {
	b.x0, b.x1 = min(b.x0, x), max(b.x1, x)
	b.y0, b.y1 = min(b.y0, y), max(b.y1, y)
}

func (b bounds) empty() bool { return b.x0 > b.x1 }

func (b bounds) box() pdffile.Box {
	if b.empty() {
		return pdffile.Box{}
	}
	return pdffile.Box{X: b.x0, Y: b.y0, W: b.x1 - b.x0, H: b.y1 - b.y0}
}

// within cuts a box to the page; ok is false when nothing is left.
func within(b pdffile.Box, w, h float64) (out pdffile.Box, ok bool) {
	x0, y0 := max(0, b.X), max(0, b.Y)
	x1, y1 := min(w, b.X+b.W), min(h, b.Y+b.H)
	return pdffile.Box{X: x0, Y: y0, W: x1 - x0, H: y1 - y0}, x1 >= x0 && y1 >= y0
}
