package appearance

import (
	"fmt"
	"image"
	"image/color"
)

// fromImage takes the samples of a decoded picture without ever going through
// values multiplied with alpha: those lose colour where alpha is low, which
// shows as a dark fringe round a seal.
func fromImage(m image.Image) (*Picture, error) {
	read, err := pixelReader(m)
	if err != nil {
		return nil, err
	}
	b := m.Bounds()
	p := &Picture{w: b.Dx(), h: b.Dy(), grey: true}
	p.samples = make([]byte, 3*p.w*p.h)
	p.alpha = make([]byte, p.w*p.h)
	opaque := true
	i := 0
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := read(x, y)
			p.samples[3*i], p.samples[3*i+1], p.samples[3*i+2], p.alpha[i] = c.R, c.G, c.B, c.A
			// The colour of a pixel nobody sees must not make a grey picture colour.
			if c.A > 0 && (c.R != c.G || c.G != c.B) {
				p.grey = false
			}
			opaque = opaque && c.A == 255
			i++
		}
	}
	if opaque {
		p.alpha = nil
	}
	if p.grey {
		grey := make([]byte, p.w*p.h)
		for i := range grey {
			grey[i] = p.samples[3*i]
		}
		p.samples = grey
	}
	return p, nil
}

// pixelReader knows the image types that image/png and image/jpeg return.
// image.RGBA and image.RGBA64 come from pictures without alpha only.
func pixelReader(m image.Image) (func(x, y int) color.NRGBA, error) {
	switch m := m.(type) {
	case *image.NRGBA:
		return m.NRGBAAt, nil
	case *image.NRGBA64:
		return func(x, y int) color.NRGBA {
			c := m.NRGBA64At(x, y)
			return color.NRGBA{eight(c.R), eight(c.G), eight(c.B), eight(c.A)}
		}, nil
	case *image.RGBA:
		return func(x, y int) color.NRGBA {
			c := m.RGBAAt(x, y)
			return color.NRGBA{c.R, c.G, c.B, 255}
		}, nil
	case *image.RGBA64:
		return func(x, y int) color.NRGBA {
			c := m.RGBA64At(x, y)
			return color.NRGBA{eight(c.R), eight(c.G), eight(c.B), 255}
		}, nil
	case *image.Gray:
		return func(x, y int) color.NRGBA {
			v := m.GrayAt(x, y).Y
			return color.NRGBA{v, v, v, 255}
		}, nil
	case *image.Gray16:
		return func(x, y int) color.NRGBA {
			v := eight(m.Gray16At(x, y).Y)
			return color.NRGBA{v, v, v, 255}
		}, nil
	case *image.Paletted:
		palette, err := straightPalette(m.Palette)
		if err != nil {
			return nil, err
		}
		return func(x, y int) color.NRGBA { return palette[m.ColorIndexAt(x, y)] }, nil
	case *image.YCbCr:
		return func(x, y int) color.NRGBA {
			c := m.YCbCrAt(x, y)
			r, g, b := color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
			return color.NRGBA{r, g, b, 255}
		}, nil
	case *image.CMYK:
		return func(x, y int) color.NRGBA {
			c := m.CMYKAt(x, y)
			r, g, b := color.CMYKToRGB(c.C, c.M, c.Y, c.K)
			return color.NRGBA{r, g, b, 255}
		}, nil
	default:
		return nil, fmt.Errorf("%w: pixels of kind %T", ErrPictureFormat, m)
	}
}

// straightPalette returns 256 entries so that every index is answered.
func straightPalette(p color.Palette) (*[256]color.NRGBA, error) {
	var out [256]color.NRGBA
	for i := range out {
		if i >= len(p) {
			out[i] = color.NRGBA{A: 255}
			continue
		}
		switch c := p[i].(type) {
		case color.NRGBA:
			out[i] = c
		case color.RGBA: // an entry without tRNS, opaque
			out[i] = color.NRGBA{c.R, c.G, c.B, 255}
		default:
			return nil, fmt.Errorf("%w: palette of kind %T", ErrPictureFormat, c)
		}
	}
	return &out, nil
}

// eight rounds a 16 bit sample to 8 bit.
func eight(v uint16) uint8 { return uint8((uint32(v)*255 + 32767) / 65535) }

// turned applies the EXIF orientation (2 to 8). The result has no JPEG bytes.
func (p *Picture) turned(orientation int) *Picture {
	q := &Picture{w: p.w, h: p.h, grey: p.grey, density: p.density}
	if orientation >= 5 {
		q.w, q.h = p.h, p.w
		q.density = density{p.density.y, p.density.x}
	}
	// source tells which stored pixel is seen at (x, y).
	source := func(x, y int) (int, int) {
		switch orientation {
		case 2: // mirrored left to right
			return p.w - 1 - x, y
		case 3: // upside down
			return p.w - 1 - x, p.h - 1 - y
		case 4: // mirrored top to bottom
			return x, p.h - 1 - y
		case 5: // mirrored at the main diagonal
			return y, x
		case 6: // to be turned clockwise
			return y, p.h - 1 - x
		case 7: // mirrored at the other diagonal
			return p.w - 1 - y, p.h - 1 - x
		case 8: // to be turned counter-clockwise
			return p.w - 1 - y, x
		default:
			return x, y
		}
	}
	q.fill(p, source)
	return q
}

// cropped returns the part of p within r. The result has no JPEG bytes.
func (p *Picture) cropped(r image.Rectangle) *Picture {
	if r == image.Rect(0, 0, p.w, p.h) {
		return p
	}
	q := &Picture{w: r.Dx(), h: r.Dy(), grey: p.grey, density: p.density}
	q.fill(p, func(x, y int) (int, int) { return x + r.Min.X, y + r.Min.Y })
	return q
}

// fill copies the pixels of p, each from the place that source names.
func (q *Picture) fill(p *Picture, source func(x, y int) (int, int)) {
	n := p.channels()
	q.samples = make([]byte, 0, n*q.w*q.h)
	for y := range q.h {
		for x := range q.w {
			sx, sy := source(x, y)
			i := sy*p.w + sx
			q.samples = append(q.samples, p.samples[n*i:n*i+n]...)
			if p.alpha != nil {
				q.alpha = append(q.alpha, p.alpha[i])
			}
		}
	}
}

// faint is the opacity, or the distance from white, below which a pixel does
// not count as visible: leftovers of a cut-out, noise of a scan.
const faint = 32

// visible is the smallest rectangle with everything that can be seen: pixels
// that are not transparent or, in an opaque picture, not white. It is empty
// when there is nothing.
func (p *Picture) visible() image.Rectangle {
	box := image.Rectangle{}
	for y := range p.h {
		for x := range p.w {
			i := y*p.w + x
			ink := p.opacity(i)
			if p.alpha == nil {
				r, g, b := p.rgb(i)
				ink = 255 - min(r, g, b)
			}
			if ink >= faint {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return box
}
