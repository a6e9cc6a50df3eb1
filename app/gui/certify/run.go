package certify

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

// run is the certifying of some rows under one login.
type run struct {
	screen  *Screen
	rows    []*row
	jobs    []signer.CopyJob
	entries []register.Copy
	batch   *signer.Batch
	archive bool
	book    *register.Register
	who     string
	prepare func(signer.Common) (signer.Common, error)
	ask     signer.PINFunc

	working  bool
	halted   error // what stopped it and would meet every further scan too
	stage    signer.Stage
	at, of   int64 // pages or bytes of the stage
	left     time.Duration
	cancel   func()
	asked    func()  // the person was asked for the PIN for the last time
	unlogged []error // of each row: it is made, but not in the log
	login    frame.Login
}

// askPIN asks for the PIN in the window.
func askPIN(f *frame.Frame, names []string, cancel func()) (signer.PINFunc, func()) {
	a := pin.New(f, pin.Request{Documents: names}, cancel)
	return a.PIN, a.Close
}

// certify certifies what is ready.
func (s *Screen) certify() {
	ready := s.ready()
	if s.Busy() || s.working || len(ready) == 0 {
		return
	}
	r := &run{screen: s, rows: ready, archive: s.use.Archive, book: s.register, unlogged: make([]error, len(ready))}
	r.batch = &signer.Batch{Step: r.step, Changed: r.changed, Progress: r.progress}
	for _, row := range ready {
		row.failure = nil
		r.jobs = append(r.jobs, s.job(row))
		r.entries = append(r.entries, register.Copy{Number: row.number, Original: row.original})
		r.batch.Rows = append(r.batch.Rows, signer.Row{Source: row.path})
	}
	s.run = r
	r.start()
}

// start asks for the PIN and certifies the rows that wait.
func (r *run) start() {
	s := r.screen
	var names []string
	for i, row := range r.rows {
		if state := r.batch.Rows[i].State; state == signer.RowWaiting || state == signer.RowFailed {
			names = append(names, row.name())
		}
	}
	r.who, r.prepare = s.holder.ID(), s.prepare()
	r.ask, r.asked = s.use.PIN(names, r.stop)
	r.working, r.halted, r.stage = true, nil, signer.Reading
	r.batch.Retry()
	s.refresh()
	r.cancel = s.Run(r.batch.Run, r.ended)
}

// step is one row. It runs beside the user interface.
func (r *run) step(ctx context.Context, row int, progress signer.Progress) (*signer.Result, error) {
	job := r.jobs[row]
	var err error
	if job.Common, err = r.prepare(job.Common); err != nil {
		return nil, err
	}
	if job.Key, err = r.login.Key(r.screen.Tokens, r.who, r.ask); err != nil {
		return nil, &signer.KeyError{Err: err}
	}
	if !r.archive {
		return signer.CopyEntered(ctx, r.book, job, r.entries[row], progress)
	}
	made, err := signer.Copy(ctx, job, progress)
	if err == nil { // it is signed whatever becomes of the log
		r.unlogged[row] = logged(context.WithoutCancel(ctx), r.book, job.Common, made)
	}
	return made, err
}

// logged writes a digitised record, which has no number in the register of copies,
// into the log of the registers.
func logged(ctx context.Context, book *register.Register, c signer.Common, made *signer.Result) error {
	entry, err := signer.LogOf(c, "copy", "", made)
	if err != nil {
		return err
	}
	return book.Record(ctx, entry)
}

// changed is told of every step of a row, beside the user interface.
func (r *run) changed(i int, now signer.Row) {
	left, unlogged := r.batch.Left(), r.unlogged[i]
	fyne.Do(func() {
		row := r.rows[i]
		row.state, row.failure, row.result, row.unlogged = now.State, now.Err, now.Result, unlogged
		r.left, r.stage = left, signer.Reading
		switch now.State {
		case signer.RowDone:
			row.agreed = false
			r.screen.Recent(now.Result.Output, frame.Copied)
		case signer.RowFailed:
			r.screen.Recent(row.path, frame.Failed)
		case signer.RowWaiting, signer.RowWorking, signer.RowSkipped:
		}
		r.screen.refresh()
	})
}

// progress is told how far a row is, beside the user interface.
func (r *run) progress(stage signer.Stage, done, total int64) {
	fyne.Do(func() {
		pages := stage == signer.Checking || stage == signer.ReadingText
		if r.stage != stage || pages && r.at != done {
			r.stage, r.at, r.of = stage, done, total
			r.screen.panel.refresh()
		}
	})
}

// ended is called when the run has come to its end or was stopped.
func (r *run) ended(err error) {
	s := r.screen
	r.working, r.halted = false, err
	var halt *signer.HaltError
	if errors.As(err, &halt) {
		r.halted = halt.Err
	}
	r.logout()
	if s.closed {
		s.Worker(func() { _ = r.book.Close() }, func() {}) // everything in it is on the disk
		return
	}
	if c := s.current; c != nil && c.state == signer.RowDone {
		s.turn(c) // with its text and signature
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
