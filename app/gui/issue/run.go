package issue

import (
	"context"
	"errors"
	"time"

	"antin/app/gui/frame"
	"antin/app/gui/pin"
	"antin/signer"
	"antin/signer/register"

	"fyne.io/fyne/v2"
)

// run is the stamping of some rows under one login. Its rows are those of the
// journal, which may be of an earlier run of the program.
type run struct {
	screen *Screen
	rows   []*row
	batch  *signer.IssueBatch

	working bool
	paused  bool
	halted  error // what stopped it and would meet every further document too
	done    int   // of the rows, for the progress
	stage   signer.Stage
	left    time.Duration
	shown   time.Time // last
	cancel  func()
	asked   func() // the person was asked for the PIN for the last time
	login   frame.Login
}

// askPIN asks for the PIN in the window.
func askPIN(f *frame.Frame, names []string, cancel func()) (signer.PINFunc, func()) {
	a := pin.New(f, pin.Request{Documents: names}, cancel)
	return a.PIN, a.Close
}

// stamp stamps what is ready.
func (s *Screen) stamp() {
	ready := s.ready()
	if s.Busy() || len(ready) == 0 || s.register == nil {
		return
	}
	var rows []signer.IssueRow
	for _, r := range ready {
		r.failure = nil
		rows = append(rows, signer.IssueRow{
			Job: s.job(r), Attachments: r.attachments,
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
	if s.Busy() {
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
		return errors.Join(b.Discard(ctx), b.Close())
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
	r := &run{screen: s, rows: rows}
	var names []string
	for _, row := range rows {
		names = append(names, row.name())
	}
	if len(names) == 0 {
		names = []string{s.Text("outgoing.earlier", s.left)}
	}
	var ask signer.PINFunc
	ask, r.asked = s.use.PIN(names, func() { r.stop() })
	prepare, who := s.holder.Prepare(), s.holder.ID()
	s.run, r.working = r, true
	s.refresh()
	r.cancel = s.Run(func(ctx context.Context) error {
		common, err := prepare(signer.Common{})
		if err != nil {
			return err
		}
		if common.Key, err = r.login.Key(s.Tokens, who, ask); err != nil {
			return err
		}
		r.batch, err = plan(ctx, common)
		return err
	}, func(err error) {
		if err != nil {
			s.run = nil
			r.logout()
			r.refused(err)
			return
		}
		if len(r.rows) == 0 {
			r.adopt()
		}
		s.left = 0
		r.batch.Changed, r.batch.Progress = r.changed, r.progress
		r.resume()
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
		return
	}
	s.refresh()
	s.Problem(err, nil)
}

// adopt makes rows of those in the journal.
func (r *run) adopt() {
	s := r.screen
	for i := range r.batch.Rows {
		plan := r.batch.Plan(i)
		row, _ := s.add(r.batch.Rows[i].Source) // it may be in the list already
		row.read, row.planned, row.agreed, row.typed = true, true, true, true
		row.summary, row.recipients, row.date = plan.Entry.Summary, plan.Entry.Recipients, plan.Job.Date
		if n, err := register.ParseNumber(plan.Job.Number); err == nil {
			row.number = n
		}
		row.state = r.batch.Rows[i].State
		row.result = r.batch.Rows[i].Result
		r.rows = append(r.rows, row)
	}
}

// resume stamps the rows that wait.
func (r *run) resume() {
	r.working, r.paused, r.halted = true, false, nil
	r.screen.refresh()
	r.cancel = r.screen.Run(r.batch.Run, r.ended)
}

// changed is told of every step of a row, beside the user interface.
func (r *run) changed(i int, now signer.Row) {
	if now.Result != nil {
		short := *now.Result
		short.Report = nil
		now.Result = &short
	}
	left, done := r.batch.Left(), r.batch.Count(signer.RowDone)
	fyne.Do(func() {
		row := r.rows[i]
		row.state, row.failure, row.result = now.State, now.Err, now.Result
		r.left, r.done, r.stage = left, done, signer.Reading
		switch now.State {
		case signer.RowDone:
			row.agreed = false
			r.screen.Recent(now.Result.Output, frame.Issued)
		case signer.RowFailed:
			r.screen.Recent(row.path, frame.Failed)
		case signer.RowWaiting, signer.RowWorking, signer.RowSkipped:
		}
		if r.due() {
			r.screen.refresh()
		}
	})
}

// refreshEvery is how often a run is shown: a document takes less time than it takes
// to show everything it goes through, and the window has to answer meanwhile.
const refreshEvery = 150 * time.Millisecond

// due tells whether it is time to show the run again; its end is always shown.
func (r *run) due() bool {
	if time.Since(r.shown) < refreshEvery {
		return false
	}
	r.shown = time.Now()
	return true
}

// progress is told how far a row is, beside the user interface.
func (r *run) progress(stage signer.Stage, _, _ int64) {
	fyne.Do(func() {
		if r.stage != stage {
			r.stage = stage
			if r.due() {
				r.screen.panel.refresh()
			}
		}
	})
}

// ended is called when the run has come to an end, a pause or a stop.
func (r *run) ended(err error) {
	s := r.screen
	r.working = false
	var halt *signer.HaltError
	switch {
	case errors.Is(err, signer.ErrPaused):
		r.paused = true
		s.refresh()
		return
	case errors.As(err, &halt):
		r.halted = halt.Err
	case err != nil: // stopped by the person
		r.halted = err
	}
	r.logout()
	if c := s.current; c != nil && c.state == signer.RowDone {
		s.turn(c) // with its seal
		return
	}
	s.refresh()
}

// stop ends the row in work and the run.
func (r *run) stop() {
	if r.cancel != nil {
		r.cancel()
	}
}

// logout forgets the key.
func (r *run) logout() {
	r.asked()
	r.login.Out(r.screen.Worker)
}

// end stops the run for good; what is left of it can be resumed at the next
// start.
func (r *run) end() {
	r.stop()
	r.logout()
	if b := r.batch; b != nil && !r.working {
		r.screen.Worker(func() { _ = b.Close() }, func() {}) // everything in it is on the disk
	}
}

// leave goes back to the list: what was not stamped waits there.
func (s *Screen) leave() {
	r := s.run
	if r == nil || r.working {
		return
	}
	s.run = nil
	r.logout()
	batch, reg := r.batch, s.register
	s.Run(func(ctx context.Context) error {
		if batch == nil || reg == nil {
			return nil
		}
		return errors.Join(batch.Discard(ctx), batch.Close())
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
	if r == nil || r.working {
		return
	}
	var names []string
	for _, row := range r.rows {
		if row.state == signer.RowFailed || row.state == signer.RowWaiting {
			names = append(names, row.name())
		}
	}
	ask, asked := s.use.PIN(names, func() { r.stop() })
	r.asked = asked
	who := s.holder.ID()
	r.working = true
	s.refresh()
	r.cancel = s.Run(func(context.Context) error {
		key, err := r.login.Key(s.Tokens, who, ask)
		if err == nil {
			r.batch.Common.Key = key
		}
		return err
	}, func(err error) {
		if err != nil {
			r.ended(err)
			return
		}
		r.batch.Retry()
		r.resume()
	})
}
