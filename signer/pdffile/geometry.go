package pdffile

import "math"

// pointsPerMM is the number of PDF points (1/72 inch) in a millimetre.
const pointsPerMM = 72 / 25.4

// Rect is a rectangle in user space units with X0 ≤ X1 and Y0 ≤ Y1 (ISO
// 32000-1, 7.9.5).
type Rect struct{ X0, Y0, X1, Y1 float64 }

// Width is the horizontal extent in user space units.
func (r Rect) Width() float64 { return r.X1 - r.X0 }

// Height is the vertical extent in user space units.
func (r Rect) Height() float64 { return r.Y1 - r.Y0 }

// Array is r as a PDF array, rounded to 1/10000 unit.
func (r Rect) Array() Array {
	return Array{round4(r.X0), round4(r.Y0), round4(r.X1), round4(r.Y1)}
}

func (r Rect) normal() Rect {
	return Rect{math.Min(r.X0, r.X1), math.Min(r.Y0, r.Y1), math.Max(r.X0, r.X1), math.Max(r.Y0, r.Y1)}
}

func (r Rect) intersect(o Rect) Rect {
	return Rect{math.Max(r.X0, o.X0), math.Max(r.Y0, o.Y0), math.Min(r.X1, o.X1), math.Min(r.Y1, o.Y1)}
}

func round4(v float64) float64 { return math.Round(v*1e4) / 1e4 }

// Box is a rectangle on the page as a person sees it: millimetres from the top
// left corner of the displayed page, X to the right, Y downwards.
type Box struct{ X, Y, W, H float64 }

// Geometry tells how the user space of a page becomes what a person sees.
type Geometry struct {
	Crop     Rect    // displayed part: CropBox ∩ MediaBox (14.11.2), user space units
	Rotate   int     // clockwise turn for display: 0, 90, 180 or 270
	UserUnit float64 // user space unit in 1/72 inch (7.7.3.3), 1 unless the page says otherwise
}

// Units converts millimetres into user space units of the page.
func (g Geometry) Units(mm float64) float64 { return mm * pointsPerMM / g.unit() }

// MM converts user space units of the page into millimetres.
func (g Geometry) MM(units float64) float64 { return units * g.unit() / pointsPerMM }

func (g Geometry) unit() float64 {
	if g.UserUnit <= 0 {
		return 1
	}
	return g.UserUnit
}

// Size returns width and height in mm of the page as it is seen.
func (g Geometry) Size() (w, h float64) {
	w, h = g.MM(g.Crop.Width()), g.MM(g.Crop.Height())
	if g.Rotate%180 != 0 {
		w, h = h, w
	}
	return w, h
}

// Rect returns the rectangle in user space that b covers on the seen page.
func (g Geometry) Rect(b Box) Rect {
	_, h := g.Size()
	x0, y0 := g.point(g.Units(b.X), g.Units(h-b.Y-b.H))
	x1, y1 := g.point(g.Units(b.X+b.W), g.Units(h-b.Y))
	return Rect{x0, y0, x1, y1}.normal()
}

// Box is the inverse of Rect.
func (g Geometry) Box(r Rect) Box {
	_, h := g.Size()
	u0, v0 := g.seen(r.X0, r.Y0)
	u1, v1 := g.seen(r.X1, r.Y1)
	u0, u1 = math.Min(u0, u1), math.Max(u0, u1)
	v0, v1 = math.Min(v0, v1), math.Max(v0, v1)
	return Box{X: g.MM(u0), Y: h - g.MM(v1), W: g.MM(u1 - u0), H: g.MM(v1 - v0)}
}

// point maps (u right, v up) from the lower left corner of the seen page, in
// user space units, to user space.
func (g Geometry) point(u, v float64) (x, y float64) {
	c := g.Crop
	switch g.Rotate {
	case 90:
		return c.X1 - v, c.Y0 + u
	case 180:
		return c.X1 - u, c.Y1 - v
	case 270:
		return c.X0 + v, c.Y1 - u
	default:
		return c.X0 + u, c.Y0 + v
	}
}

// seen is the inverse of point.
func (g Geometry) seen(x, y float64) (u, v float64) {
	c := g.Crop
	switch g.Rotate {
	case 90:
		return y - c.Y0, c.X1 - x
	case 180:
		return c.X1 - x, c.Y1 - y
	case 270:
		return c.Y1 - y, x - c.X0
	default:
		return x - c.X0, y - c.Y0
	}
}

// Upright returns BBox and Matrix of a form XObject of w × h mm that stands
// upright for the reader of the page when it fills the /Rect of the same box
// (ISO 32000-1, 12.5.5).
func (g Geometry) Upright(w, h float64) (bbox Rect, matrix [6]float64) {
	uw, uh := g.Units(w), g.Units(h)
	bbox = Rect{0, 0, uw, uh}
	switch g.Rotate {
	case 90:
		return bbox, [6]float64{0, 1, -1, 0, uh, 0}
	case 180:
		return bbox, [6]float64{-1, 0, 0, -1, uw, uh}
	case 270:
		return bbox, [6]float64{0, -1, 1, 0, 0, uw}
	default:
		return bbox, [6]float64{1, 0, 0, 1, 0, 0}
	}
}
