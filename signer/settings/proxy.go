package settings

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
)

// NoProxy is the value of Settings.Proxy for connections that go to their
// servers directly, whatever the environment says.
const NoProxy = "none"

// Proxies tells which proxy a request goes through, as the Proxy of an
// http.Transport does: that of the environment (HTTP_PROXY, HTTPS_PROXY, NO_PROXY),
// none, or the one that is set, which then serves every address. A value that
// cannot be used is an error for every request: nothing goes around a proxy by
// mistake. The errors are those of Check.
func (s *Settings) Proxies() func(*http.Request) (*url.URL, error) {
	switch s.Proxy {
	case "":
		return http.ProxyFromEnvironment
	case NoProxy:
		return func(*http.Request) (*url.URL, error) { return nil, nil }
	}
	u, err := server("proxy", s.Proxy, "http", "https", "socks5")
	return func(*http.Request) (*url.URL, error) { return u, err }
}

// server is the address of a server of one of these schemes. Errors: *ValueError,
// which is ErrPassword too when the address names a user.
func server(field, value string, schemes ...string) (*url.URL, error) {
	u, err := url.Parse(value)
	switch {
	case err == nil && u.User != nil:
		return nil, fmt.Errorf("%w: %w", ErrPassword, &ValueError{Field: field}) // the value is not told
	case err != nil || !slices.Contains(schemes, u.Scheme) || u.Hostname() == "":
		return nil, &ValueError{field, value}
	}
	return u, nil
}
