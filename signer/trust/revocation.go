package trust

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"
)

// State is what is known about the revocation of a certificate.
type State int

const (
	Unknown State = iota // nothing says anything that can be relied on
	Good                 // not revoked at the time asked for
	Revoked              // revoked at or before the time asked for
)

func (s State) String() string {
	switch s {
	case Good:
		return "good"
	case Revoked:
		return "revoked"
	}
	return "unknown"
}

// Why nothing is known about a certificate.
var (
	ErrNoData             = errors.New("trust: no revocation list of the issuer and no OCSP answer")
	ErrOutdated           = errors.New("trust: what is there is outdated")
	ErrUnusable           = errors.New("trust: a revocation list or OCSP answer cannot be relied on") // signature, scope, signer
	ErrUnknownCertificate = errors.New("trust: the OCSP responder does not know the certificate")     // RFC 6960, 2.2: unknown
)

// Source is the kind of a piece of evidence.
type Source string

const (
	FromList   Source = "CRL"  // RFC 5280, 5
	FromAnswer Source = "OCSP" // RFC 6960, 4.2
)

// Evidence is the list or answer that was relied on for one certificate. DER and
// Signer are what has to be kept beside a document, or in it, to show it again.
type Evidence struct {
	Certificate *x509.Certificate // that was asked about
	Source      Source
	DER         []byte
	Signer      *x509.Certificate // the issuer, or the OCSP responder it delegated to
	ThisUpdate  time.Time         // state of knowledge
	NextUpdate  time.Time         // zero = none promised
	Produced    time.Time         // an answer's producedAt
	Age         time.Duration     // of ThisUpdate, by the store's clock
}

// Status is the answer of Revocation and Check.
type Status struct {
	State       State
	Certificate *x509.Certificate // revoked (also when later), or the first that is unknown
	Time        time.Time         // Revoked: since when; Good: revoked later, after the time asked for; zero = not at all
	Reason      int               // with Time: CRLReason of RFC 5280, 5.3.1 (1 key compromise, 6 hold …)
	Invalidity  time.Time         // with Time: since when the key is suspected to be in other hands (RFC 5280, 5.3.2); zero = not stated
	Why         string            // Unknown: technical reason in English, the text of Err
	Err         error             // Unknown: ErrNoData, ErrOutdated, ErrUnusable, ErrUnknownCertificate; of Check also the network's
	Weak        bool              // a SHA-1 signature of an old CA vouches for it

	// Of the evidence that decided; with Good of the oldest of all certificates.
	Source     Source
	ThisUpdate time.Time
	NextUpdate time.Time
	Age        time.Duration

	Evidence []Evidence // one for each certificate that is not unknown, in the chain's order
}

// Revocation tells from the store alone whether a certificate of chain, as Path
// gave it, was revoked at the given time (zero: now): Revoked if one was, else
// Unknown if of one nothing reliable is known, else Good. The anchor at the end
// is not looked up.
//
// Lists and answers count when the issuer in the chain signed them, answers also
// when a responder it delegated to did. For Good, the time lies before their
// next update; being made later is no fault, except after the certificate's end
// when revoked ones may be dropped. A revocation after the given time leaves the
// certificate good, unless it is a compromise that is said to have happened
// before (invalidity date). An entry counts in outdated data too: only a hold
// ends again.
func (s *Store) Revocation(chain []*x509.Certificate, at time.Time) Status {
	if len(chain) == 0 {
		return unknown(nil, errors.New("trust: no certificate"))
	}
	if at.IsZero() {
		at = s.now()
	}
	result := Status{State: Good}
	for i := 0; i+1 < len(chain) && result.State != Revoked; i++ {
		result = result.and(s.look(chain[i], chain[i+1], at))
	}
	return result
}

// and adds what is known of the next certificate. Of two that are good the
// older knowledge counts, and the first that is revoked later.
func (s Status) and(next Status) Status {
	evidence, weak := append(s.Evidence, next.Evidence...), s.Weak || next.Weak
	switch nothingYet := s.State == Good && s.Source == ""; {
	case nothingYet, next.State == Revoked, next.State == Unknown && s.State == Good:
		s = next
	case s.State == Good:
		if next.ThisUpdate.Before(s.ThisUpdate) {
			s.Source, s.ThisUpdate, s.NextUpdate, s.Age = next.Source, next.ThisUpdate, next.NextUpdate, next.Age
		}
		if s.Time.IsZero() {
			s.Certificate, s.Time, s.Reason, s.Invalidity = next.Certificate, next.Time, next.Reason, next.Invalidity
		}
	}
	s.Evidence, s.Weak = evidence, weak
	return s
}

func unknown(cert *x509.Certificate, err error) Status {
	return Status{Certificate: cert, Err: err, Why: err.Error()}
}

// finding is what one list or answer says of one certificate.
type finding struct {
	state            State // Unknown: the responder does not know the certificate
	time, invalidity time.Time
	reason           int
	weak             bool
	evidence         Evidence
}

