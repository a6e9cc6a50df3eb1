package report

import (
	"errors"
	"slices"
	"time"

	"antin/signer/cms"
	"antin/signer/trust"
	"antin/signer/verify"
)

// examine asks about every signature, then about all together.
func (e *examiner) examine() {
	for _, s := range e.signers {
		e.integrity(s)
		e.changes(s)
		if s.stamp() {
			e.documentStamp(s)
			continue
		}
		e.who(s)
		e.period(s)
		e.revocation(s)
		e.timeStamp(s)
	}
	if n := len(e.Report.Orphans); n > 0 {
		e.find("integrity.orphans", 0, "count", itoa(n))
	}
	e.bothSignatures()
	e.lateChanges()
}

func (e *examiner) integrity(s *signer) {
	code := "integrity.failed"
	switch {
	case s.Crypto == nil && !s.Intact():
		code = "integrity.changed"
	case s.Crypto == nil && s.SubIndication == verify.CryptoConstraintsFailure:
		code = "integrity.weak"
	case s.Crypto == nil && s.SubIndication == verify.SigConstraintsFailure && !s.stamp():
		code = "integrity.rules"
	case s.Crypto == nil:
		code = "integrity.intact"
	case s.SubIndication == verify.HashFailure:
		code = "integrity.hash"
	case s.SubIndication == verify.SigCryptoFailure:
		code = "integrity.crypto"
	case s.SubIndication == verify.FormatFailure:
		code = "integrity.format"
	case s.Indication != verify.TotalFailed:
		code = "integrity.unchecked"
	}
	e.find(code, s.number)
	if s.Crypto != nil {
		e.explain(s.Crypto.Error())
	}
	e.explain(string(s.Indication)+" "+string(s.SubIndication), "level "+s.Level+", "+s.SubFilter+", field "+s.Field)
	for _, w := range s.Warnings {
		e.explain(string(w))
	}
}

func (e *examiner) who(s *signer) {
	if s.Signer == nil {
		e.find("who.missing", s.number)
		return
	}
	args := []string{"holder", s.full(), "issuer", s.issuer()}
	code := "who.open"
	switch {
	case s.Crypto != nil:
		code = "who.unproven"
	case errors.Is(s.Path, trust.ErrNoPath):
		code = "who.untrusted"
	case errors.Is(s.Path, trust.ErrConstraints):
		code = "who.unfit"
	case errors.Is(s.Path, trust.ErrWeak):
		code = "who.weak"
	case len(s.Chain) > 0 && (s.Path == nil || s.SubIndication == verify.OutOfBoundsNoPOE):
		code = "who.trusted" // the period is another question
	}
	e.find(code, s.number, args...)
	if n := len(s.Chain); n > 0 {
		e.explain("trust anchor " + s.Chain[n-1].Subject.String())
	}
	e.explain("subject "+s.Signer.Subject.String(), "issuer "+s.Signer.Issuer.String(), "serial "+s.row().Serial+", SHA-256 "+s.row().Fingerprint)
	if s.Path != nil {
		e.explain(s.Path.Error())
	}
}

// period asks about the best knowledge of the signing time: a time-stamp, else
// now; the signer's own clock only ever speaks against the signature.
func (e *examiner) period(s *signer) {
	if s.Crypto != nil || s.Signer == nil {
		e.find("period.broken", s.number)
		return
	}
	from, to, claimed := s.Signer.NotBefore, s.Signer.NotAfter, s.ClaimedTime
	args := []string{"from", e.day(from), "to", e.day(to), "claimed", e.moment(claimed), "proven", e.moment(s.ProvenTime)}
	within := func(t time.Time) bool { return !t.Before(from) && !t.After(to) }
	proven := !s.ProvenTime.IsZero()
	code := "period.current"
	switch {
	case s.SubIndication == verify.NotYetValid, proven && s.ProvenTime.Before(from):
		code = "period.early"
	case proven && s.ProvenTime.After(to):
		// The stamp may have been added late; what the signer says of the time
		// would need a proof.
		code = "period.late"
		if within(claimed) {
			code = "period.expired"
		}
	case proven:
		code = "period.proven"
	case !within(s.at) && !claimed.IsZero() && !within(claimed):
		code = "period.outside"
	case !within(s.at):
		code = "period.expired"
	case !claimed.IsZero() && (!within(claimed) || claimed.After(s.at.Add(clockSlack))):
		code = "period.claim"
	}
	if (code == "period.proven" || code == "period.current") && (errors.Is(s.Path, trust.ErrExpired) || errors.Is(s.Path, trust.ErrNotYetValid)) {
		code = "period.ca"
	}
	e.find(code, s.number, args...)
}

