package pdffile

import (
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
)

// vietnamese holds every letter of the language with every tone.
const vietnamese = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ" +
	"AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬBCDĐEÈẺẼÉẸÊỀỂỄẾỆGHIÌỈĨÍỊKLMNOÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢPQRSTUÙỦŨÚỤƯỪỬỮỨỰVXYỲỶỸÝỴ"

// TestTextStringsComeBack: ĩ is 01 29 in UTF-16, the second byte a closing
// parenthesis; written as hexadecimal nothing can go wrong.
func TestTextStringsComeBack(t *testing.T) {
	for _, s := range []string{"", "121/QD-UBND", "Phê duyệt (ĩ) \\ <x>", vietnamese, "tab\tand\nline", "𝄞 beyond the first plane"} {
		w := &writer{}
		if err := w.object(TextString(s)); err != nil {
			t.Fatal(err)
		}
		p := &parser{b: w.Bytes(), last: true, maxDepth: 10}
		o, err := p.object()
		if err != nil {
			t.Fatal(err)
		}
		if got := o.(String).Text(); got != s {
			t.Errorf("%q came back as %q", s, got)
		}
	}
	if a, b := string(TextString(norm.NFD.String(vietnamese))), string(TextString(vietnamese)); a != b {
		t.Error("composed and decomposed text are written differently")
	}
}

func TestOtherPeoplesTextStrings(t *testing.T) {
	for name, c := range map[string]struct {
		in   String
		want string
	}{
		"little endian":  {String("\xff\xfeA\x00)\x01"), "Aĩ"},
		"UTF-8 with BOM": {String("\xef\xbb\xbfVĩnh"), "Vĩnh"},
		"PDFDocEncoding": {String("\x80\xa0 \xe9"), "•€ é"},
		"odd UTF-16":     {String("\xfe\xff\x00A\x00"), "A"},
	} {
		if got := c.in.Text(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestDates: Vietnamese time whatever the zone of the computer.
func TestDates(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 47, 3, 0, time.UTC)
	if got := string(Date(at)); got != "D:20261122164703+07'00'" {
		t.Errorf("got %s", got)
	}
	for _, s := range []string{"D:20261122164703+07'00'", "D:20261122164703+07'00", "D:20261122094703Z", "20261122094703"} {
		got, err := ParseDate(String(s))
		if err != nil || !got.Equal(at) {
			t.Errorf("%s: %v, %v", s, got, err)
		}
	}
	if _, err := ParseDate(String("hôm qua")); err == nil {
		t.Error("a word was read as a date")
	}
}
