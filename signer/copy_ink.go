package signer

import (
	"context"
	"image"
	"slices"

	"antin/signer/pdffile"
	"antin/signer/scan"
)

// inkDPI is the resolution at which a page is looked at for free places: a
// millimetre is four pixels, and the thinnest line of type is still one grey one.
const inkDPI = 100

// darkParts returns what is not blank paper on the upper half of page n: the
// block of a copy stands in the upper third.
func darkParts(ctx context.Context, r scan.Drawer, n int) ([]pdffile.Box, error) {
	p, err := r.Page(ctx, n, inkDPI)
	if err != nil {
		return nil, err
	}
	return inkOn(p.RGBA, 25.4/inkDPI), nil
}

// Differences from the paper, of 255, that make ink: one dot that is plainly dark
// or coloured in a square millimetre, or all of it on the whole. The grain of a
// scanner and the dots of few colours stay below.
const (
	plainInk  = 90
	faintInk  = 12
	paperSpan = 60 // around the most usual brightness: what is paper
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

// paperOf is the brightness of the paper by channel: the mean of what lies around
// the median, so that neither print nor a dark edge of the scanner counts.
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
		median, left := 255, h*p.Rect.Dx()/2
		for ; median > 0 && left > count[c][median]; median-- {
			left -= count[c][median]
		}
		n, sum := 0, 0
		for v := max(0, median-paperSpan); v <= min(255, median+paperSpan); v++ {
			n, sum = n+count[c][v], sum+v*count[c][v]
		}
		paper[c] = sum / max(1, n)
	}
	return paper
}

// inked tells whether a cell of the page is not blank.
func inked(p *image.RGBA, cell image.Rectangle, paper [3]int) bool {
	var sum [3]int
	for y := cell.Min.Y; y < cell.Max.Y; y++ {
		row := p.Pix[y*p.Stride:]
		for x := cell.Min.X; x < cell.Max.X; x++ {
			for c := range 3 {
				v := int(row[4*x+c])
				if paper[c]-v >= plainInk {
					return true
				}
				sum[c] += v
			}
		}
	}
	n := cell.Dx() * cell.Dy()
	return slices.ContainsFunc([]int{0, 1, 2}, func(c int) bool { return paper[c]-sum[c]/n >= faintInk })
}
