package place

import (
	"testing"
	"time"

	"antin/app/gui/look"
	"antin/app/gui/place/boxes"
	"antin/signer/appearance"
	"antin/signer/pdffile"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func newApp(t testing.TB) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Light, 100))
}

// stage is an editor on a page of 210 × 297 mm, two units a millimetre, with one
// box of 40 × 20 mm at (50, 100).
type stage struct {
	*Editor
	window fyne.Window
	keys   fyne.KeyModifier // that are held
	passed []string         // keys that were handed on
}

func newStage(t testing.TB) *stage {
	t.Helper()
	newApp(t)
	s := &stage{Editor: New(boxes.New([]boxes.Page{{W: 210, H: 297}, {W: 297, H: 210}}))}
	s.Pressed = func() fyne.KeyModifier { return s.keys }
	s.Typed = func(e *fyne.KeyEvent) { s.passed = append(s.passed, string(e.Name)) }
	s.Letter = func(r rune) { s.passed = append(s.passed, string(r)) }
	s.Add(boxes.Box{Page: 1, Box: pdffile.Box{X: 50, Y: 100, W: 40, H: 20}}, words)
	s.window = test.NewTempWindow(t, container.NewWithoutLayout(s.Overlay(1)))
	s.window.SetPadded(false)
	s.window.Resize(fyne.NewSize(420, 594))
	s.Overlay(1).Resize(fyne.NewSize(420, 594))
	return s
}

func words(w, h float64) *appearance.Look {
	l := appearance.NewLook(w, h)
	_ = l.Text("Ấn Tín", appearance.Bold, 14, 1, h-2)
	return l
}

// drag moves the pointer from a place on the page, mm, by a way in units.
func (s *stage) drag(x, y float32, dx, dy float32) {
	at := fyne.NewPos(2*x, 2*y)
	v := s.layers[1].views[0]
	v.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at.Subtract(v.Position())}})
	test.Drag(s.window.Canvas(), at, dx, dy)
}

func (s *stage) want(t *testing.T, x, y, w, h float64) {
	t.Helper()
	if diff := cmp.Diff(pdffile.Box{X: x, Y: y, W: w, H: h}, s.Board.Box(0).Box, cmpopts.EquateApprox(0, 1e-4)); diff != "" {
		t.Error(diff)
	}
}

func TestDrag(t *testing.T) {
	s := newStage(t)
	s.drag(70, 110, 10, -6)
	s.want(t, 55, 97, 40, 20)
	s.Board.Undo()
	s.want(t, 50, 100, 40, 20)
	s.drag(90, 120, 20, 10) // the lower right corner
	s.want(t, 50, 100, 50, 25)
	s.drag(50, 110, 10, 0) // the left side
	s.want(t, 55, 100, 45, 25)
}

// Near a guide a box snaps to it, unless Alt is held.
func TestDragSnaps(t *testing.T) {
	s := newStage(t)
	s.Board.SetGuides([]boxes.Guide{{Page: 1, Kind: boxes.Axis, Vertical: true, At: 80}})
	s.drag(70, 110, 18, 0)
	s.want(t, 60, 100, 40, 20)
	s.Board.Undo()
	s.keys = fyne.KeyModifierAlt
	s.drag(70, 110, 18, 0)
	s.want(t, 59, 100, 40, 20)
}

// While a box is dragged its guides are seen; Escape puts it back.
func TestGuidesAndEscape(t *testing.T) {
	s := newStage(t)
	s.Board.SetGuides([]boxes.Guide{{Page: 1, Kind: boxes.Axis, Vertical: true, At: 80}})
	v := s.layers[1].views[0]
	v.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(50, 30)}})
	v.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(19, 0)})
	if len(s.layers[1].lines) != 1 {
		t.Errorf("%d guides are seen, want 1", len(s.layers[1].lines))
	}
	s.want(t, 60, 100, 40, 20)
	v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	s.want(t, 50, 100, 40, 20)
	v.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(9, 0)}) // the button is still down
	v.DragEnd()
	s.want(t, 50, 100, 40, 20)
	if len(s.layers[1].lines) != 0 || s.Board.CanUndo() {
		t.Error("guides or a step are left")
	}
}

// What the keys do waits until the pointer has let go: each step of undo goes
// back to where the box was before it.
func TestKeysWhileDragged(t *testing.T) {
	s := newStage(t)
	v := s.layers[1].views[0]
	v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	v.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(50, 30)}})
	v.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(10, 0)})
	v.TypedShortcut(&fyne.ShortcutUndo{})
	v.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyRight, Modifier: fyne.KeyModifierControl})
	v.TypedKey(&fyne.KeyEvent{Name: fyne.Key2})
	s.want(t, 55.1, 100, 40, 20)
	v.DragEnd()
	s.Board.Undo()
	s.want(t, 50.1, 100, 40, 20)
	s.Board.Undo()
	s.want(t, 50, 100, 40, 20)
	if len(s.passed) != 0 {
		t.Errorf("%q was handed on", s.passed)
	}
}

