package scan

import (
	"errors"
	"image"
	"image/color"
	"math"

	"antin/signer/pagetext"
	"antin/signer/pdffile"
	"antin/signer/scan/coarse"
)

// A page of JPEG pictures alone, as most scanners make it, is seen without being
// drawn: from the pictures' lowest frequencies. What could make it look otherwise
// in a reader keeps a page from this; it is drawn then.

// errDraw tells that a page has to be drawn to be seen.
var errDraw = errors.New("scan: the page has to be drawn")

const (
	leastView = 60       // dpi of a view: a letter of 13 pt has five dots of height
	mostView  = 160      // dpi
	maxDots   = 24 << 20 // of a view, as many as are drawn
	maxPieces = 400
	maxCoded  = 64 << 20 // bytes of the pictures of one page
	sameDPI   = 0.05     // by which resolutions differ that are one
)

// undrawn is a page that can be seen without being drawn.
type undrawn struct {
	w, h   float64 // mm
	dpi    float64 // of the view
	pieces []piece // in painting order
}

// piece is a JPEG picture on such a page.
type piece struct {
	data       []byte
	dots       int // that stand for eight samples
	w, h       int // samples as the dictionary says
	components int
	matrix     [6]float64 // as pagetext.Image has it
}

// plainKeys are what the dictionary of a picture may say without changing how it
// is seen (ISO 32000-1, table 89).
var plainKeys = map[pdffile.Name]bool{
	"Type": true, "Subtype": true, "Width": true, "Height": true, "BitsPerComponent": true, "ColorSpace": true, "Filter": true, "Length": true,
	"Name": true, "Interpolate": true, "Metadata": true, "StructParent": true, "ID": true, "LastModified": true,
}

// undrawn reads what is needed to see a page; ok is false when it has to be
// drawn.
func (c *check) undrawn(t *pagetext.Text, s *sheaf) (_ *undrawn, ok bool) {
	page, err := c.file.Page(t.Page)
	if err != nil || !t.Bare || s.broken > 0 || len(s.all) == 0 || len(s.all) > maxPieces || !c.plainPage(page) {
		return nil, false
	}
	u := &undrawn{w: t.W, h: t.H}
	first, coded := s.all[0].dpi, 0
	for _, p := range s.all {
		if math.Abs(p.dpi-first) > sameDPI*first || !c.plainPicture(p) {
			return nil, false
		}
		data, err := c.file.Raw(p.stream)
		if coded += len(data); err != nil || coded > maxCoded {
			return nil, false
		}
		dots := int(math.Ceil(8 * leastView / p.dpi))
		u.pieces = append(u.pieces, piece{data, dots, p.w, p.h, p.components, p.image.Matrix})
		u.dpi = p.dpi * float64(dots) / 8
	}
	return u, u.dpi >= leastView && u.dpi <= mostView
}

// plainPage tells that nothing but the content is seen, and that its colours are
// what they say: no annotations, group, or colour spaces put in for others
// (8.6.5.6, 14.11.5).
func (c *check) plainPage(p pdffile.Page) bool {
	catalog, _ := c.file.Catalog()
	spaces := c.file.Dict(c.file.Dict(p.Resources)["ColorSpace"])
	return p.Dict["Annots"] == nil && p.Dict["Group"] == nil && catalog["OutputIntents"] == nil &&
		spaces["DefaultGray"] == nil && spaces["DefaultRGB"] == nil
}

// plainPicture tells that a picture is a JPEG and nothing more, and stands upright
// or turned by quarters, with square samples.
func (c *check) plainPicture(p placed) bool {
	d := p.stream.Dict
	for key, v := range d {
		if v != nil && !plainKeys[key] {
			return false
		}
	}
	filter, _ := c.file.Resolve(d["Filter"])
	if a, is := filter.(pdffile.Array); is && len(a) == 1 {
		filter, _ = c.file.Resolve(a[0])
	}
	space, _ := c.file.Resolve(d["ColorSpace"])
	plain := p.components == 3 && space == pdffile.Name("DeviceRGB") || p.components == 1 && space == pdffile.Name("DeviceGray")
	bits, _ := c.file.Int(d["BitsPerComponent"])
	if !plain || bits != 8 || p.num == 0 || filter != pdffile.Name("DCTDecode") {
		return false
	}
	w, h := p.image.Size()
	x, y := float64(p.w)/w, float64(p.h)/h
	m := p.image.Matrix
	const slant = 1e-4 // of the picture's length: 0.03 mm on A4
	across := math.Max(math.Abs(m[1]), math.Abs(m[2])) < slant*math.Min(w, h)
	along := math.Max(math.Abs(m[0]), math.Abs(m[3])) < slant*math.Min(w, h)
	return (across || along) && math.Abs(x-y) < sameDPI*x
}

