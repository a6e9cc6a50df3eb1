package practice

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
)

// codec is how a producer turns characters into codes of fonts.
type codec int

const (
	identity     codec = iota // Type0, Identity-H, glyph indexes
	mixed                     // Word: ASCII in a simple font, the rest in Type0
	simpleCodes               // LibreOffice: codes in the order of use
	type3                     // outlines as Type3 procedures
	oldTCVN3                  // .VnTime and .VnTimeH
	oldVNI                    // VNI-Times
	looseMarks                // letters and combining marks one by one
	actualText                // accented letters told by ActualText only
	ligatures                 // fi and ff as one glyph
	pictureOnly               // a scan
	pictureLayer              // a scan with invisible text
)

// emission is how a producer places glyphs.
type emission int

const (
	wholeRuns  emission = iota // a run of one font in one string
	oneByOne                   // every glyph by a matrix of its own
	kernedRuns                 // TJ with small adjustments
)

// producer is a make-believe program that writes PDF files.
type producer struct {
	name      string
	codec     codec
	emission  emission
	noSpaces  bool // gaps only, no space glyphs
	noUnicode bool // no ToUnicode
	keepCmap  bool // the font program tells its characters
	nfd       bool // ToUnicode in decomposed form
	flipped   bool // y downwards, as Chrome's Skia does
	nested    bool // page inside a form inside a form
	shadow    bool // bold by drawing twice, and a font name that hides it
}

var producers = []producer{
	{name: "word", codec: mixed},
	{name: "libreoffice", codec: simpleCodes, emission: kernedRuns},
	{name: "chrome", emission: oneByOne, flipped: true, noSpaces: true},
	{name: "in-ra-pdf", emission: oneByOne},
	{name: "thường", codec: identity},
	{name: "không-dấu-cách", emission: kernedRuns, noSpaces: true},
	{name: "tổ-hợp", nfd: true},
	{name: "dấu-rời", codec: looseMarks},
	{name: "actualtext", codec: actualText},
	{name: "chữ-ghép", codec: ligatures},
	{name: "type3", codec: type3},
	{name: "tcvn3", codec: oldTCVN3},
	{name: "vni", codec: oldVNI},
	{name: "cmap", noUnicode: true, keepCmap: true},
	{name: "form", nested: true},
	{name: "đậm-giả", shadow: true},
	{name: "không-unicode", noUnicode: true},
	{name: "quét", codec: pictureOnly},
	{name: "quét-có-chữ", codec: pictureLayer},
}

// cell is one glyph to show.
type cell struct {
	font    *fontUse
	code    []byte
	advance float64 // em
	space   bool
	actual  string
}

// fontUse is a font of the document under construction.
type fontUse struct {
	resource string
	style    string
	kind     codec  // identity, simpleCodes, type3 or an old encoding
	name     string // BaseFont
	codes    map[string]int
	entries  []fontEntry // of simple fonts by code, from 1; of identity in order of use
	widths   [256]float64
	bare     bool // without ToUnicode
}

type fontEntry struct {
	code    int
	text    string // "" tells nothing
	runes   []rune
	glyph   int
	advance float64
}

// typesetter turns texts into content streams and keeps the fonts they need.
type typesetter struct {
	producer
	faces faces
	table map[rune]spelling
	fonts []*fontUse
	byKey map[string]*fontUse
}

func newTypesetter(p producer, f faces) *typesetter {
	return &typesetter{producer: p, faces: f, table: spellings(), byKey: map[string]*fontUse{}}
}

func (t *typesetter) font(key, style, name string, kind codec) *fontUse {
	f, ok := t.byKey[key]
	if !ok {
		f = &fontUse{resource: fmt.Sprintf("F%d", len(t.fonts)+1), style: style, kind: kind, name: name, codes: map[string]int{}}
		t.byKey[key] = f
		t.fonts = append(t.fonts, f)
	}
	return f
}

