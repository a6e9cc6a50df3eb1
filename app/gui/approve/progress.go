package approve

import (
	"path/filepath"
	"slices"
	"time"

	"antin/app/gui/frame"
	"antin/signer"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// progress is how far a run has come.
type progress struct {
	screen *Screen
	box    *fyne.Container
	name   *widget.Label
	stage  *widget.Label
	bar    *widget.ProgressBar
	left   *widget.Label
	pause  *frame.Button
	stop   *frame.Button
}

// stages are the names of the texts for what a job is doing.
var stages = map[signer.Stage]string{
	signer.Reading: "approve.reading", signer.Writing: "approve.writing", signer.AskingKey: "approve.asking-key",
	signer.Verifying: "approve.verifying", signer.Saving: "approve.saving",
}

func newProgress(s *Screen) *progress {
	p := &progress{screen: s, name: frame.Wrapped(""), stage: frame.Wrapped(""), bar: widget.NewProgressBar(), left: frame.Wrapped("")}
	p.pause = s.NewButton("", func() {
		if s.run.paused {
			s.run.resume()
			return
		}
		s.run.batch.Pause()
		p.pause.Disable() // until the document in work is done
	})
	p.stop = s.NewButton(s.Text("approve.cancel"), func() {
		if s.run.working {
			s.run.stop()
			p.stop.Disable()
			return
		}
		s.leaveRun()
	})
	p.bar.TextFormatter = func() string { return "" } // the words below say it
	p.box = container.NewBorder(container.NewVBox(frame.Heading(s.Text("approve.signing")), p.name, p.stage, p.bar, p.left), container.NewVBox(p.pause, p.stop), nil, nil)
	return p
}

func (p *progress) refresh(r *run) {
	s := p.screen
	done := 0
	var now *document
	for _, d := range r.documents {
		switch d.state {
		case signer.RowDone, signer.RowFailed, signer.RowSkipped:
			done++
		case signer.RowWorking:
			now = d
		case signer.RowWaiting:
		}
	}
	several := len(r.documents) > 1
	if now != nil {
		p.name.SetText(now.name())
		p.stage.SetText(s.Text(stages[r.stage]))
	}
	if r.paused {
		p.stage.SetText(s.Text("approve.paused"))
		p.pause.SetText(s.Text("approve.resume"))
		p.pause.Enable()
		p.stop.Enable()
	} else {
		p.pause.SetText(s.Text("approve.pause"))
	}
	if done == 0 && r.working && (now == nil || r.stage == signer.Reading) {
		p.pause.Enable()
		p.stop.Enable()
	}
	// Of a single document the stages are what is done.
	p.bar.Max = float64(max(1, len(r.documents)) * len(stages))
	p.bar.SetValue(float64(done*len(stages) + int(r.stage)))
	left := ""
	if several {
		left = s.Text("approve.done-of", done, len(r.documents))
		if r.left >= time.Second {
			left = s.Text("approve.done-of-left", done, len(r.documents), int(r.left.Seconds()+0.5))
		}
	}
	p.left.SetText(left)
	frame.Show(p.pause, several)
}

// tell shows what came of a run.
func (p *panel) tell(r *run) {
	s := p.screen
	var done, failed, waiting []*document
	for _, d := range r.documents {
		switch d.state {
		case signer.RowDone:
			done = append(done, d)
		case signer.RowFailed:
			failed = append(failed, d)
		default:
			waiting = append(waiting, d)
		}
	}
	p.result.Objects = nil
	add := func(objects ...fyne.CanvasObject) { p.result.Objects = append(p.result.Objects, objects...) }
	switch {
	case len(done) > 0 && len(r.documents) == 1:
		add(p.tellDone(done[0])...)
	case len(done) > 0:
		add(outcome(frame.SignGood, s.Text("approve.signed-several", len(done), len(r.documents))))
		for _, verdict := range verdicts(done) {
			add(frame.Wrapped(s.Text("approve.verdict", verdict)))
		}
	}
	for _, d := range done {
		if d.unlogged != nil {
			add(outcome(frame.SignWarning, s.Text("approve.unlogged", s.Words.Explain(d.unlogged).What)))
			break // the others have the same trouble
		}
	}
	for _, d := range failed {
		if len(r.documents) > 1 {
			add(outcome(frame.SignBad, d.name()))
		}
		add(p.problem(d.failure))
	}
	if r.halted != nil {
		if len(r.documents) > 1 && len(waiting) > 0 {
			add(outcome(frame.SignWarning, s.Text("approve.stopped", len(waiting))))
		}
		add(p.problem(r.halted))
	}
	if len(failed) > 0 || len(waiting) > 0 {
		add(frame.Wrapped(s.Text("approve.nothing-lost")), s.NewMainButton(s.Text("approve.retry"), s.retry))
	}
	if len(done) > 0 {
		newest := done[len(done)-1].result.Output
		if slices.Contains(done, s.current) {
			newest = s.current.result.Output
		}
		add(s.NewButton(s.Text("approve.open-folder"), func() { s.Folder(newest) }),
			s.NewButton(s.Text("approve.open-document"), func() { s.Document(newest) }))
	}
	if next := s.waiting(); next != nil {
		b := s.NewButton(s.Text("approve.next-document"), func() {
			s.leaveRun()
			s.show(next)
		})
		if len(failed) == 0 && len(waiting) == 0 {
			b.Importance = widget.HighImportance
		}
		add(b)
	} else if len(failed) == 0 && len(waiting) == 0 {
		add(s.NewButton(s.Text("approve.open-another"), func() {
			s.leaveRun()
			s.choose()
		}))
	}
	if len(failed) > 0 || len(waiting) > 0 {
		add(s.NewButton(s.Text("approve.back"), s.leaveRun))
	}
	p.result.Refresh()
}

// verdicts are what our verifier said of these documents, each once.
func verdicts(of []*document) []string {
	var out []string
	for _, d := range of {
		if d.verdict != "" && !slices.Contains(out, d.verdict) {
			out = append(out, d.verdict)
		}
	}
	return out
}

// problem is why something was not done, with its code.
func (p *panel) problem(err error) fyne.CanvasObject {
	problem := p.screen.Words.Explain(err)
	return container.NewVBox(outcome(frame.SignBad, p.screen.Text("approve.not-signed", problem.Code)), frame.ProblemPanel(p.screen.Words, problem))
}

// tellDone is one signed document.
func (p *panel) tellDone(d *document) []fyne.CanvasObject {
	s := p.screen
	title := s.Text("approve.signed")
	if d.initials {
		title = s.Text("approve.signed-initials")
	}
	out := []fyne.CanvasObject{
		outcome(frame.SignGood, title),
		frame.Wrapped(filepath.Base(d.result.Output)),
		frame.Wrapped(s.Text("approve.signed-by", s.signer.Name(), s.Words.Time(d.result.SignedAt))),
	}
	if d.verdict != "" {
		out = append(out, frame.Wrapped(s.Text("approve.verdict", d.verdict)))
	}
	if d.result.StampProblem != nil {
		problem := s.Words.Explain(d.result.StampProblem)
		out = append(out, outcome(frame.SignWarning, problem.What+" "+s.Text("note.no-stamp")))
	}
	return out
}

// outcome is a sentence with its sign, larger than others.
func outcome(sign, text string) fyne.CanvasObject {
	t := frame.NewTold()
	t.Set(sign, text)
	t.Text.TextStyle.Bold = true
	t.Text.SizeName = theme.SizeNameSubHeadingText
	return t.Box
}
