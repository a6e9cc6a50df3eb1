package main

import (
	"slices"
	"testing"
	"time"

	"antin/signer/settings"
)

// A power cut while the second of three documents is being signed, and the helper
// that draws dies under the person's eyes.
func TestPowerCutForALeaderInTheWindow(t *testing.T) {
	o := newFaultyOffice(t, settings.Leader)
	o.documents("quyet-dinh.pdf", "ky/1.pdf", "ky/2.pdf", "ky/3.pdf")
	o.token("C_Sign 2 delay=20000")
	s := o.screen()
	s.start(o.path("ky"))
	s.agree(3)
	s.press()
	o.enter(s)
	o.appear(s, "ky/*.daky.pdf", 1, 20*time.Second)
	s.until("no second document is being signed", func() bool { return len(o.calls("C_SignInit")) == 2 })
	time.Sleep(200 * time.Millisecond) // C_Sign has been called
	s.kill()
	o.holds("ky", "1.daky.pdf")
	o.token()

	s.start()
	s.reads(recentPart, "1.daky.pdf")
	s.picture("next-start")

	// The socket of the process that is gone stands in nobody's way, and the new one takes files.
	s.another(o.path("ky/2.pdf"))
	s.reads(panelPart, "Khớp tên in trên trang")
	s.killHelpers("render")
	s.keys("ctrl+0")
	s.reads(pagePart, "Ban Chỉ đạo làm việc")
	s.picture("drawn-again")
	s.press()
	o.enter(s)
	o.appear(s, "ky/2.daky.pdf", 1, 20*time.Second)
	o.tries(2)
	o.holds("ky", "1.daky.pdf", "2.daky.pdf")
}

// another start of the program hands its files to the first and ends.
func (s *screen) another(files ...string) {
	s.t.Helper()
	path, err := built()
	check(s.t, err)
	if out, err := s.command(path, files...).CombinedOutput(); err != nil {
		s.t.Fatalf("another start: %v %s", err, out)
	}
}

// A document that costs the helper that draws each time it is tried says so in its
// own place, and the next one is drawn.
func TestDocumentThatCannotBeDrawnInTheWindow(t *testing.T) {
	o := newFaultyOffice(t, settings.Leader)
	o.documents("quyet-dinh.pdf", "ky/1.pdf", "ky/2.pdf")
	s := o.screen()
	s.start(o.path("ky"))
	s.until("the document is drawn though every helper dies", func() bool {
		for range 40 { // a helper draws a page in less time than reading the screen takes
			s.killHelpers("render")
			time.Sleep(10 * time.Millisecond)
		}
		return slices.Contains(s.words(pagePart), "ks701")
	})
	s.reads(panelPart, "Tiến trình phụ dừng đột ngột")
	s.picture("cannot-be-drawn")
	s.keys("Right")
	s.reads(pagePart, "Ban Chỉ đạo làm việc")
	s.picture("next")
	o.holds("ky")
}
