package token

import (
	"crypto/x509"
	"testing"

	"github.com/miekg/pkcs11"

	"antin/signer/worker"
)

func TestFaultsOfTheSignature(t *testing.T) {
	init := func(rv string) string { return "C_SignInit 1 rv=" + rv }
	sign := func(rv string) string { return "C_Sign 1 rv=" + rv }
	runFaults(t, []fault{
		{name: "GENERAL_ERROR", rules: sign("0x5"), want: ErrDriver, ckr: pkcs11.CKR_GENERAL_ERROR, logins: 1},
		{name: "FUNCTION_FAILED", rules: sign("0x6"), want: ErrDriver, ckr: pkcs11.CKR_FUNCTION_FAILED, logins: 1},
		{name: "DEVICE_ERROR", rules: sign("0x30"), want: ErrDriver, ckr: pkcs11.CKR_DEVICE_ERROR, logins: 1},
		{name: "DEVICE_MEMORY", rules: sign("0x31"), want: ErrDriver, ckr: pkcs11.CKR_DEVICE_MEMORY, logins: 1},
		{name: "DATA_LEN_RANGE", rules: sign("0x21"), want: ErrDriver, ckr: pkcs11.CKR_DATA_LEN_RANGE, logins: 1},
		{name: "OPERATION_NOT_INITIALIZED", rules: sign("0x91"), want: ErrDriver, ckr: pkcs11.CKR_OPERATION_NOT_INITIALIZED, logins: 1},
		{name: "a vendor's own code", rules: sign("0x80000001"), want: ErrDriver, ckr: 0x80000001, logins: 1},
		{name: "reports failure of what it has done", rules: "C_Sign 1 after=0x5", want: ErrDriver, ckr: pkcs11.CKR_GENERAL_ERROR, logins: 1},
		{name: "finalized behind our back", rules: sign("0x190"), want: ErrSessionEnded, ckr: pkcs11.CKR_CRYPTOKI_NOT_INITIALIZED, logins: 1},

		{name: "cancelled in the driver's window", rules: sign("0x50"), want: ErrCancelled, ckr: pkcs11.CKR_FUNCTION_CANCELED, logins: 1},
		{name: "PIN expired", rules: sign("0xA3"), want: ErrPINExpired, ckr: pkcs11.CKR_PIN_EXPIRED, logins: 1},

		{name: "DEVICE_REMOVED, but it is there", rules: sign("0x32"), want: ErrSessionEnded, ckr: pkcs11.CKR_DEVICE_REMOVED, logins: 1},
		{name: "TOKEN_NOT_PRESENT, but it is there", rules: sign("0xE0"), want: ErrSessionEnded, ckr: pkcs11.CKR_TOKEN_NOT_PRESENT, logins: 1},
		{name: "SESSION_HANDLE_INVALID", rules: sign("0xB3"), want: ErrSessionEnded, ckr: pkcs11.CKR_SESSION_HANDLE_INVALID, logins: 1},
		{name: "SESSION_CLOSED", rules: sign("0xB0"), want: ErrSessionEnded, ckr: pkcs11.CKR_SESSION_CLOSED, logins: 1},
		{name: "KEY_HANDLE_INVALID", rules: init("0x60"), want: ErrSessionEnded, ckr: pkcs11.CKR_KEY_HANDLE_INVALID, logins: 1},
		{name: "OBJECT_HANDLE_INVALID", rules: init("0x82"), want: ErrSessionEnded, ckr: pkcs11.CKR_OBJECT_HANDLE_INVALID, logins: 1},
		{name: "pulled out", rules: "C_Sign 1 pull", want: ErrRemoved, ckr: pkcs11.CKR_DEVICE_REMOVED, logins: 1},
		{name: "pulled out, and still listed for a while", rules: "late=150; C_Sign 1 pull", want: ErrRemoved, ckr: pkcs11.CKR_GENERAL_ERROR, logins: 1},
		{name: "pulled out before C_SignInit", rules: "C_SignInit 1 pull", want: ErrRemoved, logins: 1},
		{name: "pulled out and plugged in again", rules: "C_SignInit 1 replug", want: ErrSessionEnded, ckr: pkcs11.CKR_SESSION_HANDLE_INVALID, logins: 1},

		// The token logged in and says that nobody has: one login for the
		// signature, which is what a key with CKA_ALWAYS_AUTHENTICATE wants.
		{name: "USER_NOT_LOGGED_IN of an ordinary key", rules: sign("0x101"), want: ErrSessionEnded, logins: 2},
		{name: "asks at each signature without saying so", rules: "hide=0x202", token: "Token xác thực lại", cert: reauth, logins: 2},
		{name: "asks at each signature", token: "Token xác thực lại", cert: reauth, logins: 2},
		{name: "PIN for the signature is wrong", rules: "C_Login 2 rv=0xA0", token: "Token xác thực lại", cert: reauth, want: ErrPINWrong, ckr: pkcs11.CKR_PIN_INCORRECT, logins: 2},
		{name: "PIN for the signature on a PIN pad", rules: "pad=" + pin + ",0", token: "Token xác thực lại", cert: reauth, logins: 2, stays: "pad=" + pin + ",0"},
		{name: "failure where the PIN for the signature is asked", rules: "C_Login 2 rv=0x30", token: "Token xác thực lại", cert: reauth, want: ErrDriver, ckr: pkcs11.CKR_DEVICE_ERROR, logins: 2},

		{name: "operation of before is active", rules: init("0x90"), logins: 1},
		{name: "mechanism refused by C_SignInit", rules: init("0x70"), logins: 1},
		{name: "mechanism refused by C_Sign", rules: sign("0x70"), logins: 1},
		{name: "parameters refused", rules: init("0x71"), logins: 1},
		{name: "every mechanism refused", rules: "C_SignInit * rv=0x70", want: ErrUnsupported, ckr: pkcs11.CKR_MECHANISM_INVALID, logins: 1},
		{name: "only hashes itself", rules: "mechs=0x40", logins: 1},
		{name: "lists no mechanism", rules: "mechs=0x1234", want: ErrUnsupported, logins: 1},
		{name: "key may not sign", rules: init("0x68"), want: ErrDriver, ckr: pkcs11.CKR_KEY_FUNCTION_NOT_PERMITTED, logins: 1},
		{name: "does not tell the length first", rules: "nosize", logins: 1},
		{name: "buffer too small, once", rules: sign("0x150"), want: ErrDriver, ckr: pkcs11.CKR_BUFFER_TOO_SMALL, logins: 1},

		{name: "garbled signature", rules: "C_Sign 1 badsig", want: ErrBadSignature, logins: 1},
		{name: "signature of something else", rules: "C_Sign 1 foreignsig", want: ErrBadSignature, logins: 1},
		{name: "half a signature", rules: "C_Sign 1 cutsig", want: ErrBadSignature, logins: 1},
		{name: "no signature", rules: "C_Sign 1 nosig", want: ErrBadSignature, logins: 1},
		{name: "longer than its buffer", rules: "C_Sign 1 longsig", want: ErrBadSignature, logins: 1},
		{name: "garbled signature of an EC key", rules: "C_Sign 1 badsig", token: "Token EC", cert: phuc, want: ErrBadSignature, logins: 1},
		{name: "half a signature of an EC key", rules: "C_Sign 1 cutsig", token: "Token EC", cert: phuc, want: ErrBadSignature, logins: 1},

		{name: "crash in C_Sign", rules: "C_Sign 1 crash", want: ErrDriver, under: worker.ErrCrashed, logins: 1},
		{name: "abort in C_Sign", rules: "C_Sign 1 abort", want: ErrDriver, under: worker.ErrCrashed, logins: 1},
		{name: "exit in C_Sign", rules: "C_Sign 1 exit", want: ErrDriver, under: worker.ErrCrashed, logins: 1},
		{name: "crash in C_SignInit", rules: "C_SignInit 1 crash", want: ErrDriver, under: worker.ErrCrashed, logins: 1},
	})
}

func TestFaultsOfTheObjects(t *testing.T) {
	runFaults(t, []fault{
		{name: "no CKA_ID", rules: "hide=0x102", logins: 1},
		{name: "no modulus", rules: "hide=0x120", logins: 1},
		{name: "neither CKA_ID nor modulus", rules: "hide=0x102,0x120", logins: 1},
		{name: "no EC point, no CKA_ID", rules: "hide=0x102,0x181", token: "Token EC", cert: phuc, logins: 1},
		{name: "no certificate value", rules: "hide=0x11", want: ErrCertificateNotFound},
		{name: "CKA_ID of another key", token: "Token nhầm khoá", cert: other, want: ErrNoKey, logins: 1, broken: true},
		{name: "CKA_ID of another key that hides its modulus", rules: "hide=0x120", token: "Token nhầm khoá", cert: other, want: ErrBadSignature, logins: 1, broken: true},
		{name: "certificate search fails", rules: "C_FindObjectsInit 9+ rv=0x30", want: ErrDriver, ckr: pkcs11.CKR_DEVICE_ERROR},
	})
}

func reauth(o *office) *x509.Certificate { return o.reauth }
func phuc(o *office) *x509.Certificate   { return o.phuc }
func other(o *office) *x509.Certificate  { return o.other }
