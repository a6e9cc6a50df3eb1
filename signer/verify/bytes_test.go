package verify_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
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

func (r raw) on(pdf []byte) []byte {
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
	root, prev := max(r.root, 1), r.prev
	if prev == 0 {
		prev = lastStartXRef(pdf)
	}
	fmt.Fprintf(b, "trailer\n<</Size %d/Root %d 0 R/Prev %d/Info 8 0 R/ID[<0102><0506>]%s>>\n%sstartxref\n%d\n%%%%EOF\n", size, root, prev, r.trailer, r.between, start)
	return b.Bytes()
}

func lastStartXRef(pdf []byte) (n int) {
	at := bytes.LastIndex(pdf, []byte("startxref"))
	fmt.Sscan(string(pdf[at+len("startxref"):]), &n)
	return n
}

// Updates whose bytes are not what their cross-reference says, or that readers
// may understand in different ways.
func TestForeignBytes(t *testing.T) {
	signed := sign(t, withFields(), pades.Request{Key: theOffice(t).leader})
	page := "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 6 0 R>>"
	loose := "3 0 obj\n" + page + "\nendobj\n"
	info := map[int]string{8: "<</Title(Khac)>>"}
	dangling := sign(t, withContents("[5 0 R 99 0 R]"), pades.Request{Key: theOffice(t).leader})
	inside := bytes.Index(signed, []byte("6 0 obj"))
	var attacks []attack
	for _, c := range []struct {
		name string
		pdf  []byte
		kind verify.ChangeKind // "" = permitted
	}{
		{"regular", raw{objects: info}.on(signed), ""},
		{"empty update", raw{}.on(signed), ""},
		{"a writer's comment", raw{objects: info, between: "%iText-5.5.13.2\n"}.on(signed), ""},
		{"blank lines and NULs between", raw{objects: info, loose: "\n\r\n\x00 \t"}.on(append(bytes.Clone(signed), "\n\n\x00"...)), ""},
		{"an object that is not listed", raw{objects: info, loose: loose}.on(signed), verify.ForeignBytes},
		{"text", raw{objects: info, loose: "hello\n"}.on(signed), verify.ForeignBytes},
		{"an object in a comment", raw{objects: info, loose: "%3 0 obj" + page + "endobj\n"}.on(signed), verify.ForeignBytes},
		{"a long comment", raw{objects: info, loose: "%" + strings.Repeat("x", 500) + "\n"}.on(signed), verify.ForeignBytes},
		{"an object before startxref", raw{objects: info, between: loose}.on(signed), verify.BrokenUpdate},
		{"an object in a comment before startxref", raw{objects: info, between: "%3 0 obj" + page + "endobj\n"}.on(signed), verify.ForeignBytes},
		{"a comment in the table", raw{objects: info, table: "%3 0 obj" + page + "endobj\n"}.on(signed), verify.ForeignBytes},
		{"a comment where startxref points", raw{objects: info, head: "%3 0 obj\n"}.on(signed), verify.ForeignBytes},
		{"a body without cross-reference, then an update", raw{objects: info}.on(append(bytes.Clone(signed), loose...)), verify.ForeignBytes},
		{"the same with an end of file", raw{objects: info, prev: lastStartXRef(signed)}.on(append(bytes.Clone(signed), loose+"startxref\n0\n%%EOF\n"...)), verify.ForeignBytes},
		{"an update that /Prev passes over", raw{objects: info, prev: lastStartXRef(signed)}.on(raw{objects: map[int]string{3: page}}.on(signed)), verify.ForeignBytes},
		{"hybrid", hybrid(signed, page), verify.BrokenUpdate},
		{"an entry into the signed bytes", raw{listed: map[int]int{5: inside}}.on(signed), verify.BrokenUpdate},
		{"a key twice", raw{objects: map[int]string{8: "<</Title(A)/Title(B)>>"}}.on(signed), verify.BrokenUpdate},
		{"two numbers for the same bytes", twice(signed), verify.BrokenUpdate},
		{"another catalog", raw{objects: map[int]string{50: "<</Type/Catalog/Pages 2 0 R/AcroForm 9 0 R>>"}, root: 50}.on(signed), verify.ChangedTrailer},
		{"identifier changed", bytes.Replace(raw{objects: info}.on(signed), []byte("/ID[<0102><0506>]"), []byte("/ID[<0902><0506>]"), 1), verify.ChangedTrailer},
		{"a trailer entry", raw{objects: info, trailer: "/Rong 5 0 R"}.on(signed), verify.ChangedTrailer},
		{"an object that a signed reference waits for", raw{objects: map[int]string{99: "<</Length 3>>\nstream\n1 g\nendstream"}}.on(dangling), verify.ChangedPage},
		{"content freed", raw{table: "6 1\n0000000000 00001 f\r\n"}.on(signed), verify.ChangedPage},
		{"content freed, then under another generation", generation(signed), verify.ChangedPage},
	} {
		a := attack{name: c.name, pdf: given(c.pdf), verdict: verify.Invalid, forbidden: c.kind}
		if c.kind == "" {
			a.verdict = verify.Valid
		}
		attacks = append(attacks, a)
	}
	run(t, attacks)
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

// Every shape of file can be signed twice and both signatures are valid.
func TestShapes(t *testing.T) {
	o := theOffice(t)
	for _, s := range shapes.Sound() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			opened := func(pdf []byte) *pdffile.File { return openWith(t, pdf, s.Password) }
			judged := func(pdf []byte) *verify.Report {
				r, err := verify.Document(context.Background(), opened(pdf), verify.Options{Store: o.store})
				if err != nil {
					t.Fatal(err)
				}
				return r
			}
			first := signFile(t, opened(s.Data(t)), pades.Request{Key: o.leader, Page: 1, Box: pdffile.Box{X: 10, Y: 10, W: 30, H: 20}})
			both := signFile(t, opened(first), pades.Request{Key: o.clerk})
			if r := judged(both); r.Verdict() != verify.Valid || len(r.Signatures) != 2 || r.Signatures[1].Changes != nil {
				t.Error(describe(r))
			}
			if changed := contentReplaced(t, opened(both)); changed != nil {
				r := judged(append(bytes.Clone(both), changed...))
				if r.Verdict() != verify.Invalid || !slices.ContainsFunc(r.Signatures[0].Changes, func(c verify.Change) bool { return c.Kind == verify.ChangedPage }) {
					t.Errorf("content replaced: %s", describe(r))
				}
			}
		})
	}
}

// contentReplaced is an update that gives page 1 another content in place; nil
// for a page without one.
func contentReplaced(t testing.TB, f *pdffile.File) []byte {
	page, err := f.Page(1)
	if err != nil {
		t.Fatal(err)
	}
	ref, ok := page.Dict["Contents"].(pdffile.Ref)
	if !ok {
		return nil
	}
	u := f.NewUpdate()
	u.Set(ref, &pdffile.Stream{Dict: pdffile.Dict{}, Data: []byte("0 0 m")})
	tail, err := u.Render()
	if err != nil {
		t.Fatal(err)
	}
	return tail.Data
}
