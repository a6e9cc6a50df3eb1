package verify

import (
	"crypto/x509"
	"errors"
	"fmt"

	"antin/signer/cms"
)

// Signature formats (ISO 32000-1, 12.8.3; EN 319 142-1, 5.2 and 5.4.3).
const (
	padesFilter     = "ETSI.CAdES.detached"
	pkcs7Filter     = "adbe.pkcs7.detached"
	pkcs7SHA1Filter = "adbe.pkcs7.sha1"
	x509Filter      = "adbe.x509.rsa_sha1"
	timeStampFilter = "ETSI.RFC3161"
)

// What is wrong with the message inside the signature.
var (
	ErrSubFilter = errors.New("verify: unknown signature format")
	ErrContent   = errors.New("verify: the signature carries content of its own") // it may be over another document
	ErrWeak      = errors.New("verify: weak algorithm or short key")              // MD5, SHA-1, RSA below 2048 bits
)

// message is what stands in /Contents, read: a CMS, except in the oldest format.
type message struct {
	cms      *cms.SignedData
	info     *cms.SignerInfo
	others   []*x509.Certificate // of /Cert, in the oldest format
	weak     bool
	attached bool // it carries content, which its format does not allow
}

// checkMessage verifies the signature value and everything it depends on; it
// says nothing about trust.
func (d *document) checkMessage(s *signature) {
	switch s.SubFilter {
	case timeStampFilter:
		d.checkTimeStamp(s)
		return
	case x509Filter:
		if err := d.checkBare(s); err != nil {
			indication, sub := classify(err)
			s.broken(indication, sub, err)
		}
		return
	case padesFilter, pkcs7Filter, pkcs7SHA1Filter:
	default:
		s.broken(TotalFailed, FormatFailure, fmt.Errorf("%w: %q", ErrSubFilter, s.SubFilter))
		return
	}
	m, err := cms.Parse(s.source.Contents)
	if err == nil && len(m.Signers) != 1 {
		err = fmt.Errorf("%w: %d", cms.ErrSignerCount, len(m.Signers)) // EN 319 142-1, 6.3
	}
	if err != nil {
		s.broken(TotalFailed, FormatFailure, err)
		return
	}
	s.cms, s.info = m, &m.Signers[0]
	s.note()
	if err := d.verify(s); err != nil {
		indication, sub := classify(err)
		s.broken(indication, sub, err)
	}
}

// note records what is odd and harmless.
func (s *signature) note() {
	if s.cms.BER {
		s.warn(NotDER)
	}
	if s.info.SignedAttrs == nil {
		s.warn(NoSignedAttrs)
	} else if !s.info.Sorted {
		s.warn(UnsortedAttrs)
	}
	if !s.info.Identified() {
		s.warn(NoIdentifier)
	}
	switch {
	case s.SubFilter != padesFilter:
		s.warn(OldFormat)
		if s.ClaimedTime.IsZero() {
			s.ClaimedTime = s.info.SigningTime
		}
	case !s.info.SigningTime.IsZero():
		s.warn(SigningTimeSigned)
	}
	if s.ClaimedTime.IsZero() {
		s.warn(NoClaimedTime)
	}
}

func (d *document) verify(s *signature) error {
	if cert, err := s.cms.Signer(d.store.Intermediates()...); err == nil {
		s.Signer = cert
	} else {
		return err
	}
	s.weak = s.info.Weak(s.Signer)
	if err := s.info.CheckAttributes(s.cms.ContentType); err != nil {
		return err
	}
	if err := s.info.CheckAlgorithms(); err != nil {
		return err
	}
	signed, err := d.content(s)
	if err != nil {
		return err
	}
	if err := s.info.CheckDigest(signed); err != nil {
		return err
	}
	return s.info.CheckSignature(s.Signer, signed)
}

// classify gives the indication for a fault of a message (EN 319 102-1, 5.2).
func classify(err error) (Indication, SubIndication) {
	switch {
	case errors.Is(err, cms.ErrNoSignerCertificate), errors.Is(err, cms.ErrCertificateMismatch):
		return Indeterminate, NoSigningCertificateFound
	case errors.Is(err, cms.ErrDigestMismatch), errors.Is(err, cms.ErrTSAMismatch), errors.Is(err, errOtherContent):
		return TotalFailed, HashFailure
	case errors.Is(err, cms.ErrSignatureMismatch):
		return TotalFailed, SigCryptoFailure
	case errors.Is(err, cms.ErrAlgorithm), errors.Is(err, cms.ErrKeyType):
		return Indeterminate, CryptoConstraintsFailure
	case errors.Is(err, cms.ErrTSACertificate):
		return Indeterminate, ChainConstraintsFailure
	}
	return TotalFailed, FormatFailure
}

// bag is every certificate that came with the signature, for building paths.
func (m *message) bag() []*x509.Certificate {
	if m.cms == nil {
		return m.others
	}
	return m.cms.Certificates
}
