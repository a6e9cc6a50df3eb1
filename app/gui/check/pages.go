package check

import (
	"context"

	"antin/app/gui/frame"
	"antin/app/gui/look"
	"antin/app/gui/reader"
	"antin/signer/pdffile"
	"antin/signer/verify"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// pages are a document as it was signed beside the document as it is now, with a
// frame around what looks different.
type pages struct {
	screen   *Screen
	row      *row
	content  fyne.CanvasObject
	choice   *frame.Select
	what     *widget.Label
	earlier  *frame.Button // another change
	later    *frame.Button
	then     *reader.Reader // as signed
	now      *reader.Reader
	thenHead *widget.Label
	signed   []int // the signatures to choose from
	changes  []verify.Change
	at       int // the change that is shown
	round    int // of the comparison: late ones are dropped
	marks    map[int][]pdffile.Box
	asked    map[int]bool
	silent   bool
}

// seeChanges puts the pages in the place of the list.
func (s *Screen) seeChanges() {
	if s.pages != nil || !s.rows.current.changed() {
		return
	}
	p := newPages(s, s.rows.current)
	s.pages = p
	s.bar.content.Hide()
	s.body.Objects = append(s.body.Objects[:1], p.content)
	s.body.Objects[0].Hide()
	s.content.Refresh()
	p.show(p.telling())
}

// telling is which of the signatures to choose from says most: the newest one
// after which something forbidden was done, else the newest.
func (p *pages) telling() int {
	for n := len(p.signed) - 1; n >= 0; n-- {
		if forbidden(&p.row.found.Report.Signatures[p.signed[n]]) {
			return n
		}
	}
	return len(p.signed) - 1
}

// back shows the list again, if it does not show.
func (s *Screen) back() {
	if s.pages == nil {
		return
	}
	s.pages.close()
	s.pages = nil
	s.body.Objects = s.body.Objects[:1]
	s.body.Objects[0].Show()
	s.bar.content.Show()
	s.content.Refresh()
}

func newPages(s *Screen, r *row) *pages {
	text := s.frame.Text
	p := &pages{screen: s, row: r, what: frame.Wrapped(""), thenHead: bold(""), asked: map[int]bool{}, marks: map[int][]pdffile.Box{}}
	p.then, p.now = reader.New(s.frame, s.office.Reader()), reader.New(s.frame, s.office.Reader())
	p.then.OnPage = func(page int) { p.follow(p.now, page) }
	p.now.OnPage = func(page int) { p.follow(p.then, page) }
	for _, v := range []*reader.Reader{p.then, p.now} {
		v.SetOverlay(func(page int) fyne.CanvasObject {
			return newMarks(v.PageSize(page).W, v.PageSize(page).H, p.marks[page])
		})
		v.OnOpened = func() { p.goToChange() }
		v.ToggleThumbnails() // two pages need the width
	}
	var options []string
	for i := range r.found.Report.Signatures {
		if sig := &r.found.Report.Signatures[i]; len(sig.Changes) > 0 && sig.End > 0 {
			p.signed = append(p.signed, i)
			options = append(options, text("check.since", i+1, s.frame.Words.Signer(sig)))
		}
	}
	p.choice = s.frame.NewSelect(options, func(string) {
		if !p.silent {
			p.show(p.choice.SelectedIndex())
		}
	})
	p.earlier = s.frame.NewButton(text("check.earlier-change"), func() { p.step(-1) })
	p.later = s.frame.NewButton(text("check.later-change"), func() { p.step(1) })
	buttons := frame.Framed(nil, nil, s.frame.NewButton(text("check.back"), s.back), container.NewHBox(p.earlier, p.later), p.choice)
	split := container.NewHSplit(
		container.NewBorder(p.thenHead, nil, nil, nil, p.then),
		container.NewBorder(bold(text("check.as-now")), nil, nil, nil, p.now))
	p.content = frame.Framed(container.NewVBox(container.NewPadded(buttons), p.what), nil, nil, nil, split)
	return p
}

func bold(text string) *widget.Label {
	l := frame.Wrapped(text)
	l.TextStyle.Bold = true
	return l
}

// show compares with what signature n of those that can be chosen covers.
func (p *pages) show(n int) {
	p.silent = true
	p.choice.SetSelectedIndex(n)
	p.silent = false
	s := p.screen
	sig := &p.row.found.Report.Signatures[p.signed[n]]
	p.changes, p.at = sig.Changes, 0
	for i, ch := range p.changes {
		if ch.Forbidden {
			p.at = i
			break
		}
	}
	p.round++
	clear(p.marks)
	clear(p.asked)
	p.thenHead.SetText(s.frame.Text("check.as-signed", p.signed[n]+1, s.frame.Words.Signer(sig)))
	q := p.row.request
	p.then.Open(q.Path, []byte(q.Password), sig.End)
	p.now.Open(q.Path, []byte(q.Password), 0)
	p.tell()
}

// step goes to another change.
func (p *pages) step(by int) {
	p.at = (p.at + by + len(p.changes)) % len(p.changes)
	p.tell()
	p.goToChange()
}

func (p *pages) tell() {
	s, ch := p.screen, p.changes[p.at]
	name := "check.permitted"
	if ch.Forbidden {
		name = "check.forbidden"
	}
	for _, b := range []*frame.Button{p.earlier, p.later} {
		frame.Enable(b, len(p.changes) > 1)
	}
	p.what.SetText(s.frame.Text(name, p.at+1, len(p.changes), s.frame.Words.Change(p.row.found.Report, ch)))
}

// goToChange shows the page of the change on both sides.
func (p *pages) goToChange() {
	page := max(p.changes[p.at].Page, 1)
	p.silent = true
	p.then.GoTo(page)
	p.now.GoTo(page)
	p.silent = false
	p.compare(page)
	p.toMark(page)
}

// toMark brings what is different on the page of the change into sight.
func (p *pages) toMark(page int) {
	if boxes := p.marks[page]; len(boxes) > 0 && page == max(p.changes[p.at].Page, 1) {
		const around = 25 // mm of the page above and below
		b := boxes[0]
		b.Y, b.H = b.Y-around, b.H+2*around
		p.silent = true
		p.then.ScrollTo(page, b)
		p.now.ScrollTo(page, b)
		p.silent = false
	}
}

// follow keeps both sides at the same page.
func (p *pages) follow(other *reader.Reader, page int) {
	if p.silent {
		return
	}
	p.silent = true
	other.GoTo(page)
	p.silent = false
	p.compare(page)
}

// compare looks for what is different on a page, once.
func (p *pages) compare(page int) {
	if p.asked[page] || page > p.then.Pages() || page > p.now.Pages() {
		return
	}
	p.asked[page] = true
	end := p.row.found.Report.Signatures[p.signed[p.choice.SelectedIndex()]].End
	round, q := p.round, p.row.request
	var boxes []pdffile.Box
	p.screen.frame.Run(func(ctx context.Context) (err error) {
		boxes, err = p.screen.office.Differences(ctx, q, end, page)
		return err
	}, func(err error) {
		if err != nil || round != p.round || p.screen.pages != p {
			return // the pages are there without frames
		}
		p.marks[page] = boxes
		p.then.RefreshOverlay()
		p.now.RefreshOverlay()
		p.toMark(page)
	})
}

func (p *pages) close() {
	p.then.Close()
	p.now.Close()
}

// marks are frames on a page of w × h mm.
type marks struct {
	widget.BaseWidget
	w, h   float64
	boxes  []pdffile.Box
	frames []fyne.CanvasObject
}

func newMarks(w, h float64, boxes []pdffile.Box) fyne.CanvasObject {
	if len(boxes) == 0 || w <= 0 || h <= 0 {
		return nil
	}
	m := &marks{w: w, h: h, boxes: boxes}
	for range boxes {
		f := canvas.NewRectangle(nil)
		f.StrokeWidth = 3
		m.frames = append(m.frames, f)
	}
	m.ExtendBaseWidget(m)
	return m
}

// CreateRenderer implements fyne.Widget.
func (m *marks) CreateRenderer() fyne.WidgetRenderer { return &marksRenderer{m} }

type marksRenderer struct{ *marks }

func (r *marksRenderer) Layout(size fyne.Size) {
	kx, ky := size.Width/float32(r.w), size.Height/float32(r.h)
	const air = 4
	for i, b := range r.boxes {
		f := r.frames[i].(*canvas.Rectangle)
		f.StrokeColor = theme.Current().Color(look.ColorNameGuide, theme.VariantLight) // on paper
		f.Move(fyne.NewPos(float32(b.X)*kx-air, float32(b.Y)*ky-air))
		f.Resize(fyne.NewSize(float32(b.W)*kx+2*air, float32(b.H)*ky+2*air))
	}
}
func (r *marksRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *marksRenderer) Refresh()                     { r.Layout(r.Size()) }
func (r *marksRenderer) Objects() []fyne.CanvasObject { return r.frames }
func (r *marksRenderer) Destroy()                     {}
