package practice

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"strings"
	"unicode"
)

// SignaturePicture draws a handwritten signature for a name: blue on
// transparent, PNG, its true size (about 40 × 20 mm) in pHYs. It is invented:
// letters of the given name are only hinted at. The same name and seed give the
// same bytes.
func SignaturePicture(name string, seed int64) ([]byte, error) {
	words := strings.Fields(name)
	if len(words) == 0 {
		return nil, fmt.Errorf("practice: a signature needs a name")
	}
	hand := rand.New(rand.NewPCG(uint64(seed), 0x5167))
	strokes := signatureStrokes(words[len(words)-1], hand)
	return encodePNG(inked(strokes, hand), 1000*pixelsPerMM)
}

// point is a place on the pen's way: x to the right, y upwards, in heights of a
// small letter.
type point struct{ x, y float64 }

func (p point) plus(q point) point { return point{p.x + q.x, p.y + q.y} }

// letterWay is the way of the pen that several letters share.
type letterWay struct {
	letters string
	way     []point
}

// capitals and smalls are the ways of the pen through letters. The pen comes
// from the left at the base line and leaves to the right near it.
var capitals = []letterWay{
	{"AMNVUW", []point{{-0.5, 0.5}, {-0.9, -0.1}, {-0.3, -0.4}, {0.7, 1.4}, {1.25, 3.1}, {1.4, 2.6}, {1.45, 0.2}, {1.3, -0.3}, {0.6, 0.6}, {-0.1, 1.35}, {0.5, 1.5}, {1.7, 0.95}, {2.2, 0.5}}},
	{"HKXT", []point{{-0.8, 2.4}, {-0.2, 2.9}, {0.3, 2.5}, {0.2, 0.6}, {-0.2, -0.3}, {-0.5, 0.2}, {0.3, 1.3}, {1.2, 2.3}, {1.7, 3.1}, {1.35, 2.2}, {1.15, 0.5}, {1.4, -0.1}, {1.9, 0.4}}},
	{"BPRDĐ", []point{{0.0, 2.2}, {0.1, 0.9}, {-0.15, -0.3}, {-0.6, -0.1}, {-0.3, 1.2}, {0.3, 2.7}, {1.2, 3.1}, {1.55, 2.3}, {0.9, 1.5}, {0.35, 1.45}, {1.1, 1.2}, {1.6, 0.5}, {1.0, -0.2}, {0.5, 0.1}, {1.2, 0.3}, {2.1, 0.4}}},
	{"LSGIYJ", []point{{-0.7, 0.4}, {0.3, 1.1}, {1.1, 2.5}, {0.9, 3.2}, {0.45, 2.6}, {0.6, 1.3}, {0.35, 0.0}, {-0.3, -0.35}, {-0.6, 0.1}, {0.2, 0.2}, {1.0, -0.15}, {1.9, 0.5}}},
	{"CEOQZ", []point{{1.3, 2.4}, {1.1, 3.0}, {0.4, 2.7}, {-0.2, 1.6}, {-0.1, 0.3}, {0.7, -0.2}, {1.5, 0.7}, {1.4, 2.1}, {0.7, 2.3}, {0.7, 1.5}, {1.4, 1.0}, {2.1, 0.6}}},
}

var smalls = []letterWay{
	{"nmru", []point{{0.22, 0.75}, {0.36, 0.85}, {0.42, 0.1}, {0.52, 0.2}, {0.74, 0.85}, {0.9, 0.75}, {0.94, 0.1}, {1.15, 0.1}}},
	{"aoce", []point{{0.5, 0.75}, {0.3, 0.8}, {0.12, 0.35}, {0.38, 0.02}, {0.66, 0.5}, {0.68, 0.75}, {0.7, 0.15}, {0.95, 0.1}}},
	{"isvxw", []point{{0.25, 0.8}, {0.33, 0.15}, {0.6, 0.1}}},
	{"lhkbdtđ", []point{
		{0.35, 0.9}, {0.62, 2.1}, {0.45, 2.35}, {0.3, 1.4}, {0.28, 0.1}, {0.45, 0.15}, {0.68, 0.75}, {0.85, 0.6}, {0.9, 0.1}, {1.15, 0.1},
	}},
	{"gypqj", []point{{0.45, 0.8}, {0.2, 0.6}, {0.25, 0.1}, {0.58, 0.4}, {0.64, 0.75}, {0.52, -0.7}, {0.2, -1.3}, {0.05, -0.9}, {0.5, -0.2}, {1.0, 0.2}}},
}

