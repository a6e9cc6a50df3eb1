// Package place puts boxes on the pages that a reader shows: a signature or a seal
// is seen exactly as the file will show it, and is dragged, resized by eight
// handles, or moved by keys.
//
// New makes an Editor for a board (package boxes, the model without a window);
// Add puts a thing on it; Overlay is what a reader lays over a page. A box has the
// focus by Tab or a click: arrows move it by 0.1 mm, with Shift by 1 mm, with Ctrl
// they change its size; Ctrl+Z and Ctrl+Y take back and make again. Boxes snap to
// the guides of the board unless Alt is held.
package place

import (
	"antin/app/gui/place/boxes"
	"antin/signer/appearance"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Look makes what is seen in a box of w × h mm.
type Look func(w, h float64) *appearance.Look

// Editor is the boxes of one document on the pages of a reader. All of it runs on
// the user interface's goroutine.
type Editor struct {
	Board *boxes.Board

	Changed func()                      // after every change; may be nil
	Typed   func(e *fyne.KeyEvent)      // keys that a box has no use for; may be nil
	Letter  func(r rune)                // and letters
	Locked  func() bool                 // boxes are only seen; may be nil
	Pressed func() (m fyne.KeyModifier) // modifiers that are held; the driver's unless a test says otherwise

	looks  []Look
	stills []still
	layers map[int]*layer
	held   *boxes.Held
}

// New is an editor of the boxes on b, which has none yet.
func New(b *boxes.Board) *Editor {
	e := &Editor{Board: b, Pressed: pressed, layers: map[int]*layer{}}
	b.Changed = e.changed
	return e
}

func pressed() fyne.KeyModifier {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return 0
}

// Add puts a box on its page and returns its number.
func (e *Editor) Add(x boxes.Box, look Look) int {
	e.looks = append(e.looks, look)
	return e.Board.Add(x)
}

// SetLook changes what is seen in a box.
func (e *Editor) SetLook(box int, look Look) {
	e.looks[box] = look
	for _, l := range e.layers {
		if v := l.views[box]; v != nil {
			v.drawn = drawing{}
		}
	}
	e.changed()
}

// Overlay is what lies over a page, from 1: as large as the page on the screen.
// The same page gets the same object.
func (e *Editor) Overlay(page int) fyne.CanvasObject {
	l := e.layers[page]
	if l == nil {
		l = newLayer(e, page)
		e.layers[page] = l
	}
	return l
}

// Focus gives a box the focus, so that keys move it. It does nothing while the
// box's page is not on the screen.
func (e *Editor) Focus(box int) {
	l := e.layers[e.Board.Box(box).Page]
	if l == nil || l.views[box] == nil {
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(l); c != nil {
		c.Focus(l.views[box])
	}
}

func (e *Editor) locked() bool { return e.Locked != nil && e.Locked() }

func (e *Editor) changed() {
	for _, l := range e.layers {
		l.Refresh()
	}
	if e.Changed != nil {
		e.Changed()
	}
}
