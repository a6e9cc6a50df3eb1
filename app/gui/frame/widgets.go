package frame

import (
	"strings"

	"antin/app/gui/look"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// The widgets of this file are Fyne's with two differences. Keys that they have
// no use for go to the window, so that F1, F9 or Page Down work wherever the focus
// is. (Fyne gives a key without a modifier to the focused widget alone.) Buttons
// answer Return as well as the space bar. And a line shows where each ends and
// which has the focus.

// Entry is a line or block of text that a person types.
type Entry struct {
	widget.Entry

	// Taken, if not nil, is called with the text when Return is pressed in a line
	// or it is left, if that is another than Put has put there.
	Taken func(text string)
	// Escaped, if not nil, has the Escape key.
	Escaped func()

	frame   *Frame
	put     string
	focused bool
	long    bool // one line, wrapped
}

// Put shows a value; while a person is typing it waits for him to leave.
func (e *Entry) Put(text string) {
	e.put = text
	if !e.focused && e.Text != text {
		e.SetText(text)
	}
}

// CreateRenderer implements fyne.Widget.
func (e *Entry) CreateRenderer() fyne.WidgetRenderer {
	return &entryLook{edge(e, e.Entry.CreateRenderer(), &e.focused, func() bool { return true }), e}
}

// MinSize is that of Fyne's, and room for a finger.
func (e *Entry) MinSize() fyne.Size {
	return e.Entry.MinSize().Max(fyne.NewSize(0, look.Target))
}

// entryLook makes a line that cannot be filled in grey, as buttons are. (Fyne
// gives it a stronger edge instead.)
type entryLook struct {
	*edged
	entry *Entry
}

// Refresh implements fyne.WidgetRenderer.
func (l *entryLook) Refresh() {
	l.edged.Refresh()
	l.fill()
}

// Layout implements fyne.WidgetRenderer.
func (l *entryLook) Layout(size fyne.Size) {
	l.edged.Layout(size)
	l.fill()
}

func (l *entryLook) fill() {
	if box, ok := l.Objects()[0].(*canvas.Rectangle); ok && l.entry.Disabled() {
		box.FillColor = theme.Color(theme.ColorNameDisabledButton)
		box.Refresh()
	}
}

// FocusGained implements fyne.Focusable.
func (e *Entry) FocusGained() {
	e.focused = true
	e.Entry.FocusGained()
}

// FocusLost implements fyne.Focusable.
func (e *Entry) FocusLost() {
	e.focused = false
	e.Entry.FocusLost()
	e.take()
}

func (e *Entry) take() {
	text := e.Text
	if e.long { // several may have been pasted
		text = strings.Join(strings.Fields(text), " ")
	}
	if e.Taken != nil && text != e.put {
		e.put = text
		e.Taken(text)
	}
}

// NewEntry makes an empty line.
func (f *Frame) NewEntry() *Entry {
	e := &Entry{frame: f}
	e.Wrapping = fyne.TextWrapOff
	e.ExtendBaseWidget(e)
	return e
}

// NewLongEntry makes an empty line for a text that may be long: it is seen in so many
// rows below each other. Return and Tab do what they do in any line.
func (f *Frame) NewLongEntry(rows int) *Entry {
	e := f.NewEntry()
	e.long, e.MultiLine, e.Wrapping = true, true, fyne.TextWrapWord
	e.SetMinRowsVisible(rows)
	return e
}

// AcceptsTab implements fyne.Tabbable.
func (e *Entry) AcceptsTab() bool { return e.MultiLine && !e.long }

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape && e.Escaped != nil {
		e.Escaped()
		return
	}
	line := !e.MultiLine || e.long
	enter := k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter
	forWindow := function(k.Name) || k.Name == fyne.KeyEscape ||
		line && (k.Name == fyne.KeyPageUp || k.Name == fyne.KeyPageDown)
	if function(k.Name) || enter {
		e.take() // before a key does something with it
	}
	if forWindow && e.frame.pass(k) || e.long && enter {
		return
	}
	e.Entry.TypedKey(k)
}

