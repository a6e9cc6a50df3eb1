package certify

import (
	"context"

	"antin/app/gui/batch"
	"antin/app/gui/frame"
	"antin/app/gui/pin"
	"antin/signer"
	"antin/signer/register"
)

// run is the certifying of some rows under one login.
type run struct {
	*batch.Run
	screen  *Screen
	rows    []*row
	jobs    []signer.CopyJob
	entries []register.Copy
	archive bool
	book    *register.Register
	who     string
	prepare func(signer.Common) (signer.Common, error)
	ask     signer.PINFunc
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
	r := &run{screen: s, rows: ready, archive: s.use.Archive, book: s.register}
	b := &signer.Batch{Step: r.step}
	for _, row := range ready {
		row.failure = nil
		r.jobs = append(r.jobs, s.job(row))
		r.entries = append(r.entries, register.Copy{Number: row.number, Original: row.original})
		b.Rows = append(b.Rows, signer.Row{Source: row.path})
	}
	r.Run = batch.New(s.Frame, r.login(ready), batch.Use{Name: func(i int) string { return r.rows[i].name() }, Changed: r.changed, Show: r.show, Turned: r.turned})
	s.run = r
	r.Do(b)
}

// login prepares to ask for the PIN for some rows; asked closes the question.
func (r *run) login(rows []*row) (asked func()) {
	s := r.screen
	var names []string
	for _, row := range rows {
		names = append(names, row.name())
	}
	r.who, r.prepare = s.holder.ID(), s.prepare()
	r.ask, asked = s.use.PIN(names, func() { r.Stop() })
	return asked
}

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
	r.Again(r.login(left))
}

// step is one row. It runs beside the user interface.
func (r *run) step(ctx context.Context, row int, progress signer.Progress) (*signer.Result, error) {
	job := r.jobs[row]
	var err error
	if job.Common, err = r.prepare(job.Common); err != nil {
		return nil, err
	}
	if job.Key, err = r.Key(r.who, r.ask); err != nil {
		return nil, &signer.KeyError{Err: err}
	}
	return signer.CopyEntered(ctx, r.book, job.Common, signer.CopyRow{Job: job, Entry: r.entries[row]}, progress)
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

func (r *run) show(rows []int) {
	var changed []*row
	for _, i := range rows {
		changed = append(changed, r.rows[i])
	}
	r.screen.list.refreshRows(changed)
	r.screen.panel.refresh()
}

// turned is called when the run has begun, is paused, goes on or is at its end.
func (r *run) turned() {
	s := r.screen
	if s.closed {
		if !r.Working() {
			s.Worker(func() { _ = r.book.Close() }, func() {}) // everything in it is on the disk
		}
		return
	}
	if c := s.current; !r.Open() && c != nil && c.state == signer.RowDone {
		s.turn(c) // with its text and signature
		return
	}
	s.refresh()
}
