package watchdog_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"antin/app/gui/watchdog"
)

// loop is a user interface: it does one thing after the other, on one thread.
func loop(t *testing.T) (do func(func())) {
	queue := make(chan func(), 1000)
	t.Cleanup(func() { close(queue) })
	go func() {
		runtime.LockOSThread()
		for f := range queue {
			f()
		}
	}()
	return func(f func()) { queue <- f }
}

//go:noinline
func sleep() { time.Sleep(300 * time.Millisecond) }

// compute takes a processor for some tenths of a second, however many others want it.
//
//go:noinline
func compute() {
	for range 300_000 {
		sum = sha256.Sum256(append(sum[:], block...))
	}
}

var (
	sum   [32]byte
	block = make([]byte, 1000)
)

// An idle loop is never late; one that is kept is, and what kept it has a name.
func TestLateIsTold(t *testing.T) {
	do, late := loop(t), make(chan watchdog.Late, 100)
	stop := watchdog.Start(do, 100*time.Millisecond, func(l watchdog.Late) { late <- l })
	defer stop()
	time.Sleep(100 * time.Millisecond)
	if len(late) > 0 {
		t.Fatalf("an idle loop was late: %+v", <-late)
	}
	for _, c := range []struct {
		name string
		do   func()
	}{{"sleep", sleep}, {"compute", compute}} {
		do(c.do)
		select {
		case l := <-late:
			if l.Took < 150*time.Millisecond || l.Own+l.Waiting < l.Took-50*time.Millisecond || l.Painting != 0 || !strings.Contains(l.Function, c.name) {
				t.Errorf("%s: %+v", c.name, l)
			}
		case <-time.After(5 * time.Second):
			t.Error("a blocked loop was not noticed")
		}
	}
}

// What was written is read again; a line that a killed program has begun is not.
func TestToFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "late")
	if all, err := watchdog.Read(path); err != nil || len(all) != 0 {
		t.Errorf("before: %v, %v", all, err)
	}
	do := loop(t)
	stop, err := watchdog.ToFile(func(string) string { return path }, do)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond) // what comes before the first answer is the start
	do(sleep)
	time.Sleep(500 * time.Millisecond)
	stop()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(f, `{"At":"20`)
	f.Close()
	if all, err := watchdog.Read(path); err != nil || len(all) != 1 || all[0].Own < 150*time.Millisecond {
		t.Errorf("%+v, %v", all, err)
	}
}

type recorder struct{ said string }

func (*recorder) Helper()                     {}
func (r *recorder) Errorf(f string, a ...any) { r.said = fmt.Sprintf(f, a...) }

func TestCall(t *testing.T) {
	var quick, slow recorder
	watchdog.Call(&quick, time.Minute, "nothing", func() {})
	watchdog.Call(&slow, 5*time.Millisecond, "compute", compute)
	if quick.said != "" || slow.said == "" {
		t.Errorf("%q, %q", quick.said, slow.said)
	}
	var pieces recorder
	watchdog.Calls(&pieces, 20*time.Millisecond, "a long work", func(do func(func())) { do(func() { do(compute) }) })
	if !strings.Contains(pieces.said, "a piece of a long work") {
		t.Errorf("%q", pieces.said)
	}
}

// noted are complaints.
type noted []string

func (*noted) Helper() {}

func (n *noted) Errorf(format string, args ...any) { *n = append(*n, fmt.Sprintf(format, args...)) }

// A call that is slow once is not complained of, one that is slow each time is.
func TestLeast(t *testing.T) {
	for name, c := range map[string]struct{ slow, tries, complaints int }{
		"quick": {0, 1, 0}, "slow once": {1, 2, 0}, "slow twice": {2, 3, 0}, "slow each time": {9, 3, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var got noted
			tries := 0
			watchdog.Least(&got, func(timed watchdog.T) {
				if tries++; tries <= c.slow {
					timed.Errorf("slow in try %d", tries)
				}
			})
			if tries != c.tries || len(got) != c.complaints {
				t.Errorf("%d tries and %q", tries, got)
			}
		})
	}
}
