package verify

import (
	"fmt"

	"antin/signer/pdffile"
)

// node is a dictionary of the field tree: a field, one of its parents, or a
// widget of it (ISO 32000-1, 12.7.3).
type node struct {
	ref      pdffile.Ref // zero when direct in its parent
	dict     pdffile.Dict
	name     string       // full name of the field
	kind     pdffile.Name // /FT, inherited
	value    pdffile.Object
	field    *node // of a widget: its field; else the node itself
	terminal bool  // a field, or a widget
}

// Bounds of the field tree.
const (
	maxNodes     = 200_000
	maxNodeDepth = 100
)

// formNodes lists the whole field tree in document order.
func formNodes(f *pdffile.File) ([]*node, error) {
	form, _ := f.AcroForm()
	var out []*node
	seen := map[pdffile.Ref]bool{}
	var walk func(o pdffile.Object, parent *node, depth int) error
	walk = func(o pdffile.Object, parent *node, depth int) error {
		ref, _ := o.(pdffile.Ref)
		if ref != (pdffile.Ref{}) && seen[ref] || depth > maxNodeDepth || len(out) > maxNodes {
			return fmt.Errorf("%w: field tree at object %d", pdffile.ErrLimit, ref.Num)
		}
		seen[ref] = true
		d := f.Dict(o)
		if d == nil {
			return nil // a null entry is left behind by editors
		}
		n := &node{ref: ref, dict: d, name: parent.name, kind: parent.kind, value: parent.value}
		n.field = n
		if t, ok := d["T"]; ok {
			if n.name != "" {
				n.name += "."
			}
			n.name += f.Text(t)
		}
		if ft := f.Name(d["FT"]); ft != "" {
			n.kind = ft
		}
		if v, ok := d["V"]; ok {
			n.value = v
		}
		out = append(out, n)
		kids := f.Array(d["Kids"])
		n.terminal = terminal(f, kids)
		for _, k := range kids {
			at := len(out)
			if err := walk(k, n, depth+1); err != nil {
				return err
			}
			if n.terminal && at < len(out) {
				out[at].field, out[at].terminal = n, true
			}
		}
		return nil
	}
	top := &node{}
	for _, o := range f.Array(form["Fields"]) {
		if err := walk(o, top, 0); err != nil {
			return out, err
		}
	}
	return out, nil
}

// terminal: kids without a name of their own are widgets (ISO 32000-1, 12.7.3.1).
func terminal(f *pdffile.File, kids pdffile.Array) bool {
	for _, k := range kids {
		if _, named := f.Dict(k)["T"]; named {
			return false
		}
	}
	return true
}

// compareForm compares the interactive form dictionaries (ISO 32000-1, table 218).
func (s *step) compareForm(o, n pdffile.Object) {
	was, is := s.old.Dict(o), s.new.Dict(n)
	if is == nil {
		if was != nil {
			s.forbid(ChangedField, number(o), "the form was removed")
		}
		return
	}
	for _, k := range s.differences(was, is) {
		switch {
		case k == "Fields":
		case k == "SigFlags" && s.moreFlags(was[k], is[k]),
			k == "DA" && is[k] != nil,
			k == "DR" && s.moreResources(was[k], is[k], 0),
			k == "NeedAppearances" && is[k] != true: // an end of it changes no look
			s.allow(ChangedForm, number(n), "/"+string(k))
		default:
			s.forbid(ChangedField, number(n), "/AcroForm/"+string(k))
		}
	}
	s.compareFields(was["Fields"], is["Fields"])
}

func (s *step) moreFlags(o, n pdffile.Object) bool {
	was, _ := s.old.Int(o)
	is, ok := s.new.Int(n)
	return ok && was&^is == 0
}

// moreResources: what was there stays as it was; names may be added.
func (s *step) moreResources(o, n pdffile.Object, depth int) bool {
	was, is := s.old.Dict(o), s.new.Dict(n)
	if is == nil || depth > 2 {
		return false
	}
	for k, v := range was {
		if !s.same(k, v, is[k]) && (depth > 0 || !s.moreResources(v, is[k], depth+1)) {
			return false
		}
	}
	return true
}

// compareFields: top-level fields stay in their order; signature fields signed
// in this revision may follow.
func (s *step) compareFields(o, n pdffile.Object) {
	was, is := s.old.Array(o), s.new.Array(n)
	for i := range was {
		if i >= len(is) || !s.same("Fields", was[i], is[i]) {
			s.forbid(ChangedField, number(was[i]), fmt.Sprintf("number %d of /Fields changed, removed or moved", i+1))
			return
		}
	}
	if len(is) == len(was) {
		return
	}
	taken := map[string]bool{}
	for _, f := range s.fields {
		taken[f.name] = true
	}
	for _, f := range is[len(was):] {
		s.addedField(f, taken)
	}
}
