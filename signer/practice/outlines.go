package practice

import (
	"cmp"
	"fmt"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// outlines collects the outlines of letters and shapes. Places are mm, y
// downwards; at makes pixels of them.
type outlines struct {
	face *sfnt.Font
	at   func(x, y float64) (px, py float32)
	buf  sfnt.Buffer
	area *vector.Rasterizer
	err  error
}

// unit is the em of measuring in 26.6 fixed point: large, for exact outlines.
const unit = 1024

// glyph is a glyph's index and its advance in em.
func (s *outlines) glyph(r rune) (sfnt.GlyphIndex, float64) {
	g, err := s.face.GlyphIndex(&s.buf, r)
	if err != nil || g == 0 {
		s.err = cmp.Or(s.err, err, fmt.Errorf("no glyph for %q", r))
		return 0, 0
	}
	advance, err := s.face.GlyphAdvance(&s.buf, g, fixed.I(unit), font.HintingNone)
	s.err = cmp.Or(s.err, err)
	return g, float64(advance) / 64 / unit
}

// outline draws a glyph of the given em through a map from (x, y) in mm with
// its origin at the glyph's, y upwards.
func (s *outlines) outline(g sfnt.GlyphIndex, em float64, place func(x, y float64) (float64, float64)) {
	segments, err := s.face.LoadGlyph(&s.buf, g, fixed.I(unit), nil)
	if err != nil {
		s.err = cmp.Or(s.err, err)
		return
	}
	open := false
	for _, seg := range segments {
		var p [3][2]float32
		for i, a := range seg.Args {
			x, y := place(float64(a.X)/64/unit*em, -float64(a.Y)/64/unit*em)
			p[i][0], p[i][1] = s.at(x, y)
		}
		switch seg.Op {
		case sfnt.SegmentOpMoveTo:
			if open {
				s.area.ClosePath()
			}
			s.area.MoveTo(p[0][0], p[0][1])
			open = true
		case sfnt.SegmentOpLineTo:
			s.area.LineTo(p[0][0], p[0][1])
		case sfnt.SegmentOpQuadTo:
			s.area.QuadTo(p[0][0], p[0][1], p[1][0], p[1][1])
		case sfnt.SegmentOpCubeTo:
			s.area.CubeTo(p[0][0], p[0][1], p[1][0], p[1][1], p[2][0], p[2][1])
		}
	}
	if open {
		s.area.ClosePath()
	}
}

// line writes a straight line with its base line at y. align is the part of it
// that stands before x: 0 for left, 0.5 for centred.
func (s *outlines) line(text string, em, x, y, align float64) {
	x -= align * s.width(text, em)
	for _, r := range text {
		g, w := s.glyph(r)
		s.outline(g, em, func(gx, gy float64) (float64, float64) { return x + gx, y - gy })
		x += w * em
	}
}

func (s *outlines) width(text string, em float64) float64 {
	total := 0.0
	for _, r := range text {
		_, w := s.glyph(r)
		total += w * em
	}
	return total
}
