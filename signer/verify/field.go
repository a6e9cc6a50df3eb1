package verify

import (
	"slices"
	"strings"

	"antin/signer/pdffile"
)

// Keys of a new signature field and its widget (ISO 32000-1, tables 164, 188,
// 220, 232). Actions (/A, /AA) are not among them.
var (
	signatureFieldKeys  = names("Type Subtype FT T TU TM V P F Ff Rect AP AS MK BS Border H M NM DA Q Lock SV Kids StructParent Contents")
	signatureWidgetKeys = names("Type Subtype P F Rect AP AS MK BS Border H M NM Parent StructParent Contents")
)

// Keys that a permitted change may touch.
var (
	fillKeys = names("V AP AS F DA Q Ff")
	signKeys = names("V AP AS F Ff P")
)

func names(list string) []pdffile.Name {
	var out []pdffile.Name
	for _, n := range strings.Fields(list) {
		out = append(out, pdffile.Name(n))
	}
	return out
}

// compareField judges a field, a parent of fields or a widget that was there
// before the step.
func (s *step) compareField(n *node) {
	o, is := s.both(n.ref.Num)
	if o == nil || is == nil {
		s.forbidField(ChangedField, n, "removed, or no dictionary")
		return
	}
	differ := s.differences(o, is)
	if len(differ) == 0 {
		return
	}
	what := "/" + joined(differ)
	filled, _ := s.old.Resolve(n.field.value)
	switch {
	case !n.terminal: // a value there would be inherited by fields that signatures lock
		s.forbidField(ChangedField, n, what)
	case n.kind == "Sig" && filled != nil:
		s.forbidField(ChangedSignature, n, what)
	case s.rules.locked(n.name) && !s.onlyReadOnly(differ, o, is):
		s.forbidField(ChangedLocked, n, what)
	case n.kind == "Sig":
		s.signedField(n, is, differ, what)
	case n.kind == "Tx" && within(differ, fillKeys), n.kind == "Btn" && s.pressed(n, is, differ), n.kind == "Ch" && s.chosen(n, is, differ):
		s.add(Change{
			Kind: FilledField, Object: n.ref.Num, Page: s.pageOf(n.ref.Num), Field: n.name,
			Forbidden: s.rules.docMDP == 1, Detail: what,
		})
	default:
		s.forbidField(ChangedField, n, what)
	}
}

// onlyReadOnly: making a locked field read-only takes nothing from it.
func (s *step) onlyReadOnly(differ []pdffile.Name, o, n pdffile.Dict) bool {
	was, _ := s.old.Int(o["Ff"])
	is, ok := s.new.Int(n["Ff"])
	return ok && within(differ, names("Ff")) && was|pdffile.ReadOnly == is
}

func (s *step) forbidField(k ChangeKind, n *node, detail string) {
	s.add(Change{Kind: k, Object: n.ref.Num, Page: s.pageOf(n.ref.Num), Field: n.name, Forbidden: true, Detail: detail})
}

func within(list, allowed []pdffile.Name) bool {
	return !slices.ContainsFunc(list, func(k pdffile.Name) bool { return !slices.Contains(allowed, k) })
}

func joined(list []pdffile.Name) string {
	var out []string
	for _, n := range list {
		out = append(out, string(n))
	}
	return strings.Join(out, " /")
}

// fieldIndex answers questions about the fields before a step.
type fieldIndex struct {
	pages map[int]int         // number of a widget, or of a field → page of it or of its first widget
	flags map[pdffile.Ref]int // of fields, inherited ones too
	kids  map[*node][]*node   // widgets that are no fields themselves
}

func (s *step) fieldIndex() *fieldIndex {
	if s.index != nil {
		return s.index
	}
	s.index = &fieldIndex{map[int]int{}, map[pdffile.Ref]int{}, map[*node][]*node{}}
	fields, err := s.old.Fields()
	if err != nil {
		return s.index
	}
	for _, f := range fields {
		s.index.flags[f.Ref] = f.Flags
		for _, w := range f.Widgets {
			s.index.pages[w.Ref.Num] = w.Page
		}
		if _, merged := s.index.pages[f.Ref.Num]; !merged && len(f.Widgets) > 0 {
			s.index.pages[f.Ref.Num] = f.Widgets[0].Page
		}
	}
	for _, n := range s.fields {
		if n.field != n {
			s.index.kids[n.field] = append(s.index.kids[n.field], n)
		}
	}
	return s.index
}

// pageOf is the page that lists a widget, of a field that of its first widget; 0
// when none does.
func (s *step) pageOf(num int) int { return s.fieldIndex().pages[num] }

