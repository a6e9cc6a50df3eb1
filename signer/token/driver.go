package token

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"antin/signer/worker"
)

// workerName is the NAME in `EXE worker NAME MODULE`.
const workerName = "token"

const (
	// listTimeout is for Tokens without a deadline of the caller. A listing of
	// one token through PC/SC takes one to two seconds.
	listTimeout = 10 * time.Second
	// loginTimeout is for Login and Sign: people enter PINs on readers and in
	// windows of drivers, and a helper killed then may have cost a try.
	loginTimeout = 180 * time.Second
	closeTimeout = 2 * time.Second
)

// Driver is one PKCS#11 module. Its methods may be called from several
// goroutines; the module itself is called by one thread, one call at a time.
type Driver struct {
	module string
	o      worker.Options

	mu      sync.Mutex
	process *worker.Process // started when first needed
	closed  bool
}

// Open makes the driver for a module file. Nothing is loaded before the first
// listing or login.
func Open(module string, o worker.Options) *Driver {
	return &Driver{module: module, o: o}
}

// Module is the path that was opened.
func (d *Driver) Module() string { return d.module }

// Close ends the helper process and with it all sessions.
func (d *Driver) Close() error {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	return d.drop()
}

// drop ends the helper; the next call starts another.
func (d *Driver) drop() error {
	d.mu.Lock()
	p := d.process
	d.process = nil
	d.mu.Unlock()
	if p == nil {
		return nil
	}
	return p.Close()
}

// Diagnostics is the end of what the module printed, for a diagnosis the user
// asked for: drivers are known to print PINs.
func (d *Driver) Diagnostics() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.process == nil {
		return ""
	}
	return d.process.Stderr()
}

// Tokens lists the tokens of the module with their certificates; no PIN is
// needed. What cannot be read on one token stands in its Problem and hides no
// other. Without a deadline in ctx the module has 10 s.
//
// Errors: [ErrNoModule], [ErrNotModule], [ErrWrongArchitecture], [ErrDriver].
func (d *Driver) Tokens(ctx context.Context) ([]Token, error) {
	ctx, cancel := withTimeout(ctx, listTimeout)
	defer cancel()
	answer, err := d.call(ctx, request{Op: opList}, nil)
	if err != nil {
		return nil, fmt.Errorf("listing tokens of %q: %w", d.module, err)
	}
	tokens := make([]Token, 0, len(answer.Tokens))
	for _, r := range answer.Tokens {
		tokens = append(tokens, r.token(d.module))
	}
	return tokens, nil
}

func (r tokenRecord) token(module string) Token {
	t := Token{
		Module: module, Slot: r.Slot, Label: r.Label, Serial: r.Serial,
		Model: r.Model, Manufacturer: r.Manufacturer, Reader: r.Reader, PIN: r.PIN,
	}
	var problems []error
	if r.Problem != nil {
		problems = append(problems, r.Problem.error())
	}
	for _, c := range r.Certificates {
		x, err := x509.ParseCertificate(c.DER)
		if err != nil {
			problems = append(problems, fmt.Errorf("reading certificate %q: %w", c.Label, err))
			continue
		}
		t.Certificates = append(t.Certificates, Certificate{X509: x, ID: c.ID, Label: c.Label, CA: isCA(x)})
	}
	t.Problem = errors.Join(problems...)
	return t
}

// LoginOption changes what Login accepts.
type LoginOption func(*request)

// LastTryConfirmed lets Login go ahead although one more wrong PIN locks the
// token: the user was told so and wants it.
func LastTryConfirmed() LoginOption {
	return func(r *request) { r.Confirmed = true }
}

// Login opens a session on token t for signing with cert, which must be on the
// token. The PIN is tried once; it is overwritten before Login returns, on every
// path. For a token with a PIN pad (PINState.Pad) pin is not used. Without a
// deadline in ctx the user has 180 s; a cancelled context ends the helper, and
// the try may be spent.
//
// No try is spent with [ErrPINFormat], [ErrPINLocked], [ErrPINFinalTry],
// [ErrPINNotSet], [ErrNoToken], [ErrCertificateNotFound], [ErrSessionOpen].
// [ErrPINWrong] comes with an *[Error] that has the state of the PIN after it; a
// PIN that this very try locked is ErrPINLocked. [ErrNoKey]: the PIN is right,
// but the token has no key for cert.
func (d *Driver) Login(ctx context.Context, t Token, cert *x509.Certificate, pin []byte, opts ...LoginOption) (*Session, error) {
	defer clear(pin)
	if cert == nil {
		return nil, fmt.Errorf("logging in to %q: %w: none given", t.Label, ErrCertificateNotFound)
	}
	q := request{
		Op: opLogin, Session: rand.Text(), Slot: t.Slot, Serial: t.Serial, Label: t.Label,
		Certificate: cert.Raw,
	}
	for _, o := range opts {
		o(&q)
	}
	secret := pin
	if t.PIN.Pad {
		secret = nil
	} else if err := CheckPIN(pin); err != nil {
		return nil, fmt.Errorf("logging in to %q: %w", t.Label, err)
	}
	ctx, cancel := withTimeout(ctx, loginTimeout)
	defer cancel()
	if _, err := d.call(ctx, q, secret); err != nil {
		return nil, fmt.Errorf("logging in to %q: %w", t.Label, err)
	}
	return &Session{driver: d, id: q.Session, token: t.Label, certificate: cert, chain: chainOf(cert, t.Certificates)}, nil
}

// call sends one request to the helper, starting it if need be.
func (d *Driver) call(ctx context.Context, q request, secret []byte) (reply, error) {
	defer clear(secret)
	p, err := d.helper(ctx)
	if err != nil {
		return reply{}, own(err)
	}
	b, err := json.Marshal(q)
	if err != nil {
		return reply{}, err
	}
	b, err = p.Call(ctx, b, secret)
	if err != nil {
		return reply{}, own(err)
	}
	var answer reply
	if err := json.Unmarshal(b, &answer); err != nil {
		return reply{}, fmt.Errorf("%w: reading the helper's reply: %w", ErrDriver, err)
	}
	return answer, nil
}

func (d *Driver) helper(ctx context.Context) (*worker.Process, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, worker.ErrClosed
	}
	if d.process == nil {
		p, err := worker.Start(ctx, workerName, []string{d.module}, d.o)
		if err != nil {
			return nil, err
		}
		d.process = p
	}
	return d.process, nil
}

// own turns errors of package worker into those of this package; the original
// stays in the chain.
func own(err error) error {
	var f *worker.Failure
	switch {
	case errors.As(err, &f):
		return received(f)
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%w: %w", ErrCancelled, err)
	}
	return fmt.Errorf("%w: %w", ErrDriver, err)
}

func withTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, d)
}
