package gui

import "antin/app/gui/frame"

// about tells what program this is and what its licence grants.
func (w *Window) about() {
	w.Tell(w.Text("menu.about"), frame.Wrapped(w.Text("about.text", w.Version)), nil)
}
