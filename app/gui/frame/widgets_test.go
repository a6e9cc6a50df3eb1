package frame_test

import (
	"testing"

	"antin/app/gui/frame"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// What a person types is taken once, when he leaves or presses Return; what the
// program puts there meanwhile does not disturb him.
func TestEntryIsTaken(t *testing.T) {
	test.NewTempApp(t)
	f := &frame.Frame{}
	e := f.NewEntry()
	var taken []string
	e.Taken = func(text string) { taken = append(taken, text) }
	w := test.NewTempWindow(t, e)
	e.Put("121")
	w.Canvas().Focus(e)
	e.SetText("")
	test.Type(e, "7")
	e.Put("122")
	if e.Text != "7" {
		t.Errorf("while typing %q is shown", e.Text)
	}
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	w.Canvas().Unfocus()
	if len(taken) != 1 || taken[0] != "7" {
		t.Errorf("taken %q, want 7 once", taken)
	}
	e.Put("123")
	if e.Text != "123" {
		t.Errorf("after leaving %q is shown", e.Text)
	}
}
