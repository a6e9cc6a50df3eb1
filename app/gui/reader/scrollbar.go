package reader

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// scrollbar shows which part of something long is seen, and moves it.
type scrollbar struct {
	widget.BaseWidget
	upright bool
	moved   func(start float64) // the person wants to see from there

	long, window, start float64 // of what is scrolled
	held                float64 // start while the handle is dragged
	dragging            bool

	track, handle *canvas.Rectangle
}

const shortestHandle = 36

func newScrollbar(upright bool, moved func(float64)) *scrollbar {
	b := &scrollbar{upright: upright, moved: moved, track: canvas.NewRectangle(nil), handle: canvas.NewRectangle(nil)}
	b.ExtendBaseWidget(b)
	return b
}

// set tells the bar what is seen; it hides when that is all.
func (b *scrollbar) set(long, window, start float64) {
	b.long, b.window, b.start = long, window, start
	if long <= window+0.5 {
		b.Hide()
		return
	}
	b.Show()
	b.place(b.Size())
}

// room is the length of the bar and how much of it the handle leaves.
func (b *scrollbar) room(size fyne.Size) (handle, free float64) {
	length := float64(size.Width)
	if b.upright {
		length = float64(size.Height)
	}
	handle = min(length, max(shortestHandle, length*b.window/b.long))
	return handle, length - handle
}

func (b *scrollbar) place(size fyne.Size) {
	if b.long <= b.window {
		return
	}
	handle, free := b.room(size)
	at := float32(free * b.start / (b.long - b.window))
	b.track.Resize(size)
	if b.upright {
		b.handle.Move(fyne.NewPos(2, at))
		b.handle.Resize(fyne.NewSize(size.Width-4, float32(handle)))
	} else {
		b.handle.Move(fyne.NewPos(at, 2))
		b.handle.Resize(fyne.NewSize(float32(handle), size.Height-4))
	}
}

// Dragged moves the handle.
func (b *scrollbar) Dragged(e *fyne.DragEvent) {
	if !b.dragging {
		b.dragging, b.held = true, b.start
	}
	by := float64(e.Dragged.DX)
	if b.upright {
		by = float64(e.Dragged.DY)
	}
	if _, free := b.room(b.Size()); free > 0 {
		b.held += by * (b.long - b.window) / free
		b.moved(b.held)
	}
}

// DragEnd implements fyne.Draggable.
func (b *scrollbar) DragEnd() { b.dragging = false }

// Tapped goes one window on or back.
func (b *scrollbar) Tapped(e *fyne.PointEvent) {
	at, from := e.Position.X, b.handle.Position().X
	if b.upright {
		at, from = e.Position.Y, b.handle.Position().Y
	}
	handle, _ := b.room(b.Size())
	switch {
	case at < from:
		b.moved(b.start - 0.9*b.window)
	case at > from+float32(handle):
		b.moved(b.start + 0.9*b.window)
	}
}

func (b *scrollbar) MinSize() fyne.Size {
	side := b.Theme().Size(theme.SizeNameScrollBar)
	return fyne.NewSize(side, side)
}

// CreateRenderer implements fyne.Widget.
func (b *scrollbar) CreateRenderer() fyne.WidgetRenderer {
	b.colour()
	return &scrollbarRenderer{b}
}

func (b *scrollbar) colour() {
	variant := fyne.CurrentApp().Settings().ThemeVariant()
	b.track.FillColor = b.Theme().Color(theme.ColorNameScrollBarBackground, variant)
	b.handle.FillColor = b.Theme().Color(theme.ColorNameScrollBar, variant)
	b.handle.CornerRadius = b.Theme().Size(theme.SizeNameScrollBarRadius)
}

type scrollbarRenderer struct{ b *scrollbar }

func (r *scrollbarRenderer) Layout(size fyne.Size) { r.b.place(size) }
func (r *scrollbarRenderer) MinSize() fyne.Size    { return r.b.MinSize() }
func (r *scrollbarRenderer) Destroy()              {}
func (r *scrollbarRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.b.track, r.b.handle}
}

func (r *scrollbarRenderer) Refresh() {
	r.b.colour()
	r.b.track.Refresh()
	r.b.handle.Refresh()
}
