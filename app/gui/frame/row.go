package frame

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Row is a document in a list: a sign and its name, at the end of that line a few
// words, and below what there is to know of it.
type Row struct {
	widget.BaseWidget
	sign              *widget.Icon
	name, aside, text *Line
}

// NewRow makes an empty row with so many lines below the name.
func NewRow(lines int) *Row {
	r := &Row{sign: widget.NewIcon(nil), name: NewLine().Bold(true), aside: NewWholeLine(), text: NewLines(lines)}
	r.ExtendBaseWidget(r)
	return r
}

// Say changes what is told: the sign (see SignIcon), and texts as of NewLine and
// NewLines. It takes no time for what the row shows already.
func (r *Row) Say(sign fyne.Resource, name, aside, text string) {
	if r.sign.Resource == nil || sign == nil || r.sign.Resource.Name() != sign.Name() {
		r.sign.SetResource(sign)
	}
	r.name.Say(name)
	r.text.Say(text)
	if r.aside.Said() != aside {
		r.aside.Say(aside)
		r.lay(r.Size())
	}
}

// Colour gives the name a colour of the theme.
func (r *Row) Colour(name fyne.ThemeColorName) { r.name.Colour(name) }

// lay sets the row's parts. Lines bring their own space, of which one is enough
// between two.
func (r *Row) lay(size fyne.Size) {
	line, icon, pad := r.name.MinSize().Height, theme.IconInlineSize(), theme.Padding()
	left, aside := icon+pad, r.aside.MinSize().Width
	r.sign.Move(fyne.NewPos(pad, (line-icon)/2))
	r.sign.Resize(fyne.NewSquareSize(icon))
	r.name.Move(fyne.NewPos(left, 0))
	r.name.Resize(fyne.NewSize(size.Width-left-aside, line))
	r.aside.Move(fyne.NewPos(size.Width-aside, 0))
	r.aside.Resize(fyne.NewSize(aside, line))
	r.text.Move(fyne.NewPos(left, line-2*theme.InnerPadding()+between))
	r.text.Resize(fyne.NewSize(size.Width-left, r.text.MinSize().Height))
}

// between is what stands between the name and the text below, beside the space in
// their lines, in units.
const between = 2

// CreateRenderer implements fyne.Widget.
func (r *Row) CreateRenderer() fyne.WidgetRenderer { return &rowRenderer{r} }

type rowRenderer struct{ row *Row }

func (r *rowRenderer) Layout(size fyne.Size) { r.row.lay(size) }

func (r *rowRenderer) MinSize() fyne.Size {
	return fyne.NewSize(0, r.row.name.MinSize().Height+r.row.text.MinSize().Height-2*theme.InnerPadding()+between)
}

func (r *rowRenderer) Refresh() {
	for _, o := range r.Objects() {
		dress(o, false)
	}
	r.row.lay(r.row.Size())
}

func (r *rowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.row.sign, r.row.name, r.row.aside, r.row.text}
}

func (r *rowRenderer) Destroy() {}
