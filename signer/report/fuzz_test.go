package report

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

// Any content stream comes to an end, one token after the other.
func FuzzTokens(f *testing.F) {
	for _, s := range []string{"q 1 0 0 1 0 0 cm /Im0 Do Q", "(a(b\\)c) Tj", "<41> Tj <</A/B>> BDC", "BI /W 1 ID \x00 EI Q", "% c\n/A#20B", "((((", "<", "/", "\\"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s := tokens{b: b}
		for n := 0; ; n++ {
			kind, word := s.next()
			if kind == tokenEnd {
				break
			}
			if string(word) == "BI" {
				s.skipInline()
			}
			if n > len(b) {
				t.Fatalf("%d tokens in %d bytes", n, len(b))
			}
		}
	})
}

// Whatever a stranger writes, a line stays one visible line of bounded length.
func FuzzLine(f *testing.F) {
	for _, s := range []string{"Nguyễn Văn An", "a\u202eb\u0000c", "\xff", "Z\u0301\u0301\u0301\u0301", " \n ", "\ufeff\ufff9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := line(s)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxLine {
			t.Fatalf("%q", got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r != ' ' && unicode.IsSpace(r) {
				t.Fatalf("%q holds %U", got, r)
			}
		}
		for _, r := range drawable(got) {
			if !hasGlyph(r) {
				t.Fatalf("%q cannot be printed", got)
			}
		}
	})
}
