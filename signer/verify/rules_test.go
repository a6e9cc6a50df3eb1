package verify_test

import (
	"crypto"
	"testing"

	"antin/signer/appearance"
	"antin/signer/pdffile"
	"antin/signer/verify"
)

// restricted is withFields with a signature that has this reference, and with
// p > 0 one for DocMDP too.
func restricted(t testing.TB, p int, params pdffile.Dict) []byte {
	return restrict(t, withFields(), p, params)
}

func restrict(t testing.TB, pdf []byte, p int, params pdffile.Dict) []byte {
	t.Helper()
	o := theOffice(t)
	method := pdffile.Name("DocMDP")
	if params["Action"] != nil {
		method = "FieldMDP"
	}
	references := pdffile.Array{pdffile.Dict{"Type": pdffile.Name("SigRef"), "TransformMethod": method, "TransformParams": params}}
	if p > 0 {
		references = append(references, pdffile.Dict{"TransformMethod": pdffile.Name("DocMDP"), "TransformParams": pdffile.Dict{"P": p}})
	}
	f := newFrame(t, pdf, pdffile.Dict{"Reference": references})
	return f.put(t, message(t, o.leader, profileOf(o.leader), f.digest(crypto.SHA256)))
}

// locked is a document whose number and date are filled and locked by the seal.
func locked(t testing.TB, lock bool) []byte {
	return sign(t, sign(t, blank(), approve(t)), seal(t, lock))
}

// change sets entries of a field by name.
func change(t testing.TB, pdf []byte, field string, entries pdffile.Dict) []byte {
	return revise(t, pdf, func(f *pdffile.File, u *pdffile.Update) {
		fl, err := f.Field(field)
		if err != nil {
			t.Fatal(err)
		}
		edit(fl.Ref.Num, entries)(t, f, u)
	})
}

// Locks of one signature (FieldMDP, ISO 32000-1, 12.8.2.4).
var (
	lockOne    = pdffile.Dict{"Action": pdffile.Name("Include"), "Fields": pdffile.Array{pdffile.String("So")}}
	lockOthers = pdffile.Dict{"Action": pdffile.Name("Exclude"), "Fields": pdffile.Array{pdffile.String("So")}}
	lockAll    = pdffile.Dict{"Action": pdffile.Name("All")}
	lockOdd    = pdffile.Dict{"Action": pdffile.Name("X")}
)

