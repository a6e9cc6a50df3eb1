package verify_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"antin/signer/pades"
	"antin/signer/verify"
)

// raw is an update written by hand: its objects, then what stands between them
// and the cross-reference table, then entries that replace the trailer's.
type raw struct {
	objects map[int]string // number → body
	listed  map[int]int    // number → offset, for entries that lie
	loose   string         // bytes that nothing lists
	between string         // between trailer and startxref
	table   string         // a line inside the table
	trailer string         // more trailer entries
	root    int            // 0 = the usual 1
	prev    int            // 0 = the present startxref
	head    string         // before "xref", where startxref points to
}

// on appends the update to pdf; prev is for a pdf that ends with bytes that no
// startxref follows yet.
func (r raw) on(pdf []byte, prev ...int) []byte {
	b := bytes.NewBuffer(bytes.Clone(pdf))
	offsets := map[int]int{}
	for n, body := range r.objects {
		offsets[n] = b.Len()
		fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", n, body)
	}
	for n, off := range r.listed {
		offsets[n] = off
	}
	b.WriteString(r.loose)
	start := b.Len()
	b.WriteString(r.head + "xref\n" + r.table)
	size := 100
	for n, off := range offsets {
		fmt.Fprintf(b, "%d 1\n%010d 00000 n\r\n", n, off)
		size = max(size, n+1)
	}
	root, before := max(r.root, 1), r.prev
	switch {
	case len(prev) > 0:
		before = prev[0]
	case before == 0:
		before = lastStartXRef(pdf)
	}
	fmt.Fprintf(b, "trailer\n<</Size %d/Root %d 0 R/Prev %d/Info 8 0 R/ID[<0102><0506>]%s>>\n%sstartxref\n%d\n%%%%EOF\n", size, root, before, r.trailer, r.between, start)
	return b.Bytes()
}

func lastStartXRef(pdf []byte) (n int) {
	at := bytes.LastIndex(pdf, []byte("startxref"))
	fmt.Sscan(string(pdf[at+len("startxref"):]), &n)
	return n
}

// strayUpdates: updates that no cross-reference accounts for, or only in part,
// and which readers that repair a file would show.
func strayUpdates(t testing.TB, p int) []sample {
	signed := base(t, p)
	page := "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 6 0 R>>"
	loose := "3 0 obj\n" + page + "\nendobj\n"
	info := map[int]string{8: "<</Title(Khac)>>"}
	behind := func(tail string) []byte { return append(bytes.Clone(signed), tail...) }
	var rows []sample
	for _, c := range []struct {
		name string
		pdf  []byte
		kind verify.ChangeKind
	}{
		{"a page with its cross-reference", raw{objects: map[int]string{3: page}}.on(signed), verify.ChangedPage},
		{"a page with a broken cross-reference", append(bytes.Clone(signed), bytes.Replace(raw{objects: map[int]string{3: page}}.on(signed)[len(signed):], []byte("xref\n3 1\n"), []byte("xref\n3 x\n"), 1)...), verify.ForeignBytes},
		{"a page without cross-reference", behind(loose), verify.ForeignBytes},
		{"a page without cross-reference, with an end of file", behind(loose + "%%EOF\n"), verify.ForeignBytes},
		{"a page with a broken startxref", behind(loose + "startxref\n99999999\n%%EOF\n"), verify.ForeignBytes},
		{"a page with an empty cross-reference", behind(loose + "xref\ntrailer\n<<>>\nstartxref\n" + itoa(len(signed)+len(loose)) + "\n%%EOF\n"), verify.ForeignBytes},
		{"a page with an old startxref", behind(loose + "startxref\n" + itoa(lastStartXRef(signed)) + "\n%%EOF\n"), verify.ForeignBytes},
		{"text behind the end", behind("hello"), verify.ForeignBytes},
		{"a megabyte of pages behind the end", behind(strings.Repeat(loose, 1<<20/len(loose))), verify.ForeignBytes},
		{"the signature again", behind(string(signed[bytes.Index(signed, []byte("/ByteRange"))-40:])), verify.ForeignBytes},
		{"an object that is not listed", raw{objects: info, loose: loose}.on(signed), verify.ForeignBytes},
		{"text between objects", raw{objects: info, loose: "hello\n"}.on(signed), verify.ForeignBytes},
		{"an object before startxref", raw{objects: info, between: loose}.on(signed), verify.BrokenUpdate},
		{"a body without cross-reference, then an update", raw{objects: info}.on(behind(loose)), verify.ForeignBytes},
		{"the same with an end of file", raw{objects: info, prev: lastStartXRef(signed)}.on(behind(loose + "startxref\n0\n%%EOF\n")), verify.ForeignBytes},
		{"an update that /Prev passes over", raw{objects: info, prev: lastStartXRef(signed)}.on(raw{objects: map[int]string{3: page}}.on(signed)), verify.ForeignBytes},
		{"content freed", raw{table: "6 1\n0000000000 00001 f\r\n"}.on(signed), verify.ChangedPage},
		{"another catalog", raw{objects: map[int]string{50: "<</Type/Catalog/Pages 2 0 R/AcroForm 9 0 R>>"}, root: 50}.on(signed), verify.ChangedTrailer},
		{"a trailer entry", raw{objects: info, trailer: "/Rong 5 0 R"}.on(signed), verify.ChangedTrailer},
		{"cut off in the middle of an update", cut(raw{objects: map[int]string{3: page}}.on(signed), 30), verify.ForeignBytes},
	} {
		rows = append(rows, forbidden(c.name, given(c.pdf), c.kind))
	}
	return rows
}

