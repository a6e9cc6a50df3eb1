package cms

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"time"
)

// Certificates that must not be used to sign.
var (
	ErrCertificateExpired     = errors.New("cms: certificate has expired")
	ErrCertificateNotYetValid = errors.New("cms: certificate is not valid yet")
	ErrKeyUsage               = errors.New("cms: certificate is not meant for signing documents") // RFC 5280, 4.2.1.3
	ErrKeyType                = errors.New("cms: key type or size not supported")
)

// CheckCertificate tells, before a PIN is asked for, whether cert may sign a
// document at the given time: validity, key usage digitalSignature or
// nonRepudiation, and RSA 2048 to 4096, P-256 or P-384. No extended key usage is
// demanded: those of the government CAs have none for documents. The errors are
// those above; the path to a root is package trust's matter.
func CheckCertificate(cert *x509.Certificate, at time.Time) error {
	switch key := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < 2048 || bits > 4096 {
			return fmt.Errorf("%w: RSA of %d bits", ErrKeyType, bits)
		}
		if err := checkRSA(key); err != nil {
			return err
		}
	case *ecdsa.PublicKey:
		if key.Curve != elliptic.P256() && key.Curve != elliptic.P384() {
			return fmt.Errorf("%w: curve %s", ErrKeyType, key.Curve.Params().Name)
		}
	default:
		return fmt.Errorf("%w: %v", ErrKeyType, cert.PublicKeyAlgorithm)
	}
	if !forSignatures(cert) {
		return ErrKeyUsage
	}
	if at.Before(cert.NotBefore) {
		return fmt.Errorf("%w: from %s", ErrCertificateNotYetValid, cert.NotBefore.Format(time.RFC3339))
	}
	if at.After(cert.NotAfter) {
		return fmt.Errorf("%w: since %s", ErrCertificateExpired, cert.NotAfter.Format(time.RFC3339))
	}
	return nil
}

// forSignatures: a certificate without the extension may be used for anything.
func forSignatures(cert *x509.Certificate) bool {
	return cert.KeyUsage == 0 || cert.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) != 0
}
