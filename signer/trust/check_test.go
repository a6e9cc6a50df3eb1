package trust_test

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"antin/signer/practice"
	"antin/signer/practice/machine"
	"antin/signer/trust"
)

func (o *office) chain() []*x509.Certificate {
	return append([]*x509.Certificate{o.good.Cert}, o.Chain()...)
}

// Every service at its best and worst, for a holder's certificate that names
// an OCSP responder and a list, or only one of them.
func TestCheck(t *testing.T) {
	type services = practice.ServicesOptions
	at := func(path string, f practice.Fault) services { return services{Fault: f, At: path} }
	noCRL := practice.IdentityOptions{NoCRL: true}
	for _, c := range []struct {
		name   string
		o      officeOptions
		edit   func(*trust.Fetch)
		state  trust.State
		err    error
		source trust.Source // of the holder's
	}{
		{name: "delegated responder", state: trust.Good, source: trust.FromAnswer, o: officeOptions{services: services{NoCheck: true}}},
		{name: "delegated responder, by its key", state: trust.Good, source: trust.FromAnswer, o: officeOptions{services: services{NoCheck: true, ByKey: true}}},
		{name: "the CA answers itself", state: trust.Good, source: trust.FromAnswer, o: officeOptions{services: services{Direct: true}}},
		{name: "answers made beforehand", state: trust.Good, source: trust.FromAnswer, o: officeOptions{services: services{Direct: true, NoNonce: true}}},
		{name: "no nonce though demanded", state: trust.Unknown, err: trust.ErrReply, o: officeOptions{services: services{Direct: true, NoNonce: true}, identity: noCRL}, edit: func(f *trust.Fetch) { f.RequireNonce = true }},
		{name: "known by SHA-256 only", state: trust.Good, source: trust.FromAnswer, o: officeOptions{services: services{Direct: true, OnlyHash: crypto.SHA256}}},
		{name: "GET only", state: trust.Good, source: trust.FromAnswer, o: officeOptions{services: services{Direct: true, Fault: practice.FaultMalformed}}},
		{name: "no next update", state: trust.Good, source: trust.FromAnswer, o: officeOptions{services: services{Direct: true, NoUpdate: true}}},
		{name: "responder of the settings", state: trust.Good, source: trust.FromAnswer, o: officeOptions{services: services{Direct: true}, noOCSP: true, identity: noCRL}, edit: func(f *trust.Fetch) { f.Responders = []string{"http://ocsp.example/ocsp"} }},
		{name: "lists only", state: trust.Good, source: trust.FromList, o: officeOptions{noOCSP: true}},
		{name: "responder that must be looked up, list there", state: trust.Good, source: trust.FromList},
		{name: "responder that must be looked up, no list", state: trust.Unknown, err: trust.ErrUnusable, o: officeOptions{services: at("/issuing.crl", practice.FaultStatus500)}},
		{name: "no address at all", state: trust.Unknown, err: trust.ErrNoData, o: officeOptions{noOCSP: true, identity: noCRL}},

		{name: "OCSP error 500", state: trust.Good, source: trust.FromList, o: officeOptions{services: at("/ocsp", practice.FaultStatus500)}},
		{name: "OCSP hangs", state: trust.Good, source: trust.FromList, o: officeOptions{services: at("/ocsp", practice.FaultHang)}},
		{name: "OCSP try later", state: trust.Good, source: trust.FromList, o: officeOptions{services: at("/ocsp", practice.FaultTryLater)}},
		{name: "OCSP unknown, but not on the list", state: trust.Good, source: trust.FromList, o: officeOptions{services: services{Fault: practice.FaultUnknown, NoCheck: true}}},
		{name: "slow, but in time", state: trust.Good, source: trust.FromAnswer, o: officeOptions{services: services{Fault: practice.FaultSlow, Delay: 100 * time.Millisecond, Direct: true}}},

		{name: "revoked", state: trust.Revoked, source: trust.FromAnswer, o: officeOptions{services: services{Fault: practice.FaultRevoked, NoCheck: true}}},
		{name: "hold", state: trust.Revoked, source: trust.FromAnswer, o: officeOptions{services: services{Fault: practice.FaultHold, NoCheck: true}}},

		{name: "everything answers 500", state: trust.Unknown, err: trust.ErrUnreachable, o: officeOptions{services: services{Fault: practice.FaultStatus500}}},
		{name: "everything hangs", state: trust.Unknown, err: trust.ErrTimeout, o: officeOptions{services: services{Fault: practice.FaultHang}}},
		{name: "everything is too slow", state: trust.Unknown, err: trust.ErrTimeout, o: officeOptions{services: services{Fault: practice.FaultSlow, Delay: 5 * time.Second}}},
		{name: "garbage", state: trust.Unknown, err: trust.ErrReply, o: officeOptions{services: services{Fault: practice.FaultGarbage}}},
		{name: "login page", state: trust.Unknown, err: trust.ErrReply, o: officeOptions{services: services{Fault: practice.FaultHTML}}},
		{name: "flood", state: trust.Unknown, err: trust.ErrReply, o: officeOptions{services: services{Fault: practice.FaultFlood}}, edit: func(f *trust.Fetch) { f.MaxList = 1 << 20 }},
		{name: "redirect to a file", state: trust.Unknown, err: trust.ErrAddress, o: officeOptions{services: services{Fault: practice.FaultRedirectScheme}}},
		{name: "signed by another authority", state: trust.Unknown, err: trust.ErrUnusable, o: officeOptions{services: services{Fault: practice.FaultWrongSigner}}},
		{name: "signed by another authority itself", state: trust.Unknown, err: trust.ErrUnusable, o: officeOptions{services: services{Fault: practice.FaultWrongSigner, Direct: true}}},
		{name: "old answers and lists", state: trust.Unknown, err: trust.ErrOutdated, o: officeOptions{services: services{Fault: practice.FaultOldAnswer, Direct: true}}},
		{name: "answers and lists of the future", state: trust.Unknown, err: trust.ErrUnusable, o: officeOptions{services: services{Fault: practice.FaultFuture, Direct: true}}},

		{name: "try later", state: trust.Unknown, err: trust.ErrResponder, o: officeOptions{services: services{Fault: practice.FaultTryLater}, identity: noCRL}},
		{name: "unauthorized", state: trust.Unknown, err: trust.ErrResponder, o: officeOptions{services: services{Fault: practice.FaultUnauthorized}, identity: noCRL}},
		{name: "unknown", state: trust.Unknown, err: trust.ErrUnknownCertificate, o: officeOptions{services: services{Fault: practice.FaultUnknown, Direct: true}, identity: noCRL}},
		{name: "wrong nonce", state: trust.Unknown, err: trust.ErrReply, o: officeOptions{services: services{Fault: practice.FaultWrongNonce, Direct: true}, identity: noCRL}},
		{name: "about another certificate", state: trust.Unknown, err: trust.ErrReply, o: officeOptions{services: services{Fault: practice.FaultOtherCertificate, Direct: true}, identity: noCRL}},
		{name: "critical extension", state: trust.Unknown, err: trust.ErrUnusable, o: officeOptions{services: services{Fault: practice.FaultCritical, Direct: true}, identity: noCRL}},
		{name: "responder not meant for OCSP", state: trust.Unknown, err: trust.ErrUnusable, o: officeOptions{services: services{Fault: practice.FaultNoEKU, NoCheck: true}, identity: noCRL}},
		{name: "responder expired", state: trust.Unknown, err: trust.ErrUnusable, o: officeOptions{services: services{Fault: practice.FaultExpired, NoCheck: true}, identity: noCRL}},
		{name: "wrong key", state: trust.Unknown, err: trust.ErrUnusable, o: officeOptions{services: services{Fault: practice.FaultWrongKey, NoCheck: true}, identity: noCRL}},

		{name: "not allowed to ask", state: trust.Unknown, err: trust.ErrAddress, edit: func(f *trust.Fetch) { f.AllowHosts, f.Hosts = nil, nil }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, c.o)
			f := o.fetch()
			u, err := url.Parse(o.base)
			if err != nil {
				t.Fatal(err)
			}
			f.Hosts = map[string]string{"ocsp.example": u.Host}
			if c.edit != nil {
				c.edit(f)
			}
			s := anchored(o.Root)
			start := time.Now()
			got := s.Check(t.Context(), o.chain(), time.Now(), f)
			if took := time.Since(start); took > 1500*time.Millisecond {
				t.Errorf("it took %v", took)
			}
			if got.State != c.state || !errors.Is(got.Err, c.err) || (got.Err == nil) != (c.err == nil) {
				t.Fatalf("got %v %v, want %v %v", got.State, got.Err, c.state, c.err)
			}
			if got.State != trust.Unknown && got.Evidence[0].Source != c.source {
				t.Errorf("the holder's evidence is of kind %q", got.Evidence[0].Source)
			}
			if got.State != trust.Good {
				return
			}
			// It was kept: the same question needs no network now.
			o.requests()
			if again := s.Check(t.Context(), o.chain(), time.Now(), f); again.State != trust.Good || o.requests() != 0 {
				t.Errorf("asked again: %v", again.State)
			}
			if f.MaxAge = time.Nanosecond; s.Check(t.Context(), o.chain(), time.Now(), f).State != trust.Good || o.requests() == 0 {
				t.Error("data older than wished were not asked for anew")
			}
		})
	}
}

