package token

import (
	"errors"
	"strings"
	"testing"

	"antin/signer/worker"
)

func TestModuleThatCrashesIsGivenUp(t *testing.T) {
	s := desks(t).shim(t, "C_GetSlotList * crash")
	var crashes Crashes
	for n := range 3 {
		d := s.driver(CountCrashes(&crashes)) // every look at the tokens makes new drivers
		if _, err := d.Tokens(t.Context()); !errors.Is(err, ErrDriver) || !errors.Is(err, worker.ErrCrashed) {
			t.Errorf("crash %d: %v", n+1, err)
		}
	}
	s.rules()
	d := s.driver(CountCrashes(&crashes))
	_, err := d.Tokens(t.Context())
	if !errors.Is(err, ErrModuleDisabled) || !strings.Contains(err.Error(), s.path) {
		t.Errorf("fourth time: %v, want ErrModuleDisabled with the path", err)
	}
	if n := crashes.Of(s.path); n != 3 {
		t.Errorf("%d crashes counted", n)
	}
	if n := s.calls("C_GetSlotList"); n != 3 {
		t.Errorf("a disabled module was loaded: %d calls", n)
	}
	crashes.Forgive(s.path)
	token(t, d, "Token EC")
}

// Hangs, refusals and errors are no crashes.
func TestOnlyCrashesCount(t *testing.T) {
	s := desks(t).shim(t, "C_GetSlotList * rv=0x30")
	for range 4 {
		if _, err := s.d.Tokens(t.Context()); !errors.Is(err, ErrDriver) {
			t.Fatal(err)
		}
	}
	s.rules()
	token(t, s.d, "Token EC")
}
