package gui

import (
	"context"
	"time"

	"antin/app/gui/frame"
	"antin/app/gui/timestamps"
	"antin/signer/home"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// countEvery is how often the start page looks at what waits: the command line may
// sign, or add time-stamps, beside it.
const countEvery = 20 * time.Second

// bottom is what stands below the start page: what waits for a time-stamp, for
// those whose work that is, and whether there is a network.
func (h *start) bottom() fyne.CanvasObject {
	network := newNetwork(h.w.Frame)
	if !h.w.role().signs {
		return network
	}
	waiting := widget.NewLabel("")
	row := container.NewHBox(waiting, h.w.NewButton(h.w.Text("home.add-timestamps"), h.w.addTimestamps))
	row.Hide()
	h.count(waiting, row)
	return container.NewBorder(nil, nil, spaced(row), network)
}

// count shows how many documents wait, now and while the page is there. A register
// that cannot be read is told where somebody works with it.
func (h *start) count(waiting *widget.Label, row fyne.CanvasObject) {
	n := 0
	h.w.Run(func(ctx context.Context) (err error) {
		n, err = home.Waiting(ctx)
		return err
	}, func(error) {
		if h.closed {
			return
		}
		frame.Say(waiting, h.w.Text("home.waiting", n))
		frame.Show(row, n > 0)
		if h.w.Later != nil {
			h.w.Later(countEvery, func() {
				if !h.closed {
					h.count(waiting, row)
				}
			})
		}
	})
}

// addTimestamps adds the time-stamps that wait.
func (w *Window) addTimestamps() {
	w.show(timestamps.New(w.Frame, timestamps.Use{Documents: w.documents}))
}
