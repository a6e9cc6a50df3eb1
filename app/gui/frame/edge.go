package frame

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// ring is how far outside a widget the line stands that shows the focus, and how
// wide that line is; look.Target leaves so much between two buttons.
const ring = 2

// edged draws a line around one of the toolkit's widgets: a thin one, so that it
// is seen where the widget ends, and a strong one outside while it has the focus.
// (Fyne marks both by shades alone.)
type edged struct {
	fyne.WidgetRenderer
	widget  fyne.Widget
	line    *canvas.Rectangle
	focused *bool
	plain   func() bool // no line but the focus's; nil: never
}

func edge(w fyne.Widget, r fyne.WidgetRenderer, focused *bool, plain func() bool) *edged {
	e := &edged{WidgetRenderer: r, widget: w, line: canvas.NewRectangle(color.Transparent), focused: focused, plain: plain}
	e.draw()
	return e
}

// Objects implements fyne.WidgetRenderer.
func (e *edged) Objects() []fyne.CanvasObject {
	own := e.WidgetRenderer.Objects()
	return append(own[:len(own):len(own)], e.line)
}

// Layout implements fyne.WidgetRenderer.
func (e *edged) Layout(size fyne.Size) {
	e.WidgetRenderer.Layout(size)
	e.draw()
}

// Refresh implements fyne.WidgetRenderer.
func (e *edged) Refresh() {
	e.WidgetRenderer.Refresh()
	e.draw()
}

func (e *edged) draw() {
	out := float32(0)
	e.line.StrokeColor, e.line.StrokeWidth = theme.Color(theme.ColorNameInputBorder), 1
	switch {
	case *e.focused:
		out = ring
		e.line.StrokeColor, e.line.StrokeWidth = theme.Color(theme.ColorNameForeground), ring
	case e.plain != nil && e.plain():
		e.line.StrokeWidth = 0
	}
	e.line.CornerRadius = theme.Size(theme.SizeNameInputRadius) + out
	e.line.Move(fyne.NewSquareOffsetPos(-out))
	e.line.Resize(e.widget.Size().AddWidthHeight(2*out, 2*out))
	e.line.Refresh()
}
