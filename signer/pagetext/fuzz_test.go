package pagetext_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"testing"
	"time"
	"unicode/utf8"

	"antin/signer/pagetext"
	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
)

// FuzzContent: whatever a content stream, a CMap or a font program holds, reading
// ends soon, does not panic, and every line is where the page is.
func FuzzContent(f *testing.F) {
	seeds := []string{
		"BT /F1 12 Tf 72 700 Td (Hello) Tj ET",
		"q 1 0 0 1 10 10 cm BT /F2 12 Tf 1 0 .3 1 72 700 Tm <00410042> Tj [(a) -250 <0043>] TJ T* (x) ' 1 2 (y) \" ET Q",
		"0 0 m 10 10 l 5 5 5 5 5 5 c h B* 1 1 1 rg 0 0 9 9 re f* /Fm Do /Im Do",
		"/Span <</ActualText <FEFF1EC7>>> BDC BT /F1 9 Tf 3 Tr (e) Tj ET EMC /OC /X BDC EMC /GS gs",
		"BI /W 1 /H 1 ID x EI 0 Tc 3 Tw 50 Tz 12 TL 2 Tr 4 Ts BT 0 -1 1 0 5 5 Tm /F3 -12 Tf (abc) Tj ET",
		"[[[[<</A<</B[1 2]>>>>]]]] ( \\( \\101 \\\n) ] >> } { ) % comment\nTj",
		"BT /F1 1e9 Tf 1e30 0 0 1e-30 1e308 -1e308 Tm (x) Tj ET 1e99 0 0 1 0 0 cm 0 0 1e99 1e99 re S",
	}
	cmap := "begincodespacerange <00> <80> <8140> <9ffc> endcodespacerange beginbfchar <41> <1EC7> endbfchar beginbfrange <0000> <ffff> <0020> <41> <42> [<0041> <00420043>] endbfrange begincidrange <0000> <ffff> 0 endcidrange"
	for _, s := range seeds {
		f.Add([]byte(s), []byte(cmap), []byte("\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00cmap"))
	}
	f.Fuzz(func(t *testing.T, content, cmap, program []byte) {
		if len(content)+len(cmap)+len(program) > 1<<16 {
			return
		}
		pdf := sheet("/Rotate 90/CropBox[10 10 500 800]", string(content), func(b *shapes.Builder) string {
			u, p := b.AddStream(cmap, ""), b.AddStream(program, "")
			form := b.Reserve()
			b.SetStream(form, content, "/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Matrix[.5 0 0 .5 0 0]")
			im := b.AddStream([]byte{0}, "/Type/XObject/Subtype/Image/Width 1/Height 1")
			return fmt.Sprintf("/Font<</F1<</Subtype/TrueType/BaseFont/VNI-Times/ToUnicode %[1]v/FontDescriptor<</Flags 4/FontFile2 %[2]v>>>>"+
				"/F2<</Subtype/Type0/Encoding %[1]v/DescendantFonts[<</W[1[2 3]4 5 6]/FontDescriptor<</FontFile2 %[2]v>>>>]>>"+
				"/F3<</Subtype/Type3/FontMatrix[.01 0 0 -.01 0 0]/Widths[1 2 3]/Encoding<</Differences[97/a/ohornhookabove/uni1EC7 255/x/y]>>>>>>"+
				"/XObject<</Fm %[3]v/Im %[4]v>>/Properties<</X<</OCGs[1 0 R]>>>>/ExtGState<</GS<</LW 2/Font[1 0 R 12]>>>>", u, p, form, im)
		})
		file, err := pdffile.Read(bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{})
		if err != nil {
			return
		}
		start := time.Now()
		text, err := pagetext.Page(context.Background(), file, 1)
		if took := time.Since(start); took > 5*time.Second {
			t.Fatalf("it took %v", took)
		}
		if err != nil {
			t.Fatal(err) // also what a panic became
		}
		for _, l := range text.Lines {
			if !utf8.ValidString(l.Text) || utf8.RuneCountInString(l.Text) != len(l.Chars) {
				t.Fatalf("%d characters for %q", len(l.Chars), l.Text)
			}
			if l.Angle < 0 || l.Angle > 359 || !(l.Size > 0) || math.IsNaN(l.Baseline+l.Box.X+l.Box.Y+l.Box.W+l.Box.H) {
				t.Fatalf("%v", l)
			}
		}
		for _, k := range text.Ink {
			if !(k.X >= -0.001 && k.Y >= -0.001 && k.X+k.W <= text.W+0.001 && k.Y+k.H <= text.H+0.001 && k.W >= 0 && k.H >= 0) {
				t.Fatalf("ink %+v on a page of %.1f × %.1f mm", k, text.W, text.H)
			}
		}
	})
}
