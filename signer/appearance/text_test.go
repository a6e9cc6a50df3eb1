package appearance

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"strings"
	"testing"

	"antin/assets"
	"antin/signer/pdffile"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

var faces = []Face{Regular, Bold, Italic, BoldItalic}

// vietnamese is the alphabet with every tone in both cases: 134 letters that
// ASCII does not have, and the 22 ASCII letters of the alphabet.
func vietnamese() string {
	var b strings.Builder
	for _, vowel := range "aăâeêioôơuưy" {
		for _, tone := range []string{"", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"} {
			letter := norm.NFC.String(string(vowel) + tone)
			b.WriteString(letter + strings.ToUpper(letter))
		}
	}
	b.WriteString("bBcCdDđĐgGhHkKlLmMnNpPqQrRsStTvVxX")
	return b.String()
}

func TestVietnameseIsComplete(t *testing.T) {
	letters := vietnamese()
	foreign := 0
	for _, r := range letters {
		if r > 127 {
			foreign++
		}
	}
	if foreign != 134 {
		t.Fatalf("%d letters outside ASCII, want 134", foreign)
	}
	const others = "fFjJwWzZ0123456789₫“”‘’«»–—…·•°§×÷±½²³%‰&@#()[]{}<>/\\|_-+=*!?,.;:'\"\u00A0"
	for _, f := range faces {
		for _, r := range letters + others {
			width, err := Measure(string(r), f, 13)
			if err != nil || width <= 0 {
				t.Errorf("%v: %q is %v mm wide, %v", f, r, width, err)
			}
		}
	}
}

// The version that the licence notice and DESIGN name.
func TestFontVersion(t *testing.T) {
	for i, ttf := range [][]byte{assets.SerifRegular(), assets.SerifBold(), assets.SerifItalic(), assets.SerifBoldItalic()} {
		f, err := sfnt.Parse(ttf)
		if err != nil {
			t.Fatal(err)
		}
		version, err := f.Name(nil, sfnt.NameIDVersion)
		if err != nil || version != "Version 2.1.5" {
			t.Errorf("%v: %q, %v", Face(i), version, err)
		}
		if sub, err := f.Name(nil, sfnt.NameIDSubfamily); err != nil || sub != Face(i).String() {
			t.Errorf("face %v holds %q, %v", Face(i), sub, err)
		}
	}
	for _, line := range []string{"Copyright (c) 2012 Red Hat, Inc.", "SIL OPEN FONT LICENSE Version 1.1", "DISCLAIMER"} {
		if !strings.Contains(assets.SerifLicence(), line) {
			t.Errorf("licence without %q", line)
		}
	}
}

// Times New Roman has 1479, 909 and 1933 units of 2048 for A, a and W.
func TestMeasureAsTimesNewRoman(t *testing.T) {
	for letter, units := range map[string]float64{"A": 1479, "a": 909, "W": 1933, "ậ": 909, "AaW": 1479 + 909 + 1933, "": 0} {
		want := units / 2048 * 72 * 25.4 / 72
		if got, err := Measure(letter, Regular, 72); err != nil || math.Abs(got-want) > 1e-9 {
			t.Errorf("%q: %v mm, %v; want %v", letter, got, err, want)
		}
	}
}

func TestFontMetrics(t *testing.T) {
	m, err := FontMetrics(Regular, 72)
	if err != nil {
		t.Fatal(err)
	}
	unit := 25.4 / 2048
	want := Metrics{Ascent: 1825 * unit, Descent: 443 * unit, CapHeight: 1341 * unit, Leading: 2355 * unit}
	for what, d := range map[string]float64{
		"ascent": m.Ascent - want.Ascent, "descent": m.Descent - want.Descent,
		"cap height": m.CapHeight - want.CapHeight, "leading": m.Leading - want.Leading,
	} {
		if math.Abs(d) > 1e-9 {
			t.Errorf("%s differs by %v mm: %+v", what, d, m)
		}
	}
	if _, err := FontMetrics(Face(9), 12); err == nil {
		t.Error("a face that does not exist has metrics")
	}
	if _, err := FontMetrics(Bold, 0); err == nil {
		t.Error("size 0 has metrics")
	}
}

