package pdffile

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// TextString encodes s as a text string (7.9.2.2): ASCII as it is, all else as
// UTF-16BE with byte order mark, in Unicode normalisation form C.
func TextString(s string) String {
	s = norm.NFC.String(s)
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] < 32 || s[i] > 126 {
			plain = false
			break
		}
	}
	if plain {
		return String(s)
	}
	out := String{0xFE, 0xFF}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u>>8), byte(u))
	}
	return out
}

// Text decodes a text string: UTF-16 in both orders, UTF-8 (ISO 32000-2,
// 7.9.2.2) or PDFDocEncoding. Invalid parts become U+FFFD.
func (s String) Text() string {
	switch {
	case bytes.HasPrefix(s, []byte{0xFE, 0xFF}):
		return utf16Text(s[2:], 8, 0)
	case bytes.HasPrefix(s, []byte{0xFF, 0xFE}):
		return utf16Text(s[2:], 0, 8)
	case bytes.HasPrefix(s, []byte{0xEF, 0xBB, 0xBF}):
		return strings.ToValidUTF8(string(s[3:]), string(utf8.RuneError))
	}
	var b strings.Builder
	for _, c := range s {
		b.WriteRune(docRune(c))
	}
	return b.String()
}

func utf16Text(s String, first, second uint) string {
	u := make([]uint16, 0, len(s)/2)
	for i := 0; i+1 < len(s); i += 2 {
		u = append(u, uint16(s[i])<<first|uint16(s[i+1])<<second)
	}
	return string(utf16.Decode(u))
}

// docEncoding holds the codes of PDFDocEncoding that differ from Latin-1
// (annex D.2).
var docEncoding = map[byte]rune{
	0x18: '˘', 0x19: 'ˇ', 0x1A: 'ˆ', 0x1B: '˙', 0x1C: '˝', 0x1D: '˛', 0x1E: '˚', 0x1F: '˜',
	0x80: '•', 0x81: '†', 0x82: '‡', 0x83: '…', 0x84: '—', 0x85: '–', 0x86: 'ƒ', 0x87: '⁄', 0x88: '‹', 0x89: '›',
	0x8A: '−', 0x8B: '‰', 0x8C: '„', 0x8D: '“', 0x8E: '”', 0x8F: '‘', 0x90: '’', 0x91: '‚', 0x92: '™', 0x93: 'ﬁ',
	0x94: 'ﬂ', 0x95: 'Ł', 0x96: 'Œ', 0x97: 'Š', 0x98: 'Ÿ', 0x99: 'Ž', 0x9A: 'ı', 0x9B: 'ł', 0x9C: 'œ', 0x9D: 'š',
	0x9E: 'ž', 0xA0: '€',
}

func docRune(c byte) rune {
	if r, ok := docEncoding[c]; ok {
		return r
	}
	if c == 0x7F || c == 0x9F || c == 0xAD {
		return utf8.RuneError
	}
	return rune(c)
}

// vietnam is UTC+7 all year; the zone of the computer plays no part.
var vietnam = time.FixedZone("+07", 7*3600)

// Date is t as a date string (7.9.4), in Vietnamese time: D:20261122164703+07'00'.
func Date(t time.Time) String {
	return String(t.In(vietnam).Format("D:20060102150405-07'00'"))
}

// ParseDate reads a date string; later parts may be missing.
func ParseDate(s String) (time.Time, error) {
	v := strings.TrimPrefix(strings.ReplaceAll(s.Text(), "'", ""), "D:")
	v = strings.TrimSuffix(v, "Z0000")
	for _, layout := range []string{"20060102150405-0700", "20060102150405-07", "20060102150405Z", "20060102150405", "200601021504", "20060102", "200601", "2006"} {
		if t, err := time.Parse(layout, v); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%w: date %q", ErrDamaged, clip(v))
}
