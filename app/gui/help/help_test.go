package help

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"antin/app/cli"
	"antin/app/gui/frame"
	"antin/app/gui/look"
	"antin/app/words"
	"antin/assets"
	"antin/signer/settings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

var languages = []words.Language{words.Vietnamese, words.English}

// Every page exists in both languages; its links lead to pages, its pictures are
// there, and the commands that it names can be given.
func TestPages(t *testing.T) {
	for _, l := range languages {
		pages := Pages(l)
		if len(pages) != len(order) {
			t.Errorf("%s: %d pages, want %d", l, len(pages), len(order))
		}
		for _, p := range pages {
			if p.Title == "" || !strings.HasPrefix(p.Text, "# ") {
				t.Errorf("%s: %s has no title", l, p.Name)
			}
			for _, m := range regexp.MustCompile(`(!?)\[[^\]]+\]\(([^)]+)\)`).FindAllStringSubmatch(p.Text, -1) {
				_, isPicture := assets.Picture(string(l), m[2])
				if m[1] == "!" && (!isPicture || !picture.MatchString(m[0])) {
					t.Errorf("%s: %s shows %q, which is not in assets/pictures", l, p.Name, m[2])
				}
				if m[1] == "" && !slices.Contains(order, m[2]) {
					t.Errorf("%s: %s links to %q, which is no page", l, p.Name, m[2])
				}
			}
			if strings.Count(p.Text, "`")%2 != 0 {
				t.Errorf("%s: %s: a backquote is alone", l, p.Name)
			}
			for _, m := range regexp.MustCompile("`antin ([a-z]+)[^`]*`").FindAllStringSubmatch(p.Text, -1) {
				var out, trouble bytes.Buffer
				env := cli.Env{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &trouble, Getenv: func(string) string { return "" }}
				if code := cli.Run(context.Background(), []string{"help", m[1]}, env); code != 0 {
					t.Errorf("%s: %s names the command %q: %s", l, p.Name, m[1], trouble.String())
				}
			}
		}
	}
}

// What a page names in slanted letters, a button or a menu, is on the screens with
// the same words.
func TestWordsOfTheScreens(t *testing.T) {
	slanted := regexp.MustCompile(`(?:^|[^*])\*(\p{Lu}[^*\n]*)\*(?:[^*]|$)`)
	for _, l := range languages {
		known := map[string]bool{"Tự chọn": true} // the name of a layout
		for _, text := range assets.MessagesIn(string(l)).Texts {
			known[strings.TrimRight(string(text), "…")] = true
		}
		named := 0
		for _, p := range Pages(l) {
			for _, m := range slanted.FindAllStringSubmatch(p.Text, -1) {
				if named++; !known[m[1]] {
					t.Errorf("%s: %s names %q, which is on no screen", l, p.Name, m[1])
				}
			}
		}
		if named < 8 {
			t.Errorf("%s: %d words of the screens are named", l, named)
		}
	}
}

// Every code has its place on the page of problems, with what to do.
func TestProblemsAreAllThere(t *testing.T) {
	for _, l := range languages {
		page := problems(l)
		for code, p := range assets.MessagesIn(string(l)).Problems {
			if !strings.Contains(page, "## "+code+"\n\n**"+string(p.What)+"**") {
				t.Errorf("%s: %s is missing", l, code)
			}
		}
	}
}

// Keys that the help names do something in the window.
func TestKeysExist(t *testing.T) {
	source := sources(t)
	for _, l := range languages {
		texts := map[string]string{}
		for _, p := range Pages(l) {
			texts[p.Name] = p.Text
		}
		for role, steps := range tours {
			for _, s := range steps {
				texts[string(role)+" "+s.text] = l.Text(s.text)
			}
		}
		for name, text := range texts {
			for _, m := range regexp.MustCompile(`\*\*((?:Ctrl\+|Alt\+)?)(F\d+|PageUp|PageDown|Home|[A-Z0-9])\*\*`).FindAllStringSubmatch(text, -1) {
				pattern := `fyne\.Key` + m[2] + `\b`
				if m[1] != "" {
					pattern += `(, Modifier|, r\.)` // an action of a screen, or of the reader, whose keys go with Ctrl
				}
				if !regexp.MustCompile(pattern).MatchString(source) {
					t.Errorf("%s: %s names the key %s%s, which does nothing", l, name, m[1], m[2])
				}
			}
		}
	}
}

// sources are the Go files of the window.
func sources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir("..", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		all.Write(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func newFrame(t *testing.T) *frame.Frame {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Light, 100))
	w := test.NewTempWindow(t, widget.NewLabel(""))
	w.Resize(fyne.NewSize(1366, 768))
	return &frame.Frame{
		Window: w, Words: words.Vietnamese, Settings: &settings.Settings{}, Now: time.Now,
		Worker: func(work, done func()) { work(); done() }, Save: func() error { return nil },
	}
}

