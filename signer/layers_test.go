package signer_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The rules of the repository as tests. Each failure says what to do; a rule
// that has become wrong is changed here, with its reason, in the same commit.

const module = "antin"

// layers lists every package with the packages of this module that it may
// import. Arrows run downwards: the program, the use cases, the parts of a use
// case, formats and standards, helper processes. Anybody may import assets.
var layers = map[string]struct {
	may []string
	why string
}{
	"app/gui/pin":      {[]string{"app/gui/frame", "signer/cms", "signer/token"}, "asks for a token's PIN; cms for the name in the certificate"},
	"app/gui/truesize": {[]string{"app/gui/frame"}, "how large things are on the screen itself; knows no document"},
	"app/gui/reader":   {[]string{"app/gui/frame", "app/gui/look", "app/gui/truesize", "signer/pagetext", "signer/pdffile", "signer/render"}, "shows what render draws and finds what pagetext reads; pdffile for boxes in mm"},
	"app":              {[]string{"app/cli", "app/gui", "app/gui/frame", "app/quiet", "signer/render", "signer/token"}, "main dispatches: window, commands, and the helpers that serve tokens and pages"},
	"app/gui":          {[]string{"app/gui/approve", "app/gui/certify", "app/gui/check", "app/gui/desk", "app/gui/frame", "app/gui/help", "app/gui/holder", "app/gui/issue", "app/gui/look", "app/gui/officer", "app/gui/setup", "app/gui/timestamps", "app/gui/watchdog", "app/words", "signer", "signer/cms", "signer/home", "signer/register", "signer/report", "signer/settings", "signer/token"}, "the window puts screens in; it does nothing of its own to a document"},
	"app/gui/frame":    {[]string{"app/gui/look", "app/words", "signer", "signer/pades", "signer/register", "signer/settings", "signer/token"}, "what screens share with the window: texts, settings, tokens, work beside"},
	"app/gui/look":     {nil, "colours and sizes, nothing of what is shown"},
	"app/gui/help":     {[]string{"app/gui/frame", "app/words", "signer/settings"}, "shows texts; it does nothing"},
	"app/gui/check":    {[]string{"app/gui/frame", "app/gui/look", "app/gui/reader", "app/words", "signer", "signer/home", "signer/pdffile", "signer/report", "signer/settings", "signer/trust", "signer/verify"}, "shows what a check found; what it means is report's business"},
	"app/cli":          {[]string{"app/checkup", "app/words", "signer", "signer/appearance", "signer/cms", "signer/home", "signer/layout", "signer/ocr", "signer/pades", "signer/pdffile", "signer/practice", "signer/reader", "signer/register", "signer/render", "signer/report", "signer/scan", "signer/settings", "signer/token", "signer/trust", "signer/verify", "signer/worker"}, "flags in, jobs out; practice for the demonstration, the rest for the types of jobs and results"},
	"app/words":        {[]string{"signer", "signer/appearance", "signer/cms", "signer/home", "signer/layout", "signer/ocr", "signer/pades", "signer/pdffile", "signer/practice", "signer/reader", "signer/register", "signer/render", "signer/report", "signer/scan", "signer/settings", "signer/token", "signer/trust", "signer/verify", "signer/worker"}, "every error that a caller decides on has its sentence here"},
	"app/gui/incoming": {[]string{"app/words", "signer", "signer/cms", "signer/pdffile", "signer/practice"}, "documents for tests and pictures of the window"},

	"app/checkup":      {[]string{"app/words", "signer", "signer/appearance", "signer/cms", "signer/practice", "signer/reader", "signer/render", "signer/settings", "signer/token"}, "asks every part of the program whether it works here; practice for a page to draw"},
	"app/quiet":        {nil, "the log, before anything else starts"},
	"app/gui/watchdog": {nil, "times the user interface, whatever it shows"},
	"app/gui/desk":     {nil, "what the desktop gives, without the toolkit"},
	"app/gui/officer":  {[]string{"app/checkup", "app/gui/frame", "app/words", "signer", "signer/cms", "signer/token"}, "tokens and drivers in detail, the checkup"},
	"app/gui/setup":    {[]string{"app/gui/frame", "app/gui/look", "app/gui/truesize", "app/words", "signer/cms", "signer/home", "signer/report", "signer/settings", "signer/token", "signer/trust"}, "the settings in words; trust through the user's store"},

	"app/gui/batch":       {[]string{"app/gui/frame", "signer", "signer/pdffile"}, "shows how far a batch is and what came of it, whatever is done to the documents"},
	"app/gui/timestamps":  {[]string{"app/gui/batch", "app/gui/frame", "app/gui/holder", "signer", "signer/home", "signer/register"}, "what waits in the register for a time-stamp, and the run that adds it"},
	"app/gui/holder":      {[]string{"app/gui/frame", "assets", "signer", "signer/cms", "signer/home", "signer/report", "signer/settings", "signer/token", "signer/trust"}, "whose certificate a screen signs with, and what is set for it"},
	"app/gui/certify":     {[]string{"app/gui/batch", "app/gui/frame", "app/gui/holder", "app/gui/pin", "app/gui/place", "app/gui/place/boxes", "app/gui/reader", "signer", "signer/appearance", "signer/home", "signer/ocr", "signer/pdffile", "signer/register", "signer/report", "signer/scan"}, "certified copies: scans judged, put in order, certified, entered"},
	"app/gui/issue":       {[]string{"app/gui/batch", "app/gui/frame", "app/gui/holder", "app/gui/pin", "app/gui/place", "app/gui/place/boxes", "app/gui/reader", "signer", "signer/appearance", "signer/home", "signer/layout", "signer/pdffile", "signer/register", "signer/report", "signer/settings"}, "the clerk's screen: a list of documents, numbered, planned, stamped"},
	"app/gui/place":       {[]string{"app/gui/look", "app/gui/place/boxes", "signer/appearance"}, "boxes on a page, seen as the file will show them"},
	"app/gui/place/boxes": {[]string{"signer/pdffile"}, "a model in millimetres that knows no window"},

	"app/gui/approve": {[]string{"app/gui/batch", "app/gui/frame", "app/gui/holder", "app/gui/pin", "app/gui/place", "app/gui/place/boxes", "app/gui/reader", "signer", "signer/appearance", "signer/home", "signer/layout", "signer/pagetext", "signer/pdffile", "signer/report", "signer/settings", "signer/token", "signer/verify"}, "the leader's journey: places from the plan, choices of the person, jobs for signer"},

	"signer": {[]string{"signer/appearance", "signer/cms", "signer/layout", "signer/ocr", "signer/pades", "signer/pagetext", "signer/pdffile", "signer/reader", "signer/register", "signer/render", "signer/report", "signer/scan", "signer/tempfile", "signer/token", "signer/trust", "signer/verify", "signer/worker"}, "a use case puts the parts together"},

	"signer/token":  {[]string{"signer/cms", "signer/worker"}, "a token signs what cms describes, in a helper process"},
	"signer/layout": {[]string{"signer/appearance", "signer/pagetext", "signer/pdffile"}, "geometry of a page and the width of its text"},
	"signer/report": {[]string{"signer/cms", "signer/pdffile", "signer/pdffile/content", "signer/trust", "signer/verify"}, "a verdict in the decree's order, as a record for people"},
	"signer/scan":   {[]string{"signer/appearance", "signer/pagetext", "signer/pdffile", "signer/render", "signer/scan/coarse", "signer/tempfile", "signer/worker"}, "pictures in PDF pages: what the content places, what a drawn page shows"},
	"signer/ocr":    {[]string{"signer/pdffile"}, "words read by another program, as content of a page"},
	"signer/render": {[]string{"signer/pdffile", "signer/pdffile/content", "signer/worker"}, "a page of a file, drawn in a helper process"},
	"signer/pades":  {[]string{"signer/appearance", "signer/cms", "signer/pdffile", "signer/trust"}, "a signature is a look, a CMS and a place in the file"},
	"signer/verify": {[]string{"signer/cms", "signer/pdffile", "signer/trust"}, "judges what any program wrote, so it must not share code with pades"},

	"signer/register": {nil, "keeps what it is told about documents; knows neither PDF nor signatures"},

	"signer/appearance": {[]string{"signer/pdffile"}, "writes form XObjects"},
	"signer/pagetext":   {[]string{"signer/pdffile", "signer/pdffile/content"}, "reads content streams"},
	"signer/trust":      {[]string{"signer/cms"}, "answers of OCSP and time stamps are CMS-like objects"},
	"signer/cms":        {nil, "knows ASN.1 and certificates, no PDF"},
	"signer/pdffile":    {[]string{"signer/pdffile/syntax"}, "knows PDF, no signatures' contents"},
	"signer/tempfile":   {nil, "knows files, not what is in them"},
	"signer/worker":     {nil, "knows processes, neither tokens nor pages"},
	"signer/home":       {[]string{"signer/register", "signer/report", "signer/trust"}, "the user's folder: whom he trusts, what he said of certificates, the registers"},
	"signer/settings":   {nil, "one readable file of what the user has set"},
	"signer/reader":     {nil, "knows the system's smart card service, no module"},

	"signer/practice":         {[]string{"signer/cms"}, "a make-believe office; its keys have the methods that pades asks for"},
	"signer/practice/machine": {nil, "what tests need of the machine they run on"},
	"signer/practice/vcard":   {nil, "a virtual smart card for tests"},
	"signer/pdffile/content":  {[]string{"signer/pdffile", "signer/pdffile/syntax"}, "tokens and matrices, for whoever reads pages"},
	"signer/pdffile/syntax":   {nil, "characters, names and strings, the same in files and in content"},
	"signer/scan/coarse":      {nil, "reads JPEG data, knows no PDF"},
	"signer/pdffile/shapes":   {nil, "makes PDF files of every shape for tests"},

	"assets": {nil, "embedded files: imported by anybody, imports nobody"},
}

