package help

import (
	"slices"
	"time"

	"antin/app/gui/frame"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// Viewer is the help, which lies over everything in the window while it is open:
// over dialogs too, which are as they were when it closes.
type Viewer struct {
	frame   *frame.Frame
	all     []Page
	found   []Page
	behind  []string // pages to go back to
	asked   string   // the page that was opened
	current string
	silent  bool
	left    float32 // where the page is to be read on, once it is that long; 0: nowhere
	whole   bool    // all of the page is there

	sheet    fyne.CanvasObject // nil while the help is closed
	below    fyne.CanvasObject // is not painted meanwhile; nil where a dialog is open
	contents *frame.List
	question *frame.Entry
	back     *frame.Button
	page     *container.Scroll
	body     *fyne.Container // of the page
}

// New is the help for the window of f; nothing is shown yet.
func New(f *frame.Frame) *Viewer { return &Viewer{frame: f} }

// Open shows a page; for a name that no page has, the first one. Whoever opens the
// same page again, to and fro between it and his work, reads on where he was. While
// the help waits below a dialog it opens no other.
func (v *Viewer) Open(name string) {
	if v.IsOpen() {
		v.follow(name)
		return
	}
	c := v.frame.Window.Canvas()
	if v.sheet != nil && slices.Contains(c.Overlays().List(), v.sheet) {
		return // below a dialog that came meanwhile: two of them could not both be closed
	}
	again := name == v.asked
	v.asked = name
	if again {
		name = v.current
	} else {
		v.behind = nil
	}
	left := v.left
	if v.sheet != nil { // it went with a dialog below it
		frame.Gone(v.page.Content)
		v.body = nil
	}
	v.build()
	if c.Overlays().Top() == nil { // a dialog below could take the help with it
		v.below = c.Content()
		v.below.Hide()
	}
	c.Overlays().Add(v.sheet)
	v.sheet.Resize(c.Size()) // from now on the canvas does that
	v.show(name)
	if again {
		v.left = left
		v.readOn()
	}
}

// IsOpen tells whether the help is the topmost thing in the window: keys are its
// own then, see [Viewer.Key].
func (v *Viewer) IsOpen() bool {
	return v.sheet != nil && v.frame.Window.Canvas().Overlays().Top() == v.sheet
}

// Close closes the help, if it is open.
func (v *Viewer) Close() {
	if !v.IsOpen() {
		return
	}
	v.left = v.page.Offset.Y
	v.frame.Window.Canvas().Overlays().Remove(v.sheet)
	if v.below != nil {
		v.below.Show()
	}
	frame.Gone(v.page.Content)
	v.sheet, v.below, v.body = nil, nil, nil
}

// Forget has the next opening begin anew: the language is another.
func (v *Viewer) Forget() {
	v.Close()
	v.asked, v.current, v.behind, v.left = "", "", nil, 0
}

func (v *Viewer) build() {
	f := *v.frame
	f.Key = v.Key // of the window's keys only these
	text := f.Text
	v.all = Pages(f.Words)
	v.found = v.all
	longest := slices.MaxFunc(v.all, func(a, b Page) int { return len(a.Title) - len(b.Title) }).Title
	v.contents = f.NewList(func() int { return len(v.found) },
		func() fyne.CanvasObject { // the list becomes as wide as its first line
			line := frame.NewWholeLine()
			line.Say(longest)
			return line
		},
		func(i widget.ListItemID, o fyne.CanvasObject) { o.(*frame.Line).Say(v.found[i].Title) })
	v.contents.OnSelected = func(i widget.ListItemID) {
		if !v.silent {
			v.follow(v.found[i].Name)
		}
	}
	v.question = f.NewEntry()
	v.question.SetPlaceHolder(text("guide.search"))
	v.question.OnChanged = v.search
	v.question.OnSubmitted = func(string) {
		if len(v.found) > 0 {
			v.follow(v.found[0].Name)
		}
	}
	v.back = f.NewButton(text("guide.back"), v.goBack)
	v.page = container.NewVScroll(widget.NewLabel(""))
	split := container.NewHSplit(v.contents, v.page)
	split.SetOffset(0.3)
	shut := f.NewButton(text("guide.close"), v.Close)
	top := container.NewPadded(container.New(layout.NewBorderLayout(nil, nil, v.back, shut), v.back, v.question, shut)) // in the order of the Tab key
	v.sheet = frame.NewSheet(container.New(layout.NewBorderLayout(top, nil, nil, nil), top, split))
}

// Key does what a key does in the help and tells whether it does anything. F1 goes to
// and fro between help and work.
func (v *Viewer) Key(k *fyne.KeyEvent) bool {
	switch k.Name {
	case fyne.KeyEscape, fyne.KeyF1:
		v.Close()
	case fyne.KeyBackspace:
		v.goBack()
	case fyne.KeyPageDown:
		v.scroll(0.9)
	case fyne.KeyPageUp:
		v.scroll(-0.9)
	default:
		return false
	}
	return true
}

// scroll moves the page by a part of what is seen.
func (v *Viewer) scroll(by float32) {
	v.left = 0
	most := max(v.page.Content.MinSize().Height-v.page.Size().Height, 0)
	v.page.ScrollToOffset(fyne.NewPos(0, min(max(v.page.Offset.Y+by*v.page.Size().Height, 0), most)))
}

func (v *Viewer) search(question string) {
	v.found = find(v.all, question)
	v.mark()
}

// follow goes to a page and remembers the present one.
func (v *Viewer) follow(name string) {
	if name == v.current {
		return
	}
	v.behind = append(v.behind, v.current)
	v.show(name)
}

func (v *Viewer) goBack() {
	if n := len(v.behind); n > 0 {
		name := v.behind[n-1]
		v.behind = v.behind[:n-1]
		v.show(name)
	}
}

func (v *Viewer) show(name string) {
	i := max(slices.IndexFunc(v.all, func(p Page) bool { return p.Name == name }), 0)
	v.current, v.left = v.all[i].Name, 0
	if v.body != nil {
		frame.Gone(v.page.Content)
	}
	v.body = container.New(layout.NewCustomPaddedVBoxLayout(blockGap))
	v.page.Content = frame.NewPart(v.body)
	v.page.ScrollToTop()
	v.fill(v.body, blocks(v.all[i].Text))
	if len(v.behind) > 0 {
		v.back.Enable()
	} else {
		v.back.Disable()
	}
	v.mark()
}

// mark selects the present page in the list.
func (v *Viewer) mark() {
	v.silent = true
	defer func() { v.silent = false }()
	v.contents.Refresh()
	if i := slices.IndexFunc(v.found, func(p Page) bool { return p.Name == v.current }); i >= 0 {
		v.contents.Select(i)
	} else {
		v.contents.UnselectAll()
	}
}

// blockGap is between two paragraphs, which bring space of their own.
const blockGap = -8

// A page is filled for so long before other things have their turn, and goes on
// after a frame: painting new texts takes longer than setting them.
const (
	atOnce = 8 * time.Millisecond
	frames = 20 * time.Millisecond
)

// fill puts the rest of a page into its body. A long page takes a second to set, so
// that is done piece by piece, from the top.
func (v *Viewer) fill(body *fyne.Container, rest []string) {
	if v.body != body {
		return // another page is shown meanwhile
	}
	for from := time.Now(); len(rest) > 0 && time.Since(from) < atOnce; rest = rest[1:] {
		body.Add(v.block(rest[0]))
	}
	v.page.Refresh()
	v.whole = len(rest) == 0
	v.readOn()
	if !v.whole {
		v.frame.After(frames, func() { v.fill(body, rest) })
	}
}

// readOn goes to where the page was left, once it is that long.
func (v *Viewer) readOn() {
	if v.left == 0 {
		return
	}
	if most := v.page.Content.MinSize().Height - v.page.Size().Height; v.left <= most || v.whole {
		v.page.ScrollToOffset(fyne.NewPos(0, min(v.left, max(most, 0))))
		v.left = 0
	}
}
