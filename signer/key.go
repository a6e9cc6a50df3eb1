package signer

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"sync"

	"antin/signer/cms"
	"antin/signer/pades"
	"antin/signer/token"
	"antin/signer/worker"
)

// PINFunc asks a person for the PIN of a token; t and cert say what for, and
// t.PIN what the token says about tries. confirmed tells that the person knows
// that one more wrong PIN locks the token. The slice is wiped after use. For a
// token whose reader has its own keys (t.PIN.Pad) the returned PIN is not used.
type PINFunc func(ctx context.Context, t token.Token, cert *x509.Certificate) (pin []byte, confirmed bool, err error)

// ModuleState is one PKCS#11 module and what it shows.
type ModuleState struct {
	Module  token.Module
	Tokens  []token.Token
	Problem error // why it cannot be used; its tokens are unknown then
}

// TokenList is what is plugged in. It keeps the helper processes that were
// needed to find out, for the keys that are taken from it.
type TokenList struct {
	Modules []ModuleState
	drivers map[string]*token.Driver
}

// Tokens asks all known modules, and those of the given paths, in parallel. A
// module that fails hides no other. Close the list when its keys are done with.
func Tokens(ctx context.Context, modules []string) *TokenList {
	found := token.ModulesWith(modules...)
	l := &TokenList{Modules: make([]ModuleState, len(found)), drivers: map[string]*token.Driver{}}
	var wg sync.WaitGroup
	for i, m := range found {
		d := token.Open(m.Path, worker.Options{})
		l.drivers[m.Path] = d
		wg.Go(func() {
			ts, err := d.Tokens(ctx)
			l.Modules[i] = ModuleState{Module: m, Tokens: ts, Problem: err}
		})
	}
	wg.Wait()
	return l
}

// All returns the tokens of all modules.
func (l *TokenList) All() []token.Token {
	var out []token.Token
	for _, m := range l.Modules {
		out = append(out, m.Tokens...)
	}
	return out
}

// Close ends the helper processes, and with them every login.
func (l *TokenList) Close() error {
	var errs []error
	for _, d := range l.drivers {
		errs = append(errs, d.Close())
	}
	return errors.Join(errs...)
}

// Key finds the certificate that who means (see token.Select). ask is called at
// the first signature.
func (l *TokenList) Key(who string, ask PINFunc) (*TokenKey, error) {
	all := l.All()
	if len(all) == 0 {
		return nil, l.nothing()
	}
	t, cert, err := token.Select(all, who)
	if err != nil {
		return nil, err
	}
	return &TokenKey{driver: l.drivers[t.Module], token: t, cert: cert.X509, ask: ask}, nil
}

// nothing is why there is no token at all.
func (l *TokenList) nothing() error {
	if len(l.Modules) == 0 {
		return token.ErrNoModule
	}
	errs := []error{token.ErrNoToken}
	for _, m := range l.Modules {
		errs = append(errs, m.Problem)
	}
	return errors.Join(errs...)
}

// TokenKey is a key on a token. It logs in at its first signature, so that a
// document, its place and the certificate are checked before anybody types a
// PIN, and stays logged in until it is closed. After a refused PIN it refuses
// every further signature: nothing is tried twice.
type TokenKey struct {
	driver *token.Driver
	token  token.Token
	cert   *x509.Certificate
	ask    PINFunc

	session *token.Session
	refused error
}

// Token is the token that the key is on.
func (k *TokenKey) Token() token.Token { return k.token }

// Certificate is the signer's certificate.
func (k *TokenKey) Certificate() *x509.Certificate { return k.cert }

// Chain holds the issuing CAs that the token brings along, nearest first.
func (k *TokenKey) Chain() []*x509.Certificate {
	var pool []*x509.Certificate
	for _, c := range k.token.Certificates {
		if c.CA {
			pool = append(pool, c.X509)
		}
	}
	return chainFrom(k.cert, pool)
}

// Sign implements pades.Key.
func (k *TokenKey) Sign(ctx context.Context, message []byte, h crypto.Hash, s cms.Scheme) ([]byte, error) {
	if k.refused != nil {
		return nil, k.refused
	}
	if k.session == nil {
		if err := k.login(ctx); err != nil {
			k.refused = err
			return nil, err
		}
	}
	return k.session.Sign(ctx, message, h, s)
}

func (k *TokenKey) login(ctx context.Context) error {
	pin, confirmed, err := k.ask(ctx, k.token, k.cert)
	defer clear(pin)
	if err != nil {
		return err
	}
	var opts []token.LoginOption
	if confirmed {
		opts = append(opts, token.LastTryConfirmed())
	}
	k.session, err = k.driver.Login(ctx, k.token, k.cert, pin, opts...)
	return err
}

// Close logs out.
func (k *TokenKey) Close() error {
	if k.session == nil {
		return nil
	}
	s := k.session
	k.session = nil
	return s.Close()
}

// chainFrom orders the CAs of pool into the chain above cert, up to a
// self-signed one or as far as they go.
func chainFrom(cert *x509.Certificate, pool []*x509.Certificate) []*x509.Certificate {
	var chain []*x509.Certificate
	for range pool {
		if bytes.Equal(cert.RawIssuer, cert.RawSubject) {
			break
		}
		var issuer *x509.Certificate
		for _, c := range pool {
			if bytes.Equal(c.RawSubject, cert.RawIssuer) && cert.CheckSignatureFrom(c) == nil {
				issuer = c
				break
			}
		}
		if issuer == nil {
			break
		}
		chain = append(chain, issuer)
		cert = issuer
	}
	return chain
}

// fullChain is the key with the chain that goes into the signature: tokens
// often hold the leaf alone, so the job's trust store adds what it knows.
type fullChain struct {
	pades.Key
	chain []*x509.Certificate
}

func (k fullChain) Chain() []*x509.Certificate { return k.chain }

func (c Common) key() pades.Key {
	chain := c.Key.Chain()
	if c.Trust != nil {
		if path, err := c.Trust.Path(c.Key.Certificate(), chain, c.now()); err == nil && len(path) > len(chain)+1 {
			chain = path[1:]
		}
	}
	return fullChain{c.Key, chain}
}
