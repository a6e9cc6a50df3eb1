package practice

import (
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
)

// Proxy is an HTTP proxy that knows only the servers of a make-believe network and
// writes down what it was asked, such as "POST tsa.example" and "CONNECT
// tsa.example:443". It may be used by several goroutines.
type Proxy struct {
	Hosts    map[string]http.Handler // by name; others get 502 Bad Gateway
	Tunnels  map[string]string       // CONNECT "host:port" → where it leads; others likewise
	Password bool                    // nobody is served without one: 407

	mu    sync.Mutex
	asked []string
}

// Asked is what the proxy was asked, in order.
func (p *Proxy) Asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

// ServeHTTP implements http.Handler (RFC 9110, 7.6 and 9.3.6).
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked = append(p.asked, r.Method+" "+r.Host)
	p.mu.Unlock()
	server := p.Hosts[r.URL.Hostname()]
	to, tunnel := p.Tunnels[r.Host]
	switch {
	case p.Password:
		w.Header().Set("Proxy-Authenticate", `Basic realm="practice"`)
		w.WriteHeader(http.StatusProxyAuthRequired)
	case r.Method == http.MethodConnect && tunnel:
		p.tunnel(w, to)
	case r.Method != http.MethodConnect && server != nil:
		server.ServeHTTP(w, r)
	default:
		w.WriteHeader(http.StatusBadGateway)
	}
}

// tunnel hands bytes on in both directions until one side is done.
func (p *Proxy) tunnel(w http.ResponseWriter, to string) {
	server, err := net.Dial("tcp", to)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer server.Close() // it was the client's
	w.WriteHeader(http.StatusOK)
	client, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer client.Close() // nobody is left to tell
	go func() {
		_, _ = io.Copy(server, client) // ends with either connection
		_ = server.Close()             // wakes the other direction
	}()
	_, _ = io.Copy(client, server) // likewise
}
