package issue

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"antin/assets"
	"antin/signer"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/register"
	"antin/signer/settings"
	"antin/signer/token"
	"antin/signer/verify"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// entered are the documents of the register by number.
func (o *office) entered() map[string]*register.Document {
	o.t.Helper()
	ctx := context.Background()
	r, err := register.Open(ctx, o.path("so.db"), register.Options{})
	check(o.t, err)
	defer r.Close()
	out := map[string]*register.Document{}
	for e, err := range r.Lines(ctx, register.Outgoing, "") {
		check(o.t, err)
		if e.Document != nil {
			out[e.Document.Number.String()] = e.Document
		}
	}
	state, err := r.Check(ctx)
	check(o.t, err)
	if state.Fault != register.NoFault {
		o.t.Errorf("the register is at fault: %+v", state)
	}
	return out
}

// intact tells whether both signatures of an issued document are right and what
// came after the first is permitted.
func (o *office) intact(path string) {
	o.t.Helper()
	report, err := signer.Verify(context.Background(), signer.VerifyJob{Source: path})
	check(o.t, err)
	if len(report.Signatures) != 2 {
		o.t.Fatalf("%s: %d signatures", path, len(report.Signatures))
	}
	for i := range report.Signatures {
		if s := &report.Signatures[i]; !s.Intact() || s.Kind == verify.DocTimeStamp {
			o.t.Errorf("%s: signature %q is not intact: %v", path, s.Field, s.Err)
		}
	}
}

// Three documents: each is looked at and agreed to with the space bar, one PIN
// stamps them all, and the register has them.
func TestManyDocumentsUnderOnePIN(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.several(3)...)
	if len(s.rows) != 3 || s.current != s.rows[0] {
		t.Fatalf("%d rows, at %v", len(s.rows), s.current)
	}
	wants(t, &s.sheet, "01/QĐ-UBND", "02/QĐ-UBND", "03/QĐ-UBND")
	if r := s.rows[1]; r.leader() != "Nguyễn Văn An" || r.summary != "Về việc viec-2" || r.recipients == "" {
		t.Errorf("read %q %q %q", r.leader(), r.summary, r.recipients)
	}
	if s.stamp(); s.run != nil || o.asked != 0 {
		t.Fatal("stamped before anybody has looked")
	}
	for range s.rows {
		s.key(&fyne.KeyEvent{Name: fyne.KeySpace})
	}
	s.key(&fyne.KeyEvent{Name: fyne.KeyF9})
	if o.asked != 1 {
		t.Errorf("the PIN was asked for %d times", o.asked)
	}
	for _, r := range s.rows {
		if r.state != signer.RowDone {
			t.Fatalf("%s: %v %v", r.name(), r.state, r.failure)
		}
		o.intact(r.result.Output)
	}
	in := o.entered()
	if d := in["02/QĐ-UBND"]; len(in) != 3 || d == nil || d.Summary != "Về việc viec-2" || d.Signer != "Nguyễn Văn An" {
		t.Errorf("entered %d: %+v", len(in), in["02/QĐ-UBND"])
	}
	// The next list goes on where this one ended.
	s.Close()
	s = o.screen(o.signed("viec-4"))
	wants(t, &s.sheet, "04/QĐ-UBND")
}

// A single document needs no agreement; the seal stands where it was dragged.
func TestOneDocument(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.signed("viec"))
	s.setFirst("121")
	wants(t, &s.sheet, "121/QĐ-UBND")
	if s.editor == nil || s.editor.Board.Len() != 1 {
		t.Fatal("the seal is not shown")
	}
	before := s.editor.Board.Box(sealBox)
	s.editor.Board.Move(sealBox, 3, -2)
	s.stamp()
	r := s.rows[0]
	if r.state != signer.RowDone {
		t.Fatalf("%v %v", r.state, r.failure)
	}
	if got := r.result.Place; got.X != before.X+3 || got.Y != before.Y-2 || got.W != 36 {
		t.Errorf("the seal stands at %+v, dragged from %+v", got, before)
	}
	o.intact(r.result.Output)
}

// Where the layout in use wants no seal the clerk may finish without one, and says
// so; elsewhere that is not offered.
func TestWithoutSeal(t *testing.T) {
	o := newOffice(t)
	if s := o.screen(); s.panel.noSeal.Visible() {
		t.Error("by the decree a document may go out without a seal")
	}
	own := assets.ProfileNamed(assets.ProfileOwn).Clone()
	check(t, errors.Join(own.Set("seal.optional", "true"), settings.SaveProfile(own)))
	o.frame.Settings.Profile = assets.ProfileOwn
	o.frame.Settings.Certificates = map[string]settings.Certificate{} // no picture at all
	s := o.screen(o.signed("viec"))
	if s.panel.noSeal.Hidden || s.rows[0].refusal == nil {
		t.Fatalf("offered: %v; without a word: %v", s.panel.noSeal.Visible(), s.rows[0].refusal)
	}
	test.Tap(s.panel.noSeal)
	if s.panel.missing.Box.Visible() || !s.panel.diameter.Disabled() {
		t.Error("a seal is still asked for")
	}
	s.stamp()
	r := s.rows[0]
	if r.state != signer.RowDone {
		t.Fatalf("%v %v", r.state, r.failure)
	}
	if r.result.Place != (signer.Place{}) {
		t.Errorf("a seal stands at %+v", r.result.Place)
	}
	o.intact(r.result.Output)
}

