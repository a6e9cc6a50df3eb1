package cms

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
)

// Refusals of Parse. Anything else that is wrong with the bytes is ErrMalformed.
var (
	ErrMalformed     = errors.New("cms: not a SignedData")                          // RFC 5652, 5.1
	ErrTrailingBytes = errors.New("cms: bytes other than zero after the signature") // padding of /Contents is zero only
)

// Who signed.
var (
	ErrSignerCount         = errors.New("cms: not exactly one signer")                          // EN 319 142-1, 6.3
	ErrNoSignerCertificate = errors.New("cms: the signer's certificate is not there")           // neither in the message nor among the extra ones
	ErrCertificateMismatch = errors.New("cms: the signed certificate identifier names another") // RFC 5035, 4: ESS
)

// Bounds on counts; real signatures have one signer and up to ten certificates
// of one or two kilobytes.
const (
	maxCertificates = 256
	maxCertificate  = 128 << 10 // bytes
	maxSigners      = 32
	maxAttributes   = 128
)

// SignedData is a parsed signature as it was found; being parsed says nothing
// about its validity.
type SignedData struct {
	Version          int
	DigestAlgorithms []asn1.ObjectIdentifier
	ContentType      asn1.ObjectIdentifier // of the signed content
	Content          []byte                // nil when detached; octets of the content otherwise
	Certificates     []*x509.Certificate   // in the order found
	Unparsed         [][]byte              // certificates (DER) that could not be read or are of another kind
	CRLs             [][]byte              // revocation lists and other revocation data (DER), not looked at
	Signers          []SignerInfo          // 0 and 2 or more are kept for the verifier to refuse

	Raw     []byte // the structure with definite lengths, without padding
	BER     bool   // it was not written with definite, minimal lengths
	Padding int    // zero bytes that followed
}

// Parse reads a ContentInfo with a SignedData (RFC 5652, 3 and 5.1; PKCS #7
// 1.5 too) from the start of b. BER is converted; zero bytes may follow. Up to
// 16 MiB, 48 levels and one million values are read.
func Parse(b []byte) (*SignedData, error) {
	der, n, changed, err := toDER(b)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	padding := b[n:]
	if len(bytes.TrimLeft(padding, "\x00")) > 0 {
		return nil, fmt.Errorf("%w: %d bytes", ErrTrailingBytes, len(padding))
	}
	s := &SignedData{Raw: der, BER: changed, Padding: len(padding)}
	if err := s.parse(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return s, nil
}

func (s *SignedData) parse() error {
	outer := &reader{b: s.Raw}
	info := outer.into(tagSequence, "ContentInfo")
	if oid := info.oid("content type"); info.err == nil && !oid.Equal(oidSignedData) {
		return fmt.Errorf("content type %v", oid)
	}
	wrapper := info.into(tagContext0, "content")
	info.end("ContentInfo")
	r := wrapper.into(tagSequence, "SignedData")
	wrapper.end("content")
	if err := errors.Join(info.err, wrapper.err); err != nil {
		return err
	}

	s.Version = r.small(5, "version")
	digests := r.into(tagSet, "digest algorithms")
	for digests.more() && len(s.DigestAlgorithms) < maxSigners {
		a := digests.into(tagSequence, "digest algorithm")
		s.DigestAlgorithms = append(s.DigestAlgorithms, a.oid("digest algorithm"))
		if a.err != nil {
			return a.err
		}
	}
	digests.end("digest algorithms")
	content := r.into(tagSequence, "content info")
	s.ContentType = content.oid("content type")
	if content.is(tagContext0) {
		inner := content.into(tagContext0, "content")
		s.Content = inner.any().content // PKCS #7 1.5 allows other types than octet strings
		if s.Content == nil {
			s.Content = []byte{}
		}
		inner.end("content")
		if inner.err != nil {
			return inner.err
		}
	}
	content.end("content info")
	if err := errors.Join(r.err, digests.err, content.err); err != nil {
		return err
	}
	if r.is(tagContext0) {
		if err := s.parseCertificates(r.into(tagContext0, "certificates")); err != nil {
			return err
		}
	}
	if r.is(tagContext1) {
		lists := r.into(tagContext1, "revocation lists")
		for lists.more() && len(s.CRLs) < maxCertificates {
			s.CRLs = append(s.CRLs, lists.any().full)
		}
		lists.end("revocation lists")
		if lists.err != nil {
			return lists.err
		}
	}
	signers := r.into(tagSet, "signers")
	r.end("SignedData")
	for signers.more() && len(s.Signers) < maxSigners {
		i, err := parseSigner(signers.into(tagSequence, "signer"))
		if err != nil {
			return fmt.Errorf("signer %d: %w", len(s.Signers)+1, err)
		}
		s.Signers = append(s.Signers, i)
	}
	signers.end("signers")
	return errors.Join(r.err, signers.err)
}

// parseCertificates keeps what cannot be read: one odd certificate in the bag
// must not hide a good signature. Negative serial numbers, seen in the field,
// need //go:debug x509negativeserial=1 in package main.
func (s *SignedData) parseCertificates(r *reader) error {
	for r.more() {
		if len(s.Certificates)+len(s.Unparsed) == maxCertificates {
			return errors.New("too many certificates")
		}
		e := r.any()
		if r.err != nil {
			break
		}
		if e.tag == tagSequence && len(e.full) <= maxCertificate {
			if cert, err := x509.ParseCertificate(e.full); err == nil {
				s.Certificates = append(s.Certificates, cert)
				continue
			}
		}
		s.Unparsed = append(s.Unparsed, e.full)
	}
	return r.err
}

// one is the only signer.
func (s *SignedData) one() (*SignerInfo, error) {
	if len(s.Signers) != 1 {
		return nil, fmt.Errorf("%w: %d", ErrSignerCount, len(s.Signers))
	}
	return &s.Signers[0], nil
}

// Signer is the certificate of the only signer: the one its identifier names,
// which must also be the one the signed ESS attribute names when there is one.
// It is looked for in the message first, then among the extra certificates.
// Errors: ErrSignerCount, ErrNoSignerCertificate, ErrCertificateMismatch.
func (s *SignedData) Signer(extra ...*x509.Certificate) (*x509.Certificate, error) {
	i, err := s.one()
	if err != nil {
		return nil, err
	}
	var mismatch error
	for _, bag := range [][]*x509.Certificate{s.Certificates, extra} {
		for _, c := range bag {
			if !i.names(c) {
				continue
			}
			// Two certificates may carry the same issuer and serial number, one
			// of them put there to deceive: the ESS attribute decides.
			if err := i.CheckIdentifier(c); err != nil {
				mismatch = err
				continue
			}
			return c, nil
		}
	}
	if mismatch != nil {
		return nil, mismatch
	}
	return nil, ErrNoSignerCertificate
}

// Verify checks the signature of the only signer over a content with this
// digest, made with the signer's Digest, and gives its certificate. It is the
// sum of Signer, CheckAttributes, CheckAlgorithms, CheckDigest and
// CheckSignature in this order and says nothing about trust, validity or the
// strength of the algorithms.
func (s *SignedData) Verify(digest []byte, extra ...*x509.Certificate) (*x509.Certificate, error) {
	cert, err := s.Signer(extra...)
	if err != nil {
		return nil, err
	}
	i := &s.Signers[0]
	if err := i.CheckAttributes(s.ContentType); err != nil {
		return cert, err
	}
	if err := i.CheckAlgorithms(); err != nil {
		return cert, err
	}
	if err := i.CheckDigest(digest); err != nil {
		return cert, err
	}
	return cert, i.CheckSignature(cert, digest)
}
