package shapes

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"antin/signer/practice/machine"
)

// Other people's readers judge what this package writes: qpdf the syntax,
// pdfinfo and mutool what the document is.

// run returns the exit code and everything printed.
func run(t *testing.T, name string, args ...string) (int, string) {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("running %s: %v", name, err)
	}
	if exit != nil {
		return exit.ExitCode(), string(out)
	}
	return 0, string(out)
}

func saved(t *testing.T, s Shape) string {
	t.Helper()
	data := s.Data(t)
	path := filepath.Join(t.TempDir(), s.Name+".pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// peculiar are the places where a reader complains about a file that qpdf
// passes, with the reason.
var peculiar = map[string]string{
	"pdfinfo form-without-fields":          "poppler insists on /Fields",
	"pdfinfo hybrid-reference-one-section": "poppler takes the free entries of the table first",
	"pdfinfo annots-null-reference":        "poppler first tries to find the object",
	"mutool header-after-junk":             "MuPDF repairs the file",
}

func TestNamesAreUniqueAndReasonsGiven(t *testing.T) {
	seen := map[string]bool{}
	fits := regexp.MustCompile(`^[a-z0-9.-]+$`)
	for _, s := range All() {
		if seen[s.Name] || !fits.MatchString(s.Name) {
			t.Errorf("name %q is taken or unfit for a file name", s.Name)
		}
		seen[s.Name] = true
		if s.Expect == Refused && s.Reason == "" {
			t.Errorf("%s is refused without a reason", s.Name)
		}
	}
	if len(seen) < 100 {
		t.Errorf("only %d shapes", len(seen))
	}
}

func TestSoundShapesPassQPDF(t *testing.T) {
	machine.Program(t, "qpdf", "qpdf")
	for _, s := range All() {
		if s.Damaged {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			path := saved(t, s)
			code, out := run(t, "qpdf", "--password="+s.Password, "--check", path)
			if code != 0 {
				t.Errorf("qpdf --check: exit %d\n%s", code, out)
			}
			_, out = run(t, "qpdf", "--password="+s.Password, "--show-npages", path)
			if got := strings.TrimSpace(out); got != strconv.Itoa(s.Pages) {
				t.Errorf("qpdf counts %s pages, want %d", got, s.Pages)
			}
		})
	}
}

var (
	pdfinfoPages = regexp.MustCompile(`(?m)^Pages:\s+(\d+)`)
	pdfinfoSize  = regexp.MustCompile(`(?m)^Page size:\s+([\d.]+) x ([\d.]+) pts`)
	pdfinfoTurn  = regexp.MustCompile(`(?m)^Page rot:\s+(\d+)`)
	pdfinfoIs    = regexp.MustCompile(`(?m)^PDF version:\s+([\d.]+)`)
	mutoolPages  = regexp.MustCompile(`(?m)^Pages: (\d+)`)
)

func TestSoundShapesInPdfinfo(t *testing.T) {
	machine.Program(t, "pdfinfo", "poppler-utils")
	for _, s := range All() {
		if s.Damaged {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			code, out := run(t, "pdfinfo", "-upw", s.Password, saved(t, s))
			complaint := strings.Contains(out, "Error") && peculiar["pdfinfo "+s.Name] == ""
			if code != 0 || complaint {
				t.Fatalf("pdfinfo: exit %d\n%s", code, out)
			}
			if got := field(pdfinfoPages, out, 1); got != strconv.Itoa(s.Pages) {
				t.Errorf("%s pages, want %d", got, s.Pages)
			}
			if got := field(pdfinfoTurn, out, 1); got != strconv.Itoa(s.Rotate) {
				t.Errorf("page 1 is turned by %s, want %d", got, s.Rotate)
			}
			if got := field(pdfinfoIs, out, 1); got != s.Version {
				t.Errorf("version %s, want %s", got, s.Version)
			}
			w, h := length(t, field(pdfinfoSize, out, 1)), length(t, field(pdfinfoSize, out, 2))
			if s.Rotate%180 != 0 {
				w, h = h, w
			}
			unit := userUnit(s)
			if math.Abs(w*unit-s.Width) > 0.1 || math.Abs(h*unit-s.Height) > 0.1 {
				t.Errorf("page 1 is %.1f × %.1f mm, want %.1f × %.1f", w*unit, h*unit, s.Width, s.Height)
			}
		})
	}
}

