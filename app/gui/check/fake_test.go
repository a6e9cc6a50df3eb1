package check_test

import (
	"context"
	"errors"
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
	"antin/signer/verify"

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
	return openWith(t, l, office, &settings.Settings{}, paths...)
}

func openWith(t *testing.T, l words.Language, office check.Office, s *settings.Settings, paths ...string) *window {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(look.New(look.Light, 100))
	w := &window{Window: test.NewTempWindow(t, nil), recent: map[string]frame.RecentState{}}
	w.frame = &frame.Frame{
		Window: w.Window, Words: l, Settings: s, Now: func() time.Time { return time.Date(2026, 11, 28, 9, 30, 0, 0, time.UTC) },
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

// texts are all that can be read now.
func (w *window) texts() string {
	out := textOf(w.Content())
	if top := w.Canvas().Overlays().Top(); top != nil {
		out += "\n" + textOf(top)
	}
	return out
}

func (w *window) mustSee(t *testing.T, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(w.texts(), p) {
			t.Errorf("nothing says %q, only:\n%s", p, w.texts())
		}
	}
}

// press taps the visible button with these words.
func (w *window) press(t *testing.T, label string) {
	t.Helper()
	b := w.buttons(label)
	if len(b) == 0 || b[0].Disabled() {
		t.Fatalf("no button %q to press, only:\n%s", label, w.texts())
	}
	test.Tap(b[0])
}

func (w *window) buttons(label string) (found []*frame.Button) {
	w.each(func(o fyne.CanvasObject) {
		if b, ok := o.(*frame.Button); ok && b.Text == label {
			found = append(found, b)
		}
	})
	return found
}

func (w *window) entry(fits func(*frame.Entry) bool) (found *frame.Entry) {
	w.each(func(o fyne.CanvasObject) {
		if e, ok := o.(*frame.Entry); ok && fits(e) {
			found = e
		}
	})
	return found
}

func (w *window) list() (found *frame.List) {
	w.each(func(o fyne.CanvasObject) {
		if l, ok := o.(*frame.List); ok {
			found = l
		}
	})
	return found
}

// each visits everything that is shown, dialogs included.
func (w *window) each(do func(fyne.CanvasObject)) {
	walk(w.Content(), do)
	if top := w.Canvas().Overlays().Top(); top != nil {
		walk(top, do)
	}
}

// textOf is all text below o.
func textOf(o fyne.CanvasObject) string {
	var out []string
	walk(o, func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *widget.Label:
			out = append(out, o.Text)
		case *frame.Button:
			out = append(out, o.Text)
		case *widget.RichText:
			for _, part := range o.Segments {
				out = append(out, part.Textual())
			}
		case *frame.Entry:
			out = append(out, o.Text)
		case *frame.Line:
			out = append(out, o.Said())
		}
	})
	return strings.Join(out, "\n")
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

// choose takes an entry of a select.
func (w *window) choose(t *testing.T, option string) {
	t.Helper()
	done := false
	w.each(func(o fyne.CanvasObject) {
		if s, ok := o.(*frame.Select); ok && !done && slices.Contains(s.Options, option) {
			done = true
			s.SetSelected(option)
		}
	})
	if !done {
		t.Fatalf("nothing to choose %q from", option)
	}
}

// signed is a report with one signature.
func signed() *verify.Report {
	return &verify.Report{Signatures: []verify.Signature{{Kind: verify.Approval, Indication: verify.Indeterminate, SubIndication: verify.TryLater}}}
}
