package pagetext

import (
	"math"

	"antin/signer/pdffile"
	"antin/signer/pdffile/content"
)

// boxUnder is the bounding box of a rectangle under m.
func boxUnder(m content.Matrix, x0, y0, x1, y1 float64) pdffile.Box {
	r := m.Rect(pdffile.Rect{X0: x0, Y0: y0, X1: x1, Y1: y1})
	return pdffile.Box{X: r.X0, Y: r.Y0, W: r.Width(), H: r.Height()}
}

// sane tells whether all coefficients are ordinary numbers.
func sane(m content.Matrix) bool { return m.Within(1e9) }

// pageMatrix maps user space to mm from the top left corner of the page as seen.
func pageMatrix(g pdffile.Geometry) content.Matrix {
	mm := g.MM(1)
	_, h := g.Size()
	c := g.Crop
	var m content.Matrix // to points of the page as seen, y upwards
	switch g.Rotate {
	case 90:
		m = content.Matrix{0, -1, 1, 0, -c.Y0, c.X1}
	case 180:
		m = content.Matrix{-1, 0, 0, -1, c.X1, c.Y1}
	case 270:
		m = content.Matrix{0, 1, -1, 0, c.Y1, -c.X0}
	default:
		m = content.Matrix{1, 0, 0, 1, -c.X0, -c.Y0}
	}
	return m.Times(content.Matrix{mm, 0, 0, -mm, 0, h})
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
