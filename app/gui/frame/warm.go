package frame

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

// Warm goes below a window's content: it is painted with the first frame and never
// seen. Without a graphics card the driver compiles its program anew for every kind
// of texture when the window's first one is painted, which takes the user interface's
// thread some tens of milliseconds; kinds are whether width and height are powers of
// two. So the window has them all before anybody can press something.
func Warm() fyne.CanvasObject {
	all := container.NewWithoutLayout()
	for _, size := range []image.Point{{1, 1}, {1, 3}, {3, 1}, {3, 3}} {
		img := canvas.NewImageFromImage(image.NewRGBA(image.Rectangle{Max: size}))
		img.ScaleMode = canvas.ImageScaleFastest // any other is made anew in the right size
		img.Resize(fyne.NewSize(4, 4))
		all.Add(img)
	}
	return all
}
