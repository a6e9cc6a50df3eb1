package timestamps

import (
	"errors"
	"path/filepath"

	"antin/app/gui/frame"
	"antin/signer"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// fill shows document i in a row that the list uses again and again.
func (s *Screen) fill(i int, o fyne.CanvasObject) {
	sign, text := s.state(s.rows[i])
	o.(*frame.Row).Say(frame.SignIcon(sign), filepath.Base(s.rows[i].Source), "", text)
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
