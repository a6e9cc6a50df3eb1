package trust_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"testing"
	"time"

	"antin/signer/trust"
)

func crlExtension(id int, critical bool, value []byte) []pkix.Extension {
	return []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, id}, Critical: critical, Value: value}}
}

// point encodes an issuing distribution point (RFC 5280, 5.2.5): the address of
// the list, if any, then the content of field number n.
func point(t *testing.T, address string, n int, content []byte) []pkix.Extension {
	t.Helper()
	var fields []asn1.RawValue
	if address != "" {
		full := marshal(t, asn1.RawValue{Class: 2, Tag: 6, Bytes: []byte(address)}, "")
		names := marshal(t, asn1.RawValue{Class: 2, Tag: 0, IsCompound: true, Bytes: full}, "")
		fields = append(fields, asn1.RawValue{Class: 2, Tag: 0, IsCompound: true, Bytes: names})
	}
	if n > 0 {
		fields = append(fields, asn1.RawValue{Class: 2, Tag: n, Bytes: content})
	}
	return crlExtension(28, true, marshal(t, fields, ""))
}

func TestLists(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	day := func(n int) time.Time { return now.AddDate(0, 0, n) }
	ca := newForge(t, "ca", nil, nil)
	mute := newForge(t, "mute", nil, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCertSign })
	leaf := holder(t, ca, func(c *x509.Certificate) { c.CRLDistributionPoints = []string{"http://thuchanh.example/a.crl"} })
	sub := newForge(t, "sub", ca, nil)
	ended := holder(t, ca, func(c *x509.Certificate) { c.NotAfter = day(-10) })
	yes := []byte{0xff}
	entry := func(of *forge, at time.Time, reason int, extra ...pkix.Extension) []x509.RevocationListEntry {
		return []x509.RevocationListEntry{{SerialNumber: of.SerialNumber, RevocationTime: at, ReasonCode: reason, ExtraExtensions: extra}}
	}
	since := func(at time.Time) pkix.Extension {
		return crlExtension(24, false, marshal(t, at.UTC(), "generalized"))[0]
	}
	type lists = []x509.RevocationList
	for _, c := range []struct {
		name   string
		lists  lists
		leaf   *forge
		at     time.Time
		want   trust.State
		err    error
		reason int
		time   time.Time // also of a later revocation
	}{
		{"nothing", nil, leaf, now, trust.Unknown, trust.ErrNoData, 0, time.Time{}},
		{"plain", lists{{}}, leaf, now, trust.Good, nil, 0, time.Time{}},
		{"outdated", lists{{ThisUpdate: day(-9), NextUpdate: day(-2)}}, leaf, now, trust.Unknown, trust.ErrOutdated, 0, time.Time{}},
		{"outdated, for that time", lists{{ThisUpdate: day(-9), NextUpdate: day(-2)}}, leaf, day(-3), trust.Good, nil, 0, time.Time{}},
		{"made later", lists{{}}, leaf, day(-30), trust.Good, nil, 0, time.Time{}},
		{"from the future", lists{{ThisUpdate: day(2), NextUpdate: day(3)}}, leaf, now, trust.Unknown, trust.ErrUnusable, 0, time.Time{}},

		{"delta", lists{{ExtraExtensions: crlExtension(27, true, []byte{2, 1, 1})}}, leaf, now, trust.Unknown, trust.ErrUnusable, 0, time.Time{}},
		{"indirect", lists{{ExtraExtensions: point(t, "", 4, yes)}}, leaf, now, trust.Unknown, trust.ErrUnusable, 0, time.Time{}},
		{"for attribute certificates", lists{{ExtraExtensions: point(t, "", 5, yes)}}, leaf, now, trust.Unknown, trust.ErrUnusable, 0, time.Time{}},
		{"for holders", lists{{ExtraExtensions: point(t, "", 1, yes)}}, leaf, now, trust.Good, nil, 0, time.Time{}},
		{"for holders, asked for a CA", lists{{ExtraExtensions: point(t, "", 1, yes)}}, sub, now, trust.Unknown, trust.ErrUnusable, 0, time.Time{}},
		{"for CAs", lists{{ExtraExtensions: point(t, "", 2, yes)}}, leaf, now, trust.Unknown, trust.ErrUnusable, 0, time.Time{}},
		{"for CAs, asked for one", lists{{ExtraExtensions: point(t, "", 2, yes)}}, sub, now, trust.Good, nil, 0, time.Time{}},
		{"for some reasons", lists{{ExtraExtensions: point(t, "", 3, []byte{6, 0x40})}}, leaf, now, trust.Unknown, trust.ErrUnusable, 0, time.Time{}},
		{"for some reasons, and it is there", lists{{ExtraExtensions: point(t, "", 3, []byte{6, 0x40}), RevokedCertificateEntries: entry(leaf, day(-1), 1)}}, leaf, now, trust.Revoked, nil, 1, day(-1)},
		{"of this distribution point", lists{{ExtraExtensions: point(t, "http://thuchanh.example/a.crl", 0, nil)}}, leaf, now, trust.Good, nil, 0, time.Time{}},
		{"of another distribution point", lists{{ExtraExtensions: point(t, "http://thuchanh.example/b.crl", 0, nil)}}, leaf, now, trust.Unknown, trust.ErrUnusable, 0, time.Time{}},
		{"point that cannot be read", lists{{ExtraExtensions: crlExtension(28, true, []byte{2, 1, 1})}}, leaf, now, trust.Unknown, trust.ErrUnusable, 0, time.Time{}},
		{"unknown critical extension", lists{{ExtraExtensions: crlExtension(99, true, []byte{5, 0})}}, leaf, now, trust.Unknown, trust.ErrUnusable, 0, time.Time{}},
		{"unknown extension", lists{{ExtraExtensions: crlExtension(99, false, []byte{5, 0})}}, leaf, now, trust.Good, nil, 0, time.Time{}},
		{"critical extension of another's entry", lists{{RevokedCertificateEntries: entry(sub, day(-1), 1, crlExtension(99, true, []byte{5, 0})...)}}, leaf, now, trust.Unknown, trust.ErrUnusable, 0, time.Time{}},
		{"entry of another issuer", lists{{RevokedCertificateEntries: entry(sub, day(-1), 1, crlExtension(29, false, []byte{0x30, 0})...)}}, leaf, now, trust.Unknown, trust.ErrUnusable, 0, time.Time{}},
		{"usage does not allow lists", lists{{}}, holder(t, mute, nil), now, trust.Unknown, trust.ErrUnusable, 0, time.Time{}},

		{"revoked", lists{{RevokedCertificateEntries: entry(leaf, day(-1), 4)}}, leaf, now, trust.Revoked, nil, 4, day(-1)},
		{"another is revoked", lists{{RevokedCertificateEntries: entry(sub, day(-1), 4)}}, leaf, now, trust.Good, nil, 0, time.Time{}},
		{"revoked at this very time", lists{{RevokedCertificateEntries: entry(leaf, day(-1), 4)}}, leaf, day(-1), trust.Revoked, nil, 4, day(-1)},
		{"revoked, outdated list", lists{{ThisUpdate: day(-9), NextUpdate: day(-2), RevokedCertificateEntries: entry(leaf, day(-10), 4)}}, leaf, now, trust.Revoked, nil, 4, day(-10)},
		{"revoked later", lists{{RevokedCertificateEntries: entry(leaf, day(-1), 4)}}, leaf, day(-5), trust.Good, nil, 4, day(-1)},
		{"compromised later", lists{{RevokedCertificateEntries: entry(leaf, day(-1), 1)}}, leaf, day(-5), trust.Good, nil, 1, day(-1)},
		{"compromised since before", lists{{RevokedCertificateEntries: entry(leaf, day(-1), 1, since(day(-7)))}}, leaf, day(-5), trust.Revoked, nil, 1, day(-1)},
		{"compromised since after", lists{{RevokedCertificateEntries: entry(leaf, day(-1), 1, since(day(-3)))}}, leaf, day(-5), trust.Good, nil, 1, day(-1)},
		{"superseded, with an invalidity date", lists{{RevokedCertificateEntries: entry(leaf, day(-1), 4, since(day(-7)))}}, leaf, day(-5), trust.Good, nil, 4, day(-1)},
		{"dropped from the newer list", lists{{}, {ThisUpdate: day(-3), RevokedCertificateEntries: entry(leaf, day(-4), 1)}}, leaf, now, trust.Revoked, nil, 1, day(-4)},
		{"hold", lists{{RevokedCertificateEntries: entry(leaf, day(-1), 6)}}, leaf, now, trust.Revoked, nil, 6, day(-1)},
		{"hold that ended", lists{{}, {ThisUpdate: day(-3), RevokedCertificateEntries: entry(leaf, day(-4), 6)}}, leaf, now, trust.Good, nil, 0, time.Time{}},
		{"hold that began again", lists{{RevokedCertificateEntries: entry(leaf, day(-1), 6)}, {ThisUpdate: day(-3)}}, leaf, now, trust.Revoked, nil, 6, day(-1)},
		{"hold that ended, as the outdated list says", lists{{ThisUpdate: day(-3), NextUpdate: day(-2)}, {ThisUpdate: day(-5), NextUpdate: day(-4), RevokedCertificateEntries: entry(leaf, day(-6), 6)}}, leaf, now, trust.Unknown, trust.ErrOutdated, 0, time.Time{}},
		{"removeFromCRL", lists{{RevokedCertificateEntries: entry(leaf, day(-1), 8)}}, leaf, now, trust.Unknown, trust.ErrUnusable, 0, time.Time{}},

		{"after the certificate's end", lists{{}}, ended, day(-20), trust.Unknown, trust.ErrUnusable, 0, time.Time{}},
		{"after the end, still listed", lists{{RevokedCertificateEntries: entry(ended, day(-30), 1)}}, ended, day(-20), trust.Revoked, nil, 1, day(-30)},
		{"after the end, entries are kept", lists{{ExtraExtensions: crlExtension(60, false, marshal(t, day(-365).UTC(), "generalized"))}}, ended, day(-20), trust.Good, nil, 0, time.Time{}},
		{"after the end, entries are kept for a week", lists{{ExtraExtensions: crlExtension(60, false, marshal(t, day(-7).UTC(), "generalized"))}}, ended, day(-20), trust.Unknown, trust.ErrUnusable, 0, time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			issuer := ca
			if c.leaf.Issuer.CommonName == "mute" {
				issuer = mute
			}
			s := &trust.Store{}
			for _, l := range c.lists {
				s.AddList(issuer.list(t, l))
			}
			got := s.Revocation([]*x509.Certificate{c.leaf.Certificate, issuer.Certificate}, c.at)
			if got.State != c.want || !errors.Is(got.Err, c.err) || (got.Err == nil) != (c.err == nil) {
				t.Fatalf("got %v %v, want %v %v", got.State, got.Err, c.want, c.err)
			}
			if got.Reason != c.reason || !got.Time.Equal(c.time) {
				t.Errorf("reason %d at %v, want %d at %v", got.Reason, got.Time, c.reason, c.time)
			}
			if known := got.State != trust.Unknown; known != (len(got.Evidence) == 1) || known != (got.Source == trust.FromList) || (got.Why == "") != known {
				t.Errorf("source %q, %d pieces of evidence, why %q", got.Source, len(got.Evidence), got.Why)
			}
		})
	}
}

