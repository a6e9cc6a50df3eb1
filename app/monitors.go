package main

import (
	"time"

	"antin/app/gui/frame"

	"github.com/go-gl/glfw/v3.3/glfw"
)

// known are the screens as they were at a moment: views ask with every turn of the
// wheel, and the answer costs two journeys to the display server.
var known struct {
	at  time.Time
	all []frame.Monitor
}

// monitors are the machine's screens, the system's first one first. The toolkit
// (Fyne 2.7) does not tell their size; the library below it does, once the window is
// there.
func monitors() []frame.Monitor {
	if time.Since(known.at) < time.Second {
		return known.all
	}
	known.at, known.all = time.Now(), nil
	for _, m := range glfw.GetMonitors() {
		mode := m.GetVideoMode()
		if mode == nil {
			continue
		}
		w, h := m.GetPhysicalSize()
		known.all = append(known.all, frame.Monitor{Name: m.GetName(), Width: mode.Width, Height: mode.Height, MMW: float64(w), MMH: float64(h)})
	}
	return known.all
}
