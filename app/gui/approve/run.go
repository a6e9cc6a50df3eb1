package approve

import (
	"context"
	"errors"
	"math"
	"slices"

	"antin/app/gui/batch"
	"antin/app/gui/frame"
	"antin/app/gui/pin"
	"antin/signer"
	"antin/signer/home"
	"antin/signer/settings"
	"antin/signer/verify"
)

// run is the signing of some documents under one key.
type run struct {
	*batch.Run
	screen    *Screen
	documents []*document
	jobs      []signer.ApproveJob
	who       string // the certificate
	prepare   func(signer.Common) (signer.Common, error)
	asker     Asker
}

// ready are the documents that F9 signs: those that were agreed to, or the only
// one.
func (s *Screen) ready() []*document {
	var out []*document
	for _, d := range s.documents {
		if (d.agreed || len(s.documents) == 1) && d.signable() && s.picture != nil && s.signer.ID() != "" {
			out = append(out, d)
		}
	}
	return out
}

// signable tells whether nothing is missing on the document's side.
func (d *document) signable() bool {
	return d.trouble == nil && d.planned && (d.refusal == nil || noPlace(d.refusal)) && d.placed() &&
		(d.state == signer.RowWaiting || d.state == signer.RowFailed)
}

// sign signs what is ready, after a question where another name is printed.
func (s *Screen) sign() {
	if s.Busy() {
		return
	}
	ready := s.ready()
	if len(ready) == 0 {
		return
	}
	for _, d := range ready {
		if d.otherName() && !d.asked {
			s.question(d, s.sign)
			return
		}
	}
	s.start(ready)
}

// question asks about the name on the page before anything else.
func (s *Screen) question(d *document, then func()) {
	s.Question(s.Text("approve.other-name"), s.Text("approve.other-name-why", s.signer.Name(), d.block().Name, d.name()),
		s.Text("approve.go-on"), s.Text("approve.go-back"), func(yes bool) {
			if yes {
				d.asked = true
				then()
			}
		})
}

func (s *Screen) start(ready []*document) {
	r := &run{screen: s, documents: ready, who: s.signer.ID(), prepare: s.signer.Prepare()}
	b := &signer.Batch{Rows: make([]signer.Row, len(ready)), Step: r.approve}
	for i, d := range ready {
		job := s.job(d)
		job.Plan = d.plan
		r.jobs = append(r.jobs, job)
		b.Rows[i].Source = d.path
		d.state, d.failure = signer.RowWaiting, nil
	}
	r.place()
	r.track(r.login(ready))
	s.run = r
	r.Do(b)
}

// login prepares to ask for the PIN for some documents; asked closes the question.
func (r *run) login(documents []*document) (asked func()) {
	var request pin.Request
	for _, d := range documents {
		request.Documents = append(request.Documents, d.name())
	}
	if len(documents) == 1 {
		request.Pages = len(documents[0].pages)
	}
	r.asker = r.screen.use.PIN(r.screen.Frame, request, func() { r.Stop() })
	return r.asker.Close
}

// place takes over where the signatures stand: they may have been moved since a
// failure.
func (r *run) place() {
	for i, d := range r.documents {
		if at, ok := d.place(); ok {
			r.jobs[i].At = &at
		}
	}
}

// approve is one document. It runs beside the user interface.
func (r *run) approve(ctx context.Context, row int, progress signer.Progress) (*signer.Result, error) {
	job := r.jobs[row]
	var err error
	if job.Common, err = r.prepare(job.Common); err != nil {
		return nil, err
	}
	key, err := r.Key(r.who, r.asker.PIN)
	if err != nil {
		return nil, &signer.KeyError{Err: err}
	}
	job.Key = key
	made, err := r.screen.use.Approve(ctx, job, progress)
	if err == nil { // it is signed whatever becomes of the log
		d := r.documents[row]
		d.verdict = r.screen.verdict(made)
		d.unlogged = r.screen.use.Log(context.WithoutCancel(ctx), job.Common, made, job.Initials)
	}
	return made, err
}

// enter writes a signature into the log of the office's registers.
func enter(ctx context.Context, c signer.Common, made *signer.Result, initials bool) error {
	book, err := home.Register(ctx)
	if err != nil {
		return err
	}
	what := "sign"
	if initials {
		what = "initials"
	}
	entry, err := signer.LogOf(c, what, "", made)
	if err == nil {
		err = book.Record(ctx, entry)
	}
	return errors.Join(err, book.Close())
}

// track has the run tell what happens; asked is as for batch.New.
func (r *run) track(asked func()) {
	r.Run = batch.New(r.screen.Frame, asked, batch.Use{Name: func(i int) string { return r.documents[i].name() }, Changed: r.changed, Show: r.show, Turned: r.turned})
}

