package verify_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"os/exec"
	"slices"
	"testing"
	"time"

	"antin/signer/appearance"
	"antin/signer/cms"
	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
	"antin/signer/practice"
	"antin/signer/verify"
)

// goodFiles are documents of every level, algorithm and shape, with and without
// permitted updates after their signatures.
func goodFiles(t testing.TB) []sample {
	trusted := slices.DeleteFunc(trustSituations(t), func(s sample) bool { return s.verdict != verify.Valid })
	return slices.Concat(levels(t), algorithms(t), documents(t), permitted(t), filledButtons(t), certifications(t), trusted)
}

// levels of EN 319 142-1, 6.3: a security store counts for what it holds.
func levels(t testing.TB) []sample {
	o := theOffice(t)
	leader := pades.Request{Key: o.leader}
	b := sign(t, blank(), leader)
	leader.TSA = o.tsa
	bt := sign(t, blank(), leader)
	lists := evidenceOf(t, time.Now(), o.Authority)
	stranger := evidenceOf(t, time.Now(), newAuthority(t, practice.AuthorityOptions{}))
	level := func(name, level string, pdf []byte) sample {
		s := good(name, given(pdf))
		s.level = level
		return s
	}
	tsa := o.Authority.TSA(practice.TSAOptions{Key: practice.P256}) // one certificate for several stamps
	var server []byte
	byOCSP := signedBy(t, blank(), o.leader, nil, func(value []byte) []byte {
		server = tokenBy(t, tsa, sha256Of(value))
		return server
	})
	answers := answersOf(t, o.Authority, o.leader.Cert, tokenCertificate(t, server))
	onlySigner := answersOf(t, o.Authority, o.leader.Cert)
	lt := archived(t, bt, lists)
	return []sample{
		level("B-B", "B-B", b),
		level("B-B with a security store", "B-B", archived(t, b, lists)),
		level("B-T", "B-T", bt),
		level("B-T by a document time-stamp", "B-T", timeStamped(t, b)),
		level("B-T, then another signature", "B-T", sign(t, bt, pades.Request{Key: o.clerk})),
		level("B-LT with lists", "B-LT", lt),
		level("B-LT with OCSP answers", "B-LT", archived(t, byOCSP, answers)),
		level("B-LT, store in two updates", "B-LT", archived(t, archived(t, bt, evidence{certs: lists.certs}), evidence{lists: lists.lists})),
		level("B-LT, then another signature", "B-LT", sign(t, lt, pades.Request{Key: o.clerk})),
		level("store of others: B-T", "B-T", archived(t, bt, stranger)),
		level("store without lists: B-T", "B-T", archived(t, bt, evidence{certs: lists.certs})),
		level("store without the time-stamp server: B-T", "B-T", archived(t, byOCSP, onlySigner)),
		level("store with rubbish: B-T", "B-T", archived(t, bt, evidence{[][]byte{{1}}, [][]byte{{2}}, [][]byte{{3}}})),
		level("store after the time-stamp: B-LT", "B-LT", archived(t, timeStamped(t, b), lists)),
		level("B-LTA", "B-LTA", timeStamped(t, lt)),
		level("B-LTA with OCSP answers", "B-LTA", timeStamped(t, archived(t, byOCSP, answers))),
		level("B-LTA, renewed", "B-LTA", timeStamped(t, archived(t, timeStamped(t, lt), lists))),
		level("B-LTA, then another signature", "B-LTA", sign(t, timeStamped(t, lt), pades.Request{Key: o.clerk})),
		renewed(t, true),
	}
}

