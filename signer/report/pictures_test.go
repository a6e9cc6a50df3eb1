package report_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"testing"
	"time"

	"antin/signer/appearance"
	"antin/signer/pdffile"
	"antin/signer/report"
)

// perMM is the resolution of a canvas, about 150 dpi.
const perMM = 6

// canvas is a picture measured in millimetres.
type canvas struct{ *image.RGBA }

func newCanvas(w, h int, paper color.Color) canvas {
	c := canvas{image.NewRGBA(image.Rect(0, 0, w*perMM, h*perMM))}
	draw.Draw(c, c.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	return c
}

func (c canvas) ring(x, y, radius, width float64, ink color.Color) {
	for a := 0.0; a < 2*math.Pi; a += 0.004 {
		for r := radius - width; r <= radius; r += 0.1 {
			c.Set(int((x+r*math.Cos(a))*perMM), int((y+r*math.Sin(a))*perMM), ink)
		}
	}
}

func (c canvas) box(x, y, w, h float64, ink color.Color) {
	draw.Draw(c, image.Rect(int(x*perMM), int(y*perMM), int((x+w)*perMM), int((y+h)*perMM)), image.NewUniform(ink), image.Point{}, draw.Src)
}

func (c canvas) wave(x, y, w, h float64, ink color.Color) {
	for a := 0.0; a < 1; a += 0.002 {
		c.box(x+a*w, y+h/2*(1+math.Sin(a*25)), 0.6, 0.6, ink)
	}
}

func (c canvas) picture(t testing.TB) *appearance.Picture {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, c); err != nil {
		t.Fatal(err)
	}
	p, err := appearance.DecodePicture(&b)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func gallery(t testing.TB, pdf []byte) *report.Gallery {
	t.Helper()
	g, err := report.Pictures(context.Background(), open(t, pdf))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

var (
	red    = color.NRGBA{205, 40, 50, 255}
	faded  = color.NRGBA{214, 120, 125, 255} // as scanners see it
	blue   = color.NRGBA{40, 60, 160, 255}
	ink    = color.NRGBA{20, 20, 20, 255}
	paper  = color.NRGBA{247, 245, 240, 255}
	cream  = color.NRGBA{253, 250, 238, 255}
	opaque = pdffile.Box{X: 100, Y: 120, W: 40, H: 40}
)

// What looks like a seal or a signature, and what does not.
func TestPictures(t *testing.T) {
	o := theOffice(t)
	scan := func(seal color.Color) canvas {
		c := newCanvas(210, 297, paper)
		for y := 30.0; y < 250; y += 7 {
			c.box(30, y, 150, 2, ink)
		}
		c.ring(120, 200, 18, 0.9, seal)
		c.ring(120, 200, 12, 0.4, seal)
		c.box(112, 196, 16, 6, seal)
		c.wave(125, 195, 35, 12, blue)
		return c
	}
	whole := pdffile.Box{W: 210, H: 297}
	disc := newCanvas(40, 40, color.Transparent)
	disc.ring(20, 20, 19, 1, red)
	square := newCanvas(40, 40, cream)
	square.box(2, 2, 36, 1, red)
	square.box(2, 37, 36, 1, red)
	square.box(2, 2, 1, 36, red)
	square.box(37, 2, 1, 36, red)
	half := newCanvas(40, 40, cream)
	half.ring(20, 20, 19, 1, red)
	half.box(0, 20, 40, 20, cream)
	black := newCanvas(40, 40, cream)
	black.ring(20, 20, 19, 1, ink)
	urgent := newCanvas(40, 8, color.White)
	urgent.box(0, 0, 40, 8, red)
	hand := newCanvas(45, 20, color.White)
	hand.wave(3, 3, 39, 14, blue)
	flag := newCanvas(45, 20, color.White)
	flag.box(0, 0, 45, 20, blue)
	for _, c := range []struct {
		name    string
		picture *appearance.Picture
		box     pdffile.Box
		want    []report.Kind
		near    pdffile.Box // of the first one
	}{
		{"seal of the practice office", o.seal, pdffile.Box{X: 100, Y: 120, W: 36, H: 36}, []report.Kind{report.Seal}, pdffile.Box{X: 100, Y: 120, W: 36, H: 36}},
		{"seal small as a stamp", o.seal, pdffile.Box{X: 100, Y: 120, W: 20, H: 20}, []report.Kind{report.Seal}, pdffile.Box{X: 100, Y: 120, W: 20, H: 20}},
		{"signature of the practice office", o.hand, pdffile.Box{X: 100, Y: 120, W: 45, H: 20}, []report.Kind{report.Strokes}, pdffile.Box{X: 106.8, Y: 120.5, W: 31.5, H: 19}},
		{"ring on nothing", disc.picture(t), opaque, []report.Kind{report.Seal}, pdffile.Box{X: 101, Y: 121, W: 38, H: 38}},
		{"seal in a scan of a page", scan(red).picture(t), whole, []report.Kind{report.Seal}, pdffile.Box{X: 102, Y: 182, W: 36, H: 36}},
		{"faded seal in a scan", scan(faded).picture(t), whole, []report.Kind{report.Seal}, pdffile.Box{X: 102, Y: 182, W: 36, H: 36}},
		{"scan without a seal", scan(ink).picture(t), whole, nil, pdffile.Box{}},
		{"red square", square.picture(t), opaque, nil, pdffile.Box{}},
		{"half a ring", half.picture(t), opaque, nil, pdffile.Box{}},
		{"black ring", black.picture(t), opaque, nil, pdffile.Box{}},
		{"HỎA TỐC", urgent.picture(t), pdffile.Box{X: 20, Y: 40, W: 40, H: 8}, nil, pdffile.Box{}},
		{"handwriting on white", hand.picture(t), pdffile.Box{X: 100, Y: 120, W: 45, H: 20}, []report.Kind{report.Strokes}, pdffile.Box{X: 103, Y: 123, W: 39.5, H: 14.5}},
		{"blue area", flag.picture(t), pdffile.Box{X: 100, Y: 120, W: 45, H: 20}, nil, pdffile.Box{}},
		{"seal the size of an icon", o.seal, pdffile.Box{X: 100, Y: 120, W: 10, H: 10}, nil, pdffile.Box{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := gallery(t, paint(t, o.decision, 2, c.picture, c.box))
			var got []report.Kind
			for _, p := range g.Pictures {
				got = append(got, p.Kind)
			}
			if fmt.Sprint(got) != fmt.Sprint(c.want) || g.Skipped != 0 {
				t.Fatalf("want %v, got %v, skipped %d", c.want, got, g.Skipped)
			}
			if len(got) > 0 {
				p := g.Pictures[0]
				if d := math.Max(math.Max(math.Abs(p.Place.X-c.near.X), math.Abs(p.Place.Y-c.near.Y)), math.Max(math.Abs(p.Place.W-c.near.W), math.Abs(p.Place.H-c.near.H))); d > 1.6 || p.Page != 2 || p.Where != report.OnPage {
					t.Errorf("found at %+v on page %d, want %+v", *p.Place, p.Page, c.near)
				}
			}
		})
	}
}

// Images come in many codings; one that is not read is counted.
func TestImageKinds(t *testing.T) {
	c := newCanvas(40, 40, color.White)
	c.ring(20, 20, 19, 1.2, red)
	w := c.Bounds().Dx()
	var rgb, cmyk, indexed, alpha []byte
	bits := make([]byte, w/8*w)
	for y := range w {
		for x := range w {
			p := c.RGBAAt(x, y)
			rgb = append(rgb, p.R, p.G, p.B)
			k, i, a := []byte{0, 0, 0, 0}, byte(0), byte(0)
			if p.G < 128 {
				k, i, a = []byte{0, 230, 200, 20}, 1, 255
				bits[y*w/8+x/8] |= 0x80 >> (x % 8)
			}
			cmyk, indexed, alpha = append(cmyk, k...), append(indexed, i), append(alpha, a)
		}
	}
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, c, &jpeg.Options{Quality: 80}); err != nil {
		t.Fatal(err)
	}
	image := func(space pdffile.Object, bpc int, data []byte, more pdffile.Dict) *pdffile.Stream {
		d := pdffile.Dict{
			"Type": pdffile.Name("XObject"), "Subtype": pdffile.Name("Image"), "Width": w, "Height": w,
			"BitsPerComponent": bpc, "ColorSpace": space, "Filter": pdffile.Name("FlateDecode"),
		}
		for k, v := range more {
			d[k] = v
		}
		if d["Filter"] == pdffile.Name("FlateDecode") {
			data = pdffile.Deflate(data)
		}
		return &pdffile.Stream{Dict: d, Data: data}
	}
	palette := pdffile.Array{pdffile.Name("Indexed"), pdffile.Name("DeviceRGB"), 1, pdffile.String{255, 255, 255, 200, 30, 40}}
	for _, k := range []struct {
		name    string
		image   *pdffile.Stream
		colour  string
		found   int
		skipped int
	}{
		{"RGB", image(pdffile.Name("DeviceRGB"), 8, rgb, nil), "", 1, 0},
		{"CMYK", image(pdffile.Name("DeviceCMYK"), 8, cmyk, nil), "", 1, 0},
		{"palette", image(palette, 8, indexed, nil), "", 1, 0},
		{"palette of one bit", image(palette, 1, bits, nil), "", 1, 0},
		{"JPEG", image(pdffile.Name("DeviceRGB"), 8, photo.Bytes(), pdffile.Dict{"Filter": pdffile.Name("DCTDecode")}), "", 1, 0},
		{"stencil in red", image(nil, 1, bits, pdffile.Dict{"ImageMask": true, "Decode": pdffile.Array{1, 0}}), "0.8 0.1 0.1 rg", 1, 0},
		{"stencil in red of CMYK", image(nil, 1, bits, pdffile.Dict{"ImageMask": true, "Decode": pdffile.Array{1, 0}}), "0 1 0.9 0 k", 1, 0},
		{"stencil in black", image(nil, 1, bits, pdffile.Dict{"ImageMask": true, "Decode": pdffile.Array{1, 0}}), "0 g", 0, 0},
		{"gray", image(pdffile.Name("DeviceGray"), 8, alpha, nil), "", 0, 0},
		{"JPEG 2000", image(pdffile.Name("DeviceRGB"), 8, rgb, pdffile.Dict{"Filter": pdffile.Name("JPXDecode")}), "", 0, 1},
		{"cut short", image(pdffile.Name("DeviceRGB"), 8, rgb[:1000], nil), "", 0, 1},
		{"damaged JPEG", image(pdffile.Name("DeviceRGB"), 8, photo.Bytes()[:200], pdffile.Dict{"Filter": pdffile.Name("DCTDecode")}), "", 0, 1},
		{"other bit depth", image(pdffile.Name("DeviceRGB"), 16, append(rgb, rgb...), nil), "", 0, 1},
		{"size of a lie", image(pdffile.Name("DeviceRGB"), 8, rgb, pdffile.Dict{"Width": 60000, "Height": 60000}), "", 0, 1},
	} {
		t.Run(k.name, func(t *testing.T) {
			pdf := revise(t, theOffice(t).decision, func(f *pdffile.File, u *pdffile.Update) {
				p, err := f.Page(1)
				if err != nil {
					t.Fatal(err)
				}
				d := p.Dict.Clone()
				d["Resources"] = pdffile.Dict{"XObject": pdffile.Dict{"Im#0": u.Add(k.image)}}
				d["Contents"] = u.Add(&pdffile.Stream{Dict: pdffile.Dict{}, Data: []byte("q % Q\n(a \\) Do) Tj BI /W 1 ID x EI " + k.colour + " 113.4 0 0 113.4 200 300 cm /Im#230 Do Q")})
				u.Set(p.Ref, d)
			})
			if g := gallery(t, pdf); len(g.Pictures) != k.found || g.Skipped != k.skipped {
				t.Errorf("found %d, skipped %d; want %d and %d", len(g.Pictures), g.Skipped, k.found, k.skipped)
			}
		})
	}
}

// Stamps and empty signature fields that show a seal are told apart from signatures.
func TestAnnotations(t *testing.T) {
	o := theOffice(t)
	with := func(more pdffile.Dict, field bool) []byte {
		return revise(t, o.decision, func(f *pdffile.File, u *pdffile.Update) {
			p, err := f.Page(1)
			if err != nil {
				t.Fatal(err)
			}
			box := pdffile.Box{X: 30, Y: 40, W: 36, H: 36}
			look := appearance.NewLook(36, 36)
			look.Picture(o.seal, pdffile.Box{W: 36, H: 36})
			form, err := look.Form(u, p.Geometry, appearance.Constraints{})
			if err != nil {
				t.Fatal(err)
			}
			d := pdffile.Dict{"Type": pdffile.Name("Annot"), "Rect": p.Rect(box).Array(), "AP": pdffile.Dict{"N": form}}
			for k, v := range more {
				d[k] = v
			}
			ref := u.Add(d)
			if err := u.AddAnnotation(p, ref); err != nil {
				t.Fatal(err)
			}
			if field {
				if err := u.SetForm(pdffile.Dict{}, ref); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	for _, c := range []struct {
		name string
		pdf  []byte
		want report.Where
	}{
		{"stamp", with(pdffile.Dict{"Subtype": pdffile.Name("Stamp")}, false), report.InAnnotation},
		{"empty signature field", with(pdffile.Dict{"Subtype": pdffile.Name("Widget"), "FT": pdffile.Name("Sig"), "T": pdffile.TextString("S")}, true), report.InEmptyField},
		{"signature", sign(t, o.decision, o.issue()), report.InSignature},
	} {
		g := gallery(t, c.pdf)
		if len(g.Pictures) != 1 || g.Pictures[0].Kind != report.Seal || g.Pictures[0].Where != c.want {
			t.Errorf("%s: %+v", c.name, g.Pictures)
		}
	}
	// A signed document with such a field beside the signatures needs a look.
	d := check(t, sign(t, sign(t, with(pdffile.Dict{"Subtype": pdffile.Name("Stamp")}, false), o.approve()), o.issue()))
	if d.Result != report.Attention || d.Reasons[0].Code != "pictures.loose-seal" {
		t.Error(describe(d))
	}
}

// The work is bounded, whatever a file asks for.
func TestPicturesBounded(t *testing.T) {
	o := theOffice(t)
	loop := func(form string) []byte {
		return revise(t, o.decision, func(f *pdffile.File, u *pdffile.Update) {
			p, _ := f.Page(1)
			ref := u.Add(nil)
			xobjects := pdffile.Dict{"F": ref}
			u.Set(ref, &pdffile.Stream{Dict: pdffile.Dict{
				"Subtype": pdffile.Name("Form"), "BBox": pdffile.Array{0, 0, 1, 1}, "Resources": pdffile.Dict{"XObject": xobjects},
			}, Data: []byte(form)})
			d := p.Dict.Clone()
			d["Resources"] = pdffile.Dict{"XObject": xobjects}
			d["Contents"] = u.Add(&pdffile.Stream{Dict: pdffile.Dict{}, Data: []byte("/F Do")})
			u.Set(p.Ref, d)
		})
	}
	for name, pdf := range map[string][]byte{
		"form in itself":          loop("/F Do"),
		"form in itself, bushy":   loop("/F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do"),
		"numbers out of range":    loop("1e300 0 0 1e300 0 0 cm /F Do"),
		"deeply nested, no end":   loop(string(bytes.Repeat([]byte("q "), 100_000)) + "(((((("),
		"inline image without EI": loop("BI ID abc"),
	} {
		start := time.Now()
		g, err := report.Pictures(context.Background(), open(t, pdf))
		if err != nil || len(g.Pictures) != 0 || time.Since(start) > 5*time.Second {
			t.Errorf("%s: %+v, %v, %v", name, g, err, time.Since(start))
		}
	}
}

// Two pages with both signatures, and a page scanned at 300 dpi.
func BenchmarkPictures(b *testing.B) {
	o := theOffice(b)
	scan := image.NewRGBA(image.Rect(0, 0, 2480, 3508))
	draw.Draw(scan, scan.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	for y := 300; y < 3000; y += 60 {
		for x := 300; x < 2200; x += 7 {
			draw.Draw(scan, image.Rect(x, y, x+3, y+30), image.NewUniform(ink), image.Point{}, draw.Src)
		}
	}
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, scan, &jpeg.Options{Quality: 85}); err != nil {
		b.Fatal(err)
	}
	page := revise(b, o.decision, func(f *pdffile.File, u *pdffile.Update) {
		p, _ := f.Page(2)
		d := p.Dict.Clone()
		d["Resources"] = pdffile.Dict{"XObject": pdffile.Dict{"Scan": u.Add(&pdffile.Stream{Dict: pdffile.Dict{
			"Subtype": pdffile.Name("Image"), "Width": 2480, "Height": 3508, "BitsPerComponent": 8,
			"ColorSpace": pdffile.Name("DeviceRGB"), "Filter": pdffile.Name("DCTDecode"),
		}, Data: photo.Bytes()})}}
		d["Contents"] = u.Add(&pdffile.Stream{Dict: pdffile.Dict{}, Data: []byte("595 0 0 842 0 0 cm /Scan Do")})
		u.Set(p.Ref, d)
	})
	for name, pdf := range map[string][]byte{"signed": o.issued(b), "scan": page} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				gallery(b, pdf)
			}
		})
	}
}
