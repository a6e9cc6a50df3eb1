package pdffile

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// errShort says that the window ended inside a token; the caller reads more.
var errShort = errors.New("window too short")

// parser reads objects from a window of the file.
type parser struct {
	b        []byte
	pos      int
	last     bool // nothing follows b
	depth    int
	maxDepth int

	duplicate bool                // some dictionary named a key twice
	spans     map[string][2]int64 // when not nil: place of every dictionary value by its path "V/Contents"
	base      int64               // file offset of b[0]
	path      string
}

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

func isRegular(c byte) bool { return !isSpace(c) && !isDelim(c) }

func (p *parser) damaged(format string, args ...any) error {
	return fmt.Errorf("%w: at byte %d: %s", ErrDamaged, p.base+int64(p.pos), fmt.Sprintf(format, args...))
}

// end is what a token that meets the end of the window gets.
func (p *parser) end() error {
	if p.last {
		return fmt.Errorf("%w: at byte %d", ErrTruncated, p.base+int64(len(p.b)))
	}
	return errShort
}

// space skips white space and comments.
func (p *parser) space() {
	for p.pos < len(p.b) {
		c := p.b[p.pos]
		if c == '%' {
			for p.pos < len(p.b) && p.b[p.pos] != '\n' && p.b[p.pos] != '\r' {
				p.pos++
			}
			continue
		}
		if !isSpace(c) {
			return
		}
		p.pos++
	}
}

// word reads a run of regular characters, such as a keyword or a number.
func (p *parser) word() (string, error) {
	from := p.pos
	for p.pos < len(p.b) && isRegular(p.b[p.pos]) {
		p.pos++
	}
	if p.pos == len(p.b) && !p.last {
		return "", errShort
	}
	return string(p.b[from:p.pos]), nil
}

// keyword skips space and expects w.
func (p *parser) keyword(w string) error {
	p.space()
	from := p.pos
	got, err := p.word()
	if err != nil {
		return err
	}
	if got != w {
		p.pos = from
		return p.damaged("want %q, have %q", w, clip(got))
	}
	return nil
}

func clip(s string) string {
	if len(s) > 24 {
		return s[:24] + "…"
	}
	return s
}

// integer skips space and reads a non-negative integer.
func (p *parser) integer() (int64, error) {
	p.space()
	from := p.pos
	w, err := p.word()
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(w, 10, 64)
	if err != nil || n < 0 {
		p.pos = from
		return 0, p.damaged("want an integer, have %q", clip(w))
	}
	return n, nil
}

// object reads any direct object or reference (7.3).
func (p *parser) object() (Object, error) {
	p.space()
	if p.pos >= len(p.b) {
		return nil, p.end()
	}
	switch c := p.b[p.pos]; c {
	case '/':
		return p.name()
	case '(':
		return p.literal()
	case '[':
		return p.array()
	case '<':
		if p.pos+1 >= len(p.b) {
			return nil, p.end()
		}
		if p.b[p.pos+1] == '<' {
			return p.dict()
		}
		return p.hex()
	case '+', '-', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return p.number()
	default:
		if !isRegular(c) {
			return nil, p.damaged("unexpected %q", c)
		}
		w, err := p.word()
		if err != nil {
			return nil, err
		}
		switch w {
		case "null":
			return nil, nil
		case "true":
			return true, nil
		case "false":
			return false, nil
		}
		return nil, p.damaged("unknown keyword %q", clip(w))
	}
}

