package truesize

import (
	"maps"

	"antin/app/gui/frame"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// Ask shows the outline of a card for the person to make as large as a real one, and
// keeps what came of it for the screen. done is called after a change.
func Ask(f *frame.Frame, done func()) {
	a := &asking{Frame: f, screens: Monitors(f), state: frame.Wrapped("")}
	a.outline = newOutline(f, used(f), a.tell)
	a.outline.entered, a.outline.escaped = func() { a.keep(done) }, func() { a.box.Hide() }
	smaller := f.NewButton(f.Text("truesize.smaller"), func() { a.outline.step(-1) })
	larger := f.NewButton(f.Text("truesize.larger"), func() { a.outline.step(+1) })
	forget := f.NewButton(f.Text("truesize.forget"), func() { a.forget(done) })
	cancel := f.NewButton(f.Text("truesize.cancel"), func() { a.box.Hide() })
	save := f.NewMainButton(f.Text("truesize.save"), func() { a.keep(done) })
	top := container.NewVBox(frame.Wrapped(f.Text("truesize.hint")))
	if len(a.screens) > 1 {
		top.Add(a.choice())
	}
	a.box = dialog.NewCustomWithoutButtons(f.Text("truesize.title"), container.NewBorder(
		top,
		container.NewVBox(a.state, container.NewHBox(smaller, larger, layout.NewSpacer(), forget, cancel, save)),
		nil, nil, container.NewCenter(a.outline),
	), f.Window)
	a.tell()
	a.box.Resize(fyne.NewSize(max(leastWidth, a.outline.MinSize().Width+2*leastWidth/10), 0))
	a.box.Show()
	f.Window.Canvas().Focus(a.outline)
}

// leastWidth is that of the dialog, in units.
const leastWidth = 640

// asking is the dialog.
type asking struct {
	*frame.Frame
	screens []frame.Monitor
	outline *outline
	state   *widget.Label
	box     *dialog.CustomDialog
}

// choice is which screen the window is on.
func (a *asking) choice() fyne.CanvasObject {
	var names []string
	for _, m := range a.screens {
		names = append(names, m.String())
	}
	s := a.NewSelect(names, nil)
	s.SetSelectedIndex(0)
	s.OnChanged = func(string) {
		a.outline.on(a.screens[s.SelectedIndex()])
		a.Window.Canvas().Focus(a.outline)
	}
	return container.NewVBox(widget.NewLabel(a.Text("truesize.screen")), s)
}

// tell says what the outline stands for.
func (a *asking) tell() {
	a.state.SetText(state(a.Frame, a.outline.dpi, a.outline.by))
}

// keep stores what was measured.
func (a *asking) keep(done func()) {
	dpi := a.outline.dpi
	a.store(func(screens map[string]float64, name string) { screens[name] = dpi }, done)
}

// forget goes back to what the system tells.
func (a *asking) forget(done func()) {
	a.store(func(screens map[string]float64, name string) { delete(screens, name) }, done)
}

func (a *asking) store(change func(screens map[string]float64, name string), done func()) {
	set := &a.Settings.Window
	name := a.outline.screen.String()
	screens := map[string]float64{}
	maps.Copy(screens, set.Screens)
	change(screens, name)
	set.Screens = screens
	if len(a.screens) > 1 {
		set.Screen = name
	}
	a.box.Hide()
	if err := a.Save(); err != nil {
		a.Problem(err, nil)
	}
	done()
}
