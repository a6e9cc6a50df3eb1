package token

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/pkcs11"

	"antin/signer/cms"
)

// fake is a module with one token, one certificate and its key, that does what
// SoftHSM does not: flags, PIN pads, missing mechanisms, odd signatures.
type fake struct {
	cryptoki // nil: what is not written below must not be called

	cert   *x509.Certificate
	key    crypto.Signer
	flags  uint
	always bool
	offers []uint                            // mechanisms it says it has
	works  []uint                            // mechanisms it has
	der    bool                              // ECDSA values as DER
	check  func(user uint, pin []byte) error // of C_Login

	calls []string
	found []pkcs11.ObjectHandle
	using uint // mechanism of C_SignInit
}

const (
	fakeCert = pkcs11.ObjectHandle(1)
	fakeKey  = pkcs11.ObjectHandle(2)
)

func (f *fake) GetSlotList(bool) ([]uint, error) { return []uint{7}, nil }
func (f *fake) GetTokenInfo(uint) (pkcs11.TokenInfo, error) {
	return pkcs11.TokenInfo{Label: "giả", SerialNumber: "1", Flags: f.flags}, nil
}

func (f *fake) GetMechanismList(uint) ([]*pkcs11.Mechanism, error) {
	if f.offers == nil {
		return nil, pkcs11.Error(pkcs11.CKR_FUNCTION_NOT_SUPPORTED)
	}
	var list []*pkcs11.Mechanism
	for _, m := range f.offers {
		list = append(list, pkcs11.NewMechanism(m, nil))
	}
	return list, nil
}

func (f *fake) OpenSession(_, flags uint) (pkcs11.SessionHandle, error) {
	if flags&pkcs11.CKF_RW_SESSION != 0 {
		return 0, errors.New("a session for writing")
	}
	f.calls = append(f.calls, "open")
	return 5, nil
}

func (f *fake) CloseSession(pkcs11.SessionHandle) error {
	f.calls = append(f.calls, "close")
	return nil
}

func (f *fake) Logout(pkcs11.SessionHandle) error {
	f.calls = append(f.calls, "logout")
	return nil
}

func (f *fake) Login(_ pkcs11.SessionHandle, user uint, pin []byte) error {
	call := fmt.Sprintf("login %d %s", user, pin)
	if pin == nil {
		call = fmt.Sprintf("login %d on the pad", user)
	}
	f.calls = append(f.calls, call)
	if f.check != nil {
		return f.check(user, pin)
	}
	return nil
}

func (f *fake) SetPIN(_ pkcs11.SessionHandle, old, new []byte) error {
	f.calls = append(f.calls, fmt.Sprintf("change %s to %s", old, new))
	return nil
}

func (f *fake) FindObjectsInit(_ pkcs11.SessionHandle, template []*pkcs11.Attribute) error {
	f.found = nil
	switch class := ulong(template[0].Value); {
	case class == pkcs11.CKO_CERTIFICATE && len(template) == 1: // cannot search for values
		f.found = []pkcs11.ObjectHandle{fakeCert}
	case class == pkcs11.CKO_PRIVATE_KEY && f.key != nil:
		f.found = []pkcs11.ObjectHandle{fakeKey}
	}
	return nil
}

func (f *fake) FindObjects(pkcs11.SessionHandle, int) ([]pkcs11.ObjectHandle, bool, error) {
	found := f.found
	f.found = nil
	return found, false, nil
}
func (f *fake) FindObjectsFinal(pkcs11.SessionHandle) error { return nil }

func (f *fake) GetAttributeValue(_ pkcs11.SessionHandle, o pkcs11.ObjectHandle, a []*pkcs11.Attribute) ([]*pkcs11.Attribute, error) {
	switch {
	case o == fakeCert && a[0].Type == pkcs11.CKA_VALUE:
		return []*pkcs11.Attribute{pkcs11.NewAttribute(a[0].Type, f.cert.Raw)}, nil
	case o == fakeKey && a[0].Type == pkcs11.CKA_ALWAYS_AUTHENTICATE:
		return []*pkcs11.Attribute{pkcs11.NewAttribute(a[0].Type, f.always)}, nil
	}
	return nil, pkcs11.Error(pkcs11.CKR_ATTRIBUTE_TYPE_INVALID)
}

