package pagetext_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"antin/signer/pagetext"
	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
	"antin/signer/practice"
	"antin/signer/practice/machine"

	"golang.org/x/text/unicode/norm"
)

// Codes of fonts and what they mean (ISO 32000-1, 9.6, 9.7 and 9.10).
func TestFonts(t *testing.T) {
	const old = "/Encoding/WinAnsiEncoding/FirstChar 0/LastChar 0/Widths[0]/FontDescriptor<</Flags 32/MissingWidth 500>>"
	for name, c := range map[string]struct {
		font, show, want string
		problem          string
	}{
		"differences with Vietnamese names": {"/Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding<</Differences[65/Dcroat/ohornacute/uni1EC7/u1EAD/dcroat/a.alt/f_i]>>", "(ABCDEFG)", "Đớệậđafi", ""},
		"MacRoman":                          {"/Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding/MacRomanEncoding", "<8E8F>", "éè", ""},
		"StandardEncoding":                  {"/Type/Font/Subtype/Type1/BaseFont/Times-Roman", "<27AA60AE>", "’“‘fi", ""},
		"ToUnicode wins":                    {"/Type/Font/Subtype/Type1/BaseFont/Times-Roman/ToUnicode U", "(ABC)", "xyfi", ""},
		"TCVN3":                             {"/Type/Font/Subtype/TrueType/BaseFont/.VnTime" + old, "<43E96E6720686FB5>", "Cộng hoà", ".VnTime"},
		"TCVN3, the dot lost":               {"/Type/Font/Subtype/TrueType/BaseFont/VnTime,Bold" + old, "<AE54AD>", "đTư", "VnTime,Bold"},
		"TCVN3 capitals":                    {"/Type/Font/Subtype/TrueType/BaseFont/ABCDEF+.VnTimeH" + old, "<71 75 79 D5 74 20 AE DE 6E 68>", "QUYẾT ĐỊNH", ".VnTimeH"},
		"VNI":                               {"/Type/Font/Subtype/TrueType/BaseFont/VNI-Times" + old, "(Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam, Ñöôùc)", "Cộng hòa xã hội chủ nghĩa Việt Nam, Đước", "VNI-Times"},
		"Symbol bullets":                    {"/Type/Font/Subtype/Type1/BaseFont/Wingdings/FontDescriptor<</Flags 4>>/Encoding<</Differences[1/x99y]>>", "<01>", "•", ""},
		"nothing tells":                     {"/Type/Font/Subtype/TrueType/BaseFont/ABCDEF+Secret/FirstChar 1/Widths[500 500]/FontDescriptor<</Flags 4>>", "<0102>", "\ufffd\ufffd", "ABCDEF"},
		"the width of Times tells":          {"/Type/Font/Subtype/TrueType/BaseFont/ABCDEF+Times/FirstChar 65/Widths[722 667 667 722]/FontDescriptor<</Flags 4>>", "(ABCD)", "ABCD", ""},
		"other widths do not":               {"/Type/Font/Subtype/TrueType/BaseFont/ABCDEF+Times/FirstChar 65/Widths[100 200 300 400]/FontDescriptor<</Flags 4>>", "(ABCD)", "\ufffd\ufffd\ufffd\ufffd", ""},
		"Identity-H":                        {"/Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[<</Subtype/CIDFontType2/W[65[500 500]66 67 600]>>]/ToUnicode U", "<00410042>", "xy", ""},
		"UCS-2":                             {"/Type/Font/Subtype/Type0/BaseFont/X/Encoding/UniGB-UCS2-H/DescendantFonts[<</Subtype/CIDFontType2>>]", "<1EC71EAD>", "ệậ", ""},
		"mixed widths of codes":             {"/Type/Font/Subtype/Type0/BaseFont/X/Encoding E/DescendantFonts[<</Subtype/CIDFontType2>>]/ToUnicode U", "<41814042>", "xzy", ""},
	} {
		t.Run(name, func(t *testing.T) {
			show := c.show
			if strings.HasPrefix(name, "VNI") { // the source is UTF-8, the font Windows-1252
				var b strings.Builder
				for _, r := range show[1 : len(show)-1] {
					fmt.Fprintf(&b, "%02X", r)
				}
				show = "<" + b.String() + ">"
			}
			text := read(t, sheet("", "BT /F1 12 Tf 72 700 Td "+show+" Tj ET", func(b *shapes.Builder) string {
				u := b.AddStream([]byte("1 begincodespacerange <0000> <FFFF> endcodespacerange 4 beginbfchar <41> <0078> <0041> <0078> <43> <00660069> <8140> <007A> endbfchar 1 beginbfrange <42> <42> <0079> endbfrange"), "")
				e := b.AddStream([]byte("2 begincodespacerange <00> <80> <8140> <9FFC> endcodespacerange 1 begincidrange <00> <80> 1 endcidrange"), "")
				return "/Font<</F1<<" + strings.NewReplacer("Unicode U", "Unicode "+u.String(), "Encoding E/", "Encoding "+e.String()+"/").Replace(c.font) + ">>>>"
			}))
			if got := lines(text); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			unread := strings.Count(c.want, "\ufffd")
			if text.Unreadable != unread || text.Legible() != (unread == 0) {
				t.Errorf("%d unreadable of %d", text.Unreadable, text.Glyphs)
			}
			told := slices.ContainsFunc(text.Problems, func(p pagetext.Problem) bool {
				return p.Kind == pagetext.OldFont && p.Detail == c.problem || p.Kind == pagetext.NoUnicode && unread > 0
			})
			if told != (c.problem != "" || unread > 0) {
				t.Errorf("problems %v", text.Problems)
			}
		})
	}
}

