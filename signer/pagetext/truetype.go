package pagetext

import (
	"encoding/binary"
	"sync"

	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"antin/assets"
)

// trueType is the part of an embedded font program that tells characters: its
// cmap table (ISO/IEC 14496-22, 5.2.1). Subsets often lack it.
type trueType struct {
	unicode map[int]rune // glyph to character, from a Unicode subtable
	byCode  map[int]int  // code to glyph, from (1,0) or (3,0)
}

// parseTrueType reads the cmap table; ok is false when there is none.
func parseTrueType(b []byte) (*trueType, bool) {
	if len(b) < 12 {
		return nil, false
	}
	var table []byte
	for i, n := 0, int(binary.BigEndian.Uint16(b[4:])); i < n && 12+16*i+16 <= len(b); i++ {
		e := b[12+16*i:]
		if string(e[:4]) == "cmap" {
			off, size := int(binary.BigEndian.Uint32(e[8:])), int(binary.BigEndian.Uint32(e[12:]))
			if off < 0 || size < 4 || off > len(b)-4 {
				return nil, false
			}
			table = b[off:min(len(b), off+size)]
		}
	}
	if len(table) < 4 {
		return nil, false
	}
	t := &trueType{unicode: map[int]rune{}, byCode: map[int]int{}}
	for i, n := 0, int(binary.BigEndian.Uint16(table[2:])); i < min(n, 32) && 4+8*i+8 <= len(table); i++ {
		e := table[4+8*i:]
		platform, encoding := binary.BigEndian.Uint16(e), binary.BigEndian.Uint16(e[2:])
		off := int(binary.BigEndian.Uint32(e[4:]))
		if off < 0 || off >= len(table) {
			continue
		}
		isUnicode := platform == 0 || platform == 3 && (encoding == 1 || encoding == 10)
		each(table[off:], func(c, glyph int) {
			if glyph == 0 {
				return
			}
			if isUnicode {
				if _, ok := t.unicode[glyph]; !ok && known(string(rune(c))) {
					t.unicode[glyph] = rune(c)
				}
				return
			}
			t.byCode[c&0xff] = glyph // (3,0) has the codes at F000
		})
	}
	return t, len(t.unicode)+len(t.byCode) > 0
}

// each calls f with code and glyph of a subtable of format 0, 4, 6 or 12.
func each(b []byte, f func(c, glyph int)) {
	u16 := func(at int) int {
		if at < 0 || at+2 > len(b) {
			return 0
		}
		return int(binary.BigEndian.Uint16(b[at:]))
	}
	u32 := func(at int) int { return u16(at)<<16 | u16(at+2) }
	budget := 1 << 17
	switch u16(0) {
	case 0:
		for c := range 256 {
			if 6+c < len(b) {
				f(c, int(b[6+c]))
			}
		}
	case 6:
		for i := range u16(8) {
			f(u16(6)+i, u16(10+2*i))
		}
	case 4:
		n := u16(6) / 2
		ends, starts, deltas, offsets := 14, 16+2*n, 16+4*n, 16+6*n
		for s := range n {
			for c := u16(starts + 2*s); c <= u16(ends+2*s) && c < 0xffff; c++ {
				if budget--; budget < 0 {
					return
				}
				glyph := c
				if off := u16(offsets + 2*s); off != 0 {
					if glyph = u16(offsets + 2*s + off + 2*(c-u16(starts+2*s))); glyph == 0 {
						continue
					}
				}
				f(c, (glyph+u16(deltas+2*s))&0xffff)
			}
		}
	case 12:
		for g := range min(u32(12), 1<<16) {
			at := 16 + 12*g
			if at+12 > len(b) {
				return
			}
			for c := u32(at); c <= u32(at+4) && c <= 0x10ffff; c++ {
				if budget--; budget < 0 {
					return
				}
				f(c, u32(at+8)+c-u32(at))
			}
		}
	}
}

func (t *trueType) texts() map[int]string {
	out := make(map[int]string, len(t.unicode))
	for g, r := range t.unicode {
		out[g] = string(r)
	}
	return out
}

func (t *trueType) textOfCode(c int) string {
	if r, ok := t.unicode[t.byCode[c]]; ok {
		return string(r)
	}
	return ""
}

// serif are the faces with the widths of Times New Roman, parsed once.
var serif = [4]func() *sfnt.Font{
	sync.OnceValue(func() *sfnt.Font { return mustParse(assets.SerifRegular()) }),
	sync.OnceValue(func() *sfnt.Font { return mustParse(assets.SerifBold()) }),
	sync.OnceValue(func() *sfnt.Font { return mustParse(assets.SerifItalic()) }),
	sync.OnceValue(func() *sfnt.Font { return mustParse(assets.SerifBoldItalic()) }),
}

func mustParse(b []byte) *sfnt.Font {
	f, err := sfnt.Parse(b)
	if err != nil {
		panic("pagetext: the embedded typeface: " + err.Error()) // our own file
	}
	return f
}

// serifWidths gives advances of Times New Roman in 1/1000 em.
func serifWidths(bold, italic bool) func(rune) float64 {
	i := 0
	if bold {
		i++
	}
	if italic {
		i += 2
	}
	f := serif[i]()
	var buf sfnt.Buffer
	return func(r rune) float64 {
		g, err := f.GlyphIndex(&buf, r)
		if err != nil {
			return 500
		}
		a, err := f.GlyphAdvance(&buf, g, fixed.I(1000), xfont.HintingNone)
		if err != nil {
			return 500
		}
		return float64(a) / 64
	}
}
