package report

import (
	"math"
	"slices"
	"strings"
)

// Gallery is what Pictures found in a document.
type Gallery struct {
	Pictures []Picture
	Skipped  int // pictures in colour of a kind that is not read, or pages and pictures beyond the bounds
}

// Picture is an image that looks like a seal or a handwritten signature.
type Picture struct {
	Kind  Kind   `json:"kind"`
	Where Where  `json:"where"`
	Page  int    `json:"page"` // from 1
	Place *Place `json:"place"`
	Field string `json:"field,omitempty"` // full name of the signature field that shows it
	Label string `json:"label"`           // the kind in Vietnamese
}

// Kind of a picture.
type Kind string

const (
	Seal    Kind = "seal"    // round and red (NĐ 30/2020/NĐ-CP, Phụ lục I)
	Strokes Kind = "strokes" // blue lines of a pen
)

// Where a picture stands.
type Where string

const (
	OnPage       Where = "page"       // part of the page
	InAnnotation Where = "annotation" // a stamp or the like, no signature
	InSignature  Where = "signature"  // the look of a filled signature field
	InEmptyField Where = "empty field"
)

// examineGallery asks whether every seal belongs to a signature of an
// organisation. A picture proves nothing by itself (Luật Giao dịch điện tử
// 20/2023/QH15, Điều 22).
func (e *examiner) examineGallery() {
	if e.Gallery == nil {
		e.find("pictures.unchecked", 0)
		return
	}
	signed := len(e.signers) > 0
	told := map[string]bool{}
	tell := func(code string, p Picture, args ...string) {
		if !told[code] { // once for each kind of finding, with all its pages
			told[code] = true
			e.find(code, 0, append([]string{"pages", e.pagesOf(p)}, args...)...)
		}
	}
	match := false
	for _, p := range e.Gallery.Pictures {
		s := e.under(p)
		switch {
		case !signed && p.Kind == Seal:
			tell("pictures.unsigned-seal", p)
		case !signed:
			tell("pictures.unsigned-strokes", p)
		case p.Where == InEmptyField:
			tell("pictures.empty-field", p)
		case s == nil && p.Kind == Seal:
			tell("pictures.loose-seal", p)
		case s == nil:
			tell("pictures.loose-strokes", p)
		case !s.counts() && p.Kind == Seal:
			tell("pictures.bad-seal", p)
		case s.role == Person && p.Kind == Seal:
			tell("pictures.person-seal", p, "holder", s.holder())
		default:
			match = true
		}
	}
	switch {
	case len(told) > 0:
	case !signed:
		e.find("pictures.unsigned", 0)
	case match:
		e.find("pictures.match", 0)
	default:
		e.find("pictures.absent", 0)
	}
	if e.Gallery.Skipped > 0 {
		e.find("pictures.partly", 0, "count", itoa(e.Gallery.Skipped))
	}
}

// under is the signature to which the picture belongs: whose look it is part
// of, or in whose box it lies nearly whole.
func (e *examiner) under(p Picture) *signer {
	var found *signer
	for _, s := range e.signers {
		switch {
		case p.Where == InSignature && line(s.Field) == p.Field:
			return s
		case p.Where == OnPage && s.Page == p.Page && s.Page > 0 && !s.stamp() && p.Place != nil && within(*p.Place, placeOf(s.Box)):
			if found == nil || !s.passed() {
				found = s
			}
		}
	}
	return found
}

func within(p Place, box *Place) bool {
	if box == nil || p.W*p.H <= 0 {
		return false
	}
	w := math.Min(p.X+p.W, box.X+box.W) - math.Max(p.X, box.X)
	h := math.Min(p.Y+p.H, box.Y+box.H) - math.Max(p.Y, box.Y)
	return w > 0 && h > 0 && w*h > 0.8*p.W*p.H
}

// pagesOf lists the pages with pictures of that kind at such places.
func (e *examiner) pagesOf(p Picture) string {
	var pages []int
	for _, q := range e.Gallery.Pictures {
		if q.Kind == p.Kind && q.Where == p.Where && !slices.Contains(pages, q.Page) {
			pages = append(pages, q.Page)
		}
	}
	slices.Sort(pages)
	var out []string
	for i, n := range pages {
		if i == 5 {
			out = append(out, "…")
			break
		}
		out = append(out, itoa(n))
	}
	return e.counted(len(pages), "pages", "numbers", strings.Join(out, ", "))
}
