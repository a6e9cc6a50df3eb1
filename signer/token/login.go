package token

import (
	"bytes"
	"crypto/x509"
	"errors"
	"slices"
	"time"

	"github.com/miekg/pkcs11"
)

// login is a session in the helper. open makes it, login and key complete it.
type login struct {
	slot          uint
	serial, label string
	session       pkcs11.SessionHandle
	certificate   *x509.Certificate
	ids           [][]byte      // CKA_IDs of the certificate
	mechanisms    map[uint]bool // nil: the token does not tell
	state         PINState      // when it was opened

	in        bool // logged in
	unchecked bool // by the driver's own doing: it did not look at the PIN
	key       pkcs11.ObjectHandle
	reauth    bool   // CKA_ALWAYS_AUTHENTICATE, or the token showed that it wants it
	pin       []byte // our own copy: until the first signature shows that it is not asked for again; wiped at the end

	idle       time.Duration // 0: it may stay unused for ever
	used, seen time.Time     // last call; when the token was last known to be there
}

// open does all of a login that can be done, and refused, without a PIN.
func (h *helper) open(q request) (_ *PINState, err error) {
	cert, err := x509.ParseCertificate(q.Certificate)
	if err != nil {
		return nil, refuse(ErrCertificateNotFound, "%v", err)
	}
	slot, info, err := h.locate(q)
	if err != nil {
		return nil, err
	}
	if err := h.free(slot, q.Label); err != nil {
		return nil, err
	}
	l := &login{
		slot: slot, serial: q.Serial, label: q.Label, certificate: cert, mechanisms: h.mechanisms(slot), state: pinState(info),
		idle: time.Duration(q.Idle), used: time.Now(), seen: time.Now(),
	}
	if l.session, err = h.c.OpenSession(slot, pkcs11.CKF_SERIAL_SESSION); err != nil { // without CKF_RW_SESSION: read only
		return nil, h.fault(l, "C_OpenSession", err)
	}
	defer func() {
		if err != nil {
			_ = h.c.CloseSession(l.session) // err tells more
		}
	}()
	if l.ids, err = h.certificateIDs(l); err != nil {
		return nil, err
	}
	if refused := l.state.refusal(q.Confirmed); refused != nil {
		return nil, refused
	}
	h.logins[q.Session] = l
	return &l.state, nil
}

// free refuses a slot with a login. The login state is the token's, not the
// session's: a second C_Login would not check the PIN, and the first to log out
// would end both.
func (h *helper) free(slot uint, label string) error {
	for _, l := range h.logins {
		if l.slot == slot {
			return refuse(ErrSessionOpen, "token %q", label)
		}
	}
	return nil
}

// login calls C_Login, once. unchecked: the driver is logged in already and did
// not look at the PIN.
func (h *helper) login(id string, pin []byte) (unchecked bool, err error) {
	l, err := h.session(id)
	if err != nil {
		return false, err
	}
	defer func() {
		if err != nil {
			h.end(id, refuse(ErrSessionEnded, "the login was refused"))
		}
	}()
	if l.state.Pad {
		pin = nil
	} else if err := CheckPIN(pin); err != nil {
		return false, refuse(ErrPINFormat, "%d bytes", len(pin))
	}
	switch err := h.c.Login(l.session, pkcs11.CKU_USER, pin); {
	case ckr(err) == pkcs11.CKR_USER_ALREADY_LOGGED_IN:
		l.unchecked = true
	case err != nil:
		return false, h.refusedPIN(l, "C_Login", err)
	}
	l.in, l.pin = true, bytes.Clone(pin)
	return l.unchecked, nil
}

// key finds the private key, which a token shows only after the login.
func (h *helper) key(id string) (err error) {
	l, err := h.session(id)
	if err != nil {
		return err
	}
	if l.key, err = h.findKey(l, l.ids); err == nil {
		// An attribute that is missing means false (libp11 #160).
		l.reauth = bytes.Equal(h.attribute(l.session, l.key, pkcs11.CKA_ALWAYS_AUTHENTICATE), []byte{1})
		return nil
	}
	h.end(id, refuse(ErrSessionEnded, "no key was found"))
	return err
}

// session is the login of a call.
func (h *helper) session(id string) (*login, error) {
	l, ok := h.logins[id]
	if !ok {
		if why := h.ended[id]; why != nil {
			return nil, why
		}
		return nil, refuse(ErrSessionEnded, "it is unknown")
	}
	if l.left() <= 0 { // a computer that slept has not run Rest
		why := h.end(id, refuse(ErrSessionEnded, "it was not used for %v", l.idle))
		return nil, why
	}
	l.used = time.Now()
	return l, nil
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

// refusedPIN reads the flags again: this very try may have locked the token. A
// driver's failure gets them too, they tell whether it was about the PIN.
func (h *helper) refusedPIN(l *login, function string, err error) error {
	e := h.fault(l, function, err)
	if errors.Is(e, ErrRemoved) {
		return e
	}
	if info, err := h.c.GetTokenInfo(l.slot); err == nil {
		state := pinState(info)
		e.PIN = &state
		if state.Locked && errors.Is(e, ErrPINWrong) {
			e.Err = ErrPINLocked
		}
	}
	return e
}
