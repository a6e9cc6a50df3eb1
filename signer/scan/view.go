package scan

import (
	"image"
	"math"
	"math/bits"
	"slices"
	"sync"

	"antin/signer/scan/coarse"
)

// viewDPI is the resolution at which a page is looked at: letters of 13 pt have
// six dots of height, and a page takes some twenty milliseconds to draw.
const viewDPI = 72

// view is what can be seen of a page: its ink without the paper, its colour.
type view struct {
	w, h   int
	mm     float64 // of a dot
	ink    grid
	lines  lines   // unless blank
	cells  grid    // the ink in finer cells, with the skew turned back; unless blank
	marks  *marks  // of cells; unless blank
	amount float64 // of ink of a dot, on the average of the page without its edges

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

// dots is a page as it is seen, row by row.
type dots struct {
	w, h         int
	luma, chroma []uint8 // brightness; difference between red, green and blue
}

// white is an empty page.
func (d *dots) white(w, h int) {
	d.w, d.h = w, h
	d.luma, d.chroma = slices.Grow(d.luma[:0], w*h)[:w*h], slices.Grow(d.chroma[:0], w*h)[:w*h]
	for n := copy(d.luma, "\xff"); n > 0 && n < len(d.luma); n *= 2 {
		copy(d.luma[n:], d.luma[:n])
	}
	clear(d.chroma)
}

// drawn is a page that has been drawn.
func (d *dots) drawn(img *image.RGBA) {
	d.white(img.Bounds().Dx(), img.Bounds().Dy())
	for y := range d.h {
		row := img.Pix[y*img.Stride : y*img.Stride+4*d.w]
		luma, chroma := d.row(y)
		for x := range luma {
			luma[x], chroma[x] = toneRGB(row[4*x], row[4*x+1], row[4*x+2])
		}
	}
}

func (d *dots) row(y int) (luma, chroma []uint8) {
	return d.luma[y*d.w:][:d.w], d.chroma[y*d.w:][:d.w]
}

func toneRGB(r, g, b uint8) (luma, chroma uint8) {
	return uint8((299*int(r) + 587*int(g) + 114*int(b)) / 1000), max(r, g, b) - min(r, g, b)
}

// sight is what a page is seen with. Its memory serves for one page after the
// other.
type sight struct {
	dots
	jpeg   coarse.Decoder
	points []point
}

var sights = sync.Pool{New: func() any { return new(sight) }}

// view looks at a page that is w mm wide.
func (s *sight) view(w float64) *view {
	v := &view{w: s.w, h: s.h, mm: w / float64(s.w)}
	v.chroma = largest(histogram(s.chroma), len(s.chroma)/5000) // a dot in five thousand is 1 mm² in an A4 page's ink
	luma := histogram(s.luma)
	s.points = v.points(s.points[:0], s.luma, paperLevel(luma, len(s.luma)))
	v.ink = v.gridOf(s.points, cellMM, 0)
	if !v.blank() {
		v.lines = linesOf(s.points)
		v.cells = v.gridOf(s.points, sameCell, v.lines.skew)
		v.marks = v.cells.marks()
	}
	return v
}

// histogram counts values. Neighbours go to different tables: the paper is the
// same value over and over, and each count would wait for the one before.
func histogram(values []uint8) *[256]int {
	var part [4][256]uint32
	rest := values
	for ; len(rest) >= 4; rest = rest[4:] {
		part[0][rest[0]]++
		part[1][rest[1]]++
		part[2][rest[2]]++
		part[3][rest[3]]++
	}
	for _, v := range rest {
		part[0][v]++
	}
	out := new([256]int)
	for i := range out {
		out[i] = int(part[0][i] + part[1][i] + part[2][i] + part[3][i])
	}
	return out
}

// largest is the highest value that more than stray dots reach.
func largest(histogram *[256]int, stray int) int {
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
func paperLevel(histogram *[256]int, all int) int {
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

// point is a dot of ink, in whole dots from the middle of the page.
type point struct{ x, y, ink float32 } // ink from 0, paper, to 1, black

// points adds the dots of ink, row by row, without those at the edges of the page.
// They are noted in amount.
func (v *view) points(out []point, luma []uint8, paper int) []point {
	var ink [256]float32
	lightest := -1
	for l := range ink {
		if d := float64(paper-l) / math.Max(1, float64(paper)); d > darkFrom {
			ink[l], lightest = float32(math.Min(1, d)), l
		}
	}
	edge := int(edgeMM / v.mm)
	sum := 0.0
	for y := edge; y < v.h-edge; y++ {
		row := luma[y*v.w:][:max(0, v.w-edge)]
		for x := edge; x < len(row); x += 8 {
			// Most of a page is paper, which is passed over like this.
			for m := upTo(eight(row[x:], 255), lightest); m != 0; m &= m - 1 {
				x := x + bits.TrailingZeros64(m)/8
				d := ink[row[x]]
				out = append(out, point{float32(x - v.w/2), float32(y - v.h/2), d})
				sum += float64(d)
			}
		}
	}
	v.amount = sum / math.Max(1, float64((v.w-2*edge)*(v.h-2*edge)))
	return out
}

// gridOf counts the ink in cells of about cell mm, turned back by skew degrees
// around the middle of the page.
func (v *view) gridOf(points []point, cell, skew float64) grid {
	g := grid{
		cols: max(1, int(math.Round(float64(v.w)*v.mm/cell))),
		rows: max(1, int(math.Round(float64(v.h)*v.mm/cell))),
	}
	g.mmX, g.mmY = float64(v.w)*v.mm/float64(g.cols), float64(v.h)*v.mm/float64(g.rows)
	sums := make([]float32, g.cols*g.rows)
	sin, cos := math.Sincos(-skew * math.Pi / 180)
	kx, ky := float64(g.cols)/float64(v.w), float64(g.rows)/float64(v.h)
	// What a step to the right and one downwards is in cells.
	xx, xy, x0 := float32(cos*kx), float32(-sin*kx), float32(float64(v.w/2)*kx)
	yx, yy, y0 := float32(sin*ky), float32(cos*ky), float32(float64(v.h/2)*ky)
	for _, p := range points {
		c, r := int(x0+p.x*xx+p.y*xy), int(y0+p.x*yx+p.y*yy)
		if c >= 0 && r >= 0 && c < g.cols && r < g.rows {
			sums[r*g.cols+c] += p.ink
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
