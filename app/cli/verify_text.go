package cli

import (
	"fmt"
	"slices"

	"antin/signer"
	"antin/signer/cms"
	"antin/signer/trust"
	"antin/signer/verify"
)

// showReport prints the verdict of a document and what it rests on, in the
// order in which the decree asks: intact, who, good at the time, revoked, when,
// changed since.
func (c *command) showReport(file string, r *verify.Report) {
	verdicts := map[verify.Verdict]string{
		verify.Valid: "verdict.valid", verify.Invalid: "verdict.invalid",
		verify.Undecided: "verdict.undecided", verify.Unsigned: "verdict.unsigned",
	}
	fmt.Fprintln(c.Stdout, c.words.Text(verdicts[r.Verdict()], file))
	if n := len(r.Orphans); n > 0 {
		fmt.Fprintln(c.Stdout, "  "+c.words.Text("verify.orphans", n))
	}
	for i := range r.Signatures {
		c.showSignature(i+1, r, &r.Signatures[i])
	}
	if len(r.Signatures) > 0 {
		fmt.Fprintln(c.Stdout, "  "+c.words.Text("verify.technical"))
		for i := range r.Signatures {
			c.showTechnical(i+1, r, &r.Signatures[i])
		}
	}
}

func (c *command) showSignature(n int, r *verify.Report, s *verify.Signature) {
	kinds := map[verify.Kind]string{
		verify.Approval: "verify.signature", verify.Certification: "verify.certification", verify.DocTimeStamp: "verify.doc-time-stamp",
	}
	fmt.Fprintf(c.Stdout, "  %d. %s\n", n, c.words.Text(kinds[s.Kind], c.who(s)))
	line := func(name string, args ...any) { fmt.Fprintln(c.Stdout, "     "+c.words.Text(name, args...)) }
	line(c.sentence(s))
	switch {
	case !s.ProvenTime.IsZero():
		line("verify.proven-time", c.words.Time(s.ProvenTime))
	case !s.ClaimedTime.IsZero():
		line("verify.claimed-time", c.words.Time(s.ClaimedTime))
	default:
		line("verify.no-time")
	}
	if s.StampProblem != nil {
		line("verify.stamp-problem", c.words.Explain(s.StampProblem).What)
	}
	if x := s.Signer; x != nil {
		if len(x.Subject.Organization) > 0 && x.Subject.Organization[0] != cms.DisplayName(x) {
			line("verify.organisation", x.Subject.Organization[0])
		}
		line("verify.certificate", cms.DisplayName(issuerOf(x)), c.words.Date(x.NotBefore), c.words.Date(x.NotAfter))
		c.showRevocation(s, line)
	}
	if s.Page > 0 && s.Box.W > 0 {
		line("verify.page", s.Page)
	}
	c.showChanges(r, s, line)
}

// showRevocation: what is not known is never told as good.
func (c *command) showRevocation(s *verify.Signature, line func(string, ...any)) {
	switch {
	case s.Path != nil:
		line("verify.path-unknown")
	case s.Revocation.State == trust.Good:
		line("verify.not-revoked")
	case s.Revocation.State == trust.Revoked:
		line("verify.revoked", c.words.Time(s.Revocation.Time))
	default:
		line("verify.revocation-unknown")
	}
}

func (c *command) showChanges(r *verify.Report, s *verify.Signature, line func(string, ...any)) {
	if s.Crypto != nil {
		return // nothing to compare with
	}
	if len(s.Changes) == 0 {
		line("verify.no-changes")
	}
	for _, ch := range s.Changes {
		if ch.Forbidden {
			line("verify.forbidden-change", c.change(r, ch))
		} else {
			line("verify.permitted-change", c.change(r, ch))
		}
	}
}

// change names a change; our own fields by what they are for, a signature by
// its signer.
func (c *command) change(r *verify.Report, ch verify.Change) string {
	what := c.words.Text(changeTexts[ch.Kind])
	signature := slices.IndexFunc(r.Signatures, func(s verify.Signature) bool { return s.Field == ch.Field })
	switch {
	case ch.Kind == verify.FilledField && ch.Field == signer.NumberField:
		what = c.words.Text("change.number")
	case ch.Kind == verify.FilledField && ch.Field == signer.DateField:
		what = c.words.Text("change.date")
	case ch.Kind == verify.AddedSignature && signature >= 0:
		what = c.words.Text("change.signature-of", c.who(&r.Signatures[signature]))
	case ch.Field != "":
		what = c.words.Text("change.of-field", what, ch.Field)
	}
	if ch.Page > 0 {
		what = c.words.Text("change.on-page", what, ch.Page)
	}
	return what
}

// sentence is the name of the text for the result of one signature.
func (c *command) sentence(s *verify.Signature) string {
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

// showTechnical prints what specialists ask for, in technical English.
func (c *command) showTechnical(n int, r *verify.Report, s *verify.Signature) {
	fmt.Fprintf(c.Stdout, "     %d. %q: %s", n, s.Field, s.Indication)
	if s.SubIndication != "" {
		fmt.Fprintf(c.Stdout, " / %s", s.SubIndication)
	}
	fmt.Fprintf(c.Stdout, ", %s", s.SubFilter)
	if s.Level != "" {
		fmt.Fprintf(c.Stdout, ", PAdES %s", s.Level)
	}
	fmt.Fprintf(c.Stdout, ", revision %d of %d\n", s.Revision, r.Revisions)
	told := map[string]bool{}
	for _, d := range []struct {
		what string
		err  error
	}{{"reason", s.Err}, {"cryptography", s.Crypto}, {"path", s.Path}, {"time-stamp", s.StampProblem}} {
		if d.err == nil || told[d.err.Error()] {
			continue
		}
		told[d.err.Error()] = true
		fmt.Fprintf(c.Stdout, "        %s: %v\n", d.what, d.err)
	}
	if s.Revocation.State == trust.Unknown && s.Revocation.Why != "" {
		fmt.Fprintf(c.Stdout, "        revocation: %s\n", s.Revocation.Why)
	}
	for _, ch := range s.Changes {
		if ch.Forbidden {
			fmt.Fprintf(c.Stdout, "        revision %d: %s: %s\n", ch.Revision, ch.Kind, ch.Detail)
		}
	}
	for _, w := range s.Warnings {
		fmt.Fprintf(c.Stdout, "        warning: %s\n", w)
	}
}
