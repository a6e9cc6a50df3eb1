package pin

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// button is a widget.Button that Enter presses too; Escape gives up from it.
type button struct {
	widget.Button
	cancelled func()
}

func newButton(label string, tapped, cancelled func()) *button {
	b := &button{cancelled: cancelled}
	b.Text, b.OnTapped = label, tapped
	b.ExtendBaseWidget(b)
	return b
}

// TypedKey implements fyne.Focusable.
func (b *button) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if !b.Disabled() {
			b.OnTapped()
		}
	case fyne.KeyEscape:
		b.cancelled()
	default:
		b.Button.TypedKey(e)
	}
}

// eye shows a PIN while it is held, with the pointer or with the space bar.
type eye struct {
	button
	hold func(on bool)
}

func newEye(label string, hold func(bool), cancelled func()) *eye {
	e := &eye{hold: hold}
	e.Text, e.Icon, e.OnTapped, e.cancelled = label, theme.VisibilityIcon(), func() {}, cancelled
	e.ExtendBaseWidget(e)
	return e
}

// MouseDown implements desktop.Mouseable.
func (e *eye) MouseDown(*desktop.MouseEvent) { e.hold(true) }

// MouseUp implements desktop.Mouseable.
func (e *eye) MouseUp(*desktop.MouseEvent) { e.hold(false) }

// MouseOut implements desktop.Hoverable.
func (e *eye) MouseOut() {
	e.hold(false)
	e.button.MouseOut()
}

// KeyDown implements desktop.Keyable.
func (e *eye) KeyDown(k *fyne.KeyEvent) {
	if k.Name == fyne.KeySpace {
		e.hold(true)
	}
}

// KeyUp implements desktop.Keyable.
func (e *eye) KeyUp(k *fyne.KeyEvent) {
	if k.Name == fyne.KeySpace {
		e.hold(false)
	}
}

// FocusLost implements fyne.Focusable.
func (e *eye) FocusLost() {
	e.hold(false)
	e.button.FocusLost()
}
