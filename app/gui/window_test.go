package gui

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"antin/app/gui/frame"
	"antin/app/gui/watchdog"
	"antin/app/words"
	"antin/assets"
	"antin/signer"
	"antin/signer/settings"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

var now = time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)

// plugged is what the test says is plugged in.
type plugged struct {
	state     frame.TokenState
	listeners []func()
}

func (p *plugged) State() frame.TokenState { return p.state }
func (p *plugged) Listen(changed func()) func() {
	p.listeners = append(p.listeners, changed)
	n := len(p.listeners) - 1
	return func() { p.listeners[n] = func() {} }
}
func (p *plugged) Key(string, signer.PINFunc) (frame.Key, error) { return nil, token.ErrNoToken }
func (p *plugged) Modules() []signer.ModuleState {
	return []signer.ModuleState{{Tokens: p.state.Tokens}}
}
func (p *plugged) Look() {}
func (p *plugged) ChangePIN(context.Context, token.Token, []byte, []byte, ...token.LoginOption) error {
	return nil
}

func (p *plugged) set(s frame.TokenState) {
	p.state = s
	for _, changed := range p.listeners {
		changed()
	}
}

// tokenOf is a token with a certificate that ends in some days.
func tokenOf(name string, days int, pin token.PINState) token.Token {
	cert := &x509.Certificate{Subject: pkix.Name{CommonName: name}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.Add(time.Duration(days)*24*time.Hour + time.Hour), Raw: []byte(name)}
	return token.Token{Label: name, Serial: name, PIN: pin, Certificates: []token.Certificate{{X509: cert}}}
}

func plug(p *plugged, tokens ...token.Token) { p.set(frame.TokenState{Tokens: tokens}) }

// busy is a screen that says whether it is busy and notes what is asked of it.
type busy struct {
	at      bool
	opened  []string
	closed  bool
	pressed int
	content fyne.CanvasObject
}

func (*busy) Title() string                { return "work" }
func (b *busy) Content() fyne.CanvasObject { return b.content }
func (b *busy) Open(paths []string)        { b.opened = append(b.opened, paths...) }
func (b *busy) Actions() []frame.Action {
	return []frame.Action{
		{Label: "sign", Key: fyne.KeyF9, Do: func() { b.pressed++ }},
		{Label: "undo", Key: fyne.KeyZ, Modifier: fyne.KeyModifierShortcutDefault, Do: func() { b.pressed += 10 }},
	}
}
func (*busy) HelpPage() string { return "" }
func (b *busy) Busy() bool     { return b.at }
func (b *busy) Close()         { b.closed = true }

type fixture struct {
	*Window
	devices *plugged
	saved   []settings.Settings
}

// open makes a window with these settings, everything done at once.
func open(t *testing.T, s settings.Settings) *fixture {
	t.Helper()
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	a := test.NewTempApp(t)
	x := &fixture{devices: &plugged{}}
	f := &frame.Frame{Words: words.Vietnamese, Settings: &s, Tokens: x.devices, Now: func() time.Time { return now }, Worker: func(work, done func()) { work(); done() }}
	x.Window = newWindow(a, f, x.devices, func(s *settings.Settings) { x.saved = append(x.saved, *s) })
	x.Window.Window.Show()
	t.Cleanup(func() { x.screen.Close(); frame.Closed() })
	return x
}

// tap presses the button with this label.
func (x *fixture) tap(t *testing.T, label string) {
	t.Helper()
	var found fyne.CanvasObject
	for _, root := range append(x.Window.Window.Canvas().Overlays().List(), x.Window.Window.Content()) {
		walk(root, func(o fyne.CanvasObject) {
			switch b := o.(type) {
			case *frame.Button:
				if b.Text == label && found == nil {
					found = b
				}
			case *widget.Button:
				if b.Text == label && found == nil {
					found = b
				}
			}
		})
	}
	if found == nil {
		t.Fatalf("no button %q", label)
	}
	watchdog.Call(t, 2*time.Second, label, func() { found.(fyne.Tappable).Tapped(&fyne.PointEvent{}) }) // generous: the race detector and a loaded machine
}

