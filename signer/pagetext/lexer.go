package pagetext

import (
	"math"
	"strconv"
)

// kind is the kind of an operand.
type kind uint8

const (
	noKind kind = iota
	number
	name
	str
	array
	dict
	keyword // an operator, or true, false, null
)

// operand is an operand of a content stream operator (7.8.2), or an operator.
type operand struct {
	kind kind
	num  float64
	text []byte // of a name, string or keyword; valid until the next operator
	list []operand
	keys map[string]operand
}

// lexer reads the tokens of a content stream or a CMap. It forgives: what is no
// token is skipped, as viewers do.
type lexer struct {
	b   []byte
	pos int
}

// maxNesting bounds arrays and dictionaries inside each other.
const maxNesting = 16

// maxItems bounds the operands of one array or dictionary. TJ arrays of whole
// lines have some hundred.
const maxItems = 1 << 16

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0 || c == '\f'
}

func isDelim(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

func (l *lexer) space() {
	for l.pos < len(l.b) {
		c := l.b[l.pos]
		if c == '%' {
			for l.pos < len(l.b) && l.b[l.pos] != '\n' && l.b[l.pos] != '\r' {
				l.pos++
			}
			continue
		}
		if !isSpace(c) {
			return
		}
		l.pos++
	}
}

// next reads a token; ok is false at the end.
func (l *lexer) next() (o operand, ok bool) { return l.token(0) }

func (l *lexer) token(depth int) (operand, bool) {
	for {
		l.space()
		if l.pos >= len(l.b) {
			return operand{}, false
		}
		c := l.b[l.pos]
		switch {
		case c == '/':
			l.pos++
			return operand{kind: name, text: l.name()}, true
		case c == '(':
			l.pos++
			return operand{kind: str, text: l.literal()}, true
		case c == '<' && l.pos+1 < len(l.b) && l.b[l.pos+1] == '<':
			l.pos += 2
			if depth >= maxNesting {
				continue
			}
			return operand{kind: dict, keys: l.dict(depth + 1)}, true
		case c == '<':
			l.pos++
			return operand{kind: str, text: l.hex()}, true
		case c == '[':
			l.pos++
			if depth >= maxNesting {
				continue
			}
			return operand{kind: array, list: l.array(depth + 1)}, true
		case isDelim(c): // a stray closing sign
			l.pos++
			if c == ']' || c == '>' {
				return operand{kind: noKind, text: l.b[l.pos-1 : l.pos]}, true
			}
			continue
		}
		return l.word(), true
	}
}

// word reads a number or a keyword.
func (l *lexer) word() operand {
	from := l.pos
	for l.pos < len(l.b) && !isSpace(l.b[l.pos]) && !isDelim(l.b[l.pos]) {
		l.pos++
	}
	w := l.b[from:l.pos]
	if c := w[0]; c >= '0' && c <= '9' || c == '-' || c == '.' || c == '+' {
		if v, ok := parseNumber(w); ok {
			return operand{kind: number, num: v}
		}
	}
	return operand{kind: keyword, text: w}
}

// parseNumber reads a number of PDF syntax (7.3.3); "--5" and "5-3" are taken
// as viewers take them, as -5 and 5.
func parseNumber(w []byte) (float64, bool) {
	i, negative := 0, false
	for i < len(w) && (w[i] == '-' || w[i] == '+') {
		negative = negative || w[i] == '-'
		i++
	}
	v, digits, scale := 0.0, 0, 0.0
	for ; i < len(w); i++ {
		c := w[i]
		switch {
		case c >= '0' && c <= '9':
			digits++
			if digits > 40 {
				continue
			}
			if scale > 0 {
				v += float64(c-'0') * scale
				scale /= 10
			} else {
				v = v*10 + float64(c-'0')
			}
		case c == '.' && scale == 0:
			scale = 0.1
		case c == '-':
			i = len(w)
		case c == 'e' || c == 'E':
			f, err := strconv.ParseFloat(string(w), 64)
			return f, err == nil && !math.IsInf(f, 0)
		default:
			return 0, false
		}
	}
	if digits == 0 && scale == 0 {
		return 0, false
	}
	if negative {
		v = -v
	}
	return v, true
}

func (l *lexer) name() []byte {
	from := l.pos
	escaped := false
	for l.pos < len(l.b) && !isSpace(l.b[l.pos]) && !isDelim(l.b[l.pos]) {
		escaped = escaped || l.b[l.pos] == '#'
		l.pos++
	}
	raw := l.b[from:l.pos]
	if !escaped {
		return raw
	}
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) && unhex(raw[i+1]) >= 0 && unhex(raw[i+2]) >= 0 {
			out = append(out, byte(unhex(raw[i+1])<<4|unhex(raw[i+2])))
			i += 2
			continue
		}
		out = append(out, raw[i])
	}
	return out
}