func TestMissingGlyph(t *testing.T) {
	tests := []struct {
		name, line string
		want       rune
	}{
		{"another script", "số 漢", '漢'},
		{"a mark that NFC cannot compose", "x\u0301", '\u0301'},
		{"two tones", "ấ\u0301", '\u0301'},
		{"a line break", "a\nb", '\n'},
		{"a tab", "a\tb", '\t'},
		{"an invisible character", "121\u200B", '\u200B'},
		{"bytes that are no UTF-8", "121\xFF", '\uFFFD'},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := NewLook(100, 20)
			err := l.Text(tt.line, Regular, 13, 0, 10)
			var missing *GlyphError
			if !errors.Is(err, ErrMissingGlyph) || !errors.As(err, &missing) || missing.Rune != tt.want {
				t.Fatalf("error %v, want one about %U", err, tt.want)
			}
			if text := fmt.Sprintf("%U", tt.want); !strings.Contains(err.Error(), text) {
				t.Errorf("%q does not name %s", err, text)
			}
			if _, err := Measure(tt.line, Regular, 13); !errors.Is(err, ErrMissingGlyph) {
				t.Errorf("Measure: %v", err)
			}
		})
	}
}

// macOS hands out decomposed text; it must not make a difference.
func TestDecomposedTextGivesTheSameBytes(t *testing.T) {
	draw := func(line string) []byte {
		l := NewLook(200, 20)
		if err := l.Text(line, Bold, 13, 2, 10); err != nil {
			t.Fatal(err)
		}
		var o objects
		if _, err := l.Form(&o, a4().geometry, Constraints{}); err != nil {
			t.Fatal(err)
		}
		return o.bytes()
	}
	line := "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM, Đường Trường Sa, Vĩnh Phúc, " + vietnamese()
	nfd := norm.NFD.String(line)
	if nfd == norm.NFC.String(line) {
		t.Fatal("the line has no decomposed form")
	}
	if !bytes.Equal(draw(norm.NFC.String(line)), draw(nfd)) {
		t.Error("NFD and NFC give different bytes")
	}
}

// Outlines must put the same ink on the page as a viewer does with the real
// font.
func TestOutlinesLookLikeTheFont(t *testing.T) {
	const dpi, pt, left, step = 150, 14.0, 20.0, 9.0
	lines := []string{
		"Cộng hòa xã hội chủ nghĩa Việt Nam", "Độc lập - Tự do - Hạnh phúc", "ẤẦẨẪẬ ẮẰẲẴẶ ẾỀỂỄỆ ỐỒỔỖỘ ỚỜỞỠỢ ỨỪỬỮỰ",
		"ấầẩẫậ ắằẳẵặ ếềểễệ ốồổỗộ ớờởỡợ ứừửữự ỳýỷỹỵ", "Số: 121/QĐ-UBND, ngày 22 tháng 11 năm 2026; 1.000.000₫", "“Nguyễn Văn Ánh” – Q j f g @ & % § 8",
	}
	for _, f := range faces {
		t.Run(f.String(), func(t *testing.T) {
			look := NewLook(170, 80)
			doc := fpdf.New("P", "mm", "A4", "")
			doc.AddUTF8FontFromBytes("serif", "", [][]byte{assets.SerifRegular(), assets.SerifBold(), assets.SerifItalic(), assets.SerifBoldItalic()}[f])
			doc.SetFont("serif", "", pt)
			doc.AddPage()
			for i, line := range lines {
				y := 10 + float64(i)*step
				if err := look.Text(line, f, pt, 5, y); err != nil {
					t.Fatal(err)
				}
				doc.Text(left+5, 30+y, line)
			}
			var real bytes.Buffer
			if err := doc.Output(&real); err != nil {
				t.Fatal(err)
			}
			eachViewer(t, func(t *testing.T, v viewer) {
				ours := v.draw(t, a4(mark{look, left, 30}).write(t, Constraints{}), dpi)
				theirs := v.draw(t, real.Bytes(), dpi)
				compareInk(t, ours, theirs)
			})
		})
	}
}

