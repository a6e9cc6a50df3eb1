package report

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"

	"antin/signer/pdffile"
)

// raw are the decoded samples of an image (8.9.5) with 8 bits in each.
type raw struct {
	w, h, n int // n components: 1 (with palette), 3 or 4
	data    []byte
	palette []byte // RGB
	mask    *raw   // soft mask, one component
}

func (r *raw) size() (int, int) { return r.w, r.h }

func (r *raw) at(x, y int) (uint8, uint8, uint8, uint8) {
	a := uint8(255)
	if m := r.mask; m != nil {
		a = m.data[(y*m.h/r.h)*m.w+x*m.w/r.w]
	}
	p := r.data[(y*r.w+x)*r.n:]
	switch {
	case r.n == 3:
		return p[0], p[1], p[2], a
	case r.n == 4:
		k := 255 - int(p[3])
		return uint8((255 - int(p[0])) * k / 255), uint8((255 - int(p[1])) * k / 255), uint8((255 - int(p[2])) * k / 255), a
	case r.palette != nil:
		i := min(int(p[0]), len(r.palette)/3-1) * 3
		return r.palette[i], r.palette[i+1], r.palette[i+2], a
	}
	return p[0], p[0], p[0], a
}

// stencil is an image mask painted in one colour (8.9.6.2).
type stencil struct {
	w, h   int
	bits   []byte
	stride int
	paints byte // the bit that paints
	colour [3]uint8
}

func (s *stencil) size() (int, int) { return s.w, s.h }

func (s *stencil) at(x, y int) (uint8, uint8, uint8, uint8) {
	if s.bits[y*s.stride+x/8]>>(7-x%8)&1 != s.paints {
		return 0, 0, 0, 0
	}
	return s.colour[0], s.colour[1], s.colour[2], 255
}

// photo is a decoded JPEG.
type photo struct {
	image.Image
	mask *raw
}

func (p photo) size() (int, int) { return p.Bounds().Dx(), p.Bounds().Dy() }

func (p photo) at(x, y int) (uint8, uint8, uint8, uint8) {
	b := p.Bounds()
	a := uint8(255)
	if m := p.mask; m != nil {
		a = m.data[(y*m.h/b.Dy())*m.w+x*m.w/b.Dx()]
	}
	if v, ok := p.Image.(*image.YCbCr); ok {
		c := v.YCbCrAt(b.Min.X+x, b.Min.Y+y)
		r, g, bl, _ := c.RGBA()
		return uint8(r >> 8), uint8(g >> 8), uint8(bl >> 8), a
	}
	r, g, bl, _ := p.At(b.Min.X+x, b.Min.Y+y).RGBA()
	return uint8(r >> 8), uint8(g >> 8), uint8(bl >> 8), a
}

// verdict on reading an image.
type reading int

const (
	readable  reading = iota
	colorless         // black and white, or gray: no seal in red, no blue ink
	unread            // of a kind that is not read, damaged or too large
)

// pixelsOf decodes an image XObject as far as the standard library can.
func pixelsOf(f *pdffile.File, s *pdffile.Stream, fill [3]float64) (pixels, reading) {
	w, ok1 := f.Int(s.Dict["Width"])
	h, ok2 := f.Int(s.Dict["Height"])
	if !ok1 || !ok2 || w < 1 || h < 1 || w > 1<<16 || h > 1<<16 || w*h > maxPixels {
		return nil, unread
	}
	if mask, _ := f.Resolve(s.Dict["ImageMask"]); mask == true {
		return stencilOf(f, s, w, h, fill)
	}
	last := f.LastFilter(s)
	if last == "CCITTFaxDecode" || last == "JBIG2Decode" {
		return nil, colorless
	}
	if last == "JPXDecode" {
		return nil, unread
	}
	components, palette := space(f, s.Dict["ColorSpace"], 0)
	if components == 1 && palette == nil {
		return nil, colorless
	}
	mask, ok := softMask(f, s)
	if !ok {
		return nil, unread
	}
	if last == "DCTDecode" {
		return photoOf(f, s, mask)
	}
	bits, _ := f.Int(s.Dict["BitsPerComponent"])
	if components == 0 || bits != 8 && (components != 1 || bits != 1 && bits != 2 && bits != 4) {
		return nil, unread
	}
	data, err := f.Decode(s)
	if err != nil {
		return nil, unread
	}
	if bits < 8 {
		data = unpacked(data, w, h, bits)
	}
	if len(data) < w*h*components {
		return nil, unread
	}
	return &raw{w: w, h: h, n: components, data: data, palette: palette, mask: mask}, readable
}

