package certify

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"

	"antin/app/gui/place"
	"antin/app/gui/place/boxes"
	"antin/assets"
	"antin/signer"
	"antin/signer/appearance"
	"antin/signer/ocr"
	"antin/signer/pdffile"
	"antin/signer/register"
	"antin/signer/scan"
)

// openRegister opens the registers and looks for a run that was cut off.
func (s *Screen) openRegister() {
	var opened *register.Register
	left := 0
	s.Run(func(ctx context.Context) (err error) {
		if opened, err = s.use.Open(ctx); err == nil {
			left, err = earlierIn(ctx, opened)
		}
		return err
	}, func(err error) {
		if s.closed {
			if opened != nil {
				_ = opened.Close() // nothing was written
			}
			return
		}
		s.register, s.trouble, s.earlier = opened, err, left
		s.work()
	})
}

// earlierIn is how many scans are left of a run that was cut off. One that another
// program is at is none.
func earlierIn(ctx context.Context, reg *register.Register) (left int, err error) {
	before, err := signer.ResumeCopies(ctx, reg, signer.Common{})
	if errors.Is(err, register.ErrNoEntry) || errors.Is(err, register.ErrRunning) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return before.Count(signer.RowWaiting) + before.Count(signer.RowFailed), before.Close()
}

// findScanner looks for a scanner: without one nothing is said of it.
func (s *Screen) findScanner() {
	var found []scan.Device
	s.Run(func(ctx context.Context) (err error) {
		found, err = s.use.Scanner.Devices(ctx)
		return err
	}, func(err error) {
		if err == nil && !s.closed {
			s.devices = found
			s.refresh()
		}
	})
}

// tryOCR finds out whether copies can be made searchable.
func (s *Screen) tryOCR() {
	s.Run(s.use.OCR, func(err error) {
		s.unreadable = err
		s.refresh()
	})
}

func findOCR(ctx context.Context) error {
	_, err := ocr.Find(ctx)
	return err
}

