package report

import (
	"math"
	"slices"
)

// blob is a coloured part of an image, in mm from the image's top left corner.
type blob struct {
	kind       Kind
	x, y, w, h float64
}

// Sizes in mm. Seals of Vietnamese offices measure 34–42 mm; pictures of them
// are placed smaller and larger. Nothing below the first size is looked at.
const (
	minPicture = 12.0
	minSeal    = 18.0
	maxSeal    = 65.0
	coarseMM   = 2.0 // gap over which parts belong together
)

// seals finds round red rings: the outer ring is drawn nearly all round, and
// nothing of the same piece stands outside it.
func (k *ink) seals() []blob {
	var out []blob
	for _, p := range k.pieces(redInk) {
		x0, y0, x1, y1 := k.around(p)
		w, h := x1-x0, y1-y0
		if w < minSeal || h < minSeal || w > maxSeal || h > maxSeal || w/h < 0.75 || w/h > 1.33 {
			continue
		}
		cx, cy, rx, ry := (x0+x1)/2, (y0+y1)/2, w/2, h/2
		const sectors = 48
		var ring [sectors]bool
		outside := 0
		for _, i := range p {
			// In units of the ellipse: 1 is the outer ring.
			dx := ((float64(i%k.cols)+0.5)*k.mm[0] - cx) / rx
			dy := ((float64(i/k.cols)+0.5)*k.mm[1] - cy) / ry
			switch r := math.Hypot(dx, dy); {
			case r > 1.12:
				outside++
			case r >= 0.8:
				ring[int((math.Atan2(dy, dx)/(2*math.Pi)+0.5)*sectors)%sectors] = true
			}
		}
		covered := 0
		for _, b := range ring {
			if b {
				covered++
			}
		}
		if covered*100 >= sectors*72 && outside*25 <= len(p) {
			out = append(out, blob{Seal, x0, y0, w, h})
		}
	}
	return outermost(out)
}

// outermost drops the inner rings of a seal.
func outermost(all []blob) []blob {
	return slices.DeleteFunc(slices.Clone(all), func(b blob) bool {
		return slices.ContainsFunc(all, func(o blob) bool {
			return o != b && o.x <= b.x && o.y <= b.y && o.x+o.w >= b.x+b.w && o.y+o.h >= b.y+b.h
		})
	})
}

// strokes tells whether the whole image is a handwritten signature: hardly
// anything but thin blue ink.
func (k *ink) strokes(w, h float64) (blob, bool) {
	if w > 120 || h > 70 || w < minPicture || h < 4 {
		return blob{}, false
	}
	var blue, other int
	for _, v := range k.cell {
		switch {
		case v&blueInk != 0:
			blue++
		case v != 0:
			other++
		}
	}
	all := len(k.cell)
	if blue*5 < 4*(blue+other) || blue*200 < all || blue*100 > 45*all {
		return blob{}, false
	}
	var cells []int
	for i, v := range k.cell {
		if v&blueInk != 0 {
			cells = append(cells, i)
		}
	}
	x0, y0, x1, y1 := k.around(cells)
	if x1-x0 < 10 || y1-y0 < 3 {
		return blob{}, false
	}
	return blob{Strokes, x0, y0, x1 - x0, y1 - y0}, true
}

// around is the rectangle around cells in mm.
func (k *ink) around(cells []int) (x0, y0, x1, y1 float64) {
	left, top, right, bottom := k.cols, k.rows, 0, 0
	for _, i := range cells {
		c, r := i%k.cols, i/k.cols
		left, right, top, bottom = min(left, c), max(right, c+1), min(top, r), max(bottom, r+1)
	}
	return float64(left) * k.mm[0], float64(top) * k.mm[1], float64(right) * k.mm[0], float64(bottom) * k.mm[1]
}

// pieces groups the cells of a colour: cells belong together when their coarse
// cells touch. Only groups with enough cells for a thin ring are given.
func (k *ink) pieces(of uint8) [][]int {
	sx, sy := max(1, int(coarseMM/k.mm[0])), max(1, int(coarseMM/k.mm[1]))
	cols, rows := (k.cols+sx-1)/sx, (k.rows+sy-1)/sy
	members := make([][]int, cols*rows)
	for i, v := range k.cell {
		if v&of != 0 {
			c := i/k.cols/sy*cols + i%k.cols/sx
			members[c] = append(members[c], i)
		}
	}
	seen := make([]bool, len(members))
	var out [][]int
	for start := range members {
		if seen[start] || len(members[start]) == 0 {
			continue
		}
		var piece []int
		seen[start] = true
		for queue := []int{start}; len(queue) > 0; {
			c := queue[len(queue)-1]
			queue = queue[:len(queue)-1]
			piece = append(piece, members[c]...)
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					x, y := c%cols+dx, c/cols+dy
					if n := y*cols + x; x >= 0 && y >= 0 && x < cols && y < rows && !seen[n] && len(members[n]) > 0 {
						seen[n] = true
						queue = append(queue, n)
					}
				}
			}
		}
		if len(piece) >= 40 {
			out = append(out, piece)
		}
	}
	return out
}
