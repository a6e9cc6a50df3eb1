package verify

import (
	"crypto"
	"errors"
	"fmt"
	"time"

	"antin/signer/cms"
	"antin/signer/trust"
)

// Why a time-stamp that is there proves nothing.
var (
	ErrStamp = errors.New("verify: the time-stamp cannot be relied on")
	ErrOrder = errors.New("verify: the time-stamp is later than what proves that it existed")
)

// checkTimeStamp verifies a document time-stamp (EN 319 142-1, 5.4.3), whose
// message is an RFC 3161 token over the byte range.
func (d *document) checkTimeStamp(s *signature) {
	token, err := cms.ParseTokenFor(s.source.Contents, func(h crypto.Hash) ([]byte, error) { return d.digest(s, h) },
		nil, d.store.Intermediates(), time.Time{})
	if err != nil {
		indication, sub := classify(err)
		s.broken(indication, sub, err)
		return
	}
	s.Stamp, s.Signer, s.cms, s.info = token, token.Certificate, token.Signature, &token.Signature.Signers[0]
	s.ClaimedTime = token.Time
	s.weak = s.info.Weak(s.Signer) || token.Hash == crypto.SHA1 || token.Hash == crypto.MD5
}

// checkStamp verifies the signature's own time-stamps (EN 319 122-1, 5.3) and
// keeps the oldest that can be relied on, else the first one with its problem.
func (d *document) checkStamp(s *signature) {
	for _, der := range s.info.TimestampTokens {
		token, err := cms.ParseToken(der, s.info.Signature, nil, d.store.Intermediates(), time.Time{})
		if err == nil {
			err = d.relyOn(token, s.ProvenTime)
		}
		switch {
		case err == nil:
			if s.Stamp == nil || s.StampProblem != nil || token.Time.Before(s.Stamp.Time) {
				s.Stamp, s.StampProblem = token, nil
			}
		case s.Stamp == nil && s.StampProblem == nil:
			s.Stamp, s.StampProblem = token, fmt.Errorf("%w: %w", ErrStamp, err)
		}
	}
}

// relyOn tells whether a correct token proves its time: the TSA has a path and
// is not revoked (RFC 3161, 4), its algorithms are strong, and the time is not in
// the future. It sets the token's chain.
//
// proven is when relied-on document time-stamps over the token show that it
// existed; zero when there are none. The TSA has to be good at that moment, else
// at the control time: who finds the key of a TSA later can choose the time, so
// an archive renews its time-stamps before the certificate ends (EN 319 102-1,
// 5.6.2.4).
func (d *document) relyOn(t *cms.Token, proven time.Time) error {
	chain, err := d.path(t.Certificate, t.Signature.Certificates, t.Time)
	if err != nil {
		t.Untrusted = err
		return err
	}
	t.Chain, t.Trusted = chain, true
	existed := d.at
	if !proven.IsZero() {
		existed = proven
	}
	switch late := t.Time.After(existed.Add(t.Accuracy + clockSlack)); {
	case late && !proven.IsZero():
		return fmt.Errorf("%w: %s, and %s", ErrOrder, stamp(t.Time), stamp(proven))
	case late:
		return fmt.Errorf("it is of %s, later than the control time", stamp(t.Time))
	}
	for _, c := range chain[:len(chain)-1] {
		if existed.After(c.NotAfter) {
			return fmt.Errorf("%w: of the time-stamp, until %s, and nothing proves that it is older", ErrPeriod, stamp(c.NotAfter))
		}
	}
	if st := d.revocation(t.Chain, existed); st.State == trust.Revoked && !harmless(st, t.Time) {
		return fmt.Errorf("%w: of the time-stamp, since %s", ErrRevoked, stamp(st.Time))
	}
	if i := &t.Signature.Signers[0]; i.Weak(t.Certificate) || t.Hash == crypto.SHA1 || t.Hash == crypto.MD5 {
		return ErrWeak
	}
	if st := d.revocation(t.Chain, t.Time); st.State != trust.Good {
		return fmt.Errorf("%w: of the time-stamp: %s", ErrRevocation, st.Why)
	}
	return nil
}

// harmless tells whether stamps made before the TSA's revocation stay good (RFC
// 3161, 4): only when the reason given leaves no doubt about the key. Who has
// the key can choose the time.
func harmless(st trust.Status, made time.Time) bool {
	const affiliationChanged, superseded, cessation = 3, 4, 5 // RFC 5280, 5.3.1
	switch st.Reason {
	case affiliationChanged, superseded, cessation:
		return made.Before(st.Time)
	}
	return false
}

// clockSlack is how far clocks may differ.
const clockSlack = time.Minute
