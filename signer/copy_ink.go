package signer

import (
	"context"
	"image"

	"antin/signer/pdffile"
	"antin/signer/render"
)

// inkDPI is the resolution at which a page is looked at for free places: a
// millimetre is four pixels, and the thinnest line of type is still one grey one.
const inkDPI = 100

// darkParts returns what is not blank paper on the upper half of page n: the
// block of a copy stands in the upper third.
func darkParts(ctx context.Context, r *render.Renderer, n int) ([]pdffile.Box, error) {
	p, err := r.Page(ctx, n, inkDPI)
	if err != nil {
		return nil, err
	}
	return inkOn(p.RGBA, 25.4/inkDPI), nil
}

// Differences from the paper's brightness, of 255, that make ink: one pixel that
// is plainly dark or coloured in a square millimetre, or some that are greyish.
// Grain of the scanner and unevenness of the paper stay below.
const (
	plainInk, faintInk = 80, 36
	faintPixels        = 3
)

// inkOn returns the ink of the upper half of a picture as boxes of whole
// millimetres; mm is the size of a pixel.
func inkOn(p *image.RGBA, mm float64) []pdffile.Box {
	w, h := p.Rect.Dx(), p.Rect.Dy()/2
	paper := paperOf(p, h)
	cell := max(1, int(1/mm+0.5))
	size := float64(cell) * mm
	var out []pdffile.Box
	for y := 0; y < h; y += cell {
		start := -1 // of a run of cells with ink
		for x := 0; x < w+cell; x += cell {
			if x < w && inked(p, image.Rect(x, y, min(x+cell, w), min(y+cell, p.Rect.Dy())), paper) {
				if start < 0 {
					start = x
				}
				continue
			}
			if start >= 0 {
				out = append(out, pdffile.Box{X: float64(start) * mm, Y: float64(y) * mm, W: float64(min(x, w)-start) * mm, H: size})
				start = -1
			}
		}
	}
	return out
}

// paperOf is the brightness of the paper by channel: what a tenth of the pixels
// exceed, so that neither print nor a dark edge of the scanner counts.
func paperOf(p *image.RGBA, h int) (paper [3]int) {
	var count [3][256]int
	for y := range h {
		row := p.Pix[y*p.Stride:]
		for x := range p.Rect.Dx() {
			for c := range 3 {
				count[c][row[4*x+c]]++
			}
		}
	}
	for c := range 3 {
		left := h * p.Rect.Dx() / 10
		for v := 255; v >= 0; v-- {
			if left -= count[c][v]; left < 0 {
				paper[c] = v
				break
			}
		}
	}
	return paper
}

// inked tells whether a cell of the page is not blank.
func inked(p *image.RGBA, cell image.Rectangle, paper [3]int) bool {
	faint := 0
	for y := cell.Min.Y; y < cell.Max.Y; y++ {
		row := p.Pix[y*p.Stride:]
		for x := cell.Min.X; x < cell.Max.X; x++ {
			off := 0
			for c := range 3 {
				off = max(off, paper[c]-int(row[4*x+c]))
			}
			if off >= plainInk {
				return true
			}
			if off >= faintInk {
				faint++
			}
		}
	}
	return faint >= faintPixels
}
