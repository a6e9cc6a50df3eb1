package pdffile

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"antin/signer/pdffile/syntax"
)

// XRefKind is how an update lists its objects.
type XRefKind int

// The kinds of cross-reference: table (7.5.4), stream (7.5.8), and a table
// whose trailer names a stream with /XRefStm beside it (7.5.8.4).
const (
	XRefTable XRefKind = iota
	XRefStream
	XRefHybrid
)

// Revision is one update of the document, the bytes [Start, End).
type Revision struct {
	Start, End int64
	StartXRef  int64 // offset of its newest cross-reference section
	Kind       XRefKind
}

// entry says where an object lies.
type entry struct {
	free   bool
	offset int64 // of "n g obj"; unused for compressed objects
	gen    int
	stream int // number of the object stream that holds it, or 0
	index  int // within that stream
}

// section is one cross-reference section with its trailer.
type section struct {
	offset, end int64 // place of the section; end is after the trailer dictionary or endobj
	kind        XRefKind
	trailer     Dict
	entries     map[int]entry
	hidden      *section // of a hybrid: the stream that /XRefStm names
	self        Ref      // of a stream: its own object
	startxref   int64    // value of the startxref that follows; -1 when none does
	eof         int64    // end of the %%EOF line that follows
}

// Revisions returns the updates of the document, oldest first.
func (f *File) Revisions() []Revision { return f.revisions }

// readSections follows startxref and /Prev through every section. Nothing is
// searched for or rebuilt: what does not parse is an error.
func (f *File) readSections() error {
	last, err := f.lastStartXRef()
	if err != nil {
		return err
	}
	seen := map[int64]bool{}
	total := 0
	for off, more := last, true; more; {
		if seen[off] {
			return fmt.Errorf("%w: cross-reference sections form a loop at byte %d", ErrDamaged, off)
		}
		seen[off] = true
		s, err := f.readSection(off)
		if err != nil {
			return fmt.Errorf("cross-reference at byte %d: %w", off, err)
		}
		f.sections = append(f.sections, s)
		if total += len(s.entries); s.hidden != nil {
			total += len(s.hidden.entries)
		}
		if len(f.sections) > f.lim.Sections || total > f.lim.Objects {
			return fmt.Errorf("%w: %d cross-reference sections with %d entries", ErrLimit, len(f.sections), total)
		}
		f.adopt(s)
		prev, err := previous(s.trailer)
		if err != nil {
			return err
		}
		if more = prev >= 0; more {
			off = prev
		}
	}
	f.trailer = f.sections[0].trailer
	for _, s := range f.sections {
		if s.trailer["Encrypt"] != nil && f.trailer["Encrypt"] == nil {
			return fmt.Errorf("%w: the newest trailer hides that the document is encrypted", ErrDamaged)
		}
	}
	f.findRevisions()
	return nil
}

func previous(trailer Dict) (int64, error) {
	switch v := trailer["Prev"].(type) {
	case nil:
		return -1, nil
	case int:
		return int64(v), nil
	case float64:
		if v == float64(int64(v)) {
			return int64(v), nil
		}
	}
	return 0, fmt.Errorf("%w: /Prev is not an integer", ErrDamaged)
}

// adopt merges the entries of a section that is older than all before it. In a
// hybrid file a table's in-use entries come first, then its hidden stream's,
// then the table's free ones, which only hide them from old readers (7.5.8.4).
func (f *File) adopt(s *section) {
	put := func(n int, e entry) {
		f.nextNum = max(f.nextNum, n+1)
		if _, have := f.entries[n]; !have {
			f.entries[n] = e
		}
	}
	for n, e := range s.entries {
		if s.hidden == nil || !e.free {
			put(n, e)
		}
	}
	if s.hidden != nil {
		for n, e := range s.hidden.entries {
			put(n, e)
		}
		for n, e := range s.entries {
			put(n, e)
		}
	}
	for _, t := range []*section{s, s.hidden} {
		if t == nil {
			continue
		}
		f.nextNum = max(f.nextNum, t.self.Num+1)
		if size, ok := t.trailer["Size"].(int); ok { // pdfcpu and others write it too small at times
			f.nextNum = max(f.nextNum, size)
		}
	}
}

// lastStartXRef reads the startxref at the end of the file (7.5.5) and sets end.
func (f *File) lastStartXRef() (int64, error) {
	end, err := f.lastInk()
	if err != nil {
		return 0, err
	}
	from := max(0, end-2048)
	b := make([]byte, end-from)
	if _, err := f.src.ReadAt(b, from); err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	at := bytes.LastIndex(b, []byte("startxref"))
	if at < 0 {
		return 0, fmt.Errorf("%w: no startxref at the end", ErrTruncated)
	}
	value, eof, err := f.readStartXRef(from + int64(at))
	if err != nil {
		return 0, err
	}
	if eof < end {
		return 0, fmt.Errorf("%w: %d bytes after %%%%EOF", ErrTrailing, end-eof)
	}
	f.end = eof
	return value, nil
}

