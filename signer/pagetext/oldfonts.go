package pagetext

import (
	"strings"
	"unicode"

	"golang.org/x/text/encoding/charmap"
)

// oldFont is a way in which fonts from before Unicode wrote Vietnamese with the
// codes of Western letters.
type oldFont int

const (
	notOld    oldFont = iota
	tcvn3             // TCVN 5712:1993, VN3 ("ABC"): .VnTime, .VnArial …
	tcvn3Caps         // the same with capitals in the places of small letters: .VnTimeH
	vni               // VNI Windows: a letter, then its accents as a second character
)

// oldFontOf tells by its name whether a font is an old one.
func oldFontOf(name string) oldFont {
	n := strings.ToLower(strings.TrimLeft(name, "."))
	switch {
	case strings.HasPrefix(n, "vni-") || strings.HasPrefix(n, "vni "):
		return vni
	case !strings.HasPrefix(n, "vn") || strings.HasPrefix(n, "vntimes new"):
		return notOld
	case !strings.HasPrefix(name, "."):
		// Producers lose the dot. The family names are known.
		family := n[2:]
		known := false
		for _, f := range []string{"time", "arial", "avant", "book", "helve", "courier", "aristote", "black", "centur", "cooper", "souther", "university", "commercial", "present", "mono", "memorandum"} {
			known = known || strings.HasPrefix(family, f)
		}
		if !known {
			return notOld
		}
	}
	family := strings.TrimLeft(name, ".")
	if i := strings.IndexAny(family, "-, "); i > 0 {
		family = family[:i]
	}
	for _, style := range []string{"BoldItalic", "Bold", "Italic"} {
		family = strings.TrimSuffix(family, style)
	}
	if strings.HasSuffix(family, "H") {
		return tcvn3Caps
	}
	return tcvn3
}

// tcvn3Letter is the letter that a TCVN3 font shows for a Western one.
func tcvn3Letter(r rune, caps bool) rune {
	if b, ok := charmap.Windows1252.EncodeRune(r); ok && b >= 0xa1 {
		if l := tcvn3Table[b]; l != 0 {
			r = l
		}
	}
	if caps {
		r = unicode.ToUpper(r)
	}
	return r
}

// tcvn3Table maps codes to letters: TCVN 5712:1993, VN3.
var tcvn3Table = map[byte]rune{
	0xA1: 'Ă', 0xA2: 'Â', 0xA3: 'Ê', 0xA4: 'Ô', 0xA5: 'Ơ', 0xA6: 'Ư', 0xA7: 'Đ',
	0xA8: 'ă', 0xA9: 'â', 0xAA: 'ê', 0xAB: 'ô', 0xAC: 'ơ', 0xAD: 'ư', 0xAE: 'đ',
	0xB5: 'à', 0xB6: 'ả', 0xB7: 'ã', 0xB8: 'á', 0xB9: 'ạ', 0xBB: 'ằ', 0xBC: 'ẳ', 0xBD: 'ẵ', 0xBE: 'ắ', 0xC6: 'ặ',
	0xC7: 'ầ', 0xC8: 'ẩ', 0xC9: 'ẫ', 0xCA: 'ấ', 0xCB: 'ậ', 0xCC: 'è', 0xCE: 'ẻ', 0xCF: 'ẽ', 0xD0: 'é', 0xD1: 'ẹ',
	0xD2: 'ề', 0xD3: 'ể', 0xD4: 'ễ', 0xD5: 'ế', 0xD6: 'ệ', 0xD7: 'ì', 0xD8: 'ỉ', 0xDC: 'ĩ', 0xDD: 'í', 0xDE: 'ị',
	0xDF: 'ò', 0xE1: 'ỏ', 0xE2: 'õ', 0xE3: 'ó', 0xE4: 'ọ', 0xE5: 'ồ', 0xE6: 'ổ', 0xE7: 'ỗ', 0xE8: 'ố', 0xE9: 'ộ',
	0xEA: 'ờ', 0xEB: 'ở', 0xEC: 'ỡ', 0xED: 'ớ', 0xEE: 'ợ', 0xEF: 'ù', 0xF1: 'ủ', 0xF2: 'ũ', 0xF3: 'ú', 0xF4: 'ụ',
	0xF5: 'ừ', 0xF6: 'ử', 0xF7: 'ữ', 0xF8: 'ứ', 0xF9: 'ự', 0xFA: 'ỳ', 0xFB: 'ỷ', 0xFC: 'ỹ', 0xFD: 'ý', 0xFE: 'ỵ',
}

// vniSingle are the letters that VNI fonts write with one character.
var vniSingle = map[rune]rune{
	'ñ': 'đ', 'Ñ': 'Đ', 'ô': 'ơ', 'Ô': 'Ơ', 'ö': 'ư', 'Ö': 'Ư',
	'æ': 'ỉ', 'Æ': 'Ỉ', 'ó': 'ĩ', 'Ó': 'Ĩ', 'ò': 'ị', 'Ò': 'Ị', 'î': 'ỵ', 'Î': 'Ỵ',
}

// vniMarks are the second characters of a VNI letter as combining marks.
var vniMarks = map[rune]string{
	'ù': "\u0301", 'ø': "\u0300", 'û': "\u0309", 'õ': "\u0303", 'ï': "\u0323",
	'â': "\u0302", 'á': "\u0302\u0301", 'à': "\u0302\u0300", 'å': "\u0302\u0309", 'ã': "\u0302\u0303", 'ä': "\u0302\u0323",
	'ê': "\u0306", 'é': "\u0306\u0301", 'è': "\u0306\u0300", 'ú': "\u0306\u0309", 'ü': "\u0306\u0303", 'ë': "\u0306\u0323",
}

// vniMark is what a VNI character adds to the letter before it. The accents of
// ă stand behind a only; those of â behind a, e and o.
func vniMark(letter, r rune) (string, bool) {
	m, ok := vniMarks[unicode.ToLower(r)]
	if !ok {
		return "", false
	}
	base := unicode.ToLower(letter)
	switch []rune(m)[0] {
	case '\u0306':
		ok = base == 'a'
	case '\u0302':
		ok = base == 'a' || base == 'e' || base == 'o'
	default:
		ok = strings.ContainsRune("aeouyơư", base)
	}
	return m, ok
}
