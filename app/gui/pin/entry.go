package pin

import (
	"slices"

	"antin/app/gui/frame"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// shortest is the least that a PIN may have; token.CheckPIN wants no less.
const shortest = 4

// entry is a field with its eye and with what must be known while typing.
type entry struct {
	frame    *frame.Frame
	field    *field
	eye      *eye
	warnings *fyne.Container
	told     []string // what they say
	least    int
	like     *field // that it must repeat; nil: none
	tried    bool   // what was there could not be a PIN when it was submitted
	grown    func() // there are more or fewer warnings
}

func newEntry(f *frame.Frame, s token.PINState) *entry {
	e := &entry{frame: f, field: newField(), warnings: container.NewVBox(), least: shortest, grown: func() {}}
	if s.Min > shortest && s.Min <= longest && (s.Max == 0 || s.Min <= s.Max) {
		e.least = s.Min
	}
	e.eye = newEye(f.Text("pinbox.eye"), e.field.reveal)
	e.field.changed = e.refresh
	e.field.other = func(k *fyne.KeyEvent) {
		if f.Key != nil {
			f.Key(k)
		}
	}
	return e
}

func (e *entry) row(label string) fyne.CanvasObject {
	return container.NewBorder(nil, nil, widget.NewLabel(label), e.eye, e.field)
}

// enough tells whether what was typed may be a PIN; from the first time that it
// is not, the person is told.
func (e *entry) enough() bool {
	e.tried = e.problem() != ""
	e.refresh()
	return !e.tried
}

// problem is why what was typed cannot be the PIN, "" when it may be.
func (e *entry) problem() string {
	switch {
	case e.field.n < e.least:
		return e.frame.Text("pinbox.short", e.least)
	case e.like != nil && e.field.typed != e.like.typed:
		return e.frame.Text("pinbox.differs")
	}
	return ""
}

// refresh shows the warnings that hold now.
func (e *entry) refresh() {
	var all []string
	if e.field.foreign {
		all = append(all, e.frame.Text("pinbox.foreign"))
	}
	if e.field.caps.on {
		all = append(all, e.frame.Text("pinbox.caps"))
	}
	if text := e.problem(); e.tried && text != "" {
		all = append(all, text)
	}
	if slices.Equal(all, e.told) {
		return
	}
	e.told = all
	e.warnings.RemoveAll()
	for _, text := range all {
		e.warnings.Add(warning(text))
	}
	e.grown()
}
