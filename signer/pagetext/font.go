package pagetext

import (
	"strings"
	"unicode"

	"antin/signer/pdffile"
	"antin/signer/pdffile/content"
)

// font is what showing text needs of a font (9.5–9.8): widths and characters,
// not outlines.
type font struct {
	name         string // BaseFont without the tag of a subset
	bold, italic bool
	ascent       float64 // em above the baseline
	descent      float64 // em below it
	old          oldFont
	signs        bool           // pictures instead of letters: bullets, arrows
	glyphSpace   content.Matrix // Type3: its FontMatrix (9.6.5); else 1/1000
	drawn        bool           // Type3: its glyphs are content, which no mode hides

	// Simple fonts: code = byte.
	texts  [256]string
	widths [256]float64 // glyph space units

	// Composite fonts.
	composite bool
	encoding  *cmap // nil: two bytes, CID = code
	ucs2      bool  // the code is UTF-16
	cids      map[int]float64
	ranges    []widthRange
	standard  float64 // width of CIDs that are not listed
	byGlyph   map[int]string
	glyphOf   []byte // CIDToGIDMap stream; nil: identity

	toUnicode *cmap
}

type widthRange struct {
	lo, hi int
	w      float64
}

// ascent and descent of Times New Roman, for fonts that do not tell or tell
// what cannot be.
const timesAscent, timesDescent = 0.891, 0.216

// loadFont reads a font dictionary. It never fails: a font that cannot be read
// has unknown characters of usual width.
func (p *page) loadFont(d pdffile.Dict) *font {
	f := p.r.f
	n := &font{ascent: timesAscent, descent: timesDescent, glyphSpace: content.Matrix{0.001, 0, 0, 0.001, 0, 0}}
	n.name = baseName(string(f.Name(d["BaseFont"])))
	if s, ok := p.stream(d["ToUnicode"]); ok {
		n.toUnicode = parseCMap(s)
	}
	descriptor := f.Dict(d["FontDescriptor"])
	switch f.Name(d["Subtype"]) {
	case "Type0":
		descendants := f.Array(d["DescendantFonts"])
		if len(descendants) > 0 {
			cid := f.Dict(descendants[0])
			descriptor = f.Dict(cid["FontDescriptor"])
			if n.name == "" {
				n.name = baseName(string(f.Name(cid["BaseFont"])))
			}
			p.compositeFont(n, d, cid, descriptor)
		}
	default:
		p.simpleFont(n, d, descriptor)
	}
	if s := baseName(string(f.Name(descriptor["FontName"]))); n.name == "" {
		n.name = s
	}
	n.old = oldFontOf(n.name)
	lower := strings.ToLower(n.name)
	for _, family := range []string{"wingdings", "symbol", "webdings", "zapfdingbats", "opensymbol", "dingbats", "fontawesome"} {
		n.signs = n.signs || strings.HasPrefix(lower, family)
	}
	p.fontStyle(n, descriptor)
	return n
}

// baseName drops the tag of a subset, "ABCDEF+" (9.6.4).
func baseName(s string) string {
	if i := strings.IndexByte(s, '+'); i == 6 {
		return s[7:]
	}
	return s
}

// fontStyle tells bold and slanted from the name and the descriptor (9.8).
func (p *page) fontStyle(n *font, d pdffile.Dict) {
	f := p.r.f
	lower := strings.ToLower(n.name)
	n.bold = strings.Contains(lower, "bold") || strings.Contains(lower, "black") || strings.Contains(lower, "heavy") ||
		strings.HasSuffix(lower, "-b") || strings.HasSuffix(lower, "-bi") || strings.HasSuffix(lower, "serifb") || strings.HasSuffix(lower, "serifbi")
	n.italic = strings.Contains(lower, "italic") || strings.Contains(lower, "oblique") || strings.Contains(lower, "slanted") ||
		strings.HasSuffix(lower, "-i") || strings.HasSuffix(lower, "-bi") || strings.HasSuffix(lower, "serifi") || strings.HasSuffix(lower, "serifbi")
	if flags, ok := f.Int(d["Flags"]); ok {
		n.italic = n.italic || flags&(1<<6) != 0
		n.bold = n.bold || flags&(1<<18) != 0
	}
	if w, ok := f.Number(d["FontWeight"]); ok && w >= 600 {
		n.bold = true
	}
	if a, ok := f.Number(d["ItalicAngle"]); ok && (a < -2 || a > 2) {
		n.italic = true
	}
	if a, ok := f.Number(d["Ascent"]); ok && a >= 600 && a <= 1300 {
		n.ascent = a / 1000
	}
	if a, ok := f.Number(d["Descent"]); ok && a <= -100 && a >= -500 {
		n.descent = -a / 1000
	}
}

