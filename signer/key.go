package signer

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"path/filepath"
	"slices"
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
	token.Found
	Tokens []token.Token
}

// TokenOptions say where to look. The zero value uses the known places and
// remembers nothing.
type TokenOptions struct {
	Modules []string // the user's own modules, absolute paths
	Folder  string   // the user's folder for the count of wrong PINs and for what was learnt of modules; "" = memory only
	ATRs    [][]byte // of the cards at hand: their modules come first
}

// TokenList is what is plugged in. It keeps the helper processes that were
// needed to find out, for the keys that are taken from it. Its methods may be
// called from several goroutines.
type TokenList struct {
	options token.DiscoverOptions
	pins    *token.PINLog
	crashes token.Crashes

	asking  sync.Mutex // one round of questions at a time
	mu      sync.RWMutex
	modules []ModuleState // replaced, never changed
	drivers map[string]*token.Driver
}

// Tokens asks all modules on this machine, in parallel. A module that fails
// hides no other. A token that two modules show is listed with the first. Close
// the list when its keys are done with.
func Tokens(ctx context.Context, o TokenOptions) *TokenList {
	var own []token.OwnModule
	for _, path := range o.Modules {
		own = append(own, token.OwnModule{Path: path})
	}
	cache, tries := "", ""
	if o.Folder != "" {
		cache, tries = filepath.Join(o.Folder, "modules.json"), filepath.Join(o.Folder, "pin-tries.json")
	}
	l := &TokenList{
		options: token.DiscoverOptions{Own: own, ATRs: o.ATRs, Cache: cache},
		pins:    token.NewPINLog(tries),
		drivers: map[string]*token.Driver{},
	}
	l.Refresh(ctx)
	return l
}

// Refresh looks for modules and asks all of them again. It returns when all have
// answered, after 10 s at the latest.
func (l *TokenList) Refresh(ctx context.Context) { l.ask(ctx, token.Discover(ctx, l.options)) }

// ask lists the tokens of the modules found.
func (l *TokenList) ask(ctx context.Context, found []token.Found) {
	l.asking.Lock()
	defer l.asking.Unlock()
	modules := make([]ModuleState, len(found))
	var wg sync.WaitGroup
	for i, f := range found {
		modules[i] = ModuleState{Found: f}
		if f.Problem != nil {
			continue
		}
		d, m := l.driver(f.Path), &modules[i]
		wg.Go(func() { m.Tokens, m.Problem = d.Tokens(ctx) })
	}
	wg.Wait()
	dropRepeated(modules)
	if ctx.Err() != nil {
		return // what a module said then is no news of it
	}
	l.mu.Lock()
	l.modules = modules
	l.mu.Unlock()
}

// driver is the driver of a module, opened when it is new.
func (l *TokenList) driver(path string) *token.Driver {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := l.drivers[path]
	if d == nil {
		d = token.Open(path, worker.Options{}, token.CountPINs(l.pins), token.CountCrashes(&l.crashes))
		l.drivers[path] = d
	}
	return d
}

// opened is the driver of a module that was listed, nil for any other.
func (l *TokenList) opened(path string) *token.Driver {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.drivers[path]
}

// dropRepeated leaves a token to the first module that shows it.
func dropRepeated(modules []ModuleState) {
	type identity struct{ serial, label, maker string }
	seen := map[identity]bool{}
	for i := range modules {
		m := &modules[i]
		m.Tokens = slices.DeleteFunc(m.Tokens, func(t token.Token) bool {
			id := identity{t.Serial, t.Label, t.Manufacturer}
			again := seen[id] && t.Serial != ""
			seen[id] = true
			return again
		})
	}
}

// Modules are the modules of this machine with what each shows. The slice is
// shared: do not change it.
func (l *TokenList) Modules() []ModuleState {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.modules
}

// ChangePIN changes the PIN of t, a token of the list. Both PINs are wiped. A
// wrong old PIN costs a try and is never repeated.
func (l *TokenList) ChangePIN(ctx context.Context, t token.Token, old, next []byte, opts ...token.LoginOption) error {
	d := l.opened(t.Module)
	if d == nil {
		clear(old)
		clear(next)
		return token.ErrNoToken
	}
	return d.ChangePIN(ctx, t, old, next, opts...)
}

// PIN is what is known about the PIN of t now, wrong tries of earlier runs
// included.
func (l *TokenList) PIN(t token.Token) token.PINState {
	if d := l.opened(t.Module); d != nil {
		return d.PIN(t)
	}
	return t.PIN
}

// All returns the tokens of all modules.
func (l *TokenList) All() []token.Token {
	var out []token.Token
	for _, m := range l.Modules() {
		out = append(out, m.Tokens...)
	}
	return out
}

// Close ends the helper processes, and with them every login.
func (l *TokenList) Close() error {
	l.mu.RLock()
	defer l.mu.RUnlock()
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
		return nil, l.Nothing()
	}
	t, cert, err := token.Select(all, who)
	if err != nil {
		return nil, err
	}
	return &TokenKey{driver: l.opened(t.Module), token: t, cert: cert.X509, ask: ask}, nil
}

// Nothing is why there is no token, nil when there is one.
func (l *TokenList) Nothing() error {
	modules := l.Modules()
	if len(modules) == 0 {
		return token.ErrNoModule
	}
	errs := []error{token.ErrNoToken}
	for _, m := range modules {
		if len(m.Tokens) > 0 {
			return nil
		}
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
	signature, err := k.session.Sign(ctx, message, h, s)
	switch {
	case errors.Is(err, token.ErrSessionEnded), errors.Is(err, token.ErrRemoved):
		k.session = nil // idle or pulled: the next document asks for the PIN anew
	case errors.Is(err, token.ErrPINWrong), errors.Is(err, token.ErrPINLocked): // a key that asks at each signature
		k.refused = err
	}
	return signature, err
}

func (k *TokenKey) login(ctx context.Context) error {
	t := k.token
	t.PIN = k.driver.PIN(t) // the list may be older than the last try
	pin, confirmed, err := k.ask(ctx, t, k.cert)
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

func (k fullChain) Sign(ctx context.Context, message []byte, h crypto.Hash, s cms.Scheme) ([]byte, error) {
	signature, err := k.Key.Sign(ctx, message, h, s)
	if err != nil {
		err = &KeyError{err}
	}
	return signature, err
}

// KeyError is trouble of the key itself: no token, a refused PIN, a driver that
// does not answer. It would meet the next document too.
type KeyError struct{ Err error }

func (e *KeyError) Error() string { return e.Err.Error() }

// Unwrap is what the key said.
func (e *KeyError) Unwrap() error { return e.Err }

func (c Common) key() pades.Key {
	chain := c.Key.Chain()
	if c.Trust != nil {
		if path, err := c.Trust.Path(c.Key.Certificate(), chain, c.now()); err == nil && len(path) > len(chain)+1 {
			chain = path[1:]
		}
	}
	return fullChain{c.Key, chain}
}
