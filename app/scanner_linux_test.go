package main

import (
	"image"
	"os"
	"testing"

	"antin/signer/practice/machine"
	"antin/signer/settings"
)

// A clerk scans paper from the window with SANE's own test scanner: the page comes
// into the list with what the gate says of it; paper that is stuck leaves nothing.
func TestClerkScansInTheWindow(t *testing.T) {
	machine.Program(t, "scanimage", "sane-utils")
	o := newPracticeOffice(t, settings.Clerk)
	check(t, os.Mkdir(o.path("sane"), 0o700))
	check(t, os.WriteFile(o.path("sane/dll.conf"), []byte("test\n"), 0o600))
	scanner := func(status string) { // it is read at every scan
		check(t, os.WriteFile(o.path("sane/test.conf"), []byte("number_of_devices 1\ngeometry_max 300.0\ntest-picture \"Color pattern\"\nread-status-code \""+status+"\"\n"), 0o600))
	}
	scanner("Default")
	o.env = append(o.env, "SANE_CONFIG_DIR="+o.path("sane"))
	check(t, os.Mkdir(o.path("quet"), 0o700))
	o.set(func(s *settings.Settings) { s.Output = o.path("quet") })
	s := o.screen()
	s.start()
	s.reads(recentPart, "quyet-dinh.pdf")
	s.keys("Tab", "Tab", "Tab", "Tab", "Return") // copies
	s.reads(pagePart, "Quét")
	s.picture("offered")
	s.keys("Tab", "Tab", "Return") // beside what is chosen from the disk
	s.asked()
	s.picture("asked")
	s.keys("shift+Tab", "Return") // round to the last button
	s.reads(pagesPart, "300 dpi")
	s.reads(pagesPart, "A4")
	s.reads(panelPart, "Có chỗ cần người xem") // the pattern fills the page
	s.picture("scanned")
	if made := o.made("quet/Quet-*/*"); len(made) != 1 {
		t.Errorf("the scanner has left %q", made)
	}

	scanner("SANE_STATUS_JAMMED")
	s.click(image.Pt(333, 717))
	s.asked()
	s.keys("shift+Tab", "Return")
	s.reads(middlePart, "KS-524")
	s.picture("jammed")
	if made := o.made("quet/Quet-*"); len(made) != 1 {
		t.Errorf("the scanner has left %q", made)
	}
}
