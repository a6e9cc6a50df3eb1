package verify_test

import (
	"testing"

	"antin/signer/pades"
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

// Updates after one signature that change what is seen or what happens
// (incremental saving, shadow and evil-annotation attacks). Numbers are those
// of withFields.
func TestForbiddenChanges(t *testing.T) {
	signed := sign(t, withFields(), pades.Request{Key: theOffice(t).leader})
	newPage := pdffile.Dict{"Type": pdffile.Name("Page"), "Parent": ref(2), "MediaBox": pdffile.Array{0, 0, 595, 842}}
	type change = func(testing.TB, *pdffile.File, *pdffile.Update)
	catalog := func(k pdffile.Name, v pdffile.Object) change { return edit(1, pdffile.Dict{k: v}) }
	page := func(k pdffile.Name, v pdffile.Object) change { return edit(3, pdffile.Dict{k: v}) }
	var attacks []attack
	for _, c := range []struct {
		name   string
		change change
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
		{"font replaced in place", edit(7, pdffile.Dict{"BaseFont": pdffile.Name("Symbol")}), verify.ChangedPage},
		{"resources replaced", page("Resources", pdffile.Dict{"Font": pdffile.Dict{"F1": pdffile.Dict{"Type": pdffile.Name("Font"), "Subtype": pdffile.Name("Type1"), "BaseFont": pdffile.Name("Symbol")}}}), verify.ChangedPage},
		{"page rotated", page("Rotate", 180), verify.ChangedPage},
		{"page cropped", page("CropBox", pdffile.Array{0, 0, 100, 100}), verify.ChangedPage},
		{"media box changed", page("MediaBox", pdffile.Array{0, 0, 595, 400}), verify.ChangedPage},
		{"user unit", page("UserUnit", 2), verify.ChangedPage},
		{"page action", page("AA", pdffile.Dict{"O": pdffile.Dict{"S": pdffile.Name("JavaScript")}}), verify.ChangedPage},
		{"page added", func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			edit(2, pdffile.Dict{"Kids": pdffile.Array{ref(3), ref(4), u.Add(newPage)}, "Count": 3})(t, f, u)
		}, verify.ChangedPageTree},
		{"page deleted", edit(2, pdffile.Dict{"Kids": pdffile.Array{ref(3)}, "Count": 1}), verify.ChangedPageTree},
		{"pages swapped", edit(2, pdffile.Dict{"Kids": pdffile.Array{ref(4), ref(3)}}), verify.ChangedPageTree},
		{"inherited rotation", edit(2, pdffile.Dict{"Rotate": 90}), verify.ChangedPageTree},
		{"another page tree", func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			catalog("Pages", u.Add(pdffile.Dict{"Type": pdffile.Name("Pages"), "Kids": pdffile.Array{ref(3), ref(4)}, "Count": 2}))(t, f, u)
		}, verify.ChangedPageTree},
		{"white overlay annotation", annotate(pdffile.Dict{"Subtype": pdffile.Name("Square"), "F": 4}), verify.ChangedAnnotation},
		{"FreeText annotation", annotate(pdffile.Dict{"Subtype": pdffile.Name("FreeText"), "Contents": pdffile.String("9")}), verify.ChangedAnnotation},
		{"Stamp annotation", annotate(pdffile.Dict{"Subtype": pdffile.Name("Stamp")}), verify.ChangedAnnotation},
		{"widget of no field", annotate(pdffile.Dict{"Subtype": pdffile.Name("Widget"), "FT": pdffile.Name("Tx")}), verify.ChangedAnnotation},
		{"annotations removed", page("Annots", nil), verify.ChangedAnnotation},
		{"annotations reordered", page("Annots", pdffile.Array{ref(12), ref(10), ref(13)}), verify.ChangedAnnotation},
		{"annotations no array", page("Annots", 7), verify.ChangedAnnotation},
		{"open action", catalog("OpenAction", pdffile.Array{ref(4), pdffile.Name("Fit")}), verify.ChangedCatalog},
		{"layers", catalog("OCProperties", pdffile.Dict{"OCGs": pdffile.Array{}}), verify.ChangedCatalog},
		{"outlines", catalog("Outlines", pdffile.Dict{}), verify.ChangedCatalog},
		{"names", catalog("Names", pdffile.Dict{"JavaScript": pdffile.Dict{}}), verify.ChangedCatalog},
		{"structure tree", catalog("StructTreeRoot", pdffile.Dict{}), verify.ChangedCatalog},
		{"permissions", catalog("Perms", pdffile.Dict{"DocMDP": ref(16)}), verify.ChangedCatalog},
		{"viewer preferences", catalog("ViewerPreferences", pdffile.Dict{"Direction": pdffile.Name("R2L")}), verify.ChangedCatalog},
		{"form script order", edit(9, pdffile.Dict{"CO": pdffile.Array{ref(10)}}), verify.ChangedField},
		{"viewers redraw fields", edit(9, pdffile.Dict{"NeedAppearances": true}), verify.ChangedField},
		{"form font replaced", edit(9, pdffile.Dict{"DR": pdffile.Dict{"Font": pdffile.Dict{"F1": pdffile.Dict{}}}}), verify.ChangedField},
		{"field removed", func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			form, _ := f.AcroForm()
			edit(9, pdffile.Dict{"Fields": f.Array(form["Fields"])[1:]})(t, f, u)
		}, verify.ChangedField},
		{"text field moved", edit(10, pdffile.Dict{"Rect": pdffile.Array{100, 600, 300, 720}}), verify.ChangedField},
		{"text field with an action", edit(10, pdffile.Dict{"A": pdffile.Dict{"S": pdffile.Name("JavaScript")}}), verify.ChangedField},
		{"text field renamed", edit(10, pdffile.Dict{"T": pdffile.String("Khac")}), verify.ChangedField},
		{"text field becomes a signature", edit(10, pdffile.Dict{"FT": pdffile.Name("Sig")}), verify.ChangedField},
		{"widget of a field moved", edit(12, pdffile.Dict{"Rect": pdffile.Array{0, 0, 595, 842}}), verify.ChangedField},
		{"second widget for a field", func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			edit(11, pdffile.Dict{"Kids": pdffile.Array{ref(12), u.Add(u.Dict(ref(12)))}})(t, f, u)
		}, verify.ChangedField},
		{"text field added", func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			d := u.Add(pdffile.Dict{"Type": pdffile.Name("Annot"), "Subtype": pdffile.Name("Widget"), "FT": pdffile.Name("Tx"), "T": pdffile.String("Moi"), "Rect": pdffile.Array{0, 0, 9, 9}})
			page, _ := f.Page(1)
			_ = u.AddAnnotation(page, d)
			_ = u.SetForm(nil, d)
		}, verify.ChangedField},
		{"empty signature field added", func(_ testing.TB, f *pdffile.File, u *pdffile.Update) {
			_ = u.SetForm(nil, u.Add(pdffile.Dict{"FT": pdffile.Name("Sig"), "T": pdffile.String("Moi")}))
		}, verify.ChangedField},
		{"look of an empty signature field", edit(13, pdffile.Dict{"AP": pdffile.Dict{"N": ref(14)}}), verify.ChangedSignature},
		{"look of the signature", func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			sigs, _ := f.Signatures()
			edit(sigs[0].Field.Ref.Num, pdffile.Dict{"Rect": pdffile.Array{0, 0, 300, 300}, "AP": pdffile.Dict{"N": ref(14)}})(t, f, u)
		}, verify.ChangedSignature},
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
		change := c.change
		attacks = append(attacks, attack{c.name, func(t testing.TB) []byte {
			return revise(t, signed, func(f *pdffile.File, u *pdffile.Update) { change(t, f, u) })
		}, verify.Invalid, "", "", c.kind})
	}
	run(t, attacks)
}

