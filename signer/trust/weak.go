package trust

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"errors"
	"fmt"
)

// ErrWeak means that the answer is there but rests on a SHA-1 signature of an
// old CA: made to deceive, such a signature is within reach of a rich attacker.
var ErrWeak = errors.New("trust: only a SHA-1 signature vouches for it")

// checkSignature checks value, over signed, with by's key. What was made with
// RSA and SHA-1 is checked here, as crypto/x509 declines to, and is ErrWeak when
// it fits. Nothing is said about by itself.
func checkSignature(by *x509.Certificate, algorithm x509.SignatureAlgorithm, signed, value []byte) error {
	switch algorithm {
	case x509.SHA1WithRSA:
		key, ok := by.PublicKey.(*rsa.PublicKey)
		if !ok {
			return fmt.Errorf("%v with a key of type %T", algorithm, by.PublicKey)
		}
		digest := sha1.Sum(signed)
		if err := rsa.VerifyPKCS1v15(key, crypto.SHA1, digest[:], value); err != nil { // RFC 8017, 8.2.2
			return err
		}
		return ErrWeak
	case x509.ECDSAWithSHA1, x509.DSAWithSHA1:
		return x509.InsecureAlgorithmError(algorithm)
	}
	return by.CheckSignature(algorithm, signed, value)
}

// old tells whether cert is a CA of the SHA-1 generation, from which SHA-1
// signatures are to be expected. Newer CAs never made any, so that one with
// their name is a forgery.
func old(cert *x509.Certificate) bool { return cert.SignatureAlgorithm == x509.SHA1WithRSA }

// weakPath is the path of a holder's certificate that was signed with SHA-1
// directly by an old anchor, or nil. Certificates of CAs never pass so: one
// forged would vouch for any number.
func (s *search) weakPath(cert *x509.Certificate) ([]*x509.Certificate, error) {
	if cert.SignatureAlgorithm != x509.SHA1WithRSA || cert.IsCA {
		return nil, nil
	}
	for _, ca := range s.parents(cert) {
		if !old(ca) || !s.store.isAnchor(ca) || !mayIssue(ca) ||
			!errors.Is(checkSignature(ca, cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature), ErrWeak) {
			continue
		}
		chain := []*x509.Certificate{cert, ca}
		if err := checkPeriods(chain, s.at); err != nil {
			return nil, err
		}
		for _, c := range chain {
			// Name constraints are crypto/x509's work, which will not look at this path.
			if len(c.UnhandledCriticalExtensions) > 0 || hasNameConstraints(c) {
				return nil, fmt.Errorf("%w: critical extension or name constraints in %q", ErrConstraints, c.Subject.CommonName)
			}
		}
		return chain, fmt.Errorf("%w: certificate of %q", ErrWeak, cert.Subject.CommonName)
	}
	return nil, nil
}

// mayIssue: RFC 5280, 4.2.1.3 and 4.2.1.9.
func mayIssue(ca *x509.Certificate) bool {
	return isCA(ca) && (ca.KeyUsage == 0 || ca.KeyUsage&x509.KeyUsageCertSign != 0)
}

func hasNameConstraints(cert *x509.Certificate) bool {
	return extension(cert.Extensions, oidNameConstraints) != nil
}