// userUnit is the /UserUnit that pdfinfo leaves out.
func userUnit(s Shape) float64 {
	switch {
	case strings.HasPrefix(s.Name, "userunit-2"):
		return 2
	case strings.HasPrefix(s.Name, "userunit-half"):
		return 0.5
	}
	return 1
}

func field(re *regexp.Regexp, out string, group int) string {
	if m := re.FindStringSubmatch(out); m != nil {
		return m[group]
	}
	return "nothing"
}

func length(t *testing.T, points string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(points, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v * 25.4 / 72
}

func TestSoundShapesInMutool(t *testing.T) {
	machine.Program(t, "mutool", "mupdf-tools")
	for _, s := range All() {
		if s.Damaged {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			// Page 1 only: a list of 3,000 pages takes a second.
			code, out := run(t, "mutool", "info", "-p", s.Password, saved(t, s), "1")
			complaint := regexp.MustCompile(`(?m)^(error|warning):`).MatchString(out) && peculiar["mutool "+s.Name] == ""
			if code != 0 || complaint {
				t.Fatalf("mutool info: exit %d\n%s", code, out)
			}
			if got := field(mutoolPages, out, 1); got != strconv.Itoa(s.Pages) {
				t.Errorf("%s pages, want %d", got, s.Pages)
			}
		})
	}
}

func TestDamagedShapesAreNoticed(t *testing.T) {
	machine.Program(t, "qpdf", "qpdf")
	for _, s := range All() {
		if !s.Damaged {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			code, out := run(t, "qpdf", "--check", saved(t, s))
			if code == 0 {
				t.Errorf("qpdf finds nothing wrong with it\n%s", out)
			}
		})
	}
}

func TestFieldsAsOthersSeeThem(t *testing.T) {
	machine.Program(t, "qpdf", "qpdf")
	for _, s := range All() {
		if s.Damaged || len(s.Fields) == 0 {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			code, out := run(t, "qpdf", "--password="+s.Password, "--json", "--json-key=acroform", saved(t, s))
			if code != 0 {
				t.Fatalf("qpdf --json: exit %d\n%s", code, out)
			}
			if got := qpdfFields(t, out); !slices.Equal(got, s.Fields) {
				t.Errorf("fields %q, want %q", got, s.Fields)
			}
		})
	}
}

// qpdfFields lists the full names in qpdf's JSON, each once.
func qpdfFields(t *testing.T, out string) []string {
	t.Helper()
	var doc struct {
		AcroForm struct {
			Fields []struct {
				FullName string `json:"fullname"`
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range doc.AcroForm.Fields {
		if !slices.Contains(names, f.FullName) {
			names = append(names, f.FullName)
		}
	}
	return names
}

func TestSameShapeSameBytes(t *testing.T) {
	for _, s := range All() {
		if s.Encryption != "" || s.Pages > 200 {
			continue
		}
		if !bytes.Equal(s.Data(t), s.Data(t)) {
			t.Errorf("%s differs from call to call", s.Name)
		}
	}
}

func TestRevisions(t *testing.T) {
	f := Named("revisions-table").Data(t)
	ends := Revisions(f)
	if len(ends) != 3 || ends[2] != int64(len(f)) {
		t.Fatalf("ends of revisions %v, want 3, the last %d", ends, len(f))
	}
	for _, end := range ends {
		if !bytes.HasSuffix(f[:end], []byte("%%EOF\n")) {
			t.Errorf("revision ending at %d does not end with its marker", end)
		}
	}
}

func TestBig(t *testing.T) {
	machine.Program(t, "qpdf", "qpdf")
	const size = 8 << 20
	path := filepath.Join(t.TempDir(), "big.pdf")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := Big(f, size); err != nil {
		t.Fatal(err)
	}
	n, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(float64(n)/size-1) > 0.01 {
		t.Errorf("%d bytes, want about %d", n, size)
	}
	if code, out := run(t, "qpdf", "--check", path); code != 0 {
		t.Errorf("qpdf --check: exit %d\n%s", code, out)
	}
	_, out := run(t, "qpdf", "--show-npages", path)
	if got := strings.TrimSpace(out); got != strconv.Itoa(BigPages(size)) {
		t.Errorf("%s pages, want %d", got, BigPages(size))
	}
}

// BenchmarkBig tells what a 200 MB file costs to make.
func BenchmarkBig(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if err := Big(io.Discard, 200<<20); err != nil {
			b.Fatal(err)
		}
	}
}
