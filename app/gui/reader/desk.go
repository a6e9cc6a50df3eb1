package reader

import (
	"image"
	"math"

	"antin/app/gui/look"
	"antin/signer/pdffile"
	"antin/signer/render"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// tileSize is the side of a tile in pixels: a small page is one tile, and a
// window is covered by a few.
const tileSize = 1024

// currentEdge is the width of the frame around the current page.
const currentEdge = 3.0

// desk is a window on the strip of pages. It holds objects only for pages that
// are seen, puts the pieces that have been drawn on them, and tells which are
// wanted. What to do about the person's actions is for its owner.
type desk struct {
	widget.BaseWidget
	strip  strip
	pieces *cache // of the pages at their present size
	behind func(page int) *render.Picture
	most   func(page int) float64 // the largest resolution, dpi

	// What else is on a page; each may be nil.
	overlay func(page int) fyne.CanvasObject
	marks   func(page int) []mark
	failure func(page int) string
	label   func(page int) string // below the page
	current func() int            // page with a frame, -1 for none

	// What the person does. Positions are in the widget.
	scrolled func(dx, dy float64)
	turned   func(e *fyne.ScrollEvent) bool // the wheel, before it scrolls; true: it was for something else
	tapped   func(page int, mmX, mmY float64)
	typed    func(e *fyne.KeyEvent)
	letter   func(r rune)
	resized  func()
	dressed  func() // in other colours or sizes; may be nil

	sheets       map[int]*sheet
	ground, ring *canvas.Rectangle
	upright, lie *scrollbar
	objects      []fyne.CanvasObject
	focused      bool
}

// mark is a found text on a page, in mm.
type mark struct {
	pdffile.Box
	chosen bool
}

// sheet is what is on the screen of one page.
type sheet struct {
	paper  *canvas.Rectangle
	behind *canvas.Image // a small picture of the page until the real one is there
	tiles  map[image.Point]*canvas.Image
	dpi    float64 // of the tiles
	marks  []*canvas.Rectangle
	note   *widget.Label
	over   fyne.CanvasObject
	label  *canvas.Text
}

func newDesk(gap float64, pieces *cache) *desk {
	d := &desk{
		strip: strip{gap: gap, scale: 1}, pieces: pieces, sheets: map[int]*sheet{},
		ground: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil),
	}
	d.strip.fill(nil)
	d.upright = newScrollbar(true, func(y float64) { d.scrolled(0, y-d.strip.y) })
	d.lie = newScrollbar(false, func(x float64) { d.scrolled(x-d.strip.x, 0) })
	d.ExtendBaseWidget(d)
	return d
}

// density is how many pixels of the screen a unit has.
func (d *desk) density() float64 {
	if c := fyne.CurrentApp().Driver().CanvasForObject(d); c != nil && c.Scale() > 0 {
		return float64(c.Scale())
	}
	return 1
}

// dpi is the resolution at which a page is drawn, and how many of its pixels a
// unit has.
func (d *desk) dpi(page int) (dpi, perUnit float64) {
	dpi = min(d.strip.scale*d.density()*25.4, d.most(page))
	return dpi, dpi / 25.4 / d.strip.scale
}

// grid is the number of tiles that a page has at dpi. A last tile of one pixel is
// not made: the one before it is larger.
func (d *desk) grid(page int, dpi float64) (columns, rows int) {
	p := d.strip.sizes[page]
	count := func(mm float64) int { return max(1, int(math.Ceil((mm*dpi/25.4-1)/tileSize))) }
	return count(p.W), count(p.H)
}

// area is the part of the page's picture that a tile shows.
func (d *desk) area(k key) image.Rectangle {
	columns, rows := d.grid(k.page, k.dpi)
	r := image.Rect(0, 0, tileSize, tileSize).Add(k.tile.Mul(tileSize))
	if k.tile.X == columns-1 {
		r.Max.X += tileSize
	}
	if k.tile.Y == rows-1 {
		r.Max.Y += tileSize
	}
	return r
}