func tokenCertificate(t testing.TB, der []byte) *x509.Certificate {
	t.Helper()
	m, err := cms.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := m.Signer()
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// renewed is a document of six years ago, whose signer and time-stamp server have
// ended since; with a renewal, an archive put a second time-stamp over it in time.
func renewed(t testing.TB, renewal bool) sample {
	o := theOffice(t)
	then, later := time.Now().AddDate(-6, 0, 0), time.Now().AddDate(-2, 0, 0)
	old := newAuthority(t, practice.AuthorityOptions{Mark: "TSA 1", Now: then})
	archive := newAuthority(t, practice.AuthorityOptions{Mark: "TSA 2", Now: later})
	store, err := storeOf(o.Authority, old, archive)
	if err != nil {
		t.Fatal(err)
	}
	who := issue(t, o.Authority, practice.IdentityOptions{NotBefore: then.AddDate(0, -1, 0), NotAfter: then.AddDate(0, 1, 0)})
	pdf := archived(t, signedBy(t, blank(), who, nil, func(value []byte) []byte {
		return tokenFrom(t, old, at(then), sha256Of(value))
	}), evidenceOf(t, then, o.Authority, old))
	s := undecided("certificates of signer and time-stamp server ended", given(pdf), verify.OutOfBoundsNoPOE)
	s.level = "B-B"
	if renewal {
		s = good("ended certificates, renewed in time", given(stampedBy(t, pdf, archive, at(later))))
		s.level = "B-LTA"
		s.check = func(t *testing.T, r *verify.Report) {
			if got := r.Signatures[0].ProvenTime; !got.Equal(then.UTC().Truncate(time.Second)) {
				t.Errorf("proven %v, want %v", got, then)
			}
		}
	}
	s.store = store
	return s
}

// algorithms and ways of writing that are all right.
func algorithms(t testing.TB) []sample {
	o := theOffice(t)
	f := newFrame(t, blank(), nil)
	usual := message(t, o.leader, profileOf(o.leader), f.digest(crypto.SHA256))
	indefinite := append(append([]byte{0x30, 0x80}, bytes.Join(inside(t, usual), nil)...), 0, 0)
	p384, err := o.Issue(practice.IdentityOptions{Name: "Khóa P-384", Key: practice.P384})
	if err != nil {
		t.Fatal(err)
	}
	p256 := issue(t, o.Authority, practice.IdentityOptions{Name: "Khóa P-256"})
	rows := []sample{
		good("P-256", given(sign(t, blank(), pades.Request{Key: p256}))),
		good("P-256, SHA-384", given(sign(t, blank(), pades.Request{Key: p256, Hash: crypto.SHA384}))),
		good("P-256, SHA-512", given(sign(t, blank(), pades.Request{Key: p256, Hash: crypto.SHA512}))),
		good("P-384", given(sign(t, blank(), pades.Request{Key: p384, Hash: crypto.SHA384}))),
		good("RSA PKCS#1", given(sign(t, blank(), pades.Request{Key: o.leader}))),
		good("RSA PKCS#1, SHA-512", given(sign(t, blank(), pades.Request{Key: o.leader, Hash: crypto.SHA512}))),
		good("RSA-PSS", given(sign(t, blank(), pades.Request{Key: o.leader, PSS: true}))),
		good("of indefinite length (BER)", given(f.put(t, indefinite))),
		good("X.509 and PKCS#1 over SHA-256", bare(crypto.SHA256, certificates, octets)),
	}
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Log("openssl makes other messages and is not installed: ", err)
		return rows
	}
	return append(rows,
		good("PKCS#7 detached", foreign("adbe.pkcs7.detached", signedBytes, "-md", "sha256")),
		good("PKCS#7 detached, without attributes", foreign("adbe.pkcs7.detached", signedBytes, "-md", "sha256", "-noattr")),
		good("CAdES by another program", foreign("ETSI.CAdES.detached", signedBytes, "-md", "sha256", "-cades")),
		good("signer named by its key", foreign("ETSI.CAdES.detached", signedBytes, "-md", "sha256", "-cades", "-keyid")),
	)
}

// documents of other shapes (TestShapes has them all), and what the office makes.
func documents(t testing.TB) []sample {
	o := theOffice(t)
	approved := sign(t, blank(), approve(t))
	sealed := sign(t, approved, seal(t, true))
	clerk := pades.Request{Key: o.clerk}
	rows := []sample{
		good("visible signature and empty fields", given(approved)),
		good("leader and seal, fields locked", given(sealed)),
		good("leader and seal, fields open", given(sign(t, approved, seal(t, false)))),
		good("leader, seal, third signature", given(sign(t, sealed, clerk))),
		good("white space behind the end", given(append(bytes.Clone(approved), "\r\n\x00\x00"...))),
	}
	for _, name := range []string{
		"xref-stream", "object-streams-many", "hybrid-reference", "linearized-by-qpdf", "revisions-stream", "rotate-90", "form-all-types", "annots-indirect-array", "pdfa-2b",
	} {
		s := shapes.Named(name)
		rows = append(rows, good("shape "+s.Name, func(t testing.TB) []byte {
			return sign(t, sign(t, s.Data(t), pades.Request{Key: o.leader, Page: 1, Box: pdffile.Box{X: 10, Y: 10, W: 30, H: 20}}), clerk)
		}))
	}
	return rows
}

