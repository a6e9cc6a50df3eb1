package approve

import (
	"context"
	"crypto/x509"
	"image"
	"image/draw"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"antin/app/gui/frame"
	"antin/app/gui/look"
	"antin/app/gui/pin"
	"antin/app/gui/reader"
	"antin/app/words"
	"antin/signer"
	"antin/signer/layout"
	"antin/signer/pagetext"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/render"
	"antin/signer/settings"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// paper is a document of three white A4 pages.
type paper struct{}

func (paper) Open(context.Context, render.Source) (render.Document, []render.Size, error) {
	a4 := render.Size{W: 210, H: 297}
	return render.Document{Pages: 3}, []render.Size{a4, a4, a4}, nil
}

func (paper) Draw(_ context.Context, _ int, dpi float64, area image.Rectangle) (*render.Picture, error) {
	area = area.Intersect(image.Rect(0, 0, int(210*dpi/25.4), int(297*dpi/25.4)))
	m := image.NewRGBA(image.Rect(0, 0, area.Dx(), area.Dy()))
	draw.Draw(m, m.Rect, image.White, image.Point{}, draw.Src)
	return &render.Picture{RGBA: m, SignaturesShown: true}, nil
}

func (paper) Text(_ context.Context, page int) (*pagetext.Text, error) {
	return &pagetext.Text{Page: page}, nil
}

func (paper) Close() error { return nil }

// plugs are the tokens that are plugged in.
type plugs struct {
	state   frame.TokenState
	changed func()
	people  map[string]*practice.Identity // by fingerprint
}

func (p *plugs) State() frame.TokenState             { return p.state }
func (p *plugs) Listen(changed func()) (stop func()) { p.changed = changed; return func() {} }

func (p *plugs) Key(who string, ask signer.PINFunc) (frame.Key, error) {
	i := p.people[who]
	if i == nil {
		return nil, token.ErrNoToken
	}
	return &softKey{i}, nil
}

// put plugs in a token with these people's certificates.
func (p *plugs) put(people ...*practice.Identity) {
	t := token.Token{Label: "USB", Serial: "0001"}
	for _, i := range people {
		c := token.Certificate{X509: i.Cert}
		t.Certificates = append(t.Certificates, c)
		p.people[c.SHA256()] = i
	}
	p.state = frame.TokenState{Tokens: []token.Token{t}}
	if len(people) == 0 {
		p.state = frame.TokenState{Problem: token.ErrNoToken}
	}
	if p.changed != nil {
		p.changed()
	}
}

type softKey struct{ *practice.Identity }

func (k *softKey) Token() token.Token { return token.Token{} }
func (k *softKey) Close() error       { return nil }

// nobody asks for no PIN: the fake signer needs none.
type nobody struct{}

func (nobody) PIN(context.Context, token.Token, *x509.Certificate) ([]byte, bool, error) {
	return nil, false, nil
}
func (nobody) Close() {}

// desk is the screen with fakes behind it.
type desk struct {
	*Screen
	t        *testing.T
	window   fyne.Window
	tokens   *plugs
	plans    map[string]*signer.Plan // by name of file
	refuse   map[string]error        // of the plan
	fail     map[string]error        // of the signing
	signed   []signer.ApproveJob
	asked    []pin.Request
	chosen   []string // what the file dialog answers
	logged   int
	unlogged error    // what the log says
	opened   []string // in the system's programs
}

var people = sync.OnceValues(func() (map[string]*practice.Identity, error) {
	a, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	if err != nil {
		return nil, err
	}
	out := map[string]*practice.Identity{}
	for name, o := range map[string]practice.IdentityOptions{
		"An":     {Name: "Nguyễn Văn An"},
		"Bình":   {Name: "Trần Thị Bình"},
		"office": {Name: "Ủy ban nhân dân xã Bình Minh", Organisation: "Ủy ban nhân dân xã Bình Minh"},
		"soon":   {Name: "Lê Văn Sắp Hết", NotAfter: time.Now().Add(10 * 24 * time.Hour)},
	} {
		o.Key = practice.P256
		if out[name], err = a.Issue(o); err != nil {
			return nil, err
		}
	}
	return out, nil
})

func person(t *testing.T, name string) *practice.Identity {
	t.Helper()
	all, err := people()
	if err != nil {
		t.Fatal(err)
	}
	return all[name]
}

// blockAt is a signing block of a person on page 3.
func blockAt(x float64, name string, m layout.Match) layout.Block {
	return layout.Block{
		Page: 3, Titles: []string{"CHỦ TỊCH"}, Name: name, Match: m, Confidence: 1,
		Box: pdffile.Box{X: x, Y: 150, W: 45, H: 22}, Free: pdffile.Box{X: x - 15, Y: 148, W: 75, H: 26},
	}
}

// sure is the plan for a document with one signing block.
func sure(b layout.Block) *signer.Plan {
	return &signer.Plan{
		Marks: []signer.Mark{{Part: signer.SignaturePart, Place: signer.Place{Page: b.Page, Box: b.Box}, Origin: signer.FoundBlock}},
		Found: &layout.Found{Pages: 3, Blocks: []layout.Block{b}},
	}
}

// newDesk is a screen for An's token, with his picture known, and these documents
// in a folder of the test.
func newDesk(t *testing.T, names ...string) *desk {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Light, 100))
	for _, v := range []string{"XDG_CONFIG_HOME", "HOME", "AppData"} { // the user's folder, by system
		t.Setenv(v, t.TempDir())
	}
	d := &desk{
		t: t, tokens: &plugs{people: map[string]*practice.Identity{}}, plans: map[string]*signer.Plan{},
		refuse: map[string]error{}, fail: map[string]error{}, window: test.NewTempWindow(t, nil),
	}
	dir := t.TempDir()
	ink, err := practice.SignaturePicture("Nguyễn Văn An", 1)
	if err != nil {
		t.Fatal(err)
	}
	an := person(t, "An")
	d.tokens.put(an)
	f := &frame.Frame{
		Window: d.window, Words: words.Vietnamese, Tokens: d.tokens, Now: time.Now,
		Settings: &settings.Settings{Certificates: map[string]settings.Certificate{
			token.Certificate{X509: an.Cert}.SHA256(): {Picture: write(t, dir, "ky.png", ink)},
		}},
		Worker:   func(work, done func()) { work(); done() },
		Save:     func() error { return nil },
		Recent:   func(string, frame.RecentState) {},
		Folder:   func(path string) { d.opened = append(d.opened, "folder "+filepath.Base(path)) },
		Document: func(path string) { d.opened = append(d.opened, filepath.Base(path)) },
		Choose: func(_ string, _ []string, _ bool, chosen func([]string)) {
			chosen(d.chosen)
		},
	}
	var paths []string
	for _, name := range names {
		paths = append(paths, write(t, dir, name, []byte("%PDF-")))
		d.plans[name] = sure(blockAt(115, "Nguyễn Văn An", layout.SameSpelling))
	}
	d.Screen = New(f, nil, Use{
		Plan: func(_ context.Context, job signer.ApproveJob) (*signer.Plan, error) {
			name := filepath.Base(job.Source)
			return d.plans[name], d.refuse[name]
		},
		Approve: d.approve,
		PIN: func(_ *frame.Frame, r pin.Request, _ func()) Asker {
			d.asked = append(d.asked, r)
			return nobody{}
		},
		Text: func(_ context.Context, _, _ string, page int) (*pagetext.Text, error) {
			return &pagetext.Text{Page: page, Lines: []pagetext.Line{{Text: "dong", Baseline: 180}}}, nil
		},
		Log: func(context.Context, signer.Common, *signer.Result, bool) error {
			d.logged++
			return d.unlogged
		},
		Reader: reader.Options{Document: func() reader.Pages { return paper{} }},
	})
	d.window.SetContent(d.Content())
	d.window.Resize(fyne.NewSize(1180, 640))
	if len(paths) > 0 {
		d.Open(paths)
	}
	t.Cleanup(d.Close)
	return d
}

