package certify

import (
	"fmt"
	"slices"
	"testing"

	"antin/app/gui/frame"
	"antin/app/gui/look"
	"antin/app/gui/watchdog"
	"antin/signer"
	"antin/signer/practice"

	"fyne.io/fyne/v2"
)

// Nothing that a person does with 500 scans, and no step of their run, keeps the
// window from answering.
func TestAnswersWith500Scans(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.scanned("a.pdf", practice.ScanOptions{}), o.scanned("b.pdf", practice.ScanOptions{Seed: 9}))
	for i := range 498 {
		like := *s.rows[1]
		like.path = o.path(fmt.Sprintf("%d.pdf", i))
		s.rows = append(s.rows, &like)
	}
	call := func(what string, do func()) { watchdog.Call(t, watchdog.Limit, what, do) }
	call("showing the list", s.refresh)
	call("showing it again", s.refresh)
	call("the next scan", func() { s.step(+1) })
	call("agreeing", func() { s.agree(true) })
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
}
