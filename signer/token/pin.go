package token

import "fmt"

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
