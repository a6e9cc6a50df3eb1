package scan

import (
	"errors"
	"image"
	"math"

	"antin/signer/pagetext"
	"antin/signer/pdffile"
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
	return p.Dict["Annots"] == nil && p.Dict["Group"] == nil && spaces["DefaultGray"] == nil && spaces["DefaultRGB"] == nil && c.usualIntents(catalog)
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
	if a, is := space.(pdffile.Array); is && len(a) == 2 && c.file.Name(a[0]) == "ICCBased" {
		plain = c.usualColours(a[1], p.components)
	}
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
func (u *undrawn) see(s *sight) error {
	w, h := math.Round(u.w/mmPerInch*u.dpi), math.Round(u.h/mmPerInch*u.dpi)
	if !(w >= 1 && h >= 1 && w*h <= maxDots) {
		return errDraw
	}
	s.white(int(w), int(h))
	for _, p := range u.pieces {
		picture, err := s.jpeg.Decode(p.data, p.dots)
		if err != nil || picture.Width != p.w || picture.Height != p.h || !p.paint(&s.dots, picture.Image, u.w/w, u.h/h) {
			return errDraw
		}
	}
	return nil
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
	x0, x1 := covered(inX)
	y0, y1 := covered(inY)
	inX, inY = inX[x0:x1], inY[y0:y1]
	// Where a dot lies in the picture's data is the sum of what its column and its
	// row say.
	offsets := func(of func(x, y int) int) (columns, rows []int) {
		for _, at := range inX {
			if swapped {
				columns = append(columns, of(0, at))
			} else {
				columns = append(columns, of(at, 0))
			}
		}
		for _, at := range inY {
			if swapped {
				rows = append(rows, of(at, 0))
			} else {
				rows = append(rows, of(0, at))
			}
		}
		return columns, rows
	}
	switch m := picture.(type) {
	case *image.Gray:
		columns, rows := offsets(m.PixOffset)
		take := taker(columns)
		for j, at := range rows {
			luma, chroma := s.row(y0 + j)
			take(luma[x0:x1], m.Pix[at:])
			clear(chroma[x0:x1])
		}
		return p.components == 1
	case *image.YCbCr:
		columns, rows := offsets(m.YOffset)
		take := taker(columns)
		inColour, ofColour := offsets(m.COffset)
		above, below := make([]uint8, len(inX)), make([]uint8, len(inX)) // of a row, which are often those of two
		for j, at := range rows {
			luma, chroma := s.row(y0 + j)
			luma, chroma = luma[x0:x1], chroma[x0:x1]
			take(luma, m.Y[at:])
			if j == 0 || ofColour[j] != ofColour[j-1] {
				cb, cr := m.Cb[ofColour[j]:], m.Cr[ofColour[j]:]
				last, c := -1, colour{}
				for i, at := range inColour { // often one for two dots
					if at != last {
						last, c = at, colours[cb[at]][cr[at]]
					}
					above[i], below[i] = c.above, c.below
				}
			}
			clip(chroma, luma, above, below)
		}
		return p.components == 3
	}
	return false
}

// clip cuts off what goes beyond white and black: chroma is what is left of above
// and below.
func clip(chroma, luma, above, below []uint8) {
	luma, above, below = luma[:len(chroma)], above[:len(chroma)], below[:len(chroma)]
	for i := range chroma {
		l := uint(luma[i])
		chroma[i] = uint8(min(uint(above[i]), 255-l) + min(uint(below[i]), l))
	}
}

// taker takes a row of dots from where they lie in data.
func taker(places []int) func(to, data []uint8) {
	for i, at := range places {
		if at != places[0]+i {
			return func(to, data []uint8) {
				for i, at := range places {
					to[i] = data[at]
				}
			}
		}
	}
	return func(to, data []uint8) { // one dot for one, as often
		if len(places) > 0 {
			copy(to, data[places[0]:])
		}
	}
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

// colour is how far red, green and blue go above and below the brightness.
type colour struct{ above, below uint8 }

// colours are those that Cb and Cr make (JFIF 1.02, page 3).
var colours = func() (out [256][256]colour) {
	for i := range out {
		for k := range out[i] {
			cb, cr := float64(i)-128, float64(k)-128
			r, g, b := 1.402*cr, -0.344136*cb-0.714136*cr, 1.772*cb
			out[i][k] = colour{uint8(math.Round(max(r, g, b, 0))), uint8(math.Round(-min(r, g, b, 0)))}
		}
	}
	return out
}()
