package verify_test

import (
	"bytes"
	"testing"

	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/verify"
)

// spoofedDictionaries: what is shown of a signature, or that it is there at all,
// is changed by a later update.
func spoofedDictionaries(t testing.TB, p int) []sample {
	q := approve(t)
	q.Certify = p
	one := sign(t, blank(), q)
	sig := signatureRef(t, one)
	field := signatureField(t, one)
	entry := func(k pdffile.Name, v pdffile.Object) func(testing.TB) []byte {
		return updated(one, edit(sig.Num, pdffile.Dict{k: v}))
	}
	level := 3
	if p == 3 {
		level = 1
	}
	reference := pdffile.Array{pdffile.Dict{
		"Type": pdffile.Name("SigRef"), "TransformMethod": pdffile.Name("DocMDP"), "TransformParams": pdffile.Dict{"P": level, "V": pdffile.Name("1.2")},
	}}
	rows := []sample{
		malformed("reason changed", entry("Reason", pdffile.TextString("Không phê duyệt"))),
		malformed("name changed", entry("Name", pdffile.TextString("Nguyễn Văn Khác"))),
		malformed("place changed", entry("Location", nil)),
		malformed("time changed", entry("M", pdffile.String("D:20200101000000Z"))),
		malformed("format changed", entry("SubFilter", pdffile.Name("adbe.pkcs7.detached"))),
		malformed("certificate added", entry("Cert", pdffile.String("x"))),
		malformed("level of the certification changed", entry("Reference", reference)),
		malformed("contents changed", entry("Contents", pdffile.String("x"))),
		malformed("byte range changed", entry("ByteRange", pdffile.Array{0, 1, 2, 3})),
		{
			name: "field names another dictionary", verdict: verify.Invalid, indication: verify.TotalFailed, sub: verify.FormatFailure,
			pdf: updated(one, func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
				edit(field.Num, pdffile.Dict{"V": u.Add(u.Dict(sig))})(t, f, u)
			}),
		},
		forbidden("field renamed", updated(one, edit(field.Num, pdffile.Dict{"T": pdffile.String("Khac")})), verify.ChangedSignature),
	}
	return append(rows, removedSignatures(t, one)...)
}

// removedSignatures: the signature is taken away, so that a document looks like
// one that nobody ever signed.
func removedSignatures(t testing.TB, one []byte) []sample {
	field := signatureField(t, one)
	emptied := func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
		_, ref := f.AcroForm()
		u.Set(ref, pdffile.Dict{"Fields": pdffile.Array{}})
	}
	rows := []sample{
		forbidden("signature taken out of its field", updated(one, edit(field.Num, pdffile.Dict{"V": nil})), verify.ChangedSignature),
		forbidden("field no signature field any more", updated(one, edit(field.Num, pdffile.Dict{"FT": pdffile.Name("Tx")})), verify.ChangedSignature),
		forbidden("field freed", updated(one, func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) { u.Set(field, nil) }), verify.ChangedSignature),
		forbidden("form emptied", updated(one, emptied), verify.ChangedSignature),
		forbidden("form removed", updated(one, edit(1, pdffile.Dict{"AcroForm": nil})), verify.ChangedSignature),
		forbidden("form emptied, then information changed twice", func(t testing.TB) []byte {
			out := updated(one, emptied)(t)
			for range 2 {
				out = updated(out, edit(8, pdffile.Dict{"Title": pdffile.String("Khac")}))(t)
			}
			return out
		}, verify.ChangedSignature),
		forbidden("form emptied, then signed by another", func(t testing.TB) []byte {
			return addSignature(t, updated(one, emptied)(t), pdffile.Array{0, 0, 0, 0}, nil)
		}, verify.ChangedSignature),
		forbidden("form emptied, and the end damaged", func(t testing.TB) []byte {
			return append(updated(one, emptied)(t), "rác"...)
		}, verify.ForeignBytes),
	}
	for i := range rows {
		name := rows[i].name
		rows[i].check = func(t *testing.T, r *verify.Report) {
			if s := r.Signatures[0]; s.Crypto != nil || s.Signer == nil || s.Reason != "Phê duyệt" || len(r.Orphans) > 0 {
				t.Errorf("%s: the signature that was taken away is not told: %s", name, describe(r))
			}
		}
	}
	return rows
}

// What only looks like a signature and never was in a field is told, and proves nothing.
func TestOrphan(t *testing.T) {
	one := sign(t, blank(), pades.Request{Key: theOffice(t).leader})
	sig := signatureRef(t, one)
	for name, pdf := range map[string][]byte{
		"signature without a field": bytes.ReplaceAll(one, []byte("/FT /Sig"), []byte("/FX /Sig")),
		"copied into another document": revise(t, blank(), func(_ *pdffile.File, u *pdffile.Update) {
			u.Add(open(t, one).Dict(sig))
		}),
	} {
		r := judge(t, pdf)
		if r.Verdict() != verify.Unsigned || len(r.Orphans) != 1 || r.Orphans[0].Object == 0 {
			t.Errorf("%s: %s", name, describe(r))
		}
	}
	copied := revise(t, one, func(_ *pdffile.File, u *pdffile.Update) { u.Add(u.Dict(sig)) })
	if r := judge(t, copied); len(r.Signatures) != 1 || len(r.Orphans) != 1 {
		t.Errorf("a copy of its own: %s", describe(r))
	}
}
