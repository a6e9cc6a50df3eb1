package main

import (
	"image"
	"os"
	"testing"
	"time"

	"antin/signer/settings"
)

// recent lists documents on the start page, as if they had been worked on.
func (o *practiceOffice) recent(names ...string) {
	o.t.Helper()
	o.set(func(s *settings.Settings) {
		s.Recent = nil
		for _, name := range names {
			s.Recent = append(s.Recent, settings.Recent{Path: o.path(name), State: "opened", At: time.Now().Format(time.RFC3339)})
		}
	})
}

// J1 without a mouse: a leader opens a document with Ctrl+O and one of those of
// late with Tab and the arrows, and signs both.
func TestLeaderNeedsNoMouseInTheWindow(t *testing.T) {
	o := newPracticeOffice(t, settings.Leader)
	source, err := os.ReadFile(o.path("quyet-dinh.pdf"))
	check(t, err)
	for _, name := range []string{"a.pdf", "b.pdf"} {
		check(t, os.WriteFile(o.path(name), source, 0o600))
	}
	o.recent("quyet-dinh.pdf", "b.pdf")
	// The desktop's own dialog for files, whose keys are the desktop's.
	check(t, os.Mkdir(o.path("bin"), 0o700))
	check(t, os.WriteFile(o.path("bin/zenity"), []byte("#!/bin/sh\necho '"+o.path("a.pdf")+"'\n"), 0o700))
	o.env = append(o.env, "PATH="+o.path("bin")+":"+os.Getenv("PATH"), "DBUS_SESSION_BUS_ADDRESS=", "XDG_RUNTIME_DIR=")
	s := o.screen()
	s.start()
	s.reads(recentPart, "b.pdf")
	s.keys("ctrl+o")
	s.sign(o.pin)
	o.appear(s, "a.daky.pdf", 1, 20*time.Second)

	s.reads(panelPart, "Mở văn bản khác")
	s.keys("alt+Home")
	s.reads(recentPart, "a.daky.pdf")
	s.keys("Tab", "Tab", "Tab", "Down", "Down", "Down") // choose, choose a folder, the list; below what was signed, its source and another
	s.picture("list")
	s.keys("Return")
	s.sign(o.pin)
	o.appear(s, "b.daky.pdf", 1, 20*time.Second)
	if s.clicks != 0 {
		t.Errorf("%d clicks", s.clicks)
	}
	o.judged(1, o.path("a.daky.pdf"), o.path("b.daky.pdf"))
}

// sign signs the document that is shown, with keys alone.
func (s *screen) sign(pin string) {
	s.t.Helper()
	s.reads(panelPart, "Khớp tên in trên trang")
	s.keys("F9")
	s.asked()
	s.write(pin)
	s.keys("Return")
}

// J3 without a mouse: a clerk certifies a scan of late.
func TestClerkNeedsNoMouseInTheWindow(t *testing.T) {
	o := newPracticeOffice(t, settings.Clerk)
	o.recent("quet.pdf")
	s := o.screen()
	s.start()
	s.reads(recentPart, "quet.pdf")
	s.keys("Tab", "Tab", "Tab", "Tab", "Tab", "Return") // two kinds of choosing, two kinds of work, the list
	s.reads(panelPart, "Đạt 1 trang")
	s.reads(panelPart, "01/SY-UBND")
	s.keys("F9")
	s.asked()
	s.write(o.pin)
	s.keys("Return")
	o.appear(s, "quet.saoy (2).pdf", 1, 20*time.Second) // the demo has made one
	o.judged(1, o.path("quet.saoy (2).pdf"))
}

// J5 without a mouse: a document that arrives is checked and the record saved.
func TestCheckNeedsNoMouseInTheWindow(t *testing.T) {
	o := newPracticeOffice(t, settings.Check)
	o.recent("quyet-dinh.phathanh.pdf")
	s := o.screen()
	s.start()
	s.reads(recentPart, "quyet-dinh.phathanh.pdf")
	s.keys("Tab", "Tab", "Tab", "Return")
	s.reads(answerPart, "Có thể tiếp nhận và đăng ký")
	s.picture("checked")
	s.keys("ctrl+s")
	o.appear(s, "bien-ban-kiem-tra-*.pdf", 1, 20*time.Second)
	if s.clicks != 0 {
		t.Errorf("%d clicks", s.clicks)
	}
}

var answerPart = image.Rect(655, 120, 1280, 740)
