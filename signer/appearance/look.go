package appearance

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"strconv"

	"antin/signer/pdffile"
)

// Look is a drawing of W × H mm, origin top left, y downwards. Things drawn
// later lie above earlier ones; what reaches over the edge is cut off.
type Look struct {
	w, h  float64
	items []item
	err   error // the first misuse, told by Form
}

// item is a picture in a box or a line of text on a baseline.
type item struct {
	picture *Picture
	box     pdffile.Box // where the picture goes, mm

	text        *setting
	x, baseline float64 // mm
	fill        ink

	frame bool // of box, in fill
}

// ink is a fill colour as PDF operands and operator.
type ink string

// ISO 19005-1, 6.2.3: grey is right under every output intent, RGB is not.
const (
	black ink = "0 g"
	red   ink = "0.8 0 0 rg"
)

// NewLook starts an empty look of w × h mm.
func NewLook(w, h float64) *Look {
	l := &Look{w: w, h: h}
	if !positive(w) || !positive(h) {
		l.err = fmt.Errorf("appearance: look of %v × %v mm", w, h)
	}
	return l
}

func positive(v float64) bool { return v > 0 && !math.IsInf(v, 1) }

// Size returns width and height in mm.
func (l *Look) Size() (w, h float64) { return l.w, l.h }

// Picture draws p as large as fits into b (mm), its aspect ratio kept,
// centred. A box without extent or a picture without visible pixels
// (ErrPictureEmpty) makes Form fail.
func (l *Look) Picture(p *Picture, b pdffile.Box) {
	switch {
	case l.err != nil:
	case p == nil || !p.Opaque() && p.visible().Empty():
		l.err = ErrPictureEmpty
	case !positive(b.W) || !positive(b.H):
		l.err = fmt.Errorf("appearance: picture of %v × %v mm", b.W, b.H)
	default:
		w, h := p.shape()
		scale := min(b.W/w, b.H/h)
		w, h = w*scale, h*scale
		l.items = append(l.items, item{picture: p, box: pdffile.Box{
			X: b.X + (b.W-w)/2, Y: b.Y + (b.H-h)/2, W: w, H: h,
		}})
	}
}

// Text sets one line in black from x on the baseline (mm), at a size of pt
// points, without kerning. The line is normalised to NFC.
// Errors: ErrMissingGlyph as *GlyphError, also for combining marks that NFC
// cannot compose, control and format characters.
func (l *Look) Text(line string, f Face, pt float64, x, baseline float64) error {
	s, err := setLine(line, f, pt)
	if err != nil {
		return err
	}
	l.set(s, x, baseline, black)
	return nil
}

// frameLine is the width of the line of a frame, mm.
const frameLine = 0.35

// Framed sets one line in red in a red frame along the inside of b (mm), such as
// a mark of urgency. Errors: those of Text.
func (l *Look) Framed(line string, f Face, pt, x, baseline float64, b pdffile.Box) error {
	s, err := setLine(line, f, pt)
	if err != nil {
		return err
	}
	l.items = append(l.items, item{frame: true, box: b, fill: red})
	l.set(s, x, baseline, red)
	return nil
}

func (l *Look) set(s *setting, x, baseline float64, fill ink) {
	if len(s.glyphs) > 0 {
		l.items = append(l.items, item{text: s, x: x, baseline: baseline, fill: fill})
	}
}

// Notes tells what the constraints do to this look, each at most once.
func (l *Look) Notes(c Constraints) []Note {
	var blended, colour bool
	for _, it := range l.items {
		colour = colour || c.PDFA > 0 && !c.OutputIntentRGB && it.fill == red
		if it.picture != nil {
			blended = blended || c.PDFA == 1 && it.picture.hasSoftEdges()
			colour = colour || c.PDFA > 0 && !c.OutputIntentRGB && !it.picture.grey
		}
	}
	var notes []Note
	if blended {
		notes = append(notes, NoteBlendedOnWhite)
	}
	if colour {
		notes = append(notes, NoteOutputIntent)
	}
	return notes
}

