package certify

import (
	"context"
	"errors"

	"antin/app/gui/batch"
	"antin/app/gui/frame"
	"antin/app/gui/pin"
	"antin/signer"
	"antin/signer/register"
	"antin/signer/scan"
)

// run is the certifying of some rows under one login. Its rows are those of the
// journal, which may be of an earlier run of the program.
type run struct {
	*batch.Run
	screen *Screen
	rows   []*row
	copies *signer.CopyBatch // nil until it is written down
}

// askPIN asks for the PIN in the window.
func askPIN(f *frame.Frame, names []string, cancel func()) (signer.PINFunc, func()) {
	a := pin.New(f, pin.Request{Documents: names}, cancel)
	return a.PIN, a.Close
}

// certify certifies what is ready. The run before has to be left first: what is left
// of it is settled, and the next numbers follow then.
func (s *Screen) certify() {
	ready, reg := s.ready(), s.register
	if s.run != nil || s.Busy() || s.working || len(ready) == 0 {
		return
	}
	var rows []signer.CopyRow
	for _, r := range ready {
		r.failure = nil
		row := signer.CopyRow{Job: s.job(r), Entry: register.Copy{Number: r.number, Original: r.original}}
		row.Job.Plan = r.copy // nothing is judged twice
		rows = append(rows, row)
	}
	s.begin(ready, func(ctx context.Context, c signer.Common) (*signer.CopyBatch, error) {
		var refused error
		err := signer.CheckCopies(ctx, reg, c, rows, nil, func(i int, err error) {
			if err != nil && refused == nil {
				refused = &signer.RowError{Row: i, Err: err}
			}
		})
		if err = errors.Join(err, refused); err != nil {
			return nil, err
		}
		return signer.NewCopyBatch(ctx, reg, c, rows)
	})
}

// resumeEarlier goes on with a run that was cut off.
func (s *Screen) resumeEarlier() {
	if s.Busy() || s.working {
		return
	}
	reg := s.register
	s.begin(nil, func(ctx context.Context, c signer.Common) (*signer.CopyBatch, error) {
		b, err := signer.ResumeCopies(ctx, reg, c)
		if err == nil {
			b.Retry()
		}
		return b, err
	})
}

// discardEarlier gives up what is left of it.
func (s *Screen) discardEarlier() {
	reg := s.register
	s.Run(func(ctx context.Context) error {
		b, err := signer.ResumeCopies(ctx, reg, signer.Common{})
		if err != nil {
			return err
		}
		return batch.GiveUp(ctx, b.EnteredBatch)
	}, func(err error) {
		if err != nil {
			s.Problem(err, nil)
			return
		}
		s.earlier = 0
		s.renumber()
	})
}

// begin finds the key and makes the run; nothing is signed before the person has
// given the PIN for its first scan.
func (s *Screen) begin(rows []*row, plan func(context.Context, signer.Common) (*signer.CopyBatch, error)) {
	r := &run{screen: s, rows: rows}
	names := r.names(rows)
	if len(names) == 0 {
		names = []string{s.Text("certify.last-run", s.earlier)}
	}
	ask, asked := s.use.PIN(names, func() { r.Stop() })
	r.track(asked)
	s.run = r
	r.Enter(s.login(ask), func(ctx context.Context, c signer.Common) (err error) {
		r.copies, err = plan(ctx, c)
		return err
	}, func(err error) {
		switch {
		case s.closed:
			r.close(s.register)
		case err != nil:
			s.run = nil
			r.Logout()
			r.refused(err)
		default:
			if len(r.rows) == 0 {
				r.adopt()
			}
			s.earlier = 0
			r.DoEntered(r.copies.EnteredBatch)
		}
	})
}

func (r *run) names(rows []*row) (names []string) {
	for _, row := range rows {
		names = append(names, row.name())
	}
	return names
}

// refused tells why the run was not begun. What was found out about a scan may no
// longer be so: it is found out anew.
func (r *run) refused(err error) {
	s := r.screen
	var one *signer.RowError
	if errors.As(err, &one) && one.Row < len(r.rows) {
		bad := r.rows[one.Row]
		bad.agreed = false
		bad.readAgain()
		s.turn(bad)
		err = one.Err
	}
	s.Problem(err, nil)
	left := s.earlier
	s.beside(func(ctx context.Context) (err error) { // another program may have left a run since
		left, err = earlierIn(ctx, s.register)
		return err
	}, func(error) {
		s.earlier = left
		s.renumber()
	})
}

