package help

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"

	"antin/app/gui/frame"
	"antin/assets"

	"fyne.io/fyne/v2/canvas"
	"golang.org/x/image/draw"
)

// pictureHeight is that of a picture on a page, in units.
const pictureHeight = 330

// shown is a picture of the program in the window's language, with a ring round a part
// of it where one is named; nil when there is no such picture. It is read and made
// smaller beside the user interface: the toolkit would do that while it paints.
func shown(f *frame.Frame, name, part string) *canvas.Image {
	language := string(f.Words)
	data, ok := assets.Picture(language, name)
	if !ok {
		return nil
	}
	p := canvas.NewImageFromImage(image.NewRGBA(image.Rect(0, 0, 1, 1)))
	p.FillMode, p.ScaleMode = canvas.ImageFillContain, canvas.ImageScaleFastest
	scale := float32(1)
	if f.Window != nil {
		scale = f.Window.Canvas().Scale()
	}
	var small *image.RGBA
	f.Run(func(context.Context) error {
		full, err := png.Decode(bytes.NewReader(data))
		if err == nil {
			small = image.NewRGBA(fitted(full.Bounds(), pictureHeight*scale))
			draw.CatmullRom.Scale(small, small.Bounds(), full, full.Bounds(), draw.Src, nil)
			if place, ok := assets.PicturePlaces()[language][name][part]; ok {
				ring(small, place, int(scale+0.5))
			}
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

// ring draws a frame round a place of a picture, of lines three units thick with a
// white one on either side, so that it is seen on any ground.
func ring(p *image.RGBA, place assets.Place, scale int) {
	w, h := float64(p.Rect.Dx()), float64(p.Rect.Dy())
	around := image.Rect(int(place.Left*w), int(place.Top*h), int(place.Right*w), int(place.Bottom*h)).Inset(-4 * scale)
	around = around.Intersect(p.Rect)
	for _, line := range []struct {
		inset, thick int
		color        color.Color
	}{{0, 5 * scale, color.White}, {scale, 3 * scale, color.RGBA{0xd0, 0x3c, 0x00, 0xff}}} {
		r := around.Inset(line.inset)
		inner := r.Inset(line.thick)
		for _, side := range []image.Rectangle{
			{r.Min, image.Pt(r.Max.X, inner.Min.Y)},
			{image.Pt(r.Min.X, inner.Max.Y), r.Max},
			{image.Pt(r.Min.X, inner.Min.Y), image.Pt(inner.Min.X, inner.Max.Y)},
			{image.Pt(inner.Max.X, inner.Min.Y), image.Pt(r.Max.X, inner.Max.Y)},
		} {
			draw.Draw(p, side, image.NewUniform(line.color), image.Point{}, draw.Src)
		}
	}
}

// fitted are bounds of the same shape that are so many pixels high, not more than
// there are.
func fitted(full image.Rectangle, high float32) image.Rectangle {
	h := min(int(high+0.5), full.Dy())
	return image.Rect(0, 0, max(1, full.Dx()*h/full.Dy()), h)
}
