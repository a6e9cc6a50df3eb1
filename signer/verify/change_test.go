package verify_test

import (
	"testing"

	"antin/signer/pdffile"
	"antin/signer/verify"
)

// edit is an update of one object: its dictionary with other entries, nil
// removing one.
func edit(num int, change pdffile.Dict) func(testing.TB, *pdffile.File, *pdffile.Update) {
	return func(_ testing.TB, f *pdffile.File, u *pdffile.Update) {
		ref := pdffile.Ref{Num: num}
		d := u.Dict(ref).Clone()
		for k, v := range change {
			d[k] = v
		}
		u.Set(ref, d)
	}
}

func form(content string) *pdffile.Stream {
	return &pdffile.Stream{Dict: pdffile.Dict{
		"Type": pdffile.Name("XObject"), "Subtype": pdffile.Name("Form"), "BBox": pdffile.Array{0, 0, 100, 20},
	}, Data: []byte(content)}
}

func ref(num int) pdffile.Ref { return pdffile.Ref{Num: num} }

// annotate puts an annotation on page 1.
func annotate(d pdffile.Dict) func(testing.TB, *pdffile.File, *pdffile.Update) {
	return func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
		page, err := f.Page(1)
		if err != nil {
			t.Fatal(err)
		}
		d = d.Clone()
		d["Type"], d["Rect"] = pdffile.Name("Annot"), pdffile.Array{70, 690, 300, 730}
		d["AP"] = pdffile.Dict{"N": u.Add(form("1 g 0 0 100 20 re f"))}
		if err := u.AddAnnotation(page, u.Add(d)); err != nil {
			t.Fatal(err)
		}
	}
}

// pageChanges: updates that change pages, what belongs to them, or what the
// document does. Numbers are those of withFields.
func pageChanges(t testing.TB, p int) []sample {
	signed := base(t, p)
	newPage := pdffile.Dict{"Type": pdffile.Name("Page"), "Parent": ref(2), "MediaBox": pdffile.Array{0, 0, 595, 842}}
	catalog := func(k pdffile.Name, v pdffile.Object) update { return edit(1, pdffile.Dict{k: v}) }
	page := func(k pdffile.Name, v pdffile.Object) update { return edit(3, pdffile.Dict{k: v}) }
	var rows []sample
	for _, c := range []struct {
		name   string
		change update
		kind   verify.ChangeKind
	}{
		{"page rotated", page("Rotate", 180), verify.ChangedPage},
		{"page cropped", page("CropBox", pdffile.Array{0, 0, 100, 100}), verify.ChangedPage},
		{"media box changed", page("MediaBox", pdffile.Array{0, 0, 595, 400}), verify.ChangedPage},
		{"user unit", page("UserUnit", 2), verify.ChangedPage},
		{"page action", page("AA", pdffile.Dict{"O": pdffile.Dict{"S": pdffile.Name("JavaScript")}}), verify.ChangedPage},
		{"transparency group", page("Group", pdffile.Dict{"S": pdffile.Name("Transparency")}), verify.ChangedPage},
		{"page added", func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			edit(2, pdffile.Dict{"Kids": pdffile.Array{ref(3), ref(4), u.Add(newPage)}, "Count": 3})(t, f, u)
		}, verify.ChangedPageTree},
		{"page deleted", edit(2, pdffile.Dict{"Kids": pdffile.Array{ref(3)}, "Count": 1}), verify.ChangedPageTree},
		{"pages swapped", edit(2, pdffile.Dict{"Kids": pdffile.Array{ref(4), ref(3)}}), verify.ChangedPageTree},
		{"one page twice", edit(2, pdffile.Dict{"Kids": pdffile.Array{ref(3), ref(3)}}), verify.BrokenUpdate},
		{"inherited rotation", edit(2, pdffile.Dict{"Rotate": 90}), verify.ChangedPageTree},
		{"another page tree", func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			catalog("Pages", u.Add(pdffile.Dict{"Type": pdffile.Name("Pages"), "Kids": pdffile.Array{ref(3), ref(4)}, "Count": 2}))(t, f, u)
		}, verify.ChangedPageTree},
		{"no page tree", catalog("Pages", nil), verify.BrokenUpdate},
		{"page tree a number", catalog("Pages", 7), verify.BrokenUpdate},
		{"a page freed", func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) { u.Set(ref(4), nil) }, verify.BrokenUpdate},
		{"annotations removed", page("Annots", nil), verify.ChangedAnnotation},
		{"annotations reordered", page("Annots", pdffile.Array{ref(12), ref(10), ref(13)}), verify.ChangedAnnotation},
		{"annotations no array", page("Annots", 7), verify.ChangedAnnotation},
		{"open action", catalog("OpenAction", pdffile.Array{ref(4), pdffile.Name("Fit")}), verify.ChangedCatalog},
		{"document action", catalog("AA", pdffile.Dict{"WC": pdffile.Dict{"S": pdffile.Name("JavaScript")}}), verify.ChangedCatalog},
		{"layers", catalog("OCProperties", pdffile.Dict{"OCGs": pdffile.Array{}}), verify.ChangedCatalog},
		{"outlines", catalog("Outlines", pdffile.Dict{}), verify.ChangedCatalog},
		{"scripts", catalog("Names", pdffile.Dict{"JavaScript": pdffile.Dict{}}), verify.ChangedCatalog},
		{"attachments", catalog("Names", pdffile.Dict{"EmbeddedFiles": pdffile.Dict{}}), verify.ChangedCatalog},
		{"structure tree", catalog("StructTreeRoot", pdffile.Dict{}), verify.ChangedCatalog},
		{"permissions", catalog("Perms", pdffile.Dict{"DocMDP": ref(15)}), verify.ChangedCatalog},
		{"viewer preferences", catalog("ViewerPreferences", pdffile.Dict{"Direction": pdffile.Name("R2L")}), verify.ChangedCatalog},
		{"page labels", catalog("PageLabels", pdffile.Dict{"Nums": pdffile.Array{}}), verify.ChangedCatalog},
		{"form removed", catalog("AcroForm", nil), verify.ChangedField},
	} {
		rows = append(rows, forbidden(c.name, updated(signed, c.change), c.kind))
	}
	return rows
}
