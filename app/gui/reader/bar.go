package reader

import (
	"math"
	"strconv"
	"strings"

	"antin/app/gui/frame"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// bar is the row of buttons below the pages.
type bar struct {
	r      *Reader
	number *frame.Entry // of the current page
	of     *widget.Label
	zoom   *frame.Select // how pages fit the window, or their size
	all    []fyne.Disableable
	row    fyne.CanvasObject
}

func newBar(r *Reader) *bar {
	b := &bar{r: r, number: r.frame.NewEntry(), of: widget.NewLabel("")}
	b.number.OnSubmitted = func(text string) {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err == nil {
			r.GoTo(n)
		}
		b.number.SetText(b.page())
		r.Focus()
	}
	button := func(label string, icon fyne.Resource, do func()) *frame.Button {
		o := r.frame.NewButton(r.frame.Text(label), do)
		o.Icon = icon
		b.all = append(b.all, o)
		return o
	}
	b.all = append(b.all, b.number)
	previous := button("reader.previous", theme.NavigateBackIcon(), func() { r.GoTo(r.Page() - 1) })
	next := button("reader.next", theme.NavigateNextIcon(), func() { r.GoTo(r.Page() + 1) })
	smaller := button("reader.smaller", nil, r.ZoomOut)
	larger := button("reader.larger", nil, r.ZoomIn)
	fits := []struct {
		name string
		do   func()
	}{{"reader.fit-width", r.FitWidth}, {"reader.fit-page", r.FitPage}, {"reader.true-size", r.TrueSize}}
	b.zoom = r.frame.NewSelect(nil, func(string) { fits[b.zoom.SelectedIndex()].do() })
	for _, f := range fits {
		b.zoom.Options = append(b.zoom.Options, r.frame.Text(f.name))
	}
	b.all = append(b.all, b.zoom)
	find := button("reader.find", theme.SearchIcon(), r.search.show)
	number := container.NewGridWrap(fyne.NewSize(56, b.number.MinSize().Height), b.number)
	b.row = frame.InRows(
		previous, next, container.NewHBox(number, frame.Wide(64, b.of)), container.NewHBox(smaller, larger, b.zoom), find)
	return b
}

func (b *bar) page() string {
	if b.r.doc.Pages == 0 {
		return ""
	}
	return strconv.Itoa(b.r.Page())
}

// update shows page and zoom as they are now.
func (b *bar) update() {
	open := b.r.doc.Pages > 0
	for _, o := range b.all {
		if open == o.Disabled() {
			if open {
				o.Enable()
			} else {
				o.Disable()
			}
		}
	}
	b.number.Put(b.page())
	of, zoom := "", ""
	if open {
		of = b.r.frame.Text("reader.of-pages", b.r.Pages())
		zoom = b.size()
	}
	if b.of.Text != of {
		b.of.SetText(of)
	}
	if b.zoom.Selected != zoom {
		b.zoom.Selected = zoom // shown, not chosen
		b.zoom.Refresh()
	}
}

// size is how large the pages are, in a word where there is one.
func (b *bar) size() string {
	percent := int(math.Round(b.r.Zoom() * 100))
	switch {
	case b.r.fit == fitWidth:
		return b.r.frame.Text("reader.fit-width")
	case b.r.fit == fitPage:
		return b.r.frame.Text("reader.fit-page")
	case percent == 100:
		return b.r.frame.Text("reader.true-size")
	}
	return b.r.frame.Text("reader.percent", percent)
}

// askPage waits for the number of a page to be typed.
func (b *bar) askPage() {
	if c := b.r.canvas(); c != nil {
		c.Focus(b.number)
		b.number.TypedShortcut(&fyne.ShortcutSelectAll{})
	}
}