// cells are the glyphs of a word.
func (t *typesetter) cells(style, word string) []cell {
	var out []cell
	rs := []rune(word)
	for i := 0; i < len(rs); i++ {
		r := rs[i]
		switch t.codec {
		case mixed:
			if r < 0x80 {
				out = append(out, t.western(style, r))
				continue
			}
			out = append(out, t.identityCell(style, r, string(r)))
		case simpleCodes, type3:
			out = append(out, t.simpleCell(style, r))
		case oldTCVN3, oldVNI:
			out = append(out, t.oldCells(style, r)...)
		case looseMarks:
			for j, part := range decomposed(t.table, r) {
				c := t.identityCell(style, part, string(part))
				if j > 0 {
					c.advance = 0
				}
				out = append(out, c)
			}
		case actualText:
			c := t.identityCell(style, r, string(r))
			if _, ok := t.table[unicode.ToLower(r)]; ok {
				f := t.font("actual"+style, style, t.faces[style].name, identity)
				f.bare = true
				c.font, c.actual = f, string(r)
				f.note(string(r), "", []rune{r}, t.faces[style].glyph(r))
			}
			out = append(out, c)
		case ligatures:
			if i+1 < len(rs) && r == 'f' && rs[i+1] == 'i' {
				out = append(out, t.identityCell(style, 'ﬁ', "fi"))
				i++
				continue
			}
			out = append(out, t.identityCell(style, r, string(r)))
		default:
			text := string(r)
			if t.nfd {
				text = string(decomposed(t.table, r))
			}
			out = append(out, t.identityCell(style, r, text))
		}
	}
	return out
}

func (f *fontUse) note(key, text string, rs []rune, g glyphOf) int {
	if _, ok := f.codes[key]; !ok {
		f.codes[key] = g.index
		f.entries = append(f.entries, fontEntry{g.index, text, rs, g.index, g.advance})
	}
	return f.codes[key]
}

func (t *typesetter) identityCell(style string, r rune, text string) cell {
	g := t.faces[style].glyph(r)
	name := t.faces[style].name
	if t.shadow {
		name = "SerifPlain"
	}
	f := t.font("id"+style, style, name, identity)
	f.note(string(r), text, []rune{r}, g)
	return cell{font: f, code: []byte{byte(g.index >> 8), byte(g.index)}, advance: g.advance, space: r == ' '}
}

func (t *typesetter) western(style string, r rune) cell {
	g := t.faces[style].glyph(r)
	f := t.font("win"+style, style, t.faces[style].name, mixed)
	f.widths[r] = g.advance
	f.note(string(r), string(r), []rune{r}, g)
	return cell{font: f, code: []byte{byte(r)}, advance: g.advance, space: r == ' '}
}

// simpleCell gives a character the next free code of a simple font; a full font
// is followed by another.
func (t *typesetter) simpleCell(style string, r rune) cell {
	g := t.faces[style].glyph(r)
	for n := 0; ; n++ {
		f := t.font(fmt.Sprintf("s%s%d", style, n), style, t.faces[style].name, t.codec)
		c, ok := f.codes[string(r)]
		if !ok {
			if len(f.entries) >= 250 {
				continue
			}
			c = len(f.entries) + 1
			f.codes[string(r)] = c
			f.entries = append(f.entries, fontEntry{c, string(r), []rune{r}, g.index, g.advance})
			f.widths[c] = g.advance
		}
		return cell{font: f, code: []byte{byte(c)}, advance: g.advance, space: r == ' '}
	}
}