// signatureStrokes is the pen's way through a given name and the flourish that
// ends it. Each stroke is a chain of points for a smooth curve.
func signatureStrokes(name string, hand *rand.Rand) [][]point {
	letters := []rune(plainLetters(name))
	at := point{}
	var way []point
	add := func(points []point, scaleX, scaleY float64) {
		for _, p := range points {
			j := point{(hand.Float64() - 0.5) * 0.14, (hand.Float64() - 0.5) * 0.14}
			way = append(way, at.plus(point{p.x * scaleX, p.y * scaleY}).plus(j))
		}
		at.x += points[len(points)-1].x * scaleX
	}
	add(letter(capitals, unicode.ToUpper(letters[0])), 1.15+0.2*hand.Float64(), 1.05+0.25*hand.Float64())
	for i, r := range letters[1:] {
		// A hand tires: later letters are flatter and longer.
		tired := math.Pow(0.86, float64(i))
		add(letter(smalls, unicode.ToLower(r)), 1.15/math.Sqrt(tired), 1.15*tired)
	}
	end := at.x
	way = append(way,
		point{end + 1.1, 0.65}, point{end + 2.2, 1.5 + 0.6*hand.Float64()}, point{end + 2.5, 1.0},
		point{end + 1.2, -0.35}, point{end * 0.35, -1.25}, point{-0.5, -1.35 - 0.2*hand.Float64()}, point{0.4, -1.05},
		point{end*0.6 + 0.6, -0.85}, point{end + 2.6, -0.5}, point{end + 4.6 + hand.Float64(), 0.35})
	strokes := [][]point{way}
	if len(letters) < 4 || hand.IntN(2) == 0 { // a stroke across, as of a tone or of đ
		x := 0.9 + 0.5*hand.Float64()
		strokes = append(strokes, []point{{x, 2.2}, {x + 1.2, 2.55}, {x + 2.6, 3.1}})
	}
	return strokes
}

// letter is the way through a letter; foreign ones look like the first row.
func letter(ways []letterWay, r rune) []point {
	for _, w := range ways {
		if strings.ContainsRune(w.letters, r) {
			return w.way
		}
	}
	return ways[0].way
}

// plainLetters takes the tone and vowel marks from Vietnamese letters and drops
// what is no letter; đ stays.
func plainLetters(s string) string {
	families := []string{
		"aàáảãạăằắẳẵặâầấẩẫậ", "eèéẻẽẹêềếểễệ", "iìíỉĩị", "oòóỏõọôồốổỗộơờớởỡợ", "uùúủũụưừứửữự", "yỳýỷỹỵ",
	}
	out := strings.Map(func(r rune) rune {
		for _, f := range families {
			if strings.ContainsRune(f, unicode.ToLower(r)) {
				return rune(f[0])
			}
		}
		if !unicode.IsLetter(r) {
			return -1
		}
		return r
	}, s)
	if out == "" {
		return "a"
	}
	return out
}

// How a pen writes, in mm.
const (
	letterHeight = 3.6  // of a small letter
	penThin      = 0.22 // width of a fast stroke
	penThick     = 0.62 // width of a slow stroke downwards
	pictureEdge  = 0.8  // free edge of the picture
	slant        = 0.32 // to the right, per height
	rise         = 0.09 // of the line of writing
)

// nib is the pen at one moment: place and half of the width, in pixels.
type nib struct{ x, y, r float64 }

