package cli

import (
	"cmp"
	"context"
	"strings"
	"time"

	"antin/signer"
	"antin/signer/register"
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
	f.slot("number-at", signer.NumberPart, &job.Slots)
	f.slot("date-at", signer.DatePart, &job.Slots)
	f.BoolVar(&job.NoSeal, "no-seal", false, "")
	f.BoolVar(&job.OverInk, "over-ink", false, "")
	f.urgency("urgency", &job.Urgency)
	f.list("attachment", &attachments)
	var many batchFlags
	var book registerFlags
	many.define(f)
	book.define(f)
	files, err := f.parse(args)
	if err == nil && len(files) == 0 && !many.wanted() {
		err = &usageError{c.words.Text("usage.no-file")}
	}
	if err == nil {
		err = s.check(f, files)
	}
	if err == nil && many.wanted() {
		err = many.check(c, files, book)
	}
	if err != nil {
		return exitUsage, err
	}
	if err := s.fill(c); err != nil {
		return exitFor(err), err
	}
	for _, need := range []struct {
		flag  string
		given bool
	}{
		{"number", strings.TrimSpace(job.Number) != "" || many.wanted()},
		{"seal", job.Seal != "" || job.NoSeal || many.resume || withPicture(s.set)},
		{"diameter", job.Diameter != 0 || many.resume || job.Seal == ""},
	} {
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
	r, err := book.open(ctx)
	if err != nil {
		return exitFor(err), err
	}
	if r != nil {
		defer r.Close() // what is entered is committed
	}
	if many.wanted() {
		return c.issueMany(ctx, &s, many, job, r)
	}
	s.log, s.number = r, strings.TrimSpace(job.Number)
	var issued *signer.Result
	steps := []step{{"issue", files[0], func(ctx context.Context, common signer.Common, p signer.Progress) (*signer.Result, error) {
		job := s.sealed(job, common)
		var err error
		issued, err = issueIn(ctx, r, job, p)
		return issued, err
	}}}
	for _, file := range attachments {
		steps = append(steps, step{"attach", file, func(ctx context.Context, common signer.Common, p signer.Progress) (*signer.Result, error) {
			if issued == nil {
				return nil, &problem{"KS-341", errNotIssued}
			}
			return signer.Attach(ctx, signer.AttachJob{Common: common, Number: cmp.Or(issued.Number, job.Number)}, p)
		}})
	}
	return c.perform(ctx, &s, steps), nil
}

// sealed is the job with what is set for the certificate's seal where no flag says
// otherwise.
func (s *signing) sealed(job signer.IssueJob, common signer.Common) signer.IssueJob {
	job.Common = common
	mine := belongings(s.set, common.Key.Certificate())
	if job.Seal == "" && !job.NoSeal {
		job.Seal, job.Diameter = mine.Picture, cmp.Or(job.Diameter, mine.Diameter)
	}
	return job
}

// issueIn issues one document, and enters it when there is a register.
func issueIn(ctx context.Context, r *register.Register, job signer.IssueJob, p signer.Progress) (*signer.Result, error) {
	if r == nil {
		return signer.Issue(ctx, job, p)
	}
	return signer.IssueEntered(ctx, r, job.Common, signer.IssueRow{Job: job}, p)
}
