package token

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"antin/signer/cms"
	"antin/signer/worker"
)

// Session is a login on a token for one certificate. It implements pades.Key.
type Session struct {
	driver      *Driver
	id          string
	token       string
	certificate *x509.Certificate
	chain       []*x509.Certificate
	over        atomic.Bool
}

// Certificate is the one given to Login.
func (s *Session) Certificate() *x509.Certificate { return s.certificate }

// Chain holds the issuers of the certificate that were found on the token, the
// nearest first; it is often empty.
func (s *Session) Chain() []*x509.Certificate { return slices.Clone(s.chain) }

// Sign signs message (not its digest) with SHA-256, SHA-384 or SHA-512. Only a
// signature that fits the certificate is returned; an elliptic curve's is DER
// (RFC 3279, 2.2.3). Without a deadline in ctx the user has 180 s for a reader
// or driver that asks again; a cancelled context ends the session.
//
// Errors: [ErrBadSignature], [ErrUnsupported], [ErrRemoved], [ErrSessionEnded],
// [ErrCancelled], [ErrDriver].
func (s *Session) Sign(ctx context.Context, message []byte, h crypto.Hash, scheme cms.Scheme) ([]byte, error) {
	signature, err := s.sign(ctx, message, h, scheme)
	if err != nil {
		return nil, fmt.Errorf("signing with %q: %w", s.token, err)
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
		if errors.As(err, &lost) || errors.Is(err, ErrSessionEnded) || errors.Is(err, ErrRemoved) {
			s.over.Store(true)
		}
		return nil, err
	}
	// A driver may return a value of the wrong key, cut or garbled: what does not
	// fit never gets into a document.
	if err := cms.CheckSignature(s.certificate, scheme, h, message, answer.Signature); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadSignature, err)
	}
	return answer.Signature, nil
}

// Close logs out; when that is not possible within two seconds, the helper is
// ended, which logs out too. It may be called again.
func (s *Session) Close() error {
	if s.over.Swap(true) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	_, err := s.driver.call(ctx, request{Op: opClose, Session: s.id}, nil)
	switch {
	case errors.Is(err, ErrSessionEnded), errors.Is(err, worker.ErrClosed):
		return nil
	case err != nil:
		return fmt.Errorf("logging out of %q: %w", s.token, errors.Join(err, s.driver.drop()))
	}
	return nil
}
