// Package timestamps is the screen that adds the time-stamps that wait in the
// register: those of documents that were signed while there was no network. It
// begins at once, shows each document with what became of it, and lets a person
// point at one that was moved since.
package timestamps

import (
	"context"
	"path/filepath"

	"antin/app/gui/batch"
	"antin/app/gui/frame"
	"antin/app/gui/holder"
	"antin/signer"
	"antin/signer/home"
	"antin/signer/register"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Use is what the screen works with.
type Use struct {
	Open      func(ctx context.Context) (*register.Register, error) // the registers; nil = the office's
	Documents func(paths []string)                                  // takes documents to the screen whose work they are
}

// Screen implements frame.Screen.
type Screen struct {
	*frame.Frame
	use     Use
	run     *batch.Run
	closed  bool
	rows    []signer.Row
	current int // -1: none

	// Made beside the user interface, and not touched there while it runs.
	register *register.Register
	batch    *signer.Batch

	list    *frame.List
	detail  *frame.Kept
	panel   *batch.Panel
	content fyne.CanvasObject
}

// New makes the screen, which begins its work.
func New(f *frame.Frame, use Use) *Screen {
	if use.Open == nil {
		use.Open = home.Register
	}
	s := &Screen{Frame: f, use: use, current: -1, detail: frame.NewKept()}
	s.run = batch.New(f, func() {}, batch.Use{Name: func(row int) string { return filepath.Base(s.rows[row].Source) }, Changed: s.changed, Show: s.show, Turned: s.turned})
	s.list = f.NewList(func() int { return len(s.rows) }, func() fyne.CanvasObject { return frame.NewRow(2) }, s.fill)
	s.list.OnSelected = func(i widget.ListItemID) { s.choose(i) }
	s.panel = batch.NewPanel(f, batch.Words{
		Title: "timestamps.working", Writing: "timestamps.writing", Again: "timestamps.again", Back: "timestamps.back", Failed: "timestamps.failed",
	}, frame.Wrapped(f.Text("timestamps.none")), s.again, f.Home)
	side := container.NewBorder(nil, nil, widget.NewSeparator(), nil, frame.Wide(frame.PanelWidth, container.NewPadded(s.panel.Box)))
	middle := container.NewVSplit(s.list, container.NewVScroll(container.NewPadded(s.detail.Box)))
	middle.Offset = 0.5
	s.content = container.NewBorder(nil, nil, nil, side, middle)
	s.begin()
	return s
}

// begin finds what waits and does it.
func (s *Screen) begin() {
	prepare := holder.Prepare(s.Frame, nil)
	s.run.Prepare(func(ctx context.Context) error {
		if s.register == nil { // it may be there from a first try
			r, err := s.use.Open(ctx)
			if err != nil {
				return err
			}
			s.register = r
		}
		c, err := prepare(signer.Common{})
		if err != nil {
			return err
		}
		job := signer.TimestampJob{TSA: c.TSA, Trust: c.Trust, Now: c.Now}
		if job.TSA != nil {
			job.TSA.Timeout = signer.TimestampPatience
		}
		s.batch, err = signer.NewTimestampBatch(ctx, s.register, job)
		return err
	}, func(err error) {
		if err != nil || s.closed {
			s.run.Ended(err)
			return
		}
		s.rows = append([]signer.Row(nil), s.batch.Rows...)
		s.list.Refresh()
		s.run.Do(s.batch)
	})
}

// again does what waits after a stop, and what failed.
func (s *Screen) again() {
	if s.Busy() {
		return
	}
	if s.batch == nil { // nothing could be prepared
		s.begin()
		return
	}
	s.run.Again(func() {})
}

func (s *Screen) changed(i int, now signer.Row) {
	s.rows[i] = now
	if now.State == signer.RowDone {
		s.Recent(now.Result.Output, frame.Timestamped)
	}
}

func (s *Screen) show() {
	s.list.Renew()
	s.showPanel()
}

// turned shows the run as it is now. At its end the first document that failed is
// the one to look at.
func (s *Screen) turned() {
	s.list.Renew()
	if !s.run.Open() {
		if s.closed {
			s.end()
			return
		}
		for i, row := range s.rows {
			if row.State == signer.RowFailed {
				s.list.Select(i)
				break
			}
		}
	}
	s.showDetail()
	s.showPanel()
	s.Changed()
}

func (s *Screen) showPanel() {
	switch {
	case s.run.Open():
		s.panel.Progress(s.run)
	case s.batch != nil && len(s.rows) == 0:
		s.panel.Choices()
	default:
		made, done := "", s.run.Count(signer.RowDone)
		for _, row := range s.rows {
			if row.State == signer.RowDone {
				made = row.Result.Output
			}
		}
		var lines []batch.Line
		if done > 0 {
			lines = append(lines, batch.Line{Sign: frame.SignGood, Text: s.Text("timestamps.done", done, len(s.rows)), Large: true})
		}
		s.panel.Result(s.run, made, append(lines, s.panel.Told(s.run)...))
	}
}

func (s *Screen) choose(i int) {
	s.current = i
	s.showDetail()
}

// Title implements frame.Screen.
func (s *Screen) Title() string { return s.Text("timestamps.title") }

// Content implements frame.Screen.
func (s *Screen) Content() fyne.CanvasObject { return s.content }

// Open implements frame.Screen: documents are work for another screen.
func (s *Screen) Open(paths []string) {
	if !s.Busy() {
		s.use.Documents(paths)
	}
}

// Actions implements frame.Screen.
func (s *Screen) Actions() []frame.Action {
	return []frame.Action{
		{Label: s.Text("timestamps.again"), Key: fyne.KeyF9, Enabled: func() bool { return !s.Busy() && s.run.Remaining() > 0 }, Do: s.again},
		{Label: s.Text("timestamps.back"), Enabled: func() bool { return !s.Busy() }, Do: s.Home},
	}
}

// HelpPage implements frame.Screen.
func (s *Screen) HelpPage() string { return "offline" }

// Busy implements frame.Screen.
func (s *Screen) Busy() bool { return s.run.Open() }

// Close implements frame.Screen.
func (s *Screen) Close() {
	s.closed = true
	working := s.run.Working()
	s.run.Close()
	if !working {
		s.end()
	}
}

// end gives the register back when nothing works with it any more.
func (s *Screen) end() {
	r := s.register
	if s.register = nil; r != nil {
		s.Worker(func() { _ = r.Close() }, func() {}) // what was entered is committed
	}
}
