package trust_test

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"antin/signer/practice"
	"antin/signer/trust"
)

// office is an authority whose services run on this computer, with a holder
// whose certificate carries all their addresses.
type office struct {
	*practice.Authority
	good  *practice.Identity
	base  string
	count *atomic.Int64
	close func()
}

type officeOptions struct {
	services practice.ServicesOptions
	handler  http.Handler // instead of the services' /ocsp
	noOCSP   bool
	identity practice.IdentityOptions
	now      time.Time
}

func newOffice(t testing.TB, o officeOptions) *office {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	out := &office{base: "http://" + server.Listener.Addr().String(), count: &atomic.Int64{}}
	var err error
	if out.Authority, err = practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256, URL: out.base, Now: o.now}); err != nil {
		t.Fatal(err)
	}
	o.services.Key = practice.P256
	mux := http.NewServeMux()
	mux.Handle("/", out.Services(o.services))
	if o.handler != nil {
		mux.Handle("/ocsp", o.handler)
	}
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out.count.Add(1)
		mux.ServeHTTP(w, r)
	})
	server.Start()
	out.close = server.Close
	t.Cleanup(out.close)
	o.identity.Name, o.identity.Key = "Trần Thị Bích Ngọc THỰC HÀNH", practice.P256
	if out.good, err = out.Issue(o.identity); err != nil {
		t.Fatal(err)
	}
	if !o.noOCSP {
		if out.good, err = out.WithOCSP(out.good, out.base+"/ocsp", out.base+"/issuing.crt"); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// fetch may ask the office, and is impatient.
func (o *office) fetch() *trust.Fetch {
	return &trust.Fetch{AllowHosts: []string{"127.0.0.1"}, Request: 300 * time.Millisecond, Total: time.Second}
}

// requests since the last call.
func (o *office) requests() int64 { return o.count.Swap(0) }
