package token

import (
	"context"
	"crypto"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"antin/signer/worker"
)

// A token that locks after three wrong PINs, used in several runs of the
// program. The right PIN is never tried in place of a wrong one.
func TestWrongPINsAreCountedAcrossRuns(t *testing.T) {
	o := desks(t)
	for _, tc := range []struct{ name, rules string }{
		{"flags that tell", "pinlock=3"},
		{"flags that never tell", ""}, // SoftHSM sets USER_PIN_COUNT_LOW and never locks
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := o.shim(t, tc.rules)
			file := filepath.Join(t.TempDir(), "antin", "pins.json")
			step := func(name, pin string, confirmed bool, want error, logins, wrong int) *Session {
				t.Helper()
				d := s.driver(CountPINs(NewPINLog(file))) // the next run
				tok := token(t, d, "Token nhập sai")
				before := s.calls("C_Login")
				var opts []LoginOption
				if confirmed {
					opts = append(opts, LastTryConfirmed())
				}
				session, err := d.Login(t.Context(), tok, o.lone, []byte(pin), opts...)
				if !errors.Is(err, want) || want == nil && err != nil {
					t.Errorf("%s: %v, want %v", name, err, want)
				}
				if got := s.calls("C_Login") - before; got != logins {
					t.Errorf("%s: %d calls of C_Login, want %d", name, got, logins)
				}
				var e *Error
				if errors.As(err, &e) && (e.PIN == nil || e.PIN.Wrong != wrong || e.PIN.FinalTry != (wrong == 2)) {
					t.Errorf("%s: error with the state %+v, want %d wrong PINs", name, e.PIN, wrong)
				}
				state := token(t, d, "Token nhập sai").PIN
				if state.Wrong != wrong || state.Low != (wrong > 0) || state.FinalTry != (wrong == 2) {
					t.Errorf("%s: state %+v, want %d wrong PINs", name, state, wrong)
				}
				return session
			}
			step("first wrong PIN", "111111", false, ErrPINWrong, 1, 1)
			step("too short to be sent", "11", false, ErrPINFormat, 0, 1)
			step("second wrong PIN", "222222", false, ErrPINWrong, 1, 2)
			step("third try, unasked", pin, false, ErrPINFinalTry, 0, 2)
			if session := step("third try, confirmed", pin, true, nil, 1, 0); session != nil {
				session.Close()
			}
			step("a wrong one after the right one", "333333", false, ErrPINWrong, 1, 1)

			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			serial := token(t, s.d, "Token nhập sai").Serial
			for _, secret := range []string{serial, strings.ToUpper(serial), "333333", "Token nhập sai"} {
				if strings.Contains(string(b), secret) {
					t.Errorf("the file shows %q:\n%s", secret, b)
				}
			}
			if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
			if s := step("the right one", pin, false, nil, 1, 0); s != nil {
				s.Close()
			}
		})
	}
}

func TestLockedTokenIsNeverAsked(t *testing.T) {
	o := desks(t)
	s := o.shim(t, "pinlock=3")
	logIn := func(pin string, opts ...LoginOption) error {
		_, err := s.d.Login(t.Context(), token(t, s.d, "Token nhập sai"), o.lone, []byte(pin), opts...)
		return err
	}
	for i, want := range []error{ErrPINWrong, ErrPINWrong, ErrPINLocked} {
		if err := logIn("111111", LastTryConfirmed()); !errors.Is(err, want) {
			t.Errorf("wrong PIN %d: %v, want %v", i+1, err, want)
		}
	}
	if err := logIn(pin, LastTryConfirmed()); !errors.Is(err, ErrPINLocked) {
		t.Errorf("right PIN on a locked token: %v, want ErrPINLocked", err)
	}
	if got := s.calls("C_Login"); got != 3 {
		t.Errorf("%d calls of C_Login, want 3", got)
	}
	s.rules()
	if err := errors.Join(os.Remove(filepath.Join(s.dir, "wrong")), logIn(pin, LastTryConfirmed())); err != nil {
		t.Errorf("unlocked by its vendor's program: %v", err)
	}
}

