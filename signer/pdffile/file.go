package pdffile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// Limits bound what a hostile file can cost. Zero fields get the defaults.
type Limits struct {
	Size      int64 // bytes of the file; default 4 GiB
	Objects   int   // entries of all cross-reference sections; default 1 million
	Sections  int   // cross-reference sections; default 4096
	Pages     int   // default 100,000
	Fields    int   // default 100,000
	Depth     int   // nesting of objects and trees; default 100
	Stream    int64 // decoded bytes of one stream; default 64 MiB
	ObjectMem int64 // decoded bytes of all object streams; default 128 MiB
}

func (l Limits) withDefaults() Limits {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	def64 := func(v *int64, d int64) {
		if *v <= 0 {
			*v = d
		}
	}
	def64(&l.Size, 4<<30)
	def(&l.Objects, 1<<20)
	def(&l.Sections, 4096)
	def(&l.Pages, 100_000)
	def(&l.Fields, 100_000)
	def(&l.Depth, 100)
	def64(&l.Stream, 64<<20)
	def64(&l.ObjectMem, 128<<20)
	return l
}

// Options for Open and Read. The zero value is fine.
type Options struct {
	Password string // of an encrypted document, user or owner; "" tries the empty one
	Limits   Limits
}

// File is an opened PDF. It reads from its source as needed and never writes.
type File struct {
	src    io.ReaderAt
	closer io.Closer
	size   int64 // bytes that count: the source may be longer
	opt    Options
	lim    Limits

	version   string
	sections  []*section // newest first
	revisions []Revision // oldest first
	entries   map[int]entry
	end       int64 // after the last %%EOF and its line end
	nextNum   int   // first number never used
	trailer   Dict  // of the newest section

	objects    map[int]Object // loaded so far
	loading    map[int]bool   // guards against objects that need themselves
	streams    map[int]*objectStream
	streamMem  int64
	duplicates map[int]bool
	crypt      *encryption
	pages      []Page
	fields     []Field
}

// Open opens the file at path for reading. Errors: ErrNotPDF, ErrTruncated,
// ErrDamaged, ErrTrailing, ErrLimit, ErrPassword, ErrEncryption, or of the
// file system.
func Open(path string, o Options) (*File, error) {
	h, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	st, err := h.Stat()
	if err == nil && !st.Mode().IsRegular() {
		err = fmt.Errorf("%w: not a regular file", ErrNotPDF)
	}
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	f, err := Read(h, st.Size(), o)
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	f.closer = h
	return f, nil
}

// Read is Open for size bytes of any source, which must stay unchanged.
func Read(src io.ReaderAt, size int64, o Options) (f *File, err error) {
	defer func() {
		if r := recover(); r != nil { // filters are foreign code fed with foreign bytes
			f, err = nil, fmt.Errorf("%w: %v", ErrDamaged, r)
		}
	}()
	f = &File{
		src: src, size: size, opt: o, lim: o.Limits.withDefaults(),
		entries: map[int]entry{}, objects: map[int]Object{}, loading: map[int]bool{},
		streams: map[int]*objectStream{}, duplicates: map[int]bool{},
	}
	if size > f.lim.Size {
		return nil, fmt.Errorf("%w: %d bytes", ErrLimit, size)
	}
	if err := f.readHeader(); err != nil {
		return nil, err
	}
	if err := f.readSections(); err != nil {
		return nil, err
	}
	if enc, ok := f.trailer["Encrypt"]; ok {
		if err := f.openEncryption(enc); err != nil {
			return nil, err
		}
	}
	if _, ref := f.Catalog(); ref == (Ref{}) {
		return nil, fmt.Errorf("%w: no document catalog", ErrDamaged)
	}
	return f, nil
}

// Close releases the file that Open opened.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	c := f.closer
	f.closer = nil
	return c.Close()
}

// At returns the document as it was when it ended at byte n, for example the
// revision that a signature covers. It shares the source with f.
func (f *File) At(n int64) (*File, error) {
	if n < 0 || n > f.size {
		return nil, fmt.Errorf("%w: revision of %d bytes in a file of %d", ErrTruncated, n, f.size)
	}
	return Read(f.src, n, f.opt)
}

// Source returns the bytes of the document.
func (f *File) Source() *io.SectionReader { return io.NewSectionReader(f.src, 0, f.size) }

// Size is the length of the document in bytes.
func (f *File) Size() int64 { return f.size }

// End is where the newest update ends: after its %%EOF and line end. Only white
// space and NUL bytes follow it.
func (f *File) End() int64 { return f.end }

