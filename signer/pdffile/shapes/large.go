package shapes

import (
	"fmt"
	"io"
	"math/rand/v2"
)

// largeShapes are long in pages, not in bytes; for bytes see Big.
func largeShapes() []Shape {
	return []Shape{
		{Name: "pages-3000", Pages: 3000, build: file(func() []byte {
			d := NewDocument("1.7", 3000)
			d.Fan = 25
			return d.Finish().Table()
		})},
		{Name: "pages-3000-flat-object-streams", Pages: 3000, build: file(func() []byte {
			return NewDocument("1.7", 3000).Finish().ObjectStreams()
		})},
	}
}

// Page images of Big: raw RGB noise of about 1 MB.
const (
	bigWidth, bigHeight = 700, 500
	bigImage            = bigWidth * bigHeight * 3
)

// BigPages is the number of pages of a file of Big.
func BigPages(size int64) int { return max(1, int((size+bigImage/2)/bigImage)) }

// Big writes a scan-like file of about size bytes (within 1 %, at least 1 MB):
// each page shows one image of incompressible noise. It needs a few MB of
// memory whatever the size, and the same size gives the same bytes.
func Big(w io.Writer, size int64) error {
	// All images are windows into the same noise, so that only the table of
	// objects grows with the file.
	noise := make([]byte, 3*bigImage)
	rng := rand.NewChaCha8([32]byte{1})
	rng.Read(noise) // never fails
	pages := BigPages(size)
	d := NewDocument("1.7", 0)
	d.Fan = 50
	for i := range pages {
		at := i * 7919 % (2 * bigImage)
		image := d.AddStream(noise[at:at+bigImage],
			"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8", bigWidth, bigHeight)
		p := d.AddPage(A4)
		p.Keys = fmt.Sprintf("/Resources<</XObject<</Im %v>>>>", image)
		p.Contents = d.AddStream(fmt.Appendf(nil, "q %g 0 0 %g 0 0 cm /Im Do Q", a4W, a4H), "").String()
	}
	return d.Finish().WriteTable(w)
}
