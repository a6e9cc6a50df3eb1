package scan

import (
	"cmp"
	"math"
	"slices"
)

// lines is how the lines of text lie on a page.
type lines struct {
	known bool    // there is enough ink in lines to tell
	skew  float64 // degrees, −maxSkew to maxSkew
	turn  int     // degrees clockwise that make the page upright: 0, 90, 180, 270
}

const (
	maxSkew   = 8.0    // degrees that are searched
	maxPoints = 24_000 // dots of ink that are looked at
)

// point is a dot of ink, in dots from the middle of the page.
type point struct{ x, y, ink float64 }

// linesOf measures how lines of text lie. Lines that lie along the direction of
// a projection make its profile jump between full and empty rows (Postl, 1986),
// so the angle with the largest sum of squared differences is theirs.
func (v *view) linesOf() lines {
	points := v.points()
	if len(points) < 300 {
		return lines{}
	}
	sideways := make([]point, len(points))
	for i, p := range points {
		sideways[i] = point{p.y, -p.x, p.ink} // turned by 90° counterclockwise
	}
	angle, along := coarseAngle(points)
	angle90, across := coarseAngle(sideways)
	l := lines{known: true}
	use := points
	if across > 1.6*along {
		angle, l.turn, use = angle90, 90, sideways
	}
	// Without lines every angle is as good as another.
	if math.Max(along, across) < 1.3 {
		return lines{}
	}
	l.skew = fineAngle(use, angle)
	if upsideDown(use, l.skew) {
		l.turn += 180
	}
	// Sideways points were turned counterclockwise: what is upright then has to
	// be turned counterclockwise, which is 270 clockwise.
	if l.turn%180 == 90 {
		l.turn = 360 - l.turn
	}
	return l
}

func (v *view) points() []point {
	n := 0
	for _, d := range v.dark {
		if d > 0 {
			n++
		}
	}
	step := 1 + n/maxPoints
	out := make([]point, 0, n/step+1)
	k := 0
	for y := range v.h {
		for x := range v.w {
			if d := v.dark[y*v.w+x]; d > 0 {
				if k++; k%step == 0 {
					out = append(out, point{float64(x) - float64(v.w)/2, float64(y) - float64(v.h)/2, float64(d)})
				}
			}
		}
	}
	return out
}

// coarseAngle is the angle of the sharpest profile, to half a degree, and how
// much sharper it is than the usual one. A part of the dots is enough.
func coarseAngle(points []point) (angle, sharper float64) {
	const step = 0.5
	if every := len(points) / 6000; every > 1 {
		var few []point
		for i := 0; i < len(points); i += every {
			few = append(few, points[i])
		}
		points = few
	}
	var scores []float64
	best := -1.0
	for a := -maxSkew; a <= maxSkew; a += step {
		s := sharpness(points, a)
		if scores = append(scores, s); s > best {
			best, angle = s, a
		}
	}
	slices.SortFunc(scores, cmp.Compare)
	return angle, best / math.Max(1e-9, scores[len(scores)/2])
}

// fineAngle looks around an angle, to a sixteenth of a degree.
func fineAngle(points []point, angle float64) float64 {
	best := sharpness(points, angle)
	for _, step := range []float64{0.25, 0.125, 0.0625} {
		from := angle
		for _, a := range []float64{from - step, from + step} {
			if s := sharpness(points, a); s > best {
				best, angle = s, a
			}
		}
	}
	return angle
}

func profile(points []point, degrees, bin float64) []float64 {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, p := range points {
		y := p.y*cos - p.x*sin
		lo, hi = math.Min(lo, y), math.Max(hi, y)
	}
	rows := make([]float64, int((hi-lo)/bin)+2)
	for _, p := range points {
		at := (p.y*cos - p.x*sin - lo) / bin
		i := int(at)
		rest := at - float64(i)
		rows[i] += p.ink * (1 - rest)
		rows[i+1] += p.ink * rest
	}
	return rows
}

func sharpness(points []point, degrees float64) float64 {
	rows := profile(points, degrees, 1)
	sum := 0.0
	for i := 1; i < len(rows); i++ {
		d := rows[i] - rows[i-1]
		sum += d * d
	}
	return sum
}

// upsideDown tells whether the lines stand on their heads. Latin letters have
// more ink above their bodies than below: ascenders, capitals and, in
// Vietnamese, most marks.
func upsideDown(points []point, skew float64) bool {
	const bin = 1.0
	rows := profile(points, skew, bin)
	above, below := 0.0, 0.0
	for i := 0; i < len(rows); {
		if rows[i] == 0 {
			i++
			continue
		}
		from, top, peak := i, 0.0, i
		trace := 0.0
		for ; i < len(rows) && rows[i] > 0; i++ {
			if rows[i] > top {
				top, peak = rows[i], i
			}
			trace += rows[i]
		}
		to := i
		if to-from < 5 || to-from > 40 || trace < 20 {
			continue // dust, or a picture
		}
		// The body reaches as far as the profile stays above half its peak.
		first, last := peak, peak
		for first > from && rows[first-1] > top/2 {
			first--
		}
		for last+1 < to && rows[last+1] > top/2 {
			last++
		}
		for k := from; k < first; k++ {
			above += rows[k]
		}
		for k := last + 1; k < to; k++ {
			below += rows[k]
		}
	}
	return below > 1.25*above && below+above > 30
}
