package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"
)

const (
	startTimeout = 10 * time.Second
	endTimeout   = time.Second // of Close, before the helper is killed
	stderrSize   = 64 << 10
)

// Process is one helper and, after it ended, its successors. Its methods may
// be called from several goroutines; calls are served one after the other.
type Process struct {
	name   string
	args   []string
	o      Options
	stderr ring

	turn chan struct{} // holds one token while no call runs; its holder owns run
	run  *run          // nil: start one at the next call
	life context.Context
	end  context.CancelCauseFunc // Close gave up waiting
	pid  pidBox
}

// Start starts the helper NAME and waits until it reports in. The context
// governs the start only; it does not end the helper later.
func Start(ctx context.Context, name string, args []string, o Options) (*Process, error) {
	if os.Getenv(nestedEnv) != "" {
		return nil, fmt.Errorf("starting %q: %w", name, ErrNested)
	}
	p := &Process{name: name, args: args, o: o, turn: make(chan struct{}, 1), stderr: ring{size: stderrSize}}
	p.life, p.end = context.WithCancelCause(context.Background())
	if err := p.launch(ctx); err != nil {
		return nil, err
	}
	p.turn <- struct{}{}
	return p, nil
}

// Call sends one request to the helper and waits for its reply; a helper that
// ended is started anew first. The secret is overwritten before Call returns,
// whatever happens.
//
// An error of the handler comes back as *[Failure]; the helper goes on. An end
// of the context kills the helper: with a deadline the error is [ErrSilent],
// otherwise the error of the context. [ErrCrashed] and [ErrFrame] mean that the
// helper is gone; nothing is tried twice.
func (p *Process) Call(ctx context.Context, request, secret []byte) ([]byte, error) {
	defer clear(secret)
	if len(request) > MaxFrame || len(secret) > MaxFrame {
		return nil, &Error{Err: ErrFrame, Name: p.name, Cause: fmt.Errorf("request of %d bytes", max(len(request), len(secret)))}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(p.life, func() { cancel(ErrClosed) })()
	select {
	case <-p.turn:
	case <-ctx.Done(): // another call holds the helper: not its fault
		return nil, fmt.Errorf("waiting for helper %q: %w", p.name, context.Cause(ctx))
	}
	defer func() { p.turn <- struct{}{} }()
	if err := context.Cause(ctx); err != nil {
		return nil, fmt.Errorf("calling helper %q: %w", p.name, err)
	}
	if p.run == nil || p.run.over() {
		p.drop()
		if err := p.launch(ctx); err != nil {
			return nil, err
		}
	}

	allowForeground(p.run.cmd.Process.Pid)
	type answer struct {
		k    kind
		body []byte
		err  error
	}
	answered := make(chan answer, 1)
	go func() {
		var a answer
		a.k, a.body, a.err = p.run.roundTrip(request, secret)
		answered <- a
	}()
	var a answer
	select {
	case a = <-answered:
	case <-ctx.Done():
		p.run.kill()
		<-answered // the secret is still being read until then
		return nil, p.ended(stopped(ctx))
	}
	switch {
	case errors.Is(a.err, ErrFrame):
		p.run.kill()
		return nil, p.ended(ErrFrame, a.err)
	case a.err != nil:
		p.run.await(2 * time.Second)
		return nil, p.ended(ErrCrashed, nil)
	case a.k == kindFailure:
		var f Failure
		if err := json.Unmarshal(a.body, &f); err != nil {
			p.run.kill()
			return nil, p.ended(ErrFrame, err)
		}
		if f.Code == codeFrame {
			return nil, &Error{Err: ErrFrame, Name: p.name, Cause: &f}
		}
		return nil, &f
	}
	return a.body, nil
}

// Close asks the helper to close its handler and end, and kills it after one
// second, a call that still runs included. Later calls give [ErrClosed].
func (p *Process) Close() error {
	timer := time.AfterFunc(endTimeout, func() { p.end(ErrClosed) })
	defer timer.Stop()
	select {
	case <-p.turn:
	case <-p.life.Done(): // the running call is killed and gives the turn back
		<-p.turn
	}
	defer func() { p.turn <- struct{}{} }()
	p.end(ErrClosed)
	if p.run == nil || p.run.over() {
		p.drop()
		return nil
	}
	if writeFrame(p.run.in, kindEnd, nil) == nil {
		p.run.await(endTimeout)
	}
	p.drop()
	return nil
}

// PID is the process id of the running helper, 0 when none runs.
func (p *Process) PID() int { return p.pid.load() }

// Stderr is the end of what the helpers wrote to standard error so far. It may
// hold secrets that a driver printed: for a diagnosis the user asked for.
func (p *Process) Stderr() string { return p.stderr.String() }

// stopped gives class and cause for a call that its context ended.
func stopped(ctx context.Context) (class, cause error) {
	cause = context.Cause(ctx)
	switch {
	case errors.Is(cause, ErrClosed):
		return ErrClosed, nil
	case errors.Is(cause, context.DeadlineExceeded):
		return ErrSilent, cause
	}
	return context.Canceled, cause
}

// ended describes the end of the run and forgets it.
func (p *Process) ended(class, cause error) error {
	e := &Error{Err: class, Cause: cause, Name: p.name, State: p.run.state()}
	p.drop()
	e.Stderr = p.stderr.String()
	return e
}

func (p *Process) drop() {
	if p.run != nil {
		p.run.kill()
		p.run = nil
	}
	p.pid.store(0)
}