// Form adds the look to a document as a form XObject, with an image XObject
// for each different picture, and returns the form's reference. Used as /AP/N
// of an annotation whose /Rect is g.Rect of a box of the same size, it stands
// upright and in true size.
//
// Errors: ErrPictureEmpty, or a misuse told by the text.
func (l *Look) Form(add pdffile.Adder, g pdffile.Geometry, c Constraints) (pdffile.Ref, error) {
	if l.err != nil {
		return pdffile.Ref{}, l.err
	}
	content, images, err := l.content(add, g, c)
	if err != nil {
		return pdffile.Ref{}, fmt.Errorf("drawing appearance: %w", err)
	}
	data, err := deflate(content)
	if err != nil {
		return pdffile.Ref{}, err
	}
	resources := pdffile.Dict{}
	if len(images) > 0 {
		resources["XObject"] = images
	}
	bbox, matrix := g.Upright(l.w, l.h)
	return add.Add(&pdffile.Stream{
		Dict: pdffile.Dict{
			"Type":      pdffile.Name("XObject"),
			"Subtype":   pdffile.Name("Form"),
			"BBox":      bbox.Array(),
			"Matrix":    numbers(matrix),
			"Resources": resources,
			"Filter":    pdffile.Name("FlateDecode"),
			"Length":    len(data),
		},
		Data: data,
	}), nil
}

// content writes the drawing operators in user space units from the lower left
// corner and adds the pictures, each different one once.
func (l *Look) content(add pdffile.Adder, g pdffile.Geometry, c Constraints) ([]byte, pdffile.Dict, error) {
	var (
		b      []byte
		images = pdffile.Dict{}
		names  = map[[sha256.Size]byte]pdffile.Name{}
	)
	for _, it := range l.items {
		if it.frame {
			b = append(append(append(b, "q "...), it.fill...), '\n')
			b = appendFrame(b, it.box, l.h, g)
			b = append(b, "f Q\n"...)
			continue
		}
		if it.text != nil {
			scale := g.Units(it.text.mm)
			b = append(b, "q "...)
			b = appendMatrix(b, scale, scale, g.Units(it.x), g.Units(l.h-it.baseline))
			b = append(b, it.fill...)
			b = append(b, '\n')
			var err error
			if b, err = it.text.appendOutlines(b); err != nil {
				return nil, nil, err
			}
			b = append(b, "Q\n"...)
			continue
		}
		sum := it.picture.sum()
		name, known := names[sum]
		if !known {
			ref, err := it.picture.object(add, c)
			if err != nil {
				return nil, nil, err
			}
			name = pdffile.Name("Im" + strconv.Itoa(len(names)))
			names[sum], images[name] = name, ref
		}
		box := it.box
		b = append(b, "q "...)
		b = appendMatrix(b, g.Units(box.W), g.Units(box.H), g.Units(box.X), g.Units(l.h-box.Y-box.H))
		b = append(b, "/"+string(name)+" Do Q\n"...)
	}
	return b, images, nil
}

// bars are the four sides of a frame along the inside of a box, mm.
func bars(of pdffile.Box) []pdffile.Box {
	const t = frameLine
	return []pdffile.Box{
		{X: of.X, Y: of.Y, W: of.W, H: t},
		{X: of.X, Y: of.Y + of.H - t, W: of.W, H: t},
		{X: of.X, Y: of.Y, W: t, H: of.H},
		{X: of.X + of.W - t, Y: of.Y, W: t, H: of.H},
	}
}

// appendFrame writes the bars of a frame as rectangles.
func appendFrame(b []byte, at pdffile.Box, h float64, g pdffile.Geometry) []byte {
	for _, bar := range bars(at) {
		for _, v := range []float64{bar.X, h - bar.Y - bar.H, bar.W, bar.H} {
			b = append(appendNumber(b, g.Units(v)), ' ')
		}
		b = append(b, "re\n"...)
	}
	return b
}

// appendMatrix writes a scale and a shift as cm.
func appendMatrix(b []byte, sx, sy, dx, dy float64) []byte {
	for _, v := range [...]float64{sx, 0, 0, sy, dx, dy} {
		b = append(appendNumber(b, v), ' ')
	}
	return append(b, "cm\n"...)
}

func numbers(m [6]float64) pdffile.Array {
	a := make(pdffile.Array, len(m))
	for i, v := range m {
		a[i] = math.Round(v*1e4)/1e4 + 0
	}
	return a
}

// deflate compresses for FlateDecode. The highest level would take ten times
// as long on the long runs of a soft mask and save a few per cent.
func deflate(data []byte) ([]byte, error) {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, err := z.Write(data)
	if err = errors.Join(err, z.Close()); err != nil {
		return nil, fmt.Errorf("compressing: %w", err)
	}
	return b.Bytes(), nil
}
