package approve

import (
	"fmt"
	"slices"
	"testing"

	"antin/app/gui/batch"
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
	dress := func(what string, th fyne.Theme) {
		watchdog.Calls(t, watchdog.Limit, what, func(do func(func())) {
			frame.Dress(do, func() { fyne.CurrentApp().Settings().SetTheme(th) }, func() {})
		})
	}
	dress("larger text", look.New(look.Light, 120))
	dress("dark colours", look.New(look.Dark, 100))

	r := &run{screen: s, documents: slices.Clone(s.documents)}
	r.Run = batch.New(s.Frame, func() {}, batch.Use{Name: func(i int) string { return r.documents[i].name() }, Changed: r.changed, Show: r.show, Turned: r.turned})
	s.run = r
	for i := range 500 {
		call("a document being signed", func() {
			r.changed(i, signer.Row{State: signer.RowWorking})
			r.show([]int{i})
		})
		call("a document that is signed", func() {
			r.changed(i, signer.Row{State: signer.RowDone, Result: &signer.Result{Output: r.documents[i].path}})
			r.show([]int{i})
		})
	}
	call("the end of the run", r.turned)
	call("leaving the result", s.leaveRun)
}
