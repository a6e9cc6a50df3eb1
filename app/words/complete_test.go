package words_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"antin/assets"
)

const root = "../.."

// Every error that a caller decides on has a code, and every code its words in
// both languages.
func TestEverySentinelHasWords(t *testing.T) {
	known := map[string]string{} // "token.ErrPINWrong" → code
	table := parse(t, "codes.go")
	ast.Inspect(table, func(n ast.Node) bool {
		entry, ok := n.(*ast.CompositeLit)
		if !ok || len(entry.Elts) != 2 {
			return true
		}
		name, isName := entry.Elts[0].(*ast.SelectorExpr)
		code, isCode := entry.Elts[1].(*ast.BasicLit)
		if isName && isCode {
			known[name.X.(*ast.Ident).Name+"."+name.Sel.Name], _ = strconv.Unquote(code.Value)
		}
		return true
	})
	if len(known) < 80 {
		t.Fatalf("found %d entries in codes.go only", len(known))
	}
	for name, file := range sentinels(t) {
		if known[name] == "" {
			t.Errorf("%s (%s) has no code: add it to app/words/codes.go and its words to assets/messages", name, file)
		}
	}
	problems := map[string]map[string]assets.Problem{"vi": assets.MessagesIn("vi").Problems, "en": assets.MessagesIn("en").Problems}
	used := usedStrings(t, filepath.Join(root, "app"))
	for language, all := range problems {
		for name, code := range known {
			if all[code].What == "" {
				t.Errorf("%s: %s has no words for %s", language, code, name)
			}
		}
		for code := range used {
			if regexp.MustCompile(`^KS-\d{3}$`).MatchString(code) && all[code].What == "" {
				t.Errorf("%s: %s has no words", language, code)
			}
		}
		for code, p := range all {
			if !used[code] {
				t.Errorf("%s: %s is used nowhere: remove its words", language, code)
			}
			if p.Why == "" || len(p.Next) == 0 {
				t.Errorf("%s: %s does not say why and what to do next", language, code)
			}
			for _, text := range slices.Concat([]assets.Text{p.What, p.Why}, p.Next, p.Window) {
				if !strings.HasSuffix(strings.TrimSuffix(string(text), ")"), ".") && !strings.HasSuffix(string(text), ".") {
					t.Errorf("%s: %s: %q is no sentence", language, code, text)
				}
				if hidden := regexp.MustCompile(`(?i)\b(slot|PAdES|LTV|OCSP|hash)\b`).FindString(string(text)); hidden != "" {
					t.Errorf("%s: %s: %q is a word for specialists", language, code, hidden)
				}
			}
		}
	}
}

// A name that stands twice in the files of a language would hide a text.
func TestNothingStandsTwice(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "assets", "messages", "*", "*.json"))
	if err != nil || len(files) < 20 {
		t.Fatal(files, err)
	}
	first := map[string]string{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^\t\t"([^"]+)":`).FindAllSubmatch(b, -1) {
			name := filepath.Base(filepath.Dir(file)) + " " + string(m[1])
			if first[name] != "" {
				t.Errorf("%s stands in %s and in %s", name, first[name], file)
			}
			first[name] = file
		}
	}
	if len(first) < 1000 {
		t.Fatalf("read %d names only", len(first))
	}
}

// sentinels are the exported error variables of the packages below signer that
// the program is made of: name → file. A package that nothing uses yet gets its
// words when it is put to use.
func sentinels(t *testing.T) map[string]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps", "-f", "{{.ImportPath}}\t{{.Dir}}", "antin/app").Output()
	if err != nil {
		t.Fatal("go list: ", err)
	}
	found := map[string]string{}
	for line := range strings.Lines(string(out)) {
		name, dir, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if name != "antin/signer" && !strings.HasPrefix(name, "antin/signer/") {
			continue
		}
		if name == "antin/signer/scan/coarse" {
			continue // its errors end in scan, which then has the page drawn
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				errorVariables(parse(t, file), func(variable string) { found[path.Base(name)+"."+variable] = file })
			}
		}
	}
	if len(found) < 80 {
		t.Fatalf("found %d error variables only", len(found))
	}
	return found
}

