package layout

import (
	"antin/assets"
	"antin/signer/pagetext"
	"antin/signer/pdffile"
)

// Corner is the place of a text block in the top right corner of a page.
type Corner struct {
	Page int
	Box  pdffile.Box

	Shifted bool // lower or further left than without the page's text
	Covers  bool // no free place was found: the block meets ink
	Unknown bool // the page is a picture: what is free on it is not known here
}

// Distances of a text block from the edges and from ink, mm.
const (
	edgeTop = 5.0
	inkAir  = 1.0
)

// TopRight places a block of w × h mm in the top right corner of a page, as
// high and as far right as the ink of the page allows: right edge on the right
// margin of the profile (nil: nd30-2020), from 5 mm below the upper edge, down
// to a third of the page. The page's own text is avoided, and so is avoid: what
// the caller knows beside, such as the dark parts of a scan. NĐ 30/2020, Phụ lục
// I puts the block of a copy and of an attachment file there.
func TopRight(t *pagetext.Text, w, h float64, p *assets.Profile, avoid ...pdffile.Box) Corner {
	if p == nil {
		p = assets.ProfileNamed(assets.ProfileND30)
	}
	margin := min(p.Page.Right.Or(assets.Range{15, 20})[0], t.W/10)
	c := Corner{Page: t.Page, Unknown: t.Scanned() && len(avoid) == 0}
	ink := inkOf(t)
	ink = append(ink, avoid...)
	x0 := max(0, t.W-margin-w)
	first := pdffile.Box{X: x0, Y: min(edgeTop, max(0, t.H-h)), W: w, H: h}
	const step = 0.5
	for x := x0; x >= max(0, x0-t.W/4); x -= 5 {
		for y := first.Y; y+h <= max(t.H/3, first.Y+h); y += step {
			b := pdffile.Box{X: x, Y: y, W: w, H: h}
			if !meets(b, ink) {
				c.Box, c.Shifted = b, b != first
				return c
			}
		}
	}
	c.Box, c.Covers = first, true
	return c
}

// meets tells whether a box with some air around it touches any of the others.
func meets(b pdffile.Box, ink []pdffile.Box) bool {
	for _, k := range ink {
		if b.X-inkAir < k.X+k.W && k.X < b.X+b.W+inkAir && b.Y-inkAir < k.Y+k.H && k.Y < b.Y+b.H+inkAir {
			return true
		}
	}
	return false
}
