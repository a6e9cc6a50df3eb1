package cms

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/notaryproject/tspclient-go"
)

// What can be wrong with a time-stamp token.
var (
	ErrTSAReply       = errors.New("cms: time-stamp reply cannot be read or does not verify")  // RFC 3161, 2.4.2
	ErrTSAMismatch    = errors.New("cms: time-stamp is for something else")                    // imprint or nonce
	ErrTSACertificate = errors.New("cms: time-stamp certificate missing, unfit or untrusted")  // RFC 3161, 2.3
	ErrTSAClock       = errors.New("cms: time-stamp and this computer's clock are days apart") // one day or more
)

// Token is a checked time-stamp token of RFC 3161.
type Token struct {
	DER         []byte // ContentInfo, as it goes into the signature
	Time        time.Time
	Accuracy    time.Duration // 0 when the TSA states none
	Serial      *big.Int
	Policy      asn1.ObjectIdentifier
	Hash        crypto.Hash         // of the imprint
	Signature   *SignedData         // the token as a signature, for its algorithms and certificates
	Certificate *x509.Certificate   // the TSA's
	Chain       []*x509.Certificate // from Certificate to an anchor when Trusted; else Certificate alone
	Trusted     bool                // a path to an anchor exists
	Untrusted   error               // why not, ErrTSACertificate; nil when Trusted or when no anchors were given
	Skew        time.Duration       // Stamp only: Time minus this computer's clock when the reply came

	nonce *big.Int
}

// ParseToken reads a token that stands for signatureValue and checks, in this
// order: structure (ErrTSAReply), imprint (ErrTSAMismatch), the TSA's certificate
// as named by the signed ESS attribute, with the extended key usage timeStamping
// critical and alone, valid when the stamp was made (ErrTSACertificate), the
// signature (ErrTSAReply with ErrSignatureMismatch or ErrAlgorithm).
//
// Then a path to anchors is looked for, valid at the time at (zero: when the
// stamp was made), over the certificates in the token and the intermediates. Its
// absence is no error: Trusted is false and Untrusted says why. Revocation is
// not looked at. The token may be BER; DER is what was found, without padding.
func ParseToken(der, signatureValue []byte, anchors *x509.CertPool, intermediates []*x509.Certificate, at time.Time) (*Token, error) {
	return ParseTokenFor(der, func(h crypto.Hash) ([]byte, error) {
		d := h.New()
		d.Write(signatureValue)
		return d.Sum(nil), nil
	}, anchors, intermediates, at)
}

// ParseTokenFor is ParseToken for data too large to hold, such as the byte range
// of a document time-stamp: imprint gives its digest for the hash that the
// token uses.
func ParseTokenFor(der []byte, imprint func(crypto.Hash) ([]byte, error), anchors *x509.CertPool, intermediates []*x509.Certificate, at time.Time) (*Token, error) {
	s, err := Parse(der)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTSAReply, err)
	}
	// RFC 3161, 2.4.2: no signature but the TSA's.
	if _, err := s.one(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTSAReply, err)
	}
	t := &Token{DER: der[:len(der)-s.Padding], Signature: s}
	info, err := t.readInfo()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTSAReply, err)
	}
	want, err := imprint(t.Hash)
	if err != nil {
		return nil, fmt.Errorf("cms: hashing for the time-stamp: %w", err)
	}
	if len(want) != t.Hash.Size() || !bytes.Equal(want, info.MessageImprint.HashedMessage) {
		return nil, fmt.Errorf("%w: imprint", ErrTSAMismatch)
	}
	if err := t.checkSigner(intermediates); err != nil {
		return nil, err
	}
	if anchors == nil {
		t.Chain = []*x509.Certificate{t.Certificate}
		return t, nil
	}
	if at.IsZero() {
		at = t.Time
	}
	t.findPath(anchors, intermediates, at)
	return t, nil
}

const maxInfo = 64 << 10 // bytes; usual are 150

