package report

import (
	"context"
	"fmt"
	"math"
	"slices"

	"antin/signer/pdffile"
	"antin/signer/pdffile/content"
)

// Bounds of the search for pictures in one document.
const (
	allPages    = 12       // documents up to this length are looked at whole
	lastPages   = 5        // of longer ones
	allPixels   = 48 << 20 // decoded in one document
	allImages   = 400
	allFindings = 50
	allNotes    = 2000 // annotations looked at
)

// Pictures looks for images that look like a round red seal or a handwritten
// signature in blue: drawn by the first page, the last ones and those with
// signatures, and by annotations. It reads no text, knows no particular seal,
// and looks at images in Flate and JPEG coding alone; what it did not look at
// is counted. Vector drawings and inline images are not looked at.
//
// The work is bounded. Errors: those of the page tree and the form, and ctx's.
func Pictures(ctx context.Context, f *pdffile.File) (g *Gallery, err error) {
	defer func() {
		if p := recover(); p != nil { // foreign bytes must cost one document, not the program
			g, err = nil, fmt.Errorf("report: looking for pictures: %w: %v", pdffile.ErrDamaged, p)
		}
	}()
	pages, err := f.Pages()
	if err != nil {
		return nil, fmt.Errorf("report: looking for pictures: %w", err)
	}
	fields, err := f.Fields()
	if err != nil {
		return nil, fmt.Errorf("report: looking for pictures: %w", err)
	}
	s := &search{gallery: &Gallery{Pictures: []Picture{}}, pixels: allPixels, images: allImages, known: map[known]*ink{}}
	s.walker = walker{file: f, ops: maxOperators, bytes: maxContent, image: s.look}
	s.signatureWidgets(fields)
	for _, n := range s.order(len(pages)) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.page, s.where, s.field = pages[n-1], OnPage, ""
		s.walker.page(s.page)
		s.annotations()
	}
	if s.walker.full {
		s.gallery.Skipped++
	}
	slices.SortStableFunc(s.gallery.Pictures, func(a, b Picture) int { return a.Page - b.Page })
	return s.gallery, nil
}

// search is the work on one document.
type search struct {
	walker
	gallery *Gallery
	widgets map[pdffile.Ref]widget
	marked  []int // pages with signature fields
	pixels  int   // left to decode
	images  int   // left to look at
	notes   int
	known   map[known]*ink

	page  pdffile.Page
	where Where
	field string
}

type widget struct {
	where Where
	field string
}

// known identifies an image drawn before; at other sizes its cells differ.
type known struct {
	num  int
	w, h float64
	fill [3]float64
}

func (s *search) signatureWidgets(fields []pdffile.Field) {
	s.widgets = map[pdffile.Ref]widget{}
	for _, fl := range fields {
		if fl.Type != "Sig" {
			continue
		}
		w := widget{InSignature, line(fl.Name)}
		if s.file.Dict(fl.Value) == nil {
			w.where = InEmptyField
		}
		for _, k := range fl.Widgets {
			if k.Ref != (pdffile.Ref{}) {
				s.widgets[k.Ref] = w
			}
			if k.Page > 0 && !slices.Contains(s.marked, k.Page) {
				s.marked = append(s.marked, k.Page)
			}
		}
	}
}

// order lists the pages to look at, the most important first: those with
// signature fields, then from the end, since the signing block is near it.
func (s *search) order(pages int) []int {
	var out []int
	add := func(n int) {
		if n >= 1 && n <= pages && !slices.Contains(out, n) && len(out) < allPages {
			out = append(out, n)
		}
	}
	for _, n := range s.marked {
		add(n)
	}
	add(pages)
	add(1)
	for n := pages - 1; n > 0 && (pages <= allPages || n > pages-lastPages); n-- {
		add(n)
	}
	s.gallery.Skipped += pages - len(out)
	return out
}

