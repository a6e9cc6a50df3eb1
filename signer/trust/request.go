package trust

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
)

// certIDHashes are those with which answers may name certificates.
var certIDHashes = map[crypto.Hash]asn1.ObjectIdentifier{
	crypto.SHA1:   {1, 3, 14, 3, 2, 26},
	crypto.SHA256: {2, 16, 840, 1, 101, 3, 4, 2, 1},
	crypto.SHA384: {2, 16, 840, 1, 101, 3, 4, 2, 2},
	crypto.SHA512: {2, 16, 840, 1, 101, 3, 4, 2, 3},
}

// serial is the number in id, negative ones included; nil = it is none.
func (id *certID) serial() *big.Int {
	n := new(big.Int)
	// 128 bytes: far more than the 20 of RFC 5280, 4.1.2.2, little enough to print.
	if len(id.Serial.FullBytes) > 128 {
		return nil
	}
	if rest, err := asn1.Unmarshal(id.Serial.FullBytes, &n); err != nil || len(rest) > 0 {
		return nil
	}
	return n
}

// newCertID names cert for a responder (RFC 6960, 4.1.1).
func newCertID(cert, issuer *x509.Certificate, h crypto.Hash) (certID, error) {
	key, err := publicKeyBits(issuer)
	if err != nil {
		return certID{}, err
	}
	serial, err := asn1.Marshal(cert.SerialNumber)
	if err != nil {
		return certID{}, fmt.Errorf("trust: encoding a serial number: %w", err)
	}
	sum := func(b []byte) []byte {
		d := h.New()
		d.Write(b)
		return d.Sum(nil)
	}
	return certID{
		Hash:     pkix.AlgorithmIdentifier{Algorithm: certIDHashes[h], Parameters: asn1.NullRawValue},
		NameHash: sum(cert.RawIssuer),
		KeyHash:  sum(key),
		Serial:   asn1.RawValue{FullBytes: serial},
	}, nil
}

// publicKeyBits is the content of the key's BIT STRING, which is what is hashed.
func publicKeyBits(cert *x509.Certificate) ([]byte, error) {
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(cert.RawSubjectPublicKeyInfo, &info); err != nil {
		return nil, fmt.Errorf("trust: reading the public key of %q: %w", cert.Subject.CommonName, err)
	}
	return info.Key.RightAlign(), nil
}

// nonceSize is the recommended one (RFC 8954, 2.1), in bytes.
const nonceSize = 32

// newNonce is random.
func newNonce() []byte {
	nonce := make([]byte, nonceSize)
	rand.Read(nonce) // never returns an error
	return nonce
}

// newRequest encodes an OCSPRequest about one certificate (RFC 6960, 4.1.1),
// with a nonce unless it is nil (RFC 5019, 2.1.1 has none).
func newRequest(cert, issuer *x509.Certificate, h crypto.Hash, nonce []byte) ([]byte, error) {
	type single struct{ ID certID }
	var request struct {
		TBS struct {
			List       []single
			Extensions []pkix.Extension `asn1:"optional,explicit,tag:2,omitempty"`
		}
	}
	id, err := newCertID(cert, issuer, h)
	if err != nil {
		return nil, err
	}
	request.TBS.List = []single{{id}}
	if nonce != nil {
		value, err := asn1.Marshal(nonce)
		if err != nil {
			return nil, fmt.Errorf("trust: encoding a nonce: %w", err)
		}
		request.TBS.Extensions = []pkix.Extension{{Id: oidNonce, Value: value}}
	}
	der, err := asn1.Marshal(request)
	if err != nil {
		return nil, fmt.Errorf("trust: encoding an OCSP request: %w", err)
	}
	return der, nil
}

// fits tells whether the answer is one to a request with this nonce. Answers
// made beforehand have none (RFC 5019, 4); replayed ones have another.
func (a *answer) fits(nonce []byte, demanded bool) error {
	switch got := a.nonce(); {
	case got == nil && !demanded, nonce == nil, bytes.Equal(got, nonce):
		return nil
	case got == nil:
		return fmt.Errorf("%w: OCSP answer without the nonce", ErrReply)
	}
	return fmt.Errorf("%w: OCSP answer with another nonce", ErrReply)
}
