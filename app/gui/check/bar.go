package check

import (
	"context"
	"io"
	"strings"

	"antin/app/gui/frame"
	"antin/signer/report"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// form is a form of the record.
type form struct {
	ext   string
	write func(*report.Model, io.Writer) error
}

var (
	pdf  = form{".pdf", (*report.Model).PDF}
	html = form{".html", (*report.Model).HTML}
	json = form{".json", (*report.Model).JSON}
)

// scope is which documents a record is about.
type scope int

const (
	everything scope = iota
	onlyCurrent
)

// bar is the line below the list: how far the checks are, and what can be made
// of them.
type bar struct {
	screen            *Screen
	content           *frame.Part
	progress          *widget.Label
	stop, resume, net *frame.Button
	scope             *frame.Select
	makers            []*frame.Button
	saved             *fyne.Container // what was written last
}

func newBar(s *Screen) *bar {
	text := s.frame.Text
	b := &bar{screen: s, progress: widget.NewLabel("")}
	b.progress.Truncation = fyne.TextTruncateEllipsis
	b.stop = s.frame.NewButton(text("check.stop"), s.halt)
	b.resume = s.frame.NewButton(text("check.resume"), s.resume)
	b.net = s.frame.NewButton(text("check.ask-network"), s.online)
	b.scope = s.frame.NewSelect([]string{text("check.scope-all"), text("check.scope-one")}, nil)
	b.scope.SetSelectedIndex(int(everything))
	b.scope.OnChanged = func(string) { b.refresh() }
	b.makers = []*frame.Button{
		s.frame.NewMainButton(text("check.save-pdf"), func() { s.save(pdf) }),
		s.frame.NewButton("HTML", func() { s.save(html) }),
		s.frame.NewButton("JSON", func() { s.save(json) }),
		s.frame.NewButton(text("check.write-notice"), s.draft),
	}
	b.saved = container.NewStack()
	state := container.NewBorder(nil, nil, nil, container.NewHBox(b.net, b.stop, b.resume), b.progress)
	buttons := container.NewHBox(b.scope, b.makers[0], b.makers[1], b.makers[2], layout.NewSpacer(), b.makers[3])
	b.content = frame.NewPart(container.NewVBox(widget.NewSeparator(), container.NewPadded(container.NewVBox(b.saved, state, container.NewHScroll(buttons)))))
	return b
}

func (b *bar) refresh() {
	s := b.screen
	rows := &s.rows
	total, left := len(rows.all), rows.left()
	switch {
	case total == 0:
		frame.Say(b.progress, "")
	case left > 0:
		frame.Say(b.progress, s.frame.Text("check.progress", total-left-rows.count(stopped), total))
	default:
		frame.Say(b.progress, s.frame.Text("check.summary", total, rows.lighted(green), rows.lighted(yellow), rows.lighted(red), rows.lighted(grey)+rows.lighted(locked)+rows.lighted(broken)))
	}
	frame.Show(b.stop, left > 0)
	frame.Show(b.resume, left == 0 && rows.count(stopped) > 0)
	frame.Show(b.net, left == 0 && rows.lacking() > 0)
	for _, m := range b.makers {
		frame.Enable(m, s.anyRecord())
	}
}

// recorded tells that a record would be about a row.
func (s *Screen) recorded(r *row) bool {
	return r.state == done && (s.scope() == everything || r == s.rows.current)
}

func (s *Screen) scope() scope    { return scope(s.bar.scope.SelectedIndex()) }
func (s *Screen) anyRecord() bool { return s.rows.number(s.recorded) > 0 }

func (s *Screen) model() *report.Model {
	var documents []report.Document
	s.rows.each(func(r *row) {
		if s.recorded(r) {
			documents = append(documents, r.found.Document)
		}
	})
	return report.New(report.Options{Program: s.frame.Text("window.name"), Agency: s.frame.Settings.Agency, Made: s.frame.Now()}, documents...)
}

// near is the document beside which a record is written.
func (s *Screen) near() string {
	if s.scope() == onlyCurrent {
		return s.rows.current.path
	}
	return s.rows.all[0].path
}

// save writes the record of the check and tells where it is.
func (s *Screen) save(f form) {
	m := s.model()
	s.put(s.frame.Text("check.record-name", s.frame.Now().Format("20060102-150405"))+f.ext, func(w io.Writer) error { return f.write(m, w) })
}

// put writes a file near the documents and shows where it is.
func (s *Screen) put(name string, write func(io.Writer) error) {
	near := s.near()
	var path string
	s.frame.Run(func(context.Context) (err error) {
		path, err = s.office.Save(near, name, write)
		return err
	}, func(err error) {
		if err != nil {
			s.frame.Problem(err, nil)
			return
		}
		s.bar.tellSaved(path)
	})
}

func (b *bar) tellSaved(path string) {
	s := b.screen
	where := widget.NewLabel(s.frame.Text("check.saved", path))
	where.Truncation = fyne.TextTruncateEllipsis
	b.saved.Objects = []fyne.CanvasObject{container.NewBorder(nil, nil, nil, container.NewHBox(
		s.frame.NewButton(s.frame.Text("check.open-file"), func() { s.frame.Document(path) }),
		s.frame.NewButton(s.frame.Text("check.open-folder"), func() { s.frame.Folder(path) }),
	), where)}
	b.saved.Refresh()
}

// draft shows the letter to the sender of refused documents, to be changed,
// copied and saved.
func (s *Screen) draft() {
	m, text := s.model(), s.frame.Text
	letter := s.frame.NewEntry()
	letter.MultiLine, letter.Wrapping = true, fyne.TextWrapWord
	sender := s.frame.NewEntry()
	sender.SetPlaceHolder(text("check.sender-hint"))
	written := ""
	write := func(name string) {
		if letter.Text != written {
			return // it was changed by hand
		}
		var b strings.Builder
		_ = m.Notice(&b, report.Letter{Sender: name}) // a Builder takes everything
		written = b.String()
		letter.SetText(written)
	}
	sender.OnChanged = write
	var d *dialog.CustomDialog
	buttons := container.NewHBox(layout.NewSpacer(),
		s.frame.NewButton(text("check.copy"), func() { fyne.CurrentApp().Clipboard().SetContent(letter.Text) }),
		s.frame.NewMainButton(text("check.save-text"), func() {
			content := letter.Text
			s.put(text("check.notice-name", s.frame.Now().Format("20060102-150405"))+".txt", func(w io.Writer) error {
				_, err := io.WriteString(w, content)
				return err
			})
			d.Hide()
		}),
		s.frame.NewButton(text("window.close"), func() { d.Hide() }))
	head := container.NewBorder(nil, nil, widget.NewLabel(text("check.sender")), nil, sender)
	d = dialog.NewCustomWithoutButtons(text("check.write-notice"), frame.Framed(head, buttons, nil, nil, letter), s.frame.Window)
	size := s.frame.Window.Canvas().Size()
	d.Resize(fyne.NewSize(min(900, size.Width*0.85), size.Height*0.85))
	s.frame.Pieces(
		func() {
			d.Show()
			s.frame.Window.Canvas().Focus(sender)
		},
		func() { write(sender.Text) }) // a long letter would be laid out for each step of showing the dialog
}
