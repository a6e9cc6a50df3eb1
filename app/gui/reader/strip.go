package reader

import (
	"math"
	"sort"

	"antin/signer/render"
)

// strip is where pages stand: below each other, centred, with the same gap
// around each, seen through a window. Lengths are the screen's units unless a
// name says mm; pages count from 0 here. It draws nothing.
type strip struct {
	sizes  []render.Size // mm
	above  []float64     // mm of all pages before this one; one more entry than pages
	widest float64       // mm
	gap    float64

	scale float64 // units per mm
	w, h  float64 // the window
	x, y  float64 // the strip's point in its top left corner
}

// Bounds of what a document may do to the arithmetic.
const (
	leastSide = 1     // mm: less is no page that anybody could see
	mostSide  = 25400 // mm: a page may have 14,400 units (ISO 32000-1, annex C) of more than 1/72 inch
)

func (s *strip) fill(sizes []render.Size) {
	s.sizes = make([]render.Size, len(sizes))
	s.above = make([]float64, len(sizes)+1)
	s.widest, s.x, s.y = 0, 0, 0
	for i, p := range sizes {
		p = render.Size{W: min(max(p.W, leastSide), mostSide), H: min(max(p.H, leastSide), mostSide)}
		s.sizes[i] = p
		s.above[i+1] = s.above[i] + p.H
		s.widest = max(s.widest, p.W)
	}
}

func (s *strip) top(page int) float64 { return s.above[page]*s.scale + s.gap*float64(page+1) }

func (s *strip) width() float64 { return max(s.w, s.widest*s.scale+2*s.gap) }

func (s *strip) height() float64 { return s.top(len(s.sizes)) }

// rect is where a page is, from the window's top left corner.
func (s *strip) rect(page int) (x, y, w, h float64) {
	p := s.sizes[page]
	w, h = p.W*s.scale, p.H*s.scale
	return (s.width()-w)/2 - s.x, s.top(page) - s.y, w, h
}

// at is the page at y from the window's top, or the nearest one.
func (s *strip) at(y float64) int {
	y += s.y
	return max(0, sort.Search(len(s.sizes), func(i int) bool { return s.top(i)-s.gap/2 > y })-1)
}

// seen are the first and the last page of which something is within beyond above
// and below the window.
func (s *strip) seen(beyond float64) (first, last int) {
	return s.at(-beyond), s.at(s.h + beyond)
}

// point tells what is at a point of the window: the page and the place on it.
func (s *strip) point(x, y float64) (page int, mmX, mmY float64) {
	page = s.at(y)
	left, top, _, _ := s.rect(page)
	return page, (x - left) / s.scale, (y - top) / s.scale
}

// zoom changes the scale and keeps what is at x, y in the window there.
func (s *strip) zoom(scale, x, y float64) {
	if len(s.sizes) == 0 {
		s.scale = scale
		return
	}
	page, mmX, mmY := s.point(x, y)
	s.scale = scale
	left, top, _, _ := s.rect(page)
	s.x += left + mmX*scale - x
	s.y += top + mmY*scale - y
	s.clamp()
}

// clamp keeps the window on the strip.
func (s *strip) clamp() {
	if len(s.sizes) == 0 {
		s.x, s.y = 0, 0
		return
	}
	s.x = math.Max(0, math.Min(s.x, s.width()-s.w))
	s.y = math.Max(0, math.Min(s.y, s.height()-s.h))
}

// show moves the window as little as needed so that the box, in mm on a page, is
// seen with the gap around it; a box larger than the window is shown from its
// top left corner.
func (s *strip) show(page int, x, y, w, h float64) {
	left, top, _, _ := s.rect(page)
	s.x += nudge(left+x*s.scale-s.gap, left+(x+w)*s.scale+s.gap, s.w)
	s.y += nudge(top+y*s.scale-s.gap, top+(y+h)*s.scale+s.gap, s.h)
	s.clamp()
}

// nudge is how far a window from 0 to size must go to show from…to.
func nudge(from, to, size float64) float64 {
	switch {
	case from < 0 || to-from > size:
		return from
	case to > size:
		return to - size
	}
	return 0
}

// fitted is the scale at which a page fills the window's width, or the whole
// window.
func (s *strip) fitted(page int, whole bool) float64 {
	p := s.sizes[page]
	scale := (s.w - 2*s.gap) / p.W
	if whole {
		scale = min(scale, (s.h-2*s.gap)/p.H)
	}
	return scale
}
