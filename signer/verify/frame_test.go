package verify_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"antin/signer/pdffile"
	"antin/signer/verify"
)

// byteRange finds the written byte range and its numbers.
func byteRange(t testing.TB, pdf []byte) (text string, n [4]int) {
	t.Helper()
	m := regexp.MustCompile(`/ByteRange (\[0 (\d+) +(\d+) +(\d+) *\])`).FindSubmatch(pdf)
	if m == nil {
		t.Fatal("no byte range")
	}
	for i := range 3 {
		n[i+1], _ = strconv.Atoi(string(m[i+2]))
	}
	return string(m[1]), n
}

// frameForgeries: byte range or contents are not what they should be.
func frameForgeries(t testing.TB, p int) []sample {
	one := plain(t, p)
	text, br := byteRange(t, one)
	gap := gapOf(t, one)
	contents := string(one[gap.from:gap.to])
	field := signatureField(t, one)
	ranges := func(format string, n ...any) func(testing.TB) []byte {
		return func(t testing.TB) []byte { return swap(t, one, text, fmt.Sprintf(format, n...)) }
	}
	swapped := func(old, new string) func(testing.TB) []byte {
		return func(t testing.TB) []byte { return swap(t, one, old, new) }
	}
	return []sample{
		malformed("byte range missing", swapped("/ByteRange ", "/ByteRangX ")),
		malformed("byte range null", ranges("null")),
		malformed("byte range empty", ranges("[]")),
		malformed("byte range zero", ranges("[0 0 0 0]")),
		malformed("byte range of two numbers", ranges("[0 %d]", br[1])),
		malformed("byte range of six numbers", ranges("[0 9 9 %d %d 1]", br[1], br[2])),
		malformed("byte range negative", ranges("[0 -1 %d %d]", br[2], br[3])),
		malformed("byte range with a negative length", ranges("[0 %d %d -9]", br[1], br[2])),
		malformed("byte range huge", ranges("[0 %d %d 99999999]", br[1], br[2])),
		malformed("byte range that overflows", ranges("[0 9223372036854775807 9 9]")),
		malformed("byte range of reals", ranges("[0 %d.5 %d %d]", br[1], br[2], br[3])),
		malformed("byte range of strings", ranges("[(0) (1) (2) (3)]")),
		malformed("byte range indirect", ranges("7 0 R")),
		malformed("byte range a dictionary", ranges("<</A 1>>")),
		malformed("contents missing", swapped("/Contents <", "/Contentz <")),
		malformed("contents null", swapped(contents, "null")),
		malformed("contents empty", swapped(contents, "<>")),
		malformed("contents zero", swapped(contents, "<00>")),
		malformed("contents of an odd number of digits", swapped(contents, contents[:len(contents)-2]+">")),
		malformed("contents with a line end", swapped(contents, "<\n"+contents[3:])),
		malformed("contents as a literal string", swapped(contents, "("+strings.Repeat("A", len(contents)-2)+")")),
		malformed("contents an array", swapped(contents, "[<30>]")),
		malformed("contents indirect", swapped(contents, "5 0 R")),
		malformed("both missing", func(t testing.TB) []byte {
			return bytes.Replace(swap(t, one, "/ByteRange ", "/ByteRangX "), []byte("/Contents <"), []byte("/Contentz <"), 1)
		}),
		malformed("no dictionary at all", func(testing.TB) []byte {
			from := bytes.Index(one, fmt.Appendf(nil, "%d 0 obj", field.Num))
			return append(bytes.Clone(one[:from]), bytes.Replace(one[from:], fmt.Appendf(nil, "/V %d 0 R", signatureRef(t, one).Num), []byte("/V 7     "), 1)...)
		}),
		malformed("no format named", swapped("/SubFilter /ETSI", "/SubFilta /ETSI")),
		malformed("unknown format", swapped("/ETSI.CAdES.detached", "/ETSI.CAdES.detachet")),
		failed("content altered in place", swapped("1.000.000", "9.000.000"), verify.HashFailure),
	}
}