// lastInk is the end of the last byte that is neither white space nor NUL.
func (f *File) lastInk() (int64, error) {
	b := make([]byte, 64<<10)
	for end := f.size; end > 0; {
		from := max(0, end-int64(len(b)))
		part := b[:end-from]
		if _, err := f.src.ReadAt(part, from); err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		for i := len(part) - 1; i >= 0; i-- {
			if !syntax.IsSpace(part[i]) {
				return from + int64(i) + 1, nil
			}
		}
		end = from
	}
	return 0, fmt.Errorf("%w: the file is empty", ErrNotPDF)
}

// readStartXRef reads "startxref n %%EOF" at off; eof is after the line end.
func (f *File) readStartXRef(off int64) (value, eof int64, err error) {
	err = f.window(off, func(p *parser) error {
		if err := p.keyword("startxref"); err != nil {
			return err
		}
		if value, err = p.integer(); err != nil {
			return err
		}
		for p.pos < len(p.b) && syntax.IsSpace(p.b[p.pos]) { // not space(): %%EOF is a comment to it
			p.pos++
		}
		if p.pos+5 > len(p.b) {
			return p.end()
		}
		if string(p.b[p.pos:p.pos+5]) != "%%EOF" {
			return fmt.Errorf("%w: no %%%%EOF after startxref", ErrTruncated)
		}
		p.pos += 5
		if p.pos+2 > len(p.b) && !p.last {
			return errShort
		}
		if p.pos < len(p.b) && p.b[p.pos] == '\r' {
			p.pos++
		}
		if p.pos < len(p.b) && p.b[p.pos] == '\n' {
			p.pos++
		}
		eof = p.base + int64(p.pos)
		return nil
	})
	return value, eof, err
}

// readSection reads the section at off; its kind is judged from its bytes.
func (f *File) readSection(off int64) (*section, error) {
	var s *section
	err := f.window(off, func(p *parser) error {
		p.space()
		if p.pos >= len(p.b) {
			return p.end()
		}
		if p.b[p.pos] != 'x' {
			return nil
		}
		var err error
		s, err = f.readTable(p)
		return err
	})
	if err != nil {
		return nil, err
	}
	if s == nil {
		if s, err = f.readXRefStream(off); err != nil {
			return nil, err
		}
	}
	s.offset = off
	if size, ok := s.trailer["Size"].(int); !ok || size < 0 { // required: 7.5.5, table 15
		return nil, fmt.Errorf("%w: the trailer has no /Size", ErrDamaged)
	} else if size > f.lim.Objects {
		return nil, fmt.Errorf("%w: /Size %d", ErrLimit, size)
	}
	if stm, ok := s.trailer["XRefStm"]; ok && s.kind == XRefTable {
		at, isInt := stm.(int)
		if !isInt {
			return nil, fmt.Errorf("%w: /XRefStm is not an integer", ErrDamaged)
		}
		s.kind = XRefHybrid
		if s.hidden, err = f.readXRefStream(int64(at)); err != nil {
			return nil, err
		}
		s.hidden.offset = int64(at)
	}
	s.startxref = -1
	if v, eof, err := f.readStartXRef(s.end); err == nil {
		s.startxref, s.eof = v, eof
	}
	return s, nil
}

// readTable reads a cross-reference table and its trailer (7.5.4, 7.5.5).
func (f *File) readTable(p *parser) (*section, error) {
	s := &section{kind: XRefTable, entries: map[int]entry{}}
	if err := p.keyword("xref"); err != nil {
		return nil, err
	}
	for {
		p.space()
		if p.pos >= len(p.b) {
			return nil, p.end()
		}
		if p.b[p.pos] == 't' {
			break
		}
		first, err := p.integer()
		if err != nil {
			return nil, err
		}
		count, err := p.integer()
		if err != nil {
			return nil, err
		}
		if first+count > int64(f.lim.Objects) {
			return nil, fmt.Errorf("%w: object number %d", ErrLimit, first+count)
		}
		for i := range count {
			if err := readTableEntry(p, s, int(first+i)); err != nil {
				return nil, err
			}
		}
	}
	if err := p.keyword("trailer"); err != nil {
		return nil, err
	}
	o, err := p.object()
	if err != nil {
		return nil, err
	}
	d, ok := o.(Dict)
	if !ok {
		return nil, p.damaged("trailer is not a dictionary")
	}
	s.trailer, s.end = d, p.base+int64(p.pos)
	return s, nil
}

