package gui

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"antin/signer/practice"
)

// What the clerk drops decides the work: scans are copied, documents with text are
// issued; a file that cannot be read decides nothing.
func TestWhatIsDroppedDecides(t *testing.T) {
	dir := t.TempDir()
	put := func(name string, data []byte, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	page := practice.ScanOptions{DPI: 72, Lines: 2}
	pdf, err := practice.ScanPDF(page)
	scanned := put("quet.pdf", pdf, err)
	jpeg, err := practice.ScanJPEGFile(page)
	picture := put("quet.jpg", jpeg, err)
	decision, _, err := practice.Decision(practice.DecisionOptions{})
	text := put("qd.pdf", decision, err)
	broken := put("hong.pdf", []byte("%PDF-1.7\n"), nil)
	for name, c := range map[string]struct {
		paths []string
		want  bool
	}{
		"scan":             {[]string{scanned}, true},
		"picture":          {[]string{picture}, true},
		"text":             {[]string{text}, false},
		"text, then scan":  {[]string{text, scanned}, false},
		"broken, scan":     {[]string{broken, scanned}, true},
		"nothing readable": {[]string{broken, filepath.Join(dir, "khong-co.pdf")}, false},
	} {
		if got := areScans(context.Background(), c.paths); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