// wrappings: the byte range leaves out more than the contents, or its second
// part lies elsewhere.
func wrappings(t testing.TB, p int) []sample {
	one := plain(t, p)
	text, br := byteRange(t, one)
	ranges := func(format string, n ...any) func(testing.TB) []byte {
		return func(t testing.TB) []byte { return swap(t, one, text, fmt.Sprintf(format, n...)) }
	}
	info := raw{objects: map[int]string{8: "<</Title(Khac)>>"}}.on(one)
	return []sample{
		malformed("starts later", ranges("[1 %d %d %d]", br[1]-1, br[2], br[3])),
		malformed("gap one byte larger", ranges("[0 %d %d %d]", br[1]-1, br[2], br[3])),
		malformed("gap one byte smaller", ranges("[0 %d %d %d]", br[1]+1, br[2], br[3])),
		malformed("gap larger behind", ranges("[0 %d %d %d]", br[1], br[2]+9, br[3]-9)),
		malformed("gap up to the end", ranges("[0 %d %d 0]", br[1], br[2]+br[3])),
		malformed("no gap", ranges("[0 %d %d %d]", br[2], br[2], br[3])),
		malformed("parts exchanged", ranges("[%d %d 0 %d]", br[2], br[3], br[1])),
		malformed("end inside the revision", ranges("[0 %d %d %d]", br[1], br[2], br[3]-20)),
		malformed("end inside the revision, an update behind", func(testing.TB) []byte {
			return bytes.Replace(info, []byte(text), padded(fmt.Sprintf("[0 %d %d %d]", br[1], br[2], br[3]-20), len(text)), 1)
		}),
		failed("end moved behind an update", func(testing.TB) []byte {
			return bytes.Replace(info, []byte(text), padded(fmt.Sprintf("[0 %d %d %d]", br[1], br[2], len(info)-br[2]), len(text)), 1)
		}, verify.HashFailure),
		malformed("the old document in a stream", func(t testing.TB) []byte { return wrapped(t, one, text, br) }),
		malformed("the old end at the end, in a comment", func(testing.TB) []byte {
			changed := raw{objects: map[int]string{5: "<</Length 3>>\nstream\n1 g\nendstream"}, loose: "%" + strings.ReplaceAll(string(one[br[2]:]), "\n", "\n%") + "\n"}.on(one)
			at := bytes.LastIndex(changed, one[br[2]:br[2]+4])
			return bytes.Replace(changed, []byte(text), padded(fmt.Sprintf("[0 %d %d %d]", br[1], at, br[3]), len(text)), 1)
		}),
	}
}

func padded(s string, n int) []byte { return []byte(s + strings.Repeat(" ", max(0, n-len(s)))) }

func signatureField(t testing.TB, pdf []byte) pdffile.Ref {
	t.Helper()
	sigs, err := open(t, pdf).Signatures()
	if err != nil || len(sigs) == 0 {
		t.Fatal(err)
	}
	return sigs[0].Field.Ref
}

func signatureRef(t testing.TB, pdf []byte) pdffile.Ref {
	t.Helper()
	sigs, err := open(t, pdf).Signatures()
	if err != nil || len(sigs) == 0 {
		t.Fatal(err)
	}
	return sigs[0].Ref
}

// wrapped moves the signed second range to the end and puts a new update between.
func wrapped(t testing.TB, one []byte, text string, br [4]int) []byte {
	t.Helper()
	changed := revise(t, one, func(f *pdffile.File, u *pdffile.Update) {
		u.Set(pdffile.Ref{Num: 5}, &pdffile.Stream{Dict: pdffile.Dict{}, Data: []byte("BT /F1 24 Tf 72 700 Td (Phi: 9.000.000 dong) Tj ET")})
		u.Add(&pdffile.Stream{Dict: pdffile.Dict{}, Data: one[br[2]:]})
	})
	at := bytes.LastIndex(changed, one[br[2]:])
	moved := fmt.Sprintf("[0 %d %d %d]", br[1], at, br[3])
	if len(moved) > len(text) {
		t.Fatal("byte range too long")
	}
	return bytes.Replace(changed, []byte(text), []byte(moved+strings.Repeat(" ", len(text)-len(moved))), 1)
}
