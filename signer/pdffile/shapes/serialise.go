package shapes

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
)

// perObjectStream is the most objects one object stream takes here; small, so
// that ordinary documents have several.
const perObjectStream = 40

// entry is one cross-reference entry in the terms of a cross-reference stream
// (7.5.8.3): type 0 free (next, generation), 1 in the file (offset,
// generation), 2 in an object stream (its number, index).
type entry struct {
	kind int
	a    int64
	b    int
}

// Table writes the file with a cross-reference table (7.5.4).
func (b *Builder) Table() []byte {
	var buf bytes.Buffer
	b.WriteTable(&buf) // a bytes.Buffer takes everything
	return buf.Bytes()
}

// WriteTable is Table onto a writer, for files that should not be in memory.
func (b *Builder) WriteTable(w io.Writer) error {
	out := b.begin(w)
	entries := b.writeObjects(out, b.numbers())
	start := out.table(b.complete(entries))
	out.line("trailer")
	out.line("<<" + b.trailer(b.size) + ">>")
	return out.end(start)
}

// XRefStream writes the file with a cross-reference stream (7.5.8), every
// object by itself.
func (b *Builder) XRefStream() []byte { return b.streamed(nil) }

// ObjectStreams writes the file with a cross-reference stream and puts every
// object that may go there into object streams (7.5.7): the catalog, the pages
// and the form too, except those named as plain.
func (b *Builder) ObjectStreams(plain ...Ref) []byte {
	return b.streamed(func(num int, o object) bool {
		// 7.5.7: no streams, no generation but 0.
		return !o.stream && !o.free && o.gen == 0 &&
			!slices.ContainsFunc(plain, func(r Ref) bool { return r.Num == num })
	})
}

func (b *Builder) streamed(packed func(int, object) bool) []byte {
	var buf bytes.Buffer
	out := b.begin(&buf)
	entries, next := b.writePacked(out, packed)
	self := next
	start := out.n
	entries[self] = entry{1, start, 0}
	out.xrefStream(self, b.complete(entries), b.trailer(self+1), b.Predictor)
	out.end(start) // a bytes.Buffer takes everything
	return buf.Bytes()
}

// Hybrid writes a hybrid-reference file (7.5.8.4): a table, in which the hidden
// objects are free, and a cross-reference stream that finds them in an object
// stream. As Microsoft Word does it, an empty second table names the stream.
func (b *Builder) Hybrid(hidden ...Ref) []byte { return b.hybrid(false, hidden) }

// HybridOneSection is Hybrid with the table itself naming the stream, as in the
// standard's example. Poppler does not find the hidden objects then.
func (b *Builder) HybridOneSection(hidden ...Ref) []byte { return b.hybrid(true, hidden) }

func (b *Builder) hybrid(oneSection bool, hidden []Ref) []byte {
	var buf bytes.Buffer
	out := b.begin(&buf)
	entries, self := b.writePacked(out, func(num int, _ object) bool {
		return slices.ContainsFunc(hidden, func(r Ref) bool { return r.Num == num })
	})
	table, stream := map[int]entry{}, map[int]entry{}
	for num, e := range entries {
		if e.kind == 2 {
			table[num], stream[num] = entry{0, 0, 65535}, e
		} else {
			table[num] = e
		}
	}
	streamAt := out.n
	table[self] = entry{1, streamAt, 0}
	stream[self] = table[self]
	trailer := b.trailer(self + 1)
	out.xrefStream(self, stream, trailer, b.Predictor)
	start := out.table(b.complete(table))
	if !oneSection {
		out.line("trailer")
		out.line("<<" + trailer + ">>")
		out.end(start) // a bytes.Buffer takes everything
		trailer += fmt.Sprintf("/Prev %d", start)
		start = out.table(nil)
	}
	out.line("trailer")
	out.line(fmt.Sprintf("<<%s/XRefStm %d>>", trailer, streamAt))
	out.end(start) // a bytes.Buffer takes everything
	return buf.Bytes()
}

// begin writes the header, or the file that is revised.
func (b *Builder) begin(w io.Writer) *output {
	out := &output{w: bufio.NewWriterSize(w, 1<<16), eol: b.EOL}
	if b.base == nil {
		out.Write(b.Head)
		return out
	}
	out.Write(b.base)
	if !bytes.HasSuffix(b.base, []byte("\n")) && !bytes.HasSuffix(b.base, []byte("\r")) {
		out.line("")
	}
	return out
}

func (b *Builder) writeObjects(out *output, numbers []int) map[int]entry {
	entries := map[int]entry{}
	for _, num := range numbers {
		o := b.objects[num]
		if o.free {
			entries[num] = entry{0, 0, o.gen}
			continue
		}
		entries[num] = entry{1, out.n, o.gen}
		out.object(num, o)
	}
	return entries
}

// writePacked writes the objects that packed chooses into object streams and
// the others by themselves. It returns the next free object number.
func (b *Builder) writePacked(out *output, packed func(int, object) bool) (map[int]entry, int) {
	var alone, inside []int
	for _, num := range b.numbers() {
		if packed != nil && packed(num, b.objects[num]) {
			inside = append(inside, num)
		} else {
			alone = append(alone, num)
		}
	}
	entries := b.writeObjects(out, alone)
	next := b.size
	for chunk := range slices.Chunk(inside, perObjectStream) {
		var index, bodies strings.Builder
		for i, num := range chunk {
			fmt.Fprintf(&index, "%d %d ", num, bodies.Len())
			bodies.WriteString(b.objects[num].body + "\n")
			entries[num] = entry{2, int64(next), i}
		}
		data := deflate([]byte(index.String() + bodies.String()))
		entries[next] = entry{1, out.n, 0}
		out.object(next, object{stream: true, data: data, body: fmt.Sprintf(
			"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>", len(chunk), index.Len(), len(data))})
		next++
	}
	return entries, next
}

