package practice

import (
	"cmp"
	"fmt"
	"image"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/vector"

	"antin/assets"
)

// SealOptions describe a round office seal. Everything may be left out.
type SealOptions struct {
	Diameter float64 // mm over the outer ring; 0 = 36
	Agency   string  // along the upper arc; "" = ỦY BAN NHÂN DÂN XÃ BÌNH MINH
	Place    string  // along the lower arc; "" = TỈNH MẪU
}

// SealPicture draws an invented office seal: red on transparent, PNG, its true
// size in pHYs, the outer ring touching the picture's edges. A star stands where
// a real one may have the national emblem, and THỰC HÀNH (practice) above it, so
// that it is not taken for a real seal.
func SealPicture(o SealOptions) ([]byte, error) {
	d := cmp.Or(o.Diameter, 36)
	if d < 10 || d > 100 {
		return nil, fmt.Errorf("practice: a seal of %g mm", d)
	}
	face, err := sfnt.Parse(assets.SerifBold())
	if err != nil {
		return nil, fmt.Errorf("reading the font: %w", err)
	}
	pixels := int(math.Round(d * pixelsPerMM))
	mm, centre := float64(pixels)/d, float64(pixels)/2
	s := &sealPlate{outlines{face: face, area: vector.NewRasterizer(pixels, pixels)}}
	s.at = func(x, y float64) (px, py float32) { return float32(centre + x*mm), float32(centre + y*mm) }
	r := d / 2
	scale := d / 36 // the measures below are those of a seal of 36 mm
	s.ring(r, r-0.85*scale)
	s.ring(r-1.35*scale, r-1.65*scale)
	s.ring(r-7.0*scale, r-7.3*scale)
	s.arc(cmp.Or(o.Agency, "ỦY BAN NHÂN DÂN XÃ BÌNH MINH"), 3*scale, r-5.6*scale, true, 1.0, 3.95)
	s.arc(cmp.Or(o.Place, "TỈNH MẪU"), 3*scale, r-5.6*scale, false, 1.12, 1.5)
	for _, side := range []float64{-1, 1} { // small stars part the two arcs
		a := side * 122 * math.Pi / 180
		s.star((r-4.35*scale)*math.Sin(a), -(r-4.35*scale)*math.Cos(a), 1.15*scale)
	}
	s.star(0, 1.7*scale, 6.1*scale)
	s.line("THỰC HÀNH", 1.95*scale, 0, -5.9*scale, 0.5)
	if s.err != nil {
		return nil, fmt.Errorf("drawing the seal: %w", s.err)
	}

	mask := image.NewAlpha(image.Rect(0, 0, pixels, pixels))
	s.area.Draw(mask, mask.Bounds(), image.Opaque, image.Point{})
	img := image.NewNRGBA(mask.Bounds())
	for i, a := range mask.Pix {
		if a > 0 {
			p := sealRed
			p.A = a
			img.SetNRGBA(i%pixels, i/pixels, p)
		}
	}
	return encodePNG(img, mm*1000)
}

// sealPlate collects the outlines of a seal.
type sealPlate struct{ outlines }

// ring fills between two radii: the inner circle runs the other way.
func (s *sealPlate) ring(outer, inner float64) {
	const steps = 720
	for _, c := range []struct{ r, way float64 }{{outer, 1}, {inner, -1}} {
		for i := range steps {
			a := c.way * 2 * math.Pi * float64(i) / steps
			x, y := s.at(c.r*math.Sin(a), -c.r*math.Cos(a))
			if i == 0 {
				s.area.MoveTo(x, y)
			} else {
				s.area.LineTo(x, y)
			}
		}
		s.area.ClosePath()
	}
}

// star is a star of five points with radius r.
func (s *sealPlate) star(cx, cy, r float64) {
	for i := range 10 {
		reach := r
		if i%2 == 1 {
			reach *= 0.382 // where the sides of the pentagram cross
		}
		a := math.Pi * float64(i) / 5
		x, y := s.at(cx+reach*math.Sin(a), cy-reach*math.Cos(a))
		if i == 0 {
			s.area.MoveTo(x, y)
		} else {
			s.area.LineTo(x, y)
		}
	}
	s.area.ClosePath()
}

// arc writes in the middle of the upper or lower half, along a circle whose
// radius is that of the base line above and of the capitals' tops below.
// Advances are stretched by tracking; text longer than span radians gets
// smaller.
func (s *sealPlate) arc(text string, em, radius float64, above bool, tracking, span float64) {
	const capital = 0.66 // height of capitals in em
	if !above {
		radius += capital * em
	}
	var total float64
	for _, r := range text {
		_, w := s.glyph(r)
		total += w * em * tracking / radius
	}
	em *= min(1, span/total)
	angle := -min(total, span) / 2
	for _, r := range text {
		g, w := s.glyph(r)
		step := w * em * tracking / radius
		a := angle + step/2
		half := w * em / 2
		s.outline(g, em, func(x, y float64) (float64, float64) {
			x -= half
			if above {
				rr := radius + y
				return rr*math.Sin(a) + x*math.Cos(a), -rr*math.Cos(a) + x*math.Sin(a)
			}
			rr := radius - y
			return rr*math.Sin(a) + x*math.Cos(a), rr*math.Cos(a) - x*math.Sin(a)
		})
		angle += step
	}
}
