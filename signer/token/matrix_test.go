package token

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"antin/signer/cms"
	"antin/signer/worker"
)

// fault is one way in which a driver or token misbehaves, and what is told about
// it. The user plugs in the token, logs in once and signs once.
type fault struct {
	name  string
	rules string // of testdata/shim.c, separated by "; "

	token string // "" = "Nguyễn Văn An" with its certificate
	cert  func(*office) *x509.Certificate
	pin   string // "" = the right one
	opts  []LoginOption

	want   error // nil: it works all the same
	under  error // what else errors.Is must find
	ckr    uint
	logins int    // calls of C_Login
	hangs  bool   // the user gives up when the module hangs
	stays  string // rules that hold for the next signature, too
	broken bool   // there is no next signature on such a token
}

// user does what a person does with one token.
type user struct {
	s     *shim
	o     *office
	f     fault
	ctx   context.Context
	label string
	cert  *x509.Certificate

	session *Session
}

func (u *user) sign() error {
	message := attributes(u.cert, crypto.SHA256)
	signature, err := u.session.Sign(u.ctx, message, crypto.SHA256, 0)
	if err != nil {
		return err
	}
	return cms.CheckSignature(u.cert, 0, crypto.SHA256, message, signature)
}

func (u *user) logIn(pin string) error {
	tokens, err := u.s.d.Tokens(u.ctx)
	if err != nil {
		return err
	}
	for _, t := range tokens {
		if t.Label == u.label {
			u.session, err = u.s.d.Login(u.ctx, t, u.cert, []byte(pin), u.f.opts...)
			return err
		}
	}
	var problems []error
	for _, t := range tokens {
		problems = append(problems, t.Problem)
	}
	return fmt.Errorf("%w: %w", ErrNoToken, errors.Join(problems...))
}

// The bounds for answers are generous for a machine that does other work, too;
// the figures are printed. On an idle one a crash is told after 5 to 20 ms.
const (
	crashBound  = 500 * time.Millisecond
	cancelBound = 500 * time.Millisecond
)

func runFaults(t *testing.T, faults []fault) {
	o := desks(t)
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			s := o.shim(t, strings.Split(f.rules, "; ")...)
			u := user{s: s, o: o, f: f, label: "Nguyễn Văn An", cert: o.an, ctx: t.Context()}
			if f.token != "" {
				u.label, u.cert = f.token, f.cert(o)
			}
			pin := pin
			if f.pin != "" {
				pin = f.pin
			}
			var gaveUp time.Time
			if f.hangs {
				ctx, cancel := context.WithCancel(t.Context())
				u.ctx = ctx
				done := make(chan struct{})
				go func() {
					defer close(done)
					eventually(t, "the hang", func() bool { _, hangs := s.when("hang"); return hangs })
					time.Sleep(20 * time.Millisecond)
					gaveUp = time.Now()
					cancel()
				}()
				defer func() { <-done }()
			}

			err := u.logIn(pin)
			if err == nil {
				err = u.sign()
			}
			answered := time.Now()

			if !errors.Is(err, f.want) || f.want == nil && err != nil {
				t.Errorf("error %v, want %v", err, f.want)
			}
			if f.under != nil && !errors.Is(err, f.under) {
				t.Errorf("error %v does not wrap %v", err, f.under)
			}
			var e *Error
			if f.ckr != 0 && (!errors.As(err, &e) || e.CKR != f.ckr) {
				t.Errorf("error %v, want %s", err, ckrText(f.ckr))
			}
			if f.want != ErrPINWrong && errors.Is(err, ErrPINWrong) {
				t.Errorf("%v is called a wrong PIN", err)
			}
			if got := s.calls("C_Login"); got != f.logins {
				t.Errorf("%d calls of C_Login, want %d", got, f.logins)
			}
			for _, how := range []string{"crash", "abort", "exit"} {
				if at, ok := s.when(how); ok {
					t.Logf("%s told after %.1f ms", how, ms(answered.Sub(at)))
					if answered.Sub(at) > crashBound {
						t.Errorf("that is more than %v", crashBound)
					}
				}
			}
			if f.hangs {
				t.Logf("given up after %.1f ms", ms(answered.Sub(gaveUp)))
				if answered.Sub(gaveUp) > cancelBound {
					t.Errorf("that is more than %v", cancelBound)
				}
			}
			if !f.broken {
				u.recovers(t, err)
			}
		})
	}
}

