package reader

import (
	"errors"
	"fmt"
	"image/color"
	"math"
	"slices"
	"testing"

	"antin/app/gui/frame"
	"antin/signer/pagetext"
	"antin/signer/pdffile"
	"antin/signer/render"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// colourAt is what is seen of a place on a page.
func colourAt(r *Reader, w fyne.Window, page int, mmX, mmY float64) color.NRGBA {
	p := r.PositionOf(page, mmX, mmY)
	return color.NRGBAModel.Convert(w.Canvas().Capture().At(int(p.X), int(p.Y))).(color.NRGBA)
}

func paper(page int) color.NRGBA {
	return color.NRGBAModel.Convert(pageColour(page)).(color.NRGBA)
}

func TestOnlyWhatIsSeenIsDrawn(t *testing.T) {
	f := &fake{sizes: a4(500)}
	r, w := show(t, f, atOnce)
	if r.Pages() != 500 || r.Page() != 1 {
		t.Fatalf("page %d of %d", r.Page(), r.Pages())
	}
	if got := colourAt(r, w, 1, 50, 50); got != paper(1) {
		t.Errorf("page 1 is %v, want %v", got, paper(1))
	}
	for _, k := range f.draws {
		if k.page > 8 {
			t.Errorf("page %d was drawn", k.page+1)
		}
	}
	f.draws = nil
	r.GoTo(250)
	if got := colourAt(r, w, 250, 50, 50); got != paper(250) || r.Page() != 250 {
		t.Errorf("page %d is %v, want %v", r.Page(), got, paper(250))
	}
	for _, k := range f.draws {
		if k.page < 242 || k.page > 258 {
			t.Errorf("page %d was drawn for page 250", k.page+1)
		}
	}
}

// Sizes are known before pictures: places on far pages are right at once.
func TestLayoutNeedsNoPictures(t *testing.T) {
	var q queue
	f := &fake{sizes: append(a4(2), render.Size{W: 420, H: 297}, render.Size{W: 100, H: 50})}
	r, w := show(t, f, q.run)
	q.step() // opens
	r.FitPage()
	r.GoTo(4)
	if len(f.draws) != 0 {
		t.Fatal("something was drawn")
	}
	if got := colourAt(r, w, 4, 50, 25); got != (color.NRGBA{0xff, 0xff, 0xff, 0xff}) {
		t.Errorf("page 4 is %v before it is drawn, want white", got)
	}
	q.all()
	if got := colourAt(r, w, 4, 50, 25); got != paper(4) {
		t.Errorf("page 4 is %v, want %v", got, paper(4))
	}
	if got := colourAt(r, w, 4, 5, 5); got != (color.NRGBA{0, 0, 0, 0xff}) {
		t.Errorf("its corner is %v, want black", got)
	}
}

// A picture that arrives after another document was opened is dropped.
func TestLatePictures(t *testing.T) {
	var q queue
	first, second := &fake{sizes: a4(3)}, &fake{sizes: a4(1)}
	r, _ := show(t, first, q.run)
	q.step()
	late := q.waiting[0] // drawing page 1 of the first document
	q.waiting = nil
	r.options.Document = func() Pages { return second }
	r.Open("khac.pdf", nil, 0)
	q.all()
	drawn := r.main.pieces.order.Len()
	late()
	if got := r.main.pieces.order.Len(); got != drawn {
		t.Errorf("%d pieces after the late one, want %d", got, drawn)
	}
	if r.Pages() != 1 || first.closed != 1 {
		t.Errorf("%d pages, first document closed %d times", r.Pages(), first.closed)
	}
}

func TestZoom(t *testing.T) {
	f := &fake{sizes: a4(3)}
	r, w := show(t, f, atOnce)
	width := r.UnitsPerMM() * 210
	if gap := r.main.strip.w - width; gap < 0 || gap > 30 {
		t.Errorf("fitted to the width, %.0f of %.0f units are used", width, r.main.strip.w)
	}
	r.TrueSize()
	if got := r.UnitsPerMM(); math.Abs(got-96/25.4) > 1e-9 || math.Abs(r.Zoom()-1) > 1e-9 {
		t.Errorf("true size: %v units per mm, zoom %v", got, r.Zoom())
	}
	r.frame.Monitors = func() []frame.Monitor { return []frame.Monitor{{Width: 1270, Height: 762, MMW: 254, MMH: 152.4}} }
	r.TrueSize()
	if got := r.UnitsPerMM(); math.Abs(got-5) > 1e-9 {
		t.Errorf("true size on a screen of 127 dpi: %v units per mm, want 5", got)
	}
	r.FitPage()
	if h := r.UnitsPerMM() * 297; h > r.main.strip.h {
		t.Errorf("a page of %.0f units does not fit into %.0f", h, r.main.strip.h)
	}
	// It stays fitted when the window changes.
	w.Resize(fyne.NewSize(800, 400))
	if h := r.UnitsPerMM() * 297; h > r.main.strip.h {
		t.Errorf("after making the window smaller, a page of %.0f units does not fit into %.0f", h, r.main.strip.h)
	}
	r.SetZoom(1000)
	if math.Abs(r.Zoom()-mostZoom) > 1e-9 {
		t.Errorf("zoom %v, want %v", r.Zoom(), mostZoom)
	}
	for _, k := range f.draws {
		if k.dpi > mostDPI {
			t.Fatalf("drawn at %v dpi", k.dpi)
		}
	}
}

func TestWheel(t *testing.T) {
	r, _ := show(t, &fake{sizes: a4(9)}, atOnce)
	at := fyne.NewPos(300, 200)
	page, x, y := r.main.strip.point(300, 200)
	zoom := r.Zoom()
	held := fyne.KeyModifierControl
	r.modifiers = func() fyne.KeyModifier { return held }
	r.main.Scrolled(&fyne.ScrollEvent{PointEvent: fyne.PointEvent{Position: at}, Scrolled: fyne.NewDelta(0, 10)})
	if got := r.Zoom(); math.Abs(got-zoom*wheelStep) > 1e-9 {
		t.Errorf("zoom %v with Ctrl, want %v", got, zoom*wheelStep)
	}
	if p, gx, gy := r.main.strip.point(300, 200); p != page || math.Abs(gx-x) > 0.01 || math.Abs(gy-y) > 0.01 {
		t.Errorf("under the pointer is %d %v %v, was %d %v %v", p, gx, gy, page, x, y)
	}
	held = 0
	before := r.main.strip.y
	r.main.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -10)})
	if r.main.strip.y <= before {
		t.Error("the wheel alone does not scroll down")
	}
}

