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
	state, painting, function := judge(stack)
	switch {
	case painting:
		l.late.Painting += passed - waited
		l.late.Waiting += waited
		return
	case l.thread == 0 || state != "running" && state != "runnable" && state != "syscall": // it waits for another goroutine
		ran = passed
	}
	own := min(ran, passed)
	l.late.Own += own
	l.late.Waiting += passed - own
	l.functions[function] += own
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
	// painters take the time of the graphics driver and of the display server.
	painters = []string{
		"fyne.io/fyne/v2/internal/painter/gl.", "fyne.io/fyne/v2/internal/driver/glfw.(*glCanvas).paint(",
		"github.com/go-gl/glfw/v3.3/glfw.(*Window).SwapBuffers(", "github.com/go-gl/glfw/v3.3/glfw.CreateWindow(",
	}
	// events waits for the display server, or calls what an event is for.
	events = []string{"github.com/go-gl/glfw/v3.3/glfw.PollEvents("}
	// loops are below everything on the goroutine.
	loops = []string{"fyne.io/fyne/v2/internal/driver/glfw.(*gLDriver).runGL(", "antin/app/gui.Main("}
)

const ours = "antin/"

// judge tells of a stack in what state its goroutine is, and whether it paints;
// else in which function of ours it is, with two that called it, or of the
// toolkit. A function of ours that the painter calls is our work.
func judge(stack string) (state string, painting bool, function string) {
	head, calls, _ := strings.Cut(stack, "\n")
	if _, state, _ = strings.Cut(head, "["); state != "" {
		state = state[:strings.IndexAny(state+"]", ",]")]
	}
	var seen []string
	toolkit := ""
	for call := range strings.Lines(calls) {
		if strings.HasPrefix(call, "\t") { // where that is
			continue
		}
		switch {
		case begins(call, loops):
			return state, false, named(seen, toolkit)
		case strings.HasPrefix(call, ours):
			if seen = append(seen, nameOf(call)); len(seen) == 3 {
				return state, false, named(seen, toolkit)
			}
		case len(seen) == 0 && (begins(call, painters) || toolkit == "" && begins(call, events)):
			return state, true, ""
		case len(seen) == 0 && strings.HasPrefix(call, "fyne.io/") && toolkit == "":
			toolkit = nameOf(call)
		}
	}
	return state, false, named(seen, toolkit)
}

func named(seen []string, toolkit string) string {
	if len(seen) == 0 {
		return toolkit
	}
	name := strings.Join(seen, " < ")
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