// The marks of urgency are those of the layout in use.
func TestUrgencyOfTheLayoutInUse(t *testing.T) {
	o := newOffice(t)
	own := assets.ProfileNamed(assets.ProfileOwn).Clone()
	check(t, errors.Join(own.Set("urgency.frames", `{"HỎA TỐC HẸN GIỜ": [45, 8]}`), settings.SaveProfile(own)))
	o.frame.Settings.Profile = assets.ProfileOwn
	if got := o.screen().panel.urgency.Options; len(got) != 2 || got[1] != "HỎA TỐC HẸN GIỜ" {
		t.Errorf("offered %q", got)
	}
}

// Without the leader's signature nothing is stamped, unless a reason is given,
// which the register keeps.
func TestNoLeaderSignature(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.draft("nhap"))
	r := s.rows[0]
	if !errors.Is(r.refusal, signer.ErrNoLeaderSignature) || r.signable() {
		t.Fatalf("refused with %v", r.refusal)
	}
	if s.stamp(); o.asked != 0 {
		t.Fatal("the PIN was asked for")
	}
	wants(t, &s.sheet, "–") // a number would leave a gap
	r.override = &signer.Override{Reason: "Chủ tịch chỉ đạo bằng điện thoại"}
	s.replan(r)
	if r.refusal != nil {
		t.Fatalf("with a reason: %v", r.refusal)
	}
	s.stamp()
	if r.state != signer.RowDone {
		t.Fatalf("%v %v", r.state, r.failure)
	}
	if d := o.entered()["01/QĐ-UBND"]; d == nil || d.Override != "Chủ tịch chỉ đạo bằng điện thoại" {
		t.Errorf("entered %+v", d)
	}
}

// A wrong PIN stops the run at once; nothing is signed, nothing lost, and the next
// PIN is the person's own wish.
func TestWrongPIN(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.several(2)...)
	for range s.rows {
		s.agree(true)
	}
	o.pin = token.ErrPINWrong
	s.stamp()
	if o.asked != 1 || s.run == nil || !errors.Is(s.run.Halted(), token.ErrPINWrong) {
		t.Fatalf("asked %d times, halted by %v", o.asked, s.run)
	}
	if made, _ := filepath.Glob(o.path("*.phathanh*.pdf")); len(made) != 0 || len(o.entered()) != 0 {
		t.Fatalf("made %q", made)
	}
	o.pin = nil
	s.again()
	if o.asked != 2 || s.rows[0].state != signer.RowDone || s.rows[1].state != signer.RowDone {
		t.Fatalf("asked %d times: %v %v", o.asked, s.rows[0].state, s.rows[1].state)
	}
	if got := len(o.entered()); got != 2 {
		t.Errorf("%d entered", got)
	}
}

// What was not stamped waits in the list again, and its numbers are free.
func TestRestIsGivenUp(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.several(2)...)
	for range s.rows {
		s.agree(true)
	}
	o.pin = errors.New("nobody is there")
	s.stamp()
	s.leave()
	for i, r := range s.rows {
		if r.state != signer.RowWaiting || r.number.N != i+1 {
			t.Fatalf("row %d: state %v, number %v", i, r.state, r.number)
		}
	}
}

// Without the organisation's token the list is read and says what is missing.
func TestNoToken(t *testing.T) {
	o := newOffice(t)
	o.plug = false
	s := o.screen(o.signed("viec"))
	if _, told := s.told(s.rows[0]); told != s.Text("outgoing.row-token") || s.rows[0].signable() {
		t.Errorf("told %q", told)
	}
}

// What a crash has cut off is offered at the next start and goes on without
// signing anything twice.
func TestInterruptedRunGoesOn(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.several(2)...)
	for range s.rows {
		s.agree(true)
	}
	o.pin = errors.New("the power fails")
	s.stamp()
	for _, key := range []fyne.KeyName{fyne.KeyDelete, fyne.KeySpace, fyne.KeyF2} { // what the journal has is what is done when it goes on
		if s.key(&fyne.KeyEvent{Name: key}); s.current.state != signer.RowWaiting || !s.current.agreed {
			t.Errorf("%s changes a row of the stopped run", key)
		}
	}
	s.Close()
	o.pin = nil
	s = o.screen()
	if s.left != 2 {
		t.Fatalf("%d rows are left of the run before", s.left)
	}
	s.resumeEarlier()
	if len(s.rows) != 2 || s.rows[0].state != signer.RowDone || s.rows[1].state != signer.RowDone {
		t.Fatalf("%d rows", len(s.rows))
	}
	if got := len(o.entered()); got != 2 {
		t.Errorf("%d entered", got)
	}
}

