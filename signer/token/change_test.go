package token

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"antin/signer/worker"
)

func TestChangePIN(t *testing.T) {
	o := desks(t)
	const fresh = "Moi-2026"
	for _, tc := range []struct {
		name, rules string
		old, new    string
		opts        []LoginOption
		want        error
		changes     int // calls of C_SetPIN
		logins      int // calls of C_Login
		counted     int // wrong PINs
	}{
		{name: "right", old: pin, new: fresh, changes: 1},
		{name: "a token that wants a login before", rules: "login-first", old: pin, new: fresh, changes: 2, logins: 1},
		{name: "PIN pad", rules: "pad=" + pin + "," + fresh, changes: 1},
		{name: "has to be changed before use", rules: "flags=0x80000", old: pin, new: fresh, changes: 1},
		{name: "last try, confirmed", rules: "flags=0x20000", old: pin, new: fresh, opts: []LoginOption{LastTryConfirmed()}, changes: 1},

		{name: "old one is wrong", old: "111111", new: fresh, want: ErrPINWrong, changes: 1, counted: 1},
		{name: "old one is wrong, login before", rules: "login-first", old: "111111", new: fresh, want: ErrPINWrong, changes: 1, logins: 1, counted: 1},
		{name: "old one is wrong and locks", rules: "pinlock=1", old: "111111", new: fresh, opts: []LoginOption{LastTryConfirmed()}, want: ErrPINLocked, changes: 1, counted: 1},
		{name: "locked", rules: "flags=0x40000", old: pin, new: fresh, want: ErrPINLocked},
		{name: "last try", rules: "flags=0x20000", old: pin, new: fresh, want: ErrPINFinalTry},
		{name: "old one is too short", old: "1", new: fresh, want: ErrPINFormat},
		{name: "new one is too short", old: pin, new: "123", want: ErrPINRejected},
		{name: "new one is too long", old: pin, new: strings.Repeat("1", 33), want: ErrPINRejected},
		{name: "new one with Vietnamese letters", old: pin, new: "mật khẩu", want: ErrPINRejected},
		{name: "new one is the old one", old: pin, new: pin, want: ErrPINRejected},
		{name: "too weak for the token", rules: "C_SetPIN 1 rv=0x1B8", old: pin, new: fresh, want: ErrPINRejected, changes: 1},
		{name: "characters that the token refuses", rules: "C_SetPIN 1 rv=0xA1", old: pin, new: fresh, want: ErrPINRejected, changes: 1},
		{name: "length that the token refuses", rules: "C_SetPIN 1 rv=0xA2", old: pin, new: fresh, want: ErrPINRejected, changes: 1},
		{name: "left to the vendor's program", rules: "C_SetPIN 1 rv=0x54", old: pin, new: fresh, want: ErrUnsupported, changes: 1},
		{name: "no such function", rules: "hole=11", old: pin, new: fresh, want: ErrUnsupported},
		{name: "failed device", rules: "C_SetPIN 1 rv=0x30", old: pin, new: fresh, want: ErrDriver, changes: 1},
		{name: "pulled out", rules: "C_SetPIN 1 pull", old: pin, new: fresh, want: ErrRemoved, changes: 1},
		{name: "crash", rules: "C_SetPIN 1 crash", old: pin, new: fresh, want: worker.ErrCrashed, changes: 1, counted: 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := o.shim(t, tc.rules)
			tok := token(t, s.d, "Token đổi PIN")
			old, new := []byte(tc.old), []byte(tc.new)
			err := s.d.ChangePIN(t.Context(), tok, old, new, tc.opts...)
			if !errors.Is(err, tc.want) || tc.want == nil && err != nil {
				t.Errorf("ChangePIN = %v, want %v", err, tc.want)
			}
			if left := bytes.Trim(append(old, new...), "\x00"); len(left) > 0 {
				t.Errorf("PINs are still there: %q", left)
			}
			if c, l := s.calls("C_SetPIN"), s.calls("C_Login"); c != tc.changes || l != tc.logins {
				t.Errorf("%d calls of C_SetPIN and %d of C_Login, want %d and %d", c, l, tc.changes, tc.logins)
			}
			if got := s.d.pins.Wrong(tok); got != tc.counted {
				t.Errorf("%d wrong PINs counted, want %d", got, tc.counted)
			}
			s.rules()
			if tc.want == nil {
				if err := s.d.ChangePIN(t.Context(), token(t, s.d, "Token đổi PIN"), []byte(fresh), []byte(pin)); err != nil {
					t.Fatalf("changing it back: %v", err)
				}
			}
			session, err := s.d.Login(t.Context(), token(t, s.d, "Token đổi PIN"), o.lone, []byte(pin), LastTryConfirmed())
			if err != nil {
				t.Fatalf("login afterwards: %v", err)
			}
			session.Close()
		})
	}
	t.Run("while a session is open", func(t *testing.T) {
		d := o.driver(t)
		tok := token(t, d, "Token đổi PIN")
		session, err := d.Login(t.Context(), tok, o.lone, []byte(pin))
		if err != nil {
			t.Fatal(err)
		}
		defer session.Close()
		if err := d.ChangePIN(t.Context(), tok, []byte(pin), []byte(fresh)); !errors.Is(err, ErrSessionOpen) {
			t.Errorf("ChangePIN = %v, want ErrSessionOpen", err)
		}
	})
}

func TestRulesForNewPINs(t *testing.T) {
	for _, tc := range []struct {
		name     string
		min, max int
		pin      string
		want     error
	}{
		{"bit4id", 4, 16, "1234", nil},
		{"SafeNet", 6, 16, "12345", ErrPINRejected},
		{"SafeNet, long enough", 6, 16, "123456", nil},
		{"too long for the token", 4, 8, "123456789", ErrPINRejected},
		{"token that tells nothing", 0, 0, "1234", nil},
		{"token that tells nonsense", 8, 2, "12345678", nil},
		{"token with more than we send", 4, 255, strings.Repeat("1", 33), ErrPINRejected},
	} {
		s := PINState{Min: tc.min, Max: tc.max}
		if err := s.checkNew([]byte("000000"), []byte(tc.pin)); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, err, tc.want)
		}
	}
}