// permitted are the updates that a signed document may get: reported, never
// forbidden. Numbers are those of withFields.
func permitted(t testing.TB) []sample {
	signed := base(t, 0)
	stream := &pdffile.Stream{Dict: pdffile.Dict{}, Data: []byte("x")}
	var rows []sample
	for _, c := range []struct {
		name   string
		change update
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
		{"text field with its look", func(t testing.TB, f *pdffile.File, u *pdffile.Update) { filled(t, f, u, "So") }, verify.FilledField},
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
		s := good("update: "+c.name, updated(signed, c.change))
		s.check = func(t *testing.T, r *verify.Report) {
			ch := r.Signatures[0].Changes
			if c.kind == "" && len(ch) > 0 || c.kind != "" && (len(ch) == 0 || ch[0].Kind != c.kind || ch[0].Revision != 3) {
				t.Errorf("want %q: %s", c.kind, describe(r))
			}
		}
		rows = append(rows, s)
	}
	info := map[int]string{8: "<</Title(Khac)>>"}
	update := func(name string, pdf func(testing.TB) []byte) sample { return good("update: "+name, pdf) }
	return append(rows,
		update("by hand", given(raw{objects: info}.on(signed))),
		update("an empty one", given(raw{}.on(signed))),
		update("a writer's comment", given(raw{objects: info, between: "%iText-5.5.13.2\n"}.on(signed))),
		update("blank lines and NULs between", given(raw{objects: info, loose: "\n\r\n\x00 \t"}.on(append(bytes.Clone(signed), "\n\n\x00"...)))),
		update("signature with lock and tooltip", func(t testing.TB) []byte {
			return addSignature(t, signed, wide, pdffile.Dict{"Lock": pdffile.Dict{"Action": pdffile.Name("All")}, "TU": pdffile.String("Con dấu")})
		}),
		update("signature whose widget is a kid", splitSignature(signed, 1, nil)),
		update("invisible signature on no page", func(t testing.TB) []byte {
			u := open(t, signed).NewUpdate()
			if err := u.SetForm(nil, u.Add(pdffile.Dict{"FT": pdffile.Name("Sig"), "T": pdffile.String("An"), "V": u.Add(signatureDict()), "Rect": pdffile.Array{0, 0, 0, 0}})); err != nil {
				t.Fatal(err)
			}
			return finish(t, signed, u, theOffice(t).clerk)
		}),
		update("number changed after a seal that locks nothing", given(change(t, locked(t, false), "AnTin_So", pdffile.Dict{"V": pdffile.TextString("999/QĐ-UBND")}))),
		update("field that a lock leaves out", updated(restricted(t, 0, lockOthers), edit(10, pdffile.Dict{"V": pdffile.String("7")}))),
		update("locked field made read-only", updated(restricted(t, 0, lockOne), edit(10, pdffile.Dict{"Ff": 1}))),
		update("new signature beside a lock", func(t testing.TB) []byte { return addSignature(t, restricted(t, 0, lockAll), wide, nil) }),
	)
}

// filled gives a text field a value and a look.
func filled(t testing.TB, f *pdffile.File, u *pdffile.Update, field string) {
	fl, err := f.Field(field)
	if err != nil {
		t.Fatal(err)
	}
	page, err := f.Page(1)
	if err != nil {
		t.Fatal(err)
	}
	ap, err := appearance.NewLook(40, 8).Form(u, page.Geometry, appearance.Constraints{})
	if err != nil {
		t.Fatal(err)
	}
	edit(fl.Ref.Num, pdffile.Dict{"V": pdffile.TextString("999/QĐ-UBND"), "AP": pdffile.Dict{"N": ap}})(t, f, u)
}

// certifications and what each level of DocMDP leaves open (ISO 32000-1, table 254).
func certifications(t testing.TB) []sample {
	seven := edit(10, pdffile.Dict{"V": pdffile.String("7")})
	invisible := func(pdf []byte) []byte { return addSignature(t, pdf, pdffile.Array{0, 0, 0, 0}, nil) }
	store := evidence{certs: [][]byte{theOffice(t).Root.Raw}}
	certified := good("P1", given(base(t, 1)))
	certified.check = func(t *testing.T, r *verify.Report) {
		if s := r.Signatures[0]; s.Kind != verify.Certification || s.DocMDP != 1 {
			t.Error(describe(r))
		}
	}
	return []sample{
		certified,
		good("P1, validation data", given(archived(t, base(t, 1), store))),
		good("P1, document time-stamp", given(timeStamped(t, base(t, 1)))),
		good("P1, validation data and time-stamp", given(timeStamped(t, archived(t, base(t, 1), store)))),
		good("P2, field filled", updated(base(t, 2), seven)),
		good("P2, invisible signature", given(invisible(base(t, 2)))),
		good("P2, prepared field signed", given(fillSignature(t, base(t, 2)))),
		good("P2, signed, then filled", updated(invisible(base(t, 2)), seven)),
		good("P3, invisible signature", given(invisible(base(t, 3)))),
		good("P3, field filled", updated(base(t, 3), seven)),
		good("level not stated: 2", updated(restricted(t, 0, pdffile.Dict{}), seven)),
	}
}
