package certify

import (
	"slices"
	"time"

	"antin/app/gui/frame"
	"antin/signer"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// progress shows the run, or the scanner, at work.
type progress struct {
	screen *Screen
	box    fyne.CanvasObject
	title  *widget.Label
	bar    *widget.ProgressBar
	what   *widget.Label
	left   *widget.Label
}

func newProgress(s *Screen) *progress {
	p := &progress{screen: s, title: frame.Heading(""), bar: widget.NewProgressBar(), what: frame.Wrapped(""), left: frame.Wrapped("")}
	p.bar.TextFormatter = func() string { return s.Text("certify.bar", int(p.bar.Value), int(p.bar.Max)) }
	cancel := s.NewButton(s.Text("certify.cancel"), func() {
		if s.scanning != nil {
			s.scanning.cancel()
		} else if s.run != nil {
			s.run.stop()
		}
	})
	p.box = container.NewVBox(p.title, p.bar, p.what, p.left, cancel)
	return p
}

func (p *progress) refresh() {
	s, r := p.screen, p.screen.run
	frame.Show(p.bar, s.scanning == nil)
	if s.scanning != nil {
		p.title.SetText(s.Text("certify.scanning"))
		p.what.SetText(s.Text("certify.scanned", s.scanning.pages))
		p.left.SetText("")
		return
	}
	p.title.SetText(s.Text("certify.working"))
	done, what, left := 0, s.Text("certify.stage-prepare"), ""
	for _, row := range r.rows {
		switch row.state {
		case signer.RowDone:
			done++
		case signer.RowWorking:
			what = s.Text("certify.stage", row.name(), s.stage(r))
		case signer.RowWaiting, signer.RowFailed, signer.RowSkipped:
		}
	}
	if r.left > 0 {
		left = s.Text("certify.left", int(r.left.Round(time.Second).Seconds()))
	}
	p.bar.Max = float64(max(1, len(r.rows)))
	p.bar.SetValue(float64(done))
	p.what.SetText(what)
	p.left.SetText(left)
}

// stage is what is being done to a scan, in words.
func (s *Screen) stage(r *run) string {
	switch r.stage {
	case signer.Checking:
		return s.Text("certify.stage-checking", r.at, r.of)
	case signer.ReadingText:
		return s.Text("certify.stage-text", r.at, r.of)
	case signer.AskingKey:
		return s.Text("certify.stage-key")
	case signer.Verifying:
		return s.Text("certify.stage-verify")
	case signer.Saving:
		return s.Text("certify.stage-save")
	case signer.Reading, signer.Writing:
	}
	return s.Text("certify.stage-write")
}

// tellResult shows what came of a run.
func (p *panel) tellResult(r *run) {
	s := p.screen
	done, failed, left, unstamped := 0, 0, 0, 0
	var last *row
	var unlogged error
	for _, row := range r.rows {
		switch row.state {
		case signer.RowDone:
			done, last = done+1, row
			if row.result.StampProblem != nil {
				unstamped++
			}
			if row.unlogged != nil {
				unlogged = row.unlogged
			}
		case signer.RowFailed:
			failed++
		case signer.RowWaiting, signer.RowWorking:
			left++
		case signer.RowSkipped:
		}
	}
	p.result.Objects = nil
	add := func(sign, text string) {
		t := frame.NewTold()
		t.Set(sign, text)
		p.result.Add(t.Box)
	}
	if done > 0 {
		text := s.Text("certify.done", done, len(r.rows))
		if len(r.rows) == 1 {
			text = s.Text("certify.done-one")
			if !r.archive {
				text = s.Text("certify.done-number", last.number.String())
			}
		}
		add(frame.SignGood, text)
		p.result.Add(frame.Wrapped(last.result.Output))
	}
	if failed > 0 {
		add(frame.SignBad, s.Text("certify.failed", failed))
		if len(r.rows) == 1 {
			p.result.Add(frame.ProblemPanel(s.Words, s.Words.Explain(r.rows[0].failure)))
		}
	}
	if left > 0 {
		add(frame.SignWarning, s.Text("certify.not-done", left))
	}
	if unstamped > 0 {
		add(frame.SignWarning, s.Text("certify.unstamped", unstamped))
	}
	for _, err := range []error{r.halted, unlogged} {
		if err != nil {
			p.result.Add(frame.ProblemPanel(s.Words, s.Words.Explain(err)))
		}
	}
	if failed+left > 0 {
		p.result.Add(s.NewMainButton(s.Text("certify.again"), r.start))
		p.result.Add(s.NewButton(s.Text("certify.back"), s.leave))
	}
	if last != nil {
		next := s.NewMainButton(s.Text("certify.next-scan"), s.nextScan)
		if failed+left > 0 {
			next.Importance = widget.MediumImportance
		}
		p.result.Add(s.NewButton(s.Text("certify.folder"), func() { s.Folder(last.result.Output) }))
		p.result.Add(s.NewButton(s.Text("certify.document"), func() { s.Document(last.result.Output) }))
		p.result.Add(next)
	}
}

// leave goes back to the list: what was not certified waits there.
func (s *Screen) leave() {
	s.run = nil
	for _, r := range s.rows {
		r.replan() // what kept it may be mended
	}
	s.renumber()
}

// nextScan forgets what is done and turns to what waits, or to what comes.
func (s *Screen) nextScan() {
	s.run = nil
	s.rows = slices.DeleteFunc(s.rows, func(r *row) bool { return r.state == signer.RowDone })
	var first *row
	if len(s.rows) > 0 {
		first = s.rows[0]
	}
	s.byOrderOf = ""
	s.turn(first)
	s.renumber()
}
