package issue

import (
	"context"
	"errors"

	"antin/app/gui/batch"
	"antin/app/gui/frame"
	"antin/app/gui/pin"
	"antin/signer"
	"antin/signer/register"
)

// run is the stamping of some rows under one login. Its rows are those of the
// journal, which may be of an earlier run of the program.
type run struct {
	*batch.Run
	screen *Screen
	rows   []*row
	stamps *signer.IssueBatch // nil until the person has given the PIN
}

// askPIN asks for the PIN in the window.
func askPIN(f *frame.Frame, names []string, cancel func()) (signer.PINFunc, func()) {
	a := pin.New(f, pin.Request{Documents: names}, cancel)
	return a.PIN, a.Close
}

// begun tells that there is a run, some of whose rows are still to be done or given
// up.
func (s *Screen) begun() bool { return s.run != nil && s.run.Unsettled() }

// stamp stamps what is ready.
func (s *Screen) stamp() {
	ready := s.ready()
	if s.begun() || len(ready) == 0 || s.register == nil {
		return
	}
	var rows []signer.IssueRow
	for _, r := range ready {
		r.failure = nil
		job := s.job(r)
		job.Plan = r.plan
		rows = append(rows, signer.IssueRow{
			Job: job, Attachments: r.attachments,
			Entry: register.Document{Summary: r.summary, Recipients: r.recipients},
		})
	}
	s.begin(ready, func(ctx context.Context, c signer.Common) (*signer.IssueBatch, error) {
		var refused error
		err := signer.CheckIssues(ctx, s.register, c, rows, func(i int, err error) {
			if err != nil && refused == nil {
				refused = &signer.RowError{Row: i, Err: err}
			}
		})
		if err = errors.Join(err, refused); err != nil {
			return nil, err
		}
		return signer.NewIssueBatch(ctx, s.register, c, rows)
	})
}

// resumeEarlier goes on with a run that was cut off.
func (s *Screen) resumeEarlier() {
	if s.begun() {
		return
	}
	s.begin(nil, func(ctx context.Context, c signer.Common) (*signer.IssueBatch, error) {
		b, err := signer.ResumeIssues(ctx, s.register, c)
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
		b, err := signer.ResumeIssues(ctx, reg, signer.Common{})
		if err != nil {
			return err
		}
		return batch.GiveUp(ctx, b.EnteredBatch)
	}, func(err error) {
		if err != nil {
			s.Problem(err, nil)
			return
		}
		s.left = 0
		s.renumber()
	})
}

// begin logs in and makes the run; nothing is signed before the person has given
// the PIN for its first document.
func (s *Screen) begin(rows []*row, plan func(context.Context, signer.Common) (*signer.IssueBatch, error)) {
	var names []string
	for _, row := range rows {
		names = append(names, row.name())
	}
	if len(names) == 0 {
		names = []string{s.Text("outgoing.earlier", s.left)}
	}
	r := &run{screen: s, rows: rows}
	ask, asked := s.use.PIN(names, func() { r.Stop() })
	r.track(asked)
	s.run = r
	r.Enter(s.login(ask), func(ctx context.Context, c signer.Common) (err error) {
		r.stamps, err = plan(ctx, c)
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
			s.left = 0
			r.DoEntered(r.stamps.EnteredBatch)
		}
	})
}

// refused tells why the run was not begun: of one row, beside it.
func (r *run) refused(err error) {
	s := r.screen
	var one *signer.RowError
	if errors.As(err, &one) && one.Row < len(r.rows) {
		bad := r.rows[one.Row]
		bad.refusal, bad.agreed = one.Err, false
		s.turn(bad)
		if errors.Is(err, signer.ErrSourceChanged) { // it is shown as it is now
			s.Problem(one.Err, nil)
			s.replan(bad)
		}
		return
	}
	s.refresh()
	s.Problem(err, nil)
}

// adopt makes rows of those in the journal.
func (r *run) adopt() {
	s := r.screen
	for i, in := range r.stamps.Rows {
		plan := r.stamps.Plan(i)
		row, _ := s.add(in.Source) // it may be in the list already
		row.read, row.planned, row.agreed, row.typed = true, true, true, true
		row.summary, row.recipients, row.date = plan.Entry.Summary, plan.Entry.Recipients, plan.Job.Date
		if n, err := register.ParseNumber(plan.Job.Number); err == nil {
			row.number = n
		}
		row.state, row.result = in.State, in.Result
		r.rows = append(r.rows, row)
	}
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
		r.screen.Recent(now.Result.Output, frame.Issued)
	case signer.RowFailed:
		r.screen.Recent(row.path, frame.Failed)
	case signer.RowWaiting, signer.RowWorking, signer.RowSkipped:
	}
}

func (r *run) show() {
	r.screen.table.refresh()
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
		s.turn(c) // with its seal
		return
	}
	s.refresh()
}

// close lets another process have what is left, and closes the register unless it
// is nil. Everything in them is on the disk.
func (r *run) close(reg *register.Register) {
	stamps := r.stamps
	r.screen.Worker(func() {
		if stamps != nil {
			_ = stamps.Close()
		}
		if reg != nil {
			_ = reg.Close()
		}
	}, func() {})
}

// leave goes back to the list: what was not stamped waits there.
func (s *Screen) leave() {
	r := s.run
	if r == nil || r.Open() {
		return
	}
	s.run = nil
	r.Logout()
	stamps, reg, left := r.stamps, s.register, r.Remaining()
	s.Run(func(ctx context.Context) error {
		if stamps == nil || reg == nil || left == 0 {
			return nil
		}
		return batch.GiveUp(ctx, stamps.EnteredBatch)
	}, func(err error) {
		if err != nil {
			s.Problem(err, nil)
		}
		for _, row := range r.rows {
			if row.state == signer.RowWaiting || row.state == signer.RowFailed {
				row.again()
			}
		}
		s.renumber()
	})
}

// again stamps what failed, or what waits after a stop, under a new login.
func (s *Screen) again() {
	r := s.run
	if r == nil || r.Open() {
		return
	}
	var names []string
	for _, row := range r.rows {
		if row.state == signer.RowFailed || row.state == signer.RowWaiting {
			names = append(names, row.name())
		}
	}
	ask, asked := s.use.PIN(names, func() { r.Stop() })
	r.EnterAgain(s.login(ask), r.stamps.EnteredBatch, asked)
}

// login is the login of a run.
func (s *Screen) login(ask signer.PINFunc) batch.Login {
	return batch.Login{Who: s.holder.ID(), Ask: ask, Prepare: s.holder.Prepare()}
}
