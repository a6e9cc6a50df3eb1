package approve

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"antin/app/gui/reader"
	"antin/signer"
	"antin/signer/practice"
	"antin/signer/render"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "worker" && os.Args[2] == "render" {
		os.Exit(render.ServePages(os.Args[3:]))
	}
	os.Exit(m.Run())
}

// A real document through the real signer: found in its text, signed, verified by
// another program, the source untouched.
func TestRealDocument(t *testing.T) {
	pdf, places, err := practice.Decision(practice.DecisionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	d.use.Plan, d.use.Approve = signer.PlanApprove, signer.Approve
	d.reader.Close()
	real := New(d.Frame, nil, Use{PIN: d.use.PIN, Reader: reader.Options{}})
	t.Cleanup(real.Close)
	d.Screen = real
	d.window.SetContent(d.Content())
	path := write(t, t.TempDir(), "QD-77.pdf", pdf)
	d.Open([]string{path})
	d.wantSeen("Đã tìm thấy: CHỦ TỊCH – Nguyễn Văn An (trang 2)", "Khớp tên")
	at, _ := d.current.place()
	want := places.Signature
	if x, middle := at.X+at.W/2, want.X+want.W/2; at.Page != want.Page || x < middle-2 || x > middle+2 || at.Y < want.Y-2 || at.Y+at.H > want.Y+want.H+2 {
		t.Errorf("placed at %+v, the free space is %+v", at, want)
	}
	d.press(fyne.KeyF9)
	d.wantSeen("Đã ký", "QD-77.daky.pdf", "Kiểm tra lại:")
	if d.documents[0].unlogged != nil {
		t.Errorf("not logged: %v", d.documents[0].unlogged)
	}
	output := filepath.Join(filepath.Dir(path), "QD-77.daky.pdf")
	for _, opinion := range []practice.Opinion{practice.QPDF(output, ""), practice.PDFSig(output, "", 1)} {
		if opinion.Missing {
			t.Logf("%s is not installed: not asked", opinion.Judge)
		} else if err := opinion.Error(); err != nil {
			t.Error(err)
		}
	}
	if now, err := os.ReadFile(path); err != nil || string(now) != string(pdf) {
		t.Errorf("the source was touched (%v)", err)
	}
}

// The source goes away while the document is open: told, and nothing is made.
func TestSourceGoesAway(t *testing.T) {
	pdf, _, err := practice.Decision(practice.DecisionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	d.use.Plan, d.use.Approve = signer.PlanApprove, signer.Approve
	path := write(t, t.TempDir(), "QD.pdf", pdf)
	d.Open([]string{path})
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	d.tapped(1, 100, 100) // the fake pages know no text
	d.press(fyne.KeyF9)
	d.wantSeen("KS-614")
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// No call may hold up the window: a step of a drag, a key, the next document.
func TestNothingIsSlow(t *testing.T) {
	d := newDesk(t, "a.pdf", "b.pdf", "c.pdf")
	best := func(what string, do func()) {
		t.Helper()
		quickest := time.Hour // the machine may be busy with something else meanwhile
		for range 8 {
			start := time.Now()
			do()
			quickest = min(quickest, time.Since(start))
		}
		t.Logf("%s: %v", what, quickest.Round(time.Microsecond))
		if quickest > 50*time.Millisecond {
			t.Errorf("%s takes %v, the budget is 50 ms", what, quickest)
		}
	}
	d.toBox()
	view := d.window.Canvas().Focused()
	view.(desktop.Mouseable).MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(60, 40)}})
	best("a step of a drag", func() {
		view.(fyne.Draggable).Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(17, -9)})
	})
	view.(fyne.Draggable).DragEnd()
	best("an arrow", func() { view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft}) })
	best("everything shown anew", d.refresh)
	best("asking for the actions", func() { d.Actions() })
}

// What is read aloud to a leader has no words of technicians.
func TestPlainWords(t *testing.T) {
	d := newDesk(t, "a.pdf")
	for _, word := range []string{"PKCS", "slot", "PAdES", "hash", "OCSP"} {
		if strings.Contains(d.seen(), word) {
			t.Errorf("%q is on the screen", word)
		}
	}
}
