package verify_test

import (
	"crypto"
	"testing"

	"antin/signer/appearance"
	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/verify"
)

// restricted is withFields with a signature that has this reference.
func restricted(t testing.TB, params pdffile.Dict) []byte {
	t.Helper()
	o := theOffice(t)
	method := pdffile.Name("DocMDP")
	if params["Action"] != nil {
		method = "FieldMDP"
	}
	f := newFrame(t, withFields(), pdffile.Dict{"Reference": pdffile.Array{
		pdffile.Dict{"Type": pdffile.Name("SigRef"), "TransformMethod": method, "TransformParams": params},
	}})
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

// Certifications (DocMDP, ISO 32000-1, 12.8.2.2).
func TestCertification(t *testing.T) {
	o := theOffice(t)
	certified := func(p int) []byte { return sign(t, withFields(), pades.Request{Key: o.leader, Certify: p}) }
	visible := func(pdf []byte) []byte { return addSignature(t, pdf, pdffile.Array{10, 10, 90, 90}, nil) }
	invisible := func(pdf []byte) []byte { return addSignature(t, pdf, pdffile.Array{0, 0, 0, 0}, nil) }
	prepared := func(pdf []byte) []byte { return fillSignature(t, pdf) }
	stamped := func(pdf []byte) []byte { return timeStamped(t, pdf) }
	evidence := func(pdf []byte) []byte {
		return revise(t, pdf, func(f *pdffile.File, u *pdffile.Update) {
			edit(1, pdffile.Dict{"DSS": pdffile.Dict{"Certs": pdffile.Array{u.Add(&pdffile.Stream{Dict: pdffile.Dict{}, Data: o.Root.Raw})}}})(t, f, u)
		})
	}
	comment := func(pdf []byte) []byte {
		return revise(t, pdf, func(f *pdffile.File, u *pdffile.Update) {
			annotate(pdffile.Dict{"Subtype": pdffile.Name("Text")})(t, f, u)
		})
	}
	bad := func(name string, pdf []byte, k verify.ChangeKind) attack {
		return attack{name, given(pdf), verify.Invalid, "", "", k}
	}
	good := func(name string, pdf []byte) attack { return attack{name, given(pdf), verify.Valid, "", "", ""} }
	run(t, []attack{
		good("1, untouched", certified(1)),
		good("1, validation data", evidence(certified(1))),
		good("1, document time-stamp", stamped(certified(1))),
		good("1, validation data and time-stamp", stamped(evidence(certified(1)))),
		bad("1, field filled", change(t, certified(1), "So", pdffile.Dict{"V": pdffile.String("7")}), verify.FilledField),
		bad("1, invisible signature", invisible(certified(1)), verify.AddedSignature),
		bad("1, prepared field signed", prepared(certified(1)), verify.AddedSignature),
		good("2, field filled", change(t, certified(2), "So", pdffile.Dict{"V": pdffile.String("7")})),
		good("2, invisible signature", invisible(certified(2))),
		good("2, prepared field signed", prepared(certified(2))),
		bad("2, new visible signature", visible(certified(2)), verify.AddedSignature),
		bad("2, comment", comment(certified(2)), verify.ChangedAnnotation),
		bad("3, new visible signature", visible(certified(3)), verify.AddedSignature),
		bad("3, comment", comment(certified(3)), verify.ChangedAnnotation),
		good("2, signed, then filled", change(t, invisible(certified(2)), "So", pdffile.Dict{"V": pdffile.String("7")})),
		bad("1, after a permitted time-stamp", change(t, stamped(certified(1)), "So", pdffile.Dict{"V": pdffile.String("7")}), verify.FilledField),
		good("no level: 2", change(t, restricted(t, pdffile.Dict{}), "So", pdffile.Dict{"V": pdffile.String("7")})),
		bad("level 0 counts as 1", change(t, restricted(t, pdffile.Dict{"P": 0}), "So", pdffile.Dict{"V": pdffile.String("7")}), verify.FilledField),
		bad("level 9 counts as 1", change(t, restricted(t, pdffile.Dict{"P": 9}), "So", pdffile.Dict{"V": pdffile.String("7")}), verify.FilledField),
		bad("a name for a level counts as 1", change(t, restricted(t, pdffile.Dict{"P": pdffile.Name("X")}), "So", pdffile.Dict{"V": pdffile.String("7")}), verify.FilledField),
	})
	r := judge(t, certified(2))
	if s := r.Signatures[0]; s.Kind != verify.Certification || s.DocMDP != 2 {
		t.Errorf("kind %s, level %d", s.Kind, s.DocMDP)
	}
}

// A certification that follows an approval is none.
func TestLateCertification(t *testing.T) {
	o := theOffice(t)
	first := sign(t, withFields(), pades.Request{Key: o.leader})
	f := newFrame(t, first, pdffile.Dict{"Reference": pdffile.Array{
		pdffile.Dict{"TransformMethod": pdffile.Name("DocMDP"), "TransformParams": pdffile.Dict{"P": 1}},
	}})
	pdf := f.put(t, message(t, o.clerk, profileOf(o.clerk), f.digest(crypto.SHA256)))
	if r := judge(t, pdf); r.Verdict() != verify.Valid || r.Signatures[1].Kind != verify.Approval || r.Signatures[1].Warnings[0] != verify.NoPermissions {
		t.Error(describe(r)) // ISO 32000-2: an approval that restricts what follows
	}
	named := revise(t, pdf, func(_ *pdffile.File, u *pdffile.Update) {
		edit(1, pdffile.Dict{"Perms": pdffile.Dict{"DocMDP": ref(17)}})(t, nil, u)
	})
	if r := judge(t, named); r.Verdict() != verify.Invalid {
		t.Error(describe(r))
	}
}

// Locks (FieldMDP, ISO 32000-1, 12.8.2.4) and what is changed without one.
func TestLocks(t *testing.T) {
	number := pdffile.Dict{"V": pdffile.TextString("999/QĐ-UBND")}
	look := func(pdf []byte) []byte { // the field's own stream, replaced in place
		return revise(t, pdf, func(f *pdffile.File, u *pdffile.Update) {
			fl, err := f.Field("AnTin_So")
			if err != nil {
				t.Fatal(err)
			}
			u.Set(f.Dict(fl.Dict["AP"])["N"].(pdffile.Ref), form("1 g 0 0 9 9 re f"))
		})
	}
	include := pdffile.Dict{"Action": pdffile.Name("Include"), "Fields": pdffile.Array{pdffile.String("So")}}
	exclude := pdffile.Dict{"Action": pdffile.Name("Exclude"), "Fields": pdffile.Array{pdffile.String("So")}}
	all := pdffile.Dict{"Action": pdffile.Name("All")}
	// The first signature is the leader's, who locks nothing: the locks that the
	// seal adds are in force for everything after it.
	run(t, []attack{
		{"number changed after the seal, locked", given(change(t, locked(t, true), "AnTin_So", number)), verify.Invalid, "", "", verify.ChangedLocked},
		{"number changed after the seal, open", given(change(t, locked(t, false), "AnTin_So", number)), verify.Valid, "", "", ""},
		{"look of the locked number replaced", given(look(locked(t, true))), verify.Invalid, "", "", verify.ChangedLocked},
		{"look of the open number replaced", given(look(locked(t, false))), verify.Valid, "", "", ""},
		{"locked number hidden", given(change(t, locked(t, true), "AnTin_So", pdffile.Dict{"F": 2})), verify.Invalid, "", "", verify.ChangedLocked},
		{"locked number moved", given(change(t, locked(t, true), "AnTin_So", pdffile.Dict{"Rect": pdffile.Array{0, 0, 9, 9}})), verify.Invalid, "", "", verify.ChangedLocked},
		{"locked number writable again", given(change(t, locked(t, true), "AnTin_So", pdffile.Dict{"Ff": 0})), verify.Invalid, "", "", verify.ChangedLocked},
		{"leader's own lock, filled by the seal", given(fillLocked(t)), verify.Invalid, "", "", verify.ChangedLocked},
		{"named field", given(change(t, restricted(t, include), "So", number)), verify.Invalid, "", "", verify.ChangedLocked},
		{"locked field made read-only", given(change(t, restricted(t, include), "So", pdffile.Dict{"Ff": 1})), verify.Valid, "", "", ""},
		{"all but this one", given(change(t, restricted(t, exclude), "So", number)), verify.Valid, "", "", ""},
		{"all", given(change(t, restricted(t, all), "So", number)), verify.Invalid, "", "", verify.ChangedLocked},
		{"unknown action", given(change(t, restricted(t, pdffile.Dict{"Action": pdffile.Name("X")}), "So", number)), verify.Invalid, "", "", verify.ChangedLocked},
		{"widget of a locked field", given(revise(t, restricted(t, all), func(f *pdffile.File, u *pdffile.Update) {
			edit(12, pdffile.Dict{"AP": pdffile.Dict{"N": u.Add(form("0 g"))}})(t, f, u)
		})), verify.Invalid, "", "", verify.ChangedLocked},
		{"locked signature field signed", given(fillSignature(t, restricted(t, all))), verify.Invalid, "", "", verify.ChangedLocked},
		{"new signature field beside a lock", given(addSignature(t, restricted(t, all), pdffile.Array{9, 9, 99, 99}, nil)), verify.Valid, "", "", ""},
	})
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