// outside lists packages from elsewhere, by prefix of their path, that only
// some packages (by prefix too, "" for none) may import outside their tests.
var outside = []struct {
	path    string
	only    []string
	because string
}{
	{"github.com/miekg/pkcs11", []string{"signer/token"}, "vendor modules crash and hang: only token's helper process loads them"},
	{"github.com/gen2brain/go-fitz", []string{"signer/render"}, "MuPDF ends the process on some files: only render's helper process has it"},
	{"github.com/pdfcpu/", []string{"signer/pdffile", "signer/scan"}, "PDF syntax is read and written in one place; ask pdffile"},
	{"modernc.org/sqlite", []string{"signer/register"}, "the register's file is read and written in one place"},
	{"github.com/xuri/excelize", []string{"signer/register"}, "tables for people are exports of the register"},
	{"github.com/notaryproject/", []string{"signer/cms"}, "time stamps are cms's business"},
	{"codeberg.org/go-pdf/fpdf", []string{"signer/practice", "signer/report", "signer/scan"}, "it writes new documents; a document that exists is changed through pdffile"},
	{"github.com/digitorus/", nil, "it is the peer that tests and benchmarks compare with, no part of the program"},
	{"github.com/google/go-cmp", nil, "it is for tests"},
	{"github.com/rogpeppe/go-internal", nil, "it is for tests"},
	{module + "/signer/pdffile/shapes", nil, "it makes files for tests"},
	{module + "/signer/practice", []string{"app/cli", "app/checkup", "app/words", "app/gui/incoming"}, "keys of a make-believe office belong in tests and the demonstration"},
	{module + "/app/gui/incoming", nil, "it makes documents for tests"},
	{"testing", []string{"signer/pdffile/shapes"}, "a program does not carry the test runner"},
}

