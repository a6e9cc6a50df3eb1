package words

import (
	"fmt"
	"slices"

	"antin/signer"
	"antin/signer/cms"
	"antin/signer/trust"
	"antin/signer/verify"
)

// Signer is the holder of the signer's certificate, or what the signature calls
// itself.
func (l Language) Signer(s *verify.Signature) string {
	switch {
	case s.Signer != nil:
		return cms.DisplayName(s.Signer)
	case s.Name != "":
		return l.Text("verify.claims-to-be", s.Name)
	}
	return l.Text("verify.nobody")
}

// Signature is what is known of a signature of the report: whose it is, and
// below that in the order in which the decree asks: intact, who, good at the
// time, revoked, when, changed since.
func (l Language) Signature(r *verify.Report, s *verify.Signature) (heading string, lines []string) {
	kinds := map[verify.Kind]string{
		verify.Approval: "verify.signature", verify.Certification: "verify.certification", verify.DocTimeStamp: "verify.doc-time-stamp",
	}
	line := func(name string, args ...any) { lines = append(lines, l.Text(name, args...)) }
	line(sentence(s))
	switch {
	case s.Kind == verify.DocTimeStamp && s.Stamp != nil:
		line("verify.stamped-at", l.Time(s.Stamp.Time))
	case s.StampedLater():
		line("verify.proven-later", l.Time(s.ProvenTime))
	case !s.ProvenTime.IsZero():
		line("verify.proven-time", l.Time(s.ProvenTime))
	case !s.ClaimedTime.IsZero():
		line("verify.claimed-time", l.Time(s.ClaimedTime))
	default:
		line("verify.no-time")
	}
	if s.StampProblem != nil {
		line("verify.stamp-problem", l.Explain(s.StampProblem).What)
	}
	if x := s.Signer; x != nil {
		if len(x.Subject.Organization) > 0 && x.Subject.Organization[0] != cms.DisplayName(x) {
			line("verify.organisation", x.Subject.Organization[0])
		}
		line("verify.certificate", cms.IssuerName(x), l.Date(x.NotBefore), l.Date(x.NotAfter))
		l.revocation(s, line)
	}
	if s.Page > 0 && s.Box.W > 0 {
		line("verify.page", s.Page)
	}
	l.changes(r, s, line)
	return l.Text(kinds[s.Kind], l.Signer(s)), lines
}

// revocation: what is not known is never told as good.
func (l Language) revocation(s *verify.Signature, line func(string, ...any)) {
	switch {
	case s.Path != nil:
		line("verify.path-unknown")
	case s.Revocation.State == trust.Good:
		line("verify.not-revoked")
	case s.Revocation.State == trust.Revoked:
		line("verify.revoked", l.Time(s.Revocation.Time))
	default:
		line("verify.revocation-unknown")
	}
}

func (l Language) changes(r *verify.Report, s *verify.Signature, line func(string, ...any)) {
	if s.Crypto != nil {
		return // nothing to compare with
	}
	if len(s.Changes) == 0 {
		line("verify.no-changes")
	}
	for _, ch := range s.Changes {
		if ch.Forbidden {
			line("verify.forbidden-change", l.Change(r, ch))
		} else {
			line("verify.permitted-change", l.Change(r, ch))
		}
	}
}

// Change names a change; our own fields by what they are for, a signature by
// its signer.
func (l Language) Change(r *verify.Report, ch verify.Change) string {
	what := l.Text(changeTexts[ch.Kind])
	field, own := fieldTexts[ch.Field]
	signature := slices.IndexFunc(r.Signatures, func(s verify.Signature) bool { return s.Field == ch.Field })
	switch {
	case own && ch.Kind == verify.FilledField:
		what = l.Text("change.filled-in", l.Text(field))
	case own:
		what = l.Text("change.of-own", what, l.Text(field))
	case ch.Kind == verify.AddedSignature && signature >= 0:
		what = l.Text("change.signature-of", l.Signer(&r.Signatures[signature]))
	case ch.Kind == verify.AddedTimeStamp && signature >= 0 && r.Signatures[signature].Stamp != nil: // it stands on no page
		return l.Text("change.time-stamp-of", l.Time(r.Signatures[signature].Stamp.Time))
	case ch.Field != "":
		what = l.Text("change.of-field", what, ch.Field)
	}
	if ch.Page > 0 {
		what = l.Text("change.on-page", what, ch.Page)
	}
	return what
}

