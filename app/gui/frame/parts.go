package frame

import (
	"reflect"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Signs that stand before a sentence, so that its colour is not all that tells.
const (
	SignGood    = "✓"
	SignWarning = "⚠"
	SignBad     = "✗"
	SignWait    = "…"
)

// SignColour is the colour that goes with a sign.
func SignColour(sign string) fyne.ThemeColorName {
	switch sign {
	case SignGood:
		return theme.ColorNameSuccess
	case SignWarning:
		return theme.ColorNameWarning
	case SignBad:
		return theme.ColorNameError
	}
	return theme.ColorNameForeground
}

// SignIcon is the sign as a picture in its colour, nil for none. (Some of the
// signs are no letters of the window's font.)
func SignIcon(sign string) fyne.Resource { return signIcons()[sign] }

var signIcons = sync.OnceValue(func() map[string]fyne.Resource {
	return map[string]fyne.Resource{
		SignGood:    theme.NewSuccessThemedResource(theme.ConfirmIcon()),
		SignWarning: theme.NewWarningThemedResource(theme.WarningIcon()),
		SignBad:     theme.NewErrorThemedResource(theme.ErrorIcon()),
		SignWait:    theme.MoreHorizontalIcon(),
	}
})

// Mark changes the sign that an icon shows.
func Mark(i *widget.Icon, sign string) {
	if r := SignIcon(sign); i.Resource != r {
		i.SetResource(r)
	}
}

// Told is a sentence with a sign before it.
type Told struct {
	Box  *fyne.Container
	Text *widget.Label
	sign *widget.Icon
	left *fyne.Container // the sign's room
}

// NewTold makes an empty one.
func NewTold() *Told {
	t := &Told{sign: widget.NewIcon(nil), Text: Wrapped("")}
	t.left = container.New(&atFirstLine{&t.Text.SizeName}, t.sign)
	t.Box = container.NewBorder(nil, nil, t.left, nil, t.Text)
	return t
}

// Tell is a sentence with a sign before it that stays as it is.
func Tell(sign, text string) fyne.CanvasObject {
	t := NewTold()
	t.Set(sign, text)
	return t.Box
}

// Set changes what is told; "" is no sign.
func (t *Told) Set(sign, text string) {
	Mark(t.sign, sign)
	if t.left.Visible() != (sign != "") { // without one the text begins where headings do
		Show(t.left, sign != "")
		t.Box.Refresh()
	}
	Say(t.Text, text)
}

// AtFirstLine is the room of a sign beside the first line of a text.
func AtFirstLine(sign *widget.Icon) *fyne.Container {
	return container.New(&atFirstLine{new(fyne.ThemeSizeName)}, sign)
}

// atFirstLine puts a sign beside the first line of a text of this size, "" for the
// usual one.
type atFirstLine struct{ size *fyne.ThemeSizeName }

func (a *atFirstLine) Layout(objects []fyne.CanvasObject, _ fyne.Size) {
	size, pad := theme.SizeNameText, theme.Size(theme.SizeNameInnerPadding)
	if *a.size != "" {
		size = *a.size
	}
	side := theme.Size(theme.SizeNameInlineIcon)
	line := fyne.MeasureText("M", theme.Size(size), fyne.TextStyle{}).Height
	objects[0].Resize(fyne.NewSquareSize(side))
	objects[0].Move(fyne.NewPos(pad/2, pad+(line-side)/2))
}

func (*atFirstLine) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSquareSize(theme.Size(theme.SizeNameInlineIcon) + theme.Size(theme.SizeNameInnerPadding)/2)
}

// Say changes a text. One that is the same is not measured and set anew, which
// takes a millisecond for a long one.
func Say(l *widget.Label, text string) {
	if l.Text != text {
		l.SetText(text)
	}
}

// Kept is objects below each other that are made anew only when they have
// something else to show: a button that is replaced under a person's finger is
// never pressed, and laying out takes time.
type Kept struct {
	Box   *fyne.Container
	shown any
}

// NewKept makes an empty one.
func NewKept() *Kept { return &Kept{Box: container.NewVBox()} }

// Show has the objects made for what is to be shown now, unless that is deeply
// equal to what they show already. What their buttons do has to be part of it.
func (k *Kept) Show(what any, objects func() []fyne.CanvasObject) {
	if reflect.DeepEqual(what, k.shown) {
		return
	}
	k.shown = what
	k.Box.Objects = objects()
	k.Box.Refresh()
}

