package trust_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"net/url"
	"testing"
	"time"

	"antin/signer/trust"
)

func TestShippedPins(t *testing.T) {
	root := newForge(t, "RootCA chuyên dùng Chính phủ G2", nil, nil) // the name is no proof
	s := &trust.Store{}
	if _, ok := s.Pin(root.Certificate); ok || s.Offer(root.Certificate) || s.HasAnchors() {
		t.Error("a stranger passes for the government's root")
	}
}

// What fits a pin is an anchor wherever it comes from; a fingerprint that was
// only read somewhere is not enough.
func TestPins(t *testing.T) {
	root := newForge(t, "root", nil, nil)
	ca := newForge(t, "ca", root, nil)
	cert := holder(t, ca, nil).Certificate
	bag := []*x509.Certificate{ca.Certificate, root.Certificate}
	for _, c := range []struct {
		name string
		pins []trust.Pin
		want error
		ends *x509.Certificate
	}{
		{"no pin", nil, trust.ErrNoPath, nil},
		{"root", []trust.Pin{pinFor(root.Certificate, "A")}, nil, root.Certificate},
		{"issuing CA", []trust.Pin{pinFor(ca.Certificate, "B")}, nil, ca.Certificate},
		{"both", []trust.Pin{pinFor(ca.Certificate, "A"), pinFor(root.Certificate, "A")}, nil, root.Certificate},
		{"not seen", []trust.Pin{pinFor(root.Certificate, "C")}, trust.ErrNoPath, nil},
		{"another", []trust.Pin{pinFor(cert, "C")}, trust.ErrNoPath, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &trust.Store{}
			for _, p := range c.pins {
				if err := s.AddPin(p); err != nil {
					t.Fatal(err)
				}
			}
			offered := 0
			chain, err := s.Layer().Path(cert, bag, time.Now())
			if !errors.Is(err, c.want) || err == nil && !chain[len(chain)-1].Equal(c.ends) {
				t.Errorf("from the document: chain of %d, %v", len(chain), err)
			}
			for _, b := range bag {
				if s.Offer(b) {
					offered++
				} else {
					s.AddIntermediate(b)
				}
			}
			if s.HasAnchors() != (offered > 0) || (offered > 0) != (c.want == nil) {
				t.Errorf("%d anchors accepted", offered)
			}
			if c.name == "root" && (!s.Anchors().Equal(anchored(root.Certificate).Anchors()) || len(s.Intermediates()) != 1) {
				t.Error("the pool of anchors is not the root alone")
			}
			if _, err := s.Path(cert, nil, time.Now()); !errors.Is(err, c.want) {
				t.Errorf("from the store: %v", err)
			}
		})
	}
	if err := (&trust.Store{}).AddPin(trust.Pin{Name: "x", SHA256: "12"}); err == nil {
		t.Error("a pin without a fingerprint is taken")
	}
}

