package help

import (
	"bytes"
	"context"
	"image"
	"image/png"

	"antin/app/gui/frame"
	"antin/assets"

	"fyne.io/fyne/v2/canvas"
	"golang.org/x/image/draw"
)

// pictureHeight is that of a picture on a page, in units.
const pictureHeight = 330

// shown is a picture of the program's, about as high as said; nil when there is no
// such. It is read and made smaller beside the user interface: the toolkit would do
// that while it paints.
func shown(f *frame.Frame, name string, height float32) *canvas.Image {
	data, ok := assets.Picture(name)
	if !ok {
		return nil
	}
	p := canvas.NewImageFromImage(image.NewRGBA(image.Rect(0, 0, 1, 1)))
	p.FillMode, p.ScaleMode = canvas.ImageFillContain, canvas.ImageScaleFastest
	pixels := height
	if f.Window != nil {
		pixels *= f.Window.Canvas().Scale()
	}
	var small *image.RGBA
	f.Run(func(context.Context) error {
		full, err := png.Decode(bytes.NewReader(data))
		if err == nil {
			small = image.NewRGBA(fitted(full.Bounds(), pixels))
			draw.CatmullRom.Scale(small, small.Bounds(), full, full.Bounds(), draw.Src, nil)
		}
		return err
	}, func(err error) {
		if err == nil {
			p.Image = small
			p.Refresh()
		}
	})
	return p
}

// fitted are bounds of the same shape that are so many pixels high, not more than
// there are.
func fitted(full image.Rectangle, high float32) image.Rectangle {
	h := min(int(high+0.5), full.Dy())
	return image.Rect(0, 0, max(1, full.Dx()*h/full.Dy()), h)
}
