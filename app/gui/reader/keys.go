package reader

import (
	"antin/app/gui/frame"

	"fyne.io/fyne/v2"
)

// keyStepUnits is how far an arrow key scrolls.
const keyStepUnits = 48

// TypedKey does what a key does when pages have the focus; an overlay hands over
// the keys that it has no use for. What the reader has no use for either goes to
// the window.
func (r *Reader) TypedKey(e *fyne.KeyEvent) {
	if r.OnKey != nil && r.OnKey(e) {
		return
	}
	switch e.Name {
	case fyne.KeyPageDown, fyne.KeySpace:
		r.turnPage(+1)
	case fyne.KeyPageUp:
		r.turnPage(-1)
	case fyne.KeyHome:
		r.GoTo(1)
	case fyne.KeyEnd:
		r.GoTo(r.Pages())
	case fyne.KeyDown:
		r.scrolled(0, keyStepUnits)
	case fyne.KeyUp:
		r.scrolled(0, -keyStepUnits)
	case fyne.KeyRight:
		r.scrolled(keyStepUnits, 0)
	case fyne.KeyLeft:
		r.scrolled(-keyStepUnits, 0)
	case fyne.KeyF3:
		if r.modifiers()&fyne.KeyModifierShift != 0 {
			r.search.step(-1)
		} else {
			r.search.step(+1)
		}
	default:
		if r.frame.Key != nil {
			r.frame.Key(e)
		}
	}
}

// TypedRune zooms with + and −.
func (r *Reader) TypedRune(c rune) {
	switch c {
	case '+', '=':
		r.ZoomIn()
	case '-':
		r.ZoomOut()
	}
}

// turnPage goes one page on or back when whole pages are seen, else nearly one
// window.
func (r *Reader) turnPage(by int) {
	if r.doc.Pages == 0 {
		return
	}
	s := &r.main.strip
	if _, _, _, h := s.rect(r.page); h+s.gap <= s.h {
		r.GoTo(r.Page() + by)
		return
	}
	r.scrolled(0, 0.9*float64(by)*s.h)
}

// Actions are what the reader offers for the menu.
func (r *Reader) Actions() []frame.Action {
	const ctrl = fyne.KeyModifierShortcutDefault
	open := func() bool { return r.doc.Pages > 0 }
	action := func(label string, key fyne.KeyName, do func()) frame.Action {
		a := frame.Action{Label: r.frame.Text(label), Key: key, Enabled: open, Do: do}
		if key != "" {
			a.Modifier = ctrl
		}
		return a
	}
	return []frame.Action{
		action("reader.go-to-page", fyne.KeyG, r.bar.askPage),
		action("reader.find", fyne.KeyF, r.search.show),
		action("reader.find-next", "", func() { r.search.step(+1) }),
		action("reader.find-previous", "", func() { r.search.step(-1) }),
		action("reader.zoom-in", fyne.KeyEqual, r.ZoomIn),
		action("reader.zoom-out", fyne.KeyMinus, r.ZoomOut),
		action("reader.fit-page", fyne.Key0, r.FitPage),
		action("reader.fit-width", fyne.Key2, r.FitWidth),
		action("reader.true-size", fyne.Key1, r.TrueSize),
		action("reader.calibrate", "", r.calibrate),
		action("reader.thumbnails", "", r.ToggleThumbnails),
	}
}

// ToggleThumbnails shows or hides the small pages.
func (r *Reader) ToggleThumbnails() {
	if r.thumbnails.Visible() {
		r.thumbnails.Hide()
	} else {
		r.thumbnails.Show()
	}
	r.content.Refresh()
	r.pump()
}
