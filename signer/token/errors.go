package token

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"antin/signer/worker"
)

// The module cannot be used.
var (
	ErrNoModule          = errors.New("token: no such PKCS#11 module")
	ErrNotModule         = errors.New("token: file is no PKCS#11 module")
	ErrWrongArchitecture = errors.New("token: module is for another processor or system")
	// ErrDriver: the module crashed, hung, or failed for a reason of its own. It
	// says nothing about the PIN.
	ErrDriver = errors.New("token: driver failed")
	// ErrModuleDisabled: it crashed three times in this run, see [Crashes].
	ErrModuleDisabled = errors.New("token: module crashed too often and is not used any more")
)

// The token or what is needed on it is not there.
var (
	ErrNoToken             = errors.New("token: token is not plugged in")
	ErrRemoved             = errors.New("token: token was removed")
	ErrCertificateNotFound = errors.New("token: certificate not found")
	ErrAmbiguous           = errors.New("token: more than one certificate fits")
	ErrNoKey               = errors.New("token: no private key for this certificate")
)

// The PIN was refused, by the token or before it was asked.
var (
	ErrPINWrong    = errors.New("token: PIN is wrong") // Error.PIN has the state after it
	ErrPINFinalTry = errors.New("token: one PIN try is left; confirmation needed")
	ErrPINLocked   = errors.New("token: PIN is locked")
	ErrPINFormat   = errors.New("token: PIN must be 4 to 32 ASCII characters") // costs no try
	ErrPINExpired  = errors.New("token: PIN has to be changed")
	ErrPINNotSet   = errors.New("token: PIN was never set")
	ErrPINRejected = errors.New("token: new PIN is not acceptable") // of [Driver.ChangePIN]; the old PIN still holds
)

// The signature was not made.
var (
	ErrCancelled    = errors.New("token: cancelled by the user")
	ErrSessionEnded = errors.New("token: session has ended; log in again")
	ErrSessionOpen  = errors.New("token: another session is logged in to this token")
	ErrBadSignature = errors.New("token: token returned a signature that does not fit the certificate")
	ErrUnsupported  = errors.New("token: token cannot make this kind of signature")
	// ErrNotAttributes: what was to be signed is not the signed attributes of a
	// CMS signature (RFC 5652, 5.4) for the certificate of the session.
	ErrNotAttributes = errors.New("token: only the signed attributes of a document signature are signed")
)

// Error is a refusal that comes from the helper or the token. errors.Is finds
// the sentinel in Err.
type Error struct {
	Err      error     // one of the sentinels of this package
	Function string    // PKCS#11 function that was called last; "" when none was needed to refuse
	CKR      uint      // its return value; 0 when there is none
	PIN      *PINState // state of the PIN when a login was refused, else nil
	Text     string    // what else is known, technical English
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Err.Error())
	if e.Function != "" {
		fmt.Fprintf(&b, ": %s: %s", e.Function, ckrText(e.CKR))
	}
	if e.Text != "" {
		fmt.Fprintf(&b, ": %s", e.Text)
	}
	return b.String()
}

// Unwrap gives the sentinel.
func (e *Error) Unwrap() error { return e.Err }

// refuse makes an Error without a PKCS#11 function behind it.
func refuse(sentinel error, format string, args ...any) *Error {
	return &Error{Err: sentinel, Text: fmt.Sprintf(format, args...)}
}

// codes name the sentinels on the pipe between helper and program.
var codes = map[string]error{
	"no-module":           ErrNoModule,
	"not-module":          ErrNotModule,
	"architecture":        ErrWrongArchitecture,
	"driver":              ErrDriver,
	"module-disabled":     ErrModuleDisabled,
	"no-token":            ErrNoToken,
	"removed":             ErrRemoved,
	"certificate-missing": ErrCertificateNotFound,
	"ambiguous":           ErrAmbiguous,
	"no-key":              ErrNoKey,
	"pin-wrong":           ErrPINWrong,
	"pin-final-try":       ErrPINFinalTry,
	"pin-locked":          ErrPINLocked,
	"pin-format":          ErrPINFormat,
	"pin-expired":         ErrPINExpired,
	"pin-not-set":         ErrPINNotSet,
	"pin-rejected":        ErrPINRejected,
	"cancelled":           ErrCancelled,
	"session-ended":       ErrSessionEnded,
	"session-open":        ErrSessionOpen,
	"bad-signature":       ErrBadSignature,
	"unsupported":         ErrUnsupported,
	"not-attributes":      ErrNotAttributes,
}

// errorRecord is an Error on the pipe.
type errorRecord struct {
	Code     string
	Function string    `json:",omitempty"`
	CKR      uint      `json:",omitempty"`
	PIN      *PINState `json:",omitempty"`
	Text     string    `json:",omitempty"`
}

func (e *Error) record() *errorRecord {
	r := &errorRecord{Code: "driver", Function: e.Function, CKR: e.CKR, PIN: e.PIN, Text: e.Text}
	for code, sentinel := range codes {
		if sentinel == e.Err {
			r.Code = code
		}
	}
	return r
}

func (r *errorRecord) error() *Error {
	sentinel := codes[r.Code]
	if sentinel == nil {
		sentinel = ErrDriver
	}
	return &Error{Err: sentinel, Function: r.Function, CKR: r.CKR, PIN: r.PIN, Text: r.Text}
}

// failure gives err the shape in which it crosses the pipe.
func failure(err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	r := e.record()
	detail, jsonErr := json.Marshal(r)
	if jsonErr != nil {
		return err
	}
	return &worker.Failure{Code: r.Code, Text: err.Error(), Detail: detail}
}

// received is the inverse of failure.
func received(f *worker.Failure) error {
	var r errorRecord
	if json.Unmarshal(f.Detail, &r) != nil {
		return refuse(ErrDriver, "%s", f.Text)
	}
	return r.error()
}
