package trust

import (
	"bytes"
	"crypto"
	"crypto/sha1"
	_ "crypto/sha256" // used through crypto.Hash.New
	_ "crypto/sha512" // likewise
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"time"
)

// What servers answer instead of what was asked for.
var (
	ErrReply     = errors.New("trust: the reply is not what was asked for")
	ErrResponder = errors.New("trust: the OCSP responder declined to answer") // RFC 6960, 4.2.1: responseStatus
)

// The structures of RFC 6960, 4.2.1.
type (
	ocspResponse struct {
		Status asn1.Enumerated
		Bytes  struct {
			Type     asn1.ObjectIdentifier
			Response []byte
		} `asn1:"optional,explicit,tag:0"`
	}
	ocspBasic struct {
		Data         ocspData
		Algorithm    pkix.AlgorithmIdentifier
		Signature    asn1.BitString
		Certificates []asn1.RawValue `asn1:"optional,explicit,tag:0"`
	}
	ocspData struct {
		Raw        asn1.RawContent
		Version    int `asn1:"optional,default:0,explicit,tag:0"`
		Responder  asn1.RawValue
		Produced   time.Time `asn1:"generalized"`
		Singles    []ocspSingle
		Extensions []pkix.Extension `asn1:"optional,explicit,tag:1"`
	}
	ocspSingle struct {
		ID         certID
		Status     asn1.RawValue
		ThisUpdate time.Time        `asn1:"generalized"`
		NextUpdate time.Time        `asn1:"optional,generalized,explicit,tag:0"`
		Extensions []pkix.Extension `asn1:"optional,explicit,tag:1"`
	}
	ocspRevoked struct {
		Time   time.Time       `asn1:"generalized"`
		Reason asn1.Enumerated `asn1:"optional,explicit,tag:0"`
	}
	certID struct {
		Hash     pkix.AlgorithmIdentifier
		NameHash []byte
		KeyHash  []byte
		Serial   asn1.RawValue // an integer; kept as it was written
	}
)

var (
	oidBasicResponse = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 1}
	oidNonce         = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2}
	oidNoCheck       = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}
	oidArchiveCutoff = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 6}
)

// Bounds on an answer: ours is about one certificate and carries one.
const (
	maxSingles    = 64
	maxResponders = 8
)

// responderStatus names the values of OCSPResponseStatus.
var responderStatus = map[asn1.Enumerated]string{1: "malformedRequest", 2: "internalError", 3: "tryLater", 5: "sigRequired", 6: "unauthorized"}

// declined is an answer without content: ErrResponder.
type declined struct{ status asn1.Enumerated }

func (d *declined) Error() string {
	name := responderStatus[d.status]
	if name == "" {
		name = fmt.Sprint("status ", int(d.status))
	}
	return ErrResponder.Error() + ": " + name
}

func (d *declined) Is(target error) bool { return target == ErrResponder }

// answer is a parsed OCSP answer. Being parsed says nothing of its signature.
type answer struct {
	der          []byte
	basic        ocspBasic
	certificates []*x509.Certificate
}

// parseAnswer reads an OCSPResponse in DER. Errors: ErrReply, ErrResponder.
func parseAnswer(der []byte) (*answer, error) {
	var r ocspResponse
	if rest, err := asn1.Unmarshal(der, &r); err != nil || len(rest) > 0 {
		return nil, fmt.Errorf("%w: no OCSP answer", ErrReply)
	}
	if r.Status != 0 {
		return nil, &declined{r.Status}
	}
	a := &answer{der: bytes.Clone(der)}
	if !r.Bytes.Type.Equal(oidBasicResponse) {
		return nil, fmt.Errorf("%w: OCSP answer of another type", ErrReply)
	}
	if rest, err := asn1.Unmarshal(r.Bytes.Response, &a.basic); err != nil || len(rest) > 0 {
		return nil, fmt.Errorf("%w: unreadable OCSP answer", ErrReply)
	}
	if n := len(a.basic.Data.Singles); n == 0 || n > maxSingles || a.basic.Data.Version != 0 {
		return nil, fmt.Errorf("%w: OCSP answer of version %d for %d certificates", ErrReply, a.basic.Data.Version+1, n)
	}
	for _, raw := range a.basic.Certificates[:min(maxResponders, len(a.basic.Certificates))] {
		if cert, err := x509.ParseCertificate(raw.FullBytes); err == nil {
			a.certificates = append(a.certificates, cert)
		}
	}
	return a, nil
}

