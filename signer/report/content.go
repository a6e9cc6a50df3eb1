package report

import (
	"bytes"
	"math"
	"strconv"

	"antin/signer/pdffile"
)

// matrix maps x, y to a·x + c·y + e, b·x + d·y + f (ISO 32000-1, 8.3.3).
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// times is m followed by n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

func (m matrix) at(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// rect is the rectangle around the image of r.
func (m matrix) rect(r pdffile.Rect) pdffile.Rect {
	out := pdffile.Rect{X0: math.Inf(1), Y0: math.Inf(1), X1: math.Inf(-1), Y1: math.Inf(-1)}
	for _, p := range [][2]float64{{r.X0, r.Y0}, {r.X1, r.Y0}, {r.X0, r.Y1}, {r.X1, r.Y1}} {
		x, y := m.at(p[0], p[1])
		out.X0, out.Y0 = math.Min(out.X0, x), math.Min(out.Y0, y)
		out.X1, out.Y1 = math.Max(out.X1, x), math.Max(out.Y1, y)
	}
	return out
}

func (m matrix) finite() bool {
	for _, v := range m {
		if math.IsNaN(v) || math.Abs(v) > 1e7 {
			return false
		}
	}
	return true
}

// paint is the state of a content stream that matters for images.
type paint struct {
	ctm  matrix
	fill [3]float64 // RGB for stencil masks, 0–1
}

// walker runs through content streams and finds the images they draw. It knows
// just enough of them: nesting, the matrix, the fill colour, XObjects.
type walker struct {
	file  *pdffile.File
	ops   int // left
	bytes int // of content left
	image func(s *pdffile.Stream, num int, p paint)
	full  bool // a bound was reached
}

const (
	maxOperators = 2_000_000
	maxContent   = 64 << 20 // bytes of content streams in one document
	maxForms     = 6        // forms within forms
	maxStates    = 256      // q within q
)

// page walks through the content of a page (7.8.2: the parts of an array are one stream).
func (w *walker) page(p pdffile.Page) {
	o, _ := w.file.Resolve(p.Dict["Contents"])
	parts, ok := o.(pdffile.Array)
	if !ok {
		parts = pdffile.Array{o}
	}
	var all []byte
	for _, part := range parts {
		all = append(append(all, w.decode(part)...), '\n')
	}
	w.run(all, w.file.Dict(p.Resources), paint{ctm: identity}, 0)
}

func (w *walker) decode(o pdffile.Object) []byte {
	o, _ = w.file.Resolve(o)
	s, ok := o.(*pdffile.Stream)
	if !ok || w.bytes <= 0 {
		w.full = w.full || ok
		return nil
	}
	data, err := w.file.Decode(s)
	if w.bytes -= len(data); err != nil || w.bytes < 0 {
		w.full = true
		return nil
	}
	return data
}

// form draws a form XObject (8.10.1).
func (w *walker) form(s *pdffile.Stream, resources pdffile.Dict, p paint, depth int) {
	if depth > maxForms {
		w.full = true
		return
	}
	if m, ok := w.numbers(s.Dict["Matrix"], 6); ok {
		p.ctm = matrix(m).times(p.ctm)
	}
	if own := w.file.Dict(s.Dict["Resources"]); own != nil {
		resources = own
	}
	w.run(w.decode(s), resources, p, depth)
}

func (w *walker) numbers(o pdffile.Object, n int) ([]float64, bool) {
	a := w.file.Array(o)
	if len(a) != n {
		return nil, false
	}
	out := make([]float64, n)
	for i, v := range a {
		var ok bool
		if out[i], ok = w.file.Number(v); !ok {
			return nil, false
		}
	}
	return out, true
}

func (w *walker) run(content []byte, resources pdffile.Dict, p paint, depth int) {
	t := tokens{b: content}
	var stack []paint
	var operands []float64
	var name string
	for {
		kind, word := t.next()
		if kind == tokenEnd {
			return
		}
		switch kind {
		case tokenNumber:
			v, _ := strconv.ParseFloat(string(word), 64)
			if operands = append(operands, v); len(operands) > 32 {
				operands = operands[1:]
			}
			continue
		case tokenName:
			name = string(word)
			continue
		case tokenOther:
			continue
		}
		if w.ops--; w.ops < 0 {
			w.full = true
			return
		}
		n := len(operands)
		switch string(word) {
		case "q":
			if len(stack) < maxStates {
				stack = append(stack, p)
			}
		case "Q":
			if len(stack) > 0 {
				p, stack = stack[len(stack)-1], stack[:len(stack)-1]
			}
		case "cm":
			if n >= 6 {
				p.ctm = matrix(operands[n-6:]).times(p.ctm)
			}
		case "g", "rg", "k", "sc", "scn":
			if c, ok := rgb(operands); ok {
				p.fill = c
			}
		case "BI":
			t.skipInline()
		case "Do":
			w.draw(resources, name, p, depth)
		}
		operands, name = operands[:0], ""
	}
}

func (w *walker) draw(resources pdffile.Dict, name string, p paint, depth int) {
	o := w.file.Dict(resources["XObject"])[pdffile.Name(name)]
	ref, _ := o.(pdffile.Ref)
	v, _ := w.file.Resolve(o)
	s, ok := v.(*pdffile.Stream)
	if !ok || !p.ctm.finite() {
		return
	}
	switch w.file.Name(s.Dict["Subtype"]) {
	case "Form":
		w.form(s, resources, p, depth+1)
	case "Image":
		w.image(s, ref.Num, p)
	}
}

// rgb reads the operands of a colour operator as gray, RGB or CMYK.
func rgb(v []float64) (c [3]float64, ok bool) {
	switch len(v) {
	case 1:
		return [3]float64{v[0], v[0], v[0]}, true
	case 3:
		return [3]float64(v), true
	case 4:
		return [3]float64{(1 - v[0]) * (1 - v[3]), (1 - v[1]) * (1 - v[3]), (1 - v[2]) * (1 - v[3])}, true
	}
	return c, false
}

// tokens splits a content stream (7.2, 7.8.2).
type tokens struct {
	b []byte
	i int
}

type tokenKind int

const (
	tokenEnd tokenKind = iota
	tokenNumber
	tokenName
	tokenOperator
	tokenOther // strings, brackets
)

func isSpace(c byte) bool { return c <= ' ' && bytes.IndexByte([]byte("\x00\t\n\f\r "), c) >= 0 }

func isDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

func (t *tokens) next() (tokenKind, []byte) {
	for t.i < len(t.b) {
		c := t.b[t.i]
		switch {
		case isSpace(c):
			t.i++
		case c == '%':
			for t.i < len(t.b) && t.b[t.i] != '\n' && t.b[t.i] != '\r' {
				t.i++
			}
		case c == '(':
			t.skipString()
			return tokenOther, nil
		case c == '<' && t.i+1 < len(t.b) && t.b[t.i+1] != '<':
			if j := bytes.IndexByte(t.b[t.i:], '>'); j >= 0 {
				t.i += j + 1
			} else {
				t.i = len(t.b)
			}
			return tokenOther, nil
		case c == '/':
			t.i++
			return tokenName, unescaped(t.word())
		case isDelimiter(c):
			t.i++
			return tokenOther, nil
		default:
			word := t.word()
			if c := word[0]; c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' {
				return tokenNumber, word
			}
			return tokenOperator, word
		}
	}
	return tokenEnd, nil
}

