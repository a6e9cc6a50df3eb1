package render

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"antin/signer/pdffile"
	"antin/signer/pdffile/content"
)

// go-fitz draws the contents of pages and no annotation (v1.24.15;
// TestAnnotationsNeedSheets would notice another version). So a page with
// annotations is drawn from a sheet: a document of one page in memory, with
// what the page needs copied and its appearances made page content. Nothing but
// that page is read for it, whatever the size of the file.

// Bounds of what one page may need.
const (
	maxSheetObjects = 200_000
	maxSheetBytes   = 512 << 20
)

// sheet returns page as a document of its own that looks the same, with its
// annotations drawn in; complete is false when one of them is damaged.
func sheet(f *pdffile.File, page pdffile.Page) (doc []byte, complete bool, err error) {
	base, err := blank()
	if err != nil {
		return nil, false, err
	}
	c := copier{from: f, to: base.file.NewUpdate(), new: map[pdffile.Ref]pdffile.Ref{}}
	p := pdffile.Dict{
		"Type": pdffile.Name("Page"), "Parent": base.pages,
		"MediaBox": pdffile.Array{page.Crop.X0, page.Crop.Y0, page.Crop.X1, page.Crop.Y1}, "Rotate": page.Rotate, "UserUnit": page.UserUnit,
		"Group": c.copy(page.Dict["Group"]),
	}
	draw, forms := c.annotations(page)
	if p["Contents"], err = c.contents(page.Dict["Contents"], draw); err != nil {
		return nil, false, err
	}
	resources := c.dict(page.Resources)
	objects := c.dict(f.Dict(page.Resources)["XObject"])
	for name, form := range forms {
		objects[name] = form
	}
	resources["XObject"] = objects
	p["Resources"] = resources
	// The catalog tells which layers are seen (8.11.4.2) and the meaning of
	// colours (14.11.5).
	catalog, _ := f.Catalog()
	c.to.Set(base.catalog, pdffile.Dict{
		"Type": pdffile.Name("Catalog"), "Pages": base.pages,
		"OCProperties": c.copy(catalog["OCProperties"]), "OutputIntents": c.copy(catalog["OutputIntents"]),
	})
	c.to.Set(base.page, p)
	if err := c.rest(); err != nil {
		return nil, false, fmt.Errorf("copying page %d: %w", page.Number, err)
	}
	tail, err := c.to.Render()
	if err != nil {
		return nil, false, fmt.Errorf("copying page %d: %w", page.Number, err)
	}
	return append(base.bytes, tail.Data...), !c.damaged, nil
}

// annotations returns the operators that draw the appearances of the page, and
// the forms that they name.
func (c *copier) annotations(page pdffile.Page) (draw string, forms pdffile.Dict) {
	var b strings.Builder
	forms = pdffile.Dict{}
	for i, a := range c.array(page.Dict["Annots"]) {
		form, m, ok := c.appearance(c.from.Dict(c.resolve(a)))
		if !ok {
			continue
		}
		name := pdffile.Name(fmt.Sprintf("AnTin.%d", i))
		forms[name] = form
		fmt.Fprintf(&b, "q %.5f 0 0 %.5f %.4f %.4f cm /%s Do Q\n", m[0], m[3], m[4], m[5], name)
	}
	return b.String(), forms
}

// contents wraps the contents of a page in q and Q, so that they leave no
// graphics state behind, and adds after.
func (c *copier) contents(old pdffile.Object, after string) (pdffile.Array, error) {
	o, err := c.from.Resolve(old)
	if err != nil {
		return nil, err
	}
	all := pdffile.Array{c.stream("q\n")}
	switch o := o.(type) {
	case pdffile.Array:
		for _, part := range o {
			all = append(all, c.copy(part))
		}
	case *pdffile.Stream:
		all = append(all, c.copy(old))
	}
	return append(all, c.stream("\nQ\n"+after)), nil
}

func (c *copier) stream(s string) pdffile.Ref {
	return c.to.Add(&pdffile.Stream{Dict: pdffile.Dict{}, Data: []byte(s)})
}

// Flags of annotations that are not displayed (12.5.3, table 165).
const (
	flagHidden = 1 << 1
	flagNoView = 1 << 5
)

// appearance copies the normal appearance of an annotation and returns the
// place it goes to; ok is false when nothing of it is seen.
func (c *copier) appearance(annot pdffile.Dict) (form pdffile.Ref, m content.Matrix, ok bool) {
	if flags, _ := c.from.Int(annot["F"]); flags&(flagHidden|flagNoView) != 0 || c.from.Name(annot["Subtype"]) == "Popup" {
		return form, m, false
	}
	normal := c.from.Dict(c.resolve(annot["AP"]))["N"]
	o := c.resolve(normal)
	if states, isDict := o.(pdffile.Dict); isDict {
		normal = states[c.from.Name(annot["AS"])] // 12.5.5: the state that AS names
		o = c.resolve(normal)
	}
	stream, isStream := o.(*pdffile.Stream)
	ref, isRef := normal.(pdffile.Ref)
	if !isStream || !isRef {
		return form, m, false
	}
	bbox, okBox := c.numbers(stream.Dict["BBox"], 4)
	rect, okRect := c.numbers(annot["Rect"], 4)
	if !okBox || !okRect {
		return form, m, false
	}
	own := content.Identity
	if v, ok := c.numbers(stream.Dict["Matrix"], 6); ok {
		own = content.Matrix(v)
	}
	if m, ok = content.Fit(rectOf(bbox), own, rectOf(rect)); !ok {
		return form, m, false
	}
	// An annotation may belong to a layer that is not seen (8.11.3.3).
	return c.form(ref, annot["OC"]), m, true
}