func readTableEntry(p *parser, s *section, num int) error {
	off, err := p.integer()
	if err != nil {
		return err
	}
	gen, err := p.integer()
	if err != nil {
		return err
	}
	p.space()
	w, err := p.word()
	if err != nil {
		return err
	}
	if w != "n" && w != "f" {
		return p.damaged("cross-reference entry of object %d is %q", num, clip(w))
	}
	if _, twice := s.entries[num]; twice {
		return p.damaged("object %d is listed twice in one section", num)
	}
	// Writers list never used objects as in use at byte 0; readers take them as free.
	s.entries[num] = entry{free: w == "f" || off == 0, offset: off, gen: int(gen)}
	return nil
}

// readXRefStream reads a cross-reference stream (7.5.8).
func (f *File) readXRefStream(off int64) (*section, error) {
	in, err := f.readIndirect(off, nil)
	if err != nil {
		return nil, err
	}
	st, ok := in.obj.(*Stream)
	if !ok || st.Dict["Type"] != Name("XRef") {
		return nil, fmt.Errorf("%w: object %d is no cross-reference stream", ErrDamaged, in.ref.Num)
	}
	st.ref = Ref{} // never encrypted (7.5.8.2)
	data, err := f.Decode(st)
	if err != nil {
		return nil, err
	}
	s := &section{kind: XRefStream, entries: map[int]entry{}, trailer: st.Dict, end: in.end, self: in.ref}
	return s, readXRefRows(s, st.Dict, data, f.lim.Objects)
}

func readXRefRows(s *section, d Dict, data []byte, maxObjects int) error {
	var w [3]int
	ws, _ := d["W"].(Array)
	if len(ws) < 3 {
		return fmt.Errorf("%w: /W of a cross-reference stream", ErrDamaged)
	}
	for i := range w {
		v, ok := ws[i].(int)
		if !ok || v < 0 || v > 8 {
			return fmt.Errorf("%w: /W of a cross-reference stream", ErrDamaged)
		}
		w[i] = v
	}
	row := w[0] + w[1] + w[2]
	size, _ := d["Size"].(int)
	index, ok := d["Index"].(Array)
	if !ok {
		index = Array{0, size}
	}
	if row == 0 || len(index)%2 != 0 {
		return fmt.Errorf("%w: /W or /Index of a cross-reference stream", ErrDamaged)
	}
	for i := 0; i < len(index); i += 2 {
		first, ok1 := index[i].(int)
		count, ok2 := index[i+1].(int)
		if !ok1 || !ok2 || first < 0 || count < 0 || first+count > maxObjects {
			return fmt.Errorf("%w: /Index of a cross-reference stream", ErrDamaged)
		}
		if count*row > len(data) {
			return fmt.Errorf("%w: a cross-reference stream is shorter than its /Index", ErrDamaged)
		}
		for n := first; n < first+count; n++ {
			e, ok := xrefRow(data[:row], w)
			if _, twice := s.entries[n]; twice {
				return fmt.Errorf("%w: object %d is listed twice in one section", ErrDamaged, n)
			}
			if ok {
				s.entries[n] = e
			}
			data = data[row:]
		}
	}
	return nil
}

// xrefRow reads one row (7.5.8.3, table 18); unknown types mean null objects.
func xrefRow(b []byte, w [3]int) (entry, bool) {
	field := func(n int, def int64) int64 {
		if n == 0 {
			return def
		}
		var v int64
		for _, c := range b[:n] {
			v = v<<8 | int64(c)
		}
		b = b[n:]
		return v
	}
	kind, a, c := field(w[0], 1), field(w[1], 0), field(w[2], 0)
	switch kind {
	case 0:
		return entry{free: true, gen: int(c)}, true
	case 1:
		return entry{offset: a, gen: int(c)}, true
	case 2:
		if a <= 0 || a > 1<<31 {
			return entry{}, false
		}
		return entry{stream: int(a), index: int(c)}, true
	}
	return entry{}, false
}

// findRevisions groups sections into updates. Two sections of a linearised file
// (annex F) belong together: the first page's, at the start of the file, is the
// one that the startxref at the end of the other names.
func (f *File) findRevisions() {
	var newestFirst []Revision
	for i := 0; i < len(f.sections); i++ {
		s := f.sections[i]
		r := Revision{StartXRef: s.offset, Kind: s.kind, End: s.eof}
		if s.startxref != s.offset { // linearised, or the update's own startxref is missing
			if i+1 < len(f.sections) && f.sections[i+1].startxref == s.offset {
				i++
				r.End = f.sections[i].eof
			} else if len(newestFirst) > 0 {
				continue // cannot be told apart from the newer update
			}
		}
		if len(newestFirst) == 0 {
			r.End = f.end
		}
		newestFirst = append(newestFirst, r)
	}
	for i := len(newestFirst) - 1; i >= 0; i-- {
		r := newestFirst[i]
		if n := len(f.revisions); n > 0 {
			r.Start = f.revisions[n-1].End
		}
		f.revisions = append(f.revisions, r)
	}
}
