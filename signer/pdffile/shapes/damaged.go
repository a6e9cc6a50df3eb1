package shapes

import (
	"bytes"
	"fmt"
	"strings"
)

// damagedShapes break the format. A reader that repairs files shows most of
// them; to sign them would mean to sign what the signer believes to be there.
func damagedShapes() []Shape {
	whole := func() []byte { return NewDocument("1.7", 2).Finish().Table() }
	all := []Shape{
		{Name: "empty", Reason: "no bytes", build: file(func() []byte { return nil })},
		{Name: "not-a-pdf", Reason: "a text", build: file(func() []byte {
			return []byte("Kính gửi: Ủy ban nhân dân xã Bình Minh.\n")
		})},
		{Name: "header-only", Reason: "nothing but a header", build: file(func() []byte { return []byte("%PDF-1.7\n") })},
		{Name: "header-after-junk-absolute", Reason: "%PDF- is not at byte 0 and the offsets count from byte 0", build: file(func() []byte {
			b := NewDocument("1.7", 2).Finish()
			b.Head = append([]byte("From: mail@example.com\r\n\r\n"), b.Head...)
			return b.Table()
		})},
		{Name: "header-missing", Reason: "no %PDF-", build: file(func() []byte { return replace(whole(), "%PDF-1.7", "%XYZ-1.7") })},

		{Name: "truncated-a-quarter", Reason: "the end is missing", build: truncated(whole, func(f []byte) int { return len(f) / 4 })},
		{Name: "truncated-half", Reason: "the end is missing", build: truncated(whole, func(f []byte) int { return len(f) / 2 })},
		{Name: "truncated-before-xref", Reason: "the end is missing", build: truncated(whole, func(f []byte) int { return int(startXRef(f)) })},
		{Name: "truncated-in-xref", Reason: "the end is missing", build: truncated(whole, func(f []byte) int { return int(startXRef(f)) + 50 })},
		{Name: "truncated-in-trailer", Reason: "the end is missing", build: truncated(whole, func(f []byte) int {
			return bytes.LastIndex(f, []byte("/Root"))
		})},
		{Name: "truncated-before-startxref", Reason: "the end is missing", build: truncated(whole, func(f []byte) int {
			return bytes.LastIndex(f, []byte("startxref"))
		})},
		{Name: "truncated-in-stream-of-objects", Reason: "the end is missing", build: truncated(
			func() []byte { return NewDocument("1.7", 2).Finish().ObjectStreams() }, func(f []byte) int { return len(f) - 120 })},

		{Name: "startxref-past-end", Reason: "startxref points nowhere", build: startxref(whole, func(f []byte) int { return len(f) + 1000 })},
		{Name: "startxref-into-text", Reason: "startxref points into a page's content", build: startxref(whole, func(f []byte) int {
			return bytes.Index(f, []byte("stream")) + 9
		})},
		{Name: "startxref-zero", Reason: "startxref points to the header", build: startxref(whole, func([]byte) int { return 0 })},
		{Name: "startxref-near-miss", Reason: "startxref is wrong by three bytes", build: startxref(whole, func(f []byte) int { return int(startXRef(f)) + 3 })},
		{Name: "startxref-negative", Reason: "startxref is negative", build: startxref(whole, func([]byte) int { return -1 })},
		{Name: "startxref-not-a-number", Reason: "startxref has no number", build: file(func() []byte {
			f := whole()
			return replace(f, fmt.Sprintf("startxref\n%d", startXRef(f)), "startxref\nabc")
		})},

		{Name: "xref-offsets-shifted", Reason: "every offset is wrong by one line, as after a change of line ends", build: file(func() []byte {
			b := NewDocument("1.7", 2).Finish()
			f := b.Table()
			return tableOffsets(f, func(_ int, offset int64) int64 { return offset + 11 })
		})},
		{Name: "xref-one-offset-wrong", Reason: "the page's offset points elsewhere", build: file(func() []byte {
			return tableOffsets(whole(), func(num int, offset int64) int64 {
				if num == 4 {
					return offset + 5
				}
				return offset
			})
		})},
		{Name: "xref-offsets-past-end", Reason: "an entry lies beyond the end of the file", build: file(func() []byte {
			return tableOffsets(whole(), func(num int, offset int64) int64 {
				if num == 4 {
					return 9_000_000_000
				}
				return offset
			})
		})},
		{Name: "xref-offset-of-other-object", Reason: "the entry of a page leads to another object", build: file(func() []byte {
			f := whole()
			return replace(f, "\n4 0 obj", "\n9 0 obj")
		})},
		{Name: "xref-prev-loop", Reason: "/Prev leads back to its own section", build: file(func() []byte {
			b := NewDocument("1.7", 1).Finish()
			at := startXRef(b.Table())
			b.Trailer = fmt.Sprintf("/Prev %d", at)
			return b.Table()
		})},
		{Name: "xref-prev-loop-of-two", Reason: "two sections lead to each other", build: file(prevLoop)},
		{Name: "xref-prev-past-end", Reason: "/Prev points nowhere", build: file(func() []byte {
			b := NewDocument("1.7", 1).Finish()
			b.Trailer = "/Prev 99999999"
			return b.Table()
		})},
		{Name: "xref-huge-count", Reason: "a subsection says it has two thousand million entries", build: file(func() []byte {
			return replace(whole(), "xref\n0 8\n", "xref\n0 2000000000\n")
		})},
		{Name: "xref-stream-huge-index", Reason: "/Index says two thousand million entries", build: file(func() []byte {
			return replaceLast(NewDocument("1.7", 2).Finish().XRefStream(), "/Index[0 9]", "/Index[0 2000000000]")
		})},
		{Name: "xref-stream-bad-widths", Reason: "/W is [1 0 0]", build: file(func() []byte {
			return replaceLast(NewDocument("1.7", 2).Finish().XRefStream(), "/W[1 5 2]", "/W[1 0 0]")
		})},
		{Name: "xref-stream-corrupt", Reason: "the data of the cross-reference stream cannot be inflated", build: file(func() []byte {
			f := NewDocument("1.7", 2).Finish().XRefStream()
			at := bytes.LastIndex(f, []byte("stream\nx")) + 12
			copy(f[at:], "corrupt!!")
			return f
		})},
		{Name: "size-huge", Reason: "/Size is two thousand million", build: file(func() []byte {
			return replace(whole(), "/Size 8", "/Size 2000000000")
		})},
		{Name: "size-missing", Reason: "no /Size", build: file(func() []byte { return replace(whole(), "/Size 8", "") })},
		{Name: "object-stream-loop", Reason: "an object stream lies in itself", build: file(objectStreamLoop)},

		{Name: "root-missing", Reason: "the trailer has no /Root", build: file(func() []byte {
			b := NewDocument("1.7", 1).Finish()
			b.Root = Ref{}
			return b.Table()
		})},
		{Name: "root-nowhere", Reason: "/Root names an object that does not exist", build: file(func() []byte {
			b := NewDocument("1.7", 1).Finish()
			b.Root = Ref{77, 0}
			return b.Table()
		})},
		{Name: "root-not-a-dictionary", Reason: "the catalog is a number", build: file(func() []byte {
			b := NewDocument("1.7", 1).Finish()
			b.Set(b.Root, "42")
			return b.Table()
		})},
		{Name: "pages-missing", Reason: "the catalog has no page tree", build: file(func() []byte {
			b := NewDocument("1.7", 1).Finish()
			b.Set(b.Root, "<</Type/Catalog>>")
			return b.Table()
		})},
		{Name: "pages-loop", Reason: "a node of the page tree is its own kid", build: file(func() []byte {
			d := NewDocument("1.7", 1)
			b := d.Finish()
			b.Set(d.Tree, "<</Type/Pages%s/Kids[%v %v]/Count 2>>", d.Shared, d.Pages[0].Ref, d.Tree)
			return b.Table()
		})},
		{Name: "pages-parent-loop", Reason: "the root of the page tree has a parent that is its kid, and a page has no MediaBox", build: file(func() []byte {
			d := NewDocument("1.7", 1)
			d.Pages[0].MediaBox = ""
			b := d.Finish()
			kid := b.Add("<</Type/Pages/Parent %v/Kids[%v %v]/Count 2>>", d.Tree, d.Pages[0].Ref, d.Tree)
			b.Set(d.Pages[0].Ref, "<</Type/Page/Parent %v>>", kid)
			b.Set(d.Tree, "<</Type/Pages/Parent %v/Kids[%v]/Count 2>>", kid, kid)
			return b.Table()
		})},
		{Name: "pages-count-wrong", Reason: "/Count says a thousand million pages", build: file(func() []byte {
			return replace(whole(), "/Count 2", "/Count 1000000000")
		})},
		{Name: "nesting-100000", Reason: "100,000 arrays inside each other in the catalog", build: file(func() []byte {
			d := NewDocument("1.7", 1)
			d.Catalog = "/PieceInfo " + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)
			return d.Finish().Table()
		})},
		{Name: "nesting-100000-open", Reason: "100,000 arrays that nobody closes", build: file(func() []byte {
			d := NewDocument("1.7", 1)
			d.Catalog = "/PieceInfo " + strings.Repeat("[", 100_000)
			return d.Finish().Table()
		})},
		{Name: "stream-length-short", Reason: "/Length is less than the data", build: streamLength(func(n int) string { return fmt.Sprint(n - 20) })},
		{Name: "stream-length-long", Reason: "/Length reaches into the next object", build: streamLength(func(n int) string { return fmt.Sprint(n + 40) })},
		{Name: "stream-length-past-end", Reason: "/Length reaches beyond the file", build: streamLength(func(int) string { return "99999999" })},
		{Name: "stream-length-missing", Reason: "no /Length", build: streamLength(func(int) string { return "null" })},
		{Name: "object-without-endobj", Reason: "the page's dictionary does not end", build: file(func() []byte {
			d := NewDocument("1.7", 1)
			b := d.Finish()
			b.Set(d.Pages[0].Ref, "<</Type/Page/Parent %v/MediaBox[0 0 595 842", d.Tree)
			return b.Table()
		})},
		{Name: "line-ends-converted", Reason: "every LF became CR LF, as by a transfer in text mode", build: file(func() []byte {
			return bytes.ReplaceAll(whole(), []byte("\n"), []byte("\r\n"))
		})},
	}
	for i := range all {
		all[i].Expect, all[i].Damaged = Refused, true
	}
	return all
}

