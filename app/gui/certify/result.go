package certify

import (
	"path/filepath"
	"slices"

	"antin/app/gui/batch"
	"antin/app/gui/frame"
	"antin/signer"

	"fyne.io/fyne/v2/widget"
)

// tellResult shows what came of a run.
func (p *panel) tellResult(r *run) {
	s, done := p.screen, r.Count(signer.RowDone)
	var last *row
	for _, row := range r.rows {
		if row.state == signer.RowDone {
			last = row
		}
	}
	var lines []batch.Line
	made := ""
	if last != nil {
		made = last.result.Output
		text := s.Text("certify.done", done, len(r.rows))
		if len(r.rows) == 1 {
			text = s.Text("certify.done-one")
			if last.number.N > 0 {
				text = s.Text("certify.done-number", last.number.String())
			}
		}
		lines = append(lines, batch.Line{Sign: frame.SignGood, Text: text, Large: true}, batch.Line{Text: filepath.Base(made)})
	}
	lines = append(lines, p.side.Told(r.Run)...)
	left := r.Remaining() > 0
	frame.Show(p.side.Back, left)
	frame.Show(p.next, last != nil)
	importance := widget.MediumImportance
	if !left && slices.ContainsFunc(s.rows, (*row).open) { // one waits already
		importance = widget.HighImportance
	}
	if p.next.Importance != importance {
		p.next.Importance = importance
		p.next.Refresh()
	}
	p.side.Result(r.Run, made, lines)
}

// leave goes back to the list: what was not certified waits there.
func (s *Screen) leave() {
	s.forget(func() {
		for _, r := range s.rows {
			if r.open() {
				r.readAgain() // what kept it may be mended
			}
		}
		s.renumber()
	})
}

// nextScan forgets what is done and turns to what waits, or to what comes.
func (s *Screen) nextScan() {
	s.forget(s.turnToNext)
}

func (s *Screen) turnToNext() {
	s.rows = slices.DeleteFunc(s.rows, func(r *row) bool { return r.state == signer.RowDone })
	var first *row
	if len(s.rows) > 0 {
		first = s.rows[0]
	}
	s.byOrderOf = ""
	s.turn(first)
	s.renumber()
}
