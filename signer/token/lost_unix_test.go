//go:build unix

package token

import (
	"context"
	"crypto"
	"errors"
	"os"
	"syscall"
	"testing"
	"time"

	"antin/signer/cms"
	"antin/signer/worker"
)

// A stopped process is a module that hangs: it takes the request and is silent.
func TestModuleThatHangs(t *testing.T) {
	o := desks(t)
	for _, tc := range []struct {
		name  string
		ctx   func(context.Context, *os.Process) (context.Context, context.CancelFunc)
		wants []error
	}{
		{"until the deadline", func(ctx context.Context, _ *os.Process) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 100*time.Millisecond)
		}, []error{ErrDriver, worker.ErrSilent}},
		{"until the user gives up", func(ctx context.Context, _ *os.Process) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(100*time.Millisecond, cancel)
			return ctx, cancel
		}, []error{ErrCancelled, context.Canceled}},
		{"until it crashes", func(ctx context.Context, p *os.Process) (context.Context, context.CancelFunc) {
			time.AfterFunc(100*time.Millisecond, func() { p.Kill() })
			return ctx, func() {}
		}, []error{ErrDriver, worker.ErrCrashed}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := o.driver(t)
			tok := token(t, d, "Token EC")
			s, err := d.Login(t.Context(), tok, o.phuc, []byte(pin))
			if err != nil {
				t.Fatal(err)
			}
			helper, err := os.FindProcess(d.process.PID())
			if err != nil {
				t.Fatal(err)
			}
			if err := helper.Signal(syscall.SIGSTOP); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := tc.ctx(t.Context(), helper)
			defer cancel()
			begin := time.Now()
			_, err = s.Sign(ctx, attributes(o.phuc, crypto.SHA256), crypto.SHA256, cms.ECDSA)
			for _, want := range tc.wants {
				if !errors.Is(err, want) {
					t.Errorf("Sign = %v, want %v", err, want)
				}
			}
			if d := time.Since(begin); d > 3*time.Second {
				t.Errorf("it took %v to say so", d)
			}
			if _, err := s.Sign(t.Context(), attributes(o.phuc, crypto.SHA256), crypto.SHA256, cms.ECDSA); !errors.Is(err, ErrSessionEnded) {
				t.Errorf("the same session again: %v, want ErrSessionEnded", err)
			}
			token(t, d, "Token EC") // a new helper
		})
	}
}