// clockSlack is how wrong the clock of an office's computer may be before
// somebody should look.
const clockSlack = 24 * time.Hour

func (e *examiner) revocation(s *signer) {
	st := s.Revocation
	switch {
	case s.Crypto != nil || s.Signer == nil:
		e.find("revocation.broken", s.number)
		return
	case len(s.Chain) == 0:
		e.find("revocation.unchecked", s.number)
		return
	}
	args := []string{"since", e.moment(st.Time)}
	code := "revocation.absent"
	switch {
	case st.State == trust.Good && st.Weak:
		code = "revocation.weak"
	case st.State == trust.Good && !st.Time.IsZero():
		code = "revocation.later"
	case st.State == trust.Good && st.ThisUpdate.IsZero():
		code = "revocation.good-bare"
	case st.State == trust.Good:
		code = "revocation.good"
		args = append(args, "source", e.source(st), "made", e.moment(st.ThisUpdate), "age", e.age(s.at.Sub(st.ThisUpdate)))
	case st.State == trust.Revoked:
		code = revoked(s)
	case errors.Is(st.Err, trust.ErrOutdated):
		code = "revocation.outdated"
	case errors.Is(st.Err, trust.ErrUnusable):
		code = "revocation.unusable"
	case errors.Is(st.Err, trust.ErrUnknownCertificate):
		code = "revocation.unlisted"
	}
	e.find(code, s.number, args...)
	e.explain(st.Why)
	for _, ev := range st.Evidence {
		e.explain(string(ev.Source) + " of " + stampOf(ev.ThisUpdate) + ", next " + stampOf(ev.NextUpdate))
	}
}

// revoked: with a proven time the verifier asked for that time. Without one,
// leaders who changed office have a revoked certificate and good old
// signatures; but a signer's word does not count against a lost key.
func revoked(s *signer) string {
	const keyCompromise, caCompromise, aaCompromise = 1, 2, 10 // RFC 5280, 5.3.1
	switch r := s.Revocation.Reason; {
	case !s.ProvenTime.IsZero(), !s.ClaimedTime.IsZero() && !s.ClaimedTime.Before(s.Revocation.Time):
		return "revocation.revoked"
	case r == keyCompromise, r == caCompromise, r == aaCompromise:
		return "revocation.compromised"
	}
	return "revocation.unproven"
}

func (e *examiner) source(st trust.Status) string {
	name := "source." + string(st.Source)
	if !e.known(name) {
		name = "source.other"
	}
	return e.text(name)
}

func (e *examiner) age(d time.Duration) string {
	switch {
	case d < time.Hour:
		return e.text("age.new")
	case d < 48*time.Hour:
		return e.counted(int(d.Hours()), "age.hours", "count", itoa(int(d.Hours())))
	}
	return e.text("age.days", "count", itoa(int(d.Hours()/24)))
}

func stampOf(t time.Time) string {
	if t.IsZero() {
		return "none"
	}
	return t.UTC().Format(time.RFC3339)
}

func (e *examiner) timeStamp(s *signer) {
	args := []string{"proven", e.moment(s.ProvenTime), "claimed", e.moment(s.ClaimedTime)}
	code := "stamp.none"
	switch apart := s.ClaimedTime.Sub(s.ProvenTime).Abs(); {
	case s.Crypto != nil:
		code = "stamp.broken"
	case !s.ProvenTime.IsZero() && !s.ClaimedTime.IsZero() && s.ClaimedTime.After(s.ProvenTime) && apart > clockSlack:
		code = "stamp.conflict" // signed after it was stamped: a clock is wrong, or a person lies
	case s.StampedLater():
		code = "stamp.added"
	case !s.ProvenTime.IsZero():
		code = "stamp.proven"
	case s.StampProblem != nil:
		code = "stamp.problem"
		args = append(args, "why", e.problem(s.StampProblem))
	case s.ClaimedTime.IsZero():
		code = "stamp.none-bare"
	}
	e.find(code, s.number, args...)
	if s.Stamp != nil && s.Stamp.Certificate != nil {
		e.explain("time-stamp of " + stampOf(s.Stamp.Time) + " by " + s.Stamp.Certificate.Subject.String())
	}
	if s.StampProblem != nil {
		e.explain(s.StampProblem.Error())
	}
}

