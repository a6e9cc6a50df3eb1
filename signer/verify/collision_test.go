package verify_test

import (
	"bytes"
	"crypto"
	"fmt"
	"strings"
	"testing"

	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/verify"
)

// collisions: signatures that get in each other's way.
func collisions(t testing.TB, p int) []sample {
	signed := base(t, p)
	dict := signatureRef(t, signed)
	rows := []sample{
		{
			name: "byte ranges that cross", pdf: func(t testing.TB) []byte { return crossing(t, p) },
			verdict: verify.Invalid, indication: verify.TotalFailed, sub: verify.FormatFailure, of: 1,
			check: func(t *testing.T, r *verify.Report) {
				if s := r.Signatures[1]; !strings.Contains(fmt.Sprint(s.Err), "cross") {
					t.Error(describe(r))
				}
			},
		},
		{
			name: "one dictionary in two fields", verdict: verify.Invalid, forbidden: verify.ChangedField,
			pdf: updated(signed, func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) {
				_ = u.SetForm(nil, u.Add(pdffile.Dict{"FT": pdffile.Name("Sig"), "T": pdffile.String("Hai"), "V": dict}))
			}),
			check: func(t *testing.T, r *verify.Report) {
				if len(r.Signatures) != 2 || r.Signatures[0].Warnings[0] != verify.SharedDictionary {
					t.Error(describe(r))
				}
			},
		},
		{
			name: "a copy of the dictionary in another field", verdict: verify.Invalid, forbidden: verify.ChangedField,
			pdf: updated(signed, func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) {
				_ = u.SetForm(nil, u.Add(pdffile.Dict{"FT": pdffile.Name("Sig"), "T": pdffile.String("Hai"), "V": u.Add(u.Dict(dict))}))
			}),
		},
		forbidden("a second certification", func(t testing.TB) []byte { return certified(t, signed) }, verify.ChangedCatalog),
		{
			name: "the second certification itself", pdf: func(t testing.TB) []byte { return certified(t, signed) },
			verdict: verify.Invalid, indication: verify.Indeterminate, sub: verify.SigConstraintsFailure, of: 1,
		},
	}
	return rows
}

// certified adds a signature that calls itself the document's certification.
func certified(t testing.TB, pdf []byte) []byte {
	t.Helper()
	f := open(t, pdf)
	u := f.NewUpdate()
	d := signatureDict()
	d["Reference"] = pdffile.Array{pdffile.Dict{"TransformMethod": pdffile.Name("DocMDP"), "TransformParams": pdffile.Dict{"P": 3}}}
	sig := u.Add(d)
	field := u.Add(pdffile.Dict{"FT": pdffile.Name("Sig"), "T": pdffile.String("Hai"), "V": sig, "Rect": pdffile.Array{0, 0, 0, 0}})
	if err := u.SetForm(nil, field); err != nil {
		t.Fatal(err)
	}
	edit(1, pdffile.Dict{"Perms": pdffile.Dict{"DocMDP": sig}})(t, f, u)
	return finish(t, pdf, u, theOffice(t).clerk)
}

// crossing is a document with a later signature whose own contents stand in what
// an earlier one signed.
func crossing(t testing.TB, p int) []byte {
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
		first := sign(t, revise(t, blank(), func(_ *pdffile.File, u *pdffile.Update) {
			d := signatureDict()
			d["ByteRange"], d["Contents"] = numbers, pdffile.String(make([]byte, room))
			early = u.Add(d)
		}), pades.Request{Key: theOffice(t).leader, Certify: p})
		pdf = revise(t, first, func(f *pdffile.File, u *pdffile.Update) {
			page, _ := f.Page(1)
			field := u.Add(pdffile.Dict{"Type": pdffile.Name("Annot"), "Subtype": pdffile.Name("Widget"), "FT": pdffile.Name("Sig"), "T": pdffile.String("Som"), "V": early, "Rect": pdffile.Array{0, 0, 0, 0}})
			_ = u.AddAnnotation(page, field)
			_ = u.SetForm(nil, field)
		})
		end = len(pdf)
	}
	return pdf
}

// A certification that follows an approval is none, but what it forbids counts.
func TestLateCertification(t *testing.T) {
	o := theOffice(t)
	f := newFrame(t, base(t, 0), pdffile.Dict{"Reference": pdffile.Array{
		pdffile.Dict{"TransformMethod": pdffile.Name("DocMDP"), "TransformParams": pdffile.Dict{"P": 1}},
	}})
	pdf := f.put(t, message(t, o.clerk, profileOf(o.clerk), f.digest(crypto.SHA256)))
	if r := judge(t, pdf); r.Verdict() != verify.Valid || r.Signatures[1].Kind != verify.Approval || r.Signatures[1].Warnings[0] != verify.NoPermissions {
		t.Error(describe(r)) // ISO 32000-2: an approval that restricts what follows
	}
	named := revise(t, pdf, func(_ *pdffile.File, u *pdffile.Update) {
		edit(1, pdffile.Dict{"Perms": pdffile.Dict{"DocMDP": ref(18)}})(t, nil, u)
	})
	if r := judge(t, named); r.Verdict() != verify.Invalid {
		t.Error(describe(r))
	}
}