// serials are the certificates the answer may be about.
func (a *answer) serials() []string {
	var all []string
	for _, s := range a.basic.Data.Singles {
		if serial := s.ID.serial(); serial != nil {
			all = append(all, serial.String())
		}
	}
	return all
}

// single is what the answer says of cert, or nil: not just the serial number,
// the issuer's name and key must fit (RFC 6960, 3.2).
func (a *answer) single(cert, issuer *x509.Certificate) *ocspSingle {
	for i := range a.basic.Data.Singles {
		s := &a.basic.Data.Singles[i]
		if serial := s.ID.serial(); serial == nil || serial.Cmp(cert.SerialNumber) != 0 {
			continue
		}
		for h, oid := range certIDHashes {
			if !s.ID.Hash.Algorithm.Equal(oid) {
				continue
			}
			if want, err := newCertID(cert, issuer, h); err == nil && bytes.Equal(want.NameHash, s.ID.NameHash) && bytes.Equal(want.KeyHash, s.ID.KeyHash) {
				return s
			}
		}
	}
	return nil
}

// nonce is that of the answer; nil = it has none (RFC 8954).
func (a *answer) nonce() []byte {
	e := extension(a.basic.Data.Extensions, oidNonce)
	if e == nil {
		return nil
	}
	var nonce []byte
	if rest, err := asn1.Unmarshal(e.Value, &nonce); err != nil || len(rest) > 0 || nonce == nil {
		return []byte{}
	}
	return nonce
}

// isBy tells whether the answer names cert as its signer.
func (a *answer) isBy(cert *x509.Certificate) bool {
	id := a.basic.Data.Responder
	if id.Class != asn1.ClassContextSpecific {
		return false
	}
	switch id.Tag {
	case 1: // byName
		return bytes.Equal(id.Bytes, cert.RawSubject)
	case 2: // byKey: SHA-1 of the key, whatever hash the rest uses
		var hash []byte
		rest, err := asn1.Unmarshal(id.Bytes, &hash)
		key, err2 := publicKeyBits(cert)
		want := sha1.Sum(key)
		return err == nil && err2 == nil && len(rest) == 0 && bytes.Equal(hash, want[:])
	}
	return false
}

// signatureAlgorithms of answers. For RSASSA-PSS crypto/x509 expects a salt as
// long as the hash; the hash stands in the parameters.
var signatureAlgorithms = map[string]x509.SignatureAlgorithm{
	"1.2.840.113549.1.1.5":  x509.SHA1WithRSA,
	"1.2.840.113549.1.1.11": x509.SHA256WithRSA,
	"1.2.840.113549.1.1.12": x509.SHA384WithRSA,
	"1.2.840.113549.1.1.13": x509.SHA512WithRSA,
	"1.2.840.10045.4.3.2":   x509.ECDSAWithSHA256,
	"1.2.840.10045.4.3.3":   x509.ECDSAWithSHA384,
	"1.2.840.10045.4.3.4":   x509.ECDSAWithSHA512,
	"1.3.101.112":           x509.PureEd25519,
}

var pssAlgorithms = map[crypto.Hash]x509.SignatureAlgorithm{
	crypto.SHA256: x509.SHA256WithRSAPSS, crypto.SHA384: x509.SHA384WithRSAPSS, crypto.SHA512: x509.SHA512WithRSAPSS,
}

func signatureAlgorithm(id pkix.AlgorithmIdentifier) x509.SignatureAlgorithm {
	if id.Algorithm.String() != "1.2.840.113549.1.1.10" {
		return signatureAlgorithms[id.Algorithm.String()]
	}
	var params struct { // RFC 4055, 3.1; the rest follows from the hash
		Hash pkix.AlgorithmIdentifier `asn1:"explicit,tag:0"`
		Mask asn1.RawValue            `asn1:"optional,explicit,tag:1"`
		Salt int                      `asn1:"optional,explicit,tag:2,default:20"`
	}
	if _, err := asn1.Unmarshal(id.Parameters.FullBytes, &params); err != nil {
		return x509.UnknownSignatureAlgorithm
	}
	for h, oid := range certIDHashes {
		if params.Hash.Algorithm.Equal(oid) {
			return pssAlgorithms[h]
		}
	}
	return x509.UnknownSignatureAlgorithm
}
