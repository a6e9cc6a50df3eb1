package scan

import (
	"math"
	"math/bits"
)

// sameFrom is the correlation of ink from which on two pages look the same. One
// sheet scanned twice has 0.96, pages of other text under the same heading 0.85;
// a form with little filled in differently lies above, and a person decides.
const sameFrom = 0.95

// sameCell is finer than a letter, so that lines of other words differ, mm.
const sameCell = 1.8

// marksFrom is how far the marks of two pages must go together to be worth a
// closer look: a record of hundreds of pages has tens of thousands of pairs. One
// sheet scanned twice has 0.86 and more; pages of other text have 0.71, with
// few lines under the same heading 0.78.
const marksFrom = 0.75

// marks are the darker half of a page's cells with ink, as bits.
type marks struct {
	cols, rows, words int
	count             int
	bits              [3][]uint64 // by row; moved to the left by one cell, as they are, to the right
}

func (g grid) marks() *marks {
	var count [256]int
	inked := 0
	for _, c := range g.cells {
		if count[c]++; c > 0 {
			inked++
		}
	}
	from := 255
	for n := count[from]; from > 1 && n < inked/2; n += count[from] {
		from--
	}
	m := &marks{cols: g.cols, rows: g.rows, words: (g.cols + 65) / 64}
	for i := range m.bits {
		m.bits[i] = make([]uint64, m.rows*m.words)
	}
	for y := range g.rows {
		for x, c := range g.cells[y*g.cols:][:g.cols] {
			if int(c) < from {
				continue
			}
			m.count++
			for i := range m.bits {
				m.bits[i][y*m.words+(x+i)/64] |= 1 << ((x + i) % 64)
			}
		}
	}
	return m
}

// like is how much the marks of two pages go together, −1 to 1, tried with small
// shifts; 1 for rows of other lengths, which are not compared here.
func (m *marks) like(o *marks) float64 {
	if m.words != o.words {
		return 1
	}
	both := 0
	for _, moved := range m.bits {
		for dy := -1; dy <= 1; dy++ {
			a, b := moved, o.bits[1]
			if dy > 0 {
				b = b[m.words:]
			} else if dy < 0 {
				a = a[m.words:]
			}
			n := 0
			for i := range min(len(a), len(b)) {
				n += bits.OnesCount64(a[i] & b[i])
			}
			both = max(both, n)
		}
	}
	all, a, b := float64(m.cols*m.rows), float64(m.count), float64(o.count)
	v := a * (all - a) * b * (all - b)
	if v <= 0 {
		return -1
	}
	return (all*float64(both) - a*b) / math.Sqrt(v)
}

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
	var n, sa, sb, saa, sbb, sab int // of up to 10⁶ cells below 2⁸
	x0, x1 := max(0, -dx), min(g.cols, o.cols-dx)
	for y := max(0, -dy); y < min(g.rows, o.rows-dy); y++ {
		as := g.cells[y*g.cols:][x0:x1]
		bs := o.cells[(y+dy)*o.cols:][x0+dx : x1+dx]
		for i := range as {
			a, b := int(as[i]), int(bs[i])
			sa, sb = sa+a, sb+b
			saa, sbb, sab = saa+a*a, sbb+b*b, sab+a*b
		}
		n += len(as)
	}
	va, vb := n*saa-sa*sa, n*sbb-sb*sb
	if va <= 0 || vb <= 0 {
		return -1
	}
	return float64(n*sab-sa*sb) / math.Sqrt(float64(va)*float64(vb))
}

func abs(v int) int { return max(v, -v) }