func (t *tokens) word() []byte {
	start := t.i
	for t.i < len(t.b) && !isSpace(t.b[t.i]) && !isDelimiter(t.b[t.i]) {
		t.i++
	}
	return t.b[start:t.i]
}

func (t *tokens) skipString() {
	for depth := 0; t.i < len(t.b); t.i++ {
		switch t.b[t.i] {
		case '\\':
			t.i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				t.i++
				return
			}
		}
	}
}

// skipInline passes over an inline image up to its EI (8.9.7). Inline images are
// small and are not looked at.
func (t *tokens) skipInline() {
	for {
		j := bytes.Index(t.b[t.i:], []byte("EI"))
		if j < 0 {
			t.i = len(t.b)
			return
		}
		at := t.i + j
		t.i = at + 2
		if at > 0 && isSpace(t.b[at-1]) && (t.i == len(t.b) || isSpace(t.b[t.i])) {
			return
		}
	}
}

func unescaped(name []byte) []byte {
	if bytes.IndexByte(name, '#') < 0 {
		return name
	}
	var out []byte
	for i := 0; i < len(name); i++ {
		if name[i] == '#' && i+2 < len(name) {
			if v, err := strconv.ParseUint(string(name[i+1:i+3]), 16, 8); err == nil {
				out = append(out, byte(v))
				i += 2
				continue
			}
		}
		out = append(out, name[i])
	}
	return out
}