func (r *run) changed(row int, now signer.Row) {
	d := r.documents[row]
	d.state, d.failure, d.result = now.State, now.Err, now.Result
	switch now.State {
	case signer.RowDone:
		r.screen.signed(d)
	case signer.RowFailed:
		r.screen.Recent(d.path, frame.Failed)
	case signer.RowWaiting, signer.RowWorking, signer.RowSkipped:
	}
}

func (r *run) show() {
	r.screen.list.refresh()
	r.screen.panel.refresh()
}

// verdict is what our own verifier says of the new signature, in one line.
func (s *Screen) verdict(r *signer.Result) string {
	if r.Report == nil {
		return ""
	}
	for i := range r.Report.Signatures {
		sig := &r.Report.Signatures[i]
		if sig.Field == r.Field && sig.Kind != verify.DocTimeStamp {
			_, lines := s.Words.Signature(r.Report, sig)
			return lines[0]
		}
	}
	return ""
}

// signed remembers what the next document of this kind can use.
func (s *Screen) signed(d *document) {
	d.agreed = false
	s.Recent(d.result.Output, frame.Signed)
	at, ok := d.place()
	if !ok {
		return
	}
	page := d.pages[len(d.pages)-1]
	resized := math.Abs(d.natural-at.W) > 0.05 // mm
	s.signer.Keep(func(c *settings.Certificate) {
		if c.Places == nil {
			c.Places = map[string]settings.Place{}
		}
		if !d.initials {
			c.Places[sizeOf(page)] = settings.Place{FromEnd: len(d.pages) - at.Page, X: at.X, Y: at.Y, Width: at.W, Height: at.H}
		}
		if resized && !d.initials {
			c.Width, c.Height = at.W, at.H
		}
	})
}

// turned is called when the run has begun, is paused, goes on or is at its end.
func (r *run) turned() {
	s := r.screen
	if r.Open() {
		s.refresh()
		return
	}
	s.signerChanged() // a token may have come or gone meanwhile
	if d := s.current; d != nil && d.state == signer.RowDone {
		s.show(d) // with its signature
	}
}

// leaveRun goes back to the documents: what was not signed waits.
func (s *Screen) leaveRun() {
	if s.run == nil || s.run.Working() {
		return
	}
	for _, d := range s.run.documents {
		if d.replaced() {
			s.replan(d)
		}
	}
	s.run.Close()
	s.run = nil
	s.plan()
	s.refresh()
}

// retry signs again what failed, or what waits after a stop.
func (s *Screen) retry() {
	r := s.run
	if r == nil || r.Working() {
		return
	}
	var left []*document
	for _, d := range r.documents {
		if d.state == signer.RowFailed || d.state == signer.RowWaiting {
			left = append(left, d)
		}
	}
	if !slices.ContainsFunc(left, func(d *document) bool { return !d.replaced() }) {
		s.leaveRun() // to what is there now
		return
	}
	r.place()
	r.Again(r.login(left))
}

// replaced tells whether it was not signed because another file is in its place.
func (d *document) replaced() bool { return errors.Is(d.failure, signer.ErrSourceChanged) }

// agree takes the current document into the run, or out of it, and goes on to the
// next that waits.
func (s *Screen) agree(yes bool) {
	d := s.current
	if !yes {
		d.agreed = false
		s.refresh()
		return
	}
	if !d.signable() {
		return
	}
	if d.otherName() && !d.asked {
		s.question(d, func() { s.agree(true) })
		return
	}
	d.agreed = true
	s.nextWaiting()
}

// skip passes a document over, or takes it back in. That is no failure.
func (s *Screen) skip() {
	d := s.current
	switch d.state {
	case signer.RowWaiting, signer.RowFailed:
		d.state, d.agreed = signer.RowSkipped, false
		s.nextWaiting()
	case signer.RowSkipped:
		d.state = signer.RowWaiting
		s.refresh()
	case signer.RowWorking, signer.RowDone:
	}
}

// nextWaiting shows the next document that nothing was said about.
func (s *Screen) nextWaiting() {
	if d := s.waiting(); d != nil {
		s.show(d)
		return
	}
	s.refresh()
}

// waiting is the first document after the current one, or before it, that nothing
// was said about.
func (s *Screen) waiting() *document {
	at := 0
	for i, d := range s.documents {
		if d == s.current {
			at = i
		}
	}
	for i := range s.documents {
		d := s.documents[(at+i)%len(s.documents)]
		if d.state == signer.RowWaiting && !d.agreed && d != s.current {
			return d
		}
	}
	return nil
}
