package cli

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"antin/app/words"
	"antin/signer"
	"antin/signer/pdffile"

	"github.com/google/go-cmp/cmp"
)

func testCommand() (*command, *bytes.Buffer, *bytes.Buffer) {
	var out, messages bytes.Buffer
	return &command{Env: Env{strings.NewReader(""), &out, &messages, func(string) string { return "" }}, words: words.English}, &out, &messages
}

func TestFlagsStandAnywhere(t *testing.T) {
	c, _, _ := testCommand()
	for _, x := range []struct {
		args  string
		files []string
		a     string
		b     bool
	}{
		{"x.pdf y.pdf", []string{"x.pdf", "y.pdf"}, "", false},
		{"--a 1 x.pdf --b y.pdf", []string{"x.pdf", "y.pdf"}, "1", true},
		{"x.pdf -a=1", []string{"x.pdf"}, "1", false},
		{"x.pdf -- --b y.pdf", []string{"x.pdf", "--b", "y.pdf"}, "", false},
		{"--b -- --a", []string{"--a"}, "", true},
		{"--a - x.pdf", []string{"x.pdf"}, "-", false},
		{"--b=false x.pdf -", []string{"x.pdf", "-"}, "", false},
	} {
		f := c.flags("test")
		a, b := f.String("a", "", ""), f.Bool("b", false, "")
		files, err := f.parse(strings.Fields(x.args))
		if err != nil {
			t.Errorf("%s: %v", x.args, err)
		}
		if diff := cmp.Diff(x.files, files); diff != "" || *a != x.a || *b != x.b {
			t.Errorf("%s: a=%q b=%v\n%s", x.args, *a, *b, diff)
		}
	}
}

