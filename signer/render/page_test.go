package render

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"antin/signer/pdffile"
	"antin/signer/practice/machine"
)

// testPage describes one page of a test document: coloured marks as content, and
// a widget whose appearance is green with a blue lower left quarter.
type testPage struct {
	media, crop string // "" = A4, no CropBox
	rotate      int
	unit        float64
	widget      pdffile.Rect // user space; empty = none
	flags       int
	ap, annot   string // extra entries of the appearance's dictionary and the annotation's
	normal      string // /N with the appearance as %d; "" = "%d 0 R"
	catalog     string // extra entries of the catalog; the first page's count
	content     string // "" = marks
}

const marks = `0.9 0.2 0.1 rg 60 700 200 80 re f
0.2 0.2 0.2 rg 300 120 90 240 re f
3 w 20 20 m 560 810 l S
q 1 0 0 1 30 30 cm 0.5 G 0 0 100 50 re S Q`

// write makes the document at path; object numbers: 1 catalog, 2 page tree,
// then page, contents, widget and appearance of each page, then a layer.
func write(t testing.TB, path string, pages ...testPage) {
	t.Helper()
	var objects []string
	var kids, fields []string
	for i, s := range pages {
		n := 3 + 4*i
		kids = append(kids, fmt.Sprintf("%d 0 R", n))
		page := fmt.Sprintf("<</Type/Page/Parent 2 0 R/Contents %d 0 R", n+1)
		if s.media == "" {
			s.media = "[0 0 595.28 841.89]"
		}
		page += "/MediaBox" + s.media
		if s.crop != "" {
			page += "/CropBox" + s.crop
		}
		if s.rotate != 0 {
			page += fmt.Sprintf("/Rotate %d", s.rotate)
		}
		if s.unit != 0 {
			page += fmt.Sprintf("/UserUnit %g", s.unit)
		}
		if s.widget != (pdffile.Rect{}) {
			page += fmt.Sprintf("/Annots[%d 0 R]", n+2)
			fields = append(fields, fmt.Sprintf("%d 0 R", n+2))
		}
		if s.content == "" {
			s.content = marks
		}
		if s.normal == "" {
			s.normal = "%d 0 R"
		}
		r := s.widget
		objects = append(objects, page+">>", stream("", s.content),
			fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Sig/T(s%d)/F %d/P %d 0 R/Rect[%g %g %g %g]/AP<</N %s>>%s>>",
				i, s.flags, n, r.X0, r.Y0, r.X1, r.Y1, fmt.Sprintf(s.normal, n+3), s.annot),
			stream("/Type/XObject/Subtype/Form/BBox[0 0 40 20]"+s.ap, "0 0.7 0 rg 0 0 40 20 re f 0 0 0.8 rg 0 0 20 10 re f"))
	}
	objects = append([]string{
		fmt.Sprintf("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[%s]/SigFlags 3>>%s>>", strings.Join(fields, " "), pages[0].catalog),
		fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]/Resources<<>>>>", len(pages), strings.Join(kids, " ")),
	}, objects...)
	objects = append(objects, "<</Type/OCG/Name(layer)>>")
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, xref)
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func stream(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", dict, len(data), data)
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(machine.Program(t, name, "qpdf or mupdf-tools"), args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
}

// poppler draws page n as another program sees it.
func poppler(t *testing.T, path string, n int, dpi float64) image.Image {
	t.Helper()
	out := filepath.Join(t.TempDir(), "page")
	run(t, "pdftoppm", "-png", "-singlefile", "-cropbox", "-f", fmt.Sprint(n), "-r", fmt.Sprint(dpi), path, out)
	f, err := os.Open(out + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// same compares two pictures of one page: sizes may differ by a pixel, edges by
// their smoothing, so at most 1.5 % of the pixels may differ clearly.
func same(t *testing.T, got, want image.Image) {
	t.Helper()
	g, w := got.Bounds(), want.Bounds()
	if math.Abs(float64(g.Dx()-w.Dx())) > 1 || math.Abs(float64(g.Dy()-w.Dy())) > 1 {
		t.Fatalf("picture is %d × %d pixels, want %d × %d", g.Dx(), g.Dy(), w.Dx(), w.Dy())
	}
	off, all := 0, 0
	for y := range min(g.Dy(), w.Dy()) {
		for x := range min(g.Dx(), w.Dx()) {
			all++
			if !alike(got.At(g.Min.X+x, g.Min.Y+y).RGBA())(want.At(w.Min.X+x, w.Min.Y+y).RGBA()) {
				off++
			}
		}
	}
	if float64(off) > 0.015*float64(all) {
		t.Errorf("%d of %d pixels differ", off, all)
	}
}

// alike compares colours of 16 bits a channel.
func alike(r, g, b, _ uint32) func(r, g, b, a uint32) bool {
	near := func(x, y uint32) bool { return max(x, y)-min(x, y) < 0x3000 }
	return func(r2, g2, b2, _ uint32) bool { return near(r, r2) && near(g, g2) && near(b, b2) }
}

// colour names what is at x, y mm from the top left corner.
func colour(img image.Image, x, y, dpi float64) string {
	c := img.At(img.Bounds().Min.X+int(x*dpi/25.4), img.Bounds().Min.Y+int(y*dpi/25.4))
	for name, rgb := range map[string][3]uint32{
		"white": {0xffff, 0xffff, 0xffff}, "green": {0, 0xb333, 0}, "blue": {0, 0, 0xcccc}, "red": {0xe666, 0x3333, 0x199a},
	} {
		if alike(rgb[0], rgb[1], rgb[2], 0)(c.RGBA()) {
			return name
		}
	}
	return fmt.Sprint(c)
}
