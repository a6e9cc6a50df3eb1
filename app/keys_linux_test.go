package main

import (
	"bytes"
	"fmt"
	"image"
	"math"
	"os"
	"slices"
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

// choose makes the desktop's own dialog, whose keys are the desktop's, answer with
// these files or this folder from now on.
func (o *practiceOffice) choose(names ...string) {
	o.t.Helper()
	answer := "#!/bin/sh\n"
	for _, name := range names {
		answer += "echo '" + o.path(name) + "'\n"
	}
	check(o.t, os.MkdirAll(o.path("bin"), 0o700))
	check(o.t, os.WriteFile(o.path("bin/zenity"), []byte(answer), 0o700))
	o.env = append(o.env, "PATH="+o.path("bin")+":"+os.Getenv("PATH"), "DBUS_SESSION_BUS_ADDRESS=", "XDG_RUNTIME_DIR=")
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
	o.choose("a.pdf")
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

// J2 without a mouse: a clerk opens three documents, gives the first a number of its
// own, marks it as urgent, moves its seal, agrees to all, stamps them and exports the
// register.
func TestClerkStampsWithKeysInTheWindow(t *testing.T) {
	o := newPracticeOffice(t, settings.Clerk)
	signed, err := os.ReadFile(o.path("quyet-dinh.daky.pdf"))
	check(t, err)
	check(t, os.Mkdir(o.path("di"), 0o700))
	names := []string{"di/1.daky.pdf", "di/2.daky.pdf", "di/3.daky.pdf"}
	for i, name := range names {
		check(t, os.WriteFile(o.path(name), append(bytes.Clone(signed), bytes.Repeat([]byte{'\n'}, i)...), 0o600))
	}
	o.choose(names...)
	s := o.screen()
	began := time.Now()
	s.start()
	s.reads(recentPart, "quyet-dinh.pdf")
	s.keys("ctrl+o")
	s.reads(listPart, "3 sẵn sàng")
	s.keys("F2")
	s.write("15")
	s.keys("Tab", "Tab", "Tab", "space", "Down", "Down", "Return") // what it is about, for whom, how urgent
	s.reads(rowsPart, "15/QD-UBND")
	s.reads(listPart, "3 sẵn sàng")
	s.picture("urgent")
	s.keys("Escape", "Tab", "Tab", "Tab") // the list, the pages, the seal
	s.keys("shift+Right", "shift+Right", "shift+Right", "shift+Right", "shift+Right", "ctrl+z", "Escape")
	s.picture("moved")
	for range 3 {
		s.keys("space")
		time.Sleep(150 * time.Millisecond)
	}
	s.reads(listPart, "3 đã xem")
	s.keys("F9")
	s.asked()
	s.write(o.pin)
	s.keys("Return")
	o.appear(s, "di/*.phathanh.pdf", 3, 20*time.Second)
	took := time.Since(began)
	s.reads(panelPart, "Đã phát hành")
	s.picture("issued")
	o.choose(".")
	s.keys(append(slices.Repeat([]string{"shift+Tab"}, 8), "Return")...) // back over what stands in every window, and the way to the list
	o.appear(s, "So van ban di *.xlsx", 1, 20*time.Second)
	s.picture("exported")
	t.Logf("J2 without a mouse: %d clicks + PIN, %.1f s from the start of the program to three documents that are issued", s.clicks, took.Seconds())
	if s.clicks != 0 {
		t.Error("a mouse was needed")
	}
	o.judged(3, o.path("di/1.phathanh.pdf")) // the mark of urgency has a signature of its own
	o.judged(2, o.path("di/2.phathanh.pdf"), o.path("di/3.phathanh.pdf"))
	o.entered(3)
	const mm = 72 / 25.4
	if moved := o.sealed("di/1.phathanh.pdf") - o.sealed("di/2.phathanh.pdf"); math.Abs(moved-4*mm) > 0.01 {
		t.Errorf("the seal was moved by %.2f mm, want 4", moved/mm)
	}
}

// sealed is how far from the left edge of the page the newest widget of a file
// stands, pt.
func (o *practiceOffice) sealed(name string) (left float64) {
	o.t.Helper()
	pdf, err := os.ReadFile(o.path(name))
	check(o.t, err)
	at := bytes.LastIndex(pdf, []byte("/Rect ["))
	_, err = fmt.Sscanf(string(pdf[at:]), "/Rect [%g", &left)
	check(o.t, err)
	return left
}

var rowsPart = image.Rect(75, 165, 400, 300) // of the list of documents

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
