package token

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/miekg/pkcs11"

	"antin/signer/worker"
)

// Limits against modules that return nonsense.
const (
	maxSlots        = 64
	maxObjects      = 4096
	maxAttribute    = 64 << 10 // bytes
	maxCertificates = 2 << 20  // bytes of all certificates in one listing, so that the reply fits its frame
)

// ServeModule is the helper process for the PKCS#11 module args[0]: main calls
// it for `EXE worker token MODULE` with the arguments after "token", and exits
// with its result.
func ServeModule(args []string) int {
	if len(args) != 1 {
		return 2
	}
	return worker.Serve(&helper{path: args[0], logins: map[string]*login{}, settle: settleTime})
}

// settleTime is how long a driver may show a token that was pulled out.
const settleTime = 250 * time.Millisecond

// helper serves one module. Everything in it runs on one OS thread.
type helper struct {
	path   string
	c      cryptoki // nil until loaded
	logins map[string]*login
	ended  map[string]*Error // why logins are not there any more
	settle time.Duration
}

func (h *helper) Handle(_ context.Context, b, secret []byte) ([]byte, error) {
	var q request
	if err := json.Unmarshal(b, &q); err != nil {
		return nil, fmt.Errorf("reading request: %w", err)
	}
	if h.c == nil {
		lib, err := load(h.path)
		if err != nil {
			return nil, failure(err)
		}
		h.c = lib
	}
	var answer reply
	var err error
	switch q.Op {
	case opList:
		answer.Tokens, err = h.list()
	case opOpen:
		answer.PIN, err = h.open(q)
	case opLogin:
		answer.Unchecked, err = h.login(q.Session, secret)
	case opKey:
		err = h.key(q.Session)
	case opSign:
		answer.Signature, answer.Asked, err = h.sign(q)
	case opClose:
		err = h.close(q.Session)
	case opChange:
		err = h.change(q, secret)
	default:
		err = fmt.Errorf("unknown operation %q", q.Op)
	}
	if err != nil {
		return nil, failure(err)
	}
	return json.Marshal(answer)
}

// Close logs out everywhere before the process ends.
func (h *helper) Close() error {
	var errs []error
	for id := range h.logins {
		errs = append(errs, h.close(id))
	}
	return errors.Join(errs...)
}

// list describes every slot with a token.
func (h *helper) list() ([]tokenRecord, error) {
	slots, err := h.slots()
	if err != nil {
		return nil, err
	}
	var tokens []tokenRecord
	room := maxCertificates
	for _, slot := range slots {
		if t, ok := h.describe(slot, &room); ok {
			tokens = append(tokens, t)
		}
	}
	return tokens, nil
}

func (h *helper) slots() ([]uint, error) {
	slots, err := h.c.GetSlotList(true)
	if err != nil {
		return nil, failed("C_GetSlotList", err)
	}
	return slots[:min(len(slots), maxSlots)], nil
}

// describe reads one slot; ok is false when there is nothing to show. One
// unreadable card must not hide the others, so errors go into Problem.
func (h *helper) describe(slot uint, room *int) (t tokenRecord, ok bool) {
	t.Slot = slot
	if info, err := h.c.GetSlotInfo(slot); err == nil {
		t.Reader = clean(info.SlotDescription)
	}
	info, err := h.c.GetTokenInfo(slot)
	if err != nil {
		e := failed("C_GetTokenInfo", err)
		t.Problem = e.record()
		return t, !errors.Is(e, ErrRemoved) // pulled out between the two calls
	}
	t.Label, t.Serial = clean(info.Label), clean(info.SerialNumber)
	t.Model, t.Manufacturer = clean(info.Model), clean(info.ManufacturerID)
	t.PIN = pinState(info)
	if info.Flags&pkcs11.CKF_TOKEN_INITIALIZED == 0 || t.Model == "p11-kit-trust" { // not a token but the system's roots
		return t, false
	}
	s, err := h.c.OpenSession(slot, pkcs11.CKF_SERIAL_SESSION) // without CKF_RW_SESSION: read only
	if err != nil {
		t.Problem = failed("C_OpenSession", err).record()
		return t, true
	}
	defer h.c.CloseSession(s)
	objects, err := h.find(s, pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_CERTIFICATE))
	if err != nil { // what was found before is shown
		var e *Error
		errors.As(err, &e)
		t.Problem = e.record()
	}
	for _, o := range objects {
		c := certificateRecord{DER: h.attribute(s, o, pkcs11.CKA_VALUE)}
		if len(c.DER) == 0 {
			continue // stored elsewhere (CKA_URL) or compressed by another middleware
		}
		if *room -= len(c.DER); *room < 0 {
			t.Problem = refuse(ErrDriver, "too many certificates").record()
			break
		}
		c.ID, c.Label = h.attribute(s, o, pkcs11.CKA_ID), clean(string(h.attribute(s, o, pkcs11.CKA_LABEL)))
		t.Certificates = append(t.Certificates, c)
	}
	return t, true
}