// cryptography lists what of crypto/ the program's surface may import: names of
// types that pass through it. Whatever computes belongs into signer.
var cryptography = map[string][]string{
	"app/gui/holder":  {"crypto/sha256"},                          // the fingerprint by which the user's word about it is kept
	"app/gui/pin":     {"crypto/x509"},                            // the certificate whose holder signs
	"app/gui/approve": {"crypto/x509"},                            // the same, handed on
	"app/cli":         {"crypto", "crypto/sha256", "crypto/x509"}, // certificates in jobs, their fingerprints in answers
}

func TestArrows(t *testing.T) {
	for _, p := range packages(t) {
		layer, known := layers[p.name()]
		if !known {
			t.Errorf("package %s is not in the table of signer/layers_test.go: add it with the packages it may import and the reason, and with a line to the picture in README.md", p.name())
			continue
		}
		for _, imported := range p.Imports {
			name, ours := strings.CutPrefix(imported, module+"/")
			if ours && name != "assets" && !slices.Contains(layer.may, name) {
				t.Errorf("%s imports %s. It may not (%s): move the code down to where both can reach it, or pass a value or a small interface from above; if the arrow is right, add it to the table in signer/layers_test.go with its reason", p.name(), name, layer.why)
			}
		}
	}
}

func TestOutsidePackages(t *testing.T) {
	for _, p := range packages(t) {
		for _, imported := range p.Imports {
			for _, o := range outside {
				if strings.HasPrefix(imported+"/", strings.TrimSuffix(o.path, "/")+"/") && !within(p.name(), o.only) {
					t.Errorf("%s imports %s: %s", p.name(), imported, o.because)
				}
			}
			if within(p.name(), []string{"app"}) && (imported == "crypto" || strings.HasPrefix(imported, "crypto/")) && !slices.Contains(cryptography[p.name()], imported) {
				t.Errorf("%s imports %s: there is no cryptography in app; move it into signer, or, if it is only the name of a type, list it in signer/layers_test.go", p.name(), imported)
			}
		}
	}
}

