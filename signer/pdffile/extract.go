package pdffile

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"antin/assets"
)

// Extraction says what a new document made of another's pages is to be.
type Extraction struct {
	Pages           []int // from 1, in the wanted order
	Title, Producer string
	Made            time.Time

	// PDFA makes the document PDF/A-2b (ISO 19005-2): metadata, colour profile, an
	// identifier, and pages without what it forbids. Content that cannot be made
	// so is refused with ErrNotPDFA.
	PDFA bool

	// Over gives, when set, content that is drawn after that of page n of the
	// source, in its user space, and the fonts that it names. Objects go to add.
	Over func(n int, p Page, add Adder) (content []byte, fonts Dict, err error)
}

// Extract writes a new document to w that has the pages of f named in x and
// nothing else of it: no annotations, fields, bookmarks, scripts, files or
// metadata. Streams keep their bytes, so pictures are those of the source. It
// returns the length. Memory is that of the largest stream. Errors: ErrNoPage,
// ErrNotPDFA, ErrDamaged, ErrLimit, and those of w and ctx.
func (f *File) Extract(ctx context.Context, w io.Writer, x Extraction) (int64, error) {
	e := &extractor{f: f, w: w, pdfa: x.PDFA, taken: map[Ref]Ref{}}
	if err := e.write(ctx, x); err != nil {
		return e.at, fmt.Errorf("extracting pages: %w", err)
	}
	return e.at, nil
}

// extractor writes the new document object by object.
type extractor struct {
	f       *File
	w       io.Writer
	at      int64 // bytes written
	pdfa    bool
	offsets []int64     // of objects 1, 2 …; 0 when it is still to come
	taken   map[Ref]Ref // of the source → of the new document
	queue   []Ref       // of the source, taken and not written yet
	err     error       // of Add, which cannot return one
}

// Fixed numbers of the new document.
var (
	newCatalog = Ref{Num: 1}
	newTree    = Ref{Num: 2}
)

func (e *extractor) write(ctx context.Context, x Extraction) error {
	e.offsets = make([]int64, 2)
	if err := e.bytes([]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")); err != nil { // four bytes above 127: ISO 19005-2, 6.1.2
		return err
	}
	kids := Array{}
	for _, n := range x.Pages {
		if err := ctx.Err(); err != nil {
			return err
		}
		page, err := e.f.Page(n)
		if err != nil {
			return err
		}
		d, err := e.page(n, page, x.Over)
		if err != nil {
			return fmt.Errorf("page %d: %w", n, err)
		}
		kids = append(kids, e.Add(d))
		if err := e.rest(); err != nil {
			return fmt.Errorf("page %d: %w", n, err)
		}
	}
	catalog, info, err := e.head(x)
	if err != nil {
		return err
	}
	if err := e.rest(); err != nil { // what the catalog names
		return err
	}
	if err := e.put(newCatalog, catalog); err != nil {
		return err
	}
	if err := e.put(newTree, Dict{"Type": Name("Pages"), "Kids": kids, "Count": len(kids)}); err != nil {
		return err
	}
	return e.end(info)
}

// page is a page of the new document. What is inherited becomes its own.
func (e *extractor) page(n int, p Page, over func(int, Page, Adder) ([]byte, Dict, error)) (Dict, error) {
	resources := e.f.Dict(p.Resources).Clone()
	if over != nil {
		resources["Font"] = e.f.Dict(resources["Font"]).Clone() // more may come in
	}
	d := Dict{
		"Type": Name("Page"), "MediaBox": Array{p.Crop.X0, p.Crop.Y0, p.Crop.X1, p.Crop.Y1},
		"Resources": resources, "Group": p.Dict["Group"],
	}
	if p.Rotate != 0 {
		d["Rotate"] = p.Rotate
	}
	if p.UserUnit != 1 {
		d["UserUnit"] = p.UserUnit
	}
	o, err := e.take(d)
	if err != nil {
		return nil, err
	}
	d = o.(Dict)
	d["Parent"] = newTree
	contents, err := e.take(contentParts(e.f, p.Dict["Contents"]))
	if err != nil || over == nil {
		d["Contents"] = contents
		return d, err
	}
	if err := e.rest(); err != nil { // what cannot be taken is told before the work of over
		return nil, err
	}
	add, fonts, err := over(n, p, e)
	if err != nil || len(add) == 0 {
		d["Contents"] = contents
		return d, err
	}
	// The source's content may leave its graphics state changed.
	before := e.Add(&Stream{Dict: Dict{}, Data: []byte("q\n")})
	after := e.Add(&Stream{Dict: Dict{"Filter": Name("FlateDecode")}, Data: Deflate(append([]byte("\nQ\n"), add...))})
	d["Contents"] = append(append(Array{before}, contents.(Array)...), after)
	maps.Copy(d["Resources"].(Dict)["Font"].(Dict), fonts)
	return d, nil
}

// contentParts are the content streams of a page as a list (7.8.2).
func contentParts(f *File, o Object) Array {
	if a := f.Array(o); a != nil {
		return a
	}
	if o == nil {
		return Array{}
	}
	return Array{o}
}

