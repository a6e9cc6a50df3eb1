package boxes_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"antin/app/gui/place/boxes"
	"antin/signer/pdffile"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// pages are A4, A4 turned, a slip smaller than a signature, and a plan.
var pages = []boxes.Page{{W: 210, H: 297}, {W: 297, H: 210}, {W: 30, H: 12}, {W: 841, H: 1189}}

func box(page int, x, y, w, h float64) boxes.Box {
	return boxes.Box{Page: page, Box: pdffile.Box{X: x, Y: y, W: w, H: h}}
}

func keeping(b boxes.Box) boxes.Box {
	b.Aspect = b.W / b.H
	return b
}

var near = cmpopts.EquateApprox(0, 1e-9)

func TestChanges(t *testing.T) {
	fixed := box(1, 50, 50, 36, 36)
	fixed.Fixed = true
	for _, c := range []struct {
		name string
		from boxes.Box
		do   func(b *boxes.Board)
		want boxes.Box
	}{
		{"moved", box(1, 50, 50, 40, 20), func(b *boxes.Board) { b.Move(0, 0.1, -1) }, box(1, 50.1, 49, 40, 20)},
		{"moved beyond the right edge", box(1, 50, 50, 40, 20), func(b *boxes.Board) { b.Move(0, 500, 0) }, box(1, 170, 50, 40, 20)},
		{"moved beyond the upper left corner", box(1, 50, 50, 40, 20), func(b *boxes.Board) { b.Move(0, -500, -500) }, box(1, 0, 0, 40, 20)},
		{"made larger", box(1, 50, 50, 40, 20), func(b *boxes.Board) { b.Resize(0, 1, 2) }, box(1, 50, 50, 41, 22)},
		{"made larger, ratio kept", keeping(box(1, 50, 50, 40, 20)), func(b *boxes.Board) { b.Resize(0, 1, 0) }, keeping(box(1, 50, 50, 41, 20.5))},
		{"made higher, ratio kept", keeping(box(1, 50, 50, 40, 20)), func(b *boxes.Board) { b.Resize(0, 0, 1) }, keeping(box(1, 50, 50, 42, 21))},
		{"made too small", box(1, 50, 50, 40, 20), func(b *boxes.Board) { b.Resize(0, -100, -100) }, box(1, 50, 50, 2, 2)},
		{"width typed: the middle stays", box(1, 50, 50, 40, 20), func(b *boxes.Board) { b.SetSize(0, 50, 0) }, box(1, 45, 50, 50, 20)},
		{"width typed, ratio kept", keeping(box(1, 50, 50, 40, 20)), func(b *boxes.Board) { b.SetSize(0, 50, 0) }, keeping(box(1, 45, 47.5, 50, 25))},
		{"height typed, ratio kept", keeping(box(1, 50, 50, 40, 20)), func(b *boxes.Board) { b.SetSize(0, 0, 10) }, keeping(box(1, 60, 55, 20, 10))},
		{"typed larger than the page", box(1, 50, 50, 40, 20), func(b *boxes.Board) { b.SetSize(0, 999, 0) }, box(1, 0, 50, 210, 20)},
		{"a seal keeps its diameter", fixed, func(b *boxes.Board) { b.SetSize(0, 40, 40); b.Resize(0, 1, 1); b.Move(0, 1, 0) }, func() boxes.Box { f := fixed; f.X = 51; return f }()},
		{"put with its middle", box(1, 50, 50, 40, 20), func(b *boxes.Board) { b.PutMiddle(0, 2, 150, 105) }, box(2, 130, 95, 40, 20)},
		{"put on a slip: shrunk", keeping(box(1, 50, 50, 40, 20)), func(b *boxes.Board) { b.PutMiddle(0, 3, 15, 6) }, func() boxes.Box { k := keeping(box(3, 3, 0, 24, 12)); return k }()},
		{"a page that is not there", box(1, 50, 50, 40, 20), func(b *boxes.Board) { b.PutMiddle(0, 9, 100, 100) }, box(4, 80, 90, 40, 20)},
		{"no number", box(1, 50, 50, 40, 20), func(b *boxes.Board) { b.Move(0, math.NaN(), 0) }, box(1, 0, 50, 40, 20)},
		{"moved and taken back", box(1, 50, 50, 40, 20), func(b *boxes.Board) { b.Move(0, 5, 5); b.Undo() }, box(1, 50, 50, 40, 20)},
		{"taken back and made again", box(1, 50, 50, 40, 20), func(b *boxes.Board) { b.Move(0, 5, 5); b.Undo(); b.Redo() }, box(1, 55, 55, 40, 20)},
		{"replaced: nothing can be taken back", box(1, 50, 50, 40, 20), func(b *boxes.Board) { b.Move(0, 5, 5); b.Replace(0, box(1, 60, 60, 30, 15)); b.Undo() }, box(1, 60, 60, 30, 15)},
		{"nothing to take back", box(1, 50, 50, 40, 20), func(b *boxes.Board) { b.Undo(); b.Redo() }, box(1, 50, 50, 40, 20)},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := boxes.New(pages)
			b.Add(c.from)
			c.do(b)
			if diff := cmp.Diff(c.want, b.Box(0), near); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHandles(t *testing.T) {
	for _, c := range []struct {
		name   string
		from   boxes.Box
		handle boxes.Handle
		dx, dy float64
		want   boxes.Box
	}{
		{"body", box(1, 50, 50, 40, 20), boxes.Body, 3, 4, box(1, 53, 54, 40, 20)},
		{"top left", box(1, 50, 50, 40, 20), boxes.TopLeft, -10, -5, box(1, 40, 45, 50, 25)},
		{"top", box(1, 50, 50, 40, 20), boxes.Top, 99, -5, box(1, 50, 45, 40, 25)},
		{"right", box(1, 50, 50, 40, 20), boxes.Right, 10, 99, box(1, 50, 50, 50, 20)},
		{"bottom right to the edge of the page", box(1, 50, 50, 40, 20), boxes.BottomRight, 999, 999, box(1, 50, 50, 160, 247)},
		{"left past the right side", box(1, 50, 50, 40, 20), boxes.Left, 99, 0, box(1, 88, 50, 2, 20)},
		{"corner, ratio kept", keeping(box(1, 50, 50, 40, 20)), boxes.TopLeft, -10, 0, keeping(box(1, 40, 45, 50, 25))},
		{"side, ratio kept: grows about its middle", keeping(box(1, 50, 50, 40, 20)), boxes.Right, 10, 0, keeping(box(1, 50, 47.5, 50, 25))},
		{"side, ratio kept, to the edge", keeping(box(1, 50, 5, 40, 20)), boxes.Right, 99, 0, keeping(box(1, 50, 0, 60, 30))},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := boxes.New(pages)
			b.Add(c.from)
			h := b.Hold(0, c.handle)
			h.To(1, 1, 0) // on the way
			h.To(c.dx, c.dy, 0)
			h.Release()
			if diff := cmp.Diff(c.want, b.Box(0), near); diff != "" {
				t.Error(diff)
			}
			b.Undo() // the whole way is one step
			if diff := cmp.Diff(c.from, b.Box(0), near); diff != "" || b.CanUndo() {
				t.Errorf("after undo: %s", diff)
			}
		})
	}
}

