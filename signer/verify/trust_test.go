package verify_test

import (
	"context"
	"crypto/sha256"
	"testing"

	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/trust"
	"antin/signer/verify"
)

// A document time-stamp is a signature of its own and proves the time of those before it.
func TestDocumentTimeStamp(t *testing.T) {
	o := theOffice(t)
	pdf := timeStamped(t, sign(t, blank(), pades.Request{Key: o.leader}))
	r := judge(t, pdf)
	if r.Verdict() != verify.Valid || len(r.Signatures) != 2 {
		t.Fatal(describe(r))
	}
	first, second := r.Signatures[0], r.Signatures[1]
	if second.Kind != verify.DocTimeStamp || second.Stamp == nil || !first.ProvenTime.Equal(second.Stamp.Time) || first.Level != "B-T" {
		t.Errorf("kind %s, proven %v, level %s", second.Kind, first.ProvenTime, first.Level)
	}
	if len(first.Changes) == 0 || first.Changes[0].Kind != verify.AddedTimeStamp && first.Changes[0].Kind != verify.ChangedForm {
		t.Error(describe(r))
	}
	altered := swap(t, pdf, "1.000.000", "9.000.000")
	if r := judge(t, altered); r.Signatures[1].SubIndication != verify.HashFailure || r.Verdict() != verify.Invalid {
		t.Error(describe(r))
	}
	if r := judgeWith(t, pdf, verify.Options{}); r.Signatures[1].SubIndication != verify.NoCertificateChainFound || r.Verdict() != verify.Undecided {
		t.Error(describe(r))
	}
}

// The context ends the work.
func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	f := open(t, sign(t, blank(), pades.Request{Key: theOffice(t).leader}))
	if _, err := verify.Document(ctx, f, verify.Options{}); err == nil {
		t.Error("no error")
	}
}

// What a document brings along serves as evidence, and is believed only as far
// as the caller's anchors or pins reach.
func TestEvidenceInTheDocument(t *testing.T) {
	o := theOffice(t)
	crl, err1 := o.CRL()
	rootCRL, err2 := o.RootCRL()
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	pdf := revise(t, sign(t, blank(), pades.Request{Key: o.leader}), func(f *pdffile.File, u *pdffile.Update) {
		stream := func(der []byte) pdffile.Ref { return u.Add(&pdffile.Stream{Dict: pdffile.Dict{}, Data: der}) }
		edit(1, pdffile.Dict{"DSS": pdffile.Dict{
			"Certs": pdffile.Array{stream(o.Root.Raw), stream(o.Issuing.Raw), stream([]byte("rác"))},
			"CRLs":  pdffile.Array{stream(crl), stream(rootCRL), stream([]byte("rác")), 7},
			"OCSPs": pdffile.Array{stream([]byte("rác"))},
		}})(t, f, u)
	})
	anchored, pinned := &trust.Store{}, &trust.Store{}
	anchored.AddAnchor(o.Root)
	if err := pinned.AddPin(trust.Pin{Name: "THỰC HÀNH", SHA256: sprintf("%X", sha256.Sum256(o.Root.Raw)), Certainty: "V"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		store *trust.Store
		want  verify.SubIndication
	}{
		{"root trusted", anchored, ""},
		{"root pinned", pinned, ""},
		{"nobody trusted", &trust.Store{}, verify.NoCertificateChainFound},
	} {
		for range 2 { // what came with a document must not stay in the store
			s := judgeWith(t, pdf, verify.Options{Store: c.store}).Signatures[0]
			if s.SubIndication != c.want {
				t.Errorf("%s: %s %s: %v", c.name, s.Indication, s.SubIndication, s.Err)
			}
		}
		plain := sign(t, blank(), pades.Request{Key: o.leader})
		if s := judgeWith(t, plain, verify.Options{Store: c.store}).Signatures[0]; s.Indication == verify.TotalPassed {
			t.Errorf("%s: passed without revocation data", c.name)
		}
	}
}
