package practice

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"antin/assets"
)

// face is one style of the typeface with what a document's writer needs of it.
type face struct {
	name   string
	ttf    []byte
	parsed *sfnt.Font
	mu     sync.Mutex
	buf    sfnt.Buffer
	known  map[rune]glyphOf
}

type glyphOf struct {
	index   int
	advance float64 // em
}

var faceFiles = map[string]struct {
	name string
	ttf  func() []byte
}{
	regular:    {"TimesNewRomanPSMT", assets.SerifRegular},
	bold:       {"TimesNewRomanPS-BoldMT", assets.SerifBold},
	italic:     {"TimesNewRomanPS-ItalicMT", assets.SerifItalic},
	boldItalic: {"TimesNewRomanPS-BoldItalicMT", assets.SerifBoldItalic},
}

// faces are the four styles, parsed once for a set of documents.
type faces map[string]*face

func newFaces() (faces, error) {
	out := faces{}
	for style, file := range faceFiles {
		f, err := sfnt.Parse(file.ttf())
		if err != nil {
			return nil, fmt.Errorf("typeface: %w", err)
		}
		out[style] = &face{name: file.name, ttf: file.ttf(), parsed: f, known: map[rune]glyphOf{}}
	}
	return out, nil
}

func (f *face) glyph(r rune) glyphOf {
	f.mu.Lock()
	defer f.mu.Unlock()
	g, ok := f.known[r]
	if ok {
		return g
	}
	index, err := f.parsed.GlyphIndex(&f.buf, r)
	if err == nil {
		if a, err := f.parsed.GlyphAdvance(&f.buf, index, fixed.I(1000), font.HintingNone); err == nil {
			g = glyphOf{int(index), float64(a) / 64000}
		}
	}
	f.known[r] = g
	return g
}

// width is the advance of a text in mm.
func (f *face) width(text string, size float64) float64 {
	w := 0.0
	for _, r := range text {
		w += f.glyph(r).advance
	}
	return w * size * pt
}

// outline is a glyph as path operators in 1/1000 em, for Type3 fonts.
func (f *face) outline(index int) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	segments, err := f.parsed.LoadGlyph(&f.buf, sfnt.GlyphIndex(index), fixed.I(1000), nil)
	if err != nil {
		return nil
	}
	var b bytes.Buffer
	v := func(p fixed.Point26_6) (x, y float64) { return float64(p.X) / 64, -float64(p.Y) / 64 }
	var x0, y0 float64
	for _, s := range segments {
		x1, y1 := v(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			fmt.Fprintf(&b, "%.0f %.0f m ", x1, y1)
		case sfnt.SegmentOpLineTo:
			fmt.Fprintf(&b, "%.0f %.0f l ", x1, y1)
		case sfnt.SegmentOpQuadTo:
			x2, y2 := v(s.Args[1])
			fmt.Fprintf(&b, "%.0f %.0f %.0f %.0f %.0f %.0f c ", x0+(x1-x0)*2/3, y0+(y1-y0)*2/3, x2+(x1-x2)*2/3, y2+(y1-y2)*2/3, x2, y2)
			x1, y1 = x2, y2
		case sfnt.SegmentOpCubeTo:
			x2, y2 := v(s.Args[1])
			x3, y3 := v(s.Args[2])
			fmt.Fprintf(&b, "%.0f %.0f %.0f %.0f %.0f %.0f c ", x1, y1, x2, y2, x3, y3)
			x1, y1 = x3, y3
		}
		x0, y0 = x1, y1
	}
	b.WriteString("f")
	return b.Bytes()
}

