package boxes

import "math"

// Kind tells what a guide is.
type Kind int

// The kinds of guides.
const (
	Axis     Kind = iota // the middle of a signing block: takes the middle of a box
	Baseline             // of a line of text: takes the lower edge of a box
	Margin               // of the page: takes an edge
	Edge                 // of another box or signature: takes an edge
	Middle               // of another box or signature: takes the middle
)

// Guide is a line of a page that boxes snap to.
type Guide struct {
	Page     int
	Kind     Kind
	Vertical bool    // at an x; else at a y
	At       float64 // mm
}

// Around are the guides of something that stands on the page already: its edges
// and its middle.
func Around(x Box) []Guide {
	return []Guide{
		{x.Page, Edge, true, x.X},
		{x.Page, Middle, true, x.X + x.W/2},
		{x.Page, Edge, true, x.X + x.W},
		{x.Page, Edge, false, x.Y},
		{x.Page, Middle, false, x.Y + x.H/2},
		{x.Page, Edge, false, x.Y + x.H},
	}
}

// Margins are the guides of a page's margins, mm.
func (b *Board) Margins(page int, top, bottom, left, right float64) []Guide {
	p := b.Page(page)
	return []Guide{
		{page, Margin, false, top},
		{page, Margin, false, p.H - bottom},
		{page, Margin, true, left},
		{page, Margin, true, p.W - right},
	}
}

// guidesFor are the guides that box i meets on a page.
func (b *Board) guidesFor(i, page int) []Guide {
	var out []Guide
	for _, g := range b.guides {
		if g.Page == page {
			out = append(out, g)
		}
	}
	for j, other := range b.boxes {
		if j != i && other.Page == page {
			out = append(out, Around(other)...)
		}
	}
	return out
}

// ends are the places along a side of a box that a guide takes.
func (g Guide) ends(x Box) []float64 {
	at, length := x.Y, x.H
	if g.Vertical {
		at, length = x.X, x.W
	}
	switch g.Kind {
	case Axis, Middle:
		return []float64{at + length/2}
	case Baseline:
		return []float64{at + length}
	default:
		return []float64{at, at + length}
	}
}

// snapMoved moves a box to the nearest vertical and the nearest horizontal guide
// within reach that leave it on its page.
func (b *Board) snapMoved(i int, x Box, within float64) (Box, []Guide) {
	if within <= 0 {
		return x, nil
	}
	page := b.Page(x.Page)
	shiftX, shiftY := within, within
	for _, g := range b.guidesFor(i, x.Page) {
		for _, end := range g.ends(x) {
			d := g.At - end
			switch {
			case g.Vertical && math.Abs(d) < math.Abs(shiftX) && x.X+d >= -rounding && x.X+x.W+d <= page.W+rounding:
				shiftX = d
			case !g.Vertical && math.Abs(d) < math.Abs(shiftY) && x.Y+d >= -rounding && x.Y+x.H+d <= page.H+rounding:
				shiftY = d
			}
		}
	}
	if math.Abs(shiftX) < within {
		x.X += shiftX
	}
	if math.Abs(shiftY) < within {
		x.Y += shiftY
	}
	x = b.inside(x)
	return x, b.met(i, x, within)
}

// met are the guides that a box touches.
func (b *Board) met(i int, x Box, within float64) []Guide {
	if within <= 0 {
		return nil
	}
	var out []Guide
	for _, g := range b.guidesFor(i, x.Page) {
		for _, end := range g.ends(x) {
			if math.Abs(g.At-end) < 1e-6 {
				out = append(out, g)
				break
			}
		}
	}
	return out
}

// snapStretch corrects the way of a handle so that the sides that it moves come
// to the nearest guides within reach. Of a box that keeps its ratio one side
// decides, so that only the nearer guide counts.
func (b *Board) snapStretch(i int, start Box, h Handle, dx, dy, within float64) (float64, float64) {
	sx, sy := h.Sides()
	now := start
	now.Box = b.stretched(start, h, dx, dy)
	bestX, bestY := within, within
	for _, g := range b.guidesFor(i, start.Page) {
		if g.Kind == Axis || g.Kind == Middle {
			continue // the middle of a box is no side
		}
		if g.Vertical && sx != 0 {
			bestX = nearer(bestX, g.At-side(sx, now.X, now.W))
		}
		if !g.Vertical && sy != 0 && (g.Kind != Baseline || sy > 0) {
			bestY = nearer(bestY, g.At-side(sy, now.Y, now.H))
		}
	}
	snapX, snapY := math.Abs(bestX) < within, math.Abs(bestY) < within
	if start.Aspect <= 0 {
		if snapX {
			dx += bestX
		}
		if snapY {
			dy += bestY
		}
		return dx, dy
	}
	// Say both ways as the decided size has them, so that stretched cannot
	// choose the other side.
	w, height := now.W, now.H
	switch {
	case snapX && (!snapY || math.Abs(bestX) <= math.Abs(bestY)):
		w += float64(sx) * bestX
		height = w / start.Aspect
	case snapY:
		height += float64(sy) * bestY
		w = height * start.Aspect
	}
	return float64(sx) * (w - start.W), float64(sy) * (height - start.H)
}

func nearer(best, d float64) float64 {
	if math.Abs(d) < math.Abs(best) {
		return d
	}
	return best
}

// side is the moved end of a side.
func side(s int, at, length float64) float64 {
	if s > 0 {
		return at + length
	}
	return at
}
