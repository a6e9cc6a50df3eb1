package pagetext_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"antin/signer/pagetext"
	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
)

// Pages made to cost much end soon and say that they were cut short.
func TestLimits(t *testing.T) {
	form := func(b *shapes.Builder) string {
		self := b.Reserve()
		b.SetStream(self, []byte("/Me Do /Me Do"), "/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</Me %v>>>>", self)
		return "/XObject<</Me " + self.String() + ">>"
	}
	bomb := func(b *shapes.Builder) string {
		deepest := b.AddFlate(bytes.Repeat([]byte("0 0 m 1 1 l S "), 1<<16), "/Type/XObject/Subtype/Form/BBox[0 0 1 1]")
		for range 6 {
			deepest = b.AddStream([]byte(strings.Repeat("/Me Do ", 10)), "/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</Me %v>>>>", deepest)
		}
		return "/XObject<</Me " + deepest.String() + ">>"
	}
	for name, pdf := range map[string][]byte{
		"a form that draws itself":   sheet("", "/Me Do", form),
		"forms by the million":       sheet("", "/Me Do", bomb),
		"states without end":         sheet("", strings.Repeat("q ", 2_000_000), nil),
		"marks without end":          sheet("", strings.Repeat("/A BMC ", 100_000), nil),
		"text without end":           sheet("", "BT /F1 1 Tf 1 0 0 1 9 9 Tm "+strings.Repeat("("+strings.Repeat("i", 5000)+") Tj 1 0 0 1 9 9 Tm ", 100)+"ET", nil),
		"arrays in arrays":           sheet("", strings.Repeat("[", 1_000_000), nil),
		"dictionaries in each other": sheet("", strings.Repeat("<</A", 500_000), nil),
		"an open string":             sheet("", "("+strings.Repeat("(", 1_000_000), nil),
		"an inline image":            sheet("", "BI ID "+strings.Repeat("EI", 1_000_000), nil),
	} {
		t.Run(name, func(t *testing.T) {
			f, err := pdffile.Read(bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{})
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			text, err := pagetext.Page(context.Background(), f, 1)
			if err != nil {
				t.Fatal(err)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
			limited := slices.ContainsFunc(text.Problems, func(p pagetext.Problem) bool { return p.Kind == pagetext.Limit })
			if strings.Contains(name, "form") != limited && !strings.Contains(name, "end") {
				t.Errorf("limit told: %v", limited)
			}
		})
	}
}

// A font in a direct dictionary is read once for the page, not for each Tf.
func TestDirectFontIsReadOnce(t *testing.T) {
	cmap := "beginbfrange " + strings.Repeat("<0000> <ffff> <0041> ", 20_000) + "endbfrange"
	pdf := sheet("", strings.Repeat("/F1 12 Tf ", 10_000), func(b *shapes.Builder) string {
		u := b.AddFlate([]byte(cmap), "")
		return fmt.Sprintf("/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/ToUnicode %v>>>>", u)
	})
	start := time.Now()
	read(t, pdf)
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
}
