package verify_test

import (
	"bytes"
	"crypto"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"antin/signer/pdffile"
)

// revisions adds n updates with nothing in them.
func revisions(pdf []byte, n int) []byte {
	b := bytes.NewBuffer(bytes.Clone(pdf))
	prev := lastStartXRef(pdf)
	for range n {
		start := b.Len()
		fmt.Fprintf(b, "xref\ntrailer\n<</Size 100/Root 1 0 R/Prev %d/Info 8 0 R/ID[<0102><0506>]>>\nstartxref\n%d\n%%%%EOF\n", prev, start)
		prev = start
	}
	return b.Bytes()
}

// signatures adds n invisible signatures.
func signatures(t testing.TB, pdf []byte, n int) []byte {
	who := theOffice(t).clerk
	for range n {
		f := newFrame(t, pdf, pdffile.Dict{"Contents": pdffile.ContentsSlot{Bytes: 4 << 10}})
		pdf = f.put(t, message(t, who, profileOf(who), f.digest(crypto.SHA256)))
	}
	return pdf
}

// sharing gives n fields the first signature's dictionary.
func sharing(t testing.TB, pdf []byte, n int) []byte {
	field := sprintf("<</FT/Sig/T(x)/V %d 0 R>>", signatureRef(t, pdf).Num)
	return raw{objects: map[int]string{9: "<</Fields[" + strings.Repeat(field, n) + "]>>"}}.on(pdf)
}

func manyFields(pdf []byte, n int) []byte {
	return raw{objects: map[int]string{9: "<</Fields[" + strings.Repeat("<</FT/Tx/T(x)>>", n) + "]>>"}}.on(pdf)
}

// filledFields is a signed form of n text fields, all of them filled afterwards.
func filledFields(t testing.TB, n int) []byte {
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>", "", "<<>>", "<<>>", "<<>>", "<<>>",
	}
	var fields strings.Builder
	for i := range n {
		objects = append(objects, fmt.Sprintf("<</FT/Tx/T(f%d)>>", i))
		fmt.Fprintf(&fields, "%d 0 R ", 9+i)
	}
	objects[3] = "<</Fields[" + fields.String() + "]>>"
	signed := signedBy(t, build(objects...), theOffice(t).clerk, nil, nil)
	b := bytes.NewBuffer(bytes.Clone(signed))
	var table strings.Builder
	for i := range n {
		fmt.Fprintf(&table, "%010d 00000 n\r\n", b.Len())
		fmt.Fprintf(b, "%d 0 obj\n<</FT/Tx/T(f%d)/V(x)>>\nendobj\n", 9+i, i)
	}
	return raw{table: fmt.Sprintf("9 %d\n%s", n, table.String())}.on(b.Bytes(), lastStartXRef(signed))
}

// manyAnnotations gives page 1 a list of n annotations.
func manyAnnotations(pdf []byte, n int) []byte {
	return raw{objects: map[int]string{
		50: "<</Type/Annot/Subtype/Square/Rect[0 0 9 9]>>",
		3:  "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Annots[" + strings.Repeat("50 0 R ", n) + "]>>",
	}}.on(pdf)
}

// manyPages is a signed document of n pages in one list.
func manyPages(t testing.TB, n int) []byte {
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>", "", "<<>>", "<<>>", "<<>>", "<<>>", "<<>>", "<<>>"}
	var kids strings.Builder
	for i := range n {
		objects = append(objects, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>")
		fmt.Fprintf(&kids, "%d 0 R ", 9+i)
	}
	objects[1] = fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", kids.String(), n)
	who := theOffice(t).clerk
	return signedBy(t, signedBy(t, build(objects...), who, nil, nil), who, nil, nil)
}

// manyObjects adds an update of n times the same object.
func manyObjects(pdf []byte, n int, body string) []byte {
	b := bytes.NewBuffer(bytes.Clone(pdf))
	var table bytes.Buffer
	for i := range n {
		fmt.Fprintf(&table, "%010d 00000 n\r\n", b.Len())
		fmt.Fprintf(b, "%d 0 obj %s endobj\n", 100+i, body)
	}
	return raw{table: fmt.Sprintf("100 %d\n%s", n, table.String())}.on(b.Bytes(), lastStartXRef(pdf))
}

// xrefStream adds an update that consists of a cross-reference stream with these
// rows, deflated, for /W [1 4 1].
func xrefStream(pdf []byte, index, keys string, rows []byte) []byte {
	data := pdffile.Deflate(rows)
	start := len(pdf)
	return append(bytes.Clone(pdf), fmt.Sprintf("90 0 obj\n<</Type/XRef/Size 500000/W[1 4 1]/Index%s/Root 1 0 R/Info 8 0 R/ID[<0102><0506>]/Prev %d/Filter/FlateDecode%s/Length %d>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n",
		index, lastStartXRef(pdf), keys, len(data), data, start)...)
}

// inflating adds n object streams of 30 MB each, which say that they hold the
// same object; the cross-reference looks for another one in each.
func inflating(pdf []byte, n int) []byte {
	data := pdffile.Deflate(append([]byte("2000  0 7"), bytes.Repeat([]byte(" "), 30<<20)...))
	b := bytes.NewBuffer(bytes.Clone(pdf))
	var rows []byte
	row := func(kind byte, at uint32) {
		rows = append(rows, kind)
		rows = binary.BigEndian.AppendUint32(rows, at)
		rows = append(rows, 0)
	}
	var inside []uint32
	for i := range n {
		num := 1000 + i
		row(1, uint32(b.Len()))
		inside = append(inside, uint32(num))
		fmt.Fprintf(b, "%d 0 obj\n<</Type/ObjStm/N 1/First 8/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream\nendobj\n", num, len(data), data)
	}
	for _, num := range inside {
		row(2, num)
	}
	rows = append(rows, 1)
	rows = binary.BigEndian.AppendUint32(rows, uint32(b.Len()))
	rows = append(rows, 0)
	data = pdffile.Deflate(rows)
	start := b.Len()
	fmt.Fprintf(b, "90 0 obj\n<</Type/XRef/Size 3000/W[1 4 1]/Index[1000 %d 2000 %d 90 1]/Root 1 0 R/Info 8 0 R/ID[<0102><0506>]/Prev %d/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n",
		n, n, lastStartXRef(pdf), len(data), data, start)
	return b.Bytes()
}
