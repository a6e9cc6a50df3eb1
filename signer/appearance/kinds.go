package appearance

import (
	"errors"
	"fmt"
	"strings"

	"antin/signer/pdffile"
)

// Align is where a line stands within its look.
type Align int

const (
	Left Align = iota
	Centre
	Right
)

// tolerance forgives rounding of lengths that were computed elsewhere, mm.
const tolerance = 0.01

// SignatureLook is a picture of a handwritten signature, as large as fits into
// w × h mm, centred.
func SignatureLook(p *Picture, w, h float64) *Look {
	l := NewLook(w, h)
	l.Picture(p, pdffile.Box{W: w, H: h})
	return l
}

// SealLook is a seal whose outer circle has the diameter in mm, whatever the
// picture's pixel count and however wide its empty border: the border is cut
// off, so that the longer side of what can be seen is the diameter. The
// border is what is less than one eighth opaque or, in a picture without
// transparency, nearly white. The look is a square of the diameter.
func SealLook(p *Picture, diameter float64) *Look {
	if p != nil {
		if seen := p.visible(); !seen.Empty() {
			p = p.cropped(seen)
		}
	}
	return SignatureLook(p, diameter, diameter)
}

// LinesLook is a block of text w mm wide and as high as its lines need. Lines
// start at the left edge; one that is too long is broken at spaces. leading is
// the distance of baselines in points, 0 for single spacing. An empty string
// is an empty line.
// Errors: ErrMissingGlyph; ErrNoRoom for a single word wider than w.
func LinesLook(w float64, lines []string, f Face, pt, leading float64) (*Look, error) {
	m, err := FontMetrics(f, pt)
	if err != nil {
		return nil, err
	}
	var set []*setting
	for _, line := range lines {
		broken, err := breakLine(line, f, pt, w)
		if err != nil {
			return nil, err
		}
		set = append(set, broken...)
	}
	if len(set) == 0 {
		return nil, errors.New("appearance: no lines")
	}
	step := leading * mmPerPoint
	if step <= 0 {
		step = m.Leading
	}
	left := 0.0 // italics reach over the edge a little
	top, bottom := m.Ascent, m.Descent
	for i, s := range set {
		left = max(left, s.overhang())
		top = max(top, -s.ink.top-float64(i)*step)
		bottom = max(bottom, s.ink.bottom-float64(len(set)-1-i)*step)
	}
	l := NewLook(w, top+float64(len(set)-1)*step+bottom)
	for i, s := range set {
		l.set(s, left, top+float64(i)*step, black)
	}
	return l, nil
}

// breakLine sets a line in as many lines of at most w mm as it needs.
func breakLine(line string, f Face, pt, w float64) ([]*setting, error) {
	fits := func(s *setting) bool { return s.overhang()+s.reach() <= w+tolerance }
	whole, err := setLine(line, f, pt)
	if err != nil {
		return nil, err
	}
	if fits(whole) {
		return []*setting{whole}, nil
	}
	var out []*setting
	text := ""
	var last *setting
	for _, word := range strings.Fields(line) {
		longer := strings.TrimPrefix(text+" "+word, " ")
		s, err := setLine(longer, f, pt)
		if err != nil {
			return nil, err
		}
		if !fits(s) && text != "" {
			out = append(out, last)
			longer = word
			if s, err = setLine(word, f, pt); err != nil {
				return nil, err
			}
		}
		if !fits(s) {
			return nil, fmt.Errorf("%w: %q is wider than %.1f mm", ErrNoRoom, word, w)
		}
		text, last = longer, s
	}
	return append(out, last), nil
}

// TextLook is one line in a box of w × h mm, such as a number on its slot.
// baseline is the distance in mm from the top of the box.
// Errors: ErrMissingGlyph; ErrNoRoom when a part of the letters would be cut
// off at an edge.
func TextLook(w, h float64, line string, f Face, pt float64, a Align, baseline float64) (*Look, error) {
	s, err := setLine(line, f, pt)
	if err != nil {
		return nil, err
	}
	if s.overhang()+s.reach() > w+tolerance {
		return nil, fmt.Errorf("%w: %q is wider than %.1f mm", ErrNoRoom, line, w)
	}
	if baseline+s.ink.top < -tolerance || baseline+s.ink.bottom > h+tolerance {
		return nil, fmt.Errorf("%w: %q is higher than the box of %.1f mm with baseline %.1f mm", ErrNoRoom, line, h, baseline)
	}
	var x float64
	switch a {
	case Centre:
		x = (w - s.advance) / 2
	case Right:
		x = w - s.reach()
	}
	l := NewLook(w, h)
	l.set(s, max(s.overhang(), min(x, w-s.reach())), baseline, black)
	return l, nil
}
