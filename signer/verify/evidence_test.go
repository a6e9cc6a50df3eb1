package verify_test

import (
	"testing"

	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/verify"
)

// Validation data are added and never taken away.
func TestEvidenceChanges(t *testing.T) {
	stream := func(u *pdffile.Update) pdffile.Ref {
		return u.Add(&pdffile.Stream{Dict: pdffile.Dict{}, Data: []byte("x")})
	}
	signed := sign(t, revise(t, blank(), func(_ *pdffile.File, u *pdffile.Update) {
		edit(1, pdffile.Dict{"DSS": pdffile.Dict{"Certs": pdffile.Array{stream(u), stream(u)}, "VRI": pdffile.Dict{"AB": pdffile.Dict{}}}})(t, nil, u)
	}), pades.Request{Key: theOffice(t).leader})
	with := func(change func(dss pdffile.Dict, u *pdffile.Update)) []byte {
		return revise(t, signed, func(f *pdffile.File, u *pdffile.Update) {
			cat, _ := f.Catalog()
			dss := f.Dict(cat["DSS"]).Clone()
			change(dss, u)
			edit(1, pdffile.Dict{"DSS": dss})(t, f, u)
		})
	}
	for _, s := range []sample{
		good("more", given(with(func(d pdffile.Dict, u *pdffile.Update) {
			d["Certs"] = append(d["Certs"].(pdffile.Array), stream(u))
			d["VRI"] = pdffile.Dict{"AB": pdffile.Dict{}, "CD": pdffile.Dict{}}
		}))),
		forbidden("fewer", given(with(func(d pdffile.Dict, _ *pdffile.Update) { d["Certs"] = d["Certs"].(pdffile.Array)[:1] })), verify.ChangedCatalog),
		forbidden("entry of a signature lost", given(with(func(d pdffile.Dict, _ *pdffile.Update) { d["VRI"] = pdffile.Dict{} })), verify.ChangedCatalog),
		forbidden("unknown entry", given(with(func(d pdffile.Dict, _ *pdffile.Update) { d["JS"] = 1 })), verify.ChangedCatalog),
		forbidden("all gone", given(revise(t, signed, func(f *pdffile.File, u *pdffile.Update) { edit(1, pdffile.Dict{"DSS": nil})(t, f, u) })), verify.ChangedCatalog),
	} {
		t.Run(s.name, s.run)
	}
}
