package issue

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"antin/app/gui/frame"
	"antin/app/gui/look"
	"antin/app/gui/watchdog"
	"antin/signer"

	"fyne.io/fyne/v2"
)

// Nothing that a person does to a list of 500 documents, and no step of their run,
// keeps the window from answering.
func TestAnswersWith500Documents(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.several(2)...)
	like := s.rows[1]
	for i := range 498 {
		r := *like
		r.path, r.number.N = o.path(fmt.Sprintf("viec-%d.pdf", i+3)), i+3
		s.rows = append(s.rows, &r)
	}
	call := func(what string, do func()) { watchdog.Call(t, watchdog.Limit, what, do) }
	call("showing the list", s.refresh)
	call("showing it again", s.refresh)
	call("the next document", func() { s.step(+1) })
	call("agreeing", func() { s.agree(true) })
	call("a row far below", func() { s.turn(s.rows[490]) })
	call("turning the page", func() { s.reader.GoTo(2) })
	call("a key", func() { s.key(&fyne.KeyEvent{Name: fyne.KeyPageUp}) })
	dress := func(what string, to fyne.Theme) { watchdog.Calls(t, watchdog.Limit, what, frame.Wear(to)) }
	dress("larger text", look.New(look.Light, 120))
	dress("dark colours", look.New(look.Dark, 100))

	s.run = &run{screen: s, rows: slices.Clone(s.rows)}
	s.run.track(func() {})
	for i, of := range s.run.rows {
		for _, now := range []signer.Row{{State: signer.RowWorking}, {State: signer.RowDone, Result: &signer.Result{Output: of.path}}} {
			call("a step of the run", func() {
				s.run.changed(i, now)
				s.run.show()
			})
		}
	}
	call("the end of the run", s.run.turned)
	call("leaving", s.refresh)
}

// The offer to go on with an earlier run stands while documents are read beside it:
// a button that is replaced between press and release is not pressed.
func TestOfferStaysWhileRowsAreRead(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.several(2)...)
	for range s.rows {
		s.agree(true)
	}
	o.pin = errors.New("the power fails")
	s.stamp()
	s.Close()
	o.pin = nil
	s = o.screen()
	before := slices.Clone(s.panel.banner.Box.Objects)
	if s.left != 2 || len(before) < 3 {
		t.Fatalf("%d rows are left of the run before, %d objects offer to go on", s.left, len(before))
	}
	s.Open([]string{o.signed("khac")})
	s.signerChanged()
	if !slices.Equal(before, s.panel.banner.Box.Objects) {
		t.Error("the buttons were replaced")
	}
}