// Updates that a signed document may get: reported, never forbidden.
func TestPermittedChanges(t *testing.T) {
	signed := sign(t, withFields(), pades.Request{Key: theOffice(t).leader})
	stream := &pdffile.Stream{Dict: pdffile.Dict{}, Data: []byte("x")}
	for _, c := range []struct {
		name   string
		change func(testing.TB, *pdffile.File, *pdffile.Update)
		kind   verify.ChangeKind
	}{
		{"information", edit(8, pdffile.Dict{"Title": pdffile.String("Khac")}), verify.ChangedInfo},
		{"metadata", func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			edit(1, pdffile.Dict{"Metadata": u.Add(stream)})(t, f, u)
		}, verify.ChangedInfo},
		{"version and extensions", edit(1, pdffile.Dict{"Version": pdffile.Name("2.0"), "Extensions": pdffile.Dict{}}), verify.ChangedExtension},
		{"validation data", func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			edit(1, pdffile.Dict{"DSS": pdffile.Dict{"CRLs": pdffile.Array{u.Add(stream)}}})(t, f, u)
		}, verify.AddedEvidence},
		{"form resources", edit(9, pdffile.Dict{"DR": pdffile.Dict{"Font": pdffile.Dict{"F1": ref(7), "F2": ref(7)}}}), verify.ChangedForm},
		{"text field", edit(10, pdffile.Dict{"V": pdffile.String("7"), "DA": pdffile.String("/F1 9 Tf"), "F": 4, "Q": 1, "Ff": 1}), verify.FilledField},
		{"look of a widget", func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			edit(12, pdffile.Dict{"AP": pdffile.Dict{"N": u.Add(form("0 g"))}})(t, f, u)
		}, verify.FilledField},
		{"look of a widget, another object of the same content", edit(12, pdffile.Dict{"AP": pdffile.Dict{"N": ref(14)}}), ""},
		{"look of a field, in place", func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) { u.Set(ref(14), form("0 g")) }, verify.FilledField},
		{"page written again unchanged", edit(3, nil), ""},
		{"content written again unchanged", func(_ testing.TB, f *pdffile.File, u *pdffile.Update) {
			o, _ := f.Load(ref(5))
			u.Set(ref(5), o)
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := judge(t, revise(t, signed, func(f *pdffile.File, u *pdffile.Update) { c.change(t, f, u) }))
			ch := r.Signatures[0].Changes
			switch {
			case r.Verdict() != verify.Valid:
				t.Error(describe(r))
			case c.kind == "" && len(ch) > 0:
				t.Errorf("changes: %+v", ch)
			case c.kind != "" && (len(ch) == 0 || ch[0].Kind != c.kind || ch[0].Revision != 3):
				t.Errorf("want %q: %s", c.kind, describe(r))
			}
		})
	}
}
