package pdffile

import "fmt"

// AddAnnotation appends annot to the /Annots of page. An array object of its
// own is rewritten alone; an array that several pages share is copied for this
// page, so that the others keep theirs.
func (u *Update) AddAnnotation(page Page, annot Ref) error {
	d := u.Dict(page.Ref)
	if d == nil {
		return fmt.Errorf("%w: page %d", ErrNoPage, page.Number)
	}
	list := u.array(d["Annots"])
	list = append(list[:len(list):len(list)], annot)
	if ref, ok := d["Annots"].(Ref); ok && u.array(ref) != nil {
		shared, err := u.sharedAnnots(ref)
		if err != nil {
			return err
		}
		if !shared {
			u.Set(ref, list)
			return nil
		}
	}
	d = d.Clone()
	d["Annots"] = list
	u.Set(page.Ref, d)
	return nil
}

func (u *Update) sharedAnnots(ref Ref) (bool, error) {
	ps, err := u.f.Pages()
	if err != nil {
		return false, err
	}
	n := 0
	for _, p := range ps {
		if p.Dict["Annots"] == ref {
			n++
		}
	}
	return n > 1, nil
}

// SetForm merges entries into the interactive form dictionary and appends
// fields to its /Fields, touching as few objects as possible: a /Fields array
// of its own alone, else the form, else the catalog (which names a new form).
func (u *Update) SetForm(entries Dict, fields ...Ref) error {
	_, catRef := u.f.Catalog()
	cat := u.Dict(catRef)
	form := u.Dict(cat["AcroForm"])
	next := Dict{}
	if form != nil {
		next = form.Clone()
	}
	changed := form == nil
	for k, v := range entries {
		if !same(next[k], v) {
			next[k], changed = v, true
		}
	}
	list := u.array(next["Fields"])
	list = list[:len(list):len(list)]
	for _, ref := range fields {
		list = append(list, ref)
	}
	if ref, ok := next["Fields"].(Ref); ok && u.array(ref) != nil {
		if len(fields) > 0 {
			u.Set(ref, list)
		}
	} else if len(fields) > 0 || next["Fields"] == nil {
		next["Fields"], changed = list, true
	}
	if !changed {
		return nil
	}
	if ref, ok := cat["AcroForm"].(Ref); ok && form != nil {
		u.Set(ref, next)
		return nil
	}
	cat = cat.Clone()
	if form == nil {
		cat["AcroForm"] = u.Add(next)
	} else {
		cat["AcroForm"] = next
	}
	u.Set(catRef, cat)
	return nil
}

// same compares scalar objects; anything else counts as different.
func same(a, b Object) bool {
	switch a.(type) {
	case nil, bool, int, float64, Name, Ref:
		switch b.(type) {
		case nil, bool, int, float64, Name, Ref:
			return a == b
		}
	}
	return false
}