// Without a mouse: Tab to the box, arrows, Ctrl and arrows, Ctrl+Z.
func TestKeys(t *testing.T) {
	s := newStage(t)
	s.window.Canvas().FocusNext()
	v := s.layers[1].views[0]
	if s.window.Canvas().Focused() != v || v.frame.StrokeWidth < 2 {
		t.Fatal("Tab does not reach the box, or the focus cannot be seen")
	}
	press := func(k fyne.KeyName) { v.TypedKey(&fyne.KeyEvent{Name: k}) }
	with := func(k fyne.KeyName, m fyne.KeyModifier) {
		v.TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: m})
	}
	press(fyne.KeyRight)
	press(fyne.KeyUp)
	s.want(t, 50.1, 99.9, 40, 20)
	s.keys = fyne.KeyModifierShift
	press(fyne.KeyLeft)
	press(fyne.KeyDown)
	s.want(t, 49.1, 100.9, 40, 20)
	s.keys = 0
	with(fyne.KeyRight, fyne.KeyModifierControl)
	with(fyne.KeyUp, fyne.KeyModifierControl|fyne.KeyModifierShift)
	s.want(t, 49.1, 100.9, 40.1, 19)
	for range 6 {
		v.TypedShortcut(&fyne.ShortcutUndo{})
	}
	s.want(t, 50, 100, 40, 20)
	v.TypedShortcut(&fyne.ShortcutRedo{})
	s.want(t, 50.1, 100, 40, 20)
	press(fyne.KeyF9)
	v.TypedRune('2')
	if diff := cmp.Diff([]string{"F9", "2"}, s.passed); diff != "" {
		t.Errorf("keys handed on: %s", diff)
	}
}

// While something is signed with them boxes are only seen.
func TestLocked(t *testing.T) {
	s := newStage(t)
	s.Locked = func() bool { return true }
	s.drag(70, 110, 10, -6)
	v := s.layers[1].views[0]
	v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	v.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyRight, Modifier: fyne.KeyModifierControl})
	s.want(t, 50, 100, 40, 20)
}

// A box that goes to another page is seen there and no longer here.
func TestOtherPage(t *testing.T) {
	s := newStage(t)
	two := s.Overlay(2)
	two.Resize(fyne.NewSize(594, 420))
	s.Board.PutMiddle(0, 2, 100, 100)
	test.WidgetRenderer(two.(fyne.Widget)).Refresh()
	if len(s.layers[1].views) != 0 || len(s.layers[2].views) != 1 {
		t.Errorf("on page 1: %d boxes, on page 2: %d", len(s.layers[1].views), len(s.layers[2].views))
	}
	if s.Overlay(2) != two {
		t.Error("the same page got another overlay")
	}
}

// A seal has no handles: its size is that of the thing.
func TestFixedSize(t *testing.T) {
	s := newStage(t)
	i := s.Add(boxes.Box{Page: 1, Box: pdffile.Box{X: 100, Y: 200, W: 36, H: 36}, Fixed: true}, words)
	v := s.layers[1].views[i]
	if len(v.handles) != 0 || v.handleAt(fyne.NewPos(1, 1)) != boxes.Body {
		t.Error("a box of fixed size has handles")
	}
}

// What a person sees: frame, handles, focus, guide, and the look itself.
func TestPicture(t *testing.T) {
	s := newStage(t)
	s.window.SetContent(container.NewStack(widget.NewLabel(""), s.Overlay(1)))
	s.Board.SetGuides([]boxes.Guide{{Page: 1, Kind: boxes.Axis, Vertical: true, At: 80}})
	v := s.layers[1].views[0]
	v.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(50, 30)}})
	v.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(19, 0)})
	test.AssertImageMatches(t, "dragged.png", s.window.Canvas().Capture())
}

// No step of a drag may hold up the window.
func TestDragIsQuick(t *testing.T) {
	s := newStage(t)
	s.window.Resize(fyne.NewSize(840, 1188))
	s.Overlay(1).Resize(fyne.NewSize(840, 1188))
	v := s.layers[1].views[0]
	v.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(50, 30)}})
	best := time.Hour // the machine may be busy with something else meanwhile
	for range 10 {
		start := time.Now()
		v.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(1.3, 0.7)})
		best = min(best, time.Since(start))
	}
	v.DragEnd()
	if best > 50*time.Millisecond {
		t.Errorf("a step of a drag takes %v", best)
	}
}