func walk(o fyne.CanvasObject, do func(fyne.CanvasObject)) {
	if !o.Visible() {
		return
	}
	do(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			walk(child, do)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			walk(child, do)
		}
	}
}

func TestFirstStartAsksWhoWorksHere(t *testing.T) {
	x := open(t, settings.Settings{})
	x.open([]string{"early.pdf"})
	if len(x.pending) != 1 {
		t.Fatal("a document that comes before the choice is forgotten")
	}
	x.tap(t, x.Text("role.officer"))
	if x.Settings.Role != settings.Officer || x.saved[len(x.saved)-1].Role != settings.Officer {
		t.Errorf("role %q, saved %+v", x.Settings.Role, x.saved)
	}
	if len(x.pending) != 0 {
		t.Error("the document still waits")
	}
}

// A role and what it may do are on the start page; another role's buttons are not.
func TestRoleSwitch(t *testing.T) {
	x := open(t, settings.Settings{Role: settings.Check})
	x.tap(t, x.Text("role.officer"))
	if x.Settings.Role != settings.Officer {
		t.Fatalf("role %q", x.Settings.Role)
	}
	x.tap(t, x.Text("officer.look"))
	walk(x.Window.Window.Content(), func(o fyne.CanvasObject) {
		if b, ok := o.(*frame.Button); ok && b.Text == x.Text("home.choose") {
			t.Error("the officer is offered to choose documents")
		}
	})
}

// A function key works whatever has the focus, and not behind a dialog.
func TestFunctionKeys(t *testing.T) {
	x := open(t, settings.Settings{Role: settings.Officer})
	entry, button, check := x.NewEntry(), x.NewButton("b", func() {}), x.NewCheck("c", nil)
	choice := x.NewSelect([]string{"one"}, nil)
	list := x.NewList(func() int { return 1 }, func() fyne.CanvasObject { return widget.NewLabel("") }, func(int, fyne.CanvasObject) {})
	b := &busy{content: container.NewVBox(entry, button, check, choice, list)}
	x.show(b)
	for i, focused := range []fyne.Focusable{nil, entry, button, check, choice, list} {
		x.Window.Window.Canvas().Focus(focused)
		if focused == nil {
			x.Window.Window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyF9})
		} else {
			focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF9})
		}
		if b.pressed != i+1 {
			t.Fatalf("F9 is dead with the focus on %T", focused)
		}
	}
	x.Question("?", "?", "yes", "no", func(bool) {})
	x.key(&fyne.KeyEvent{Name: fyne.KeyF9})
	x.do(b.Actions()[0])
	if b.pressed != 6 {
		t.Error("F9 works behind a dialog")
	}
}

// Ctrl+Z belongs to the text that is being typed, else to the screen.
func TestUndoInEntry(t *testing.T) {
	x := open(t, settings.Settings{Role: settings.Officer})
	entry := x.NewEntry()
	b := &busy{content: entry}
	x.show(b)
	undo := x.item(b.Actions()[1])
	if undo.Shortcut.ShortcutName() != (&fyne.ShortcutUndo{}).ShortcutName() {
		t.Fatalf("%T is never sent for Ctrl+Z", undo.Shortcut)
	}
	x.Window.Window.Canvas().Focus(entry)
	test.Type(entry, "abc")
	undo.Action()
	if entry.Text == "abc" || b.pressed != 0 {
		t.Errorf("the entry has %q, the screen was asked %d times", entry.Text, b.pressed)
	}
	x.Window.Window.Canvas().Unfocus()
	undo.Action()
	if b.pressed != 10 {
		t.Error("the screen was not asked")
	}
}

