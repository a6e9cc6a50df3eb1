package help

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// sheet is content on paper that covers the window.
type sheet struct {
	widget.BaseWidget
	content fyne.CanvasObject
}

func newSheet(content fyne.CanvasObject) *sheet {
	s := &sheet{content: content}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer implements fyne.Widget.
func (s *sheet) CreateRenderer() fyne.WidgetRenderer {
	paper := canvas.NewRectangle(nil)
	r := &sheetRenderer{widget.NewSimpleRenderer(container.NewStack(paper, container.NewPadded(s.content))), paper}
	r.colour()
	return r
}

type sheetRenderer struct {
	fyne.WidgetRenderer
	paper *canvas.Rectangle
}

func (r *sheetRenderer) colour() {
	settings := fyne.CurrentApp().Settings()
	r.paper.FillColor = settings.Theme().Color(theme.ColorNameOverlayBackground, settings.ThemeVariant())
}

func (r *sheetRenderer) Refresh() {
	r.colour()
	r.WidgetRenderer.Refresh()
}
