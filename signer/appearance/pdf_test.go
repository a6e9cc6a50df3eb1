package appearance

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"antin/signer/pdffile"
	"antin/signer/practice/machine"
)

// objects collects what a look adds, numbered from 1.
type objects []pdffile.Object

func (o *objects) Add(v pdffile.Object) pdffile.Ref {
	*o = append(*o, v)
	return pdffile.Ref{Num: len(*o)}
}

// bytes is the serialised form of all objects, for comparing.
func (o objects) bytes() []byte {
	var b bytes.Buffer
	for i, v := range o {
		fmt.Fprintf(&b, "%d 0 obj\n", i+1)
		writeObject(&b, v)
		b.WriteString("\nendobj\n")
	}
	return b.Bytes()
}

func writeObject(b *bytes.Buffer, v pdffile.Object) {
	switch v := v.(type) {
	case pdffile.Name:
		b.WriteString("/" + string(v))
	case pdffile.String:
		fmt.Fprintf(b, "<%x>", []byte(v))
	case pdffile.Ref:
		fmt.Fprintf(b, "%d %d R", v.Num, v.Gen)
	case pdffile.Array:
		b.WriteString("[")
		for _, e := range v {
			writeObject(b, e)
			b.WriteString(" ")
		}
		b.WriteString("]")
	case pdffile.Dict:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, string(k))
		}
		slices.Sort(keys)
		b.WriteString("<<")
		for _, k := range keys {
			b.WriteString("/" + k + " ")
			writeObject(b, v[pdffile.Name(k)])
		}
		b.WriteString(">>")
	case *pdffile.Stream:
		writeObject(b, v.Dict)
		b.WriteString("\nstream\n")
		b.Write(v.Data)
		b.WriteString("\nendstream")
	case float64:
		b.WriteString(strconv.FormatFloat(v, 'f', -1, 64))
	case int, bool:
		fmt.Fprint(b, v)
	default:
		panic(fmt.Sprintf("test writer: %T", v))
	}
}

// page is a document of one page with looks on it.
type page struct {
	media      pdffile.Rect // user space units
	geometry   pdffile.Geometry
	background string // operators painted before the looks
	marks      []mark
	inContent  bool // draw through the page content instead of a widget
}

// mark is a look with its upper left corner on the seen page, mm.
type mark struct {
	look *Look
	x, y float64
}

// a4 is an upright A4 page.
func a4(marks ...mark) page {
	r := pdffile.Rect{X1: 595.2756, Y1: 841.8898}
	return page{media: r, geometry: pdffile.Geometry{Crop: r, UserUnit: 1}, marks: marks}
}

// write returns the finished PDF.
func (p page) write(t *testing.T, c Constraints) []byte {
	t.Helper()
	var (
		o        objects
		fields   pdffile.Array
		xobjects = pdffile.Dict{}
		content  strings.Builder
	)
	content.WriteString("q " + p.background + " Q\n")
	for i, m := range p.marks {
		w, h := m.look.Size()
		rect := p.geometry.Rect(pdffile.Box{X: m.x, Y: m.y, W: w, H: h})
		form, err := m.look.Form(&o, p.geometry, c)
		if err != nil {
			t.Fatal(err)
		}
		if p.inContent {
			name := fmt.Sprintf("Fm%d", i)
			xobjects[pdffile.Name(name)] = form
			fmt.Fprintf(&content, "q 1 0 0 1 %f %f cm /%s Do Q\n", rect.X0, rect.Y0, name)
			continue
		}
		// MuPDF 1.21 draws no widget of a field without name, and its own arrow
		// in a signature field without value.
		value := pdffile.Dict{"Type": pdffile.Name("Sig"), "Filter": pdffile.Name("Adobe.PPKLite")}
		fields = append(fields, o.Add(pdffile.Dict{
			"Type": pdffile.Name("Annot"), "Subtype": pdffile.Name("Widget"), "FT": pdffile.Name("Sig"),
			"V": value, "T": pdffile.String(fmt.Sprintf("Signature%d", i+1)),
			"F": 132, "Rect": rect.Array(), "AP": pdffile.Dict{"N": form},
		}))
	}
	stream := o.Add(&pdffile.Stream{Dict: pdffile.Dict{"Length": content.Len()}, Data: []byte(content.String())})
	pages := pdffile.Ref{Num: len(o) + 2}
	one := o.Add(pdffile.Dict{
		"Type": pdffile.Name("Page"), "Parent": pages, "Contents": stream,
		"MediaBox": p.media.Array(), "CropBox": p.geometry.Crop.Array(),
		"Rotate": p.geometry.Rotate, "UserUnit": p.geometry.UserUnit,
		"Resources": pdffile.Dict{"XObject": xobjects}, "Annots": fields,
	})
	o.Add(pdffile.Dict{"Type": pdffile.Name("Pages"), "Kids": pdffile.Array{one}, "Count": 1})
	root := o.Add(pdffile.Dict{
		"Type": pdffile.Name("Catalog"), "Pages": pages,
		"AcroForm": pdffile.Dict{"Fields": fields, "SigFlags": 1},
	})

	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	offsets := make([]int, len(o))
	for i, v := range o {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n", i+1)
		writeObject(&b, v)
		b.WriteString("\nendobj\n")
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f\r\n", len(o)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n\r\n", at)
	}
	b.WriteString("trailer\n")
	writeObject(&b, pdffile.Dict{"Size": len(o) + 1, "Root": root})
	fmt.Fprintf(&b, "\nstartxref\n%d\n%%%%EOF\n", start)
	return b.Bytes()
}