func (f *fake) SignInit(_ pkcs11.SessionHandle, m []*pkcs11.Mechanism, _ pkcs11.ObjectHandle) error {
	f.calls = append(f.calls, fmt.Sprintf("init 0x%X", m[0].Mechanism))
	if !slices.Contains(f.works, m[0].Mechanism) {
		return pkcs11.Error(pkcs11.CKR_MECHANISM_INVALID)
	}
	f.using = m[0].Mechanism
	return nil
}

func (f *fake) Sign(_ pkcs11.SessionHandle, input []byte) ([]byte, error) {
	f.calls = append(f.calls, "sign")
	digest := func() []byte {
		h := crypto.SHA256.New()
		h.Write(input)
		return h.Sum(nil)
	}
	switch f.using {
	case pkcs11.CKM_RSA_PKCS:
		return f.key.Sign(rand.Reader, input, crypto.Hash(0))
	case pkcs11.CKM_SHA256_RSA_PKCS:
		return f.key.Sign(rand.Reader, digest(), crypto.SHA256)
	case pkcs11.CKM_ECDSA_SHA256:
		input = digest()
	}
	der, err := f.key.Sign(rand.Reader, input, crypto.SHA256)
	if err != nil || f.der {
		return der, err
	}
	var v struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &v); err != nil {
		return nil, err
	}
	return append(v.R.FillBytes(make([]byte, 32)), v.S.FillBytes(make([]byte, 32))...), nil
}

// newFake makes a fake with a key; RSA unless ec.
func newFake(t *testing.T, ec bool) (*fake, *helper) {
	t.Helper()
	o := desks(t)
	f := &fake{flags: pkcs11.CKF_TOKEN_INITIALIZED | pkcs11.CKF_USER_PIN_INITIALIZED}
	f.key = o.keys[1]
	if ec {
		f.key = o.keys[5]
	}
	f.cert = issue("Giả", f.key.Public(), nil, f.key, false, time.Now(), time.Hour)
	return f, &helper{c: f, logins: map[string]*login{}}
}

func (f *fake) request(op string) request {
	return request{
		Op: op, Session: "s", Slot: 7, Serial: "1", Label: "giả", Certificate: f.cert.Raw,
		Message: attributes(f.cert, crypto.SHA256), Hash: uint(crypto.SHA256),
	}
}

// logIn runs the three steps of a login.
func (h *helper) logIn(q request, pin string) error {
	if _, err := h.open(q); err != nil {
		return err
	}
	if _, err := h.login(q.Session, []byte(pin)); err != nil {
		return err
	}
	return h.key(q.Session)
}

