package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"antin/signer"
	"antin/signer/cms"
	"antin/signer/trust"
	"antin/signer/verify"
)

// verify checks documents. It never uses the network, with --offline or
// without.
func (c *command) verify(ctx context.Context, args []string) (int, error) {
	var roots []string
	var job signer.VerifyJob
	var passwordFile string
	var asJSON, offline bool
	f := c.flags("verify")
	f.list("trust", &roots)
	f.moment("at", &job.At)
	f.BoolVar(&offline, "offline", true, "")
	f.BoolVar(&asJSON, "json", false, "")
	f.StringVar(&passwordFile, "password-file", "", "")
	files, err := f.files(args)
	if err != nil {
		return exitUsage, err
	}
	if job.At.After(time.Now().Add(24 * time.Hour)) {
		return exitUsage, &usageError{c.words.Text("usage.future", c.words.Time(job.At))}
	}
	if job.Password, err = c.password(passwordFile); err != nil {
		return exitFor(err), err
	}
	if len(roots) > 0 {
		if job.Trust, err = trust.Load(roots...); err != nil {
			return exitFor(err), err
		}
	}
	code, rootless := exitDone, false
	for i, file := range files {
		line := c.begin(filepath.Base(file))
		line.report(signer.Verifying, 0, 0)
		job.Source = file
		report, err := signer.Verify(ctx, job)
		line.finish()
		if ctx.Err() != nil {
			return exitFailure, &problem{"KS-620", ctx.Err()}
		}
		if err != nil {
			code = worse(code, exitFor(err))
		} else {
			code = worse(code, verdictCodes[report.Verdict()])
			rootless = rootless || slices.ContainsFunc(report.Signatures, func(s verify.Signature) bool { return s.Path != nil })
		}
		switch {
		case asJSON:
			writeJSON(c.Stdout, c.verifyRecord(file, report, err))
		case i > 0:
			fmt.Fprintln(c.Stdout)
			fallthrough
		default:
			if err == nil {
				c.showReport(file, report)
			} else {
				fmt.Fprintln(c.Stdout, c.words.Text("verify.not-checked", file))
			}
		}
		if err != nil {
			fmt.Fprintf(c.Stderr, "%s:\n", file)
			c.words.Write(c.Stderr, c.words.Explain(err))
		}
	}
	if len(roots) == 0 && rootless && !asJSON {
		fmt.Fprintln(c.Stderr, c.words.Text("verify.no-trust"))
	}
	return code, nil
}

var verdictCodes = map[verify.Verdict]int{
	verify.Valid: exitDone, verify.Invalid: exitRefused, verify.Unsigned: exitRefused, verify.Undecided: exitUndecided,
}

func (c *command) verifyRecord(file string, r *verify.Report, err error) verifyRecord {
	record := verifyRecord{Schema: "antin/verify/1", Source: file, State: "done"}
	if err != nil {
		record.State, record.Error = "failed", recordOf(c.words.Explain(err))
		return record
	}
	record.Verdict, record.Time, record.Revisions, record.Orphans = r.Verdict(), timeOf(r.Time), r.Revisions, len(r.Orphans)
	for i := range r.Signatures {
		record.Signatures = append(record.Signatures, signatureOf(&r.Signatures[i]))
	}
	return record
}

func signatureOf(s *verify.Signature) signatureRecord {
	out := signatureRecord{
		Field: s.Field, Kind: s.Kind, Indication: s.Indication, SubIndication: s.SubIndication, Intact: s.Intact(),
		Signer: holderOf(s.Signer), Level: s.Level, ClaimedTime: timeOf(s.ClaimedTime), ProvenTime: timeOf(s.ProvenTime),
		Revocation: s.Revocation.State.String(), Place: placeOf(s.Page, s.Box), Revision: s.Revision,
		CoversFile: s.CoversFile, Warnings: s.Warnings,
	}
	if s.Err != nil {
		out.Reason = s.Err.Error()
	}
	for _, ch := range s.Changes {
		out.Changes = append(out.Changes, changeRecord{ch.Revision, ch.Kind, ch.Forbidden, ch.Page, ch.Field, ch.Detail})
	}
	return out
}

// who is the holder of the signer's certificate, or what the signature calls
// itself.
func (c *command) who(s *verify.Signature) string {
	switch {
	case s.Signer != nil:
		return cms.DisplayName(s.Signer)
	case s.Name != "":
		return c.words.Text("verify.claims-to-be", s.Name)
	}
	return c.words.Text("verify.nobody")
}
