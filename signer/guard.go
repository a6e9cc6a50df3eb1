package signer

import (
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"strings"

	"antin/signer/report"
)

// Guard rails (NĐ 30/2020, Điều 32): who holds which key, and what it signs.
// They can be overridden, as ErrNoLeaderSignature can.
var (
	ErrOfficeCertificate = errors.New("signer: the certificate is an organisation's, the signature a person's")
	ErrPersonCertificate = errors.New("signer: the certificate is a person's, the signature an organisation's")
	ErrNoReason          = errors.New("signer: an override without a reason")
)

// Override lets a job go on against a guard rail.
type Override struct {
	Reason string // given by a person; the caller records it with Result.Overridden
}

// Overridable tells whether a job refused with err goes on with an Override.
func Overridable(err error) bool {
	for _, rail := range []error{ErrNoLeaderSignature, ErrOfficeCertificate, ErrPersonCertificate} {
		if errors.Is(err, rail) {
			return true
		}
	}
	return false
}

// unless passes a refusal on unless an override sets it aside; then it is kept
// in the plan.
func (p *Plan) unless(o *Override, refusal error) error {
	if refusal == nil || o == nil || !Overridable(refusal) {
		return refusal
	}
	p.Overridden = append(p.Overridden, refusal)
	return nil
}

// checkRole compares whose certificate signs with whose must, and finds an
// override without its reason.
func (p *Plan) checkRole(c Common, must report.Role) error {
	if c.Override != nil && strings.TrimSpace(c.Override.Reason) == "" {
		return ErrNoReason
	}
	p.Role = c.roleOf(c.Key.Certificate())
	switch {
	case must == report.Person && p.Role == report.Organisation:
		return p.unless(c.Override, ErrOfficeCertificate)
	case must == report.Organisation && p.Role == report.Person:
		return p.unless(c.Override, ErrPersonCertificate)
	case p.Role == report.UnknownHolder:
		p.Notes = append(p.Notes, NoteRoleUnknown)
	}
	return nil
}

// roleOf is whose a certificate is: what the user has said, else what its names
// suggest.
func (c Common) roleOf(cert *x509.Certificate) report.Role {
	if r, said := c.Roles[sha256.Sum256(cert.Raw)]; said {
		return r
	}
	return report.Guess(cert)
}
