package main

import (
	"image"
	"slices"
	"testing"
	"time"

	"antin/app/gui/watchdog"
	"antin/signer/settings"
)

// paintLimit is what painting may take on the user interface's thread: without a
// graphics card it is near to the watchdog's limit at times, and the other half of a
// busy processor makes it half as much again.
const paintLimit = 2 * watchdog.Limit

// answers fails when work of ours, or painting on the user interface's thread, has
// kept the window from answering for longer than the limit, and prints how late it
// was by whose doing. The graphics driver's other threads, which draw where there is
// no graphics card, and processors that other tests have are no fault of the
// program's.
func (o *practiceOffice) answers() {
	o.t.Helper()
	all, err := watchdog.Read(o.late)
	check(o.t, err)
	o.judge("in all", all)
}

// judge allows work of ours the watchdog's limit.
func (o *practiceOffice) judge(what string, all []watchdog.Late) {
	o.t.Helper()
	var worst, sum watchdog.Late
	for _, l := range all {
		worst.Took = max(worst.Took, l.Took)
		if l.Own > worst.Own {
			worst.Own, worst.Function = l.Own, l.Function
		}
		worst.Painting, worst.Driver, worst.Waiting = max(worst.Painting, l.Painting), max(worst.Driver, l.Driver), max(worst.Waiting, l.Waiting)
		sum.Own, sum.Painting, sum.Driver, sum.Waiting = sum.Own+l.Own, sum.Painting+l.Painting, sum.Driver+l.Driver, sum.Waiting+l.Waiting
		if l.Own > watchdog.Limit {
			o.t.Errorf("%s: our own work kept the window from answering for %d ms (limit %v): %s", what, l.Own.Milliseconds(), watchdog.Limit, l.Function)
		}
		if l.Painting > paintLimit {
			o.t.Errorf("%s: painting kept the window's thread for %d ms (limit %v)", what, l.Painting.Milliseconds(), paintLimit)
		}
	}
	o.t.Logf("%s: the window answered %d times after more than %v, %d ms at worst; own work %d ms at worst (%d in all; %s), painting %d (%d), the graphics driver's other threads %d (%d), waiting for a processor %d (%d)",
		what, len(all), watchdog.Limit, worst.Took.Milliseconds(), worst.Own.Milliseconds(), sum.Own.Milliseconds(), worst.Function, worst.Painting.Milliseconds(), sum.Painting.Milliseconds(),
		worst.Driver.Milliseconds(), sum.Driver.Milliseconds(), worst.Waiting.Milliseconds(), sum.Waiting.Milliseconds())
}

var helpPart = image.Rect(455, 105, 1262, 735) // a page of the help

// Whatever a person opens or changes, the window answers. What can be done again is,
// when it took too long: a stall of ours is there each time, while a virtual
// machine's processor that its host gives to others counts as ours at times.
func TestScreensAnswerInTheWindow(t *testing.T) {
	o := newPracticeOffice(t, settings.Leader)
	s := o.screen()
	seen, toList := 0, []string{"Tab", "Tab", "Tab"} // from nothing to the list of the help's pages
	key := func(names ...string) func() { return func() { s.keys(names...) } }
	s.start(o.path("quyet-dinh.pdf"))
	s.ready()
	for _, step := range []struct {
		name  string
		do    func()
		again bool
	}{
		{name: "opening a document", do: func() {}},
		{name: "turning pages", do: key("Prior", "Next", "Prior", "Next")},
		{name: "zoom", do: key("ctrl+2", "ctrl+1", "ctrl+0")},
		{name: "search", do: func() {
			s.keys("ctrl+f")
			s.write("ban")
			s.keys("Return", "Return", "Escape")
		}},
		{name: "larger text", do: key("ctrl+shift+equal"), again: true},
		{name: "smaller text", do: key("ctrl+shift+minus"), again: true},
		{name: "menus", do: func() {
			s.click(image.Pt(135, 60))
			time.Sleep(300 * time.Millisecond)
			s.keys("Right", "Right", "Right", "Escape")
		}},
		{name: "help", do: key("F1")},
		{name: "every page of the help", do: func() {
			s.keys("Escape", "F1")
			s.keys(toList...)
			toList = []string{"Tab", "Tab", "Tab", "Tab"} // there is a way back from now on
			for range 11 {
				s.keys("Down", "space")
				time.Sleep(200 * time.Millisecond)
			}
			s.reads(helpPart, "Mỗi thông báo trục trặc có một mã")
		}, again: true},
		{name: "help is closed", do: key("Escape")},
		{name: "help again", do: key("F1", "F1"), again: true},
		{name: "the settings", do: key("ctrl+comma")},
		{name: "the start page", do: key("alt+Home")},
		{name: "another role", do: func() {
			s.click(image.Pt(1040, 96))
			time.Sleep(300 * time.Millisecond)
			s.keys("Down", "Return")
		}},
	} {
		for try := 1; ; try++ {
			step.do()
			time.Sleep(1500 * time.Millisecond)
			all, err := watchdog.Read(o.late)
			check(t, err)
			now := all[seen:]
			seen = len(all)
			if slow := slices.ContainsFunc(now, func(l watchdog.Late) bool { return l.Own > watchdog.Limit || l.Painting > paintLimit }); !slow || !step.again || try == 3 {
				o.judge(step.name, now)
				break
			}
		}
		s.picture(step.name)
	}
}
