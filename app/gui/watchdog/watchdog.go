// Package watchdog tells when the goroutine of the user interface did not answer
// in time, and what kept it: everything of ours on it is to return within 50 ms, or
// the window stutters under the hands of the person.
//
// Start watches a running window; while an answer is outstanding it looks every few
// milliseconds at what the goroutine does, so that our own work can be told from
// the toolkit's painting, from what the graphics driver takes beside it, and from
// waiting for a processor that others have. Tests of views, where Fyne's test
// driver does everything at once, time single calls with Call. The program watches
// itself when the environment variable of [Variable] names a file; else nothing is
// looked at.
package watchdog

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"time"
)

// Limit is the longest that the user interface may be busy with one thing.
const Limit = 50 * time.Millisecond

// Variable names a file to which the program writes one line for every time that
// it was late, see Read; tests of the whole program set it.
const Variable = "ANTIN_WATCHDOG"

const (
	beat  = 20 * time.Millisecond // between two questions
	pulse = 5 * time.Millisecond  // between two looks at what is done
)

// Late is one answer that came too late. The parts are sums over looks every 5 ms
// and make up Took to about 10 ms.
type Late struct {
	At       time.Time
	Took     time.Duration
	Own      time.Duration // our code, and the toolkit's while it measures and lays out for us: processor time, and waiting for other goroutines
	Painting time.Duration // the toolkit's painter, and the graphics driver on its thread: processor time
	Driver   time.Duration // for other threads of the graphics driver, which draw where there is no graphics card, and for the display server
	Waiting  time.Duration // for a processor
	Function string        // where our own work was seen most, with its callers; "" where none was seen
}

// Start asks the user interface for an answer every 20 ms by do, which runs a
// function on its goroutine, and calls late with every answer that took longer than
// limit. What comes before the first answer is the start of the loop, of which
// nothing is told. stop returns when nothing is asked any more.
func Start(do func(func()), limit time.Duration, late func(Late)) (stop func()) {
	var once sync.Once
	end, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		looker := newLooker(do, end)
		ticks := time.NewTicker(pulse)
		defer ticks.Stop()
		for {
			select {
			case <-end:
				return
			case <-time.After(beat):
			}
			answered := make(chan struct{})
			looker.begin()
			do(func() { close(answered) })
			for waiting := true; waiting; {
				select {
				case <-end:
					return
				case <-ticks.C:
					looker.look()
				case <-answered:
					waiting = false
				}
			}
			if seen := looker.end(); seen.Took > limit {
				late(seen)
			}
		}
	}()
	return func() {
		once.Do(func() { close(end) })
		<-done
	}
}

// ToFile writes lateness to the file that the environment names; nothing is
// watched when it names none.
func ToFile(getenv func(string) string, do func(func())) (stop func(), err error) {
	path := getenv(Variable)
	if path == "" {
		return func() {}, nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return func() {}, err
	}
	lines := json.NewEncoder(f)
	end := Start(do, Limit, func(l Late) { _ = lines.Encode(l) }) // a test misses the line
	return func() {
		end()
		_ = f.Close() // every line is written at once
	}, nil
}

// Read is what ToFile has written; a file that is not there has nothing. A last
// line that a killed program has begun is passed over.
func Read(path string) ([]Late, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all []Late
	for lines := json.NewDecoder(f); ; {
		var l Late
		switch err := lines.Decode(&l); {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return all, nil
		case err != nil:
			return all, err
		}
		all = append(all, l)
	}
}

// T is what Call and Calls need of a test.
type T interface {
	Helper()
	Errorf(format string, args ...any)
}

// Least has do time its calls up to three times, until none takes too long; the last
// complaints count. A stall of ours is there each time, while time that the host of
// a virtual machine gives to others, or the other half of a processor, counts as
// ours at times.
func Least(t T, do func(T)) {
	t.Helper()
	for try := 1; ; try++ {
		var c complaints
		if do(&c); len(c) == 0 {
			return
		}
		if try == 3 {
			for _, text := range c {
				t.Errorf("%s", text)
			}
			return
		}
	}
}

type complaints []string

// Helper implements T.
func (*complaints) Helper() {}

// Errorf implements T.
func (c *complaints) Errorf(format string, args ...any) {
	*c = append(*c, fmt.Sprintf(format, args...))
}

// Calls is Call for what is done in pieces: start gets a function that runs another
// one later, each of them is timed by itself.
func Calls(t T, limit time.Duration, what string, start func(do func(func()))) {
	t.Helper()
	var queue []func()
	Call(t, limit, what, func() { start(func(f func()) { queue = append(queue, f) }) })
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		Call(t, limit, "a piece of "+what, next)
	}
}

// Call does something as the user interface would and tells, in Errorf's manner,
// when it took longer than limit. Where the system tells it, that is the time that
// the thread had a processor: other tests run beside, and on a loaded machine they
// would be counted too. With the race detector it may be more.
func Call(t T, limit time.Duration, what string, do func()) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	since, before := time.Now(), used(thread())
	do()
	took := time.Since(since)
	if before.ran > 0 {
		took = used(thread()).ran - before.ran
	}
	if took > slower*limit {
		t.Errorf("%s kept the user interface busy for %v, at most %v is allowed", what, took, limit)
	}
}
