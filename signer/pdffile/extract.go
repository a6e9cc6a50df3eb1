package pdffile

import (
	"context"
	"fmt"
	"io"
	"maps"
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
	e := &extraction{f, x, NewDocument(w), nil}
	e.in = e.out.Import(f)
	if x.PDFA {
		e.in.admit = f.archived
	}
	if err := e.write(ctx); err != nil {
		return e.out.at, fmt.Errorf("extracting pages: %w", err)
	}
	return e.out.at, nil
}

// extraction is the work on one new document.
type extraction struct {
	f *File
	Extraction
	out *Document
	in  *Importer
}

func (e *extraction) write(ctx context.Context) error {
	tree := e.out.Reserve()
	kids := Array{}
	for _, n := range e.Pages {
		if err := ctx.Err(); err != nil {
			return err
		}
		d, err := e.page(n, tree)
		if err != nil {
			return fmt.Errorf("page %d: %w", n, err)
		}
		kids = append(kids, e.out.Add(d))
	}
	e.out.Put(tree, Dict{"Type": Name("Pages"), "Kids": kids, "Count": len(kids)})
	catalog := Dict{"Type": Name("Catalog"), "Pages": tree}
	if old, _ := e.f.Catalog(); old["OCProperties"] != nil { // which layers are shown
		var err error
		if catalog["OCProperties"], err = e.in.Copy(old["OCProperties"]); err != nil {
			return err
		}
	}
	if e.PDFA {
		e.claim(catalog)
	}
	date := Date(e.Made)
	info := e.out.Add(Dict{"Title": TextString(e.Title), "Producer": TextString(e.Producer), "CreationDate": date, "ModDate": date})
	return e.out.Close(e.out.Add(catalog), info)
}

// page is a page of the new document. What is inherited becomes its own.
func (e *extraction) page(n int, tree Ref) (Dict, error) {
	p, err := e.f.Page(n)
	if err != nil {
		return nil, err
	}
	resources := e.f.Dict(p.Resources).Clone()
	if e.Over != nil {
		resources["Font"] = e.f.Dict(resources["Font"]).Clone() // more may come in
	}
	d := Dict{"Type": Name("Page"), "Parent": tree, "MediaBox": p.Crop.Array()}
	if p.Rotate != 0 {
		d["Rotate"] = p.Rotate
	}
	if p.UserUnit != 1 {
		d["UserUnit"] = p.UserUnit
	}
	for key, o := range map[Name]Object{"Resources": resources, "Group": p.Dict["Group"], "Contents": e.contentParts(p.Dict["Contents"])} {
		if d[key], err = e.in.Copy(o); err != nil {
			return nil, err
		}
	}
	if e.Over == nil {
		return d, nil
	}
	add, fonts, err := e.Over(n, p, e.out)
	if err != nil || len(add) == 0 {
		return d, err
	}
	// The source's content may leave its graphics state changed.
	before := e.out.Add(&Stream{Dict: Dict{}, Data: []byte("q\n")})
	after := e.out.Add(&Stream{Dict: Dict{"Filter": Name("FlateDecode")}, Data: Deflate(append([]byte("\nQ\n"), add...))})
	d["Contents"] = append(append(Array{before}, d["Contents"].(Array)...), after)
	maps.Copy(d["Resources"].(Dict)["Font"].(Dict), fonts)
	return d, nil
}

// contentParts are the content streams of a page as a list (7.8.2).
func (e *extraction) contentParts(o Object) Array {
	if a := e.f.Array(o); a != nil {
		return a
	}
	if o == nil {
		return Array{}
	}
	return Array{o}
}

// claim makes the catalog say PDF/A-2b and that colours are sRGB.
func (e *extraction) claim(catalog Dict) {
	catalog["Metadata"] = e.out.Add(&Stream{
		Dict: Dict{"Type": Name("Metadata"), "Subtype": Name("XML")}, // ISO 19005-2, 6.6.2.1: not compressed
		Data: ArchiveMetadata(e.Title, e.Producer, e.Made),
	})
	profile := e.out.Add(&Stream{Dict: Dict{"N": 3, "Filter": Name("FlateDecode")}, Data: Deflate(assets.Report("sRGB2014.icc"))})
	catalog["OutputIntents"] = Array{Dict{
		"Type": Name("OutputIntent"), "S": Name("GTS_PDFA1"), "OutputConditionIdentifier": TextString("sRGB"),
		"Info": TextString("sRGB IEC61966-2.1"), "DestOutputProfile": profile,
	}}
}
