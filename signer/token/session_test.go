package token

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"strings"
	"testing"
	"time"
)

// logIn opens a session on a token of the office.
func (s *shim) logIn(label string, cert *x509.Certificate, opts ...LoginOption) *Session {
	s.t.Helper()
	session, err := s.d.Login(s.t.Context(), token(s.t, s.d, label), cert, []byte(pin), opts...)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { session.Close() })
	return session
}

// signOne makes one signature of a batch.
func signOne(ctx context.Context, s *Session) error {
	_, err := s.Sign(ctx, attributes(s.Certificate(), crypto.SHA256), crypto.SHA256, 0)
	return err
}

func TestIdleLoginIsClosed(t *testing.T) {
	s := desks(t).shim(t)
	o := desks(t)
	session := s.logIn("Token EC", o.phuc, IdleTimeout(time.Second))
	for range 6 { // longer than the timeout in all
		time.Sleep(200 * time.Millisecond)
		if err := signOne(t.Context(), session); err != nil {
			t.Fatalf("while it is used: %v", err)
		}
	}
	last := time.Now()
	eventually(t, "the helper to log out by itself", func() bool { return s.calls("C_Logout") == 1 })
	t.Logf("logged out %v after the last signature, timeout 1s", time.Since(last).Round(time.Millisecond))
	if err := signOne(t.Context(), session); !errors.Is(err, ErrSessionEnded) || !strings.Contains(err.Error(), "1s") {
		t.Errorf("Sign = %v, want ErrSessionEnded with the reason", err)
	}
	if err := session.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	again := s.logIn("Token EC", o.phuc)
	if err := signOne(t.Context(), again); err != nil {
		t.Errorf("next session: %v", err)
	}
	if got := s.calls("C_Login"); got != 2 {
		t.Errorf("%d calls of C_Login, want 2", got)
	}
}

func TestLoginWithoutTimeoutStays(t *testing.T) {
	s := desks(t).shim(t)
	session := s.logIn("Token EC", desks(t).phuc, IdleTimeout(0))
	time.Sleep(300 * time.Millisecond)
	if err := signOne(t.Context(), session); err != nil {
		t.Error(err)
	}
}

func TestRemovalClosesTheLogin(t *testing.T) {
	s := desks(t).shim(t)
	session := s.logIn("Token xác thực lại", desks(t).reauth) // its PIN is in the helper's memory
	s.rules("removed")
	pulled := time.Now()
	eventually(t, "the helper to notice", func() bool { return s.calls("C_CloseSession") == s.calls("C_OpenSession") })
	if d := time.Since(pulled); d > 2*time.Second {
		t.Errorf("noticed after %v", d)
	}
	if err := signOne(t.Context(), session); !errors.Is(err, ErrRemoved) {
		t.Errorf("Sign = %v, want ErrRemoved", err)
	}
}

func TestBatchWithTheTokenPulledOut(t *testing.T) {
	s := desks(t).shim(t)
	o := desks(t)
	session := s.logIn("Nguyễn Văn An", o.an)
	s.rules("C_Sign 3 pull")
	var errs []error
	for range 5 {
		errs = append(errs, signOne(t.Context(), session))
	}
	for i, want := range []error{nil, nil, ErrRemoved, ErrSessionEnded, ErrSessionEnded} {
		if !errors.Is(errs[i], want) {
			t.Errorf("document %d: %v, want %v", i+1, errs[i], want)
		}
	}
	s.rules("removed")
	if _, err := s.d.Login(t.Context(), session.token, o.an, []byte(pin)); !errors.Is(err, ErrNoToken) {
		t.Errorf("login while it is out: %v, want ErrNoToken", err)
	}
	s.rules() // plugged in again
	again := s.logIn("Nguyễn Văn An", o.an)
	for range 3 {
		if err := signOne(t.Context(), again); err != nil {
			t.Errorf("after it is back: %v", err)
		}
	}
	if got := s.calls("C_Login"); got != 2 {
		t.Errorf("%d calls of C_Login, want one for each session", got)
	}
}

func TestFirstRefusedPINStopsTheBatch(t *testing.T) {
	s := desks(t).shim(t)
	session := s.logIn("Token xác thực lại", desks(t).reauth)
	s.rules("C_Login 2 rv=0xA0") // of the second signature
	var errs []error
	for range 4 {
		errs = append(errs, signOne(t.Context(), session))
	}
	for i, want := range []error{nil, ErrPINWrong, ErrSessionEnded, ErrSessionEnded} {
		if !errors.Is(errs[i], want) {
			t.Errorf("document %d: %v, want %v", i+1, errs[i], want)
		}
	}
	if got := s.calls("C_Login"); got != 3 {
		t.Errorf("%d calls of C_Login, want 3", got)
	}
}

func TestCancelEndsTheBatch(t *testing.T) {
	s := desks(t).shim(t)
	session := s.logIn("Token EC", desks(t).phuc)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := signOne(ctx, session); !errors.Is(err, ErrCancelled) {
		t.Errorf("Sign = %v, want ErrCancelled", err)
	}
	if got := s.calls("C_Logout"); got != 1 {
		t.Errorf("%d calls of C_Logout", got)
	}
	if err := signOne(t.Context(), session); !errors.Is(err, ErrSessionEnded) {
		t.Errorf("Sign = %v, want ErrSessionEnded", err)
	}
}

func TestLoginThatDidNotLookAtThePIN(t *testing.T) {
	s := desks(t).shim(t, "C_Login 1 after=0x100")
	o := desks(t)
	if s.logIn("Token EC", o.phuc).PINChecked() {
		t.Error("USER_ALREADY_LOGGED_IN is taken for a right PIN")
	}
	if !s.logIn("Nguyễn Văn An", o.an).PINChecked() {
		t.Error("a checked PIN is reported as unchecked")
	}
}

// Modules that never see readers plugged in after C_Initialize.
func TestHelperIsReplacedWhenItSeesNoReader(t *testing.T) {
	o := desks(t)
	plugIn := func(t *testing.T) *shim {
		s := o.shim(t, "removed")
		if tokens, err := s.d.Tokens(t.Context()); err != nil || len(tokens) != 0 {
			t.Fatalf("%d tokens, %v", len(tokens), err)
		}
		s.rules("frozen")
		return s
	}
	t.Run("told to", func(t *testing.T) {
		s := plugIn(t)
		if err := s.d.Restart(); err != nil {
			t.Fatal(err)
		}
		token(t, s.d, "Token EC")
	})
	t.Run("at the next look after a while", func(t *testing.T) {
		s := plugIn(t)
		if tokens, err := s.d.Tokens(t.Context()); err != nil || len(tokens) != 0 {
			t.Errorf("a young helper was replaced: %d tokens, %v", len(tokens), err)
		}
		s.d.since = s.d.since.Add(-blindAge)
		token(t, s.d, "Token EC")
	})
	t.Run("at a login", func(t *testing.T) {
		known := token(t, o.driver(t), "Token EC")
		s := plugIn(t)
		session, err := s.d.Login(t.Context(), known, o.phuc, []byte(pin))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.d.Restart(); !errors.Is(err, ErrSessionOpen) {
			t.Errorf("Restart under a session: %v, want ErrSessionOpen", err)
		}
		session.Close()
	})
}
