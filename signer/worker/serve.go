package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"time"
)

// codeFrame is the code of a failure that means a reply above MaxFrame.
const codeFrame = "worker: frame"

// Serve is the helper's side: it answers calls on standard input and output
// until the parent asks for an end, and returns the exit code. Load nothing
// that may print before it: only then is standard output guarded (whatever a
// library prints there goes to standard error).
//
// When the parent dies or closes the pipe, the process kills itself at once,
// even in the middle of a call that hangs. The process writes no core dump and
// cannot be attached to by other processes of the user where the system allows
// that. The handler runs on one OS thread, the caller's.
func Serve(h Handler) int {
	in, out, err := takePipes()
	if err != nil {
		return 1
	}
	harden()
	// Ctrl-C on the terminal goes to the whole foreground group; only the
	// parent decides whether a login is to be given up.
	signal.Ignore(os.Interrupt)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	calls := make(chan call)
	go readCalls(in, calls)
	if writeFrame(out, kindHello, []byte(hello)) != nil {
		return 1
	}
	for {
		c, ok := next(calls, h)
		if !ok {
			break
		}
		reply, err := h.Handle(context.Background(), c.request, c.secret)
		clear(c.secret)
		if err == nil && len(reply) > MaxFrame {
			err = &Failure{Code: codeFrame, Text: fmt.Sprintf("reply of %d bytes", len(reply))}
		}
		if err != nil {
			err = writeFailure(out, err)
		} else {
			err = writeFrame(out, kindReply, reply)
		}
		if err != nil {
			return 1
		}
	}
	if c, ok := h.(io.Closer); ok && c.Close() != nil {
		return 1
	}
	return 0
}

type call struct{ request, secret []byte }

// next waits for a call; ok is false when the parent asked for an end. A
// handler that rests is asked in between, on the thread of its calls.
func next(calls <-chan call, h Handler) (c call, ok bool) {
	r, rests := h.(Rester)
	if !rests {
		c, ok = <-calls
		return c, ok
	}
	for {
		d := r.Rest()
		if d <= 0 {
			c, ok = <-calls
			return c, ok
		}
		alarm := time.NewTimer(d)
		select {
		case c, ok = <-calls:
			alarm.Stop()
			return c, ok
		case <-alarm.C:
		}
	}
}

// readCalls hands calls over one at a time and closes the channel when the
// parent asks for an end. It is independent of the handler: a module that hangs
// must not keep the process alive once the parent is gone. It ends the process
// the hard way, since exit handlers of vendor modules are known to hang.
func readCalls(in io.Reader, calls chan<- call) {
	for {
		k, request, err := readFrame(in, kindRequest, kindEnd)
		if err == nil && k == kindEnd {
			close(calls)
			_, _, _ = readFrame(in) // only the end of the pipe can follow
			killSelf()
		}
		if err != nil {
			killSelf()
		}
		_, secret, err := readFrame(in, kindSecret)
		if err != nil {
			killSelf()
		}
		calls <- call{request, secret}
	}
}

func writeFailure(out io.Writer, err error) error {
	f := Failure{Text: err.Error()}
	var known *Failure
	if errors.As(err, &known) {
		f.Code, f.Detail = known.Code, known.Detail
	}
	if len(f.Text) > 64<<10 {
		f.Text = f.Text[:64<<10]
	}
	b, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return writeFrame(out, kindFailure, b)
}
