package cms_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"antin/signer/cms"
	"antin/signer/practice"
)

func TestSignedDataForOpenSSL(t *testing.T) {
	o := theOffice(t)
	document := []byte("%PDF-1.7 a document for practice")
	hashes := []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512}
	for _, key := range []practice.KeyKind{practice.RSA2048, practice.RSA3072, practice.RSA4096, practice.P256, practice.P384} {
		schemes := []cms.Scheme{cms.PKCS1v15, cms.PSS}
		if key >= practice.P256 {
			schemes = []cms.Scheme{cms.ECDSA}
		}
		for _, scheme := range schemes {
			for _, h := range hashes {
				t.Run(fmt.Sprintf("%v %v %v", key, scheme, h), func(t *testing.T) {
					der := sign(t, o.holder(t, key), cms.Profile{Hash: h, Scheme: scheme}, document)
					files := map[string][]byte{"s.der": der, "doc": document, "root.pem": practice.CertificatePEM(o.Root)}
					args := []string{"cms", "-verify", "-binary", "-inform", "DER", "-in", "s.der", "-content", "doc", "-CAfile", "root.pem", "-purpose", "any", "-out", "out"}
					if out, err := openssl(t, files, args...); err != nil {
						t.Fatalf("openssl cms -verify: %v\n%s", err, out)
					}
					files["doc"] = append(bytes.Clone(document), '!')
					if out, err := openssl(t, files, args...); err == nil {
						t.Fatalf("openssl cms -verify takes a changed document:\n%s", out)
					}
					if out, err := openssl(t, files, "asn1parse", "-inform", "DER", "-in", "s.der"); err != nil || strings.Contains(out, "rror") {
						t.Fatalf("openssl asn1parse: %v\n%s", err, out)
					}
					s, err := cms.Parse(der)
					if err != nil {
						t.Fatal(err)
					}
					if _, err := s.Verify(digest(h, document)); err != nil {
						t.Error(err)
					}
					if s.Signers[0].Scheme() != scheme || s.Signers[0].Digest != h || s.BER || !s.Signers[0].Sorted {
						t.Errorf("read back as %v %v, BER %v, sorted %v", s.Signers[0].Scheme(), s.Signers[0].Digest, s.BER, s.Signers[0].Sorted)
					}
				})
			}
		}
	}
}

// The structure that EN 319 142-1, 6.3 asks for, seen by openssl.
func TestSignedDataStructure(t *testing.T) {
	o := theOffice(t)
	i := o.holder(t, practice.RSA2048)
	der := sign(t, i, cms.Profile{}, []byte("document"))
	out, err := openssl(t, map[string][]byte{"s.der": der}, "cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", "s.der")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	attrs := out[strings.Index(out, "signedAttrs:"):]
	objects := regexp.MustCompile(`object: (\S+)`).FindAllStringSubmatch(attrs[:strings.Index(attrs, "signatureAlgorithm")], -1)
	var got []string
	for _, m := range objects {
		got = append(got, m[1])
	}
	// In DER order: by length here, as all start alike.
	want := []string{"contentType", "undefined", "messageDigest", "id-smime-aa-signingCertificateV2"}
	if len(got) == 4 && got[1] != "undefined" {
		want[1] = got[1] // newer versions of openssl know cms-algorithm-protection
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("signed attributes (-want +got):\n%s\n%s", d, out)
	}
	for _, want := range []string{"version: 1", "eContent: <ABSENT>", "d.issuerAndSerialNumber", "unsignedAttrs:\n          <ABSENT>", "parameter: NULL"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}

	s, err := cms.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Certificates) != 2 || !s.Certificates[0].Equal(i.Certificate()) || !s.Certificates[1].Equal(o.Issuing) {
		t.Errorf("certificates: %d, want the signer's and the issuing CA's", len(s.Certificates))
	}
	si := s.Signers[0]
	id := si.Identifiers[0]
	if len(si.Identifiers) != 1 || id.Version != 2 || id.Hash != crypto.SHA256 ||
		!bytes.Equal(id.Value, digest(crypto.SHA256, i.Certificate().Raw)) || !bytes.Equal(id.Issuer, o.Issuing.RawSubject) || id.Serial.Cmp(i.Certificate().SerialNumber) != 0 {
		t.Errorf("signing-certificate-v2: %+v", si.Identifiers)
	}
	if !si.SigningTime.IsZero() {
		t.Error("signing-time is there")
	}
}

