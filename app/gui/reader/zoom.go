package reader

import (
	"math"

	"antin/app/gui/truesize"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Bounds of the zoom, 1 being true size.
const (
	leastZoom = 0.1
	mostZoom  = 8
	keyStep   = 1.25
	wheelStep = 1.1
)

// trueScale is how many units a real millimetre has on the screen.
func (r *Reader) trueScale() float64 { return truesize.UnitsPerMM(r.frame, r.main.density()) }

// Zoom is the size on the screen; 1 is true size: a millimetre of the page is one
// of the screen.
func (r *Reader) Zoom() float64 { return r.main.strip.scale / r.trueScale() }

// SetZoom sets the size on the screen, from 0.1 to 8, and keeps the middle.
func (r *Reader) SetZoom(zoom float64) {
	r.fit = fitNone
	r.zoomAround(zoom, r.main.strip.w/2, r.main.strip.h/2)
}

func (r *Reader) zoomAround(zoom, x, y float64) {
	zoom = math.Max(leastZoom, math.Min(zoom, mostZoom))
	r.main.strip.zoom(zoom*r.trueScale(), x, y)
	r.followPage()
	r.bar.update()
	r.update()
}

// ZoomIn makes pages larger by a quarter, ZoomOut smaller.
func (r *Reader) ZoomIn() { r.SetZoom(r.Zoom() * keyStep) }

// ZoomOut makes pages smaller.
func (r *Reader) ZoomOut() { r.SetZoom(r.Zoom() / keyStep) }

// TrueSize shows a millimetre of the page as one of the screen.
func (r *Reader) TrueSize() { r.SetZoom(1) }

// calibrate asks how large true size is on this screen, and then shows it.
func (r *Reader) calibrate() { truesize.Ask(r.frame, r.TrueSize) }

// FitWidth makes the current page as wide as the window, and keeps it so.
func (r *Reader) FitWidth() { r.follow(fitWidth) }

// FitPage shows the whole current page, and keeps it so.
func (r *Reader) FitPage() {
	r.follow(fitPage)
	r.GoTo(r.Page())
}

func (r *Reader) follow(f fit) {
	r.fit = f
	r.refit()
	r.bar.update()
	r.update()
}

// refit sets the zoom after the window or the document changed.
func (r *Reader) refit() {
	s := &r.main.strip
	if r.doc.Pages == 0 || s.w <= 2*s.gap || s.h <= 2*s.gap {
		return
	}
	if r.fit == fitNone {
		s.clamp()
		return
	}
	scale := s.fitted(r.page, r.fit == fitPage)
	whole := r.trueScale()
	scale = math.Max(leastZoom*whole, math.Min(scale, mostZoom*whole))
	// The top stays: a page that was shown from its beginning still is.
	s.zoom(scale, s.w/2, s.gap)
	r.bar.update()
}

// fitThumbnails makes the widest page as wide as their column, with room between
// them for the number of each at this size of text.
func (r *Reader) fitThumbnails() {
	s := &r.small.strip
	number := fyne.MeasureText("M", theme.CaptionTextSize(), fyne.TextStyle{}).Height
	s.gap = math.Max(leastGap, 1.15*float64(number)+2*currentEdge)
	if len(s.sizes) == 0 || s.w <= 2*s.gap {
		return
	}
	s.scale = (s.w - 2*s.gap) / s.widest
	p := s.sizes[r.page]
	s.show(r.page, 0, 0, p.W, p.H)
	r.small.arrange()
}

// turned zooms with the wheel while Ctrl is held.
func (r *Reader) turned(e *fyne.ScrollEvent) bool {
	if r.modifiers()&fyne.KeyModifierShortcutDefault == 0 {
		return false
	}
	zoom := r.Zoom() * wheelStep
	if e.Scrolled.DY < 0 {
		zoom = r.Zoom() / wheelStep
	}
	r.fit = fitNone
	r.zoomAround(zoom, float64(e.Position.X), float64(e.Position.Y))
	return true
}