// subset is the font program with the outlines of some glyphs only; indexes
// stay. cmap is a table of that name, or nil to have none.
func (f *face) subset(glyphs map[int]bool, cmap []byte) []byte {
	tables := map[string][]byte{}
	for i, n := 0, int(binary.BigEndian.Uint16(f.ttf[4:])); i < n; i++ {
		e := f.ttf[12+16*i:]
		off, size := binary.BigEndian.Uint32(e[8:]), binary.BigEndian.Uint32(e[12:])
		tables[string(e[:4])] = f.ttf[off : off+size]
	}
	long := binary.BigEndian.Uint16(tables["head"][50:]) == 1
	loca, glyf := tables["loca"], tables["glyf"]
	place := func(g int) (from, to uint32) {
		if long {
			return binary.BigEndian.Uint32(loca[4*g:]), binary.BigEndian.Uint32(loca[4*g+4:])
		}
		return 2 * uint32(binary.BigEndian.Uint16(loca[2*g:])), 2 * uint32(binary.BigEndian.Uint16(loca[2*g+2:]))
	}
	count := int(binary.BigEndian.Uint16(tables["maxp"][4:]))
	want := map[int]bool{0: true}
	var add func(g int)
	add = func(g int) {
		if g >= count || want[g] {
			return
		}
		want[g] = true
		for _, part := range components(glyf, place, g) {
			add(part)
		}
	}
	for g := range glyphs {
		add(g)
	}
	var newGlyf, newLoca bytes.Buffer
	for g := range count {
		_ = binary.Write(&newLoca, binary.BigEndian, uint32(newGlyf.Len())) // a Buffer does not fail
		if want[g] {
			from, to := place(g)
			newGlyf.Write(glyf[from:to])
			for newGlyf.Len()%4 != 0 {
				newGlyf.WriteByte(0)
			}
		}
	}
	_ = binary.Write(&newLoca, binary.BigEndian, uint32(newGlyf.Len()))
	head := bytes.Clone(tables["head"])
	head[51] = 1 // long offsets
	out := map[string][]byte{"head": head, "glyf": newGlyf.Bytes(), "loca": newLoca.Bytes()}
	for _, name := range []string{"hhea", "hmtx", "maxp", "cvt ", "fpgm", "prep"} {
		if tables[name] != nil {
			out[name] = tables[name]
		}
	}
	if cmap != nil {
		out["cmap"] = cmap
	}
	return sfntFile(out)
}

// components are the glyphs that a composite glyph is made of.
func components(glyf []byte, place func(int) (uint32, uint32), g int) []int {
	from, to := place(g)
	b := glyf[from:to]
	if len(b) < 10 || int16(binary.BigEndian.Uint16(b)) >= 0 {
		return nil
	}
	var out []int
	for b = b[10:]; len(b) >= 4; {
		flags := binary.BigEndian.Uint16(b)
		out = append(out, int(binary.BigEndian.Uint16(b[2:])))
		n := 6
		if flags&1 != 0 {
			n += 2
		}
		switch {
		case flags&8 != 0:
			n += 2
		case flags&0x40 != 0:
			n += 4
		case flags&0x80 != 0:
			n += 8
		}
		if flags&0x20 == 0 || len(b) < n {
			break
		}
		b = b[n:]
	}
	return out
}

func sfntFile(tables map[string][]byte) []byte {
	names := make([]string, 0, len(tables))
	for n := range tables {
		names = append(names, n)
	}
	slices.Sort(names)
	var b bytes.Buffer
	u16 := func(v int) { b.Write([]byte{byte(v >> 8), byte(v)}) }
	u32 := func(v uint32) { b.Write(binary.BigEndian.AppendUint32(nil, v)) }
	u32(0x00010000)
	pow, log := 1, 0
	for pow*2 <= len(names) {
		pow, log = pow*2, log+1
	}
	u16(len(names))
	u16(pow * 16)
	u16(log)
	u16((len(names) - pow) * 16)
	offset := 12 + 16*len(names)
	for _, n := range names {
		t := tables[n]
		b.WriteString(n)
		var sum uint32
		for i := 0; i < len(t); i += 4 {
			var w [4]byte
			copy(w[:], t[i:])
			sum += binary.BigEndian.Uint32(w[:])
		}
		u32(sum)
		u32(uint32(offset))
		u32(uint32(len(t)))
		offset += (len(t) + 3) &^ 3
	}
	for _, n := range names {
		b.Write(tables[n])
		for b.Len()%4 != 0 {
			b.WriteByte(0)
		}
	}
	return b.Bytes()
}

// unicodeCmap is a cmap table of format 12 with the characters of some glyphs.
func unicodeCmap(glyphs map[rune]int) []byte {
	rs := make([]rune, 0, len(glyphs))
	for r := range glyphs {
		rs = append(rs, r)
	}
	slices.Sort(rs)
	b := []byte{0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12, 0, 12, 0, 0}
	b = binary.BigEndian.AppendUint32(b, uint32(16+12*len(rs)))
	b = binary.BigEndian.AppendUint32(b, 0)
	b = binary.BigEndian.AppendUint32(b, uint32(len(rs)))
	for _, r := range rs {
		b = binary.BigEndian.AppendUint32(b, uint32(r))
		b = binary.BigEndian.AppendUint32(b, uint32(r))
		b = binary.BigEndian.AppendUint32(b, uint32(glyphs[r]))
	}
	return b
}

// macCmap is a cmap table of format 6 for the codes from 0 on.
func macCmap(glyphs []int) []byte {
	n := 10 + 2*len(glyphs)
	b := []byte{0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 12, 0, 6, byte(n >> 8), byte(n), 0, 0, 0, 0, byte(len(glyphs) >> 8), byte(len(glyphs))}
	for _, g := range glyphs {
		b = append(b, byte(g>>8), byte(g))
	}
	return b
}
