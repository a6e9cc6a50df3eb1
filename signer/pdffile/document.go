package pdffile

import (
	"crypto/rand"
	"fmt"
	"io"
	"slices"
)

// Document writes a new PDF 1.7 from its beginning to its end: what is added
// goes out at once, so that a document of any size needs little memory. The
// first error stays and is returned by Close.
type Document struct {
	w       io.Writer
	at      int64
	offsets []int64 // of object i+1; 0 while it is only reserved
	err     error
}

// NewDocument starts a document on w, which the caller closes.
func NewDocument(w io.Writer) *Document {
	d := &Document{w: w}
	d.write([]byte("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"))
	return d
}

func (d *Document) write(b []byte) {
	if d.err != nil {
		return
	}
	n, err := d.w.Write(b)
	d.at += int64(n)
	d.err = err
}

// Reserve gives a reference for an object that is Put later.
func (d *Document) Reserve() Ref {
	d.offsets = append(d.offsets, 0)
	return Ref{Num: len(d.offsets)}
}

// Add writes an object and returns its reference.
func (d *Document) Add(o Object) Ref {
	ref := d.Reserve()
	d.Put(ref, o)
	return ref
}

// Put writes a reserved object.
func (d *Document) Put(ref Ref, o Object) {
	if d.err != nil {
		return
	}
	w := &writer{base: d.at}
	d.offsets[ref.Num-1] = d.at
	if err := w.indirect(ref, o); err != nil {
		d.err = err
		return
	}
	d.write(w.Bytes())
}

// Err is the first error.
func (d *Document) Err() error { return d.err }

// Close writes the cross-reference table and the trailer with a random
// identifier (14.4). What was reserved
// and never put is free.
func (d *Document) Close(catalog, info Ref) error {
	xref := d.at
	w := &writer{base: d.at}
	fmt.Fprintf(w, "xref\n0 %d\n0000000000 65535 f \n", len(d.offsets)+1)
	for _, o := range d.offsets {
		if o == 0 {
			w.WriteString("0000000000 00000 f \n")
			continue
		}
		fmt.Fprintf(w, "%010d 00000 n \n", o)
	}
	id := make(String, 16)
	if _, err := rand.Read(id); err != nil && d.err == nil {
		d.err = err
	}
	w.WriteString("trailer\n")
	if err := w.dict(Dict{"Size": len(d.offsets) + 1, "Root": catalog, "Info": info, "ID": Array{id, id}}); err != nil && d.err == nil {
		d.err = err
	}
	fmt.Fprintf(w, "\nstartxref\n%d\n%%%%EOF\n", xref)
	d.write(w.Bytes())
	return d.err
}

// Importer copies objects of a file into a document, each once, with all that
// they refer to; pages and entries that lead out of a page's content are left
// behind. Streams keep their encoded bytes, save for encryption.
type Importer struct {
	to    *Document
	from  *File
	refs  map[Ref]Ref
	todo  []Ref
	admit func(Dict) (Dict, error) // nil, or what a dictionary becomes
}

// Import starts copying from f into d.
func (d *Document) Import(f *File) *Importer {
	return &Importer{to: d, from: f, refs: map[Ref]Ref{}}
}

// Copy is o as an object of the document. Errors: those of Load and Raw;
// ErrEncryption for a stream with an encryption of its own.
func (i *Importer) Copy(o Object) (Object, error) {
	out, err := i.object(o)
	if err != nil {
		return nil, err
	}
	for len(i.todo) > 0 {
		ref := i.todo[len(i.todo)-1]
		i.todo = i.todo[:len(i.todo)-1]
		v, err := i.from.Load(ref)
		if err != nil {
			return nil, err
		}
		if s, ok := v.(*Stream); ok {
			v, err = i.stream(s)
		} else {
			v, err = i.object(v)
		}
		if err != nil {
			return nil, fmt.Errorf("object %d: %w", ref.Num, err)
		}
		if i.to.Put(i.refs[ref], v); i.to.err != nil {
			return nil, i.to.err
		}
	}
	return out, nil
}

func (i *Importer) stream(s *Stream) (Object, error) {
	if names, _ := i.from.filters(s.Dict); slices.Contains(names, "Crypt") { // its bytes are decrypted by now
		return nil, fmt.Errorf("%w: a stream with a filter of its own", ErrEncryption)
	}
	data, err := i.from.Raw(s)
	if err != nil {
		return nil, err
	}
	d, err := i.object(s.Dict)
	if err != nil {
		return nil, err
	}
	return &Stream{Dict: d.(Dict), Data: data}, nil
}

// outward are entries that lead out of a page's content, or say what the reader
// of the new document should not believe.
var outward = []Name{"Metadata", "PieceInfo", "LastModified", "StructParent", "StructParents", "Parent", "Thumb", "AA", "OPI", "Alternates"}

// object is o with references of the document; what they refer to is to do.
// The parser has bounded how deep objects nest.
func (i *Importer) object(o Object) (_ Object, err error) {
	switch v := o.(type) {
	case Ref:
		if to, ok := i.refs[v]; ok {
			return to, nil
		}
		if t := i.from.Dict(v)["Type"]; t == Name("Page") || t == Name("Pages") || t == Name("Catalog") {
			return nil, nil // it would bring the rest of the source along
		}
		i.refs[v] = i.to.Reserve()
		i.todo = append(i.todo, v)
		return i.refs[v], nil
	case Array:
		out := make(Array, len(v))
		for k, e := range v {
			if out[k], err = i.object(e); err != nil {
				return nil, err
			}
		}
		return out, nil
	case Dict:
		if i.admit != nil {
			if v, err = i.admit(v); err != nil {
				return nil, err
			}
		}
		out := make(Dict, len(v))
		for k, e := range v {
			if slices.Contains(outward, k) {
				continue
			}
			if out[k], err = i.object(e); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return o, nil
}
