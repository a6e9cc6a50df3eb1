package cms

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	_ "crypto/sha256" // crypto.SHA256 is used through crypto.Hash.New
	_ "crypto/sha512" // crypto.SHA384, crypto.SHA512 likewise
	"crypto/x509"
	"errors"
	"fmt"
)

// Scheme is the way a signature value is made from a message and a key.
type Scheme int

const (
	PKCS1v15 Scheme = iota // RSASSA-PKCS1-v1_5 (RFC 8017, 8.2), the default for RSA keys
	PSS                    // RSASSA-PSS (RFC 8017, 8.1): MGF1 with the message's hash, salt as long as the hash
	ECDSA                  // ECDSA (FIPS 186-5); the value is the DER sequence of r and s
)

func (s Scheme) String() string {
	switch s {
	case PKCS1v15:
		return "RSA PKCS#1 v1.5"
	case PSS:
		return "RSA-PSS"
	case ECDSA:
		return "ECDSA"
	}
	return fmt.Sprintf("scheme %d", int(s))
}

// For is the scheme to use with cert's key when s is wished. The zero value
// means "what the key needs": PKCS1v15 for RSA, ECDSA for elliptic curves.
// A scheme that does not fit the key is ErrKeyType.
func (s Scheme) For(cert *x509.Certificate) (Scheme, error) {
	switch cert.PublicKey.(type) {
	case *rsa.PublicKey:
		if s == PKCS1v15 || s == PSS {
			return s, nil
		}
	case *ecdsa.PublicKey:
		if s == PKCS1v15 || s == ECDSA {
			return ECDSA, nil
		}
	}
	return 0, fmt.Errorf("%w: %v with a key of type %T", ErrKeyType, s, cert.PublicKey)
}

// Outcomes of checking a signature value.
var (
	ErrSignatureMismatch = errors.New("cms: signature does not fit message and key")
	ErrAlgorithm         = errors.New("cms: algorithm not supported or not consistent") // also: hash of signature and digest differ
)

// Limits of RSA keys for checking: more than any card makes, little enough
// that one check stays within milliseconds.
const (
	minRSABits = 1024
	maxRSABits = 16384
)

// CheckSignature reports whether signature is cert's signature over message
// (not over a digest), made with scheme s and hash h. A value that does not
// fit is ErrSignatureMismatch; a key or hash that cannot be used ErrKeyType or
// ErrAlgorithm. Nothing is said about the certificate itself.
func CheckSignature(cert *x509.Certificate, s Scheme, h crypto.Hash, message, signature []byte) error {
	s, err := s.For(cert)
	if err != nil {
		return err
	}
	if !h.Available() {
		return fmt.Errorf("%w: hash %d", ErrAlgorithm, int(h))
	}
	d := h.New()
	d.Write(message)
	return checkDigest(cert, s, h, rsa.PSSSaltLengthEqualsHash, d.Sum(nil), signature)
}

// checkDigest is CheckSignature for a digest; salt (bytes) matters for PSS only.
func checkDigest(cert *x509.Certificate, s Scheme, h crypto.Hash, salt int, digest, signature []byte) error {
	if len(digest) != h.Size() {
		return fmt.Errorf("%w: digest of %d bytes for %v", ErrAlgorithm, len(digest), h)
	}
	switch key := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		if err := checkRSA(key); err != nil {
			return err
		}
		switch s {
		case PKCS1v15:
			err := rsa.VerifyPKCS1v15(key, h, digest, signature)
			return mismatch(err == nil)
		case PSS:
			err := rsa.VerifyPSS(key, h, digest, signature, &rsa.PSSOptions{SaltLength: salt, Hash: h})
			return mismatch(err == nil)
		}
	case *ecdsa.PublicKey:
		if key.Curve == elliptic.P224() {
			return fmt.Errorf("%w: curve P-224", ErrKeyType)
		}
		if s == ECDSA {
			return mismatch(ecdsa.VerifyASN1(key, digest, signature))
		}
	}
	return fmt.Errorf("%w: %v with a key of type %T", ErrKeyType, s, cert.PublicKey)
}

func mismatch(ok bool) error {
	if ok {
		return nil
	}
	return ErrSignatureMismatch
}

func checkRSA(key *rsa.PublicKey) error {
	if bits := key.N.BitLen(); bits < minRSABits || bits > maxRSABits {
		return fmt.Errorf("%w: RSA of %d bits", ErrKeyType, bits)
	}
	if key.E < 3 || key.E%2 == 0 {
		return fmt.Errorf("%w: RSA exponent %d", ErrKeyType, key.E)
	}
	return nil
}
