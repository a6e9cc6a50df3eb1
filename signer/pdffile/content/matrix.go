package content

import (
	"math"

	"antin/signer/pdffile"
)

// Matrix is a transformation [a b c d e f]: it maps x, y to a·x + c·y + e,
// b·x + d·y + f (8.3.3).
type Matrix [6]float64

// Identity changes nothing.
var Identity = Matrix{1, 0, 0, 1, 0, 0}

// Times is the transformation that applies m first, then n.
func (m Matrix) Times(n Matrix) Matrix {
	return Matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// Apply maps a point.
func (m Matrix) Apply(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// Rect is the rectangle around the image of r.
func (m Matrix) Rect(r pdffile.Rect) pdffile.Rect {
	out := pdffile.Rect{X0: math.Inf(1), Y0: math.Inf(1), X1: math.Inf(-1), Y1: math.Inf(-1)}
	for _, p := range [4][2]float64{{r.X0, r.Y0}, {r.X1, r.Y0}, {r.X0, r.Y1}, {r.X1, r.Y1}} {
		x, y := m.Apply(p[0], p[1])
		out.X0, out.Y0 = min(out.X0, x), min(out.Y0, y)
		out.X1, out.Y1 = max(out.X1, x), max(out.Y1, y)
	}
	return out
}

// Within tells whether all coefficients are numbers of at most that size.
func (m Matrix) Within(most float64) bool {
	for _, v := range m {
		if math.IsNaN(v) || math.Abs(v) > most {
			return false
		}
	}
	return true
}

// Fit is the matrix A by which the look of an annotation, with bounding box bbox
// and matrix own, comes to lie in the annotation's rectangle (12.5.5, algorithm
// 8.1). ok is false when one of them has no area.
func Fit(bbox pdffile.Rect, own Matrix, rect pdffile.Rect) (a Matrix, ok bool) {
	const none = 1e-6
	from := own.Rect(bbox)
	rect = Identity.Rect(rect) // its corners may be given in any order
	if from.Width() < none || from.Height() < none || rect.Width() < none || rect.Height() < none {
		return Identity, false
	}
	sx, sy := rect.Width()/from.Width(), rect.Height()/from.Height()
	return Matrix{sx, 0, 0, sy, rect.X0 - from.X0*sx, rect.Y0 - from.Y0*sy}, true
}