func TestSignedAttributesAreDER(t *testing.T) {
	i := theOffice(t).holder(t, practice.P256)
	p := cms.Profile{Certificate: i.Certificate(), Hash: crypto.SHA384}
	attrs, err := p.SignedAttributes(make([]byte, 48))
	if err != nil {
		t.Fatal(err)
	}
	var set []asn1.RawValue
	if rest, err := asn1.UnmarshalWithParams(attrs, &set, "set"); err != nil || len(rest) > 0 {
		t.Fatal(err, len(rest))
	}
	again, err := asn1.MarshalWithParams(set, "set") // sorts
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(attrs, again) {
		t.Errorf("not in DER order:\n%x\n%x", attrs, again)
	}
}

func TestProfileRefusals(t *testing.T) {
	o := theOffice(t)
	rsa, ec := o.holder(t, practice.RSA2048).Certificate(), o.holder(t, practice.P256).Certificate()
	for _, c := range []struct {
		name    string
		profile cms.Profile
		digest  int
		want    error
	}{
		{"no certificate", cms.Profile{}, 32, nil},
		{"SHA-1", cms.Profile{Certificate: rsa, Hash: crypto.SHA1}, 20, cms.ErrAlgorithm},
		{"short digest", cms.Profile{Certificate: rsa}, 20, nil},
		{"ECDSA with RSA", cms.Profile{Certificate: rsa, Scheme: cms.ECDSA}, 32, cms.ErrKeyType},
		{"PSS with a curve", cms.Profile{Certificate: ec, Scheme: cms.PSS}, 32, cms.ErrKeyType},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.profile.SignedAttributes(make([]byte, c.digest))
			if err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestSizeIsEnough(t *testing.T) {
	o := theOffice(t)
	for _, k := range []practice.KeyKind{practice.RSA2048, practice.RSA4096, practice.P384} {
		i := o.holder(t, k)
		p := cms.Profile{Certificate: i.Certificate(), Chain: i.Chain()}
		der := sign(t, i, p, nil)
		if plain, stamped := p.Size(false), p.Size(true); plain < 16<<10 || stamped < 32<<10 || len(der) > plain {
			t.Errorf("%v: %d bytes reserved, with time-stamp %d; %d used", k, plain, stamped, len(der))
		}
	}
	// A long chain pushes both above their floors.
	i := o.holder(t, practice.RSA4096)
	long := cms.Profile{Certificate: i.Certificate()}
	for n := range 20 {
		sub, err := o.Issue(practice.IdentityOptions{Name: fmt.Sprintf("CA %d %s", n, strings.Repeat("rất dài ", 60)), Key: practice.P256})
		if err != nil {
			t.Fatal(err)
		}
		long.Chain = append(long.Chain, sub.Certificate(), sub.Certificate()) // the second of each is left out
	}
	attrs, err := long.SignedAttributes(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	der, err := long.SignedData(attrs, make([]byte, 512), bytes.Repeat([]byte{0x30}, 16<<10))
	if err != nil {
		t.Fatal(err)
	}
	if len(der) > long.Size(true) || len(der)-16<<10 > long.Size(false) || long.Size(false) < 16<<10 {
		t.Errorf("%d bytes needed, %d reserved with time-stamp, %d without", len(der), long.Size(true), long.Size(false))
	}
}

func TestCheckCertificate(t *testing.T) {
	o := theOffice(t)
	good := o.holder(t, practice.P256)
	holderOf := func(key crypto.Signer, err error, usage x509.KeyUsage) *practice.Identity {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		i, err := o.Issue(practice.IdentityOptions{Name: "THỰC HÀNH", Signer: key, KeyUsage: usage})
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	weak := holderOf(short, err, 0)
	p521, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	large := holderOf(p521, err, 0)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	edwards := holderOf(ed, err, 0)
	now := time.Now()
	for _, c := range []struct {
		name string
		i    *practice.Identity
		at   time.Time
		want error
	}{
		{"good", good, now, nil},
		{"RSA-4096", o.holder(t, practice.RSA4096), now, nil},
		{"nonRepudiation alone", holderOf(good.Signer, nil, x509.KeyUsageContentCommitment), now, nil},
		{"expired", good, now.AddDate(5, 0, 0), cms.ErrCertificateExpired},
		{"not yet", good, now.AddDate(-1, 0, 0), cms.ErrCertificateNotYetValid},
		{"key usage", holderOf(good.Signer, nil, x509.KeyUsageKeyEncipherment), now, cms.ErrKeyUsage},
		{"RSA-1024", weak, now, cms.ErrKeyType},
		{"P-521", large, now, cms.ErrKeyType},
		{"Ed25519", edwards, now, cms.ErrKeyType},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := cms.CheckCertificate(c.i.Certificate(), c.at); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	// What must not sign any more may still be read.
	for i, isWeak := range map[*practice.Identity]bool{weak: true, large: false} {
		s, err := cms.Parse(sign(t, i, cms.Profile{}, nil))
		if err != nil {
			t.Fatal(err)
		}
		cert, err := s.Verify(digest(crypto.SHA256, nil))
		if err != nil || s.Signers[0].Weak(cert) != isWeak {
			t.Errorf("%v: %v, weak %v", cert.PublicKeyAlgorithm, err, s.Signers[0].Weak(cert))
		}
	}
	if _, err := (cms.Profile{Certificate: edwards.Cert}).SignedAttributes(make([]byte, 32)); !errors.Is(err, cms.ErrKeyType) {
		t.Errorf("Ed25519: %v", err)
	}
	if n := (cms.Profile{Certificate: edwards.Cert}).Size(true); n != 0 {
		t.Errorf("Ed25519: %d bytes", n)
	}
}

func TestCheckSignature(t *testing.T) {
	o := theOffice(t)
	message := []byte("message")
	for _, c := range []struct {
		key    practice.KeyKind
		scheme cms.Scheme
	}{{practice.RSA2048, cms.PKCS1v15}, {practice.RSA2048, cms.PSS}, {practice.P256, cms.ECDSA}} {
		t.Run(c.scheme.String(), func(t *testing.T) {
			i := o.holder(t, c.key)
			value, err := i.Sign(t.Context(), message, crypto.SHA256, c.scheme)
			if err != nil {
				t.Fatal(err)
			}
			if err := cms.CheckSignature(i.Certificate(), c.scheme, crypto.SHA256, message, value); err != nil {
				t.Error(err)
			}
			for name, bad := range map[string][]byte{"changed": flip(value, len(value)-1), "short": value[1:], "empty": {}} {
				if err := cms.CheckSignature(i.Certificate(), c.scheme, crypto.SHA256, message, bad); !errors.Is(err, cms.ErrSignatureMismatch) {
					t.Errorf("%s value: %v", name, err)
				}
			}
			if err := cms.CheckSignature(i.Certificate(), c.scheme, crypto.SHA384, message, value); !errors.Is(err, cms.ErrSignatureMismatch) {
				t.Errorf("another hash: %v", err)
			}
			if err := cms.CheckSignature(i.Certificate(), c.scheme, 0, message, value); !errors.Is(err, cms.ErrAlgorithm) {
				t.Errorf("no hash: %v", err)
			}
			other := cms.ECDSA
			if c.scheme == cms.ECDSA {
				other = cms.PSS
			}
			if err := cms.CheckSignature(i.Certificate(), other, crypto.SHA256, message, value); !errors.Is(err, cms.ErrKeyType) {
				t.Errorf("%v with this key: %v", other, err)
			}
		})
	}
}

func flip(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[at] ^= 1
	return b
}
