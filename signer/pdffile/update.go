package pdffile

import (
	"bytes"
	"compress/zlib"
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"slices"
)

// Update collects the new and changed objects of one incremental revision
// (7.5.6). The file itself is not touched.
type Update struct {
	Rand io.Reader // for the second half of /ID; crypto/rand when nil

	f       *File
	next    int
	objects map[Ref]Object
}

// NewUpdate starts an update on top of the newest revision of f.
func (f *File) NewUpdate() *Update {
	return &Update{f: f, next: f.nextNum, objects: map[Ref]Object{}}
}

// Add gives o a number that no revision of the file has used.
func (u *Update) Add(o Object) Ref {
	ref := Ref{Num: u.next}
	u.next++
	u.objects[ref] = o
	return ref
}

// Set replaces the object at ref, which keeps its number and generation.
func (u *Update) Set(ref Ref, o Object) { u.objects[ref] = o }

// Dict is the dictionary at o as it will be after the update, for Clone and Set.
func (u *Update) Dict(o Object) Dict {
	if ref, ok := o.(Ref); ok {
		if d, ok := u.objects[ref].(Dict); ok {
			return d
		}
	}
	return u.f.Dict(o)
}

// array is the array at o as it will be after the update.
func (u *Update) array(o Object) Array {
	if ref, ok := o.(Ref); ok {
		if a, ok := u.objects[ref].(Array); ok {
			return a
		}
	}
	return u.f.Array(o)
}

// Tail is a rendered update: the bytes to append at Start. When a signature
// dictionary was among its objects, the byte range is already written and
// ContentsFrom and ContentsTo are the offsets of the gap's '<' and after its
// '>' in the resulting file.
type Tail struct {
	Start                    int64
	Data                     []byte
	ContentsFrom, ContentsTo int64
}

// Size is the length of the resulting file.
func (t *Tail) Size() int64 { return t.Start + int64(len(t.Data)) }

// Render serialises the update. It can be repeated, for instance after a slot
// was made larger; only the random half of /ID differs then.
func (u *Update) Render() (*Tail, error) {
	w := &writer{base: u.f.size}
	w.WriteByte('\n') // the file may end without a line end, or with NUL bytes
	offsets := map[Ref]int64{}
	for _, ref := range u.refs() {
		o, err := u.written(ref)
		if err != nil {
			return nil, err
		}
		offsets[ref] = w.at()
		if err := w.indirect(ref, o); err != nil {
			return nil, fmt.Errorf("object %d: %w", ref.Num, err)
		}
	}
	trailer, err := u.trailer()
	if err != nil {
		return nil, err
	}
	start := w.at()
	// The kind comes from the section that startxref names; a hybrid gets a
	// plain table (7.5.8.4).
	if u.f.sections[0].kind == XRefStream {
		err = u.writeXRefStream(w, offsets, trailer)
	} else {
		err = u.writeTable(w, offsets, trailer)
	}
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(w, "startxref\n%d\n%%%%EOF\n", start)
	t := &Tail{Start: u.f.size, Data: w.Bytes(), ContentsFrom: w.contents, ContentsTo: w.contentsStop}
	if w.byteRange != 0 {
		at := t.Data[w.byteRange-w.base:]
		copy(at, fmt.Appendf(nil, byteRangeFormat, t.ContentsFrom, t.ContentsTo, t.Size()-t.ContentsTo))
	}
	return t, nil
}

func (u *Update) refs() []Ref {
	return slices.SortedFunc(maps.Keys(u.objects), func(a, b Ref) int { return a.Num - b.Num })
}

// written is the object as it goes into the file: with its data when it is a
// stream, and encrypted like the rest of the document.
func (u *Update) written(ref Ref) (Object, error) {
	o := u.objects[ref]
	if s, ok := o.(*Stream); ok && s.Data == nil && s.length > 0 {
		data, err := u.f.Raw(s)
		if err != nil {
			return nil, err
		}
		o = &Stream{Dict: s.Dict, Data: data}
	}
	if u.f.crypt != nil {
		return u.f.crypt.seal(o, ref)
	}
	return o, nil
}

// trailer carries over what belongs to the document (7.5.5, table 15); the
// second half of /ID changes with every update (14.4).
func (u *Update) trailer() (Dict, error) {
	old := u.f.trailer
	d := Dict{"Size": u.next, "Prev": u.f.sections[0].offset}
	for _, k := range []Name{"Root", "Info", "Encrypt"} {
		if v, ok := old[k]; ok {
			d[k] = v
		}
	}
	if id := u.f.Array(old["ID"]); len(id) == 2 {
		fresh := make(String, 16)
		r := u.Rand
		if r == nil {
			r = rand.Reader
		}
		if _, err := io.ReadFull(r, fresh); err != nil {
			return nil, fmt.Errorf("making a file identifier: %w", err)
		}
		first, err := u.f.Resolve(id[0])
		if err != nil {
			return nil, err
		}
		d["ID"] = Array{first, fresh}
	}
	return d, nil
}

// writeTable writes a cross-reference table; every entry has 20 bytes (7.5.4).
func (u *Update) writeTable(w *writer, offsets map[Ref]int64, trailer Dict) error {
	w.WriteString("xref\n")
	for _, run := range runs(u.refs()) {
		fmt.Fprintf(w, "%d %d\n", run[0].Num, len(run))
		for _, ref := range run {
			fmt.Fprintf(w, "%010d %05d n\r\n", offsets[ref], ref.Gen)
		}
	}
	w.WriteString("trailer\n")
	if err := w.dict(trailer); err != nil {
		return err
	}
	w.WriteByte('\n')
	return nil
}

// writeXRefStream writes a cross-reference stream, which lists itself (7.5.8).
func (u *Update) writeXRefStream(w *writer, offsets map[Ref]int64, trailer Dict) error {
	self := Ref{Num: u.next}
	offsets[self] = w.at()
	d := trailer.Clone()
	d["Type"], d["Size"], d["W"], d["Filter"] = Name("XRef"), self.Num+1, Array{1, 6, 2}, Name("FlateDecode")
	var rows bytes.Buffer
	index := Array{}
	for _, run := range runs(append(u.refs(), self)) {
		index = append(index, run[0].Num, len(run))
		for _, ref := range run {
			off := offsets[ref]
			rows.Write([]byte{1, byte(off >> 40), byte(off >> 32), byte(off >> 24), byte(off >> 16), byte(off >> 8), byte(off), byte(ref.Gen >> 8), byte(ref.Gen)})
		}
	}
	d["Index"] = index
	return w.indirect(self, &Stream{Dict: d, Data: Deflate(rows.Bytes())})
}

// runs groups refs, ascending by number, into runs of consecutive numbers.
func runs(refs []Ref) [][]Ref {
	var out [][]Ref
	for i, r := range refs {
		if i == 0 || refs[i-1].Num+1 != r.Num {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], r)
	}
	return out
}

// Deflate compresses data for a stream with /Filter /FlateDecode.
func Deflate(data []byte) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(data) // a bytes.Buffer takes everything
	_ = z.Close()
	return b.Bytes()
}
