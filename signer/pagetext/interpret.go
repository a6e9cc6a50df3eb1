package pagetext

import (
	"antin/signer/pdffile"
	"antin/signer/pdffile/content"
)

// state is the part of the graphics state (8.4.1) that places text and ink.
type state struct {
	ctm                    content.Matrix // to mm on the page as seen
	fillWhite, strokeWhite bool
	lineWidth              float64

	font       *font
	size       float64 // Tfs
	charSpace  float64 // Tc
	wordSpace  float64 // Tw
	scale      float64 // Th
	leading    float64 // TL
	rise       float64 // Ts
	mode       int     // Tr
	textMatrix content.Matrix
	lineMatrix content.Matrix
}

func newState(m content.Matrix) state {
	return state{ctm: m, scale: 1, lineWidth: 1, textMatrix: content.Identity, lineMatrix: content.Identity}
}

// run interprets a content stream.
func (p *page) run(stream []byte, res *resources, depth int) {
	l := content.NewLexer(stream)
	operands := make([]content.Operand, 0, 16)
	base, marks := len(p.stack), len(p.marked)
	for p.stop == nil && !p.cut {
		o, ok := l.Next()
		if !ok {
			break
		}
		if o.Kind != content.Keyword {
			if o.Kind != content.None && len(operands) < maxOperands {
				operands = append(operands, o)
			}
			continue
		}
		switch string(o.Text) {
		case "true", "false", "null":
			operands = append(operands, content.Operand{})
			continue
		}
		if p.operators++; p.operators > maxOperators {
			p.cut = true
			break
		}
		if p.operators%1024 == 0 {
			p.stop = p.ctx.Err()
		}
		if string(o.Text) == "BI" {
			p.more = true
			p.inlineImage(l, res)
		} else {
			p.operator(string(o.Text), arguments(operands), res, depth, base)
		}
		operands = operands[:0]
	}
	// A stream that leaves states behind does not change what its user sees.
	if len(p.stack) > base {
		p.state = p.stack[base]
		p.stack = p.stack[:base]
	}
	p.marked = p.marked[:min(marks, len(p.marked))]
}

// arguments are the operands of an operator. Missing ones are zero.
type arguments []content.Operand

func (a arguments) num(i int) float64 {
	if i < len(a) && a[i].Kind == content.Number && a[i].Num < 1e12 && a[i].Num > -1e12 {
		return a[i].Num
	}
	return 0
}

func (a arguments) text(i int) []byte {
	if i < len(a) && (a[i].Kind == content.String || a[i].Kind == content.Name) {
		return a[i].Text
	}
	return nil
}

func (a arguments) matrix() content.Matrix {
	return content.Matrix{a.num(0), a.num(1), a.num(2), a.num(3), a.num(4), a.num(5)}
}

// operator executes one operator (annex A).
func (p *page) operator(op string, a arguments, res *resources, depth, base int) {
	s := &p.state
	switch op {
	case "q":
		if len(p.stack) < maxStates {
			p.stack = append(p.stack, *s)
		} else {
			p.more = true
		}
	case "Q":
		if len(p.stack) > base {
			*s = p.stack[len(p.stack)-1]
			p.stack = p.stack[:len(p.stack)-1]
		}
	case "cm":
		m := a.matrix().Times(s.ctm)
		if sane(m) {
			s.ctm = m
		}
		p.more = p.more || len(a) != 6 || !sane(m)
	case "w":
		s.lineWidth = a.num(0)
	case "gs":
		p.more = true
		p.graphicsState(res, string(a.text(0)))
	case "Do":
		p.object(res, string(a.text(0)), depth)
	case "BMC", "BDC":
		p.beginMarked(res, a)
	case "EMC":
		if len(p.marked) > 0 {
			p.marked = p.marked[:len(p.marked)-1]
		}
	case "g", "rg", "k", "sc", "scn", "cs":
		s.fillWhite = white(op, a)
	case "G", "RG", "K", "SC", "SCN", "CS":
		s.strokeWhite = white(op, a)
	default:
		if !p.textOperator(op, a, res) {
			p.more = true
			p.pathOperator(op, a)
		}
	}
}

// white tells whether a colour operator sets the colour of paper. Without
// looking at colour spaces: one or three ones, or four zeros.
func white(op string, a arguments) bool {
	want, n := 1.0, len(a)
	switch op {
	case "cs", "CS":
		return false
	case "k", "K":
		want = 0
	case "sc", "scn", "SC", "SCN":
		if n == 4 {
			want = 0
		}
	}
	if n != 1 && n != 3 && n != 4 {
		return false
	}
	for i := range a {
		if a[i].Kind != content.Number || a[i].Num < want-0.004 || a[i].Num > want+0.004 {
			return false
		}
	}
	return true
}

// graphicsState reads what matters of a graphics state dictionary (8.4.5).
func (p *page) graphicsState(res *resources, name string) {
	d := p.r.f.Dict(p.part(res, "ExtGState")[pdffile.Name(name)])
	if w, ok := p.r.f.Number(d["LW"]); ok {
		p.state.lineWidth = w
	}
	if a := p.r.f.Array(d["Font"]); len(a) == 2 {
		p.state.font = p.fontObject(a[0])
		p.state.size, _ = p.r.f.Number(a[1])
	}
}

// marked is a marked-content sequence (14.6).
type marked struct {
	hidden bool   // optional content that is off, inherited by what lies inside
	actual string // replacement text (14.9.4)
	first  int    // index of the glyph that carries it, -1 before there is one
}

// longestActual bounds replacement texts that are obeyed, in runes: ligatures
// and composed letters. Longer ones would lose the places of their letters.
const longestActual = 8

func (p *page) beginMarked(res *resources, a arguments) {
	m := marked{first: -1, hidden: p.hiddenNow()}
	if len(p.marked) >= maxStates {
		p.cut = true
		return
	}
	p.more = p.more || string(a.text(0)) == "OC"
	if len(a) >= 2 {
		switch {
		case a[1].Kind == content.Dict:
			if t := a[1].Keys["ActualText"]; t.Kind == content.String {
				m.actual = pdffile.String(t.Text).Text()
			}
		case a[1].Kind == content.Name:
			o := p.part(res, "Properties")[pdffile.Name(a[1].Text)]
			if string(a[0].Text) == "OC" {
				m.hidden = m.hidden || p.optional(o)
			} else if t := p.r.f.Text(p.r.f.Dict(o)["ActualText"]); t != "" {
				m.actual = t
			}
		}
	}
	if len([]rune(m.actual)) > longestActual || !known(m.actual) {
		m.actual = ""
	}
	p.marked = append(p.marked, m)
}

func (p *page) hiddenNow() bool {
	return len(p.marked) > 0 && p.marked[len(p.marked)-1].hidden
}

// optional tells whether an optional content group, or all groups of a
// membership dictionary, are off (8.11.2).
func (p *page) optional(o pdffile.Object) bool {
	if ref, ok := o.(pdffile.Ref); ok && p.r.hidden[ref] {
		return true
	}
	groups := p.r.f.Dict(o)["OCGs"]
	if ref, ok := groups.(pdffile.Ref); ok && p.r.hidden[ref] {
		return true
	}
	list := p.r.f.Array(groups)
	for _, g := range list {
		if ref, ok := g.(pdffile.Ref); !ok || !p.r.hidden[ref] {
			return false
		}
	}
	return len(list) > 0
}
