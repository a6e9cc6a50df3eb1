package verify_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/verify"
)

// prepared is a document whose author has laid a trap before the signature:
// page 1 has these further entries, the page tree root those, and 9 to 12 are
// the form and three objects to use.
func prepared(page, tree string, objects ...string) []byte {
	content := "q /V Do /Metadata Do Q"
	all := []string{
		"<</Type/Catalog/Pages 2 0 R/AcroForm 9 0 R/Metadata 12 0 R>>",
		"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2" + tree + ">>",
		"<</Type/Page/MediaBox[0 0 595 842]" + page + ">>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 6 0 R>>",
		sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content),
		"<</Length 3>>\nstream\n0 g\nendstream",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		"<</Title(Bay)>>",
		"<</Fields[10 0 R]>>",
	}
	return build(append(all, objects...)...)
}

// Traps that a permitted change would spring: an object is a field, a catalog or
// a node in one place and something that is drawn in another.
func TestPreparedDocuments(t *testing.T) {
	const (
		field  = "<</Type/Annot/Subtype/Widget/FT/Tx/T(So)/Rect[1 1 9 9]/V 11 0 R>>"
		stream = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 3>>\nstream\n0 g\nendstream"
	)
	value := func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
		edit(10, pdffile.Dict{"V": u.Add(form("1 g 0 0 100 20 re f"))})(t, f, u)
	}
	var attacks []attack
	for _, c := range []struct {
		name   string
		pdf    []byte
		change func(testing.TB, *pdffile.File, *pdffile.Update)
		kind   verify.ChangeKind
	}{
		{"a text field is the page's list of XObjects", prepared("/Parent 2 0 R/Contents 5 0 R/Resources<</XObject 10 0 R>>", "", field, stream, stream), value, verify.ChangedPage},
		{"the same, inherited", prepared("/Parent 2 0 R/Contents 5 0 R", "/Resources<</XObject 10 0 R>>", field, stream, stream), value, verify.ChangedPageTree},
		{"the catalog is the page's list of XObjects", prepared("/Parent 2 0 R/Contents 5 0 R/Resources<</XObject 1 0 R>>", "", field, stream, stream), func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			edit(1, pdffile.Dict{"Metadata": u.Add(form("1 g 0 0 100 20 re f"))})(t, f, u)
		}, verify.ChangedPage},
		{"metadata are a page's content", prepared("/Parent 2 0 R/Contents 12 0 R", "", field, stream, stream), func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) {
			u.Set(ref(12), form("1 g"))
		}, verify.ChangedPage},
		{"information is a page's resources", prepared("/Parent 2 0 R/Contents 5 0 R/Resources 8 0 R", "", field, stream, stream),
			edit(8, pdffile.Dict{"XObject": pdffile.Dict{"V": ref(12)}}), verify.ChangedPage},
		{"a page's parent is its list of contents", prepared("/Parent 11 0 R/Contents 11 0 R", "", field, "[5 0 R]", stream), func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) {
			u.Set(ref(11), pdffile.Array{ref(6)})
		}, verify.ChangedPageTree},
		{"a page's parent is its content", prepared("/Parent 5 0 R/Contents 5 0 R", "", field, stream, stream), func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) {
			u.Set(ref(5), form("1 g"))
		}, verify.ChangedPageTree},
		{"a field is a page's content", prepared("/Parent 2 0 R/Contents 10 0 R", "", stream, stream, stream), func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) {
			u.Set(ref(10), form("1 g"))
		}, verify.ChangedPage},
		{"a page is a field", bytes.Replace(prepared("/Parent 2 0 R/Contents 5 0 R/FT/Tx/T(So)", "", field, stream, stream), []byte("[10 0 R]"), []byte("[3  0 R]"), 1),
			edit(3, pdffile.Dict{"AP": pdffile.Dict{"N": ref(12)}}), verify.ChangedPage},
	} {
		change := c.change
		attacks = append(attacks, attack{c.name, func(t testing.TB) []byte {
			signed := sign(t, c.pdf, pades.Request{Key: theOffice(t).leader})
			if r := judge(t, signed); r.Verdict() != verify.Valid {
				t.Fatal(describe(r))
			}
			return revise(t, signed, func(f *pdffile.File, u *pdffile.Update) { change(t, f, u) })
		}, verify.Invalid, "", "", c.kind})
	}
	run(t, attacks)
}

// What is shown of a signature is what was signed.
func TestDictionaryChanged(t *testing.T) {
	q := approve(t)
	one := sign(t, blank(), q)
	sig := signatureRef(t, one)
	run(t, []attack{
		{"reason changed", given(revise(t, one, func(f *pdffile.File, u *pdffile.Update) {
			d := u.Dict(sig).Clone()
			d["Reason"] = pdffile.TextString("Không phê duyệt")
			u.Set(sig, d)
		})), verify.Invalid, verify.TotalFailed, verify.FormatFailure, ""},
		{"field names another dictionary", given(revise(t, one, func(f *pdffile.File, u *pdffile.Update) {
			sigs, _ := f.Signatures()
			edit(sigs[0].Field.Ref.Num, pdffile.Dict{"V": u.Add(u.Dict(sig))})(t, f, u)
		})), verify.Invalid, verify.TotalFailed, verify.FormatFailure, ""},
	})
	two := sign(t, one, pades.Request{Key: theOffice(t).clerk})
	removed := revise(t, two, func(f *pdffile.File, u *pdffile.Update) {
		sigs, _ := f.Signatures()
		edit(sigs[0].Field.Ref.Num, pdffile.Dict{"V": nil})(t, f, u)
	})
	r := judge(t, removed)
	if r.Verdict() != verify.Invalid || len(r.Signatures) != 1 || r.Signatures[0].Changes[0].Kind != verify.ChangedSignature || len(r.Orphans) != 1 {
		t.Errorf("first signature emptied: %s", describe(r))
	}
}

// A later signature whose own contents stand in what an earlier one signed.
func TestCrossingRanges(t *testing.T) {
	o := theOffice(t)
	const room = 6 << 10
	var pdf []byte
	end := 100_000
	for range 3 { // until the guessed end fits
		at := bytes.LastIndex(pdf, []byte("<"+strings.Repeat("0", 2*room)+">"))
		numbers := pdffile.Array{0, at, at + 2*room + 2, end - at - 2*room - 2}
		if pdf == nil {
			numbers = pdffile.Array{0, 30_000, 40_000, 50_000}
		}
		var early pdffile.Ref
		base := revise(t, blank(), func(_ *pdffile.File, u *pdffile.Update) {
			d := signatureDict()
			d["ByteRange"], d["Contents"] = numbers, pdffile.String(make([]byte, room))
			early = u.Add(d)
		})
		first := sign(t, base, pades.Request{Key: o.leader})
		pdf = revise(t, first, func(f *pdffile.File, u *pdffile.Update) {
			page, _ := f.Page(1)
			field := u.Add(pdffile.Dict{"Type": pdffile.Name("Annot"), "Subtype": pdffile.Name("Widget"), "FT": pdffile.Name("Sig"), "T": pdffile.String("Som"), "V": early, "Rect": pdffile.Array{0, 0, 0, 0}})
			_ = u.AddAnnotation(page, field)
			_ = u.SetForm(nil, field)
		})
		end = len(pdf)
	}
	r := judge(t, pdf)
	if len(r.Signatures) != 2 || r.Verdict() != verify.Invalid {
		t.Fatal(describe(r))
	}
	if s := r.Signatures[1]; s.SubIndication != verify.FormatFailure || !strings.Contains(fmt.Sprint(s.Err), "cross") {
		t.Error(describe(r))
	}
}
