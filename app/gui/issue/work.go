package issue

import (
	"context"
	"errors"
	"os"
	"slices"
	"time"

	"antin/app/gui/place"
	"antin/app/gui/place/boxes"
	"antin/signer"
	"antin/signer/appearance"
	"antin/signer/layout"
	"antin/signer/pdffile"
	"antin/signer/register"
	"antin/signer/settings"

	"fyne.io/fyne/v2"
)

// openRegister opens the registers and looks for a run that was cut off.
func (s *Screen) openRegister() {
	var opened *register.Register
	left := 0
	s.Run(func(ctx context.Context) error {
		var err error
		if opened, err = s.use.Register(ctx); err != nil {
			return err
		}
		before, err := signer.ResumeIssues(ctx, opened, signer.Common{})
		if errors.Is(err, register.ErrNoEntry) {
			return nil
		}
		if err != nil {
			return err
		}
		left = before.Count(signer.RowWaiting) + before.Count(signer.RowFailed)
		return before.Close()
	}, func(err error) {
		if s.closed {
			if opened != nil {
				_ = opened.Close() // nothing was written
			}
			return
		}
		s.register, s.trouble, s.left = opened, err, left
		s.work()
	})
}

// work does the next thing that is to be found out about the rows: each is read,
// all are numbered, each is planned. One at a time, beside the user interface.
func (s *Screen) work() {
	s.refresh()
	if s.working || s.closed || s.Busy() {
		return
	}
	for _, r := range s.rows {
		if !r.read {
			s.readRow(r)
			return
		}
	}
	for _, r := range s.rows {
		if r.unnumbered && s.register != nil {
			s.numberRows()
			return
		}
	}
	order := s.rows
	if s.current != nil { // what is looked at comes first
		order = append([]*row{s.current}, order...)
	}
	for _, r := range order {
		if !r.planned && r.trouble == nil && r.number.N > 0 && r.state != signer.RowDone && r.state != signer.RowSkipped && s.holder.ID() != "" {
			s.planRow(r)
			return
		}
	}
	for _, r := range s.rows { // found out meanwhile: its number goes to the next
		if r.refused() && !r.typed && r.number.N > 0 {
			s.numberRows()
			return
		}
	}
}

// beside does one piece of work; then the next.
func (s *Screen) beside(work func(context.Context) error, done func(error)) {
	s.working = true
	s.Run(work, func(err error) {
		s.working = false
		if s.closed {
			return
		}
		done(err)
		s.work()
	})
}

// readRow finds out what a document is about.
func (s *Screen) readRow(r *row) {
	name, path, password := s.Settings.Profile, r.path, r.password
	var found *layout.Found
	s.beside(func(ctx context.Context) error {
		profile, err := settings.Profile(name)
		if err == nil {
			found, err = signer.Glance(ctx, path, password, profile)
		}
		return err
	}, func(err error) {
		r.read, r.unnumbered, r.found, r.trouble = true, true, found, err
		if f := found; f != nil {
			r.summary = f.Subject.Summary
			if f.Recipients != nil {
				r.recipients, _ = f.Recipients.Entry()
			}
		}
	})
}

// numberRows asks the register which numbers are next.
func (s *Screen) numberRows() {
	type asked struct {
		like   register.Number
		date   time.Time
		typed  bool
		series register.Series
		taken  error
	}
	all := slices.Clone(s.rows)
	rows := make([]asked, len(all))
	for i, r := range all {
		rows[i].like, rows[i].date, rows[i].typed = s.like(r), s.dated(r), r.typed && r.state != signer.RowDone
		r.unnumbered = false
	}
	first := map[register.Series]int{}
	reg := s.register
	s.beside(func(ctx context.Context) error {
		for i := range rows {
			if rows[i].like.Body == "" {
				continue // asked for on the panel
			}
			var err error
			if rows[i].series, err = reg.Series(ctx, register.Outgoing, rows[i].like, rows[i].date); err != nil {
				return err
			}
			if first[rows[i].series] == 0 {
				next, err := reg.Next(ctx, register.Outgoing, rows[i].like, rows[i].date)
				if err != nil {
					return err
				}
				first[rows[i].series] = next.N
			}
			if rows[i].typed {
				e, err := reg.Find(ctx, register.Outgoing, rows[i].like, rows[i].date)
				if err == nil {
					rows[i].taken = &register.TakenError{Number: rows[i].like, Entry: e}
				} else if !errors.Is(err, register.ErrNoEntry) {
					return err
				}
			}
		}
		return nil
	}, func(err error) {
		s.trouble = err
		for i, r := range all {
			r.series, r.taken = rows[i].series, rows[i].taken
		}
		for series, n := range s.start {
			first[series] = n
		}
		s.number(first)
	})
}

// renumber has the rows numbered anew: the date, the body or a number was changed.
func (s *Screen) renumber() {
	for _, r := range s.rows {
		r.unnumbered = true
	}
	s.work()
}

