package reader

import (
	"antin/app/gui/frame"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// columnWidth is that of the thumbnails.
const columnWidth = 150

// leastGap is the least that is between two of them.
const leastGap = 24

func (r *Reader) build() {
	r.panel = container.NewStack()
	r.notice = widget.NewLabel("")
	r.notice.Wrapping = fyne.TextWrapWord
	r.notice.Importance = widget.WarningImportance
	r.notice.Hide()
	r.search = newSearch(r)
	r.bar = newBar(r)
	r.thumbnails = container.New(&column{columnWidth}, r.small)
	middle := container.NewStack(r.main, r.panel)
	p := &parts{top: container.NewVBox(r.notice, r.search.row), bottom: container.NewPadded(r.bar.row), side: r.thumbnails, middle: middle}
	r.content = container.New(p, p.middle, p.side, p.top, p.bottom)
}

// column is a layout of one object with a fixed width.
type column struct{ width float32 }

func (c *column) Layout(all []fyne.CanvasObject, size fyne.Size) {
	for _, o := range all {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(size)
	}
}

func (c *column) MinSize(all []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(c.width, all[0].MinSize().Height)
}

// message is a layout of one object in the middle, at most so wide; it asks for
// half of that, or a line of text would widen the whole window.
type message struct{ width float32 }

func (m *message) Layout(all []fyne.CanvasObject, size fyne.Size) {
	w := min(m.width, size.Width)
	all[0].Resize(fyne.NewSize(w, all[0].Size().Height)) // now its height is known
	h := all[0].MinSize().Height
	all[0].Resize(fyne.NewSize(w, h))
	all[0].Move(fyne.NewPos((size.Width-w)/2, (size.Height-h)/2))
}

func (m *message) MinSize(all []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(m.width/2, all[0].MinSize().Height)
}

// put shows o in place of the pages.
func (r *Reader) put(o fyne.CanvasObject) {
	r.panel.Objects = []fyne.CanvasObject{container.New(&message{panelWidth}, o)}
	r.panel.Show()
	r.panel.Refresh()
	r.main.Hide()
}

const panelWidth = 480

func (r *Reader) say(text string) { r.put(widget.NewLabel(text)) }

// explain says why the document cannot be shown.
func (r *Reader) explain(err error) {
	r.put(frame.ProblemPanel(r.frame.Words, r.frame.Words.Explain(err)))
}

// unsay shows the pages again.
func (r *Reader) unsay() {
	r.panel.Objects = nil
	r.panel.Hide()
	r.main.Show()
}

// askPassword asks for the document's password; wrong tells that one was tried.
func (r *Reader) askPassword(wrong bool) {
	text := "reader.password"
	if wrong {
		text = "reader.password-wrong"
	}
	label := widget.NewLabel(r.frame.Text(text))
	label.Wrapping = fyne.TextWrapWord
	entry := r.frame.NewEntry()
	entry.Password = true
	try := func() {
		clear(r.source.Password)
		r.source.Password = []byte(entry.Text)
		entry.SetText("")
		r.retry()
	}
	entry.OnSubmitted = func(string) { try() }
	open := r.frame.NewMainButton(r.frame.Text("reader.password-open"), try)
	r.put(container.NewVBox(label, entry, container.NewHBox(layout.NewSpacer(), open)))
	if c := r.canvas(); c != nil {
		c.Focus(entry)
	}
}

// retry opens the same document again.
func (r *Reader) retry() {
	source := r.source
	source.Password = append([]byte(nil), source.Password...)
	r.Close()
	r.source = source
	r.load()
}

// warn says when something on the current page is not shown.
func (r *Reader) warn() {
	text := ""
	switch {
	case r.doc.Pages == 0:
	case r.doc.Annotated && !r.doc.SignaturesShown:
		text = r.frame.Text("reader.signatures-hidden")
	case r.bare[r.page]:
		text = r.frame.Text("reader.signatures-hidden-page", r.page+1)
	}
	if text == r.notice.Text {
		return
	}
	r.notice.SetText(text)
	r.notice.Hidden = text == ""
	r.content.Refresh()
}

func (r *Reader) canvas() fyne.Canvas { return fyne.CurrentApp().Driver().CanvasForObject(r) }

// Focus gives the keys to the pages.
func (r *Reader) Focus() {
	if c := r.canvas(); c != nil {
		c.Focus(r.main)
	}
}
