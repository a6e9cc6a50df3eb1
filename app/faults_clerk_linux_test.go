package main

import (
	"image"
	"testing"
	"time"

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
	s.reads(headPart, "2 chứng thư ký số")
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
	s.reads(scansPart, "02/SY-UBND 2.pdf")
	o.holds("den", "1.saoy.pdf")
	o.copied(1)

	o.token()
	s.reads(headPart, "2 chứng thư ký số")
	s.press()
	o.enter(s)
	o.appear(s, "den/*.saoy.pdf", 3, 20*time.Second)
	o.tries(2)
	o.holds("den", "1.saoy.pdf", "2.saoy.pdf", "3.saoy.pdf")
	o.copied(3)
	o.judged(1, o.made("den/*.saoy.pdf")...)
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
