package verify_test

import (
	"crypto"
	"crypto/x509"
	"slices"
	"testing"
	"time"

	"antin/signer/practice"
	"antin/signer/trust"
	"antin/signer/verify"
)

// faultyFiles have a fault of cryptography, path, time or revocation, and no
// other: nobody changed them.
func faultyFiles(t testing.TB) []sample {
	faults := slices.DeleteFunc(trustSituations(t), func(s sample) bool { return s.verdict == verify.Valid })
	return slices.Concat(faults, []sample{renewed(t, false), disordered(t)}, stampServers(t), oldFormats(t), bareSignatures(t))
}

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
	if tsa == nil {
		return signedBy(t, blank(), b.signer, nil, nil)
	}
	return signedBy(t, blank(), b.signer, nil, func(value []byte) []byte { return tokenFrom(t, tsa, at(stamped), sha256Of(value)) })
}

// situation is a document, what is known, and when it is judged.
type situation struct {
	store *trust.Store
	pdf   []byte
	at    time.Time
}

// trustSituations: path, period, revocation and proven time decide what a
// signature that fits its bytes is worth.
func trustSituations(t testing.TB) []sample {
	now := time.Now().Truncate(time.Second)
	hour, day := time.Hour, 24*time.Hour
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
	var out []sample
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
		{"revoked by hold", func() situation {
			b := newBureau(t, plain, practice.IdentityOptions{})
			b.Revoke(b.signer.Cert, now.Add(-hour), 6)
			return situation{storeFor(b.Authority), b.signed(t, nil, now), now}
		}, verify.Indeterminate, verify.RevokedNoPOE},
		{"list of another authority of the same names", func() situation {
			b, other := newBureau(t, plain, practice.IdentityOptions{}), newBureau(t, plain, practice.IdentityOptions{})
			s := &trust.Store{}
			s.AddAnchor(b.Root)
			crl, err1 := other.CRL()
			root, err2 := b.RootCRL()
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			s.Add(crl)
			s.Add(root)
			return situation{s, b.signed(t, nil, now), now}
		}, verify.Indeterminate, verify.TryLater},
		{"certificate without its issuer", func() situation {
			b := newBureau(t, plain, practice.IdentityOptions{})
			s := &trust.Store{}
			s.AddAnchor(b.Root)
			b.signer.Issuer = nil
			return situation{s, b.signed(t, nil, now), now}
		}, verify.Indeterminate, verify.NoCertificateChainFound},
	} {
		s := c.make()
		row := sample{name: c.name, pdf: given(s.pdf), store: s.store, at: s.at, verdict: verify.Valid, indication: c.want, sub: c.sub}
		if row.store == nil {
			row.store = &trust.Store{}
		}
		if c.want == verify.Indeterminate {
			row.verdict = verify.Undecided
		} else if c.want == verify.TotalFailed {
			row.verdict = verify.Invalid
		}
		row.check = func(t *testing.T, r *verify.Report) {
			if r.Signatures[0].Crypto != nil {
				t.Error(describe(r))
			}
		}
		out = append(out, row)
	}
	return out
}

// disordered is a document time-stamp that is later than the one over it.
func disordered(t testing.TB) sample {
	o := theOffice(t)
	now := time.Now()
	pdf := stampedBy(t, stampedBy(t, base(t, 0), o.Authority, at(now.Add(-time.Hour))), o.Authority, at(now.Add(-2*time.Hour)))
	s := undecided("time-stamps in the wrong order", given(pdf), verify.TimestampOrderFailure)
	s.of = 1
	return s
}

// stampServers: document time-stamps by servers that cannot be relied on.
func stampServers(t testing.TB) []sample {
	o := theOffice(t)
	now := time.Now()
	server := func(name string, when time.Time, revoke, known bool, judged time.Time, sub verify.SubIndication) sample {
		tsa := newAuthority(t, practice.AuthorityOptions{Mark: "TSA", Now: when})
		f := stampFrame(t, base(t, 0))
		token := tokenFrom(t, tsa, at(when), f.digest(crypto.SHA256))
		if revoke {
			tsa.Revoke(tokenCertificate(t, token), now.Add(-time.Minute), 1)
		}
		store, err := storeOf(o.Authority)
		if err == nil && known {
			store, err = storeOf(o.Authority, tsa)
		} else if err == nil {
			store.AddAnchor(tsa.Root)
		}
		if err != nil {
			t.Fatal(err)
		}
		s := undecided(name, given(f.put(t, token)), sub)
		s.of, s.store, s.at = 1, store, judged
		return s
	}
	return []sample{
		server("time-stamp server revoked", now.Add(-time.Hour), true, true, time.Time{}, verify.RevokedNoPOE),
		server("time-stamp server without revocation data", now.Add(-time.Hour), false, false, time.Time{}, verify.TryLater),
		server("time-stamp server ended", now.AddDate(-6, 0, 0), false, true, time.Time{}, verify.OutOfBoundsNoPOE),
		server("time-stamp later than the control time", now, false, true, now.Add(-24*time.Hour), verify.SigConstraintsFailure),
	}
}
