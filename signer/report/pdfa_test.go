package report_test

import (
	"encoding/xml"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"antin/assets"
	"antin/signer/pdffile"
	"antin/signer/practice/machine"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// conforms checks what ISO 19005-2 asks of a file of this kind: claim and
// colour profile, identifier, matching information, embedded fonts with right
// widths, nothing transparent, nothing active. qpdf and pdffonts judge too.
func conforms(t *testing.T, pdf []byte) {
	t.Helper()
	f := open(t, pdf)
	if c := f.PDFA(); c.Part != 2 || c.Level != "B" || !c.OutputIntentRGB {
		t.Errorf("claims %+v", c)
	}
	trailer := f.Trailer()
	if len(f.Array(trailer["ID"])) != 2 {
		t.Error("no /ID (6.1.3)")
	}
	info := f.Dict(trailer["Info"])
	if f.Text(info["Title"]) != "Biên bản kiểm tra chữ ký số trên văn bản điện tử" || string(info["CreationDate"].(pdffile.String)) != "D:20261122164703+07'00'" {
		t.Errorf("information %v", info)
	}
	catalog, _ := f.Catalog()
	meta, _ := f.Resolve(catalog["Metadata"])
	stream, ok := meta.(*pdffile.Stream)
	if !ok || stream.Dict["Filter"] != nil {
		t.Fatal("metadata missing or compressed (6.6.2.1)")
	}
	packet, err := f.Decode(stream)
	var xmp struct {
		Description struct {
			CreateDate string `xml:"http://ns.adobe.com/xap/1.0/ CreateDate"`
			Producer   string `xml:"http://ns.adobe.com/pdf/1.3/ Producer"`
			Title      string `xml:"title>Alt>li"`
		} `xml:"RDF>Description"`
	}
	if err == nil {
		err = xml.Unmarshal(packet, &xmp)
	}
	if x := xmp.Description; err != nil || x.CreateDate != "2026-11-22T16:47:03+07:00" || x.Producer != f.Text(info["Producer"]) || x.Title != f.Text(info["Title"]) {
		t.Errorf("metadata do not say what the information says (6.6.3): %v\n%s", err, packet)
	}
	for _, key := range []pdffile.Name{"OpenAction", "AA", "Names", "AcroForm", "OCProperties", "Outlines"} {
		if catalog[key] != nil {
			t.Errorf("the catalog has /%s", key)
		}
	}
	fonts := 0
	for _, n := range f.Numbers() {
		ref, _ := f.RefOf(n)
		d := f.Dict(ref)
		for _, key := range []pdffile.Name{"SMask", "ca", "CA", "BM", "JS", "A", "F"} {
			if d[key] != nil {
				t.Errorf("object %d has /%s", n, key)
			}
		}
		if s := f.Dict(d["Group"]); s["S"] == pdffile.Name("Transparency") {
			t.Errorf("object %d is a transparency group", n)
		}
		if d["Subtype"] == pdffile.Name("CIDFontType2") {
			fonts++
			checkFont(t, f, d)
		}
	}
	if pages, _ := f.Pages(); fonts == 0 && len(pages) > 0 {
		t.Error("no fonts")
	}
	path := filepath.Join(t.TempDir(), "record.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(machine.Program(t, "qpdf", "qpdf"), "--check", path).CombinedOutput(); err != nil {
		t.Errorf("qpdf: %v\n%s", err, out)
	}
	out, err := exec.Command(machine.Program(t, "pdffonts", "poppler-utils"), path).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range strings.Split(strings.TrimSpace(string(out)), "\n")[2:] {
		if c := strings.Fields(l); len(c) < 7 || strings.Join(c[len(c)-5:len(c)-2], " ") != "yes yes yes" {
			t.Errorf("embedded, subset and readable as text: %s", l)
		}
	}
}

// checkFont compares the widths in the PDF with those in the font (6.2.11.5).
func checkFont(t *testing.T, f *pdffile.File, d pdffile.Dict) {
	t.Helper()
	name := string(d["BaseFont"].(pdffile.Name))
	data := assets.SerifRegular()
	switch {
	case strings.HasSuffix(name, "Bold"):
		data = assets.SerifBold()
	case strings.HasSuffix(name, "Italic"):
		data = assets.SerifItalic()
	}
	original, err := sfnt.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	var buf sfnt.Buffer
	check := func(cid int, width float64) {
		i, err := original.GlyphIndex(&buf, rune(cid))
		if err != nil || i == 0 {
			return
		}
		units := original.UnitsPerEm()
		a, err := original.GlyphAdvance(&buf, i, fixed.Int26_6(units)<<6, font.HintingNone)
		if err != nil {
			t.Fatal(err)
		}
		if want := float64(a) / 64 * 1000 / float64(units); math.Abs(want-width) > 1 {
			t.Errorf("%s: %q is %.1f wide, /W says %.1f", name, rune(cid), want, width)
		}
	}
	seen := 0
	w := f.Array(d["W"])
	for i := 0; i+1 < len(w); {
		first, _ := f.Int(w[i])
		if list := f.Array(w[i+1]); list != nil {
			for j, o := range list {
				v, _ := f.Number(o)
				check(first+j, v)
				seen++
			}
			i += 2
			continue
		}
		last, _ := f.Int(w[i+1])
		v, _ := f.Number(w[i+2])
		for c := first; c <= last; c++ {
			check(c, v)
			seen++
		}
		i += 3
	}
	if seen < 50 {
		t.Errorf("%s: /W has %d widths", name, seen)
	}
}
