package frame

import (
	"slices"
	"sort"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Line is text in the row of a list, where a label would stand: one line, or a few,
// broken between words. It ends in an ellipsis when its room is too small. (A label
// shapes its text anew for the ellipsis, with a font that it sets up each time: a
// millisecond for every label and every time that it is laid out.)
type Line struct {
	widget.BaseWidget
	text   string
	bold   bool
	whole  bool
	colour fyne.ThemeColorName
	lines  int
}

// NewLine makes an empty line.
func NewLine() *Line { return NewLines(1) }

// NewLines makes an empty text with the room of so many lines. Its paragraphs, apart
// by "\n", have what those before them leave.
func NewLines(n int) *Line {
	l := &Line{lines: n, colour: theme.ColorNameForeground}
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

// Colour gives the text a colour of the theme.
func (l *Line) Colour(name fyne.ThemeColorName) *Line {
	if l.colour != name {
		l.colour = name
		l.Refresh()
	}
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
	r := &lineRenderer{line: l}
	for range l.lines {
		r.texts = append(r.texts, canvas.NewText("", nil))
	}
	r.dress()
	return r
}

type lineRenderer struct {
	line  *Line
	texts []*canvas.Text // the lines
}

// dress gives the text its colour, size and style.
func (r *lineRenderer) dress() {
	l := r.line
	th, v := l.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	for _, t := range r.texts {
		t.Color, t.TextSize, t.TextStyle.Bold = th.Color(l.colour, v), th.Size(theme.SizeNameText), l.bold
	}
}

func (r *lineRenderer) measure(text string) fyne.Size {
	return fyne.MeasureText(text, r.texts[0].TextSize, r.texts[0].TextStyle)
}

// MinSize is that of a label.
func (r *lineRenderer) MinSize() fyne.Size {
	pad := 2 * r.line.Theme().Size(theme.SizeNameInnerPadding)
	size := fyne.NewSize(pad, float32(len(r.texts))*r.measure("M").Height+pad)
	if r.line.whole && r.line.text != "" {
		size.Width += r.measure(r.line.text).Width
	}
	return size
}

func (r *lineRenderer) Layout(size fyne.Size) {
	pad, height := r.line.Theme().Size(theme.SizeNameInnerPadding), r.measure("M").Height
	room := size.Width - 2*pad
	rows := r.broken(room)
	for i, t := range r.texts {
		t.Text = ""
		if i < len(rows) {
			t.Text = rows[i]
		}
		t.Move(fyne.NewPos(pad, pad+float32(i)*height))
		t.Resize(fyne.NewSize(room, height))
	}
}

// broken is the text in lines that fit.
func (r *lineRenderer) broken(room float32) (rows []string) {
	for _, rest := range strings.Split(r.line.text, "\n") {
		for rest != "" && len(rows) < len(r.texts) {
			row := rest
			rest = ""
			if len(rows)+1 < len(r.texts) {
				row, rest = r.first(row, room)
			}
			rows = append(rows, r.fitted(row, room))
		}
	}
	return rows
}

// first is what of a text stands in its first line, and the rest. A word that is
// wider than the room is broken where that ends.
func (r *lineRenderer) first(text string, room float32) (row, rest string) {
	if r.measure(text).Width <= room {
		return text, ""
	}
	letters := []rune(text)
	n := sort.Search(len(letters), func(n int) bool { return r.measure(string(letters[:n+1])).Width > room })
	for i, letter := range slices.Backward(letters[:n+1]) {
		if letter == ' ' {
			return string(letters[:i]), string(letters[i+1:])
		}
	}
	n = max(n, 1)
	return string(letters[:n]), string(letters[n:])
}

// fitted is as much of a text as there is room for in a line.
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
	for _, t := range r.texts {
		t.Refresh()
	}
}

func (r *lineRenderer) Objects() (all []fyne.CanvasObject) {
	for _, t := range r.texts {
		all = append(all, t)
	}
	return all
}

func (r *lineRenderer) Destroy() {}
