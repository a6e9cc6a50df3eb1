package scan_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/practice/machine"
	"antin/signer/render"
	"antin/signer/scan"
)

// made writes the files as one PDF and has other programs look at it.
func made(t *testing.T, files ...scan.File) string {
	t.Helper()
	leaves, err := scan.Leaves(t.Context(), files...)
	if err != nil {
		t.Fatal(err)
	}
	return bound(t, scan.NewPlan(leaves...))
}

func bound(t *testing.T, plan scan.Plan) string {
	t.Helper()
	var buf bytes.Buffer
	p := scan.Properties{Title: "Quyết định số 121/QĐ-UBND", Producer: "Ấn Tín", Created: time.Date(2026, 11, 22, 9, 47, 3, 0, time.UTC)}
	if err := scan.Write(t.Context(), &buf, plan, p); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "gop.pdf")
	if err := os.WriteFile(path, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if o := practice.QPDF(path, ""); o.Missing {
		t.Log("qpdf is not installed: the structure is checked by our own reader alone")
	} else if err := o.Error(); err != nil {
		t.Error(err)
	}
	return path
}

func file(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// drawn is page n of a PDF at 72 dpi.
func drawn(t *testing.T, path string, n int) *image.RGBA {
	t.Helper()
	var r render.Renderer
	if _, err := r.Open(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p, err := r.Page(t.Context(), n, 72)
	if err != nil {
		t.Fatal(err)
	}
	return p.RGBA
}

// difference is the mean difference of two pictures' samples, 0 to 255.
func difference(a, b *image.RGBA) float64 {
	if a.Bounds() != b.Bounds() {
		return 255
	}
	sum := 0.0
	for i := range a.Pix {
		sum += math.Abs(float64(a.Pix[i]) - float64(b.Pix[i]))
	}
	return sum / float64(len(a.Pix))
}

// embedded are the coded data of the pictures of a PDF.
func embedded(t *testing.T, path string) (out [][]byte) {
	t.Helper()
	f, err := pdffile.Open(path, pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, n := range f.Numbers() {
		ref, _ := f.RefOf(n)
		o, err := f.Load(ref)
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := o.(*pdffile.Stream); ok && s.Dict["Subtype"] == pdffile.Name("Image") {
			b, err := f.Raw(s)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, b)
		}
	}
	return out
}

func TestJPEGGoesInByteForByte(t *testing.T) {
	data, err := practice.ScanJPEGFile(practice.ScanOptions{DPI: 200})
	if err != nil {
		t.Fatal(err)
	}
	path := made(t, scan.File{Path: file(t, "quet.jpg", data)})
	if got := embedded(t, path); len(got) != 1 || !bytes.Equal(got[0], data) {
		t.Error("the JPEG in the document is not the one of the file")
	}
	r, err := scan.CheckFile(t.Context(), path, scan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if p := r.Pages[0]; r.Verdict != scan.Pass || math.Abs(p.DPI-200) > 0.5 || p.Paper != "A4" {
		t.Errorf("verdict %s: %+v", r.Verdict, p)
	}
	out, err := exec.Command(machine.Program(t, "pdfinfo", "poppler-utils"), "-isodates", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Title:           Quyết định số 121/QĐ-UBND", "Producer:        Ấn Tín", "2026-11-22T"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("pdfinfo does not say %q:\n%s", want, out)
		}
	}
}

// oriented is a JPEG with an EXIF orientation (EXIF 2.3, 4.6.4) and density.
func oriented(jpg []byte, orientation, dpi int) []byte {
	tiff := []byte("MM\x00*\x00\x00\x00\x08\x00\x04")
	entry := func(tag, kind int, value uint32) {
		tiff = binary.BigEndian.AppendUint16(tiff, uint16(tag))
		tiff = binary.BigEndian.AppendUint16(tiff, uint16(kind))
		tiff = binary.BigEndian.AppendUint32(tiff, 1)
		tiff = binary.BigEndian.AppendUint32(tiff, value)
	}
	const short, rational, behind = 3, 5, 8 + 2 + 4*12 + 4
	entry(0x0112, short, uint32(orientation)<<16)
	entry(0x011A, rational, behind)
	entry(0x011B, rational, behind)
	entry(0x0128, short, 2<<16)
	tiff = append(tiff, 0, 0, 0, 0)
	tiff = binary.BigEndian.AppendUint32(tiff, uint32(dpi))
	tiff = binary.BigEndian.AppendUint32(tiff, 1)
	body := append([]byte("Exif\x00\x00"), tiff...)
	out := []byte{0xFF, 0xD8, 0xFF, 0xE1}
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(append(out, body...), jpg[2:]...)
}

func TestEXIFOrientation(t *testing.T) {
	// A red corner top left, a blue one top right: where they are to be seen.
	img := image.NewRGBA(image.Rect(0, 0, 400, 600))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for y := range 150 {
		for x := range 150 {
			img.Set(x, y, color.RGBA{R: 255, A: 255})
			img.Set(399-x, y, color.RGBA{B: 255, A: 255})
		}
	}
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, img, nil); err != nil {
		t.Fatal(err)
	}
	corner := func(m *image.RGBA, red bool) string {
		b := m.Bounds()
		for name, p := range map[string]image.Point{"top left": {5, 5}, "top right": {b.Dx() - 6, 5}, "bottom left": {5, b.Dy() - 6}, "bottom right": {b.Dx() - 6, b.Dy() - 6}} {
			c := m.RGBAAt(p.X, p.Y)
			if red && c.R > 200 && c.B < 80 || !red && c.B > 200 && c.R < 80 {
				return name
			}
		}
		return "nowhere"
	}
	for orientation, want := range map[int][2]string{
		1: {"top left", "top right"}, 2: {"top right", "top left"}, 3: {"bottom right", "bottom left"}, 4: {"bottom left", "bottom right"},
		5: {"top left", "bottom left"}, 6: {"top right", "bottom right"}, 7: {"bottom right", "top right"}, 8: {"bottom left", "top left"},
	} {
		path := made(t, scan.File{Path: file(t, "anh.jpg", oriented(buf.Bytes(), orientation, 100))})
		m := drawn(t, path, 1)
		if got := [2]string{corner(m, true), corner(m, false)}; got != want {
			t.Errorf("orientation %d: red and blue are at %v, want %v", orientation, got, want)
		}
		if turned := m.Bounds().Dx() > m.Bounds().Dy(); turned != (orientation > 4) {
			t.Errorf("orientation %d: the page is %v", orientation, m.Bounds())
		}
	}
}

func TestPicturesWithoutResolutionAsk(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 1654, 2339))
	var plain, jpg bytes.Buffer
	if err := errors.Join(png.Encode(&plain, img), jpeg.Encode(&jpg, img, nil)); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"a.png": plain.Bytes(), "a.jpg": jpg.Bytes()} {
		t.Run(name, func(t *testing.T) {
			path := file(t, name, data)
			leaves, err := scan.Leaves(t.Context(), scan.File{Path: path})
			if err != nil {
				t.Fatal(err)
			}
			l := leaves[0]
			if !l.Asks || l.Width != 0 {
				t.Errorf("the leaf does not ask: %+v", l)
			}
			if fits := l.Fits(); len(fits) == 0 || fits[0] != (scan.Fit{Paper: "A3", DPI: 150}) && fits[0] != (scan.Fit{Paper: "A2", DPI: 100}) {
				t.Errorf("offers %v", fits)
			}
			if err := scan.Write(t.Context(), &bytes.Buffer{}, scan.NewPlan(leaves...), scan.Properties{}); !errors.Is(err, scan.ErrNoDensity) {
				t.Errorf("written without an answer: %v", err)
			}
			leaves, err = scan.Leaves(t.Context(), scan.File{Path: path, DPI: 200})
			if err != nil || leaves[0].Asks || math.Abs(leaves[0].Width-210) > 0.1 {
				t.Errorf("after the answer: %+v, %v", leaves, err)
			}
		})
	}
}

