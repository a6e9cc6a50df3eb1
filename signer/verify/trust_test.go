package verify_test

import (
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"net/http/httptest"
	"testing"
	"time"

	"antin/signer/cms"
	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/trust"
	"antin/signer/verify"
)

// bureau is an authority with one signer and what is said of it: fresh for
// every case, since revocation cannot be taken back.
type bureau struct {
	*practice.Authority
	signer *practice.Identity
}

func newBureau(t testing.TB, o practice.AuthorityOptions, i practice.IdentityOptions) *bureau {
	a := newAuthority(t, o)
	return &bureau{a, issue(t, a, i)}
}

// signed is a document signed by the bureau's signer, with a time-stamp of that
// time by tsa when there is one.
func (b *bureau) signed(t testing.TB, tsa *practice.Authority, stamped time.Time) []byte {
	t.Helper()
	f := newFrame(t, blank(), nil)
	p := profileOf(b.signer)
	attrs, value := signedParts(t, b.signer, p, f.digest(crypto.SHA256))
	var token []byte
	if tsa != nil {
		token = tokenAt(t, tsa, stamped, value)
	}
	return f.put(t, signedData(t, p, attrs, value, token))
}

func tokenAt(t testing.TB, tsa *practice.Authority, at time.Time, value []byte) []byte {
	t.Helper()
	return stampAt(t, tsa, at, value).DER
}

func stampAt(t testing.TB, tsa *practice.Authority, at time.Time, value []byte) *cms.Token {
	t.Helper()
	server := httptest.NewServer(tsa.TSA(practice.TSAOptions{Key: practice.P256, Now: func() time.Time { return at }}))
	defer server.Close()
	// The client refuses clocks that are days apart; the time is right otherwise.
	token, err := cms.TSA{URL: server.URL}.Stamp(context.Background(), value)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// Path, period, revocation and proven time decide what a good signature is worth.
func TestTrust(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	hour, day := time.Hour, 24*time.Hour
	type situation struct {
		store *trust.Store
		pdf   []byte
		at    time.Time
	}
	storeFor := func(authorities ...*practice.Authority) *trust.Store {
		s, err := storeOf(authorities...)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	plain := practice.AuthorityOptions{}
	// stamps come from an authority of their own, which nobody revokes
	stamper := newAuthority(t, practice.AuthorityOptions{Mark: "TSA"})
	revoked := func(since, stamped time.Time, trusted bool) situation {
		b := newBureau(t, plain, practice.IdentityOptions{})
		pdf := b.signed(t, stamper, stamped)
		b.Revoke(b.signer.Cert, since, 1)
		if !trusted {
			return situation{storeFor(b.Authority), pdf, now}
		}
		return situation{storeFor(b.Authority, stamper), pdf, now}
	}
	for _, c := range []struct {
		name string
		make func() situation
		want verify.Indication
		sub  verify.SubIndication
	}{
		{"good", func() situation {
			b := newBureau(t, plain, practice.IdentityOptions{})
			return situation{storeFor(b.Authority), b.signed(t, nil, now), now}
		}, verify.TotalPassed, ""},
		{"unknown root", func() situation {
			b := newBureau(t, plain, practice.IdentityOptions{})
			return situation{storeFor(stamper), b.signed(t, nil, now), now}
		}, verify.Indeterminate, verify.NoCertificateChainFound},
		{"no store", func() situation {
			b := newBureau(t, plain, practice.IdentityOptions{})
			return situation{nil, b.signed(t, nil, now), now}
		}, verify.Indeterminate, verify.NoCertificateChainFound},
		{"no revocation list", func() situation {
			b := newBureau(t, plain, practice.IdentityOptions{})
			s := &trust.Store{}
			s.AddAnchor(b.Root)
			return situation{s, b.signed(t, nil, now), now}
		}, verify.Indeterminate, verify.TryLater},
		{"stale revocation list", func() situation {
			b := newBureau(t, plain, practice.IdentityOptions{})
			return situation{storeFor(b.Authority), b.signed(t, nil, now), now.AddDate(0, 2, 0)}
		}, verify.Indeterminate, verify.TryLater},
		{"stale list, stamped while it was fresh", func() situation {
			b := newBureau(t, plain, practice.IdentityOptions{})
			return situation{storeFor(b.Authority, stamper), b.signed(t, stamper, now), now.AddDate(0, 2, 0)}
		}, verify.TotalPassed, ""},
		{"revoked, no stamp", func() situation {
			b := newBureau(t, plain, practice.IdentityOptions{})
			b.Revoke(b.signer.Cert, now.Add(-hour), 1)
			return situation{storeFor(b.Authority), b.signed(t, nil, now), now}
		}, verify.Indeterminate, verify.RevokedNoPOE},
		{"revoked after a trusted stamp", func() situation { return revoked(now.Add(-hour), now.Add(-2*hour), true) }, verify.TotalPassed, ""},
		{"revoked before a trusted stamp", func() situation { return revoked(now.Add(-2*hour), now.Add(-hour), true) }, verify.Indeterminate, verify.RevokedNoPOE},
		{"revoked after a stamp of nobody", func() situation { return revoked(now.Add(-hour), now.Add(-2*hour), false) }, verify.Indeterminate, verify.RevokedNoPOE},
		{"issuing CA revoked", func() situation {
			b := newBureau(t, plain, practice.IdentityOptions{})
			b.Revoke(b.Issuing, now.Add(-hour), 1)
			return situation{storeFor(b.Authority), b.signed(t, nil, now), now}
		}, verify.Indeterminate, verify.RevokedCANoPOE},
		{"expired signer", func() situation {
			b := newBureau(t, plain, practice.IdentityOptions{NotAfter: now.Add(-hour)})
			return situation{storeFor(b.Authority), b.signed(t, nil, now), now}
		}, verify.Indeterminate, verify.OutOfBoundsNoPOE},
		{"expired after a trusted stamp", func() situation {
			b := newBureau(t, plain, practice.IdentityOptions{NotAfter: now.Add(2 * hour)})
			return situation{storeFor(b.Authority, stamper), b.signed(t, stamper, now), now.Add(day)}
		}, verify.TotalPassed, ""},
		{"expired before a trusted stamp", func() situation {
			b := newBureau(t, plain, practice.IdentityOptions{NotAfter: now.Add(-hour)})
			return situation{storeFor(b.Authority, stamper), b.signed(t, stamper, now), now}
		}, verify.Indeterminate, verify.OutOfBoundsNoPOE},
		{"expired and unknown", func() situation {
			b := newBureau(t, plain, practice.IdentityOptions{NotAfter: now.Add(-hour)})
			return situation{storeFor(stamper), b.signed(t, nil, now), now}
		}, verify.Indeterminate, verify.NoCertificateChainFound},
		{"certificate younger than a trusted stamp", func() situation {
			b := newBureau(t, plain, practice.IdentityOptions{NotBefore: now.Add(-hour)})
			return situation{storeFor(b.Authority, stamper), b.signed(t, stamper, now.Add(-2*hour)), now}
		}, verify.TotalFailed, verify.NotYetValid},
		{"certificate not valid yet", func() situation {
			b := newBureau(t, plain, practice.IdentityOptions{NotBefore: now.Add(hour)})
			return situation{storeFor(b.Authority), b.signed(t, nil, now), now}
		}, verify.Indeterminate, verify.OutOfBoundsNoPOE},
		{"certificate for encryption only", func() situation {
			b := newBureau(t, plain, practice.IdentityOptions{KeyUsage: x509.KeyUsageKeyEncipherment})
			return situation{storeFor(b.Authority), b.signed(t, nil, now), now}
		}, verify.Indeterminate, verify.ChainConstraintsFailure},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := c.make()
			r := judgeWith(t, s.pdf, verify.Options{Store: s.store, At: s.at})
			got := r.Signatures[0]
			if got.Indication != c.want || got.SubIndication != c.sub || got.Crypto != nil || !got.Intact() {
				t.Errorf("want %s %s\n%s (stamp problem: %v)", c.want, c.sub, describe(r), got.StampProblem)
			}
			want := map[verify.Indication]verify.Verdict{verify.TotalPassed: verify.Valid, verify.Indeterminate: verify.Undecided, verify.TotalFailed: verify.Invalid}
			if r.Verdict() != want[c.want] {
				t.Errorf("verdict %s", r.Verdict())
			}
		})
	}
}

