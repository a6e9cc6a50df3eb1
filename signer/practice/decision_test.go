package practice

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"antin/signer/practice/machine"
)

// placedWord is a word where poppler finds it, in mm from the top left.
type placedWord struct {
	X0   float64 `xml:"xMin,attr"`
	Y0   float64 `xml:"yMin,attr"`
	X1   float64 `xml:"xMax,attr"`
	Y1   float64 `xml:"yMax,attr"`
	Text string  `xml:",chardata"`
}

// decision makes a decision and saves it.
func decision(t *testing.T, o DecisionOptions) (string, DecisionPlaces) {
	t.Helper()
	pdf, places, err := Decision(o)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "quyet-dinh.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, places
}

func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	machine.Program(t, name, "poppler-utils or mupdf-tools")
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		var exit *exec.ExitError
		errors.As(err, &exit)
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// wordsOf are the words of each page.
func wordsOf(t *testing.T, path string) [][]placedWord {
	t.Helper()
	var doc struct {
		Pages []struct {
			Words []placedWord `xml:"word"`
		} `xml:"body>doc>page"`
	}
	if err := xml.Unmarshal([]byte(output(t, "pdftotext", "-bbox", path, "-")), &doc); err != nil {
		t.Fatal(err)
	}
	var pages [][]placedWord
	for _, p := range doc.Pages {
		for i := range p.Words {
			w := &p.Words[i]
			w.X0, w.Y0, w.X1, w.Y1 = w.X0*pt, w.Y0*pt, w.X1*pt, w.Y1*pt
		}
		pages = append(pages, p.Words)
	}
	return pages
}

// phrase is the box around consecutive words; missing ones fail the test.
func phrase(t *testing.T, words []placedWord, text string) placedWord {
	t.Helper()
	want := strings.Fields(text)
	for i := range words {
		if i+len(want) > len(words) {
			break
		}
		run := words[i : i+len(want)]
		if !slices.EqualFunc(run, want, func(w placedWord, s string) bool { return w.Text == s }) {
			continue
		}
		box := run[0]
		for _, w := range run {
			box.X0, box.Y0 = min(box.X0, w.X0), min(box.Y0, w.Y0)
			box.X1, box.Y1 = max(box.X1, w.X1), max(box.Y1, w.Y1)
		}
		return box
	}
	t.Fatalf("%q is not on the page", text)
	return placedWord{}
}

func TestDecisionReadsBack(t *testing.T) {
	o := DecisionOptions{Articles: 9}.withDefaults()
	path, _ := decision(t, o)
	read := strings.Join(strings.Fields(output(t, "pdftotext", "-raw", path, "-")), " ")
	want := append(grounds(o), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", o.Subject,
		"TM. ỦY BAN NHÂN DÂN", "Nơi nhận:", "- Lưu: VT, VHXH.", "Điều 9.")
	for _, article := range articleTexts(o) {
		want = append(want, article...)
	}
	for _, text := range want {
		// A page number may stand between the lines of a paragraph.
		if !strings.Contains(read, text) && !strings.Contains(withoutNumbers(read), withoutNumbers(text)) {
			t.Errorf("not read back: %q", text)
		}
	}
}

func withoutNumbers(s string) string {
	kept := slices.DeleteFunc(strings.Fields(s), func(w string) bool { return strings.TrimLeft(w, "0123456789") == "" })
	return strings.Join(kept, " ")
}

func TestDecisionFollowsAnnexI(t *testing.T) {
	for _, o := range []DecisionOptions{
		{},
		{Gaps: true},
		{Articles: 3},
		{Articles: 14},
		{Articles: 40},
		{Agency: []string{"UBND HUYỆN CŨ", "ỦY BAN NHÂN DÂN", "XÃ SƠN LĨNH"}, Place: "Sơn Lĩnh", Signer: "Trần Thị Ngọc Ưu", Authority: []string{"TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"}},
	} {
		t.Run(fmt.Sprintf("articles %d gaps %v place %s", o.Articles, o.Gaps, o.Place), func(t *testing.T) {
			path, places := decision(t, o)
			o := o.withDefaults()
			pages := wordsOf(t, path)
			if len(pages) != places.Pages || places.Signature.Page != len(pages) {
				t.Fatalf("%d pages, said %d, signature on %d", len(pages), places.Pages, places.Signature.Page)
			}
			for i, words := range pages {
				if i > 0 {
					number := words[0]
					if number.Text != fmt.Sprint(i+1) || number.Y1 > marginTop || math.Abs((number.X0+number.X1)/2-textAxis) > 0.3 {
						t.Errorf("page %d begins with %+v, not with its number in the middle of the top margin", i+1, number)
					}
					words = words[1:]
				}
				for _, w := range words {
					if w.X0 < marginLeft-0.2 || w.X1 > sheetW-marginRight+0.3 || w.Y0 < marginTop-0.8 || w.Y1 > sheetH-marginBottom+0.8 {
						t.Errorf("page %d: %q stands in the margin: %+v", i+1, w.Text, w)
					}
				}
			}

			last := pages[len(pages)-1]
			title := phrase(t, last, o.Authority[len(o.Authority)-1])
			name := phrase(t, last, o.Signer)
			box := places.Signature
			if box.Y < title.Y1-0.5 || box.Y+box.H > name.Y0+0.5 {
				t.Errorf("signature %+v is not between %+v and %+v", box, title, name)
			}
			if free := name.Y0 - title.Y1; free < 30 {
				t.Errorf("%.1f mm between chức vụ and họ tên, want 30", free)
			}
			axis := box.X + box.W/2
			if math.Abs(axis-(title.X0+title.X1)/2) > 0.3 || math.Abs(axis-(name.X0+name.X1)/2) > 0.3 {
				t.Errorf("signature around %.1f mm, not centred", axis)
			}
			phrase(t, last, "hành Quyết định này./.") // the block is not alone on its page

			empty := []Area{box, places.Number.Area, places.Date.Area}
			if o.Gaps {
				empty = append(empty, places.Month.Area)
			}
			for _, a := range empty {
				for _, w := range pages[a.Page-1] {
					if w.X1 > a.X+0.2 && w.X0 < a.X+a.W-0.2 && w.Y1 > a.Y+0.8 && w.Y0 < a.Y+a.H-0.8 {
						t.Errorf("%q lies in the empty place %+v", w.Text, a)
					}
				}
			}
		})
	}
}