// converted has ImageMagick or libtiff make a file.
func converted(t *testing.T, out string, program string, args ...string) string {
	t.Helper()
	machine.Program(t, program, "imagemagick or libtiff-tools")
	if says, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", program, err, says)
	}
	return out
}

func TestEveryKindOfPicture(t *testing.T) {
	dir := t.TempDir()
	data, err := practice.ScanJPEGFile(practice.ScanOptions{DPI: 100, Lines: 20})
	if err != nil {
		t.Fatal(err)
	}
	source := filepath.Join(dir, "goc.png")
	jpg := file(t, "goc.jpg", data)
	converted(t, source, "convert", jpg, source)
	plain := filepath.Join(dir, "goc.tif")
	converted(t, plain, "convert", source, "-units", "PixelsPerInch", "-density", "100", "-compress", "None", plain)
	two := filepath.Join(dir, "den.tif")
	converted(t, two, "convert", source, "-colorspace", "Gray", "-threshold", "60%", "-type", "bilevel", "-depth", "1", "-units", "PixelsPerInch", "-density", "100", "-compress", "Group4", two)
	colour := drawn(t, made(t, scan.File{Path: jpg}), 1)
	black := drawn(t, made(t, scan.File{Path: two}), 1)

	convert := func(name string, args ...string) func(*testing.T) string {
		out := filepath.Join(dir, name)
		return func(t *testing.T) string {
			return converted(t, out, "convert", append(append([]string{source, "-units", "PixelsPerInch", "-density", "100"}, args...), out)...)
		}
	}
	tiffcp := func(name, from string, args ...string) func(*testing.T) string {
		out := filepath.Join(dir, name)
		return func(t *testing.T) string { return converted(t, out, "tiffcp", append(args, from, out)...) }
	}
	for name, tc := range map[string]struct {
		make     func(*testing.T) string
		like     *image.RGBA
		off      float64
		lossless bool
	}{
		"PNG":                  {convert("a.png"), colour, 1, true},
		"PNG palette":          {convert("b.png", "-type", "Palette", "-colors", "250"), colour, 4, true},
		"PNG interlaced":       {convert("c.png", "-interlace", "PNG"), colour, 1, false},
		"PNG opaque alpha":     {convert("d.png", "-define", "png:color-type=6"), colour, 1, false},
		"PNG 16 bits":          {convert("e.png", "-depth", "16", "-define", "png:bit-depth=16"), colour, 1, true},
		"JPEG progressive":     {convert("f.jpg", "-interlace", "JPEG"), colour, 3, true},
		"JPEG CMYK":            {convert("g.jpg", "-colorspace", "CMYK"), colour, 12, true},
		"TIFF LZW":             {tiffcp("h.tif", plain, "-c", "lzw:2"), colour, 1, false},
		"TIFF Deflate":         {tiffcp("i.tif", plain, "-c", "zip"), colour, 1, false},
		"TIFF PackBits":        {tiffcp("j.tif", plain, "-c", "packbits"), colour, 1, false},
		"TIFF big endian":      {tiffcp("k.tif", plain, "-B", "-c", "none"), colour, 1, false},
		"TIFF tiles":           {tiffcp("l.tif", plain, "-t", "-w", "256", "-l", "256", "-c", "lzw"), colour, 1, false},
		"TIFF JPEG":            {tiffcp("m.tif", plain, "-c", "jpeg:r:90", "-r", "10000"), colour, 3, true},
		"TIFF JPEG YCbCr":      {convert("n.tif", "-compress", "JPEG", "-define", "tiff:rows-per-strip=10000"), colour, 3, true},
		"TIFF JPEG strips":     {tiffcp("o.tif", plain, "-c", "jpeg:r:90", "-r", "64"), colour, 3, false},
		"TIFF group 4":         {tiffcp("p.tif", two, "-c", "g4", "-r", "10000"), black, 0.5, true},
		"TIFF group 4 strips":  {tiffcp("q.tif", two, "-c", "g4", "-r", "100"), black, 0.5, false},
		"TIFF group 4 LSB":     {tiffcp("r.tif", two, "-c", "g4", "-r", "10000", "-f", "lsb2msb"), black, 0.5, true},
		"TIFF group 3":         {tiffcp("s.tif", two, "-c", "g3:1d", "-r", "10000"), black, 0.5, true},
		"TIFF group 3 2D fill": {tiffcp("t.tif", two, "-c", "g3:2d:fill", "-r", "10000"), black, 0.5, true},
		"TIFF white is zero":   {convert("u.tif", "-colorspace", "Gray", "-threshold", "60%", "-type", "bilevel", "-define", "quantum:polarity=min-is-white", "-compress", "Group4", "-define", "tiff:rows-per-strip=10000"), black, 0.5, true},
		"TIFF one bit":         {tiffcp("v.tif", two, "-c", "none"), black, 0.5, false},
	} {
		t.Run(name, func(t *testing.T) {
			path := tc.make(t)
			leaves, err := scan.Leaves(t.Context(), scan.File{Path: path})
			if err != nil {
				t.Fatal(err)
			}
			if l := leaves[0]; len(leaves) != 1 || math.Abs(l.DPI-100) > 0.5 || l.Lossless != tc.lossless || math.Abs(l.Width-210) > 0.3 {
				t.Errorf("read as %+v", l)
			}
			if off := difference(drawn(t, bound(t, scan.NewPlan(leaves...)), 1), tc.like); off > tc.off {
				t.Errorf("looks different by %.2f", off)
			}
		})
	}

	t.Run("pages of a TIFF, a PDF and a folder", func(t *testing.T) {
		many := filepath.Join(dir, "nhieu.tif")
		converted(t, many, "tiffcp", plain, two, plain, many)
		pdf, err := practice.ScanPDF(practice.ScanOptions{DPI: 72, Rotate: 90}, practice.ScanOptions{DPI: 72})
		if err != nil {
			t.Fatal(err)
		}
		path := made(t, scan.File{Path: many}, scan.File{Path: file(t, "hai.pdf", pdf)})
		r, err := scan.CheckFile(t.Context(), path, scan.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Pages) != 5 || math.Abs(r.Pages[1].DPI-100) > 1 || r.Pages[1].Color != scan.TwoLevels || math.Abs(r.Pages[4].DPI-72) > 1 {
			t.Errorf("%d pages, %+v", len(r.Pages), r.All())
		}
	})
}

