package verify_test

import (
	"testing"

	"antin/signer/pdffile"
	"antin/signer/verify"
)

// certificationAttacks: annotations and signature fields that cover or change
// what is seen ("evil annotation" and "sneaky signature"), and what a level of
// DocMDP forbids (ISO 32000-1, 12.8.2.2).
func certificationAttacks(t testing.TB, p int) []sample {
	signed := base(t, p)
	rows := []sample{
		forbidden("overlay", updated(signed, annotate(pdffile.Dict{"Subtype": pdffile.Name("Square"), "F": 4})), verify.ChangedAnnotation),
		forbidden("free text", updated(signed, annotate(pdffile.Dict{"Subtype": pdffile.Name("FreeText"), "Contents": pdffile.String("9")})), verify.ChangedAnnotation),
		forbidden("stamp", updated(signed, annotate(pdffile.Dict{"Subtype": pdffile.Name("Stamp")})), verify.ChangedAnnotation),
		forbidden("redaction", updated(signed, annotate(pdffile.Dict{"Subtype": pdffile.Name("Redact")})), verify.ChangedAnnotation),
		forbidden("ink", updated(signed, annotate(pdffile.Dict{"Subtype": pdffile.Name("Ink")})), verify.ChangedAnnotation),
		forbidden("comment", updated(signed, annotate(pdffile.Dict{"Subtype": pdffile.Name("Text")})), verify.ChangedAnnotation),
		forbidden("attached file", updated(signed, annotate(pdffile.Dict{"Subtype": pdffile.Name("FileAttachment")})), verify.ChangedAnnotation),
		forbidden("link", updated(signed, annotate(pdffile.Dict{"Subtype": pdffile.Name("Link"), "A": pdffile.Dict{"S": pdffile.Name("URI")}})), verify.ChangedAnnotation),
		forbidden("widget of no field", updated(signed, annotate(pdffile.Dict{"Subtype": pdffile.Name("Widget"), "FT": pdffile.Name("Tx")})), verify.ChangedAnnotation),
		forbidden("look of the signature over the text", updated(signed, func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			edit(signatureField(t, signed).Num, pdffile.Dict{"Rect": pdffile.Array{0, 0, 300, 300}, "AP": pdffile.Dict{"N": ref(14)}})(t, f, u)
		}), verify.ChangedSignature),
		forbidden("look of an empty signature field", updated(signed, edit(13, pdffile.Dict{"AP": pdffile.Dict{"N": ref(14)}})), verify.ChangedSignature),
	}
	rows = append(rows, sneakySignatures(t, signed)...)
	if p >= 1 {
		rows = append(rows, forbidden("visible signature", func(t testing.TB) []byte {
			return addSignature(t, signed, pdffile.Array{10, 10, 90, 90}, nil)
		}, verify.AddedSignature))
	}
	if p == 1 {
		seven := pdffile.Dict{"V": pdffile.String("7")}
		rows = append(rows,
			forbidden("field filled", given(change(t, signed, "So", seven)), verify.FilledField),
			forbidden("field filled after a permitted time-stamp", given(change(t, timeStamped(t, signed), "So", seven)), verify.FilledField),
			forbidden("invisible signature", func(t testing.TB) []byte { return addSignature(t, signed, pdffile.Array{0, 0, 0, 0}, nil) }, verify.AddedSignature),
			forbidden("prepared field signed", func(t testing.TB) []byte { return fillSignature(t, signed) }, verify.AddedSignature),
			forbidden("level 0 counts as 1", given(change(t, restricted(t, 0, pdffile.Dict{"P": 0}), "So", seven)), verify.FilledField),
			forbidden("level 9 counts as 1", given(change(t, restricted(t, 0, pdffile.Dict{"P": 9}), "So", seven)), verify.FilledField),
			forbidden("a name for a level counts as 1", given(change(t, restricted(t, 0, pdffile.Dict{"P": pdffile.Name("X")}), "So", seven)), verify.FilledField),
		)
	}
	return rows
}

