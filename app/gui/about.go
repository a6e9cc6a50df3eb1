package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"
)

// about tells what program this is and what its licence grants.
func (w *Window) about() {
	text := widget.NewLabel(w.Text("about.text", w.app.Metadata().Version))
	text.Wrapping = fyne.TextWrapWord
	d := dialog.NewCustom(w.Text("menu.about"), w.Text("window.close"), text, w.Window)
	d.Resize(fyne.NewSize(560, 0))
	d.Show()
}
