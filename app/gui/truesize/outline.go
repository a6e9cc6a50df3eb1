package truesize

import (
	"antin/app/gui/frame"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// outline is a card of the size that one has at so many dots an inch. Plus, minus
// and the arrows change its width by a pixel, the page keys by ten.
type outline struct {
	widget.BaseWidget
	f       *frame.Frame
	screen  frame.Monitor
	dpi     float64
	by      Source
	changed func()
	entered func() // the person is content
	escaped func()

	edge    *canvas.Rectangle
	inside  *fyne.Container
	content *fyne.Container
}

const (
	coarse = 10 // pixels for the page keys
	edge   = 2  // units
)

func newOutline(f *frame.Frame, m frame.Monitor, changed func()) *outline {
	o := &outline{f: f, edge: canvas.NewRectangle(nil)}
	o.edge.StrokeWidth = edge
	text := frame.Wrapped(f.Text("truesize.card", f.Words.Number(CardWidth), f.Words.Number(CardHeight)))
	text.Alignment = fyne.TextAlignCenter
	o.inside = container.NewPadded(text)
	o.content = container.NewWithoutLayout(o.edge, o.inside)
	o.ExtendBaseWidget(o)
	o.on(m)
	o.changed = changed
	return o
}

// on shows the card as it is on another screen.
func (o *outline) on(m frame.Monitor) {
	o.screen = m
	o.dpi, o.by = atLeastAssumed(o.f, m)
	o.limit()
}

func (o *outline) density() float64 { return density(o.f) }

// step makes the card wider by so many pixels.
func (o *outline) step(pixels float64) {
	o.dpi += pixels * mmPerInch / CardWidth
	o.by = Measured
	o.limit()
}

// limit keeps the card within what a screen can be, and within the window.
func (o *outline) limit() {
	most := float64(mostDPI)
	if w := o.f.Window.Canvas().Size().Width; w > 0 {
		most = min(most, 0.8*float64(w)*o.density()*mmPerInch/CardWidth)
	}
	o.dpi = max(leastDPI, min(o.dpi, most))
	o.Refresh()
	if o.changed != nil {
		o.changed()
	}
}

// size is that of the card, in units, between the middles of its edges.
func (o *outline) size() fyne.Size {
	units := o.dpi / mmPerInch / o.density()
	return fyne.NewSize(float32(CardWidth*units), float32(CardHeight*units))
}

// MinSize implements fyne.Widget.
func (o *outline) MinSize() fyne.Size { return o.size().AddWidthHeight(2*edge, 2*edge) }

// Refresh implements fyne.Widget.
func (o *outline) Refresh() {
	t := o.Theme()
	o.edge.StrokeColor = t.Color(theme.ColorNameForeground, fyne.CurrentApp().Settings().ThemeVariant())
	if o.focused() {
		o.edge.StrokeColor = t.Color(theme.ColorNamePrimary, fyne.CurrentApp().Settings().ThemeVariant())
	}
	size := o.size()
	o.edge.CornerRadius = size.Width * cardCorner / CardWidth
	o.edge.Move(fyne.NewPos(edge, edge))
	o.edge.Resize(size)
	o.inside.Move(o.edge.Position())
	o.inside.Resize(size)
	o.BaseWidget.Refresh()
}

func (o *outline) focused() bool { return o.f.Window.Canvas().Focused() == fyne.Focusable(o) }

// CreateRenderer implements fyne.Widget.
func (o *outline) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(o.content) }

var _ fyne.Focusable = (*outline)(nil)

// FocusGained implements fyne.Focusable.
func (o *outline) FocusGained() { o.Refresh() }

// FocusLost implements fyne.Focusable.
func (o *outline) FocusLost() { o.Refresh() }

// Tapped implements fyne.Tappable.
func (o *outline) Tapped(*fyne.PointEvent) { o.f.Window.Canvas().Focus(o) }

// TypedRune implements fyne.Focusable.
func (o *outline) TypedRune(r rune) {
	switch r {
	case '+', '=':
		o.step(+1)
	case '-':
		o.step(-1)
	}
}

// TypedKey implements fyne.Focusable.
func (o *outline) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyRight, fyne.KeyUp:
		o.step(+1)
	case fyne.KeyLeft, fyne.KeyDown:
		o.step(-1)
	case fyne.KeyPageUp:
		o.step(+coarse)
	case fyne.KeyPageDown:
		o.step(-coarse)
	case fyne.KeyReturn, fyne.KeyEnter:
		o.entered()
	case fyne.KeyEscape:
		o.escaped()
	}
}