// A responder's certificate that was revoked makes its answers worthless.
func TestRevokedResponder(t *testing.T) {
	o := newOffice(t, officeOptions{})
	s := anchored(o.Root)
	for _, list := range []func() ([]byte, error){o.CRL, o.RootCRL} { // an hour old
		b, err := list()
		if err != nil || s.Add(b) != 1 {
			t.Fatal(err)
		}
	}
	f := o.fetch()
	f.MaxAge = 30 * time.Minute
	got := s.Check(t.Context(), o.chain(), time.Now(), f)
	if got.State != trust.Good || got.Evidence[0].Source != trust.FromAnswer {
		t.Fatalf("no answer: %v %v", got.State, got.Evidence[0].Source)
	}
	o.Revoke(got.Evidence[0].Signer, time.Now().Add(-time.Hour), 1)
	list, err := o.CRL()
	if err != nil {
		t.Fatal(err)
	}
	fresh := &trust.Store{}
	fresh.Add(list)
	if err := fresh.AddAnswer(got.Evidence[0].DER); err != nil {
		t.Fatal(err)
	}
	again := fresh.Revocation(o.chain()[:2], time.Now())
	if again.State != trust.Good || again.Evidence[0].Source != trust.FromList {
		t.Errorf("the answer of a revoked responder counts: %+v", again)
	}
}

