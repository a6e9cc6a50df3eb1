package holder_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"antin/app/gui/frame"
	"antin/app/gui/holder"
	"antin/app/words"
	"antin/signer"
	"antin/signer/practice"
	"antin/signer/report"
	"antin/signer/settings"

	"fyne.io/fyne/v2/test"
)

// bare is a machine without tokens.
type bare struct{ frame.Tokens }

func (bare) State() frame.TokenState     { return frame.TokenState{} }
func (bare) Listen(func()) (stop func()) { return func() {} }

// What the window signs with asks for its time-stamps through the proxy that is
// set; a change counts for the next signature.
func TestTimeStampsGoThroughTheProxy(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	a, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	if err != nil {
		t.Fatal(err)
	}
	proxy := &practice.Proxy{Hosts: map[string]http.Handler{"tsa.example": a.TSA(practice.TSAOptions{Key: practice.P256})}}
	server := httptest.NewServer(proxy)
	defer server.Close()
	test.NewTempApp(t)
	f := &frame.Frame{
		Words: words.Vietnamese, Settings: &settings.Settings{TSA: "http://tsa.example/", Proxy: server.URL}, Now: time.Now, Tokens: bare{},
		Worker: func(work, done func()) { work(); done() },
	}
	h := holder.New(f, report.Person, func() {})
	defer h.Close()
	stamp := func() error {
		common, err := h.Prepare()(signer.Common{})
		if err == nil {
			_, err = common.TSA.Stamp(t.Context(), []byte("signature"))
		}
		return err
	}
	if err := stamp(); err != nil {
		t.Error(err)
	}
	f.Settings.Proxy = settings.NoProxy
	if stamp() == nil {
		t.Error("tsa.example was found without the proxy")
	}
	f.Settings.Proxy = "http://an:mat-khau@" + server.Listener.Addr().String()
	if stamp() == nil {
		t.Error("a proxy with a password was used")
	}
	if asked := proxy.Asked(); !slices.Equal(asked, []string{"POST tsa.example"}) {
		t.Errorf("the proxy was asked %q", asked)
	}
}
