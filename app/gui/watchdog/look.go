package watchdog

import (
	"bytes"
	"runtime"
	"strings"
	"time"
)

// looker looks at one goroutine and its thread.
type looker struct {
	name   []byte // how its stack begins: "goroutine 1 "
	thread int    // 0 where threads cannot be looked at
	stacks []byte

	began, last time.Time
	used        usage
	late        Late
	functions   map[string]time.Duration
}

// usage is what a thread has had since it began.
type usage struct {
	ran    time.Duration // on a processor
	waited time.Duration // ready to run, while others had the processors
}

// newLooker finds out which goroutine and thread do runs functions on.
func newLooker(do func(func()), end <-chan struct{}) *looker {
	l := &looker{stacks: make([]byte, 1<<20)}
	found := make(chan struct{})
	do(func() {
		head := make([]byte, 64)
		head = head[:runtime.Stack(head, false)]
		l.name = head[:bytes.IndexByte(head, '[')]
		l.thread = thread()
		close(found)
	})
	select {
	case <-found:
	case <-end:
	}
	return l
}

// begin is called when an answer is asked for.
func (l *looker) begin() {
	l.began = time.Now()
	l.last, l.used = l.began, used(l.thread)
	l.late, l.functions = Late{At: l.began}, map[string]time.Duration{}
}

// look adds the time since the last look to what is seen now.
func (l *looker) look() {
	stack := l.stack()
	now, used := time.Now(), used(l.thread)
	passed, ran, waited := now.Sub(l.last), used.ran-l.used.ran, min(used.waited-l.used.waited, now.Sub(l.last))
	l.last, l.used = now, used
	seen := judge(stack)
	own := min(ran, passed)
	switch {
	case seen.idle: // the question has not come through yet
		own = 0
	case seen.painting:
		if l.thread == 0 {
			own = passed - waited
		}
		l.late.Painting += own
		l.late.Driver += max(0, passed-own-waited)
		l.late.Waiting += waited
		return
	case l.thread == 0 || seen.blocked: // by another goroutine
		own = passed
	}
	l.late.Own += own
	l.late.Waiting += passed - own
	l.functions[seen.function] += own
}

// end is called when the answer has come.
func (l *looker) end() Late {
	l.late.Took = time.Since(l.began)
	most := time.Duration(0)
	for function, took := range l.functions {
		if took > most {
			most, l.late.Function = took, function
		}
	}
	return l.late
}

// stack is what the goroutine does now.
func (l *looker) stack() string {
	all := l.stacks[:runtime.Stack(l.stacks, true)]
	for one := range bytes.SplitSeq(all, []byte("\n\n")) {
		if bytes.HasPrefix(one, l.name) {
			return string(one)
		}
	}
	return ""
}

// Functions of the toolkit, as their names begin.
var (
	// painters take the time of the graphics driver.
	painters = []string{"fyne.io/fyne/v2/internal/painter/gl.", "fyne.io/fyne/v2/internal/driver/glfw.(*glCanvas).paint("}
	// drivers call the graphics driver and the display server, which may call what an
	// event is for.
	drivers = []string{"github.com/go-gl/"}
	// loops are below everything on the goroutine.
	loops = []string{"fyne.io/fyne/v2/internal/driver/glfw.(*gLDriver).runGL(", "antin/app/gui.Main("}
)

const ours = "antin/"

// seen is what a goroutine does at one moment.
type seen struct {
	idle     bool // the toolkit's loop waits for something to do
	painting bool
	blocked  bool   // it waits for another goroutine
	function string // of ours, with two that called it, or of the toolkit
}

// judge reads a stack. A function of ours that the painter calls is our work.
func judge(stack string) seen {
	head, calls, _ := strings.Cut(stack, "\n")
	_, state, _ := strings.Cut(head, "[")
	state = state[:max(0, strings.IndexAny(state, ",]"))]
	blocked := state != "running" && state != "runnable" && state != "syscall"
	var of []string
	toolkit := ""
	for call := range strings.Lines(calls) {
		if strings.HasPrefix(call, "\t") { // where that is
			continue
		}
		switch {
		case begins(call, loops):
			return seen{idle: blocked && toolkit == "" && len(of) == 0, blocked: blocked, function: named(of, toolkit)}
		case strings.HasPrefix(call, ours):
			if of = append(of, nameOf(call)); len(of) == 3 {
				return seen{blocked: blocked, function: named(of, toolkit)}
			}
		case len(of) == 0 && (begins(call, painters) || toolkit == "" && begins(call, drivers)):
			return seen{painting: true}
		case len(of) == 0 && strings.HasPrefix(call, "fyne.io/") && toolkit == "":
			toolkit = nameOf(call)
		}
	}
	return seen{blocked: blocked, function: named(of, toolkit)}
}

func named(of []string, toolkit string) string {
	if len(of) == 0 {
		return toolkit
	}
	name := strings.Join(of, " < ")
	if toolkit != "" {
		name = toolkit + " < " + name
	}
	return name
}

func begins(call string, with []string) bool {
	for _, w := range with {
		if strings.HasPrefix(call, w) {
			return true
		}
	}
	return false
}

// nameOf is the function of a call without its arguments and the folders of its
// package: gui/issue.(*table).fill.
func nameOf(call string) string {
	if i := strings.LastIndexByte(strings.TrimSpace(call), '('); i > 0 {
		call = call[:i]
	}
	call = strings.TrimPrefix(strings.TrimPrefix(call, ours), "app/")
	return strings.TrimPrefix(call, "fyne.io/fyne/v2/")
}