func pinState(info pkcs11.TokenInfo) PINState {
	return PINState{
		Set:        info.Flags&pkcs11.CKF_USER_PIN_INITIALIZED != 0,
		Low:        info.Flags&pkcs11.CKF_USER_PIN_COUNT_LOW != 0,
		FinalTry:   info.Flags&pkcs11.CKF_USER_PIN_FINAL_TRY != 0,
		Locked:     info.Flags&pkcs11.CKF_USER_PIN_LOCKED != 0,
		MustChange: info.Flags&pkcs11.CKF_USER_PIN_TO_BE_CHANGED != 0,
		Pad:        info.Flags&pkcs11.CKF_PROTECTED_AUTHENTICATION_PATH != 0,
		Min:        pinLength(info.MinPinLen),
		Max:        pinLength(info.MaxPinLen),
	}
}

// pinLength drops CK_UNAVAILABLE_INFORMATION, which is the largest CK_ULONG.
func pinLength(n uint) int {
	if n > 1<<16 {
		return 0
	}
	return int(n)
}

// find collects the objects that match; on an error those found so far.
func (h *helper) find(s pkcs11.SessionHandle, template ...*pkcs11.Attribute) ([]pkcs11.ObjectHandle, error) {
	if err := h.c.FindObjectsInit(s, template); err != nil {
		return nil, failed("C_FindObjectsInit", err)
	}
	defer h.c.FindObjectsFinal(s)
	var all []pkcs11.ObjectHandle
	for len(all) < maxObjects {
		some, _, err := h.c.FindObjects(s, 64)
		if err != nil {
			return all, failed("C_FindObjects", err)
		}
		if len(some) == 0 {
			break
		}
		all = append(all, some...)
	}
	return all[:min(len(all), maxObjects)], nil
}

// attribute reads one attribute; nil when it is absent, secret or absurd. One at
// a time, since one unknown attribute fails the whole call.
func (h *helper) attribute(s pkcs11.SessionHandle, o pkcs11.ObjectHandle, kind uint) []byte {
	a, err := h.c.GetAttributeValue(s, o, []*pkcs11.Attribute{pkcs11.NewAttribute(kind, nil)})
	if err != nil || len(a) != 1 || len(a[0].Value) > maxAttribute {
		return nil
	}
	return a[0].Value
}

// clean makes a text of a token fit for display: fields are padded with blanks
// or zero bytes, cut in the middle of a letter, or in some old code page.
func clean(s string) string {
	s, _, _ = strings.Cut(s, "\x00")
	for range utf8.UTFMax - 1 { // a letter cut at the end of a 32-byte field
		if utf8.ValidString(s) || s == "" {
			break
		}
		if r, n := utf8.DecodeLastRuneInString(s); r != utf8.RuneError || n > 1 {
			break
		}
		s = s[:len(s)-1]
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) { // Cf: direction overrides and other invisible characters
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.TrimSpace(s)
}
