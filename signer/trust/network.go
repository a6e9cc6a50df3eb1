package trust

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Addresses in certificates are strangers' wishes: without these rules a
// document could make the program knock at doors inside the office.

// checkAddress refuses what is no web address, and this computer and private
// networks where the host says so itself. Names are checked when they are dialled.
func (f *Fetch) checkAddress(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%w: scheme %q", ErrAddress, u.Scheme)
	case u.Hostname() == "" || u.User != nil:
		return fmt.Errorf("%w: no host, or a user", ErrAddress)
	case f.allows(u.Host):
		return nil
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return fmt.Errorf("%w: %q is this computer", ErrAddress, u.Host)
	}
	if ip, err := netip.ParseAddr(host); err == nil && !public(ip) {
		return fmt.Errorf("%w: %q is not public", ErrAddress, u.Host)
	}
	return nil
}

// allows tells whether the user allowed this host, or host and port.
func (f *Fetch) allows(address string) bool {
	host := address
	if h, _, err := net.SplitHostPort(address); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	ip, noName := netip.ParseAddr(host)
	fits := func(entry string) bool {
		if strings.EqualFold(entry, address) || strings.EqualFold(entry, host) {
			return true
		}
		prefix, err := netip.ParsePrefix(entry)
		return err == nil && noName == nil && prefix.Contains(ip.Unmap())
	}
	for _, entry := range f.AllowHosts {
		if fits(entry) {
			return true
		}
	}
	for _, entry := range f.Hosts {
		if fits(entry) {
			return true
		}
	}
	return false
}

// reserved are networks that are not public beside those that netip knows.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),      // RFC 1122, 3.2.1.3
	netip.MustParsePrefix("100.64.0.0/10"),  // RFC 6598
	netip.MustParsePrefix("192.0.0.0/24"),   // RFC 6890
	netip.MustParsePrefix("198.18.0.0/15"),  // RFC 2544
	netip.MustParsePrefix("240.0.0.0/4"),    // RFC 1112
	netip.MustParsePrefix("64:ff9b::/96"),   // RFC 6052: any IPv4 address inside
	netip.MustParsePrefix("64:ff9b:1::/48"), // RFC 8215
	netip.MustParsePrefix("2002::/16"),      // RFC 3056: likewise
	netip.MustParsePrefix("fec0::/10"),      // RFC 3879
}

func public(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
		return false
	}
	for _, p := range reserved {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// transport connects to allowed hosts, public addresses and the proxy only.
// What a name stands for is checked when the connection is made, so that
// an answer of the name server which changes in between is no way in.
func (f *Fetch) transport() *http.Transport {
	proxies := &sync.Map{} // "host:port" of the proxies chosen; they may be private
	choose := f.Proxy
	if choose == nil {
		choose = http.ProxyFromEnvironment
	}
	return &http.Transport{
		Proxy: func(r *http.Request) (*url.URL, error) {
			u, err := choose(r)
			if u != nil {
				proxies.Store(hostPort(u), true)
			}
			return u, err
		},
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if f.Dial != nil {
				return f.Dial(ctx, network, address)
			}
			d := net.Dialer{Timeout: orElse(f.Request, 10*time.Second)}
			if _, proxy := proxies.Load(address); !proxy && !f.allows(address) {
				d.Control = f.control
			}
			return d.DialContext(ctx, network, address)
		},
		DisableCompression:     true, // a small reply must not become a large one
		MaxResponseHeaderBytes: 64 << 10,
		TLSHandshakeTimeout:    orElse(f.Request, 10*time.Second),
	}
}

func (f *Fetch) control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil || !public(ap.Addr()) && !f.allows(ap.Addr().String()) {
		return fmt.Errorf("%w: %s is not public", ErrAddress, address)
	}
	return nil
}

// hostPort is what http.Transport dials for a proxy.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}
