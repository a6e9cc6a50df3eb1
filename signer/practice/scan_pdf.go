package practice

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"
)

// ScanPDF makes a PDF with a page for each of the options, as programs of
// scanners do: pictures alone, no text. The same options give the same bytes,
// save where a codec is another program's.
func ScanPDF(pages ...ScanOptions) ([]byte, error) {
	w := &scanWriter{}
	catalog, tree := w.reserve(), w.reserve()
	var kids bytes.Buffer
	for i, o := range pages {
		n, err := w.page(o, tree)
		if err != nil {
			return nil, fmt.Errorf("practice: page %d of a scan: %w", i+1, err)
		}
		fmt.Fprintf(&kids, "%d 0 R ", n)
	}
	intents := ""
	if len(pages) > 0 && pages[0].Intent != nil {
		intents = fmt.Sprintf("/OutputIntents[<</S/GTS_PDFA1/OutputConditionIdentifier(RGB)/DestOutputProfile %d 0 R>>]", w.icc(pages[0].Intent))
	}
	w.object(catalog, fmt.Sprintf("<</Type/Catalog/Pages %d 0 R%s>>", tree, intents), nil)
	w.object(tree, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(pages), kids.Bytes()), nil)
	return w.finish(catalog), nil
}

// scanWriter writes a PDF file. It shares nothing with the program's own
// reader and writer, which it is there to test.
type scanWriter struct {
	body    bytes.Buffer
	offsets []int
	profile []byte // of the page's JPEGs
}

func (w *scanWriter) reserve() int {
	w.offsets = append(w.offsets, 0)
	return len(w.offsets)
}

// object writes object n; data make it a stream, whose length is added.
func (w *scanWriter) object(n int, dict string, data []byte) {
	if w.body.Len() == 0 {
		w.body.WriteString("%PDF-1.5\n%\xE2\xE3\xCF\xD3\n")
	}
	w.offsets[n-1] = w.body.Len()
	fmt.Fprintf(&w.body, "%d 0 obj\n", n)
	if data == nil {
		w.body.WriteString(dict)
	} else {
		fmt.Fprintf(&w.body, "%s/Length %d>>\nstream\n", dict[:len(dict)-2], len(data))
		w.body.Write(data)
		w.body.WriteString("\nendstream")
	}
	w.body.WriteString("\nendobj\n")
}