// adopt makes rows of those in the journal. Other rows have no number for the time
// being: the next ones are those of the run.
func (r *run) adopt() {
	s := r.screen
	for i, in := range r.copies.Rows {
		plan := r.copies.Plan(i)
		row := s.rowOf(in.Source) // it may be in the list already
		if row == nil {
			row = newRow(in.Source)
			s.rows = append(s.rows, row)
		}
		if sheets := plan.Job.Sheets; sheets != nil {
			row.path, row.read, row.plan = plan.Job.Source, true, *sheets
		}
		row.number, row.ordinal, row.original, row.typed = plan.Entry.Number, plan.Job.Ordinal, plan.Entry.Original, true
		row.extract, row.looked = plan.Job.Pages, plan.Job.Looked
		row.agreed, row.state, row.result = true, in.State, in.Result
		if plan.Job.Form != "" {
			s.form, s.byOrderOf = plan.Job.Form, plan.Job.ByOrderOf
		}
		r.rows = append(r.rows, row)
	}
	for _, row := range s.rows {
		if !row.typed && row.open() {
			row.number = register.Number{}
		}
	}
	if s.current == nil && len(r.rows) > 0 {
		s.turn(r.rows[0])
	}
}

// newRow is a file as a scan of its own.
func newRow(path string) *row { return &row{path: path, files: []scan.File{{Path: path}}} }

// again certifies what failed, or what waits after a stop, under a new login.
func (s *Screen) again() {
	r := s.run
	if r == nil || r.Working() {
		return
	}
	var left []*row
	for _, row := range r.rows {
		if row.open() {
			left = append(left, row)
		}
	}
	ask, asked := s.use.PIN(r.names(left), func() { r.Stop() })
	r.EnterAgain(s.login(ask), r.copies.EnteredBatch, asked)
}

// login is the login of a run.
func (s *Screen) login(ask signer.PINFunc) batch.Login {
	return batch.Login{Who: s.holder.ID(), Ask: ask, Prepare: s.prepare()}
}

// track has the run tell what happens; asked is as for batch.New.
func (r *run) track(asked func()) {
	r.Run = batch.New(r.screen.Frame, asked, batch.Use{Name: func(i int) string { return r.rows[i].name() }, Changed: r.changed, Show: r.show, Turned: r.turned})
}

func (r *run) changed(i int, now signer.Row) {
	row := r.rows[i]
	row.state, row.failure, row.result = now.State, now.Err, now.Result
	switch now.State {
	case signer.RowDone:
		row.agreed = false
		r.screen.Recent(now.Result.Output, frame.Copied)
	case signer.RowFailed:
		r.screen.Recent(row.path, frame.Failed)
	case signer.RowWaiting, signer.RowWorking, signer.RowSkipped:
	}
}

func (r *run) show() {
	r.screen.list.refresh()
	r.screen.panel.refresh()
}

// turned is called when the run has begun, is paused, goes on or is at its end.
func (r *run) turned() {
	s := r.screen
	if s.closed {
		if !r.Working() {
			r.close(s.register)
		}
		return
	}
	if !r.Open() && r.Remaining() == 0 {
		r.close(nil) // another program may have its turn
	}
	if c := s.current; !r.Open() && c != nil && c.state == signer.RowDone {
		s.turn(c) // with its text and signature
		return
	}
	s.refresh()
}

// close lets another process have what is left, and closes the registers unless
// they are nil. Everything in them is on the disk.
func (r *run) close(reg *register.Register) {
	copies := r.copies
	r.screen.Worker(func() {
		if copies != nil {
			_ = copies.Close()
		}
		if reg != nil {
			_ = reg.Close()
		}
	}, func() {})
}

// forget ends a run that nobody looks at any more: what is left of it is given up,
// its numbers are free. Then next is done.
func (s *Screen) forget(next func()) {
	r := s.run
	s.run = nil
	if r == nil || r.Remaining() == 0 || r.copies == nil {
		next()
		return
	}
	r.Logout()
	s.beside(func(ctx context.Context) error { return batch.GiveUp(ctx, r.copies.EnteredBatch) }, func(err error) {
		if err != nil {
			s.Problem(err, nil)
		}
		next()
	})
}