func photoOf(f *pdffile.File, s *pdffile.Stream, mask *raw) (pixels, reading) {
	only, _ := f.Resolve(s.Dict["Filter"])
	if a, ok := only.(pdffile.Array); ok && len(a) != 1 {
		return nil, unread
	}
	data, err := f.Raw(s)
	if err != nil {
		return nil, unread
	}
	// What the data say counts, not the dictionary.
	c, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil || c.Width < 1 || c.Height < 1 || c.Width*c.Height > maxPixels {
		return nil, unread
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, unread
	}
	return photo{img, mask}, readable
}

func stencilOf(f *pdffile.File, s *pdffile.Stream, w, h int, fill [3]float64) (pixels, reading) {
	st := &stencil{w: w, h: h, stride: (w + 7) / 8}
	for i, v := range fill {
		st.colour[i] = uint8(math.Max(0, math.Min(1, v)) * 255)
	}
	if colour(st.colour[0], st.colour[1], st.colour[2], 255)&(redInk|blueInk) == 0 {
		return nil, colorless
	}
	if last := f.LastFilter(s); last == "CCITTFaxDecode" || last == "JBIG2Decode" {
		return nil, unread
	}
	if d := f.Array(s.Dict["Decode"]); len(d) == 2 {
		if v, _ := f.Number(d[0]); v == 1 {
			st.paints = 1
		}
	}
	var err error
	if st.bits, err = f.Decode(s); err != nil || len(st.bits) < st.stride*h {
		return nil, unread
	}
	return st, readable
}

// space is the number of components of a colour space (8.6) and its palette in
// RGB; 0 when it is not read.
func space(f *pdffile.File, o pdffile.Object, depth int) (int, []byte) {
	o, _ = f.Resolve(o)
	switch o := o.(type) {
	case pdffile.Name:
		switch o {
		case "DeviceGray", "CalGray", "G":
			return 1, nil
		case "DeviceRGB", "CalRGB", "RGB":
			return 3, nil
		case "DeviceCMYK", "CMYK":
			return 4, nil
		}
	case pdffile.Array:
		if len(o) == 0 || depth > 2 {
			return 0, nil
		}
		switch name := f.Name(o[0]); {
		case name == "ICCBased" && len(o) == 2:
			v, _ := f.Resolve(o[1])
			if s, ok := v.(*pdffile.Stream); ok {
				if n, _ := f.Int(s.Dict["N"]); n == 1 || n == 3 || n == 4 {
					return n, nil
				}
			}
		case (name == "Indexed" || name == "I") && len(o) == 4:
			return 1, paletteOf(f, o, depth)
		case name == "CalRGB":
			return 3, nil
		case name == "CalGray":
			return 1, nil
		}
	}
	return 0, nil
}

func paletteOf(f *pdffile.File, o pdffile.Array, depth int) []byte {
	base, _ := space(f, o[1], depth+1)
	v, _ := f.Resolve(o[3])
	var table []byte
	switch v := v.(type) {
	case pdffile.String:
		table = v
	case *pdffile.Stream:
		table, _ = f.Decode(v)
	}
	if base == 0 || len(table) < base {
		return []byte{0, 0, 0}
	}
	colours := &raw{w: len(table) / base, h: 1, n: base, data: table}
	var out []byte
	for i := range min(colours.w, 256) {
		r, g, b, _ := colours.at(i, 0)
		out = append(out, r, g, b)
	}
	return out
}

func softMask(f *pdffile.File, s *pdffile.Stream) (*raw, bool) {
	v, _ := f.Resolve(s.Dict["SMask"])
	m, ok := v.(*pdffile.Stream)
	if !ok {
		return nil, true
	}
	w, _ := f.Int(m.Dict["Width"])
	h, _ := f.Int(m.Dict["Height"])
	bits, _ := f.Int(m.Dict["BitsPerComponent"])
	if w < 1 || h < 1 || w > 1<<16 || h > 1<<16 || w*h > maxPixels {
		return nil, false
	}
	data, err := f.Decode(m)
	if err != nil {
		return nil, false
	}
	if bits == 1 || bits == 2 || bits == 4 {
		data = unpacked(data, w, h, bits)
		for i := range data {
			data[i] *= uint8(255 / (1<<bits - 1))
		}
	}
	if len(data) < w*h {
		return nil, false
	}
	return &raw{w: w, h: h, n: 1, data: data}, true
}

// unpacked gives every sample of 1, 2 or 4 bits a byte of its own.
func unpacked(data []byte, w, h, bits int) []byte {
	stride := (w*bits + 7) / 8
	if len(data) < stride*h {
		return nil
	}
	out := make([]byte, 0, w*h)
	for y := range h {
		for x := range w {
			at := x * bits
			out = append(out, data[y*stride+at/8]>>(8-bits-at%8)&(1<<bits-1))
		}
	}
	return out
}
