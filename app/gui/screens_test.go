package gui

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"antin/app/cli"
	"antin/app/gui/approve"
	"antin/app/gui/check"
	"antin/app/gui/frame"
	"antin/app/gui/help"
	"antin/app/gui/look"
	"antin/app/gui/pin"
	"antin/app/gui/setup"
	"antin/app/gui/watchdog"
	"antin/app/words"
	"antin/signer/practice"
	"antin/signer/render"
	"antin/signer/settings"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// screenshots is the folder for pictures of every screen; make screenshots.
var screenshots = flag.String("screenshots", "", "folder for pictures of every screen in every size, colour and language")

func init() { // a helper of a test, as the program's main starts it
	if len(os.Args) > 2 && os.Args[1] == "worker" && os.Args[2] == "render" {
		os.Exit(render.ServePages(os.Args[3:]))
	}
}

// view is one way in which the window is looked at.
type view struct {
	language words.Language
	size     fyne.Size
	text     int // percent
	theme    string
}

func (v view) String() string {
	return fmt.Sprintf("%s-%.0fx%.0f-%d-%s", v.language, v.size.Width, v.size.Height, v.text, v.theme)
}

// views are those of the pictures; without a folder for them, those in which
// layout and words differ.
func views() []view {
	var out []view
	sizes, themes := []fyne.Size{fyne.NewSize(1366, 768), fyne.NewSize(1920, 1080)}, []string{look.Light, look.Dark, look.Contrast}
	if *screenshots == "" {
		sizes, themes = sizes[:1], themes[:1]
	}
	for _, l := range []words.Language{words.Vietnamese, words.English} {
		for _, size := range sizes {
			for _, text := range []int{100, 150} {
				for _, theme := range themes {
					out = append(out, view{l, size, text, theme})
				}
			}
		}
	}
	return out
}

// scenery is one thing that the window can show.
type scenery struct {
	name   string
	role   settings.Role
	tokens bool
	open   func(t *testing.T, w *Window, d *table, run func())
}

