package checkup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"antin/signer/settings"
)

const (
	proxyTimeout = 3 * time.Second
	nowhere      = "http://antin.invalid/" // RFC 6761, 6.4: no server has this name, so a proxy alone can answer
	usualServer  = "http://ca.gov.vn/"     // stands for the servers in certificates where no time-stamps are set
)

// proxy tells whether the proxy that connections would go through answers. Nobody
// behind it is asked anything.
func (d *checkup) proxy(ctx context.Context, s *settings.Settings) {
	u, err := chosenProxy(s)
	switch {
	case err != nil:
		d.problem("proxy", Warning, err, "doctor.proxy-wrong", "")
		return
	case u == nil:
		d.ok("proxy", "doctor.no-proxy")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, proxyTimeout)
	defer cancel()
	ask := askHTTP
	if u.Scheme == "socks5" {
		ask = askSOCKS
	}
	if err := ask(ctx, u); err != nil {
		d.problem("proxy", Warning, err, "doctor.proxy-wrong", u.Host)
		return
	}
	d.ok("proxy", "doctor.proxy", u.Host)
}

// chosenProxy is the one for the time-stamp server, nil for none.
func chosenProxy(s *settings.Settings) (*url.URL, error) {
	r, err := http.NewRequest(http.MethodGet, cmp.Or(s.TSA, usualServer), nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", settings.ErrValue, err)
	}
	return s.Proxies()(r)
}

// askHTTP asks for an address that only the proxy itself can say something about:
// whatever it says, it works.
func askHTTP(ctx context.Context, u *url.URL) error {
	transport := &http.Transport{Proxy: http.ProxyURL(u)}
	defer transport.CloseIdleConnections()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, nowhere, nil)
	if err != nil {
		return err
	}
	answer, err := transport.RoundTrip(r)
	if err != nil {
		return &proxyError{"KS-647", err}
	}
	defer answer.Body.Close() // what it says does not matter
	if answer.StatusCode == http.StatusProxyAuthRequired {
		return &proxyError{"KS-648", errors.New(answer.Status)}
	}
	return nil
}

// askSOCKS greets the proxy as one without a password (RFC 1928, 3).
func askSOCKS(ctx context.Context, u *url.URL) error {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), "1080")))
	if err != nil {
		return &proxyError{"KS-647", err}
	}
	defer connection.Close() // nothing was said that matters
	answer := make([]byte, 2)
	if until, ok := ctx.Deadline(); ok {
		err = connection.SetDeadline(until)
	}
	if err == nil {
		_, err = connection.Write([]byte{5, 1, 0})
	}
	if err == nil {
		_, err = io.ReadFull(connection, answer)
	}
	switch {
	case err != nil:
		return &proxyError{"KS-647", err}
	case answer[0] != 5:
		return &proxyError{"KS-647", fmt.Errorf("answers % x", answer)}
	case answer[1] != 0:
		return &proxyError{"KS-648", fmt.Errorf("answers % x", answer)}
	}
	return nil
}

// proxyError is a proxy that does not serve.
type proxyError struct {
	code string
	error
}

// Code is what package words asks for.
func (e *proxyError) Code() string { return e.code }
