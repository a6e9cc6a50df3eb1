package pin

import (
	"bytes"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// longest is the most that a PIN may have, in bytes; token.CheckPIN wants no
// more.
const longest = 32

// field takes a PIN. It is no widget.Entry, which would keep what was typed in
// strings that nobody can wipe: the characters are in an array here, and when
// they are shown, each is a text of its own. Nothing can be copied out or pasted
// in.
type field struct {
	widget.BaseWidget
	submitted func() // Enter
	cancelled func() // Escape
	changed   func()
	other     func(*fyne.KeyEvent) // keys that the field has no use for

	typed   [longest]byte
	n       int
	shown   bool // characters instead of bullets
	foreign bool // a character outside ASCII came; what was there is wiped
	caps    caps
	focused bool

	box     *canvas.Rectangle
	bullets *canvas.Text
	letters [longest]*canvas.Text
	caret   *canvas.Rectangle
}

func newField() *field {
	f := &field{
		submitted: func() {}, cancelled: func() {}, changed: func() {}, other: func(*fyne.KeyEvent) {},
		box: canvas.NewRectangle(color.Transparent), caret: canvas.NewRectangle(color.Transparent),
		bullets: canvas.NewText("", color.Transparent),
	}
	for i := range f.letters {
		f.letters[i] = canvas.NewText("", color.Transparent)
	}
	f.ExtendBaseWidget(f)
	return f
}

// take hands over what was typed and wipes the field. The caller wipes what it
// gets.
func (f *field) take() []byte {
	pin := bytes.Clone(f.typed[:f.n])
	f.wipe()
	return pin
}

// wipe forgets what was typed.
func (f *field) wipe() {
	clear(f.typed[:])
	f.n, f.shown = 0, false
	f.draw()
}

// reveal shows the characters or hides them.
func (f *field) reveal(on bool) {
	if f.shown != on {
		f.shown = on
		f.draw()
	}
}

// Hide implements fyne.CanvasObject; what is not seen is not kept.
func (f *field) Hide() {
	f.wipe()
	f.BaseWidget.Hide()
}

// TypedRune implements fyne.Focusable. A character outside ASCII comes from a
// Vietnamese input method, which has deleted and replaced what was typed before:
// the person must begin again.
func (f *field) TypedRune(r rune) {
	f.caps.typed(r)
	switch {
	case r < 0x20 || r > 0x7e:
		f.wipe()
		f.foreign = true
	case f.n < longest:
		f.foreign = false
		f.typed[f.n] = byte(r)
		f.n++
	}
	f.draw()
	f.changed()
}

// TypedKey implements fyne.Focusable.
func (f *field) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyBackspace:
		if f.n > 0 {
			f.n--
			f.typed[f.n] = 0
		}
	case fyne.KeyDelete:
		f.wipe()
	case fyne.KeyReturn, fyne.KeyEnter:
		f.submitted()
		return
	case fyne.KeyEscape:
		f.cancelled()
		return
	default:
		f.other(e)
		return
	}
	f.draw()
	f.changed()
}

// revealKey shows the characters while it is held.
const revealKey = fyne.KeyF2

// KeyDown implements desktop.Keyable.
func (f *field) KeyDown(e *fyne.KeyEvent) {
	if e.Name == revealKey {
		f.reveal(true)
	}
	f.caps.down(e.Name)
	f.changed()
}

// KeyUp implements desktop.Keyable.
func (f *field) KeyUp(e *fyne.KeyEvent) {
	if e.Name == revealKey {
		f.reveal(false)
	}
	f.caps.up(e.Name)
	f.changed()
}

// FocusGained implements fyne.Focusable.
func (f *field) FocusGained() {
	f.focused = true
	f.caps.ask()
	f.draw()
	f.changed()
}

// FocusLost implements fyne.Focusable.
func (f *field) FocusLost() {
	f.focused, f.shown = false, false
	f.caps.shift = false // its release goes to somebody else
	f.draw()
}

// Tapped implements fyne.Tappable.
func (f *field) Tapped(*fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(f); c != nil {
		c.Focus(f)
	}
}

// Cursor implements desktop.Cursorable.
func (f *field) Cursor() desktop.Cursor { return desktop.TextCursor }

// MinSize implements fyne.CanvasObject.
func (f *field) MinSize() fyne.Size {
	th := f.Theme()
	line := fyne.MeasureText(bullet, th.Size(theme.SizeNameText), fyne.TextStyle{})
	return fyne.NewSize(line.Width*12, line.Height+2*th.Size(theme.SizeNameInnerPadding))
}

const bullet = "\u25cf"

// draw brings the screen up to date.
func (f *field) draw() {
	th, variant := f.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	pad, size := th.Size(theme.SizeNameInnerPadding), f.Size()
	ink := th.Color(theme.ColorNameForeground, variant)
	f.box.FillColor = th.Color(theme.ColorNameInputBackground, variant)
	f.box.StrokeColor, f.box.StrokeWidth = th.Color(theme.ColorNameInputBorder, variant), 1
	if f.focused {
		f.box.StrokeColor, f.box.StrokeWidth = th.Color(theme.ColorNamePrimary, variant), 2
	}
	f.box.CornerRadius = th.Size(theme.SizeNameInputRadius)
	f.box.Resize(size)

	text := func(t *canvas.Text, s string, x float32) (end float32) {
		t.Text, t.Color, t.TextSize = s, ink, th.Size(theme.SizeNameText)
		m := t.MinSize()
		t.Move(fyne.NewPos(x, (size.Height-m.Height)/2))
		t.Resize(m)
		t.Refresh()
		return x + m.Width
	}
	dots := f.n
	if f.shown {
		dots = 0
	}
	end := text(f.bullets, strings.Repeat(bullet, dots), pad)
	for i, l := range f.letters {
		s := ""
		if f.shown && i < f.n {
			s = string(f.typed[i : i+1]) // of one byte Go makes no new string
		}
		if s != l.Text || f.shown {
			end = text(l, s, end)
		}
	}
	f.caret.FillColor = color.Transparent
	if f.focused {
		f.caret.FillColor = th.Color(theme.ColorNamePrimary, variant)
	}
	f.caret.Move(fyne.NewPos(end+1, pad))
	f.caret.Resize(fyne.NewSize(2, max(0, size.Height-2*pad)))
	f.box.Refresh()
	f.caret.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (f *field) CreateRenderer() fyne.WidgetRenderer {
	f.draw()
	return &fieldRenderer{f}
}

type fieldRenderer struct{ f *field }

func (r *fieldRenderer) Layout(fyne.Size)   { r.f.draw() }
func (r *fieldRenderer) MinSize() fyne.Size { return r.f.MinSize() }
func (r *fieldRenderer) Refresh()           { r.f.draw() }
func (r *fieldRenderer) Destroy()           {}

func (r *fieldRenderer) Objects() []fyne.CanvasObject {
	all := []fyne.CanvasObject{r.f.box, r.f.bullets}
	for _, l := range r.f.letters {
		all = append(all, l)
	}
	return append(all, r.f.caret)
}