// problem tells in plain words why a time-stamp proves nothing.
func (e *examiner) problem(err error) string {
	switch {
	case errors.Is(err, cms.ErrTSAMismatch):
		return e.text("stamp.mismatch")
	case errors.Is(err, cms.ErrTSAReply):
		return e.text("stamp.broken")
	case errors.Is(err, verify.ErrRevoked):
		return e.text("stamp.revoked")
	case errors.Is(err, verify.ErrRevocation):
		return e.text("stamp.no-revocation")
	case errors.Is(err, verify.ErrWeak):
		return e.text("stamp.weak")
	case errors.Is(err, cms.ErrTSACertificate), errors.Is(err, trust.ErrNoPath):
		return e.text("stamp.untrusted")
	}
	return e.text("stamp.unfit")
}

func (e *examiner) documentStamp(s *signer) {
	switch {
	case s.passed() && s.Stamp != nil:
		e.find("stamp.proven", s.number, "proven", e.moment(s.Stamp.Time))
	case s.Indication == verify.TotalFailed || !s.Intact() && s.Crypto == nil:
		e.find("stamp.failed", s.number)
	default:
		e.find("stamp.open", s.number)
	}
	if s.Err != nil {
		e.explain(s.Err.Error())
	}
}

// bothSignatures: NĐ 30/2020/NĐ-CP, Điều 5 wants the person with authority and
// the organisation; by Điều 32 the organisation signs what the person has signed.
func (e *examiner) bothSignatures() {
	var people, offices []*signer
	unproven := false
	for _, s := range e.signers {
		switch {
		case s.stamp():
		case !s.counts():
			unproven = true
		case s.role == Person:
			people = append(people, s)
		case s.role == Organisation:
			offices = append(offices, s)
		}
	}
	guess := func(s *signer) bool { return s.guessed }
	first := func(all []*signer) string { // a known one rather than a guess
		if i := slices.IndexFunc(all, func(s *signer) bool { return !s.guessed }); i >= 0 {
			return all[i].holder()
		}
		if len(all) > 0 {
			return all[0].holder()
		}
		return ""
	}
	args := []string{"person", first(people), "organisation", first(offices)}
	known := slices.DeleteFunc(slices.Clone(people), guess)
	sealed := slices.DeleteFunc(slices.Clone(offices), guess)
	switch {
	case len(people) > 0 && len(offices) > 0:
		code := "both.guessed"
		if len(known) > 0 && len(sealed) > 0 {
			if code = "both.order"; known[0].number < sealed[len(sealed)-1].number {
				code = "both.known"
			}
		}
		e.find(code, 0, args...)
	case len(people) > 0:
		e.find("both.person", 0, args...)
	case len(offices) > 0:
		e.find("both.organisation", 0, args...)
	case !unproven:
		e.find("both.unsure", 0)
	}
	if unproven {
		e.find("both.unproven", 0)
	}
}

func (e *examiner) changes(s *signer) {
	if s.Crypto != nil {
		code := "changes.broken"
		if s.SubIndication == verify.HashFailure {
			code = "changes.bytes"
		}
		e.find(code, s.number)
	}
	var forbidden, permitted []verify.Change
	for _, c := range s.Changes {
		if c.Forbidden {
			forbidden = append(forbidden, c)
		} else {
			permitted = append(permitted, c)
		}
	}
	switch {
	case len(forbidden) > 0:
		e.find("changes.forbidden", s.number, "list", e.listed(forbidden))
	case s.Crypto != nil:
	case len(permitted) > 0:
		e.find("changes.permitted", s.number, "list", e.listed(permitted))
	default:
		e.find("changes.none", s.number)
	}
	for i, c := range s.Changes {
		if i == maxChanges {
			break
		}
		e.explain("revision " + itoa(c.Revision) + ": " + string(c.Kind) + ", object " + itoa(c.Object) + ", " + c.Detail)
	}
}

// lateChanges: what came after the last person's or organisation's signature is
// signed by nobody, even where it is permitted.
func (e *examiner) lateChanges() {
	var last *signer
	for _, s := range e.signers {
		if !s.stamp() && s.counts() && (last == nil || s.End > last.End) {
			last = s
		}
	}
	if last == nil {
		return
	}
	var filled, other []verify.Change
	for _, c := range last.Changes {
		switch c.Kind {
		case verify.FilledField:
			filled = append(filled, c)
		case verify.ChangedInfo:
			other = append(other, c)
		}
	}
	if len(filled) > 0 {
		e.find("changes.filled", 0, "list", e.listed(filled))
	}
	if len(other) > 0 {
		e.find("changes.after", 0, "list", e.listed(other))
	}
}
