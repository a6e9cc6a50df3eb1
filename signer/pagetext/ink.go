package pagetext

import (
	"math"
	"slices"

	"antin/signer/pdffile"
	"antin/signer/pdffile/content"
)

// path is the path under construction (8.5.2), in mm on the page.
type path struct {
	parts   []part
	x, y    float64 // current point in user space
	sx, sy  float64 // start of the subpath
	started bool
}

// part is a subpath.
type part struct {
	bounds
	segments [][4]float64 // straight ones, mm
	curved   bool
}

// maxSegments bounds what one path keeps; the rest counts by its bounds.
const maxSegments = 4096

// thin is the thickness in mm up to which a filled shape is a ruled line.
const thin = 1.0

func (p *page) point(x, y float64) (float64, float64) { return p.state.ctm.Apply(x, y) }

func (p *page) move(x, y float64) {
	p.path.x, p.path.y, p.path.sx, p.path.sy = x, y, x, y
	p.path.started = false
}

// current is the subpath that takes the next segment.
func (p *page) current() *part {
	if !p.path.started {
		p.path.started = true
		if len(p.path.parts) < maxSegments {
			p.path.parts = append(p.path.parts, part{bounds: newBounds()})
		}
		last := &p.path.parts[len(p.path.parts)-1]
		last.add(p.point(p.path.x, p.path.y))
	}
	return &p.path.parts[len(p.path.parts)-1]
}

func (p *page) line(x, y float64) {
	s := p.current()
	x0, y0 := p.point(p.path.x, p.path.y)
	x1, y1 := p.point(x, y)
	s.add(x1, y1)
	if len(s.segments) < maxSegments {
		s.segments = append(s.segments, [4]float64{x0, y0, x1, y1})
	}
	p.path.x, p.path.y = x, y
}

// pathOperator executes path construction and painting (8.5). Clipping is
// ignored, so W and W* do nothing.
func (p *page) pathOperator(op string, a arguments) {
	switch op {
	case "m":
		p.move(a.num(0), a.num(1))
	case "l":
		p.line(a.num(0), a.num(1))
	case "c", "v", "y":
		s := p.current()
		s.curved = true
		for i := 0; i+1 < len(a); i += 2 {
			s.add(p.point(a.num(i), a.num(i+1)))
		}
		if n := len(a); n >= 2 {
			p.path.x, p.path.y = a.num(n-2), a.num(n-1)
		}
	case "h":
		if p.path.started {
			p.line(p.path.sx, p.path.sy)
		}
	case "re":
		x, y, w, h := a.num(0), a.num(1), a.num(2), a.num(3)
		p.move(x, y)
		p.line(x+w, y)
		p.line(x+w, y+h)
		p.line(x, y+h)
		p.line(x, y)
		p.move(x, y)
	case "S":
		p.paint(false, true)
	case "s":
		p.pathOperator("h", nil)
		p.paint(false, true)
	case "f", "F", "f*":
		p.paint(true, false)
	case "B", "B*":
		p.paint(true, true)
	case "b", "b*":
		p.pathOperator("h", nil)
		p.paint(true, true)
	case "n":
		p.path = path{}
	}
}

// paint turns the path into ink.
func (p *page) paint(fill, stroke bool) {
	s := &p.state
	fill = fill && !s.fillWhite && !p.hiddenNow()
	stroke = stroke && !s.strokeWhite && !p.hiddenNow()
	half := s.lineWidth * math.Sqrt(math.Abs(s.ctm[0]*s.ctm[3]-s.ctm[1]*s.ctm[2])) / 2
	if !(half >= 0.02 && half < 1000) {
		half = 0.02 // the thinnest line that a device draws (8.4.3.2)
	}
	for _, part := range p.path.parts {
		if part.empty() {
			continue
		}
		if fill {
			b := part.box()
			kind := FillInk
			if (b.W <= thin || b.H <= thin) && !part.curved {
				kind = RuleInk
			}
			p.ink(kind, b)
		}
		if !stroke {
			continue
		}
		if part.curved {
			p.ink(FillInk, part.box())
			continue
		}
		for _, g := range part.segments {
			b := newBounds()
			b.add(g[0], g[1])
			b.add(g[2], g[3])
			kind := FillInk
			if math.Abs(g[0]-g[2]) < thin || math.Abs(g[1]-g[3]) < thin {
				kind = RuleInk
			}
			p.ink(kind, pdffile.Box{X: b.x0 - half, Y: b.y0 - half, W: b.x1 - b.x0 + 2*half, H: b.y1 - b.y0 + 2*half})
		}
	}
	p.path = path{}
}

// ink records a part of the page that is not blank.
func (p *page) ink(kind InkKind, b pdffile.Box) {
	b, ok := within(b, p.out.W, p.out.H)
	if !ok {
		return
	}
	if len(p.out.Ink) >= maxInk {
		p.out.problem(Limit, "ink")
		return
	}
	p.out.Ink = append(p.out.Ink, Ink{kind, b})
}

