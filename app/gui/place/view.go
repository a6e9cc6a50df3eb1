package place

import (
	"antin/app/gui/look"
	"antin/app/gui/place/boxes"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Units of the screen.
const (
	grip   = 12 // how far outside a box its handles are felt
	inward = 6  // and how far inside
	square = 8  // side of a handle as it is seen
	snapAt = 6  // how near a guide draws
)

// Steps of the keys, mm.
const fine, coarse = 0.1, 1.0

// view is one box on a page: its look, its frame and its handles.
type view struct {
	widget.BaseWidget
	layer *layer
	box   int

	print
	frame   *canvas.Rectangle
	handles []*canvas.Rectangle // as boxes.Handles; none for a box of fixed size

	focused bool
	over    boxes.Handle // under the pointer
	inside  bool         // the pointer is over the view
	way     fyne.Delta   // of the pointer since the box was taken
	given   bool         // the change was given up; the rest of the way counts nothing
}

func newView(l *layer, box int) *view {
	v := &view{layer: l, box: box, print: newPrint(), frame: canvas.NewRectangle(nil)}
	v.frame.StrokeWidth = 1
	if !l.editor.Board.Box(box).Fixed {
		for range boxes.Handles {
			v.handles = append(v.handles, canvas.NewRectangle(nil))
		}
	}
	v.ExtendBaseWidget(v)
	return v
}

// arrange gives the view its place on the page and draws what is new.
func (v *view) arrange(x boxes.Box) {
	perMM := v.layer.perMM()
	w, h := float32(x.W*perMM), float32(x.H*perMM)
	v.Move(fyne.NewPos(float32(x.X*perMM)-grip, float32(x.Y*perMM)-grip))
	v.Resize(fyne.NewSize(w+2*grip, h+2*grip))
	v.picture.Move(v.draw(v.layer, x, v.layer.editor.looks[v.box]).Subtract(v.Position()))
	v.frame.Move(fyne.NewPos(grip, grip))
	v.frame.Resize(fyne.NewSize(w, h))
	for i, handle := range v.handles {
		sx, sy := boxes.Handles[i].Sides()
		handle.Resize(fyne.NewSquareSize(square))
		handle.Move(fyne.NewPos(grip+w*float32(sx+1)/2-square/2, grip+h*float32(sy+1)/2-square/2))
	}
	v.colour()
}

// colour shows who has the focus: a thick frame and filled handles, so that colour
// is not all that tells.
func (v *view) colour() {
	line := theme.Color(look.ColorNameSignature)
	v.frame.StrokeColor, v.frame.StrokeWidth = line, 1
	if v.focused {
		v.frame.StrokeWidth = 2.5
	}
	for _, handle := range v.handles {
		handle.StrokeColor, handle.StrokeWidth, handle.FillColor = line, 1, theme.Color(theme.ColorNameForegroundOnPrimary)
		if v.focused {
			handle.FillColor = line
		}
		handle.Refresh()
	}
	v.frame.Refresh()
}

// handleAt is the handle that is felt at a place of the view.
func (v *view) handleAt(p fyne.Position) boxes.Handle {
	if len(v.handles) == 0 {
		return boxes.Body
	}
	side := func(at, length float32) int {
		reach := grip + min(inward, (length-2*grip)/4) // of a small box the middle is left
		switch {
		case at < reach:
			return -1
		case at > length-reach:
			return 1
		}
		return 0
	}
	sx, sy := side(p.X, v.Size().Width), side(p.Y, v.Size().Height)
	for _, h := range boxes.Handles {
		if hx, hy := h.Sides(); hx == sx && hy == sy {
			return h
		}
	}
	return boxes.Body
}

// MouseDown takes the focus and remembers the handle under the pointer.
func (v *view) MouseDown(e *desktop.MouseEvent) {
	v.over = v.handleAt(e.Position)
	if c := fyne.CurrentApp().Driver().CanvasForObject(v); c != nil {
		c.Focus(v)
	}
}

// MouseUp implements desktop.Mouseable; DragEnd lets go.
func (v *view) MouseUp(*desktop.MouseEvent) {}

// Tapped keeps a click on a box from being one on the page.
func (v *view) Tapped(*fyne.PointEvent) {}

// Dragged implements fyne.Draggable.
func (v *view) Dragged(e *fyne.DragEvent) {
	ed := v.layer.editor
	if v.given || ed.locked() {
		return
	}
	if ed.held == nil {
		ed.held, v.way = ed.Board.Hold(v.box, v.over), fyne.Delta{}
	}
	v.way = fyne.NewDelta(v.way.DX+e.Dragged.DX, v.way.DY+e.Dragged.DY)
	perMM := v.layer.perMM()
	within := snapAt / perMM
	if ed.Pressed()&fyne.KeyModifierAlt != 0 {
		within = 0
	}
	ed.held.To(float64(v.way.DX)/perMM, float64(v.way.DY)/perMM, within)
	v.layer.Refresh() // guides come and go where the box stays
}

// DragEnd implements fyne.Draggable.
func (v *view) DragEnd() {
	ed := v.layer.editor
	v.given = false
	if held := ed.held; held != nil {
		ed.held = nil
		held.Release()
	}
}

// MouseIn implements desktop.Hoverable.
func (v *view) MouseIn(e *desktop.MouseEvent) { v.MouseMoved(e) }

// MouseOut implements desktop.Hoverable.
func (v *view) MouseOut() { v.inside = false }

// MouseMoved implements desktop.Hoverable.
func (v *view) MouseMoved(e *desktop.MouseEvent) {
	v.inside = true
	if v.layer.editor.held == nil {
		v.over = v.handleAt(e.Position)
	}
}

// Cursor tells what the pointer would do here.
func (v *view) Cursor() desktop.Cursor {
	if !v.inside {
		return desktop.DefaultCursor
	}
	switch v.over {
	case boxes.Body:
		return desktop.PointerCursor
	case boxes.Left, boxes.Right:
		return desktop.HResizeCursor
	case boxes.Top, boxes.Bottom:
		return desktop.VResizeCursor
	default:
		return desktop.CrosshairCursor
	}
}

// FocusGained implements fyne.Focusable.
func (v *view) FocusGained() {
	v.focused = true
	v.colour()
}

// FocusLost implements fyne.Focusable.
func (v *view) FocusLost() {
	v.focused = false
	v.colour()
}

// TypedRune implements fyne.Focusable.
func (v *view) TypedRune(r rune) {
	if letter := v.layer.editor.Letter; letter != nil {
		letter(r)
	}
}

// TypedKey moves the box, or hands the key on. While the pointer holds the box, only
// Escape is heard: a step between would not be where undo goes back to.
func (v *view) TypedKey(e *fyne.KeyEvent) {
	ed := v.layer.editor
	dx, dy, arrow := way(e.Name, ed.Pressed())
	switch {
	case ed.held != nil:
		if e.Name == fyne.KeyEscape {
			held := ed.held
			ed.held, v.given = nil, true
			held.Cancel()
		}
	case arrow && !ed.locked():
		ed.Board.Move(v.box, dx, dy)
	case ed.Typed != nil:
		ed.Typed(e)
	}
}

// TypedShortcut changes the size with Ctrl and an arrow, takes back and makes
// again.
func (v *view) TypedShortcut(s fyne.Shortcut) {
	if ed := v.layer.editor; ed.held != nil || ed.locked() {
		return
	}
	b := v.layer.editor.Board
	switch s := s.(type) {
	case *fyne.ShortcutUndo:
		b.Undo()
	case *fyne.ShortcutRedo:
		b.Redo()
	case *desktop.CustomShortcut:
		if dw, dh, arrow := way(s.KeyName, s.Modifier); arrow && s.Modifier&fyne.KeyModifierControl != 0 {
			b.Resize(v.box, dw, dh)
		}
	}
}

// way is how far an arrow goes, mm.
func way(key fyne.KeyName, m fyne.KeyModifier) (dx, dy float64, arrow bool) {
	step := fine
	if m&fyne.KeyModifierShift != 0 {
		step = coarse
	}
	switch key {
	case fyne.KeyLeft:
		return -step, 0, true
	case fyne.KeyRight:
		return step, 0, true
	case fyne.KeyUp:
		return 0, -step, true
	case fyne.KeyDown:
		return 0, step, true
	}
	return 0, 0, false
}

func (v *view) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{v.picture, v.frame}
	for _, h := range v.handles {
		objects = append(objects, h)
	}
	return &viewRenderer{v, objects}
}

type viewRenderer struct {
	*view
	objects []fyne.CanvasObject
}

func (r *viewRenderer) Layout(fyne.Size)             {}
func (r *viewRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *viewRenderer) Refresh()                     { canvas.Refresh(r.view) }
func (r *viewRenderer) Destroy()                     {}
func (r *viewRenderer) Objects() []fyne.CanvasObject { return r.objects }
