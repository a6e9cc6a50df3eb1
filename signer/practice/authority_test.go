package practice_test

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"antin/signer/cms"
	"antin/signer/practice"
	"antin/signer/practice/machine"
)

func openssl(t *testing.T, args ...string) (string, error) {
	t.Helper()
	exe := machine.Program(t, "openssl", "openssl")
	out, err := exec.Command(exe, args...).CombinedOutput()
	return string(out), err
}

// openssl believes a holder below the written files, reads the profile of the
// government's certificates, and knows a revoked one.
func TestAuthorityForOpenSSL(t *testing.T) {
	a, err := practice.NewAuthority(practice.AuthorityOptions{URL: "http://pki.thuchanh.example"})
	if err != nil {
		t.Fatal(err)
	}
	person, err := a.Issue(practice.IdentityOptions{
		Name: "Nguyễn Văn Nghĩa", Organisation: "ỦY BAN NHÂN DÂN TỈNH THỰC HÀNH", Units: []string{"Xã Vĩnh Thực Hành", "Văn phòng"},
		Locality: "Tỉnh Thực Hành", Mail: "nghia@thuchanh.example",
	})
	if err != nil {
		t.Fatal(err)
	}
	revoked, err := a.Issue(practice.IdentityOptions{Name: "Bùi Văn Thu Hồi", Key: practice.P384})
	if err != nil {
		t.Fatal(err)
	}
	a.Revoke(revoked.Cert, time.Now().Add(-time.Hour), 1)
	dir := filepath.Join(t.TempDir(), "pki")
	if err := a.WriteFiles(dir); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "PRIVATE") {
			t.Errorf("%s holds a private key", e.Name())
		}
	}
	for name, i := range map[string]*practice.Identity{"person": person, "revoked": revoked} {
		if err := i.WriteFiles(dir, name); err != nil {
			t.Fatal(err)
		}
	}
	verify := func(name string) (string, error) {
		return openssl(t, "verify", "-CAfile", filepath.Join(dir, "root.pem"), "-untrusted", filepath.Join(dir, "issuing.pem"),
			"-crl_check_all", "-CRLfile", filepath.Join(dir, "issuing.crl"), "-CRLfile", filepath.Join(dir, "root.crl"), filepath.Join(dir, name+".pem"))
	}
	if out, err := verify("person"); err != nil {
		t.Errorf("openssl verify: %v\n%s", err, out)
	}
	if out, err := verify("revoked"); err == nil || !strings.Contains(out, "certificate revoked") {
		t.Errorf("openssl verify of a revoked certificate: %v\n%s", err, out)
	}
	out, err := openssl(t, "x509", "-in", filepath.Join(dir, "person.pem"), "-noout", "-text", "-nameopt", "utf8,sep_comma_plus")
	if err != nil {
		t.Fatal(err, out)
	}
	for _, want := range []string{
		"C=VN,L=Tỉnh Thực Hành,O=ỦY BAN NHÂN DÂN TỈNH THỰC HÀNH,OU=Xã Vĩnh Thực Hành,OU=Văn phòng,CN=Nguyễn Văn Nghĩa,emailAddress=nghia@thuchanh.example",
		"Key Usage: critical\n                Digital Signature, Non Repudiation, Key Encipherment, Data Encipherment\n",
		"TLS Web Client Authentication, E-mail Protection, Microsoft Smartcard Login",
		"email:nghia@thuchanh.example", "URI:http://pki.thuchanh.example/issuing.crl", "CA Issuers - URI:http://pki.thuchanh.example/issuing.crt",
		"CN=CA THỰC HÀNH phục vụ các cơ quan", "CA:FALSE",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
}

func TestIdentitySign(t *testing.T) {
	a, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	if err != nil {
		t.Fatal(err)
	}
	message := []byte("message")
	for _, c := range []struct {
		key    practice.KeyKind
		scheme cms.Scheme
	}{{practice.RSA2048, cms.PKCS1v15}, {practice.RSA2048, cms.PSS}, {practice.P256, cms.ECDSA}, {practice.P384, cms.PKCS1v15}} {
		i, err := a.Issue(practice.IdentityOptions{Name: "THỰC HÀNH", Key: c.key})
		if err != nil {
			t.Fatal(err)
		}
		value, err := i.Sign(t.Context(), message, crypto.SHA384, c.scheme)
		if err != nil {
			t.Fatal(err)
		}
		if err := cms.CheckSignature(i.Certificate(), c.scheme, crypto.SHA384, message, value); err != nil {
			t.Errorf("%v %v: %v", c.key, c.scheme, err)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := i.Sign(ended, message, crypto.SHA256, c.scheme); !errors.Is(err, context.Canceled) {
			t.Errorf("after the end of the context: %v", err)
		}
	}
}

// A renewed certificate keeps the key; options are obeyed.
func TestIssueOptions(t *testing.T) {
	a, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256, URL: "http://pki.thuchanh.example"})
	if err != nil {
		t.Fatal(err)
	}
	first, err := a.Issue(practice.IdentityOptions{Name: "THỰC HÀNH", Key: practice.P256})
	if err != nil {
		t.Fatal(err)
	}
	from, to := time.Now().AddDate(-3, 0, 0).UTC().Truncate(time.Second), time.Now().AddDate(-1, 0, 0).UTC().Truncate(time.Second)
	second, err := a.Issue(practice.IdentityOptions{Name: "THỰC HÀNH", Signer: first.Signer, NotBefore: from, NotAfter: to, KeyUsage: x509.KeyUsageKeyEncipherment, NoEKU: true, NoCRL: true})
	if err != nil {
		t.Fatal(err)
	}
	c := second.Cert
	if !c.NotBefore.Equal(from) || !c.NotAfter.Equal(to) || c.KeyUsage != x509.KeyUsageKeyEncipherment || len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage)+len(c.CRLDistributionPoints) > 0 {
		t.Errorf("options were not obeyed: %+v", c)
	}
	if string(c.SubjectKeyId) != string(first.Cert.SubjectKeyId) {
		t.Error("another key")
	}
}
