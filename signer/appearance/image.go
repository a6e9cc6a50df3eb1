package appearance

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"sync"

	"antin/signer/pdffile"
)

// sum tells pictures with equal pixels as equal.
func (p *Picture) sum() (s [sha256.Size]byte) {
	d := sha256.New()
	var head [10]byte
	binary.BigEndian.PutUint32(head[0:], uint32(p.w))
	binary.BigEndian.PutUint32(head[4:], uint32(p.h))
	head[8] = byte(p.channels())
	if p.alpha != nil {
		head[9] = 1
	}
	d.Write(head[:])
	d.Write(p.samples)
	d.Write(p.alpha)
	d.Sum(s[:0])
	return s
}

// object adds the picture as image XObject (ISO 32000-1, 8.9.5), with a mask
// when it has transparent pixels.
func (p *Picture) object(add pdffile.Adder, c Constraints) (pdffile.Ref, error) {
	if p.jpeg != nil && p.alpha == nil {
		return add.Add(p.imageObject(p.jpeg, "DCTDecode")), nil
	}
	if p.alpha != nil && c.PDFA == 1 {
		// ISO 19005-1, 6.4: no SMask. A stencil mask is no transparency.
		mask, err := p.addStencil(add)
		if err != nil {
			return pdffile.Ref{}, err
		}
		s, err := p.flateObject(p.onWhite())
		if err != nil {
			return pdffile.Ref{}, err
		}
		s.Dict["Mask"] = mask
		return add.Add(s), nil
	}
	p.packed.once.Do(p.pack)
	if p.packed.err != nil {
		return pdffile.Ref{}, p.packed.err
	}
	s := *p.packed.colour
	s.Dict = maps.Clone(s.Dict)
	if p.packed.alpha != nil {
		alpha := *p.packed.alpha
		alpha.Dict = maps.Clone(alpha.Dict)
		s.Dict["SMask"] = add.Add(&alpha)
	}
	return add.Add(&s), nil
}

// packed are the streams of a picture. They are made once: the same seal goes
// on many documents, and compressing it costs more than signing.
type packed struct {
	once          sync.Once
	colour, alpha *pdffile.Stream
	err           error
}

// pack compresses the picture and, as its SMask (11.6.5.3), its opacity.
func (p *Picture) pack() {
	samples := p.samples
	if p.alpha != nil {
		samples = p.bled()
		opacity := &Picture{w: p.w, h: p.h, grey: true}
		if p.packed.alpha, p.packed.err = opacity.flateObject(p.alpha); p.packed.err != nil {
			return
		}
	}
	p.packed.colour, p.packed.err = p.flateObject(samples)
}

func (p *Picture) imageObject(data []byte, filter pdffile.Name) *pdffile.Stream {
	space := pdffile.Name("DeviceRGB")
	if p.channels() == 1 {
		space = "DeviceGray"
	}
	// No /Interpolate: ISO 19005-1, 6.2.4 forbids it, and edges stay exact.
	return &pdffile.Stream{
		Dict: pdffile.Dict{
			"Type":             pdffile.Name("XObject"),
			"Subtype":          pdffile.Name("Image"),
			"Width":            p.w,
			"Height":           p.h,
			"ColorSpace":       space,
			"BitsPerComponent": 8,
			"Filter":           filter,
			"Length":           len(data),
		},
		Data: data,
	}
}

// flateObject compresses samples as they are or as differences to the pixel on
// the left (7.4.4.4, Predictor 2), whichever is smaller: flat colours like the
// former, scans the latter.
func (p *Picture) flateObject(samples []byte) (*pdffile.Stream, error) {
	plain, err := deflate(samples)
	if err != nil {
		return nil, err
	}
	n := p.channels()
	differences := make([]byte, len(samples))
	for i, v := range samples {
		differences[i] = v
		if i%(n*p.w) >= n {
			differences[i] -= samples[i-n]
		}
	}
	predicted, err := deflate(differences)
	if err != nil {
		return nil, err
	}
	if len(plain) <= len(predicted) {
		return p.imageObject(plain, "FlateDecode"), nil
	}
	s := p.imageObject(predicted, "FlateDecode")
	s.Dict["DecodeParms"] = pdffile.Dict{"Predictor": 2, "Colors": n, "BitsPerComponent": 8, "Columns": p.w}
	return s, nil
}

// stencilFrom is the least opacity that a stencil mask paints: anything
// fainter would hide what is below without being seen itself.
const stencilFrom = 16

// addStencil writes an explicit mask (8.9.6.3): bit 1 = not painted.
func (p *Picture) addStencil(add pdffile.Adder) (pdffile.Ref, error) {
	stride := (p.w + 7) / 8
	bits := make([]byte, stride*p.h)
	for y := range p.h {
		for x := range p.w {
			if p.alpha[y*p.w+x] < stencilFrom {
				bits[y*stride+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	data, err := deflate(bits)
	if err != nil {
		return pdffile.Ref{}, err
	}
	return add.Add(&pdffile.Stream{
		Dict: pdffile.Dict{
			"Type":             pdffile.Name("XObject"),
			"Subtype":          pdffile.Name("Image"),
			"Width":            p.w,
			"Height":           p.h,
			"ImageMask":        true,
			"BitsPerComponent": 1,
			"Filter":           pdffile.Name("FlateDecode"),
			"Length":           len(data),
		},
		Data: data,
	}), nil
}

// onWhite returns the samples mixed with white paper according to alpha.
func (p *Picture) onWhite() []byte {
	n := p.channels()
	out := make([]byte, len(p.samples))
	for i, v := range p.samples {
		a := int(p.alpha[i/n])
		out[i] = byte((int(v)*a + 255*(255-a) + 127) / 255)
	}
	return out
}

// hasSoftEdges tells that some pixel is neither opaque nor fully transparent.
func (p *Picture) hasSoftEdges() bool {
	for _, a := range p.alpha {
		if a != 0 && a != 255 {
			return true
		}
	}
	return false
}

// bled returns the samples with the colour of every fully transparent pixel
// replaced by that of a visible neighbour. Viewers that make a picture smaller
// average colour and alpha apart from each other; the black that drawing
// programs leave under transparent pixels would appear as a dark fringe.
func (p *Picture) bled() []byte {
	n := p.channels()
	out := append([]byte(nil), p.samples...)
	row := func(y int) []byte { return out[n*y*p.w : n*(y+1)*p.w] }
	copyRow := func(to, from int) {
		if from >= 0 {
			copy(row(to), row(from))
		}
	}
	inked := -1 // the last row above with anything visible
	for y := range p.h {
		if p.bleedRow(row(y), p.alpha[y*p.w:(y+1)*p.w]) {
			if inked < 0 {
				for above := range y {
					copyRow(above, y)
				}
			}
			inked = y
			continue
		}
		copyRow(y, inked)
	}
	return out
}

// bleedRow spreads visible colours to the right, then from the first visible
// pixel to the left, and tells whether there was any.
func (p *Picture) bleedRow(samples, alpha []byte) bool {
	n := p.channels()
	last := -1
	for x, a := range alpha {
		switch {
		case a > 0:
			if last < 0 {
				for left := range x {
					copy(samples[n*left:n*left+n], samples[n*x:])
				}
			}
			last = x
		case last >= 0:
			copy(samples[n*x:n*x+n], samples[n*last:])
		}
	}
	return last >= 0
}