// screens are all that the window can show. open brings it there; run does the
// work that waits. With tokens, those of the leader and the clerk are plugged in.
var screens = []scenery{
	{"first-start", settings.NoChoice, false, nothing},
	{"tour", settings.NoChoice, false, func(_ *testing.T, w *Window, _ *table, _ func()) { w.setRole(settings.Check) }},
	{"home-leader", settings.Leader, true, nothing},
	{"home-clerk", settings.Clerk, true, nothing},
	{"home-archive", settings.Archive, true, nothing},
	{"home", settings.Check, false, nothing},
	{"home-waiting", settings.Clerk, true, func(t *testing.T, w *Window, _ *table, run func()) {
		wait(t, "/vb/0001.daky.pdf", "01")
		wait(t, "/vb/0002.daky.pdf", "02")
		w.home()
		run()
	}},
	{"timestamps", settings.Clerk, true, func(t *testing.T, w *Window, d *table, run func()) {
		waitWithServer(t, w.Settings, copied(t, filepath.Join(d.out, "qd-77.pdf")))
		w.addTimestamps()
		run()
	}},

	{"check-empty", settings.Check, false, func(_ *testing.T, w *Window, _ *table, run func()) { w.show(check.New(w.Frame, nil, nil)); run() }},
	{"check", settings.Check, false, func(_ *testing.T, w *Window, d *table, run func()) {
		w.show(check.New(w.Frame, []string{d.in}, nil))
		run()
	}},
	{"check-changes", settings.Check, false, func(_ *testing.T, w *Window, d *table, run func()) {
		w.show(check.New(w.Frame, []string{filepath.Join(d.in, "bi-sua.pdf")}, nil))
		run()
		act(w, "check.see-changes")
		run()
	}},
	{"check-notice", settings.Check, false, func(_ *testing.T, w *Window, d *table, run func()) {
		w.show(check.New(w.Frame, []string{filepath.Join(d.in, "bi-sua.pdf")}, nil))
		run()
		act(w, "check.write-notice")
	}},

	{"approve-none", settings.Leader, false, func(_ *testing.T, w *Window, d *table, run func()) { w.open([]string{d.at("qd-77.pdf")}); run() }},
	{"approve", settings.Leader, true, func(_ *testing.T, w *Window, d *table, run func()) { w.open([]string{d.at("qd-77.pdf")}); run() }},
	{"approve-password", settings.Leader, true, func(_ *testing.T, w *Window, d *table, run func()) {
		w.open([]string{filepath.Join(d.in, "khoa.pdf")})
		run()
	}},
	{"approve-find", settings.Leader, true, func(_ *testing.T, w *Window, d *table, run func()) {
		w.open([]string{d.at("qd-77.pdf")})
		run()
		act(w, "reader.find")
	}},
	{"approve-several", settings.Leader, true, func(_ *testing.T, w *Window, d *table, run func()) {
		w.open([]string{d.at("qd-77.pdf"), d.at("tb-12.pdf"), filepath.Join(d.in, "bi-sua.pdf"), filepath.Join(d.in, "hong.pdf")})
		run()
	}},
	{"approve-done", settings.Leader, true, func(t *testing.T, w *Window, d *table, run func()) {
		w.show(approve.New(w.Frame, []string{copied(t, d.at("qd-77.pdf"))}, approve.Use{PIN: func(*frame.Frame, pin.Request, func()) approve.Asker { return askless{} }}))
		run()
		act(w, "approve.sign-key")
		run()
	}},
	{"pin", settings.Leader, true, func(t *testing.T, w *Window, d *table, run func()) {
		w.open([]string{d.at("qd-77.pdf")})
		run()
		asks(t, w, d, token.PINState{Set: true, Min: 4, Max: 16})
	}},
	{"pin-last", settings.Leader, true, func(t *testing.T, w *Window, d *table, run func()) {
		w.open([]string{d.at("qd-77.pdf")})
		run()
		asks(t, w, d, token.PINState{Set: true, Min: 4, Max: 16, FinalTry: true})
	}},

	{"issue-empty", settings.Clerk, true, func(_ *testing.T, w *Window, _ *table, run func()) { w.show(issueDocuments(w.Frame, nil)); run() }},
	{"issue-none", settings.Clerk, false, func(_ *testing.T, w *Window, d *table, run func()) {
		w.open([]string{filepath.Join(d.out, "qd-77.pdf")})
		run()
	}},
	{"issue", settings.Clerk, true, func(_ *testing.T, w *Window, d *table, run func()) {
		w.open([]string{filepath.Join(d.out, "qd-77.pdf")})
		run()
	}},
	{"issue-several", settings.Clerk, true, func(_ *testing.T, w *Window, d *table, run func()) {
		w.open([]string{d.out, d.at("qd-77.pdf"), filepath.Join(d.in, "quyet-dinh.pdf")})
		run()
		act(w, "outgoing.agree")
		run()
	}},
	{"issue-done", settings.Clerk, true, func(t *testing.T, w *Window, d *table, run func()) {
		w.open([]string{copied(t, filepath.Join(d.out, "qd-77.pdf"))})
		run()
		act(w, "outgoing.stamp")
		run()
	}},

	{"certify-empty", settings.Clerk, false, func(_ *testing.T, w *Window, _ *table, run func()) { w.show(certifyScans(w.Frame, nil)); run() }},
	{"certify-bad", settings.Clerk, false, func(_ *testing.T, w *Window, d *table, run func()) { w.open([]string{d.at("quet.pdf")}); run() }},
	{"certify", settings.Clerk, true, func(_ *testing.T, w *Window, d *table, run func()) { w.open([]string{d.at("quet-2.pdf")}); run() }},
	{"certify-several", settings.Clerk, true, func(_ *testing.T, w *Window, d *table, run func()) {
		w.open([]string{d.at("quet-2.pdf"), d.at("quet.pdf")})
		run()
	}},
	{"certify-archive", settings.Archive, true, func(_ *testing.T, w *Window, d *table, run func()) { w.open([]string{d.at("quet-2.pdf")}); run() }},
	{"certify-done", settings.Clerk, true, func(t *testing.T, w *Window, d *table, run func()) {
		w.open([]string{copied(t, d.at("quet-2.pdf"))})
		run()
		act(w, "certify.certify")
		run()
	}},

	{"settings", settings.Check, true, func(_ *testing.T, w *Window, _ *table, run func()) { w.show(setup.New(w.Frame, windowLook{w})); run() }},
	{"settings-office", settings.Check, true, section(1)},
	{"settings-network", settings.Check, true, section(2)},
	{"settings-trust", settings.Check, true, section(3)},
	{"settings-drivers", settings.Check, true, section(4)},
	{"settings-look", settings.Check, true, section(5)},
	{"officer-none", settings.Officer, false, func(_ *testing.T, _ *Window, _ *table, run func()) { run() }},
	{"officer", settings.Officer, true, func(t *testing.T, w *Window, _ *table, run func()) {
		tap(t, w, w.Text("officer.check"))
		run()
	}},
	{"problem", settings.Leader, true, func(_ *testing.T, w *Window, _ *table, _ func()) { w.Problem(token.ErrPINWrong, nil) }},
	{"question", settings.Leader, true, func(_ *testing.T, w *Window, _ *table, _ func()) {
		w.Question(w.Text("window.busy"), w.Text("window.busy-text"), w.Text("window.busy-leave"), w.Text("window.busy-stay"), func(bool) {})
	}},
	{"about", settings.Leader, true, func(_ *testing.T, w *Window, _ *table, _ func()) { w.about() }},
	{"help", settings.Check, false, func(_ *testing.T, w *Window, _ *table, _ func()) { w.Help("check") }},
	{"help-approve", settings.Check, false, func(_ *testing.T, w *Window, _ *table, _ func()) { w.Help("approve") }},
	{"help-problems", settings.Check, false, func(_ *testing.T, w *Window, _ *table, _ func()) { w.Help(help.Problems) }},
}

