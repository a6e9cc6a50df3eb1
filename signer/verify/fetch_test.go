package verify_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
	"antin/signer/practice"
	"antin/signer/trust"
	"antin/signer/verify"
)

// TestFetch: without revocation data a signature is undecided, and no connection
// is made; with leave to fetch, the lists and the responder named in the
// certificates make it valid, and a revoked one is found out.
func TestFetch(t *testing.T) {
	var asked atomic.Int64
	var services http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		services.ServeHTTP(w, r)
	}))
	defer server.Close()
	authority, err := practice.NewAuthority(practice.AuthorityOptions{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	services = authority.Services(practice.ServicesOptions{})
	person, err := authority.Issue(practice.IdentityOptions{Name: "Nguyễn Văn An", Key: practice.P256})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, shapes.Named("xref-table").Data(t), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := pdffile.Open(path, pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	plan, err := pades.NewPlan(f, pades.Request{Key: person})
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(path + "+")
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if _, err := plan.Write(t.Context(), out, nil); err != nil {
		t.Fatal(err)
	}
	judge := func(fetch *trust.Fetch) *verify.Report {
		t.Helper()
		store := &trust.Store{}
		store.AddAnchor(authority.Root)
		r, err := verify.Open(t.Context(), out.Name(), pdffile.Options{}, verify.Options{Store: store, Fetch: fetch})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := judge(nil); r.Verdict() != verify.Undecided || r.Signatures[0].SubIndication != verify.TryLater {
		t.Errorf("offline: %v, %v", r.Verdict(), r.Signatures[0].SubIndication)
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("offline: %d connections", n)
	}
	online := func() *trust.Fetch { return &trust.Fetch{AllowHosts: []string{"127.0.0.1"}} }
	if r := judge(online()); r.Verdict() != verify.Valid {
		t.Errorf("online: %v: %v", r.Verdict(), r.Signatures[0].Err)
	}
	if asked.Load() == 0 {
		t.Error("online: nobody was asked")
	}
	if r := judge(&trust.Fetch{}); r.Verdict() != verify.Undecided {
		t.Errorf("a private address that is not allowed was asked: %v", r.Verdict())
	}
	authority.Revoke(person.Cert, person.Cert.NotBefore.AddDate(0, 0, 1), 1)
	if r := judge(online()); r.Verdict() == verify.Valid || r.Signatures[0].SubIndication != verify.RevokedNoPOE {
		t.Errorf("revoked: %v, %v", r.Verdict(), r.Signatures[0].SubIndication)
	}
}
