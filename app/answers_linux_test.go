package main

import (
	"image"
	"testing"
	"time"

	"antin/app/gui/watchdog"
	"antin/signer/settings"
)

// answers fails when work of ours has kept the window from answering for longer
// than the limit, and prints how late it was by whose doing. Painting is the
// processor's work here, where there is no graphics card, and processors are shared
// with other tests: both are no fault of the program's.
func (o *practiceOffice) answers() {
	o.t.Helper()
	all, err := watchdog.Read(o.late)
	check(o.t, err)
	o.judge("in all", all)
}

func (o *practiceOffice) judge(what string, all []watchdog.Late) {
	o.t.Helper()
	var worst, sum watchdog.Late
	for _, l := range all {
		worst.Took, worst.Own = max(worst.Took, l.Took), max(worst.Own, l.Own)
		worst.Painting, worst.Waiting = max(worst.Painting, l.Painting), max(worst.Waiting, l.Waiting)
		sum.Painting, sum.Waiting, sum.Own = sum.Painting+l.Painting, sum.Waiting+l.Waiting, sum.Own+l.Own
		if l.Own > watchdog.Limit {
			o.t.Errorf("%s: our own work kept the window from answering for %d ms (limit %v): %s", what, l.Own.Milliseconds(), watchdog.Limit, l.Function)
		}
	}
	o.t.Logf("%s: the window answered %d times after more than %v, %d ms at worst; own work %d ms at worst (%d in all), painting without a graphics card %d (%d), waiting for a processor %d (%d)",
		what, len(all), watchdog.Limit, worst.Took.Milliseconds(), worst.Own.Milliseconds(), sum.Own.Milliseconds(),
		worst.Painting.Milliseconds(), sum.Painting.Milliseconds(), worst.Waiting.Milliseconds(), sum.Waiting.Milliseconds())
}

// Whatever a person opens or changes, the window answers.
func TestScreensAnswerInTheWindow(t *testing.T) {
	o := newPracticeOffice(t, settings.Leader)
	s := o.screen()
	seen := 0
	click := func(x, y int) func() { return func() { s.click(image.Pt(x, y)) } }
	key := func(names ...string) func() { return func() { s.keys(names...) } }
	s.start(o.path("quyet-dinh.pdf"))
	s.ready()
	for _, step := range []struct {
		name string
		do   func()
	}{
		{"opening a document", func() {}},
		{"turning pages", key("Prior", "Next", "Prior", "Next")},
		{"zoom", key("ctrl+2", "ctrl+1", "ctrl+0")},
		{"search", func() {
			s.keys("ctrl+f")
			s.write("ban")
			s.keys("Return", "Return", "Escape")
		}},
		{"larger text", key("ctrl+shift+equal")},
		{"smaller text", key("ctrl+shift+minus")},
		{"menus", func() {
			s.click(image.Pt(135, 60))
			time.Sleep(300 * time.Millisecond)
			s.keys("Right", "Right", "Right", "Escape")
		}},
		{"help", key("F1")},
		{"every page of the help", func() {
			s.keys("Tab", "Tab")
			for range 11 {
				s.keys("Down", "space")
				time.Sleep(200 * time.Millisecond)
			}
		}},
		{"help is closed", key("Escape")},
		{"the settings", key("ctrl+comma")},
		{"the start page", key("alt+Home")},
		{"another role", func() {
			click(1040, 96)()
			time.Sleep(300 * time.Millisecond)
			s.keys("Down", "Return")
		}},
	} {
		step.do()
		time.Sleep(1500 * time.Millisecond)
		all, err := watchdog.Read(o.late)
		check(t, err)
		o.judge(step.name, all[seen:])
		seen = len(all)
		s.picture(step.name)
	}
}
