package token

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"testing"

	"antin/signer/cms"
)

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values []asn1.RawValue `asn1:"set"`
}

func marshal(t *testing.T, v any, params string) []byte {
	t.Helper()
	der, err := asn1.MarshalWithParams(v, params)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// The helper is no oracle: neither a bug nor a stranger in the program gets a
// signature that means something else than "I sign this document".
func TestOnlySignedAttributesAreSigned(t *testing.T) {
	o := desks(t)
	s := o.shim(t)
	session := s.logIn("Nguyễn Văn An", o.an)
	good := attributes(o.an, crypto.SHA256)

	var all []attribute
	if rest, err := asn1.UnmarshalWithParams(good, &all, "set"); err != nil || len(rest) > 0 {
		t.Fatal(err)
	}
	set := func(choose func(attribute) bool) []byte {
		var chosen []attribute
		for _, a := range all {
			if choose(a) {
				chosen = append(chosen, a)
			}
		}
		return marshal(t, chosen, "set")
	}
	digest := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	identifier := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	kind := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	without := func(oid asn1.ObjectIdentifier) []byte {
		return set(func(a attribute) bool { return !a.Type.Equal(oid) })
	}
	if !bytes.Equal(set(func(attribute) bool { return true }), good) {
		t.Fatal("the parts do not make up the whole again")
	}
	long := append([]byte{0x31, 0x82, 0, byte(len(good) - 2 - boolInt(good[1] == 0x81))}, good[2+boolInt(good[1] == 0x81):]...)
	timestamp := bytes.Replace(good, marshal(t, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}, ""),
		marshal(t, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 5}, ""), 1)

	for _, tc := range []struct {
		name    string
		message []byte
	}{
		{"nothing", nil},
		{"a challenge to log in somewhere", []byte("GET / HTTP/1.1\r\nNonce: 123456\r\n\r\n")},
		{"a digest", make([]byte, 32)},
		{"a certificate request", mustRequest(o)},
		{"a certificate", o.an.RawTBSCertificate},
		{"for another certificate", attributes(o.ubnd, crypto.SHA256)},
		{"for another certificate of the same key", attributes(o.anOld, crypto.SHA256)},
		{"no message-digest", without(digest)},
		{"no signing-certificate-v2", without(identifier)},
		{"no content-type", without(kind)},
		{"content-type of something else", timestamp},
		{"digest of another length", attributes(o.an, crypto.SHA512)},
		{"an empty set", []byte{0x31, 0}},
		{"bytes after it", append(bytes.Clone(good), 0x05, 0)},
		{"the same twice", append(bytes.Clone(good), good...)},
		{"a sequence", append([]byte{0x30}, good[1:]...)},
		{"cut", good[:len(good)-1]},
		{"length not in DER", long},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := session.Sign(t.Context(), tc.message, crypto.SHA256, cms.PKCS1v15); !errors.Is(err, ErrNotAttributes) {
				t.Errorf("Sign = %v, want ErrNotAttributes", err)
			}
		})
	}
	if n := s.calls("C_SignInit") + s.calls("C_Sign"); n != 0 {
		t.Errorf("the token was asked %d times", n)
	}
	if err := signOne(t.Context(), session); err != nil {
		t.Errorf("a document after all that: %v", err)
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func mustRequest(o *office) []byte {
	der, err := x509.CreateCertificateRequest(nil, &x509.CertificateRequest{Subject: o.an.Subject}, o.keys[1])
	if err != nil {
		panic(err)
	}
	return der
}

func FuzzSignedAttributes(f *testing.F) {
	o := desks(f)
	f.Add(attributes(o.an, crypto.SHA256))
	f.Add([]byte{0x31, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		if signedAttributes(o.an, crypto.SHA256, b) != nil {
			return
		}
		sum := crypto.SHA256.New()
		sum.Write(o.an.Raw)
		if b[0] != 0x31 || !bytes.Contains(b, sum.Sum(nil)) {
			t.Errorf("accepted %x", b)
		}
	})
}