// head is the catalog, and the information dictionary that says the same as the
// metadata.
func (e *extractor) head(x Extraction) (catalog Dict, info Ref, err error) {
	catalog = Dict{"Type": Name("Catalog"), "Pages": newTree}
	if old, _ := e.f.Catalog(); old["OCProperties"] != nil { // which layers are shown
		if catalog["OCProperties"], err = e.take(old["OCProperties"]); err != nil {
			return nil, info, err
		}
	}
	if x.PDFA {
		catalog["Metadata"] = e.Add(&Stream{
			Dict: Dict{"Type": Name("Metadata"), "Subtype": Name("XML")}, // 6.6.2.1: not compressed
			Data: ArchiveMetadata(x.Title, x.Producer, x.Made),
		})
		profile := e.Add(&Stream{Dict: Dict{"N": 3, "Filter": Name("FlateDecode")}, Data: Deflate(assets.Report("sRGB2014.icc"))})
		catalog["OutputIntents"] = Array{Dict{
			"Type": Name("OutputIntent"), "S": Name("GTS_PDFA1"), "OutputConditionIdentifier": TextString("sRGB"),
			"Info": TextString("sRGB IEC61966-2.1"), "DestOutputProfile": profile,
		}}
	}
	date := Date(x.Made)
	info = e.Add(Dict{"Title": TextString(x.Title), "Producer": TextString(x.Producer), "CreationDate": date, "ModDate": date})
	return catalog, info, e.err
}

// end writes the cross-reference table and the trailer.
func (e *extractor) end(info Ref) error {
	start := e.at
	var b writer
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f\r\n", len(e.offsets)+1)
	for _, at := range e.offsets {
		fmt.Fprintf(&b, "%010d 00000 n\r\n", at)
	}
	id := make(String, 16)
	if _, err := rand.Read(id); err != nil {
		return err
	}
	b.WriteString("trailer\n")
	if err := b.dict(Dict{"Size": len(e.offsets) + 1, "Root": newCatalog, "Info": info, "ID": Array{id, id}}); err != nil {
		return err
	}
	fmt.Fprintf(&b, "\nstartxref\n%d\n%%%%EOF\n", start)
	return e.bytes(b.Bytes())
}

func (e *extractor) bytes(b []byte) error {
	n, err := e.w.Write(b)
	e.at += int64(n)
	return err
}

// number is a number of the new document that is not in use yet.
func (e *extractor) number() Ref {
	e.offsets = append(e.offsets, 0)
	return Ref{Num: len(e.offsets)}
}

// Add writes an object that is not of the source.
func (e *extractor) Add(o Object) Ref {
	ref := e.number()
	if err := e.put(ref, o); err != nil && e.err == nil {
		e.err = err
	}
	return ref
}

func (e *extractor) put(ref Ref, o Object) error {
	b := writer{base: e.at}
	if err := b.indirect(ref, o); err != nil {
		return err
	}
	e.offsets[ref.Num-1] = e.at
	return e.bytes(b.Bytes())
}

// rest writes what was taken from the source and not written yet.
func (e *extractor) rest() error {
	for len(e.queue) > 0 && e.err == nil {
		ref := e.queue[0]
		e.queue = e.queue[1:]
		o, err := e.f.Load(ref)
		if err != nil {
			return err
		}
		if s, ok := o.(*Stream); ok {
			if o, err = e.stream(s); err != nil {
				return fmt.Errorf("object %d: %w", ref.Num, err)
			}
		} else if o, err = e.take(o); err != nil {
			return fmt.Errorf("object %d: %w", ref.Num, err)
		}
		if err := e.put(e.taken[ref], o); err != nil {
			return err
		}
	}
	return e.err
}

// stream is a stream of the source with its bytes.
func (e *extractor) stream(s *Stream) (Object, error) {
	names, _ := e.f.filters(s.Dict)
	if slices.Contains(names, "Crypt") { // its bytes are decrypted by now
		return nil, fmt.Errorf("%w: a stream with a filter of its own", ErrEncryption)
	}
	data, err := e.f.Raw(s)
	if err != nil {
		return nil, err
	}
	d := s.Dict.Clone()
	delete(d, "Length")
	o, err := e.take(d)
	if err != nil {
		return nil, err
	}
	return &Stream{Dict: o.(Dict), Data: data}, nil
}

// left are entries that lead out of a page's content, or say what the reader of
// the new document should not believe.
var left = []Name{"Metadata", "PieceInfo", "LastModified", "StructParent", "StructParents", "Parent", "Thumb", "AA", "OPI", "Alternates"}

// take returns an object of the source with the references of the new document.
func (e *extractor) take(o Object) (Object, error) {
	switch o := o.(type) {
	case Ref:
		if to, ok := e.taken[o]; ok {
			return to, nil
		}
		if t := e.f.Dict(o)["Type"]; t == Name("Page") || t == Name("Pages") || t == Name("Catalog") {
			return nil, nil // it would bring the rest of the source along
		}
		e.taken[o] = e.number()
		e.queue = append(e.queue, o)
		return e.taken[o], nil
	case Array:
		out := make(Array, len(o))
		for i, v := range o {
			var err error
			if out[i], err = e.take(v); err != nil {
				return nil, err
			}
		}
		return out, nil
	case Dict:
		if e.pdfa {
			if err := e.permitted(o); err != nil {
				return nil, err
			}
		}
		out := make(Dict, len(o))
		for k, v := range o {
			if slices.Contains(left, k) || e.pdfa && k == "Interpolate" {
				continue
			}
			var err error
			if out[k], err = e.take(v); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return o, nil
}
