package signer

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"antin/assets"
	"antin/signer/register"
	"antin/signer/scan"
)

// CopyRow is one scan to be certified and entered in the register.
type CopyRow struct {
	Job   CopyJob       // of its Common, only Source, Password, Out, Profile and Override count
	Entry register.Copy // Number, Date, Original, Recipients, Copies, Note; the rest is filled in. A copy without a number is in the log alone
	Skip  bool          // not in this run
}

// absolute makes all paths so.
func (row CopyRow) absolute() (CopyRow, error) {
	if row.Job.Sheets != nil {
		sheets := row.Job.Sheets.Sheets()
		for i := range sheets {
			if err := absolute(&sheets[i].File.Path); err != nil {
				return row, err
			}
		}
		plan, err := scan.PlanOf(sheets)
		if err != nil {
			return row, err
		}
		row.Job.Sheets = &plan
	}
	return row, absolute(&row.Job.Source, &row.Job.Out)
}

// job is the job of a row of a run with this Common.
func (row *CopyRow) job(c Common) CopyJob {
	job, own := row.Job, row.Job.Common
	job.Common = wishesOf(own).common(c)
	job.Source, job.Out = own.Source, own.Out
	job.Password, job.Profile = cmp.Or(own.Password, c.Password), cmp.Or(own.Profile, c.Profile)
	return job
}

// copyPlan is what the journal keeps of a CopyRow. Passwords are not in it.
type copyPlan struct {
	CopyRow
	Source  string
	Sheets  []scan.Sheet    `json:",omitempty"`
	Profile *assets.Profile // the run may go on where another is set
	Wishes  wishes
	File    filePlan
}

// planCopy looks at the files of a row. taken tells of names that other rows of the
// run will use.
func planCopy(c Common, row CopyRow, taken func(path string) bool) (*copyPlan, error) {
	job := row.job(c)
	p := &copyPlan{CopyRow: row, Source: job.Source, Profile: job.Profile, Wishes: wishesOf(job.Common)}
	if job.Sheets != nil {
		p.Sheets = job.Sheets.Sheets()
	}
	if p.Entry.Date.IsZero() {
		p.Entry.Date = c.now()
	}
	if err := job.check(); err != nil {
		return p, err
	}
	var known []register.File
	if job.Plan != nil {
		known = job.Plan.Sources
	}
	named, suffix := job.named()
	var err error
	p.File, err = planFile(job.sources(), known, named, job.Out, suffix, taken)
	return p, err
}

// wanted is the plan as the journal has it, without what is chosen anew each time:
// the name of the output, and the day.
func (p *copyPlan) wanted() string {
	w := *p
	w.File.Out, w.Entry.Date = "", time.Time{}
	text, err := json.Marshal(w)
	if err != nil {
		panic(err) // it has been in the journal
	}
	return string(text)
}

// readCopy reads a plan from the journal.
func readCopy(text []byte) (rowPlan, error) {
	p := &copyPlan{}
	if err := json.Unmarshal(text, p); err != nil {
		return nil, err
	}
	p.Job.Source, p.Job.Profile, p.Job.Override = p.Source, p.Profile, p.Wishes.Override
	if p.Sheets == nil {
		return p, nil
	}
	sheets, err := scan.PlanOf(p.Sheets)
	p.Job.Sheets = &sheets
	return p, err
}

func (p *copyPlan) files() []*filePlan { return []*filePlan{&p.File} }

func (p *copyPlan) reservation() *register.Reservation {
	if p.Entry.Number.N == 0 {
		return nil
	}
	return &register.Reservation{Book: register.Copies, Number: p.Entry.Number, Date: p.Entry.Date, Holder: p.File.holder()}
}

func (p *copyPlan) common(c Common) Common {
	c = p.Wishes.common(c)
	c.Profile, c.Password = p.Profile, cmp.Or(p.Job.Password, c.Password)
	return c
}

func (p *copyPlan) key() string { return fmt.Sprint(p.File.holder(), p.Job.Form, p.Job.Pages) }

// found tells the copy by its hash: it was written down before the copy got its
// name.
func (p *copyPlan) found(ctx context.Context, s *entering, _ int) (*Result, error) {
	if _, err := os.Lstat(p.File.Out); err != nil {
		return nil, err
	}
	want := s.made.Naming // nil: nothing had come so far
	if len(s.made.Entered) > 0 {
		want = &s.made.Entered[0]
	}
	sum, err := hashFile(p.File.Out, -1)
	if err != nil || want == nil || sum != want.SHA256 {
		return nil, errors.Join(fmt.Errorf("%w: %q", ErrExists, p.File.Out), err)
	}
	return s.signed(ctx, &p.File)
}

func (p *copyPlan) sign(ctx context.Context, s *entering, _ int, progress Progress) (*Result, error) {
	job := p.job(s.Common)
	job.Out, job.Password = p.File.Out, s.Password
	if job.Sheets != nil {
		sheets := job.Sheets.Unlocked(s.Password)
		job.Sheets = &sheets
	}
	job.unchanged = p.File.sources()
	job.naming = func(output register.File) error {
		s.made.Naming = &output
		s.keep()
		return s.run.Set(context.WithoutCancel(ctx), *s.work)
	}
	return Copy(ctx, job, progress)
}

// enter writes the line of the register of copies; a copy without a number stands
// in the log.
func (p *copyPlan) enter(ctx context.Context, s *entering, i int, r *Result) error {
	v := p.reservation()
	if v == nil {
		return s.run.Record(ctx, *s.work, s.action("copy", "", i, r))
	}
	e := p.Entry
	e.Form, e.OrderedBy = CopyForms[p.Job.Form], p.Job.ByOrderOf
	e.Source, e.Others, e.Output = p.File.Source, p.File.Others, s.made.Entered[i]
	e.Certificate, e.Level, e.NeedsStamp = fingerprint(s.certificate(r)), r.Level, s.lacksStamp(r)
	e.Override = r.OverrideReason
	return s.run.Copy(ctx, *s.work, e, v.Holder)
}
