package frame

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// InRows sets objects beside each other, in as many rows as the width needs, so that
// none is cut off. (Rows of the toolkit, once laid out, ask for their width and cannot
// become narrower.)
func InRows(objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&inRows{}, objects...)
}

type inRows struct{ width float32 } // at which the height was wanted last

// Layout implements fyne.Layout.
func (r *inRows) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	r.width = size.Width
	r.place(objects, size.Width, func(o fyne.CanvasObject, at fyne.Position, size fyne.Size) {
		o.Move(at)
		o.Resize(size)
	})
}

// MinSize implements fyne.Layout: as wide as the widest object, as high as the last
// width needs.
func (r *inRows) MinSize(objects []fyne.CanvasObject) (least fyne.Size) {
	for _, o := range objects {
		if o.Visible() {
			least.Width = max(least.Width, o.MinSize().Width)
		}
	}
	r.place(objects, max(r.width, least.Width), func(_ fyne.CanvasObject, at fyne.Position, size fyne.Size) {
		least.Height = max(least.Height, at.Y+size.Height)
	})
	return least
}

func (r *inRows) place(objects []fyne.CanvasObject, width float32, put func(o fyne.CanvasObject, at fyne.Position, size fyne.Size)) {
	var at fyne.Position
	below := float32(0) // where the next row begins
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		size := o.MinSize()
		if at.X > 0 && at.X+size.Width > width {
			at = fyne.NewPos(0, below)
		}
		put(o, at, size)
		at.X += size.Width + theme.Padding()
		below = max(below, at.Y+size.Height+theme.Padding())
	}
}
