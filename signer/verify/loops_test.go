package verify_test

import (
	"bytes"
	"strings"
	"testing"

	"antin/signer/pdffile"
	"antin/signer/verify"
)

// loops: updates with structures that have no end, or a size that is only
// claimed. They are changes like others, told within no time.
func loops(t testing.TB, p int) []sample {
	signed := base(t, p)
	catalog := func(k pdffile.Name, v pdffile.Object) update { return edit(1, pdffile.Dict{k: v}) }
	// ring is a dictionary whose entry leads back to it.
	ring := func(u *pdffile.Update, k pdffile.Name) pdffile.Ref {
		at := u.Add(nil)
		u.Set(at, pdffile.Dict{k: at, "Kids": pdffile.Array{at}})
		return at
	}
	end := len(signed)
	infoAt := raw{objects: map[int]string{8: "<</Title(Khac)>>"}}
	rows := []sample{
		forbidden("page tree names itself", updated(signed, edit(2, pdffile.Dict{"Kids": pdffile.Array{ref(3), ref(2)}})), verify.BrokenUpdate),
		forbidden("page names itself as its tree", updated(signed, edit(3, pdffile.Dict{"Parent": ref(3)})), verify.ChangedPage),
		forbidden("page tree 200 deep", updated(signed, func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			at := ref(4)
			for range 200 {
				at = u.Add(pdffile.Dict{"Type": pdffile.Name("Pages"), "Kids": pdffile.Array{at}})
			}
			edit(2, pdffile.Dict{"Kids": pdffile.Array{ref(3), at}})(t, f, u)
		}), verify.BrokenUpdate),
		forbidden("field names itself", updated(signed, edit(11, pdffile.Dict{"Kids": pdffile.Array{ref(11)}})), verify.BrokenUpdate),
		forbidden("fields 200 deep", updated(signed, func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			at := u.Add(pdffile.Dict{"T": pdffile.String("x")})
			for range 200 {
				at = u.Add(pdffile.Dict{"T": pdffile.String("x"), "Kids": pdffile.Array{at}})
			}
			edit(11, pdffile.Dict{"Kids": pdffile.Array{at}})(t, f, u)
		}), verify.BrokenUpdate),
		forbidden("content refers to itself", updated(signed, func(_ testing.TB, _ *pdffile.File, u *pdffile.Update) {
			u.Set(ref(5), ref(6))
			u.Set(ref(6), ref(5))
		}), verify.ChangedPage),
		forbidden("form shows itself", updated(signed, func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			at := u.Add(nil)
			s := form("/A Do")
			s.Dict["Resources"] = pdffile.Dict{"XObject": pdffile.Dict{"A": at}}
			u.Set(at, s)
			edit(3, pdffile.Dict{"Resources": pdffile.Dict{"XObject": pdffile.Dict{"A": at}}})(t, f, u)
		}), verify.ChangedPage),
		forbidden("structure tree", updated(signed, func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			catalog("StructTreeRoot", ring(u, "K"))(t, f, u)
		}), verify.ChangedCatalog),
		forbidden("outlines", updated(signed, func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			catalog("Outlines", ring(u, "First"))(t, f, u)
		}), verify.ChangedCatalog),
		forbidden("names", updated(signed, func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			catalog("Names", ring(u, "Dests"))(t, f, u)
		}), verify.ChangedCatalog),
		forbidden("/Prev names its own update", given(raw{objects: infoAt.objects, prev: bytes.LastIndex(infoAt.on(signed), []byte("xref\n8 1"))}.on(signed)), verify.ForeignBytes),
		forbidden("/Prev behind the end", given(raw{objects: infoAt.objects, prev: 1 << 40}.on(signed)), verify.ForeignBytes),
		forbidden("arrays nested 100,000 deep", given(raw{objects: map[int]string{8: strings.Repeat("[", 100_000)}}.on(signed)), verify.BrokenUpdate),
		forbidden("a length that is its own stream", given(raw{objects: map[int]string{5: "<</Length 5 0 R>>\nstream\n1 g\nendstream"}}.on(signed)), verify.BrokenUpdate),
		forbidden("a length of a terabyte", given(raw{objects: map[int]string{5: "<</Length 1099511627776>>\nstream\n1 g\nendstream"}}.on(signed)), verify.BrokenUpdate),
		forbidden("a table that claims a billion entries", given([]byte(string(signed)+"xref\n0 1000000000\n0000000000 65535 f\r\ntrailer\n<</Size 1000000000/Root 1 0 R/Prev "+
			itoa(lastStartXRef(signed))+">>\nstartxref\n"+itoa(end)+"\n%%EOF\n")), verify.ForeignBytes),
		forbidden("a stream that claims a billion entries", given([]byte(string(signed)+"90 0 obj\n<</Type/XRef/Size 1000000000/W[1 4 1]/Index[0 1000000000]/Root 1 0 R/Length 6/Prev "+
			itoa(lastStartXRef(signed))+">>\nstream\n\x01\x00\x00\x00\x00\x00\nendstream\nendobj\nstartxref\n"+itoa(end)+"\n%%EOF\n")), verify.ForeignBytes),
	}
	for i := range rows {
		rows[i].check = func(t *testing.T, r *verify.Report) {
			if len(r.Signatures) != 1 || r.Signatures[0].CoversFile {
				t.Error(describe(r))
			}
		}
	}
	return rows
}
