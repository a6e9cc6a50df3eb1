package gui

import (
	"slices"
	"testing"
	"time"

	"antin/signer/settings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// The help lies over the work and over dialogs, F1 leads to and fro, and what is
// below is as it was.
func TestHelpLiesOverTheWork(t *testing.T) {
	x := open(t, settings.Settings{Role: settings.Officer})
	line := x.NewEntry()
	b := &busy{content: container.NewVBox(line)}
	x.show(b)
	canvas := x.Window.Window.Canvas()
	canvas.Focus(line)
	test.Type(line, "work")
	press := func(k fyne.KeyName) { // as the driver hands it on
		if o := canvas.Focused(); o != nil {
			o.TypedKey(&fyne.KeyEvent{Name: k})
		} else {
			canvas.OnTypedKey()(&fyne.KeyEvent{Name: k})
		}
	}

	press(fyne.KeyF1)
	if !x.help.IsOpen() || canvas.Focused() == line {
		t.Fatal("F1 does not open the help, or its keys go to the work")
	}
	if size := canvas.Overlays().Top().Size(); size != canvas.Size() {
		t.Errorf("the help has %v of the window's %v", size, canvas.Size())
	}
	press(fyne.KeyF9)
	x.do(b.Actions()[0])
	if b.pressed != 0 {
		t.Error("a key of the work works behind the help")
	}
	press(fyne.KeyF1)
	if x.help.IsOpen() || canvas.Focused() != line || line.Text != "work" {
		t.Errorf("after the help: open %v, focus on %T, %q", x.help.IsOpen(), canvas.Focused(), line.Text)
	}
	if !x.Window.Window.Content().Visible() {
		t.Error("the work is not seen again")
	}

	// Over a dialog.
	question := x.NewEntry()
	d := dialog.NewCustom("d", "ok", question, x.Window.Window)
	d.Show()
	asked := canvas.Overlays().Top()
	canvas.Focus(question)
	test.Type(question, "half")
	press(fyne.KeyF1)
	if !x.help.IsOpen() {
		t.Fatal("F1 does not open the help over a dialog")
	}
	press(fyne.KeyEscape)
	if canvas.Overlays().Top() != asked || canvas.Focused() != question || question.Text != "half" {
		t.Errorf("below the help the dialog has become %T with the focus on %T and %q", canvas.Overlays().Top(), canvas.Focused(), question.Text)
	}
	press(fyne.KeyF1)
	d.Hide() // the token was pulled, say: the toolkit takes what lies above too
	if x.help.IsOpen() || canvas.Overlays().Top() != nil || !x.Window.Window.Content().Visible() {
		t.Error("after a dialog that went by itself the work cannot be gone on with")
	}

	// A dialog that comes while the help is open is answered before the help goes on.
	press(fyne.KeyF1)
	dialog.ShowInformation("d", "d", x.Window.Window)
	came := canvas.Overlays().Top()
	x.help.Close()
	if canvas.Overlays().Top() != came {
		t.Error("closing the help took a dialog with it")
	}
	canvas.Unfocus()
	press(fyne.KeyF1)
	if canvas.Overlays().Top() != came {
		t.Error("a second help lies over the dialog that lies over the first")
	}
	canvas.Overlays().Remove(came)
	press(fyne.KeyEscape)
	if canvas.Overlays().Top() != nil || !x.Window.Window.Content().Visible() {
		t.Errorf("%T cannot be closed", canvas.Overlays().Top())
	}
}

// Documents that come while a dialog is open wait for it; the help makes room.
func TestDocumentsWaitForDialogs(t *testing.T) {
	x := open(t, settings.Settings{Role: settings.Officer})
	var waiting []func()
	x.Later = func(_ time.Duration, do func()) { waiting = append(waiting, do) }
	later := func() {
		all := waiting
		waiting = nil
		for _, do := range all {
			do()
		}
	}
	b := &busy{content: widget.NewLabel("")}
	x.show(b)
	x.Settings.Role = settings.Check // whose documents go to the screen

	d := dialog.NewInformation("d", "d", x.Window.Window)
	d.Show()
	x.raise([]string{"late.pdf"})
	later()
	if len(b.opened) != 0 || x.Window.Window.Canvas().Overlays().Top() == nil {
		t.Fatalf("opened %q behind a dialog", b.opened)
	}
	d.Hide()
	later()
	if !slices.Equal(b.opened, []string{"late.pdf"}) || len(waiting) != 0 {
		t.Errorf("after the dialog: opened %q", b.opened)
	}

	x.Help("home")
	x.raise([]string{"later.pdf"})
	if len(b.opened) != 2 || x.help.IsOpen() {
		t.Errorf("with the help open: opened %q", b.opened)
	}

	b.at = true // the dialog was that of the PIN: now it is signed
	x.raise([]string{"last.pdf"})
	later()
	if len(b.opened) != 2 || x.Window.Window.Canvas().Overlays().Top() != nil {
		t.Fatalf("at work: opened %q, or a question is asked", b.opened)
	}
	b.at = false
	later()
	if len(b.opened) != 3 || len(waiting) != 0 {
		t.Errorf("after the work: opened %q", b.opened)
	}
}