func cut(pdf []byte, n int) []byte { return pdf[:len(pdf)-n] }

// differentials: files that readers understand in different ways.
func differentials(t testing.TB, p int) []sample {
	signed := base(t, p)
	page := "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 6 0 R>>"
	info := map[int]string{8: "<</Title(Khac)>>"}
	dangling := sign(t, withContents("[5 0 R 99 0 R]"), pades.Request{Key: theOffice(t).leader, Certify: p})
	inside := bytes.Index(signed, []byte("6 0 obj"))
	entry := func(num int, at string) string { return itoa(num) + " 1\n" + at + " 00000 n\r\n" }
	rows := []sample{
		malformed("a header further back", given(append([]byte("\x00garbage\n"), signed...))),
		malformed("the signature dictionary names a key twice", func(t testing.TB) []byte {
			text, br := byteRange(t, signed)
			return bytes.Replace(signed, []byte("/ByteRange "+text), padded(fmt.Sprintf("/ByteRange [0 %d %d %d]/Filter/A", br[1], br[2], br[3]), len("/ByteRange "+text)), 1)
		}),
	}
	for _, c := range []struct {
		name string
		pdf  []byte
		kind verify.ChangeKind
	}{
		{"hybrid", hybrid(signed, page), verify.BrokenUpdate},
		{"an object in a comment", raw{objects: info, loose: "%3 0 obj" + page + "endobj\n"}.on(signed), verify.ForeignBytes},
		{"a long comment", raw{objects: info, loose: "%" + strings.Repeat("x", 500) + "\n"}.on(signed), verify.ForeignBytes},
		{"an object in a comment before startxref", raw{objects: info, between: "%3 0 obj" + page + "endobj\n"}.on(signed), verify.ForeignBytes},
		{"a comment in the table", raw{objects: info, table: "%3 0 obj" + page + "endobj\n"}.on(signed), verify.ForeignBytes},
		{"a comment where startxref points", raw{objects: info, head: "%3 0 obj\n"}.on(signed), verify.ForeignBytes},
		{"an entry into the signed bytes", raw{listed: map[int]int{5: inside}}.on(signed), verify.BrokenUpdate},
		{"an entry into another object", raw{objects: info, listed: map[int]int{5: len(signed) + 3}}.on(signed), verify.BrokenUpdate},
		{"an entry listed twice", raw{objects: info, table: entry(3, "0000000015") + entry(3, "0000000015")}.on(signed), verify.ForeignBytes},
		{"a key twice", raw{objects: map[int]string{8: "<</Title(A)/Title(B)>>"}}.on(signed), verify.BrokenUpdate},
		{"a key twice, once escaped", raw{objects: map[int]string{8: "<</Title(A)/T#69tle(B)>>"}}.on(signed), verify.BrokenUpdate},
		{"two numbers for the same bytes", twice(signed), verify.BrokenUpdate},
		{"an object that a signed reference waits for", raw{objects: map[int]string{99: "<</Length 3>>\nstream\n1 g\nendstream"}}.on(dangling), verify.ChangedPage},
		{"content under another generation", generation(signed), verify.ChangedPage},
		{"a stream longer than its /Length", raw{objects: map[int]string{8: "<</Length 3>>\nstream\n1 g 3 0 obj<<>>endobj\nendstream"}}.on(signed), verify.BrokenUpdate},
		{"identifier changed", bytes.Replace(raw{objects: info}.on(signed), []byte("/ID[<0102><0506>]"), []byte("/ID[<0902><0506>]"), 1), verify.ChangedTrailer},
		{"encryption added", raw{objects: info, trailer: "/Encrypt<</Filter/None>>"}.on(signed), verify.ForeignBytes},
	} {
		rows = append(rows, forbidden(c.name, given(c.pdf), c.kind))
	}
	return rows
}

// hybrid puts a page into the stream that only some readers look at.
func hybrid(pdf []byte, page string) []byte {
	b := bytes.NewBuffer(bytes.Clone(pdf))
	at := b.Len()
	fmt.Fprintf(b, "3 0 obj\n%s\nendobj\n", page)
	rows := []byte{1, byte(at >> 24), byte(at >> 16), byte(at >> 8), byte(at), 0}
	stream := b.Len()
	fmt.Fprintf(b, "60 0 obj\n<</Type/XRef/Size 61/W[1 4 1]/Index[3 1]/Length %d>>\nstream\n%s\nendstream\nendobj\n", len(rows), rows)
	return raw{trailer: fmt.Sprintf("/XRefStm %d", stream)}.on(b.Bytes())
}

// twice lists the stream object 5 once as itself and once through a number whose
// object stands inside its data.
func twice(pdf []byte) []byte {
	body := "<</Length 28>>\nstream\n70 0 obj<</A 1>>endobj 1 g \nendstream"
	at := bytes.Index(raw{objects: map[int]string{71: body}}.on(pdf)[len(pdf):], []byte("70 0 obj")) + len(pdf)
	return raw{objects: map[int]string{71: body}, listed: map[int]int{70: at}}.on(pdf)
}

// generation writes object 5 as "5 1 obj": references to "5 0 R" lead nowhere.
func generation(pdf []byte) []byte {
	out := raw{objects: map[int]string{5: "<</Length 3>>\nstream\n1 g\nendstream"}}.on(pdf)
	tail := bytes.Replace(out[len(pdf):], []byte("5 0 obj"), []byte("5 1 obj"), 1)
	tail = bytes.Replace(tail, []byte(" 00000 n"), []byte(" 00001 n"), 1)
	return append(out[:len(pdf):len(pdf)], tail...)
}
