package practice

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
)

// pageShape is how the page dictionary shows the same sheet of A4.
type pageShape struct {
	name     string
	rotate   int
	crop     float64 // mm cut off at the left and at the top
	userUnit float64
	x0, y0   float64 // origin of the media box, pt
}

var pageShapes = []pageShape{
	{name: "A4"},
	{name: "xoay-90", rotate: 90},
	{name: "xoay-180", rotate: 180},
	{name: "xoay-270", rotate: 270},
	{name: "cắt", crop: 8},
	{name: "đơn-vị-2", userUnit: 2},
	{name: "gốc-lệch", x0: 100, y0: -200},
}

// matrix turns points of the upright sheet into user space.
func (s pageShape) matrix() string {
	const w, h = sheetW / pt, sheetH / pt
	switch s.rotate {
	case 90:
		return fmt.Sprintf("0 1 -1 0 %.4f 0 cm", h)
	case 180:
		return fmt.Sprintf("-1 0 0 -1 %.4f %.4f cm", w, h)
	case 270:
		return fmt.Sprintf("0 -1 1 0 0 %.4f cm", w)
	}
	if s.userUnit > 0 {
		return fmt.Sprintf("%.4f 0 0 %.4f 0 0 cm", 1/s.userUnit, 1/s.userUnit)
	}
	return fmt.Sprintf("1 0 0 1 %.4f %.4f cm", s.x0, s.y0)
}

func (s pageShape) boxes() string {
	w, h := sheetW/pt, sheetH/pt
	if s.rotate%180 != 0 {
		w, h = h, w
	}
	if s.userUnit > 0 {
		return fmt.Sprintf("/MediaBox[0 0 %.4f %.4f]/UserUnit %g", w/s.userUnit, h/s.userUnit, s.userUnit)
	}
	out := fmt.Sprintf("/MediaBox[%.4f %.4f %.4f %.4f]", s.x0, s.y0, s.x0+w, s.y0+h)
	if s.rotate != 0 {
		out += fmt.Sprintf("/Rotate %d", s.rotate)
	}
	if s.crop > 0 {
		out += fmt.Sprintf("/CropBox[%.4f 0 %.4f %.4f]", s.crop/pt, w, h-s.crop/pt)
	}
	return out
}

// pdfWriter collects the objects of a new file.
type pdfWriter struct{ objects [][]byte }

func (w *pdfWriter) reserve() int {
	w.objects = append(w.objects, nil)
	return len(w.objects)
}

func (w *pdfWriter) set(n int, format string, args ...any) {
	w.objects[n-1] = fmt.Appendf(nil, format, args...)
}

func (w *pdfWriter) add(format string, args ...any) int {
	n := w.reserve()
	w.set(n, format, args...)
	return n
}

// stream adds a stream; dict are its further entries.
func (w *pdfWriter) stream(dict string, data []byte) int {
	var z bytes.Buffer
	c, err := zlib.NewWriterLevel(&z, zlib.BestSpeed)
	if err == nil {
		_, err = c.Write(data)
	}
	if err == nil {
		err = c.Close()
	}
	if err != nil { // a Buffer does not fail, the level is a constant
		panic(err)
	}
	n := w.reserve()
	w.objects[n-1] = append(fmt.Appendf(nil, "<<%s/Filter/FlateDecode/Length %d>>\nstream\n", dict, z.Len()), append(z.Bytes(), "\nendstream"...)...)
	return n
}

// file writes header, objects, table and trailer.
func (w *pdfWriter) file(root int) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(w.objects))
	for i, o := range w.objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(w.objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(w.objects)+1, root, start)
	return b.Bytes()
}