func TestKeys(t *testing.T) {
	var pages []int
	r, w := show(t, &fake{sizes: a4(6)}, atOnce)
	r.OnPage = func(n int) { pages = append(pages, n) }
	r.FitPage()
	r.Focus()
	key := func(name fyne.KeyName) { w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name}) }
	for _, name := range []fyne.KeyName{fyne.KeyPageDown, fyne.KeyPageDown, fyne.KeyEnd, fyne.KeyPageUp, fyne.KeyHome} {
		key(name)
	}
	if want := []int{2, 3, 6, 5, 1}; !slices.Equal(pages, want) {
		t.Errorf("pages %v, want %v", pages, want)
	}
	r.FitWidth()
	key(fyne.KeyPageDown)
	if r.Page() != 1 || r.main.strip.y < 100 {
		t.Errorf("page %d at %v: with pages larger than the window PgDn goes on by a window", r.Page(), r.main.strip.y)
	}
	zoom := r.Zoom()
	w.Canvas().Focused().TypedRune('+')
	if r.Zoom() <= zoom {
		t.Error("+ does not zoom")
	}
	r.bar.askPage()
	test.Type(w.Canvas().Focused(), "4")
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if r.Page() != 4 {
		t.Errorf("typed 4, is on page %d", r.Page())
	}
}

