package pin

import (
	"antin/app/gui/frame"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
)

// newButton is a button from which Escape gives up.
func newButton(f *frame.Frame, label string, tapped, cancelled func()) *frame.Button {
	b := f.NewButton(label, tapped)
	b.Escaped = cancelled
	return b
}

// buttonWidth is the least of a question's buttons, in units as of frame.Wide: what
// they say is short, and they matter.
const buttonWidth = 120

// buttons are those of a question, the one that gives up first, at its two ends.
func buttons(all ...*frame.Button) fyne.CanvasObject {
	row := container.NewHBox()
	for i, b := range all {
		if i > 0 {
			row.Add(layout.NewSpacer())
		}
		row.Add(frame.Wide(buttonWidth, b))
	}
	return row
}

// eye shows a PIN while it is held, with the pointer or with the space bar.
type eye struct {
	frame.Button
	hold func(on bool)
}

func newEye(label string, hold func(bool)) *eye {
	e := &eye{hold: hold}
	e.Text, e.Icon, e.OnTapped = label, theme.VisibilityIcon(), func() {}
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
	e.Button.MouseOut()
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
	e.Button.FocusLost()
}
