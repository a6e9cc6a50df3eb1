package layout

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// foldRune is the plain small letter of a letter in NFC: ệ → e, Đ → d. The Eth
// that many documents have in the place of Đ counts as Đ.
func foldRune(r rune) rune {
	switch {
	case r < 0x80:
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	case r == 'Đ' || r == 'đ' || r == 'Ð' || r == 'ð' || r == 'Ɖ':
		return 'd'
	case r == '–' || r == '—' || r == '‐' || r == '‑' || r == '−':
		return '-'
	case r == '\u00a0':
		return ' '
	}
	if int(r) < len(foldTable()) {
		return foldTable()[r]
	}
	return decompose(r)
}

// foldTable is foldRune for the letters of the Latin alphabets.
var foldTable = sync.OnceValue(func() []rune {
	table := make([]rune, 0x1f00)
	for i := range table {
		table[i] = decompose(rune(i))
	}
	return table
})

func decompose(r rune) rune {
	for _, b := range norm.NFD.String(string(unicode.ToLower(r))) {
		return b
	}
	return r
}

// foldRunes folds each rune, so that indexes stay.
func foldRunes(rs []rune) []rune {
	out := make([]rune, len(rs))
	for i, r := range rs {
		out[i] = foldRune(r)
	}
	return out
}

// fold folds a text and squeezes its spaces, for comparing.
func fold(s string) string {
	return strings.Join(strings.Fields(string(foldRunes([]rune(norm.NFC.String(s))))), " ")
}

// dense folds a text and drops its spaces: producers lose them.
func dense(s string) string { return strings.ReplaceAll(fold(s), " ", "") }

// capitals tells whether a text with letters has no small ones, but for one in
// eight.
func capitals(s string) bool {
	upper, lower := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		}
	}
	return upper >= 2 && lower*8 <= upper
}

// indexRunes is the index of a word in folded runes from start on, or -1.
func indexRunes(rs []rune, word string, start int) int {
	w := []rune(word)
	for i := max(0, start); i+len(w) <= len(rs); i++ {
		j := 0
		for j < len(w) && rs[i+j] == w[j] {
			j++
		}
		if j == len(w) {
			return i
		}
	}
	return -1
}