// The help opens at the page of the screen, finds, follows and goes back.
func TestViewer(t *testing.T) {
	v := New(newFrame(t))
	v.Open("check")
	if v.current != "check" || !v.back.Disabled() {
		t.Fatalf("opened at %q", v.current)
	}
	test.Type(v.question, "KS-110")
	if len(v.found) != 1 || v.found[0].Name != Problems {
		t.Fatalf("found %v", v.found)
	}
	v.question.OnSubmitted("")
	if v.current != Problems {
		t.Errorf("at %q", v.current)
	}
	test.Tap(v.back)
	if v.current != "check" {
		t.Errorf("back at %q", v.current)
	}
	v.question.SetText("")
	var links []*widget.HyperlinkSegment
	walkLinks(v.body, func(s *widget.HyperlinkSegment) { links = append(links, s) })
	if len(links) == 0 {
		t.Fatal("the page has no links")
	}
	links[0].OnTapped()
	if v.current != "offline" {
		t.Errorf("the link %q leads to %q", links[0].Text, v.current)
	}
	v.Key(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	v.Key(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if v.IsOpen() {
		t.Error("Escape does not close the help")
	}
	v.Open("no such page")
	if v.current != Home {
		t.Errorf("opened at %q", v.current)
	}
}

// Whoever goes to and fro between a page and his work reads on where he was; for
// other work, and in another language, the help begins anew.
func TestReadingOn(t *testing.T) {
	v := New(newFrame(t))
	v.Open("check")
	v.follow(Problems)
	v.Key(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	v.Key(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	left := v.page.Offset
	if left.Y == 0 {
		t.Fatal("the page does not scroll")
	}
	v.Key(&fyne.KeyEvent{Name: fyne.KeyF1})
	v.Open("check")
	if v.current != Problems || v.page.Offset != left || v.back.Disabled() {
		t.Errorf("back at %q, %v, want %q, %v", v.current, v.page.Offset, Problems, left)
	}
	v.Close()
	v.Open("copy")
	if v.current != "copy" || v.page.Offset.Y != 0 || !v.back.Disabled() {
		t.Errorf("for other work: %q, %v", v.current, v.page.Offset)
	}
	v.Forget()
	if v.IsOpen() {
		t.Error("still open")
	}
	v.Open("copy")
	if v.current != "copy" {
		t.Errorf("at %q", v.current)
	}
}

func walkLinks(o fyne.CanvasObject, do func(*widget.HyperlinkSegment)) {
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			walkLinks(child, do)
		}
	case *widget.RichText:
		for _, s := range o.Segments {
			if l, ok := s.(*widget.HyperlinkSegment); ok {
				do(l)
			}
		}
	}
}

// A role's tour is shown once; skipping counts.
func TestTour(t *testing.T) {
	for role, steps := range tours {
		if n := len(steps); n < 3 || n > 5 {
			t.Errorf("%s: %d steps, want 3 to 5", role, n)
		}
		for _, s := range steps {
			for _, l := range languages {
				_, drawn := assets.Picture(string(l), s.picture)
				if _, placed := assets.PicturePlaces()[string(l)][s.picture][s.part]; !drawn || !placed {
					t.Errorf("%s: no picture %s/%s that shows where %q is", role, l, s.picture, s.part)
				}
			}
		}
	}
	for _, c := range []struct{ press string }{{"Bỏ qua"}, {"Tiếp"}} {
		f := newFrame(t)
		over := 0
		Tour(f, settings.Check, func() { over++ })
		for over == 0 && f.Window.Canvas().Overlays().Top() != nil {
			label := c.press
			if button(f.Window, label) == nil {
				label = "Bắt đầu làm việc"
			}
			test.Tap(button(f.Window, label))
		}
		if over != 1 || !slices.Equal(f.Settings.Window.ToursSeen, []settings.Role{settings.Check}) {
			t.Errorf("%s: over %d times, seen %v", c.press, over, f.Settings.Window.ToursSeen)
		}
		Tour(f, settings.Check, func() { over++ })
		if over != 2 || f.Window.Canvas().Overlays().Top() != nil {
			t.Errorf("%s: shown twice", c.press)
		}
	}
}

func button(w fyne.Window, label string) (found *frame.Button) {
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if b, ok := o.(*frame.Button); ok && b.Text == label {
			found = b
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, child := range o.Objects {
				walk(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				walk(child)
			}
		}
	}
	walk(w.Canvas().Overlays().Top())
	return found
}
