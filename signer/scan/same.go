package scan

import "math"

// sameFrom is the correlation of ink from which on two pages look the same. One
// sheet scanned twice has 0.96, pages of other text under the same heading 0.85;
// a form with little filled in differently lies above, and a person decides.
const sameFrom = 0.95

// sameCell is finer than a letter, so that lines of other words differ, mm.
const sameCell = 1.8

// like is how much the ink of two pages goes together, −1 to 1, tried with
// small shifts.
func (g grid) like(o grid) float64 {
	if abs(g.cols-o.cols) > 1 || abs(g.rows-o.rows) > 1 {
		return -1
	}
	best := -1.0
	for dy := -1; dy <= 1; dy++ {
		for dx := -1; dx <= 1; dx++ {
			best = math.Max(best, g.correlation(o, dx, dy))
		}
	}
	return best
}

func (g grid) correlation(o grid, dx, dy int) float64 {
	var n, sa, sb, saa, sbb, sab float64
	for y := range g.rows {
		oy := y + dy
		if oy < 0 || oy >= o.rows {
			continue
		}
		for x := range g.cols {
			ox := x + dx
			if ox < 0 || ox >= o.cols {
				continue
			}
			a, b := float64(g.cells[y*g.cols+x]), float64(o.cells[oy*o.cols+ox])
			n++
			sa, sb = sa+a, sb+b
			saa, sbb, sab = saa+a*a, sbb+b*b, sab+a*b
		}
	}
	va, vb := n*saa-sa*sa, n*sbb-sb*sb
	if va <= 0 || vb <= 0 {
		return -1
	}
	return (n*sab - sa*sb) / math.Sqrt(va*vb)
}

func abs(v int) int { return max(v, -v) }