// write makes the file of a sheaf as a producer would.
func (s *sheaf) write(p producer, shape pageShape) []byte {
	w := &pdfWriter{}
	t := newTypesetter(p, s.faces)
	tree, fonts := w.reserve(), w.reserve()
	image := 0
	if p.codec == pictureOnly || p.codec == pictureLayer {
		grey := make([]byte, 105*148)
		for i := range grey {
			grey[i] = 0xf0 + byte(i*7919>>8&0x0f)
		}
		image = w.stream("/Type/XObject/Subtype/Image/Width 105/Height 148/BitsPerComponent 8/ColorSpace/DeviceGray", grey)
	}
	var kids strings.Builder
	for page := 1; page <= s.page; page++ {
		var b bytes.Buffer
		fmt.Fprintf(&b, "q\n%s\n", shape.matrix())
		if image > 0 {
			fmt.Fprintf(&b, "q %.4f 0 0 %.4f 0 0 cm /Im Do Q\n", sheetW/pt, sheetH/pt)
		}
		if t.flipped {
			fmt.Fprintf(&b, "1 1 1 rg 0 0 %.4f %.4f re f 0 g\n.24 0 0 -.24 0 %.4f cm\n", sheetW/pt, sheetH/pt, sheetH/pt)
		}
		if p.codec != pictureOnly {
			s.content(&b, t, page)
		}
		b.WriteString("Q\n")
		resources := fmt.Sprintf("/Font %d 0 R", fonts)
		if image > 0 {
			resources += fmt.Sprintf("/XObject<</Im %d 0 R>>", image)
		}
		contents := 0
		if p.nested {
			inner := w.stream(fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[-9999 -9999 9999 9999]/Matrix[2 0 0 2 0 0]/Resources<<%s>>", resources), b.Bytes())
			outer := w.stream(fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[-9999 -9999 9999 9999]/Resources<</XObject<</In %d 0 R>>>>", inner), []byte("q .5 0 0 .5 0 0 cm /In Do Q"))
			contents = w.stream("", []byte("/Out Do"))
			resources = fmt.Sprintf("/XObject<</Out %d 0 R>>", outer)
		} else {
			contents = w.stream("", b.Bytes())
		}
		n := w.add("<</Type/Page/Parent %d 0 R%s/Resources<<%s>>/Contents %d 0 R>>", tree, shape.boxes(), resources, contents)
		fmt.Fprintf(&kids, "%d 0 R ", n)
	}
	var list strings.Builder
	for _, f := range t.fonts {
		fmt.Fprintf(&list, "/%s %d 0 R", f.resource, t.writeFont(w, f))
	}
	w.set(fonts, "<<%s>>", list.String())
	w.set(tree, "<</Type/Pages/Kids[%s]/Count %d>>", kids.String(), s.page)
	return w.file(w.add("<</Type/Catalog/Pages %d 0 R/Lang(vi-VN)>>", tree))
}

// content writes the operators of one page.
func (s *sheaf) content(b *bytes.Buffer, t *typesetter, page int) {
	for _, r := range s.rules {
		if r.page != page {
			continue
		}
		x0, x1, y0, y1 := r.x0/pt, r.x1/pt, (sheetH-r.y0)/pt, (sheetH-r.y1)/pt
		if t.flipped {
			x0, x1, y0, y1 = x0/0.24, x1/0.24, r.y0/pt/0.24, r.y1/pt/0.24
		}
		fmt.Fprintf(b, ".7 w %.3f %.3f m %.3f %.3f l S\n", x0, y0, x1, y1)
	}
	for _, m := range s.marks {
		if m.page == page {
			t.show(b, m, m.x/pt, (sheetH-m.baseline)/pt)
		}
	}
}

// writeFont adds the objects of a font and returns its number.
func (t *typesetter) writeFont(w *pdfWriter, f *fontUse) int {
	fc := t.faces[f.style]
	glyphs := map[int]bool{}
	byRune := map[rune]int{}
	indexes := make([]int, 256)
	for _, e := range f.entries {
		glyphs[e.glyph] = true
		if len(e.runes) == 1 {
			byRune[e.runes[0]] = e.glyph
		}
		if e.code < 256 {
			indexes[e.code] = e.glyph
		}
	}
	flags := 4
	if f.style == italic || f.style == boldItalic {
		flags |= 64
	}
	if f.kind == mixed || f.kind == oldTCVN3 || f.kind == oldVNI {
		flags = flags&^4 | 32
	}
	if t.shadow {
		flags &^= 64
	}
	descriptor := func(program []byte) int {
		file := ""
		if program != nil {
			file = fmt.Sprintf("/FontFile2 %d 0 R", w.stream(fmt.Sprintf("/Length1 %d", len(program)), program))
		}
		return w.add("<</Type/FontDescriptor/FontName/%s/Flags %d/FontBBox[-568 -307 2000 1007]/ItalicAngle 0/Ascent 891/Descent -216/CapHeight 662/StemV 80%s>>", pdfName(f.name), flags, file)
	}
	unicode := ""
	if !t.noUnicode && !f.bare && f.kind != oldTCVN3 && f.kind != oldVNI && f.kind != mixed {
		unicode = fmt.Sprintf("/ToUnicode %d 0 R", w.stream("", toUnicode(f)))
	}
	var widths strings.Builder
	for _, x := range f.widths {
		fmt.Fprintf(&widths, "%.3f ", x*1000)
	}
	switch f.kind {
	case identity:
		var cmap []byte
		if t.keepCmap {
			cmap = unicodeCmap(byRune)
		}
		var list strings.Builder
		for _, e := range f.entries {
			fmt.Fprintf(&list, "%d[%.3f]", e.code, e.advance*1000)
		}
		d := descriptor(fc.subset(glyphs, cmap))
		name := "ABCDEF+" + f.name
		cid := w.add("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R/DW 500/W[%s]/CIDToGIDMap/Identity>>", pdfName(name), d, list.String())
		return w.add("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]%s>>", pdfName(name), cid, unicode)
	case mixed:
		return w.add("<</Type/Font/Subtype/TrueType/BaseFont/%s/Encoding/WinAnsiEncoding/FirstChar 0/LastChar 255/Widths[%s]/FontDescriptor %d 0 R>>",
			pdfName("BCDEEE+"+f.name), widths.String(), descriptor(fc.subset(glyphs, unicodeCmap(byRune))))
	case oldTCVN3, oldVNI: // not embedded, as in many documents of their time
		return w.add("<</Type/Font/Subtype/TrueType/BaseFont/%s/Encoding/WinAnsiEncoding/FirstChar 0/LastChar 255/Widths[%s]/FontDescriptor %d 0 R>>",
			pdfName(f.name), widths.String(), descriptor(nil))
	case type3:
		return t.writeType3(w, f, widths.String(), unicode)
	default:
		return w.add("<</Type/Font/Subtype/TrueType/BaseFont/%s/FirstChar 0/LastChar 255/Widths[%s]/FontDescriptor %d 0 R%s>>",
			pdfName("BAAAAA+"+f.name), widths.String(), descriptor(fc.subset(glyphs, macCmap(indexes))), unicode)
	}
}

func (t *typesetter) writeType3(w *pdfWriter, f *fontUse, widths, unicode string) int {
	var procs, differences strings.Builder
	for _, e := range f.entries {
		proc := fmt.Appendf(nil, "%.0f 0 -600 -400 2100 1200 d1 ", e.advance*1000)
		n := w.stream("", append(proc, t.faces[f.style].outline(e.glyph)...))
		fmt.Fprintf(&procs, "/g%d %d 0 R", e.code, n)
		fmt.Fprintf(&differences, "%d/g%d ", e.code, e.code)
	}
	d := w.add("<</Type/FontDescriptor/FontName/%s/Flags %d/ItalicAngle %d>>", pdfName(f.name), 4, map[bool]int{true: -16}[f.style == italic || f.style == boldItalic])
	return w.add("<</Type/Font/Subtype/Type3/FontBBox[-600 -400 2100 1200]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 0/LastChar 255/Widths[%s]/Encoding<</Type/Encoding/Differences[%s]>>/CharProcs<<%s>>/Resources<<>>/FontDescriptor %d 0 R%s>>",
		widths, differences.String(), procs.String(), d, unicode)
}

func pdfName(s string) string { return strings.NewReplacer(" ", "#20", ",", "#2C").Replace(s) }

// toUnicode is a ToUnicode CMap: single codes, a hundred at a time.
func toUnicode(f *fontUse) []byte {
	var b bytes.Buffer
	digits := 2
	if f.kind == identity {
		digits = 4
	}
	fmt.Fprintf(&b, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapType 2 def\n1 begincodespacerange\n<%0*X> <%s>\nendcodespacerange\n", digits, 0, strings.Repeat("F", digits))
	for from := 0; from < len(f.entries); from += 100 {
		part := f.entries[from:min(from+100, len(f.entries))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for _, e := range part {
			fmt.Fprintf(&b, "<%0*X> <%s>\n", digits, e.code, hex16(e.text))
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
