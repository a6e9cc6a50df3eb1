// Package syntax reads the smallest pieces of PDF: classes of characters, white
// space, names and strings (ISO 32000-1:2008, 7.2, 7.3.4 and 7.3.5).
//
// The reader of files is strict and that of content streams forgives; what both
// read alike is here. Functions take the bytes and the place of the piece, and
// give the place after it.
package syntax

import "bytes"

// IsSpace tells white space (7.2.2, table 1).
func IsSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0 || c == '\f'
}

// IsDelimiter tells the characters that end a token and are one (7.2.2, table 2).
func IsDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

// IsRegular tells all other characters: those of names, numbers and keywords.
func IsRegular(c byte) bool { return !IsSpace(c) && !IsDelimiter(c) }

// Space skips white space and comments.
func Space(b []byte, pos int) int {
	for pos < len(b) {
		c := b[pos]
		if c == '%' {
			for pos < len(b) && b[pos] != '\n' && b[pos] != '\r' {
				pos++
			}
			continue
		}
		if !IsSpace(c) {
			return pos
		}
		pos++
	}
	return pos
}

// Word skips regular characters.
func Word(b []byte, pos int) int {
	for pos < len(b) && IsRegular(b[pos]) {
		pos++
	}
	return pos
}

// Name is what a name without its slash means (7.3.5): #41 is A. It is raw
// itself where nothing is escaped.
func Name(raw []byte) []byte {
	if bytes.IndexByte(raw, '#') < 0 {
		return raw
	}
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) && digit(raw[i+1]) >= 0 && digit(raw[i+2]) >= 0 {
			out = append(out, byte(digit(raw[i+1])<<4|digit(raw[i+2])))
			i += 2
			continue
		}
		out = append(out, raw[i])
	}
	return out
}

// Literal reads a string whose opening parenthesis is before pos (7.3.4.2).
// closed is false when b ends inside it; s is then what there was.
func Literal(b []byte, pos int) (s []byte, next int, closed bool) {
	s = []byte{}
	for open := 1; pos < len(b); pos++ {
		c := b[pos]
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return s, pos + 1, true
			}
		case '\r': // an end of line is read as \n whatever its form
			c = '\n'
			if pos+1 < len(b) && b[pos+1] == '\n' {
				pos++
			}
		case '\\':
			if pos++; pos >= len(b) {
				return s, pos, false
			}
			var stands bool
			if c, pos, stands = escape(b, pos); !stands {
				continue
			}
		}
		s = append(s, c)
	}
	return s, pos, false
}

// escape reads what follows a backslash and gives the place of its last byte;
// stands is false for a line that goes on.
func escape(b []byte, pos int) (c byte, last int, stands bool) {
	switch c = b[pos]; c {
	case 'n':
		return '\n', pos, true
	case 'r':
		return '\r', pos, true
	case 't':
		return '\t', pos, true
	case 'b':
		return '\b', pos, true
	case 'f':
		return '\f', pos, true
	case '\n':
		return 0, pos, false
	case '\r':
		if pos+1 < len(b) && b[pos+1] == '\n' {
			pos++
		}
		return 0, pos, false
	}
	if c < '0' || c > '7' {
		return c, pos, true
	}
	v, end := 0, min(pos+3, len(b))
	for ; pos < end && b[pos] >= '0' && b[pos] <= '7'; pos++ {
		v = v<<3 | int(b[pos]-'0')
	}
	return byte(v), pos - 1, true
}

// Hex is what the digits between < and > mean (7.3.4.3); a missing last one is
// 0. stray is the place of the first byte that is neither a digit nor white
// space, -1 if there is none; such bytes are passed over.
func Hex(digits []byte) (s []byte, stray int) {
	s, stray = make([]byte, 0, (len(digits)+1)/2), -1
	high := -1
	for i, c := range digits {
		v := digit(c)
		switch {
		case v < 0:
			if stray < 0 && !IsSpace(c) {
				stray = i
			}
		case high < 0:
			high = v
		default:
			s, high = append(s, byte(high<<4|v)), -1
		}
	}
	if high >= 0 {
		s = append(s, byte(high<<4))
	}
	return s, stray
}

// digit is the value of a hexadecimal digit, -1 for other bytes.
func digit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
