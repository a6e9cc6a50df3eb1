package issue

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"antin/app/gui/frame"
	"antin/signer"
	"antin/signer/register"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// progress shows a run at work.
type progress struct {
	screen *Screen
	box    fyne.CanvasObject
	bar    *widget.ProgressBar
	what   *widget.Label
	left   *widget.Label
	pause  *frame.Button
	cancel *frame.Button
}

func newProgress(s *Screen) *progress {
	p := &progress{screen: s, bar: widget.NewProgressBar(), what: frame.Wrapped(""), left: frame.Wrapped("")}
	p.bar.TextFormatter = func() string { return strconv.Itoa(int(p.bar.Value)) + "/" + strconv.Itoa(int(p.bar.Max)) }
	p.pause = s.NewButton(s.Text("outgoing.pause"), p.turn)
	p.cancel = s.NewButton(s.Text("outgoing.cancel"), func() {
		if s.run != nil {
			s.run.stop()
			if s.run.paused {
				s.run.ended(context.Canceled)
			}
		}
	})
	p.box = container.NewVBox(frame.Heading(s.Text("outgoing.working")), p.bar, p.what, p.left, container.NewGridWithColumns(2, p.pause, p.cancel))
	return p
}

// turn pauses the run, or lets it go on.
func (p *progress) turn() {
	switch r := p.screen.run; {
	case r == nil:
	case r.paused:
		r.resume()
	case r.batch != nil:
		r.batch.Pause()
	}
}

func (p *progress) refresh(r *run) {
	s := p.screen
	p.bar.Max = float64(max(1, len(r.rows)))
	p.bar.SetValue(float64(r.done))
	what, left := s.Text("outgoing.stage-prepare"), ""
	for _, row := range r.rows {
		if row.state == signer.RowWorking {
			what = s.Text("outgoing.stage", row.name(), s.stage(r.stage))
		}
	}
	p.pause.SetText(s.Text("outgoing.pause"))
	if r.paused {
		what = s.Text("outgoing.paused")
		p.pause.SetText(s.Text("outgoing.go-on"))
	} else if r.left > 0 {
		left = s.Text("outgoing.left", int(r.left.Round(time.Second).Seconds()))
	}
	p.what.SetText(what)
	p.left.SetText(left)
	frame.Show(p.pause, len(r.rows) > 1)
}

// stage is what is being done to a document, in words.
func (s *Screen) stage(stage signer.Stage) string {
	switch stage {
	case signer.AskingKey:
		return s.Text("outgoing.stage-key")
	case signer.Verifying:
		return s.Text("outgoing.stage-verify")
	case signer.Saving:
		return s.Text("outgoing.stage-save")
	case signer.Reading, signer.Writing:
	}
	return s.Text("outgoing.stage-write")
}

// tellResult shows what came of a run.
func (p *panel) tellResult(r *run) {
	s := p.screen
	done, failed, left, unstamped := 0, 0, 0, 0
	var last *row
	for _, row := range r.rows {
		switch row.state {
		case signer.RowDone:
			done, last = done+1, row
			if row.result != nil && row.result.StampProblem != nil {
				unstamped++
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
	switch {
	case done == 1 && len(r.rows) == 1:
		add(frame.SignGood, s.Text("outgoing.done-one", last.number.String()))
		p.result.Add(shortened(last.result.Output))
	case done > 0:
		add(frame.SignGood, s.Text("outgoing.done", done, len(r.rows)))
	}
	if failed > 0 {
		add(frame.SignBad, s.Text("outgoing.failed", failed))
	}
	if left > 0 {
		add(frame.SignWarning, s.Text("outgoing.not-done", left))
	}
	if unstamped > 0 {
		add(frame.SignWarning, s.Text("outgoing.unstamped", unstamped))
	}
	if r.halted != nil {
		p.result.Add(frame.ProblemPanel(s.Words, s.Words.Explain(r.halted)))
	}
	if failed+left > 0 {
		p.result.Add(s.NewMainButton(s.Text("outgoing.again"), s.again))
	}
	if last != nil {
		p.result.Add(s.NewButton(s.Text("outgoing.folder"), func() { s.Folder(last.result.Output) }))
		p.result.Add(s.NewButton(s.Text("outgoing.document"), func() { s.Document(last.result.Output) }))
		p.result.Add(s.NewButton(s.Text("outgoing.export"), s.export))
	}
	p.result.Add(s.NewButton(s.Text("outgoing.back"), s.leave))
}

// export writes this year's outgoing register where the person wants it.
func (s *Screen) export() {
	reg, year := s.register, strconv.Itoa(s.date.Year())
	s.ChooseFolder(s.Text("outgoing.export"), func(folder string) {
		path := ""
		s.Run(func(ctx context.Context) error {
			var err error
			path, err = exportTo(ctx, reg, folder, s.Text("outgoing.export-name", year), year)
			return err
		}, func(err error) {
			if err != nil {
				s.Problem(err, nil)
				return
			}
			s.Folder(path)
		})
	})
}

// exportTo writes the register of a year to a new file NAME.xlsx in a folder; an
// existing file is never replaced.
func exportTo(ctx context.Context, reg *register.Register, folder, name, year string) (path string, err error) {
	path = filepath.Join(folder, name+".xlsx")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("%w: %q", signer.ErrExists, path)
	}
	if err != nil {
		return "", err
	}
	err = errors.Join(reg.ExportXLSX(ctx, f, register.Outgoing, year), f.Sync(), f.Close())
	if err != nil {
		return "", errors.Join(err, os.Remove(path))
	}
	return path, nil
}
