package pagetext

import (
	"strconv"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// baseEncoding returns the characters of one of the predefined encodings of
// simple fonts (annex D.2); "" is StandardEncoding.
func baseEncoding(name string) *[256]rune {
	var e [256]rune
	switch name {
	case "WinAnsiEncoding":
		for i := range 256 {
			e[i] = charmap.Windows1252.DecodeByte(byte(i))
		}
		for _, i := range []int{0x7f, 0x81, 0x8d, 0x8f, 0x90, 0x9d} {
			e[i] = '•' // annex D.2, note 3: unused codes above 40 octal are bullets
		}
	case "MacRomanEncoding":
		for i := range 256 {
			e[i] = charmap.Macintosh.DecodeByte(byte(i))
		}
	default:
		for i := 0x20; i < 0x7f; i++ {
			e[i] = rune(i)
		}
		e[0x27], e[0x60] = '’', '‘'
		for i, r := range []rune("¡¢£⁄¥ƒ§¤'“«‹›ﬁﬂ\x00–†‡·\x00¶•‚„”»…‰\x00¿\x00`´ˆ˜¯˘˙¨\x00˚¸\x00˝˛ˇ—") {
			e[0xa1+i] = r
		}
		for i, r := range map[int]rune{0xe1: 'Æ', 0xe3: 'ª', 0xe8: 'Ł', 0xe9: 'Ø', 0xea: 'Œ', 0xeb: 'º', 0xf1: 'æ', 0xf5: 'ı', 0xf8: 'ł', 0xf9: 'ø', 0xfa: 'œ', 0xfb: 'ß'} {
			e[i] = r
		}
	}
	for i := range 0x20 {
		e[i] = 0
	}
	return &e
}

// glyphNames are names of the Adobe Glyph List that are not a letter with
// accents. The keys of one character name themselves.
var glyphNames = map[string]string{
	"space": " ", "nbspace": " ", "nonbreakingspace": " ", "exclam": "!", "quotedbl": "\"", "numbersign": "#", "dollar": "$",
	"percent": "%", "ampersand": "&", "quotesingle": "'", "parenleft": "(", "parenright": ")", "asterisk": "*", "plus": "+",
	"comma": ",", "hyphen": "-", "minus": "−", "period": ".", "slash": "/", "zero": "0", "one": "1", "two": "2", "three": "3",
	"four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "colon": ":", "semicolon": ";", "less": "<",
	"equal": "=", "greater": ">", "question": "?", "at": "@", "bracketleft": "[", "backslash": "\\", "bracketright": "]",
	"asciicircum": "^", "underscore": "_", "grave": "`", "braceleft": "{", "bar": "|", "braceright": "}", "asciitilde": "~",
	"quoteleft": "‘", "quoteright": "’", "quotedblleft": "“", "quotedblright": "”", "quotesinglbase": "‚", "quotedblbase": "„",
	"endash": "–", "emdash": "—", "bullet": "•", "ellipsis": "…", "periodcentered": "·", "middot": "·", "section": "§",
	"paragraph": "¶", "degree": "°", "copyright": "©", "registered": "®", "trademark": "™", "guillemotleft": "«",
	"guillemotright": "»", "exclamdown": "¡", "questiondown": "¿", "cent": "¢", "sterling": "£", "yen": "¥", "currency": "¤",
	"brokenbar": "¦", "ordfeminine": "ª", "ordmasculine": "º", "logicalnot": "¬", "softhyphen": "\u00ad", "sfthyphen": "\u00ad",
	"macron": "¯", "plusminus": "±", "twosuperior": "²", "threesuperior": "³", "onesuperior": "¹", "acute": "´", "mu": "µ",
	"mu1": "µ", "cedilla": "¸", "onequarter": "¼", "onehalf": "½", "threequarters": "¾", "multiply": "×", "divide": "÷",
	"germandbls": "ß", "eth": "ð", "Eth": "Ð", "thorn": "þ", "Thorn": "Þ", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ",
	"oslash": "ø", "Oslash": "Ø", "lslash": "ł", "Lslash": "Ł", "dieresis": "¨", "circumflex": "ˆ", "tilde": "˜", "breve": "˘",
	"caron": "ˇ", "ring": "˚", "dotaccent": "˙", "ogonek": "˛", "hungarumlaut": "˝", "dotlessi": "ı", "florin": "ƒ",
	"fraction": "⁄", "fi": "fi", "fl": "fl", "ff": "ff", "ffi": "ffi", "ffl": "ffl", "dagger": "†", "daggerdbl": "‡",
	"perthousand": "‰", "guilsinglleft": "‹", "guilsinglright": "›", "Euro": "€", "dong": "₫", "dcroat": "đ", "dmacron": "đ",
	"Dcroat": "Đ", "Dslash": "Đ", "dslash": "đ", "Dmacron": "Đ", "gravecomb": "\u0300", "acutecomb": "\u0301", "tildecomb": "\u0303",
	"hookabovecomb": "\u0309", "dotbelowcomb": "\u0323",
}

var accentNames = []struct{ name, mark string }{
	{"circumflex", "\u0302"},
	{"breve", "\u0306"},
	{"horn", "\u031b"},
	{"grave", "\u0300"},
	{"acute", "\u0301"},
	{"hookabove", "\u0309"},
	{"tilde", "\u0303"},
	{"dotbelow", "\u0323"},
	{"dieresis", "\u0308"},
	{"caron", "\u030c"},
	{"cedilla", "\u0327"},
	{"ring", "\u030a"},
}

// glyphText is the text that a glyph name means (Adobe Glyph List
// Specification): Vietnamese letters are spelled as letter and accents, so
// "ohornhookabove" needs no entry. A suffix after a dot names a variant.
func glyphText(name string) (string, bool) {
	if i := strings.IndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	if s, ok := glyphNames[name]; ok {
		return s, true
	}
	switch {
	case len(name) == 1:
		return name, true
	case strings.HasPrefix(name, "uni") && len(name) >= 7 && len(name)%4 == 3:
		out := ""
		for h := name[3:]; h != ""; h = h[4:] {
			v, err := strconv.ParseUint(h[:4], 16, 32)
			if err != nil {
				return "", false
			}
			out += string(rune(v))
		}
		return out, true
	case len(name) >= 5 && len(name) <= 7 && name[0] == 'u':
		if v, err := strconv.ParseUint(name[1:], 16, 32); err == nil {
			return string(rune(v)), true
		}
	case strings.Contains(name, "_") && len(name) < 64: // a ligature: f_i
		out := ""
		for _, part := range strings.Split(name, "_") {
			s, ok := glyphText(part)
			if !ok {
				return "", false
			}
			out += s
		}
		return out, true
	}
	if len(name) < 4 || !isLetter(name[0]) {
		return "", false
	}
	out, rest := name[:1], name[1:]
	for rest != "" {
		i := 0
		for i < len(accentNames) && !strings.HasPrefix(rest, accentNames[i].name) {
			i++
		}
		if i == len(accentNames) {
			return "", false
		}
		out, rest = out+accentNames[i].mark, rest[len(accentNames[i].name):]
	}
	return norm.NFC.String(out), true
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
