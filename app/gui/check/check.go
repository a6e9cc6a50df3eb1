// Package check is the screen on which documents that arrive are checked: a list
// with one verdict a row, the answers to the decree's questions for the row that
// is selected (Nghị định 30/2020/NĐ-CP, Điều 21.2; Nghị định 68/2024/NĐ-CP,
// Điều 31 and 32), the pages as they were signed beside those of today, and the
// record of the check.
//
// New makes the screen. What it does to documents goes through Office, which tests
// replace; nothing is decided here that package report does not say. Documents are
// checked two at a time, offline; the network is asked when a person wishes it.
package check

import (
	"context"

	"antin/app/gui/frame"
	"antin/signer/report"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// helpPage is the page that F1 opens.
const helpPage = "check"

// Screen checks documents. It is used on the user interface's goroutine only.
type Screen struct {
	frame  *frame.Frame
	office Office

	rows    rows
	running int
	closed  bool
	ctx     context.Context // ends when the checks are stopped or the screen closes
	stop    context.CancelFunc
	ready   bool // the office is open

	content *fyne.Container
	body    *fyne.Container // list and details, or the pages side by side
	list    *list
	details *details
	bar     *bar
	pages   *pages // nil while the list is shown
	notice  *widget.Label
}

var _ frame.Screen = (*Screen)(nil)

// New is the screen with these documents and folders. office is nil in the
// program: the user's own.
func New(f *frame.Frame, paths []string, office Office) *Screen {
	if office == nil {
		office = newOffice(f.Settings)
	}
	s := &Screen{frame: f, office: office}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.list = newList(s)
	s.details = newDetails(s)
	s.bar = newBar(s)
	s.notice = frame.Wrapped("")
	s.notice.Hide()
	split := container.NewHSplit(frame.NewPart(s.list.content), frame.NewPart(s.details.page.Scroll))
	split.SetOffset(0.46)
	s.body = container.NewStack(split)
	s.content = container.NewBorder(s.notice, s.bar.content, nil, nil, s.body)
	s.refresh()
	f.Run(office.Open, func(err error) {
		if s.closed {
			return
		}
		s.ready = true
		switch {
		case err != nil:
			s.tell(f.Words.Explain(err).What)
		case !office.Trusting():
			s.tell(f.Text("check.no-trust"))
		}
		s.next()
	})
	s.Open(paths)
	return s
}

// tell shows a sentence above the list.
func (s *Screen) tell(text string) {
	s.notice.SetText(text)
	s.notice.Show()
	s.content.Refresh()
}

// Title implements frame.Screen.
func (s *Screen) Title() string { return s.frame.Text("check.title") }

// Content implements frame.Screen.
func (s *Screen) Content() fyne.CanvasObject { return s.content }

// HelpPage implements frame.Screen.
func (s *Screen) HelpPage() string { return helpPage }

// Busy implements frame.Screen: an interrupted check loses nothing but itself.
func (s *Screen) Busy() bool { return s.running > 0 }

// Close implements frame.Screen.
func (s *Screen) Close() {
	s.closed = true
	s.stop()
	s.details.stop()
	if s.pages != nil {
		s.pages.close()
	}
}

// Open implements frame.Screen. Documents that are in the list already are
// checked anew.
func (s *Screen) Open(paths []string) {
	if len(paths) == 0 {
		return
	}
	var files []string
	var more bool
	s.frame.Run(func(context.Context) error {
		files, more = frame.Documents(paths, ".pdf")
		return nil
	}, func(error) {
		if s.closed {
			return
		}
		s.back()
		if more {
			s.tell(s.frame.Text("check.too-many", len(files)))
		}
		if len(files) == 0 {
			s.tell(s.frame.Text("check.no-documents"))
		}
		for _, r := range s.rows.add(files) {
			s.frame.Recent(r.path, frame.Opened)
		}
		s.refresh()
		s.next()
	})
}

// parallel is how many documents are checked at once: the machines have two
// processors, and the window wants its share.
const parallel = 2

// next starts the checks that may run.
func (s *Screen) next() {
	for s.ready && !s.closed && s.running < parallel {
		r := s.rows.waiting()
		if r == nil {
			break
		}
		s.start(r)
	}
	s.refresh()
}

func (s *Screen) start(r *row) {
	r.state, r.round = checking, r.round+1
	s.running++
	round, q, ctx := r.round, r.request, s.ctx
	var found *Found
	var told report.Document
	s.frame.Run(func(context.Context) (err error) {
		if found, err = s.office.Examine(ctx, q); err == nil {
			told = found.Document.In(string(s.frame.Words))
		}
		return err
	}, func(err error) {
		s.running--
		if s.closed {
			return
		}
		if round == r.round {
			s.finish(r, found, told, err)
		}
		s.next()
	})
}

func (s *Screen) finish(r *row, found *Found, told report.Document, err error) {
	r.state, r.err, r.found, r.told = done, err, found, told
	as := frame.Checked
	if err != nil {
		r.state, as = failed, frame.Failed
	}
	s.frame.Recent(r.path, as)
	if s.rows.current == nil && s.rows.left() == 0 {
		s.rows.current = s.rows.worst()
	}
}

// halt stops what is being checked and what waits; resume goes on.
func (s *Screen) halt() {
	s.stop()
	s.rows.each(func(r *row) {
		if r.state == waiting || r.state == checking {
			r.state, r.round = stopped, r.round+1
		}
	})
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.refresh()
}

func (s *Screen) resume() {
	s.rows.each(func(r *row) {
		if r.state == stopped {
			r.state = waiting
		}
	})
	s.next()
}

// again checks rows anew, such as after a role was said.
func (s *Screen) again(rows ...*row) {
	for _, r := range rows {
		r.state = waiting
	}
	s.next()
}

// online asks the network for what rows are lacking.
func (s *Screen) online() {
	var lacking []*row
	s.rows.each(func(r *row) {
		if r.lacking() {
			r.request.Online = true
			lacking = append(lacking, r)
		}
	})
	s.again(lacking...)
}

// choose asks for more documents.
func (s *Screen) choose() {
	s.frame.Choose(s.frame.Text("check.choose"), []string{".pdf"}, true, s.Open)
}

// clear empties the list.
func (s *Screen) clear() {
	s.halt()
	s.back()
	s.rows = rows{order: s.rows.order}
	s.notice.Hide()
	s.bar.saved.RemoveAll() // it was of the old list
	s.content.Refresh()
	s.refresh()
}

// refresh shows what is known now.
func (s *Screen) refresh() {
	s.list.refresh()
	s.details.show(s.rows.current)
	s.bar.refresh()
}

// Actions implements frame.Screen.
func (s *Screen) Actions() []frame.Action {
	text := s.frame.Text
	return []frame.Action{
		{Label: text("check.choose"), Key: fyne.KeyO, Modifier: fyne.KeyModifierControl, Do: s.choose},
		{Label: text("check.save-pdf"), Key: fyne.KeyS, Modifier: fyne.KeyModifierControl, Enabled: s.anyRecord, Do: func() { s.save(pdf) }},
		{Label: text("check.save-html"), Enabled: s.anyRecord, Do: func() { s.save(html) }},
		{Label: text("check.save-json"), Enabled: s.anyRecord, Do: func() { s.save(json) }},
		{Label: text("check.write-notice"), Key: fyne.KeyT, Modifier: fyne.KeyModifierControl, Enabled: s.anyRecord, Do: s.draft},
		{Label: text("check.see-changes"), Key: fyne.KeyD, Modifier: fyne.KeyModifierControl, Enabled: func() bool { return s.rows.current.changed() }, Do: s.seeChanges},
		{Label: text("check.ask-network"), Enabled: func() bool { return s.rows.lacking() > 0 }, Do: s.online},
		{Label: text("check.stop"), Enabled: s.Busy, Do: s.halt},
		{Label: text("check.resume"), Enabled: func() bool { return s.rows.count(stopped) > 0 }, Do: s.resume},
		{Label: text("check.clear"), Enabled: func() bool { return len(s.rows.all) > 0 }, Do: s.clear},
	}
}
