package pagetext

import (
	"math"
	"strings"
	"unicode"

	"antin/signer/pdffile/content"
)

// glyph is one shown glyph.
type glyph struct {
	text         string
	u0, u1       float64 // mm along the reading direction
	v            float64 // mm across it: the page's y for upright text
	size         float64 // mm
	space        float64 // character spacing behind it, mm
	angle        int
	seq          int
	bold, italic bool
	invisible    bool
	font         *font
}

// textOperator executes the operators of text objects (9.3 and 9.4).
func (p *page) textOperator(op string, a arguments, res *resources) bool {
	s := &p.state
	switch op {
	case "BT":
		s.textMatrix, s.lineMatrix = content.Identity, content.Identity
	case "ET":
	case "Tc":
		s.charSpace = a.num(0)
	case "Tw":
		s.wordSpace = a.num(0)
	case "Tz":
		s.scale = a.num(0) / 100
	case "TL":
		s.leading = a.num(0)
	case "Tf":
		s.font, s.size = p.font(res, string(a.text(0))), a.num(1)
	case "Tr":
		s.mode = int(a.num(0))
	case "Ts":
		s.rise = a.num(0)
	case "Td":
		p.nextLine(a.num(0), a.num(1))
	case "TD":
		s.leading = -a.num(1)
		p.nextLine(a.num(0), a.num(1))
	case "Tm":
		if m := a.matrix(); sane(m) {
			s.textMatrix, s.lineMatrix = m, m
		}
	case "T*":
		p.nextLine(0, -s.leading)
	case "Tj":
		p.show(a.text(0))
	case "'":
		p.nextLine(0, -s.leading)
		p.show(a.text(0))
	case "\"":
		s.wordSpace, s.charSpace = a.num(0), a.num(1)
		p.nextLine(0, -s.leading)
		p.show(a.text(2))
	case "TJ":
		if len(a) == 0 {
			return true
		}
		for _, o := range a[0].List {
			switch o.Kind {
			case content.Number:
				p.advance(-o.Num / 1000 * s.size * s.scale)
			case content.String:
				p.show(o.Text)
			}
		}
	default:
		return false
	}
	return true
}

func (p *page) nextLine(x, y float64) {
	if m := (content.Matrix{1, 0, 0, 1, x, y}).Times(p.state.lineMatrix); sane(m) {
		p.state.lineMatrix, p.state.textMatrix = m, m
	}
}

func (p *page) advance(tx float64) {
	if m := (content.Matrix{1, 0, 0, 1, tx, 0}).Times(p.state.textMatrix); sane(m) {
		p.state.textMatrix = m
	}
}

// show shows a string (9.4.4).
func (p *page) show(b []byte) {
	s := &p.state
	f := s.font
	p.more = p.more || s.mode != 3 || f != nil && f.drawn
	if f == nil {
		return
	}
	for len(b) > 0 {
		c, n := f.code(b)
		if n <= 0 {
			return
		}
		b = b[n:]
		if len(p.glyphs) >= maxGlyphs {
			p.cut = true
			return
		}
		w := f.width(c)
		if !p.hiddenNow() {
			p.place(f, c, w)
		}
		tx := w*s.size + s.charSpace
		if n == 1 && c == ' ' {
			tx += s.wordSpace
		}
		p.advance(tx * s.scale)
	}
}

