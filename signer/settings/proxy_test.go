package settings_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"antin/signer/practice"
	"antin/signer/settings"
)

// Proxies chooses what is set, whatever the environment says.
func TestProxies(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://environment.example:3128")
	for _, c := range []struct {
		set, want string
		err       error
	}{
		{settings.NoProxy, "", nil},
		{"http://proxy.example:8080", "http://proxy.example:8080", nil},
		{"socks5://10.0.0.1:1080", "socks5://10.0.0.1:1080", nil},
		{"proxy.example:8080", "", settings.ErrValue},
		{"ftp://proxy.example", "", settings.ErrValue},
		{"http://:8080", "", settings.ErrValue},
		{"http://an@proxy.example", "", settings.ErrPassword},
		{"http://an:mat-khau@proxy.example", "", settings.ErrPassword},
	} {
		s := &settings.Settings{Proxy: c.set}
		u, err := s.Proxies()(httptest.NewRequest(http.MethodGet, "http://tsa.example/", nil))
		got := ""
		if u != nil {
			got = u.String()
		}
		checked := s.Check()
		if got != c.want || !errors.Is(err, c.err) || !errors.Is(checked, c.err) {
			t.Errorf("%q: %q, %v; Check: %v; want %q, %v", c.set, got, err, checked, c.want, c.err)
		}
		if checked != nil && strings.Contains(checked.Error(), "mat-khau") {
			t.Errorf("%q: the password is told: %v", c.set, checked)
		}
	}
	if err := (&settings.Settings{TSA: "https://an:mat-khau@tsa.example/"}).Check(); !errors.Is(err, settings.ErrPassword) {
		t.Errorf("a time-stamp server with a password: %v", err)
	}
}

// The environment is read once in a process, so this test asks in one of its own.
func TestProxyOfTheEnvironment(t *testing.T) {
	if os.Getenv("ASK") != "" {
		client := http.Client{Transport: &http.Transport{Proxy: new(settings.Settings).Proxies()}}
		answer, err := client.Get(os.Getenv("ASK"))
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close() // it is empty
		return
	}
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	authority := filepath.Join(t.TempDir(), "server.pem")
	if err := os.WriteFile(authority, practice.CertificatePEM(secure.Certificate()), 0o600); err != nil {
		t.Fatal(err)
	}
	proxy := &practice.Proxy{
		Hosts:   map[string]http.Handler{"tsa.example": http.NotFoundHandler()},
		Tunnels: map[string]string{"example.com:443": secure.Listener.Addr().String()}, // the name in the test server's certificate
	}
	server := httptest.NewServer(proxy)
	defer server.Close()
	for _, address := range []string{"http://tsa.example/", "https://example.com/"} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestProxyOfTheEnvironment$")
		cmd.Env = append(os.Environ(), "ASK="+address, "HTTP_PROXY="+server.URL, "HTTPS_PROXY="+server.URL, "NO_PROXY=", "SSL_CERT_FILE="+authority)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", address, err, out)
		}
	}
	if want := []string{"GET tsa.example", "CONNECT example.com:443"}; !slices.Equal(proxy.Asked(), want) {
		t.Errorf("the proxy was asked %q, want %q", proxy.Asked(), want)
	}
}
