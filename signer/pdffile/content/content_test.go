package content_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"antin/signer/pdffile"
	"antin/signer/pdffile/content"
)

// told is a token in words.
func told(o content.Operand) string {
	switch o.Kind {
	case content.Number:
		return fmt.Sprint(o.Num)
	case content.Name:
		return "/" + string(o.Text)
	case content.String:
		return fmt.Sprintf("%q", o.Text)
	case content.Array:
		var parts []string
		for _, e := range o.List {
			parts = append(parts, told(e))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case content.Dict:
		return fmt.Sprintf("<<%d>>", len(o.Keys))
	case content.None:
		return "stray"
	}
	return string(o.Text)
}

func TestLexer(t *testing.T) {
	for in, want := range map[string]string{
		"q 1 0 0 -1.5 +2 .25 cm % turned\n/Im#20 Do Q": "q 1 0 0 -1.5 2 0.25 cm /Im  Do Q",
		"[(a\\)b) -120 <4142 4>]TJ":                    `["a)b" -120 "AB@"] TJ`,
		"/Span<</ActualText(x)/N 1>>BDC":               "/Span <<2>> BDC",
		"--5 5-3 1e2 1.2.3 -":                          "-5 5 100 1.2.3 -", // as viewers take them
		"] > q } ) Q":                                  "stray stray q Q",
		"(open":                                        `"open"`,
		"<41":                                          `"A"`,
		"[1 [2 [3":                                     "[1 [2 [3]]]",
		"<</A":                                         "<<0>>",
		"/ /A":                                         "/ /A",
	} {
		l := content.NewLexer([]byte(in))
		var got []string
		for o, ok := l.Next(); ok; o, ok = l.Next() {
			got = append(got, told(o))
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: %s, want %s", in, s, want)
		}
	}
}

func TestNestingIsBounded(t *testing.T) {
	l := content.NewLexer([]byte(strings.Repeat("[<</K", 100_000)))
	n := 0
	for _, ok := l.Next(); ok; _, ok = l.Next() {
		n++
	}
	if n == 0 {
		t.Error("nothing was read")
	}
}

func TestSkipInline(t *testing.T) {
	for in, want := range map[string]string{
		"/W 1 ID \x00\xff EI Q":     "Q",
		"ID EIEI xEI EI \x80\nEI f": "f", // EI inside a word, EI with bytes that are no text behind it
		"ID without an end":         "",
	} {
		l := content.NewLexer([]byte(in))
		l.SkipInline()
		got := ""
		if o, ok := l.Next(); ok {
			got = told(o)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestMatrix(t *testing.T) {
	scale, shift := content.Matrix{2, 0, 0, 3, 0, 0}, content.Matrix{1, 0, 0, 1, 10, 20}
	if x, y := scale.Times(shift).Apply(1, 1); x != 12 || y != 23 {
		t.Errorf("scaled, then shifted: %g, %g", x, y)
	}
	if x, y := shift.Times(scale).Apply(1, 1); x != 22 || y != 63 {
		t.Errorf("shifted, then scaled: %g, %g", x, y)
	}
	turned := content.Matrix{0, 1, -1, 0, 0, 0}
	if r := turned.Rect(pdffile.Rect{X1: 4, Y1: 1}); r != (pdffile.Rect{X0: -1, Y0: 0, X1: 0, Y1: 4}) {
		t.Errorf("turned: %v", r)
	}
	if !scale.Within(3) || scale.Within(2.9) || (content.Matrix{math.NaN()}).Within(1) || (content.Matrix{math.Inf(1)}).Within(1e300) {
		t.Error("the size of coefficients is told wrongly")
	}
}

func TestFit(t *testing.T) {
	// A look of 4 × 1, turned by its matrix, in a rectangle of 10 × 40 whose
	// corners are given in the other order.
	a, ok := content.Fit(pdffile.Rect{X1: 4, Y1: 1}, content.Matrix{0, 1, -1, 0, 0, 0}, pdffile.Rect{X0: 110, Y0: 240, X1: 100, Y1: 200})
	if want := (content.Matrix{10, 0, 0, 10, 110, 200}); !ok || a != want {
		t.Errorf("%v, %v; want %v", a, ok, want)
	}
	for _, r := range []pdffile.Rect{{}, {X1: 10}, {Y1: 10}} {
		if _, ok := content.Fit(r, content.Identity, pdffile.Rect{X1: 1, Y1: 1}); ok {
			t.Errorf("a look of %v fits", r)
		}
		if _, ok := content.Fit(pdffile.Rect{X1: 1, Y1: 1}, content.Identity, r); ok {
			t.Errorf("a look fits in %v", r)
		}
	}
}

// Any content stream comes to an end, one token after the other.
func FuzzLexer(f *testing.F) {
	for _, s := range []string{"q 1 0 0 1 0 0 cm /Im0 Do Q", "(a(b\\)c) Tj", "<41> Tj <</A/B>> BDC", "BI /W 1 ID \x00 EI Q", "% c\n/A#20B", "((((", "<", "/", "\\"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		l := content.NewLexer(b)
		for n := 0; ; n++ {
			o, ok := l.Next()
			if !ok {
				break
			}
			if o.Is("BI") {
				l.SkipInline()
			}
			if n > len(b) {
				t.Fatalf("%d tokens in %d bytes", n, len(b))
			}
		}
	})
}
