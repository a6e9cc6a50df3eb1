// Package boxes is the model of what is placed on the pages of a document:
// rectangles that are moved, resized, snapped and typed, with undo and redo
// without end. It draws nothing and knows no window.
//
// New makes a Board for the pages of a document, Add puts a box on it. Move,
// Resize, SetSize and Put change a box in one step; Hold starts a change with the
// pointer that becomes one step when it is let go. Guides are the lines of a page
// that boxes snap to.
//
// All lengths are millimetres from the top left corner of the page as it is seen,
// y downwards. A box is always inside its page, at least Least wide and high
// unless the page is smaller, and keeps the ratio of its sides if it has one.
package boxes

import (
	"math"
	"slices"

	"antin/signer/pdffile"
)

// Least is the least width and height of a box, mm.
const Least = 2.0

// Page is the size of a page as it is seen, mm.
type Page struct{ W, H float64 }

// Box is a rectangle on a page.
type Box struct {
	Page        int // from 1
	pdffile.Box     // mm

	Aspect float64 // width / height that is kept; 0: free
	Fixed  bool    // the size is that of the thing itself, as of a seal
}

// Board is the pages of a document with the boxes on them. It is for one
// goroutine.
type Board struct {
	// Changed, if not nil, is called after every change.
	Changed func()

	pages        []Page
	boxes        []Box
	guides       []Guide
	done, undone []step
}

// step is a change of one box.
type step struct {
	box        int
	from, into Box
}

// New is a board without boxes. There is at least one page.
func New(pages []Page) *Board { return &Board{pages: pages} }

// Pages is the number of pages.
func (b *Board) Pages() int { return len(b.pages) }

// Page is the size of page n, from 1.
func (b *Board) Page(n int) Page { return b.pages[n-1] }

// Add puts a box on the board, moved and shrunk into its page, and returns its
// number. That is no step of undo.
func (b *Board) Add(box Box) int {
	b.boxes = append(b.boxes, b.inside(box))
	b.changed()
	return len(b.boxes) - 1
}

// Len is the number of boxes; they are counted from 0.
func (b *Board) Len() int { return len(b.boxes) }

// Box is the box with this number as it is now.
func (b *Board) Box(i int) Box { return b.boxes[i] }

// Move shifts a box.
func (b *Board) Move(i int, dx, dy float64) {
	box := b.boxes[i]
	box.X += dx
	box.Y += dy
	b.set(i, box)
}

// Resize makes a box wider and higher by dw and dh, its top left corner kept; a
// box that keeps its ratio follows the larger change.
func (b *Board) Resize(i int, dw, dh float64) {
	box := b.boxes[i]
	if box.Fixed {
		return
	}
	b.set(i, Box{box.Page, b.stretched(box, BottomRight, dw, dh), box.Aspect, box.Fixed})
}

// SetSize gives a box this width and height about its middle. A box that keeps
// its ratio takes the value that differs from what it has; 0 leaves one as it is.
func (b *Board) SetSize(i int, w, h float64) {
	box := b.boxes[i]
	if box.Fixed {
		return
	}
	if w <= 0 {
		w = box.W
	}
	if h <= 0 {
		h = box.H
	}
	if box.Aspect > 0 {
		if w != box.W {
			h = w / box.Aspect
		} else {
			w = h * box.Aspect
		}
	}
	b.set(i, box.about(w, h))
}

// Put places a box: its page, corner, size, and what it keeps.
func (b *Board) Put(i int, box Box) { b.set(i, box) }

// Replace puts another box in the place of one, as Add does: nothing from before
// can be taken back.
func (b *Board) Replace(i int, box Box) {
	b.boxes[i] = b.inside(box)
	b.done, b.undone = nil, nil
	b.changed()
}

// PutMiddle moves a box so that its middle comes to a point of a page.
func (b *Board) PutMiddle(i, page int, x, y float64) {
	box := b.boxes[i]
	box.Page, box.X, box.Y = page, x-box.W/2, y-box.H/2
	b.set(i, box)
}

// CanUndo tells whether there is a step to take back.
func (b *Board) CanUndo() bool { return len(b.done) > 0 }

// CanRedo tells whether there is a step to make again.
func (b *Board) CanRedo() bool { return len(b.undone) > 0 }

// Undo takes the last step back.
func (b *Board) Undo() {
	if !b.CanUndo() {
		return
	}
	last := len(b.done) - 1
	s := b.done[last]
	b.done, b.undone = b.done[:last], append(b.undone, s)
	b.boxes[s.box] = s.from
	b.changed()
}

// Redo makes the last step again that was taken back.
func (b *Board) Redo() {
	if !b.CanRedo() {
		return
	}
	last := len(b.undone) - 1
	s := b.undone[last]
	b.undone, b.done = b.undone[:last], append(b.done, s)
	b.boxes[s.box] = s.into
	b.changed()
}

// set makes a change that can be undone.
func (b *Board) set(i int, to Box) {
	from := b.boxes[i]
	if to = b.inside(to); to == from {
		return
	}
	b.boxes[i] = to
	b.record(step{i, from, to})
	b.changed()
}

func (b *Board) record(s step) {
	b.done, b.undone = append(b.done, s), nil
}

func (b *Board) changed() {
	if b.Changed != nil {
		b.Changed()
	}
}

// inside shrinks a box to its page, keeping its ratio, and moves it in.
func (b *Board) inside(box Box) Box {
	box.Page = max(1, min(box.Page, len(b.pages)))
	page := b.Page(box.Page)
	if box.Aspect > 0 {
		w := fit(box.W, leastWidth(box.Aspect), min(page.W, page.H*box.Aspect))
		if w != box.W || math.Abs(box.H-w/box.Aspect) > rounding {
			box = box.about(w, w/box.Aspect)
		}
	} else {
		w, h := fit(box.W, Least, page.W), fit(box.H, Least, page.H)
		if w != box.W || h != box.H {
			box = box.about(w, h)
		}
	}
	box.X, box.Y = fit(box.X, 0, page.W-box.W), fit(box.Y, 0, page.H-box.H)
	return box
}

const rounding = 1e-9 // mm

// leastWidth is the width of the smallest box with this ratio.
func leastWidth(aspect float64) float64 { return max(Least, Least*aspect) }

// fit is v, at least lowest, but never above highest.
func fit(v, lowest, highest float64) float64 {
	if math.IsNaN(v) {
		v = lowest
	}
	return min(max(v, lowest), max(highest, 0))
}

// about is a box of another size with the same middle.
func (x Box) about(w, h float64) Box {
	x.X += (x.W - w) / 2
	x.Y += (x.H - h) / 2
	x.W, x.H = w, h
	return x
}

// SetGuides replaces the lines that boxes snap to, beside the other boxes.
func (b *Board) SetGuides(g []Guide) { b.guides = slices.Clone(g) }

// Fit is the largest box with this ratio of width to height inside b, in its
// middle; the ratio 0 leaves b as it is.
func Fit(b pdffile.Box, aspect float64) pdffile.Box {
	w, h := b.W, b.H
	switch {
	case aspect <= 0:
	case w > h*aspect:
		w = h * aspect
	default:
		h = w / aspect
	}
	return pdffile.Box{X: b.X + (b.W-w)/2, Y: b.Y + (b.H-h)/2, W: w, H: h}
}
