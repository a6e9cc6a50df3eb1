package place

import (
	"image"
	"math"

	"antin/app/gui/place/boxes"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// print is a look on a page as the file will show it.
type print struct {
	picture *canvas.Image
	drawn   drawing
}

// drawing is what a picture was made for.
type drawing struct{ x, y, w, h, scale float64 }

func newPrint() print { return print{picture: &canvas.Image{ScaleMode: canvas.ImageScaleFastest}} }

// draw makes the picture for the pixels that the box covers and returns its place
// on the page, in units. The pixels' grid is that of the page's picture, so that
// both fit together.
func (p *print) draw(l *layer, b boxes.Box, look Look) fyne.Position {
	density := 1.0
	if c := fyne.CurrentApp().Driver().CanvasForObject(l); c != nil && c.Scale() > 0 {
		density = float64(c.Scale())
	}
	scale := l.perMM() * density // pixels per mm
	px, py := math.Floor(b.X*scale), math.Floor(b.Y*scale)
	d := drawing{b.X*scale - px, b.Y*scale - py, b.W, b.H, scale}
	w, h := int(math.Ceil(d.x+b.W*scale)), int(math.Ceil(d.y+b.H*scale))
	if d != p.drawn && w > 0 && h > 0 {
		m := image.NewRGBA(image.Rect(0, 0, w, h))
		if err := look(b.W, b.H).Draw(m, d.x, d.y, scale); err != nil {
			m = image.NewRGBA(m.Rect) // the frame alone: signing tells what is wrong with the picture
		}
		p.picture.Image, p.drawn = m, d
		p.picture.Refresh()
	}
	p.picture.Resize(fyne.NewSize(float32(float64(w)/density), float32(float64(h)/density)))
	return fyne.NewPos(float32(px/density), float32(py/density))
}

// still is a look that stands on a page and is not moved: text in its slot.
type still struct {
	boxes.Box
	look Look
}

// Lay puts a look into a box where it stays: what the program writes at places
// that are not the person's to choose.
func (e *Editor) Lay(x boxes.Box, look Look) {
	e.stills = append(e.stills, still{x, look})
	for _, l := range e.layers {
		l.Refresh()
	}
}
