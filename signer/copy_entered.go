package signer

import (
	"context"
	"encoding/hex"
	"errors"

	"antin/signer/cms"
	"antin/signer/register"
)

// CopyEntered is Copy with a line in the register of copies. Of entry, Number is
// needed and Date, Original, Recipients, Copies and Note count; the rest comes
// from the job and its result. Errors: those of Copy, register.ErrTaken.
func CopyEntered(ctx context.Context, r *register.Register, job CopyJob, entry register.Copy, progress Progress) (*Result, error) {
	if _, err := PlanCopy(ctx, job); err != nil { // a refusal leaves no trace in the register
		return nil, err
	}
	sum, err := hashFile(job.Source, -1)
	if err != nil {
		return nil, err
	}
	if entry.Date.IsZero() {
		entry.Date = job.now()
	}
	if _, err := r.Reserve(ctx, register.Copies, entry.Number, entry.Date, sum); err != nil {
		return nil, err
	}
	made, err := Copy(ctx, job, progress)
	keep := context.WithoutCancel(ctx) // what has been done is written down whatever happens
	if err != nil {
		return nil, errors.Join(err, r.Release(keep, register.Copies, entry.Number, entry.Date, sum))
	}
	entry.Form, entry.OrderedBy = CopyForms[job.Form], job.ByOrderOf
	entry.Source = register.File{Path: made.Source, SHA256: sum}
	entry.Output = register.File{Path: made.Output, SHA256: hex.EncodeToString(made.SHA256[:])}
	entry.Certificate, entry.Level = fingerprint(job.Key.Certificate()), made.Level
	entry.NeedsStamp = job.TSA != nil && made.Level == "B-B"
	_, err = r.Copy(keep, entry, sum)
	return made, err
}

// LogOf is what the register's log says of a signature that Approve, Attach or
// Copy has made; number is that of the document an attachment belongs to.
func LogOf(c Common, what, number string, made *Result) (register.Action, error) {
	sum, err := hashFile(made.Source, -1)
	return register.Action{
		What: what, Number: number, Certificate: fingerprint(c.Key.Certificate()), Name: cms.DisplayName(c.Key.Certificate()),
		Source: register.File{Path: made.Source, SHA256: sum}, Output: register.File{Path: made.Output, SHA256: hex.EncodeToString(made.SHA256[:])},
		Result: "done", NeedsStamp: c.TSA != nil && made.Level == "B-B",
	}, err
}