// NewPassword makes a line for the password of a document with the button that opens
// it; the line forgets what it has handed over.
func (f *Frame) NewPassword(label string, open func(password string)) fyne.CanvasObject {
	e := f.NewEntry()
	e.Password = true
	take := func() {
		password := e.Text
		e.SetText("")
		open(password)
	}
	e.OnSubmitted = func(string) { take() }
	return container.NewBorder(nil, nil, nil, f.NewMainButton(label, take), e)
}

// Button is something to press, with its words on it.
type Button struct {
	widget.Button

	// Escaped, if not nil, has the Escape key.
	Escaped func()

	frame   *Frame
	focused bool
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	return edge(b, b.Button.CreateRenderer(), &b.focused, func() bool { return b.Importance != widget.MediumImportance || b.Disabled() })
}

// MinSize is that of Fyne's, and room for a finger.
func (b *Button) MinSize() fyne.Size {
	return b.Button.MinSize().Max(fyne.NewSquareSize(look.Target))
}

// FocusGained implements fyne.Focusable.
func (b *Button) FocusGained() {
	b.focused = true
	b.Button.FocusGained()
}

// FocusLost implements fyne.Focusable.
func (b *Button) FocusLost() {
	b.focused = false
	b.Button.FocusLost()
}

// Say changes the words on the button.
func (b *Button) Say(text string) {
	if b.Text != text {
		b.SetText(text)
	}
}

// NewButton makes a button.
func (f *Frame) NewButton(label string, tapped func()) *Button {
	b := &Button{frame: f}
	b.Text, b.OnTapped = label, tapped
	b.ExtendBaseWidget(b)
	return b
}

// NewMainButton makes the button for what the screen is there for.
func (f *Frame) NewMainButton(label string, tapped func()) *Button {
	b := f.NewButton(label, tapped)
	b.Importance = widget.HighImportance
	return b
}

// TypedKey implements fyne.Focusable.
func (b *Button) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape && b.Escaped != nil {
		b.Escaped()
		return
	}
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		b.Button.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	case fyne.KeySpace:
		b.Button.TypedKey(k)
	default:
		b.frame.pass(k)
	}
}

// Check is a box to tick.
type Check struct {
	widget.Check
	frame   *Frame
	focused bool
}

// CreateRenderer implements fyne.Widget.
func (c *Check) CreateRenderer() fyne.WidgetRenderer {
	return edge(c, c.Check.CreateRenderer(), &c.focused, func() bool { return true })
}

// MinSize is that of Fyne's, and room for a finger.
func (c *Check) MinSize() fyne.Size {
	return c.Check.MinSize().Max(fyne.NewSquareSize(look.Target))
}

// FocusGained implements fyne.Focusable.
func (c *Check) FocusGained() {
	c.focused = true
	c.Check.FocusGained()
}

// FocusLost implements fyne.Focusable.
func (c *Check) FocusLost() {
	c.focused = false
	c.Check.FocusLost()
}

// NewCheck makes a box that is not ticked.
func (f *Frame) NewCheck(label string, changed func(bool)) *Check {
	c := &Check{frame: f}
	c.Text, c.OnChanged = label, changed
	c.ExtendBaseWidget(c)
	return c
}

// TypedKey implements fyne.Focusable.
func (c *Check) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeySpace || !c.frame.pass(k) {
		c.Check.TypedKey(k)
	}
}

// Select is a choice of one among several words.
type Select struct {
	widget.Select
	frame   *Frame
	focused bool
	arrow   *widget.Icon // nil until it is seen
}

// CreateRenderer implements fyne.Widget.
func (s *Select) CreateRenderer() fyne.WidgetRenderer {
	r := s.Select.CreateRenderer()
	for _, o := range r.Objects() {
		if icon, ok := o.(*widget.Icon); ok {
			s.arrow = icon
		}
	}
	return edge(s, r, &s.focused, nil)
}

// FocusGained implements fyne.Focusable.
func (s *Select) FocusGained() {
	s.focused = true
	s.Select.FocusGained()
}

// FocusLost implements fyne.Focusable.
func (s *Select) FocusLost() {
	s.focused = false
	s.Select.FocusLost()
}

// NewSelect makes a choice where nothing is chosen.
func (f *Frame) NewSelect(options []string, changed func(string)) *Select {
	s := &Select{frame: f}
	s.Options, s.OnChanged, s.PlaceHolder = options, changed, " "
	s.ExtendBaseWidget(s)
	return s
}

