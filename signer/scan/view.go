package scan

import (
	"image"
	"math"
)

// viewDPI is the resolution at which a page is looked at: letters of 13 pt have
// six dots of height, and a page takes some twenty milliseconds to draw.
const viewDPI = 72

// view is what can be seen of a page: its ink without the paper, its colour.
type view struct {
	w, h   int
	mm     float64   // of a dot
	dark   []float32 // ink of each dot, 0 paper to 1 black
	ink    grid
	amount float64 // mean of dark over the page without its edges

	chroma int // largest difference between red, green and blue that more than stray dots have
}

// grid is the ink in cells of about cellMM.
type grid struct {
	cols, rows int
	mmX, mmY   float64
	cells      []uint8 // mean ink to 255 where there is more than a trace, else 0
}

const (
	cellMM   = 2.5
	edgeMM   = 4.0  // a scanner's own shadow at the edges of the paper
	trace    = 0.03 // of a cell's ink
	darkFrom = 0.30 // of the way from paper to black: what is ink
)

// viewOf looks at a drawn page that is w × h mm.
func viewOf(img *image.RGBA, w, h float64) *view {
	b := img.Bounds()
	v := &view{w: b.Dx(), h: b.Dy()}
	v.mm = w / float64(v.w)
	luma := make([]uint8, v.w*v.h)
	var histogram [256]int
	var chroma [256]int
	for y := range v.h {
		row := img.Pix[y*img.Stride : y*img.Stride+4*v.w]
		for x := range v.w {
			r, g, bl := int(row[4*x]), int(row[4*x+1]), int(row[4*x+2])
			l := uint8((299*r + 587*g + 114*bl) / 1000)
			luma[y*v.w+x] = l
			histogram[l]++
			chroma[max(r, g, bl)-min(r, g, bl)]++
		}
	}
	v.chroma = largest(chroma[:], v.w*v.h/5000) // a dot in five thousand is 1 mm² in an A4 page's ink
	v.darken(luma, paperLevel(histogram[:], len(luma)))
	v.ink = v.gridOf(cellMM, 0)
	return v
}

// largest is the highest value that more than stray dots reach.
func largest(histogram []int, stray int) int {
	n := 0
	for c := len(histogram) - 1; c > 0; c-- {
		if n += histogram[c]; n > stray {
			return c
		}
	}
	return 0
}

// paperLevel is the brightness of the paper: the most frequent one of the
// brighter half.
func paperLevel(histogram []int, all int) int {
	best, at, n := -1, 255, 0
	for l := 255; l >= 0; l-- {
		near := 0
		for k := max(0, l-2); k <= min(255, l+2); k++ {
			near += histogram[k]
		}
		if near > best {
			best, at = near, l
		}
		if n += histogram[l]; n > all/2 && l < 255 {
			break
		}
	}
	return at
}

func (v *view) darken(luma []uint8, paper int) {
	v.dark = make([]float32, len(luma))
	var ink [256]float32
	for l := range ink {
		if d := float64(paper-l) / math.Max(1, float64(paper)); d > darkFrom {
			ink[l] = float32(math.Min(1, d))
		}
	}
	edge := int(edgeMM / v.mm)
	sum := 0.0
	for y := edge; y < v.h-edge; y++ {
		for x := edge; x < v.w-edge; x++ {
			d := ink[luma[y*v.w+x]]
			v.dark[y*v.w+x] = d
			sum += float64(d)
		}
	}
	v.amount = sum / math.Max(1, float64((v.w-2*edge)*(v.h-2*edge)))
}

// gridOf counts the ink in cells of about cell mm, turned back by skew degrees
// around the middle of the page.
func (v *view) gridOf(cell, skew float64) grid {
	g := grid{
		cols: max(1, int(math.Round(float64(v.w)*v.mm/cell))),
		rows: max(1, int(math.Round(float64(v.h)*v.mm/cell))),
	}
	g.mmX, g.mmY = float64(v.w)*v.mm/float64(g.cols), float64(v.h)*v.mm/float64(g.rows)
	sums := make([]float32, g.cols*g.rows)
	sin, cos := math.Sincos(-skew * math.Pi / 180)
	cx, cy := float64(v.w)/2, float64(v.h)/2
	kx, ky := float64(g.cols)/float64(v.w), float64(g.rows)/float64(v.h)
	for y := range v.h {
		for x := range v.w {
			d := v.dark[y*v.w+x]
			if d == 0 {
				continue
			}
			dx, dy := float64(x)-cx, float64(y)-cy
			c, r := int((cx+dx*cos-dy*sin)*kx), int((cy+dx*sin+dy*cos)*ky)
			if c >= 0 && r >= 0 && c < g.cols && r < g.rows {
				sums[r*g.cols+c] += d
			}
		}
	}
	g.cells = make([]uint8, len(sums))
	for i, sum := range sums {
		if mean := float64(sum) * kx * ky; mean >= trace {
			g.cells[i] = uint8(math.Min(1, mean) * 255)
		}
	}
	return g
}

// blankAmount is the mean ink up to which a page is blank: a line of text of a
// third of the page's width has about three times as much.
const blankAmount = 0.00012

func (v *view) blank() bool { return v.amount < blankAmount }
