package pdffile

import (
	"fmt"
	"math"
)

// Page is a page of the document with inherited attributes resolved (7.7.3.4).
type Page struct {
	Number    int // from 1
	Ref       Ref
	Dict      Dict
	Resources Object // own or inherited
	Geometry
}

// Pages returns the pages in reading order. Errors: ErrDamaged, ErrLimit.
func (f *File) Pages() ([]Page, error) {
	if f.pages != nil {
		return f.pages, nil
	}
	cat, _ := f.Catalog()
	root, ok := cat["Pages"].(Ref)
	if !ok {
		return nil, fmt.Errorf("%w: the catalog names no page tree", ErrDamaged)
	}
	var pages []Page
	seen := map[Ref]bool{}
	var walk func(ref Ref, inherited Dict, depth int) error
	walk = func(ref Ref, inherited Dict, depth int) error {
		if seen[ref] {
			return fmt.Errorf("%w: page tree node %d appears twice", ErrDamaged, ref.Num)
		}
		seen[ref] = true
		if depth > f.lim.Depth || len(pages) >= f.lim.Pages || len(seen) > 2*f.lim.Pages {
			return fmt.Errorf("%w: page tree", ErrLimit)
		}
		o, err := f.Load(ref)
		if err != nil {
			return err
		}
		d, ok := o.(Dict)
		if !ok {
			return fmt.Errorf("%w: page tree node %d is no dictionary", ErrDamaged, ref.Num)
		}
		own := inherited.Clone()
		for _, k := range []Name{"Resources", "MediaBox", "CropBox", "Rotate"} {
			if v, ok := d[k]; ok {
				own[k] = v
			}
		}
		kids, node := d["Kids"]
		if !node || d["Type"] == Name("Page") {
			p := Page{Number: len(pages) + 1, Ref: ref, Dict: d, Resources: own["Resources"]}
			if p.Geometry, err = f.geometry(d, own); err != nil {
				return fmt.Errorf("page %d: %w", p.Number, err)
			}
			pages = append(pages, p)
			return nil
		}
		for _, k := range f.Array(kids) {
			kid, ok := k.(Ref)
			if !ok {
				return fmt.Errorf("%w: page tree node %d holds a direct page", ErrDamaged, ref.Num)
			}
			if err := walk(kid, own, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if err := walk(root, Dict{}, 0); err != nil {
		return nil, err
	}
	if len(pages) == 0 {
		return nil, fmt.Errorf("%w: no pages", ErrDamaged)
	}
	f.pages = pages
	return pages, nil
}

// Page returns page number n, from 1. Errors: ErrNoPage and those of Pages.
func (f *File) Page(n int) (Page, error) {
	ps, err := f.Pages()
	if err != nil {
		return Page{}, err
	}
	if n < 1 || n > len(ps) {
		return Page{}, fmt.Errorf("%w: page %d of %d", ErrNoPage, n, len(ps))
	}
	return ps[n-1], nil
}

// geometry reads boxes, turn and unit of a page. Readers assume US Letter when
// no MediaBox is found, so the same page is placed the same way here.
func (f *File) geometry(page, inherited Dict) (Geometry, error) {
	media, ok := f.rect(inherited["MediaBox"])
	if !ok || media.Width() < 1 || media.Height() < 1 {
		media = Rect{0, 0, 612, 792}
	}
	g := Geometry{Crop: media, UserUnit: 1}
	if crop, ok := f.rect(inherited["CropBox"]); ok {
		if c := crop.intersect(media); c.Width() > 0 && c.Height() > 0 {
			g.Crop = c
		}
	}
	if u, ok := f.Number(page["UserUnit"]); ok && u > 0 {
		g.UserUnit = u
	}
	if r, ok := f.Number(inherited["Rotate"]); ok {
		turn := int(math.Mod(r, 360))
		if turn%90 != 0 {
			return g, fmt.Errorf("%w: /Rotate %v is no multiple of 90", ErrDamaged, r)
		}
		g.Rotate = (turn + 360) % 360
	}
	if w, h := g.Size(); w > 1e5 || h > 1e5 || math.IsNaN(w+h) {
		return g, fmt.Errorf("%w: a page of %.0f × %.0f mm", ErrLimit, w, h)
	}
	return g, nil
}

// rect reads a rectangle with its corners in any order (7.9.5).
func (f *File) rect(o Object) (Rect, bool) {
	a := f.Array(o)
	if len(a) < 4 {
		return Rect{}, false
	}
	var v [4]float64
	for i := range v {
		n, ok := f.Number(a[i])
		if !ok {
			return Rect{}, false
		}
		v[i] = n
	}
	return Rect{v[0], v[1], v[2], v[3]}.normal(), true
}
