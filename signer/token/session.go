package token

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/miekg/pkcs11"

	"antin/signer/cms"
	"antin/signer/worker"
)

// idleTimeout ends a login that nobody uses, see IdleTimeout.
const idleTimeout = 60 * time.Second

// Session is a login on a token for one certificate. It implements pades.Key.
// One session serves a whole batch; it is closed by Close, when it is not used
// for a while ([IdleTimeout]), when the token is pulled out, and by the first
// PIN that the token refuses. What comes after that gets [ErrSessionEnded] or
// [ErrRemoved], and the PIN has to be entered anew.
type Session struct {
	driver      *Driver
	id          string
	token       Token
	certificate *x509.Certificate
	chain       []*x509.Certificate
	unchecked   bool
	over        atomic.Bool
}

// LoginOption changes what Login accepts.
type LoginOption func(*request)

// LastTryConfirmed lets Login go ahead although one more wrong PIN locks, or may
// lock, the token: the user was told so and wants it.
func LastTryConfirmed() LoginOption {
	return func(r *request) { r.Confirmed = true }
}

// IdleTimeout closes the login when no signature was asked for d; 60 s without
// this option, never for d ≤ 0. It goes by the clock on the wall, so that a
// computer that sleeps does not keep it open.
func IdleTimeout(d time.Duration) LoginOption {
	return func(r *request) { r.Idle = int64(max(d, 0)) }
}

// request begins a request about t.
func (d *Driver) request(op string, t Token, opts []LoginOption) request {
	q := request{Op: op, Slot: t.Slot, Serial: t.Serial, Label: t.Label, Idle: int64(idleTimeout)}
	for _, set := range opts {
		set(&q)
	}
	return q
}

// Login opens a session on token t for signing with cert, which must be on the
// token. The PIN is tried once; it is overwritten before Login returns, on every
// path. For a token with a PIN pad (PINState.Pad) pin is not used. Without a
// deadline in ctx the user has 180 s; a cancelled context ends the helper, and
// the try may be spent.
//
// No try is spent with [ErrPINFormat], [ErrPINLocked], [ErrPINFinalTry],
// [ErrPINNotSet], [ErrNoToken], [ErrCertificateNotFound], [ErrSessionOpen].
// [ErrPINFinalTry] comes when the token's flags or the [PINLog] leave one try.
// [ErrPINWrong] comes with an *[Error] that has the state of the PIN after it; a
// PIN that this very try locked is ErrPINLocked. [ErrNoKey]: the PIN is right,
// but the token has no key for cert.
func (d *Driver) Login(ctx context.Context, t Token, cert *x509.Certificate, pin []byte, opts ...LoginOption) (*Session, error) {
	defer clear(pin)
	s, err := d.login(ctx, t, cert, pin, opts)
	if err != nil {
		return nil, fmt.Errorf("logging in to %q: %w", t.Label, err)
	}
	return s, nil
}

func (d *Driver) login(ctx context.Context, t Token, cert *x509.Certificate, pin []byte, opts []LoginOption) (_ *Session, err error) {
	if cert == nil {
		return nil, fmt.Errorf("%w: none given", ErrCertificateNotFound)
	}
	q := d.request(opOpen, t, opts)
	q.Session, q.Certificate = rand.Text(), cert.Raw
	if err := d.mayTry(t, q.Confirmed); err != nil {
		return nil, err
	}
	if !t.PIN.Pad {
		if err := CheckPIN(pin); err != nil {
			return nil, err
		}
	}
	ctx, cancel := withTimeout(ctx, loginTimeout)
	defer cancel()
	state, err := d.open(ctx, q)
	if err != nil {
		return nil, d.counted(t, err)
	}
	d.sessions.Add(1)
	s := &Session{driver: d, id: q.Session, token: t, certificate: cert, chain: chainOf(cert, t.Certificates)}
	defer func() {
		if err != nil {
			_ = s.Close() // err tells more
		}
	}()
	if state.Pad {
		pin = nil
	}
	if err := d.tryPIN(ctx, t, state, func() (right bool, err error) {
		answer, err := d.call(ctx, request{Op: opLogin, Session: s.id}, pin)
		s.unchecked = answer.Unchecked
		return err == nil && !answer.Unchecked, err
	}); err != nil {
		return nil, err
	}
	if _, err := d.call(ctx, request{Op: opKey, Session: s.id}, nil); err != nil {
		return nil, err
	}
	return s, nil
}