func nothing(*testing.T, *Window, *table, func()) {}

// section shows a part of the settings.
func section(n int) func(*testing.T, *Window, *table, func()) {
	names := []string{"settings.pictures", "settings.office", "settings.network", "settings.trust", "settings.drivers", "settings.look"}
	return func(t *testing.T, w *Window, _ *table, run func()) {
		w.show(setup.New(w.Frame, windowLook{w}))
		run()
		tap(t, w, w.Text(names[n]))
		run()
	}
}

// tap presses the button with this text.
func tap(t *testing.T, w *Window, text string) {
	t.Helper()
	for _, o := range test.LaidOutObjects(w.Window.Content()) {
		if b, ok := o.(*frame.Button); ok && b.Text == text && b.Visible() {
			b.OnTapped()
			return
		}
	}
	t.Fatalf("no button %q", text)
}

// asks has the PIN of the leader's token asked for, and given up at the end.
func asks(t *testing.T, w *Window, d *table, state token.PINState) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	asker, done := pin.New(w.Frame, pin.Request{Documents: []string{"qd-77.pdf"}, Pages: 2}, func() {}), make(chan struct{})
	card := cardOf(d.leader)
	card.PIN = state
	go func() {
		defer close(done)
		_, _, _ = asker.PIN(ctx, card, d.leader.Cert) // nobody answers
	}()
	appears(t, w)
	t.Cleanup(func() { cancel(); <-done })
}

// copied is a copy of a file in a folder of the test, in which results may be put.
func copied(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	to := filepath.Join(t.TempDir(), filepath.Base(path))
	if err := errors.Join(err, os.WriteFile(to, data, 0o600)); err != nil {
		t.Fatal(err)
	}
	return to
}

// act does the action of the screen with this name.
func act(w *Window, name string) {
	for _, a := range w.screen.Actions() {
		if a.Label == w.Text(name) {
			a.Do()
		}
	}
}

