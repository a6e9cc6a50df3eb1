package frame

import (
	"fyne.io/fyne/v2"
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

// SignIcon is the sign as a picture in its colour, nil for none. (Some of the
// signs are no letters of the window's font.)
func SignIcon(sign string) fyne.Resource {
	switch sign {
	case SignGood:
		return theme.NewSuccessThemedResource(theme.ConfirmIcon())
	case SignWarning:
		return theme.NewWarningThemedResource(theme.WarningIcon())
	case SignBad:
		return theme.NewErrorThemedResource(theme.ErrorIcon())
	case SignWait:
		return theme.MoreHorizontalIcon()
	}
	return nil
}

// Told is a sentence with a sign before it.
type Told struct {
	Box  *fyne.Container
	Text *widget.Label
	sign *widget.Icon
}

// NewTold makes an empty one.
func NewTold() *Told {
	t := &Told{sign: widget.NewIcon(nil), Text: Wrapped("")}
	t.Box = container.NewBorder(nil, nil, container.New(&atFirstLine{t.Text}, t.sign), nil, t.Text)
	return t
}

// Set changes what is told; "" is no sign.
func (t *Told) Set(sign, text string) {
	t.sign.SetResource(SignIcon(sign))
	Show(t.sign, sign != "")
	t.Text.SetText(text)
}

// atFirstLine puts a sign beside the first line of a label.
type atFirstLine struct{ label *widget.Label }

func (a *atFirstLine) Layout(objects []fyne.CanvasObject, _ fyne.Size) {
	size, pad := theme.SizeNameText, theme.Size(theme.SizeNameInnerPadding)
	if a.label.SizeName != "" {
		size = a.label.SizeName
	}
	side := theme.Size(theme.SizeNameInlineIcon)
	line := fyne.MeasureText("M", theme.Size(size), fyne.TextStyle{}).Height
	objects[0].Resize(fyne.NewSquareSize(side))
	objects[0].Move(fyne.NewPos(pad/2, pad+(line-side)/2))
}

func (*atFirstLine) MinSize(objects []fyne.CanvasObject) fyne.Size {
	if !objects[0].Visible() {
		return fyne.Size{}
	}
	return fyne.NewSquareSize(theme.Size(theme.SizeNameInlineIcon) + theme.Size(theme.SizeNameInnerPadding)/2)
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

// Wide gives an object a least width, in units at the usual size of text; with
// larger texts it grows nearly as much.
func Wide(units float32, object fyne.CanvasObject) *fyne.Container {
	return container.New(&wide{units}, object)
}

type wide struct{ units float32 }

func (w *wide) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	layout.NewStackLayout().Layout(objects, size)
}

func (w *wide) MinSize(objects []fyne.CanvasObject) fyne.Size {
	larger := max(1, 0.9*theme.Size(theme.SizeNameText)/14)
	return layout.NewStackLayout().MinSize(objects).Max(fyne.NewSize(w.units*larger, 0))
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