// complete adds what the first section of a file must have: object 0 and a
// free entry for every number not used.
func (b *Builder) complete(entries map[int]entry) map[int]entry {
	if b.base != nil {
		return entries
	}
	top := 0
	for num := range entries {
		top = max(top, num)
	}
	for num := range top + 1 {
		if _, ok := entries[num]; !ok {
			entries[num] = entry{0, 0, 65535}
		}
	}
	return entries
}

func (b *Builder) trailer(size int) string {
	t := fmt.Sprintf("/Size %d", size)
	if b.Root.Num != 0 {
		t += fmt.Sprintf("/Root %v", b.Root)
	}
	t += b.Trailer
	if b.ID != "" {
		t += "/ID" + b.ID
	}
	if b.base != nil {
		t += fmt.Sprintf("/Prev %d", b.prev)
	}
	return t
}

// output counts the bytes it writes and keeps the first error.
type output struct {
	w   *bufio.Writer
	n   int64
	eol string
}

func (o *output) Write(p []byte) (int, error) {
	o.n += int64(len(p))
	return o.w.Write(p) // the error stays in the bufio.Writer until Flush
}

func (o *output) line(s string) {
	io.WriteString(o, s)
	io.WriteString(o, o.eol)
}

func (o *output) object(num int, obj object) {
	o.line(fmt.Sprintf("%d %d obj", num, obj.gen))
	if !obj.stream {
		o.line(obj.body)
	} else {
		o.line(obj.body)
		// 7.3.8.1: the keyword is followed by LF or CR LF, never by CR alone.
		io.WriteString(o, "stream"+map[bool]string{true: "\r\n", false: "\n"}[o.eol != "\n"])
		o.Write(obj.data)
		o.line("")
		o.line("endstream")
	}
	o.line("endobj")
}

// table writes a cross-reference table and returns its offset.
func (o *output) table(entries map[int]entry) int64 {
	start := o.n
	o.line("xref")
	// 7.5.4: an entry is 20 bytes with its line end.
	eol := o.eol
	if len(eol) == 1 {
		eol = " " + eol
	}
	if len(entries) == 0 {
		o.line("0 0") // 7.5.4: one or more subsections
	}
	for first, run := range runs(entries) {
		o.line(fmt.Sprintf("%d %d", first, len(run)))
		for _, e := range run {
			kind := 'n'
			if e.kind == 0 {
				kind = 'f'
			}
			fmt.Fprintf(o, "%010d %05d %c%s", e.a, e.b, kind, eol)
		}
	}
	return start
}

// xrefStream writes a cross-reference stream as object self.
func (o *output) xrefStream(self int, entries map[int]entry, trailer string, predictor bool) {
	const row = 1 + 5 + 2
	var rows []byte
	var index []string
	for first, run := range runs(entries) {
		index = append(index, fmt.Sprintf("%d %d", first, len(run)))
		for _, e := range run {
			var a [8]byte
			binary.BigEndian.PutUint64(a[:], uint64(e.a))
			rows = append(rows, byte(e.kind))
			rows = append(rows, a[3:]...)
			rows = binary.BigEndian.AppendUint16(rows, uint16(e.b))
		}
	}
	parms := ""
	if predictor {
		rows = pngUp(rows, row)
		parms = fmt.Sprintf("/DecodeParms<</Columns %d/Predictor 12>>", row)
	}
	data := deflate(rows)
	o.object(self, object{stream: true, data: data, body: fmt.Sprintf(
		"<</Type/XRef%s/W[1 5 2]/Index[%s]/Filter/FlateDecode%s/Length %d>>",
		trailer, strings.Join(index, " "), parms, len(data))})
}

// pngUp applies the PNG filter Up to rows of n bytes.
func pngUp(rows []byte, n int) []byte {
	var out []byte
	above := make([]byte, n)
	for row := range slices.Chunk(rows, n) {
		out = append(out, 2)
		for i := range row {
			out = append(out, row[i]-above[i])
		}
		above = row
	}
	return out
}

func (o *output) end(start int64) error {
	o.line("startxref")
	o.line(fmt.Sprint(start))
	o.line("%%EOF")
	return o.w.Flush()
}

// runs yields the entries grouped by consecutive object numbers.
func runs(entries map[int]entry) func(yield func(int, []entry) bool) {
	return func(yield func(int, []entry) bool) {
		numbers := make([]int, 0, len(entries))
		for num := range entries {
			numbers = append(numbers, num)
		}
		slices.Sort(numbers)
		for i := 0; i < len(numbers); {
			first := numbers[i]
			var run []entry
			for i < len(numbers) && numbers[i] == first+len(run) {
				run = append(run, entries[numbers[i]])
				i++
			}
			if !yield(first, run) {
				return
			}
		}
	}
}

func utf16Units(s string) []uint16 { return utf16.Encode([]rune(s)) }
