package trust

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Why the network did not help.
var (
	ErrAddress     = errors.New("trust: this address is not asked") // scheme, loopback, private …
	ErrUnreachable = errors.New("trust: the server cannot be reached or answers with an error")
	ErrTimeout     = errors.New("trust: the server did not answer in time")
)

// Fetch allows the network, and says how it may be used. The zero value asks
// public addresses over http and https only. It remembers servers that did not answer
// and leaves them alone for half a minute; a new Fetch asks at once. It may be
// used by several goroutines and must not be copied.
type Fetch struct {
	// Proxy chooses the proxy for a request, as in http.Transport; nil = that
	// of the environment.
	Proxy func(*http.Request) (*url.URL, error)

	// Hosts replaces hosts in addresses, for closed networks: "ocsp.ca.gov.vn"
	// → "ocsp.example.local" or "10.1.2.3:8080". The replacements are allowed.
	Hosts map[string]string

	// AllowHosts lists what may be asked though it is this computer or a
	// private network: hosts ("ocsp.example.local"), hosts with a port, and
	// networks ("10.1.0.0/16").
	AllowHosts []string

	Responders []string // addresses of OCSP responders for certificates that name none

	Request time.Duration // for one request; 0 = 10 s
	Total   time.Duration // for one call of Build or Check; 0 = 20 s

	MaxList int64         // bytes of a revocation list; 0 = 64 MiB
	MaxAge  time.Duration // data older than this at the time asked for are asked for anew; 0 = their next update decides

	RequireNonce bool // refuse OCSP answers without our nonce, which some servers make beforehand

	// Dial replaces dialling. Then only hosts written as numbers are checked for being private.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	dead sync.Map // host and path → deadServer
}

type deadServer struct {
	until time.Time
	err   error
}

const (
	restForDead  = 30 * time.Second
	maxSmall     = 256 << 10 // bytes of an OCSP answer or a CA certificate
	maxRedirects = 3
	maxAddresses = 3 // of one kind in a certificate
)

// errand is what one call of Build or Check does in the network.
type errand struct {
	*Fetch
	ctx    context.Context
	client *http.Client
	close  func()

	mu       sync.Mutex
	asked    map[string]bool
	problems []error
}

func (f *Fetch) begin(ctx context.Context) *errand {
	ctx, cancel := context.WithTimeoutCause(ctx, orElse(f.Total, 20*time.Second), ErrTimeout)
	transport := f.transport()
	e := &errand{Fetch: f, ctx: ctx, asked: map[string]bool{}}
	e.client = &http.Client{Transport: transport, CheckRedirect: f.checkRedirect}
	e.close = func() { cancel(); transport.CloseIdleConnections() }
	return e
}

func orElse[T ~int64](v, otherwise T) T {
	if v > 0 {
		return v
	}
	return otherwise
}

// note keeps a reason for the final error.
func (e *errand) note(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.problems = append(e.problems, err)
}

func (e *errand) problem() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return errors.Join(e.problems...)
}

// first tells whether the address is asked for the first time.
func (e *errand) first(address string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	was := e.asked[address]
	e.asked[address] = true
	return !was
}

// httpError is an answer with another status than 200.
type httpError struct{ status int }

func (h *httpError) Error() string {
	return fmt.Sprintf("%v: HTTP %d %s", ErrUnreachable, h.status, http.StatusText(h.status))
}

func (h *httpError) Is(target error) bool { return target == ErrUnreachable }

// get fetches up to limit bytes.
func (e *errand) get(address, accept string, limit int64) ([]byte, error) {
	return e.do(http.MethodGet, address, nil, "", accept, limit)
}

// do makes one request. Errors: ErrAddress, ErrUnreachable, ErrTimeout, ErrReply
// for too much, and the context's when the caller gave up.
func (e *errand) do(method, address string, body []byte, contentType, accept string, limit int64) ([]byte, error) {
	b, err := e.try(method, address, body, contentType, accept, limit)
	if err != nil {
		return nil, fmt.Errorf("asking %q: %w", address, err)
	}
	return b, nil
}

func (e *errand) try(method, address string, body []byte, contentType, accept string, limit int64) ([]byte, error) {
	u, err := e.address(address)
	if err != nil {
		return nil, err
	}
	if d, ok := e.dead.Load(u.Host + u.Path); ok && time.Now().Before(d.(deadServer).until) {
		return nil, d.(deadServer).err
	}
	ctx, cancel := context.WithTimeoutCause(e.ctx, orElse(e.Request, 10*time.Second), ErrTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAddress, err)
	}
	request.Header.Set("User-Agent", "antin")
	request.Header.Set("Accept", accept)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := e.client.Do(request)
	if err != nil {
		return nil, e.sort(ctx, u.Host+u.Path, err)
	}
	defer response.Body.Close() // what matters was read
	if response.StatusCode != http.StatusOK {
		return nil, &httpError{response.StatusCode}
	}
	b, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if err != nil {
		return nil, e.sort(ctx, u.Host+u.Path, err)
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrReply, limit)
	}
	return b, nil
}

// sort tells the caller's impatience from the server's silence and remembers
// the latter.
func (e *errand) sort(ctx context.Context, service string, err error) error {
	var silent net.Error
	switch {
	case errors.Is(err, ErrAddress):
		return err
	case ctx.Err() != nil && !errors.Is(context.Cause(ctx), ErrTimeout):
		return context.Cause(ctx)
	case ctx.Err() != nil, errors.As(err, &silent) && silent.Timeout():
		err = fmt.Errorf("%w: %w", ErrTimeout, err)
	default:
		err = fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	if e.ctx.Err() == nil { // else it may have had no time left
		e.dead.Store(service, deadServer{time.Now().Add(restForDead), err})
	}
	return err
}

// checkRedirect follows a few redirects to where a certificate could have sent
// us too, with the same scheme and the same method.
func (f *Fetch) checkRedirect(request *http.Request, via []*http.Request) error {
	switch first := via[0]; {
	case request.URL.Scheme != first.URL.Scheme:
		return fmt.Errorf("%w: redirect to scheme %q", ErrAddress, request.URL.Scheme)
	case request.Method != first.Method:
		return fmt.Errorf("%w: redirect that drops the request", ErrAddress)
	case len(via) > maxRedirects:
		return fmt.Errorf("%w: too many redirects", ErrAddress)
	}
	return f.checkAddress(request.URL)
}

// address is where to ask instead of what a certificate says.
func (f *Fetch) address(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAddress, err)
	}
	for from, to := range f.Hosts {
		if strings.EqualFold(from, u.Host) || strings.EqualFold(from, u.Hostname()) {
			u.Host = to
			break
		}
	}
	return u, f.checkAddress(u)
}
