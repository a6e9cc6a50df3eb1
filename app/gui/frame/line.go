package frame

import (
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Line is one line of text in the row of a list, where a label would stand. It ends
// in an ellipsis when its room is too small. (A label shapes its text anew for the
// ellipsis, with a font that it sets up each time: a millisecond for every label
// and every time that it is laid out.)
type Line struct {
	widget.BaseWidget
	text  string
	bold  bool
	whole bool
	faint bool
}

// NewLine makes an empty line.
func NewLine() *Line {
	l := &Line{}
	l.ExtendBaseWidget(l)
	return l
}

// NewWholeLine makes a line that asks for the room that its text needs.
func NewWholeLine() *Line {
	l := NewLine()
	l.whole = true
	return l
}

// Bold sets the text in bold type, or not.
func (l *Line) Bold(yes bool) *Line {
	if l.bold != yes {
		l.bold = yes
		l.Refresh()
	}
	return l
}

// Faint has the text stand back.
func (l *Line) Faint() *Line {
	l.faint = true
	return l
}

// Say changes the text.
func (l *Line) Say(text string) {
	if l.text != text {
		l.text = text
		l.Refresh()
	}
}

// Said is the text, whatever of it is seen.
func (l *Line) Said() string { return l.text }

// CreateRenderer implements fyne.Widget.
func (l *Line) CreateRenderer() fyne.WidgetRenderer {
	r := &lineRenderer{line: l, text: canvas.NewText("", nil)}
	r.dress()
	return r
}

type lineRenderer struct {
	line *Line
	text *canvas.Text
}

// dress gives the text its colour, size and style.
func (r *lineRenderer) dress() {
	l := r.line
	th, v := l.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	r.text.Color = th.Color(theme.ColorNameForeground, v)
	if l.faint {
		r.text.Color = th.Color(theme.ColorNamePlaceHolder, v)
	}
	r.text.TextSize, r.text.TextStyle.Bold = th.Size(theme.SizeNameText), l.bold
}

func (r *lineRenderer) measure(text string) fyne.Size {
	return fyne.MeasureText(text, r.text.TextSize, r.text.TextStyle)
}

// MinSize is that of a label.
func (r *lineRenderer) MinSize() fyne.Size {
	pad := 2 * r.line.Theme().Size(theme.SizeNameInnerPadding)
	size := fyne.NewSize(pad, r.measure("M").Height+pad)
	if r.line.whole && r.line.text != "" {
		size.Width += r.measure(r.line.text).Width
	}
	return size
}

func (r *lineRenderer) Layout(size fyne.Size) {
	pad := r.line.Theme().Size(theme.SizeNameInnerPadding)
	room := size.Width - 2*pad
	r.text.Text = r.fitted(r.line.text, room)
	r.text.Move(fyne.NewPos(pad, pad))
	r.text.Resize(fyne.NewSize(room, size.Height-2*pad))
}

// fitted is as much of a text as there is room for.
func (r *lineRenderer) fitted(text string, room float32) string {
	if r.line.whole {
		return text
	}
	return Fitted(text, func(part string) bool { return r.measure(part).Width <= room })
}

// Fitted is as much of a text as fits, with an ellipsis where it is cut; "" when
// nothing does.
func Fitted(text string, fits func(string) bool) string {
	if fits(text) {
		return text
	}
	letters := []rune(text)
	most := sort.Search(len(letters), func(n int) bool { return !fits(string(letters[:n+1]) + "…") })
	if most == 0 {
		return ""
	}
	return string(letters[:most]) + "…"
}

func (r *lineRenderer) Refresh() {
	r.dress()
	r.Layout(r.line.Size())
	r.text.Refresh()
}

func (r *lineRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.text} }
func (r *lineRenderer) Destroy()                     {}
