package certify

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"image"
	"image/draw"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"antin/app/gui/frame"
	"antin/app/gui/reader"
	"antin/app/words"
	"antin/signer"
	"antin/signer/cms"
	"antin/signer/pagetext"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/register"
	"antin/signer/render"
	"antin/signer/scan"
	"antin/signer/settings"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "worker" && os.Args[2] == "render" { // the helper that draws, for the gate
		os.Exit(render.ServePages(os.Args[3:]))
	}
	os.Exit(m.Run())
}

const agencyName = "Ủy ban nhân dân xã Bình Minh"

// office is a clerk's desk with a software key in the place of a token.
type office struct {
	t       *testing.T
	dir     string
	plug    bool  // the organisation's token is there
	pin     error // what asking for the PIN gives
	asked   int   // how often the PIN was asked for
	chosen  []string
	scanner *fakeScanner
	use     Use
	window  fyne.Window
	frame   *frame.Frame
}

var organisation = sync.OnceValues(func() (*practice.Identity, error) {
	a, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	if err != nil {
		return nil, err
	}
	return a.Issue(practice.IdentityOptions{Name: agencyName, Organisation: agencyName, Key: practice.P256})
})

func newOffice(t *testing.T) *office {
	t.Helper()
	test.NewTempApp(t)
	for _, v := range []string{"XDG_CONFIG_HOME", "HOME", "AppData"} { // the user's folder, by system
		t.Setenv(v, t.TempDir())
	}
	_, err := organisation()
	check(t, err)
	o := &office{t: t, dir: t.TempDir(), plug: true, scanner: &fakeScanner{}, window: test.NewTempWindow(t, nil)}
	o.window.Resize(fyne.NewSize(1366, 700))
	o.frame = &frame.Frame{
		Window: o.window, Words: words.Vietnamese, Tokens: o, Now: time.Now,
		Settings: &settings.Settings{Symbol: "UBND"},
		Worker:   func(work, done func()) { work(); done() },
		Save:     func() error { return nil },
		Recent:   func(string, frame.RecentState) {},
		Choose:   func(_ string, _ []string, _ bool, chosen func([]string)) { chosen(o.chosen) },
	}
	o.use = Use{
		Scanner: o.scanner,
		Open: func(ctx context.Context) (*register.Register, error) {
			return register.Open(ctx, o.path("so.db"), register.Options{})
		},
		PIN:    func([]string, func()) (signer.PINFunc, func()) { return o.ask, func() {} },
		Reader: reader.Options{Document: func() reader.Pages { return blank{} }},
	}
	return o
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (o *office) path(name string) string { return filepath.Join(o.dir, name) }

func (o *office) put(name string, data []byte) string {
	o.t.Helper()
	check(o.t, os.MkdirAll(filepath.Dir(o.path(name)), 0o700))
	check(o.t, os.WriteFile(o.path(name), data, 0o600))
	return o.path(name)
}

// scanned puts a PDF of scanned pages on the desk; each has a few lines, for
// speed, at 200 dpi where nothing else is said.
func (o *office) scanned(name string, pages ...practice.ScanOptions) string {
	o.t.Helper()
	for i := range pages {
		if pages[i].DPI == 0 {
			pages[i].DPI = 200
		}
		pages[i].Lines, pages[i].Seed = 8+4*i, pages[i].Seed+uint64(i)
	}
	pdf, err := practice.ScanPDF(pages...)
	check(o.t, err)
	return o.put(name, pdf)
}

// picture puts the scan of a page as a JPEG on the desk.
func (o *office) picture(name string, seed uint64) string {
	o.t.Helper()
	data, err := practice.ScanJPEGFile(practice.ScanOptions{DPI: 200, Lines: 8, Seed: seed})
	check(o.t, err)
	return o.put(name, data)
}

// silent is such a picture that does not tell its resolution.
func (o *office) silent(name string) string {
	o.t.Helper()
	m, err := practice.ScanPicture(practice.ScanOptions{DPI: 200, Lines: 8})
	check(o.t, err)
	var b bytes.Buffer
	check(o.t, jpeg.Encode(&b, m, nil))
	return o.put(name, b.Bytes())
}

// screen opens the screen on scans.
func (o *office) screen(paths ...string) *Screen {
	o.t.Helper()
	s := New(o.frame, paths, o.use)
	o.window.SetContent(s.Content())
	o.t.Cleanup(s.Close)
	return s
}

// copies are what the register of copies has, by number.
func (o *office) copies() map[string]*register.Copy {
	o.t.Helper()
	ctx := context.Background()
	r, err := register.Open(ctx, o.path("so.db"), register.Options{})
	check(o.t, err)
	defer r.Close()
	out := map[string]*register.Copy{}
	for e, err := range r.Lines(ctx, register.Copies, "") {
		check(o.t, err)
		if e.Copy != nil {
			out[e.Copy.Number.String()] = e.Copy
		}
	}
	return out
}

// intact tells whether a copy has one signature that is right.
func (o *office) intact(path string) {
	o.t.Helper()
	report, err := signer.Verify(context.Background(), signer.VerifyJob{Source: path})
	check(o.t, err)
	if len(report.Signatures) != 1 || !report.Signatures[0].Intact() {
		o.t.Errorf("%s: %+v", path, report.Signatures)
	}
}

// pagesOf is how many pages a copy has.
func (o *office) pagesOf(path string) int {
	o.t.Helper()
	f, err := pdffile.Open(path, pdffile.Options{})
	check(o.t, err)
	defer f.Close()
	pages, err := f.Pages()
	check(o.t, err)
	return len(pages)
}

// seen is all text that a person can read now.
func (o *office) seen() string {
	var all []string
	var look func(object fyne.CanvasObject)
	look = func(object fyne.CanvasObject) {
		if !object.Visible() {
			return
		}
		switch object := object.(type) {
		case *widget.Label:
			all = append(all, object.Text)
		case *frame.Line:
			all = append(all, object.Said())
		case *frame.Button:
			all = append(all, "["+object.Text+"]")
		case *frame.Entry:
			all = append(all, object.Text)
		case *fyne.Container:
			for _, in := range object.Objects {
				look(in)
			}
		case fyne.Widget:
			for _, in := range test.WidgetRenderer(object).Objects() {
				look(in)
			}
		}
	}
	look(o.window.Canvas().Content())
	if top := o.window.Canvas().Overlays().Top(); top != nil {
		look(top)
	}
	return strings.Join(all, "\n")
}

func (o *office) wantSeen(texts ...string) {
	o.t.Helper()
	seen := o.seen()
	for _, text := range texts {
		if !strings.Contains(seen, text) {
			o.t.Errorf("%q is not on the screen:\n%s", text, seen)
		}
	}
}

func (o *office) ask(context.Context, token.Token, *x509.Certificate) ([]byte, bool, error) {
	o.asked++
	return []byte("24681357"), false, o.pin
}

// State implements frame.Tokens.
func (o *office) State() frame.TokenState {
	if !o.plug {
		return frame.TokenState{Problem: token.ErrNoToken}
	}
	id, _ := organisation()
	return frame.TokenState{Tokens: []token.Token{{Label: "Cơ quan", Certificates: []token.Certificate{{X509: id.Cert}}}}}
}

// Listen implements frame.Tokens.
func (o *office) Listen(func()) (stop func()) { return func() {} }

// Key implements frame.Tokens.
func (o *office) Key(_ string, ask signer.PINFunc) (frame.Key, error) {
	id, err := organisation()
	return &tokenKey{Identity: id, ask: ask}, err
}

// tokenKey asks for the PIN at its first signature.
type tokenKey struct {
	*practice.Identity
	ask    signer.PINFunc
	logged bool
}

func (k *tokenKey) Token() token.Token { return token.Token{} }
func (k *tokenKey) Close() error       { return nil }

func (k *tokenKey) Sign(ctx context.Context, message []byte, h crypto.Hash, s cms.Scheme) ([]byte, error) {
	if !k.logged {
		if _, _, err := k.ask(ctx, token.Token{}, k.Cert); err != nil {
			return nil, &signer.KeyError{Err: err}
		}
		k.logged = true
	}
	return k.Identity.Sign(ctx, message, h, s)
}

// fakeScanner has these pages in its feeder.
type fakeScanner struct {
	devices []scan.Device
	pages   [][]byte
	used    []scan.Settings
}

func (f *fakeScanner) Devices(context.Context) ([]scan.Device, error) {
	if len(f.devices) == 0 {
		return nil, scan.ErrNoScanner
	}
	return f.devices, nil
}

func (f *fakeScanner) Scan(_ context.Context, _ string, s scan.Settings, dir string, page func(string) error) error {
	f.used = append(f.used, s)
	for i, data := range f.pages {
		path := filepath.Join(dir, string(rune('a'+i))+".jpg")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return err
		}
		if err := page(path); err != nil {
			return err
		}
	}
	return nil
}

// blank is a document of white pages, for the reader; the gate draws the files.
type blank struct{}

func (blank) Open(context.Context, render.Source) (render.Document, []render.Size, error) {
	return render.Document{Pages: 3, SignaturesShown: true}, slices.Repeat([]render.Size{{W: 210, H: 297}}, 3), nil
}

func (blank) Draw(_ context.Context, _ int, dpi float64, area image.Rectangle) (*render.Picture, error) {
	area = area.Intersect(image.Rect(0, 0, int(210/25.4*dpi), int(297/25.4*dpi)))
	m := image.NewRGBA(image.Rect(0, 0, area.Dx(), area.Dy()))
	draw.Draw(m, m.Rect, image.White, image.Point{}, draw.Src)
	return &render.Picture{RGBA: m, SignaturesShown: true}, nil
}

func (blank) Text(context.Context, int) (*pagetext.Text, error) { return &pagetext.Text{}, nil }
func (blank) Close() error                                      { return nil }
