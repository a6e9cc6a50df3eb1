package approve

import (
	"antin/app/gui/frame"
	"antin/signer"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

const listWidth = 270 // units

// list is the open documents with the state of each, seen when there are several.
type list struct {
	screen  *Screen
	content fyne.CanvasObject
	rows    *frame.List
	counts  *widget.Label

	selected *document
}

func newList(s *Screen) *list {
	l := &list{screen: s, counts: frame.Wrapped("")}
	l.rows = s.NewList(func() int { return len(s.documents) }, func() fyne.CanvasObject { return frame.NewRow(2) }, l.update)
	l.rows.Review(s.step, s.key)
	l.rows.OnSelected = func(i widget.ListItemID) {
		if i < len(s.documents) && s.documents[i] != s.current {
			s.show(s.documents[i])
		}
	}
	body := container.NewBorder(frame.Heading(s.Text("approve.documents")), l.counts, nil, nil, l.rows)
	l.content = container.NewBorder(nil, nil, nil, widget.NewSeparator(), frame.Wide(listWidth, frame.NewPart(body)))
	l.content.Hide()
	return l
}

func (l *list) update(i widget.ListItemID, o fyne.CanvasObject) {
	d := l.screen.documents[i]
	sign, text := l.state(d)
	o.(*frame.Row).Say(frame.SignIcon(sign), d.name(), "", text)
}

// state is how far a document has come.
func (l *list) state(d *document) (sign, text string) {
	s := l.screen
	switch {
	case d.state == signer.RowDone:
		return frame.SignGood, s.Text("approve.state-done")
	case d.state == signer.RowFailed:
		return frame.SignBad, s.Words.Explain(d.failure).What
	case d.state == signer.RowWorking:
		return frame.SignWait, s.Text("approve.state-working")
	case d.state == signer.RowSkipped:
		return "", s.Text("approve.state-skipped")
	case d.trouble != nil:
		return frame.SignBad, s.Words.Explain(d.trouble).What
	case d.refused():
		return frame.SignWarning, s.Words.Explain(d.refusal).What
	case d.agreed:
		return frame.SignGood, s.Text("approve.state-agreed")
	case d.planned && noPlace(d.refusal) && !d.placed() && len(d.candidates()) == 0:
		return frame.SignWarning, s.Text("approve.state-no-place")
	default:
		return frame.SignWait, s.Text("approve.state-waiting")
	}
}

func (l *list) refresh() {
	s := l.screen
	if len(s.documents) < 2 {
		return
	}
	if !l.content.Visible() {
		l.content.Show()
		s.reader.ToggleThumbnails() // the list stands in their place
		s.content.Refresh()         // it gives the list its room
	}
	l.count()
	for i, d := range s.documents {
		if d == s.current && d != l.selected {
			l.selected = d
			l.rows.Select(i)
		}
	}
	l.rows.Renew()
}

// count tells how many documents have come how far.
func (l *list) count() {
	s := l.screen
	agreed, done := 0, 0
	for _, d := range s.documents {
		if d.agreed {
			agreed++
		}
		if d.state == signer.RowDone {
			done++
		}
	}
	frame.Say(l.counts, s.Text("approve.counts", agreed, done, len(s.documents)))
}