// tiles calls do for the tiles of a page of which something is in the window, or
// within beyond above or below it.
func (d *desk) tiles(page int, beyond float64, do func(k key)) {
	dpi, perUnit := d.dpi(page)
	columns, rows := d.grid(page, dpi)
	left, top, _, _ := d.strip.rect(page)
	side := tileSize / perUnit
	span := func(from, to float64, n int) (first, last int) {
		first, last = int(math.Floor(from/side)), int(math.Floor(to/side))
		return min(max(first, 0), n-1), min(max(last, -1), n-1)
	}
	x0, x1 := span(-left, d.strip.w-left, columns)
	y0, y1 := span(-beyond-top, d.strip.h+beyond-top, rows)
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			do(key{page, dpi, image.Pt(x, y)})
		}
	}
}

// wanted are the tiles that are seen and not there yet, and after them those
// half a window above and below, as far as the cache has room for them.
func (d *desk) wanted() []key {
	var out []key
	if len(d.strip.sizes) == 0 || d.strip.w < 1 || d.strip.h < 1 {
		return nil
	}
	const tileBytes = 4 * tileSize * tileSize
	counted := map[key]bool{}
	for _, beyond := range []float64{0, d.strip.h / 2} {
		first, last := d.strip.seen(beyond)
		for page := first; page <= last; page++ {
			if d.failure(page) != "" {
				continue
			}
			d.tiles(page, beyond, func(k key) {
				if counted[k] || beyond > 0 && (len(counted)+1)*tileBytes > d.pieces.most {
					return
				}
				counted[k] = true
				if !d.pieces.has(k) {
					out = append(out, k)
				}
			})
		}
		d.pieces.most = max(d.pieces.most, len(counted)*tileBytes) // else a huge screen would never be full
	}
	return out
}

// arrange brings the screen up to date.
func (d *desk) arrange() {
	d.objects = append(d.objects[:0], d.ground)
	first, last := 0, -1
	if len(d.strip.sizes) > 0 {
		first, last = d.strip.seen(0)
	}
	for page, s := range d.sheets {
		if page < first || page > last {
			s.release()
			delete(d.sheets, page)
		}
	}
	for page := first; page <= last; page++ {
		s := d.sheets[page]
		if s == nil {
			s = d.newSheet(page)
			d.sheets[page] = s
		}
		d.lay(page, s)
	}
	d.upright.set(d.strip.height(), d.strip.h, d.strip.y)
	d.lie.set(d.strip.width(), d.strip.w, d.strip.x)
	d.ring.Hidden = !d.focused
	d.objects = append(d.objects, d.upright, d.lie, d.ring)
	canvas.Refresh(d.ground) // has the window painted; refreshing the desk would upload every tile again
}

func (d *desk) newSheet(page int) *sheet {
	s := &sheet{paper: canvas.NewRectangle(nil), tiles: map[image.Point]*canvas.Image{}}
	d.colour(s)
	if d.overlay != nil {
		s.over = d.overlay(page)
	}
	return s
}

// release gives back what the graphics driver holds of a picture.
func release(img *canvas.Image) {
	if img == nil {
		return
	}
	img.Image = nil
	img.Hide()
	img.Refresh()
}

func (s *sheet) release() {
	release(s.behind)
	for _, img := range s.tiles {
		release(img)
	}
}

func picture(p *render.Picture) *canvas.Image {
	img := canvas.NewImageFromImage(p.RGBA)
	img.ScaleMode = canvas.ImageScaleFastest // any other is rescaled by the processor, a fifth of a second a page
	return img
}

