// Package gui is the window of Ấn Tín: it knows the roles and their screens, puts
// one screen at a time into the window, and keeps what stays around it: menu,
// role, tokens, text size.
//
// Main runs it. Screens are packages of their own below this one; what they share
// with the window is package frame.
package gui

import (
	"antin/app/gui/look"
	"antin/app/words"
	"antin/signer/settings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Main opens the window with documents and returns when it is closed.
func Main(a fyne.App, l words.Language, s *settings.Settings, files []string) int {
	a.Settings().SetTheme(look.New(s.Window.Theme, s.Window.TextSize))
	w := a.NewWindow(l.Text("window.name"))
	w.SetContent(container.NewCenter(widget.NewLabel(l.Text("window.name"))))
	w.Resize(fyne.NewSize(1180, 700))
	w.ShowAndRun()
	return 0
}