// A source that has gone meanwhile costs its row and nothing else.
func TestSourceGone(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.several(2)...)
	for range s.rows {
		s.agree(true)
	}
	check(t, os.Remove(s.rows[0].path))
	s.stamp()
	if s.run != nil || o.asked != 0 || s.rows[0].refusal == nil {
		t.Fatalf("the run began: %v", s.rows[0].refusal)
	}
	s.skip()
	s.stamp()
	if s.rows[1].state != signer.RowDone {
		t.Errorf("the other: %v %v", s.rows[1].state, s.rows[1].failure)
	}
}

// A number that another document has is told at once, in the list and from the
// register.
func TestNumberIsTaken(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.several(2)...)
	s.turn(s.rows[1])
	s.setRowNumber("1")
	if r := s.rows[1]; !errors.Is(r.taken, signer.ErrNumberTwice) || r.signable() {
		t.Errorf("twice in the list: %v", r.taken)
	}
	s.setRowNumber("2")
	if r := s.rows[1]; r.taken != nil || !r.signable() {
		t.Errorf("another number: %v %v", r.taken, r.refusal)
	}
	for _, r := range s.rows {
		r.agreed = true
	}
	s.stamp()
	s.Close()
	s = o.screen(o.signed("viec-3"))
	s.setRowNumber("02/QĐ-UBND")
	if r := s.rows[0]; !errors.Is(r.taken, register.ErrTaken) || r.signable() {
		t.Errorf("in the register: %v", r.taken)
	}
}

// Where the first signer left no room, two clicks say where number and date go.
func TestPlacesArePointedAt(t *testing.T) {
	o := newOffice(t)
	picture, err := practice.SignaturePicture("Nguyễn Văn An", 1)
	check(t, err)
	check(t, os.WriteFile(o.path("ky.png"), picture, 0o600))
	signed, err := signer.Approve(context.Background(), signer.ApproveJob{
		Common: signer.Common{Source: o.scanned("quet"), Key: o.leader}, Picture: o.path("ky.png"), NoSlots: true,
		At: &signer.Place{Page: 1, Box: pdffile.Box{X: 120, Y: 230, W: 40, H: 18}},
	}, nil)
	check(t, err)
	s := o.screen(signed.Output)
	s.setRowNumber("7/QĐ-UBND")
	r := s.rows[0]
	if r.pointing() != signer.NumberPart {
		t.Fatalf("asked for %q after %v", r.pointing(), r.refusal)
	}
	s.pointed(1, 40, 60)
	s.pointed(1, 110, 60)
	if r.refusal != nil || r.pointing() != "" {
		t.Fatalf("after two clicks: %v", r.refusal)
	}
	s.stamp()
	if r.state != signer.RowDone {
		t.Fatalf("%v %v", r.state, r.failure)
	}
}

// A run that is paused, or stopped with rows that wait, is not lost for another one.
func TestOneRunAtATime(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.several(3)...)
	for range s.rows {
		s.agree(true)
	}
	o.onPIN = func() { s.run.Pause() }
	s.stamp()
	run := s.run
	if !s.Busy() || run.Working() || !run.Open() {
		t.Fatalf("after a pause: busy %v", s.Busy())
	}
	s.stamp()
	s.leave()
	if s.run != run {
		t.Fatal("a paused run was replaced")
	}
	run.Stop()
	if s.stamp(); s.run != run || s.Busy() {
		t.Fatal("what waits was forgotten")
	}
	o.onPIN = nil
	s.again()
	if got := len(o.entered()); got != 3 || o.asked != 2 {
		t.Errorf("%d entered, asked %d times", got, o.asked)
	}
}

// A screen that is closed while its run is prepared signs nothing, and lets go of
// the register.
func TestClosedWhileARunIsPrepared(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.several(1)...)
	s.agree(true)
	var done []func()
	o.frame.Worker = func(work, then func()) {
		work()
		done = append(done, then)
	}
	s.stamp()
	s.Close()
	for len(done) > 0 {
		next := done[0]
		done = done[1:]
		next()
	}
	if o.asked != 0 || s.rows[0].state != signer.RowWaiting {
		t.Fatalf("asked %d times, the row is %v", o.asked, s.rows[0].state)
	}
	if _, err := s.register.UnstampedCount(context.Background()); err == nil {
		t.Error("the register is open")
	}
}
