package pagetext_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"antin/signer/pagetext"
	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
)

// sheet makes a file of one page: keys of the page dictionary, objects that
// build adds, and the content.
func sheet(keys, content string, build func(b *shapes.Builder) (resources string)) []byte {
	b := shapes.NewBuilder("1.7")
	tree := b.Reserve()
	resources := "/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding/WinAnsiEncoding>>>>"
	if build != nil {
		resources = build(b)
	}
	c := b.AddStream([]byte(content), "")
	page := b.Add("<</Type/Page/Parent %v/MediaBox[0 0 595 842]%s/Resources<<%s>>/Contents %v>>", tree, keys, resources, c)
	b.Set(tree, "<</Type/Pages/Kids[%v]/Count 1>>", page)
	b.Root = b.Add("<</Type/Catalog/Pages %v>>", tree)
	return b.Table()
}

func read(t testing.TB, pdf []byte) *pagetext.Text {
	t.Helper()
	f, err := pdffile.Read(bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := pagetext.Page(context.Background(), f, 1)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func lines(text *pagetext.Text) string {
	var out []string
	for _, l := range text.Lines {
		out = append(out, l.Text)
	}
	return strings.Join(out, "|")
}

func near(a, b float64) bool { return math.Abs(a-b) < 0.01 }

const mm = 25.4 / 72 // of a point

// Operators of text by what they show (ISO 32000-1, 9.3 and 9.4).
func TestText(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"Tj":                         {"BT /F1 12 Tf 72 700 Td (Hello) Tj ET", "Hello"},
		"two lines":                  {"BT /F1 12 Tf 14 TL 72 700 Td (one) Tj T* (two) Tj (three) ' ET", "one|two|three"},
		"quote with spacing":         {"BT /F1 12 Tf 14 TL 72 700 Td 0 0 (a b) \" ET", "a b"},
		"TD sets the leading":        {"BT /F1 12 Tf 72 700 Td 0 -20 TD (x) Tj T* (y) Tj ET", "x|y"},
		"kerning is no space":        {"BT /F1 12 Tf 72 700 Td [(A) 120 (V) -60 (e)] TJ ET", "AVe"},
		"a gap is a space":           {"BT /F1 12 Tf 72 700 Td [(one) -250 (two)] TJ ET", "one two"},
		"a space glyph is one space": {"BT /F1 12 Tf 72 700 Td [(one ) -100 ( two)] TJ ET", "one two"},
		"columns":                    {"BT /F1 12 Tf 72 700 Td (left) Tj 200 0 Td (right) Tj ET", "left|right"},
		"a rule parts columns":       {"98 600 m 98 800 l S BT /F1 12 Tf 72 700 Td (left) Tj 29 0 Td (right) Tj ET", "left|right"},
		"the same without a rule":    {"BT /F1 12 Tf 72 700 Td (left) Tj 22 0 Td (right) Tj ET", "left right"},
		"character spacing":          {"BT /F1 12 Tf 3 Tc 72 700 Td (spread) Tj ET", "spread"},
		"spaces between spread":      {"BT /F1 12 Tf 3 Tc 72 700 Td (so far) Tj ET", "so far"},
		"order of painting":          {"BT /F1 12 Tf 100 700 Td (World) Tj -30 0 Td (Hello) Tj ET", "Hello World"},
		"drawn twice to be bold":     {"BT /F1 12 Tf 72 700 Td (bold) Tj 0.3 0 Td (bold) Tj ET", "bold"},
		"WinAnsi":                    {"BT /F1 12 Tf 72 700 Td (caf\\351 \\226 \\223x\\224) Tj ET", "café – “x”"},
		"states are restored":        {"q BT /F1 12 Tf ET q q Q Q Q BT 72 700 Td (no font) Tj ET", ""},
		"actual text":                {"BT /F1 12 Tf 72 700 Td /Span <</ActualText <FEFF1EC7>>> BDC (e) Tj EMC (n) Tj ET", "ện"},
		"long actual text is not":    {"BT /F1 12 Tf 72 700 Td /Span <</ActualText (a whole sentence)>> BDC (short) Tj EMC ET", "short"},
		"damaged numbers":            {"BT /F1 12 Tf 1 0 0 1 72 7--00 Tm (x) Tj ET ] >> ) ET BT /F1 12 Tf 72 600 Td (y) Tj", "y|x"},
		"inline image":               {"BI /W 4 /H 1 /BPC 8 /CS /G ID \x01EI\x02 EI BT /F1 12 Tf 72 700 Td (after) Tj ET", "after"},
		"no operators":               {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := lines(read(t, sheet("", c.content, nil))); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	text := read(t, sheet("", "BT /F1 10 Tf 2 0 0 2 72 700 Tm (Hi) Tj ET", nil))
	if len(text.Lines) != 1 {
		t.Fatalf("%d lines", len(text.Lines))
	}
	l := text.Lines[0]
	width := (722 + 278) * 0.02 * mm // H and i of Times at 20 pt
	if !near(l.Box.X, 72*mm) || !near(l.Baseline, (842-700)*mm) || !near(l.Size, 20) || !near(l.Box.W, width) || l.Angle != 0 {
		t.Errorf("%v, want x %.2f, baseline %.2f, width %.2f", l, 72*mm, (842-700)*mm, width)
	}
	if !near(l.Chars[1].X0, 72*mm+722*0.02*mm) || l.Chars[1].Rune != 'i' {
		t.Errorf("second character %+v", l.Chars[1])
	}
	if l.Bold || l.Italic || l.Invisible {
		t.Errorf("style of %v", l)
	}
}

// The same words turned, cropped or scaled stand where a person sees them.
func TestGeometryOfPages(t *testing.T) {
	for name, c := range map[string]struct {
		keys, content string
		x, baseline   float64 // pt from the top left of the page as seen
		angle         int
		size          float64
	}{
		"rotate 90":       {"/Rotate 90", "BT /F1 12 Tf 0 1 -1 0 500 100 Tm (Hi) Tj ET", 100, 500, 0, 12},
		"rotate 180":      {"/Rotate 180", "BT /F1 12 Tf -1 0 0 -1 500 100 Tm (Hi) Tj ET", 95, 100, 0, 12},
		"rotate 270":      {"/Rotate 270", "BT /F1 12 Tf 0 -1 1 0 100 700 Tm (Hi) Tj ET", 142, 495 + 0, 0, 12},
		"cropped":         {"/CropBox[50 60 500 800]", "BT /F1 12 Tf 72 700 Td (Hi) Tj ET", 22, 100, 0, 12},
		"user unit":       {"/UserUnit 2", "BT /F1 12 Tf 72 700 Td (Hi) Tj ET", 144, 284, 0, 24},
		"up the page":     {"", "BT /F1 12 Tf 0 1 -1 0 100 100 Tm (Hi) Tj ET", 100, 742, 270, 12},
		"down the page":   {"", "BT /F1 12 Tf 0 -1 1 0 100 700 Tm (Hi) Tj ET", 100, 142, 90, 12},
		"slanting upward": {"", "BT /F1 12 Tf .7071 .7071 -.7071 .7071 100 100 Tm (Hi) Tj ET", 100, 742, 315, 12},
		"flipped":         {"", "1 0 0 -1 0 842 cm BT /F1 12 Tf 1 0 0 -1 72 142 Tm (Hi) Tj ET", 72, 142, 0, 12},
		"stretched":       {"", "BT /F1 12 Tf 50 Tz 72 700 Td (Hi) Tj ET", 72, 142, 0, 12},
		"raised":          {"", "BT /F1 12 Tf 5 Ts 72 700 Td (Hi) Tj ET", 72, 137, 0, 12},
	} {
		t.Run(name, func(t *testing.T) {
			text := read(t, sheet(c.keys, c.content, nil))
			if len(text.Lines) != 1 || text.Lines[0].Text != "Hi" {
				t.Fatalf("%q", lines(text))
			}
			l := text.Lines[0]
			x := l.Chars[0].X0
			if c.angle == 0 && !near(x, c.x*mm) || !near(l.Baseline, c.baseline*mm) || l.Angle != c.angle || !near(l.Size, c.size) {
				t.Errorf("%v from %.2f, want x %.2f, baseline %.2f, %d°, %.1f pt", l, x, c.x*mm, c.baseline*mm, c.angle, c.size)
			}
			if w, h := 12*c.size/12*mm, text.H; l.Box.W <= 0 || l.Box.H <= 0 || l.Box.W > 2*w || l.Box.Y < 0 || l.Box.Y > h {
				t.Errorf("box %+v", l.Box)
			}
		})
	}
}

func TestOutsideTheCropIsNotSeen(t *testing.T) {
	text := read(t, sheet("/CropBox[100 100 400 400]", "BT /F1 12 Tf 150 300 Td (in) Tj 0 300 Td (out) Tj ET", nil))
	if got := lines(text); got != "in" {
		t.Errorf("%q", got)
	}
}

func TestStyles(t *testing.T) {
	for name, c := range map[string]struct {
		font, state  string
		bold, italic bool
	}{
		"name":            {"/Type/Font/Subtype/Type1/BaseFont/ABCDEF+Arial-BoldItalicMT", "", true, true},
		"comma":           {"/Type/Font/Subtype/TrueType/BaseFont/TimesNewRoman,Bold", "", true, false},
		"italic flag":     {"/Type/Font/Subtype/Type1/BaseFont/X/FontDescriptor<</Flags 96>>", "", false, true},
		"force bold":      {"/Type/Font/Subtype/Type1/BaseFont/X/FontDescriptor<</Flags 262176>>", "", true, false},
		"weight":          {"/Type/Font/Subtype/Type1/BaseFont/X/FontDescriptor<</FontWeight 700/ItalicAngle -12>>", "", true, true},
		"stroked":         {"/Type/Font/Subtype/Type1/BaseFont/Times-Roman", "2 Tr", true, false},
		"slanted by hand": {"/Type/Font/Subtype/Type1/BaseFont/Times-Roman", "1 0 .3 1 72 700 Tm", false, true},
		"plain":           {"/Type/Font/Subtype/Type1/BaseFont/Times-Roman", "", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			text := read(t, sheet("", "BT /F1 12 Tf 72 700 Td "+c.state+" (x) Tj ET", func(*shapes.Builder) string { return "/Font<</F1<<" + c.font + ">>>>" }))
			if len(text.Lines) != 1 || text.Lines[0].Bold != c.bold || text.Lines[0].Italic != c.italic {
				t.Errorf("%v", text.Lines)
			}
		})
	}
}

func TestInk(t *testing.T) {
	text := read(t, sheet("", strings.Join([]string{
		"1 1 1 rg 0 0 595 842 re f",        // paper
		"0 g 100 500 200 50 re f",          // a filled box
		"2 w 100 400 m 300 400 l S",        // a rule
		"100 300 200 0.5 re f",             // a rule as Word draws it
		"q 50 0 0 60 400 600 cm /Im Do Q",  // a picture
		"300 200 100 50 re S",              // a frame: four rules, empty inside
		"0 0 10 10 re W n",                 // clipping leaves nothing
		"/OC /Off BDC 0 0 99 99 re f EMC",  // hidden
		"BT /F1 12 Tf 72 700 Td (x) Tj ET", //
	}, "\n"), func(b *shapes.Builder) string {
		im := b.AddStream([]byte{0}, "/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray")
		off := b.Add("<</Type/OCG/Name(x)>>")
		return "/XObject<</Im " + im.String() + ">>/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>>>/Properties<</Off<</Type/OCMD/OCGs " + off.String() + ">>>>"
	}))
	var kinds [5]int
	for _, k := range text.Ink {
		kinds[k.Kind]++
	}
	// The group is not off in this file, which has no OCProperties: it counts.
	if kinds != [5]int{pagetext.TextInk: 1, pagetext.ImageInk: 1, pagetext.RuleInk: 6, pagetext.FillInk: 2} {
		t.Errorf("%v: %+v", kinds, text.Ink)
	}
	for _, k := range text.Ink {
		if k.Kind == pagetext.ImageInk && (!near(k.X, 400*mm) || !near(k.Y, (842-660)*mm) || !near(k.W, 50*mm) || !near(k.H, 60*mm)) {
			t.Errorf("picture at %+v", k.Box)
		}
	}
	if text.Scanned() || !text.Legible() {
		t.Error("taken for a scan or not legible")
	}
}

func TestScans(t *testing.T) {
	image := func(b *shapes.Builder) string {
		im := b.AddStream([]byte{0}, "/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray")
		return "/XObject<</Im " + im.String() + ">>/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>>>"
	}
	for name, c := range map[string]struct {
		content string
		scanned bool
		text    string
	}{
		"picture":           {"q 595 0 0 842 0 0 cm /Im Do Q", true, ""},
		"with a text layer": {"q 595 0 0 842 0 0 cm /Im Do Q BT /F1 12 Tf 3 Tr 72 700 Td (layer) Tj ET", true, "layer"},
		"picture and text":  {"q 595 0 0 842 0 0 cm /Im Do Q BT /F1 12 Tf 72 700 Td (painted) Tj ET", false, "painted"},
		"small picture":     {"q 100 0 0 100 0 0 cm /Im Do Q", false, ""},
		"nothing":           {"", false, ""},
	} {
		text := read(t, sheet("", c.content, image))
		if text.Scanned() != c.scanned || lines(text) != c.text {
			t.Errorf("%s: scanned %v, %q", name, text.Scanned(), lines(text))
		}
	}
}

func TestHiddenContent(t *testing.T) {
	b := shapes.NewBuilder("1.7")
	tree := b.Reserve()
	off, on := b.Add("<</Type/OCG/Name(off)>>"), b.Add("<</Type/OCG/Name(on)>>")
	c := b.AddStream([]byte("/OC /A BDC BT /F1 12 Tf 72 700 Td (hidden) Tj ET EMC /OC /B BDC BT /F1 12 Tf 72 600 Td (shown) Tj ET EMC"), "")
	page := b.Add("<</Type/Page/Parent %v/MediaBox[0 0 595 842]/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>>>/Properties<</A %v/B %v>>>>/Contents %v>>", tree, off, on, c)
	b.Set(tree, "<</Type/Pages/Kids[%v]/Count 1>>", page)
	b.Root = b.Add("<</Type/Catalog/Pages %v/OCProperties<</OCGs[%v %v]/D<</OFF[%v]>>>>>>", tree, off, on, off)
	if got := lines(read(t, b.Table())); got != "shown" {
		t.Errorf("%q", got)
	}
}

func TestAnnotations(t *testing.T) {
	annots := func(keys string) []byte {
		return sheet("/Annots[<</Type/Annot/Rect[100 100 200 150]"+keys+">>]", "", nil)
	}
	for name, c := range map[string]struct {
		keys string
		want int
	}{
		"signature":       {"/Subtype/Widget/FT/Sig/V<</Type/Sig>>/AP<</N 1 0 R>>", 1},
		"empty field":     {"/Subtype/Widget/FT/Tx/AP<</N 1 0 R>>", 0},
		"empty text":      {"/Subtype/Widget/FT/Tx/V()/AP<</N 1 0 R>>", 0},
		"filled field":    {"/Subtype/Widget/FT/Tx/V(121)/AP<</N 1 0 R>>", 1},
		"stamp":           {"/Subtype/Stamp/AP<</N 1 0 R>>", 1},
		"hidden stamp":    {"/Subtype/Stamp/F 2/AP<</N 1 0 R>>", 0},
		"link":            {"/Subtype/Link/AP<</N 1 0 R>>", 0},
		"no appearance":   {"/Subtype/Stamp", 0},
		"invisible field": {"/Subtype/Widget/FT/Sig/V<</Type/Sig>>/F 32/AP<</N 1 0 R>>", 0},
	} {
		n := 0
		for _, k := range read(t, annots(c.keys)).Ink {
			if k.Kind == pagetext.NoteInk && near(k.W, 100*mm) && near(k.Y, (842-150)*mm) {
				n++
			}
		}
		if n != c.want {
			t.Errorf("%s: %d, want %d", name, n, c.want)
		}
	}
}

func TestCancel(t *testing.T) {
	pdf := sheet("", strings.Repeat("q Q ", 5000), nil)
	f, err := pdffile.Read(bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := pagetext.Page(ctx, f, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
	if _, err := pagetext.Page(context.Background(), f, 2); !errors.Is(err, pdffile.ErrNoPage) {
		t.Errorf("%v, want ErrNoPage", err)
	}
}

// A bare page shows what its pictures show; everything else might show more, or
// less of them.
func TestBarePages(t *testing.T) {
	const picture = "q 595 0 0 842 0 0 cm /P Do Q "
	for name, c := range map[string]struct {
		content string
		want    bool
	}{
		"a picture":               {picture, true},
		"strips":                  {"q 595 0 0 421 0 421 cm /P Do Q q 595 0 0 421 0 0 cm /P Do Q", true},
		"with a layer of text":    {picture + "BT 3 Tr /F1 12 Tf 72 700 Td (Hello) Tj ET", true},
		"text in a form":          {picture + "/Layer Do", true},
		"marked content":          {"/Artifact BMC " + picture + "EMC", true},
		"nothing":                 {"", true},
		"text":                    {picture + "BT /F1 12 Tf 72 700 Td (Hello) Tj ET", false},
		"white text":              {picture + "1 g BT /F1 12 Tf 72 700 Td (Hello) Tj ET", false},
		"text that clips":         {"BT 7 Tr /F1 99 Tf 72 700 Td (Hello) Tj ET " + picture, false},
		"glyphs that are content": {picture + "BT 3 Tr /F3 12 Tf 72 700 Td (a) Tj ET", false},
		"a line":                  {picture + "0 0 m 99 99 l S", false},
		"a white box":             {picture + "1 g 0 0 99 99 re f", false},
		"a clip":                  {"0 0 99 99 re W n " + picture, false},
		"a graphics state":        {"/G gs " + picture, false},
		"a shading":               {picture + "/S sh", false},
		"an inline picture":       {picture + "BI /W 1 /H 1 /BPC 8 /CS /G ID \xff EI", false},
		"a form with a picture":   {"/Cut Do", false},
		"optional content":        {"/OC /O BDC " + picture + "EMC", false},
		"no such picture":         {picture + "/Q Do", false},
		"a matrix of five":        {"q 595 0 0 842 0 cm /P Do Q", false},
		"an operator of nothing":  {picture + "foo", false},
	} {
		text := read(t, sheet("", c.content, func(b *shapes.Builder) string {
			p := b.AddStream([]byte{255}, "/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray")
			font := "/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>/F3<</Type/Font/Subtype/Type3/FontMatrix[.01 0 0 .01 0 0]/Widths[1 2 3]/FirstChar 97>>>>"
			layer := b.AddStream([]byte("BT 3 Tr /F1 12 Tf 72 700 Td (Hello) Tj ET"), "/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<%s>>", font)
			cut := b.AddStream([]byte(picture), "/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</P %v>>>>", p)
			return fmt.Sprintf("/XObject<</P %v/Layer %v/Cut %v>>/ExtGState<</G<</ca 0>>>>%s", p, layer, cut, font)
		}))
		if text.Bare != c.want {
			t.Errorf("%s: bare is %v", name, text.Bare)
		}
	}
}
