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

// waiting is the line of the start page about what waits for a time-stamp; it is
// seen when something does.
type waiting struct {
	row   fyne.CanvasObject
	count *widget.Label
}

func newWaiting(w *Window) *waiting {
	n := &waiting{count: widget.NewLabel("")}
	n.row = spaced(container.NewHBox(n.count, w.NewButton(w.Text("home.add-timestamps"), w.addTimestamps)))
	n.row.Hide()
	return n
}

// count looks how many documents wait, now and while the page is there. A register
// that cannot be read is told where somebody works with it.
func (h *start) count() {
	n := 0
	h.w.Run(func(ctx context.Context) (err error) {
		n, err = home.Waiting(ctx)
		return err
	}, func(error) {
		if h.closed {
			return
		}
		frame.Say(h.waiting.count, h.w.Text("home.waiting", n))
		if h.waiting.row.Visible() != (n > 0) {
			frame.Show(h.waiting.row, n > 0)
			h.content.Refresh() // it takes room
		}
		if h.w.Later != nil {
			h.w.Later(countEvery, func() {
				if !h.closed {
					h.count()
				}
			})
		}
	})
}

// addTimestamps adds the time-stamps that wait.
func (w *Window) addTimestamps() {
	w.show(timestamps.New(w.Frame, timestamps.Use{Documents: w.documents}))
}