func write(t *testing.T, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (d *desk) approve(ctx context.Context, job signer.ApproveJob, progress signer.Progress) (*signer.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, stage := range []signer.Stage{signer.Reading, signer.Writing, signer.AskingKey, signer.Verifying, signer.Saving} {
		progress(stage, 0, 0)
	}
	if err := d.fail[filepath.Base(job.Source)]; err != nil {
		return nil, err
	}
	d.signed = append(d.signed, job)
	return &signer.Result{
		Source: job.Source, Output: strings.TrimSuffix(job.Source, ".pdf") + ".daky.pdf", Place: *job.At, SignedAt: time.Now(), Level: "B-B",
	}, nil
}

// press is a key without a modifier that reaches the window.
func (d *desk) press(k fyne.KeyName) { d.key(&fyne.KeyEvent{Name: k}) }

// seen is all text that a person can read now, dialogs included.
func (d *desk) seen() string {
	var all []string
	c := d.window.Canvas()
	objects := test.LaidOutObjects(c.Content())
	if top := c.Overlays().Top(); top != nil {
		objects = append(objects, test.LaidOutObjects(top)...)
	}
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		switch o := o.(type) {
		case *widget.Label:
			all = append(all, o.Text)
		case *frame.Line:
			all = append(all, o.Said())
		case *frame.Button:
			all = append(all, "["+o.Text+"]")
		case *widget.Button:
			all = append(all, "["+o.Text+"]")
		}
	}
	return strings.Join(all, "\n")
}

func (d *desk) wantSeen(texts ...string) {
	d.t.Helper()
	seen := d.seen()
	for _, text := range texts {
		if !strings.Contains(seen, text) {
			d.t.Errorf("%q is not on the screen:\n%s", text, seen)
		}
	}
}

// tap presses the button with this text.
func (d *desk) tap(text string) {
	d.t.Helper()
	c := d.window.Canvas()
	objects := test.LaidOutObjects(c.Content())
	if top := c.Overlays().Top(); top != nil {
		objects = test.LaidOutObjects(top)
	}
	for _, o := range objects {
		var b *widget.Button
		switch o := o.(type) {
		case *frame.Button:
			b = &o.Button
		case *widget.Button:
			b = o
		}
		if b != nil && b.Text == text {
			if b.Disabled() {
				d.t.Fatalf("[%s] cannot be pressed", text)
			}
			b.OnTapped()
			return
		}
	}
	d.t.Fatalf("there is no button [%s]:\n%s", text, d.seen())
}
