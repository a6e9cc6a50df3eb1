// Package watchdog tells when the goroutine of the user interface did not answer
// in time: everything on it is to return within 50 ms, or the window stutters
// under the hands of the person.
//
// Start watches a running window; tests of views, where Fyne's test driver does
// everything at once, time single calls with Call. The program watches itself
// when the environment variable of [Variable] names a file.
package watchdog

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// Limit is the longest that the user interface may be busy with one thing.
const Limit = 50 * time.Millisecond

// Variable names a file to which the program writes one line for every time that
// it was late; tests of the whole program set it.
const Variable = "ANTIN_WATCHDOG"

const beat = 20 * time.Millisecond

// Start asks the user interface for an answer every 20 ms by do, which runs a
// function on its goroutine, and calls late with the time of every answer that
// took longer than limit. stop returns when nothing is asked any more.
func Start(do func(func()), limit time.Duration, late func(took time.Duration)) (stop func()) {
	var once sync.Once
	end, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-end:
				return
			case <-time.After(beat):
			}
			asked, answered := time.Now(), make(chan struct{})
			do(func() { close(answered) })
			select {
			case <-end:
				return
			case <-answered:
			}
			if took := time.Since(asked); took > limit {
				late(took)
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
	end := Start(do, Limit, func(took time.Duration) { report(f, took) })
	return func() {
		end()
		_ = f.Close() // every line is written at once
	}, nil
}

func report(w io.Writer, took time.Duration) {
	fmt.Fprintf(w, "%s late by %d ms\n", time.Now().Format(time.RFC3339Nano), (took - Limit).Milliseconds())
}

// Call does something as the user interface would and tells, in Fatalf's manner,
// when it took longer than limit.
func Call(t interface {
	Helper()
	Errorf(format string, args ...any)
}, limit time.Duration, what string, do func(),
) {
	t.Helper()
	since := time.Now()
	do()
	if took := time.Since(since); took > limit {
		t.Errorf("%s kept the user interface busy for %v, at most %v is allowed", what, took, limit)
	}
}
