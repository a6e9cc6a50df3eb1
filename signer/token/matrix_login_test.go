package token

import (
	"testing"

	"github.com/miekg/pkcs11"

	"antin/signer/worker"
)

func TestFaultsOfTheLogin(t *testing.T) {
	login := func(rv string) string { return "C_Login 1 rv=" + rv }
	runFaults(t, []fault{
		{name: "PIN_INCORRECT", rules: login("0xA0"), want: ErrPINWrong, ckr: pkcs11.CKR_PIN_INCORRECT, logins: 1},
		{name: "PIN_INVALID", rules: login("0xA1"), want: ErrPINFormat, ckr: pkcs11.CKR_PIN_INVALID, logins: 1},
		{name: "PIN_LEN_RANGE", rules: login("0xA2"), want: ErrPINFormat, ckr: pkcs11.CKR_PIN_LEN_RANGE, logins: 1},
		{name: "PIN_EXPIRED", rules: login("0xA3"), want: ErrPINExpired, ckr: pkcs11.CKR_PIN_EXPIRED, logins: 1},
		{name: "PIN_LOCKED", rules: login("0xA4"), want: ErrPINLocked, ckr: pkcs11.CKR_PIN_LOCKED, logins: 1},
		{name: "USER_PIN_NOT_INITIALIZED", rules: login("0x102"), want: ErrPINNotSet, ckr: pkcs11.CKR_USER_PIN_NOT_INITIALIZED, logins: 1},

		{name: "CANCEL", rules: login("0x1"), want: ErrCancelled, ckr: pkcs11.CKR_CANCEL, logins: 1},
		{name: "FUNCTION_CANCELED", rules: login("0x50"), want: ErrCancelled, ckr: pkcs11.CKR_FUNCTION_CANCELED, logins: 1},
		{name: "FUNCTION_REJECTED", rules: login("0x200"), want: ErrCancelled, ckr: pkcs11.CKR_FUNCTION_REJECTED, logins: 1},

		// autogram #222, #675: drivers say so to a card that slipped, not to a PIN.
		{name: "FUNCTION_FAILED", rules: login("0x6"), want: ErrDriver, ckr: pkcs11.CKR_FUNCTION_FAILED, logins: 1},
		{name: "DEVICE_ERROR", rules: login("0x30"), want: ErrDriver, ckr: pkcs11.CKR_DEVICE_ERROR, logins: 1},
		{name: "GENERAL_ERROR", rules: login("0x5"), want: ErrDriver, ckr: pkcs11.CKR_GENERAL_ERROR, logins: 1},
		{name: "HOST_MEMORY", rules: login("0x2"), want: ErrDriver, ckr: pkcs11.CKR_HOST_MEMORY, logins: 1},
		{name: "a vendor's own code", rules: login("0x80000113"), want: ErrDriver, ckr: 0x80000113, logins: 1},
		{name: "another user is logged in", rules: login("0x104"), want: ErrDriver, ckr: pkcs11.CKR_USER_ANOTHER_ALREADY_LOGGED_IN, logins: 1},

		{name: "logged in already", rules: "C_Login 1 after=0x100", logins: 1},
		{name: "session lost, token there", rules: login("0xB3"), want: ErrSessionEnded, ckr: pkcs11.CKR_SESSION_HANDLE_INVALID, logins: 1},
		{name: "token absent, they say", rules: login("0xE0"), want: ErrSessionEnded, ckr: pkcs11.CKR_TOKEN_NOT_PRESENT, logins: 1},
		{name: "pulled out", rules: "C_Login 1 pull", want: ErrRemoved, ckr: pkcs11.CKR_DEVICE_REMOVED, logins: 1},

		{name: "crash", rules: "C_Login 1 crash", want: ErrDriver, under: worker.ErrCrashed, logins: 1},

		{name: "no session", rules: "C_OpenSession * rv=0xB1", want: ErrDriver, ckr: pkcs11.CKR_SESSION_COUNT},

		{name: "locked", rules: "flags=0x40000", want: ErrPINLocked},
		{name: "last try", rules: "flags=0x20000", want: ErrPINFinalTry},
		{name: "last try, confirmed", rules: "flags=0x20000", opts: []LoginOption{LastTryConfirmed()}, logins: 1},
		{name: "low", rules: "flags=0x10000", logins: 1},
		{name: "to be changed", rules: "flags=0x80000", want: ErrPINExpired},
		{name: "PIN pad", rules: "pad=" + pin + ",0", pin: "0000", logins: 1},
		{name: "cancelled on the PIN pad", rules: "pad=0,0; C_Login 1 rv=0x50", want: ErrCancelled, logins: 1},
		{name: "wrong on the PIN pad", rules: "pad=1111,0", want: ErrPINWrong, ckr: pkcs11.CKR_PIN_INCORRECT, logins: 1},
	})
}