func truncated(source func() []byte, at func([]byte) int) func() ([]byte, error) {
	return file(func() []byte {
		f := source()
		return f[:at(f)]
	})
}

func startxref(source func() []byte, value func([]byte) int) func() ([]byte, error) {
	return file(func() []byte {
		f := source()
		return replace(f, fmt.Sprintf("startxref\n%d", startXRef(f)), fmt.Sprintf("startxref\n%d", value(f)))
	})
}

// tableOffsets changes the offsets in the only cross-reference table.
func tableOffsets(file []byte, change func(num int, offset int64) int64) []byte {
	out := bytes.Clone(file)
	lines := out[startXRef(out):]
	lines = lines[bytes.IndexByte(lines, '\n')+1:]
	var first, count int
	fmt.Sscanf(string(lines[:bytes.IndexByte(lines, '\n')]), "%d %d", &first, &count) // we wrote it
	lines = lines[bytes.IndexByte(lines, '\n')+1:]
	for i := range count {
		line := lines[20*i : 20*i+20]
		if line[17] == 'n' {
			copy(line, fmt.Sprintf("%010d", change(first+i, int64(number(line[:10])))))
		}
	}
	return out
}

// streamLength writes a wrong /Length into the content of the only page.
func streamLength(value func(n int) string) func() ([]byte, error) {
	return file(func() []byte {
		d := NewDocument("1.7", 1)
		content := []byte("BT /F1 36 Tf 60 700 Td (a content stream whose length is wrong) Tj ET")
		r := d.Reserve()
		d.objects[r.Num] = object{stream: true, data: content, body: "<</Length " + value(len(content)) + ">>"}
		d.Pages[0].Contents = r.String()
		return d.Finish().Table()
	})
}

