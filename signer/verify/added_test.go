package verify_test

import (
	"crypto"
	"testing"
	"time"

	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/verify"
)

// Ways to add a signature field after a signature: regular ones, and those that
// carry more than a signature.
func TestAddedSignatureFields(t *testing.T) {
	signed := sign(t, withFields(), pades.Request{Key: theOffice(t).leader})
	rect, none := pdffile.Array{300, 300, 400, 350}, pdffile.Array{0, 0, 0, 0}
	more := func(d pdffile.Dict) func(testing.TB) []byte {
		return func(t testing.TB) []byte { return addSignature(t, signed, rect, d) }
	}
	// split signs in a field whose widgets are kids; change may alter field and widget.
	split := func(kids int, change func(u *pdffile.Update, field, widget pdffile.Dict)) func(testing.TB) []byte {
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
				widget := pdffile.Dict{"Type": pdffile.Name("Annot"), "Subtype": pdffile.Name("Widget"), "Parent": ref, "P": page.Ref, "Rect": rect, "F": 132}
				if change != nil {
					change(u, field, widget)
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
	onPages := func(numbers ...int) func(testing.TB) []byte {
		return func(t testing.TB) []byte {
			f := open(t, signed)
			u := f.NewUpdate()
			field := u.Add(pdffile.Dict{
				"Type": pdffile.Name("Annot"), "Subtype": pdffile.Name("Widget"), "FT": pdffile.Name("Sig"),
				"T": pdffile.String("Moi"), "V": u.Add(signatureDict()), "Rect": rect,
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
	good := func(name string, pdf func(testing.TB) []byte) attack {
		return attack{name, pdf, verify.Valid, "", "", ""}
	}
	bad := func(name string, pdf func(testing.TB) []byte, k verify.ChangeKind) attack {
		return attack{name, pdf, verify.Invalid, "", "", k}
	}
	run(t, []attack{
		good("merged with its widget", more(nil)),
		good("with lock and tooltip", more(pdffile.Dict{"Lock": pdffile.Dict{"Action": pdffile.Name("All")}, "TU": pdffile.String("Con dấu")})),
		good("its widget a kid", split(1, nil)),
		good("invisible, on no page", func(t testing.TB) []byte {
			f := open(t, signed)
			u := f.NewUpdate()
			if err := u.SetForm(nil, u.Add(pdffile.Dict{"FT": pdffile.Name("Sig"), "T": pdffile.String("An"), "V": u.Add(signatureDict()), "Rect": none})); err != nil {
				t.Fatal(err)
			}
			return finish(t, signed, u, theOffice(t).clerk)
		}),
		bad("two widgets", split(2, nil), verify.ChangedField),
		bad("no widget", split(0, nil), verify.ChangedField),
		bad("widget with an action", split(1, func(_ *pdffile.Update, _, w pdffile.Dict) { w["AA"] = pdffile.Dict{} }), verify.ChangedField),
		bad("widget of another field", split(1, func(_ *pdffile.Update, _, w pdffile.Dict) { w["Parent"] = ref(11) }), verify.ChangedField),
		bad("on two pages", onPages(1, 2), verify.ChangedAnnotation),
		bad("visible, on no page", onPages(), verify.ChangedField),
		bad("with an action", more(pdffile.Dict{"A": pdffile.Dict{"S": pdffile.Name("URI")}}), verify.ChangedField),
		bad("below another field", more(pdffile.Dict{"Parent": ref(11)}), verify.ChangedField),
		bad("with a name that is taken", more(pdffile.Dict{"T": pdffile.String("So")}), verify.ChangedField),
		bad("without a name", more(pdffile.Dict{"T": nil}), verify.ChangedField),
		bad("with a dot in its name", more(pdffile.Dict{"T": pdffile.String("Ghi.them")}), verify.ChangedField),
		bad("said to stand on another page", more(pdffile.Dict{"P": ref(4)}), verify.ChangedAnnotation),
		bad("with a text field beside it", func(t testing.TB) []byte {
			f := open(t, signed)
			u := f.NewUpdate()
			page, _ := f.Page(1)
			text := u.Add(pdffile.Dict{"Type": pdffile.Name("Annot"), "Subtype": pdffile.Name("Widget"), "FT": pdffile.Name("Tx"), "T": pdffile.String("Them"), "Rect": rect})
			field := u.Add(pdffile.Dict{"FT": pdffile.Name("Sig"), "T": pdffile.String("An"), "V": u.Add(signatureDict())})
			if err := u.AddAnnotation(page, text); err != nil {
				t.Fatal(err)
			}
			if err := u.SetForm(nil, text, field); err != nil {
				t.Fatal(err)
			}
			return finish(t, signed, u, theOffice(t).clerk)
		}, verify.ChangedField),
	})
}

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
	run(t, []attack{
		{"more", given(with(func(d pdffile.Dict, u *pdffile.Update) {
			d["Certs"] = append(d["Certs"].(pdffile.Array), stream(u))
			d["VRI"] = pdffile.Dict{"AB": pdffile.Dict{}, "CD": pdffile.Dict{}}
		})), verify.Valid, "", "", ""},
		{"fewer", given(with(func(d pdffile.Dict, _ *pdffile.Update) { d["Certs"] = d["Certs"].(pdffile.Array)[:1] })), verify.Invalid, "", "", verify.ChangedCatalog},
		{"entry of a signature lost", given(with(func(d pdffile.Dict, _ *pdffile.Update) { d["VRI"] = pdffile.Dict{} })), verify.Invalid, "", "", verify.ChangedCatalog},
		{"unknown entry", given(with(func(d pdffile.Dict, _ *pdffile.Update) { d["JS"] = 1 })), verify.Invalid, "", "", verify.ChangedCatalog},
		{"all gone", given(revise(t, signed, func(f *pdffile.File, u *pdffile.Update) { edit(1, pdffile.Dict{"DSS": nil})(t, f, u) })), verify.Invalid, "", "", verify.ChangedCatalog},
	})
}

// A revoked time-stamp server: only the reason tells whether its older stamps
// still prove something (RFC 3161, 4).
func TestRevokedTimeStampServer(t *testing.T) {
	now := time.Now()
	const compromise, superseded = 1, 4
	for _, c := range []struct {
		name   string
		since  time.Time
		reason int
		proven bool
	}{
		{"replaced after the stamp", now.Add(-time.Hour), superseded, true},
		{"replaced before the stamp", now.Add(-3 * time.Hour), superseded, false},
		{"key lost after the stamp", now.Add(-time.Hour), compromise, false},
		{"no reason given", now.Add(-time.Hour), 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := theOffice(t)
			tsa := newAuthority(t, practice.AuthorityOptions{Mark: "TSA"})
			f := newFrame(t, blank(), nil)
			p := profileOf(o.leader)
			attrs, value := signedParts(t, o.leader, p, f.digest(crypto.SHA256))
			token := stampAt(t, tsa, now.Add(-2*time.Hour), value)
			tsa.Revoke(token.Certificate, c.since, c.reason)
			store, err := storeOf(o.Authority, tsa)
			if err != nil {
				t.Fatal(err)
			}
			s := judgeWith(t, f.put(t, signedData(t, p, attrs, value, token.DER)), verify.Options{Store: store}).Signatures[0]
			if (s.StampProblem == nil) != c.proven || s.ProvenTime.IsZero() == c.proven {
				t.Errorf("problem %v, proven %v", s.StampProblem, s.ProvenTime)
			}
		})
	}
}
