package pdffile

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"antin/signer/pdffile/syntax"
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
func (p *parser) space() { p.pos = syntax.Space(p.b, p.pos) }

// word reads a run of regular characters, such as a keyword or a number.
func (p *parser) word() (string, error) {
	from := p.pos
	if p.pos = syntax.Word(p.b, p.pos); p.pos == len(p.b) && !p.last {
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
		if !syntax.IsRegular(c) {
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
	from := p.pos + 1 // after the slash
	if p.pos = syntax.Word(p.b, from); p.pos == len(p.b) && !p.last {
		return "", errShort
	}
	return Name(syntax.Name(p.b[from:p.pos])), nil
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
	if p.pos+1 < len(p.b) && syntax.IsRegular(p.b[p.pos+1]) {
		return 0, false, nil
	}
	p.pos++
	return gen, true, nil
}

// literal reads a string in parentheses (7.3.4.2).
func (p *parser) literal() (String, error) {
	s, next, closed := syntax.Literal(p.b, p.pos+1)
	if !closed {
		return nil, p.end()
	}
	p.pos = next
	return s, nil
}

// hex reads a hexadecimal string (7.3.4.3).
func (p *parser) hex() (String, error) {
	p.pos++
	digits, _, closed := bytes.Cut(p.b[p.pos:], []byte{'>'})
	if !closed {
		return nil, p.end()
	}
	s, stray := syntax.Hex(digits)
	if stray >= 0 {
		return nil, p.damaged("not a hexadecimal digit: %q", digits[stray])
	}
	p.pos += len(digits) + 1
	return s, nil
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
