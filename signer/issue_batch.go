package signer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"antin/signer/cms"
	"antin/signer/register"
)

// A row of a list that does not go with another.
var (
	ErrRowTwice    = errors.New("signer: the document stands in the list twice")
	ErrNumberTwice = errors.New("signer: the number stands in the list twice")
)

// RowError is an error of one row of a list.
type RowError struct {
	Row int // from 0
	Err error
}

func (e *RowError) Error() string { return fmt.Sprintf("row %d: %v", e.Row+1, e.Err) }

// Unwrap is the error.
func (e *RowError) Unwrap() error { return e.Err }

// IssueBatch issues many documents with their attachments under one login, each
// entered in the register. What it does is in the register's journal before it
// is done: after a crash or a power cut, ResumeIssues goes on without signing
// anything twice.
type IssueBatch struct {
	Batch
	Common Common // of all rows; after a halt Key may be replaced

	run      *register.Run
	pictures pictures
	works    []register.Work
	plans    []issuePlan

	stampDown error // the authority cannot be reached: the rest is queued without asking
	misses    int   // in a row
}

const runKind = "issue"

// CheckIssues looks at all rows before anything is signed, without a PIN, and
// tells for each what stands against it: no valid signature of a leader, no
// place for number and date, a number that is taken or stands twice, a name
// that is taken, a missing attachment. nil says that the row is ready. An error
// is only that ctx has ended or the register cannot be read.
func CheckIssues(ctx context.Context, r *register.Register, c Common, rows []IssueRow, told func(row int, refused error)) error {
	if err := cms.CheckCertificate(c.Key.Certificate(), c.now()); err != nil {
		return err
	}
	c.pictures = &pictures{}
	names := plannedNames{}
	numbers, sources := map[string]bool{}, map[string]bool{}
	for i, row := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if row.Skip {
			continue
		}
		refused := checkIssue(ctx, c, row)
		plan, err := planIssue(ctx, c, row, names.taken)
		refused = errors.Join(refused, err)
		names.add(plan)
		if err == nil {
			err := numberFree(ctx, r, plan)
			if Halts(err) {
				return err
			}
			refused = errors.Join(refused, err)
			s, err := r.Series(ctx, register.Outgoing, plan.Number, row.Job.Date)
			if key := fmt.Sprint(s, plan.Number.N, plan.Number.Suffix); err == nil && numbers[key] {
				refused = errors.Join(refused, fmt.Errorf("%w: %s", ErrNumberTwice, plan.Number))
			} else {
				numbers[key] = true
			}
			if sources[plan.Main.Source.SHA256] {
				refused = errors.Join(refused, fmt.Errorf("%w: %q", ErrRowTwice, row.Job.Source))
			}
			sources[plan.Main.Source.SHA256] = true
		}
		told(i, refused)
	}
	return nil
}

// plannedNames are the outputs of a list.
type plannedNames map[string]bool

func (n plannedNames) taken(path string) bool { return n[path] }

func (n plannedNames) add(p issuePlan) {
	for _, f := range append([]filePlan{p.Main}, p.Attached...) {
		n[f.Out] = true
	}
}

// numberFree tells whether a row may have its number.
func numberFree(ctx context.Context, r *register.Register, p issuePlan) error {
	e, err := r.Find(ctx, register.Outgoing, p.Number, p.Job.Date)
	switch {
	case errors.Is(err, register.ErrNoEntry), err == nil && e.Reservation != nil && e.Reservation.Holder == p.Main.Source.SHA256:
		return nil
	case err == nil:
		return &register.TakenError{Number: p.Number, Entry: e}
	}
	return err
}

// checkIssue is what Issue and Attach would refuse.
func checkIssue(ctx context.Context, c Common, row IssueRow) error {
	job := row.Job
	job.Common = wishesOf(job.Common).common(c)
	job.Source, job.Out = row.Job.Source, row.Job.Out
	_, refused := PlanIssue(ctx, job)
	for _, a := range row.Attachments {
		job := job
		job.Source = a
		src, err := openSource(ctx, job.Common, nil)
		if err == nil {
			err = src.Close()
		}
		refused = errors.Join(refused, err)
	}
	return refused
}

// NewIssueBatch plans a run and writes it to the journal of r. Names of outputs
// are chosen now; numbers are reserved when their row comes. Close it at the
// end. Errors: *RowError for a row that CheckIssues would refuse because of its
// files or its number's form, register.ErrUnfinished, register.ErrRunning.
func NewIssueBatch(ctx context.Context, r *register.Register, c Common, rows []IssueRow) (*IssueBatch, error) {
	b := &IssueBatch{Common: c}
	names := plannedNames{}
	var work []register.Work
	for i, row := range rows {
		row, err := row.absolute()
		if err != nil {
			return nil, &RowError{i, err}
		}
		w := register.Work{Row: i, State: register.Skipped}
		plan := issuePlan{IssueRow: row, Main: filePlan{Source: register.File{Path: row.Job.Source}}}
		if !row.Skip {
			w.State = register.Planned
			if plan, err = planIssue(ctx, c, row, names.taken); err != nil {
				return nil, &RowError{i, err}
			}
			names.add(plan)
		}
		text, err := json.Marshal(plan)
		if err != nil {
			return nil, &RowError{i, err}
		}
		w.Plan = string(text)
		work = append(work, w)
	}
	var err error
	if b.run, err = r.NewRun(ctx, runKind, work); err != nil {
		return nil, err
	}
	return b.load(ctx)
}

