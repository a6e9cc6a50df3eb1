package pagetext

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"antin/signer/pdffile"
)

// Measures of the assembly of lines, in em.
const (
	spaceGap  = 0.13 // a wider gap between glyphs is a space; Times has 0.25
	columnGap = 1.05 // a wider one separates columns; justified lines stay below
	styleGap  = 0.62 // the same where the style changes, wider than the gaps around
	sameLine  = 0.09 // baselines closer than that are one
)

// lines turns the glyphs into lines.
func (p *page) lines() {
	byAngle := map[int][]glyph{}
	for _, g := range p.glyphs {
		byAngle[g.angle] = append(byAngle[g.angle], g)
	}
	p.glyphs = nil
	columns := p.uprights()
	for angle, gs := range byAngle {
		slices.SortStableFunc(gs, func(a, b glyph) int { return cmp.Compare(a.v, b.v) })
		for len(gs) > 0 {
			n := 1
			for n < len(gs) && gs[n].v-gs[0].v <= max(0.3, sameLine*gs[0].size) {
				n++
			}
			p.baseline(angle, gs[:n], columns)
			gs = gs[n:]
		}
	}
	slices.SortStableFunc(p.out.Lines, func(a, b Line) int {
		if math.Abs(a.Baseline-b.Baseline) > 0.5 {
			return cmp.Compare(a.Baseline, b.Baseline)
		}
		return cmp.Or(cmp.Compare(a.Box.X, b.Box.X), cmp.Compare(a.Baseline, b.Baseline))
	})
	for _, l := range p.out.Lines {
		if !l.Invisible {
			p.ink(TextInk, l.Box)
		}
	}
}

// uprights are the ruled lines that can separate the columns of a table.
func (p *page) uprights() []pdffile.Box {
	var out []pdffile.Box
	for _, i := range p.out.Ink {
		if i.Kind == RuleInk && i.W <= thin && i.H >= 3 && len(out) < 500 {
			out = append(out, i.Box)
		}
	}
	return out
}

// baseline cuts the glyphs of one baseline into lines.
func (p *page) baseline(angle int, gs []glyph, columns []pdffile.Box) {
	slices.SortStableFunc(gs, func(a, b glyph) int {
		return cmp.Or(cmp.Compare(a.u0, b.u0), cmp.Compare(a.seq, b.seq))
	})
	gs = withoutShadows(gs)
	usual := usualGap(gs)
	from, last := -1, -1 // first and last glyph of the line that are no spaces
	for i := range gs {
		if strings.TrimSpace(gs[i].text) == "" {
			continue
		}
		if last >= 0 {
			gap := gs[i].u0 - gs[last].u1 - max(0, gs[last].space)
			em := min(gs[i].size, gs[last].size)
			if gap > columnGap*em || gap > styleGap*em && gap > 1.7*usual && gs[i].differs(&gs[last]) || angle == 0 && separated(gs[last].u1, gs[i].u0, gs[i].v, columns) {
				p.assemble(angle, gs[from:last+1])
				from = -1
			}
		}
		if from < 0 {
			from = i
		}
		last = i
	}
	if from >= 0 {
		p.assemble(angle, gs[from:last+1])
	}
}

// differs tells whether two glyphs are of different styles or sizes.
func (g *glyph) differs(o *glyph) bool {
	return g.bold != o.bold || g.italic != o.italic || math.Abs(g.size-o.size) > 0.03*g.size
}

// usualGap is the median width of the gaps between words.
func usualGap(gs []glyph) float64 {
	var gaps []float64
	last := -1
	for i := range gs {
		if strings.TrimSpace(gs[i].text) == "" {
			continue
		}
		if last >= 0 {
			if gap := gs[i].u0 - gs[last].u1 - max(0, gs[last].space); gap > spaceGap*gs[i].size {
				gaps = append(gaps, gap)
			}
		}
		last = i
	}
	if len(gaps) == 0 {
		return 0
	}
	slices.Sort(gaps)
	return gaps[len(gaps)/2]
}

// separated tells whether a ruled line stands between two glyphs.
func separated(x0, x1, y float64, columns []pdffile.Box) bool {
	for _, c := range columns {
		if x := c.X + c.W/2; x > x0-0.2 && x < x1+0.2 && c.Y < y && c.Y+c.H > y-1 {
			return true
		}
	}
	return false
}