func TestPathShapes(t *testing.T) {
	now := time.Now()
	root := newForge(t, "root", nil, nil)
	ca := newForge(t, "ca", root, nil)
	leaf := holder(t, ca, nil)
	noID := func(c *x509.Certificate) { c.SubjectKeyId, c.AuthorityKeyId = []byte{0}, nil }

	// Two roots certify one CA; a third party has a CA of that name.
	other := newForge(t, "other root", nil, nil)
	crossed := forgeFor(t, "ca", ca.key, other, nil)
	ended := forgeFor(t, "ca", ca.key, root, func(c *x509.Certificate) { c.NotAfter = now.AddDate(0, -1, 0) })
	namesake := newForge(t, "ca", other, nil)
	// Two CAs certify each other.
	first := newForge(t, "first", nil, nil)
	second := newForge(t, "second", first, nil)
	firstBySecond := forgeFor(t, "first", first.key, second, nil)
	looped := holder(t, first, nil)
	var crowd []*x509.Certificate
	for range 50 {
		crowd = append(crowd, newForge(t, "ca", nil, noID).Certificate)
	}
	for len(crowd) < 1000 { // names and keys count, not the objects
		crowd = append(crowd, parse(t, crowd[len(crowd)%50].Raw))
	}
	narrow := newForge(t, "narrow", root, func(c *x509.Certificate) {
		c.PermittedEmailAddresses, c.PermittedDNSDomainsCritical = []string{"thuchanh.example"}, true
	})
	mail := func(address string) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.EmailAddresses = []string{address} }
	}
	strange := newForge(t, "strange", root, func(c *x509.Certificate) {
		c.ExtraExtensions = []pkix.Extension{{Id: []int{1, 2, 3}, Critical: true, Value: []byte{5, 0}}}
	})
	noSigner := newForge(t, "no signer", root, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCRLSign })
	flat := newForge(t, "flat", root, func(c *x509.Certificate) { c.MaxPathLenZero = true })
	below := newForge(t, "below", flat, nil)
	oldCA := newForge(t, "old", root, func(c *x509.Certificate) { c.NotAfter = now.AddDate(0, -1, 0) })
	late := newForge(t, "late", root, func(c *x509.Certificate) { c.NotBefore = now.AddDate(0, 1, 0) })
	oldRootOnly := newForge(t, "old root", nil, func(c *x509.Certificate) { c.NotAfter = now.AddDate(0, -1, 0) })
	young := newForge(t, "young", oldRootOnly, nil)
	deep := []*forge{root}
	for range 12 {
		deep = append(deep, newForge(t, "level "+string(rune('a'+len(deep))), deep[len(deep)-1], nil))
	}
	documentSigning := holder(t, ca, func(c *x509.Certificate) { // RFC 9336, critical and alone
		c.ExtraExtensions = []pkix.Extension{{
			Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true,
			Value: marshal(t, []asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 36}}, ""),
		}}
	})
	negative := &forge{parse(t, resign(t, leaf.Raw, ca, 5, func(tbs []byte) {
		i := 4 + 5 + 2 // header, version, header of the serial number
		if tbs[i] != 0x41 {
			t.Fatalf("no serial number at %x", tbs[:16])
		}
		tbs[i] = 0xc1
	})), nil}
	if negative.SerialNumber.Sign() >= 0 {
		t.Fatal("the serial number is not negative")
	}
	bag := func(forges ...*forge) (all []*x509.Certificate) {
		for _, f := range forges {
			all = append(all, f.Certificate)
		}
		return all
	}
	for _, c := range []struct {
		name  string
		store *trust.Store
		leaf  *forge
		extra []*x509.Certificate
		want  error
		chain int
	}{
		{"plain", anchored(root.Certificate), leaf, bag(ca), nil, 3},
		{"junk in the bag", anchored(root.Certificate), leaf, bag(other, namesake, second, looped, leaf, ca, root), nil, 3},
		{"a namesake first", anchored(root.Certificate, other.Certificate), leaf, bag(namesake, ca), nil, 3},
		{"cross certificate", anchored(other.Certificate), leaf, bag(ca, root, crossed), nil, 3},
		{"one certificate of the CA has expired", anchored(root.Certificate), leaf, bag(ended, ca), nil, 3},
		{"the only one has expired", anchored(root.Certificate), leaf, bag(ended), trust.ErrExpired, 0},
		{"loop", anchored(root.Certificate), looped, bag(first, second, firstBySecond), trust.ErrNoPath, 0},
		{"loop with a way out", anchored(first.Certificate), looped, bag(second, firstBySecond), nil, 2},
		{"crowd of namesakes", anchored(root.Certificate), leaf, crowd, trust.ErrNoPath, 0},
		{"crowd, but the store knows", anchored(root.Certificate, ca.Certificate), leaf, crowd, nil, 3},
		{"root and issuing CA are anchors", anchored(ca.Certificate, root.Certificate), leaf, nil, nil, 3},
		{"the root has expired, the issuing CA is an anchor", anchored(oldRootOnly.Certificate, young.Certificate), holder(t, young, nil), nil, nil, 2},
		{"the root has expired", anchored(oldRootOnly.Certificate), holder(t, young, nil), bag(young), trust.ErrExpired, 0},
		{"the holder's certificate itself is trusted", anchored(leaf.Certificate), leaf, nil, nil, 1},
		{"name allowed", anchored(root.Certificate), holder(t, narrow, mail("vt@thuchanh.example")), bag(narrow), nil, 3},
		{"name not allowed", anchored(root.Certificate), holder(t, narrow, mail("vt@la.example")), bag(narrow), trust.ErrConstraints, 0},
		{"critical extension in a CA", anchored(root.Certificate), holder(t, strange, nil), bag(strange), trust.ErrConstraints, 0},
		{"CA that may not issue", anchored(root.Certificate), holder(t, noSigner, nil), bag(noSigner), trust.ErrNoPath, 0},
		{"path length", anchored(root.Certificate), holder(t, below, nil), bag(below, flat), trust.ErrConstraints, 0},
		{"CA expired", anchored(root.Certificate), holder(t, oldCA, nil), bag(oldCA), trust.ErrExpired, 0},
		{"CA not valid yet", anchored(root.Certificate), holder(t, late, nil), bag(late), trust.ErrNotYetValid, 0},
		{"nine levels", anchored(root.Certificate), holder(t, deep[8], nil), bag(deep...), nil, 10},
		{"too deep", anchored(root.Certificate), holder(t, deep[12], nil), bag(deep...), trust.ErrNoPath, 0},
		{"document signing, critical", anchored(root.Certificate), documentSigning, bag(ca), nil, 3},
		{"negative serial number", anchored(root.Certificate), negative, bag(ca), nil, 3},
		{"expired and unknown", anchored(root.Certificate), holder(t, first, func(c *x509.Certificate) { c.NotAfter = now.AddDate(0, -1, 0) }), nil, trust.ErrNoPath, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			chain, err := c.store.Path(c.leaf.Certificate, c.extra, now)
			if !errors.Is(err, c.want) || len(chain) != c.chain {
				t.Errorf("chain of %d, %v; want %d, %v", len(chain), err, c.chain, c.want)
			}
			if d := time.Since(start); d > time.Second {
				t.Errorf("it took %v", d)
			}
		})
	}
}