// work does the next thing that is to be found out about the rows: each is read,
// all are numbered, each is put together and planned. One at a time, beside the
// user interface.
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
	if s.unnumbered && s.register != nil && len(s.rows) > 0 {
		s.numberRows()
		return
	}
	rows := s.rows
	if s.current != nil { // what is looked at comes first
		rows = append([]*row{s.current}, rows...)
	}
	for _, r := range rows {
		switch {
		case r.trouble != nil || !r.open() || len(r.asks()) > 0 || r.fixed == nil && len(r.plan.Sheets()) == 0:
		case r.shown == "":
			s.bindRow(r)
			return
		case !r.planned:
			s.planRow(r)
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

// readRow finds out what pages a row has.
func (s *Screen) readRow(r *row) {
	files := r.files
	for i := range files {
		files[i].Password = r.password
	}
	var leaves []scan.Leaf
	s.beside(func(ctx context.Context) (err error) {
		leaves, err = scan.Leaves(ctx, files...)
		return err
	}, func(err error) {
		r.read, r.trouble, r.fixed = true, nil, nil
		switch {
		case errors.Is(err, scan.ErrInputSigned) || errors.Is(err, scan.ErrInputKind) && len(files) == 1:
			r.fixed = err // its pages stay as they are
		case err != nil:
			r.trouble = err
			if errors.Is(err, pdffile.ErrPassword) {
				r.shown = r.path // the reader asks for it
			}
		default:
			r.plan = scan.NewPlan(leaves...)
		}
		if r == s.current && r.shown != "" {
			s.show()
		}
	})
}

// numberRows asks the register which number is next.
func (s *Screen) numberRows() {
	s.unnumbered = false
	next := s.like()
	if s.use.Archive || next.Body == "" { // which is asked for on the panel
		s.first = register.Number{}
		s.work()
		return
	}
	reg, now := s.register, s.Now()
	s.beside(func(ctx context.Context) (err error) {
		next, err = reg.Next(ctx, register.Copies, next, now)
		return err
	}, func(err error) {
		if s.trouble = err; err == nil {
			s.first = next
		}
	})
}

// assign numbers the rows: those that would be certified now first, so that no
// number is left out; what cannot be certified has none. Those of a run keep theirs,
// which the journal has.
func (s *Screen) assign() {
	if s.run != nil {
		return
	}
	if s.use.Archive {
		order(s.rows)
		return
	}
	now := s.ready()
	var later []*row
	for _, r := range s.rows {
		switch {
		case !r.open() || slices.Contains(now, r):
		case r.hopeless() && !r.typed:
			r.number = register.Number{}
		default:
			later = append(later, r)
		}
	}
	number(append(now, later...), s.first)
}

// party tells whether the office numbers as the Party does.
func (s *Screen) party() bool {
	return s.Settings.Profile == assets.ProfileParty || s.Settings.Profile == assets.ProfileParty18
}

// renumber has the rows numbered anew.
func (s *Screen) renumber() {
	s.unnumbered = true
	s.work()
}

// bindRow makes the PDF that is shown and judged of the pages of a row.
func (s *Screen) bindRow(r *row) {
	if r.untouched() {
		r.shown = r.path
		if r == s.current {
			s.show()
		}
		s.work()
		return
	}
	plan, version := r.plan, r.version
	var made io.Closer
	path := ""
	s.beside(func(ctx context.Context) error {
		f, err := scan.Bind(ctx, plan, scan.Properties{})
		if err == nil {
			made, path = f, f.Path()
		}
		return err
	}, func(err error) {
		if made != nil {
			s.bound = append(s.bound, made) // the reader may show it until the end
		}
		if version != r.version {
			return // put together again
		}
		if err != nil {
			r.trouble = err
			return
		}
		r.shown = path
		if r == s.current {
			s.show()
		}
	})
}

// opened is called when the reader knows the pages.
func (s *Screen) opened() {
	r := s.current
	if r == nil {
		return
	}
	if p := string(s.reader.Password()); errors.Is(r.trouble, pdffile.ErrPassword) && p != "" {
		r.password, r.read, r.shown, r.trouble = p, false, "", nil
		s.work()
		return
	}
	if s.page > 1 && s.page <= s.reader.Pages() {
		s.reader.GoTo(s.page)
	}
	s.lay()
	s.refresh()
}

// job is what is to be done to a row, without the key.
func (s *Screen) job(r *row) signer.CopyJob {
	job := signer.CopyJob{Form: s.form, Agency: s.agency(), ByOrderOf: s.byOrderOf, Looked: r.looked}
	job.Source, job.Password, job.Out = r.path, r.password, s.Settings.Folder()
	if s.form == scan.TrichSao {
		job.Pages = r.extract
	}
	if s.use.Archive {
		job.Form, job.Record, job.Ordinal, job.WithoutText = "", s.record, r.ordinal, s.withoutText
	}
	if !r.untouched() {
		job.Sheets = &r.plan
	}
	return job
}

// prepare fills what the settings say into a job. It reads files.
func (s *Screen) prepare() func(signer.Common) (signer.Common, error) {
	fill, archive := s.holder.Prepare(), s.use.Archive
	return func(c signer.Common) (signer.Common, error) {
		c, err := fill(c)
		if archive {
			c.Profile = assets.ProfileNamed(assets.ProfileArchive)
		}
		return c, err
	}
}

// planRow finds out what the copy would be: what stands against the scan, and
// where its text would be. What the person has still to give is left open.
func (s *Screen) planRow(r *row) {
	job, prepare := s.job(r), s.prepare()
	job.Agency, job.Record, job.Ordinal = cmp.Or(job.Agency, "…"), cmp.Or(job.Record, "…"), max(1, job.Ordinal)
	if job.Form == scan.TrichSao && len(job.Pages) == 0 {
		job.Pages = []int{1}
	}
	version := r.version
	var plan *signer.CopyPlan
	s.beside(func(ctx context.Context) (err error) {
		if job.Common, err = prepare(job.Common); err != nil {
			return err
		}
		plan, err = signer.PlanCopy(ctx, job, nil)
		return err
	}, func(err error) {
		if version != r.version {
			return // planned again
		}
		r.planned, r.copy, r.refusal = true, plan, err
		if r == s.current {
			s.lay()
		}
	})
}

// replan has all rows planned anew: something was changed that stands in their
// texts.
func (s *Screen) replan() {
	for _, r := range s.rows {
		r.replan()
	}
	s.work()
}

// agencyChanged is called when another certificate signs.
func (s *Screen) agencyChanged() {
	if s.Settings.Agency == "" {
		s.replan() // the name in the text is the certificate's
	}
	s.refresh()
}

// lay lays the text of the copy over the page that will bear it.
func (s *Screen) lay() {
	r := s.current
	if r == nil || r.copy == nil || r.copy.Block == nil || !r.open() || s.reader.Pages() == 0 {
		return
	}
	var all []boxes.Page
	for n := range s.reader.Pages() {
		size := s.reader.PageSize(n + 1)
		all = append(all, boxes.Page{W: size.W, H: size.H})
	}
	block := r.copy.Block
	s.editor = place.New(boxes.New(all))
	s.editor.Lay(boxes.Box{Page: r.copy.Pages[0], Box: block.Box}, func(float64, float64) *appearance.Look { return block.Look() })
	s.reader.SetOverlay(s.editor.Overlay)
}
