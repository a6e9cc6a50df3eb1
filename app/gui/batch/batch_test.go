package batch_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"antin/app/gui/batch"
	"antin/app/gui/frame"
	"antin/app/gui/watchdog"
	"antin/app/words"
	"antin/signer"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// desk is a screen with nothing but a run on it.
type desk struct {
	t      *testing.T
	frame  *frame.Frame
	window fyne.Window
	panel  *batch.Panel
	run    *batch.Run
	later  []func()
	shown  int // times
	show   func()
	asked  int // times that the question for the PIN was closed
	opened string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	test.NewTempApp(t)
	d := &desk{t: t}
	d.frame = &frame.Frame{
		Words: words.English, Now: time.Now, Worker: func(work, done func()) { work(); done() },
		Document: func(path string) { d.opened = path },
	}
	d.panel = batch.NewPanel(d.frame, batch.Words{Title: "outgoing.working", Writing: "outgoing.stage-write", Again: "outgoing.again", Back: "outgoing.back", Failed: "outgoing.failed"},
		widget.NewLabel("choices"), func() { d.run.Again(func() { d.asked++ }) }, func() { d.panel.Choices() })
	d.run = batch.New(d.frame, func() { d.asked++ }, batch.Use{
		Name:    func(row int) string { return fmt.Sprintf("%d.pdf", row) },
		Changed: func(int, signer.Row) {},
		Show:    func() { d.show() },
		Turned:  d.turned,
	})
	d.show = func() {
		d.shown++
		d.panel.Progress(d.run)
	}
	d.window = test.NewTempWindow(t, d.panel.Box)
	d.window.Resize(fyne.NewSize(340, 600))
	return d
}

func (d *desk) turned() {
	if d.run.Open() {
		d.panel.Progress(d.run)
		return
	}
	d.panel.Result(d.run, "made.pdf", d.panel.Told(d.run))
}

// buttons are those that are seen, by their words.
func (d *desk) buttons() map[string]*frame.Button {
	out := map[string]*frame.Button{}
	var look func(o fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *frame.Button:
			if o.Visible() {
				out[o.Text] = o
			}
		case *fyne.Container:
			for _, child := range o.Objects {
				look(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				look(child)
			}
		}
	}
	look(d.panel.Box)
	return out
}

// tap presses a button as a person does.
func (d *desk) tap(name string) {
	d.t.Helper()
	b := d.buttons()[name]
	if b == nil {
		d.t.Fatalf("no button %q among %v", name, d.buttons())
	}
	test.Tap(b)
}

func rows(n int, step func(row int) error) *signer.Batch {
	b := &signer.Batch{Rows: make([]signer.Row, n)}
	b.Step = func(_ context.Context, row int, progress signer.Progress) (*signer.Result, error) {
		progress(signer.AskingKey, 0, 0)
		if err := step(row); err != nil {
			return nil, err
		}
		return &signer.Result{Output: fmt.Sprintf("%d.daky.pdf", row)}, nil
	}
	return b
}

func well(int) error { return nil }

// Everything that happens within 150 ms is shown at once, the last state too.
func TestShownAtIntervals(t *testing.T) {
	d := newDesk(t)
	d.frame.Later = func(wait time.Duration, do func()) {
		if wait <= 0 || wait > batch.Every {
			t.Errorf("shown after %v", wait)
		}
		d.later = append(d.later, do)
	}
	d.run.Do(rows(30, well))
	if d.shown != 1 || len(d.later) != 1 {
		t.Fatalf("shown %d times, planned %d times", d.shown, len(d.later))
	}
	if d.later[0](); d.shown != 2 {
		t.Errorf("the last state is not shown")
	}
	if d.run.Count(signer.RowDone) != 30 || d.asked != 1 {
		t.Errorf("%d done, the question closed %d times", d.run.Count(signer.RowDone), d.asked)
	}
}

// A pause keeps what is done and the login; Cancel in a pause ends the run, and the
// rest can be done again.
func TestPauseCancelAgain(t *testing.T) {
	d := newDesk(t)
	d.run.Do(rows(3, func(row int) error {
		if row == 0 {
			d.tap("Pause")
		}
		return nil
	}))
	if d.run.Working() || !d.run.Open() || d.run.Count(signer.RowDone) != 1 || d.asked != 0 {
		t.Fatalf("after Pause: %+v", d.run)
	}
	d.tap("Cancel")
	if d.run.Open() || !errors.Is(d.run.Halted(), context.Canceled) || d.run.Remaining() != 2 || d.asked != 1 {
		t.Fatalf("after Cancel: %v, %d remain", d.run.Halted(), d.run.Remaining())
	}
	d.tap("Do what is left")
	if d.run.Remaining() != 0 || d.run.Halted() != nil {
		t.Errorf("%d remain, %v", d.run.Remaining(), d.run.Halted())
	}
	if b := d.buttons(); b["Do what is left"] != nil || b["Back to the list"] == nil {
		t.Errorf("buttons of a run that is through: %v", b)
	}
	if d.tap("Open document"); d.opened != "made.pdf" {
		t.Errorf("opened %q", d.opened)
	}
}

// Only what failed is done again.
func TestOnlyFailedAgain(t *testing.T) {
	d := newDesk(t)
	var done []int
	bad := errors.New("this one only")
	d.run.Do(rows(4, func(row int) error {
		done = append(done, row)
		if row == 2 {
			return bad
		}
		return nil
	}))
	if told := d.panel.Told(d.run); len(told) != 1 || told[0].Sign != frame.SignBad {
		t.Errorf("told %+v", told)
	}
	bad = nil
	d.tap("Do what is left")
	if !slices.Equal(done, []int{0, 1, 2, 3, 2}) {
		t.Errorf("done %v", done)
	}
}

// A button that is pressed down is the same when the finger leaves it, whatever
// has happened meanwhile: else the toolkit delivers no tap.
func TestButtonsStay(t *testing.T) {
	d := newDesk(t)
	var before map[string]*frame.Button
	d.run.Do(rows(5, func(row int) error {
		now := d.buttons()
		if before == nil {
			before = now
		}
		for name, b := range before {
			if now[name] != b {
				t.Errorf("row %d: %q was replaced", row, name)
			}
		}
		return nil
	}))
	before = d.buttons()
	d.turned()
	for name, b := range d.buttons() {
		if before[name] != b {
			t.Errorf("%q was replaced", name)
		}
	}
}

// Showing a run of many rows takes no time that a person would notice, each time
// and in all: here every step is shown.
func TestManyRows(t *testing.T) {
	const many = 500
	d := newDesk(t)
	show := d.show
	d.show = func() { watchdog.Call(t, watchdog.Limit, "one step of many rows", show) }
	d.run.Do(rows(many, well))
	if d.shown < 3*many {
		t.Errorf("shown %d times", d.shown)
	}
	watchdog.Call(t, watchdog.Limit, "the result of many rows", d.turned)
}