// compareInk compares the darkness of whole drawings, row by row and column by
// column. Profiles are smoothed over three pixels, because poppler moves the
// letters of a font, but not outlines, onto whole rows of pixels.
func compareInk(t *testing.T, a, b *raster) {
	t.Helper()
	for _, vertical := range []bool{false, true} {
		p, total := a.profile(vertical)
		q, want := b.profile(vertical)
		if want < 1000 || len(p) != len(q) {
			t.Fatalf("%.0f pixels of ink, profiles of %d and %d: nothing to compare", want, len(p), len(q))
		}
		var dot, pp, qq float64
		for i := 1; i+1 < len(p); i++ {
			v, w := p[i-1]+p[i]+p[i+1], q[i-1]+q[i]+q[i+1]
			dot, pp, qq = dot+v*w, pp+v*v, qq+w*w
		}
		similar, least := dot/math.Sqrt(pp*qq), 0.98
		if vertical {
			least = 0.995
		}
		t.Logf("columns %v: ink %.3f of the font's, profile %.4f", vertical, total/want, similar)
		if math.Abs(total/want-1) > 0.06 || similar < least {
			t.Errorf("columns %v: ink %.3f of the font's, profile %.4f", vertical, total/want, similar)
		}
	}
}

// profile is the ink of every row or, when vertical, of every column.
func (r *raster) profile(vertical bool) (p []float64, total float64) {
	grey := image.NewGray(r.Bounds())
	draw.Draw(grey, grey.Rect, r.Image, grey.Rect.Min, draw.Src)
	w, h := grey.Rect.Dx(), grey.Rect.Dy()
	p = make([]float64, h)
	if vertical {
		p = make([]float64, w)
	}
	for i, v := range grey.Pix {
		ink := 1 - float64(v)/255
		if vertical {
			p[i%w] += ink
		} else {
			p[i/w] += ink
		}
		total += ink
	}
	return p, total
}

func TestLinesLook(t *testing.T) {
	const agency = "Ủy ban nhân dân huyện Sóc Sơn, thành phố Hà Nội"
	m, err := FontMetrics(Regular, 10)
	if err != nil {
		t.Fatal(err)
	}
	single := 2355.0 / 2048 * 10 * mmPerPoint
	tests := []struct {
		name    string
		w       float64
		lines   []string
		leading float64
		rows    int
		height  float64
	}{
		{"one line", 80, []string{"SAO Y"}, 0, 1, m.Ascent + m.Descent},
		{"three lines", 80, []string{"SAO Y", agency, "2026-11-22T16:47:03+07:00"}, 0, 3, m.Ascent + m.Descent + 2*single},
		{"leading of 13 pt", 80, []string{"SAO Y", agency}, 13, 2, m.Ascent + m.Descent + 13*mmPerPoint},
		{"an empty line between", 80, []string{"SAO Y", "", agency}, 0, 2, m.Ascent + m.Descent + 2*single},
		{"a long line is broken", 50, []string{agency}, 0, 2, m.Ascent + m.Descent + single},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, err := LinesLook(tt.w, tt.lines, Regular, 10, tt.leading)
			if err != nil {
				t.Fatal(err)
			}
			w, h := l.Size()
			if w != tt.w || math.Abs(h-tt.height) > 1e-9 || len(l.items) != tt.rows {
				t.Errorf("%v × %v mm with %d rows; want %v × %v with %d", w, h, len(l.items), tt.w, tt.height, tt.rows)
			}
			for _, it := range l.items {
				assertInside(t, l, it)
			}
		})
	}
	for _, f := range faces {
		l, err := LinesLook(30, []string{"ẪẬj", "Ậf", "ẪQ"}, f, 10, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range l.items {
			assertInside(t, l, it)
		}
	}
	if _, err := LinesLook(20, []string{"Nghiêng"}, Regular, 30, 0); !errors.Is(err, ErrNoRoom) {
		t.Errorf("a word wider than the block: %v", err)
	}
	if _, err := LinesLook(20, nil, Regular, 10, 0); err == nil {
		t.Error("a block without lines")
	}
	if _, err := LinesLook(90, []string{"漢"}, Regular, 10, 0); !errors.Is(err, ErrMissingGlyph) {
		t.Errorf("a missing glyph: %v", err)
	}
}

// assertInside fails when ink of the item would be cut off.
func assertInside(t *testing.T, l *Look, it item) {
	t.Helper()
	const e = 1e-9
	ink := it.text.ink
	if it.x+ink.left < -e || it.x+ink.right > l.w+e || it.baseline+ink.top < -e || it.baseline+ink.bottom > l.h+e {
		t.Errorf("ink %+v at %v, %v leaves %v × %v mm", ink, it.x, it.baseline, l.w, l.h)
	}
}

