package setup

import (
	"image/color"

	"antin/app/gui/frame"
	"antin/app/gui/look"
	"antin/assets"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
)

// Sizes in mm of what a layout leaves to the document or to the user, on the small
// page.
const (
	usualHeight = 18 // of a signature
	usualSeal   = 36 // diameter
	fromTheFoot = 75 // of the signature's middle above the edge of the text
)

const (
	pageUnits = 190 // width of the small page
	margin    = 12  // around it
)

// page is a small page that shows margins, signature and seal of a layout.
type page struct {
	object fyne.CanvasObject
	sheet  *fyne.Container
}

func newPage(caption string) *page {
	p := &page{sheet: container.NewWithoutLayout()}
	p.object = frame.Wide(pageUnits+2*margin, container.NewVBox(
		container.New(layout.NewCustomPaddedLayout(margin, margin, margin, margin), container.NewGridWrap(fyne.NewSize(pageUnits, 1.42*pageUnits), p.sheet)),
		dim(caption),
	))
	return p
}

// show draws the page of a layout.
func (p *page) show(of *assets.Profile) {
	w, h := of.Page.Width.Or(210), of.Page.Height.Or(297)
	k := pageUnits / max(w, h/1.42) // whatever its shape
	left, right := of.Page.Left.Or(assets.Range{30, 30})[0], of.Page.Right.Or(assets.Range{15, 15})[0]
	top, bottom := of.Page.Top.Or(assets.Range{20, 20})[0], of.Page.Bottom.Or(assets.Range{20, 20})[0]
	at := func(o fyne.CanvasObject, x, y, w, h float64) {
		o.Move(fyne.NewPos(float32(x*k), float32(y*k)))
		o.Resize(fyne.NewSize(float32(max(0, w)*k), float32(max(0, h)*k)))
	}
	paper := canvas.NewRectangle(color.White)
	paper.StrokeColor, paper.StrokeWidth = theme.Color(theme.ColorNameInputBorder), 1
	at(paper, 0, 0, w, h)
	text := outlined(theme.Color(look.ColorNameGuide))
	at(text, left, top, w-left-right, h-top-bottom)

	signed, high := of.Leader.Width.Or(usualWidth), of.Leader.Height.Or(usualHeight)
	x, y := w-right-(w-left-right)/4-signed/2, h-bottom-fromTheFoot
	signature := outlined(color.NRGBA{B: 0xb0, A: 0xff})
	at(signature, x, y-high/2, signed, high)
	seal := canvas.NewCircle(color.Transparent)
	seal.StrokeColor, seal.StrokeWidth = color.NRGBA{R: 0xc0, A: 0xff}, 1.5
	// NĐ 30/2020, Điều 33: over the left part of the signature.
	at(seal, x+signed*of.Seal.OverlapLeft.Or(1./3)-usualSeal, y-usualSeal/2, usualSeal, usualSeal)
	p.sheet.Objects = []fyne.CanvasObject{paper, text, signature, seal}
	p.sheet.Refresh()
}

func outlined(c color.Color) *canvas.Rectangle {
	r := canvas.NewRectangle(color.Transparent)
	r.StrokeColor, r.StrokeWidth = c, 1
	return r
}