// A CA of the SHA-1 generation is an anchor of its own: what it signed with
// SHA-256 is good, what it signed with SHA-1 is found and called weak.
func TestWeakPath(t *testing.T) {
	old := oldRoot(t, nil)
	limited := oldRoot(t, func(c *x509.Certificate) { c.ExcludedEmailAddresses = []string{"la.example"} })
	modern := forgeFor(t, "CA mới THỰC HÀNH", rsaKey(), nil, nil)
	weakly := func(by *forge, f *forge) *x509.Certificate { return parse(t, withSHA1(t, f.Raw, by)) }
	strong := newForge(t, "sub", old, nil)
	sub := &forge{weakly(old, strong), strong.key}
	signed := weakly(old, holder(t, old, nil))
	broken := parse(t, signed.Raw)
	broken.Signature = append([]byte(nil), broken.Signature...)
	broken.Signature[20] ^= 1
	for _, c := range []struct {
		name  string
		store *trust.Store
		leaf  *x509.Certificate
		extra []*x509.Certificate
		want  error
		chain int
	}{
		{"SHA-256 below it", anchored(old.Certificate), holder(t, old, nil).Certificate, nil, nil, 2},
		{"SHA-1 below it", anchored(old.Certificate), signed, nil, trust.ErrWeak, 2},
		{"not an anchor", anchored(modern.Certificate), signed, []*x509.Certificate{old.Certificate}, trust.ErrNoPath, 0},
		{"broken", anchored(old.Certificate), broken, nil, trust.ErrNoPath, 0},
		{"SHA-1 below a modern CA", anchored(modern.Certificate), weakly(modern, holder(t, modern, nil)), nil, trust.ErrNoPath, 0},
		{"expired", anchored(old.Certificate), weakly(old, holder(t, old, func(c *x509.Certificate) { c.NotAfter = time.Now().AddDate(0, -1, 0) })), nil, trust.ErrExpired, 0},
		{"a CA's certificate with SHA-1", anchored(old.Certificate), holder(t, sub, nil).Certificate, []*x509.Certificate{sub.Certificate}, trust.ErrNoPath, 0},
		{"name constraints", anchored(limited.Certificate), weakly(limited, holder(t, limited, nil)), nil, trust.ErrConstraints, 0},
		{"encryption certificate", anchored(old.Certificate), weakly(old, holder(t, old, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment })), nil, trust.ErrConstraints, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			chain, err := c.store.Path(c.leaf, c.extra, time.Now())
			if !errors.Is(err, c.want) || len(chain) != c.chain {
				t.Errorf("chain of %d, %v; want %d, %v", len(chain), err, c.chain, c.want)
			}
		})
	}
	// Pinned in the document alone.
	s := &trust.Store{}
	if err := s.AddPin(pinFor(old.Certificate, "B")); err != nil {
		t.Fatal(err)
	}
	if chain, err := s.Path(signed, []*x509.Certificate{old.Certificate}, time.Now()); !errors.Is(err, trust.ErrWeak) || len(chain) != 2 {
		t.Errorf("pinned: chain of %d, %v", len(chain), err)
	}
	// Lists of the old CA are believed with the same mark, and nobody else's.
	list, err := x509.ParseRevocationList(withSHA1(t, old.list(t, x509.RevocationList{}).Raw, old))
	if err != nil {
		t.Fatal(err)
	}
	s.AddList(list)
	if st := s.Revocation([]*x509.Certificate{signed, old.Certificate}, time.Now()); st.State != trust.Good || !st.Weak {
		t.Errorf("list of the old CA: %+v", st)
	}
	modernList, err := x509.ParseRevocationList(withSHA1(t, modern.list(t, x509.RevocationList{}).Raw, modern))
	if err != nil {
		t.Fatal(err)
	}
	s.AddList(modernList)
	if st := s.Revocation([]*x509.Certificate{holder(t, modern, nil).Certificate, modern.Certificate}, time.Now()); st.State != trust.Unknown || !errors.Is(st.Err, trust.ErrUnusable) {
		t.Errorf("SHA-1 list of a modern CA: %+v", st)
	}
}

