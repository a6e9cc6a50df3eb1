package frame

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Part is a part of the window that looks after itself. The toolkit refreshes all
// that is in a container when it refreshes the container, and for new colours or
// sizes of text every container in turn, so that a label ten containers deep is
// laid out ten times. What surrounds a Part refreshes only its place.
type Part struct {
	widget.BaseWidget
	content fyne.CanvasObject
}

// NewPart makes a part of the window of content.
func NewPart(content fyne.CanvasObject) *Part {
	p := &Part{content: content}
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer implements fyne.Widget.
func (p *Part) CreateRenderer() fyne.WidgetRenderer { return &partRenderer{p.content} }

type partRenderer struct{ content fyne.CanvasObject }

func (r *partRenderer) Layout(size fyne.Size)        { r.content.Resize(size) }
func (r *partRenderer) MinSize() fyne.Size           { return r.content.MinSize() }
func (r *partRenderer) Refresh()                     {}
func (r *partRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.content} }
func (r *partRenderer) Destroy()                     {}
