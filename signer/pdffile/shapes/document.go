package shapes

import (
	"fmt"
	"slices"
	"strings"
)

// A4 in user space units and as seen in mm.
const (
	a4W, a4H          = 595.276, 841.89
	a4Width, a4Height = 210.0, 297.0
)

// A4 is the MediaBox of an upright A4 page.
var A4 = [4]float64{0, 0, a4W, a4H}

// Document is a Builder with a catalog and a page tree that are written last,
// so that keys can be added to them until Finish.
type Document struct {
	*Builder
	Tree    Ref     // root of the page tree
	Pages   []*Page // in reading order
	Catalog string  // further keys of the catalog
	Shared  string  // further keys of the root of the page tree, which pages inherit
	Fan     int     // most kids of a node of the page tree; 0: one node for all
	Chain   int     // nodes with a single kid between the root and the rest
}

// Page is one page of a Document.
type Page struct {
	Ref      Ref
	MediaBox string // value of /MediaBox; empty: inherited
	Keys     string // further keys, such as "/Rotate 90"
	Contents string // value of /Contents; empty: none
}

// NewDocument starts a document of A4 pages. Each shows its number and a frame
// 20 units inside the page.
func NewDocument(version string, pages int) *Document {
	d := &Document{Builder: NewBuilder(version)}
	d.Root, d.Tree = d.Reserve(), d.Reserve()
	font := d.Add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
	d.Shared = fmt.Sprintf("/Resources<</Font<</F1 %v>>>>", font)
	for range pages {
		d.AddPage(A4)
	}
	return d
}

// AddPage appends a page with the given MediaBox.
func (d *Document) AddPage(media [4]float64) *Page {
	p := &Page{Ref: d.Reserve(), MediaBox: array(media)}
	d.Pages = append(d.Pages, p)
	w, h := media[2]-media[0], media[3]-media[1]
	p.Contents = d.AddStream(fmt.Appendf(nil,
		"q 0.6 G 1 w %.3f %.3f %.3f %.3f re S Q\nBT /F1 36 Tf 1 0 0 1 %.3f %.3f Tm (Page %d) Tj ET\n",
		media[0]+20, media[1]+20, w-40, h-40, media[0]+60, media[1]+h-100, len(d.Pages)), "").String()
	return p
}

// Finish writes catalog, page tree and pages into the Builder and returns it:
// d.Finish().Table() is the file. It can be called again after changes.
func (d *Document) Finish() *Builder {
	d.Set(d.Root, "<</Type/Catalog/Pages %v%s>>", d.Tree, d.Catalog)
	self, keys := d.Tree, d.Shared
	for range d.Chain {
		kid := d.Reserve()
		d.Set(self, "<</Type/Pages%s/Kids[%v]/Count %d>>", keys, kid, len(d.Pages))
		self, keys = kid, fmt.Sprintf("/Parent %v", self)
	}
	d.node(self, keys, d.Pages)
	return d.Builder
}

// node writes one node of the page tree with everything below it.
func (d *Document) node(self Ref, keys string, pages []*Page) {
	kids := make([]string, 0, len(pages))
	if d.Fan == 0 || len(pages) <= d.Fan {
		for _, p := range pages {
			d.Set(p.Ref, "%s", p.dict(self))
			kids = append(kids, p.Ref.String())
		}
	} else {
		per := (len(pages) + d.Fan - 1) / d.Fan
		for group := range slices.Chunk(pages, per) {
			kid := d.Reserve()
			d.node(kid, fmt.Sprintf("/Parent %v", self), group)
			kids = append(kids, kid.String())
		}
	}
	d.Set(self, "<</Type/Pages%s/Kids[%s]/Count %d>>", keys, strings.Join(kids, " "), len(pages))
}

func (p *Page) dict(parent Ref) string {
	s := fmt.Sprintf("<</Type/Page/Parent %v", parent)
	if p.MediaBox != "" {
		s += "/MediaBox" + p.MediaBox
	}
	if p.Contents != "" {
		s += "/Contents " + p.Contents
	}
	return s + p.Keys + ">>"
}

// array prints a rectangle as the file has it.
func array(r [4]float64) string {
	s := make([]string, 4)
	for i, v := range r {
		s[i] = fmt.Sprintf("%g", v)
	}
	return "[" + strings.Join(s, " ") + "]"
}