// What may have cost a try counts, what cannot does not.
func TestWhatCountsAsATry(t *testing.T) {
	o := desks(t)
	for _, tc := range []struct {
		name, rules, pin string
		want             error
		counted          int
	}{
		{"right PIN", "", pin, nil, 0},
		{"wrong PIN", "C_Login 1 rv=0xA0", pin, ErrPINWrong, 1},
		{"locked by this try", "C_Login 1 rv=0xA4", pin, ErrPINLocked, 1},
		{"crash before the login", "C_OpenSession 1+ crash", pin, worker.ErrCrashed, 0},
		{"crash in the login", "C_Login 1 crash", pin, worker.ErrCrashed, 1},
		{"crash after the login", "C_FindObjectsInit 2+ crash", pin, worker.ErrCrashed, 0},
		{"given up in the login", "C_Login 1 hang", pin, ErrCancelled, 1},
		{"failed device", "C_Login 1 rv=0x30", pin, ErrDriver, 0},
		{"failed device, and the flags tell why", "pinlock=3; C_Login 1 after=0x6", "111111", ErrDriver, 1},
		{"logged in already: not looked at", "C_Login 1 rv=0x100", pin, ErrNoKey, 0},
		{"cancelled on the reader", "C_Login 1 rv=0x50", pin, ErrCancelled, 0},
		{"length not accepted", "C_Login 1 rv=0xA2", pin, ErrPINFormat, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := o.shim(t)
			log := NewPINLog(filepath.Join(t.TempDir(), "pins"))
			d := s.driver(CountPINs(log))
			tok := token(t, d, "Token nhập sai")
			s.rules(strings.Split(tc.rules, "; ")...)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if strings.Contains(tc.rules, "hang") {
				go func() {
					eventually(t, "the hang", func() bool { _, hangs := s.when("hang"); return hangs })
					cancel()
				}()
			}
			session, err := d.Login(ctx, tok, o.lone, []byte(tc.pin))
			if !errors.Is(err, tc.want) || tc.want == nil && err != nil {
				t.Errorf("Login = %v, want %v", err, tc.want)
			}
			if session != nil {
				session.Close()
			}
			if got := log.Wrong(tok); got != tc.counted {
				t.Errorf("%d tries counted, want %d", got, tc.counted)
			}
		})
	}
}

// A card for qualified signatures has a second PIN; the first being right must
// not hide that the second is about to lock.
func TestPINOfSignaturesIsCountedByItself(t *testing.T) {
	o := desks(t)
	s := o.shim(t)
	logIn := func(opts ...LoginOption) (*Session, error) {
		return s.d.Login(t.Context(), token(t, s.d, "Token xác thực lại"), o.reauth, []byte(pin), opts...)
	}
	sign := func(session *Session) error {
		_, err := session.Sign(t.Context(), attributes(o.reauth, crypto.SHA256), crypto.SHA256, 0)
		return err
	}
	for range 2 {
		s.rules("C_Login 2 rv=0xA0")
		session, err := logIn()
		if err != nil {
			t.Fatal(err)
		}
		if err := sign(session); !errors.Is(err, ErrPINWrong) {
			t.Errorf("signature: %v, want ErrPINWrong", err)
		}
	}
	s.rules()
	if _, err := logIn(); !errors.Is(err, ErrPINFinalTry) {
		t.Errorf("third login: %v, want ErrPINFinalTry", err)
	}
	session, err := logIn(LastTryConfirmed())
	if err != nil {
		t.Fatal(err)
	}
	if err := sign(session); err != nil {
		t.Error(err)
	}
	session.Close()
	if n := s.d.pins.Wrong(session.token); n != 0 {
		t.Errorf("%d wrong PINs after the right one", n)
	}
}

func TestPINLogFile(t *testing.T) {
	tok := Token{Serial: "00a7-F1", Label: "VGCA Token"}
	t.Run("one token through several modules", func(t *testing.T) {
		l := NewPINLog(filepath.Join(t.TempDir(), "pins"))
		l.set(tok, userPIN, 1)
		for _, tc := range []struct {
			token Token
			want  int
		}{
			{Token{Serial: " A7-f1 ", Label: "another label"}, 1},
			{Token{Serial: "A7-F2", Label: "VGCA Token"}, 0},
			{Token{Label: "VGCA Token"}, 0},
		} {
			if got := l.Wrong(tc.token); got != tc.want {
				t.Errorf("%+v: %d, want %d", tc.token, got, tc.want)
			}
		}
	})
	t.Run("damaged", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "pins")
		if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
		l := NewPINLog(path)
		if got := l.Wrong(tok); got != 0 || l.Problem() == nil {
			t.Errorf("%d wrong PINs, problem %v", got, l.Problem())
		}
		l.set(tok, userPIN, 2)
		if got := NewPINLog(path).Wrong(tok); got != 2 || l.Problem() != nil {
			t.Errorf("after a wrong PIN: %d, problem %v", got, l.Problem())
		}
	})
	t.Run("no place to write", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		l := NewPINLog(filepath.Join(file, "pins")) // a file where a folder is needed
		l.set(tok, userPIN, 2)
		if got := l.Wrong(tok); got != 2 || l.Problem() == nil {
			t.Errorf("%d wrong PINs in this run, problem %v", got, l.Problem())
		}
	})
	t.Run("no half file, no leftovers", func(t *testing.T) {
		dir := t.TempDir()
		l := NewPINLog(filepath.Join(dir, "pins"))
		for n := range 5 {
			l.set(tok, userPIN, n)
		}
		l.set(tok, userPIN, 0)
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) != 1 {
			t.Errorf("%d files, %v", len(entries), err)
		}
	})
}