// job is what is to be done to a row, without the key.
func (s *Screen) job(r *row) signer.IssueJob {
	set := s.holder.Set()
	job := signer.IssueJob{
		Common: s.common, Slots: r.slots,
		Number: r.number.String(), Date: s.dated(r), Urgency: r.urgency,
		Seal: set.Picture, Diameter: set.Diameter, At: r.at,
	}
	if s.noSeal {
		job.NoSeal, job.Seal, job.Diameter, job.At = true, "", 0, nil
	}
	job.Source, job.Password, job.Out, job.Override = r.path, r.password, s.Settings.Folder(), r.override
	return job
}

// planRow finds out what would be done to a row.
func (s *Screen) planRow(r *row) {
	job, prepare, who := s.job(r), s.holder.Prepare(), s.holder.ID()
	number := r.number
	var plan *signer.Plan
	s.beside(func(ctx context.Context) error {
		key, err := s.Tokens.Key(who, nil)
		if err != nil {
			return err
		}
		defer key.Close()
		if job.Common, err = prepare(job.Common); err != nil {
			return err
		}
		job.Key = key
		plan, err = signer.PlanIssue(ctx, job)
		return err
	}, func(err error) {
		if who != s.holder.ID() || number != r.number {
			return // planned again
		}
		r.planned, r.plan, r.refusal = true, plan, err
		if r == s.current {
			s.show()
		}
	})
}

// replan has a row planned anew.
func (s *Screen) replan(r *row) {
	r.again()
	s.work()
}

// lookAgain reads a row's document anew: it may have been put back.
func (s *Screen) lookAgain(r *row) {
	r.read, r.trouble = false, nil
	r.again()
	s.turn(r)
	s.work()
}

// signerChanged is called when another certificate signs.
func (s *Screen) signerChanged() {
	for _, r := range s.rows {
		r.again()
	}
	s.loadSeal()
	s.work()
}

// loadSeal reads the picture of the seal.
func (s *Screen) loadSeal() {
	path, who := s.holder.Set().Picture, s.holder.ID()
	s.seal = nil
	if path == "" {
		return
	}
	var seal *appearance.Picture
	s.Run(func(context.Context) error {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		seal, err = appearance.DecodePicture(f)
		return err
	}, func(err error) {
		if who != s.holder.ID() {
			return
		}
		if err != nil {
			s.Problem(err, nil)
		}
		s.seal = seal
		s.show()
	})
}

// sealBox is the number of the seal's box on the board.
const sealBox = 0

// show lays what would be written over the pages of the current document.
func (s *Screen) show() {
	defer s.refresh()
	r := s.current
	if r == nil || s.reader.Pages() == 0 || r.state == signer.RowDone {
		return
	}
	r.password = string(s.reader.Password())
	if r.trouble != nil && errors.Is(r.trouble, pdffile.ErrPassword) && r.password != "" {
		r.read, r.trouble = false, nil
		s.work()
		return
	}
	if r.plan == nil {
		return
	}
	var pages []boxes.Page
	for n := range s.reader.Pages() {
		size := s.reader.PageSize(n + 1)
		pages = append(pages, boxes.Page{W: size.W, H: size.H})
	}
	s.editor = place.New(boxes.New(pages))
	s.editor.Typed = func(e *fyne.KeyEvent) {
		if !s.key(e) {
			s.reader.TypedKey(e)
		}
	}
	s.editor.Letter = s.reader.TypedRune
	for _, m := range r.plan.Marks {
		if m.Part == signer.SealPart {
			s.editor.Add(boxes.Box{Page: m.Place.Page, Box: m.Place.Box, Fixed: true}, s.drawnSeal)
			continue
		}
		if text, err := m.Look(); err == nil { // else signing tells what is wrong with it
			s.editor.Lay(boxes.Box{Page: m.Page, Box: m.Box}, func(float64, float64) *appearance.Look { return text })
		}
	}
	s.editor.Changed = func() { s.sealMoved(r) }
	s.reader.SetOverlay(s.editor.Overlay)
	if s.editor.Board.Len() > sealBox {
		b := s.editor.Board.Box(sealBox)
		around := b.Box
		around.Y, around.H = around.Y-20, around.H+40 // chức vụ above, họ tên below
		s.reader.ScrollTo(b.Page, around)
	}
}

func (s *Screen) drawnSeal(w, h float64) *appearance.Look {
	if s.seal == nil {
		return appearance.NewLook(w, h) // the frame alone
	}
	return appearance.SealLook(s.seal, w)
}

// sealMoved is called when the person has moved the seal. What stands against the
// row does not depend on it; the run checks again.
func (s *Screen) sealMoved(r *row) {
	if r != s.current || s.editor == nil || s.editor.Board.Len() == 0 {
		return
	}
	b := s.editor.Board.Box(sealBox)
	r.at = &signer.Place{Page: b.Page, Box: b.Box}
	s.refresh()
}