// absolute makes all paths so: the run may go on from another folder.
func (row IssueRow) absolute() (IssueRow, error) {
	row.Attachments = slices.Clone(row.Attachments)
	folder := strings.HasSuffix(row.Job.Out, string(filepath.Separator)) // Abs cuts that off
	paths := []*string{&row.Job.Source, &row.Job.Out, &row.Job.Seal}
	for i := range row.Attachments {
		paths = append(paths, &row.Attachments[i])
	}
	for _, p := range paths {
		if *p == "" {
			continue
		}
		var err error
		if *p, err = filepath.Abs(*p); err != nil {
			return row, err
		}
	}
	if folder {
		row.Job.Out += string(filepath.Separator)
	}
	return row, nil
}

// ResumeIssues goes on with the newest run of r that was interrupted, or that
// has rows which failed. Errors: register.ErrNoEntry when there is none,
// register.ErrRunning.
func ResumeIssues(ctx context.Context, r *register.Register, c Common) (*IssueBatch, error) {
	run, err := r.ResumeRun(ctx, runKind)
	if err != nil {
		return nil, err
	}
	return (&IssueBatch{Common: c, run: run}).load(ctx)
}

// load reads the rows from the journal.
func (b *IssueBatch) load(ctx context.Context) (*IssueBatch, error) {
	for w, err := range b.run.Work(ctx) {
		var p issuePlan
		if err == nil {
			err = json.Unmarshal([]byte(w.Plan), &p)
		}
		if err != nil {
			return nil, errors.Join(err, b.run.Close())
		}
		row := Row{Source: p.Main.Source.Path}
		switch w.State {
		case register.Done:
			row.State, row.Result = RowDone, &Result{Source: p.Main.Source.Path, Output: p.Main.Out}
		case register.Failed:
			row.State, row.Err = RowFailed, errors.New(w.Problem)
		case register.Skipped:
			row.State = RowSkipped
		}
		b.Rows, b.works, b.plans = append(b.Rows, row), append(b.works, w), append(b.plans, p)
	}
	b.Step = b.step
	return b, nil
}

// Plan is row i as it was planned: its number, date and attachments.
func (b *IssueBatch) Plan(i int) IssueRow { return b.plans[i].IssueRow }

func (b *IssueBatch) issuing(i int) (*issuing, error) {
	s := &issuing{issuePlan: b.plans[i], Common: b.plans[i].Wishes.common(b.Common), run: b.run, work: &b.works[i], wantStamp: b.Common.TSA != nil}
	s.pictures = &b.pictures
	return s, s.resume()
}

func (b *IssueBatch) step(ctx context.Context, i int, progress Progress) (*Result, error) {
	s, err := b.issuing(i)
	if err != nil {
		return nil, err
	}
	if b.stampDown != nil {
		s.TSA = nil
	}
	r, err := s.do(ctx, progress)
	if err == nil {
		b.watchStamps(r)
	}
	return r, err
}

// stampPatience is how many time-stamps in a row may fail before the rest of the run
// does without: each costs the authority's time-out.
const stampPatience = 2

func (b *IssueBatch) watchStamps(r *Result) {
	switch {
	case b.stampDown != nil:
		r.StampProblem, r.Notes = b.stampDown, append(r.Notes, NoteNoStamp)
	case errors.Is(r.StampProblem, cms.ErrTSAUnreachable) || errors.Is(r.StampProblem, cms.ErrTSATimeout):
		if b.misses++; b.misses == stampPatience {
			b.stampDown = r.StampProblem
		}
	default:
		b.misses = 0
	}
}

// Run is Batch.Run; it asks the time-stamp authority again.
func (b *IssueBatch) Run(ctx context.Context) error {
	b.stampDown, b.misses = nil, 0
	return b.Batch.Run(ctx)
}

// Skip takes a row that waits or failed out of the run, also in the journal:
// what an interrupted run has made of it is entered, its number given back
// otherwise. skip = false takes it back in.
func (b *IssueBatch) Skip(ctx context.Context, row int, skip bool) error {
	before := b.Rows[row].State
	b.Batch.Skip(row, skip)
	if b.Rows[row].State == before {
		return nil
	}
	if skip {
		s, err := b.issuing(row)
		if err != nil {
			return err
		}
		return s.giveUp(ctx)
	}
	b.works[row].State = register.Planned
	return b.run.Set(ctx, b.works[row])
}

// Discard skips all that is left.
func (b *IssueBatch) Discard(ctx context.Context) error {
	for i := range b.Rows {
		if err := b.Skip(ctx, i, true); err != nil {
			return err
		}
	}
	return nil
}

// Close lets another process have the run; the rows that are left can be
// resumed.
func (b *IssueBatch) Close() error { return b.run.Close() }