// What signer reaches through others counts too: the window and its toolkit are
// above it. What the program's own packages must not reach stands in
// app/reach_test.go.
func TestReach(t *testing.T) {
	banned := map[string]string{"fyne.io/": "signer works without a window", module + "/app": "arrows run downwards"}
	for dep := range strings.FieldsSeq(string(list(t, "-deps", "-test", "./signer/..."))) {
		for prefix, why := range banned {
			if strings.HasPrefix(dep, prefix) {
				t.Errorf("signer reaches %s: %s; find the import with `go list -f '{{.ImportPath}} {{.Imports}}' -deps -test ./signer/...`", dep, why)
			}
		}
	}
}

func TestPackageComments(t *testing.T) {
	for _, p := range packages(t) {
		var comment string
		for _, name := range slices.Concat(p.GoFiles, p.CgoFiles) {
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.PackageClauseOnly|parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if f.Doc == nil {
				continue
			}
			if comment != "" {
				t.Errorf("%s has package comments in two files: keep one", p.name())
			}
			comment = f.Doc.Text()
		}
		if lines := strings.Count(comment, "\n"); lines < 3 || lines > 45 {
			t.Errorf("the package comment of %s has %d lines: say in 3 to 20 what it is for, the two or three calls to start with, units, and what it does not do", p.name(), lines)
		}
	}
}

// signer is a library: it answers its caller and leaves the terminal and the
// life of the process alone.
func TestSignerIsSilent(t *testing.T) {
	banned := map[string]*regexp.Regexp{
		"fmt":     regexp.MustCompile(`^Print`),
		"os":      regexp.MustCompile(`^(Exit|Stdout|Stderr|Stdin)$`),
		"log":     regexp.MustCompile(`.`),
		"slog":    regexp.MustCompile(`.`),
		"builtin": regexp.MustCompile(`^print(ln)?$`),
	}
	// The helper's side of worker and the host of the virtual card own the
	// standard streams of their processes.
	except := []string{"signer/worker", "signer/practice/vcard"}
	for _, p := range packages(t) {
		if !within(p.name(), []string{"signer"}) || within(p.name(), except) {
			continue
		}
		for _, name := range slices.Concat(p.GoFiles, p.CgoFiles) {
			files := token.NewFileSet()
			f, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			imported := map[string]bool{"builtin": true}
			for _, i := range f.Imports {
				imported[path.Base(strings.Trim(i.Path.Value, `"`))] = true
			}
			ast.Inspect(f, func(n ast.Node) bool {
				from, what := "", ""
				switch n := n.(type) {
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok {
						from, what = x.Name, n.Sel.Name
					}
				case *ast.CallExpr:
					if x, ok := n.Fun.(*ast.Ident); ok {
						from, what = "builtin", x.Name
					}
				}
				if r := banned[from]; r != nil && imported[from] && r.MatchString(what) {
					t.Errorf("%s uses %s.%s: signer prints nothing and never exits; return an error or a value", files.Position(n.Pos()), from, what)
				}
				return true
			})
		}
	}
}

func TestGoMod(t *testing.T) {
	for i, line := range strings.Split(string(read(t, "go.mod")), "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "replace") {
			t.Errorf("go.mod:%d replaces a module: others cannot build that; publish the change or carry it in a package of ours", i+1)
		}
	}
}

