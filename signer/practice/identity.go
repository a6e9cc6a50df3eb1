package practice

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"antin/signer/cms"
)

// IdentityOptions describe the holder of a certificate. Everything may be left
// out; the name should not.
type IdentityOptions struct {
	Name         string   // CN: a person, or an organisation for its seal
	Organisation string   // O
	Units        []string // OU, from the largest down; none for an organisation's own certificate
	Locality     string   // L
	Mail         string   // e-mail address, in the subject (persons) and the subject alternative name

	Key                 KeyKind
	Signer              crypto.Signer // an existing key instead of a new one, as when a certificate is renewed
	Serial              *big.Int      // nil = eight random bytes
	NotBefore, NotAfter time.Time     // zero: a month ago, in four years
	KeyUsage            x509.KeyUsage // 0 = that of the government's certificates
	EKUs                []x509.ExtKeyUsage
	NoEKU, NoCRL        bool // no extended key usage; no address of a revocation list
}

// Identity is a certificate with its key in memory. It has the methods of
// pades.Key.
type Identity struct {
	Cert   *x509.Certificate
	Signer crypto.Signer
	Issuer []*x509.Certificate // issuing CA, then root
}

// oidSmartcardLogon is in every certificate of the government CAs.
var oidSmartcardLogon = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 20, 2, 2}

// Issue makes a key, unless one is given, and the certificate for it.
func (a *Authority) Issue(o IdentityOptions) (*Identity, error) {
	key := o.Signer
	if key == nil {
		var err error
		if key, err = NewKey(o.Key); err != nil {
			return nil, err
		}
	}
	attributes := []attribute{{oidC, "VN"}, {oidL, o.Locality}, {oidO, o.Organisation}}
	for _, u := range o.Units {
		attributes = append(attributes, attribute{oidOU, u})
	}
	attributes = append(attributes, attribute{oidCN, o.Name})
	t := &x509.Certificate{
		SerialNumber:          o.Serial,
		NotBefore:             a.options.Now.AddDate(0, -1, 0),
		NotAfter:              a.options.Now.AddDate(4, 0, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment | x509.KeyUsageKeyEncipherment | x509.KeyUsageDataEncipherment,
		BasicConstraintsValid: true,
		ExtKeyUsage:           o.EKUs,
	}
	if o.Mail != "" {
		t.EmailAddresses = []string{o.Mail}
		if len(o.Units) > 0 { // only people's certificates carry it in the subject
			attributes = append(attributes, attribute{oidMail, o.Mail})
		}
	}
	t.RawSubject = name(attributes...)
	if !o.NotBefore.IsZero() {
		t.NotBefore = o.NotBefore
	}
	if !o.NotAfter.IsZero() {
		t.NotAfter = o.NotAfter
	}
	if o.KeyUsage != 0 {
		t.KeyUsage = o.KeyUsage
	}
	if o.EKUs == nil && !o.NoEKU {
		t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageEmailProtection}
		t.UnknownExtKeyUsage = []asn1.ObjectIdentifier{oidSmartcardLogon}
	}
	if u := a.options.URL; u != "" {
		t.IssuingCertificateURL = []string{u + "/issuing.crt"}
		if !o.NoCRL {
			t.CRLDistributionPoints = []string{u + "/issuing.crl"}
		}
	}
	cert, err := certify(t, a.Issuing, key.Public(), a.issuerKey)
	if err != nil {
		return nil, err
	}
	return &Identity{Cert: cert, Signer: key, Issuer: a.Chain()}, nil
}

// Certificate is the holder's certificate.
func (i *Identity) Certificate() *x509.Certificate { return i.Cert }

// Chain is the issuing CA and the root.
func (i *Identity) Chain() []*x509.Certificate { return i.Issuer }

// Sign signs message (not its digest) in software. A context that has ended is
// refused, as a token would.
func (i *Identity) Sign(ctx context.Context, message []byte, h crypto.Hash, s cms.Scheme) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !h.Available() {
		return nil, fmt.Errorf("practice: hash %d is not available", int(h))
	}
	d := h.New()
	d.Write(message)
	var opts crypto.SignerOpts = h
	switch i.Signer.Public().(type) {
	case *rsa.PublicKey:
		if s == cms.ECDSA {
			return nil, fmt.Errorf("practice: an RSA key cannot make an ECDSA signature")
		}
		if s == cms.PSS {
			opts = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: h}
		}
	case *ecdsa.PublicKey:
		if s == cms.PSS {
			return nil, fmt.Errorf("practice: an elliptic curve key cannot make a PSS signature")
		}
	}
	return i.Signer.Sign(rand.Reader, d.Sum(nil), opts)
}

// WriteFiles writes certificate and private key as base.pem and base.key.pem
// (PKCS#8, without a password) into the folder dir, for other people's tools.
func (i *Identity) WriteFiles(dir, base string) error {
	key, err := x509.MarshalPKCS8PrivateKey(i.Signer)
	if err != nil {
		return fmt.Errorf("practice: encoding the private key: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, base+".pem"), CertificatePEM(i.Cert), 0o644); err != nil {
		return fmt.Errorf("practice: writing the certificate: %w", err)
	}
	block := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})
	if err := os.WriteFile(filepath.Join(dir, base+".key.pem"), block, 0o600); err != nil {
		return fmt.Errorf("practice: writing the private key: %w", err)
	}
	return nil
}