// errorVariables calls do for every variable ErrX of a file.
func errorVariables(f *ast.File, do func(name string)) {
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, s := range g.Specs {
			for _, name := range s.(*ast.ValueSpec).Names {
				if rest, ok := strings.CutPrefix(name.Name, "Err"); ok && rest != "" && unicode.IsUpper(rune(rest[0])) {
					do(name.Name)
				}
			}
		}
	}
}

var (
	textName = regexp.MustCompile(`^(help|[a-z]+(\.[a-z0-9]+(-[a-z0-9]+)*)+)$`)
	verb     = regexp.MustCompile(`%[-+# 0-9.]*[a-zA-Z]`)
)

// Both languages have the same texts with the same verbs; each is used.
func TestTextsAreComplete(t *testing.T) {
	vi, en := assets.MessagesIn("vi").Texts, assets.MessagesIn("en").Texts
	used := usedStrings(t, filepath.Join(root, "app"))
	for name, text := range vi {
		other, ok := en[name]
		if !ok {
			t.Errorf("%s is missing in English", name)
		}
		if a, b := verb.FindAllString(string(text), -1), verb.FindAllString(string(other), -1); !slices.Equal(a, b) {
			t.Errorf("%s: verbs %q in Vietnamese, %q in English", name, a, b)
		}
		if !used[name] {
			t.Errorf("%s is used nowhere: remove it", name)
		}
		if !textName.MatchString(name) {
			t.Errorf("%s: names are lower-case words with dots and hyphens", name)
		}
		if text == "" || other == "" {
			t.Errorf("%s is empty", name)
		}
	}
	for name := range en {
		if _, ok := vi[name]; !ok {
			t.Errorf("%s is missing in Vietnamese", name)
		}
	}
}

// A name that is asked for exists, and gets as many values as its text has
// verbs.
func TestTextsAreCalledRight(t *testing.T) {
	texts := assets.MessagesIn("vi").Texts
	first := map[string]int{"Text": 0, "line": 0, "say": 0, "ok": 1} // functions with (name, values…)
	calls := 0
	walk(t, filepath.Join(root, "app"), func(file string) {
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || call.Ellipsis.IsValid() {
				return true
			}
			function := ""
			switch fun := call.Fun.(type) {
			case *ast.Ident:
				function = fun.Name
			case *ast.SelectorExpr:
				function = fun.Sel.Name
			}
			at, ok := first[function]
			for i := at; ok && i < len(call.Args); i++ { // some take an indent before the name
				lit, isLit := call.Args[i].(*ast.BasicLit)
				if !isLit || lit.Kind != token.STRING {
					break
				}
				name, _ := strconv.Unquote(lit.Value)
				if strings.TrimSpace(name) == "" || !strings.Contains(name, ".") && name != "help" {
					continue
				}
				calls++
				text, exists := texts[name]
				if want, got := len(verb.FindAllString(string(text), -1)), len(call.Args)-i-1; !exists || want != got {
					t.Errorf("%s: %q gets %d values, its text has %d verbs", files.Position(call.Pos()), name, got, want)
				}
				break
			}
			return true
		})
	})
	if calls < 60 {
		t.Errorf("looked at %d calls only", calls)
	}
}

// Texts for people come from assets/messages: no letter in a string of app is
// outside ASCII.
func TestNoTextInCode(t *testing.T) {
	for text := range usedStrings(t, filepath.Join(root, "app")) {
		for _, r := range text {
			if r > unicode.MaxASCII && unicode.IsLetter(r) {
				t.Errorf("%q: put it into assets/messages", text)
				break
			}
		}
	}
}

// usedStrings are the string literals of the Go files below dir, without tests.
func usedStrings(t *testing.T, dir string) map[string]bool {
	t.Helper()
	used := map[string]bool{}
	walk(t, dir, func(file string) {
		ast.Inspect(parse(t, file), func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				s, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				used[s] = true
			}
			return true
		})
	})
	if len(used) < 100 {
		t.Fatalf("found %d strings only: %q", len(used), slices.Sorted(maps.Keys(used)))
	}
	return used
}

// walk calls do for every Go file below dir that is no test.
func walk(t *testing.T, dir string, do func(file string)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(file string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && path.Ext(file) == ".go" && !strings.HasSuffix(file, "_test.go") {
			do(file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func parse(t *testing.T, file string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