// open prepares the login in the helper. An old helper that does not find the
// token may not see its reader: then a new one is asked.
func (d *Driver) open(ctx context.Context, q request) (PINState, error) {
	suspect := d.blind(0)
	answer, err := d.call(ctx, q, nil)
	if errors.Is(err, ErrNoToken) && suspect && d.Restart() == nil {
		answer, err = d.call(ctx, q, nil)
	}
	if err == nil && answer.PIN == nil {
		err = refuse(ErrDriver, "no state of the PIN in the helper's reply")
	}
	if err != nil {
		return PINState{}, err
	}
	return *answer.PIN, nil
}

// Certificate is the one given to Login; a session never signs with another.
func (s *Session) Certificate() *x509.Certificate { return s.certificate }

// Chain holds the issuers of the certificate that were found on the token, the
// nearest first; it is often empty.
func (s *Session) Chain() []*x509.Certificate { return slices.Clone(s.chain) }

// PINChecked is false when the driver was logged in already by its own doing and
// did not look at the PIN: a signature then says nothing about who typed it.
func (s *Session) PINChecked() bool { return !s.unchecked }

// Sign signs message (not its digest) with SHA-256, SHA-384 or SHA-512. The
// message must be the signed attributes of a CMS signature for the session's
// certificate, as cms.Profile makes them; nothing else is signed. Only a
// signature that fits the certificate is returned; an elliptic curve's is DER
// (RFC 3279, 2.2.3). Without a deadline in ctx the user has 180 s for a reader
// or driver that asks again; a cancelled context ends the session.
//
// Errors: [ErrNotAttributes], [ErrBadSignature], [ErrUnsupported], [ErrRemoved],
// [ErrSessionEnded], [ErrCancelled], [ErrDriver], and those of the PIN for a key
// that asks at each signature. The session can be used after [ErrDriver] unless
// the helper was lost.
func (s *Session) Sign(ctx context.Context, message []byte, h crypto.Hash, scheme cms.Scheme) ([]byte, error) {
	signature, err := s.sign(ctx, message, h, scheme)
	if err != nil {
		return nil, fmt.Errorf("signing with %q: %w", s.token.Label, err)
	}
	return signature, nil
}

func (s *Session) sign(ctx context.Context, message []byte, h crypto.Hash, scheme cms.Scheme) ([]byte, error) {
	if s.over.Load() {
		return nil, ErrSessionEnded
	}
	scheme, err := scheme.For(s.certificate)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	if _, ok := digestInfo[h]; !ok {
		return nil, fmt.Errorf("%w: hash %v", ErrUnsupported, h)
	}
	ctx, cancel := withTimeout(ctx, loginTimeout)
	defer cancel()
	answer, err := s.driver.call(ctx, request{Op: opSign, Session: s.id, Message: message, Hash: uint(h), Scheme: int(scheme)}, nil)
	if err != nil {
		var lost *worker.Error
		if e := (*Error)(nil); errors.As(err, &e) && e.CKR == pkcs11.CKR_CRYPTOKI_NOT_INITIALIZED {
			e.Err = ErrSessionEnded // the helper was replaced, see call
		}
		if errors.As(err, &lost) || errors.Is(err, ErrSessionEnded) || errors.Is(err, ErrRemoved) || isPIN(err) {
			s.end()
		} else if ctx.Err() != nil { // given up before the helper was asked
			_ = s.Close() // err tells more
		}
		return nil, s.driver.refusedAtSignature(s.token, err)
	}
	if answer.Asked {
		s.driver.pins.set(s.token, signaturePIN, 0)
	}
	// A driver may return a value of the wrong key, cut or garbled: what does not
	// fit never gets into a document.
	if err := cms.CheckSignature(s.certificate, scheme, h, message, answer.Signature); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadSignature, err)
	}
	return answer.Signature, nil
}

// end marks the session; it returns false when that was done before.
func (s *Session) end() bool {
	if s.over.Swap(true) {
		return false
	}
	s.driver.sessions.Add(-1)
	return true
}

// Close logs out; when that is not possible within two seconds, the helper is
// ended, which logs out too. It may be called again.
func (s *Session) Close() error {
	if !s.end() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	_, err := s.driver.call(ctx, request{Op: opClose, Session: s.id}, nil)
	switch {
	case errors.Is(err, ErrSessionEnded), errors.Is(err, ErrRemoved), errors.Is(err, ErrModuleDisabled), errors.Is(err, worker.ErrClosed):
		return nil
	case err != nil:
		return fmt.Errorf("logging out of %q: %w", s.token.Label, errors.Join(err, s.driver.drop()))
	}
	return nil
}