func (w *scanWriter) finish(catalog int) []byte {
	at := w.body.Len()
	fmt.Fprintf(&w.body, "xref\n0 %d\n0000000000 65535 f \n", len(w.offsets)+1)
	for _, o := range w.offsets {
		fmt.Fprintf(&w.body, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&w.body, "trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(w.offsets)+1, catalog, at)
	return w.body.Bytes()
}

// piece is a picture at its place on the page, points.
type piece struct {
	x, y, w, h float64
	object     int
	before     string // operators: the colour of a mask
}

func (w *scanWriter) page(o ScanOptions, tree int) (int, error) {
	w.profile = o.Profile
	img, err := ScanPicture(o)
	if err != nil {
		return 0, err
	}
	const pt = 72 / 25.4
	scale, unit := cmp.Or(o.Scale, 1), cmp.Or(o.Unit, 1)
	b := img.Bounds()
	dpi := cmp.Or(o.DPI, 300)
	pw, ph := float64(b.Dx())/dpi*72*scale/unit, float64(b.Dy())/dpi*72*scale/unit
	var pieces []piece
	if o.MRC > 0 {
		pieces, err = w.layers(o, img, pw, ph)
	} else {
		pieces, err = w.cut(o, img, pw, ph)
	}
	if err != nil {
		return 0, err
	}
	// The picture is turned so that the page's /Rotate makes it upright again.
	bw, bh, turn := pw, ph, ""
	switch o.Rotate {
	case 90:
		bw, bh, turn = ph, pw, fmt.Sprintf("0 1 -1 0 %.4f 0 cm\n", ph)
	case 180:
		turn = fmt.Sprintf("-1 0 0 -1 %.4f %.4f cm\n", pw, ph)
	case 270:
		bw, bh, turn = ph, pw, fmt.Sprintf("0 -1 1 0 0 %.4f cm\n", pw)
	}
	var content, named bytes.Buffer
	content.WriteString(turn)
	for i, p := range pieces {
		fmt.Fprintf(&content, "q %s%.4f 0 0 %.4f %.4f %.4f cm /P%d Do Q\n", p.before, p.w, p.h, p.x, p.y, i)
		fmt.Fprintf(&named, "/P%d %d 0 R", i, p.object)
	}
	stream, page := w.reserve(), w.reserve()
	w.object(stream, "<<>>", content.Bytes())
	boxes := fmt.Sprintf("/MediaBox[0 0 %.4f %.4f]/Rotate %d", bw, bh, o.Rotate)
	if c := o.Crop * pt; c > 0 {
		boxes += fmt.Sprintf("/CropBox[%.4f %.4f %.4f %.4f]", c, c, bw-c, bh-c)
	}
	if unit != 1 {
		boxes += fmt.Sprintf("/UserUnit %g", unit)
	}
	w.object(page, fmt.Sprintf("<</Type/Page/Parent %d 0 R%s/Contents %d 0 R/Resources<</XObject<<%s>>>>>>", tree, boxes, stream, named.Bytes()), nil)
	return page, nil
}

// cut stores the picture whole, in tiles or in strips.
func (w *scanWriter) cut(o ScanOptions, img image.Image, pw, ph float64) ([]piece, error) {
	cols, rows := max(1, o.Tiles), max(1, o.Tiles, o.Strips)
	b := img.Bounds()
	var out []piece
	for r := range rows {
		for c := range cols {
			part := image.Rect(b.Dx()*c/cols, b.Dy()*r/rows, b.Dx()*(c+1)/cols, b.Dy()*(r+1)/rows)
			n, err := w.picture(o.Codec, crop(img, part), "")
			if err != nil {
				return nil, err
			}
			kx, ky := pw/float64(b.Dx()), ph/float64(b.Dy())
			out = append(out, piece{
				x: float64(part.Min.X) * kx, y: ph - float64(part.Max.Y)*ky,
				w: float64(part.Dx()) * kx, h: float64(part.Dy()) * ky, object: n,
			})
		}
	}
	return out, nil
}

func crop(img image.Image, r image.Rectangle) image.Image {
	if r == img.Bounds() {
		return img
	}
	var out draw.Image
	switch img.(type) {
	case *image.Gray:
		out = image.NewGray(image.Rect(0, 0, r.Dx(), r.Dy()))
	default:
		out = image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	}
	draw.Draw(out, out.Bounds(), img, r.Min, draw.Src)
	return out
}

// layers stores the page as mixed raster content does: the paper with stamps
// as a coarse picture, the print as a fine mask above it.
func (w *scanWriter) layers(o ScanOptions, img image.Image, pw, ph float64) ([]piece, error) {
	b := img.Bounds()
	k := o.MRC / cmp.Or(o.DPI, 300)
	coarse := image.NewRGBA(image.Rect(0, 0, int(math.Round(float64(b.Dx())*k)), int(math.Round(float64(b.Dy())*k))))
	mask := image.NewGray(b)
	back := image.NewRGBA(b)
	draw.Draw(back, b, img, b.Min, draw.Src)
	for y := range b.Dy() {
		for x := range b.Dx() {
			p := back.RGBAAt(x, y)
			ink := max(p.R, p.G, p.B) < 110
			if !ink || o.Faint {
				mask.SetGray(x, y, color.Gray{Y: 255})
				continue
			}
			back.SetRGBA(x, y, scanPaper)
		}
	}
	draw.BiLinear.Scale(coarse, coarse.Bounds(), back, b, draw.Src, nil)
	under, err := w.picture(ScanJPEG, coarse, "")
	if err != nil {
		return nil, err
	}
	codec := o.Codec
	if codec != ScanG4 && codec != ScanJBIG2 {
		codec = ScanFlate
	}
	over, err := w.picture(codec, bilevel{mask}, "/ImageMask true")
	if err != nil {
		return nil, err
	}
	return []piece{{0, 0, pw, ph, under, ""}, {0, 0, pw, ph, over, "0.15 0.14 0.16 rg "}}, nil
}
