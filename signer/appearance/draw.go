package appearance

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"antin/signer/pdffile"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// Draw draws the look over dst as viewers show its form, for a preview: the
// look's top left corner comes to (x, y), in pixels, which may lie between pixels
// and outside dst; scale is pixels per mm. Pictures take at most some ten samples
// for a pixel, so that the time depends on what is drawn and not on the pictures.
//
// Errors: those of Form.
func (l *Look) Draw(dst *image.RGBA, x, y, scale float64) error {
	if l.err != nil {
		return l.err
	}
	edge := pixels(pdffile.Box{X: x, Y: y, W: l.w * scale, H: l.h * scale})
	seen, ok := dst.SubImage(edge).(*image.RGBA)
	if !ok || seen.Bounds().Empty() {
		return nil
	}
	at := func(b pdffile.Box) pdffile.Box {
		return pdffile.Box{X: x + b.X*scale, Y: y + b.Y*scale, W: b.W * scale, H: b.H * scale}
	}
	for _, it := range l.items {
		switch {
		case it.frame:
			for _, bar := range bars(it.box) {
				fill(seen, at(bar), it.fill.colour())
			}
		case it.text != nil:
			if err := it.text.draw(seen, x+it.x*scale, y+it.baseline*scale, it.text.mm*scale, it.fill.colour()); err != nil {
				return fmt.Errorf("drawing appearance: %w", err)
			}
		default:
			it.picture.draw(seen, at(it.box))
		}
	}
	return nil
}

// colour is the ink on a screen.
func (k ink) colour() *image.Uniform {
	if k == red {
		return image.NewUniform(color.RGBA{204, 0, 0, 255})
	}
	return image.Black
}

// fill paints b, in pixels.
func fill(dst *image.RGBA, b pdffile.Box, c *image.Uniform) {
	r := dst.Bounds()
	z := vector.NewRasterizer(r.Dx(), r.Dy())
	left, top := float32(b.X-float64(r.Min.X)), float32(b.Y-float64(r.Min.Y))
	right, bottom := left+float32(b.W), top+float32(b.H)
	z.MoveTo(left, top)
	z.LineTo(right, top)
	z.LineTo(right, bottom)
	z.LineTo(left, bottom)
	z.ClosePath()
	z.Draw(dst, r, c, image.Point{})
}

// pixels are those that b, in pixels, touches.
func pixels(b pdffile.Box) image.Rectangle {
	const rounding = 1e-6
	return image.Rect(int(math.Floor(b.X+rounding)), int(math.Floor(b.Y+rounding)),
		int(math.Ceil(b.X+b.W-rounding)), int(math.Ceil(b.Y+b.H-rounding)))
}

// draw fills the outlines of a line in c, from (x, baseline) on; unit is pixels per
// font unit.
func (s *setting) draw(dst *image.RGBA, x, baseline, unit float64, c *image.Uniform) error {
	r := dst.Bounds()
	z := vector.NewRasterizer(r.Dx(), r.Dy())
	var (
		buf sfnt.Buffer
		pen fixed.Int26_6
	)
	for _, g := range s.glyphs {
		segments, err := s.face.LoadGlyph(&buf, g, s.face.perEm, nil)
		if err != nil {
			return fmt.Errorf("reading outline of glyph %d: %w", g, err)
		}
		at := func(p fixed.Point26_6) (float32, float32) {
			return float32(x + float64(pen+p.X)*unit - float64(r.Min.X)), float32(baseline + float64(p.Y)*unit - float64(r.Min.Y))
		}
		for i, step := range segments {
			ax, ay := at(step.Args[0])
			bx, by := at(step.Args[1])
			cx, cy := at(step.Args[2])
			switch step.Op {
			case sfnt.SegmentOpMoveTo:
				if i > 0 {
					z.ClosePath()
				}
				z.MoveTo(ax, ay)
			case sfnt.SegmentOpLineTo:
				z.LineTo(ax, ay)
			case sfnt.SegmentOpQuadTo:
				z.QuadTo(ax, ay, bx, by)
			case sfnt.SegmentOpCubeTo:
				z.CubeTo(ax, ay, bx, by, cx, cy)
			}
		}
		z.ClosePath()
		advance, err := s.face.GlyphAdvance(&buf, g, s.face.perEm, font.HintingNone)
		if err != nil {
			return fmt.Errorf("reading advance of glyph %d: %w", g, err)
		}
		pen += advance
	}
	z.Draw(dst, r, c, image.Point{})
	return nil
}

// draw scales the picture into b, in pixels, by the mean of what a pixel covers.
func (p *Picture) draw(dst *image.RGBA, b pdffile.Box) {
	r := pixels(b).Intersect(dst.Bounds())
	columns := make([][]sample, r.Dx())
	for i := range columns {
		columns[i] = samples(p.w, b.X, b.W, r.Min.X+i)
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := samples(p.h, b.Y, b.H, y)
		for i, column := range columns {
			var red, green, blue, alpha float64 // multiplied with alpha, 0–255
			for _, sy := range row {
				for _, sx := range column {
					at := sy.at*p.w + sx.at
					a := sy.weight * sx.weight * float64(p.opacity(at)) / 255
					cr, cg, cb := p.rgb(at)
					red += a * float64(cr)
					green += a * float64(cg)
					blue += a * float64(cb)
					alpha += a
				}
			}
			to := dst.Pix[dst.PixOffset(r.Min.X+i, y):]
			for c, v := range [4]float64{red, green, blue, 255 * alpha} {
				to[c] = uint8(min(255, v+float64(to[c])*(1-min(1, alpha))+0.5))
			}
		}
	}
}

// sample is one of the picture's rows or columns with its part of a pixel, 0–1.
type sample struct {
	at     int
	weight float64
}

// mostSamples of a picture are looked at for a pixel, in each direction.
const mostSamples = 3

// samples are those of n rows or columns, drawn over size pixels from start on,
// that lie in pixel at. Their weights add up to the part of the pixel that is
// covered.
func samples(n int, start, size float64, at int) []sample {
	perPixel := float64(n) / size
	from, to := (float64(at)-start)*perPixel, (float64(at+1)-start)*perPixel
	from, to = max(0, from), min(float64(n), to)
	var out []sample
	if to-from > mostSamples {
		for i := range mostSamples {
			out = append(out, sample{int(from + (to-from)*(float64(i)+0.5)/mostSamples), (to - from) / perPixel / mostSamples})
		}
		return out
	}
	for i := int(from); float64(i) < to; i++ {
		covered := min(to, float64(i+1)) - max(from, float64(i))
		out = append(out, sample{i, covered / perPixel})
	}
	return out
}