// Overlays lie exactly over their pages, at every zoom, and get drags.
func TestOverlay(t *testing.T) {
	r, w := show(t, &fake{sizes: a4(3)}, atOnce)
	objects := map[int]*box{}
	r.SetOverlay(func(page int) fyne.CanvasObject {
		if page == 2 {
			return nil
		}
		if objects[page] == nil {
			objects[page] = newBox()
		}
		return objects[page]
	})
	for _, zoom := range []float64{0.5, 1, 2} {
		r.SetZoom(zoom)
		r.GoTo(1)
		o := objects[1]
		if got, want := float64(o.Size().Width), 210*r.UnitsPerMM(); math.Abs(got-want) > 0.01 {
			t.Errorf("zoom %v: overlay is %v wide, page %v", zoom, got, want)
		}
		if got := colourAt(r, w, 1, 100, 20); got != (color.NRGBA{0, 0, 0xff, 0xff}) {
			t.Errorf("zoom %v: page 1 is %v, want blue", zoom, got)
		}
	}
	r.SetZoom(0.3)
	p := r.PositionOf(1, 100, 100)
	test.Drag(w.Canvas(), p, 7, 9)
	if objects[1].dragged != fyne.NewDelta(7, 9) {
		t.Errorf("overlay was dragged by %v", objects[1].dragged)
	}
	page, x, y, ok := r.At(p)
	if !ok || page != 1 || math.Abs(x-100) > 0.01 || math.Abs(y-100) > 0.01 {
		t.Errorf("at %v is page %d, %v, %v, %v", p, page, x, y, ok)
	}
}

// box is an overlay that can be dragged.
type box struct {
	widget.BaseWidget
	dragged fyne.Delta
}

func newBox() *box {
	b := &box{}
	b.ExtendBaseWidget(b)
	return b
}

func (b *box) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.NRGBA{0, 0, 0xff, 0xff}))
}

func (b *box) Dragged(e *fyne.DragEvent) {
	b.dragged.DX, b.dragged.DY = b.dragged.DX+e.Dragged.DX, b.dragged.DY+e.Dragged.DY
}
func (b *box) DragEnd() {}

func TestTap(t *testing.T) {
	r, w := show(t, &fake{sizes: a4(3)}, atOnce)
	got := ""
	r.OnTapped = func(page int, x, y float64) { got = fmt.Sprintf("%d %.0f %.0f", page, x, y) }
	r.SetZoom(0.3)
	test.TapCanvas(w.Canvas(), r.PositionOf(2, 60, 70))
	if got != "2 60 70" {
		t.Errorf("tapped %q", got)
	}
	got = ""
	test.TapCanvas(w.Canvas(), r.PositionOf(2, -40, 70))
	if got != "" {
		t.Errorf("beside the page: %q", got)
	}
}

func TestScrollTo(t *testing.T) {
	r, _ := show(t, &fake{sizes: a4(20)}, atOnce)
	r.ScrollTo(17, pdffile.Box{X: 110, Y: 200, W: 45, H: 18})
	top, bottom := r.PositionOf(17, 110, 200), r.PositionOf(17, 155, 218)
	if top.Y < 0 || float64(bottom.Y) > r.main.strip.h || r.Page() != 17 {
		t.Errorf("the box is from %v to %v on page %d", top, bottom, r.Page())
	}
	before := r.main.strip.y
	r.ScrollTo(17, pdffile.Box{X: 110, Y: 205, W: 10, H: 5})
	if r.main.strip.y != before {
		t.Error("it scrolled though the box was seen")
	}
}

// A page that cannot be drawn says so; others are drawn.
func TestBrokenPage(t *testing.T) {
	f := &fake{sizes: a4(3), broken: map[int]error{2: fmt.Errorf("x: %w", render.ErrNotDrawable)}}
	r, w := show(t, f, atOnce)
	r.SetZoom(0.3)
	if got := colourAt(r, w, 1, 100, 100); got != paper(1) {
		t.Errorf("page 1 is %v", got)
	}
	note := r.main.sheets[1].note
	if note == nil || note.Text == "" || r.main.sheets[0].note != nil {
		t.Error("page 2 does not say that it cannot be drawn, or page 1 does")
	}
	tries := 0
	for _, k := range f.draws {
		if k.page == 1 {
			tries++
		}
	}
	if tries != 1 {
		t.Errorf("page 2 was tried %d times", tries)
	}
}

