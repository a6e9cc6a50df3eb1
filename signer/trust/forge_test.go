// Certificates with negative serial numbers are read by the program too.
//
//go:debug x509negativeserial=1
package trust_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"math/big"
	"sync"
	"testing"
	"time"

	"antin/assets"
	"antin/signer/trust"
)

// forge is a certificate with its key, for shapes that no honest office makes.
type forge struct {
	*x509.Certificate
	key crypto.Signer
}

// rsaKey is for what elliptic curves cannot show.
var rsaKey = sync.OnceValue(func() crypto.Signer {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// newForge makes a certificate signed by parent; nil = by itself. It is a CA's,
// valid for a year around now, unless edit changes that.
func newForge(t testing.TB, name string, parent *forge, edit func(*x509.Certificate)) *forge {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return forgeFor(t, name, key, parent, edit)
}

func forgeFor(t testing.TB, name string, key crypto.Signer, parent *forge, edit func(*x509.Certificate)) *forge {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(append([]byte{0x41}, []byte(rand.Text())[:7]...)),
		Subject:      pkix.Name{CommonName: name}, NotBefore: time.Now().AddDate(0, -6, 0), NotAfter: time.Now().AddDate(0, 6, 0),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, BasicConstraintsValid: true, IsCA: true,
	}
	if edit != nil {
		edit(template)
	}
	by := parent
	if by == nil {
		by = &forge{template, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, by.Certificate, key.Public(), by.key)
	if err != nil {
		t.Fatal(err)
	}
	return &forge{parse(t, der), key}
}

func parse(t testing.TB, der []byte) *x509.Certificate {
	t.Helper()
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// holder makes a holder's certificate.
func holder(t testing.TB, parent *forge, edit func(*x509.Certificate)) *forge {
	t.Helper()
	return newForge(t, "Nguyễn Văn Nghĩa THỰC HÀNH", parent, func(c *x509.Certificate) {
		c.IsCA, c.KeyUsage = false, x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment
		if edit != nil {
			edit(c)
		}
	})
}

// resign changes the signed bytes of a certificate or list, without changing
// their length, and signs them again.
func resign(t testing.TB, der []byte, by *forge, h crypto.Hash, edit func(tbs []byte)) []byte {
	t.Helper()
	var outer struct {
		TBS, Algorithm asn1.RawValue
		Signature      asn1.BitString
	}
	if _, err := asn1.Unmarshal(bytes.Clone(der), &outer); err != nil {
		t.Fatal(err)
	}
	edit(outer.TBS.FullBytes)
	d := h.New()
	d.Write(outer.TBS.FullBytes)
	value, err := by.key.Sign(rand.Reader, d.Sum(nil), h)
	if err != nil {
		t.Fatal(err)
	}
	outer.Signature = asn1.BitString{Bytes: value, BitLength: 8 * len(value)}
	der, err = asn1.Marshal(outer)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// withSHA1 is the same certificate or list with a SHA-1 signature of an RSA key.
func withSHA1(t testing.TB, der []byte, by *forge) []byte {
	t.Helper()
	strong, weak := []byte{42, 134, 72, 134, 247, 13, 1, 1, 11}, []byte{42, 134, 72, 134, 247, 13, 1, 1, 5}
	der = replace(t, der, strong, weak, 2)
	return resign(t, der, by, crypto.SHA1, func([]byte) {})
}

func replace(t testing.TB, b, from, to []byte, times int) []byte {
	t.Helper()
	b = append([]byte(nil), b...)
	for i := 0; i+len(from) <= len(b); i++ {
		if string(b[i:i+len(from)]) == string(from) {
			copy(b[i:], to)
			times--
		}
	}
	if times != 0 {
		t.Fatalf("%x stands in it %d times less than expected", from, times)
	}
	return b
}

// oldRoot is a CA of the SHA-1 generation.
func oldRoot(t testing.TB, edit func(*x509.Certificate)) *forge {
	t.Helper()
	root := forgeFor(t, "CA cũ THỰC HÀNH", rsaKey(), nil, edit)
	return &forge{parse(t, withSHA1(t, root.Raw, root)), root.key}
}

// list makes a revocation list, from an hour ago to tomorrow unless it says
// otherwise.
func (f *forge) list(t testing.TB, l x509.RevocationList) *x509.RevocationList {
	t.Helper()
	now := time.Now()
	if l.ThisUpdate.IsZero() {
		l.ThisUpdate = now.Add(-time.Hour)
	}
	if l.NextUpdate.IsZero() {
		l.NextUpdate = now.AddDate(0, 0, 1)
	}
	if l.Number == nil {
		l.Number = big.NewInt(1)
	}
	// CreateRevocationList wants the key usage, which is what some tests lack.
	by := *f.Certificate
	by.KeyUsage |= x509.KeyUsageCRLSign
	if len(by.SubjectKeyId) == 0 {
		sum := sha1.Sum(by.RawSubjectPublicKeyInfo)
		by.SubjectKeyId = sum[:]
	}
	der, err := x509.CreateRevocationList(rand.Reader, &l, &by, f.key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseRevocationList(der)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func anchored(certs ...*x509.Certificate) *trust.Store {
	s := &trust.Store{}
	for _, c := range certs {
		s.AddAnchor(c)
	}
	return s
}

func pinFor(cert *x509.Certificate, certainty string) assets.Anchor {
	sum := sha256.Sum256(cert.Raw)
	return assets.Anchor{Name: cert.Subject.CommonName, Generation: "G2", Role: "root", SHA256: hex.EncodeToString(sum[:]), Certainty: certainty}
}

func marshal(t testing.TB, v any, params string) []byte {
	t.Helper()
	b, err := asn1.MarshalWithParams(v, params)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
