package pdffile

import (
	"fmt"
	"strings"
)

// Field is a terminal field of the interactive form (12.7.3).
type Field struct {
	Name    string // fully qualified, parts joined with dots
	Type    Name   // Tx, Btn, Ch, Sig; inherited
	Ref     Ref    // zero for a direct dictionary
	Dict    Dict
	Value   Object // /V, inherited
	Flags   int    // /Ff, inherited (12.7.3.1)
	DA      Object // default appearance, inherited from parents or the form
	Widgets []Widget
}

// Field flags (table 221).
const ReadOnly = 1

// Widget is one place of a field on a page (12.5.6.19).
type Widget struct {
	Ref  Ref // the same as the field's when both share a dictionary
	Dict Dict
	Page int // from 1; 0 when no page lists it
	Rect Rect
}

// Box is where the widget stands, in mm on its page as seen; zero when no page
// lists it.
func (f *File) Box(w Widget) Box {
	p, err := f.Page(w.Page)
	if err != nil {
		return Box{}
	}
	return p.Box(w.Rect)
}

// AcroForm returns the form dictionary and its reference (zero when direct in
// the catalog or missing).
func (f *File) AcroForm() (Dict, Ref) {
	cat, _ := f.Catalog()
	ref, _ := cat["AcroForm"].(Ref)
	return f.Dict(cat["AcroForm"]), ref
}

// Fields returns the terminal fields in document order. Errors: ErrDamaged,
// ErrLimit.
func (f *File) Fields() ([]Field, error) {
	if f.fields != nil {
		return f.fields, nil
	}
	form, _ := f.AcroForm()
	pageOf, err := f.annotationPages()
	if err != nil {
		return nil, err
	}
	out := []Field{}
	seen := map[Ref]bool{}
	var walk func(o Object, parent Field, names []string, depth int) error
	walk = func(o Object, parent Field, names []string, depth int) error {
		ref, _ := o.(Ref)
		if ref != (Ref{}) {
			if seen[ref] {
				return fmt.Errorf("%w: form field %d appears twice", ErrDamaged, ref.Num)
			}
			seen[ref] = true
		}
		if depth > f.lim.Depth || len(out) > f.lim.Fields || len(seen) > 2*f.lim.Fields {
			return fmt.Errorf("%w: form fields", ErrLimit)
		}
		v, err := f.Resolve(o)
		if err != nil {
			return err
		}
		d, ok := v.(Dict)
		if !ok {
			return nil // a null entry is left behind by editors
		}
		fl := f.inherit(parent, d)
		fl.Ref, fl.Dict = ref, d
		if t, ok := d["T"]; ok {
			names = append(names[:len(names):len(names)], f.Text(t))
		}
		fl.Name = strings.Join(names, ".")
		kids := f.Array(d["Kids"])
		if f.terminal(kids) {
			fl.Widgets = f.widgets(ref, d, kids, pageOf)
			out = append(out, fl)
			return nil
		}
		for _, k := range kids {
			if err := walk(k, fl, names, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	top := Field{DA: form["DA"]}
	for _, o := range f.Array(form["Fields"]) {
		if err := walk(o, top, nil, 0); err != nil {
			return nil, err
		}
	}
	f.fields = out
	return out, nil
}

func (f *File) inherit(parent Field, d Dict) Field {
	fl := Field{Type: parent.Type, Value: parent.Value, Flags: parent.Flags, DA: parent.DA}
	if t := f.Name(d["FT"]); t != "" {
		fl.Type = t
	}
	if v, ok := d["V"]; ok {
		fl.Value = v
	}
	if n, ok := f.Int(d["Ff"]); ok {
		fl.Flags = n
	}
	if da, ok := d["DA"]; ok {
		fl.DA = da
	}
	return fl
}

// terminal: kids without a name of their own are widgets (12.7.3.1).
func (f *File) terminal(kids Array) bool {
	for _, k := range kids {
		if _, named := f.Dict(k)["T"]; named {
			return false
		}
	}
	return true
}

func (f *File) widgets(ref Ref, d Dict, kids Array, pageOf map[Ref]int) []Widget {
	one := func(ref Ref, d Dict) Widget {
		r, _ := f.rect(d["Rect"])
		w := Widget{Ref: ref, Dict: d, Page: pageOf[ref], Rect: r}
		return w
	}
	if len(kids) == 0 {
		if f.Name(d["Subtype"]) != "Widget" {
			return nil
		}
		return []Widget{one(ref, d)}
	}
	var out []Widget
	for _, k := range kids {
		kr, _ := k.(Ref)
		if kd := f.Dict(k); kd != nil {
			out = append(out, one(kr, kd))
		}
	}
	return out
}

// annotationPages maps every annotation to the first page that lists it.
func (f *File) annotationPages() (map[Ref]int, error) {
	ps, err := f.Pages()
	if err != nil {
		return nil, err
	}
	out := map[Ref]int{}
	for _, p := range ps {
		if p.Dict["Annots"] == nil {
			continue
		}
		for _, a := range f.Array(p.Dict["Annots"]) {
			if ref, ok := a.(Ref); ok && out[ref] == 0 {
				out[ref] = p.Number
			}
		}
	}
	return out, nil
}

// Field returns the terminal field of that full name. Errors: ErrNoField.
func (f *File) Field(name string) (Field, error) {
	fs, err := f.Fields()
	if err != nil {
		return Field{}, err
	}
	for _, fl := range fs {
		if fl.Name == name {
			return fl, nil
		}
	}
	return Field{}, fmt.Errorf("%w: %q", ErrNoField, name)
}