// recovers: when the fault is over, the next signature is made; in the same
// session unless the error said that it has ended.
func (u *user) recovers(t *testing.T, err error) {
	u.s.rules(u.f.stays)
	u.ctx = t.Context()
	u.f.opts = append(u.f.opts, LastTryConfirmed()) // the matrix is about something else
	var lost *worker.Error
	if u.session == nil || errors.Is(err, ErrRemoved) || errors.Is(err, ErrSessionEnded) || errors.As(err, &lost) || isPIN(err) {
		if u.session != nil {
			if err := u.sign(); !errors.Is(err, ErrSessionEnded) && !errors.Is(err, ErrRemoved) {
				t.Errorf("a session that has ended: %v", err)
			}
			if err := u.session.Close(); err != nil {
				t.Errorf("closing what has ended: %v", err)
			}
		}
		if err := u.logIn(pin); err != nil {
			t.Fatalf("next login: %v", err)
		}
	}
	if err := u.sign(); err != nil {
		t.Errorf("next signature: %v", err)
	}
	if err := u.session.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if u.s.d.sessions.Load() != 0 {
		t.Errorf("%d sessions are counted as open", u.s.d.sessions.Load())
	}
}

func ms(d time.Duration) float64 { return float64(d) / 1e6 }

func TestFaultsOfTheModule(t *testing.T) {
	runFaults(t, []fault{
		{name: "no list of functions", rules: "nolist", want: ErrNotModule},
		{name: "function list refused", rules: "C_GetFunctionList * rv=0x5", want: ErrDriver, ckr: 0x5},
		{name: "C_Sign is missing", rules: "hole=43", want: ErrNotModule},
		{name: "C_SetPIN is missing, which signing does not need", rules: "hole=11", logins: 1},

		{name: "C_Initialize fails", rules: "C_Initialize * rv=0x5", want: ErrDriver, ckr: 0x5},
		{name: "C_Initialize refuses locking", rules: "cantlock", logins: 1},
		{name: "C_Initialize wants threads of its own", rules: "C_Initialize 1 rv=0x9", logins: 1},
		{name: "C_Initialize dislikes its arguments", rules: "C_Initialize 1 rv=0x7", logins: 1},
		{name: "initialised already", rules: "already", logins: 1},
		{name: "C_Initialize crashes", rules: "C_Initialize * crash", want: ErrDriver, under: worker.ErrCrashed},
		{name: "C_Initialize aborts", rules: "C_Initialize * abort", want: ErrDriver, under: worker.ErrCrashed},
		{name: "C_Initialize exits", rules: "C_Initialize * exit", want: ErrDriver, under: worker.ErrCrashed},
		{name: "finalized behind our back", rules: "C_GetSlotList 1 rv=0x190", want: ErrDriver, ckr: 0x190},

		{name: "prints on standard output", rules: "print", logins: 1},
		{name: "slow everywhere", rules: "C_GetSlotList * delay=20; C_Sign * delay=50", logins: 1},

		{name: "C_GetSlotList fails", rules: "C_GetSlotList * rv=0x30", want: ErrDriver, ckr: 0x30},
		{name: "C_GetSlotList crashes", rules: "C_GetSlotList * crash", want: ErrDriver, under: worker.ErrCrashed},
		{name: "C_GetTokenInfo fails everywhere", rules: "C_GetTokenInfo * rv=0x30", want: ErrNoToken},
		{name: "C_FindObjects crashes", rules: "C_FindObjects 1 crash", want: ErrDriver, under: worker.ErrCrashed},
		{name: "no token", rules: "removed", want: ErrNoToken},
		{name: "C_GetMechanismList fails", rules: "C_GetMechanismList * rv=0x54", logins: 1},
		{name: "C_GetSlotInfo fails", rules: "C_GetSlotInfo * rv=0x5", logins: 1},
	})
}

// Whichever call hangs, the user's cancel works at once and the next one works.
func TestHangInEveryCall(t *testing.T) {
	var faults []fault
	for _, tc := range []struct {
		function string
		logins   int
	}{
		{"C_GetFunctionList", 0},
		{"C_Initialize", 0},
		{"C_GetSlotList", 0},
		{"C_GetSlotInfo", 0},
		{"C_GetTokenInfo", 0},
		{"C_OpenSession", 0},
		{"C_FindObjectsInit", 0},
		{"C_FindObjects", 0},
		{"C_FindObjectsFinal", 0},
		{"C_GetAttributeValue", 0},
		{"C_CloseSession", 0},
		{"C_GetMechanismList", 0},
		{"C_Login", 1},
		{"C_SignInit", 1},
		{"C_Sign", 1},
	} {
		faults = append(faults, fault{
			name: tc.function, rules: tc.function + " 1 hang", want: ErrCancelled, under: context.Canceled, logins: tc.logins, hangs: true,
		})
	}
	runFaults(t, faults)
}

// Nobody can cancel a logout, so it has a bound.
func TestHangInLogout(t *testing.T) {
	s := desks(t).shim(t, "C_Logout 1 hang")
	session := s.logIn("Token EC", desks(t).phuc)
	begin := time.Now()
	err := session.Close()
	if took := time.Since(begin); !errors.Is(err, worker.ErrSilent) || took > 2*closeTimeout {
		t.Errorf("Close = %v after %v, want ErrSilent", err, took)
	}
	s.rules()
	if err := signOne(t.Context(), s.logIn("Token EC", desks(t).phuc)); err != nil {
		t.Errorf("next signature: %v", err)
	}
}