// Every screen fits, speaks one language, has a glyph for each letter, and answers
// while the window is made narrower and wider.
func TestScreens(t *testing.T) {
	d, err := laidTable()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(d.dir) })
	t.Setenv("SANE_CONFIG_DIR", t.TempDir()) // looking for scanners takes seconds
	for _, v := range views() {
		for _, s := range screens {
			t.Run(v.String()+"/"+s.name, func(t *testing.T) {
				t.Setenv("XDG_CONFIG_HOME", t.TempDir()) // a register of its own
				var devices frame.Devices = unplugged{}
				if s.tokens {
					devices = cards{people: []*practice.Identity{d.leader, d.seal}}
				}
				var worker *frame.Runner
				w := shown(t, v, d.settings(v, s.role), devices, func(w *Window, run func()) {
					worker = &w.Worker
					s.open(t, w, d, run)
				})
				inspect(t, v, w)
				if *screenshots == "" && v.language == words.Vietnamese && v.text == 100 { // else it is inspected in every theme
					for _, kind := range []string{look.Dark, look.Contrast} {
						fyne.CurrentApp().Settings().SetTheme(look.New(kind, v.text))
						layOut(w.Content())
						for _, c := range scene(w).faint(kind) {
							t.Error(c)
						}
					}
					watchdog.Least(t, func(timed watchdog.T) { resize(timed, w, worker) })
				}
				if *screenshots != "" {
					save(t, filepath.Join(*screenshots, s.name+"-"+v.String()+".png"), w)
				}
			})
		}
	}
}

// shown is a window after open.
func shown(t *testing.T, v view, s *settings.Settings, devices frame.Devices, open func(*Window, func())) fyne.Window {
	t.Helper()
	a := test.NewTempApp(t)
	if err := speak(v.language); err != nil {
		t.Fatal(err)
	}
	var held []func()
	run := func() {
		for len(held) > 0 {
			next := held[0]
			held = held[1:]
			next()
		}
	}
	f := &frame.Frame{
		Version: cli.Version, Words: v.language, Settings: s, Tokens: devices, Now: time.Now,
		Worker: func(work, done func()) { held = append(held, func() { work(); done() }) },
	}
	w := newWindow(a, f, devices, func(*settings.Settings) {})
	w.Window.Resize(v.size)
	w.Window.Show()
	run()
	open(w, run)
	t.Cleanup(func() { w.screen.Close(); run(); frame.Closed() })
	for range 3 { // heights depend on widths
		layOut(w.Window.Content())
	}
	run() // what was asked for while it was laid out
	if !slices.ContainsFunc(help.Pages(v.language), func(p help.Page) bool { return p.Name == w.screen.HelpPage() }) {
		t.Errorf("F1 opens the page %q, which is none", w.screen.HelpPage())
	}
	return w.Window
}

// resize makes a window narrower and wider, and looks how long each piece of what
// that brings keeps it from answering.
func resize(timed watchdog.T, w fyne.Window, worker *frame.Runner) {
	for _, size := range []fyne.Size{{Width: 1366, Height: 768}, {Width: 1000, Height: 768}, {Width: 1920, Height: 1080}} {
		watchdog.Calls(timed, watchdog.Limit, fmt.Sprintf("a window of %.0f", size.Width), func(do func(func())) {
			*worker = func(work, done func()) {
				do(func() {
					over := make(chan struct{})
					go func() { // on another thread, whose time is not looked at
						defer close(over)
						work()
					}()
					<-over
					done()
				})
			}
			w.Resize(size)
		})
	}
}

// layOut lays out what has grown, as a real window does before each frame.
func layOut(o fyne.CanvasObject) {
	switch o := o.(type) {
	case *fyne.Container:
		if o.Layout != nil {
			o.Layout.Layout(o.Objects, o.Size())
		}
		for _, child := range o.Objects {
			layOut(child)
		}
	case fyne.Widget:
		r := test.WidgetRenderer(o)
		r.Layout(o.Size())
		for _, child := range r.Objects() {
			layOut(child)
		}
	}
}

func save(t *testing.T, path string, w fyne.Window) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	h, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := png.Encode(h, captured(w)); err != nil {
		t.Fatal(err)
	}
}
