// Package batch is the work on some documents under one login as the screens show
// it: how far it is, pause, cancel and go on, and afterwards what came of it.
//
// A Run carries out a signer.Batch beside the user interface and tells the screen
// what has become of its rows; a Panel shows the run beside the pages. A document
// may take less time than showing all that it goes through, so the screen is told
// to show the run at most every 150 ms, the last state always.
package batch

import (
	"context"
	"errors"
	"slices"
	"time"

	"antin/app/gui/frame"
	"antin/signer"
	"antin/signer/pdffile"

	"fyne.io/fyne/v2"
)

// Every is the least time between two pictures of a run.
const Every = 150 * time.Millisecond

// Use is the screen as a run needs it. All functions are called on the user
// interface's goroutine.
type Use struct {
	Name    func(row int) string          // of the row's document
	Changed func(row int, now signer.Row) // notes every step of a row; Result has no Report
	Show    func()                        // shows what has changed: rows, and how far the run is
	Turned  func()                        // shows everything: the run has begun, is paused, goes on or is at its end
}

// Run is some rows on their way. Its methods are called on the user interface's
// goroutine, but for Key.
type Run struct {
	frame *frame.Frame
	use   Use
	batch *signer.Batch
	rest  func(context.Context) error // does the rows of batch that wait
	login frame.Login
	asked func() // the person was asked for the PIN for the last time

	working  bool
	paused   bool
	pausing  bool  // after the row in work
	stopping bool  // the row in work is given up
	halted   error // what stopped it and would meet every further row too
	cancel   func()

	rows   []signer.Row
	stage  signer.Stage
	at, of int64 // of the stage
	left   time.Duration

	due   bool // another picture will be made
	shown time.Time
}

// New is a run of nothing so far; asked is called when nobody has to be asked for
// the PIN any more.
func New(f *frame.Frame, asked func(), use Use) *Run { return &Run{frame: f, asked: asked, use: use} }

// Working tells whether something is being done; Open whether more will be, which
// is so in a pause too.
func (r *Run) Working() bool { return r.working }
func (r *Run) Open() bool    { return r.working || r.paused }

// Halted is why the run has stopped, nil when it has not.
func (r *Run) Halted() error { return r.halted }

// Count is the number of rows in one of some states.
func (r *Run) Count(states ...signer.RowState) (n int) {
	for _, row := range r.rows {
		if slices.Contains(states, row.State) {
			n++
		}
	}
	return n
}

// Remaining is the number of rows that Again would do.
func (r *Run) Remaining() int {
	return r.Count(signer.RowWaiting, signer.RowWorking, signer.RowFailed)
}

// Unsettled tells whether some rows are still to be done or given up: what they are is
// as the run has it until then.
func (r *Run) Unsettled() bool { return r.Open() || r.Remaining() > 0 }

// Key is the key of a certificate, logged in once for the run; see
// frame.Login.Key.
func (r *Run) Key(who string, ask signer.PINFunc) (frame.Key, error) {
	return r.login.Key(r.frame.Tokens, who, ask)
}

// Prepare does what must be done before the rows, beside the user interface; then
// is told how that ended, and goes on with Do or Again.
func (r *Run) Prepare(work func(context.Context) error, then func(error)) { r.begin(work, then) }

// Do does the rows of a batch that wait.
func (r *Run) Do(b *signer.Batch) { r.begins(b, b.Run) }

// DoEntered does those of a batch that is entered in a register, and asks a
// time-stamp authority that did not answer again whenever it goes on.
func (r *Run) DoEntered(b *signer.EnteredBatch) { r.begins(&b.Batch, b.Run) }

func (r *Run) begins(b *signer.Batch, rest func(context.Context) error) {
	r.batch, r.rest, r.rows = b, rest, slices.Clone(b.Rows)
	b.Changed, b.Progress = r.changed, r.progress
	r.GoOn()
}

// GoOn does the rows that wait, after a pause.
func (r *Run) GoOn() { r.begin(r.rest, r.Ended) }

// Again does what failed, or what waits after a stop; asked is as for New.
func (r *Run) Again(asked func()) {
	r.asked = asked
	r.batch.Retry()
	r.GoOn()
}

// locked are the rows that failed for want of a password.
func (r *Run) locked() (rows []int) {
	for i, row := range r.rows {
		if row.State == signer.RowFailed && errors.Is(row.Err, pdffile.ErrPassword) {
			rows = append(rows, i)
		}
	}
	return rows
}

// unlock gives them a password for when they are done again.
func (r *Run) unlock(password string) {
	for _, i := range r.locked() {
		r.batch.Rows[i].Password = password
	}
}

func (r *Run) begin(work func(context.Context) error, then func(error)) {
	r.working, r.paused, r.pausing, r.stopping, r.halted, r.stage = true, false, false, false, nil, signer.Reading
	r.use.Turned()
	r.cancel = r.frame.Run(work, func(err error) {
		r.working, r.pausing, r.stopping = false, false, false
		then(err)
	})
}

// changed is told of every step of a row, beside the user interface.
func (r *Run) changed(row int, now signer.Row) {
	if now.Result != nil {
		short := *now.Result
		short.Report = nil // many would fill the memory
		now.Result = &short
	}
	left := r.batch.Left()
	fyne.Do(func() {
		r.rows[row], r.left, r.stage = now, left, signer.Reading
		r.use.Changed(row, now)
		r.soon()
	})
}

// progress is told how far a row is, beside the user interface.
func (r *Run) progress(stage signer.Stage, at, of int64) {
	pages := stage == signer.Checking || stage == signer.ReadingText
	fyne.Do(func() {
		if r.stage != stage || pages && r.at != at {
			r.stage, r.at, r.of = stage, at, of
			r.soon()
		}
	})
}

// soon has the run shown when it is time.
func (r *Run) soon() {
	if !r.due {
		r.due = true
		r.frame.After(Every-time.Since(r.shown), r.show)
	}
}

func (r *Run) show() {
	r.due, r.shown = false, time.Now()
	r.use.Show()
}

// Pause ends the work after the row that is in it, or lets it go on.
func (r *Run) Pause() {
	switch {
	case r.paused:
		r.GoOn()
	case r.working && r.batch != nil:
		r.pausing = true
		r.batch.Pause()
		r.soon()
	}
}

// Stop gives up the row in work and the rest; what was done stays.
func (r *Run) Stop() {
	switch {
	case r.paused:
		r.Ended(context.Canceled)
	case r.working && r.cancel != nil:
		r.stopping = true
		r.cancel()
		r.soon()
	}
}

// Ended ends the run, or pauses it when err is signer.ErrPaused. A screen calls it
// when nothing comes of what it has prepared.
func (r *Run) Ended(err error) {
	r.paused = errors.Is(err, signer.ErrPaused)
	if !r.paused {
		r.halted = err
		var halt *signer.HaltError
		if errors.As(err, &halt) {
			r.halted = halt.Err
		}
		r.Logout()
	}
	r.use.Turned()
}

// Logout forgets the key, and asks nobody for a PIN any more.
func (r *Run) Logout() {
	r.asked()
	r.login.Out(r.frame.Worker)
}

// Close stops the run for good.
func (r *Run) Close() {
	if r.working && r.cancel != nil {
		r.cancel()
	}
	r.Logout()
}
