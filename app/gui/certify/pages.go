package certify

import (
	"image/color"

	"antin/app/gui/frame"
	"antin/signer"
	"antin/signer/scan"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const listWidth = 320 // units

// pages is the list of the pages of the current row with what the gate says of
// each, and what can be done to them.
type pages struct {
	screen  *Screen
	content *fyne.Container
	body    *fyne.Container // in it
	list    *frame.List
	note    *widget.Label
	edits   []*frame.Button // with a page
	undo    *frame.Button
	redo    *frame.Button
	scan    *frame.Button
}

func newPages(s *Screen) *pages {
	p := &pages{screen: s, note: frame.Wrapped("")}
	p.list = s.NewList(p.count, func() fyne.CanvasObject { return frame.NewRow(1) }, p.fill) // the panel tells in full
	p.list.Typed = s.key
	p.list.OnSelected = func(i widget.ListItemID) {
		if s.page != i+1 {
			s.page = i + 1
			s.reader.GoTo(s.page)
		}
	}
	button := func(text string, icon fyne.Resource, do func()) *frame.Button {
		b := s.NewButton(text, do)
		b.Icon = icon
		return b
	}
	p.edits = []*frame.Button{
		button(s.Text("certify.up"), theme.MoveUpIcon(), func() { p.move(-1) }),
		button(s.Text("certify.down"), theme.MoveDownIcon(), func() { p.move(+1) }),
		button(s.Text("certify.turn"), theme.ViewRefreshIcon(), p.turn),
		button(s.Text("certify.drop"), theme.DeleteIcon(), p.drop),
	}
	p.undo = button(s.Text("certify.undo"), theme.ContentUndoIcon(), s.undo)
	p.redo = button(s.Text("certify.redo"), theme.ContentRedoIcon(), s.redo)
	p.scan = button(s.Text("certify.scan"), nil, s.askScan)
	buttons := container.NewGridWithColumns(2)
	for _, b := range p.edits {
		buttons.Add(b)
	}
	buttons.Add(p.undo)
	buttons.Add(p.redo)
	add := button(s.Text("certify.add"), theme.ContentAddIcon(), s.addFiles)
	p.edits = append(p.edits, add)
	sources := container.NewGridWithRows(1, add, p.scan) // a machine may have no scanner
	p.body = container.NewBorder(frame.Heading(s.Text("certify.pages")), container.NewVBox(p.note, buttons, sources), nil, nil, p.list)
	p.content = frame.Wide(listWidth, frame.NewPart(container.NewPadded(p.body)))
	return p
}

func (p *pages) count() int {
	switch r := p.screen.current; {
	case r == nil:
		return 0
	case r.fixed != nil && r.copy != nil:
		return len(r.copy.Gate.Pages)
	default:
		return len(r.plan.Sheets())
	}
}

// fill shows page i+1 in a line that the list uses again and again.
func (p *pages) fill(i widget.ListItemID, o fyne.CanvasObject) {
	r := p.screen.current
	if r == nil {
		return
	}
	sign, name, found := p.screen.card(r, i+1)
	o.(*frame.Row).Say(frame.SignIcon(sign), name, "", found)
}

// card is what the gate says of a page: a sign, its measures, what was found
// first.
func (s *Screen) card(r *row, n int) (sign, name, found string) {
	if !r.open() {
		return frame.SignGood, s.Text("certify.page", n), ""
	}
	if sheets := r.plan.Sheets(); n <= len(sheets) && sheets[n-1].Asks {
		return frame.SignWarning, s.Text("certify.page", n), s.Text("certify.page-asks")
	}
	if !r.planned || r.copy == nil || n > len(r.copy.Gate.Pages) {
		return frame.SignWait, s.Text("certify.page", n), ""
	}
	g := &r.copy.Gate.Pages[n-1]
	sign = map[scan.Verdict]string{scan.Pass: frame.SignGood, scan.Look: frame.SignWarning, scan.Fail: frame.SignBad}[g.Verdict]
	paper := g.Paper
	if paper == "" {
		paper = s.Text("certify.size", g.Width, g.Height)
	}
	name = s.Text("certify.page-card", n, g.DPI, s.colour(g.Color), paper)
	if g.Source != scan.FromPaper {
		name = s.Text("certify.page-bare", n, paper)
	}
	for _, f := range g.Findings {
		if f.Verdict == g.Verdict {
			return sign, name, s.Words.Finding(f)
		}
	}
	return sign, name, ""
}

// colour is what a page's pictures show, in words.
func (s *Screen) colour(c scan.Color) string {
	switch c {
	case scan.RealColor:
		return s.Text("certify.in-colour")
	case scan.GrayLevels, scan.GrayInColor:
		return s.Text("certify.in-gray")
	case scan.TwoLevels:
		return s.Text("certify.in-black")
	case scan.NoPicture:
	}
	return s.Text("certify.no-picture")
}

// follow is told that another page is looked at.
func (p *pages) follow(page int) {
	p.screen.page = page
	if p.list != nil && page <= p.count() {
		p.list.Select(page - 1)
	}
}

func (p *pages) refresh() {
	s, r := p.screen, p.screen.current
	frame.Show(p.content, r != nil)
	if r == nil {
		return
	}
	editable := r.read && r.fixed == nil && r.trouble == nil && r.open() && s.run == nil && !s.Busy()
	one := s.page >= 1 && s.page <= p.count()
	for _, b := range p.edits {
		frame.Enable(b, editable && one)
	}
	frame.Enable(p.undo, editable && s.canUndo())
	frame.Enable(p.redo, editable && s.canRedo())
	frame.Show(p.scan, len(s.devices) > 0)
	note := ""
	switch {
	case !r.open():
	case r.fixed != nil:
		note = s.Text("certify.fixed")
	case len(r.files) > 1 && !s.canUndo():
		note = s.Text("certify.merged", len(r.files))
	case s.canUndo():
		note = s.Text("certify.changed", len(r.plan.Edits())-1)
	}
	if note == "" {
		note = s.notTakenOver(r)
	}
	if note != p.note.Text || p.note.Visible() != (note != "") {
		p.note.SetText(note)
		frame.Show(p.note, note != "")
		p.body.Refresh() // it takes as many lines as it needs
	}
	if one {
		p.list.Select(s.page - 1) // scrolls to it
	} else {
		p.list.UnselectAll()
	}
	p.list.Refresh()
}

// notTakenOver tells what of the sources is not as it was in pages that are put
// together; "" for nothing.
func (s *Screen) notTakenOver(r *row) string {
	if r.untouched() {
		return ""
	}
	notes, coded := 0, 0
	for _, sheet := range r.plan.Sheets() {
		notes += sheet.Annotations
		if !sheet.Lossless {
			coded++
		}
	}
	switch {
	case notes > 0:
		return s.Text("certify.annotations", notes)
	case coded > 0:
		return s.Text("certify.recoded", coded)
	}
	return ""
}

// move puts the page that is looked at earlier or later.
func (p *pages) move(by int) {
	s := p.screen
	if to := s.page + by; to >= 1 && to <= p.count() {
		from := s.page
		s.page = to
		s.do(s.current, scan.Move{From: from, To: to})
	}
}

func (p *pages) turn() {
	s := p.screen
	s.do(s.current, scan.Turn{Pages: []int{s.page}, Degrees: 90})
}

func (p *pages) drop() {
	s := p.screen
	page := s.page
	s.page = max(1, min(page, p.count()-1))
	s.do(s.current, scan.Drop{Pages: []int{page}})
}

// list is the scans; with a single one it is not seen.
type list struct {
	screen  *Screen
	content *fyne.Container
	rows    *frame.List
	summary *widget.Label

	selected *row
}

func newList(s *Screen) *list {
	l := &list{screen: s, summary: frame.Wrapped("")}
	l.rows = s.NewList(func() int { return len(s.rows) }, func() fyne.CanvasObject { return frame.NewRow(2) }, l.fill)
	l.rows.Review(s.step, s.key)
	l.rows.OnSelected = func(i widget.ListItemID) {
		if i < len(s.rows) && s.rows[i] != s.current {
			s.turn(s.rows[i])
			s.work()
		}
	}
	room := canvas.NewRectangle(color.Transparent)
	room.SetMinSize(fyne.NewSize(0, 220))
	l.content = frame.Wide(listWidth, frame.NewPart(container.NewPadded(container.NewBorder(l.summary, widget.NewSeparator(), nil, nil, container.NewStack(room, l.rows)))))
	return l
}

// fill shows row i in a line that the list uses again and again.
func (l *list) fill(i widget.ListItemID, o fyne.CanvasObject) {
	s := l.screen
	if i >= len(s.rows) {
		return
	}
	r := s.rows[i]
	sign, text := s.told(r)
	number := ""
	if r.number.N > 0 {
		number = r.number.String()
	}
	o.(*frame.Row).Say(frame.SignIcon(sign), r.name(), number, text)
}

// refresh shows all scans as they are now.
func (l *list) refresh() {
	s := l.screen
	frame.Show(l.content, len(s.rows) > 1)
	l.count()
	for i, r := range s.rows {
		if r == s.current && r != l.selected {
			l.selected = r
			l.rows.Select(i) // scrolls to it
		}
	}
	l.rows.Renew()
}

// count tells how many scans there are of which kind.
func (l *list) count() {
	s := l.screen
	agreed, good := 0, 0
	for _, r := range s.rows {
		if s.signable(r) && r.state != signer.RowFailed {
			good++
			if r.agreed {
				agreed++
			}
		}
	}
	frame.Say(l.summary, s.Text("certify.summary", len(s.rows), good, agreed))
}