// place records a glyph where the text matrix stands.
func (p *page) place(f *font, c uint32, w float64) {
	s := &p.state
	m := content.Matrix{s.size * s.scale, 0, 0, s.size, 0, s.rise}.Times(s.textMatrix).Times(s.ctm)
	along := math.Hypot(m[0], m[1])
	if along == 0 || !sane(m) {
		return
	}
	across := math.Abs(m[0]*m[3]-m[1]*m[2]) / along
	if !f.composite && f.glyphSpace[0] != 0.001 {
		across *= math.Abs(f.glyphSpace[3]) * 1000 // Type3: as large as the glyphs are drawn
	}
	if across < 0.05 || across > 1000 {
		return
	}
	g := glyph{size: across, seq: len(p.glyphs), font: f, bold: f.bold || s.mode == 2, italic: f.italic}
	turn := math.Atan2(m[1], m[0])
	if s.size*s.scale*w < 0 && s.size < 0 {
		turn += math.Pi // a negative size turns the glyphs back
	}
	g.angle = (int(math.Round(turn*180/math.Pi)) + 720) % 360
	if skew := (m[0]*m[2] + m[1]*m[3]) / (along * math.Hypot(m[2], m[3])); skew > 0.12 {
		g.italic = true // slanted by the matrix
	}
	sin, cos := math.Sincos(float64(g.angle) * math.Pi / 180)
	x1, y1 := m[4]+w*m[0], m[5]+w*m[1]
	g.u0, g.u1 = m[4]*cos+m[5]*sin, x1*cos+y1*sin
	g.u0, g.u1 = min(g.u0, g.u1), max(g.u0, g.u1)
	g.v = m[5]*cos - m[4]*sin
	g.space = s.charSpace / s.size * along / s.scale
	if math.IsNaN(g.space) || math.IsInf(g.space, 0) {
		g.space = 0
	}
	g.invisible = s.mode == 3 || s.mode == 7 || s.fillWhite && s.mode%4 == 0
	if x, y := (m[4]+x1)/2, (m[5]+y1)/2; x < -1 || y < -1 || x > p.out.W+1 || y > p.out.H+across {
		return // outside the page as seen
	}
	text, ok := f.text(c)
	if !ok {
		text = "\ufffd"
	}
	p.add(g, text, ok)
}

// add appends a glyph, or joins it with the letter that it belongs to.
func (p *page) add(g glyph, text string, ok bool) {
	if n := len(p.marked); n > 0 && p.marked[n-1].actual != "" {
		m := &p.marked[n-1]
		if m.first >= 0 && m.first < len(p.glyphs) {
			if first := &p.glyphs[m.first]; math.Abs(first.v-g.v) < first.size && first.angle == g.angle {
				first.u1 = max(first.u1, g.u1)
				return
			}
		} else {
			m.first, text, ok = len(p.glyphs), m.actual, true
		}
	}
	blank := strings.TrimSpace(text) == ""
	if !blank {
		p.out.Glyphs++
		switch {
		case !ok:
			p.out.Unreadable++
			p.out.problem(NoUnicode, g.font.name)
		case g.font.old != notOld:
			p.out.problem(OldFont, g.font.name)
		}
	}
	if ok && p.attach(g, text) {
		return
	}
	g.text = text
	p.glyphs = append(p.glyphs, g)
}

// attach gives a combining mark, or a mark of a VNI font, to the letter shown
// before it; false when the glyph stands for itself.
func (p *page) attach(g glyph, text string) bool {
	if len(p.glyphs) == 0 {
		return false
	}
	last := &p.glyphs[len(p.glyphs)-1]
	if last.angle != g.angle || math.Abs(last.v-g.v) > 0.7*g.size || g.u0 < last.u0-g.size || g.u0 > last.u1+0.5*g.size {
		return false
	}
	marks := true
	for _, r := range text {
		marks = marks && unicode.Is(unicode.Mn, r)
	}
	if marks && text != "" {
		last.text += text
		last.u1 = max(last.u1, min(g.u1, last.u1+0.1*g.size)) // some fonts give marks a width
		return true
	}
	if g.font.old != vni || last.font != g.font {
		return false
	}
	letters, rs := []rune(last.text), []rune(text)
	if len(letters) == 0 || len(rs) != 1 {
		return false
	}
	// text has passed through convert, which leaves marks alone.
	mark, ok := vniMark(letters[len(letters)-1], rs[0])
	if !ok {
		return false
	}
	last.text += mark
	last.u1 = max(last.u1, g.u1)
	return true
}