func unhex(c byte) int {
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

// literal reads a string after its opening parenthesis (7.3.4.2).
func (l *lexer) literal() []byte {
	out := []byte{}
	for open := 1; l.pos < len(l.b); l.pos++ {
		c := l.b[l.pos]
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				l.pos++
				return out
			}
		case '\r':
			c = '\n'
			if l.pos+1 < len(l.b) && l.b[l.pos+1] == '\n' {
				l.pos++
			}
		case '\\':
			if l.pos++; l.pos >= len(l.b) {
				return out
			}
			e, ok := l.escape()
			if !ok {
				continue
			}
			c = e
		}
		out = append(out, c)
	}
	return out
}

func (l *lexer) escape() (c byte, ok bool) {
	switch c = l.b[l.pos]; c {
	case 'n':
		return '\n', true
	case 'r':
		return '\r', true
	case 't':
		return '\t', true
	case 'b':
		return '\b', true
	case 'f':
		return '\f', true
	case '\n':
		return 0, false
	case '\r':
		if l.pos+1 < len(l.b) && l.b[l.pos+1] == '\n' {
			l.pos++
		}
		return 0, false
	}
	if c < '0' || c > '7' {
		return c, true
	}
	v := 0
	for i := 0; i < 3 && l.pos < len(l.b) && l.b[l.pos] >= '0' && l.b[l.pos] <= '7'; i++ {
		v = v<<3 | int(l.b[l.pos]-'0')
		l.pos++
	}
	l.pos-- // the loop of literal steps on
	return byte(v), true
}

// hex reads a hexadecimal string after its opening sign.
func (l *lexer) hex() []byte {
	out := []byte{}
	high := -1
	for ; l.pos < len(l.b); l.pos++ {
		c := l.b[l.pos]
		if c == '>' {
			l.pos++
			break
		}
		v := unhex(c)
		switch {
		case v < 0:
		case high < 0:
			high = v
		default:
			out = append(out, byte(high<<4|v))
			high = -1
		}
	}
	if high >= 0 {
		out = append(out, byte(high<<4))
	}
	return out
}

func (l *lexer) array(depth int) []operand {
	var out []operand
	for {
		o, ok := l.token(depth)
		if !ok {
			return out
		}
		if o.kind == noKind {
			if o.text[0] == ']' {
				return out
			}
			continue
		}
		if len(out) < maxItems {
			out = append(out, o)
		}
	}
}

func (l *lexer) dict(depth int) map[string]operand {
	out := map[string]operand{}
	for {
		key, ok := l.token(depth)
		if !ok {
			return out
		}
		if key.kind == noKind && key.text[0] == '>' {
			if l.pos < len(l.b) && l.b[l.pos] == '>' {
				l.pos++
			}
			return out
		}
		if key.kind != name {
			continue
		}
		value, ok := l.token(depth)
		if !ok {
			return out
		}
		if value.kind == noKind {
			if value.text[0] == '>' {
				if l.pos < len(l.b) && l.b[l.pos] == '>' {
					l.pos++
				}
				return out
			}
			continue
		}
		if len(out) < maxItems {
			out[string(key.text)] = value
		}
	}
}