// Leaving work under way is asked for; staying loses nothing.
func TestBusyIsNotLeftUnasked(t *testing.T) {
	x := open(t, settings.Settings{Role: settings.Officer})
	b := &busy{at: true, content: widget.NewLabel("")}
	x.show(b)
	for _, leave := range []func(){x.close, func() { x.leave(x.home) }, func() { x.setRole(settings.Check) }} {
		leave()
		x.tap(t, x.Text("window.busy-stay"))
		if b.closed || x.screen != b || x.Settings.Role != settings.Officer {
			t.Fatal("the work was left all the same")
		}
	}
	x.raise([]string{"late.pdf"})
	x.tap(t, x.Text("window.busy-stay"))
	if len(b.opened) != 0 {
		t.Error("documents were forced on a screen at work")
	}
	x.close()
	x.tap(t, x.Text("window.busy-leave"))
	if !b.closed {
		t.Error("the screen was not closed")
	}
}

func TestRecent(t *testing.T) {
	x := open(t, settings.Settings{Role: settings.Check})
	for i := range maxRecent + 5 {
		x.recent(filepath.Join("/d", string(rune('a'+i))+".pdf"), frame.Opened)
	}
	x.recent("/d/z.pdf", frame.Signed)
	x.recent("/d/y.pdf", frame.RecentState("newer"))
	got := x.Settings.Recent
	if len(got) != maxRecent || got[0].Path != "/d/y.pdf" || got[1].State != "signed" {
		t.Errorf("%d entries, first %+v", len(got), got[:2])
	}
	x.home()
	x.tap(t, x.Text("home.forget"))
	if len(x.Settings.Recent) != 0 {
		t.Error("the list is still there")
	}
}

func TestTextSizeAndThemeAreRemembered(t *testing.T) {
	x := open(t, settings.Settings{Role: settings.Officer})
	x.tap(t, x.Text("window.larger-short"))
	x.setTheme("contrast")
	s := x.saved[len(x.saved)-1]
	if s.Window.TextSize != 110 || s.Window.Theme != "contrast" {
		t.Errorf("%+v", s.Window)
	}
	for range 30 {
		x.tap(t, x.Text("window.smaller-short"))
	}
	if got := x.textSize(); got != leastTextSize {
		t.Errorf("%d %%", got)
	}
}

func TestLanguage(t *testing.T) {
	x := open(t, settings.Settings{Role: settings.Officer})
	x.setLanguage(words.English)
	defer func() {
		if err := speak(words.English); err != nil {
			t.Error(err)
		}
	}()
	x.tap(t, words.English.Text("officer.look"))
	if x.Settings.Language != "en" || x.Window.Window.MainMenu().Items[0].Label != words.English.Text("menu.file") {
		t.Errorf("language %q, menu %q", x.Settings.Language, x.Window.Window.MainMenu().Items[0].Label)
	}
}

// No text of Fyne's own widgets is left in English: the file has all keys that
// the module's base has.
func TestToolkitIsTranslated(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "fyne.io/fyne/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	base := keys(t, read(t, filepath.Join(strings.TrimSpace(string(out)), "lang", "translations", "base.en.json")))
	if len(base) < 30 {
		t.Fatalf("%d keys only", len(base))
	}
	for _, l := range []string{"vi", "en"} {
		have := keys(t, assets.Toolkit(l))
		for _, k := range base {
			if !slices.Contains(have, k) {
				t.Errorf("%s: %q is missing", l, k)
			}
		}
	}
}

func keys(t *testing.T, b []byte) []string {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	var names []string
	for k := range all {
		names = append(names, k)
	}
	return names
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Everything that can be pressed on the window's own screens is large enough.
func TestTargets(t *testing.T) {
	for _, percent := range []int{80, 100, 150} {
		x := open(t, settings.Settings{Role: settings.Check, Window: settings.Window{TextSize: percent}, Recent: []settings.Recent{{Path: "/a.pdf"}}})
		plug(x.devices, tokenOf("An", 364, token.PINState{Set: true}))
		for _, screen := range []func(){x.home, x.showTokens, x.showSettings} {
			screen()
			walk(x.Window.Window.Content(), func(o fyne.CanvasObject) {
				if b, ok := o.(*frame.Button); ok && b.Size().Height < 36 {
					t.Errorf("%d %%: %q is %.0f high", percent, b.Text, b.Size().Height)
				}
			})
		}
	}
}