// oldCells writes a character as the old fonts did.
func (t *typesetter) oldCells(style string, r rune) []cell {
	g := t.faces[style].glyph(r)
	suffix := map[string]string{regular: "", bold: ",Bold", italic: ",Italic", boldItalic: ",BoldItalic"}[style]
	if t.codec == oldTCVN3 {
		code, caps, ok := tcvn3Code(t.table, r)
		if !ok {
			code = '?'
		}
		name := ".VnTime"
		if caps {
			name = ".VnTimeH"
		}
		f := t.font(name+suffix, style, name+suffix, oldTCVN3)
		f.widths[code] = g.advance
		return []cell{{font: f, code: []byte{code}, advance: g.advance, space: r == ' '}}
	}
	text, ok := vniText(t.table, r)
	if !ok {
		text = "?"
	}
	f := t.font("VNI-Times"+suffix, style, "VNI-Times"+suffix, oldVNI)
	var out []cell
	for i, c := range []rune(text) {
		advance := g.advance
		if i > 0 && c > 0x7f {
			advance = 0 // marks stand over the letter before
		}
		if f.widths[c&0xff] == 0 {
			f.widths[c&0xff] = advance
		}
		out = append(out, cell{font: f, code: []byte{byte(c)}, advance: advance, space: c == ' '})
	}
	return out
}

// show writes the operators for a text whose left end stands at x, y (pt).
func (t *typesetter) show(b *bytes.Buffer, m textMark, x, y float64) {
	gap := m.gap
	if gap == 0 {
		gap = t.faces[m.style].width(" ", m.size)
	}
	words := strings.Split(m.text, " ")
	fmt.Fprint(b, "BT\n")
	if t.codec == pictureLayer {
		fmt.Fprint(b, "3 Tr\n")
	}
	for i, w := range words {
		if w == "" {
			x += gap / pt
			continue
		}
		cells := t.cells(m.style, w)
		width := 0.0
		for _, c := range cells {
			width += c.advance * m.size
		}
		if i < len(words)-1 && !t.noSpaces {
			cells = append(cells, t.cells(m.style, " ")...)
		}
		t.emit(b, cells, m.size, x, y)
		if t.shadow && (m.style == bold || m.style == boldItalic) {
			t.emit(b, cells, m.size, x+0.02*m.size, y)
		}
		x += width + gap/pt
	}
	fmt.Fprint(b, "ET\n")
}

func (t *typesetter) emit(b *bytes.Buffer, cells []cell, size, x, y float64) {
	tm := func(x float64) {
		if t.flipped {
			fmt.Fprintf(b, "1 0 0 -1 %.4f %.4f Tm ", x/0.24, (sheetH/pt-y)/0.24)
			return
		}
		fmt.Fprintf(b, "1 0 0 1 %.4f %.4f Tm ", x, y)
	}
	scale := 1.0
	if t.flipped {
		scale = 1 / 0.24
	}
	var current *fontUse
	for i := 0; i < len(cells); {
		c := cells[i]
		if c.font != current {
			fmt.Fprintf(b, "/%s %.4f Tf ", c.font.resource, size*scale)
			current = c.font
		}
		n := 1
		if t.emission != oneByOne && c.actual == "" {
			for i+n < len(cells) && cells[i+n].font == c.font && cells[i+n].actual == "" {
				n++
			}
		}
		if c.actual != "" {
			fmt.Fprintf(b, "/Span <</ActualText <FEFF%s>>> BDC ", hex16(c.actual))
		}
		tm(x)
		width := 0.0
		if t.emission == kernedRuns {
			fmt.Fprint(b, "[")
		}
		for _, g := range cells[i : i+n] {
			fmt.Fprintf(b, "<%X>", g.code)
			width += g.advance * size
			switch {
			case t.emission == kernedRuns:
				fmt.Fprint(b, "4 -4 ")
			default:
				fmt.Fprint(b, " Tj ")
			}
		}
		if t.emission == kernedRuns {
			fmt.Fprint(b, "] TJ ")
		}
		if c.actual != "" {
			fmt.Fprint(b, "EMC ")
		}
		b.WriteByte('\n')
		x += width
		i += n
	}
}

func hex16(s string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, "%04X", r)
	}
	return b.String()
}
