package timestamps

import (
	"errors"
	"path/filepath"

	"antin/app/gui/frame"
	"antin/signer"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// newRow is a document: its sign, its name, and below that how it stands.
func newRow() fyne.CanvasObject {
	texts := container.New(layout.NewCustomPaddedVBoxLayout(-8), frame.NewLine().Bold(true), frame.NewLine())
	return container.NewBorder(nil, nil, container.NewPadded(widget.NewIcon(nil)), nil, texts)
}

func (s *Screen) fill(i int, o *fyne.Container) {
	texts, sign := o.Objects[0].(*fyne.Container), o.Objects[1].(*fyne.Container)
	row := s.rows[i]
	mark, text := s.state(row)
	frame.Mark(sign.Objects[0].(*widget.Icon), mark)
	texts.Objects[0].(*frame.Line).Say(filepath.Base(row.Source))
	texts.Objects[1].(*frame.Line).Say(text)
}

// state is how a document stands, as a sign and in words.
func (s *Screen) state(row signer.Row) (sign, text string) {
	switch row.State {
	case signer.RowWorking:
		return frame.SignWait, s.Text("timestamps.row-working")
	case signer.RowDone:
		return frame.SignGood, s.Text("timestamps.row-done", s.Words.Time(row.Result.SignedAt), filepath.Base(row.Result.Output))
	case signer.RowFailed:
		return frame.SignBad, s.Words.Explain(row.Err).What
	case signer.RowWaiting, signer.RowSkipped:
	}
	return "", s.Text("timestamps.row-waiting", filepath.Dir(row.Source))
}

// showDetail shows why the chosen document has no time-stamp, with what can be
// done about it here; of others what the screen is for.
func (s *Screen) showDetail() {
	var row signer.Row
	if s.current >= 0 {
		row = s.rows[s.current]
	}
	i := s.current
	s.detail.Show([]any{i, row.Source, row.Err, s.run.Open()}, func() []fyne.CanvasObject {
		if row.Err == nil {
			return []fyne.CanvasObject{frame.Wrapped(s.Text("timestamps.about"))}
		}
		objects := []fyne.CanvasObject{frame.Wrapped(row.Source), frame.ProblemPanel(s.Words, s.Words.Explain(row.Err))}
		if errors.Is(row.Err, signer.ErrMoved) || errors.Is(row.Err, signer.ErrNotEntered) {
			b := s.NewButton(s.Text("timestamps.point"), func() { s.point(i) })
			frame.Enable(b, !s.run.Open())
			objects = append(objects, container.NewHBox(b))
		}
		return objects
	})
}

// point asks where a document is now and does it there. Whether it is the one in
// the register its content tells.
func (s *Screen) point(i int) {
	s.Choose(s.Text("timestamps.point"), []string{".pdf"}, false, func(paths []string) {
		if s.Busy() || len(paths) == 0 {
			return
		}
		s.batch.Rows[i].Source = paths[0]
		s.again()
	})
}