// look asks all lists and answers of the issuer about one certificate.
func (s *Store) look(cert, issuer *x509.Certificate, at time.Time) Status {
	findings, problem := s.findings(cert, issuer, true)
	return s.decide(cert, findings, problem, at)
}

// findings are what lists and, if wished, answers say; problem is of one that
// says nothing.
func (s *Store) findings(cert, issuer *x509.Certificate, withAnswers bool) (all []*finding, problem error) {
	base := s.base()
	base.recall(lists, string(cert.RawIssuer))
	base.recall(answers, cert.SerialNumber.String())
	var ls []*list
	var as []*answer
	s.each(func(s *Store) {
		ls = append(ls, s.lists[string(cert.RawIssuer)]...)
		if withAnswers {
			as = append(as, s.answers[cert.SerialNumber.String()]...)
		}
	})
	note := func(f *finding, err error) {
		if err != nil {
			problem = err
			return
		}
		all = append(all, f)
		s.saw(Seen{Time: f.evidence.Produced, What: string(f.evidence.Source)})
	}
	for _, l := range ls {
		note(l.about(cert, issuer))
	}
	for _, a := range as {
		if single := a.single(cert, issuer); single != nil {
			note(s.aboutAnswer(a, single, cert, issuer))
		}
	}
	return all, problem
}

const (
	clockSlack = 5 * time.Minute  // by which honest clocks may differ
	liveFor    = 10 * time.Minute // an answer without a next update is as good as new
)

// decide weighs the findings (RFC 5280, 6.3.3; EN 319 102-1, 5.2.5). problem
// says why there may be none.
func (s *Store) decide(cert *x509.Certificate, findings []*finding, problem error, at time.Time) Status {
	now := s.now()
	slices.SortStableFunc(findings, func(a, b *finding) int { return b.evidence.ThisUpdate.Compare(a.evidence.ThisUpdate) })
	var later *finding
	lifted := false // newer data do not know of it, so a hold has ended
	for _, f := range findings {
		switch {
		case f.state == Good:
			lifted = true
		case f.state == Unknown, f.reason == reasonHold && lifted:
		case !f.since().After(at):
			return f.status(now)
		case later == nil:
			later = f
		}
	}
	var doubt error
	for _, f := range findings {
		err := f.clears(at, now)
		if err == nil {
			status := f.status(now)
			status.State, status.Certificate, status.Time, status.Reason, status.Invalidity = Good, nil, time.Time{}, 0, time.Time{}
			if later != nil {
				status.Certificate, status.Time, status.Reason, status.Invalidity = cert, later.time, later.reason, later.invalidity
			}
			return status
		}
		if doubt == nil {
			doubt = err
		}
	}
	switch {
	case doubt != nil:
		return unknown(cert, doubt)
	case problem != nil:
		return unknown(cert, problem)
	}
	return unknown(cert, ErrNoData)
}

// clears tells why the finding does not prove that the certificate was not
// revoked at the given time; nil = it does.
func (f *finding) clears(at, now time.Time) error {
	made, end := f.evidence.ThisUpdate, f.evidence.NextUpdate
	if end.IsZero() {
		end = made // RFC 5280, 5.1.2.5 asks lists for one
		if f.evidence.Source == FromAnswer {
			end = made.Add(liveFor) // RFC 6960, 4.2.2.1: newer information is always there
		}
	}
	switch {
	case f.state == Unknown:
		return ErrUnknownCertificate
	case f.state == Revoked && !f.since().After(at): // a hold that has ended
		return ErrNoData
	case made.After(latest(now, at).Add(clockSlack)):
		// RFC 6960, 4.2.2.1: from the future, so unreliable.
		return fmt.Errorf("%w: %s of %s, in the future of this computer's clock", ErrUnusable, f.evidence.Source, stamp(made))
	case at.After(end) && !made.After(at):
		return fmt.Errorf("%w: %s since %s", ErrOutdated, f.evidence.Source, stamp(end))
	}
	return nil
}

// since is the time from which the certificate counts as revoked: with a
// compromised key, the one since which it is suspected.
func (f *finding) since() time.Time {
	compromise := f.reason == reasonKeyCompromise || f.reason == reasonCACompromise || f.reason == reasonAACompromise
	if compromise && !f.invalidity.IsZero() && f.invalidity.Before(f.time) {
		return f.invalidity
	}
	return f.time
}

func (f *finding) status(now time.Time) Status {
	e := f.evidence
	e.Age = now.Sub(e.ThisUpdate)
	return Status{
		State: f.state, Certificate: e.Certificate, Time: f.time, Reason: f.reason, Invalidity: f.invalidity, Weak: f.weak,
		Source: e.Source, ThisUpdate: e.ThisUpdate, NextUpdate: e.NextUpdate, Age: e.Age,
		Evidence: []Evidence{e},
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
