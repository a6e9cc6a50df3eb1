package report

import (
	"antin/signer/pdffile"
	"antin/signer/pdffile/content"
)

// paint is the state of a content stream that matters for images.
type paint struct {
	ctm  content.Matrix
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
	w.run(all, w.file.Dict(p.Resources), paint{ctm: content.Identity}, 0)
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
		p.ctm = content.Matrix(m).Times(p.ctm)
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

func (w *walker) run(operators []byte, resources pdffile.Dict, p paint, depth int) {
	l := content.NewLexer(operators)
	var stack []paint
	var operands []float64
	var name string
	for {
		o, ok := l.Next()
		if !ok {
			return
		}
		switch o.Kind {
		case content.Number:
			if operands = append(operands, o.Num); len(operands) > 32 {
				operands = operands[1:]
			}
			continue
		case content.Name:
			name = string(o.Text)
			continue
		case content.Keyword:
		default:
			continue
		}
		if w.ops--; w.ops < 0 {
			w.full = true
			return
		}
		n := len(operands)
		switch string(o.Text) {
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
				p.ctm = content.Matrix(operands[n-6:]).Times(p.ctm)
			}
		case "g", "rg", "k", "sc", "scn":
			if c, ok := rgb(operands); ok {
				p.fill = c
			}
		case "BI": // inline images are small and are not looked at
			l.SkipInline()
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
	if !ok || !p.ctm.Within(1e7) {
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