// sentence is the name of the text for the result of one signature.
func sentence(s *verify.Signature) string {
	switch {
	case s.Crypto == nil && !s.Intact():
		return "result.changed-since"
	case s.Indication == verify.TotalPassed:
		return "result.passed"
	}
	if name, ok := resultTexts[s.SubIndication]; ok {
		return name
	}
	return "result.other"
}

var resultTexts = map[verify.SubIndication]string{
	verify.FormatFailure: "result.format", verify.HashFailure: "result.hash", verify.SigCryptoFailure: "result.crypto",
	verify.NotYetValid: "result.not-yet-valid", verify.NoSigningCertificateFound: "result.no-certificate",
	verify.NoCertificateChainFound: "result.no-path", verify.ChainGeneralFailure: "result.path-failed",
	verify.ChainConstraintsFailure: "result.path-constraints", verify.CryptoConstraintsFailure: "result.weak",
	verify.SigConstraintsFailure: "result.signature-rules", verify.TryLater: "result.try-later",
	verify.RevokedNoPOE: "result.revoked", verify.RevokedCANoPOE: "result.revoked-ca",
	verify.OutOfBoundsNoPOE: "result.out-of-bounds", verify.Generic: "result.other",
}

var changeTexts = map[verify.ChangeKind]string{
	verify.AddedSignature: "change.signature", verify.AddedTimeStamp: "change.time-stamp", verify.FilledField: "change.filled",
	verify.AddedEvidence: "change.evidence", verify.ChangedForm: "change.form", verify.ChangedInfo: "change.info",
	verify.ChangedExtension: "change.extension", verify.ChangedPage: "change.page", verify.ChangedPageTree: "change.page-tree",
	verify.ChangedAnnotation: "change.annotation", verify.ChangedField: "change.field", verify.ChangedLocked: "change.locked",
	verify.ChangedSignature: "change.changed-signature", verify.ChangedCatalog: "change.catalog",
	verify.ChangedTrailer: "change.trailer", verify.ForeignBytes: "change.foreign-bytes", verify.BrokenUpdate: "change.broken-update",
}

// fieldTexts name the fields that the first signature makes for the clerk.
var fieldTexts = map[string]string{
	signer.NumberField: "field.number", signer.OrdinalField: "field.ordinal", signer.DateField: "field.date",
	signer.DayField: "field.day", signer.MonthField: "field.month", signer.YearField: "field.year", signer.UrgencyField: "field.urgency",
}

// Technical is what specialists ask for about signature number n of the report,
// in technical English.
func Technical(r *verify.Report, n int) (heading string, lines []string) {
	s := &r.Signatures[n-1]
	heading = fmt.Sprintf("%d. %q: %s", n, s.Field, s.Indication)
	if s.SubIndication != "" {
		heading += fmt.Sprintf(" / %s", s.SubIndication)
	}
	heading += ", " + s.SubFilter
	if s.Level != "" {
		heading += ", PAdES " + s.Level
	}
	heading += fmt.Sprintf(", revision %d of %d", s.Revision, r.Revisions)
	told := map[string]bool{}
	for _, d := range []struct {
		what string
		err  error
	}{{"reason", s.Err}, {"cryptography", s.Crypto}, {"path", s.Path}, {"time-stamp", s.StampProblem}} {
		if d.err == nil || told[d.err.Error()] {
			continue
		}
		told[d.err.Error()] = true
		lines = append(lines, fmt.Sprintf("%s: %v", d.what, d.err))
	}
	if s.Revocation.State == trust.Unknown && s.Revocation.Why != "" {
		lines = append(lines, "revocation: "+s.Revocation.Why)
	}
	for _, ch := range s.Changes {
		if ch.Forbidden {
			lines = append(lines, fmt.Sprintf("revision %d: %s: %s", ch.Revision, ch.Kind, ch.Detail))
		}
	}
	for _, w := range s.Warnings {
		lines = append(lines, fmt.Sprintf("warning: %s", w))
	}
	return heading, lines
}