// The status of a chain has the evidence of all, and the age of the oldest.
func TestRevocationOfChain(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	root := newForge(t, "root", nil, nil)
	ca := newForge(t, "ca", root, nil)
	leaf := holder(t, ca, nil)
	chain := []*x509.Certificate{leaf.Certificate, ca.Certificate, root.Certificate}
	s := &trust.Store{Now: func() time.Time { return now }}
	s.AddList(ca.list(t, x509.RevocationList{ThisUpdate: now.Add(-time.Hour)}))
	if got := s.Revocation(chain, now); got.State != trust.Unknown || !got.Certificate.Equal(ca.Certificate) || len(got.Evidence) != 1 {
		t.Errorf("without the root's list: %+v", got)
	}
	s.AddList(root.list(t, x509.RevocationList{
		ThisUpdate: now.Add(-48 * time.Hour), NextUpdate: now.Add(time.Hour),
		RevokedCertificateEntries: []x509.RevocationListEntry{{SerialNumber: ca.SerialNumber, RevocationTime: now.Add(-50 * time.Hour), ReasonCode: 5}},
	}))
	got := s.Revocation(chain, now.Add(-60*time.Hour))
	if got.State != trust.Good || got.Age != 48*time.Hour || !got.ThisUpdate.Equal(now.Add(-48*time.Hour)) || !got.NextUpdate.Equal(now.Add(time.Hour)) || len(got.Evidence) != 2 {
		t.Errorf("good for that time: %+v", got)
	}
	if !got.Certificate.Equal(ca.Certificate) || !got.Time.Equal(now.Add(-50*time.Hour)) {
		t.Errorf("revoked later: %v at %v", got.Certificate, got.Time)
	}
	if got := s.Revocation(chain, now); got.State != trust.Revoked || !got.Certificate.Equal(ca.Certificate) || len(got.Evidence) != 2 {
		t.Errorf("the CA is revoked: %+v", got)
	}
	if got := s.Revocation(nil, now); got.State != trust.Unknown || got.Err == nil {
		t.Errorf("no chain: %+v", got)
	}
	if got := fmt.Sprint(trust.Unknown, trust.Good, trust.Revoked); got != "unknown good revoked" {
		t.Error(got)
	}
	if got := s.Revocation(chain[2:], now); got.State != trust.Good {
		t.Errorf("the anchor alone: %+v", got)
	}
}

