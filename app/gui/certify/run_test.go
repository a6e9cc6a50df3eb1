package certify

import (
	"errors"
	"os"
	"testing"

	"antin/signer"
	"antin/signer/practice"
	"antin/signer/scan"
)

// A run that was cut off is offered at the next start and goes on, with the pages as
// they were put together.
func TestInterruptedRunGoesOn(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.scanned("a.pdf", practice.ScanOptions{}), o.scanned("b.pdf", practice.ScanOptions{Seed: 9}, practice.ScanOptions{Seed: 8}))
	s.turn(s.rows[1])
	s.do(s.current, scan.Drop{Pages: []int{1}})
	for _, r := range s.rows {
		s.turn(r)
		s.agree(true)
	}
	o.pin = errors.New("the power fails")
	if s.certify(); s.run == nil || s.run.Remaining() != 2 {
		t.Fatalf("%+v", s.run)
	}
	for _, a := range s.Actions() { // what the journal has is what is done when it goes on
		switch a.Label {
		case s.Text("certify.skip"), s.Text("certify.agree"), s.Text("certify.turn"), s.Text("certify.undo"), s.Text("certify.certify"):
			if a.Enabled() {
				t.Errorf("%s is offered while the rest of a run waits", a.Label)
			}
		}
	}
	s.Close()
	o.pin = nil
	s = o.screen(o.scanned("c.pdf", practice.ScanOptions{Seed: 7}))
	o.wantSeen("Lần trước dừng giữa chừng: còn 2 bản quét chưa chứng thực.")
	s.resumeEarlier()
	if len(s.rows) != 3 || s.rows[1].state != signer.RowDone || s.rows[2].state != signer.RowDone || s.earlier != 0 {
		t.Fatalf("%d rows, %+v", len(s.rows), s.run)
	}
	pages := s.rows[2].result.Copy.Pages
	if len(pages) != 1 {
		t.Errorf("pages %v", pages)
	}
	other := s.rows[0]
	if other.number.N != 0 {
		t.Errorf("a scan beside the run has number %v, which is the run's", other.number)
	}
	if s.nextScan(); other.number.N != 3 {
		t.Errorf("after the run the other scan has number %v, want 3", other.number)
	}
	if in := o.copies(); len(in) != 2 || in["01/SY-UBND"] == nil || in["02/SY-UBND"] == nil {
		t.Errorf("entered %v", in)
	}
}

// What is left can be given up, at once or at the next start: its numbers are free,
// and the scans are in the list again.
func TestRestIsGivenUp(t *testing.T) {
	o := newOffice(t)
	path := o.scanned("a.pdf", practice.ScanOptions{})
	s := o.screen(path)
	o.pin = errors.New("nobody is there")
	s.certify()
	s.leave()
	if s.run != nil || len(s.ready()) != 1 || s.rows[0].number.N != 1 {
		t.Fatalf("%+v, number %v", s.run, s.rows[0].number)
	}
	s.certify()
	s.Close()
	s = o.screen()
	if s.earlier != 1 {
		t.Fatalf("%d rows are left of the run before", s.earlier)
	}
	s.discardEarlier()
	o.pin = nil
	s.Open([]string{path})
	s.certify()
	if s.rows[0].state != signer.RowDone || o.copies()["01/SY-UBND"] == nil {
		t.Errorf("%v %v", s.rows[0].failure, o.copies())
	}
}

// Only what failed is done again; a scan that changed since it was judged is judged
// anew before that.
func TestChangedScan(t *testing.T) {
	o := newOffice(t)
	a, b := o.scanned("a.pdf", practice.ScanOptions{}), o.scanned("b.pdf", practice.ScanOptions{Seed: 9})
	s := o.screen(a, b)
	for _, r := range s.rows {
		s.turn(r)
		s.agree(true)
	}
	was, err := os.ReadFile(a)
	check(t, err)
	o.put("a.pdf", append(was, '\n'))
	s.certify()
	if s.rows[0].state != signer.RowFailed || !errors.Is(s.rows[0].failure, signer.ErrSourceChanged) || s.rows[1].state != signer.RowDone {
		t.Fatalf("%v %v", s.rows[0].failure, s.rows[1].failure)
	}
	if s.again(); s.rows[0].state != signer.RowFailed || len(o.copies()) != 1 {
		t.Fatalf("%v, entered %v", s.rows[0].failure, o.copies())
	}
	s.leave()
	s.turn(s.rows[0])
	s.agree(true)
	s.certify()
	if s.rows[0].state != signer.RowDone || len(o.copies()) != 2 {
		t.Errorf("%v, entered %v", s.rows[0].failure, o.copies())
	}
}

// What is left of a run keeps its numbers on the screen too: the register has kept
// them for it.
func TestRestKeepsItsNumbers(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.scanned("a.pdf", practice.ScanOptions{}), o.scanned("b.pdf", practice.ScanOptions{Seed: 9}))
	for _, r := range s.rows {
		s.turn(r)
		s.agree(true)
	}
	was, err := os.ReadFile(s.rows[1].path)
	check(t, err)
	check(t, os.Remove(s.rows[1].path))
	s.certify()
	if s.rows[0].state != signer.RowDone || s.rows[1].state != signer.RowFailed || s.rows[1].number.N != 2 {
		t.Fatalf("%v, %v with number %v", s.rows[0].failure, s.rows[1].failure, s.rows[1].number)
	}
	o.wantSeen("2 bản quét · 0 đạt · 0 đã xem") // one is done, the other has failed
	o.put("b.pdf", was)
	s.again()
	if in := o.copies(); s.rows[1].state != signer.RowDone || s.rows[1].number.N != 2 || len(in) != 2 || in["02/SY-UBND"] == nil {
		t.Errorf("%v with number %v, entered %v", s.rows[1].failure, s.rows[1].number, in)
	}
}

// Another run in this register keeps a new one from beginning, with a reason.
func TestAnotherProgramIsAtIt(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.scanned("a.pdf", practice.ScanOptions{}))
	job := s.job(s.rows[0])
	who, err := organisation()
	check(t, err)
	other, err := signer.NewCopyBatch(t.Context(), s.register, signer.Common{Key: who}, []signer.CopyRow{{Job: job}})
	check(t, err)
	if s.certify(); s.run != nil || s.rows[0].state != signer.RowWaiting {
		t.Fatalf("%+v", s.run)
	}
	o.wantSeen("Một chương trình khác đang làm một đợt như thế.")
	check(t, other.Close())
}
