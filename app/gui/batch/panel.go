package batch

import (
	"strconv"
	"time"

	"antin/app/gui/frame"
	"antin/signer"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Words are the names of the texts for a screen's work.
type Words struct {
	Title   string // over the bar while it goes on
	Writing string // what is done to a document
	Again   string // on the button that does the rest
	Back    string // on the button that leaves the result
	Failed  string // how many documents failed
}

// Panel is the side of a screen: its choices; while a run is open how far that is;
// afterwards what came of it.
type Panel struct {
	Box  *fyne.Container
	Back *frame.Button // leaves the result; a screen may hide it

	frame   *frame.Frame
	words   Words
	choices fyne.CanvasObject
	run     *Run // that is shown

	progress fyne.CanvasObject
	bar      *widget.ProgressBar
	what     *widget.Label
	left     *widget.Label
	pause    *frame.Button
	cancel   *frame.Button

	result   fyne.CanvasObject
	lines    *frame.Kept
	again    *frame.Button
	folder   *frame.Button
	document *frame.Button
	made     string
}

// NewPanel makes the side of a screen. again and back are what the buttons of the
// result do; more are buttons of the screen's own among them.
func NewPanel(f *frame.Frame, w Words, choices fyne.CanvasObject, again, back func(), more ...*frame.Button) *Panel {
	p := &Panel{frame: f, words: w, choices: frame.NewPart(choices), bar: widget.NewProgressBar(), what: frame.Wrapped(""), left: frame.Wrapped(""), lines: frame.NewKept()}
	p.bar.TextFormatter = p.figures
	p.pause = f.NewButton(f.Text("run.pause"), func() { p.run.Pause() })
	p.cancel = f.NewButton(f.Text("run.cancel"), func() { p.run.Stop() })
	p.progress = frame.Foot(frame.Heading(f.Text(w.Title)), p.bar, p.what, p.left, container.NewGridWithColumns(2, p.pause, p.cancel))
	p.again, p.Back = f.NewMainButton(f.Text(w.Again), again), f.NewButton(f.Text(w.Back), back)
	p.folder = f.NewButton(f.Text("run.folder"), func() { f.Folder(p.made) })
	p.document = f.NewButton(f.Text("run.document"), func() { f.Document(p.made) })
	result := container.NewVBox(p.lines.Box, p.again, p.folder, p.document)
	for _, b := range more {
		result.Add(b)
	}
	result.Add(p.Back)
	p.result = frame.Panel(result)
	p.Box = container.NewStack(p.choices)
	return p
}

// Turn shows something else; it is not touched when it is shown already.
func (p *Panel) Turn(to fyne.CanvasObject) {
	if p.Box.Objects[0] != to {
		p.Box.Objects[0] = to
		p.Box.Refresh()
		frame.Renew(to)
	}
}

// Choices shows what the person chooses before a run.
func (p *Panel) Choices() { p.Turn(p.choices) }

// Progress shows how far a run is.
func (p *Panel) Progress(r *Run) {
	p.run = r
	done, left := r.Count(signer.RowDone, signer.RowFailed, signer.RowSkipped), ""
	if !r.paused && r.left >= time.Second {
		left = p.frame.Text("run.left", int(r.left.Round(time.Second).Seconds()))
	}
	stages, stage := float64(signer.Saving+1), float64(r.stage)
	switch {
	case r.stage == signer.AskingTSA:
		stage = float64(signer.AskingKey)
	case r.stage > signer.Saving:
		stage = 0 // pages are read and judged before anything is written
	}
	if most := float64(max(1, len(r.rows))) * stages; p.bar.Max != most {
		p.bar.Max, p.bar.Value = most, -1
	}
	if now := float64(done)*stages + stage; p.bar.Value != now {
		p.bar.SetValue(now)
	}
	frame.Say(p.what, p.doing(r))
	frame.Say(p.left, left)
	if r.paused {
		p.pause.Say(p.frame.Text("run.go-on"))
	} else {
		p.pause.Say(p.frame.Text("run.pause"))
	}
	frame.Show(p.pause, len(r.rows) > 1)
	frame.Enable(p.pause, !r.pausing)
	frame.Enable(p.cancel, !r.stopping)
	p.Turn(p.progress)
}

// figures are on the bar: how many documents are through. Of one the bar shows the
// steps.
func (p *Panel) figures() string {
	if p.run == nil || len(p.run.rows) < 2 {
		return ""
	}
	return strconv.Itoa(p.run.Count(signer.RowDone, signer.RowFailed, signer.RowSkipped)) + "/" + strconv.Itoa(len(p.run.rows))
}

// doing is what is being done now, in words.
func (p *Panel) doing(r *Run) string {
	if r.paused {
		return p.frame.Text("run.paused")
	}
	for i, row := range r.rows {
		if row.State == signer.RowWorking {
			return p.frame.Text("run.stage", r.use.Name(i), p.stage(r))
		}
	}
	return p.frame.Text("run.prepare")
}

func (p *Panel) stage(r *Run) string {
	switch r.stage {
	case signer.Checking:
		return p.frame.Text("run.checking", r.at, r.of)
	case signer.ReadingText:
		return p.frame.Text("run.reading-text", r.at, r.of)
	case signer.AskingKey:
		return p.frame.Text("run.asking-key")
	case signer.AskingTSA:
		return p.frame.Text("run.asking-tsa")
	case signer.Verifying:
		return p.frame.Text("run.verifying")
	case signer.Saving:
		return p.frame.Text("run.saving")
	case signer.Reading, signer.Writing:
	}
	return p.frame.Text(p.words.Writing)
}

// Line is one sentence of what came of a run, a problem in full, or the question for
// a password.
type Line struct {
	Sign    string // of package frame, "" for none
	Text    string
	Large   bool
	Problem error
	Locked  int // documents whose password is asked for
}

// Told is what there is to say of every run beside what was made: what failed, what
// is left, what has no time-stamp, what stopped it.
func (p *Panel) Told(r *Run) (lines []Line) {
	unstamped, failed, left := 0, r.Count(signer.RowFailed), r.Count(signer.RowWaiting, signer.RowWorking)
	for _, row := range r.rows {
		if row.Result != nil && row.Result.StampProblem != nil {
			unstamped++
		}
	}
	if failed > 0 {
		lines = append(lines, Line{Sign: frame.SignBad, Text: p.frame.Text(p.words.Failed, failed)})
	}
	if failed > 0 && len(r.rows) == 1 { // no list shows its reason
		lines = append(lines, Line{Problem: r.rows[0].Err})
	}
	if n := len(r.locked()); n > 0 {
		lines = append(lines, Line{Locked: n})
	}
	if left > 0 {
		lines = append(lines, Line{Sign: frame.SignWarning, Text: p.frame.Text("run.not-done", left)})
	}
	if unstamped > 0 {
		lines = append(lines, Line{Sign: frame.SignWarning, Text: p.frame.Text("run.unstamped", unstamped)})
	}
	if r.halted != nil {
		lines = append(lines, Line{Problem: r.halted})
	}
	return lines
}

// Result shows what came of a run; made is the newest document that it has made,
// "" for none.
func (p *Panel) Result(r *Run, made string, lines []Line) {
	p.run, p.made = r, made
	p.lines.Show(lines, func() (objects []fyne.CanvasObject) {
		for _, l := range lines {
			objects = append(objects, p.Object(l))
		}
		return objects
	})
	frame.Show(p.again, r.Remaining() > 0)
	frame.Show(p.folder, made != "")
	frame.Show(p.document, made != "")
	p.Turn(p.result)
}

// unlock does the documents that need a password again with this one; those that
// have another ask again.
func (p *Panel) unlock(password string) {
	if password != "" {
		p.run.unlock(password)
		p.again.OnTapped()
	}
}

// Object shows a line.
func (p *Panel) Object(l Line) fyne.CanvasObject {
	switch {
	case l.Problem != nil:
		return frame.ProblemPanel(p.frame.Words, p.frame.Words.Explain(l.Problem))
	case l.Locked > 0:
		return container.NewVBox(frame.Wrapped(p.frame.Text("run.locked", l.Locked)), p.frame.NewPassword(p.frame.Text("run.unlock"), p.unlock))
	case l.Sign == "" && !l.Large:
		return frame.Wrapped(l.Text)
	}
	told := frame.NewTold()
	if l.Large {
		told.Text.TextStyle.Bold, told.Text.SizeName = true, theme.SizeNameSubHeadingText
	}
	told.Set(l.Sign, l.Text)
	return told.Box
}
