package trust_test

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"antin/signer/practice"
	"antin/signer/trust"

	"github.com/google/go-cmp/cmp"
)

var newAuthority = sync.OnceValues(func() (*practice.Authority, error) {
	return practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
})

func setup(t *testing.T) (*practice.Authority, *practice.Identity) {
	t.Helper()
	a, err := newAuthority()
	if err != nil {
		t.Fatal(err)
	}
	return a, issue(t, a, practice.IdentityOptions{})
}

func issue(t *testing.T, a *practice.Authority, o practice.IdentityOptions) *practice.Identity {
	t.Helper()
	o.Name, o.Key = "Trần Thị Bích Ngọc THỰC HÀNH", practice.P256
	i, err := a.Issue(o)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// What is told of a folder is what Load would take from it.
func TestContents(t *testing.T) {
	a, i := setup(t)
	dir := t.TempDir()
	if err := errors.Join(a.WriteFiles(dir), i.WriteFiles(dir, "holder")); err != nil {
		t.Fatal(err)
	}
	entries, err := trust.Contents(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, e := range entries {
		if e.Problem != nil {
			t.Errorf("%s %q: %v", e.What, e.Name, e.Problem)
		}
		got[e.What+" "+e.Name] = true
		if e.Certificate != nil && (e.SHA256 != fmt.Sprintf("%x", sha256.Sum256(e.Certificate.Raw)) || !e.NextUpdate.Equal(e.Certificate.NotAfter)) {
			t.Errorf("%s %q: %s until %v", e.What, e.Name, e.SHA256, e.NextUpdate)
		}
	}
	rootName, issuingName := a.Root.Subject.CommonName, a.Issuing.Subject.CommonName
	want := map[string]bool{"anchor " + rootName: true, "certificate " + issuingName: true, "CRL " + rootName: true, "CRL " + issuingName: true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := trust.Contents(filepath.Join(dir, "holder.key.pem")); !errors.Is(err, trust.ErrNothing) {
		t.Errorf("a key: %v", err)
	}
}

func TestLoad(t *testing.T) {
	a, i := setup(t)
	dir := t.TempDir()
	if err := a.WriteFiles(dir); err != nil {
		t.Fatal(err)
	}
	if err := i.WriteFiles(dir, "holder"); err != nil { // a key and a holder's certificate: passed over
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	rootDER := filepath.Join(t.TempDir(), "root.cer")
	if err := os.WriteFile(rootDER, a.Root.Raw, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		paths []string
		want  error
	}{
		"folder":              {[]string{dir}, nil},
		"PEM files":           {[]string{filepath.Join(dir, "chain.pem")}, nil},
		"DER root and issuer": {[]string{rootDER, filepath.Join(dir, "issuing.pem")}, nil},
		"issuing CA alone":    {[]string{filepath.Join(dir, "issuing.pem")}, trust.ErrNoPath},
		"nothing":             {nil, trust.ErrNoPath},
	} {
		s, err := trust.Load(c.paths...)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		chain, err := s.Path(i.Certificate(), nil, time.Now())
		if !errors.Is(err, c.want) || err == nil && len(chain) != 3 {
			t.Errorf("%s: chain of %d, %v; want %v", name, len(chain), err, c.want)
		}
	}
	if _, err := trust.Load(filepath.Join(dir, "holder.key.pem")); !errors.Is(err, trust.ErrNothing) {
		t.Errorf("a key: %v", err)
	}
	if _, err := trust.Load(filepath.Join(dir, "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestPath(t *testing.T) {
	a, i := setup(t)
	other, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256}) // same names, other keys
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	encryption := issue(t, a, practice.IdentityOptions{KeyUsage: x509.KeyUsageKeyEncipherment})
	oddEKU := issue(t, a, practice.IdentityOptions{EKUs: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
	// A holder plays CA.
	rogue := issue(t, a, practice.IdentityOptions{})
	forge := func(t *testing.T, template, parent *x509.Certificate, public crypto.PublicKey, key crypto.Signer) *x509.Certificate {
		t.Helper()
		template.NotBefore, template.NotAfter = now.AddDate(0, 0, -1), now.AddDate(1, 0, 0)
		der, err := x509.CreateCertificate(nil, template, parent, public, key)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return cert
	}
	ca := func(name string) *x509.Certificate {
		return &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true}
	}
	leaf := func() *x509.Certificate {
		return &x509.Certificate{SerialNumber: big.NewInt(7), Subject: i.Cert.Subject}
	}
	selfSigned := forge(t, ca("root"), ca("root"), rogue.Signer.Public(), rogue.Signer)
	sub := forge(t, ca("sub"), selfSigned, i.Signer.Public(), rogue.Signer)
	odd := leaf()
	odd.ExtraExtensions = []pkix.Extension{{Id: []int{1, 2, 3}, Critical: true, Value: []byte{5, 0}}}
	critical := forge(t, odd, selfSigned, i.Signer.Public(), rogue.Signer)
	tooDeep := forge(t, leaf(), sub, i.Signer.Public(), i.Signer)
	forged := forge(t, leaf(), rogue.Cert, i.Signer.Public(), rogue.Signer)
	for _, c := range []struct {
		name  string
		store *trust.Store
		cert  *x509.Certificate
		extra []*x509.Certificate
		at    time.Time
		want  error
		chain int
	}{
		{"root and issuing CA from the document", anchored(a.Root), i.Cert, i.Chain(), now, nil, 3},
		{"issuing CA as anchor", anchored(a.Issuing), i.Cert, nil, now, nil, 2},
		{"root alone", anchored(a.Root), i.Cert, nil, now, trust.ErrNoPath, 0},
		{"root in the document only", &trust.Store{}, i.Cert, i.Chain(), now, trust.ErrNoPath, 0},
		{"root of the same name", anchored(other.Root), i.Cert, i.Chain(), now, trust.ErrNoPath, 0},
		{"expired", anchored(a.Root), i.Cert, i.Chain(), now.AddDate(5, 0, 0), trust.ErrExpired, 0},
		{"not yet", anchored(a.Root), i.Cert, i.Chain(), now.AddDate(-1, 0, 0), trust.ErrNotYetValid, 0},
		{"extended key usage of a server", anchored(a.Root), oddEKU.Cert, i.Chain(), now, nil, 3},
		{"encryption certificate", anchored(a.Root), encryption.Cert, i.Chain(), now, trust.ErrConstraints, 0},
		{"issued by a holder", anchored(a.Root), forged, append(rogue.Chain(), rogue.Cert), now, trust.ErrNoPath, 0},
		{"holder as anchor, not a CA", anchored(rogue.Cert), forged, nil, now, trust.ErrNoPath, 0},
		{"unknown critical extension", anchored(selfSigned), critical, nil, now, trust.ErrConstraints, 0},
		{"CA below a CA that allows none", anchored(selfSigned), tooDeep, []*x509.Certificate{sub}, now, trust.ErrConstraints, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			chain, err := c.store.Path(c.cert, c.extra, c.at)
			if !errors.Is(err, c.want) || len(chain) != c.chain {
				t.Errorf("chain of %d, %v; want %d, %v", len(chain), err, c.chain, c.want)
			}
		})
	}
}

func TestRevocation(t *testing.T) {
	a, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().Truncate(time.Second)
	good, bad := issue(t, a, practice.IdentityOptions{}), issue(t, a, practice.IdentityOptions{})
	old := issue(t, a, practice.IdentityOptions{NotAfter: now.AddDate(0, 0, -10)})
	before, err := a.CRLFor(now.AddDate(0, 0, -20), now.AddDate(0, 0, -5))
	if err != nil {
		t.Fatal(err)
	}
	a.Revoke(bad.Cert, now.AddDate(0, 0, -3), 1)
	after, err := a.CRL()
	if err != nil {
		t.Fatal(err)
	}
	root, err := a.RootCRL()
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := stranger.CRL()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		lists [][]byte
		i     *practice.Identity
		at    time.Time
		want  trust.State
	}{
		{"good", [][]byte{root, after}, good, now, trust.Good},
		{"revoked", [][]byte{root, before, after}, bad, now, trust.Revoked},
		{"revoked, root's list missing", [][]byte{after}, bad, now, trust.Revoked},
		{"before it was revoked", [][]byte{root, after}, bad, now.AddDate(0, 0, -4), trust.Good},
		{"list outdated", [][]byte{root, before}, good, now, trust.Unknown},
		{"list of that time", [][]byte{root, before}, bad, now.AddDate(0, 0, -10), trust.Good},
		{"no list of the root", [][]byte{after}, good, now, trust.Unknown},
		{"no lists", nil, good, now, trust.Unknown},
		{"list by another key of the same name", [][]byte{root, foreign}, good, now, trust.Unknown},
		{"list made after the end", [][]byte{root, after}, old, now.AddDate(0, 0, -15), trust.Unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &trust.Store{}
			for _, l := range c.lists {
				if s.Add(pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: l})) != 1 {
					t.Fatal("the list was not understood")
				}
			}
			got := s.Revocation(append([]*x509.Certificate{c.i.Cert}, c.i.Chain()...), c.at)
			if got.State != c.want || (got.State == trust.Unknown) != (got.Why != "") {
				t.Errorf("got %v %+v, want %v", got.State, got, c.want)
			}
			if got.State == trust.Revoked && (!got.Time.Equal(now.AddDate(0, 0, -3)) || got.Reason != 1 || !got.Certificate.Equal(bad.Cert)) {
				t.Errorf("revoked at %v for reason %d", got.Time, got.Reason)
			}
		})
	}
}
