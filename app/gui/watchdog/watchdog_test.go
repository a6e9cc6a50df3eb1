package watchdog_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"antin/app/gui/watchdog"
)

// loop is a user interface: it does one thing after the other.
func loop(t *testing.T) (do func(func())) {
	queue := make(chan func(), 1000)
	t.Cleanup(func() { close(queue) })
	go func() {
		for f := range queue {
			f()
		}
	}()
	return func(f func()) { queue <- f }
}

func TestLateIsTold(t *testing.T) {
	do, late := loop(t), make(chan time.Duration, 100)
	stop := watchdog.Start(do, 100*time.Millisecond, func(took time.Duration) { late <- took })
	defer stop()
	time.Sleep(100 * time.Millisecond)
	if len(late) > 0 {
		t.Fatalf("an idle loop was late by %v", <-late)
	}
	do(func() { time.Sleep(300 * time.Millisecond) })
	select {
	case took := <-late:
		if took < 150*time.Millisecond {
			t.Errorf("late by %v only", took)
		}
	case <-time.After(5 * time.Second):
		t.Error("a blocked loop was not noticed")
	}
}

func TestToFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "late")
	do := loop(t)
	stop, err := watchdog.ToFile(func(string) string { return path }, do)
	if err != nil {
		t.Fatal(err)
	}
	do(func() { time.Sleep(300 * time.Millisecond) })
	time.Sleep(500 * time.Millisecond)
	stop()
	if b, err := os.ReadFile(path); err != nil || !strings.Contains(string(b), "late by") {
		t.Errorf("%q, %v", b, err)
	}
}

type recorder struct{ said string }

func (*recorder) Helper()                     {}
func (r *recorder) Errorf(f string, a ...any) { r.said = fmt.Sprintf(f, a...) }

func TestCall(t *testing.T) {
	var quick, slow recorder
	watchdog.Call(&quick, time.Minute, "nothing", func() {})
	watchdog.Call(&slow, time.Millisecond, "sleep", func() { time.Sleep(20 * time.Millisecond) })
	if quick.said != "" || slow.said == "" {
		t.Errorf("%q, %q", quick.said, slow.said)
	}
}
