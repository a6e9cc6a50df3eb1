package scan

import "math"

// paper is a size of paper, mm, upright.
type paper struct {
	name string
	w, h float64
}

// papers are the sizes that offices use: ISO 216, the American ones that
// printers are set to by mistake, and F4, which is sold as folio.
var papers = []paper{
	{"A4", 210, 297},
	{"A3", 297, 420},
	{"A5", 148, 210},
	{"A2", 420, 594},
	{"A1", 594, 841},
	{"A0", 841, 1189},
	{"A6", 105, 148},
	{"B4", 250, 353},
	{"B5", 176, 250},
	{"F4", 210, 330},
	{"Letter", 215.9, 279.4},
	{"Legal", 215.9, 355.6},
	{"Tabloid", 279.4, 431.8},
}

// paperOf is the size nearest to w × h mm in either direction, if both sides
// differ by at most tolerance.
func paperOf(w, h, tolerance float64) (paper, bool) {
	best, found := tolerance, paper{}
	short, long := math.Min(w, h), math.Max(w, h)
	for _, p := range papers {
		if d := math.Max(math.Abs(short-p.w), math.Abs(long-p.h)); d <= best {
			best, found = d, p
		}
	}
	return found, found.name != ""
}

// scaledFrom is the factor by which w × h mm is a paper size of the ISO series
// A made smaller or larger, told by the ratio of its sides: a scan that was
// "fitted". ok is false when the ratio is another.
func scaledFrom(w, h float64, from paper) (factor float64, ok bool) {
	short, long := math.Min(w, h)/from.w, math.Max(w, h)/from.h
	return (short + long) / 2, math.Abs(short-long) < 0.01*(short+long)/2
}
