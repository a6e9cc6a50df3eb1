package syntax_test

import (
	"testing"

	"antin/signer/pdffile/syntax"
)

func TestLiteral(t *testing.T) {
	for in, want := range map[string]struct {
		s      string
		rest   string
		closed bool
	}{
		"abc) Tj":              {"abc", " Tj", true},
		"a(b(c))d)/":           {"a(b(c))d", "/", true},
		`\(\)\\)`:              {`()\`, "", true},
		`\n\r\t\b\f\q)`:        {"\n\r\t\b\fq", "", true},
		`\101\1012\53\0053)`:   {"AA2+\x053", "", true},
		`\7)`:                  {"\a", "", true},
		`\777)`:                {"\xff", "", true}, // high bits are dropped
		"one\\\ntwo\\\r\nto)":  {"onetwoto", "", true},
		"a\rb\r\nc\nd)":        {"a\nb\nc\nd", "", true},
		")":                    {"", "", true},
		"open (still open":     {"open (still open", "", false},
		`ends with a slash\`:   {"ends with a slash", "", false},
		`ends with an octal\1`: {"ends with an octal\x01", "", false},
	} {
		s, next, closed := syntax.Literal([]byte(in), 0)
		if string(s) != want.s || in[next:] != want.rest || closed != want.closed {
			t.Errorf("%q: %q, then %q, closed %v; want %v", in, s, in[next:], closed, want)
		}
	}
}

func TestHex(t *testing.T) {
	for in, want := range map[string]struct {
		s     string
		stray int
	}{
		"4e6F": {"No", -1}, "4e 6\n": {"N`", -1}, "": {"", -1}, "7": {"p", -1}, "4x1": {"A", 1}, " z": {"", 1},
	} {
		if s, stray := syntax.Hex([]byte(in)); string(s) != want.s || stray != want.stray {
			t.Errorf("%q: %q, stray %d; want %v", in, s, stray, want)
		}
	}
}

func TestName(t *testing.T) {
	for in, want := range map[string]string{
		"Type": "Type", "A#20B": "A B", "#41#42": "AB", "C#": "C#", "C#4": "C#4", "C#4G": "C#4G", "#C3#a2": "â", "": "",
	} {
		if got := string(syntax.Name([]byte(in))); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestSpaceAndWord(t *testing.T) {
	const in = " \x00\t% a comment (with [signs\r\f/Name<<"
	pos := syntax.Space([]byte(in), 0)
	if in[pos:] != "/Name<<" {
		t.Fatalf("space ends before %q", in[pos:])
	}
	if end := syntax.Word([]byte(in), pos+1); in[end:] != "<<" {
		t.Errorf("the word ends before %q", in[end:])
	}
	if end := syntax.Space([]byte("% to the end"), 0); end != 12 {
		t.Errorf("the comment ends at %d", end)
	}
}
