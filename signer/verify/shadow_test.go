package verify_test

import (
	"bytes"
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

// shadows: what is seen is hidden, replaced, or exchanged for something that was
// prepared. Numbers are those of withFields.
func shadows(t testing.TB, p int) []sample {
	signed := base(t, p)
	page := func(k pdffile.Name, v pdffile.Object) update { return edit(3, pdffile.Dict{k: v}) }
	symbol := pdffile.Dict{"Type": pdffile.Name("Font"), "Subtype": pdffile.Name("Type1"), "BaseFont": pdffile.Name("Symbol")}
	var rows []sample
	for _, c := range []struct {
		name   string
		change update
		kind   verify.ChangeKind
	}{
		{"content stream replaced", func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) {
			u.Set(ref(5), &pdffile.Stream{Dict: pdffile.Dict{}, Data: []byte("BT (9) Tj ET")})
		}, verify.ChangedPage},
		{"content stream freed", func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) { u.Set(ref(5), nil) }, verify.ChangedPage},
		{"content points elsewhere", func(t testing.TB, _ *pdffile.File, u *pdffile.Update) {
			edit(3, pdffile.Dict{"Contents": u.Add(form("BT (9) Tj ET"))})(t, nil, u)
		}, verify.ChangedPage},
		{"content added", page("Contents", pdffile.Array{ref(5), ref(6)}), verify.ChangedPage},
		{"content of the other page", page("Contents", ref(6)), verify.ChangedPage},
		{"page becomes another page", func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) { u.Set(ref(3), u.Dict(ref(4))) }, verify.ChangedPage},
		{"font replaced in place", edit(7, pdffile.Dict{"BaseFont": pdffile.Name("Symbol")}), verify.ChangedPage},
		{"resources replaced", page("Resources", pdffile.Dict{"Font": pdffile.Dict{"F1": symbol}}), verify.ChangedPage},
		{"resources above the page", edit(2, pdffile.Dict{"Resources": pdffile.Dict{"Font": pdffile.Dict{"F1": symbol}}}), verify.ChangedPageTree},
		{"field content that a page uses too", func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) {
			// 5 is page content; a text field now shows it too, and it changes.
			u.Set(ref(5), form("BT (9) Tj ET"))
			edit(10, pdffile.Dict{"AP": pdffile.Dict{"N": ref(5)}})(nil, nil, u)
		}, verify.ChangedPage},
		{"validation data that a page uses too", func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) {
			u.Set(ref(5), form("BT (9) Tj ET"))
			edit(1, pdffile.Dict{"DSS": pdffile.Dict{"Certs": pdffile.Array{ref(5)}}})(nil, nil, u)
		}, verify.ChangedPage},
	} {
		rows = append(rows, forbidden(c.name, updated(signed, c.change), c.kind))
	}
	return append(rows, traps(t, p)...)
}

// traps are documents in which a permitted change would spring: an object is a
// field, a catalog or a node in one place and something that is drawn in another.
func traps(t testing.TB, p int) []sample {
	const (
		field  = "<</Type/Annot/Subtype/Widget/FT/Tx/T(So)/Rect[1 1 9 9]/V 11 0 R>>"
		stream = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 3>>\nstream\n0 g\nendstream"
	)
	value := func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
		edit(10, pdffile.Dict{"V": u.Add(form("1 g 0 0 100 20 re f"))})(t, f, u)
	}
	var rows []sample
	for _, c := range []struct {
		name   string
		pdf    []byte
		change update
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
		{
			"information is a page's resources", prepared("/Parent 2 0 R/Contents 5 0 R/Resources 8 0 R", "", field, stream, stream),
			edit(8, pdffile.Dict{"XObject": pdffile.Dict{"V": ref(12)}}), verify.ChangedPage,
		},
		{"a page's parent is its list of contents", prepared("/Parent 11 0 R/Contents 11 0 R", "", field, "[5 0 R]", stream), func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) {
			u.Set(ref(11), pdffile.Array{ref(6)})
		}, verify.ChangedPageTree},
		{"a page's parent is its content", prepared("/Parent 5 0 R/Contents 5 0 R", "", field, stream, stream), func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) {
			u.Set(ref(5), form("1 g"))
		}, verify.ChangedPageTree},
		{"a field is a page's content", prepared("/Parent 2 0 R/Contents 10 0 R", "", stream, stream, stream), func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) {
			u.Set(ref(10), form("1 g"))
		}, verify.ChangedPage},
		{
			"a page is a field", bytes.Replace(prepared("/Parent 2 0 R/Contents 5 0 R/FT/Tx/T(So)", "", field, stream, stream), []byte("[10 0 R]"), []byte("[3  0 R]"), 1),
			edit(3, pdffile.Dict{"AP": pdffile.Dict{"N": ref(12)}}), verify.ChangedPage,
		},
	} {
		signed := sign(t, c.pdf, pades.Request{Key: theOffice(t).leader, Certify: p})
		if r := judge(t, signed); r.Verdict() != verify.Valid {
			t.Fatal(c.name, describe(r))
		}
		rows = append(rows, forbidden(c.name, updated(signed, c.change), c.kind))
	}
	return rows
}