// Missing issuers come from the addresses in the certificates, if at all.
func TestBuildFetchesIssuers(t *testing.T) {
	o := newOffice(t, officeOptions{})
	root := anchored(o.Root)
	if _, err := root.Path(o.good.Cert, nil, time.Now()); !errors.Is(err, trust.ErrNoPath) {
		t.Fatalf("without the issuing CA: %v", err)
	}
	if n := o.requests(); n != 0 {
		t.Fatalf("%d requests without permission", n)
	}
	layer := root.Layer()
	chain, err := layer.Build(t.Context(), o.good.Cert, nil, time.Now(), o.fetch())
	if err != nil || len(chain) != 3 {
		t.Fatalf("with the network: chain of %d, %v", len(chain), err)
	}
	if _, err := root.Path(o.good.Cert, nil, time.Now()); err != nil {
		t.Errorf("it was not kept: %v", err)
	}
	nobody := &trust.Store{}
	if _, err := nobody.Build(t.Context(), o.good.Cert, nil, time.Now(), o.fetch()); !errors.Is(err, trust.ErrNoPath) || o.requests() == 0 || len(nobody.Intermediates()) != 0 {
		t.Errorf("certificates that lead nowhere were kept: %v", err)
	}
	u, err := url.Parse(o.base)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		store *trust.Store
		fetch *trust.Fetch
		want  error
	}{
		"nobody trusts the root":      {&trust.Store{}, o.fetch(), trust.ErrNoPath},
		"loopback is not allowed":     {anchored(o.Root), &trust.Fetch{}, trust.ErrAddress},
		"allowed with its port":       {anchored(o.Root), &trust.Fetch{AllowHosts: []string{u.Host}}, nil},
		"allowed as a network":        {anchored(o.Root), &trust.Fetch{AllowHosts: []string{"127.0.0.0/8"}}, nil},
		"another network is allowed":  {anchored(o.Root), &trust.Fetch{AllowHosts: []string{"10.0.0.0/8", "::1"}}, trust.ErrAddress},
		"another port is not allowed": {anchored(o.Root), &trust.Fetch{AllowHosts: []string{"127.0.0.1:1"}}, trust.ErrAddress},
	} {
		_, err := c.store.Build(t.Context(), o.good.Cert, nil, time.Now(), c.fetch)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
