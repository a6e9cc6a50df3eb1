package report

import "math"

// ink is a rough picture of an image: a grid of cells about half a millimetre
// wide, each with what colour the ink in it has.
type ink struct {
	cols, rows int
	mm         [2]float64 // width and height of a cell
	cell       []uint8    // sum of colours found in it
}

const (
	redInk uint8 = 1 << iota
	blueInk
	otherInk
)

const (
	cellMM     = 0.5
	maxGrid    = 1200     // cells on a side; larger pictures get larger cells
	maxPixels  = 40 << 20 // of one image
	samples    = 4        // on a side of a cell, at most
	redEnough  = 0.15     // of a cell's samples: lines of a seal are thin
	blueEnough = 0.10
)

// pixels gives colour and opacity (0–255) of an image's samples.
type pixels interface {
	size() (w, h int)
	at(x, y int) (r, g, b, a uint8)
}

// rasterise looks at an image that is drawn w × h mm large.
func rasterise(p pixels, w, h float64) *ink {
	pw, ph := p.size()
	k := &ink{
		cols: int(min(math.Max(1, math.Round(w/cellMM)), maxGrid)),
		rows: int(min(math.Max(1, math.Round(h/cellMM)), maxGrid)),
	}
	k.mm = [2]float64{w / float64(k.cols), h / float64(k.rows)}
	k.cell = make([]uint8, k.cols*k.rows)
	nx, ny := count(pw, k.cols), count(ph, k.rows)
	for row := range k.rows {
		for col := range k.cols {
			var red, blue, other int
			for j := range ny {
				y := (row*ny + j) * ph / (k.rows * ny)
				for i := range nx {
					x := (col*nx + i) * pw / (k.cols * nx)
					switch colour(p.at(x, y)) {
					case redInk:
						red++
					case blueInk:
						blue++
					case otherInk:
						other++
					}
				}
			}
			var v uint8
			all := float64(nx * ny)
			if float64(red) >= redEnough*all {
				v |= redInk
			}
			if float64(blue) >= blueEnough*all {
				v |= blueInk
			}
			if float64(other) >= redEnough*all {
				v |= otherInk
			}
			k.cell[row*k.cols+col] = v
		}
	}
	return k
}

// count is the number of samples on a side of a cell.
func count(px, cells int) int { return min(max(1, px/cells), samples) }

// colour sorts a pixel; 0 is paper.
func colour(r, g, b, a uint8) uint8 {
	if a < 77 {
		return 0
	}
	over := func(v uint8) int { return 255 - (255-int(v))*int(a)/255 } // on white
	R, G, B := over(r), over(g), over(b)
	switch {
	case min(R, G, B) > 205:
		return 0
	case R >= 110 && R-max(G, B) >= 40:
		return redInk
	case B >= 70 && B-R >= 35 && B-G >= 12:
		return blueInk
	}
	return otherInk
}
