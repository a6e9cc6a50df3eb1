package gui

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"antin/app/gui/frame"
	"antin/app/gui/look"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// rect is a place in the window.
type rect struct{ x, y, right, bottom float32 }

func at(p fyne.Position, s fyne.Size) rect { return rect{p.X, p.Y, p.X + s.Width, p.Y + s.Height} }

func (r rect) cut(o rect) rect {
	return rect{max(r.x, o.x), max(r.y, o.y), min(r.right, o.right), min(r.bottom, o.bottom)}
}

func (r rect) width() float32  { return r.right - r.x }
func (r rect) height() float32 { return r.bottom - r.y }

// seen tells whether more than a line of pixels of it is there.
func (r rect) seen() bool { return r.width() > 1.5 && r.height() > 1.5 }

// part is what is drawn, in the order of drawing, or can be used.
type part struct {
	rect
	full   rect                // without what scrolling hides
	owners []fyne.CanvasObject // widgets that it stands in, itself included, the innermost last
	room   rect                // of the innermost of them
	loose  bool                // it stands in something that scrolls
	text   *canvas.Text
	paint  color.Color
	target fyne.CanvasObject
}

// seenParts are those of a window, or of the dialog that covers it.
type seenParts struct {
	texts, targets []part
	drawn          []part // texts and grounds, in the order of drawing
	window         rect
	dialog         bool
}

func scene(w fyne.Window) *seenParts {
	s := &seenParts{window: at(fyne.Position{}, w.Canvas().Size())}
	root := w.Content()
	if top := w.Canvas().Overlays().Top(); top != nil { // it covers what is behind
		root, s.dialog = top, true
	}
	s.walk(root, fyne.Position{}, part{rect: s.window, full: s.window, room: s.window})
	return s
}

// walk gathers what is shown below o. around is what o stands in.
func (s *seenParts) walk(o fyne.CanvasObject, from fyne.Position, around part) {
	if !o.Visible() {
		return
	}
	from = from.Add(o.Position())
	full := at(from, o.Size())
	p := part{rect: full.cut(around.rect), full: full, owners: around.owners, room: around.room, loose: around.loose}
	switch o := o.(type) {
	case *canvas.Text:
		p.text, p.paint = o, o.Color
		size, begin := o.MinSize(), float32(0)
		switch o.Alignment {
		case fyne.TextAlignCenter:
			begin = (o.Size().Width - size.Width) / 2
		case fyne.TextAlignTrailing:
			begin = o.Size().Width - size.Width
		case fyne.TextAlignLeading:
		}
		p.full = at(from.AddXY(begin, 0), size)
		p.rect = p.full.cut(around.rect)
		if strings.TrimSpace(o.Text) != "" && p.seen() {
			s.texts, s.drawn = append(s.texts, p), append(s.drawn, p)
		}
	case *canvas.Rectangle:
		p.paint = o.FillColor
		if p.paint != nil && p.seen() {
			s.drawn = append(s.drawn, p)
		}
	case *fyne.Container:
		for _, child := range o.Objects {
			s.walk(child, from, part{rect: around.rect, owners: around.owners, room: around.room, loose: around.loose})
		}
	case fyne.Widget:
		p.owners, p.room = append(around.owners[:len(around.owners):len(around.owners)], o), full
		if tappable(o) && p.seen() {
			p.target = o
			s.targets = append(s.targets, p)
		}
		clip := around.rect
		if _, scrolls := o.(fyne.Scrollable); scrolls {
			p.loose = true
			clip = p.rect
		}
		if _, scrolls := o.(*container.Scroll); scrolls {
			p.loose = true
			clip = p.rect
		}
		for _, child := range test.WidgetRenderer(o).Objects() {
			s.walk(child, from, part{rect: clip, owners: p.owners, room: p.room, loose: p.loose})
		}
	}
}

