package token

import (
	"bytes"
	"crypto/x509"
	"errors"
	"slices"

	"github.com/miekg/pkcs11"
)

// login is a session in the helper.
type login struct {
	slot          uint
	serial, label string
	session       pkcs11.SessionHandle
	certificate   *x509.Certificate
	key           pkcs11.ObjectHandle
	mechanisms    map[uint]bool // nil: the token does not tell
	reauth        bool          // CKA_ALWAYS_AUTHENTICATE
	pad           bool
	pin           []byte // our own copy, only when reauth needs it; wiped by close
}

// login goes to the one C_Login only when nothing else can fail any more that
// can be known before.
func (h *helper) login(q request, pin []byte) (err error) {
	cert, err := x509.ParseCertificate(q.Certificate)
	if err != nil {
		return refuse(ErrCertificateNotFound, "%v", err)
	}
	slot, info, err := h.locate(q)
	if err != nil {
		return err
	}
	l := &login{slot: slot, serial: q.Serial, label: q.Label, certificate: cert, mechanisms: h.mechanisms(slot)}
	for _, other := range h.logins {
		// The login state is the token's, not the session's: a second C_Login
		// would not check the PIN, and the first to log out would end both.
		if other.slot == slot {
			return refuse(ErrSessionOpen, "token %q", q.Label)
		}
	}
	if l.session, err = h.c.OpenSession(slot, pkcs11.CKF_SERIAL_SESSION); err != nil {
		return h.fault(l, "C_OpenSession", err)
	}
	loggedIn := false
	defer func() {
		if err != nil {
			if loggedIn {
				_ = h.c.Logout(l.session) // err tells more
			}
			_ = h.c.CloseSession(l.session)
			clear(l.pin)
		}
	}()
	ids, err := h.certificateIDs(l)
	if err != nil {
		return err
	}
	state := pinState(info)
	if refused := state.refusal(q.Confirmed); refused != nil {
		return refused
	}
	if l.pad = state.Pad; l.pad {
		pin = nil
	} else if err := CheckPIN(pin); err != nil {
		return refuse(ErrPINFormat, "%d bytes", len(pin))
	}
	switch err := h.c.Login(l.session, pkcs11.CKU_USER, pin); {
	case ckr(err) == pkcs11.CKR_USER_ALREADY_LOGGED_IN: // by the driver's own doing; the PIN was not looked at
	case err != nil:
		return h.refusedPIN(l, err)
	}
	loggedIn = true
	if l.key, err = h.findKey(l, ids); err != nil {
		return err
	}
	if l.reauth = bytes.Equal(h.attribute(l.session, l.key, pkcs11.CKA_ALWAYS_AUTHENTICATE), []byte{1}); l.reauth {
		l.pin = bytes.Clone(pin)
	}
	h.logins[q.Session] = l
	return nil
}

// locate finds the token again: slot numbers change when readers come and go.
func (h *helper) locate(q request) (uint, pkcs11.TokenInfo, error) {
	slots, err := h.slots()
	if err != nil {
		return 0, pkcs11.TokenInfo{}, err
	}
	if i := slices.Index(slots, q.Slot); i > 0 { // two tokens without serial number: prefer the one that was meant
		slots[0], slots[i] = slots[i], slots[0]
	}
	for _, slot := range slots {
		info, err := h.c.GetTokenInfo(slot)
		if err == nil && clean(info.SerialNumber) == q.Serial && clean(info.Label) == q.Label {
			return slot, info, nil
		}
	}
	return 0, pkcs11.TokenInfo{}, refuse(ErrNoToken, "no token %q with serial number %q among %d", q.Label, q.Serial, len(slots))
}

// certificateIDs makes sure that the certificate is on this token and returns
// its CKA_IDs: no PIN goes to a token that cannot have the key.
func (h *helper) certificateIDs(l *login) ([][]byte, error) {
	class := pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_CERTIFICATE)
	// Some modules cannot search for values; then every certificate is read.
	objects, err := h.find(l.session, class, pkcs11.NewAttribute(pkcs11.CKA_VALUE, l.certificate.Raw))
	if err != nil || len(objects) == 0 {
		if objects, err = h.find(l.session, class); err != nil {
			return nil, err
		}
	}
	var ids [][]byte
	found := false
	for _, o := range objects {
		if !bytes.Equal(h.attribute(l.session, o, pkcs11.CKA_VALUE), l.certificate.Raw) {
			continue
		}
		found = true
		if id := h.attribute(l.session, o, pkcs11.CKA_ID); len(id) > 0 {
			ids = append(ids, id)
		}
	}
	if !found {
		return nil, refuse(ErrCertificateNotFound, "it is not on token %q", l.label)
	}
	return ids, nil
}

// mechanisms are what the token says it can do, nil when it does not say.
func (h *helper) mechanisms(slot uint) map[uint]bool {
	list, err := h.c.GetMechanismList(slot)
	if err != nil {
		return nil
	}
	known := map[uint]bool{}
	for _, m := range list {
		known[m.Mechanism] = true
	}
	return known
}

// refusedPIN reads the flags again: this very try may have locked the token.
func (h *helper) refusedPIN(l *login, err error) error {
	e := h.fault(l, "C_Login", err)
	if !errors.Is(e, ErrPINWrong) && !errors.Is(e, ErrPINLocked) {
		return e
	}
	if info, err := h.c.GetTokenInfo(l.slot); err == nil {
		state := pinState(info)
		e.PIN = &state
		if state.Locked {
			e.Err = ErrPINLocked
		}
	}
	return e
}

// fault classifies what a function returned; when the driver failed or lost
// the session, it looks whether the token is still there.
func (h *helper) fault(l *login, function string, err error) *Error {
	e := failed(function, err)
	if e.Err != ErrDriver && e.Err != ErrSessionEnded {
		return e
	}
	info, err := h.c.GetTokenInfo(l.slot)
	if err == nil && clean(info.SerialNumber) == l.serial && clean(info.Label) == l.label {
		return e
	}
	if err == nil || classify(ckr(err)) == ErrRemoved {
		e.Err = ErrRemoved
	}
	return e
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
	if err := h.c.Logout(l.session); err != nil {
		errs = append(errs, h.fault(l, "C_Logout", err))
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
