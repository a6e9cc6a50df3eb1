package signer

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
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

// EnteredBatch is a Batch whose results are entered in the register, under one
// login: an IssueBatch or a CopyBatch. What it does is in the register's journal
// before it is done: after a crash or a power cut another process goes on without
// signing anything twice. Close it at the end.
type EnteredBatch struct {
	Batch
	Common Common // of all rows; after a halt Key may be replaced

	run      *register.Run
	pictures pictures
	works    []register.Work
	plans    []rowPlan

	stampDown error // the authority cannot be reached: the rest is queued without asking
	misses    int   // in a row
}

// rowPlan is what the journal keeps of a row, enough to go on with it in another
// process, and what is to be done about it. Files are those that the row makes:
// the document first, then what goes with it.
type rowPlan interface {
	files() []*filePlan
	reservation() *register.Reservation // of its number, nil without one
	common(c Common) Common             // c with the wishes of the row
	key() string                        // the same for rows that would make the same

	// found is what an earlier run has made of file i. Errors: fs.ErrNotExist when
	// there is no file, ErrExists when it is another.
	found(ctx context.Context, s *entering, i int) (*Result, error)
	sign(ctx context.Context, s *entering, i int, progress Progress) (*Result, error)
	enter(ctx context.Context, s *entering, i int, r *Result) error
}

// checkRows looks at the rows of a list, without a PIN, and tells for each what
// stands against it: what look finds, a number that is taken or stands twice, a
// document that stands twice. look gives no plan for a row that is left out or
// cannot be planned.
func checkRows(ctx context.Context, r *register.Register, c Common, rows int, look func(row int, c Common, taken func(path string) bool) (p rowPlan, skip bool, refused error), told func(row int, refused error)) error {
	if err := cms.CheckCertificate(c.Key.Certificate(), c.now()); err != nil {
		return err
	}
	c.pictures = &pictures{}
	names := plannedNames{}
	numbers, sources := map[string]bool{}, map[string]bool{}
	for i := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		plan, skip, refused := look(i, c, names.taken)
		if skip {
			continue
		}
		if plan != nil {
			names.add(plan)
			if hold := plan.reservation(); hold != nil {
				taken, series, err := numberFree(ctx, r, hold)
				if err != nil {
					return err
				}
				if refused = errors.Join(refused, taken); numbers[series] {
					refused = errors.Join(refused, fmt.Errorf("%w: %s", ErrNumberTwice, hold.Number))
				}
				numbers[series] = series != ""
			}
			if sources[plan.key()] {
				refused = errors.Join(refused, fmt.Errorf("%w: %q", ErrRowTwice, plan.files()[0].Source.Path))
			}
			sources[plan.key()] = true
		}
		told(i, refused)
	}
	return nil
}

// numberFree tells why a row may not have its number, and the number with its
// series. An error is one of the register.
func numberFree(ctx context.Context, r *register.Register, v *register.Reservation) (taken error, series string, err error) {
	e, err := r.Find(ctx, v.Book, v.Number, v.Date)
	switch {
	case errors.Is(err, register.ErrNoEntry), err == nil && e.Reservation != nil && e.Reservation.Holder == v.Holder:
		err = nil
	case err == nil:
		taken = &register.TakenError{Number: v.Number, Entry: e}
	case Halts(err):
		return nil, "", err
	default:
		taken, err = err, nil
	}
	if s, failed := r.Series(ctx, v.Book, v.Number, v.Date); failed == nil {
		series = fmt.Sprint(s, v.Number.N, v.Number.Suffix)
	}
	return taken, series, err
}

// plannedNames are the outputs of a list.
type plannedNames map[string]bool

func (n plannedNames) taken(path string) bool { return n[path] }

func (n plannedNames) add(p rowPlan) {
	for _, f := range p.files() {
		n[f.Out] = true
	}
}

