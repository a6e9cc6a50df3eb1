package main

import (
	"image"
	"os"
	"os/exec"
	"testing"
	"time"

	"antin/signer/practice/machine"
	"antin/signer/settings"
)

// The organisation's token is pulled out while the second of three documents is
// stamped: the first is kept and entered, and going on does the other two.
func TestTokenPulledUnderAClerkInTheWindow(t *testing.T) {
	o := newFaultyOffice(t, settings.Clerk)
	o.documents("quyet-dinh.daky.pdf", "den/1.daky.pdf", "den/2.daky.pdf", "den/3.daky.pdf")
	o.token("C_Sign 2 pull")
	s := o.screen()
	s.start(o.path("den"))
	s.reads(listPart, "3 sẵn sàng")
	s.agreeAll(3)
	s.reads(listPart, "3 đã xem")
	s.press()
	o.enter(s)
	s.reads(panelPart, "KS-121 USB ký số bị rút")
	s.picture("pulled")
	o.tries(1)
	o.holds("den", "1.phathanh.pdf")
	o.entered(1)

	o.token()
	s.reads(headPart, "(còn")
	o.tries(1)
	s.press()
	o.enter(s)
	o.appear(s, "den/*.phathanh.pdf", 3, 20*time.Second)
	s.reads(panelPart, "Đã phát hành 3/3 văn bản")
	o.tries(2)
	o.holds("den", "1.phathanh.pdf", "2.phathanh.pdf", "3.phathanh.pdf")
	o.judged(2, o.made("den/*.phathanh.pdf")...)
	o.entered(3)
}

// So it is with three scans that are certified.
func TestTokenPulledUnderACopyInTheWindow(t *testing.T) {
	o := newFaultyOffice(t, settings.Clerk)
	o.documents("quet.pdf", "den/1.pdf", "den/2.pdf", "den/3.pdf")
	o.token("C_Sign 2 pull")
	s := o.screen()
	s.start(o.path("den"))
	s.reads(listPart, "3 đạt")
	s.agreeAll(3)
	s.reads(listPart, "3 đã xem")
	s.press()
	o.enter(s)
	s.reads(panelPart, "KS-121 USB ký số bị rút")
	s.picture("pulled")
	o.tries(1)
	s.reads(scansPart, "2.pdf 02/SY-UBND")
	o.holds("den", "1.saoy.pdf")
	o.copied(1)

	o.token()
	s.reads(headPart, "(còn")
	s.press()
	o.enter(s)
	o.appear(s, "den/*.saoy.pdf", 3, 20*time.Second)
	o.tries(2)
	o.holds("den", "1.saoy.pdf", "2.saoy.pdf", "3.saoy.pdf")
	o.copied(3)
	o.judged(1, o.made("den/*.saoy.pdf")...)
}

// Of three scans that are judged and agreed to, one is replaced and one removed before
// the run: the third is certified, the others are told apart and wait.
func TestSourcesChangeUnderCopiesInTheWindow(t *testing.T) {
	o := newFaultyOffice(t, settings.Clerk)
	o.documents("quet.pdf", "den/1.pdf", "den/2.pdf", "den/3.pdf")
	s := o.screen()
	s.start(o.path("den"))
	s.reads(listPart, "3 đạt")
	s.agreeAll(3)
	s.reads(listPart, "3 đã xem")
	o.change("den/1.pdf")
	gone, err := os.ReadFile(o.path("den/2.pdf"))
	check(t, err)
	check(t, os.Remove(o.path("den/2.pdf")))
	s.press()
	o.enter(s)
	o.appear(s, "den/3.saoy.pdf", 1, 20*time.Second)
	s.reads(scansPart, "Văn bản đã thay đổi")
	s.reads(scansPart, "Không tìm thấy tệp")
	s.picture("changed")
	o.tries(1)
	o.holds("den", "3.saoy.pdf")
	o.copied(1)

	check(t, os.WriteFile(o.path("den/2.pdf"), gone, 0o600)) // put back
	s.press()
	o.enter(s)
	o.appear(s, "den/2.saoy.pdf", 1, 20*time.Second)
	s.reads(scansPart, "Văn bản đã thay đổi")
	s.picture("put-back")
	o.tries(2)
	o.holds("den", "2.saoy.pdf", "3.saoy.pdf")
	o.copied(2)
}

// A run over two encrypted scans is cut off; nobody has their password when it goes on
// until it is typed once for both.
func TestEncryptedCopiesGoOnInTheWindow(t *testing.T) {
	o := newFaultyOffice(t, settings.Clerk)
	for _, name := range []string{"1.pdf", "2.pdf"} {
		check(t, os.MkdirAll(o.path("den"), 0o700))
		out, err := exec.Command(machine.Program(t, "qpdf", "qpdf"), "--encrypt", "mo-ra", "chu-nhan", "256", "--", o.path("quet.pdf"), o.path("den/"+name)).CombinedOutput()
		if err != nil {
			t.Fatalf("qpdf: %v %s", err, out)
		}
	}
	check(t, os.WriteFile(o.path("mat-khau.txt"), []byte("mo-ra\n"), 0o600))
	check(t, os.WriteFile(o.path("sai.txt"), []byte("00000000\n"), 0o600))
	s := o.screen()
	path, err := built()
	check(t, err)
	cut := s.command(path, "copy", o.path("den"), "--dpi", "200", "--cert", "CN=Ủy", "--form", "sao-y", "--agency", "UBND", "--number", "01/SY-UBND", "--pin-file", o.path("sai.txt"), "--password-file", o.path("mat-khau.txt"))
	if out, err := cut.CombinedOutput(); err == nil || len(o.made("den/*saoy*")) > 0 {
		t.Fatalf("a wrong PIN certifies: %s", out)
	}
	o.documents("quet.pdf", "khac/3.pdf")
	s.start(o.path("khac/3.pdf"))
	s.reads(panelPart, "Lần trước dừng giữa chừng")
	s.click(s.ready()) // go on
	s.reads(panelPart, "cần mật khẩu. Mật khẩu nhập ở đây")
	s.picture("password")
	o.tries(1) // the wrong PIN of the run that was cut off
	s.click(image.Pt(1030, 252))
	s.write("mo-ra")
	s.keys("Return")
	s.asked()
	o.enter(s)
	o.appear(s, "den/*.saoy.pdf", 2, 20*time.Second)
	o.tries(2)
	o.copied(2)
}

var scansPart = image.Rect(95, 165, 400, 410) // the list of scans

// agreeAll agrees to so many documents, at a person's pace.
func (s *screen) agreeAll(documents int) {
	s.t.Helper()
	for range documents {
		s.keys("space")
		time.Sleep(150 * time.Millisecond)
	}
}