// signedField judges an empty signature field that was there and is signed now.
func (s *step) signedField(n *node, is pdffile.Dict, differ []pdffile.Name, what string) {
	sig := s.signatureOf(n.field.ref)
	switch p, moved := is["P"], slices.Contains(differ, "P"); {
	case sig == nil:
		s.forbidField(ChangedSignature, n, "not signed in this revision: "+what)
	case !within(differ, signKeys), moved && number(p) != s.numberOfPage(s.pageOf(n.ref.Num)):
		s.forbidField(ChangedField, n, what)
	default:
		s.add(Change{
			Kind: addedKind(sig), Object: n.ref.Num, Page: s.pageOf(n.ref.Num), Field: n.name,
			Forbidden: s.rules.docMDP == 1 && sig.Kind != DocTimeStamp, Detail: what,
		})
	}
}

func (s *step) numberOfPage(page int) int {
	for n, p := range s.pages.number {
		if p == page {
			return n
		}
	}
	return -1
}

// signatureOf is the signature that was made in this step in the field ref.
func (s *step) signatureOf(ref pdffile.Ref) *signature {
	for _, sig := range s.signatures {
		if sig.known && sig.source.Field.Ref == ref && sig.End > s.from && sig.End <= s.to {
			return sig
		}
	}
	return nil
}

func addedKind(sig *signature) ChangeKind {
	if sig.Kind == DocTimeStamp {
		return AddedTimeStamp
	}
	return AddedSignature
}

// addedField judges a new entry of /Fields: a signature field that is signed in
// this revision, with one widget.
func (s *step) addedField(o pdffile.Object, taken map[string]bool) {
	ref, _ := o.(pdffile.Ref)
	_, used := s.old.RefOf(ref.Num)
	d := s.new.Dict(ref)
	n := &node{ref: ref, dict: d, name: s.new.Text(d["T"])}
	sig := s.signatureOf(ref)
	switch {
	case ref == (pdffile.Ref{}) || used || s.roles[ref.Num] != 0:
		s.forbidField(ChangedField, n, "added to /Fields, and no new object")
	case sig == nil || s.new.Name(d["FT"]) != "Sig":
		s.forbidField(ChangedField, n, "added, and no signature of this revision")
	case taken[n.name] || n.name == "" || strings.Contains(n.name, "."):
		s.forbidField(ChangedField, n, "added with a name that is taken or missing")
	case !within(keys(d), signatureFieldKeys):
		s.forbidField(ChangedField, n, "added with /"+joined(sorted(keys(d))))
	default:
		taken[n.name] = true
		s.addedWidget(n, sig)
	}
}

// addedWidget finds the single widget of a new signature field, merged with it
// or its only kid, and applies DocMDP.
func (s *step) addedWidget(n *node, sig *signature) {
	widget := n
	if _, split := n.dict["Kids"]; split {
		kids := s.new.Array(n.dict["Kids"])
		if len(kids) != 1 || n.dict["Rect"] != nil || s.new.Name(n.dict["Subtype"]) != "" {
			s.forbidField(ChangedField, n, "added with other than one widget")
			return
		}
		ref, _ := kids[0].(pdffile.Ref)
		_, used := s.old.RefOf(ref.Num)
		widget = &node{ref: ref, dict: s.new.Dict(ref), name: n.name}
		if used || s.roles[ref.Num] != 0 || ref == n.ref || !within(keys(widget.dict), signatureWidgetKeys) || number(widget.dict["Parent"]) != n.ref.Num {
			s.forbidField(ChangedField, n, "added with an irregular widget")
			return
		}
	}
	s.widgets[widget.ref.Num] = widget
	c := Change{Kind: addedKind(sig), Object: n.ref.Num, Page: sig.Page, Field: n.name}
	switch {
	case s.rules.docMDP == 1 && (sig.Kind != DocTimeStamp || visible(s.new, widget.dict)):
		c.Forbidden, c.Detail = true, "the document is certified against any change"
	case s.rules.docMDP > 1 && visible(s.new, widget.dict):
		c.Forbidden, c.Detail = true, "a new visible field in a certified document"
	}
	s.add(c)
}

// visible: the rectangle has an extent, or cannot be read.
func visible(f *pdffile.File, widget pdffile.Dict) bool {
	rect := f.Array(widget["Rect"])
	if len(rect) != 4 {
		return len(rect) > 0 || widget["AP"] != nil
	}
	var v [4]float64
	for i, o := range rect {
		n, ok := f.Number(o)
		if !ok {
			return true
		}
		v[i] = n
	}
	return v[0] != v[2] || v[1] != v[3]
}
