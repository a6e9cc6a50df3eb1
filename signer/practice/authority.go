package practice

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// KeyKind is type and size of a key. The zero value is RSA2048.
type KeyKind int

const (
	RSA2048 KeyKind = iota
	RSA3072
	RSA4096
	P256
	P384
)

func (k KeyKind) String() string {
	return [...]string{"RSA-2048", "RSA-3072", "RSA-4096", "P-256", "P-384"}[k]
}

// NewKey generates a key. RSA takes from a tenth of a second to several seconds.
func NewKey(k KeyKind) (crypto.Signer, error) {
	switch k {
	case RSA2048:
		return rsa.GenerateKey(rand.Reader, 2048)
	case RSA3072:
		return rsa.GenerateKey(rand.Reader, 3072)
	case RSA4096:
		return rsa.GenerateKey(rand.Reader, 4096)
	case P256:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case P384:
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	}
	return nil, fmt.Errorf("practice: unknown kind of key %d", int(k))
}

// AuthorityOptions describe an authority. The zero value is a good one.
type AuthorityOptions struct {
	Key  KeyKind   // of root and issuing CA; P256 is fast
	Now  time.Time // middle of the validity periods; zero = the present
	Mark string    // goes into the CA's names, to tell several authorities apart
	URL  string    // "http://host": certificates point to URL/issuing.crl, URL/root.crl, URL/issuing.crt, URL/root.crt; "" = no addresses
}

// Authority is a root and the CA below it that issues to people. Its methods
// may be called by several goroutines.
type Authority struct {
	Root, Issuing *x509.Certificate

	options            AuthorityOptions
	rootKey, issuerKey crypto.Signer

	mu          sync.Mutex
	revoked     []x509.RevocationListEntry // by the issuing CA
	rootRevoked []x509.RevocationListEntry // by the root
	crlNumber   int64
}

// NewAuthority makes the two CA certificates and their keys.
func NewAuthority(o AuthorityOptions) (*Authority, error) {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	a := &Authority{options: o}
	var err error
	if a.rootKey, err = NewKey(o.Key); err != nil {
		return nil, err
	}
	if a.issuerKey, err = NewKey(o.Key); err != nil {
		return nil, err
	}
	mark := ""
	if o.Mark != "" {
		mark = " " + o.Mark
	}
	root := &x509.Certificate{
		RawSubject:            name(attribute{oidC, "VN"}, attribute{oidO, "Cơ quan chứng thực THỰC HÀNH"}, attribute{oidCN, "RootCA THỰC HÀNH" + mark + " – không có giá trị pháp lý"}),
		NotBefore:             o.Now.AddDate(-10, 0, 0),
		NotAfter:              o.Now.AddDate(20, 0, 0),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	if a.Root, err = certify(root, root, a.rootKey.Public(), a.rootKey); err != nil {
		return nil, err
	}
	issuing := &x509.Certificate{
		RawSubject:            name(attribute{oidC, "VN"}, attribute{oidO, "Cơ quan chứng thực THỰC HÀNH"}, attribute{oidCN, "CA THỰC HÀNH phục vụ các cơ quan" + mark}),
		NotBefore:             o.Now.AddDate(-9, 0, 0),
		NotAfter:              o.Now.AddDate(19, 0, 0),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,
	}
	if o.URL != "" {
		issuing.CRLDistributionPoints = []string{o.URL + "/root.crl"}
		issuing.IssuingCertificateURL = []string{o.URL + "/root.crt"}
	}
	if a.Issuing, err = certify(issuing, a.Root, a.issuerKey.Public(), a.rootKey); err != nil {
		return nil, err
	}
	return a, nil
}

// Chain is the issuing CA and the root, as they follow a leaf.
func (a *Authority) Chain() []*x509.Certificate {
	return []*x509.Certificate{a.Issuing, a.Root}
}

// Anchors is a pool with the root alone.
func (a *Authority) Anchors() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.Root)
	return p
}

// Revoke puts cert, issued by this authority's root or issuing CA, on the
// revocation lists made from now on. Reason is a CRLReason of RFC 5280, 5.3.1.
func (a *Authority) Revoke(cert *x509.Certificate, at time.Time, reason int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e := x509.RevocationListEntry{SerialNumber: cert.SerialNumber, RevocationTime: at.UTC(), ReasonCode: reason}
	if bytes.Equal(cert.RawIssuer, a.Root.RawSubject) {
		a.rootRevoked = append(a.rootRevoked, e)
	} else {
		a.revoked = append(a.revoked, e)
	}
}