// tappable are the widgets that a person presses or fills in. Of Fyne's own parts
// only those that are widgets by themselves count.
func tappable(o fyne.CanvasObject) bool {
	switch o.(type) {
	case *widget.Button, *frame.Button, *widget.Select, *frame.Select, *widget.Check, *frame.Check, *widget.Entry, *frame.Entry:
		return true
	}
	return false
}

func name(o fyne.CanvasObject) string {
	switch o := o.(type) {
	case *frame.Button:
		return fmt.Sprintf("[%s]", o.Text)
	case *widget.Button:
		return fmt.Sprintf("[%s]", o.Text)
	case *frame.Check:
		return fmt.Sprintf("the box %q", o.Text)
	}
	return fmt.Sprintf("%T", o)
}

// clipped is what has less room than it needs, or leaves the window.
func (s *seenParts) clipped() (complaints []string) {
	for _, p := range s.texts {
		right := p.room.right
		if s.dialog { // the toolkit gives a dialog's title a label that is too narrow and draws it whole
			right = s.window.right
		}
		// A full stop behind a wrapped word is measured wrongly by the toolkit.
		if len([]rune(strings.TrimSpace(p.text.Text))) > 1 && !inEntry(p) && p.full.right > right+1 {
			complaints = append(complaints, fmt.Sprintf("%q is clipped: it ends at %.0f, its room at %.0f", p.text.Text, p.full.right, right))
		}
	}
	for _, p := range s.targets {
		least := p.target.MinSize()
		if p.full.width() < least.Width-1 || p.full.height() < least.Height-1 {
			complaints = append(complaints, fmt.Sprintf("%s is clipped: needs %v, has %v", name(p.target), least, p.target.Size()))
		}
		if !p.loose && (p.full.right > s.window.right+1 || p.full.bottom > s.window.bottom+1) {
			complaints = append(complaints, fmt.Sprintf("%s ends at %.0f, %.0f, beyond the window", name(p.target), p.full.right, p.full.bottom))
		}
	}
	return complaints
}

// inEntry tells whether a text is being typed: its line scrolls.
func inEntry(p part) bool {
	for _, o := range p.owners {
		switch o.(type) {
		case *frame.Entry, *widget.Entry:
			return true
		}
	}
	return false
}

// covered are texts and targets that lie on each other.
func (s *seenParts) covered() (complaints []string) {
	for i, a := range s.texts {
		for _, b := range s.texts[i+1:] {
			if both := a.cut(b.rect); both.seen() && both.height() > 3 && !inEntry(a) {
				complaints = append(complaints, fmt.Sprintf("%q and %q lie on each other at %.0f, %.0f", a.text.Text, b.text.Text, both.x, both.y))
			}
		}
		for _, b := range s.targets {
			if both := a.cut(b.rect); both.seen() && both.height() > 3 && !within(a, b) {
				complaints = append(complaints, fmt.Sprintf("%q lies on %s", a.text.Text, name(b.target)))
			}
		}
	}
	for i, a := range s.targets {
		for _, b := range s.targets[i+1:] {
			if a.cut(b.rect).seen() && !within(a, b) && !within(b, a) {
				complaints = append(complaints, fmt.Sprintf("%s and %s lie on each other", name(a.target), name(b.target)))
			}
		}
	}
	return complaints
}

// hidden are texts over which a ground is drawn.
func (s *seenParts) hidden() (complaints []string) {
	for i, a := range s.drawn {
		for _, b := range s.drawn[i+1:] {
			if a.text == nil || b.text != nil || inEntry(a) {
				continue
			}
			if n, ok := color.NRGBAModel.Convert(b.paint).(color.NRGBA); !ok || n.A < 0xff {
				continue
			}
			if both := a.cut(b.rect); both.seen() {
				complaints = append(complaints, fmt.Sprintf("%.0f of the %.0f units of %q are hidden", both.height(), a.full.height(), a.text.Text))
			}
		}
	}
	return complaints
}