func TestFolderInTheOrderOfPeople(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"trang 10.jpg", "trang 2.jpg", "trang 1.PNG", "ghi chu.txt", "trang 02b.tif"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files, err := scan.Files(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		got = append(got, filepath.Base(f))
	}
	if want := "[trang 1.PNG trang 2.jpg trang 02b.tif trang 10.jpg]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestBadInputIsRefused(t *testing.T) {
	jpg, err := practice.ScanJPEGFile(practice.ScanOptions{DPI: 72, Lines: 3})
	if err != nil {
		t.Fatal(err)
	}
	var transparent bytes.Buffer
	if err := png.Encode(&transparent, image.NewNRGBA(image.Rect(0, 0, 50, 50))); err != nil {
		t.Fatal(err)
	}
	huge := bytes.Clone(transparent.Bytes())
	binary.BigEndian.PutUint32(huge[16:], 1<<20)
	binary.BigEndian.PutUint32(huge[20:], 1<<20)
	tif := func(entries ...[3]uint32) []byte {
		b := []byte("II*\x00\x08\x00\x00\x00")
		b = binary.LittleEndian.AppendUint16(b, uint16(len(entries)))
		for _, e := range entries {
			b = binary.LittleEndian.AppendUint16(b, uint16(e[0]))
			b = binary.LittleEndian.AppendUint16(b, uint16(e[1]))
			b = binary.LittleEndian.AppendUint32(b, 1)
			b = binary.LittleEndian.AppendUint32(b, e[2])
		}
		return append(b, 0, 0, 0, 0)
	}
	loop := tif([3]uint32{256, 3, 10}, [3]uint32{257, 3, 10})
	binary.LittleEndian.PutUint32(loop[len(loop)-4:], 8)
	for name, tc := range map[string]struct {
		data []byte
		want error
	}{
		"text":                {[]byte("Kính gửi"), scan.ErrInputFormat},
		"empty":               {nil, scan.ErrInputFormat},
		"JPEG cut short":      {jpg[:len(jpg)/2], scan.ErrInputDamaged},
		"JPEG header alone":   {jpg[:30], scan.ErrInputKind},
		"PNG of 2^40 dots":    {fixed(huge), scan.ErrInputTooLarge},
		"PNG wrong checksum":  {huge, scan.ErrInputDamaged},
		"PNG cut short":       {transparent.Bytes()[:60], scan.ErrInputDamaged},
		"transparent PNG":     {transparent.Bytes(), scan.ErrInputKind},
		"TIFF pages in loop":  {loop, scan.ErrInputDamaged},
		"TIFF of no size":     {tif([3]uint32{256, 3, 0}, [3]uint32{257, 3, 10}), scan.ErrInputDamaged},
		"TIFF too large":      {tif([3]uint32{256, 4, 1 << 30}, [3]uint32{257, 4, 1 << 30}), scan.ErrInputTooLarge},
		"TIFF cut short":      {[]byte("MM\x00*\x00\x00\x10\x00"), scan.ErrInputDamaged},
		"TIFF of lost strips": {tif([3]uint32{256, 3, 10}, [3]uint32{257, 3, 10}, [3]uint32{273, 4, 4000}, [3]uint32{279, 4, 4000}), scan.ErrInputDamaged},
		"TIFF without data":   {tif([3]uint32{256, 3, 10}, [3]uint32{257, 3, 10}), scan.ErrInputDamaged},
		"TIFF code unknown":   {tif([3]uint32{256, 3, 10}, [3]uint32{257, 3, 10}, [3]uint32{259, 3, 34712}), scan.ErrInputKind},
		"BigTIFF":             {[]byte("II+\x00\x08\x00\x00\x00"), scan.ErrInputKind},
		"PDF cut short":       {[]byte("%PDF-1.4\n1 0 obj"), pdffile.ErrTruncated},
	} {
		t.Run(name, func(t *testing.T) {
			path := file(t, "xau", tc.data)
			leaves, err := scan.Leaves(t.Context(), scan.File{Path: path, DPI: 200})
			var out bytes.Buffer
			if err == nil {
				err = scan.Write(t.Context(), &out, scan.NewPlan(leaves...), scan.Properties{})
			}
			if !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(after, tc.data) {
				t.Error("the source was changed")
			}
		})
	}
}

// fixed sets the checksum of a PNG's header anew.
func fixed(b []byte) []byte {
	out := bytes.Clone(b)
	binary.BigEndian.PutUint32(out[29:], crc32.ChecksumIEEE(out[12:29]))
	return out
}

func TestWriteEndsWithItsContext(t *testing.T) {
	jpg, err := practice.ScanJPEGFile(practice.ScanOptions{DPI: 72, Lines: 3})
	if err != nil {
		t.Fatal(err)
	}
	leaves, err := scan.Leaves(t.Context(), scan.File{Path: file(t, "a.jpg", jpg)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := scan.Write(ctx, &bytes.Buffer{}, scan.NewPlan(leaves...), scan.Properties{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