// withoutShadows drops glyphs that are drawn once more on themselves to look
// bold, and makes what remains bold.
func withoutShadows(gs []glyph) []glyph {
	out := gs[:0]
	for _, g := range gs {
		twice := false
		for j := len(out) - 1; j >= 0 && j >= len(out)-3; j-- {
			o := &out[j]
			if o.text == g.text && math.Abs(o.u0-g.u0) < 0.08*g.size && math.Abs(o.u1-g.u1) < 0.08*g.size && strings.TrimSpace(g.text) != "" && g.u1-g.u0 > 0.1*g.size {
				o.bold = o.bold || o.invisible == g.invisible
				o.invisible = o.invisible && g.invisible
				twice = true
				break
			}
		}
		if !twice {
			out = append(out, g)
		}
	}
	return out
}

// assemble makes a line of glyphs that follow one another.
func (p *page) assemble(angle int, gs []glyph) {
	l := Line{Angle: angle, Chars: make([]Char, 0, len(gs)+8)}
	var bold, italic, invisible, visible int
	v, ascent, descent := 0.0, 0.0, 0.0
	sizes := make([]float64, 0, len(gs))
	var last *glyph
	blank := false // a space glyph stands behind the last one
	for i := range gs {
		g := &gs[i]
		if strings.TrimSpace(g.text) == "" {
			blank = true
			continue
		}
		if last != nil {
			gap := g.u0 - last.u1 - max(0, last.space)
			if gap > spaceGap*min(g.size, last.size) || blank && gap > 0.03*g.size {
				l.Chars = append(l.Chars, Char{' ', last.u1, max(last.u1, g.u0)})
			}
		}
		blank = false
		l.Chars = appendChars(l.Chars, g)
		visible++
		if g.bold {
			bold++
		}
		if g.italic {
			italic++
		}
		if g.invisible {
			invisible++
		}
		sizes = append(sizes, g.size)
		v += g.v
		ascent = max(ascent, g.font.ascent*g.size)
		descent = max(descent, g.font.descent*g.size)
		last = g
	}
	if visible == 0 || len(l.Chars) == 0 {
		return
	}
	var b strings.Builder
	for _, c := range l.Chars {
		b.WriteRune(c.Rune)
	}
	l.Text = b.String()
	slices.Sort(sizes)
	l.Size = sizes[len(sizes)/2] / 25.4 * 72
	l.Bold, l.Italic, l.Invisible = bold*2 > visible, italic*2 > visible, invisible*2 > visible
	v /= float64(visible)

	u0, u1 := l.Chars[0].X0, l.Chars[len(l.Chars)-1].X1
	for _, c := range l.Chars {
		u1 = max(u1, c.X1)
	}
	sin, cos := math.Sincos(float64(angle) * math.Pi / 180)
	box := newBounds()
	for _, c := range [4][2]float64{{u0, v - ascent}, {u1, v - ascent}, {u0, v + descent}, {u1, v + descent}} {
		box.add(c[0]*cos-c[1]*sin, c[0]*sin+c[1]*cos)
	}
	l.Box = box.box()
	l.Baseline = u0*sin + v*cos
	p.out.Lines = append(p.out.Lines, l)
}

// appendChars adds the characters of a glyph in NFC. Those of a ligature share
// its width.
func appendChars(out []Char, g *glyph) []Char {
	text := g.text
	if r, n := utf8.DecodeRuneInString(text); n < len(text) || r >= 0x300 && r < 0x370 || r >= 0xfb00 && r < 0xfb07 {
		text = norm.NFC.String(ligatures.Replace(text))
	}
	n := utf8.RuneCountInString(text)
	i := 0
	for _, r := range text {
		w := (g.u1 - g.u0) / float64(n)
		if r == '\u00a0' || r == '\t' || r == '\n' || r == '\r' || unicode.Is(unicode.Zs, r) {
			r = ' '
		}
		out = append(out, Char{r, g.u0 + w*float64(i), g.u0 + w*float64(i+1)})
		i++
	}
	return out
}

// ligatures have characters of their own, which NFC leaves alone.
var ligatures = strings.NewReplacer("\ufb00", "ff", "\ufb01", "fi", "\ufb02", "fl", "\ufb03", "ffi", "\ufb04", "ffl", "\ufb05", "st", "\ufb06", "st")
