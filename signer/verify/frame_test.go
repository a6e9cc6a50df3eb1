package verify_test

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"antin/signer/pades"
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

// Forgeries of the frame (universal signature forgery, wrapping): the byte range
// or the contents are not what they should be.
func TestFrame(t *testing.T) {
	one := sign(t, blank(), pades.Request{Key: theOffice(t).leader})
	text, br := byteRange(t, one)
	gap := gapOf(t, one)
	contents := string(one[gap.from:gap.to])
	ranges := func(format string, n ...any) func(testing.TB) []byte {
		return func(t testing.TB) []byte { return swap(t, one, text, fmt.Sprintf(format, n...)) }
	}
	bad := func(name string, pdf func(testing.TB) []byte) attack {
		return attack{name, pdf, verify.Invalid, verify.TotalFailed, verify.FormatFailure, ""}
	}
	run(t, []attack{
		bad("byte range missing", func(t testing.TB) []byte { return swap(t, one, "/ByteRange ", "/ByteRangX ") }),
		bad("byte range null", ranges("null")),
		bad("byte range empty", ranges("[]")),
		bad("byte range zero", ranges("[0 0 0 0]")),
		bad("byte range of two numbers", ranges("[0 %d]", br[1])),
		bad("byte range of six numbers", ranges("[0 9 9 %d %d 1]", br[1], br[2])),
		bad("byte range negative", ranges("[0 -1 %d %d]", br[2], br[3])),
		bad("byte range with a negative length", ranges("[0 %d %d -9]", br[1], br[2])),
		bad("byte range huge", ranges("[0 %d %d 99999999]", br[1], br[2])),
		bad("byte range that overflows", ranges("[0 9223372036854775807 9 9]")),
		bad("byte range of reals", ranges("[0 %d.5 %d %d]", br[1], br[2], br[3])),
		bad("byte range of strings", ranges("[(0) (1) (2) (3)]")),
		bad("byte range indirect", ranges("7 0 R")),
		bad("byte range starts later", ranges("[1 %d %d %d]", br[1]-1, br[2], br[3])),
		bad("gap one byte larger", ranges("[0 %d %d %d]", br[1]-1, br[2], br[3])),
		bad("gap one byte smaller", ranges("[0 %d %d %d]", br[1]+1, br[2], br[3])),
		bad("gap up to the end", ranges("[0 %d %d 0]", br[1], br[2]+br[3])),
		bad("end inside the revision", ranges("[0 %d %d %d]", br[1], br[2], br[3]-20)),
		bad("contents missing", func(t testing.TB) []byte { return swap(t, one, "/Contents <", "/Contentz <") }),
		bad("contents null", func(t testing.TB) []byte { return swap(t, one, contents, "null") }),
		bad("contents empty", func(t testing.TB) []byte { return swap(t, one, contents, "<>") }),
		bad("contents zero", func(t testing.TB) []byte { return swap(t, one, contents, "<00>") }),
		bad("contents of an odd number of digits", func(t testing.TB) []byte { return swap(t, one, contents, contents[:len(contents)-2]+">") }),
		bad("contents with a line end", func(t testing.TB) []byte { return swap(t, one, contents, "<\n"+contents[3:]) }),
		bad("contents as a literal string", func(t testing.TB) []byte {
			return swap(t, one, contents, "("+strings.Repeat("A", len(contents)-2)+")")
		}),
		bad("contents an array", func(t testing.TB) []byte { return swap(t, one, contents, "[<30>]") }),
		bad("wrapping: the old document in a stream", func(t testing.TB) []byte { return wrapped(t, one, text, br) }),
		bad("no dictionary at all", func(t testing.TB) []byte {
			return swap(t, one, sprintf("/V %d 0 R", signatureRef(t, one).Num), "/V 7")
		}),
		bad("unknown format", func(t testing.TB) []byte {
			f := newFrame(t, blank(), pdffile.Dict{"SubFilter": pdffile.Name("adbe.x509.unknown")})
			return f.put(t, message(t, theOffice(t).leader, profileOf(theOffice(t).leader), f.digest(crypto.SHA256)))
		}),
		{"content altered in place", func(t testing.TB) []byte { return swap(t, one, "1.000.000", "9.000.000") },
			verify.Invalid, verify.TotalFailed, verify.HashFailure, ""},
		{"signature removed", func(t testing.TB) []byte {
			return revise(t, one, func(f *pdffile.File, u *pdffile.Update) {
				_, ref := f.AcroForm()
				u.Set(ref, pdffile.Dict{"Fields": pdffile.Array{}})
			})
		}, verify.Unsigned, "", "", ""},
	})
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

// An orphan dictionary is told, and is no signature.
func TestOrphan(t *testing.T) {
	one := sign(t, blank(), pades.Request{Key: theOffice(t).leader})
	ref := signatureRef(t, one)
	for name, pdf := range map[string][]byte{
		"form emptied": revise(t, one, func(f *pdffile.File, u *pdffile.Update) {
			_, form := f.AcroForm()
			u.Set(form, pdffile.Dict{"Fields": pdffile.Array{}})
		}),
		"signature without a field": bytes.ReplaceAll(one, []byte("/FT /Sig"), []byte("/FX /Sig")),
		"copied into another document": revise(t, blank(), func(_ *pdffile.File, u *pdffile.Update) {
			u.Add(open(t, one).Dict(ref))
		}),
	} {
		r := judge(t, pdf)
		if r.Verdict() != verify.Unsigned || len(r.Orphans) != 1 || r.Orphans[0].Object == 0 {
			t.Errorf("%s: orphans %v, %s", name, r.Orphans, describe(r))
		}
	}
}

// Bytes that no update accounts for at the very end make the file unreadable;
// the part before them is judged, and they are a change.
func TestAppended(t *testing.T) {
	one := sign(t, blank(), pades.Request{Key: theOffice(t).leader})
	page := "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>\nendobj\n"
	damaged := func(pdf []byte) (*verify.Report, error) {
		return verify.Damaged(context.Background(), bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{}, verify.Options{Store: theOffice(t).store})
	}
	for name, tail := range map[string]string{
		"text":                             "hello",
		"a page without cross-reference":   page,
		"the same with an end of file":     page + "%%EOF\n",
		"the same with a broken startxref": page + "startxref\n99999999\n%%EOF\n",
		"an empty cross-reference":         page + "xref\ntrailer\n<<>>\nstartxref\n" + itoa(len(one)+len(page)) + "\n%%EOF\n",
		"a megabyte":                       strings.Repeat(page, 1<<20/len(page)),
	} {
		pdf := append(bytes.Clone(one), tail...)
		if _, err := pdffile.Read(bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{}); err == nil {
			t.Errorf("%s: opened as if nothing was wrong", name)
		}
		r, err := damaged(pdf)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		s := r.Signatures[0]
		if r.Verdict() != verify.Invalid || s.Intact() || s.CoversFile || s.Changes[0].Kind != verify.ForeignBytes || s.End != int64(len(one)) {
			t.Errorf("%s: %s", name, describe(r))
		}
	}
	if r, err := damaged(one); err != nil || r.Verdict() != verify.Valid {
		t.Errorf("undamaged: %v", err)
	}
	if _, err := damaged([]byte("%PDF-1.7\nhello\n%%EOF\n")); !errors.Is(err, pdffile.ErrTruncated) {
		t.Errorf("nothing to read: %v", err)
	}
	if r := judge(t, append(bytes.Clone(one), "\r\n\x00\x00"...)); r.Verdict() != verify.Valid || !r.Signatures[0].CoversFile {
		t.Errorf("white space at the end: %s", describe(r))
	}
}
