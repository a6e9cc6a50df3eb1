package place

import (
	"antin/app/gui/look"
	"antin/app/gui/place/boxes"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// layer is the boxes of one page, over the page.
type layer struct {
	widget.BaseWidget
	editor *Editor
	page   int
	views  map[int]*view // by the number of the box
	prints []print       // of what is laid on the page
	lines  []fyne.CanvasObject
}

func newLayer(e *Editor, page int) *layer {
	l := &layer{editor: e, page: page, views: map[int]*view{}}
	l.ExtendBaseWidget(l)
	return l
}

// perMM is how many units of the screen a millimetre has.
func (l *layer) perMM() float64 {
	return float64(l.Size().Width) / l.editor.Board.Page(l.page).W
}

// arrange makes the views what the board says.
func (l *layer) arrange() {
	b := l.editor.Board
	for i := range b.Len() {
		x := b.Box(i)
		v := l.views[i]
		switch {
		case x.Page != l.page:
			delete(l.views, i)
			continue
		case v == nil:
			v = newView(l, i)
			l.views[i] = v
		}
		v.arrange(x)
	}
	n := 0
	for _, st := range l.editor.stills {
		if st.Page != l.page {
			continue
		}
		if n == len(l.prints) {
			l.prints = append(l.prints, newPrint())
		}
		p := &l.prints[n]
		p.picture.Move(p.draw(l, st.Box, st.look))
		n++
	}
	l.lines = l.lines[:0]
	if h := l.editor.held; h != nil {
		for _, g := range h.Guides() {
			if g.Page == l.page {
				l.lines = append(l.lines, l.line(g))
			}
		}
	}
}

// line is a guide across the page.
func (l *layer) line(g boxes.Guide) fyne.CanvasObject {
	line := canvas.NewLine(theme.Color(look.ColorNameGuide))
	line.StrokeWidth = 1
	at := float32(g.At * l.perMM())
	if g.Vertical {
		line.Position1, line.Position2 = fyne.NewPos(at, 0), fyne.NewPos(at, l.Size().Height)
	} else {
		line.Position1, line.Position2 = fyne.NewPos(0, at), fyne.NewPos(l.Size().Width, at)
	}
	return line
}

func (l *layer) CreateRenderer() fyne.WidgetRenderer { return &layerRenderer{l} }

type layerRenderer struct{ *layer }

func (r *layerRenderer) Layout(fyne.Size)   { r.arrange() }
func (r *layerRenderer) MinSize() fyne.Size { return fyne.Size{} }
func (r *layerRenderer) Destroy()           {}

func (r *layerRenderer) Refresh() {
	r.arrange()
	canvas.Refresh(r.layer)
}

func (r *layerRenderer) Objects() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for i := range r.prints {
		out = append(out, r.prints[i].picture)
	}
	out = append(out, r.lines...)
	for i := range r.editor.Board.Len() { // in their order: Tab follows it
		if v := r.views[i]; v != nil {
			out = append(out, v)
		}
	}
	return out
}
