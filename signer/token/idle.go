package token

import (
	"errors"
	"time"

	"github.com/miekg/pkcs11"
)

// presenceInterval is how often an unused login looks whether its token is still
// there. Asking for events instead (C_WaitForSlotEvent) blocks many modules.
const presenceInterval = time.Second

// Rest ends logins that are not used any more or whose token is gone, so that
// neither a login nor a PIN waits in an office where nobody is.
func (h *helper) Rest() time.Duration {
	var wait time.Duration
	for id, l := range h.logins {
		next := presenceInterval - time.Since(l.seen)
		if next <= 0 {
			if h.presence(l) == gone {
				h.end(id, refuse(ErrRemoved, "while it was logged in"))
				continue
			}
			l.seen = time.Now()
			next = presenceInterval
		}
		if l.idle > 0 {
			left := l.left()
			if left <= 0 {
				h.end(id, refuse(ErrSessionEnded, "it was not used for %v", l.idle))
				continue
			}
			next = min(next, left)
		}
		if wait == 0 || next < wait {
			wait = next
		}
	}
	return wait
}

// left is how long l may stay unused, by the clock on the wall: a computer that
// sleeps does not stop it.
func (l *login) left() time.Duration {
	if l.idle <= 0 {
		return 1
	}
	return l.idle - time.Now().Round(0).Sub(l.used.Round(0))
}

// maxEnded bounds what is remembered of logins that ended.
const maxEnded = 256

// end closes a login for a reason that the next call for it is told.
func (h *helper) end(id string, why *Error) *Error {
	_ = h.close(id) // why tells more
	if h.ended == nil || len(h.ended) >= maxEnded {
		h.ended = map[string]*Error{}
	}
	h.ended[id] = why
	return why
}

// close wipes the PIN, logs out and closes the session.
func (h *helper) close(id string) error {
	l, ok := h.logins[id]
	if !ok {
		return refuse(ErrSessionEnded, "it is unknown")
	}
	delete(h.logins, id)
	clear(l.pin)
	var errs []error
	if l.in {
		if err := h.c.Logout(l.session); err != nil {
			errs = append(errs, h.fault(l, "C_Logout", err))
		}
	}
	if err := h.c.CloseSession(l.session); err != nil {
		errs = append(errs, h.fault(l, "C_CloseSession", err))
	}
	for _, err := range errs {
		// Gone with the token: that is closed.
		if !errors.Is(err, ErrRemoved) && !errors.Is(err, ErrSessionEnded) {
			return errors.Join(errs...)
		}
	}
	return nil
}

// presence tells whether a token is plugged in.
type presence int

const (
	unclear presence = iota // the driver cannot tell
	there
	gone
)

// presence looks through all slots: a token that was plugged in again may be in
// another one.
func (h *helper) presence(l *login) presence {
	slots, err := h.slots()
	if err != nil {
		return unclear
	}
	found := gone
	for _, slot := range slots {
		info, err := h.c.GetTokenInfo(slot)
		switch {
		case err == nil && clean(info.SerialNumber) == l.serial && clean(info.Label) == l.label:
			return there
		case err != nil && classify(ckr(err)) != ErrRemoved:
			found = unclear
		}
	}
	return found
}

// fault classifies what a function returned. When the driver failed or lost the
// session, the tokens are listed again: what is told depends on whether this one
// is still there.
func (h *helper) fault(l *login, function string, err error) *Error {
	e := failed(function, err)
	if e.Err != ErrDriver && e.Err != ErrSessionEnded && e.Err != ErrRemoved {
		return e
	}
	now := h.presence(l)
	switch uint(e.CKR) {
	case pkcs11.CKR_GENERAL_ERROR, pkcs11.CKR_FUNCTION_FAILED, pkcs11.CKR_DEVICE_ERROR:
		// The first answer of drivers to a token that was just pulled out, while
		// they still list it (OpenSC 0.23 for about 200 ms).
		if now == there {
			time.Sleep(h.settle)
			now = h.presence(l)
		}
	}
	switch {
	case now == gone:
		e.Err = ErrRemoved
	case now == there && e.Err == ErrRemoved: // plugged in again meanwhile: what was open is lost
		e.Err = ErrSessionEnded
	}
	return e
}
