package practice_test

import (
	"bytes"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"antin/signer/practice"
)

// serve starts the services of a new authority.
func serve(t *testing.T, o practice.ServicesOptions) (*practice.Authority, string) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	base := "http://" + server.Listener.Addr().String()
	a, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256, URL: base})
	if err != nil {
		t.Fatal(err)
	}
	o.Key = practice.P256
	server.Config.Handler = a.Services(o)
	server.Start()
	t.Cleanup(server.Close)
	return a, base
}

// openssl asks the responder and believes it, in all its forms.
func TestServicesForOpenSSL(t *testing.T) {
	for _, c := range []struct {
		name    string
		options practice.ServicesOptions
		digest  string
		want    string // in what openssl says
	}{
		{"delegated", practice.ServicesOptions{}, "-sha1", ": good"},
		{"delegated, not to be looked up", practice.ServicesOptions{NoCheck: true, ByKey: true}, "-sha256", ": good"},
		{"the CA itself", practice.ServicesOptions{Direct: true}, "-sha1", ": good"},
		{"known by SHA-256 only", practice.ServicesOptions{OnlyHash: 5}, "-sha1", "unauthorized"},
		{"no nonce", practice.ServicesOptions{NoNonce: true}, "-sha1", "no nonce in response"},
		{"wrong nonce", practice.ServicesOptions{Fault: practice.FaultWrongNonce}, "-sha1", "Nonce Verify error"},
		{"unknown", practice.ServicesOptions{Fault: practice.FaultUnknown}, "-sha1", ": unknown"},
		{"revoked", practice.ServicesOptions{Fault: practice.FaultRevoked}, "-sha1", "keyCompromise"},
		{"hold", practice.ServicesOptions{Fault: practice.FaultHold}, "-sha1", "certificateHold"},
		{"old answer", practice.ServicesOptions{Fault: practice.FaultOldAnswer}, "-sha1", "status expired"},
		{"future", practice.ServicesOptions{Fault: practice.FaultFuture}, "-sha1", "status not yet valid"},
		{"try later", practice.ServicesOptions{Fault: practice.FaultTryLater}, "-sha1", "trylater"},
		{"unauthorized", practice.ServicesOptions{Fault: practice.FaultUnauthorized}, "-sha1", "unauthorized"},
		{"malformed request", practice.ServicesOptions{Fault: practice.FaultMalformed}, "-sha1", "malformedrequest"},
		{"wrong signer", practice.ServicesOptions{Fault: practice.FaultWrongSigner}, "-sha1", "Response Verify Failure"},
		{"wrong key", practice.ServicesOptions{Fault: practice.FaultWrongKey}, "-sha1", "Response Verify Failure"},
		{"no key usage for OCSP", practice.ServicesOptions{Fault: practice.FaultNoEKU}, "-sha1", "Response Verify Failure"},
		{"another certificate", practice.ServicesOptions{Fault: practice.FaultOtherCertificate}, "-sha1", "No Status found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, base := serve(t, c.options)
			i, err := a.Issue(practice.IdentityOptions{Name: "THỰC HÀNH", Key: practice.P256})
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			if err := errors.Join(a.WriteFiles(dir), i.WriteFiles(dir, "holder")); err != nil {
				t.Fatal(err)
			}
			out, err := openssl(t, "ocsp", "-issuer", filepath.Join(dir, "issuing.pem"), c.digest, "-cert", filepath.Join(dir, "holder.pem"),
				"-url", base+"/ocsp", "-CAfile", filepath.Join(dir, "chain.pem"))
			if c.want == ": good" && (err != nil || !strings.Contains(out, "Response verify OK")) {
				t.Errorf("openssl does not believe it: %v", err)
			}
			if !strings.Contains(out, c.want) {
				t.Errorf("openssl says (%v), want %q:\n%s", err, c.want, out)
			}
		})
	}
}