func TestValues(t *testing.T) {
	c, _, _ := testCommand()
	var place, corner *signer.Place
	var slots []signer.Slot
	var day, moment time.Time
	var mm float64
	var wait time.Duration
	f := c.flags("test")
	f.place("place", &place)
	f.corner("corner", &corner)
	f.slot("slot", signer.DatePart, &slots)
	f.day("day", &day)
	f.moment("moment", &moment)
	f.millimetres("mm", &mm)
	f.duration("wait", &wait)
	if err := f.none(strings.Fields("--place 2,10,20.5,30,40 --corner 1,7,8 --slot 1,2,3,4,5,14 --day 9/2/2026 --moment 2026-11-22 --mm 36,5 --wait 90s")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&signer.Place{Page: 2, Box: pdffile.Box{X: 10, Y: 20.5, W: 30, H: 40}}, place); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(&signer.Place{Page: 1, Box: pdffile.Box{X: 7, Y: 8}}, corner); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]signer.Slot{{Place: signer.Place{Page: 1, Box: pdffile.Box{X: 2, Y: 3, W: 4, H: 5}}, Size: 14, Part: signer.DatePart}}, slots); diff != "" {
		t.Error(diff)
	}
	if want := time.Date(2026, 2, 9, 0, 0, 0, 0, vietnam); !day.Equal(want) {
		t.Errorf("day %v, want %v", day, want)
	}
	if want := time.Date(2026, 11, 22, 23, 59, 59, 0, vietnam); !moment.Equal(want) {
		t.Errorf("moment %v, want %v", moment, want)
	}
	if mm != 36.5 || wait != 90*time.Second {
		t.Errorf("%v mm, %v", mm, wait)
	}
	if err := f.none([]string{"--place", "auto"}); err != nil || place != nil {
		t.Errorf("auto: %v, %v", place, err)
	}
	for _, wrong := range []string{
		"--place 1,2,3", "--place 0,1,2,3,4", "--place 1.5,1,2,3,4", "--place 1,-1,2,3,4", "--place 1,NaN,2,3,4", "--place 1,1e9,2,3,4",
		"--corner 1,2,3,4,5", "--slot 1,2,3,4", "--day 30/2/2026", "--day 2026", "--moment 12:00", "--mm 0", "--mm NaN", "--wait 0s", "--wait 2h", "--wait x",
	} {
		name, value, _ := strings.Cut(wrong, " ")
		var usage *usageError
		if err := f.none([]string{name, value}); !errors.As(err, &usage) || !strings.Contains(usage.text, strconv.Quote(value)) {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

func TestNearest(t *testing.T) {
	names := []string{"sign", "issue", "verify", "tokens", "pin-file", "password-file"}
	for word, want := range map[string]string{
		"sing": "sign", "isue": "issue", "verfiy": "verify", "token": "tokens", "ver": "verify", "pinfile": "pin-file",
		"pass": "password-file", "xyzzy": "", "": "", "s": "",
	} {
		if got := nearest(word, names); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

// Each flag of a command is in its help text, in both languages, and each flag
// in a help text is one of the command.
func TestHelpNamesEveryFlag(t *testing.T) {
	shared := definedFlags(t, "signing.go")
	mention := regexp.MustCompile(`--([a-z][a-z-]*)`)
	for command, own := range map[string][]string{
		"sign":     slices.Concat(definedFlags(t, "sign.go"), definedFlags(t, "register_flags.go"), shared),
		"issue":    slices.Concat(definedFlags(t, "issue.go"), definedFlags(t, "issue_batch.go"), definedFlags(t, "register_flags.go"), shared),
		"register": definedFlags(t, "register.go"),
		"verify":   definedFlags(t, "verify.go"),
		"tokens":   definedFlags(t, "tokens.go"),
		"demo":     definedFlags(t, "demo.go"),
		"doctor":   definedFlags(t, "doctor.go"),
	} {
		if len(own) == 0 {
			t.Errorf("%s: found no flags", command)
		}
		for _, language := range []words.Language{words.Vietnamese, words.English} {
			var told []string
			for _, m := range mention.FindAllStringSubmatch(language.Text("help."+command), -1) {
				told = append(told, m[1])
			}
			for _, flag := range own {
				if !slices.Contains(told, flag) {
					t.Errorf("%s: help of %s does not name --%s", language, command, flag)
				}
			}
			for _, flag := range told {
				if !slices.Contains(own, flag) {
					t.Errorf("%s: help of %s names --%s, which is no flag", language, command, flag)
				}
			}
		}
	}
}

// definedFlags are the names in the calls f.StringVar(…, "name", …), f.slot("name",
// …) and so on of a file.
func definedFlags(t *testing.T, file string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		on, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := on.X.(*ast.Ident); !ok || x.Name != "f" {
			return true
		}
		for _, a := range call.Args {
			if lit, ok := a.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				name, _ := strconv.Unquote(lit.Value)
				names = append(names, name)
				break
			}
		}
		return true
	})
	return names
}

// Every command is in the overview and has a help text of its own.
func TestHelpNamesEveryCommand(t *testing.T) {
	for name := range commands {
		for _, language := range []words.Language{words.Vietnamese, words.English} {
			if !strings.Contains(language.Text("help"), "antin "+name) {
				t.Errorf("%s: the overview does not name %s", language, name)
			}
		}
		c, out, _ := testCommand()
		if code, err := c.help(t.Context(), []string{name}); code != exitDone || err != nil || !strings.Contains(out.String(), "antin") {
			t.Errorf("help %s: %d, %v, %q", name, code, err, out)
		}
	}
}

func TestWorse(t *testing.T) {
	for _, x := range [][3]int{{0, 4, 4}, {4, 3, 3}, {3, 5, 5}, {5, 1, 1}, {1, 0, 1}, {0, 0, 0}} {
		if got := worse(x[0], x[1]); got != x[2] {
			t.Errorf("worse(%d, %d) = %d, want %d", x[0], x[1], got, x[2])
		}
		if got := worse(x[1], x[0]); got != x[2] {
			t.Errorf("worse(%d, %d) = %d, want %d", x[1], x[0], got, x[2])
		}
	}
}

func TestQuoted(t *testing.T) {
	for in, want := range map[string]string{
		"thu-muc/a.pdf": "thu-muc/a.pdf", "": "''", "Nguyễn Văn An": "'Nguyễn Văn An'", "it's": `'it'\''s'`, "a;rm": "'a;rm'", "$HOME": "'$HOME'",
	} {
		if got := quoted(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}