// within tells whether a stands in the widget b.
func within(a, b part) bool {
	for _, o := range a.owners {
		if o == b.target {
			return true
		}
	}
	return false
}

// small are targets that are hard to hit.
func (s *seenParts) small() (complaints []string) {
	for _, p := range s.targets {
		if len(p.owners) > 1 && inEntry(part{owners: p.owners[:len(p.owners)-1]}) {
			continue // the toolkit's eye in a line for a password: the whole line shows it
		}
		if p.full.width() < look.Target-0.5 || p.full.height() < look.Target-0.5 {
			complaints = append(complaints, fmt.Sprintf("%s is %.1f × %.1f, less than %d", name(p.target), p.full.width(), p.full.height(), look.Target))
		}
	}
	return complaints
}

// faint are texts that differ too little from what they stand on: WCAG 2.2, 1.4.3,
// and 1.4.6 for the theme of high contrast.
func (s *seenParts) faint(kind string) (complaints []string) {
	least := 4.5
	if kind == look.Contrast {
		least = 7
	}
	for i, p := range s.drawn {
		if p.text == nil {
			continue
		}
		ground := theme.Color(theme.ColorNameBackground)
		x, y := (p.x+p.right)/2, (p.y+p.bottom)/2
		for _, q := range s.drawn[:i] {
			if q.text == nil && x >= q.x && x <= q.right && y >= q.y && y <= q.bottom {
				ground = over(q.paint, ground)
			}
		}
		if c := ratio(over(p.paint, ground), ground); c < least {
			complaints = append(complaints, fmt.Sprintf("%s: %q has a contrast of %.1f : 1, want %.1f", kind, p.text.Text, c, least))
		}
	}
	return complaints
}

// over is a colour laid over another that covers.
func over(c, ground color.Color) color.Color {
	n, ok := color.NRGBAModel.Convert(c).(color.NRGBA)
	g, _ := color.NRGBAModel.Convert(ground).(color.NRGBA)
	if !ok {
		return ground
	}
	mix := func(a, b uint8) uint8 { return uint8((int(a)*int(n.A) + int(b)*(255-int(n.A))) / 255) }
	return color.NRGBA{mix(n.R, g.R), mix(n.G, g.G), mix(n.B, g.B), 0xff}
}

// ratio is the contrast ratio of WCAG 2.2.
func ratio(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

// unreached is what the Tab key passes over, or comes to against the order of
// reading: to the left in the same line, or upwards in the same column.
func (s *seenParts) unreached(w fyne.Window) (complaints []string) {
	c := w.Canvas()
	before := c.Focused()
	defer c.Focus(before)
	places := map[fyne.CanvasObject]rect{}
	for _, p := range s.targets {
		if f, ok := p.target.(fyne.Focusable); ok && !disabled(f) {
			places[p.target] = p.full
		}
	}
	reached := map[fyne.CanvasObject]bool{}
	var last fyne.CanvasObject
	c.Unfocus()
	for range 200 {
		c.FocusNext()
		now, ok := c.Focused().(fyne.CanvasObject)
		if !ok || reached[now] {
			break
		}
		reached[now] = true
		p, known := places[now]
		if q, was := places[last]; known && was && !headed(p) {
			back := p.right <= q.x && p.y < q.bottom && p.bottom > q.y
			up := p.bottom <= q.y && p.x < q.right && p.right > q.x
			if back || up {
				complaints = append(complaints, fmt.Sprintf("Tab goes back from %s to %s", name(last), name(now)))
			}
		}
		last = now
	}
	for o := range places {
		if !reached[o] {
			complaints = append(complaints, fmt.Sprintf("Tab does not come to %s", name(o)))
		}
	}
	return complaints
}

// headed tells whether a place is in the line above all screens, which comes after
// the work.
func headed(p rect) bool { return p.y < 12 }

func disabled(f fyne.Focusable) bool {
	d, ok := f.(fyne.Disableable)
	return ok && d.Disabled()
}