// readInfo reads TSTInfo (RFC 3161, 2.4.2).
func (t *Token) readInfo() (*tspclient.TSTInfo, error) {
	if !t.Signature.ContentType.Equal(oidTSTInfo) || t.Signature.Content == nil {
		return nil, fmt.Errorf("content of type %v", t.Signature.ContentType)
	}
	if len(t.Signature.Content) > maxInfo {
		return nil, fmt.Errorf("TSTInfo of %d bytes", len(t.Signature.Content))
	}
	var info tspclient.TSTInfo
	rest, err := asn1.Unmarshal(t.Signature.Content, &info)
	switch {
	case err != nil:
		return nil, fmt.Errorf("TSTInfo: %w", err)
	case len(rest) > 0 || info.Version != 1:
		return nil, fmt.Errorf("TSTInfo of version %d, %d extra bytes", info.Version, len(rest))
	}
	t.Hash = hashOf(info.MessageImprint.HashAlgorithm.Algorithm)
	if t.Hash == 0 {
		return nil, fmt.Errorf("%w: imprint with %v", ErrAlgorithm, info.MessageImprint.HashAlgorithm.Algorithm)
	}
	t.Time, t.Serial, t.Policy, t.nonce = info.GenTime.UTC(), info.SerialNumber, info.Policy, info.Nonce
	a := info.Accuracy
	const day = 24 * 3600 // a larger accuracy, or a negative one, says nothing
	if a.Seconds >= 0 && a.Seconds <= day && a.Milliseconds >= 0 && a.Milliseconds < 1000 && a.Microseconds >= 0 && a.Microseconds < 1000 {
		t.Accuracy = time.Duration(a.Seconds)*time.Second + time.Duration(a.Milliseconds)*time.Millisecond + time.Duration(a.Microseconds)*time.Microsecond
	}
	return &info, nil
}

// checkSigner finds the TSA's certificate and verifies the token with it.
func (t *Token) checkSigner(extra []*x509.Certificate) error {
	i := &t.Signature.Signers[0]
	cert, err := t.Signature.Signer(extra...)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrTSACertificate, err)
	}
	if !i.Identified() { // RFC 3161, 2.4.2 and RFC 5816: ESSCertID or ESSCertIDv2
		return fmt.Errorf("%w: not named in the signed attributes", ErrTSACertificate)
	}
	if err := stamps(cert); err != nil {
		return err
	}
	if t.Time.Before(cert.NotBefore) || t.Time.After(cert.NotAfter) {
		return fmt.Errorf("%w: valid from %s to %s, stamp of %s", ErrTSACertificate,
			cert.NotBefore.Format(time.RFC3339), cert.NotAfter.Format(time.RFC3339), t.Time.Format(time.RFC3339))
	}
	if i.Digest == 0 {
		return fmt.Errorf("%w: %w: digest algorithm %v", ErrTSAReply, ErrAlgorithm, i.DigestOID)
	}
	h := i.Digest.New()
	h.Write(t.Signature.Content)
	if _, err := t.Signature.Verify(h.Sum(nil), extra...); err != nil {
		return fmt.Errorf("%w: %w", ErrTSAReply, err)
	}
	t.Certificate = cert
	return nil
}

var oidExtKeyUsage = asn1.ObjectIdentifier{2, 5, 29, 37}

// stamps checks what RFC 3161, 2.3 demands of a TSA's certificate: one extended
// key usage, timeStamping, in a critical extension.
func stamps(cert *x509.Certificate) error {
	if len(cert.ExtKeyUsage) != 1 || cert.ExtKeyUsage[0] != x509.ExtKeyUsageTimeStamping || len(cert.UnknownExtKeyUsage) > 0 {
		return fmt.Errorf("%w: extended key usage is not timeStamping alone", ErrTSACertificate)
	}
	for _, e := range cert.Extensions {
		if e.Id.Equal(oidExtKeyUsage) && !e.Critical {
			return fmt.Errorf("%w: extended key usage is not critical", ErrTSACertificate)
		}
	}
	if !forSignatures(cert) {
		return fmt.Errorf("%w: %w", ErrTSACertificate, ErrKeyUsage)
	}
	return nil
}

// findPath is done here and not by tspclient's SignedToken.Verify (v1.0.0): that
// puts the token's certificates in place of the given intermediates, so that
// stamps of a TSA that sends only its own certificate never verify; it also
// takes any of several signers and knows no ESSCertID of version 1.
func (t *Token) findPath(anchors *x509.CertPool, intermediates []*x509.Certificate, at time.Time) {
	pool := x509.NewCertPool()
	for _, bag := range [][]*x509.Certificate{t.Signature.Certificates, intermediates} {
		for _, c := range bag {
			pool.AddCert(c)
		}
	}
	chains, err := t.Certificate.Verify(x509.VerifyOptions{
		Roots:         anchors,
		Intermediates: pool,
		CurrentTime:   at,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	})
	if err != nil {
		t.Chain = []*x509.Certificate{t.Certificate}
		t.Untrusted = fmt.Errorf("%w: %w", ErrTSACertificate, err)
		return
	}
	t.Chain, t.Trusted = chains[0], true
}