// Without permission there is no connection, whatever is asked.
func TestOffline(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	var connections atomic.Int64
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			c.Close()
		}
	}()
	base := "http://" + listener.Addr().String()
	a, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256, URL: base})
	if err != nil {
		t.Fatal(err)
	}
	i := issue(t, a, practice.IdentityOptions{})
	if i, err = a.WithOCSP(i, base+"/ocsp", base+"/issuing.crt"); err != nil {
		t.Fatal(err)
	}
	vault, err := trust.OpenVault(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := vault.Trust(a.Root); err != nil {
		t.Fatal(err)
	}
	ask := func(f *trust.Fetch) {
		s := vault.Store()
		chain := []*x509.Certificate{i.Cert, a.Issuing, a.Root}
		if _, err := s.Build(t.Context(), i.Cert, nil, time.Now(), f); !errors.Is(err, trust.ErrNoPath) {
			t.Errorf("Build: %v", err)
		}
		if st := s.Check(t.Context(), chain, time.Now(), f); st.State != trust.Unknown {
			t.Errorf("Check: %v", st.State)
		}
	}
	for _, f := range []*trust.Fetch{nil, {}} {
		ask(f)
		if n := connections.Load(); n != 0 {
			t.Errorf("%d connections", n)
		}
	}
	// The same question with a dialler that would have to be used: it is.
	var dialled atomic.Int64
	ask(&trust.Fetch{AllowHosts: []string{"127.0.0.1"}, Dial: func(context.Context, string, string) (net.Conn, error) {
		dialled.Add(1)
		return nil, errors.New("cable pulled")
	}})
	if dialled.Load() == 0 {
		t.Error("this test cannot see a connection")
	}
}