// see makes the page's dots. The error is errDraw, for a picture that is not read
// or is not what its dictionary says.
func (u *undrawn) see() (*dots, error) {
	w, h := math.Round(u.w/mmPerInch*u.dpi), math.Round(u.h/mmPerInch*u.dpi)
	if !(w >= 1 && h >= 1 && w*h <= maxDots) {
		return nil, errDraw
	}
	s := whiteDots(int(w), int(h))
	for _, p := range u.pieces {
		picture, err := coarse.Decode(p.data, p.dots)
		if err != nil || picture.Width != p.w || picture.Height != p.h || !p.paint(s, picture.Image, u.w/w, u.h/h) {
			return nil, errDraw
		}
	}
	return s, nil
}

// paint puts the picture on the page, whose dots are mmX × mmY; false when its
// components are not those of its colour space.
func (p piece) paint(s *dots, picture image.Image, mmX, mmY float64) bool {
	scale, b, m := float64(p.dots)/8, picture.Bounds(), p.matrix
	// For columns and rows of the page: columns or rows of the picture.
	var inX, inY []int
	swapped := math.Abs(m[1]) > math.Abs(m[0])
	if swapped {
		inX = steps(s.w, mmX, m[4]+m[2], -m[2], float64(p.h)*scale, b.Dy())
		inY = steps(s.h, mmY, m[5], m[1], float64(p.w)*scale, b.Dx())
	} else {
		inX = steps(s.w, mmX, m[4], m[0], float64(p.w)*scale, b.Dx())
		inY = steps(s.h, mmY, m[5]+m[3], -m[3], float64(p.h)*scale, b.Dy())
	}
	// Where a dot lies in the picture's data is the sum of what its column and its
	// row say.
	offsets := func(in []int, column bool, of func(x, y int) int) []int {
		out := make([]int, len(in))
		for i, at := range in {
			if at = max(0, at); column {
				out[i] = of(at, 0)
			} else {
				out[i] = of(0, at)
			}
		}
		return out
	}
	x0, x1 := covered(inX)
	y0, y1 := covered(inY)
	switch m := picture.(type) {
	case *image.Gray:
		x, y := offsets(inX, !swapped, m.PixOffset), offsets(inY, swapped, m.PixOffset)
		for j := y0; j < y1; j++ {
			luma, chroma := s.row(j)
			for i := x0; i < x1; i++ {
				luma[i], chroma[i] = m.Pix[x[i]+y[j]], 0
			}
		}
		return p.components == 1
	case *image.YCbCr:
		x, y := offsets(inX, !swapped, m.YOffset), offsets(inY, swapped, m.YOffset)
		cx, cy := offsets(inX, !swapped, m.COffset), offsets(inY, swapped, m.COffset)
		colours := make([]uint8, len(m.Cb)) // often one for four dots
		for i, cb := range m.Cb {
			colours[i] = spread[cb][m.Cr[i]]
		}
		for j := y0; j < y1; j++ {
			luma, chroma := s.row(j)
			inLuma, inColour := m.Y[y[j]:], colours[cy[j]:]
			luma, chroma = luma[x0:x1], chroma[x0:x1]
			for i, at := range x[x0:x1] {
				c := cx[x0+i]
				bright, colour := inLuma[at], inColour[c]
				if bright < colour || 255-bright < colour { // red, green or blue may be cut off
					bright, colour = toneRGB(color.YCbCrToRGB(bright, m.Cb[cy[j]+c], m.Cr[cy[j]+c]))
				}
				luma[i], chroma[i] = bright, colour
			}
		}
		return p.components == 3
	}
	return false
}

// steps are, for each of n dots of the page, the dot of the picture that lies
// there, −1 beside it. The picture begins at origin and is length long, mm;
// a negative length runs backwards.
func steps(n int, mm, origin, length, dots float64, count int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = -1
		if at := ((float64(i)+0.5)*mm - origin) / length; at >= 0 && at < 1 {
			out[i] = min(int(at*dots), count-1)
		}
	}
	return out
}

// covered are the first of the steps that lie on the picture and the one behind
// the last.
func covered(in []int) (from, to int) {
	for from < len(in) && in[from] < 0 {
		from++
	}
	for to = from; to < len(in) && in[to] >= 0; {
		to++
	}
	return from, to
}

// spread is the difference between the largest and the smallest of red, green and
// blue that Cb and Cr make, as long as none is cut off.
var spread = func() (out [256][256]uint8) {
	for cb := range out {
		for cr := range out[cb] {
			r, g, b := color.YCbCrToRGB(128, uint8(cb), uint8(cr))
			out[cb][cr] = max(r, g, b) - min(r, g, b)
		}
	}
	return out
}()