// Heading is the name of a part of a panel.
func Heading(text string) *widget.Label {
	return widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
}

// Wrapped is a text that takes as many lines as it needs.
func Wrapped(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	return l
}

// Panel are the parts of what stands beside the pages, below each other, with
// room for the bar beside them.
func Panel(parts ...fyne.CanvasObject) *container.Scroll { return container.NewVScroll(Foot(parts...)) }

// Foot are the parts that stand below a panel and do not move with it.
func Foot(parts ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(0, 0, 0, theme.Size(theme.SizeNameScrollBar)), NewPart(container.NewVBox(parts...)))
}

// Framed are parts around a middle, any of them nil, as container.NewBorder sets
// them; the Tab key goes through them in the order of reading. (Fyne's begins with
// the middle.)
func Framed(top, bottom, left, right, middle fyne.CanvasObject) *fyne.Container {
	box := container.New(layout.NewBorderLayout(top, bottom, left, right))
	for _, o := range []fyne.CanvasObject{top, left, middle, right, bottom} {
		if o != nil {
			box.Add(o)
		}
	}
	return box
}

// PanelWidth is that of a panel, in units at the usual size of text.
const PanelWidth = 376

// Labelled is something to fill in with its name before it; those of a panel
// stand below each other.
func Labelled(name string, o fyne.CanvasObject) *fyne.Container {
	return container.NewBorder(nil, nil, Wide(112, widget.NewLabel(name)), nil, o)
}

// Wide gives an object a least width, in units at the usual size of text; with
// larger texts it grows nearly as much.
func Wide(units float32, object fyne.CanvasObject) *fyne.Container {
	return container.New(&wide{units}, object)
}

type wide struct{ units float32 }

func (w *wide) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	layout.NewStackLayout().Layout(objects, size)
}

func (w *wide) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return layout.NewStackLayout().MinSize(objects).Max(fyne.NewSize(wider(w.units), 0))
}

// wider is a width at this size of text.
func wider(units float32) float32 { return units * max(1, 0.9*theme.Size(theme.SizeNameText)/14) }

// Narrow keeps an object from growing wider than this, in units as of Wide: lines
// are read and filled in best when they are not as long as a large window.
func Narrow(units float32, object fyne.CanvasObject) *fyne.Container {
	return container.New(&narrow{units}, object)
}

type narrow struct{ units float32 }

func (n *narrow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	layout.NewStackLayout().Layout(objects, fyne.NewSize(min(size.Width, wider(n.units)), size.Height))
}

func (*narrow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return layout.NewStackLayout().MinSize(objects)
}

// Columns sets a list, the pages of its documents and a panel beside each other.
// In a large window the list grows, as its lines are cut where they end; it takes
// no room while it is hidden.
func Columns(list, pages, panel fyne.CanvasObject) *fyne.Container {
	return container.New(&columns{}, list, pages, panel)
}

type columns struct{}

// listShare is the part of a large window that a list takes.
const listShare = 0.2

func (*columns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	list, pages, panel := objects[0], objects[1], objects[2]
	gap, left, right := theme.Padding(), float32(0), panel.MinSize().Width
	if list.Visible() {
		left = max(list.MinSize().Width, listShare*size.Width)
		list.Move(fyne.Position{})
		list.Resize(fyne.NewSize(left, size.Height))
		left += gap
	}
	pages.Move(fyne.NewPos(left, 0))
	pages.Resize(fyne.NewSize(size.Width-left-gap-right, size.Height))
	panel.Move(fyne.NewPos(size.Width-right, 0))
	panel.Resize(fyne.NewSize(right, size.Height))
}

func (*columns) MinSize(objects []fyne.CanvasObject) (least fyne.Size) {
	for _, o := range objects {
		if o.Visible() {
			size := o.MinSize()
			least = fyne.NewSize(least.Width+size.Width+theme.Padding(), max(least.Height, size.Height))
		}
	}
	return least.SubtractWidthHeight(theme.Padding(), 0)
}

// Show shows an object or hides it.
func Show(o fyne.CanvasObject, yes bool) {
	if yes {
		o.Show()
	} else {
		o.Hide()
	}
}

// Enable lets a widget be used, or not.
func Enable(w fyne.Disableable, yes bool) {
	if yes {
		w.Enable()
	} else {
		w.Disable()
	}
}
