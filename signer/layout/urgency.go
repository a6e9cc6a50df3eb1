package layout

import (
	"math"

	"antin/signer/pagetext"
	"antin/signer/pdffile"
)

// farthestUnder is how far below the number's line the mark of urgency may
// stand, mm: behind two lines of trích yếu it is still beside the beginning.
const farthestUnder = 30

// UnderNumber is the free place of w × h mm for the mark of urgency: in the left
// column, centred under the line of the number (Phụ lục I, ô 10b). ok is false
// when the line was not found or there is no free paper under it.
func UnderNumber(t *pagetext.Text, n *Number, w, h float64) (b pdffile.Box, ok bool) {
	if n.State != Open && n.State != Gap || w <= 0 || h <= 0 || t.Scanned() {
		return b, false
	}
	x0, x1 := n.Slot.X, n.Slot.X
	for i := range t.Lines {
		if l := &t.Lines[i]; l.Horizontal() && math.Abs(l.Baseline-n.Slot.Baseline) < 0.8 && l.Box.X < t.W/2 {
			x0, x1 = min(x0, l.Box.X), max(x1, min(l.X1(), t.W/2))
		}
	}
	x := max(edgeTop, (x0+x1-w)/2)
	for y := n.Slot.Baseline + 2; y < n.Slot.Baseline+farthestUnder && y+h < t.H; y += 0.5 {
		b = pdffile.Box{X: x, Y: y, W: w, H: h}
		if !meets(b, inkOf(t)) {
			return b, true
		}
	}
	return pdffile.Box{}, false
}

// inkOf is what a text must not cover: all but backgrounds.
func inkOf(t *pagetext.Text) []pdffile.Box {
	var ink []pdffile.Box
	for _, k := range t.Ink {
		if (k.Kind == pagetext.ImageInk || k.Kind == pagetext.FillInk) && k.W*k.H > 0.5*t.W*t.H {
			continue // a background, not something to avoid
		}
		ink = append(ink, k.Box)
	}
	return ink
}

// What figures and capitals fill above the baseline, and tails below it, em.
const inkAbove, inkBelow = 0.70, 0.20

// TextBox is what a line of text w mm wide fills, from x on a baseline at pt
// points.
func TextBox(x, baseline, w, pt float64) pdffile.Box {
	em := pt * mmPerPt
	return pdffile.Box{X: x, Y: baseline - inkAbove*em, W: w, H: (inkAbove + inkBelow) * em}
}

// Covers tells whether a box lies over something printed. It looks at letters
// one by one, so that a gap in a printed line is free.
func Covers(t *pagetext.Text, b pdffile.Box) bool {
	for i := range t.Lines {
		l := &t.Lines[i]
		if l.Invisible && !t.Scanned() {
			continue
		}
		if !l.Horizontal() && overlap(b, l.Box) {
			return true
		}
		for _, c := range l.Chars {
			if l.Horizontal() && c.Rune != ' ' && overlap(b, TextBox(c.X0, l.Baseline, c.X1-c.X0, l.Size)) {
				return true
			}
		}
	}
	for _, k := range t.Ink {
		background := k.W*k.H > 0.5*t.W*t.H
		if k.Kind != pagetext.TextInk && !background && overlap(b, k.Box) {
			return true
		}
	}
	return false
}

// touch is how far boxes may run into each other, mm: a text that ends where the
// next letter begins touches it, and places are rounded when they are written.
const touch = 0.05

func overlap(a, b pdffile.Box) bool {
	return a.X+touch < b.X+b.W && b.X+touch < a.X+a.W && a.Y+touch < b.Y+b.H && b.Y+touch < a.Y+a.H
}