// annotations draws the looks of the page's annotations (12.5.5).
func (s *search) annotations() {
	for _, o := range s.file.Array(s.page.Dict["Annots"]) {
		if s.notes++; s.notes > allNotes {
			s.full = true
			return
		}
		d := s.file.Dict(o)
		rect, ok := s.numbers(d["Rect"], 4)
		look := s.normalLook(d)
		if !ok || look == nil {
			continue
		}
		s.where, s.field = InAnnotation, ""
		if ref, ok := o.(pdffile.Ref); ok {
			if w, ok := s.widgets[ref]; ok {
				s.where, s.field = w.where, w.field
			}
		}
		s.form(look, nil, paint{ctm: s.fit(look, rect)}, 0)
	}
}

func (s *search) normalLook(annot pdffile.Dict) *pdffile.Stream {
	o, _ := s.file.Resolve(s.file.Dict(annot["AP"])["N"])
	if states, ok := o.(pdffile.Dict); ok {
		o, _ = s.file.Resolve(states[s.file.Name(annot["AS"])])
	}
	look, _ := o.(*pdffile.Stream)
	return look
}

// fit is the matrix that puts a look into its rectangle.
func (s *search) fit(look *pdffile.Stream, rect []float64) content.Matrix {
	box, ok := s.numbers(look.Dict["BBox"], 4)
	if !ok {
		return content.Identity
	}
	own := content.Identity
	if m, ok := s.numbers(look.Dict["Matrix"], 6); ok {
		own = content.Matrix(m)
	}
	a, _ := content.Fit(rectOf(box), own, rectOf(rect))
	return a
}

// rectOf is the rectangle with two opposite corners.
func rectOf(v []float64) pdffile.Rect { return pdffile.Rect{X0: v[0], Y0: v[1], X1: v[2], Y1: v[3]} }

// look is called for every image drawn.
func (s *search) look(img *pdffile.Stream, num int, p paint) {
	m := p.ctm
	w, h := s.page.MM(math.Hypot(m[0], m[1])), s.page.MM(math.Hypot(m[2], m[3]))
	if w < minPicture || h < 4 || w > 2000 || h > 2000 || len(s.gallery.Pictures) >= allFindings {
		return
	}
	k := s.inkOf(img, num, w, h, p.fill)
	if k == nil {
		return
	}
	found := k.seals()
	if len(found) == 0 {
		if b, ok := k.strokes(w, h); ok {
			found = append(found, b)
		}
	}
	for _, b := range found {
		s.add(b, m, w, h)
	}
}

func (s *search) inkOf(img *pdffile.Stream, num int, w, h float64, fill [3]float64) *ink {
	key := known{num, math.Round(w), math.Round(h), fill}
	if k, ok := s.known[key]; ok && num != 0 {
		return k
	}
	pw, _ := s.file.Int(img.Dict["Width"])
	ph, _ := s.file.Int(img.Dict["Height"])
	if s.images--; s.images < 0 || pw < 1 || ph < 1 || pw > 1<<16 || ph > 1<<16 || pw*ph > s.pixels {
		s.gallery.Skipped++
		s.known[key] = nil
		return nil
	}
	data, how := pixelsOf(s.file, img, fill)
	if how == unread {
		s.gallery.Skipped++
	}
	var k *ink
	if how == readable {
		s.pixels -= pw * ph
		k = rasterise(data, w, h)
	}
	s.known[key] = k
	return k
}

// add notes a blob of an image drawn w × h mm with matrix m.
func (s *search) add(b blob, m content.Matrix, w, h float64) {
	// The unit square of an image has its top row at y = 1 (8.9.5.1).
	part := m.Rect(pdffile.Rect{X0: b.x / w, X1: (b.x + b.w) / w, Y0: 1 - (b.y+b.h)/h, Y1: 1 - b.y/h})
	place := placeOf(s.page.Box(part))
	p := Picture{Kind: b.kind, Where: s.where, Page: s.page.Number, Place: place, Field: s.field, Label: text("kind." + string(b.kind))}
	same := func(o Picture) bool {
		return o.Kind == p.Kind && o.Where == p.Where && o.Page == p.Page && o.Field == p.Field && p.Place != nil && *o.Place == *p.Place
	}
	if place == nil || slices.ContainsFunc(s.gallery.Pictures, same) {
		return
	}
	sw, sh := s.page.Size()
	if place.X+place.W < 0 || place.Y+place.H < 0 || place.X > sw || place.Y > sh {
		return // off the page
	}
	s.gallery.Pictures = append(s.gallery.Pictures, p)
}
