package gui

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"antin/app/gui/frame"
	"antin/app/words"
	"antin/assets"
	"antin/signer"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
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

// inspect complains of what is clipped or covered, too small to hit, hard to read,
// in the wrong language, without a glyph, or out of reach of the keyboard.
func inspect(t *testing.T, v view, w fyne.Window) {
	t.Helper()
	for _, c := range complaints(t, v, w) {
		t.Error(c)
	}
}

func complaints(t *testing.T, v view, w fyne.Window) []string {
	t.Helper()
	s := scene(w)
	all := slices.Concat(s.clipped(), s.covered(), s.hidden(), s.small(), s.faint(v.theme), s.unreached(w))
	for _, x := range s.texts {
		all = append(all, glyphs(t, x.text.Text)...)
		if strings.ContainsAny(x.text.Text, frame.SignGood+frame.SignWarning+frame.SignBad) {
			all = append(all, fmt.Sprintf("%q: a sign that is a letter, not a picture", x.text.Text))
		}
		if oneOfMany.MatchString(x.text.Text) {
			all = append(all, fmt.Sprintf("%q: one of them in the plural", x.text.Text))
		}
		if v.language == words.Vietnamese || !inEntry(x) { // in a line stands what a Vietnamese document says
			all = append(all, language(v, x.text.Text)...)
		}
	}
	if len(s.texts) < 3 {
		all = append(all, fmt.Sprintf("%d texts were looked at", len(s.texts)))
	}
	return all
}

// oneOfMany is a count of one before an English plural.
var oneOfMany = regexp.MustCompile(`(?i)(^|[^/\d.,])1 (copies|days|documents|files|pages|rows|scans|signatures)\b`)

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

func glyphs(t *testing.T, text string) (complaints []string) {
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
			complaints = append(complaints, fmt.Sprintf("%q: the theme's fonts have no glyph for %q", text, r))
		}
	}
	return complaints
}

var latin = regexp.MustCompile(`[\p{L}\p{M}]+`)

// unspoken are texts without a language: the name of a file, or a part of one that
// is told in several lines, and hexadecimal numbers and digests, which have other
// letters at each run.
var unspoken = regexp.MustCompile(`\S*[/\\]\S*|\S+\.(pdf|png)|\b[0-9a-f]{4}( [0-9a-f]{4})+\b|\b[0-9a-fA-F]*\d[0-9a-fA-F]*\b`)

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

// namesTold are words that a document or certificate of the pictures has, whatever the
// language of the window.
var namesTold = sync.OnceValue(func() map[string]bool {
	out, text := map[string]bool{}, words.Vietnamese.Text
	for _, s := range []string{
		text("demo.leader"), text("demo.organisation"), text("demo.unit"), "Thực hành", "CA THỰC HÀNH phục vụ các cơ quan", "không có giá trị pháp lý",
		"CHỦ TỊCH", "SAO Y SAO LỤC TRÍCH SAO", "Về việc kiện toàn Ban Chỉ đạo chuyển đổi số xã Bình Minh",
		"Văn bản hành chính theo Nghị định về công tác văn thư", // the name of a layout is that of its law
	} {
		for _, w := range latin.FindAllString(strings.ToLower(s), -1) {
			out[w] = true
		}
	}
	return out
})

// language complains of words that only the messages in the other language have.
func language(v view, text string) (complaints []string) {
	own, foreign, name := vietnamese(), english(), "English"
	if v.language == words.English {
		own, foreign, name = foreign, own, "Vietnamese"
	}
	for _, w := range latin.FindAllString(strings.ToLower(unspoken.ReplaceAllString(text, "")), -1) {
		if len(w) > 2 && foreign[w] && !own[w] && !namesTold()[w] {
			complaints = append(complaints, fmt.Sprintf("%q: %q is %s", text, w, name))
		}
	}
	return complaints
}