func TestCancel(t *testing.T) {
	o := newOffice(t, officeOptions{services: practice.ServicesOptions{Fault: practice.FaultHang}})
	f := &trust.Fetch{AllowHosts: []string{"127.0.0.1"}}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	start := time.Now()
	got := anchored(o.Root).Check(ctx, o.chain(), time.Now(), f)
	if took := time.Since(start); !errors.Is(got.Err, context.Canceled) || took > 500*time.Millisecond {
		t.Errorf("%v after %v", got.Err, took)
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if _, err := anchored(o.Root).Build(ctx, o.good.Cert, nil, time.Now(), f); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}
	// The caller's impatience says nothing about the servers.
	f.Total = 100 * time.Millisecond
	if got := anchored(o.Root).Check(t.Context(), o.chain(), time.Now(), f); !errors.Is(got.Err, trust.ErrTimeout) {
		t.Errorf("later: %v", got.Err)
	}
}

// A dead server costs its time once.
func TestDeadServer(t *testing.T) {
	o := newOffice(t, officeOptions{services: practice.ServicesOptions{Fault: practice.FaultHang}})
	f := o.fetch()
	s := anchored(o.Root)
	s.Check(t.Context(), o.chain(), time.Now(), f)
	start := time.Now()
	if got := s.Check(t.Context(), o.chain(), time.Now(), f); !errors.Is(got.Err, trust.ErrTimeout) || time.Since(start) > 100*time.Millisecond {
		t.Errorf("%v after %v", got.Err, time.Since(start))
	}
}

func TestAddresses(t *testing.T) {
	refused := []string{
		"ftp://ca.example/x", "file:///etc/passwd", "ldap://ca.example/cn=x", "http://", "http://user@ca.example/x", "http:///x", "::",
		"http://127.0.0.1/x", "http://127.8.8.8:80/x", "http://localhost/x", "http://LOCALHOST./x", "http://a.localhost/x", "http://[::1]/x", "http://0.0.0.0/x", "http://[::]/x",
		"http://10.1.2.3/x", "http://172.16.0.1/x", "http://192.168.1.1/x", "http://169.254.169.254/latest", "http://[fe80::1]/x", "http://[fd00::1]/x",
		"http://[::ffff:127.0.0.1]/x", "http://[64:ff9b::7f00:1]/x", "http://100.64.0.1/x", "http://224.0.0.1/x", "http://255.255.255.255/x",
	}
	ca := newForge(t, "ca", nil, nil)
	for _, address := range refused {
		leaf := holder(t, ca, func(c *x509.Certificate) { c.CRLDistributionPoints = []string{address} })
		f := &trust.Fetch{Dial: func(_ context.Context, _, to string) (net.Conn, error) {
			t.Errorf("%s: connection to %s", address, to)
			return nil, errors.New("no")
		}}
		if got := (&trust.Store{}).Check(t.Context(), []*x509.Certificate{leaf.Certificate, ca.Certificate}, time.Now(), f); !errors.Is(got.Err, trust.ErrAddress) {
			t.Errorf("%s: %v", address, got.Err)
		}
	}
}

// A redirect leads to where a certificate could have sent us too, or nowhere.
func TestRedirects(t *testing.T) {
	ca := newForge(t, "ca", nil, nil)
	list := ca.list(t, x509.RevocationList{})
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	defer server.Close()
	mux.HandleFunc("/list", func(w http.ResponseWriter, _ *http.Request) { w.Write(list.Raw) })
	mux.Handle("/good", http.RedirectHandler("/list", http.StatusFound))
	mux.Handle("/private", http.RedirectHandler("http://10.1.2.3/list", http.StatusFound))
	mux.Handle("/https", http.RedirectHandler(strings.Replace(server.URL, "http:", "https:", 1)+"/list", http.StatusFound))
	mux.Handle("/circle", http.RedirectHandler("/circle", http.StatusFound))
	for path, want := range map[string]error{"/list": nil, "/good": nil, "/private": trust.ErrAddress, "/https": trust.ErrAddress, "/circle": trust.ErrAddress, "/nothing": trust.ErrUnreachable} {
		leaf := holder(t, ca, func(c *x509.Certificate) {
			c.CRLDistributionPoints = []string{"ldap://ca.example/x", server.URL + path}
		})
		got := (&trust.Store{}).Check(t.Context(), []*x509.Certificate{leaf.Certificate, ca.Certificate}, time.Now(), &trust.Fetch{AllowHosts: []string{"127.0.0.1"}})
		if !errors.Is(got.Err, want) || (got.State == trust.Good) != (want == nil) {
			t.Errorf("%s: %v %v", path, got.State, got.Err)
		}
	}
	// An OCSP request that becomes a GET is no request any more.
	leaf := holder(t, ca, func(c *x509.Certificate) { c.OCSPServer = []string{server.URL + "/good"} })
	got := (&trust.Store{}).Check(t.Context(), []*x509.Certificate{leaf.Certificate, ca.Certificate}, time.Now(), &trust.Fetch{AllowHosts: []string{"127.0.0.1"}})
	if !errors.Is(got.Err, trust.ErrAddress) {
		t.Errorf("redirected request: %v", got.Err)
	}
}

