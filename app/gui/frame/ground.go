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

// Ground is something on a ground in colours of the theme.
type Ground struct {
	widget.BaseWidget
	inside fyne.CanvasObject
	dress  func(*canvas.Rectangle)
}

// NewZone makes the place on an empty screen where documents are dropped, with what
// stands in it: words and buttons.
func NewZone(inside fyne.CanvasObject) *Ground {
	return newGround(inside, func(r *canvas.Rectangle) {
		r.FillColor = theme.Color(look.ColorNameDesk)
		r.StrokeColor, r.StrokeWidth, r.CornerRadius = theme.Color(theme.ColorNamePrimary), 2, 12
	})
}

// NewSheet makes paper that covers what is below.
func NewSheet(inside fyne.CanvasObject) *Ground {
	return newGround(inside, func(r *canvas.Rectangle) { r.FillColor = theme.Color(theme.ColorNameOverlayBackground) })
}

func newGround(inside fyne.CanvasObject, dress func(*canvas.Rectangle)) *Ground {
	g := &Ground{inside: inside, dress: dress}
	g.ExtendBaseWidget(g)
	return g
}

// CreateRenderer implements fyne.Widget.
func (g *Ground) CreateRenderer() fyne.WidgetRenderer {
	ground := canvas.NewRectangle(color.Transparent)
	g.dress(ground)
	return &groundLook{widget.NewSimpleRenderer(container.NewStack(ground, container.NewPadded(g.inside))), g, ground}
}

type groundLook struct {
	fyne.WidgetRenderer
	of     *Ground
	ground *canvas.Rectangle
}

// Refresh implements fyne.WidgetRenderer.
func (l *groundLook) Refresh() {
	l.of.dress(l.ground)
	l.WidgetRenderer.Refresh()
}
