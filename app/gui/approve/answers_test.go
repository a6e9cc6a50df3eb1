package approve

import (
	"fmt"
	"slices"
	"testing"

	"antin/app/gui/frame"
	"antin/app/gui/look"
	"antin/app/gui/watchdog"
	"antin/signer"

	"fyne.io/fyne/v2"
)

// Nothing that a person does with 500 documents, and no step of their run, keeps
// the window from answering.
func TestAnswersWith500Documents(t *testing.T) {
	d := newDesk(t, "a.pdf", "b.pdf")
	s := d.Screen
	for i := range 498 {
		like := *s.documents[1]
		like.path = fmt.Sprintf("%d.pdf", i)
		s.documents = append(s.documents, &like)
	}
	call := func(what string, do func()) { watchdog.Call(t, watchdog.Limit, what, do) }
	call("showing the list", s.refresh)
	call("showing it again", s.refresh)
	call("the next document", func() { s.step(+1) })
	call("agreeing", func() { s.agree(true) })
	call("moving the signature", func() { s.current.editor.Board.Move(box, 3, -2) })
	call("turning the page", func() { s.reader.GoTo(2) })
	call("a key", func() { d.press(fyne.KeyPageUp) })
	dress := func(what string, to fyne.Theme) { watchdog.Calls(t, watchdog.Limit, what, frame.Wear(to)) }
	dress("larger text", look.New(look.Light, 120))
	dress("dark colours", look.New(look.Dark, 100))

	s.run = &run{screen: s, documents: slices.Clone(s.documents)}
	s.run.track(func() {})
	for i, of := range s.run.documents {
		for _, now := range []signer.Row{{State: signer.RowWorking}, {State: signer.RowDone, Result: &signer.Result{Output: of.path}}} {
			call("a step of the run", func() {
				s.run.changed(i, now)
				s.run.show()
			})
		}
	}
	call("the end of the run", s.run.turned)
	call("leaving the result", s.leaveRun)
}
