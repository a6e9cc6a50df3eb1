package boxes

import (
	"math"

	"antin/signer/pdffile"
)

// Handle is where a box is held.
type Handle int

// The handles: the box itself and its corners and sides, clockwise.
const (
	Body Handle = iota
	TopLeft
	Top
	TopRight
	Right
	BottomRight
	Bottom
	BottomLeft
	Left
)

// Handles are the eight handles for resizing.
var Handles = []Handle{TopLeft, Top, TopRight, Right, BottomRight, Bottom, BottomLeft, Left}

// Sides tells which sides of the box a handle moves: −1 left or top, 1 right or
// bottom, 0 none.
func (h Handle) Sides() (x, y int) {
	switch h {
	case TopLeft, Left, BottomLeft:
		x = -1
	case TopRight, Right, BottomRight:
		x = 1
	case Body, Top, Bottom:
	}
	switch h {
	case TopLeft, Top, TopRight:
		y = -1
	case BottomLeft, Bottom, BottomRight:
		y = 1
	case Body, Left, Right:
	}
	return x, y
}

// Held is a box under the pointer.
type Held struct {
	board  *Board
	box    int
	handle Handle
	start  Box
	guides []Guide
}

// Hold takes a box by a handle; a box of fixed size is always moved.
func (b *Board) Hold(i int, h Handle) *Held {
	if b.boxes[i].Fixed {
		h = Body
	}
	return &Held{board: b, box: i, handle: h, start: b.boxes[i]}
}

// To shows the box as if the pointer had gone by (dx, dy) since it was taken. It
// snaps to guides nearer than within mm; 0 suspends that.
func (h *Held) To(dx, dy, within float64) {
	b := h.board
	box := h.start
	h.guides = nil
	if h.handle == Body {
		box.X += dx
		box.Y += dy
		box = b.inside(box)
		box, h.guides = b.snapMoved(h.box, box, within)
	} else {
		if within > 0 {
			dx, dy = b.snapStretch(h.box, h.start, h.handle, dx, dy, within)
		}
		box.Box = b.stretched(h.start, h.handle, dx, dy)
		box = b.inside(box)
		h.guides = b.met(h.box, box, within)
	}
	if box != b.boxes[h.box] {
		b.boxes[h.box] = box
		b.changed()
	}
}

// Guides are the lines that the box has snapped to.
func (h *Held) Guides() []Guide { return h.guides }

// Release ends the change: it is one step of undo.
func (h *Held) Release() {
	h.guides = nil
	if now := h.board.boxes[h.box]; now != h.start {
		h.board.record(step{h.box, h.start, now})
	}
	h.board.changed()
}

// Cancel puts the box back where it was taken.
func (h *Held) Cancel() {
	h.guides = nil
	h.board.boxes[h.box] = h.start
	h.board.changed()
}

// stretched is the box after one of its handles went by (dx, dy), within its
// page: the opposite corner stays, for a handle in the middle of a side the
// opposite side.
func (b *Board) stretched(box Box, h Handle, dx, dy float64) pdffile.Box {
	page := b.Page(box.Page)
	sx, sy := h.Sides()
	w, height := box.W+float64(sx)*dx, box.H+float64(sy)*dy
	roomX, roomY := room(sx, box.X, box.W, page.W), room(sy, box.Y, box.H, page.H)
	if box.Aspect > 0 {
		byHeight := height * box.Aspect
		if sx == 0 || sy != 0 && math.Abs(byHeight-box.W) > math.Abs(w-box.W) {
			w = byHeight
		}
		w = fit(w, leastWidth(box.Aspect), min(roomX, roomY*box.Aspect))
		height = w / box.Aspect
	} else {
		w, height = fit(w, Least, roomX), fit(height, Least, roomY)
	}
	return pdffile.Box{X: origin(sx, box.X, box.W, w), Y: origin(sy, box.Y, box.H, height), W: w, H: height}
}

// room is how long a side can become: up to the page's edge, or to both edges
// about its middle when it grows there.
func room(side int, at, length, page float64) float64 {
	switch side {
	case 1:
		return page - at
	case -1:
		return at + length
	default:
		return 2 * min(at+length/2, page-at-length/2)
	}
}

// origin is where a side of new length begins.
func origin(side int, at, length, now float64) float64 {
	switch side {
	case 1:
		return at
	case -1:
		return at + length - now
	default:
		return at + (length-now)/2
	}
}
