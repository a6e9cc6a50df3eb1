package main

import (
	"crypto/sha256"
	"image"
	"os"
	"testing"
	"time"

	"antin/signer/settings"
)

// change replaces a source, as somebody else on the same disk would: the new file
// is what must not change from now on.
func (o *faultyOffice) change(name string) {
	o.t.Helper()
	content, err := os.ReadFile(o.path(name))
	check(o.t, err)
	content = append(content, "\n\n"...)
	check(o.t, os.WriteFile(o.path("other"), content, 0o600))
	check(o.t, os.Rename(o.path("other"), o.path(name)))
	o.sources[name] = sha256.Sum256(content)
}

// What a leader has looked at is what is signed: neither a document that was
// replaced meanwhile, nor one that is gone.
func TestSourceChangesUnderALeaderInTheWindow(t *testing.T) {
	o := newFaultyOffice(t, settings.Leader)
	o.documents("quyet-dinh.pdf", "den/1.pdf")
	s := o.screen()
	s.start(o.path("den/1.pdf"))
	s.ready()
	o.change("den/1.pdf")
	s.click(s.ready())
	s.reads(panelPart, "KS-342 Văn bản đã thay đổi")
	s.picture("replaced")
	o.tries(0)
	o.holds("den")
	s.click(s.ready()) // sign again: back to what is there now
	s.reads(panelPart, "Khớp tên in trên trang")
	content, err := os.ReadFile(o.path("den/1.pdf"))
	check(t, err)
	check(t, os.Remove(o.path("den/1.pdf")))
	s.click(s.ready())
	s.reads(panelPart, "KS-614 Không tìm thấy tệp")
	s.picture("gone")
	o.holds("den")
	check(t, os.WriteFile(o.path("den/1.pdf"), content, 0o600)) // put back
	s.press()
	o.enter(s)
	o.appear(s, "den/1.daky.pdf", 1, 20*time.Second)
	o.tries(1)
	o.holds("den", "1.daky.pdf")
}

// Nor is a clerk's.
func TestSourceChangesUnderAClerkInTheWindow(t *testing.T) {
	o := newFaultyOffice(t, settings.Clerk)
	o.documents("quyet-dinh.daky.pdf", "den/1.daky.pdf")
	s := o.screen()
	s.start(o.path("den/1.daky.pdf"))
	s.ready()
	o.change("den/1.daky.pdf")
	s.click(s.ready())
	s.reads(middlePart, "KS-342 Văn bản đã thay đổi")
	s.picture("replaced")
	o.tries(0)
	s.keys("Return")
	content, err := os.ReadFile(o.path("den/1.daky.pdf"))
	check(t, err)
	at := s.ready()
	check(t, os.Remove(o.path("den/1.daky.pdf")))
	s.click(at)
	s.reads(panelPart, "KS-614 Không tìm thấy tệp")
	s.picture("gone")
	o.holds("den")
	check(t, os.WriteFile(o.path("den/1.daky.pdf"), content, 0o600)) // put back
	s.another(o.path("den/1.daky.pdf"))
	s.press()
	o.enter(s)
	o.appear(s, "den/1.phathanh.pdf", 1, 20*time.Second)
	o.tries(1)
	o.holds("den", "1.phathanh.pdf")
	o.entered(1)
}

// Nor is a scan, whose pages were judged.
func TestSourceChangesUnderACopyInTheWindow(t *testing.T) {
	o := newFaultyOffice(t, settings.Clerk)
	o.documents("quet.pdf", "den/quet.pdf")
	s := o.screen()
	s.start(o.path("den/quet.pdf"))
	s.ready()
	o.change("den/quet.pdf")
	s.click(s.ready())
	s.reads(panelPart, "KS-342 Văn bản đã thay đổi")
	s.picture("replaced")
	o.tries(0)
	o.holds("den")
	s.click(image.Pt(1083, 445)) // back to the list: the scan that is there now is judged
	s.reads(panelPart, "Đạt 1 trang")
	s.press()
	o.enter(s)
	o.appear(s, "den/quet.saoy.pdf", 1, 20*time.Second)
	o.tries(1)
	o.holds("den", "quet.saoy.pdf")
}
