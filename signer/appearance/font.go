package appearance

import (
	"fmt"
	"math"
	"strconv"
	"sync"
	"unicode"
	"unicode/utf8"

	"antin/assets"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// Face is a style of the one typeface, Liberation Serif.
type Face int

const (
	Regular Face = iota
	Bold
	Italic
	BoldItalic
)

// String is the name of the style as font files spell it.
func (f Face) String() string {
	switch f {
	case Regular:
		return "Regular"
	case Bold:
		return "Bold"
	case Italic:
		return "Italic"
	case BoldItalic:
		return "Bold Italic"
	default:
		return "Face(" + strconv.Itoa(int(f)) + ")"
	}
}

const mmPerPoint = 25.4 / 72

// GlyphError tells which rune a face cannot draw. It is an ErrMissingGlyph.
type GlyphError struct {
	Rune rune
	Face Face
}

// Error names the rune and its code point.
func (e *GlyphError) Error() string {
	return fmt.Sprintf("%v: %q (%U) in %v", ErrMissingGlyph, e.Rune, e.Rune, e.Face)
}

// Unwrap makes errors.Is(err, ErrMissingGlyph) true.
func (e *GlyphError) Unwrap() error { return ErrMissingGlyph }

// typeface is one parsed face; immutable, so that all callers share it.
type typeface struct {
	*sfnt.Font
	perEm   fixed.Int26_6 // as size: lengths come back in font units
	metrics font.Metrics
}

var typefaces = [...]func() (*typeface, error){
	Regular:    sync.OnceValues(func() (*typeface, error) { return parseFace(assets.SerifRegular()) }),
	Bold:       sync.OnceValues(func() (*typeface, error) { return parseFace(assets.SerifBold()) }),
	Italic:     sync.OnceValues(func() (*typeface, error) { return parseFace(assets.SerifItalic()) }),
	BoldItalic: sync.OnceValues(func() (*typeface, error) { return parseFace(assets.SerifBoldItalic()) }),
}

func parseFace(ttf []byte) (*typeface, error) {
	f, err := sfnt.Parse(ttf)
	if err != nil {
		return nil, fmt.Errorf("reading font: %w", err)
	}
	t := &typeface{Font: f, perEm: fixed.Int26_6(f.UnitsPerEm())}
	if t.metrics, err = f.Metrics(nil, t.perEm, font.HintingNone); err != nil {
		return nil, fmt.Errorf("reading font metrics: %w", err)
	}
	return t, nil
}

func (f Face) typeface() (*typeface, error) {
	if f < 0 || int(f) >= len(typefaces) {
		return nil, fmt.Errorf("appearance: no such face: %v", f)
	}
	return typefaces[f]()
}

// mmPerUnit is the length of one font unit at a size of pt points.
func (t *typeface) mmPerUnit(pt float64) float64 {
	return pt * mmPerPoint / float64(t.perEm)
}

// Metrics are the vertical measures of a face at one size, in mm, all
// positive.
type Metrics struct {
	Ascent    float64 // above the baseline; Vietnamese capitals of Bold with two marks reach 2 % further
	Descent   float64 // below the baseline
	CapHeight float64 // of capitals without marks
	Leading   float64 // between the baselines of single-spaced lines
}

// FontMetrics returns the measures of a face at a size of pt points, for
// callers that place a baseline.
func FontMetrics(f Face, pt float64) (Metrics, error) {
	t, err := f.typeface()
	if err != nil {
		return Metrics{}, err
	}
	if err := checkSize(pt); err != nil {
		return Metrics{}, err
	}
	mm := t.mmPerUnit(pt)
	return Metrics{
		Ascent:    float64(t.metrics.Ascent) * mm,
		Descent:   float64(t.metrics.Descent) * mm,
		CapHeight: float64(t.metrics.CapHeight) * mm,
		Leading:   float64(t.metrics.Height) * mm,
	}, nil
}

// Measure returns the advance width of a line in mm at a size of pt points,
// without kerning, exactly as Look.Text sets it.
// Errors: ErrMissingGlyph as *GlyphError.
func Measure(line string, f Face, pt float64) (mm float64, err error) {
	s, err := setLine(line, f, pt)
	if err != nil {
		return 0, err
	}
	return s.advance, nil
}

func checkSize(pt float64) error {
	if !(pt > 0) || math.IsInf(pt, 1) {
		return fmt.Errorf("appearance: font size %v pt", pt)
	}
	return nil
}

// setting is a line of text set in one face and size.
type setting struct {
	face    *typeface
	glyphs  []sfnt.GlyphIndex
	mm      float64 // per font unit
	advance float64 // mm
	ink     inkBox
}

// inkBox is what the outlines cover, in mm from the origin of the line,
// y downwards as everywhere in a look.
type inkBox struct{ left, top, right, bottom float64 }

// setLine normalises line to NFC and finds its glyphs. What NFC cannot compose
// is refused: a mark would stand beside its letter instead of above it.
func setLine(line string, f Face, pt float64) (*setting, error) {
	t, err := f.typeface()
	if err != nil {
		return nil, err
	}
	if err := checkSize(pt); err != nil {
		return nil, err
	}
	s := &setting{face: t, mm: t.mmPerUnit(pt)}
	var (
		buf sfnt.Buffer
		x   fixed.Int26_6
		ink fixed.Rectangle26_6
	)
	for _, r := range norm.NFC.String(line) {
		g, err := t.glyph(&buf, r)
		if err != nil {
			return nil, err
		}
		if g == 0 {
			return nil, &GlyphError{Rune: r, Face: f}
		}
		bounds, advance, err := t.GlyphBounds(&buf, g, t.perEm, font.HintingNone)
		if err != nil {
			return nil, fmt.Errorf("measuring %q: %w", r, err)
		}
		ink = ink.Union(bounds.Add(fixed.Point26_6{X: x}))
		x += advance
		s.glyphs = append(s.glyphs, g)
	}
	s.advance = float64(x) * s.mm
	s.ink = inkBox{
		left: float64(ink.Min.X) * s.mm, top: float64(ink.Min.Y) * s.mm,
		right: float64(ink.Max.X) * s.mm, bottom: float64(ink.Max.Y) * s.mm,
	}
	return s, nil
}

// glyph returns 0 for runes that must not or cannot be drawn on their own:
// marks, controls, invisible format characters and unreadable bytes.
func (t *typeface) glyph(buf *sfnt.Buffer, r rune) (sfnt.GlyphIndex, error) {
	if r == utf8.RuneError || unicode.In(r, unicode.M, unicode.C) {
		return 0, nil
	}
	g, err := t.GlyphIndex(buf, r)
	if err != nil {
		return 0, fmt.Errorf("looking up %q: %w", r, err)
	}
	return g, nil
}

// overhang is how far the line reaches left of its origin, in mm.
func (s *setting) overhang() float64 { return max(0, -s.ink.left) }

// reach is how far the line reaches right of its origin, in mm.
func (s *setting) reach() float64 { return max(s.advance, s.ink.right) }

// appendOutlines writes the path of all glyphs in font units, y upwards as PDF
// has it, and fills it by the nonzero rule (accented letters overlap).
func (s *setting) appendOutlines(b []byte) ([]byte, error) {
	var (
		buf sfnt.Buffer
		x   fixed.Int26_6
	)
	for _, g := range s.glyphs {
		segments, err := s.face.LoadGlyph(&buf, g, s.face.perEm, nil)
		if err != nil {
			return nil, fmt.Errorf("reading outline of glyph %d: %w", g, err)
		}
		b = appendPath(b, segments, float64(x))
		advance, err := s.face.GlyphAdvance(&buf, g, s.face.perEm, font.HintingNone)
		if err != nil {
			return nil, fmt.Errorf("reading advance of glyph %d: %w", g, err)
		}
		x += advance
	}
	return append(b, "f\n"...), nil
}

// appendPath writes one outline. PDF has no quadratic curves: the control
// points of the equal cubic lie two thirds of the way to the quadratic's.
func appendPath(b []byte, segments sfnt.Segments, dx float64) []byte {
	type point struct{ x, y float64 }
	at := func(p fixed.Point26_6) point { return point{dx + float64(p.X), -float64(p.Y)} }
	operands := func(points ...point) {
		for _, p := range points {
			b = append(appendTenth(b, p.x), ' ')
			b = append(appendTenth(b, p.y), ' ')
		}
	}
	var pen point
	open := false
	for _, s := range segments {
		p := at(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if open {
				b = append(b, "h\n"...)
			}
			open = true
			operands(p)
			b = append(b, "m\n"...)
			pen = p
		case sfnt.SegmentOpLineTo:
			operands(p)
			b = append(b, "l\n"...)
			pen = p
		case sfnt.SegmentOpQuadTo:
			end := at(s.Args[1])
			operands(
				point{pen.x + 2*(p.x-pen.x)/3, pen.y + 2*(p.y-pen.y)/3},
				point{end.x + 2*(p.x-end.x)/3, end.y + 2*(p.y-end.y)/3},
				end)
			b = append(b, "c\n"...)
			pen = end
		case sfnt.SegmentOpCubeTo:
			pen = at(s.Args[2])
			operands(p, at(s.Args[1]), pen)
			b = append(b, "c\n"...)
		}
	}
	if open {
		b = append(b, "h\n"...)
	}
	return b
}

// appendTenth writes v with at most one decimal.
func appendTenth(b []byte, v float64) []byte {
	return strconv.AppendFloat(b, math.Round(v*10)/10+0, 'f', -1, 64)
}

// appendNumber writes v with nine significant digits and no exponent, which
// PDF does not know (ISO 32000-1, 7.3.3).
func appendNumber(b []byte, v float64) []byte {
	if math.Abs(v) < 1e-9 {
		return append(b, '0')
	}
	nine, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 8, 64), 64) // our own digits always parse
	return strconv.AppendFloat(b, nine, 'f', -1, 64)
}
