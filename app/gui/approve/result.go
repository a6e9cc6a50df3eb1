package approve

import (
	"path/filepath"
	"slices"

	"antin/app/gui/batch"
	"antin/app/gui/frame"
	"antin/signer"

	"fyne.io/fyne/v2/widget"
)

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
	several, left := len(r.documents) > 1, len(failed)+len(waiting) > 0
	var lines []batch.Line
	switch {
	case len(done) > 0 && !several:
		lines = p.done(done[0])
	case len(done) > 0:
		lines = append(lines, batch.Line{Sign: frame.SignGood, Text: s.Text("approve.signed-several", len(done), len(r.documents)), Large: true})
		for _, verdict := range verdicts(done) {
			lines = append(lines, batch.Line{Text: s.Text("approve.verdict", verdict)})
		}
	}
	if i := slices.IndexFunc(done, func(d *document) bool { return d.unlogged != nil }); i >= 0 { // the others have the same trouble
		lines = append(lines, batch.Line{Sign: frame.SignWarning, Text: s.Text("approve.unlogged", s.Words.Explain(done[i].unlogged).What), Large: true})
	}
	for _, d := range failed {
		if several {
			lines = append(lines, batch.Line{Sign: frame.SignBad, Text: d.name(), Large: true})
		}
		lines = append(lines, p.notSigned(d.failure)...)
	}
	if halted := r.Halted(); halted != nil {
		if several && len(waiting) > 0 {
			lines = append(lines, batch.Line{Sign: frame.SignWarning, Text: s.Text("approve.stopped", len(waiting)), Large: true})
		}
		lines = append(lines, p.notSigned(halted)...)
	}
	if left {
		lines = append(lines, batch.Line{Text: s.Text("approve.nothing-lost")})
	}
	made := ""
	switch {
	case slices.Contains(done, s.current):
		made = s.current.result.Output
	case len(done) > 0:
		made = done[len(done)-1].result.Output
	}
	next := s.waiting() != nil
	frame.Show(p.next, next)
	frame.Show(p.other, !next && !left)
	importance := widget.MediumImportance
	if !left {
		importance = widget.HighImportance
	}
	if p.next.Importance != importance {
		p.next.Importance = importance
		p.next.Refresh()
	}
	frame.Show(p.side.Back, left)
	p.side.Result(r.Run, made, lines)
}

// signNext leaves the result for the next document that waits.
func (s *Screen) signNext() {
	if next := s.waiting(); next != nil {
		s.leaveRun()
		s.show(next)
	}
}

// signOther leaves the result for a document that is chosen.
func (s *Screen) signOther() {
	s.leaveRun()
	s.choose()
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

// notSigned is why something was not signed.
func (p *panel) notSigned(err error) []batch.Line {
	return []batch.Line{{Sign: frame.SignBad, Text: p.screen.Text("approve.not-signed"), Large: true}, {Problem: err}}
}

// done is one signed document.
func (p *panel) done(d *document) []batch.Line {
	s := p.screen
	title := s.Text("approve.signed")
	if d.initials {
		title = s.Text("approve.signed-initials")
	}
	lines := []batch.Line{
		{Sign: frame.SignGood, Text: title, Large: true},
		{Text: filepath.Base(d.result.Output)},
		{Text: s.Text("approve.signed-by", s.signer.Name(), s.Words.Time(d.result.SignedAt))},
	}
	if d.verdict != "" {
		lines = append(lines, batch.Line{Text: s.Text("approve.verdict", d.verdict)})
	}
	if d.result.StampProblem != nil {
		problem := s.Words.Explain(d.result.StampProblem)
		lines = append(lines, batch.Line{Sign: frame.SignWarning, Text: problem.What + " " + s.Text("note.no-stamp"), Large: true})
	}
	return lines
}
