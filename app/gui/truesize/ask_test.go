package truesize_test

import (
	"math"
	"strings"
	"testing"

	"antin/app/gui/frame"
	"antin/app/gui/look"
	"antin/app/gui/truesize"
	"antin/app/words"
	"antin/signer/settings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// asked is the question in a window; saved counts.
type asked struct {
	*frame.Frame
	saved int
}

func ask(t *testing.T, monitors ...frame.Monitor) *asked {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Light, 100))
	a := &asked{}
	a.Frame = &frame.Frame{
		Window: test.NewTempWindow(t, nil), Words: words.Vietnamese, Settings: &settings.Settings{},
		Monitors: func() []frame.Monitor { return monitors }, Save: func() error { a.saved++; return nil },
	}
	a.Window.Resize(fyne.NewSize(1366, 768))
	truesize.Ask(a.Frame, func() {})
	return a
}

func (a *asked) key(name fyne.KeyName) {
	a.Window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name})
}

// card is the outline's width in units, without its edge.
func (a *asked) card(t *testing.T) float64 {
	t.Helper()
	o, ok := a.Window.Canvas().Focused().(fyne.CanvasObject)
	if !ok {
		t.Fatal("the outline has no focus")
	}
	return float64(o.MinSize().Width) - 4
}

// A card on the screen is made as wide as one in the hand; from then on a
// millimetre of a page is one of the screen.
func TestMeasuredWithACard(t *testing.T) {
	screen := frame.Monitor{Name: "eDP-1", Width: 1366, Height: 768}
	a := ask(t, screen)
	before := a.card(t)
	if want := 85.60 * 96 / 25.4; math.Abs(before-want) > 0.1 {
		t.Fatalf("at first the card is %.1f units wide, want %.1f", before, want)
	}
	for range 3 {
		a.key(fyne.KeyPageUp)
	}
	for range 4 {
		a.Window.Canvas().Focused().TypedRune('+')
	}
	a.key(fyne.KeyLeft)
	width := a.card(t)
	if math.Abs(width-before-33) > 0.01 {
		t.Errorf("33 pixels of steps made the card %.2f units wider", width-before)
	}
	a.key(fyne.KeyReturn)
	if a.saved != 1 {
		t.Errorf("saved %d times", a.saved)
	}
	dpi := a.Settings.Window.Screens[screen.String()]
	if math.Abs(dpi*85.60/25.4-width) > 0.01 {
		t.Errorf("%.2f dots an inch for a card of %.2f pixels", dpi, width)
	}
	if units := truesize.UnitsPerMM(a.Frame, 1); math.Abs(85.60*units-width) > 0.01 {
		t.Errorf("85.60 mm are %.2f units, the card was %.2f", 85.60*units, width)
	}
	if err := a.Settings.Check(); err != nil {
		t.Error(err)
	}
	if s := truesize.State(a.Frame); !strings.Contains(s, "đo bằng thẻ") {
		t.Error(s)
	}
}

// Nothing is kept of a question that is broken off; the card stays within the
// window however long a key is held.
func TestBrokenOff(t *testing.T) {
	a := ask(t, frame.Monitor{Name: "eDP-1", Width: 1366, Height: 768, MMW: 309, MMH: 174})
	if want, got := 85.60*112.2/25.4, a.card(t); math.Abs(got-want) > 0.2 {
		t.Errorf("at first the card is %.1f units wide, want %.1f", got, want)
	}
	for range 500 {
		a.key(fyne.KeyPageUp)
	}
	if got := a.card(t); got > 0.8*1366+1 {
		t.Errorf("the card is %.0f units wide in a window of 1366", got)
	}
	a.key(fyne.KeyEscape)
	if a.saved != 0 || len(a.Settings.Window.Screens) != 0 || a.Window.Canvas().Overlays().Top() != nil {
		t.Errorf("saved %d times, %v", a.saved, a.Settings.Window.Screens)
	}
}
