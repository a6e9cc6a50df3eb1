package layout

import (
	"math"
	"strings"

	"antin/signer/pagetext"
	"antin/signer/pdffile"
)

const (
	mmPerPt = 25.4 / 72
	// ascent and descent of Times in em: what of a line's height letters with
	// accents and tails fill.
	ascent, descent = 0.891, 0.216
)

// longestTitle is the length of a line, in letters, up to which it can be a title.
const longestTitle = 70

// row is a line of text that reads from left to right, with what the search
// asks of it.
type row struct {
	text         string
	chars        []pagetext.Char
	x0, x1       float64 // mm
	baseline     float64
	size         float64 // pt
	bold, italic bool
	index        int

	authority, position bool // quyền hạn, chức vụ
}

func (r *row) em() float64     { return r.size * mmPerPt }
func (r *row) axis() float64   { return (r.x0 + r.x1) / 2 }
func (r *row) top() float64    { return r.baseline - ascent*r.em() }
func (r *row) bottom() float64 { return r.baseline + descent*r.em() }

// overlaps tells whether two rows stand in one column.
func (r *row) overlaps(o *row) bool {
	common := min(r.x1, o.x1) - max(r.x0, o.x0)
	return common > 0.3*min(r.x1-r.x0, o.x1-o.x0)
}

// sheet is a page prepared for the search.
type sheet struct {
	*pagetext.Text
	rows       []row
	recognised bool // the text is the invisible layer of a scan
	attachment bool
}

// newSheet takes the horizontal lines of a page.
func newSheet(t *pagetext.Text, w words) *sheet {
	s := &sheet{Text: t, recognised: t.Scanned()}
	for i := range t.Lines {
		l := &t.Lines[i]
		if l.Angle != 0 || l.Invisible && !s.recognised {
			continue
		}
		s.add(l, l.Chars, w)
	}
	s.join(w)
	for i := range s.rows {
		r := &s.rows[i]
		r.index = i
		if len(r.chars) <= longestTitle {
			r.authority, r.position = w.authority(r.text), position(r.text)
		}
	}
	return s
}

// add makes a row of a part of a line. Two columns with a narrow gap between
// them come as one line; the second is told by its quyền hạn.
func (s *sheet) add(l *pagetext.Line, chars []pagetext.Char, w words) {
	em := l.Size * mmPerPt
	for i := 2; i+4 < len(chars); i++ {
		if chars[i].Rune != ' ' || chars[i].X1-chars[i].X0 < 0.55*em {
			continue
		}
		if w.authority(runes(chars[i+1:])) && capitals(runes(chars[:i])) {
			s.add(l, chars[:i], w)
			s.add(l, chars[i+1:], w)
			return
		}
	}
	if len(chars) == 0 {
		return
	}
	s.rows = append(s.rows, row{
		text: runes(chars), chars: chars, x0: chars[0].X0, x1: chars[len(chars)-1].X1,
		baseline: l.Baseline, size: l.Size, bold: l.Bold, italic: l.Italic,
	})
}

func runes(chars []pagetext.Char) string {
	var b strings.Builder
	for _, c := range chars {
		b.WriteRune(c.Rune)
	}
	return b.String()
}

// join puts a quyền hạn that stands alone before a wide gap to what it belongs
// to: "KT.     CHỦ TỊCH".
func (s *sheet) join(w words) {
	for i := 0; i+1 < len(s.rows); i++ {
		a, b := &s.rows[i], &s.rows[i+1]
		if math.Abs(a.baseline-b.baseline) > 0.8 || b.x0 < a.x1 || b.x0-a.x1 > 3*a.em() || len([]rune(a.text)) > 5 {
			continue
		}
		if joined := a.text + " " + b.text; w.authority(joined) && !w.authority(a.text) {
			chars := append(append([]pagetext.Char{}, a.chars...), pagetext.Char{Rune: ' ', X0: a.x1, X1: b.x0})
			a.chars, a.text, a.x1 = append(chars, b.chars...), joined, b.x1
			s.rows = append(s.rows[:i+1], s.rows[i+2:]...)
		}
	}
}

// above is the nearest row over r in its column, nil when there is none.
func (s *sheet) above(r *row) *row {
	var best *row
	for i := range s.rows {
		o := &s.rows[i]
		if o.index != r.index && o.baseline < r.baseline-0.5*r.em() && o.overlaps(r) && (best == nil || o.baseline > best.baseline) {
			best = o
		}
	}
	return best
}

// below is the nearest row under r in its column.
func (s *sheet) below(r *row) *row {
	var best *row
	for i := range s.rows {
		o := &s.rows[i]
		if o.index != r.index && o.baseline > r.baseline+0.5*r.em() && o.overlaps(r) && !s.marginal(o) && (best == nil || o.baseline < best.baseline) {
			best = o
		}
	}
	return best
}

// marginal tells whether a row is a page number or a line in the margin.
func (s *sheet) marginal(r *row) bool {
	t := strings.Trim(strings.TrimSpace(r.text), "-–/ ")
	digits := t != "" && strings.Trim(t, "0123456789/ ") == ""
	return digits && (r.baseline < 25 || r.baseline > s.H-25) || r.baseline > s.H-12
}

// filler tells whether a row is only dots or a rule to write on.
func filler(text string) bool { return strings.Trim(text, " ._…-–·") == "" }

// clear returns how far a space around axis between top and bottom reaches to
// both sides before text or a ruled line stands in it, at most half the page.
func (s *sheet) clear(axis, top, bottom float64) (left, right float64) {
	left, right = max(0, axis-s.W/2), min(s.W, axis+s.W/2)
	for i := range s.Ink {
		k := &s.Ink[i]
		if k.Kind != pagetext.TextInk && k.Kind != pagetext.RuleInk || k.Y > bottom-0.5 || k.Y+k.H < top+0.5 {
			continue
		}
		switch {
		case k.X+k.W <= axis:
			left = max(left, k.X+k.W)
		case k.X >= axis:
			right = min(right, k.X)
		}
	}
	return left, right
}

// ruled tells whether a horizontal line longer than 15 mm crosses the axis
// between top and bottom.
func (s *sheet) ruled(axis, top, bottom float64) bool {
	for i := range s.Ink {
		k := &s.Ink[i]
		if k.Kind == pagetext.RuleInk && k.W > 15 && k.X < axis && k.X+k.W > axis && k.Y > top && k.Y+k.H < bottom {
			return true
		}
	}
	return false
}

// covered is the share of a box that ink of a kind covers, by the largest piece.
func (s *sheet) covered(b pdffile.Box, kind pagetext.InkKind) float64 {
	share := 0.0
	for i := range s.Ink {
		k := &s.Ink[i]
		if k.Kind != kind {
			continue
		}
		w := min(b.X+b.W, k.X+k.W) - max(b.X, k.X)
		h := min(b.Y+b.H, k.Y+k.H) - max(b.Y, k.Y)
		if w > 0 && h > 0 && b.W > 0 && b.H > 0 {
			share = max(share, w*h/(b.W*b.H))
		}
	}
	return share
}
