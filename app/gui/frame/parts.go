package frame

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Signs that stand before a sentence, so that its colour is not all that tells.
const (
	SignGood    = "✓"
	SignWarning = "⚠"
	SignBad     = "✗"
	SignWait    = "…"
)

// SignColour is the colour that goes with a sign.
func SignColour(sign string) fyne.ThemeColorName {
	switch sign {
	case SignGood:
		return theme.ColorNameSuccess
	case SignWarning:
		return theme.ColorNameWarning
	case SignBad:
		return theme.ColorNameError
	}
	return theme.ColorNameForeground
}

// Told is a sentence with a sign before it.
type Told struct {
	Box  *fyne.Container
	sign *canvas.Text
	text *widget.Label
}

// NewTold makes an empty one.
func NewTold() *Told {
	t := &Told{sign: canvas.NewText("", nil), text: Wrapped("")}
	t.sign.TextStyle.Bold = true
	t.Box = container.NewBorder(nil, nil, container.NewVBox(container.NewPadded(t.sign)), nil, t.text)
	return t
}

// Set changes what is told; the colour of the sign follows the sign.
func (t *Told) Set(sign, text string) {
	t.sign.Text, t.sign.Color, t.sign.TextSize = sign, theme.Color(SignColour(sign)), theme.Size(theme.SizeNameText)
	t.sign.Refresh()
	t.text.SetText(text)
}

// Heading is the name of a part of a panel.
func Heading(text string) *widget.Label {
	return widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
}

// Wrapped is a text that takes as many lines as it needs.
func Wrapped(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	return l
}

// Wide gives an object a least width, in units at the usual size of text.
func Wide(units float32, object fyne.CanvasObject) *fyne.Container {
	return container.New(&wide{units}, object)
}

type wide struct{ units float32 }

func (w *wide) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	layout.NewStackLayout().Layout(objects, size)
}

func (w *wide) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return layout.NewStackLayout().MinSize(objects).Max(fyne.NewSize(w.units*theme.Size(theme.SizeNameText)/14, 0))
}

// Show shows an object or hides it.
func Show(o fyne.CanvasObject, yes bool) {
	if yes {
		o.Show()
	} else {
		o.Hide()
	}
}

// Enable lets a widget be used, or not.
func Enable(w fyne.Disableable, yes bool) {
	if yes {
		w.Enable()
	} else {
		w.Disable()
	}
}
