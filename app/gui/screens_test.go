package gui

import (
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"antin/app/gui/check"
	"antin/app/gui/frame"
	"antin/app/gui/help"
	"antin/app/gui/incoming"
	"antin/app/gui/look"
	"antin/app/gui/setup"
	"antin/app/words"
	"antin/signer/practice"
	"antin/signer/render"
	"antin/signer/settings"

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

// screens are all that the window can show. open brings it there; run does the
// work that waits.
var screens = []struct {
	name string
	role settings.Role
	open func(w *Window, dir string, run func())
}{
	{"first-start", settings.NoChoice, func(*Window, string, func()) {}},
	{"tour", settings.NoChoice, func(w *Window, _ string, _ func()) { w.setRole(settings.Check) }},
	{"home", settings.Check, func(*Window, string, func()) {}},
	{"check-empty", settings.Check, func(w *Window, _ string, run func()) { w.show(check.New(w.Frame, nil, nil)); run() }},
	{"check", settings.Check, func(w *Window, dir string, run func()) {
		w.show(check.New(w.Frame, []string{dir}, nil))
		run()
	}},
	{"check-changes", settings.Check, func(w *Window, dir string, run func()) {
		w.show(check.New(w.Frame, []string{filepath.Join(dir, "bi-sua.pdf")}, nil))
		run()
		act(w, "check.see-changes")
		run()
	}},
	{"check-notice", settings.Check, func(w *Window, dir string, run func()) {
		w.show(check.New(w.Frame, []string{filepath.Join(dir, "bi-sua.pdf")}, nil))
		run()
		act(w, "check.write-notice")
	}},
	{"approve", settings.Leader, func(w *Window, dir string, run func()) { w.open([]string{filepath.Join(dir, "chua-ky.pdf")}); run() }},
	{"issue", settings.Clerk, func(w *Window, dir string, run func()) { w.open([]string{filepath.Join(dir, "quyet-dinh.pdf")}); run() }},
	{"certify", settings.Clerk, func(w *Window, dir string, run func()) {
		w.open([]string{filepath.Join(filepath.Dir(dir), "quet.pdf")})
		run()
	}},
	{"certify-archive", settings.Archive, func(w *Window, dir string, run func()) {
		w.open([]string{filepath.Join(filepath.Dir(dir), "quet-2.pdf")})
		run()
	}},
	{"certify-none", settings.Clerk, func(w *Window, _ string, run func()) { w.show(certifyScans(w.Frame, nil)); run() }},
	{"settings", settings.Check, func(w *Window, _ string, run func()) { w.show(setup.New(w.Frame, windowLook{w})); run() }},
	{"officer", settings.Officer, func(_ *Window, _ string, run func()) { run() }},
	{"help", settings.Check, func(w *Window, _ string, _ func()) { w.Help("check") }},
	{"help-problems", settings.Check, func(w *Window, _ string, _ func()) { w.Help(help.Problems) }},
}

// act does the action of the screen with this name.
func act(w *Window, name string) {
	for _, a := range w.screen.Actions() {
		if a.Label == w.Text(name) {
			a.Do()
		}
	}
}

// documents are made once for all pictures.
var documents = sync.OnceValues(func() ([2]string, error) {
	dir, err := os.MkdirTemp("", "antin-screens-")
	if err != nil {
		return [2]string{}, err
	}
	out := [2]string{filepath.Join(dir, "vb"), filepath.Join(dir, "pki")}
	for _, d := range out {
		if err := os.Mkdir(d, 0o700); err != nil {
			return out, err
		}
	}
	for name, pages := range map[string][]practice.ScanOptions{
		"quet.pdf":   {{DPI: 100, Lines: 6}, {DPI: 200, Skew: 3, Lines: 6}},
		"quet-2.pdf": {{DPI: 200, Lines: 8}},
	} {
		pdf, err := practice.ScanPDF(pages...)
		if err != nil {
			return out, err
		}
		if err := os.WriteFile(filepath.Join(dir, name), pdf, 0o600); err != nil {
			return out, err
		}
	}
	return out, incoming.Make(out[0], out[1])
})

// Every screen fits, speaks one language, and has a glyph for each letter.
func TestScreens(t *testing.T) {
	made, err := documents()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(filepath.Dir(made[0])) })
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv("SANE_CONFIG_DIR", t.TempDir()) // looking for scanners takes seconds
	for _, v := range views() {
		for _, s := range screens {
			t.Run(v.String()+"/"+s.name, func(t *testing.T) {
				w := shown(t, v, s.role, made[1], func(w *Window, run func()) { s.open(w, made[0], run) })
				inspect(t, v, w)
				if *screenshots != "" {
					save(t, filepath.Join(*screenshots, s.name+"-"+v.String()+".png"), w)
				}
			})
		}
	}
}

// shown is a window after open, the help's where that has opened.
func shown(t *testing.T, v view, role settings.Role, pki string, open func(*Window, func())) fyne.Window {
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
	s := &settings.Settings{
		Role: role, Language: string(v.language), Trust: []string{pki}, Window: settings.Window{Theme: v.theme, TextSize: v.text},
		Recent: []settings.Recent{{Path: "/vb/quyet-dinh.pdf", State: string(frame.Checked), At: "2026-11-28T09:12:00+07:00"}},
	}
	f := &frame.Frame{
		Words: v.language, Settings: s, Tokens: unplugged{}, Now: time.Now,
		Worker: func(work, done func()) { held = append(held, func() { work(); done() }) },
	}
	w := newWindow(a, f, unplugged{}, func(*settings.Settings) {})
	w.Window.Resize(v.size)
	w.Window.Show()
	run()
	open(w, run)
	t.Cleanup(func() { w.screen.Close(); w.help.Close(); run() })
	for _, other := range a.Driver().AllWindows() {
		if other != w.Window && other.Title() == w.Text("guide.title") {
			other.Resize(fyne.NewSize(980, 680))
			return other
		}
	}
	return w.Window
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
	if err := png.Encode(h, w.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}
