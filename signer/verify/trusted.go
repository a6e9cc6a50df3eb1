package verify

import (
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"antin/signer/trust"
)

// Why a signature that fits its bytes is not passed.
var (
	ErrRevoked    = errors.New("verify: a certificate of the path is revoked")
	ErrRevocation = errors.New("verify: no fresh revocation data")
	ErrPeriod     = errors.New("verify: the certificate was not valid at the proven time")
)

// judgeAll looks for trust. Document time-stamps come first, newest to oldest:
// each proves that all before it existed (EN 319 102-1, 5.6.2.4).
func (d *document) judgeAll() {
	var oldest time.Time // of the relied-on document time-stamps seen so far
	for i := len(d.signatures) - 1; i >= 0; i-- {
		s := d.signatures[i]
		s.ProvenTime = oldest
		d.guard(s, d.judge)
		if s.Kind == DocTimeStamp && s.Indication == TotalPassed && (oldest.IsZero() || s.Stamp.Time.Before(oldest)) {
			oldest = s.Stamp.Time
		}
	}
}

// judge gives a signature that fits its bytes its indication (EN 319 102-1, 5.3 and 5.5).
func (d *document) judge(s *signature) {
	if s.Kind == DocTimeStamp {
		d.judgeTimeStamp(s)
		return
	}
	if s.info != nil {
		d.checkStamp(s)
	}
	if s.Stamp != nil && s.StampProblem == nil && (s.ProvenTime.IsZero() || s.Stamp.Time.Before(s.ProvenTime)) {
		s.ProvenTime = s.Stamp.Time
	}
	d.checkPath(s)
	s.Level = d.level(s)
	if s.weak {
		s.fail(Indeterminate, CryptoConstraintsFailure, ErrWeak)
	}
	if s.attached {
		s.fail(Indeterminate, SigConstraintsFailure, ErrContent)
	}
	if s.Indication == "" {
		s.Indication = TotalPassed
	}
}

// judgeTimeStamp: the certificate has to be good at the stamp's own time, and
// when the stamp is proven to exist.
func (d *document) judgeTimeStamp(s *signature) {
	token := s.Stamp
	err := d.relyOn(token, s.ProvenTime)
	if err != nil {
		s.StampProblem = fmt.Errorf("%w: %w", ErrStamp, err)
	}
	if !token.Trusted {
		s.Path = token.Untrusted
		s.failPath()
		return
	}
	s.Chain = token.Chain
	s.Revocation = d.revocation(token.Chain, token.Time)
	s.judgeRevocation()
	switch {
	case errors.Is(err, ErrWeak):
		s.fail(Indeterminate, CryptoConstraintsFailure, s.StampProblem)
	case errors.Is(err, ErrRevoked):
		s.fail(Indeterminate, RevokedNoPOE, s.StampProblem)
	case errors.Is(err, ErrPeriod):
		s.fail(Indeterminate, OutOfBoundsNoPOE, s.StampProblem)
	case errors.Is(err, ErrOrder):
		s.fail(Indeterminate, TimestampOrderFailure, s.StampProblem)
	case err != nil:
		s.fail(Indeterminate, SigConstraintsFailure, s.StampProblem)
	}
	if s.Indication == "" {
		s.Indication = TotalPassed
	}
}

// path is the store's path; issuers that are missing are fetched when the
// options allow it.
func (d *document) path(cert *x509.Certificate, bag []*x509.Certificate, at time.Time) ([]*x509.Certificate, error) {
	return d.store.Build(d.ctx, cert, bag, at, d.fetch)
}

// revocation is what the store knows; what it does not know is asked for when
// the options allow it.
func (d *document) revocation(chain []*x509.Certificate, at time.Time) trust.Status {
	return d.store.Check(d.ctx, chain, at, d.fetch)
}

// checkPath looks for path and revocation at best-signature-time: the oldest
// proven time, else the control time (EN 319 102-1, 5.5.4).
func (d *document) checkPath(s *signature) {
	at := s.ProvenTime
	if at.IsZero() {
		at = d.at
	}
	cert := s.Signer
	switch {
	case at.Before(cert.NotBefore) && !s.ProvenTime.IsZero():
		s.Path = ErrPeriod
		s.fail(TotalFailed, NotYetValid, fmt.Errorf("%w: valid from %s, proven for %s", ErrPeriod, stamp(cert.NotBefore), stamp(at)))
		return
	case at.Before(cert.NotBefore) || at.After(cert.NotAfter):
		// A path at a time when the certificate was valid tells an expired
		// signer from an unknown one.
		d.outOfBounds(s, at)
		return
	}
	s.Chain, s.Path = d.path(cert, s.bag(), at)
	if s.Path != nil && s.Chain == nil {
		s.failPath()
		return
	}
	s.Revocation = d.revocation(s.Chain, at)
	s.judgeRevocation()
	if s.Path != nil { // trust.ErrWeak: there is one, and it proves little
		s.failPath()
	}
}

func (d *document) outOfBounds(s *signature, at time.Time) {
	within := s.Signer.NotAfter
	if at.Before(s.Signer.NotBefore) {
		within = s.Signer.NotBefore
	}
	chain, err := d.path(s.Signer, s.bag(), within)
	if err != nil && chain == nil {
		s.Path = err
		s.failPath()
		return
	}
	s.Chain, s.Revocation = chain, d.revocation(chain, within)
	s.Path = fmt.Errorf("%w: from %s to %s, judged for %s", ErrPeriod, stamp(s.Signer.NotBefore), stamp(s.Signer.NotAfter), stamp(at))
	s.fail(Indeterminate, OutOfBoundsNoPOE, s.Path)
}

func (s *signature) failPath() {
	sub := ChainGeneralFailure
	switch {
	case errors.Is(s.Path, trust.ErrNoPath):
		sub = NoCertificateChainFound
	case errors.Is(s.Path, trust.ErrConstraints):
		sub = ChainConstraintsFailure
	case errors.Is(s.Path, trust.ErrWeak):
		sub = CryptoConstraintsFailure
	case errors.Is(s.Path, trust.ErrExpired), errors.Is(s.Path, trust.ErrNotYetValid):
		sub = OutOfBoundsNoPOE
	}
	s.fail(Indeterminate, sub, s.Path)
}

func (s *signature) judgeRevocation() {
	st := s.Revocation
	if st.Weak {
		s.warn(WeakRevocation)
	}
	switch {
	case st.State == trust.Good:
	case st.State != trust.Revoked:
		s.fail(Indeterminate, TryLater, fmt.Errorf("%w: %s", ErrRevocation, st.Why))
	case st.Certificate == s.Signer:
		s.fail(Indeterminate, RevokedNoPOE, fmt.Errorf("%w: the signer's, since %s", ErrRevoked, stamp(st.Time)))
	default:
		s.fail(Indeterminate, RevokedCANoPOE, fmt.Errorf("%w: a CA's, since %s", ErrRevoked, stamp(st.Time)))
	}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
