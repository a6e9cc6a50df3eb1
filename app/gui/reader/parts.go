package reader

import "fyne.io/fyne/v2"

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