// viewer draws the first page of a PDF with one program.
type viewer struct {
	name string
	args func(dpi int, pdf, out string) []string
	out  string // name of the file it writes
}

var viewers = []viewer{
	{"pdftoppm", func(dpi int, pdf, out string) []string {
		return []string{"-png", "-singlefile", "-cropbox", "-r", strconv.Itoa(dpi), pdf, strings.TrimSuffix(out, ".png")}
	}, "a.png"},
	{"mutool", func(dpi int, pdf, out string) []string {
		return []string{"draw", "-q", "-r", strconv.Itoa(dpi), "-c", "rgb", "-o", out, pdf}
	}, "b.png"},
}

// draw renders pdf, or skips the test when the program is missing.
func (v viewer) draw(t *testing.T, pdf []byte, dpi int) *raster {
	t.Helper()
	machine.Program(t, v.name, "poppler-utils or mupdf-tools")
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.pdf"), filepath.Join(dir, v.out)
	if err := os.WriteFile(in, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	msg, err := exec.Command(v.name, v.args(dpi, in, out)...).CombinedOutput()
	// Any word of complaint counts, except mutool's about how it was built.
	msg = bytes.ReplaceAll(msg, []byte("warning: ICC support is not available"), nil)
	if err != nil || len(bytes.TrimSpace(msg)) > 0 {
		t.Fatalf("%s: %v\n%s", v.name, err, msg)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	keep(t, v.name, pdf, data)
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return &raster{Image: m, dpi: float64(dpi)}
}

// keep copies drawings into the folder named by ANTIN_KEEP, for looking at them.
func keep(t *testing.T, name string, pdf, drawing []byte) {
	dir := os.Getenv("ANTIN_KEEP")
	if dir == "" {
		return
	}
	base := filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "-")+"-"+name)
	for ext, data := range map[string][]byte{".pdf": pdf, ".png": drawing} {
		if err := os.WriteFile(base+ext, data, 0o600); err != nil {
			t.Log(err)
		}
	}
}

// eachViewer runs a subtest with every viewer.
func eachViewer(t *testing.T, f func(t *testing.T, v viewer)) {
	for _, v := range viewers {
		t.Run(v.name, func(t *testing.T) { f(t, v) })
	}
}

// raster is a drawn page addressed in mm.
type raster struct {
	image.Image
	dpi float64
}

func (r *raster) pixel(mm float64) int { return int(mm * r.dpi / 25.4) }

// at is the colour of the pixel that contains the point (mm from the top left).
func (r *raster) at(x, y float64) color.NRGBA {
	return color.NRGBAModel.Convert(r.Image.At(r.pixel(x), r.pixel(y))).(color.NRGBA)
}

// size is width and height of the page in mm.
func (r *raster) size() (w, h float64) {
	return float64(r.Bounds().Dx()) * 25.4 / r.dpi, float64(r.Bounds().Dy()) * 25.4 / r.dpi
}

func near(got, want color.NRGBA, tolerance int) bool {
	off := func(a, b uint8) bool { return max(int(a)-int(b), int(b)-int(a)) > tolerance }
	return !off(got.R, want.R) && !off(got.G, want.G) && !off(got.B, want.B)
}

// over is c on an opaque background.
func over(c, background color.NRGBA) color.NRGBA {
	mix := func(f, b uint8) uint8 { return uint8((int(f)*int(c.A) + int(b)*(255-int(c.A)) + 127) / 255) }
	return color.NRGBA{mix(c.R, background.R), mix(c.G, background.G), mix(c.B, background.B), 255}
}