func TestStandardWidths(t *testing.T) {
	for font, want := range map[string]float64{"Times-Roman": 722 + 278, "Times-Bold": 778 + 278, "Helvetica": 722 + 222, "Courier": 1200} {
		text := read(t, sheet("", "BT /F1 10 Tf 72 700 Td (Hi) Tj ET", func(*shapes.Builder) string {
			return "/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/" + font + ">>>>"
		}))
		if w := text.Lines[0].Box.W; math.Abs(w-want*0.01*mm) > 0.01 {
			t.Errorf("%s: %.3f mm, want %.3f", font, w, want*0.01*mm)
		}
	}
}

// Each make-believe program writes the same page in its own way.
func TestProducers(t *testing.T) {
	plans, err := practice.DocumentPlans(3)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range plans {
		producer := strings.Split(p.Label, "/")[2]
		if seen[producer] || p.Pages() > 3 || strings.Contains(p.Label, "đảng") || strings.Contains(p.Label, "ban đảng") {
			continue
		}
		seen[producer] = true
		d := p.Make()
		text := read(t, d.PDF)
		motto := slices.ContainsFunc(text.Lines, func(l pagetext.Line) bool {
			return l.Text == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" && l.Bold && math.Abs(l.Size-12.5) < 0.05
		})
		if motto != d.Legible {
			t.Errorf("%s: motto read %v:\n%v", producer, motto, text)
		}
		for _, l := range text.Lines {
			if !norm.NFC.IsNormalString(l.Text) {
				t.Errorf("%s: %q is not in NFC", producer, l.Text)
			}
		}
		switch producer {
		case "quét":
			if !text.Scanned() || text.Glyphs > 0 {
				t.Errorf("%s: not taken for a scan", producer)
			}
		case "quét-có-chữ":
			if !text.Scanned() {
				t.Errorf("%s: not taken for a scan", producer)
			}
		case "không-unicode":
			if text.Legible() || text.Unreadable == 0 {
				t.Errorf("%s: %d of %d unreadable", producer, text.Unreadable, text.Glyphs)
			}
		default:
			if text.Scanned() || !text.Legible() {
				t.Errorf("%s: scan %v, legible %v", producer, text.Scanned(), text.Legible())
			}
		}
	}
	if len(seen) < 19 {
		t.Errorf("%d producers seen", len(seen))
	}
}

// Poppler finds the words where we do.
func TestPlacesAsPopplerSeesThem(t *testing.T) {
	machine.Program(t, "pdftotext", "poppler-utils")
	pdf, _, err := practice.Decision(practice.DecisionOptions{Gaps: true})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-bbox", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Pages []struct {
			Words []struct {
				X0   float64 `xml:"xMin,attr"`
				X1   float64 `xml:"xMax,attr"`
				Text string  `xml:",chardata"`
			} `xml:"word"`
		} `xml:"body>doc>page"`
	}
	if err := xml.Unmarshal(out, &doc); err != nil {
		t.Fatal(err)
	}
	f, err := pdffile.Read(bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, page := range doc.Pages {
		text, err := pagetext.Page(context.Background(), f, i+1)
		if err != nil {
			t.Fatal(err)
		}
		type word struct {
			text   string
			x0, x1 float64
		}
		var ours []word
		for _, l := range text.Lines {
			var w word
			for _, c := range append(l.Chars, pagetext.Char{Rune: ' '}) {
				if c.Rune == ' ' {
					ours = append(ours, w)
					w = word{}
					continue
				}
				if w.text == "" {
					w.x0 = c.X0
				}
				w.text, w.x1 = w.text+string(c.Rune), c.X1
			}
		}
		missing := 0
		for _, w := range page.Words {
			if !slices.ContainsFunc(ours, func(o word) bool {
				return o.text == w.Text && math.Abs(o.x0-w.X0*mm) < 0.1 && math.Abs(o.x1-w.X1*mm) < 0.1
			}) {
				missing++
				t.Logf("page %d: %q at %.2f–%.2f mm", i+1, w.Text, w.X0*mm, w.X1*mm)
			}
		}
		if missing > 0 || len(page.Words) < 50 {
			t.Errorf("page %d: %d of %d words are elsewhere", i+1, missing, len(page.Words))
		}
	}
}