// Version is the PDF version, "1.4" or "2.0": the header's, or the catalog's
// when that is later (7.2.2).
func (f *File) Version() string {
	cat, _ := f.Catalog()
	if v, ok := cat["Version"].(Name); ok && string(v) > f.version && len(v) == 3 {
		return string(v)
	}
	return f.version
}

// Trailer returns the trailer dictionary of the newest update.
func (f *File) Trailer() Dict { return f.trailer }

// Catalog returns the document catalog and where it lies; an empty Dict and a
// zero Ref when there is none.
func (f *File) Catalog() (Dict, Ref) {
	ref, ok := f.trailer["Root"].(Ref)
	if !ok {
		return nil, Ref{}
	}
	d := f.Dict(ref)
	if d == nil {
		return nil, Ref{}
	}
	return d, ref
}

// readHeader wants %PDF-x.y at the first byte. A header further back makes
// offsets ambiguous: readers disagree on what a signature covers.
func (f *File) readHeader() error {
	var b [16]byte
	n, err := f.src.ReadAt(b[:min(int64(len(b)), f.size)], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	h := b[:n]
	if !bytes.HasPrefix(h, []byte("%PDF-")) || len(h) < 8 || h[6] != '.' {
		return fmt.Errorf("%w: it starts with %q", ErrNotPDF, clip(string(h)))
	}
	f.version = string(h[5:8])
	return nil
}

// window calls fn with a parser at byte off, over a window that grows until fn
// does not meet its end.
func (f *File) window(off int64, fn func(p *parser) error) error {
	if off < 0 || off >= f.size {
		return fmt.Errorf("%w: offset %d outside the file of %d bytes", ErrDamaged, off, f.size)
	}
	const first, most = 2 << 10, 256 << 20
	for n := int64(first); ; n *= 4 {
		n = min(n, f.size-off)
		b := make([]byte, n)
		if _, err := f.src.ReadAt(b, off); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		p := &parser{b: b, base: off, last: off+n == f.size, maxDepth: f.lim.Depth}
		err := fn(p)
		if !errors.Is(err, errShort) {
			return err
		}
		if n >= most {
			return fmt.Errorf("%w: one object above %d bytes", ErrLimit, most)
		}
	}
}

// indirect is one "n g obj … endobj" as it lies in the file.
type indirect struct {
	ref        Ref
	obj        Object
	start, end int64
	duplicate  bool
}

// readIndirect reads the indirect object at off (7.3.10). spans, when not nil,
// receives the places of its dictionary values.
func (f *File) readIndirect(off int64, spans map[string][2]int64) (in indirect, err error) {
	err = f.window(off, func(p *parser) error {
		p.spans = spans
		p.space()
		in.start = off + int64(p.pos)
		num, err := p.integer()
		if err != nil {
			return err
		}
		gen, err := p.integer()
		if err != nil {
			return err
		}
		if err := p.keyword("obj"); err != nil {
			return err
		}
		in.ref = Ref{int(num), int(gen)}
		if in.obj, err = p.object(); err != nil {
			return err
		}
		in.duplicate = p.duplicate
		p.space()
		w, err := p.word()
		if err != nil {
			return err
		}
		if d, ok := in.obj.(Dict); ok && w == "stream" {
			s, end, err := f.placeStream(p, d, in.ref)
			if err != nil {
				return err
			}
			in.obj, in.end = s, end
			return nil
		}
		if w != "endobj" {
			return p.damaged("object %d %d does not end with endobj", num, gen)
		}
		in.end = off + int64(p.pos)
		return nil
	})
	return in, err
}

// placeStream finds the bytes of a stream whose keyword was just read, and
// checks that endstream and endobj stand where /Length says (7.3.8.1).
func (f *File) placeStream(p *parser, d Dict, ref Ref) (*Stream, int64, error) {
	if p.pos+2 > len(p.b) {
		return nil, 0, p.end()
	}
	if p.b[p.pos] == '\r' {
		p.pos++
	}
	if p.b[p.pos] != '\n' {
		return nil, 0, p.damaged("no line end after stream")
	}
	p.pos++
	length, ok := f.Int(d["Length"])
	if !ok || length < 0 {
		return nil, 0, p.damaged("stream of object %d without length", ref.Num)
	}
	s := &Stream{Dict: d, ref: ref, offset: p.base + int64(p.pos), length: int64(length)}
	var end int64
	err := f.window(s.offset+s.length, func(q *parser) error {
		if err := q.keyword("endstream"); err != nil {
			return fmt.Errorf("stream of object %d has another length than declared: %w", ref.Num, err)
		}
		if err := q.keyword("endobj"); err != nil {
			return err
		}
		end = q.base + int64(q.pos)
		return nil
	})
	return s, end, err
}