// lay puts a page and all that is on it to its place.
func (d *desk) lay(page int, s *sheet) {
	density := d.density()
	round := func(v float64) float64 { return math.Round(v*density) / density } // to whole pixels
	left, top, w, h := d.strip.rect(page)
	left, top = round(left), round(top)
	put := func(o fyne.CanvasObject, x, y, w, h float64) {
		o.Resize(fyne.NewSize(float32(w), float32(h)))
		o.Move(fyne.NewPos(float32(x), float32(y)))
		d.objects = append(d.objects, o)
	}
	edge := 1.0
	if d.current != nil && d.current() == page {
		edge = currentEdge
	}
	s.paper.StrokeWidth = float32(edge)
	put(s.paper, left-edge, top-edge, w+2*edge, h+2*edge)

	dpi, perUnit := d.dpi(page)
	if s.dpi != dpi {
		for at, img := range s.tiles {
			release(img)
			delete(s.tiles, at)
		}
		s.dpi = dpi
	}
	missing := false
	seen := map[image.Point]bool{}
	var ready []key
	d.tiles(page, 0, func(k key) {
		seen[k.tile] = true
		if s.tiles[k.tile] == nil {
			p := d.pieces.get(k)
			if p == nil {
				missing = true
				return
			}
			s.tiles[k.tile] = picture(p)
		}
		ready = append(ready, k)
	})
	for at, img := range s.tiles {
		if !seen[at] {
			release(img)
			delete(s.tiles, at)
		}
	}
	if s.behind == nil && missing && d.behind != nil {
		if p := d.behind(page); p != nil {
			s.behind = picture(p)
		}
	}
	switch {
	case s.behind != nil && missing:
		put(s.behind, left, top, w, h)
	case s.behind != nil:
		release(s.behind)
		s.behind = nil
	}
	for _, k := range ready {
		img := s.tiles[k.tile]
		b := img.Image.Bounds()
		x, y := float64(k.tile.X*tileSize), float64(k.tile.Y*tileSize)
		x0, y0 := round(x/perUnit), round(y/perUnit)
		put(img, left+x0, top+y0, round((x+float64(b.Dx()))/perUnit)-x0, round((y+float64(b.Dy()))/perUnit)-y0)
	}
	d.layMarks(page, s, left, top, put)
	d.layNote(page, s, left, top, w, h, put)
	if s.over != nil {
		put(s.over, left, top, w, h)
	}
}

func (d *desk) layMarks(page int, s *sheet, left, top float64, put func(o fyne.CanvasObject, x, y, w, h float64)) {
	var all []mark
	if d.marks != nil {
		all = d.marks(page)
	}
	for len(s.marks) < len(all) {
		s.marks = append(s.marks, canvas.NewRectangle(nil))
	}
	s.marks = s.marks[:len(all)]
	for i, m := range all {
		r := s.marks[i]
		r.FillColor, r.StrokeColor, r.StrokeWidth = colourMark, colourMarkEdge, 1
		if m.chosen {
			r.FillColor, r.StrokeWidth = colourChosen, 2
		}
		k := d.strip.scale
		put(r, left+m.X*k-1, top+m.Y*k-1, m.W*k+2, m.H*k+2)
	}
}

func (d *desk) layNote(page int, s *sheet, left, top, w, h float64, put func(o fyne.CanvasObject, x, y, w, h float64)) {
	if text := d.failure(page); text != "" && w > 100 {
		if s.note == nil {
			s.note = widget.NewLabel(text)
			s.note.Wrapping = fyne.TextWrapWord
			s.note.Alignment = fyne.TextAlignCenter
		}
		put(s.note, left, max(top+h/3, 0), w, max(40, h/3))
	}
	if d.label != nil {
		if s.label == nil {
			s.label = canvas.NewText(d.label(page), nil)
			s.label.Alignment = fyne.TextAlignCenter
			d.colour(s)
		}
		put(s.label, left, top+h, w, d.strip.gap)
	}
}

// overlayAgain asks for the overlays anew.
func (d *desk) overlayAgain() {
	for page, s := range d.sheets {
		s.over = nil
		if d.overlay != nil {
			s.over = d.overlay(page)
		}
	}
	d.arrange()
}

// again throws away what is on the pages, so that it is made in the colours of
// another theme.
func (d *desk) again() {
	for page, s := range d.sheets {
		s.release()
		delete(d.sheets, page)
	}
	d.arrange()
}

