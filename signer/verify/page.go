package verify

import (
	"fmt"

	"antin/signer/pdffile"
)

// pageTree is the page tree of a state of the document.
type pageTree struct {
	number map[int]int  // object number of a page → page number from 1
	nodes  map[int]bool // object numbers of the inner nodes
}

// readPageTree walks the tree once. Later states either have the same tree or
// a forbidden change. pdffile.Pages has read it before, so limits and loops are
// dealt with.
func readPageTree(f *pdffile.File) *pageTree {
	t := &pageTree{number: map[int]int{}, nodes: map[int]bool{}}
	pages, err := f.Pages()
	if err != nil {
		return t // nothing has a role then, and every page is compared as a whole
	}
	for _, p := range pages {
		t.number[p.Ref.Num] = p.Number
		for parent, ok := p.Dict["Parent"].(pdffile.Ref); ok && !t.nodes[parent.Num] && t.number[parent.Num] == 0; {
			t.nodes[parent.Num] = true
			parent, ok = f.Dict(parent)["Parent"].(pdffile.Ref)
		}
	}
	cat, _ := f.Catalog()
	if root, ok := cat["Pages"].(pdffile.Ref); ok {
		t.nodes[root.Num] = true
	}
	return t
}

// comparePageNode: nothing of the tree may change, nor what pages inherit
// from it (ISO 32000-1, 7.7.3).
func (s *step) comparePageNode(num int) {
	o, n := s.both(num)
	if o == nil || n == nil {
		s.forbid(ChangedPageTree, num, "no dictionary")
		return
	}
	for _, k := range s.differences(o, n) {
		s.forbid(ChangedPageTree, num, "/"+string(k))
	}
}

// both is the dictionary of an object with a role in both states, nil where it
// is none: a stream or an array has no such role, whatever names it.
func (s *step) both(num int) (o, n pdffile.Dict) {
	read := func(f *pdffile.File, ref pdffile.Ref) pdffile.Dict {
		v, err := f.Load(ref)
		d, ok := v.(pdffile.Dict)
		if err != nil || !ok {
			return nil
		}
		return d
	}
	ref, _ := s.old.RefOf(num)
	return read(s.old, ref), read(s.new, ref)
}

// comparePage: a page may only get the widgets of new signature fields.
func (s *step) comparePage(num int) {
	o, n := s.both(num)
	page := s.pages.number[num]
	if o == nil || n == nil {
		s.add(Change{Kind: ChangedPage, Object: num, Page: page, Forbidden: true, Detail: "no dictionary"})
		return
	}
	for _, k := range s.differences(o, n) {
		if k == "Annots" {
			continue
		}
		s.add(Change{Kind: ChangedPage, Object: num, Page: page, Forbidden: true, Detail: "/" + string(k)})
	}
	s.compareAnnotations(num, page, o["Annots"], n["Annots"])
}

func (s *step) compareAnnotations(num, page int, o, n pdffile.Object) {
	forbid := func(object int, format string, args ...any) {
		s.add(Change{Kind: ChangedAnnotation, Object: object, Page: page, Forbidden: true, Detail: fmt.Sprintf(format, args...)})
	}
	was, is := s.old.Array(o), s.new.Array(n)
	if v, err := s.new.Resolve(n); err != nil || is == nil && v != nil {
		forbid(num, "/Annots is no array")
		return
	}
	for i := range was {
		if i >= len(is) {
			forbid(num, "%d removed", len(was)-i)
			return
		}
		if !s.same("Annots", was[i], is[i]) {
			forbid(number(is[i]), "number %d of the page changed, removed or moved", i+1)
			return
		}
	}
	for _, a := range is[len(was):] {
		widget := s.widgets[number(a)]
		if widget == nil {
			forbid(number(a), "added")
			continue
		}
		s.placed[number(a)]++
		if p, stated := widget.dict["P"]; stated && number(p) != num {
			forbid(number(a), "its /P names another page")
		}
	}
}

// checkPlaces: the widget of a new signature field stands on one page; an
// invisible one may stand on none.
func (s *step) checkPlaces() {
	for n, widget := range s.widgets {
		switch times := s.placed[n]; {
		case times > 1:
			s.forbid(ChangedAnnotation, n, "one widget on several pages")
		case times == 0 && visible(s.new, widget.dict):
			s.forbid(ChangedField, n, "a visible widget on no page")
		}
	}
}