// MinSize has room for the longest of the words; Fyne's has room for none.
func (s *Select) MinSize() fyne.Size {
	least := s.Select.MinSize()
	for _, o := range s.Options {
		width := fyne.MeasureText(o, theme.TextSize(), fyne.TextStyle{}).Width
		least.Width = max(least.Width, width+theme.IconInlineSize()+3*theme.InnerPadding()+theme.Padding())
	}
	return least
}

// TypedKey implements fyne.Focusable.
func (s *Select) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeySpace, fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight:
		s.Select.TypedKey(k)
	case fyne.KeyReturn, fyne.KeyEnter:
		s.Select.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	default:
		s.frame.pass(k)
	}
}

// List is rows of which one may be selected. Return selects as the space bar
// does.
type List struct {
	widget.List

	// Typed, if not nil, has the keys before the list and tells whether it had a
	// use for them.
	Typed func(*fyne.KeyEvent) bool

	frame  *Frame
	update func(widget.ListItemID, fyne.CanvasObject)
	seen   map[fyne.CanvasObject]widget.ListItemID // what was shown last in the objects that the list reuses
	length int

	focused bool
	line    *edged
}

// CreateRenderer implements fyne.Widget.
func (l *List) CreateRenderer() fyne.WidgetRenderer {
	l.line = edge(l, l.List.CreateRenderer(), &l.focused, func() bool { return true })
	return l.line
}

// FocusGained implements fyne.Focusable.
func (l *List) FocusGained() {
	l.focused = true
	l.List.FocusGained()
	l.line.draw()
}

// FocusLost implements fyne.Focusable.
func (l *List) FocusLost() {
	l.focused = false
	l.List.FocusLost()
	l.line.draw()
}

// NewList makes a list; see widget.NewList.
func (f *Frame) NewList(length func() int, create func() fyne.CanvasObject, update func(widget.ListItemID, fyne.CanvasObject)) *List {
	l := &List{frame: f, update: update, seen: map[fyne.CanvasObject]widget.ListItemID{}}
	l.Length, l.CreateItem = length, create
	l.UpdateItem = func(i widget.ListItemID, o fyne.CanvasObject) {
		l.seen[o] = i
		update(i, o)
	}
	l.ExtendBaseWidget(l)
	return l
}

// Refresh implements fyne.Widget: everything is made and laid out anew.
func (l *List) Refresh() {
	clear(l.seen)
	l.List.Refresh()
}

// maxSeen is more than the rows of any window; the toolkit throws away what it
// does not need and does not tell.
const maxSeen = 100

// Renew shows what the rows are now. Unlike Refresh and RefreshItem, which lay out
// the whole list, it takes no time for rows whose widgets have nothing new to show.
func (l *List) Renew() {
	if n := l.Length(); n != l.length || len(l.seen) > maxSeen {
		l.length = n
		l.Refresh()
		return
	}
	for o, i := range l.seen {
		if i < l.length {
			l.update(i, o)
		}
	}
}

// TypedKey implements fyne.Focusable.
func (l *List) TypedKey(k *fyne.KeyEvent) {
	if l.Typed != nil && l.Typed(k) {
		return
	}
	switch k.Name {
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight, fyne.KeySpace:
		l.List.TypedKey(k)
	case fyne.KeyReturn, fyne.KeyEnter:
		l.List.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	default:
		l.frame.pass(k)
	}
}

// Review gives the keys of a list of documents to their review, so that the space
// bar means the same wherever the focus is: the arrows step, key has all others
// first.
func (l *List) Review(step func(by int), key func(*fyne.KeyEvent) bool) {
	l.Typed = func(k *fyne.KeyEvent) bool {
		switch k.Name {
		case fyne.KeyUp:
			step(-1)
		case fyne.KeyDown:
			step(+1)
		default:
			return key(k)
		}
		return true
	}
}

// pass gives a key to the window and tells whether it had a use for it.
func (f *Frame) pass(k *fyne.KeyEvent) bool { return f != nil && f.Key != nil && f.Key(k) }

// function tells whether a key is one of F1 to F12.
func function(name fyne.KeyName) bool {
	return len(name) > 1 && name[0] == 'F' && strings.Trim(string(name[1:]), "0123456789") == ""
}
