package gui

import (
	"net"

	"antin/app/gui/frame"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// newNetwork is the note that there is no network, which is no reason to worry.
// It looks once, beside; nobody is asked anything.
func newNetwork(f *frame.Frame) fyne.CanvasObject {
	note := widget.NewLabel("")
	note.Importance = widget.LowImportance
	online := true
	f.Worker(func() { online = connected() }, func() {
		if !online {
			note.SetText("○ " + f.Text("home.offline"))
		}
	})
	return container.New(layout.NewCustomPaddedLayout(0, 4, 24, 24), note)
}

// connected tells whether the machine has an address on any network.
func connected() bool {
	addresses, err := net.InterfaceAddrs()
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() {
			return true
		}
	}
	return err != nil // not known: no word about it
}