// inked draws strokes with a pen whose width follows speed and direction.
func inked(strokes [][]point, hand *rand.Rand) *image.NRGBA {
	var lines [][]nib
	for _, s := range strokes {
		lines = append(lines, penned(curve(s), hand))
	}
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, l := range lines {
		for _, n := range l {
			x0, y0 = min(x0, n.x-n.r), min(y0, n.y-n.r)
			x1, y1 = max(x1, n.x+n.r), max(y1, n.y+n.r)
		}
	}
	const edge = pictureEdge * pixelsPerMM
	w, h := int(x1-x0+2*edge)+1, int(y1-y0+2*edge)+1
	cover := make([]float64, w*h)
	for _, l := range lines {
		for i := range l[1:] {
			a, b := l[i], l[i+1]
			a.x, a.y, b.x, b.y = a.x-x0+edge, a.y-y0+edge, b.x-x0+edge, b.y-y0+edge
			dab(cover, w, h, a, b)
		}
	}
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i, c := range cover {
		if c > 0 {
			p := inkBlue
			p.A = uint8(math.Round(255 * c))
			img.SetNRGBA(i%w, i/w, p)
		}
	}
	return img
}

// curve is a Catmull-Rom spline through points, turned into
// cubic Béziers and sampled evenly in each.
func curve(points []point) []point {
	const steps = 40
	at := func(i int) point { return points[min(max(i, 0), len(points)-1)] }
	out := []point{points[0]}
	for i := range len(points) - 1 {
		p0, p1, p2, p3 := at(i-1), at(i), at(i+1), at(i+2)
		c1 := point{p1.x + (p2.x-p0.x)/5.2, p1.y + (p2.y-p0.y)/5.2}
		c2 := point{p2.x - (p3.x-p1.x)/5.2, p2.y - (p3.y-p1.y)/5.2}
		for s := 1; s <= steps; s++ {
			t := float64(s) / steps
			u := 1 - t
			a, b, c, d := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
			out = append(out, point{a*p1.x + b*c1.x + c*c2.x + d*p2.x, a*p1.y + b*c1.y + c*c2.y + d*p2.y})
		}
	}
	return out
}

// penned gives a way its slant, its size in pixels and the width of the ink.
func penned(way []point, hand *rand.Rand) []nib {
	const scale = letterHeight * pixelsPerMM
	line := make([]nib, len(way))
	for i, p := range way {
		x := p.x + slant*p.y
		line[i] = nib{x: x * scale * 0.92, y: -(p.y + rise*x) * scale}
	}
	phase := hand.Float64() * 7
	const thin, thick = penThin * pixelsPerMM / 2, penThick * pixelsPerMM / 2
	width := thick * 0.6
	for i := range line {
		j := min(i+1, len(line)-1)
		k := max(j-1, 0)
		dx, dy := line[j].x-line[k].x, line[j].y-line[k].y
		step := math.Hypot(dx, dy)
		// Downwards presses, speed lifts: one step is 1/40 of a segment.
		press := 0.5
		if step > 0 {
			press = 0.5 + 0.5*dy/step
		}
		speed := min(1, step/(scale*0.075))
		want := thin + (thick-thin)*press*(1-0.75*speed)
		want *= 1 + 0.06*math.Sin(phase+float64(i)*0.11)
		width += (want - width) * 0.12 // the hand changes slowly
		taper := min(1, float64(i+3)/14, float64(len(line)-i)/46)
		line[i].r = max(0.9, width*taper)
	}
	return line
}

// dab covers the capsule between two moments of the pen; its width goes from
// one to the other. Coverage is taken from the distance to the edge.
func dab(cover []float64, w, h int, a, b nib) {
	r := max(a.r, b.r) + 1
	x0, x1 := max(0, int(min(a.x, b.x)-r)), min(w-1, int(max(a.x, b.x)+r)+1)
	y0, y1 := max(0, int(min(a.y, b.y)-r)), min(h-1, int(max(a.y, b.y)+r)+1)
	dx, dy := b.x-a.x, b.y-a.y
	long := dx*dx + dy*dy
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			px, py := float64(x)+0.5-a.x, float64(y)+0.5-a.y
			t := 0.0
			if long > 0 {
				t = min(1, max(0, (px*dx+py*dy)/long))
			}
			d := math.Hypot(px-t*dx, py-t*dy)
			c := min(1, max(0, a.r+t*(b.r-a.r)-d+0.5))
			if i := y*w + x; c > cover[i] {
				cover[i] = c
			}
		}
	}
}