// newEntered plans a run and writes it to the journal of r.
func newEntered(ctx context.Context, r *register.Register, kind string, c Common, rows int, planned func(row int, taken func(path string) bool) (p rowPlan, skip bool, err error)) (*EnteredBatch, error) {
	b := &EnteredBatch{Common: c}
	names := plannedNames{}
	for i := range rows {
		plan, skip, err := planned(i, names.taken)
		if err != nil {
			return nil, &RowError{i, err}
		}
		w := register.Work{Row: i, State: register.Planned}
		if skip {
			w.State = register.Skipped
		} else {
			names.add(plan)
		}
		text, err := json.Marshal(plan)
		if err != nil {
			return nil, &RowError{i, err}
		}
		w.Plan = string(text)
		b.add(w, plan)
	}
	var err error
	if b.run, err = r.NewRun(ctx, kind, b.works); err != nil {
		return nil, err
	}
	b.Step = b.step
	return b, nil
}

// resumeEntered goes on with the newest run of r that was interrupted, or that has
// rows which failed.
func resumeEntered(ctx context.Context, r *register.Register, kind string, c Common, read func(plan []byte) (rowPlan, error)) (*EnteredBatch, error) {
	run, err := r.ResumeRun(ctx, kind)
	if err != nil {
		return nil, err
	}
	b := &EnteredBatch{Common: c, run: run}
	b.Step = b.step
	for w, err := range run.Work(ctx) {
		var p rowPlan
		if err == nil {
			p, err = read([]byte(w.Plan))
		}
		if err != nil {
			return nil, errors.Join(err, run.Close())
		}
		b.add(w, p)
	}
	return b, nil
}

func (b *EnteredBatch) add(w register.Work, p rowPlan) {
	f := p.files()[0]
	row := Row{Source: f.Source.Path}
	switch w.State {
	case register.Done:
		row.State, row.Result = RowDone, &Result{Source: f.Source.Path, Output: f.Out}
	case register.Failed:
		row.State, row.Err = RowFailed, errors.New(w.Problem)
	case register.Skipped:
		row.State = RowSkipped
	case register.Planned, register.Signing, register.Written:
	}
	b.Rows, b.works, b.plans = append(b.Rows, row), append(b.works, w), append(b.plans, p)
}

// Number is the number of row i as it was planned, "" without one.
func (b *EnteredBatch) Number(i int) string {
	if v := b.plans[i].reservation(); v != nil {
		return v.Number.String()
	}
	return ""
}

func (b *EnteredBatch) entering(i int) (*entering, error) {
	s := &entering{Common: b.plans[i].common(b.Common), plan: b.plans[i], run: b.run, work: &b.works[i], wantStamp: b.Common.TSA != nil}
	s.pictures, s.Password = &b.pictures, cmp.Or(b.Rows[i].Password, s.Password)
	return s, s.resume()
}

func (b *EnteredBatch) step(ctx context.Context, i int, progress Progress) (*Result, error) {
	s, err := b.entering(i)
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

func (b *EnteredBatch) watchStamps(r *Result) {
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
func (b *EnteredBatch) Run(ctx context.Context) error {
	b.stampDown, b.misses = nil, 0
	return b.Batch.Run(ctx)
}

// Skip takes a row that waits or failed out of the run, also in the journal:
// what an interrupted run has made of it is entered, its number given back
// otherwise. skip = false takes it back in.
func (b *EnteredBatch) Skip(ctx context.Context, row int, skip bool) error {
	before := b.Rows[row].State
	b.Batch.Skip(row, skip)
	if b.Rows[row].State == before {
		return nil
	}
	if skip {
		s, err := b.entering(row)
		if err != nil {
			return err
		}
		return s.giveUp(ctx)
	}
	b.works[row].State = register.Planned
	return b.run.Set(ctx, b.works[row])
}

// Discard skips all that is left.
func (b *EnteredBatch) Discard(ctx context.Context) error {
	for i := range b.Rows {
		if err := b.Skip(ctx, i, true); err != nil {
			return err
		}
	}
	return nil
}

// Close lets another process have the run; the rows that are left can be
// resumed.
func (b *EnteredBatch) Close() error { return b.run.Close() }

// absolute makes paths so: the run may go on from another folder. One that names a
// folder by its end still does.
func absolute(paths ...*string) error {
	for _, p := range paths {
		if *p == "" {
			continue
		}
		path, err := filepath.Abs(*p)
		if err != nil {
			return err
		}
		if end := string(filepath.Separator); strings.HasSuffix(*p, end) {
			path += end
		}
		*p = path
	}
	return nil
}
