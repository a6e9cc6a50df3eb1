package report

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

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
