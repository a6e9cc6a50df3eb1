package practice

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"antin/signer/practice/machine"
)

// A page in JBIG2 is drawn by MuPDF as the same one in group 4 is, and is one in
// JBIG2 to poppler. (Poppler 22.12 draws such regions with strokes that go on
// below some letters, where MuPDF's jbig2dec and libtiff agree.)
func TestJBIG2IsDrawnLikeGroup4(t *testing.T) {
	if name, installed := ScanJBIG2.Program(); !installed {
		machine.Lacks(t, name, " of the Debian package libtiff-tools is missing")
	}
	dir := t.TempDir()
	for name, o := range map[string]ScanOptions{
		"page":  {DPI: 150, Color: ScanBilevel},
		"mask":  {DPI: 150, MRC: 75},
		"tiles": {DPI: 100, Color: ScanBilevel, Tiles: 3},
	} {
		var drawn [2]string
		for i, codec := range []ScanCodec{ScanG4, ScanJBIG2} {
			o.Codec = codec
			pdf, err := ScanPDF(o)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "x.pdf")
			if err := os.WriteFile(path, pdf, 0o600); err != nil {
				t.Fatal(err)
			}
			picture, err := exec.Command("mutool", "draw", "-q", "-r", "100", "-F", "ppm", "-o", "-", path, "1").Output()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			drawn[i] = string(picture)
			list, err := exec.Command("pdfimages", "-list", path).Output()
			if err != nil || strings.Contains(string(list), "jbig2") != (codec == ScanJBIG2) {
				t.Errorf("%s: %v\n%s", name, err, list)
			}
		}
		if drawn[0] != drawn[1] || len(drawn[0]) < 1_000_000 {
			t.Errorf("%s: JBIG2 and group 4 are drawn differently, or not", name)
		}
	}
}