func (d *desk) colour(s *sheet) {
	variant := fyne.CurrentApp().Settings().ThemeVariant()
	s.paper.FillColor = colourPaper
	s.paper.StrokeColor = d.Theme().Color(theme.ColorNameInputBorder, variant)
	if d.current != nil {
		s.paper.StrokeColor = d.Theme().Color(theme.ColorNamePrimary, variant)
	}
	if s.label != nil {
		s.label.Color = d.Theme().Color(theme.ColorNameForeground, variant)
		s.label.TextSize = d.Theme().Size(theme.SizeNameCaptionText)
	}
}

// Scrolled implements fyne.Scrollable.
func (d *desk) Scrolled(e *fyne.ScrollEvent) {
	if d.turned != nil && d.turned(e) {
		return
	}
	const faster = 3 // Fyne's steps are for lists
	d.scrolled(-faster*float64(e.Scrolled.DX), -faster*float64(e.Scrolled.DY))
}

// Dragged pushes the pages.
func (d *desk) Dragged(e *fyne.DragEvent) {
	d.scrolled(-float64(e.Dragged.DX), -float64(e.Dragged.DY))
}

// DragEnd implements fyne.Draggable.
func (d *desk) DragEnd() {}

// Tapped implements fyne.Tappable.
func (d *desk) Tapped(e *fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(d); c != nil {
		c.Focus(d)
	}
	if len(d.strip.sizes) == 0 {
		return
	}
	page, x, y := d.strip.point(float64(e.Position.X), float64(e.Position.Y))
	if p := d.strip.sizes[page]; x >= 0 && y >= 0 && x <= p.W && y <= p.H {
		d.tapped(page, x, y)
	}
}

// FocusGained implements fyne.Focusable.
func (d *desk) FocusGained() { d.focused = true; d.arrange() }

// FocusLost implements fyne.Focusable.
func (d *desk) FocusLost() { d.focused = false; d.arrange() }

// TypedKey implements fyne.Focusable.
func (d *desk) TypedKey(e *fyne.KeyEvent) { d.typed(e) }

// TypedRune implements fyne.Focusable.
func (d *desk) TypedRune(r rune) { d.letter(r) }

// Cursor implements desktop.Cursorable.
func (d *desk) Cursor() desktop.Cursor { return desktop.DefaultCursor }

// MinSize implements fyne.CanvasObject.
func (d *desk) MinSize() fyne.Size { return fyne.NewSize(100, 100) }

// CreateRenderer implements fyne.Widget.
func (d *desk) CreateRenderer() fyne.WidgetRenderer {
	r := &deskRenderer{d}
	r.colour()
	return r
}

type deskRenderer struct{ d *desk }

// IsClip tells the painter that nothing is seen outside.
func (r *deskRenderer) IsClip() {}

func (r *deskRenderer) Objects() []fyne.CanvasObject { return r.d.objects }
func (r *deskRenderer) MinSize() fyne.Size           { return r.d.MinSize() }
func (r *deskRenderer) Destroy()                     {}

func (r *deskRenderer) Layout(size fyne.Size) {
	d := r.d
	d.ground.Resize(size)
	d.ring.Resize(size)
	bar := d.upright.MinSize().Width
	d.upright.Move(fyne.NewPos(size.Width-bar, 0))
	d.upright.Resize(fyne.NewSize(bar, size.Height))
	d.lie.Move(fyne.NewPos(0, size.Height-bar))
	d.lie.Resize(fyne.NewSize(size.Width-bar, bar))
	d.strip.w, d.strip.h = max(1, float64(size.Width-bar)), float64(size.Height)
	d.resized()
}

func (r *deskRenderer) Refresh() {
	r.colour()
	r.d.again()
	if r.d.dressed != nil {
		r.d.dressed()
	}
}

func (r *deskRenderer) colour() {
	d, variant := r.d, fyne.CurrentApp().Settings().ThemeVariant()
	d.ground.FillColor = d.Theme().Color(look.ColorNameDesk, variant)
	d.ring.FillColor = nil
	d.ring.StrokeColor = d.Theme().Color(theme.ColorNameForeground, variant)
	d.ring.StrokeWidth = 2
}
