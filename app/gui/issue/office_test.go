package issue

import (
	"context"
	"crypto"
	"crypto/x509"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"antin/app/gui/frame"
	"antin/app/gui/reader"
	"antin/app/words"
	"antin/signer"
	"antin/signer/cms"
	"antin/signer/pagetext"
	"antin/signer/practice"
	"antin/signer/register"
	"antin/signer/render"
	"antin/signer/settings"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// office is a clerk's desk with software keys in the place of tokens.
type office struct {
	t      *testing.T
	dir    string
	seal   *practice.Identity
	leader *practice.Identity
	plug   bool  // the organisation's token is there
	pin    error // what asking for the PIN gives
	asked  int   // how often the PIN was asked for
	onPIN  func()
	frame  *frame.Frame
	window fyne.Window
}

// keys are made once: they cost a second.
var keys = sync.OnceValues(func() (out [2]*practice.Identity, err error) {
	a, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	for i, name := range []string{"Nguyễn Văn An", "Ủy ban nhân dân xã Bình Minh"} {
		if err == nil {
			out[i], err = a.Issue(practice.IdentityOptions{Name: name, Key: practice.P256})
		}
	}
	return out, err
})

func newOffice(t *testing.T) *office {
	t.Helper()
	test.NewTempApp(t)
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	ids, err := keys()
	check(t, err)
	o := &office{t: t, dir: t.TempDir(), leader: ids[0], seal: ids[1], plug: true}
	picture, err := practice.SealPicture(practice.SealOptions{Diameter: 36})
	check(t, err)
	check(t, os.WriteFile(o.path("dau.png"), picture, 0o600))
	o.window = test.NewTempWindow(t, nil)
	o.window.Resize(fyne.NewSize(1366, 720))
	o.frame = &frame.Frame{
		Window: o.window, Words: words.Vietnamese, Tokens: o, Now: time.Now,
		Settings: &settings.Settings{Symbol: "UBND", Certificates: map[string]settings.Certificate{}},
		Worker:   func(work, done func()) { work(); done() },
		Save:     func() error { return nil },
		Show:     func(frame.Screen) {}, Home: func() {},
		Recent: func(string, frame.RecentState) {}, Folder: func(string) {}, Document: func(string) {},
		Help: func(string) {},
	}
	c := token.Certificate{X509: o.seal.Cert}
	o.frame.Settings.Certificates[c.SHA256()] = settings.Certificate{Picture: o.path("dau.png"), Diameter: 36}
	return o
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (o *office) path(name string) string { return filepath.Join(o.dir, name) }

// draft is a decision, signed is one that the leader has signed.
func (o *office) draft(name string) string {
	o.t.Helper()
	pdf, _, err := practice.Decision(practice.DecisionOptions{Subject: "Về việc " + name})
	check(o.t, err)
	check(o.t, os.WriteFile(o.path(name+".pdf"), pdf, 0o600))
	return o.path(name + ".pdf")
}

// scanned is a document whose pages are pictures.
func (o *office) scanned(name string) string {
	o.t.Helper()
	pdf, err := practice.ScanPDF(practice.ScanOptions{DPI: 100, Lines: 5})
	check(o.t, err)
	check(o.t, os.WriteFile(o.path(name+".pdf"), pdf, 0o600))
	return o.path(name + ".pdf")
}

func (o *office) signed(name string) string {
	o.t.Helper()
	picture, err := practice.SignaturePicture("Nguyễn Văn An", 1)
	check(o.t, err)
	check(o.t, os.WriteFile(o.path("ky.png"), picture, 0o600))
	r, err := signer.Approve(context.Background(), signer.ApproveJob{
		Common: signer.Common{Source: o.draft(name), Key: o.leader}, Picture: o.path("ky.png"),
	}, nil)
	check(o.t, err)
	return r.Output
}

// several are signed decisions.
func (o *office) several(n int) (paths []string) {
	for i := range n {
		paths = append(paths, o.signed(fmt.Sprintf("viec-%d", i+1)))
	}
	return paths
}

// screen opens the clerk's screen on documents.
func (o *office) screen(paths ...string) *Screen {
	o.t.Helper()
	s := New(o.frame, paths, Use{
		Register: func(ctx context.Context) (*register.Register, error) {
			return register.Open(ctx, o.path("so.db"), register.Options{})
		},
		PIN:    func([]string, func()) (signer.PINFunc, func()) { return o.ask, func() {} },
		Reader: reader.Options{Document: func() reader.Pages { return &blank{} }},
	})
	o.window.SetContent(s.Content())
	o.t.Cleanup(s.Close)
	return s
}

func (o *office) ask(context.Context, token.Token, *x509.Certificate) ([]byte, bool, error) {
	o.asked++
	if o.onPIN != nil {
		o.onPIN()
	}
	return []byte("24681357"), false, o.pin
}

// State implements frame.Tokens.
func (o *office) State() frame.TokenState {
	if !o.plug {
		return frame.TokenState{Problem: token.ErrNoToken}
	}
	return frame.TokenState{Tokens: []token.Token{{Label: "Cơ quan", Certificates: []token.Certificate{{X509: o.seal.Cert}}}}}
}

// Listen implements frame.Tokens.
func (o *office) Listen(func()) (stop func()) { return func() {} }

// Key implements frame.Tokens.
func (o *office) Key(_ string, ask signer.PINFunc) (frame.Key, error) {
	return &key{Identity: o.seal, ask: ask}, nil
}

// key is a token's key: it asks for the PIN at its first signature.
type key struct {
	*practice.Identity
	ask    signer.PINFunc
	logged bool
}

func (k *key) Token() token.Token { return token.Token{} }
func (k *key) Close() error       { return nil }

func (k *key) Sign(ctx context.Context, message []byte, h crypto.Hash, s cms.Scheme) ([]byte, error) {
	if !k.logged {
		if _, _, err := k.ask(ctx, token.Token{}, k.Cert); err != nil {
			return nil, &signer.KeyError{Err: err}
		}
		k.logged = true
	}
	return k.Identity.Sign(ctx, message, h, s)
}

// blank is a document of two white pages, for the reader.
type blank struct{}

func (*blank) Open(context.Context, render.Source) (render.Document, []render.Size, error) {
	return render.Document{Pages: 2, SignaturesShown: true}, []render.Size{{W: 210, H: 297}, {W: 210, H: 297}}, nil
}

func (*blank) Draw(_ context.Context, _ int, dpi float64, area image.Rectangle) (*render.Picture, error) {
	area = area.Intersect(image.Rect(0, 0, int(210/25.4*dpi), int(297/25.4*dpi)))
	m := image.NewRGBA(image.Rect(0, 0, area.Dx(), area.Dy()))
	for i := range m.Pix {
		m.Pix[i] = 0xff
	}
	return &render.Picture{RGBA: m, SignaturesShown: true}, nil
}

func (*blank) Text(context.Context, int) (*pagetext.Text, error) { return &pagetext.Text{}, nil }
func (*blank) Close() error                                      { return nil }
