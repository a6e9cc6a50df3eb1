package check_test

import (
	"context"
	"errors"
	"image"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"antin/app/gui/check"
	"antin/app/gui/frame"
	"antin/app/gui/look"
	"antin/app/gui/reader"
	"antin/app/words"
	"antin/signer/pdffile"
	"antin/signer/report"
	"antin/signer/settings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// fake is an office whose answers are given by the test.
type fake struct {
	opening   error
	trusting  bool
	answers   map[string]*check.Found // by file name; a missing one is an error
	passwords map[string]string
	asked     []check.Request
	said      map[string]report.Role
	saved     map[string]string // name → content
	saveErr   error
	extracted []int
}

func newFake(answers map[string]*check.Found) *fake {
	return &fake{trusting: true, answers: answers, said: map[string]report.Role{}, saved: map[string]string{}}
}

func (f *fake) Open(context.Context) error { return f.opening }
func (f *fake) Trusting() bool             { return f.trusting }

func (f *fake) Examine(ctx context.Context, q check.Request) (*check.Found, error) {
	f.asked = append(f.asked, q)
	name := filepath.Base(q.Path)
	if p, locked := f.passwords[name]; locked && p != q.Password {
		return &check.Found{Document: report.Unread(name, 9, pdffile.ErrPassword, time.Now())}, nil
	}
	found := f.answers[name]
	if found == nil {
		return nil, os.ErrPermission
	}
	return found, ctx.Err()
}

func (f *fake) Extract(_ context.Context, q check.Request, n int) (string, error) {
	f.extracted = append(f.extracted, n)
	return q.Path + ".ky.pdf", nil
}

func (f *fake) Differences(context.Context, check.Request, int64, int) ([]pdffile.Box, error) {
	return nil, errors.New("no pictures here")
}
func (f *fake) Reader() reader.Options { return reader.Options{} }

func (f *fake) Say(role report.Role, fingerprint string) error {
	f.said[fingerprint] = role
	return nil
}

func (f *fake) Save(near, name string, write func(io.Writer) error) (string, error) {
	if f.saveErr != nil {
		return "", f.saveErr
	}
	var b strings.Builder
	err := write(&b)
	f.saved[name] = b.String()
	return filepath.Join(filepath.Dir(near), name), err
}

// window is a screen in a window of the test driver. Work is held back until run.
type window struct {
	fyne.Window
	screen *check.Screen
	frame  *frame.Frame
	held   []func()
	chosen []string
	shown  []string // files and folders that the system was asked to show
	recent map[string]frame.RecentState
}

// run does all work that waits, and what that brings.
func (w *window) run() {
	for w.step() {
	}
}

// step does one piece of work.
func (w *window) step() bool {
	if len(w.held) == 0 {
		return false
	}
	next := w.held[0]
	w.held = w.held[1:]
	next()
	return true
}

func open(t *testing.T, l words.Language, office check.Office, paths ...string) *window {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(look.New(look.Light, 100))
	w := &window{Window: test.NewTempWindow(t, nil), recent: map[string]frame.RecentState{}}
	w.frame = &frame.Frame{
		Window: w.Window, Words: l, Settings: &settings.Settings{}, Now: func() time.Time { return time.Date(2026, 11, 28, 9, 30, 0, 0, time.UTC) },
		Worker: func(work, done func()) { w.held = append(w.held, func() { work(); done() }) },
		Recent: func(path string, s frame.RecentState) { w.recent[filepath.Base(path)] = s },
		Choose: func(_ string, _ []string, _ bool, chosen func([]string)) { chosen(w.chosen) },
		Folder: func(path string) { w.shown = append(w.shown, path) }, Document: func(path string) { w.shown = append(w.shown, path) },
	}
	w.screen = check.New(w.frame, paths, office)
	w.SetContent(w.screen.Content())
	w.Resize(fyne.NewSize(1366, 768))
	t.Cleanup(w.screen.Close)
	return w
}

// texts are the texts that can be seen now, dialogs included.
func (w *window) texts() []string {
	var out []string
	roots := []fyne.CanvasObject{w.Content()}
	if top := w.Canvas().Overlays().Top(); top != nil {
		roots = append(roots, top)
	}
	for _, root := range roots {
		walk(root, func(o fyne.CanvasObject) {
			switch o := o.(type) {
			case *widget.Label:
				out = append(out, o.Text)
			case *frame.Button:
				out = append(out, o.Text)
			case *widget.RichText:
				out = append(out, o.String())
			case *frame.Entry:
				out = append(out, o.Text)
			}
		})
	}
	return out
}

// sees tells whether a text can be seen, as a part of another or whole.
func (w *window) sees(part string) bool {
	return slices.ContainsFunc(w.texts(), func(s string) bool { return strings.Contains(s, part) })
}

func (w *window) mustSee(t *testing.T, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !w.sees(p) {
			t.Errorf("nothing says %q, only:\n%s", p, strings.Join(w.texts(), "\n"))
		}
	}
}

// press taps the visible button with these words.
func (w *window) press(t *testing.T, label string) {
	t.Helper()
	b := w.button(label)
	if b == nil || b.Disabled() {
		t.Fatalf("no button %q to press, only:\n%s", label, strings.Join(w.texts(), "\n"))
	}
	test.Tap(b)
}

func (w *window) button(label string) (found *frame.Button) {
	roots := []fyne.CanvasObject{w.Content()}
	if top := w.Canvas().Overlays().Top(); top != nil {
		roots = append(roots, top)
	}
	for _, root := range roots {
		walk(root, func(o fyne.CanvasObject) {
			if b, ok := o.(*frame.Button); ok && b.Text == label {
				found = b
			}
		})
	}
	return found
}

// walk visits everything that is shown below o.
func walk(o fyne.CanvasObject, do func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	do(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			walk(child, do)
		}
	case *container.Scroll:
		walk(o.Content, do)
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			walk(child, do)
		}
	}
}

// picture writes what the window shows, for a person to look at.
func (w *window) picture() image.Image { return w.Canvas().Capture() }