// sneakySignatures adds signature fields that carry more than a signature.
func sneakySignatures(t testing.TB, signed []byte) []sample {
	more := func(d pdffile.Dict) func(testing.TB) []byte {
		return func(t testing.TB) []byte { return addSignature(t, signed, wide, d) }
	}
	return []sample{
		forbidden("two widgets", splitSignature(signed, 2, nil), verify.ChangedField),
		forbidden("no widget", splitSignature(signed, 0, nil), verify.ChangedField),
		forbidden("widget with an action", splitSignature(signed, 1, func(w pdffile.Dict) { w["AA"] = pdffile.Dict{} }), verify.ChangedField),
		forbidden("widget of another field", splitSignature(signed, 1, func(w pdffile.Dict) { w["Parent"] = ref(11) }), verify.ChangedField),
		forbidden("on two pages", signatureOnPages(signed, 1, 2), verify.ChangedAnnotation),
		forbidden("visible, on no page", signatureOnPages(signed), verify.ChangedField),
		forbidden("with an action", more(pdffile.Dict{"A": pdffile.Dict{"S": pdffile.Name("URI")}}), verify.ChangedField),
		forbidden("below another field", more(pdffile.Dict{"Parent": ref(11)}), verify.ChangedField),
		forbidden("with a name that is taken", more(pdffile.Dict{"T": pdffile.String("So")}), verify.ChangedField),
		forbidden("without a name", more(pdffile.Dict{"T": nil}), verify.ChangedField),
		forbidden("with a dot in its name", more(pdffile.Dict{"T": pdffile.String("Ghi.them")}), verify.ChangedField),
		forbidden("said to stand on another page", more(pdffile.Dict{"P": ref(4)}), verify.ChangedAnnotation),
		forbidden("with a text field beside it", func(t testing.TB) []byte {
			f := open(t, signed)
			u := f.NewUpdate()
			page, _ := f.Page(1)
			text := u.Add(pdffile.Dict{"Type": pdffile.Name("Annot"), "Subtype": pdffile.Name("Widget"), "FT": pdffile.Name("Tx"), "T": pdffile.String("Them"), "Rect": wide})
			field := u.Add(pdffile.Dict{"FT": pdffile.Name("Sig"), "T": pdffile.String("An"), "V": u.Add(signatureDict())})
			if err := u.AddAnnotation(page, text); err != nil {
				t.Fatal(err)
			}
			if err := u.SetForm(nil, text, field); err != nil {
				t.Fatal(err)
			}
			return finish(t, signed, u, theOffice(t).clerk)
		}, verify.ChangedField),
	}
}

var wide = pdffile.Array{300, 300, 400, 350}

// splitSignature signs in a new field whose widgets are kids; change may alter them.
func splitSignature(signed []byte, kids int, change func(widget pdffile.Dict)) func(testing.TB) []byte {
	return func(t testing.TB) []byte {
		f := open(t, signed)
		u := f.NewUpdate()
		page, err := f.Page(1)
		if err != nil {
			t.Fatal(err)
		}
		field := pdffile.Dict{"FT": pdffile.Name("Sig"), "T": pdffile.String("Tach"), "V": u.Add(signatureDict())}
		ref := u.Add(field)
		list := pdffile.Array{}
		for range kids {
			widget := pdffile.Dict{"Type": pdffile.Name("Annot"), "Subtype": pdffile.Name("Widget"), "Parent": ref, "P": page.Ref, "Rect": wide, "F": 132}
			if change != nil {
				change(widget)
			}
			kid := u.Add(widget)
			list = append(list, kid)
			if err := u.AddAnnotation(page, kid); err != nil {
				t.Fatal(err)
			}
		}
		field["Kids"] = list
		if err := u.SetForm(nil, ref); err != nil {
			t.Fatal(err)
		}
		return finish(t, signed, u, theOffice(t).clerk)
	}
}

// signatureOnPages signs in a new visible field that these pages list.
func signatureOnPages(signed []byte, numbers ...int) func(testing.TB) []byte {
	return func(t testing.TB) []byte {
		f := open(t, signed)
		u := f.NewUpdate()
		field := u.Add(pdffile.Dict{
			"Type": pdffile.Name("Annot"), "Subtype": pdffile.Name("Widget"), "FT": pdffile.Name("Sig"),
			"T": pdffile.String("Moi"), "V": u.Add(signatureDict()), "Rect": wide,
		})
		for _, n := range numbers {
			page, err := f.Page(n)
			if err != nil {
				t.Fatal(err)
			}
			if err := u.AddAnnotation(page, field); err != nil {
				t.Fatal(err)
			}
		}
		if err := u.SetForm(nil, field); err != nil {
			t.Fatal(err)
		}
		return finish(t, signed, u, theOffice(t).clerk)
	}
}