// Requests go through the proxy, which may be in the private network, and
// what stands behind it is asked by name.
func TestProxy(t *testing.T) {
	o := newOffice(t, officeOptions{services: practice.ServicesOptions{Direct: true}, noOCSP: true, identity: practice.IdentityOptions{NoCRL: true}})
	i, err := o.WithOCSP(o.good, "http://ocsp.example/ocsp", "")
	if err != nil {
		t.Fatal(err)
	}
	proxy, err := url.Parse(o.base)
	if err != nil {
		t.Fatal(err)
	}
	root, err := o.RootCRL()
	if err != nil {
		t.Fatal(err)
	}
	s := anchored(o.Root)
	s.Add(root)
	f := &trust.Fetch{Proxy: http.ProxyURL(proxy)}
	if got := s.Check(t.Context(), []*x509.Certificate{i.Cert, o.Issuing, o.Root}, time.Now(), f); got.State != trust.Good || o.requests() != 1 {
		t.Errorf("through the proxy: %v %v", got.State, got.Err)
	}
}

// The clock is compared with what a responder says just now.
func TestClockOfResponder(t *testing.T) {
	for _, off := range []time.Duration{-2 * time.Hour, 0, 2 * time.Hour} {
		o := newOffice(t, officeOptions{services: practice.ServicesOptions{Direct: true}})
		s := anchored(o.Root)
		s.Now = func() time.Time { return time.Now().Add(off) }
		s.Check(t.Context(), o.chain(), s.Now(), o.fetch())
		w := s.Clock()
		if (w == nil) != (off == 0) || w != nil && (w.Difference.Round(time.Minute) != off || !strings.Contains(w.Error(), "OCSP")) {
			t.Errorf("clock off by %v: %v", off, w)
		}
	}
}

// After the certificate's end an answer counts only if the responder remembers.
func TestArchiveCutoff(t *testing.T) {
	now := time.Now()
	for name, c := range map[string]struct {
		from time.Time
		want trust.State
	}{"no word": {time.Time{}, trust.Unknown}, "a year": {now.AddDate(-1, 0, 0), trust.Good}, "a day": {now.AddDate(0, 0, -1), trust.Unknown}} {
		o := newOffice(t, officeOptions{
			services: practice.ServicesOptions{Direct: true, ArchiveFrom: c.from},
			identity: practice.IdentityOptions{NotAfter: now.AddDate(0, 0, -10), NoCRL: true},
		})
		root, err := o.RootCRL()
		if err != nil {
			t.Fatal(err)
		}
		s := anchored(o.Root)
		s.Add(root)
		if got := s.Check(t.Context(), o.chain(), now.AddDate(0, 0, -15), o.fetch()); got.State != c.want {
			t.Errorf("%s: %v %v", name, got.State, got.Err)
		}
	}
}

