package gui

import (
	"image"
	"image/draw"

	"antin/app/gui/frame"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// captured is the picture of a window as a graphics card paints it. The toolkit's
// software painter cuts what scrolls off at the innermost scroll alone: a field half
// below the edge of its panel would be painted over what is there.
func captured(w fyne.Window) image.Image {
	seen := w.Canvas().Capture()
	var out *image.NRGBA
	for _, o := range append(w.Canvas().Overlays().List(), w.Content()) {
		for _, c := range crossed(o, fyne.Position{}) {
			if out == nil {
				out = image.NewNRGBA(seen.Bounds())
				draw.Draw(out, out.Bounds(), seen, image.Point{}, draw.Src)
			}
			c.scroll.Content.Hide()
			without := w.Canvas().Capture()
			c.scroll.Content.Show()
			inside := image.Rect(int(c.x), int(c.y), int(c.right+0.5), int(c.bottom+0.5))
			kept := image.NewNRGBA(inside)
			draw.Draw(kept, inside, out, inside.Min, draw.Src)
			draw.Draw(out, out.Bounds(), without, image.Point{}, draw.Src)
			draw.Draw(out, inside, kept, inside.Min, draw.Src)
		}
	}
	if out == nil {
		return seen
	}
	return out
}

// cut is a scroll and where it is in the window.
type cut struct {
	rect
	scroll *container.Scroll
}

// crossed are the scrolls that cut fields off.
func crossed(o fyne.CanvasObject, from fyne.Position) (all []cut) {
	if !o.Visible() {
		return nil
	}
	from = from.Add(o.Position())
	if s, ok := o.(*container.Scroll); ok {
		place := at(from, s.Size())
		if cuts(s.Content, from, place) {
			return []cut{{place, s}}
		}
	}
	for _, child := range inside(o) {
		all = append(all, crossed(child, from)...)
	}
	return all
}

// cuts tells whether a field below o is not wholly in a place.
func cuts(o fyne.CanvasObject, from fyne.Position, place rect) bool {
	if !o.Visible() {
		return false
	}
	from = from.Add(o.Position())
	switch o.(type) {
	case *frame.Entry, *widget.Entry:
		here := at(from, o.Size())
		return here.y < place.y || here.bottom > place.bottom
	}
	for _, child := range inside(o) {
		if cuts(child, from, place) {
			return true
		}
	}
	return false
}