// code takes the next code off a string.
func (n *font) code(b []byte) (c uint32, size int) {
	switch {
	case !n.composite:
		return uint32(b[0]), 1
	case n.encoding != nil:
		return n.encoding.cut(b)
	case len(b) == 1:
		return uint32(b[0]), 1
	default:
		return uint32(b[0])<<8 | uint32(b[1]), 2
	}
}

func (n *font) cid(c uint32) int {
	if n.encoding != nil && len(n.encoding.cids) > 0 {
		return n.encoding.cid(c)
	}
	return int(c)
}

// width is the advance of a code in em (for Type3 in units of text space).
func (n *font) width(c uint32) float64 {
	if !n.composite {
		return n.widths[c&255] * n.glyphSpace[0]
	}
	cid := n.cid(c)
	if w, ok := n.cids[cid]; ok {
		return w / 1000
	}
	for _, r := range n.ranges {
		if cid >= r.lo && cid <= r.hi {
			return r.w / 1000
		}
	}
	return n.standard / 1000
}

// text is what a code means; ok is false when nothing tells.
func (n *font) text(c uint32) (s string, ok bool) {
	if !n.composite && (n.old == tcvn3 || n.old == tcvn3Caps) && n.texts[c&255] != "" {
		// The code itself is the surest: ToUnicode of such fonts says "-" for ư.
		if r := tcvn3Table[byte(c)]; r != 0 {
			s = string(r)
			if n.old == tcvn3Caps {
				s = strings.ToUpper(s)
			}
			return s, true
		}
	}
	if n.toUnicode != nil {
		s, ok = n.toUnicode.unicode(c)
		ok = ok && known(s)
	}
	if !ok {
		s, ok = n.builtIn(c)
	}
	if !ok && n.signs {
		return "•", true
	}
	if ok && n.old != notOld {
		s = n.convert(s)
	}
	return s, ok
}

// builtIn is the text of a code by the font's encoding or its program.
func (n *font) builtIn(c uint32) (string, bool) {
	switch {
	case !n.composite:
		s := n.texts[c&255]
		return s, s != ""
	case n.ucs2:
		return string(rune(c)), known(string(rune(c)))
	}
	glyph := n.cid(c)
	if n.glyphOf != nil {
		if 2*glyph+1 >= len(n.glyphOf) {
			return "", false
		}
		glyph = int(n.glyphOf[2*glyph])<<8 | int(n.glyphOf[2*glyph+1])
	}
	s, ok := n.byGlyph[glyph]
	return s, ok
}

// convert turns the Western letters of an old font into what they show. The
// accents of VNI fonts need the letter before them, see page.attach.
func (n *font) convert(s string) string {
	return strings.Map(func(r rune) rune {
		if n.old == vni {
			if l, ok := vniSingle[r]; ok {
				return l
			}
			return r
		}
		return tcvn3Letter(r, n.old == tcvn3Caps)
	}, s)
}

// known tells whether s is text that a reader can use: no control characters,
// no private use.
func known(s string) bool {
	if s == "" {
		return false
	}
	for _, r := range s {
		if r == unicode.ReplacementChar || r < ' ' && r != '\t' && r != '\n' && r != '\r' || unicode.Is(unicode.Co, r) || r >= 0x7f && r < 0xa0 {
			return false
		}
	}
	return true
}
