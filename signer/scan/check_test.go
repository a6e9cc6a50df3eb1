package scan_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"antin/signer/practice"
	"antin/signer/scan"
)

// checked is the judgement of a scan made by practice.
func checked(t *testing.T, o scan.Options, pages ...practice.ScanOptions) *scan.Report {
	t.Helper()
	pdf, err := practice.ScanPDF(pages...)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "quet.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := scan.CheckFile(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func kinds(r *scan.Report) []scan.Kind {
	var out []scan.Kind
	for _, f := range r.All() {
		out = append(out, f.Kind)
	}
	return out
}

func TestAGoodScanPasses(t *testing.T) {
	r := checked(t, scan.Options{}, practice.ScanOptions{})
	p := r.Pages[0]
	if r.Verdict != scan.Pass || len(r.All()) != 0 {
		t.Errorf("verdict %s, findings %v", r.Verdict, r.All())
	}
	if math.Abs(p.DPI-300) > 1 || p.Paper != "A4" || p.Color != scan.RealColor || p.Bits != 24 || p.Source != scan.FromPaper {
		t.Errorf("measured %+v", p)
	}
}

func TestAScanBelowTheNormFails(t *testing.T) {
	for name, tc := range map[string]struct {
		o    practice.ScanOptions
		want scan.Kind
	}{
		"150 dpi":              {practice.ScanOptions{DPI: 150}, scan.LowDPI},
		"grey":                 {practice.ScanOptions{DPI: 200, Color: practice.ScanGray}, scan.Gray},
		"grey saved as RGB":    {practice.ScanOptions{DPI: 200, Color: practice.ScanGrayAsColor}, scan.FalseColor},
		"placed at 90 %":       {practice.ScanOptions{DPI: 200, Scale: 0.9}, scan.Scaled},
		"text in coarse layer": {practice.ScanOptions{DPI: 300, MRC: 100, Faint: true}, scan.LowDPI},
	} {
		t.Run(name, func(t *testing.T) {
			r := checked(t, scan.Options{}, tc.o)
			if got := kinds(r); r.Verdict != scan.Fail || len(got) != 1 || got[0] != tc.want {
				t.Errorf("verdict %s, findings %v; want fail and %s", r.Verdict, got, tc.want)
			}
		})
	}
}
