package pagetext

import (
	"context"
	"fmt"
	"slices"

	"antin/signer/pdffile"
)

// Bounds of what one page can cost. Pages of dense text have some ten thousand
// operators and five thousand glyphs; drawings have some hundred thousand.
const (
	maxOperators = 3_000_000
	maxContent   = 64 << 20 // decoded bytes of content, fonts and forms
	maxGlyphs    = 200_000
	maxInk       = 20_000
	maxForms     = 4_000 // executions of form XObjects
	maxFormDepth = 16
	maxStates    = 512 // q inside q
	maxOperands  = 64
	maxItems     = 1 << 16 // of an array in a font or a CMap
)

// Reader reads pages of one document and keeps fonts that several use. It is
// for one goroutine at a time, as the file is.
type Reader struct {
	f      *pdffile.File
	fonts  map[pdffile.Ref]*font
	hidden map[pdffile.Ref]bool // optional content groups that are off
}

// NewReader returns a reader of the pages of f.
func NewReader(f *pdffile.File) *Reader {
	r := &Reader{f: f, fonts: map[pdffile.Ref]*font{}, hidden: map[pdffile.Ref]bool{}}
	catalog, _ := f.Catalog()
	usual := f.Dict(f.Dict(catalog["OCProperties"])["D"]) // 8.11.4.3
	if f.Name(usual["BaseState"]) == "OFF" {
		for _, o := range f.Array(f.Dict(catalog["OCProperties"])["OCGs"]) {
			if ref, ok := o.(pdffile.Ref); ok {
				r.hidden[ref] = true
			}
		}
	}
	for _, o := range f.Array(usual["OFF"]) {
		if ref, ok := o.(pdffile.Ref); ok {
			r.hidden[ref] = true
		}
	}
	for _, o := range f.Array(usual["ON"]) {
		if ref, ok := o.(pdffile.Ref); ok {
			delete(r.hidden, ref)
		}
	}
	return r
}

// Page reads page number n, from 1, of f. Errors: pdffile's for the page tree,
// and ctx's. Content that is damaged is no error; see [Text.Problems].
func Page(ctx context.Context, f *pdffile.File, n int) (*Text, error) {
	return NewReader(f).Page(ctx, n)
}

// page is the work on one page.
type page struct {
	r      *Reader
	ctx    context.Context
	out    *Text
	glyphs []glyph

	operators, content, forms int
	stop                      error // ctx's
	cut                       bool  // a limit was reached
	more                      bool  // there is, or may be, more to see than pictures

	state  state
	stack  []state
	path   path
	marked []marked
}

// Page reads page number n, from 1.
func (r *Reader) Page(ctx context.Context, n int) (t *Text, err error) {
	pg, err := r.f.Page(n)
	if err != nil {
		return nil, err
	}
	p := &page{r: r, ctx: ctx, out: &Text{Page: n}}
	p.out.W, p.out.H = pg.Size()
	defer func() {
		if v := recover(); v != nil { // a hostile page costs a page, not the program
			t, err = nil, fmt.Errorf("%w: text of page %d: %v", pdffile.ErrDamaged, n, v)
		}
	}()
	p.state = newState(pageMatrix(pg.Geometry))
	p.run(p.contents(pg.Dict["Contents"]), p.resources(pg.Resources), 0)
	p.annotations(pg)
	if p.stop == nil {
		p.stop = ctx.Err()
	}
	if p.stop != nil {
		return nil, fmt.Errorf("reading the text of page %d: %w", n, p.stop)
	}
	p.lines()
	if p.cut {
		p.out.problem(Limit, "")
	}
	p.out.Bare = !p.more && !slices.ContainsFunc(p.out.Problems, func(p Problem) bool { return p.Kind == DamagedContent || p.Kind == Limit })
	return p.out, nil
}

// contents joins the content streams of a page: tokens may not span them, so a
// space goes between (7.8.2).
func (p *page) contents(o pdffile.Object) []byte {
	v, err := p.r.f.Resolve(o)
	if err != nil {
		p.out.problem(DamagedContent, err.Error())
	}
	switch v := v.(type) {
	case *pdffile.Stream:
		b, _ := p.stream(v)
		return b
	case pdffile.Array:
		var all []byte
		for _, o := range v {
			b, ok := p.stream(o)
			p.more = p.more || !ok
			if !ok && p.cut {
				break
			}
			all = append(append(all, b...), '\n')
		}
		return all
	}
	return nil
}

// stream decodes a stream within the page's budget.
func (p *page) stream(o pdffile.Object) ([]byte, bool) {
	v, err := p.r.f.Resolve(o)
	s, ok := v.(*pdffile.Stream)
	if err != nil || !ok {
		return nil, false
	}
	if p.content > maxContent {
		p.cut = true
		return nil, false
	}
	b, err := p.r.f.Decode(s)
	if err != nil {
		p.out.problem(DamagedContent, err.Error())
		p.content += 1 << 20 // a bad stream was paid for as well
		return nil, false
	}
	p.content += len(b) + 64
	return b, true
}

// resources are the named resources of a content stream (7.8.3).
type resources struct {
	dict  pdffile.Dict
	parts map[string]pdffile.Dict
	fonts map[string]*font
}

func (p *page) resources(o pdffile.Object) *resources {
	return &resources{dict: p.r.f.Dict(o), parts: map[string]pdffile.Dict{}, fonts: map[string]*font{}}
}

// part is a category of the resources, such as XObject.
func (p *page) part(res *resources, category string) pdffile.Dict {
	d, ok := res.parts[category]
	if !ok {
		d = p.r.f.Dict(res.dict[pdffile.Name(category)])
		res.parts[category] = d
	}
	return d
}

func (p *page) font(res *resources, name string) *font {
	if n, ok := res.fonts[name]; ok {
		return n
	}
	n := p.fontObject(p.part(res, "Font")[pdffile.Name(name)])
	res.fonts[name] = n
	return n
}

// fontObject reads a font, once for each reference.
func (p *page) fontObject(o pdffile.Object) *font {
	ref, indirect := o.(pdffile.Ref)
	if n, ok := p.r.fonts[ref]; indirect && ok {
		return n
	}
	n := p.loadFont(p.r.f.Dict(o))
	if indirect {
		p.r.fonts[ref] = n
	}
	return n
}