func TestClock(t *testing.T) {
	now := time.Now()
	for name, c := range map[string]struct {
		seen []trust.Seen
		want time.Duration // 0 = no warning
	}{
		"nothing seen":        {nil, 0},
		"no time":             {[]trust.Seen{{}}, 0},
		"a little later":      {[]trust.Seen{{Time: now.Add(4 * time.Minute)}}, 0},
		"behind":              {[]trust.Seen{{Time: now.Add(time.Hour)}, {Time: now.Add(2 * time.Hour)}}, -2 * time.Hour},
		"older data":          {[]trust.Seen{{Time: now.Add(-time.Hour)}}, 0},
		"ahead, a live reply": {[]trust.Seen{{Time: now.Add(-time.Hour), Live: true}, {Time: now.Add(30 * time.Minute)}}, time.Hour},
	} {
		w := trust.CheckClock(now, c.seen...)
		if (w == nil) != (c.want == 0) || w != nil && w.Difference != c.want {
			t.Errorf("%s: %v", name, w)
		}
	}
	// A list from the future is noticed when it is used, in a layer too.
	ca := newForge(t, "ca", nil, nil)
	s := &trust.Store{}
	l := s.Layer()
	l.AddList(ca.list(t, x509.RevocationList{ThisUpdate: now.AddDate(0, 0, 3), NextUpdate: now.AddDate(0, 0, 4)}))
	if s.Clock() != nil {
		t.Error("a list that nobody used made a warning")
	}
	l.Revocation([]*x509.Certificate{holder(t, ca, nil).Certificate, ca.Certificate}, now)
	if w := s.Clock(); w == nil || w.Difference.Round(time.Hour) != -72*time.Hour || w.What != "CRL" || w.Error() == "" {
		t.Errorf("list from the future: %v", w)
	}
	s.Saw(trust.Seen{Time: now.AddDate(0, 0, 5), What: "TSA"})
	if w := s.Clock(); w.What != "TSA" {
		t.Errorf("the greater contradiction counts: %v", w)
	}
}

// A list of a large CA is read and searched for every signature.
func BenchmarkRevocation(b *testing.B) {
	ca := newForge(b, "ca", nil, nil)
	leaf := holder(b, ca, nil)
	l := x509.RevocationList{RevokedCertificateEntries: make([]x509.RevocationListEntry, 100_000)}
	for i := range l.RevokedCertificateEntries {
		l.RevokedCertificateEntries[i] = x509.RevocationListEntry{SerialNumber: big.NewInt(int64(i) + 1<<60), RevocationTime: time.Now(), ReasonCode: 4}
	}
	der := ca.list(b, l).Raw
	chain := []*x509.Certificate{leaf.Certificate, ca.Certificate}
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(der)))
		for b.Loop() {
			(&trust.Store{}).Add(der)
		}
	})
	b.Run("ask", func(b *testing.B) {
		s := &trust.Store{}
		s.Add(der)
		for b.Loop() {
			if st := s.Revocation(chain, time.Now()); st.State != trust.Good {
				b.Fatal(st.Err)
			}
		}
	})
}
