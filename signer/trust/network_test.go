package trust

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"testing"
)

// What a name stands for is checked where the connection is made: this is the
// test inside the package, as no name for this computer is sure to exist.
func TestDialling(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	address := listener.Addr().String()
	proxy := &url.URL{Scheme: "http", Host: address}
	for name, c := range map[string]struct {
		fetch *Fetch
		proxy bool
		want  error
	}{
		"not allowed":     {&Fetch{}, false, ErrAddress},
		"allowed":         {&Fetch{AllowHosts: []string{"127.0.0.1"}}, false, nil},
		"the proxy":       {&Fetch{Proxy: http.ProxyURL(proxy)}, true, nil},
		"a replaced host": {&Fetch{Hosts: map[string]string{"ocsp.example": address}}, false, nil},
	} {
		transport := c.fetch.transport()
		if c.proxy {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://ca.example/", nil)
			if err != nil {
				t.Fatal(err)
			}
			if u, err := transport.Proxy(request); err != nil || u.Host != address {
				t.Fatalf("%s: %v %v", name, u, err)
			}
		}
		connection, err := transport.DialContext(context.Background(), "tcp", address)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			connection.Close()
		}
	}
	for raw, want := range map[string]string{"http://p": "p:80", "https://p": "p:443", "socks5://p": "p:1080", "http://[::1]:8080": "[::1]:8080"} {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := hostPort(u); got != want {
			t.Errorf("%s is dialled as %s", raw, got)
		}
	}
	for address, want := range map[string]bool{"8.8.8.8": true, "2606:4700::1": true, "172.32.0.1": true, "172.31.0.1": false, "100.128.0.1": true, "2002:7f00:1::": false} {
		if public(netip.MustParseAddr(address)) != want {
			t.Errorf("public(%s) is not %v", address, want)
		}
	}
}