// openssl's responder is understood and understands us.
func TestOpenSSLResponder(t *testing.T) {
	exe := machine.Program(t, "openssl", "openssl")
	for _, c := range []struct {
		name  string
		args  []string
		state string // of the certificate, for openssl's index
		want  trust.State
		err   error
	}{
		{"good", nil, "V\t%s\t\t%s\tunknown\t/CN=x\n", trust.Good, nil},
		{"good, by its key", []string{"-resp_key_id"}, "V\t%s\t\t%s\tunknown\t/CN=x\n", trust.Good, nil},
		{"good, SHA-512", []string{"-rmd", "sha512"}, "V\t%s\t\t%s\tunknown\t/CN=x\n", trust.Good, nil},
		{"good, RSA-PSS", []string{"-rsigopt", "rsa_padding_mode:pss", "-rsigopt", "rsa_pss_saltlen:digest"}, "V\t%s\t\t%s\tunknown\t/CN=x\n", trust.Good, nil},
		{"good, no certificate in the answer", []string{"-resp_no_certs"}, "V\t%s\t\t%s\tunknown\t/CN=x\n", trust.Good, nil},
		{"SHA-1 of a modern CA", []string{"-rmd", "sha1"}, "V\t%s\t\t%s\tunknown\t/CN=x\n", trust.Unknown, trust.ErrUnusable},
		{"revoked", nil, "R\t%s\t" + time.Now().Add(-time.Hour).UTC().Format("060102150405Z") + ",keyCompromise\t%s\tunknown\t/CN=x\n", trust.Revoked, nil},
		{"not in the index", nil, "", trust.Unknown, trust.ErrUnknownCertificate},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			file := func(name string, content string) string {
				path := filepath.Join(dir, name)
				if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
				return path
			}
			ca := newForge(t, "ca", nil, nil)
			if strings.Contains(c.name, "RSA") {
				ca = forgeFor(t, "ca", rsaKey(), nil, nil)
			}
			leaf := holder(t, ca, func(c *x509.Certificate) { c.OCSPServer = []string{"http://ocsp.example/ocsp"} })
			key := &practice.Identity{Cert: ca.Certificate, Signer: ca.key}
			if err := key.WriteFiles(dir, "ca"); err != nil {
				t.Fatal(err)
			}
			line := ""
			if c.state != "" {
				line = strings.Replace(strings.Replace(c.state, "%s", leaf.NotAfter.UTC().Format("060102150405Z"), 1), "%s", strings.ToUpper(leaf.SerialNumber.Text(16)), 1)
			}
			index := file("index.txt", line)
			peer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				query := file("query", "")
				b := make([]byte, 4096)
				n, _ := r.Body.Read(b) // one small request in one piece
				file("query", string(b[:n]))
				ca, reply := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "reply")
				args := append([]string{"ocsp", "-index", index, "-CA", ca, "-rsigner", ca, "-rkey", filepath.Join(dir, "ca.key.pem"), "-ndays", "1", "-reqin", query, "-respout", reply}, c.args...)
				if out, err := exec.Command(exe, args...).CombinedOutput(); err != nil {
					t.Errorf("openssl ocsp: %v\n%s", err, out)
				}
				b, err := os.ReadFile(reply)
				if err != nil {
					t.Error(err)
				}
				w.Write(b)
			})
			o := newOffice(t, officeOptions{handler: peer})
			f := o.fetch()
			f.Hosts = map[string]string{"ocsp.example": strings.TrimPrefix(o.base, "http://")}
			f.Request, f.Total = 5*time.Second, 5*time.Second
			got := (&trust.Store{}).Check(t.Context(), []*x509.Certificate{leaf.Certificate, ca.Certificate}, time.Now(), f)
			if got.State != c.want || !errors.Is(got.Err, c.err) {
				t.Errorf("%v %v, want %v %v", got.State, got.Err, c.want, c.err)
			}
			if got.State == trust.Revoked && got.Reason != 1 {
				t.Errorf("reason %d", got.Reason)
			}
		})
	}
}

// Layers for many documents may ask at once.
func TestManyAtOnce(t *testing.T) {
	o := newOffice(t, officeOptions{services: practice.ServicesOptions{Direct: true}})
	s, f := anchored(o.Root), o.fetch()
	f.Request, f.Total = 5*time.Second, 10*time.Second
	done := make(chan error)
	n := 4 * runtime.NumCPU()
	for range n {
		go func() {
			l := s.Layer()
			chain, err := l.Build(t.Context(), o.good.Cert, nil, time.Now(), f)
			if err == nil {
				err = l.Check(t.Context(), chain, time.Now(), f).Err
			}
			done <- err
		}()
	}
	for range n {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