func TestFlagsDecideBeforeLogin(t *testing.T) {
	wrong := func(uint, []byte) error { return pkcs11.Error(pkcs11.CKR_PIN_INCORRECT) }
	for _, tc := range []struct {
		name      string
		flags     uint
		confirmed bool
		login     func(uint, []byte) error
		after     uint // flags after the login
		want      error
		calls     []string
	}{
		{"locked", pkcs11.CKF_USER_PIN_LOCKED, true, nil, 0, ErrPINLocked, []string{"open", "close"}},
		{"to be changed", pkcs11.CKF_USER_PIN_TO_BE_CHANGED, true, nil, 0, ErrPINExpired, []string{"open", "close"}},
		{"last try", pkcs11.CKF_USER_PIN_FINAL_TRY, false, nil, 0, ErrPINFinalTry, []string{"open", "close"}},
		{"last try, confirmed", pkcs11.CKF_USER_PIN_FINAL_TRY, true, nil, 0, nil, []string{"open", "login 1 2468"}},
		{"one wrong before", pkcs11.CKF_USER_PIN_COUNT_LOW, false, nil, 0, nil, []string{"open", "login 1 2468"}},
		{"PIN pad", pkcs11.CKF_PROTECTED_AUTHENTICATION_PATH, false, nil, 0, nil, []string{"open", "login 1 on the pad"}},
		{
			"cancelled on the pad", pkcs11.CKF_PROTECTED_AUTHENTICATION_PATH, false,
			func(uint, []byte) error { return pkcs11.Error(pkcs11.CKR_FUNCTION_CANCELED) }, 0, ErrCancelled,
			[]string{"open", "login 1 on the pad", "close"},
		},
		{"wrong, one try left", 0, false, wrong, pkcs11.CKF_USER_PIN_FINAL_TRY, ErrPINWrong, []string{"open", "login 1 2468", "close"}},
		{"wrong, and now locked", 0, false, wrong, pkcs11.CKF_USER_PIN_LOCKED, ErrPINLocked, []string{"open", "login 1 2468", "close"}},
		{
			"driver trouble is no wrong PIN", 0, false,
			func(uint, []byte) error { return pkcs11.Error(pkcs11.CKR_DEVICE_ERROR) }, 0, ErrDriver,
			[]string{"open", "login 1 2468", "close"},
		},
		{
			"logged in already", 0, false,
			func(uint, []byte) error { return pkcs11.Error(pkcs11.CKR_USER_ALREADY_LOGGED_IN) }, 0, nil,
			[]string{"open", "login 1 2468"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, h := newFake(t, false)
			f.flags |= tc.flags
			f.check = func(user uint, pin []byte) error {
				f.flags |= tc.after
				if tc.login == nil {
					return nil
				}
				return tc.login(user, pin)
			}
			q := f.request(opOpen)
			q.Confirmed = tc.confirmed
			err := h.logIn(q, "2468")
			if !errors.Is(err, tc.want) {
				t.Errorf("login = %v, want %v", err, tc.want)
			}
			var e *Error
			if tc.after != 0 && (!errors.As(err, &e) || e.PIN == nil || *e.PIN != pinState(pkcs11.TokenInfo{Flags: f.flags})) {
				t.Errorf("%v does not carry the state after the try", err)
			}
			if diff := cmp.Diff(tc.calls, f.calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("never set", func(t *testing.T) {
		f, h := newFake(t, false)
		f.flags = pkcs11.CKF_TOKEN_INITIALIZED
		if err := h.logIn(f.request(opOpen), "2468"); !errors.Is(err, ErrPINNotSet) {
			t.Errorf("login = %v, want ErrPINNotSet", err)
		}
	})
}

func TestMechanisms(t *testing.T) {
	for _, tc := range []struct {
		name          string
		ec, der       bool
		offers, works []uint
		tried         []string
	}{
		{"digest made here", false, false, []uint{pkcs11.CKM_RSA_PKCS, pkcs11.CKM_SHA256_RSA_PKCS}, []uint{pkcs11.CKM_RSA_PKCS}, []string{"init 0x1", "sign"}},
		{"token insists on hashing", false, false, []uint{pkcs11.CKM_SHA256_RSA_PKCS}, []uint{pkcs11.CKM_SHA256_RSA_PKCS}, []string{"init 0x40", "sign"}},
		{"listed but refused", false, false, []uint{pkcs11.CKM_RSA_PKCS, pkcs11.CKM_SHA256_RSA_PKCS}, []uint{pkcs11.CKM_SHA256_RSA_PKCS}, []string{"init 0x1", "init 0x40", "sign"}},
		{"no list", false, false, nil, []uint{pkcs11.CKM_SHA256_RSA_PKCS}, []string{"init 0x1", "init 0x40", "sign"}},
		{"list without signatures", false, false, []uint{pkcs11.CKM_SHA256}, []uint{pkcs11.CKM_RSA_PKCS}, []string{"init 0x1", "sign"}},
		{"EC, two numbers", true, false, []uint{pkcs11.CKM_ECDSA}, []uint{pkcs11.CKM_ECDSA}, []string{"init 0x1041", "sign"}},
		{"EC, DER already", true, true, []uint{pkcs11.CKM_ECDSA}, []uint{pkcs11.CKM_ECDSA}, []string{"init 0x1041", "sign"}},
		{"EC, token insists on hashing", true, false, nil, []uint{pkcs11.CKM_ECDSA_SHA256}, []string{"init 0x1041", "init 0x1044", "sign"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, h := newFake(t, tc.ec)
			f.offers, f.works, f.der = tc.offers, tc.works, tc.der
			if err := h.logIn(f.request(opOpen), "2468"); err != nil {
				t.Fatal(err)
			}
			f.calls = nil
			q := f.request(opSign)
			if tc.ec {
				q.Scheme = int(cms.ECDSA)
			}
			signature, _, err := h.sign(q)
			if err != nil {
				t.Fatal(err)
			}
			if err := cms.CheckSignature(f.cert, cms.Scheme(q.Scheme), crypto.SHA256, q.Message, signature); err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(tc.tried, f.calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("none works", func(t *testing.T) {
		f, h := newFake(t, false)
		if err := h.logIn(f.request(opOpen), "2468"); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.sign(f.request(opSign)); !errors.Is(err, ErrUnsupported) {
			t.Errorf("sign = %v, want ErrUnsupported", err)
		}
	})
}

func TestPINIsKeptOnlyForKeysThatAskAgain(t *testing.T) {
	f, h := newFake(t, false)
	f.works = []uint{pkcs11.CKM_RSA_PKCS}
	if err := h.logIn(f.request(opOpen), "2468"); err != nil {
		t.Fatal(err)
	}
	kept := h.logins["s"].pin
	if _, _, err := h.sign(f.request(opSign)); err != nil {
		t.Fatal(err)
	}
	if string(kept) != "\x00\x00\x00\x00" {
		t.Errorf("PIN %q is kept for an ordinary key after its first signature", kept)
	}
	if err := h.close("s"); err != nil {
		t.Fatal(err)
	}

	f.always, f.calls = true, nil
	if err := h.logIn(f.request(opOpen), "2468"); err != nil {
		t.Fatal(err)
	}
	kept = h.logins["s"].pin
	if _, _, err := h.sign(f.request(opSign)); err != nil {
		t.Fatal(err)
	}
	if err := h.close("s"); err != nil {
		t.Fatal(err)
	}
	if string(kept) != "\x00\x00\x00\x00" {
		t.Errorf("PIN after close: %q", kept)
	}
	want := []string{"open", "login 1 2468", "init 0x1", "login 2 2468", "sign", "logout", "close"}
	if diff := cmp.Diff(want, f.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// The PIN for single signatures may be another one and is counted by itself.
func TestRefusedPINAtSignatureEndsTheSession(t *testing.T) {
	f, h := newFake(t, false)
	f.works, f.always = []uint{pkcs11.CKM_RSA_PKCS}, true
	f.check = func(user uint, _ []byte) error {
		if user == pkcs11.CKU_CONTEXT_SPECIFIC {
			return pkcs11.Error(pkcs11.CKR_PIN_INCORRECT)
		}
		return nil
	}
	if err := h.logIn(f.request(opOpen), "2468"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.sign(f.request(opSign)); !errors.Is(err, ErrPINWrong) {
		t.Errorf("first signature: %v, want ErrPINWrong", err)
	}
	if _, _, err := h.sign(f.request(opSign)); !errors.Is(err, ErrSessionEnded) {
		t.Errorf("second signature: %v, want ErrSessionEnded", err)
	}
	want := []string{"open", "login 1 2468", "init 0x1", "login 2 2468", "logout", "close"}
	if diff := cmp.Diff(want, f.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestRemovedTokenIsToldFromDriverTrouble(t *testing.T) {
	_, h := newFake(t, false)
	l := &login{slot: 7, serial: "1", label: "giả"}
	if err := h.fault(l, "C_Sign", pkcs11.Error(pkcs11.CKR_GENERAL_ERROR)); !errors.Is(err, ErrDriver) {
		t.Errorf("token still there: %v, want ErrDriver", err)
	}
	l.serial = "2" // another token is in the slot now
	if err := h.fault(l, "C_Sign", pkcs11.Error(pkcs11.CKR_SESSION_HANDLE_INVALID)); !errors.Is(err, ErrRemoved) {
		t.Errorf("another token in the slot: %v, want ErrRemoved", err)
	}
}
