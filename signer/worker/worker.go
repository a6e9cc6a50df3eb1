// Package worker runs what may crash, hang or print where it should not (the
// PKCS#11 modules of token vendors, the page renderer) in helper processes of
// the same executable, so that a fault costs one call and never the program.
//
// The program starts a helper with [Start], sends it messages with
// [Process.Call] and ends it with [Process.Close]. A helper is the executable
// called as `EXE worker NAME ARG…`; main hands such a call to the package that
// owns NAME, and that package calls [Serve] with its [Handler]. A helper that
// crashed, hung or was cancelled is replaced at the next call, without the
// state that it held.
//
// A message is a request and a secret, both plain bytes of at most [MaxFrame];
// what they mean is for the two ends to agree on. The secret (a PIN) has a frame
// of its own and is overwritten by both sides as soon as the call is over.
// The package knows nothing of tokens or pages.
package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// MaxFrame is the largest request, secret or reply in bytes.
const MaxFrame = 4 << 20

// What went wrong with the helper itself; an *[Error] carries the details.
var (
	ErrCrashed = errors.New("worker: helper process ended unexpectedly")
	ErrSilent  = errors.New("worker: helper process does not answer")
	ErrFrame   = errors.New("worker: message is malformed or too large")
)

// Refusals to use a process.
var (
	ErrClosed = errors.New("worker: process is closed")
	// ErrNested is returned by [Start] inside a helper: helpers start no other programs.
	ErrNested = errors.New("worker: a helper must not start helpers")
)

// Options say how a helper is started. The zero value is right for programs.
type Options struct {
	Executable   string        // "" = the running executable
	Env          []string      // nil = CleanEnv()
	Dir          string        // working directory; "" = the directory of the executable
	StartTimeout time.Duration // until the helper reports in; 0 = 10 s
}

// Error tells how a call came to grief. Unwrap gives one of [ErrCrashed],
// [ErrSilent], [ErrFrame], [ErrClosed], or the error of the context.
type Error struct {
	Err   error  // the class, see above
	Cause error  // what was seen underneath, nil when there is nothing to add
	Name  string // of the helper
	State string // how the process ended, as the system puts it; "" when it still runs
	// Stderr is the end of what the helper wrote to standard error, for a
	// diagnosis the user asked for. Drivers print PINs there: it is no part of
	// the error's text and must not be logged unasked.
	Stderr string
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v (helper %q", e.Err, e.Name)
	if e.State != "" {
		fmt.Fprintf(&b, ", %s", e.State)
	}
	b.WriteString(")")
	if e.Cause != nil && e.Cause != e.Err {
		fmt.Fprintf(&b, ": %v", e.Cause)
	}
	return b.String()
}

// Unwrap gives the class and the cause to errors.Is and errors.As.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Err}
	}
	return []error{e.Err, e.Cause}
}

// Failure is the error of a handler in the shape in which it crosses the pipe:
// the caller of [Process.Call] finds it with errors.As and decides on Code.
type Failure struct {
	Code   string // agreed between the two ends; "" for an error nobody decides on
	Text   string // technical English
	Detail []byte // more for the other end, if it needs more
}

func (f *Failure) Error() string { return f.Text }

// Handler answers the calls in the helper. All its methods run on one OS
// thread, one after the other. The secret is overwritten after Handle returns;
// a handler that needs it for longer copies and wipes its copy itself.
//
// A handler that also has Close() error is closed when the parent asks for an
// end, and has about a second for it.
type Handler interface {
	Handle(ctx context.Context, request, secret []byte) ([]byte, error)
}

// Rester is a [Handler] with something to do while no call comes, such as ending
// what was left open. Rest is called after each call and after each rest, on the
// thread of the calls, and returns how long the helper may wait for the next
// call before Rest is called again; 0 means for ever. A call waits for a running
// Rest.
type Rester interface{ Rest() time.Duration }

// CleanEnv is the environment of this process without what would change which
// libraries a helper loads (LD_PRELOAD, LD_LIBRARY_PATH, DYLD_* and the like),
// followed by extra entries ("NAME=value").
func CleanEnv(extra ...string) []string {
	var env []string
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		if strings.HasPrefix(name, "LD_") || strings.HasPrefix(name, "DYLD_") || name == nestedEnv {
			continue
		}
		env = append(env, kv)
	}
	return append(env, extra...)
}

// nestedEnv marks the environment of a helper, see ErrNested: a program or test
// that forgets to dispatch `worker` would otherwise start itself without end.
const nestedEnv = "ANTIN_WORKER"
