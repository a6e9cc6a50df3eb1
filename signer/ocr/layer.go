package ocr

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode/utf16"

	"antin/signer/pdffile"

	"golang.org/x/text/unicode/norm"
)

// FontName is the resource under which Layer names the font.
const FontName pdffile.Name = "AnTinOCR"

// advance is the width of every character, in thousandths of its size.
const advance = 500

// Layer is the content that sets the words on page p in rendering mode 3:
// neither filled nor stroked (ISO 32000-1, 9.3.6). Every word is as wide as on
// the picture, so that what is marked in a viewer covers it.
func Layer(words []Word, p pdffile.Page) []byte {
	if len(words) == 0 {
		return nil
	}
	var b bytes.Buffer
	_, height := p.Size()
	m := seen(p.Geometry)
	fmt.Fprintf(&b, "q %.4f %.4f %.4f %.4f %.4f %.4f cm BT 3 Tr\n", m[0], m[1], m[2], m[3], m[4], m[5])
	for _, w := range words {
		code := utf16.Encode([]rune(norm.NFC.String(w.Text + " "))) // readers join words without a space
		size := p.Units(w.H)
		if size < 0.1 || w.W <= 0 {
			continue
		}
		scale := 100 * p.Units(w.W) / (float64(len(code)-1) * advance / 1000 * size)
		fmt.Fprintf(&b, "/%s %.2f Tf %.2f Tz 1 0 0 1 %.2f %.2f Tm <", FontName, size, scale, p.Units(w.X), p.Units(height-w.Y-0.8*w.H))
		for _, c := range code {
			fmt.Fprintf(&b, "%04X", c)
		}
		b.WriteString("> Tj\n")
	}
	b.WriteString("ET Q\n")
	return b.Bytes()
}

// seen is the matrix from the page as it is seen, origin at its lower left
// corner, to user space.
func seen(g pdffile.Geometry) [6]float64 {
	c := g.Crop
	switch g.Rotate {
	case 90:
		return [6]float64{0, 1, -1, 0, c.X1, c.Y0}
	case 180:
		return [6]float64{-1, 0, 0, -1, c.X1, c.Y1}
	case 270:
		return [6]float64{0, -1, 1, 0, c.X0, c.Y1}
	}
	return [6]float64{1, 0, 0, 1, c.X0, c.Y0}
}

// Font adds a font without shapes whose codes are UTF-16. It is embedded all the
// same, with the widths that the PDF says: PDF/A-2 asks for both (ISO 19005-2,
// 6.2.11.4 and 6.2.11.5).
func Font(add pdffile.Adder) pdffile.Ref {
	const name = pdffile.Name("AnTinBlank") // whole, so without the tag of a subset
	stream := func(d pdffile.Dict, data []byte) pdffile.Ref {
		d["Filter"] = pdffile.Name("FlateDecode")
		return add.Add(&pdffile.Stream{Dict: d, Data: pdffile.Deflate(data)})
	}
	program := blankFont()
	file := stream(pdffile.Dict{"Length1": len(program)}, program)
	glyphs := bytes.Repeat([]byte{0, 1}, 1<<16) // every code is the one blank glyph, never .notdef (6.2.11.8)
	descriptor := add.Add(pdffile.Dict{
		"Type": pdffile.Name("FontDescriptor"), "FontName": name, "FontFile2": file, "Flags": 4, "ItalicAngle": 0,
		"FontBBox": pdffile.Array{0, -200, advance, 800}, "Ascent": 800, "Descent": -200, "CapHeight": 700, "StemV": 80,
	})
	descendant := add.Add(pdffile.Dict{
		"Type": pdffile.Name("Font"), "Subtype": pdffile.Name("CIDFontType2"), "BaseFont": name, "DW": advance,
		"CIDSystemInfo":  pdffile.Dict{"Registry": pdffile.TextString("Adobe"), "Ordering": pdffile.TextString("Identity"), "Supplement": 0},
		"FontDescriptor": descriptor, "CIDToGIDMap": stream(pdffile.Dict{}, glyphs),
	})
	return add.Add(pdffile.Dict{
		"Type": pdffile.Name("Font"), "Subtype": pdffile.Name("Type0"), "BaseFont": name, "Encoding": pdffile.Name("Identity-H"),
		"DescendantFonts": pdffile.Array{descendant}, "ToUnicode": stream(pdffile.Dict{}, []byte(toUnicode)),
	})
}

const toUnicode = `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
1 beginbfrange
<0000> <FFFF> <0000>
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end
`

// blankFont is a TrueType font of two empty glyphs, .notdef and the blank one, of
// 1000 units each em and the advance above (OpenType, "Font file").
func blankFont() []byte {
	u16 := func(v ...int) []byte {
		var b []byte
		for _, n := range v {
			b = binary.BigEndian.AppendUint16(b, uint16(n))
		}
		return b
	}
	tables := []struct {
		tag  string
		data []byte
	}{ // in the order of their tags
		{"cmap", u16(0, 1, 3, 0, 0, 12, 4, 24, 0, 2, 2, 0, 0, 0xffff, 0, 0xffff, 1, 0)}, // symbol, nothing mapped
		{"glyf", u16(0, 0)}, // no outline is in use; some readers want the table
		{"head", append(append(u16(1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 0, 1000), make([]byte, 16)...), u16(0, -200, advance, 800, 0, 8, 2, 0, 0)...)},
		{"hhea", u16(1, 0, 800, -200, 0, advance, 0, 0, advance, 1, 0, 0, 0, 0, 0, 0, 0, 2)},
		{"hmtx", u16(advance, 0, advance, 0)},
		{"loca", u16(0, 0, 0)},
		{"maxp", u16(1, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0)},
	}
	out := u16(1, 0, len(tables), 64, 2, len(tables)*16-64)
	var body []byte
	for _, t := range tables {
		start := len(out[:12]) + 16*len(tables) + len(body)
		body = append(body, t.data...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
		out = append(out, t.tag...)
		out = binary.BigEndian.AppendUint32(out, checksum(t.data))
		out = binary.BigEndian.AppendUint32(out, uint32(start))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t.data)))
	}
	return append(out, body...)
}

// checksum is the sum of a table's four-byte words.
func checksum(data []byte) (sum uint32) {
	for i := 0; i < len(data); i += 4 {
		var word [4]byte
		copy(word[:], data[i:])
		sum += binary.BigEndian.Uint32(word[:])
	}
	return sum
}
