package frame

import (
	"image/color"

	"antin/app/gui/look"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Zone is the place on an empty screen where documents are dropped.
type Zone struct {
	widget.BaseWidget
	inside fyne.CanvasObject
}

// NewZone makes the place with what stands in it: words and buttons.
func NewZone(inside fyne.CanvasObject) *Zone {
	z := &Zone{inside: inside}
	z.ExtendBaseWidget(z)
	return z
}

// CreateRenderer implements fyne.Widget.
func (z *Zone) CreateRenderer() fyne.WidgetRenderer {
	ground := canvas.NewRectangle(color.Transparent)
	r := &zoneLook{widget.NewSimpleRenderer(container.NewStack(ground, container.NewPadded(z.inside))), ground}
	r.colour()
	return r
}

type zoneLook struct {
	fyne.WidgetRenderer
	ground *canvas.Rectangle
}

// Refresh implements fyne.WidgetRenderer.
func (l *zoneLook) Refresh() {
	l.colour()
	l.WidgetRenderer.Refresh()
}

func (l *zoneLook) colour() {
	l.ground.FillColor = theme.Color(look.ColorNameDesk)
	l.ground.StrokeColor, l.ground.StrokeWidth, l.ground.CornerRadius = theme.Color(theme.ColorNamePrimary), 2, 12
}
