package help

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"antin/app/gui/frame"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// Viewer is the window with the help.
type Viewer struct {
	frame   *frame.Frame
	window  fyne.Window // nil while it is closed
	all     []Page
	found   []Page
	behind  []string // pages to go back to
	current string
	silent  bool

	contents *frame.List
	question *frame.Entry
	back     *frame.Button
	page     *container.Scroll
	body     *fyne.Container // of the page
}

// New is the help for the window of f; nothing is shown yet.
func New(f *frame.Frame) *Viewer { return &Viewer{frame: f} }

// Open shows a page; for a name that no page has, the first one.
func (v *Viewer) Open(name string) {
	if v.window == nil {
		v.build()
	}
	v.behind = nil
	v.show(name)
	v.window.Show()
	v.window.RequestFocus()
}

// Close closes the window, if it is open.
func (v *Viewer) Close() {
	if v.window != nil {
		v.window.Close()
	}
}

func (v *Viewer) build() {
	f := *v.frame
	text := f.Text
	v.all = Pages(f.Words)
	v.found = v.all
	v.window = fyne.CurrentApp().NewWindow(text("guide.title"))
	v.window.SetOnClosed(func() { v.window = nil })
	f.Key = func(k *fyne.KeyEvent) bool { return v.key(k) } // keys go to this window, not to the one at work
	v.window.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { v.key(k) })
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
	split := container.NewHSplit(
		container.NewBorder(container.NewVBox(v.back, v.question), nil, nil, nil, v.contents), v.page)
	split.SetOffset(0.3)
	v.window.SetContent(container.NewStack(frame.Warm(), split))
	v.window.Resize(fyne.NewSize(980, 680))
}

// key does what a key does in this window and tells whether it does anything.
func (v *Viewer) key(k *fyne.KeyEvent) bool {
	switch k.Name {
	case fyne.KeyEscape:
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
	v.current = v.all[i].Name
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

// atOnce is how long a page is filled before other things have their turn.
const atOnce = 10 * time.Millisecond

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
	if len(rest) > 0 {
		fyne.Do(func() { v.fill(body, rest) })
	}
}

// blocks are the paragraphs of a page.
func blocks(markdown string) []string { return strings.Split(strings.TrimSpace(markdown), "\n\n") }

// picture is a block that is a picture: ![what it shows](file.png).
var picture = regexp.MustCompile(`^!\[[^\]]*\]\(([a-z0-9-]+\.png)\)$`)

// block is a paragraph, or a picture.
func (v *Viewer) block(markdown string) fyne.CanvasObject {
	if name := picture.FindStringSubmatch(markdown); name != nil {
		if p := shown(v.frame, name[1], pictureHeight); p != nil {
			p.SetMinSize(fyne.NewSize(300, pictureHeight))
			return p
		}
	}
	return v.text(markdown)
}

// text is Markdown whose links lead to other pages.
func (v *Viewer) text(markdown string) fyne.CanvasObject {
	t := widget.NewRichTextFromMarkdown(strings.ReplaceAll(markdown, "`", "**")) // commands are bold: the monospaced face lacks Vietnamese letters
	t.Wrapping = fyne.TextWrapWord
	v.link(t.Segments)
	return t
}

func (v *Viewer) link(segments []widget.RichTextSegment) {
	for _, s := range segments {
		switch s := s.(type) {
		case *widget.HyperlinkSegment:
			name := s.URL.String()
			s.OnTapped = func() { v.follow(name) }
		case widget.RichTextBlock:
			v.link(s.Segments())
		}
	}
}
