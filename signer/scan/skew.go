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
	fewPoints = 6_000  // for a first look
)

// linesOf measures how lines of text lie. Lines that lie along the direction of
// a projection make its profile jump between full and empty rows (Postl, 1986),
// so the angle with the largest sum of squared differences is theirs.
func linesOf(points []point) lines {
	if len(points) < 300 {
		return lines{}
	}
	upright := some(points, maxPoints)
	sideways := make(cloud, len(upright))
	for i, p := range upright {
		sideways[i] = point{p.y, -p.x, p.ink} // turned by 90° counterclockwise
	}
	reach := upright.reach()
	angle, along := upright.coarseAngle(reach)
	angle90, across := sideways.coarseAngle(reach)
	l := lines{known: true}
	use := upright
	if across > 1.6*along {
		angle, l.turn, use = angle90, 90, sideways
	}
	// Without lines every angle is as good as another.
	if math.Max(along, across) < 1.3 {
		return lines{}
	}
	l.skew = use.fineAngle(angle, reach)
	if use.upsideDown(l.skew, reach) {
		l.turn += 180
	}
	// Sideways points were turned counterclockwise: what is upright then has to
	// be turned counterclockwise, which is 270 clockwise.
	if l.turn%180 == 90 {
		l.turn = 360 - l.turn
	}
	return l
}

// cloud is points of which the direction of lines is wanted.
type cloud []point

// some are at most n of the points, evenly taken.
func some(points []point, n int) cloud {
	step := (len(points) + n - 1) / n
	if step <= 1 {
		return points
	}
	out := make(cloud, 0, n)
	for i := 0; i < len(points); i += step {
		out = append(out, points[i])
	}
	return out
}

// coarseAngle is the angle of the sharpest profile, to half a degree, and how
// much sharper it is than the usual one. A part of the dots is enough.
func (c cloud) coarseAngle(reach float64) (angle, sharper float64) {
	const step = 0.5
	p := newProfile(some(c, fewPoints), reach)
	var scores []float64
	best := -1.0
	for a := -maxSkew; a <= maxSkew; a += step {
		s := p.sharpness(a)
		if scores = append(scores, s); s > best {
			best, angle = s, a
		}
	}
	slices.SortFunc(scores, cmp.Compare)
	return angle, best / math.Max(1e-9, scores[len(scores)/2])
}

// fineAngle looks around an angle, to a sixteenth of a degree.
func (c cloud) fineAngle(angle, reach float64) float64 {
	p := newProfile(c, reach)
	best := p.sharpness(angle)
	for _, step := range []float64{0.25, 0.125, 0.0625} {
		from := angle
		for _, a := range []float64{from - step, from + step} {
			if s := p.sharpness(a); s > best {
				best, angle = s, a
			}
		}
	}
	return angle
}

// profile is the ink by row, at any angle.
type profile struct {
	points cloud
	reach  float64   // no point lies farther from the middle; whole, so that upright rows of dots are rows
	rows   []float32 // a dot high
}

func newProfile(c cloud, reach float64) *profile {
	return &profile{c, reach, make([]float32, int(2*reach)+2)}
}

// reach is a whole number of dots that is more than any point lies away from the
// middle, whichever way it is turned.
func (c cloud) reach() float64 {
	most := float32(0)
	for _, p := range c {
		most = max(most, p.x*p.x+p.y*p.y)
	}
	return math.Ceil(math.Sqrt(float64(most))) + 1
}

// at projects the points along lines of that angle.
func (p *profile) at(degrees float64) []float32 {
	clear(p.rows)
	s, c := math.Sincos(degrees * math.Pi / 180)
	sin, cos, middle, rows := float32(s), float32(c), float32(p.reach), p.rows
	for _, p := range p.points {
		at := p.y*cos - p.x*sin + middle
		i := int(at)
		rest := p.ink * (at - float32(i))
		rows[i] += p.ink - rest
		rows[i+1] += rest
	}
	return rows
}

func (p *profile) sharpness(degrees float64) float64 {
	rows := p.at(degrees)
	sum := 0.0
	for i := 1; i < len(rows); i++ {
		d := float64(rows[i] - rows[i-1])
		sum += d * d
	}
	return sum
}

// upsideDown tells whether the lines stand on their heads. Latin letters have
// more ink above their bodies than below: ascenders, capitals and, in
// Vietnamese, most marks.
func (c cloud) upsideDown(skew, reach float64) bool {
	rows := newProfile(c, reach).at(skew)
	above, below := float32(0), float32(0)
	for i := 0; i < len(rows); {
		if rows[i] == 0 {
			i++
			continue
		}
		from, top, peak := i, float32(0), i
		trace := float32(0)
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