func TestTextLook(t *testing.T) {
	width, err := Measure("121", Regular, 13)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		align Align
		want  float64
	}{{Left, 0}, {Centre, (20 - width) / 2}, {Right, 20 - width}} {
		l, err := TextLook(20, 6, "121", Regular, 13, tt.align, 4.5)
		if err != nil {
			t.Fatal(err)
		}
		if it := l.items[0]; math.Abs(it.x-tt.want) > 1e-9 || it.baseline != 4.5 {
			t.Errorf("align %d: at %v, %v; want %v, 4.5", tt.align, it.x, it.baseline, tt.want)
		}
	}
	for name, f := range map[string]func() (*Look, error){
		"too wide":       func() (*Look, error) { return TextLook(5, 6, "121/QĐ-UBND", Regular, 13, Left, 4.5) },
		"above the box":  func() (*Look, error) { return TextLook(20, 6, "Ẫ", Regular, 13, Left, 3) },
		"below the box":  func() (*Look, error) { return TextLook(20, 4, "g", Regular, 13, Left, 3.9) },
		"in a broad box": func() (*Look, error) { return TextLook(5, 40, "WWW", Italic, 13, Right, 20) },
	} {
		if _, err := f(); !errors.Is(err, ErrNoRoom) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Italics that reach left of their origin stay inside.
	l, err := TextLook(20, 8, "ẪẬ", Italic, 13, Left, 5.5)
	if err != nil {
		t.Fatal(err)
	}
	assertInside(t, l, l.items[0])
}

// A page with everything a decision gets, for looking at with ANTIN_KEEP.
func TestDecisionAsAPersonSeesIt(t *testing.T) {
	lines, err := LinesLook(75, []string{"SAO Y", "Ủy ban nhân dân huyện Sóc Sơn, thành phố Hà Nội", "2026-11-22T16:47:03+07:00"}, Regular, 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	number, err := TextLook(20, 6, "121", Regular, 13, Centre, 4.5)
	if err != nil {
		t.Fatal(err)
	}
	date, err := TextLook(20, 6, "22", Italic, 13, Centre, 4.5)
	if err != nil {
		t.Fatal(err)
	}
	title := NewLook(100, 20)
	if err := title.Text("CHỦ TỊCH Nguyễn Văn Ánh", BoldItalic, 14, 2, 10); err != nil {
		t.Fatal(err)
	}
	stroke := pictureOf(t, 400, 160, func(x, y int) color.NRGBA {
		d := math.Abs(float64(y) - 80 - 60*math.Sin(float64(x)/25)*math.Cos(float64(x)/90))
		return color.NRGBA{0, 30, 160, uint8(255 * max(0, min(1, 6-d)))}
	})
	ring := pictureOf(t, 500, 500, func(x, y int) color.NRGBA {
		d := math.Hypot(float64(x)-249.5, float64(y)-249.5)
		band := func(r, width float64) float64 { return max(0, min(1, width/2+0.5-math.Abs(d-r))) }
		return color.NRGBA{215, 25, 30, uint8(255 * max(band(205, 10), band(140, 4), band(20, 40)))}
	})
	looks := []mark{
		{lines, 120, 10},
		{number, 40, 40},
		{date, 70, 40},
		{title, 100, 52},
		{SignatureLook(stroke, 45, 18), 110, 75},
		{SealLook(ring, 36), 92, 66},
	}
	eachViewer(t, func(t *testing.T, v viewer) {
		seen := v.draw(t, a4(looks...).write(t, Constraints{}), 150)
		white := color.NRGBA{255, 255, 255, 255}
		for _, it := range []struct {
			name string
			box  pdffile.Box
		}{
			{"number", pdffile.Box{X: 40, Y: 40, W: 20, H: 6}},
			{"date", pdffile.Box{X: 70, Y: 40, W: 20, H: 6}},
			{"lines", pdffile.Box{X: 120, Y: 10, W: 75, H: 16}},
			{"seal", pdffile.Box{X: 92, Y: 66, W: 36, H: 36}},
		} {
			inked := false
			for x := it.box.X; x < it.box.X+it.box.W; x += 0.15 {
				for y := it.box.Y; y < it.box.Y+it.box.H; y += 0.15 {
					inked = inked || !near(seen.at(x, y), white, 60)
				}
			}
			if !inked {
				t.Errorf("%s is not to be seen", it.name)
			}
		}
	})
}
