package gui

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"antin/app/gui/frame"
	"antin/app/gui/look"
	"antin/app/words"
	"antin/assets"
	"antin/signer"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/image/font/sfnt"
)

// unplugged is a machine without tokens.
type unplugged struct{}

func (unplugged) State() frame.TokenState                       { return frame.TokenState{Problem: token.ErrNoToken} }
func (unplugged) Listen(func()) func()                          { return func() {} }
func (unplugged) Key(string, signer.PINFunc) (frame.Key, error) { return nil, token.ErrNoToken }
func (unplugged) Modules() []signer.ModuleState                 { return nil }
func (unplugged) Look()                                         {}
func (unplugged) ChangePIN(context.Context, token.Token, []byte, []byte, ...token.LoginOption) error {
	return token.ErrNoToken
}

// inspect complains of what is clipped, in the wrong language or without a glyph.
func inspect(t *testing.T, v view, w fyne.Window) {
	t.Helper()
	roots := []fyne.CanvasObject{w.Content()}
	if top := w.Canvas().Overlays().Top(); top != nil { // it covers what is behind
		roots = []fyne.CanvasObject{top}
	}
	texts := 0
	for _, root := range roots {
		visit(root, fyne.NewPos(0, 0), w.Canvas().Size().Width, false, func(o fyne.CanvasObject, at fyne.Position, right float32, scrolled bool) {
			switch o := o.(type) {
			case *canvas.Text:
				texts++
				end := at.X + o.MinSize().Width
				if root != w.Content() { // the toolkit gives a dialog's title a label that is too narrow and draws it whole
					right = w.Canvas().Size().Width
				}
				if o.Alignment != fyne.TextAlignLeading { // aligned within its own size
					right, end = o.Size().Width, o.MinSize().Width
				}
				if len([]rune(strings.TrimSpace(o.Text))) > 1 && end > right+1 { // a full stop behind a wrapped word is measured wrongly by the toolkit
					t.Errorf("%q is clipped: it ends at %.0f, its room at %.0f", o.Text, end, right)
				}
				glyphs(t, o.Text)
				language(t, v, o.Text)
			case *widget.Button, *frame.Button, *widget.Select, *frame.Select, *widget.Check, *frame.Check:
				if min, size := o.MinSize(), o.Size(); min.Width > size.Width+1 || min.Height > size.Height+1 {
					t.Errorf("%T at %v is clipped: needs %v, has %v", o, at, min, size)
				}
				if h := o.Size().Height; h > 0 && h < look.Target-1 { // 0: not laid out yet
					t.Errorf("%T at %v is %.1f high: not everybody can hit it", o, at, h)
				}
				if end := at.Add(o.Size()); !scrolled && (end.X > w.Canvas().Size().Width+1 || end.Y > w.Canvas().Size().Height+1) {
					t.Errorf("%T ends at %v, beyond the window", o, end)
				}
			}
		})
	}
	if texts < 3 {
		t.Errorf("%d texts were looked at", texts)
	}
}

// visit calls do for everything that is shown below o, with its place in the
// window, the right edge of the widget that it is part of, and whether it stands in
// something that scrolls.
func visit(o fyne.CanvasObject, at fyne.Position, right float32, scrolled bool, do func(o fyne.CanvasObject, at fyne.Position, right float32, scrolled bool)) {
	if !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	do(o, at, right, scrolled)
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			visit(child, at, right, scrolled, do)
		}
	case fyne.Widget:
		_, isScroll := o.(*container.Scroll)
		for _, child := range test.WidgetRenderer(o).Objects() {
			visit(child, at, at.X+o.Size().Width, scrolled || isScroll, do)
		}
	}
}

// fonts are those that the toolkit draws with.
var fonts = sync.OnceValues(func() ([]*sfnt.Font, error) {
	var out []*sfnt.Font
	for _, r := range []fyne.Resource{theme.DefaultTheme().Font(fyne.TextStyle{}), theme.DefaultTheme().Font(fyne.TextStyle{Symbol: true}), theme.DefaultTextMonospaceFont()} {
		f, err := sfnt.Parse(r.Content())
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
})

func glyphs(t *testing.T, text string) {
	t.Helper()
	all, err := fonts()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range text {
		found := r == '\n' || r == '\t'
		for _, f := range all {
			var b sfnt.Buffer
			if i, err := f.GlyphIndex(&b, r); err == nil && i != 0 {
				found = true
			}
		}
		if !found {
			t.Errorf("%q: the theme's fonts have no glyph for %q", text, r)
		}
	}
}

var latin = regexp.MustCompile(`[\p{L}\p{M}]+`)

// path is the name of a file, or a part of one that is told in several lines.
var path = regexp.MustCompile(`\S*[/\\]\S*|\S+\.(pdf|png)`)

// vocabulary are the words of a language's messages, help and record.
func vocabulary(l words.Language) map[string]bool {
	out := map[string]bool{}
	take := func(text string) {
		for _, w := range latin.FindAllString(strings.ToLower(text), -1) {
			out[w] = true
		}
	}
	m := assets.MessagesIn(string(l))
	for _, text := range m.Texts {
		take(string(text))
	}
	for _, p := range m.Problems {
		take(string(p.What) + " " + string(p.Why))
		for _, step := range append(p.Next, p.Window...) {
			take(string(step))
		}
	}
	pages, _ := filepath.Glob("../../assets/help/" + string(l) + "/*.md")
	for _, page := range pages {
		b, err := os.ReadFile(page)
		if err != nil {
			panic(err)
		}
		take(string(b))
	}
	if l == words.Vietnamese {
		take(string(assets.Report("vi.json")))
	}
	return out
}

var vietnamese, english = sync.OnceValue(func() map[string]bool { return vocabulary(words.Vietnamese) }), sync.OnceValue(func() map[string]bool { return vocabulary(words.English) })

// language complains of words that only the English messages have.
func language(t *testing.T, v view, text string) {
	t.Helper()
	if v.language != words.Vietnamese {
		return
	}
	for _, w := range latin.FindAllString(strings.ToLower(path.ReplaceAllString(text, "")), -1) {
		if len(w) > 2 && english()[w] && !vietnamese()[w] {
			t.Errorf("%q: %q is English", text, w)
		}
	}
}