// openssl fetches what the addresses in a certificate promise and finds the
// revoked one.
func TestServicesLists(t *testing.T) {
	a, base := serve(t, practice.ServicesOptions{})
	good, err := a.Issue(practice.IdentityOptions{Name: "THỰC HÀNH", Key: practice.P256})
	if err != nil {
		t.Fatal(err)
	}
	bad, err := a.WithOCSP(good, base+"/ocsp", base+"/issuing.crt")
	if err != nil {
		t.Fatal(err)
	}
	a.Revoke(bad.Cert, time.Now().Add(-time.Hour), 4)
	dir := t.TempDir()
	if err := errors.Join(a.WriteFiles(dir), good.WriteFiles(dir, "good"), bad.WriteFiles(dir, "bad")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"issuing", "root"} {
		der := fetch(t, base+"/"+name+".crl")
		if err := os.WriteFile(filepath.Join(dir, name+".der"), der, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := openssl(t, "crl", "-inform", "DER", "-in", filepath.Join(dir, name+".der"), "-noout", "-CAfile", filepath.Join(dir, name+".pem")); err != nil || !strings.Contains(out, "verify OK") {
			t.Errorf("openssl crl: %v\n%s", err, out)
		}
		if cert, err := x509.ParseCertificate(fetch(t, base+"/"+name+".crt")); err != nil || !(cert.Equal(a.Root) || cert.Equal(a.Issuing)) {
			t.Errorf("%s.crt: %v", name, err)
		}
	}
	for name, want := range map[string]string{"good": ": OK", "bad": "certificate revoked"} {
		// -crl_download lets openssl follow the addresses by itself; the root has none.
		out, err := openssl(t, "verify", "-CAfile", filepath.Join(dir, "root.pem"), "-untrusted", filepath.Join(dir, "issuing.pem"), "-crl_check_all", "-crl_download", "-CRLfile", filepath.Join(dir, "root.crl"), filepath.Join(dir, name+".pem"))
		if !strings.Contains(out, want) {
			t.Errorf("openssl verify of %s (%v):\n%s", name, err, out)
		}
	}
	if bad.Cert.OCSPServer[0] != base+"/ocsp" || string(bad.Cert.RawSubject) != string(good.Cert.RawSubject) || bad.Cert.SerialNumber.Cmp(good.Cert.SerialNumber) == 0 {
		t.Errorf("the certificate with a responder: %v %v", bad.Cert.OCSPServer, bad.Cert.SerialNumber)
	}
}

func TestServicesFaults(t *testing.T) {
	client := &http.Client{Timeout: time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for fault, check := range map[practice.Fault]func(*http.Response, []byte, error) bool{
		practice.FaultStatus500: func(r *http.Response, _ []byte, err error) bool { return err == nil && r.StatusCode == 500 },
		practice.FaultHTML: func(_ *http.Response, b []byte, err error) bool {
			return err == nil && bytes.Contains(b, []byte("<form>"))
		},
		practice.FaultGarbage: func(_ *http.Response, b []byte, err error) bool {
			return err == nil && bytes.HasSuffix(b, []byte("garbage"))
		},
		practice.FaultFlood:          func(_ *http.Response, b []byte, err error) bool { return err == nil && len(b) == 128<<20 },
		practice.FaultRedirectScheme: func(r *http.Response, _ []byte, err error) bool { return err == nil && r.StatusCode == 307 },
		practice.FaultHang: func(_ *http.Response, _ []byte, err error) bool {
			var e net.Error
			return errors.As(err, &e) && e.Timeout()
		},
		practice.FaultSlow: func(_ *http.Response, b []byte, err error) bool {
			_, bad := x509.ParseCertificate(b)
			return err == nil && bad == nil
		},
	} {
		_, base := serve(t, practice.ServicesOptions{Fault: fault, At: "/root.crt", Delay: 50 * time.Millisecond})
		start := time.Now()
		response, err := client.Get(base + "/root.crt")
		var b []byte
		if err == nil {
			b, err = io.ReadAll(response.Body)
			response.Body.Close()
		}
		if !check(response, b, err) || fault == practice.FaultSlow && time.Since(start) < 50*time.Millisecond {
			t.Errorf("fault %d: %v, %v, %d bytes", fault, response, err, len(b))
		}
		fetch(t, base+"/issuing.crt") // not there
	}
}

func fetch(t *testing.T, address string) []byte {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v", address, response.Status, err)
	}
	return b
}