// CRL is the issuing CA's present revocation list (DER), good for 30 days and
// an hour old.
func (a *Authority) CRL() ([]byte, error) {
	return a.CRLFor(a.options.Now.Add(-time.Hour), a.options.Now.AddDate(0, 0, 30))
}

// CRLFor is the issuing CA's revocation list (DER) with other times.
func (a *Authority) CRLFor(thisUpdate, nextUpdate time.Time) ([]byte, error) {
	return a.list(a.Issuing, a.issuerKey, &a.revoked, thisUpdate, nextUpdate)
}

// RootCRL is the root's revocation list (DER), good for a year.
func (a *Authority) RootCRL() ([]byte, error) {
	return a.list(a.Root, a.rootKey, &a.rootRevoked, a.options.Now.Add(-time.Hour), a.options.Now.AddDate(1, 0, 0))
}

func (a *Authority) list(ca *x509.Certificate, key crypto.Signer, entries *[]x509.RevocationListEntry, from, to time.Time) ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.crlNumber++
	der, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{
		RevokedCertificateEntries: *entries,
		Number:                    big.NewInt(a.crlNumber),
		ThisUpdate:                from,
		NextUpdate:                to,
	}, ca, key)
	if err != nil {
		return nil, fmt.Errorf("practice: making a revocation list: %w", err)
	}
	return der, nil
}

// WriteFiles writes root.pem, issuing.pem, chain.pem, root.crl and issuing.crl
// (PEM all) into the folder dir, which is made when missing. Private keys are
// not written.
func (a *Authority) WriteFiles(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("practice: making the folder: %w", err)
	}
	crl, err := a.CRL()
	if err != nil {
		return err
	}
	rootCRL, err := a.RootCRL()
	if err != nil {
		return err
	}
	root, issuing := CertificatePEM(a.Root), CertificatePEM(a.Issuing)
	for file, content := range map[string][]byte{
		"root.pem":    root,
		"issuing.pem": issuing,
		"chain.pem":   append(bytes.Clone(issuing), root...),
		"root.crl":    pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: rootCRL}),
		"issuing.crl": pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: crl}),
	} {
		if err := os.WriteFile(filepath.Join(dir, file), content, 0o644); err != nil {
			return fmt.Errorf("practice: writing the authority's files: %w", err)
		}
	}
	return nil
}

// CertificatePEM is cert as a PEM block.
func CertificatePEM(cert *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})
}

// certify signs template with the parent's key and reads the result back.
func certify(template, parent *x509.Certificate, public crypto.PublicKey, key crypto.Signer) (*x509.Certificate, error) {
	if template.SerialNumber == nil {
		var b [8]byte
		rand.Read(b[:])       // never returns an error
		b[0] = b[0]&0x3f | 64 // positive and always eight bytes long, as the real ones
		template.SerialNumber = new(big.Int).SetBytes(b[:])
	}
	spki, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("practice: encoding a public key: %w", err)
	}
	id := sha256.Sum256(spki)
	template.SubjectKeyId = id[:20]
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, key)
	if err != nil {
		return nil, fmt.Errorf("practice: making a certificate: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("practice: reading back a certificate: %w", err)
	}
	return cert, nil
}

var (
	oidC    = asn1.ObjectIdentifier{2, 5, 4, 6}
	oidL    = asn1.ObjectIdentifier{2, 5, 4, 7}
	oidO    = asn1.ObjectIdentifier{2, 5, 4, 10}
	oidOU   = asn1.ObjectIdentifier{2, 5, 4, 11}
	oidCN   = asn1.ObjectIdentifier{2, 5, 4, 3}
	oidMail = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}
)

type attribute struct {
	oid   asn1.ObjectIdentifier
	value string
}

// name encodes a distinguished name in the given order, which pkix.Name would
// not keep. Empty attributes are left out. Texts are UTF8String (RFC 5280,
// 4.1.2.4), country PrintableString and mail IA5String.
func name(attributes ...attribute) []byte {
	var seq pkix.RDNSequence
	for _, a := range attributes {
		if a.value == "" {
			continue
		}
		tag := asn1.TagUTF8String
		switch {
		case a.oid.Equal(oidC):
			tag = asn1.TagPrintableString
		case a.oid.Equal(oidMail):
			tag = asn1.TagIA5String
		}
		seq = append(seq, pkix.RelativeDistinguishedNameSET{{Type: a.oid, Value: asn1.RawValue{Tag: tag, Bytes: []byte(a.value)}}})
	}
	der, err := asn1.Marshal(seq)
	if err != nil {
		panic("practice: " + err.Error()) // fixed types: a mistake of ours
	}
	return der
}