func TestCancelledHold(t *testing.T) {
	b := boxes.New(pages)
	b.Add(box(1, 50, 50, 40, 20))
	h := b.Hold(0, boxes.Body)
	h.To(9, 9, 0)
	h.Cancel()
	if b.Box(0) != box(1, 50, 50, 40, 20) || b.CanUndo() {
		t.Errorf("%+v, can undo: %v", b.Box(0), b.CanUndo())
	}
}

func TestSnap(t *testing.T) {
	guides := []boxes.Guide{
		{Page: 1, Kind: boxes.Axis, Vertical: true, At: 145},
		{Page: 1, Kind: boxes.Baseline, At: 200},
		{Page: 2, Kind: boxes.Axis, Vertical: true, At: 60},
	}
	for _, c := range []struct {
		name   string
		from   boxes.Box
		handle boxes.Handle
		dx, dy float64
		within float64
		want   boxes.Box
		guides int
	}{
		{"middle to the axis", box(1, 50, 50, 40, 20), boxes.Body, 74, 0, 1.5, box(1, 125, 50, 40, 20), 1},
		{"suspended", box(1, 50, 50, 40, 20), boxes.Body, 74, 0, 0, box(1, 124, 50, 40, 20), 0},
		{"too far", box(1, 50, 50, 40, 20), boxes.Body, 73, 0, 1.5, box(1, 123, 50, 40, 20), 0},
		{"axis and baseline", box(1, 50, 50, 40, 20), boxes.Body, 76, 131, 1.5, box(1, 125, 180, 40, 20), 2},
		{"the margin", box(1, 50, 50, 40, 20), boxes.Body, -19, 0, 1.5, box(1, 30, 50, 40, 20), 1},
		{"not to another page's axis", box(1, 50, 50, 40, 20), boxes.Body, -11, -10, 1.5, box(1, 39, 40, 40, 20), 0},
		{"an edge of the other box", box(1, 50, 50, 40, 20), boxes.Body, 31, 65, 1.5, box(1, 80, 115, 40, 20), 1},
		{"right side to the margin", box(1, 140, 50, 40, 20), boxes.Right, 9, 0, 1.5, box(1, 140, 50, 50, 20), 1},
		{"corner, ratio kept, lower side to the baseline", keeping(box(1, 152, 150, 20, 40)), boxes.BottomRight, 0, 9, 1.5, keeping(box(1, 152, 150, 25, 50)), 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := boxes.New(pages)
			b.SetGuides(append(guides, b.Margins(1, 20, 20, 30, 20)...))
			b.Add(c.from)
			b.Add(box(1, 120, 220, 30, 5))
			h := b.Hold(0, c.handle)
			h.To(c.dx, c.dy, c.within)
			if diff := cmp.Diff(c.want, b.Box(0), near); diff != "" {
				t.Error(diff)
			}
			if got := len(h.Guides()); got != c.guides {
				t.Errorf("%d guides, want %d: %+v", got, c.guides, h.Guides())
			}
		})
	}
}

