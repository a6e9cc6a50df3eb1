package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"time"
)

// run is one life of a helper process.
type run struct {
	cmd     *exec.Cmd
	in, out *os.File
	done    chan struct{} // closed when the process was waited for
}

type pidBox struct{ v atomic.Int64 }

func (b *pidBox) load() int     { return int(b.v.Load()) }
func (b *pidBox) store(pid int) { b.v.Store(int64(pid)) }

// launch starts the process and waits for its hello.
func (p *Process) launch(ctx context.Context) error {
	exe := p.o.Executable
	if exe == "" {
		var err error
		if exe, err = os.Executable(); err != nil {
			return fmt.Errorf("starting helper %q: %w", p.name, err)
		}
	}
	cmd := exec.Command(exe, append([]string{"worker", p.name}, p.args...)...)
	cmd.Env = p.o.Env
	if cmd.Env == nil {
		cmd.Env = CleanEnv()
	}
	cmd.Env = append(cmd.Env[:len(cmd.Env):len(cmd.Env)], nestedEnv+"="+p.name)
	cmd.Dir = p.o.Dir
	if cmd.Dir == "" {
		cmd.Dir = filepath.Dir(exe)
	}
	cmd.Stderr = &p.stderr
	cmd.WaitDelay = 500 * time.Millisecond // a grandchild may hold standard error open

	childIn, in, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("starting helper %q: %w", p.name, err)
	}
	out, childOut, err := os.Pipe()
	if err != nil {
		return errors.Join(fmt.Errorf("starting helper %q: %w", p.name, err), childIn.Close(), in.Close())
	}
	cmd.Stdin, cmd.Stdout = childIn, childOut
	r := &run{cmd: cmd, in: in, out: out, done: make(chan struct{})}
	started := make(chan error, 1)
	go r.live(started, childIn, childOut)
	if err := <-started; err != nil {
		return errors.Join(fmt.Errorf("starting helper %q: %w", p.name, err), in.Close(), out.Close())
	}
	p.run = r
	p.pid.store(cmd.Process.Pid)

	timeout := p.o.StartTimeout
	if timeout <= 0 {
		timeout = startTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	greeted := make(chan error, 1)
	go func() {
		_, b, err := readFrame(out, kindHello)
		if err == nil && string(b) != hello {
			err = fmt.Errorf("%w: hello %q", ErrFrame, b)
		}
		greeted <- err
	}()
	select {
	case err = <-greeted:
	case <-ctx.Done():
		r.kill()
		<-greeted
		return p.ended(stopped(ctx))
	}
	switch {
	case errors.Is(err, ErrFrame): // not a helper: its output is something else
		r.kill()
		return p.ended(ErrFrame, err)
	case err != nil:
		r.await(2 * time.Second)
		return p.ended(ErrCrashed, nil)
	}
	return nil
}

// live starts the process and waits for it, all on one OS thread: Linux sends
// the parent-death signal when the *thread* that started the child ends.
func (r *run) live(started chan<- error, childEnds ...*os.File) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(r.done)
	prepare(r.cmd)
	err := r.cmd.Start()
	for _, f := range childEnds {
		f.Close() // the child has its own; nothing was written to ours
	}
	if err != nil {
		started <- err
		return
	}
	untie := tie(r.cmd.Process)
	defer untie()
	started <- nil
	_ = r.cmd.Wait() // how it ended is in ProcessState
}

func (r *run) roundTrip(request, secret []byte) (kind, []byte, error) {
	if err := writeFrame(r.in, kindRequest, request); err != nil {
		return 0, nil, err
	}
	if err := writeFrame(r.in, kindSecret, secret); err != nil {
		return 0, nil, err
	}
	return readFrame(r.out, kindReply, kindFailure)
}

func (r *run) over() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// await gives the process some time to end by itself.
func (r *run) await(d time.Duration) {
	select {
	case <-r.done:
	case <-time.After(d):
	}
}

// kill ends the process and releases the pipes; it may be called again.
func (r *run) kill() {
	_ = r.cmd.Process.Kill() // "already finished" is what we want
	// Closing ends a read or write that still waits, even when a grandchild
	// holds the other end.
	_ = r.in.Close()
	_ = r.out.Close()
	r.await(2 * time.Second) // a process stuck in the kernel is left behind
}

// state tells how the process ended, "" while it runs.
func (r *run) state() string {
	if !r.over() || r.cmd.ProcessState == nil {
		return ""
	}
	return r.cmd.ProcessState.String()
}
