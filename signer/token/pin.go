package token

import (
	"context"
	"errors"
	"fmt"

	"antin/signer/worker"
)

const (
	minPIN = 4 // bytes; bit4id and SafeNet ask for at least 4 and 6
	maxPIN = 32
)

// CheckPIN tells whether pin may be sent to a token at all: 4 to 32 printable
// ASCII characters, else [ErrPINFormat]. A Vietnamese input method that turns
// "aa" into "â" must not cost a try.
func CheckPIN(pin []byte) error {
	if len(pin) < minPIN || len(pin) > maxPIN {
		return fmt.Errorf("%w: %d bytes", ErrPINFormat, len(pin))
	}
	for _, b := range pin {
		if b < 0x20 || b > 0x7e {
			return fmt.Errorf("%w: other characters found", ErrPINFormat)
		}
	}
	return nil
}

// refusal is the reason why C_Login must not be called in this state, nil when
// it may be. confirmed: the user knows that it is the last try.
func (s PINState) refusal(confirmed bool) *Error {
	e := &Error{PIN: &s}
	switch {
	case s.Locked:
		e.Err = ErrPINLocked
	case !s.Set:
		e.Err = ErrPINNotSet
	case s.MustChange:
		e.Err = ErrPINExpired
	case s.FinalTry && !confirmed:
		e.Err = ErrPINFinalTry
	default:
		return nil
	}
	return e
}

// PIN is the state of t's PIN: what the flags said when t was listed, and the
// wrong PINs counted since. Ask it before a person is asked for the PIN.
func (d *Driver) PIN(t Token) PINState { return t.PIN.with(d.pins.Wrong(t)) }

// mayTry refuses a try that may lock t by this program's own count. confirmed:
// the user knows.
func (d *Driver) mayTry(t Token, confirmed bool) error {
	wrong := d.pins.Wrong(t)
	if wrong < presumedTries-1 || confirmed {
		return nil
	}
	state := d.PIN(t)
	return &Error{Err: ErrPINFinalTry, PIN: &state, Text: fmt.Sprintf("%d wrong PINs were counted", wrong)}
}

// tryPIN runs try, the one call that gives the PIN to the token, and keeps the
// count: it is raised before, because the program may not live to see the
// answer, and corrected after. before is what the flags said.
func (d *Driver) tryPIN(ctx context.Context, t Token, before PINState, try func() (right bool, err error)) error {
	if err := ctx.Err(); err != nil {
		return own(err)
	}
	wrong := d.pins.wrong(t, userPIN)
	d.pins.set(t, userPIN, wrong+1)
	right, err := try()
	switch {
	case right:
		d.pins.set(t, userPIN, 0)
	case err == nil, !maybeSpent(err, before):
		d.pins.set(t, userPIN, wrong)
	}
	return d.counted(t, err)
}

// maybeSpent tells whether err may have cost a try.
func maybeSpent(err error, before PINState) bool {
	var lost *worker.Error
	if errors.As(err, &lost) {
		return true
	}
	var e *Error
	if !errors.As(err, &e) || e.Function == "" { // refused before the token was asked
		return false
	}
	if e.Err == ErrPINWrong || e.Err == ErrPINLocked {
		return true
	}
	// Some drivers report a wrong PIN as a failure of the device, but their flags
	// give it away.
	return e.PIN != nil &&
		(e.PIN.Low && !before.Low || e.PIN.FinalTry && !before.FinalTry || e.PIN.Locked && !before.Locked)
}

// refusedAtSignature counts a PIN that was refused for one signature.
func (d *Driver) refusedAtSignature(t Token, err error) error {
	if errors.Is(err, ErrPINWrong) || errors.Is(err, ErrPINLocked) {
		d.pins.set(t, signaturePIN, d.pins.wrong(t, signaturePIN)+1)
	}
	return d.counted(t, err)
}

// counted adds the count to the state of the PIN that err carries.
func (d *Driver) counted(t Token, err error) error {
	var e *Error
	if errors.As(err, &e) && e.PIN != nil {
		state := e.PIN.with(d.pins.Wrong(t))
		e.PIN = &state
	}
	return err
}
