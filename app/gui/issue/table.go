package issue

import (
	"antin/app/gui/frame"
	"antin/signer"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

const tableWidth = 320 // units

// table is the list of documents; with a single one it is not seen.
type table struct {
	screen  *Screen
	content *fyne.Container
	list    *frame.List
	summary *widget.Label

	selected *row
}

func newTable(s *Screen) *table {
	t := &table{screen: s, summary: frame.Wrapped("")}
	t.list = s.NewList(func() int { return len(s.rows) }, func() fyne.CanvasObject { return frame.NewRow(3) }, t.fill)
	t.list.Review(s.step, s.key)
	t.list.OnSelected = func(i widget.ListItemID) {
		if i < len(s.rows) && s.rows[i] != s.current {
			s.turn(s.rows[i])
		}
	}
	t.content = frame.Wide(tableWidth, frame.NewPart(container.NewPadded(container.NewBorder(container.NewVBox(t.summary, widget.NewSeparator()), nil, nil, nil, t.list))))
	t.content.Hide()
	return t
}

// fill shows row i in a line that the list uses again and again.
func (t *table) fill(i widget.ListItemID, o fyne.CanvasObject) {
	if i >= len(t.screen.rows) {
		return
	}
	r := t.screen.rows[i]
	sign, text := t.screen.told(r)
	number := ""
	if r.number.N > 0 {
		number = r.number.String()
	}
	o.(*frame.Row).Say(frame.SignIcon(sign), r.name(), number, text+"\n"+r.summary)
}

// told is how a row is doing, in a sign and a few words.
func (s *Screen) told(r *row) (sign, text string) {
	switch {
	case r.state == signer.RowDone:
		return frame.SignGood, s.Text("outgoing.row-done")
	case r.state == signer.RowWorking:
		return frame.SignWait, s.Text("outgoing.row-working")
	case r.state == signer.RowFailed:
		return frame.SignBad, s.Words.Explain(r.failure).What
	case r.state == signer.RowSkipped:
		return "", s.Text("outgoing.row-skipped")
	case r.trouble != nil:
		return frame.SignBad, s.Words.Explain(r.trouble).What
	case !r.read || !r.planned && r.number.N > 0 && s.holder.ID() != "":
		return frame.SignWait, s.Text("outgoing.row-reading")
	case s.holder.ID() != "" && r.refusal != nil:
		return frame.SignBad, s.Words.Explain(r.refusal).What
	case r.number.N == 0:
		return frame.SignWarning, s.Text("outgoing.row-number")
	case r.taken != nil:
		return frame.SignBad, s.Words.Explain(r.taken).What
	case s.holder.ID() == "":
		return frame.SignWait, s.Text("outgoing.row-token")
	case r.agreed:
		return frame.SignGood, s.Text("outgoing.row-agreed", r.leader())
	}
	return "", s.Text("outgoing.row-ready", r.leader())
}

// refresh shows all rows as they are now.
func (t *table) refresh() {
	s := t.screen
	if several := len(s.rows) > 1; several != t.content.Visible() {
		frame.Show(t.content, several)
		s.reader.ToggleThumbnails() // the list stands in their place
		s.content.Refresh()         // it gives the list its room
	}
	t.count()
	for i, r := range s.rows {
		if r == s.current && r != t.selected {
			t.selected = r
			t.list.Select(i) // scrolls to it
		}
	}
	t.list.Renew()
}

// count tells how many rows there are of which kind.
func (t *table) count() {
	s := t.screen
	agreed, ready := 0, 0
	for _, r := range s.rows {
		if r.signable() {
			ready++
			if r.agreed {
				agreed++
			}
		}
	}
	frame.Say(t.summary, s.Text("outgoing.summary", len(s.rows), ready, agreed))
}