func TestDecisionSlots(t *testing.T) {
	path, places := decision(t, DecisionOptions{})
	first := wordsOf(t, path)[0]
	for _, c := range []struct {
		label, style, text string
		axis               float64
		slot               Slot
	}{
		{"Số:", regular, "121/QĐ-UBND", leftColumn, places.Number},
		{"Bình Minh,", italic, "ngày 22 tháng 11 năm 2026", rightColumn, places.Date},
	} {
		label := phrase(t, first, c.label)
		gap := c.slot.Start - label.X1
		if space := c.slot.Size * pt * 0.25; math.Abs(gap-space) > 0.3 {
			t.Errorf("%s: text begins %.2f mm behind the label, want a space of %.2f", c.label, gap, space)
		}
		width := newSheet(DecisionOptions{Year: 2026}).width(c.style, c.slot.Size, c.text)
		if width > c.slot.W {
			t.Errorf("%q needs %.1f mm, the slot has %.1f", c.text, width, c.slot.W)
		}
		if axis := (label.X0 + c.slot.Start + width) / 2; math.Abs(axis-c.axis) > 0.5 {
			t.Errorf("%s %s will stand around %.1f mm, want %.1f", c.label, c.text, axis, c.axis)
		}
		if c.slot.Baseline < c.slot.Y || c.slot.Baseline > c.slot.Y+c.slot.H {
			t.Errorf("%s: base line %.1f outside %+v", c.label, c.slot.Baseline, c.slot.Area)
		}
	}
	if places.Number.Baseline != places.Date.Baseline {
		t.Errorf("number and date are not on one line: %.2f, %.2f", places.Number.Baseline, places.Date.Baseline)
	}
}

func TestDecisionWithGapsShowsWords(t *testing.T) {
	path, _ := decision(t, DecisionOptions{Gaps: true, Symbol: "QĐ-CT", Year: 2027})
	first := wordsOf(t, path)[0]
	for _, text := range []string{"/QĐ-CT", "Bình Minh, ngày", "tháng", "năm 2027"} {
		phrase(t, first, text)
	}
}

func TestDecisionFonts(t *testing.T) {
	path, _ := decision(t, DecisionOptions{})
	lines := strings.Split(strings.TrimSpace(output(t, "pdffonts", path)), "\n")[2:]
	if len(lines) != 4 {
		t.Errorf("%d fonts, want 4\n%s", len(lines), strings.Join(lines, "\n"))
	}
	for _, l := range lines {
		// Columns emb, sub, uni. fpdf cuts the fonts down without saying so in
		// their names, so the middle column tells nothing.
		if f := strings.Fields(l); !strings.Contains(l, "yes no  yes") && !strings.Contains(l, "yes yes yes") {
			t.Errorf("font %s is not embedded with Unicode values: %s", f[0], l)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Size() > 150_000 {
		t.Errorf("a file of %d bytes: whole fonts are in it (%v)", info.Size(), err)
	}
	if out := output(t, "qpdf", "--check", path); !strings.Contains(out, "No syntax or stream encoding errors") {
		t.Error(out)
	}
}

func TestDecisionIsTheSameEachTime(t *testing.T) {
	o := DecisionOptions{Articles: 7, Gaps: true}
	first, _, err := Decision(o)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		again, _, err := Decision(o)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, again) {
			t.Fatal("the bytes differ")
		}
	}
}

func TestDecisionNeedsThreeArticles(t *testing.T) {
	if _, _, err := Decision(DecisionOptions{Articles: 2}); err == nil {
		t.Error("a decision of two articles was made")
	}
}

// TestDecisionTextIsComposed holds the texts to NFC: a combining mark would
// come out of the file beside its letter.
func TestDecisionTextIsComposed(t *testing.T) {
	o := DecisionOptions{Articles: 9}.withDefaults()
	for _, text := range append(slices.Concat(articleTexts(o)...), grounds(o)...) {
		if i := strings.IndexFunc(text, unicode.IsMark); i >= 0 {
			t.Errorf("combining mark in %q", text[:i+2])
		}
	}
}
