package reader

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// rows is a layout that puts objects side by side, in as many rows as the width
// needs, so that no button is cut off.
type rows struct{ width float32 } // that was laid out last

// arrange calls put for each object with its place and returns the height.
func (r *rows) arrange(all []fyne.CanvasObject, width float32, put func(o fyne.CanvasObject, p fyne.Position, s fyne.Size)) float32 {
	gap := theme.Padding()
	x, y, height := float32(0), float32(0), float32(0)
	for _, o := range all {
		s := o.MinSize()
		if x > 0 && x+s.Width > width {
			x, y, height = 0, y+height+gap, 0
		}
		put(o, fyne.NewPos(x, y), s)
		x, height = x+s.Width+gap, max(height, s.Height)
	}
	return y + height
}

// Layout implements fyne.Layout.
func (r *rows) Layout(all []fyne.CanvasObject, size fyne.Size) {
	r.width = size.Width
	r.arrange(all, size.Width, func(o fyne.CanvasObject, p fyne.Position, s fyne.Size) {
		o.Move(p)
		o.Resize(s)
	})
}

// MinSize implements fyne.Layout: as wide as the widest object, as high as the
// last width needs.
func (r *rows) MinSize(all []fyne.CanvasObject) fyne.Size {
	var widest float32
	for _, o := range all {
		widest = max(widest, o.MinSize().Width)
	}
	return fyne.NewSize(widest, r.height(all, max(r.width, widest)))
}

func (r *rows) height(all []fyne.CanvasObject, width float32) float32 {
	return r.arrange(all, width, func(fyne.CanvasObject, fyne.Position, fyne.Size) {})
}

// parts is the layout of the whole reader: what stands above the pages, below
// them, beside them. Heights of texts and rows depend on the width, which
// container.NewBorder asks before it has given one.
type parts struct {
	top, bottom, side, middle fyne.CanvasObject
}

// Layout implements fyne.Layout.
func (p *parts) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	for _, o := range []fyne.CanvasObject{p.top, p.bottom} {
		o.Resize(fyne.NewSize(size.Width, o.Size().Height)) // now its least height is known
	}
	above, below := p.top.MinSize().Height, p.bottom.MinSize().Height
	p.top.Resize(fyne.NewSize(size.Width, above))
	p.bottom.Resize(fyne.NewSize(size.Width, below))
	p.bottom.Move(fyne.NewPos(0, size.Height-below))
	left, high := float32(0), max(0, size.Height-above-below)
	if p.side.Visible() {
		left = p.side.MinSize().Width
		p.side.Move(fyne.NewPos(0, above))
		p.side.Resize(fyne.NewSize(left, high))
	}
	p.middle.Move(fyne.NewPos(left, above))
	p.middle.Resize(fyne.NewSize(max(0, size.Width-left), high))
}

// MinSize implements fyne.Layout.
func (p *parts) MinSize([]fyne.CanvasObject) fyne.Size {
	s := p.middle.MinSize()
	if p.side.Visible() {
		s.Width += p.side.MinSize().Width
	}
	s.Width = max(s.Width, p.bottom.MinSize().Width)
	s.Height += p.top.MinSize().Height + p.bottom.MinSize().Height
	return s
}