func TestDocumentThatCannotBeShown(t *testing.T) {
	f := &fake{sizes: a4(3), broken: map[int]error{0: render.ErrNotDrawable}}
	r, _ := show(t, f, atOnce)
	var failed error
	r.OnFailed = func(err error) { failed = err }
	r.Open("hong.pdf", nil, 0)
	if !errors.Is(failed, render.ErrNotDrawable) || r.Pages() != 0 || !r.panel.Visible() {
		t.Errorf("failed with %v, %d pages", failed, r.Pages())
	}
	f.broken = nil
	r.Open("tot.pdf", nil, 0)
	if r.Pages() != 3 || r.panel.Visible() {
		t.Error("a good document afterwards is not shown")
	}
}

func TestPageTooLargeForTheResolution(t *testing.T) {
	f := &fake{sizes: a4(1), most: 40}
	r, w := show(t, f, atOnce)
	if got := colourAt(r, w, 1, 100, 50); got != paper(1) {
		t.Errorf("page is %v, want %v", got, paper(1))
	}
}

func TestPassword(t *testing.T) {
	f := &fake{sizes: a4(2), password: "bí mật"}
	r, w := show(t, f, atOnce)
	for _, try := range []string{"sai", "bí mật"} {
		if r.Pages() != 0 {
			t.Fatal("open without its password")
		}
		test.Type(w.Canvas().Focused(), try)
		w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	}
	if r.Pages() != 2 || string(r.Password()) != "bí mật" {
		t.Errorf("%d pages with password %q", r.Pages(), r.Password())
	}
	kept := r.source.Password
	r.Close()
	if string(kept) == "bí mật" || r.Password() != nil {
		t.Error("the password outlives its document")
	}
}

// What the renderer could not show of signatures is said.
func TestSignaturesHidden(t *testing.T) {
	f := &fake{sizes: a4(4), bare: map[int]bool{3: true}, doc: render.Document{Annotated: true, SignaturesShown: true}}
	r, _ := show(t, f, atOnce)
	if r.notice.Visible() {
		t.Error("warns of page 1")
	}
	r.GoTo(3)
	if !r.notice.Visible() {
		t.Error("does not warn of page 3")
	}
	f.bare, f.doc.SignaturesShown = nil, false
	r.Open("x.pdf", nil, 0)
	if !r.notice.Visible() {
		t.Error("does not warn of the document")
	}
}

func TestEarlierState(t *testing.T) {
	f := &fake{sizes: a4(1)}
	r, _ := show(t, f, atOnce)
	r.Open("x.pdf", nil, 1234)
	if f.source.End != 1234 {
		t.Errorf("opened with end %d", f.source.End)
	}
}

