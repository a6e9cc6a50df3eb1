package frame

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
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

// Content is what the part was made of.
func (p *Part) Content() fyne.CanvasObject { return p.content }

// CreateRenderer implements fyne.Widget.
func (p *Part) CreateRenderer() fyne.WidgetRenderer {
	r := &partRenderer{content: p.content}
	parts = append(parts, r)
	return r
}

var (
	parts   []*partRenderer // that have been shown, the outer before the inner ones
	holding bool            // the parts keep their looks for the moment
)

type partRenderer struct {
	content fyne.CanvasObject
	least   fyne.Size // when it was last asked
	size    fyne.Size
}

func (r *partRenderer) Layout(size fyne.Size) {
	r.size = size
	if !holding { // else when it has its turn
		r.content.Resize(size)
	}
}

func (r *partRenderer) Refresh() {}

func (r *partRenderer) MinSize() fyne.Size {
	if !holding {
		r.least = r.content.MinSize()
	}
	return r.least
}

func (r *partRenderer) Objects() []fyne.CanvasObject {
	if holding {
		return nil
	}
	return []fyne.CanvasObject{r.content}
}

func (r *partRenderer) Destroy() {
	parts = slices.DeleteFunc(parts, func(p *partRenderer) bool { return p == r })
}

// Closed forgets the parts: the window is closed. The toolkit would keep them for
// some time.
func Closed() { parts = nil }

// Gone forgets the parts in an object that will not be shown again: each would take
// its time when colours or sizes change.
func Gone(o fyne.CanvasObject) {
	switch o := o.(type) {
	case *Part:
		parts = slices.DeleteFunc(parts, func(p *partRenderer) bool { return p.content == o.content })
		Gone(o.content)
	case *fyne.Container:
		for _, child := range o.Objects {
			Gone(child)
		}
	case *container.Scroll:
		Gone(o.Content)
	case *widget.Accordion:
		for _, item := range o.Items {
			Gone(item.Detail)
		}
	}
}

// Dress changes colours or sizes by set, the toolkit's function for that, and has
// the parts of the window follow one after the other: do runs a function on the
// user interface's goroutine after what waits there, so that the window answers
// between them. then is called when all look so.
func Dress(do func(func()), set, then func()) {
	holding = true
	set()
	holding = false
	rest := slices.Clone(parts)
	var next func() // the inner parts first: what is around one needs its new size
	next = func() {
		last := len(rest) - 1
		if last < 0 {
			then()
			return
		}
		dress(rest[last].content, false)
		rest[last].content.Resize(rest[last].size)
		rest = rest[:last]
		do(next)
	}
	do(next)
}

// Wear is a change of the theme by Dress, for one who looks at its pieces.
func Wear(to fyne.Theme) func(do func(func())) {
	return func(do func(func())) {
		Dress(do, func() { fyne.CurrentApp().Settings().SetTheme(to) }, func() {})
	}
}

// Renew has an object and all that is in it take over the colours and sizes of now:
// it was not in the window for a while.
func Renew(o fyne.CanvasObject) { dress(o, true) }

// dress has an object and all that is in it take over new colours and sizes, from
// the inside to the outside, each once. Parts in it have their own turn unless they
// are wanted too.
func dress(o fyne.CanvasObject, parts bool) {
	switch o := o.(type) {
	case *Part:
		if parts {
			dress(o.content, true)
		}
	case *fyne.Container:
		for _, child := range o.Objects {
			dress(child, parts)
		}
		if o.Layout != nil {
			o.Layout.Layout(o.Objects, o.Size())
		}
	case *container.Scroll:
		dress(o.Content, parts)
		o.Refresh()
	case *widget.Icon: // it does nothing for a picture that it has already
		picture := o.Resource
		o.SetResource(nil)
		o.SetResource(picture)
	case *Select:
		o.Refresh()
		if o.arrow != nil {
			dress(o.arrow, parts)
		}
	case *List:
		o.Refresh()
		for row := range o.seen {
			dress(row, parts)
		}
	default:
		o.Refresh()
	}
}
