package token

import (
	"bytes"
	"context"
	"fmt"

	"github.com/miekg/pkcs11"
)

// ChangePIN replaces the user's PIN by another one (C_SetPIN). The old PIN is
// tried once and counts like one of a login; both slices are overwritten before
// ChangePIN returns, on every path. For a token with a PIN pad (PINState.Pad)
// neither is used, the reader asks for them. A token whose PIN has to be changed
// before its first use (PINState.MustChange) is changed here.
//
// The new PIN must be 4 to 32 printable ASCII characters, of a length that the
// token names, and not the old one, else [ErrPINRejected] without a try spent;
// the same error comes when the token refuses it by rules of its own. Further
// errors are those of Login, [ErrUnsupported] for a token that leaves this to
// its vendor's program included.
func (d *Driver) ChangePIN(ctx context.Context, t Token, old, new []byte, opts ...LoginOption) error {
	defer clear(old)
	defer clear(new)
	if err := d.changePIN(ctx, t, old, new, opts); err != nil {
		return fmt.Errorf("changing the PIN of %q: %w", t.Label, err)
	}
	return nil
}

func (d *Driver) changePIN(ctx context.Context, t Token, old, new []byte, opts []LoginOption) error {
	q := d.request(opChange, t, opts)
	if err := d.mayTry(t, q.Confirmed); err != nil {
		return err
	}
	var secret []byte
	if !t.PIN.Pad {
		if err := CheckPIN(old); err != nil {
			return err
		}
		if err := t.PIN.checkNew(old, new); err != nil {
			return err
		}
		secret = pinPair(old, new)
	}
	ctx, cancel := withTimeout(ctx, loginTimeout)
	defer cancel()
	return d.tryPIN(ctx, t, t.PIN, func() (bool, error) {
		_, err := d.call(ctx, q, secret)
		return err == nil, err
	})
}

// checkNew applies the rules for a new PIN. The lengths that a token tells are
// good enough to refuse a choice, other than a PIN that exists.
func (s PINState) checkNew(old, new []byte) error {
	if err := CheckPIN(new); err != nil {
		return fmt.Errorf("%w: %w", ErrPINRejected, err)
	}
	low, high := max(minPIN, s.Min), maxPIN
	if s.Max >= low {
		high = min(high, s.Max)
	}
	switch {
	case len(new) < low || len(new) > high:
		return refuse(ErrPINRejected, "%d bytes, the token takes %d to %d", len(new), low, high)
	case bytes.Equal(old, new):
		return refuse(ErrPINRejected, "it is the old one")
	}
	return nil
}

// pinPair puts both PINs into one secret: the length of the first in one byte,
// then both.
func pinPair(old, new []byte) []byte {
	secret := make([]byte, 0, 1+len(old)+len(new))
	secret = append(secret, byte(len(old)))
	return append(append(secret, old...), new...)
}

// change is the helper's side. It opens the only session that may write; a token
// needs no login for C_SetPIN (PKCS #11, 5.5), so the old PIN goes there once.
func (h *helper) change(q request, secret []byte) error {
	slot, info, err := h.locate(q)
	if err != nil {
		return err
	}
	if err := h.free(slot, q.Label); err != nil {
		return err
	}
	l := &login{slot: slot, serial: q.Serial, label: q.Label, state: pinState(info)}
	state := l.state
	state.MustChange = false // that is what this is for
	if refused := state.refusal(q.Confirmed); refused != nil {
		return refused
	}
	var old, new []byte
	if !l.state.Pad {
		if len(secret) == 0 || len(secret) < 1+int(secret[0]) {
			return refuse(ErrPINFormat, "%d bytes", len(secret))
		}
		old, new = secret[1:1+secret[0]], secret[1+secret[0]:]
		if err := CheckPIN(old); err != nil {
			return refuse(ErrPINFormat, "%d bytes", len(old))
		}
		if err := l.state.checkNew(old, new); err != nil {
			return refuse(ErrPINRejected, "%d bytes", len(new))
		}
	}
	if l.session, err = h.c.OpenSession(slot, pkcs11.CKF_SERIAL_SESSION|pkcs11.CKF_RW_SESSION); err != nil {
		return h.fault(l, "C_OpenSession", err)
	}
	// What closing answers changes nothing about the PIN, which is the question.
	defer func() { _ = h.c.CloseSession(l.session) }()
	err = h.c.SetPIN(l.session, old, new)
	if ckr(err) == pkcs11.CKR_USER_NOT_LOGGED_IN { // the PIN was not looked at: this one wants C_Login before
		if err := h.c.Login(l.session, pkcs11.CKU_USER, old); err != nil {
			return h.refusedPIN(l, "C_Login", err)
		}
		defer func() { _ = h.c.Logout(l.session) }()
		err = h.c.SetPIN(l.session, old, new)
	}
	switch rv := ckr(err); {
	case err == nil:
		return nil
	case rv == pkcs11.CKR_PIN_INVALID || rv == pkcs11.CKR_PIN_LEN_RANGE: // PKCS #11, 5.1.6: of the new one
		return &Error{Err: ErrPINRejected, Function: "C_SetPIN", CKR: rv}
	case rv == pkcs11.CKR_FUNCTION_NOT_SUPPORTED, rv == pkcs11.CKR_TOKEN_WRITE_PROTECTED:
		return &Error{Err: ErrUnsupported, Function: "C_SetPIN", CKR: rv}
	}
	return h.refusedPIN(l, "C_SetPIN", err)
}