// Whatever is done, in whatever order: every box stays inside its page and keeps
// its ratio; taking everything back gives the beginning, making it again the end.
func TestProperties(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		length := func() float64 { return (r.Float64() - 0.3) * 200 }
		b := boxes.New(pages)
		b.SetGuides(append(b.Margins(1, 20, 20, 30, 20), boxes.Guide{Page: 1, Kind: boxes.Axis, Vertical: true, At: 140}))
		for range 3 {
			x := box(1+r.IntN(4), length(), length(), 1+length(), 1+length())
			if r.IntN(2) == 0 {
				x.Aspect = 0.2 + 4*r.Float64()
			}
			x.Fixed = r.IntN(5) == 0
			b.Add(x)
		}
		states := [][]boxes.Box{state(b)}
		for range 60 {
			i := r.IntN(3)
			switch r.IntN(7) {
			case 0:
				b.Move(i, length(), length())
			case 1:
				b.Resize(i, length(), length())
			case 2:
				b.SetSize(i, length(), length())
			case 3:
				b.PutMiddle(i, r.IntN(6), length(), length())
			default:
				h := b.Hold(i, boxes.Handle(r.IntN(9)))
				for range 3 {
					h.To(length(), length(), float64(r.IntN(3)))
					check(t, b, seed)
				}
				h.Release()
			}
			check(t, b, seed)
			if now := state(b); !cmp.Equal(now, states[len(states)-1]) {
				states = append(states, now)
			}
		}
		for i := len(states) - 2; i >= 0; i-- {
			b.Undo()
			if diff := cmp.Diff(states[i], state(b)); diff != "" {
				t.Fatalf("seed %d, step %d taken back: %s", seed, i, diff)
			}
		}
		if b.CanUndo() {
			t.Fatalf("seed %d: there are more steps than changes", seed)
		}
		for i := 1; i < len(states); i++ {
			b.Redo()
			if diff := cmp.Diff(states[i], state(b)); diff != "" {
				t.Fatalf("seed %d, step %d made again: %s", seed, i, diff)
			}
		}
	}
}

// A box that has snapped stays where it is when it snaps again.
func TestSnapTwice(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 2000 {
		b := boxes.New(pages)
		b.SetGuides(append(b.Margins(1, 20, 20, 30, 20), boxes.Guide{Page: 1, Kind: boxes.Axis, Vertical: true, At: 140}, boxes.Guide{Page: 1, Kind: boxes.Baseline, At: 180}))
		b.Add(box(1, r.Float64()*200, r.Float64()*290, 2+r.Float64()*60, 2+r.Float64()*40))
		b.Add(box(1, r.Float64()*200, r.Float64()*290, 40, 20))
		b.Hold(0, boxes.Body).To(0, 0, 3)
		once := b.Box(0)
		b.Hold(0, boxes.Body).To(0, 0, 3)
		if diff := cmp.Diff(once, b.Box(0), near); diff != "" {
			t.Fatal(diff)
		}
	}
}

func state(b *boxes.Board) []boxes.Box {
	var out []boxes.Box
	for i := range b.Len() {
		out = append(out, b.Box(i))
	}
	return out
}

func check(t *testing.T, b *boxes.Board, seed uint64) {
	t.Helper()
	const rounding = 1e-6
	for _, x := range state(b) {
		p := b.Page(x.Page)
		if x.X < 0 || x.Y < 0 || x.X+x.W > p.W+rounding || x.Y+x.H > p.H+rounding || !(x.W > 0) || !(x.H > 0) {
			t.Fatalf("seed %d: %+v is not inside the page of %v × %v mm", seed, x, p.W, p.H)
		}
		if x.Aspect > 0 && math.Abs(x.W/x.H-x.Aspect) > rounding*x.Aspect {
			t.Fatalf("seed %d: %+v has the ratio %v", seed, x, x.W/x.H)
		}
	}
}
