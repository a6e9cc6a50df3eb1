// Package reader shows a document: its pages below each other, thumbnails beside
// them, zoom, search, and the keys for all of it.
//
//	r := reader.New(f, reader.Options{})
//	r.OnOpened = func() { r.ScrollTo(3, box) }
//	r.Open("quyet-dinh.pdf", nil, 0)
//
// Pages are drawn by package render in a helper process, only those that are seen
// and their neighbours, in tiles; how much is kept is bounded. A page that cannot
// be drawn says so in its place and costs nothing else. What a screen wants to
// have on the pages, such as the box for a signature, is an overlay: an object
// that the reader keeps exactly over its page; see SetOverlay.
//
// Pages count from 1, places are millimetres from the top left corner of the page
// as it is seen. All methods are called on the user interface's goroutine.
package reader

import (
	"bytes"
	"context"
	"errors"
	"math"

	"antin/app/gui/frame"
	"antin/signer/pdffile"
	"antin/signer/render"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Options of a reader. The zero value is right for the program.
type Options struct {
	Document func() Pages // for each document that is opened; nil: files, drawn by a helper process
	Cache    int          // bytes of drawn pages that are kept; 0: 24 MiB
}

// Reader is a document on the screen.
type Reader struct {
	widget.BaseWidget

	OnOpened func()                           // the pages are known; their pictures follow
	OnFailed func(err error)                  // the document cannot be shown; the reader says why
	OnPage   func(page int)                   // another page has become the current one
	OnTapped func(page int, mmX, mmY float64) // a page, where no overlay took the tap
	OnKey    func(e *fyne.KeyEvent) bool      // a key while pages have the focus; true: it was not for the reader

	frame   *frame.Frame
	options Options

	source     render.Source
	pages      Pages // nil: nothing is open
	generation int   // of pages: answers to earlier ones are dropped
	cancel     func()
	doc        render.Document // Pages is 0 until it is open
	drawing    bool
	failures   map[int]error   // page → why it cannot be drawn; pages from 0 here and below
	limits     map[int]float64 // page → dpi
	bare       map[int]bool    // pages without their annotations
	page       int
	fit        fit

	main, small *desk
	thumbnails  fyne.CanvasObject
	panel       *fyne.Container // in place of the pages
	notice      *widget.Label
	bar         *bar
	search      *search
	content     fyne.CanvasObject
	modifiers   func() fyne.KeyModifier
}

// fit is what the zoom follows when the window changes.
type fit int

const (
	fitNone fit = iota
	fitWidth
	fitPage
)

// New makes a reader without a document.
func New(f *frame.Frame, o Options) *Reader {
	if o.Document == nil {
		o.Document = func() Pages { return &document{} }
	}
	if o.Cache <= 0 {
		o.Cache = 24 << 20
	}
	r := &Reader{frame: f, options: o, fit: fitWidth, modifiers: heldModifiers}
	r.ExtendBaseWidget(r)
	r.main = newDesk(12, newCache(o.Cache))
	r.small = newDesk(leastGap, newCache(4<<20))
	for _, d := range []*desk{r.main, r.small} {
		d.most = r.most
		d.failure = r.failure
		d.typed = r.TypedKey
		d.letter = r.TypedRune
	}
	r.main.behind = func(page int) *render.Picture {
		dpi, _ := r.small.dpi(page)
		return r.small.pieces.get(key{page: page, dpi: dpi})
	}
	r.main.marks = r.marks
	r.main.scrolled = r.scrolled
	r.main.turned = r.turned
	r.main.tapped = func(page int, x, y float64) {
		if r.OnTapped != nil {
			r.OnTapped(page+1, x, y)
		}
	}
	r.main.resized = func() { r.refit(); r.update() }
	r.small.current = func() int { return r.page }
	r.small.label = func(page int) string { return r.frame.Text("reader.thumbnail", page+1) }
	r.small.scrolled = func(dx, dy float64) {
		r.small.strip.y += dy
		r.small.strip.clamp()
		r.small.arrange()
		r.pump()
	}
	r.small.tapped = func(page int, _, _ float64) { r.GoTo(page + 1) }
	r.small.resized = func() { r.fitThumbnails(); r.update() }
	r.small.dressed = r.fitThumbnails // its gaps hold text
	r.build()
	r.forget()
	return r
}

func heldModifiers() fyne.KeyModifier {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return 0
}

// Open shows the document at path, as it is or, with an end above 0, as it was
// when it ended at that byte, which is what a signature covers. An encrypted
// document without its password asks for it. OnOpened or OnFailed is called.
func (r *Reader) Open(path string, password []byte, end int64) {
	r.Close()
	r.source = render.Source{Path: path, Password: bytes.Clone(password), End: end}
	r.load()
}

func (r *Reader) load() {
	pages, generation, source := r.options.Document(), r.generation, r.source
	source.Password = bytes.Clone(source.Password)
	r.pages = pages
	r.say(r.frame.Text("reader.opening"))
	var doc render.Document
	var sizes []render.Size
	cancel := r.frame.Run(func(ctx context.Context) (err error) {
		defer clear(source.Password)
		doc, sizes, err = pages.Open(ctx, source)
		return err
	}, func(err error) {
		if generation == r.generation {
			r.opened(doc, sizes, err)
		}
	})
	if generation == r.generation {
		r.cancel = cancel
	}
}

func (r *Reader) opened(doc render.Document, sizes []render.Size, err error) {
	if errors.Is(err, render.ErrPassword) {
		r.askPassword(len(r.source.Password) > 0)
		return
	}
	if err != nil {
		r.explain(err)
		if r.OnFailed != nil {
			r.OnFailed(err)
		}
		return
	}
	r.doc = doc
	r.main.strip.fill(sizes)
	r.small.strip.fill(sizes)
	r.unsay()
	r.fitThumbnails()
	r.refit()
	r.setPage(0)
	r.update()
	if r.OnOpened != nil {
		r.OnOpened()
	}
}

// Close ends the helper and forgets the document, its password too.
func (r *Reader) Close() {
	if r.cancel != nil {
		r.cancel()
	}
	if pages := r.pages; pages != nil {
		r.frame.Worker(func() { _ = pages.Close() }, func() {}) // it was only read
	}
	clear(r.source.Password)
	r.forget()
}

func (r *Reader) forget() {
	r.generation++
	r.source, r.pages, r.cancel, r.doc, r.drawing = render.Source{}, nil, nil, render.Document{}, false
	r.failures, r.limits, r.bare = map[int]error{}, map[int]float64{}, map[int]bool{}
	r.page = 0
	r.search.stop()
	for _, d := range []*desk{r.main, r.small} {
		d.pieces.clear()
		d.strip.fill(nil)
		d.arrange()
	}
	r.unsay()
	r.bar.update()
}

// Password is a copy of the password that opened the document, nil for none. The
// caller wipes it.
func (r *Reader) Password() []byte { return bytes.Clone(r.source.Password) }

// Path is the document's, "" when none is shown.
func (r *Reader) Path() string { return r.source.Path }

// Pages is the number of pages, 0 while none are shown.
func (r *Reader) Pages() int { return r.doc.Pages }

// Page is the current page, from 1; 0 when there is none.
func (r *Reader) Page() int {
	if r.doc.Pages == 0 {
		return 0
	}
	return r.page + 1
}

// PageSize is the size of a page in mm as it is seen; zero when there is no such
// page.
func (r *Reader) PageSize(page int) render.Size {
	if page < 1 || page > len(r.main.strip.sizes) {
		return render.Size{}
	}
	return r.main.strip.sizes[page-1]
}

// GoTo shows a page from its top. Numbers beside the document mean its first or
// last page.
func (r *Reader) GoTo(page int) {
	if r.doc.Pages == 0 {
		return
	}
	n := min(max(page, 1), r.doc.Pages) - 1
	_, top, _, _ := r.main.strip.rect(n)
	r.main.strip.y += top - r.main.strip.gap
	r.main.strip.clamp()
	r.setPage(n)
	r.update()
}

// ScrollTo makes a box on a page visible, scrolling no more than needed.
func (r *Reader) ScrollTo(page int, box pdffile.Box) {
	if page < 1 || page > r.doc.Pages {
		return
	}
	r.main.strip.show(page-1, box.X, box.Y, box.W, box.H)
	r.setPage(page - 1)
	r.update()
}

// SetOverlay has the object that of returns laid over each page that is seen; of
// may return nil. The object is kept exactly as large as the page, so one mm is
// its width divided by the page's, and moves with it; it gets the events of the
// pointer before the page does. It may implement fyne.Focusable and hand keys it
// has no use for to TypedKey.
func (r *Reader) SetOverlay(of func(page int) fyne.CanvasObject) {
	r.main.overlay = nil
	if of != nil {
		r.main.overlay = func(page int) fyne.CanvasObject { return of(page + 1) }
	}
	r.RefreshOverlay()
}

// RefreshOverlay asks for the overlays of the pages that are seen anew.
func (r *Reader) RefreshOverlay() { r.main.overlayAgain() }

// UnitsPerMM is how many of Fyne's units a millimetre of a page has now.
func (r *Reader) UnitsPerMM() float64 { return r.main.strip.scale }

// At is the page and the place under a position of the window, such as an event's
// AbsolutePosition; ok is false beside the pages.
func (r *Reader) At(absolute fyne.Position) (page int, mmX, mmY float64, ok bool) {
	if r.doc.Pages == 0 {
		return 0, 0, 0, false
	}
	p := absolute.Subtract(r.origin())
	n, x, y := r.main.strip.point(float64(p.X), float64(p.Y))
	size := r.main.strip.sizes[n]
	return n + 1, x, y, x >= 0 && y >= 0 && x <= size.W && y <= size.H
}

// PositionOf is where a place on a page is in the window, seen or not.
func (r *Reader) PositionOf(page int, mmX, mmY float64) fyne.Position {
	left, top, _, _ := r.main.strip.rect(page - 1)
	k := r.main.strip.scale
	return fyne.NewPos(float32(left+mmX*k), float32(top+mmY*k)).Add(r.origin())
}

// origin is where the pages' corner is in the window. Fyne counts from the area
// that no frame of a device covers, the events of the pointer do not.
func (r *Reader) origin() fyne.Position {
	p := fyne.CurrentApp().Driver().AbsolutePositionForObject(r.main)
	if c := r.canvas(); c != nil {
		inset, _ := c.InteractiveArea()
		p = p.Add(inset)
	}
	return p
}

// scrolled moves the pages under the window.
func (r *Reader) scrolled(dx, dy float64) {
	s := &r.main.strip
	s.x, s.y = s.x+dx, s.y+dy
	s.clamp()
	r.followPage()
	r.update()
}

// followPage makes the page in the middle current, but at the ends the first and
// the last.
func (r *Reader) followPage() {
	s := &r.main.strip
	switch {
	case r.doc.Pages == 0:
	case s.y <= 0:
		r.setPage(0)
	case s.y >= math.Floor(s.height()-s.h):
		r.setPage(r.doc.Pages - 1)
	default:
		r.setPage(s.at(s.h / 2))
	}
}

func (r *Reader) setPage(n int) {
	changed := n != r.page
	r.page = n
	p := r.small.strip.sizes[n]
	r.small.strip.show(n, 0, 0, p.W, p.H)
	r.small.arrange()
	r.bar.update()
	r.warn()
	if changed && r.OnPage != nil {
		r.OnPage(n + 1)
	}
}

// update brings the screen up to date and has drawn what it lacks.
func (r *Reader) update() {
	r.main.arrange()
	r.pump()
}

// CreateRenderer implements fyne.Widget.
func (r *Reader) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(frame.NewPart(r.content))
}
