package token

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miekg/pkcs11"

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
	// blindAge is the age from which a helper that shows no token is suspected
	// of not seeing readers that were plugged in after its start (OpenSC #3241,
	// Pkcs11Interop #201).
	blindAge = 5 * time.Second
)

// Driver is one PKCS#11 module. Its methods may be called from several
// goroutines; the module itself is called by one thread, one call at a time.
type Driver struct {
	module  string
	o       worker.Options
	pins    *PINLog
	crashes *Crashes

	sessions atomic.Int32 // logged in, or about to be

	mu      sync.Mutex
	process *worker.Process // started when first needed
	since   time.Time       // when it was
	closed  bool
}

// Option sets up a driver.
type Option func(*Driver)

// CountPINs keeps the count of wrong PINs in l. Without it wrong PINs are
// counted as long as the driver lives.
func CountPINs(l *PINLog) Option { return func(d *Driver) { d.pins = l } }

// CountCrashes keeps the count of crashes in c, one for the whole run of the
// program. Without it they are counted as long as the driver lives.
func CountCrashes(c *Crashes) Option { return func(d *Driver) { d.crashes = c } }

// Open makes the driver for a module file. Nothing is loaded before the first
// listing or login.
func Open(module string, o worker.Options, opts ...Option) *Driver {
	d := &Driver{module: module, o: o, pins: NewPINLog(""), crashes: &Crashes{}}
	for _, set := range opts {
		set(d)
	}
	return d
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

// Restart makes the next call start a new helper, which takes some 20 ms. It is
// for a reader or token that was plugged in and that the module does not show.
// With a session open it does nothing but return [ErrSessionOpen].
func (d *Driver) Restart() error {
	if d.sessions.Load() > 0 {
		return refuse(ErrSessionOpen, "module %q", d.module)
	}
	return d.drop()
}

// blind tells whether the helper may be unable to see a new reader.
func (d *Driver) blind(age time.Duration) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.process != nil && time.Since(d.since) >= age && d.sessions.Load() == 0
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
// other. Without a deadline in ctx the module has 10 s. A module that shows
// nothing is asked a second time in a new helper when the old one has some age:
// several do not see readers that were plugged in after they were loaded.
//
// Errors: [ErrNoModule], [ErrNotModule], [ErrWrongArchitecture],
// [ErrModuleDisabled], [ErrDriver].
func (d *Driver) Tokens(ctx context.Context) ([]Token, error) {
	ctx, cancel := withTimeout(ctx, listTimeout)
	defer cancel()
	suspect := d.blind(blindAge)
	answer, err := d.call(ctx, request{Op: opList}, nil)
	if err == nil && len(answer.Tokens) == 0 && suspect && d.Restart() == nil {
		answer, err = d.call(ctx, request{Op: opList}, nil)
	}
	if err != nil {
		return nil, fmt.Errorf("listing tokens of %q: %w", d.module, err)
	}
	tokens := make([]Token, 0, len(answer.Tokens))
	for _, r := range answer.Tokens {
		t := r.token(d.module)
		t.PIN = d.PIN(t)
		tokens = append(tokens, t)
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

// call sends one request to the helper, starting it if need be.
func (d *Driver) call(ctx context.Context, q request, secret []byte) (reply, error) {
	defer clear(secret)
	if err := d.crashes.check(d.module); err != nil {
		return reply{}, err
	}
	b, err := json.Marshal(q)
	if err != nil {
		return reply{}, err
	}
	p, err := d.helper(ctx)
	if err == nil {
		b, err = p.Call(ctx, b, secret)
	}
	if err != nil {
		if errors.Is(err, worker.ErrCrashed) {
			d.crashes.add(d.module)
		}
		err = own(err)
		if e := (*Error)(nil); errors.As(err, &e) && e.CKR == pkcs11.CKR_CRYPTOKI_NOT_INITIALIZED {
			// Something in the process has finalized the module, for good.
			err = errors.Join(err, d.drop())
		}
		return reply{}, err
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
		d.process, d.since = p, time.Now()
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