// object draws a form or image XObject (8.8).
func (p *page) object(res *resources, name string, depth int) {
	o := p.part(res, "XObject")[pdffile.Name(name)]
	v, err := p.r.f.Resolve(o)
	s, ok := v.(*pdffile.Stream)
	if err != nil || !ok || p.hiddenNow() || p.optional(s.Dict["OC"]) {
		p.more = true
		return
	}
	switch p.r.f.Name(s.Dict["Subtype"]) {
	case "Image":
		p.more = p.more || depth > 0 // a form clips what it draws
		ref, _ := o.(pdffile.Ref)
		p.image(Image{Stream: s, Ref: ref})
	case "Form":
		p.form(s, res, depth)
	}
}

// image records a picture where the matrix stands.
func (p *page) image(i Image) {
	i.Matrix, i.White = p.state.ctm, p.state.fillWhite
	if n := len(p.out.Ink); n < maxInk {
		p.out.Images = append(p.out.Images, i)
	}
	p.ink(ImageInk, i.Box())
}

// form runs a form XObject (8.10).
func (p *page) form(s *pdffile.Stream, res *resources, depth int) {
	p.forms++
	if depth >= maxFormDepth || p.forms > maxForms {
		p.out.problem(Limit, "forms")
		return
	}
	operators, ok := p.stream(s)
	if !ok {
		return
	}
	saved, outline := p.state, p.path
	if a := p.r.f.Array(s.Dict["Matrix"]); len(a) >= 6 {
		var m content.Matrix
		for i := range m {
			m[i], _ = p.r.f.Number(a[i])
		}
		if m = m.Times(p.state.ctm); sane(m) {
			p.state.ctm = m
		}
	}
	p.path = path{}
	own := res // a form without resources uses those of its user (7.8.3)
	if d, ok := s.Dict["Resources"]; ok {
		own = p.resources(d)
	}
	p.run(operators, own, depth+1)
	p.state, p.path = saved, outline
}

// inlineKeys are the abbreviations of an inline image's dictionary (8.9.7, table 93).
var inlineKeys = map[string]pdffile.Name{
	"BPC": "BitsPerComponent", "CS": "ColorSpace", "D": "Decode", "DP": "DecodeParms", "F": "Filter",
	"H": "Height", "IM": "ImageMask", "I": "Interpolate", "W": "Width",
}

// inlineImage records an inline image (8.9.7) and skips its data.
func (p *page) inlineImage(l *content.Lexer, res *resources) {
	d := pdffile.Dict{}
	for key := ""; ; {
		o, ok := l.Next()
		if !ok {
			break
		}
		if o.Is("ID") {
			break
		}
		if key == "" {
			key = string(o.Text)
			continue
		}
		long, short := inlineKeys[key]
		if !short {
			long = pdffile.Name(key)
		}
		d[long], key = object(o), ""
	}
	if name, ok := d["ColorSpace"].(pdffile.Name); ok {
		if named := p.part(res, "ColorSpace")[name]; named != nil {
			d["ColorSpace"] = named
		}
	}
	if !p.hiddenNow() {
		p.image(Image{Stream: &pdffile.Stream{Dict: d}, Inline: true})
	}
	l.SkipInline()
}

// object is an operand as an object. Numbers, names, booleans and arrays of
// them are what an inline image's dictionary has.
func object(o content.Operand) pdffile.Object {
	switch o.Kind {
	case content.Number:
		return o.Num
	case content.Name:
		return pdffile.Name(o.Text)
	case content.String:
		return pdffile.String(slices.Clone(o.Text))
	case content.Array:
		var a pdffile.Array
		for _, e := range o.List {
			a = append(a, object(e))
		}
		return a
	case content.Keyword:
		return string(o.Text) == "true"
	}
	return nil
}

// annotations record what annotations cover (12.5): signatures that are there
// already, stamps, filled fields. Empty fields are free places.
func (p *page) annotations(pg pdffile.Page) {
	f := p.r.f
	for i, o := range f.Array(pg.Dict["Annots"]) {
		if i > maxInk {
			break
		}
		d := f.Dict(o)
		flags, _ := f.Int(d["F"])
		if flags&(1<<1|1<<5) != 0 || d["AP"] == nil || f.Name(d["Subtype"]) == "Popup" || f.Name(d["Subtype"]) == "Link" {
			continue // hidden, or not drawn
		}
		if f.Name(d["Subtype"]) == "Widget" {
			v := d["V"]
			if parent := f.Dict(d["Parent"]); v == nil && parent != nil {
				v = parent["V"]
			}
			if v, _ := f.Resolve(v); v == nil || isEmptyText(f, v) {
				continue
			}
		}
		a := f.Array(d["Rect"])
		if len(a) < 4 {
			continue
		}
		b := newBounds()
		for i := 0; i < 4; i += 2 {
			x, _ := f.Number(a[i])
			y, _ := f.Number(a[i+1])
			b.add(x, y)
		}
		if box := pg.Box(pdffile.Rect{X0: b.x0, Y0: b.y0, X1: b.x1, Y1: b.y1}); box.W > 0.2 && box.H > 0.2 {
			p.ink(NoteInk, box)
		}
	}
}

func isEmptyText(f *pdffile.File, v pdffile.Object) bool {
	s, ok := v.(pdffile.String)
	return ok && f.Text(s) == ""
}