// fieldChanges: fields are changed in ways that filling is not, or though a
// signature has locked them. Numbers are those of withFields and withButtons.
func fieldChanges(t testing.TB, p int) []sample {
	signed := base(t, p)
	number := pdffile.Dict{"V": pdffile.TextString("999/QĐ-UBND")}
	sealed := locked(t, true)
	look := updated(sealed, func(t testing.TB, f *pdffile.File, u *pdffile.Update) { // the field's own stream, replaced in place
		fl, err := f.Field("AnTin_So")
		if err != nil {
			t.Fatal(err)
		}
		u.Set(f.Dict(fl.Dict["AP"])["N"].(pdffile.Ref), form("1 g 0 0 9 9 re f"))
	})
	field := func(name string, c update, k verify.ChangeKind) sample { return forbidden(name, updated(signed, c), k) }
	held := func(name string, lock pdffile.Dict, c update) sample {
		return forbidden(name, updated(restricted(t, p, lock), c), verify.ChangedLocked)
	}
	script := pdffile.Dict{"S": pdffile.Name("JavaScript")}
	rows := []sample{
		held("named field", lockOne, edit(10, number)),
		held("all fields", lockAll, edit(10, number)),
		held("unknown action of a lock", lockOdd, edit(10, number)),
		held("locked number moved", lockOne, edit(10, pdffile.Dict{"Rect": pdffile.Array{0, 0, 9, 9}})),
		held("locked number hidden", lockOne, edit(10, pdffile.Dict{"F": 2})),
		held("widget of a locked field", lockAll, func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			edit(12, pdffile.Dict{"AP": pdffile.Dict{"N": u.Add(form("0 g"))}})(t, f, u)
		}),
		held("look of a locked field, in place", lockOne, func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) { u.Set(ref(14), form("1 g")) }),
		forbidden("locked signature field signed", func(t testing.TB) []byte { return fillSignature(t, restricted(t, p, lockAll)) }, verify.ChangedLocked),
		field("field removed", func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			form, _ := f.AcroForm()
			edit(9, pdffile.Dict{"Fields": f.Array(form["Fields"])[1:]})(t, f, u)
		}, verify.ChangedField),
		field("text field moved", edit(10, pdffile.Dict{"Rect": pdffile.Array{100, 600, 300, 720}}), verify.ChangedField),
		field("text field with an action", edit(10, pdffile.Dict{"A": script}), verify.ChangedField),
		field("text field with a script", edit(10, pdffile.Dict{"AA": pdffile.Dict{"F": script}}), verify.ChangedField),
		field("text field renamed", edit(10, pdffile.Dict{"T": pdffile.String("Khac")}), verify.ChangedField),
		field("text field becomes a signature", edit(10, pdffile.Dict{"FT": pdffile.Name("Sig")}), verify.ChangedField),
		field("widget of a field moved", edit(12, pdffile.Dict{"Rect": pdffile.Array{0, 0, 595, 842}}), verify.ChangedField),
		field("second widget for a field", func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			edit(11, pdffile.Dict{"Kids": pdffile.Array{ref(12), u.Add(u.Dict(ref(12)))}})(t, f, u)
		}, verify.ChangedField),
		field("text field added", func(_ testing.TB, f *pdffile.File, u *pdffile.Update) {
			d := u.Add(pdffile.Dict{"Type": pdffile.Name("Annot"), "Subtype": pdffile.Name("Widget"), "FT": pdffile.Name("Tx"), "T": pdffile.String("Moi"), "Rect": pdffile.Array{0, 0, 9, 9}})
			page, _ := f.Page(1)
			_ = u.AddAnnotation(page, d)
			_ = u.SetForm(nil, d)
		}, verify.ChangedField),
		field("empty signature field added", func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) {
			_ = u.SetForm(nil, u.Add(pdffile.Dict{"FT": pdffile.Name("Sig"), "T": pdffile.String("Moi")}))
		}, verify.ChangedField),
		field("order of calculation", edit(9, pdffile.Dict{"CO": pdffile.Array{ref(10)}}), verify.ChangedField),
		field("viewers redraw fields", edit(9, pdffile.Dict{"NeedAppearances": true}), verify.ChangedField),
		field("another form beside it", edit(9, pdffile.Dict{"XFA": pdffile.String("x")}), verify.ChangedField),
		field("form font replaced", edit(9, pdffile.Dict{"DR": pdffile.Dict{"Font": pdffile.Dict{"F1": pdffile.Dict{}}}}), verify.ChangedField),
	}
	rows = append(rows, buttonChanges(t, p)...)
	if p == 0 {
		// The first signature is the leader's, who locks nothing: the locks that the
		// seal adds are in force for everything after it.
		rows = append(rows,
			forbidden("number changed after the seal", given(change(t, sealed, "AnTin_So", number)), verify.ChangedLocked),
			forbidden("look of the sealed number replaced", look, verify.ChangedLocked),
			forbidden("sealed number writable again", given(change(t, sealed, "AnTin_So", pdffile.Dict{"Ff": 0})), verify.ChangedLocked),
			forbidden("leader's own lock, filled by the seal", given(fillLocked(t)), verify.ChangedLocked),
		)
	}
	return rows
}

// fillLocked: the leader locks the number, and the seal fills it all the same.
func fillLocked(t testing.TB) []byte {
	q := approve(t)
	q.Lock = &pdffile.FieldLock{Action: "Include", Fields: []string{"AnTin_So"}}
	return revise(t, sign(t, blank(), q), func(f *pdffile.File, u *pdffile.Update) {
		fl, err := f.Field("AnTin_So")
		if err != nil {
			t.Fatal(err)
		}
		page, _ := f.Page(1)
		ap, err := appearance.NewLook(40, 8).Form(u, page.Geometry, appearance.Constraints{})
		if err != nil {
			t.Fatal(err)
		}
		edit(fl.Ref.Num, pdffile.Dict{"V": pdffile.TextString("121"), "AP": pdffile.Dict{"N": ap}})(t, f, u)
	})
}
