package worker

import (
	"bytes"
	"context"
	"errors"
	"os"
	"testing"
	"time"
)

func TestEndedHelperIsReplacedAtTheNextCall(t *testing.T) {
	deadline := func(ctx context.Context) (context.Context, context.CancelFunc) {
		return context.WithTimeout(ctx, 100*time.Millisecond)
	}
	cancelled := func(ctx context.Context) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancel(ctx)
		time.AfterFunc(100*time.Millisecond, cancel)
		return ctx, cancel
	}
	for _, tc := range []struct {
		name, request string
		ctx           func(context.Context) (context.Context, context.CancelFunc)
		want          error
	}{
		{"nil pointer", "crash", nil, ErrCrashed},
		{"exit", "exit", nil, ErrCrashed},
		{"hang until the deadline", "hang", deadline, ErrSilent},
		{"hang until the user gives up", "hang", cancelled, context.Canceled},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := start(t, Options{})
			ctx, pid := t.Context(), p.PID()
			if tc.ctx != nil {
				var cancel context.CancelFunc
				ctx, cancel = tc.ctx(ctx)
				defer cancel()
			}
			pin := []byte("1234")
			_, err := p.Call(ctx, []byte(tc.request), pin)
			var e *Error
			if !errors.Is(err, tc.want) || !errors.As(err, &e) {
				t.Fatalf("error %v, want %v", err, tc.want)
			}
			if e.State == "" {
				t.Errorf("%v does not say how the helper ended", err)
			}
			if !bytes.Equal(pin, make([]byte, 4)) {
				t.Errorf("the secret is still %q", pin)
			}
			echoes(t, p)
			if p.PID() == pid || p.PID() == 0 {
				t.Errorf("process id %d after %d: no new helper", p.PID(), pid)
			}
		})
	}
	t.Run("killed from outside", func(t *testing.T) {
		p := start(t, Options{})
		proc, err := os.FindProcess(p.PID())
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(100*time.Millisecond, func() { proc.Kill() })
		if _, err := p.Call(t.Context(), []byte("hang"), nil); !errors.Is(err, ErrCrashed) {
			t.Errorf("error %v, want ErrCrashed", err)
		}
		echoes(t, p)
	})
}

func TestStartRefusesWhatIsNoHelper(t *testing.T) {
	for _, tc := range []struct {
		name string
		want error
	}{
		{"babble", ErrFrame},
		{"dies", ErrCrashed},
		{"mute", ErrSilent},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Start(t.Context(), tc.name, nil, Options{StartTimeout: 300 * time.Millisecond})
			if !errors.Is(err, tc.want) {
				t.Errorf("Start = %v, want %v", err, tc.want)
			}
		})
	}
	if _, err := Start(t.Context(), "parrot", nil, Options{Executable: "/nonexistent/antin"}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing executable: %v", err)
	}
}