// prevLoop has two sections of which each is the other's /Prev.
func prevLoop() []byte {
	b := NewDocument("1.7", 1).Finish()
	b.Trailer = fmt.Sprintf("/Prev %010d", 0)
	first := b.Table()
	b = Revise(first)
	b.Add("(added)")
	second := b.Table()
	return replace(second, fmt.Sprintf("/Prev %010d", 0), fmt.Sprintf("/Prev %010d", startXRef(second)))
}

// objectStreamLoop has a page in an object stream that the cross-reference
// stream says lies in an object stream: itself.
func objectStreamLoop() []byte {
	b := NewDocument("1.7", 1).Finish()
	var buf bytes.Buffer
	out := b.begin(&buf)
	entries := b.complete(b.writeObjects(out, b.numbers()))
	page, self := 4, b.size
	entries[page] = entry{2, int64(page), 0}
	start := out.n
	entries[self] = entry{1, start, 0}
	out.xrefStream(self, entries, b.trailer(self+1), false)
	out.end(start) // a bytes.Buffer takes everything
	return buf.Bytes()
}

func replaceLast(file []byte, old, repl string) []byte {
	at := bytes.LastIndex(file, []byte(old))
	if at < 0 {
		panic("shapes: nothing to replace: " + old)
	}
	return append(append(bytes.Clone(file[:at]), repl...), file[at+len(old):]...)
}
