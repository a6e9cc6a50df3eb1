package cli

import (
	"context"
	"strings"
	"time"

	"antin/signer"
)

// issue is the clerk's step: number, date, seal, and the attachments.
func (c *command) issue(ctx context.Context, args []string) (int, error) {
	var s signing
	job := signer.IssueJob{Date: time.Now().In(vietnam)}
	var attachments []string
	f := c.flags("issue")
	s.define(f)
	s.defineWishes(f)
	f.StringVar(&job.Number, "number", "", "")
	f.day("date", &job.Date)
	f.StringVar(&job.Seal, "seal", "", "")
	f.millimetres("diameter", &job.Diameter)
	f.corner("at", &job.At)
	f.slot("number-at", &job.NumberAt)
	f.slot("date-at", &job.DateAt)
	f.list("attachment", &attachments)
	files, err := f.files(args)
	if err != nil {
		return exitUsage, err
	}
	if err := s.check(f, files); err != nil {
		return exitUsage, err
	}
	for _, need := range []struct {
		flag  string
		given bool
	}{{"number", strings.TrimSpace(job.Number) != ""}, {"seal", job.Seal != ""}, {"diameter", job.Diameter != 0}} {
		if !need.given {
			return exitUsage, &usageError{c.words.Text("usage.missing-flag", need.flag)}
		}
	}
	if len(files) > 1 {
		// Each document has a number of its own.
		return exitUsage, &usageError{c.words.Text("usage.one-document")}
	}
	if err := s.check(f, append(files, attachments...)); err != nil {
		return exitUsage, err
	}
	issued := false
	steps := []step{{"issue", files[0], func(ctx context.Context, common signer.Common, p signer.Progress) (*signer.Result, error) {
		job := job
		job.Common = common
		r, err := signer.Issue(ctx, job, p)
		issued = err == nil
		return r, err
	}}}
	for _, file := range attachments {
		steps = append(steps, step{"attach", file, func(ctx context.Context, common signer.Common, p signer.Progress) (*signer.Result, error) {
			if !issued {
				return nil, &problem{"KS-341", errNotIssued}
			}
			return signer.Attach(ctx, signer.AttachJob{Common: common, Number: job.Number}, p)
		}})
	}
	return c.perform(ctx, &s, steps), nil
}
