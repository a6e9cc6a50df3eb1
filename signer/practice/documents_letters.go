package practice

import (
	"strings"
	"unicode"
)

// anatomy is a Vietnamese letter taken apart.
type anatomy struct {
	base rune // a plain vowel
	hat  rune // combining circumflex, breve or horn; 0 for none
	tone rune // combining tone mark; 0 for none
}

// Tones in the order in which the tables below list them.
var toneMarks = []rune{0x0300, 0x0309, 0x0303, 0x0301, 0x0323} // huyền, hỏi, ngã, sắc, nặng

var vowels = []struct {
	plain  rune // without tone
	base   rune
	hat    rune
	tones  string
	tcvn3  byte // code of plain, 0 for ASCII
	toned  [5]byte
	vni    string
	vniTon [5]string
}{
	{'a', 'a', 0, "àảãáạ", 0, [5]byte{0xB5, 0xB6, 0xB7, 0xB8, 0xB9}, "a", [5]string{"aø", "aû", "aõ", "aù", "aï"}},
	{'ă', 'a', 0x0306, "ằẳẵắặ", 0xA8, [5]byte{0xBB, 0xBC, 0xBD, 0xBE, 0xC6}, "aê", [5]string{"aè", "aú", "aü", "aé", "aë"}},
	{'â', 'a', 0x0302, "ầẩẫấậ", 0xA9, [5]byte{0xC7, 0xC8, 0xC9, 0xCA, 0xCB}, "aâ", [5]string{"aà", "aå", "aã", "aá", "aä"}},
	{'e', 'e', 0, "èẻẽéẹ", 0, [5]byte{0xCC, 0xCE, 0xCF, 0xD0, 0xD1}, "e", [5]string{"eø", "eû", "eõ", "eù", "eï"}},
	{'ê', 'e', 0x0302, "ềểễếệ", 0xAA, [5]byte{0xD2, 0xD3, 0xD4, 0xD5, 0xD6}, "eâ", [5]string{"eà", "eå", "eã", "eá", "eä"}},
	{'i', 'i', 0, "ìỉĩíị", 0, [5]byte{0xD7, 0xD8, 0xDC, 0xDD, 0xDE}, "i", [5]string{"ì", "æ", "ó", "í", "ò"}},
	{'o', 'o', 0, "òỏõóọ", 0, [5]byte{0xDF, 0xE1, 0xE2, 0xE3, 0xE4}, "o", [5]string{"oø", "oû", "oõ", "où", "oï"}},
	{'ô', 'o', 0x0302, "ồổỗốộ", 0xAB, [5]byte{0xE5, 0xE6, 0xE7, 0xE8, 0xE9}, "oâ", [5]string{"oà", "oå", "oã", "oá", "oä"}},
	{'ơ', 'o', 0x031B, "ờởỡớợ", 0xAC, [5]byte{0xEA, 0xEB, 0xEC, 0xED, 0xEE}, "ô", [5]string{"ôø", "ôû", "ôõ", "ôù", "ôï"}},
	{'u', 'u', 0, "ùủũúụ", 0, [5]byte{0xEF, 0xF1, 0xF2, 0xF3, 0xF4}, "u", [5]string{"uø", "uû", "uõ", "uù", "uï"}},
	{'ư', 'u', 0x031B, "ừửữứự", 0xAD, [5]byte{0xF5, 0xF6, 0xF7, 0xF8, 0xF9}, "ö", [5]string{"öø", "öû", "öõ", "öù", "öï"}},
	{'y', 'y', 0, "ỳỷỹýỵ", 0, [5]byte{0xFA, 0xFB, 0xFC, 0xFD, 0xFE}, "y", [5]string{"yø", "yû", "yõ", "yù", "î"}},
}

// spelling is what the tables say about a small letter.
type spelling struct {
	anatomy
	tcvn3 byte
	vni   string
}

// spellings are all Vietnamese small letters that are not plain ASCII.
func spellings() map[rune]spelling {
	out := map[rune]spelling{'đ': {anatomy{'đ', 0, 0}, 0xAE, "ñ"}}
	for _, v := range vowels {
		if v.plain != v.base {
			out[v.plain] = spelling{anatomy{v.base, v.hat, 0}, v.tcvn3, v.vni}
		}
		for i, r := range []rune(v.tones) {
			out[r] = spelling{anatomy{v.base, v.hat, toneMarks[i]}, v.toned[i], v.vniTon[i]}
		}
	}
	return out
}

// decomposed are the letter and its combining marks (NFD in sense, marks in the
// order of writing).
func decomposed(table map[rune]spelling, r rune) []rune {
	s, ok := table[unicode.ToLower(r)]
	if !ok || s.hat == 0 && s.tone == 0 {
		return []rune{r}
	}
	base := s.base
	if unicode.IsUpper(r) {
		base = unicode.ToUpper(base)
	}
	out := []rune{base}
	if s.hat != 0 {
		out = append(out, s.hat)
	}
	if s.tone != 0 {
		out = append(out, s.tone)
	}
	return out
}

// capitalsTCVN3 are the capitals that TCVN 5712:1993, VN3 has codes for.
var capitalsTCVN3 = map[rune]byte{'Ă': 0xA1, 'Â': 0xA2, 'Ê': 0xA3, 'Ô': 0xA4, 'Ơ': 0xA5, 'Ư': 0xA6, 'Đ': 0xA7}

// tcvn3Code is the code of a letter and whether it needs the font with capitals
// in the places of small letters (.VnTimeH).
func tcvn3Code(table map[rune]spelling, r rune) (code byte, caps, ok bool) {
	if c, ok := capitalsTCVN3[r]; ok {
		return c, false, true
	}
	if s, ok := table[r]; ok {
		return s.tcvn3, false, true
	}
	if s, ok := table[unicode.ToLower(r)]; ok {
		return s.tcvn3, true, true
	}
	switch r {
	case '–', '—':
		return '-', false, true
	case '“', '”':
		return '"', false, true
	case '…':
		return 0x85, false, true
	}
	return byte(r), false, r < 0x80
}

// vniText is a letter in the characters of a VNI font, of Windows-1252.
func vniText(table map[rune]spelling, r rune) (string, bool) {
	s, ok := table[unicode.ToLower(r)]
	switch {
	case ok && unicode.IsUpper(r):
		return strings.ToUpper(s.vni), true
	case ok:
		return s.vni, true
	case r == '–' || r == '—':
		return "-", true
	case r == '“' || r == '”':
		return "\"", true
	case r == '…':
		return "...", true
	}
	return string(r), r < 0x80
}