// rectOf is the rectangle with two opposite corners.
func rectOf(v []float64) pdffile.Rect { return pdffile.Rect{X0: v[0], Y0: v[1], X1: v[2], Y1: v[3]} }

// numbers reads an array of n numbers.
func (c *copier) numbers(o pdffile.Object, n int) ([]float64, bool) {
	a := c.from.Array(o)
	if len(a) != n {
		return nil, false
	}
	v := make([]float64, n)
	for i := range a {
		var ok bool
		if v[i], ok = c.from.Number(a[i]); !ok || math.IsNaN(v[i]) || math.Abs(v[i]) > 1e6 {
			return nil, false
		}
	}
	return v, true
}

// copier takes objects over from one document to another.
type copier struct {
	from  *pdffile.File
	to    *pdffile.Update
	new   map[pdffile.Ref]pdffile.Ref
	todo  []pdffile.Ref // of from: numbered, not copied yet
	bytes int

	damaged bool // something of the annotations could not be read
}

// resolve follows references; what cannot be read is nil.
func (c *copier) resolve(o pdffile.Object) pdffile.Object {
	v, err := c.from.Resolve(o)
	if err != nil {
		c.damaged = true
		return nil
	}
	return v
}

func (c *copier) array(o pdffile.Object) pdffile.Array {
	v := c.resolve(o)
	a, ok := v.(pdffile.Array)
	c.damaged = c.damaged || v != nil && !ok
	return a
}

// copy returns o for the new document; objects it refers to are noted for rest.
func (c *copier) copy(o pdffile.Object) pdffile.Object {
	switch o := o.(type) {
	case pdffile.Ref:
		if n, ok := c.new[o]; ok {
			return n
		}
		n := c.to.Add(nil)
		c.new[o] = n
		c.todo = append(c.todo, o)
		return n
	case pdffile.Array:
		a := make(pdffile.Array, len(o))
		for i, v := range o {
			a[i] = c.copy(v)
		}
		return a
	case pdffile.Dict:
		d := make(pdffile.Dict, len(o))
		for k, v := range o {
			if k != "PieceInfo" { // what the program that made it keeps for itself, often large (14.5)
				d[k] = c.copy(v)
			}
		}
		return d
	}
	return o
}

// dict copies the dictionary at o, so that entries can be added; none gives an
// empty one.
func (c *copier) dict(o pdffile.Object) pdffile.Dict {
	return c.copy(c.from.Dict(o)).(pdffile.Dict)
}

// form copies the form XObject at ref for one annotation.
func (c *copier) form(ref pdffile.Ref, layer pdffile.Object) pdffile.Ref {
	inner := c.copy(ref).(pdffile.Ref)
	if layer == nil {
		return inner
	}
	huge := pdffile.Rect{X0: -1e6, Y0: -1e6, X1: 1e6, Y1: 1e6}
	return c.to.Add(&pdffile.Stream{Data: []byte("/F Do"), Dict: pdffile.Dict{
		"Type": pdffile.Name("XObject"), "Subtype": pdffile.Name("Form"), "BBox": huge.Array(),
		"OC": c.copy(layer), "Resources": pdffile.Dict{"XObject": pdffile.Dict{"F": inner}},
	}})
}

// rest copies what has been referred to.
func (c *copier) rest() error {
	for len(c.todo) > 0 {
		ref := c.todo[len(c.todo)-1]
		c.todo = c.todo[:len(c.todo)-1]
		o, err := c.from.Load(ref)
		if err != nil {
			return err
		}
		switch v := o.(type) {
		case *pdffile.Stream:
			data, err := c.from.Raw(v)
			if err != nil {
				return err
			}
			c.bytes += len(data)
			d := v.Dict.Clone()
			delete(d, "Length") // counted anew
			if _, ok := d["BBox"]; ok && d["Subtype"] == nil {
				d["Subtype"] = pdffile.Name("Form") // some writers leave it out of appearances (8.10.2)
			}
			o = &pdffile.Stream{Dict: c.copy(d).(pdffile.Dict), Data: data}
		case pdffile.Dict:
			// Ways back into the whole document: null is a fair answer for a picture.
			switch c.from.Name(v["Type"]) {
			case "Page", "Pages", "Catalog":
				o = nil
			default:
				o = c.copy(v)
			}
		default:
			o = c.copy(o)
		}
		if len(c.new) > maxSheetObjects || c.bytes > maxSheetBytes {
			return errors.New("the page is too large to be taken out of the document")
		}
		c.to.Set(c.new[ref], o)
	}
	return nil
}

// blankDocument is a document with one empty page.
type blankDocument struct {
	bytes                []byte
	file                 *pdffile.File
	catalog, pages, page pdffile.Ref
}

func blank() (blankDocument, error) {
	b := blankDocument{catalog: pdffile.Ref{Num: 1}, pages: pdffile.Ref{Num: 2}, page: pdffile.Ref{Num: 3}}
	b.bytes = []byte("%PDF-1.7\n")
	var table strings.Builder
	for i, o := range []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
	} {
		fmt.Fprintf(&table, "%010d 00000 n \n", len(b.bytes))
		b.bytes = fmt.Appendf(b.bytes, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	b.bytes = fmt.Appendf(b.bytes, "xref\n0 4\n0000000000 65535 f \n%strailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n",
		table.String(), len(b.bytes))
	var err error
	b.file, err = pdffile.Read(strings.NewReader(string(b.bytes)), int64(len(b.bytes)), pdffile.Options{})
	return b, err
}