func (p *parser) name() (Name, error) {
	p.pos++ // the slash
	from := p.pos
	for p.pos < len(p.b) && isRegular(p.b[p.pos]) {
		p.pos++
	}
	if p.pos == len(p.b) && !p.last {
		return "", errShort
	}
	raw := p.b[from:p.pos]
	if bytes.IndexByte(raw, '#') < 0 {
		return Name(raw), nil
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
	return Name(out), nil
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

// number reads a number, or a reference "12 0 R" when one stands there.
func (p *parser) number() (Object, error) {
	w, err := p.word()
	if err != nil {
		return nil, err
	}
	n, err := strconv.ParseInt(w, 10, 64)
	if err != nil {
		f, err := strconv.ParseFloat(w, 64)
		if err != nil {
			return nil, p.damaged("not a number: %q", clip(w))
		}
		return f, nil
	}
	if n < 0 || w[0] == '+' {
		return int(n), nil
	}
	after := p.pos
	gen, ok, err := p.referenceTail()
	if err != nil {
		return nil, err
	}
	if !ok {
		p.pos = after
		return int(n), nil
	}
	return Ref{int(n), gen}, nil
}

// referenceTail reads " 0 R" behind an object number.
func (p *parser) referenceTail() (gen int, ok bool, err error) {
	p.space()
	if p.pos >= len(p.b) {
		if p.last {
			return 0, false, nil
		}
		return 0, false, errShort
	}
	if c := p.b[p.pos]; c < '0' || c > '9' {
		return 0, false, nil
	}
	w, err := p.word()
	if err != nil {
		return 0, false, err
	}
	gen, err = strconv.Atoi(w)
	if err != nil || gen > 65535 {
		return 0, false, nil
	}
	p.space()
	if p.pos >= len(p.b) {
		if p.last {
			return 0, false, nil
		}
		return 0, false, errShort
	}
	if p.b[p.pos] != 'R' {
		return 0, false, nil
	}
	if p.pos+1 == len(p.b) && !p.last {
		return 0, false, errShort
	}
	if p.pos+1 < len(p.b) && isRegular(p.b[p.pos+1]) {
		return 0, false, nil
	}
	p.pos++
	return gen, true, nil
}

// literal reads a string in parentheses (7.3.4.2).
func (p *parser) literal() (String, error) {
	p.pos++
	out := String{}
	for open := 1; p.pos < len(p.b); p.pos++ {
		c := p.b[p.pos]
		switch c {
		case '(':
			open++
		case ')':
			open--
			if open == 0 {
				p.pos++
				return out, nil
			}
		case '\r': // an end of line is read as \n whatever its form
			c = '\n'
			if p.pos+1 < len(p.b) && p.b[p.pos+1] == '\n' {
				p.pos++
			}
		case '\\':
			p.pos++
			if p.pos >= len(p.b) {
				return nil, p.end()
			}
			e, ok := p.escape()
			if !ok {
				continue
			}
			c = e
		}
		out = append(out, c)
	}
	return nil, p.end()
}

// escape reads what follows a backslash; ok is false for a line continuation.
func (p *parser) escape() (c byte, ok bool) {
	switch c = p.b[p.pos]; c {
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
		if p.pos+1 < len(p.b) && p.b[p.pos+1] == '\n' {
			p.pos++
		}
		return 0, false
	}
	if c < '0' || c > '7' {
		return c, true
	}
	v := 0
	for i := 0; i < 3 && p.pos < len(p.b) && p.b[p.pos] >= '0' && p.b[p.pos] <= '7'; i++ {
		v = v<<3 | int(p.b[p.pos]-'0')
		p.pos++
	}
	p.pos-- // the loop of literal steps on
	return byte(v), true
}

// hex reads a hexadecimal string (7.3.4.3).
func (p *parser) hex() (String, error) {
	p.pos++
	end := bytes.IndexByte(p.b[p.pos:], '>')
	if end < 0 {
		return nil, p.end()
	}
	out := make(String, 0, end/2)
	high := -1
	for _, c := range p.b[p.pos : p.pos+end] {
		if isSpace(c) {
			continue
		}
		v := unhex(c)
		if v < 0 {
			return nil, p.damaged("not a hexadecimal digit: %q", c)
		}
		if high < 0 {
			high = v
			continue
		}
		out = append(out, byte(high<<4|v))
		high = -1
	}
	if high >= 0 {
		out = append(out, byte(high<<4))
	}
	p.pos += end + 1
	return out, nil
}

func (p *parser) enter() error {
	if p.depth++; p.depth > p.maxDepth {
		return fmt.Errorf("%w: objects nested more than %d deep", ErrLimit, p.maxDepth)
	}
	return nil
}

func (p *parser) array() (Array, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	p.pos++
	out := Array{}
	for {
		p.space()
		if p.pos >= len(p.b) {
			return nil, p.end()
		}
		if p.b[p.pos] == ']' {
			p.pos++
			return out, nil
		}
		o, err := p.object()
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
}

func (p *parser) dict() (Dict, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	p.pos += 2
	out := Dict{}
	outer := p.path
	defer func() { p.path = outer }()
	for {
		p.space()
		if p.pos >= len(p.b) {
			return nil, p.end()
		}
		if p.b[p.pos] == '>' {
			if p.pos+1 >= len(p.b) {
				return nil, p.end()
			}
			if p.b[p.pos+1] != '>' {
				return nil, p.damaged("dictionary ends with one '>'")
			}
			p.pos += 2
			return out, nil
		}
		if p.b[p.pos] != '/' {
			return nil, p.damaged("dictionary key is not a name")
		}
		key, err := p.name()
		if err != nil {
			return nil, err
		}
		p.space()
		from := p.pos
		if p.spans != nil {
			p.path = join(outer, string(key))
		}
		o, err := p.object()
		if err != nil {
			return nil, err
		}
		if _, twice := out[key]; twice {
			p.duplicate = true
		}
		if p.spans != nil {
			p.spans[join(outer, string(key))] = [2]int64{p.base + int64(from), p.base + int64(p.pos)}
		}
		if o == nil {
			delete(out, key) // a null value is the same as no entry (7.3.7)
			continue
		}
		out[key] = o
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "/" + key
}
