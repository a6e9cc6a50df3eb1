package content

import (
	"bytes"
	"math"
	"strconv"

	"antin/signer/pdffile/syntax"
)

// Kind is the kind of an operand.
type Kind uint8

// The kinds of operands. A Keyword is an operator, or true, false, null.
const (
	None Kind = iota
	Number
	Name
	String
	Array
	Dict
	Keyword
)

// Operand is an operand of an operator (7.8.2), or an operator.
type Operand struct {
	Kind Kind
	Num  float64
	Text []byte // of a name, string or keyword; a name or keyword may lie in the stream's bytes
	List []Operand
	Keys map[string]Operand
}

// Is tells whether o is that keyword.
func (o Operand) Is(keyword string) bool { return o.Kind == Keyword && string(o.Text) == keyword }

// Lexer reads the tokens of a content stream, a CMap or the clear part of a
// font program. It forgives: what is no token is skipped, as viewers do.
type Lexer struct {
	b   []byte
	pos int
}

// NewLexer reads b, which is not changed.
func NewLexer(b []byte) *Lexer { return &Lexer{b: b} }

// maxNesting bounds arrays and dictionaries inside each other.
const maxNesting = 16

// maxItems bounds the operands of one array or dictionary. TJ arrays of whole
// lines have some hundred.
const maxItems = 1 << 16

// Next reads a token; ok is false at the end.
func (l *Lexer) Next() (o Operand, ok bool) { return l.token(0) }

func (l *Lexer) token(depth int) (Operand, bool) {
	for {
		l.pos = syntax.Space(l.b, l.pos)
		if l.pos >= len(l.b) {
			return Operand{}, false
		}
		c := l.b[l.pos]
		switch {
		case c == '/':
			from := l.pos + 1
			l.pos = syntax.Word(l.b, from)
			return Operand{Kind: Name, Text: syntax.Name(l.b[from:l.pos])}, true
		case c == '(':
			var text []byte
			text, l.pos, _ = syntax.Literal(l.b, l.pos+1)
			return Operand{Kind: String, Text: text}, true
		case c == '<' && l.pos+1 < len(l.b) && l.b[l.pos+1] == '<':
			l.pos += 2
			if depth >= maxNesting {
				continue
			}
			return Operand{Kind: Dict, Keys: l.dict(depth + 1)}, true
		case c == '<':
			digits, _, closed := bytes.Cut(l.b[l.pos+1:], []byte{'>'})
			if l.pos += 1 + len(digits); closed {
				l.pos++
			}
			text, _ := syntax.Hex(digits)
			return Operand{Kind: String, Text: text}, true
		case c == '[':
			l.pos++
			if depth >= maxNesting {
				continue
			}
			return Operand{Kind: Array, List: l.array(depth + 1)}, true
		case syntax.IsDelimiter(c): // a stray closing sign
			l.pos++
			if c == ']' || c == '>' {
				return Operand{Kind: None, Text: l.b[l.pos-1 : l.pos]}, true
			}
			continue
		}
		return l.word(), true
	}
}

// word reads a number or a keyword.
func (l *Lexer) word() Operand {
	from := l.pos
	l.pos = syntax.Word(l.b, from)
	w := l.b[from:l.pos]
	if c := w[0]; c >= '0' && c <= '9' || c == '-' || c == '.' || c == '+' {
		if v, ok := parseNumber(w); ok {
			return Operand{Kind: Number, Num: v}
		}
	}
	return Operand{Kind: Keyword, Text: w}
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

func (l *Lexer) array(depth int) []Operand {
	var out []Operand
	for {
		o, ok := l.token(depth)
		if !ok {
			return out
		}
		if o.Kind == None {
			if o.Text[0] == ']' {
				return out
			}
			continue
		}
		if len(out) < maxItems {
			out = append(out, o)
		}
	}
}

func (l *Lexer) dict(depth int) map[string]Operand {
	out := map[string]Operand{}
	for {
		key, ok := l.token(depth)
		if !ok {
			return out
		}
		if key.Kind == None && key.Text[0] == '>' {
			if l.pos < len(l.b) && l.b[l.pos] == '>' {
				l.pos++
			}
			return out
		}
		if key.Kind != Name {
			continue
		}
		value, ok := l.token(depth)
		if !ok {
			return out
		}
		if value.Kind == None {
			if value.Text[0] == '>' {
				if l.pos < len(l.b) && l.b[l.pos] == '>' {
					l.pos++
				}
				return out
			}
			continue
		}
		if len(out) < maxItems {
			out[string(key.Text)] = value
		}
	}
}

// SkipInline passes over the data of an inline image (8.9.7), after ID or from
// BI on, up to its EI between white space. Binary data may hold the same bytes by
// chance: text must follow.
func (l *Lexer) SkipInline() {
	for {
		i := bytes.Index(l.b[l.pos:], []byte("EI"))
		if i < 0 {
			l.pos = len(l.b)
			return
		}
		at := l.pos + i
		l.pos = at + 2
		if at > 0 && syntax.IsSpace(l.b[at-1]) && (l.pos == len(l.b) || syntax.IsSpace(l.b[l.pos])) && plain(l.b[l.pos:min(len(l.b), l.pos+12)]) {
			return
		}
	}
}

func plain(b []byte) bool {
	for _, c := range b {
		if c >= 0x7f || c < ' ' && !syntax.IsSpace(c) {
			return false
		}
	}
	return true
}