func TestTopLevel(t *testing.T) {
	allowed := strings.Fields("app signer assets packaging testdata go.mod go.sum FyneApp.toml README.md LICENSE Makefile .ci .git .gitignore build")
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s lies at the top of the repository: move it where it belongs (files for builds: packaging; inputs of tests: testdata or beside the test), or allow it here and give the reason in the commit", e.Name())
		}
	}
}

func TestFileLength(t *testing.T) {
	for name, body := range sources(t) {
		if lines := bytes.Count(body, []byte("\n")); strings.HasSuffix(name, ".go") && lines > 600 {
			t.Errorf("%s has %d lines: split it at a subject, at most 600 a file", name, lines)
		}
	}
}

// The tree must mean the same on every machine. The patterns are written so
// that they do not match themselves.
func TestNoForeignPaths(t *testing.T) {
	for what, pattern := range map[string]*regexp.Regexp{
		"a folder outside the repository": regexp.MustCompile(`\.\./[s]hared|[s]hared/facts`),
		"a path of one machine":           regexp.MustCompile(`(^|[\s"'=(:])(/[w]ork/|/[r]oot/|/[h]ome/[a-z]|[Cc]:\\+[U]sers\\)`),
	} {
		for name, body := range sources(t) {
			for i, line := range bytes.Split(body, []byte("\n")) {
				if m := pattern.Find(line); m != nil {
					t.Errorf("%s:%d refers to %s (%q): say it without, or make the path at run time", name, i+1, what, m)
				}
			}
		}
	}
}

// Keys and certificates are made by signer/practice when a test runs.
func TestNoStoredKeys(t *testing.T) {
	suffixes := strings.Fields(".key .pem .p8 .p12 .pfx .jks .crt .cer .der .p7b .p7s .pin")
	pem := regexp.MustCompile(`-----[B]EGIN [A-Z0-9 ]*(PRIVATE KEY|CERTIFICATE)-----`)
	for name, body := range files(t) {
		if pem.Match(body) {
			t.Errorf("%s holds a key or certificate: generate it in the test with signer/practice", name)
		}
		if !slices.Contains(strings.Split(name, "/"), "testdata") {
			continue
		}
		base := strings.ToLower(path.Base(name))
		// 30 82: a DER sequence longer than 255 bytes, as every certificate is.
		if slices.Contains(suffixes, path.Ext(base)) || strings.HasPrefix(base, "pin") || bytes.HasPrefix(body, []byte{0x30, 0x82}) {
			t.Errorf("%s looks like a key, a certificate or a PIN: generate it in the test with signer/practice", name)
		}
	}
}

const root = ".."

type goPackage struct {
	ImportPath, Dir   string
	GoFiles, CgoFiles []string
	Imports           []string
}

// name is the path of the package inside the repository.
func (p goPackage) name() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

func packages(t *testing.T) []goPackage {
	t.Helper()
	var all []goPackage
	d := json.NewDecoder(bytes.NewReader(list(t, "-json=ImportPath,Dir,GoFiles,CgoFiles,Imports", "./...")))
	for d.More() {
		var p goPackage
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles)+len(p.CgoFiles) > 0 { // a folder of tests alone is no package
			all = append(all, p)
		}
	}
	if len(all) < 5 {
		t.Fatalf("found %d packages only", len(all))
	}
	return all
}

func list(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Dir = root
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %q: %v\n%s", args, err, stderr.String())
	}
	return out
}

// within tells whether the package name is one of the listed or below it.
func within(name string, listed []string) bool {
	return slices.ContainsFunc(listed, func(l string) bool { return strings.HasPrefix(name+"/", l+"/") })
}

// files are all files of the repository by their path in it. Reading them also
// makes the go command run these tests again whenever one changes.
func files(t *testing.T) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == ".git" || e.IsDir() && name == "build":
			return fs.SkipDir
		case e.Type().IsRegular():
			all[name] = read(t, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// sources are the files that hold text.
func sources(t *testing.T) map[string][]byte {
	all := files(t)
	for name, body := range all {
		if bytes.IndexByte(body, 0) >= 0 {
			delete(all, name)
		}
	}
	return all
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