// A time-stamp that does not prove its time gives level B-B and a reason, and
// does not spoil the signature.
func TestStampProblems(t *testing.T) {
	o := theOffice(t)
	f := newFrame(t, blank(), nil)
	p := profileOf(o.leader)
	attrs, value := signedParts(t, o.leader, p, f.digest(crypto.SHA256))
	_, other := signedParts(t, o.clerk, p, f.digest(crypto.SHA256))
	revokedTSA := newAuthority(t, practice.AuthorityOptions{Mark: "R"})
	now := time.Now()
	stampOf := func(a *practice.Authority, value []byte) []byte { return tokenAt(t, a, now, value) }
	good := stampOf(o.Authority, value)
	broken := append([]byte(nil), good...)
	broken[len(broken)-5] ^= 1
	for _, c := range []struct {
		name    string
		token   []byte
		problem bool
	}{
		{"good", good, false},
		{"of another signature", stampOf(o.Authority, other), true},
		{"of an unknown authority", stampOf(revokedTSA, value), true},
		{"broken signature", broken, true},
		{"no token", []byte{0x30, 0}, true},
		{"of tomorrow", tokenAt(t, o.Authority, now.Add(5*time.Hour), value), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := judge(t, f.put(t, signedData(t, p, attrs, value, c.token)))
			s := r.Signatures[0]
			level := "B-T"
			if c.problem {
				level = "B-B"
			}
			if r.Verdict() != verify.Valid || (s.StampProblem != nil) != c.problem || s.Level != level || s.ProvenTime.IsZero() != c.problem {
				t.Errorf("level %s, problem %v\n%s", s.Level, s.StampProblem, describe(r))
			}
		})
	}
}

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
