package practice

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func plans(t *testing.T) []DocumentPlan {
	t.Helper()
	all, err := DocumentPlans(1)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The plans cover what a page reader meets.
func TestDocumentPlans(t *testing.T) {
	all := plans(t)
	if len(all) < 300 {
		t.Fatalf("%d documents", len(all))
	}
	seen := map[string]map[string]bool{}
	note := func(what, value string) {
		if seen[what] == nil {
			seen[what] = map[string]bool{}
		}
		seen[what][value] = true
	}
	for _, p := range all {
		note("kind", p.kind.title)
		note("office", p.office.name)
		note("producer", p.producer.name)
		note("shape", p.shape.name)
		note("slots", p.slots)
		for _, titles := range p.titles {
			word, _, _ := strings.Cut(titles[0], " ")
			note("authority", word)
		}
		if p.pages >= 30 {
			note("long", p.kind.title)
		}
		note("attachment", string(rune('0'+int(p.attachment))))
		for name, on := range map[string]bool{"split": p.split, "nameless": p.nameless, "tight": p.tight, "odd margins": p.wide, "table": p.table, "hint": p.hint, "two": len(p.titles) == 2, "three": len(p.titles) == 3, "stranger": p.wanted == NobodyWanted, "no name": p.asked == "", "shifted": p.shifted, "footer": p.footer} {
			if on {
				note("special", name)
			}
		}
	}
	for what, want := range map[string]int{"kind": 12, "office": 8, "producer": 19, "shape": 7, "slots": 6, "long": 12, "attachment": 5, "special": 12} {
		if len(seen[what]) != want {
			t.Errorf("%s: %d, want %d: %v", what, len(seen[what]), want, seen[what])
		}
	}
	for _, word := range []string{"TM.", "KT.", "TL.", "TUQ.", "Q.", "T/M", "K/T", "T/L"} {
		if !seen["authority"][word] {
			t.Errorf("nobody signs %s", word)
		}
	}
}

func TestDocumentsAreTheSameEachTime(t *testing.T) {
	first, again := plans(t), plans(t)
	other, err := DocumentPlans(2)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(first); i += 61 {
		a := first[i].Make()
		if !bytes.Equal(a.PDF, again[i].Make().PDF) {
			t.Errorf("%s: the bytes differ", a.Label)
		}
		if bytes.Equal(a.PDF, other[i].Make().PDF) {
			t.Errorf("%s: another series is the same", a.Label)
		}
	}
}

// Other people's programs read the files, and find the words where the truth
// says.
func TestDocumentsAreSound(t *testing.T) {
	done := map[string]bool{}
	for _, p := range plans(t) {
		if done[p.producer.name] && done[p.shape.name] || p.pages > 3 {
			continue
		}
		done[p.producer.name], done[p.shape.name] = true, true
		d := p.Make()
		path := filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(path, d.PDF, 0o600); err != nil {
			t.Fatal(err)
		}
		if out := output(t, "qpdf", "--check", path); !strings.Contains(out, "No syntax or stream encoding errors") {
			t.Errorf("%s: %s", d.Label, out)
		}
		// Poppler reads neither VNI and TCVN3 nor loose marks as Unicode, and turns
		// its boxes with the page.
		if p.producer.name != "word" && p.producer.name != "chrome" && p.producer.name != "libreoffice" || p.shape.name != "A4" || p.nameless || p.split {
			continue
		}
		for _, b := range d.Blocks {
			words := wordsOf(t, path)[b.Page-1]
			title, name := phrase(t, words, b.Titles[len(b.Titles)-1]), phrase(t, words, b.Name)
			if axis := (title.X0 + title.X1 + name.X0 + name.X1) / 4; math.Abs(axis-b.X) > 0.3 || b.Y < title.Y1-1 || b.Y > name.Y0+1 {
				t.Errorf("%s: %+v is not between %+v and %+v", d.Label, b, title, name)
			}
		}
	}
	if len(done) < 19+6 {
		t.Errorf("seen: %v", done)
	}
}

func TestOldEncodings(t *testing.T) {
	table := spellings()
	if len(table) != 67 { // 12 vowels × 5 tones, 6 letters without tone, đ
		t.Errorf("%d letters", len(table))
	}
	codes := map[byte]rune{}
	texts := map[string]rune{}
	for r, s := range table {
		if other, ok := codes[s.tcvn3]; ok {
			t.Errorf("TCVN3 %#x is %c and %c", s.tcvn3, r, other)
		}
		if other, ok := texts[s.vni]; ok {
			t.Errorf("VNI %q is %c and %c", s.vni, r, other)
		}
		codes[s.tcvn3], texts[s.vni] = r, r
		for _, c := range s.vni {
			if c > 0xff {
				t.Errorf("VNI %q of %c is not in Windows-1252", s.vni, r)
			}
		}
		if s.base == r && s.base != 'đ' || utf8.RuneCountInString(string(decomposed(table, r))) == 1 && r != 'đ' {
			t.Errorf("%c is not taken apart", r)
		}
	}
	if withoutAccents("Đỗ Nghĩa Kỹ Ưu") != "Do Nghia Ky Uu" {
		t.Error(withoutAccents("Đỗ Nghĩa Kỹ Ưu"))
	}
}
