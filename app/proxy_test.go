package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"antin/app/cli"
	"antin/signer/practice"
	"antin/signer/practice/machine"
	"antin/signer/settings"
)

// clerk is a user of the command line whose office sits behind a proxy: time-stamps,
// answers and lists have names that only the proxy knows.
type clerk struct {
	dir    string
	proxy  *practice.Proxy
	server *httptest.Server
	set    settings.Settings
}

func newClerk(t *testing.T) *clerk {
	t.Helper()
	if _, err := practice.SoftHSMModule(); err != nil {
		machine.Lacks(t, "nothing to sign with: ", err)
	}
	c := &clerk{dir: t.TempDir()}
	a, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256, URL: "http://ca.example"})
	check(t, err)
	services := a.Services(practice.ServicesOptions{Key: practice.P256})
	c.proxy = &practice.Proxy{Hosts: map[string]http.Handler{
		"ca.example": services, "ocsp.example": services, "tsa.example": a.TSA(practice.TSAOptions{Key: practice.P256}),
	}}
	c.server = httptest.NewServer(c.proxy)
	t.Cleanup(c.server.Close)
	id, err := a.Issue(practice.IdentityOptions{Name: "Nguyễn Văn An", Key: practice.P256})
	check(t, err)
	id, err = a.WithOCSP(id, "http://ocsp.example/ocsp", "http://ca.example/issuing.crt")
	check(t, err)
	conf, err := practice.NewSoftToken(c.path("token"), "Lãnh đạo", rightPIN, practice.SoftTokenEntry{Key: id.Signer, Certificate: id.Cert, ID: []byte{1}, Label: "An"})
	check(t, err)
	pdf, _, err := practice.Decision(practice.DecisionOptions{})
	check(t, err)
	check(t, os.WriteFile(c.path("quyet-dinh.pdf"), pdf, 0o600))
	check(t, os.WriteFile(c.path("root.pem"), practice.CertificatePEM(a.Root), 0o600))
	check(t, os.WriteFile(c.path("pin"), []byte(rightPIN), 0o600))
	for name, value := range map[string]string{"SOFTHSM2_CONF": conf, "HOME": c.dir, "XDG_CONFIG_HOME": c.path("config"), "LANG": "vi_VN.UTF-8", "HTTP_PROXY": "", "HTTPS_PROXY": ""} {
		t.Setenv(name, value)
	}
	c.set = settings.Settings{TSA: "http://tsa.example/", Proxy: c.server.URL, Trust: []string{c.path("root.pem")}}
	return c
}

func (c *clerk) path(name string) string { return filepath.Join(c.dir, name) }

// antin runs a command with the settings as they are, and returns what it said.
func (c *clerk) antin(t *testing.T, want int, args ...string) string {
	t.Helper()
	file, err := settings.File()
	check(t, err)
	check(t, c.set.Save(file))
	var out, messages bytes.Buffer
	env := cli.System()
	env.Stdin, env.Stdout, env.Stderr = strings.NewReader(""), &out, &messages
	if got := cli.Run(t.Context(), args, env); got != want {
		t.Fatalf("antin %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got, want, &out, &messages)
	}
	return out.String()
}

// asked counts what the proxy was asked since the last count.
func (c *clerk) asked(before int, request string) int {
	n := 0
	for _, r := range c.proxy.Asked()[before:] {
		if r == request {
			n++
		}
	}
	return n
}

func (c *clerk) sign(t *testing.T, out string) (level string) {
	t.Helper()
	var record struct{ Level string }
	line := c.antin(t, 0, "sign", c.path("quyet-dinh.pdf"), "--cert", "Nguyễn Văn An", "--invisible", "--pin-file", c.path("pin"), "--out", c.path(out), "--json")
	check(t, json.Unmarshal([]byte(line), &record))
	return record.Level
}

// Every connection of the command line goes through the proxy that is set, and none
// does when none is wanted.
func TestCommandsGoThroughTheProxy(t *testing.T) {
	c := newClerk(t)
	if level := c.sign(t, "a.pdf"); level != "B-T" || c.asked(0, "POST tsa.example") != 1 {
		t.Errorf("level %q, the proxy was asked %q", level, c.proxy.Asked())
	}
	before := len(c.proxy.Asked())
	c.antin(t, 0, "verify", c.path("a.pdf")) // valid: the anchor is that of the settings, the answer came through the proxy
	if c.asked(before, "POST ocsp.example") == 0 {
		t.Errorf("checking asked the proxy %q", c.proxy.Asked()[before:])
	}
	before = len(c.proxy.Asked())
	c.set.TSA = "https://tsa.example/"
	if level := c.sign(t, "b.pdf"); level != "B-B" || c.asked(before, "CONNECT tsa.example:443") != 1 {
		t.Errorf("level %q, the proxy was asked %q", level, c.proxy.Asked()[before:])
	}
	before = len(c.proxy.Asked())
	c.set.Proxy = settings.NoProxy
	if level := c.sign(t, "c.pdf"); level != "B-B" || len(c.proxy.Asked()) != before {
		t.Errorf("level %q without a proxy, which was asked %q", level, c.proxy.Asked()[before:])
	}
}

// The checkup tells a proxy that answers from one that wants a password and from
// one that is not there.
func TestCheckupAsksTheProxy(t *testing.T) {
	c := newClerk(t)
	lines := func() string {
		return c.antin(t, 0, "doctor")
	}
	if out := lines(); !strings.Contains(out, "✓ Máy chủ trung gian (proxy) trả lời: "+strings.TrimPrefix(c.server.URL, "http://")) {
		t.Error(out)
	}
	if asked := c.proxy.Asked(); !slices.Equal(asked, []string{"GET antin.invalid"}) {
		t.Errorf("asked %q", asked)
	}
	c.proxy.Password = true
	if out := lines(); !strings.Contains(out, "⚠ Máy chủ trung gian (proxy) không dùng được") || !strings.Contains(out, "KS-648") {
		t.Error(out)
	}
	c.server.Close()
	if out := lines(); !strings.Contains(out, "KS-647") {
		t.Error(out)
	}
	c.set.Proxy = settings.NoProxy
	if out := lines(); !strings.Contains(out, "✓ Kết nối mạng đi thẳng") {
		t.Error(out)
	}
}