func TestSearch(t *testing.T) {
	f := &fake{sizes: a4(9), text: map[int]*pagetext.Text{
		2: {Lines: []pagetext.Line{line("Nơi nhận: các sở, các ban", 30, 40)}},
		7: {Lines: []pagetext.Line{line("CÁC đơn vị", 50, 100)}},
	}}
	for query, want := range map[string]string{
		"các":      "1/3 chỗ",
		"CAC":      "1/3 chỗ",
		"đơn  vị":  "1/1 chỗ",
		"don vi":   "1/1 chỗ",
		"càc":      "Không thấy",
		"nhận: cá": "1/1 chỗ",
	} {
		r, w := show(t, f, atOnce)
		r.search.show()
		test.Type(w.Canvas().Focused(), query)
		w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if got := r.search.state.Text; got != want {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
	r, w := show(t, f, atOnce)
	r.search.start("các")
	box := r.search.hits[0].boxes[0]
	if r.Page() != 2 || box != (pdffile.Box{X: 50, Y: 40, W: 6, H: 5}) {
		t.Errorf("first hit on page %d at %v", r.Page(), box)
	}
	if got := colourAt(r, w, 2, 53, 42); got == paper(2) {
		t.Error("the hit is not marked")
	}
	r.search.step(-1)
	if r.Page() != 7 {
		t.Errorf("the hit before the first is on page %d, want the last", r.Page())
	}
	r.search.hide()
	if len(r.marks(6)) != 0 {
		t.Error("marks stay after the search")
	}
}

func TestCacheIsBounded(t *testing.T) {
	f := &fake{sizes: a4(60)}
	r, _ := show(t, f, atOnce)
	r.SetZoom(2)
	for page := 1; page <= 60; page++ {
		r.GoTo(page)
	}
	if c := r.main.pieces; c.bytes > c.most || c.bytes == 0 {
		t.Errorf("%d bytes are kept, at most %d should be", c.bytes, c.most)
	}
	if n := len(r.main.sheets); n > 3 {
		t.Errorf("%d pages have objects", n)
	}
}

func TestThumbnails(t *testing.T) {
	r, w := show(t, &fake{sizes: a4(30)}, atOnce)
	r.GoTo(20)
	if s := r.small.sheets[19]; s == nil || len(s.tiles) != 1 || s.label.Text != "Trang 20" {
		t.Fatal("the thumbnail of page 20 is not seen")
	}
	x, y, width, h := r.small.strip.rect(18)
	test.TapCanvas(w.Canvas(), fyne.NewPos(float32(x+width/2), r.small.Position().Y+r.thumbnails.Position().Y+float32(y+h/2)))
	if r.Page() != 19 {
		t.Errorf("tapped on the thumbnail of page 19, is on page %d", r.Page())
	}
	width = r.main.strip.w
	r.ToggleThumbnails()
	if r.main.strip.w <= width || r.thumbnails.Visible() {
		t.Errorf("without thumbnails the pages have %v units, before %v", r.main.strip.w, width)
	}
	r.ToggleThumbnails()
	if r.main.strip.w != width {
		t.Errorf("with thumbnails again the pages have %v units, before %v", r.main.strip.w, width)
	}
}

func TestActions(t *testing.T) {
	f := &fake{sizes: a4(5)}
	r, w := show(t, f, atOnce)
	do := func(label string) {
		t.Helper()
		for _, a := range r.Actions() {
			if a.Label == label && a.Enabled() {
				a.Do()
				return
			}
		}
		t.Fatalf("no action %q", label)
	}
	do("Cỡ thật")
	if math.Abs(r.Zoom()-1) > 1e-9 {
		t.Errorf("zoom %v", r.Zoom())
	}
	do("Tới trang…")
	test.Type(w.Canvas().Focused(), "3")
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if r.Page() != 3 {
		t.Errorf("page %d", r.Page())
	}
	do("Tìm")
	if !r.search.row.Visible() {
		t.Error("no line for the search")
	}
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if r.search.row.Visible() {
		t.Error("Escape does not close the search")
	}
	r.Close()
	for _, a := range r.Actions() {
		if a.Enabled() {
			t.Errorf("%q can be done without a document", a.Label)
		}
	}
}

// Keys go to the screen first; those that nobody here has a use for are the
// window's.
func TestOtherKeys(t *testing.T) {
	r, w := show(t, &fake{sizes: a4(5)}, atOnce)
	var screen, window []fyne.KeyName
	r.OnKey = func(e *fyne.KeyEvent) bool { screen = append(screen, e.Name); return e.Name == fyne.Key1 }
	r.frame.Key = func(e *fyne.KeyEvent) bool { window = append(window, e.Name); return true }
	r.Focus()
	all := []fyne.KeyName{fyne.KeyF1, fyne.KeyPageDown, fyne.Key1, fyne.KeyF9}
	for _, name := range all {
		w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name})
	}
	if want := []fyne.KeyName{fyne.KeyF1, fyne.KeyF9}; !slices.Equal(screen, all) || !slices.Equal(window, want) {
		t.Errorf("the screen got %v, the window %v, want %v and %v", screen, window, all, want)
	}
}

func TestScrollbar(t *testing.T) {
	r, _ := show(t, &fake{sizes: a4(100)}, atOnce)
	b := r.main.upright
	b.Tapped(&fyne.PointEvent{Position: fyne.NewPos(5, b.Size().Height-1)})
	if y := r.main.strip.y; math.Abs(y-0.9*r.main.strip.h) > 1 {
		t.Errorf("tapped below the handle, is at %v", y)
	}
	for range 10 {
		b.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(0, 1000)})
	}
	b.DragEnd()
	if r.Page() != 100 {
		t.Errorf("dragged to the end, is on page %d", r.Page())
	}
	b.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(0, -1e6)})
	if r.Page() != 1 {
		t.Errorf("dragged to the beginning, is on page %d", r.Page())
	}
}
