package trust

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"time"
)

// aboutAnswer is what an answer says of cert, issued by issuer, if the signature
// and the signer are in order. Errors are ErrUnusable.
func (s *Store) aboutAnswer(a *answer, single *ocspSingle, cert, issuer *x509.Certificate) (*finding, error) {
	for _, e := range slices.Concat(a.basic.Data.Extensions, single.Extensions) {
		if e.Critical && !e.Id.Equal(oidNonce) && !e.Id.Equal(oidArchiveCutoff) && !e.Id.Equal(oidReason) && !e.Id.Equal(oidInvalidity) {
			return nil, fmt.Errorf("%w: OCSP answer with the critical extension %v", ErrUnusable, e.Id)
		}
	}
	signer, weak, err := s.responder(a, issuer)
	if err != nil {
		return nil, err
	}
	f := &finding{state: Unknown, weak: weak, evidence: Evidence{
		Certificate: cert, Source: FromAnswer, DER: a.der, Signer: signer,
		ThisUpdate: single.ThisUpdate, NextUpdate: single.NextUpdate, Produced: a.basic.Data.Produced,
	}}
	if single.Status.Class != asn1.ClassContextSpecific {
		return nil, fmt.Errorf("%w: OCSP answer with a strange status", ErrUnusable)
	}
	switch single.Status.Tag {
	case 0:
		f.state = Good
		if single.ThisUpdate.After(cert.NotAfter) && !keptSince(single, cert.NotAfter) {
			return nil, fmt.Errorf("%w: OCSP answer made after the certificate's end", ErrUnusable)
		}
	case 1: // RevokedInfo, IMPLICIT
		sequence, err := asn1.Marshal(asn1.RawValue{Tag: asn1.TagSequence, IsCompound: true, Bytes: single.Status.Bytes})
		var revoked ocspRevoked
		if err == nil {
			_, err = asn1.Unmarshal(sequence, &revoked)
		}
		if err != nil {
			return nil, fmt.Errorf("%w: OCSP answer with an unreadable revocation: %w", ErrUnusable, err)
		}
		f.state, f.time, f.reason = Revoked, revoked.Time, int(revoked.Reason)
		if e := extension(single.Extensions, oidInvalidity); e != nil { // RFC 6960, 4.4.5
			if _, err := asn1.UnmarshalWithParams(e.Value, &f.invalidity, "generalized"); err != nil {
				f.invalidity = time.Time{} // it is revoked in any case
			}
		}
	case 2:
	default:
		return nil, fmt.Errorf("%w: OCSP answer with a strange status", ErrUnusable)
	}
	return f, nil
}

// keptSince tells whether the responder still knows what was revoked at the
// given time (RFC 6960, 4.4.4).
func keptSince(single *ocspSingle, end time.Time) bool {
	e := extension(single.Extensions, oidArchiveCutoff)
	if e == nil {
		return false
	}
	var cutoff time.Time
	_, err := asn1.UnmarshalWithParams(e.Value, &cutoff, "generalized")
	return err == nil && !cutoff.After(end)
}

// responder finds the signer of an answer: the issuer itself, or somebody whom
// the issuer gave a certificate for it (RFC 6960, 4.2.2.2).
func (s *Store) responder(a *answer, issuer *x509.Certificate) (signer *x509.Certificate, weak bool, err error) {
	err = fmt.Errorf("%w: OCSP answer not signed by the issuer or its responder", ErrUnusable)
	for _, c := range append([]*x509.Certificate{issuer}, a.certificates...) {
		if !a.isBy(c) {
			continue
		}
		signature := checkSignature(c, signatureAlgorithm(a.basic.Algorithm), a.basic.Data.Raw, a.basic.Signature.RightAlign())
		if signature != nil && !(errors.Is(signature, ErrWeak) && old(issuer)) {
			err = fmt.Errorf("%w: OCSP answer: %w", ErrUnusable, errOrSHA1(signature))
			continue
		}
		byResponder := error(nil)
		if !c.Equal(issuer) {
			byResponder = s.mayAnswer(c, issuer, a.basic.Data.Produced)
		}
		if byResponder != nil && !errors.Is(byResponder, ErrWeak) {
			err = byResponder
			continue
		}
		return c, signature != nil || byResponder != nil, nil
	}
	return nil, false, err
}

// errOrSHA1 keeps ErrWeak, which means "good but weak", out of refusals.
func errOrSHA1(err error) error {
	if errors.Is(err, ErrWeak) {
		return errors.New("signed with SHA-1")
	}
	return err
}

// mayAnswer tells whether issuer delegated the answering to responder: issued by
// itself, meant for OCSP, valid when the answer was made and not revoked. ErrWeak:
// an old CA signed it with SHA-1.
func (s *Store) mayAnswer(responder, issuer *x509.Certificate, produced time.Time) error {
	refuse := func(why string) error {
		return fmt.Errorf("%w: OCSP responder %q %s", ErrUnusable, responder.Subject.CommonName, why)
	}
	switch {
	case string(responder.RawIssuer) != string(issuer.RawSubject) || !mayIssue(issuer):
		return refuse("was certified by somebody else")
	case !slices.Contains(responder.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning):
		return refuse("is not meant for OCSP")
	case responder.KeyUsage != 0 && responder.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0:
		return refuse("may not sign")
	case len(responder.UnhandledCriticalExtensions) > 0:
		return refuse("has an unknown critical extension")
	case produced.Before(responder.NotBefore) || produced.After(responder.NotAfter):
		return refuse("was not valid when it answered")
	}
	signature := checkSignature(issuer, responder.SignatureAlgorithm, responder.RawTBSCertificate, responder.Signature)
	if signature != nil && !(errors.Is(signature, ErrWeak) && old(issuer)) {
		return refuse("was certified by somebody else")
	}
	// RFC 6960, 4.2.2.2.1: with nocheck it need not be looked up; where the
	// certificate names lists, it must be; otherwise the choice is ours.
	if extension(responder.Extensions, oidNoCheck) == nil {
		findings, problem := s.findings(responder, issuer, false)
		status := s.decide(responder, findings, problem, produced)
		if status.State == Revoked || status.State == Unknown && len(responder.CRLDistributionPoints)+len(responder.OCSPServer) > 0 {
			return refuse("is revoked, or no list tells that it is not")
		}
	}
	return signature
}
