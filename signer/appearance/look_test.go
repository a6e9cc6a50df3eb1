package appearance

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"antin/signer/pdffile"
	"antin/signer/practice/machine"
)

// pictureOf decodes a PNG with 8 bit RGB and alpha made from at.
func pictureOf(t testing.TB, w, h int, at func(x, y int) color.NRGBA) *Picture {
	t.Helper()
	return decode(t, pngFile{kind: pngRGBAlpha, depth: 8, w: w, h: h, samples: func(x, y int) []uint16 {
		c := at(x, y)
		return []uint16{uint16(c.R), uint16(c.G), uint16(c.B), uint16(c.A)}
	}}.encode())
}

// corners is a picture whose quarters are red, green, blue and yellow in
// reading order.
func corners(t testing.TB, w, h int) *Picture {
	quarter := []color.NRGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 0, 255}}
	return pictureOf(t, w, h, func(x, y int) color.NRGBA { return quarter[2*x/w+2*(2*y/h)] })
}

// disc is a red disc with soft edge and a border of empty black pixels.
func disc(t testing.TB, size int, diameter float64) *Picture {
	c := float64(size) / 2
	return pictureOf(t, size, size, func(x, y int) color.NRGBA {
		d := math.Hypot(float64(x)+0.5-c, float64(y)+0.5-c)
		a := max(0, min(1, diameter/2-d+0.5))
		if a == 0 {
			return color.NRGBA{}
		}
		return color.NRGBA{220, 20, 30, uint8(a*255 + 0.5)}
	})
}

// Every kind of transparency is drawn as the picture has it, over white and
// over a colour. One picture pixel is ten drawn ones.
func TestAlphaIsExact(t *testing.T) {
	const dpi, w, h, cell = 150, 8, 4, 10 * 25.4 / 150
	palette := []color.NRGBA{{255, 127, 127, 255}, {255, 127, 127, 128}, {0, 0, 0, 0}, {20, 60, 200, 64}, {255, 255, 255, 200}}
	pictures := map[string]pngFile{
		"palette with tRNS": {
			kind: pngPalette, depth: 4, palette: palette,
			samples: func(x, y int) []uint16 { return []uint16{uint16((x + y) % len(palette))} },
		},
		"16 bit alpha": {
			kind: pngRGBAlpha, depth: 16,
			samples: func(x, y int) []uint16 {
				return []uint16{65535, uint16(y) * 16000, 32639, uint16(65535 * (x + 8*y) / 31)}
			},
		},
		"soft alpha": {
			kind: pngRGBAlpha, depth: 8,
			samples: func(x, y int) []uint16 { return []uint16{255, 127, 127, uint16(255 * (x + 8*y) / 31)} },
		},
		"noise on a slope": { // small as differences, Predictor 2
			kind: pngRGBAlpha, depth: 8,
			samples: func(x, y int) []uint16 {
				noise := uint16((x*31+y*17)*97%23) / 8
				return []uint16{100 + uint16(15*x) + noise, 40 + uint16(10*x), 20 + uint16(15*x) + noise, 60 + uint16(15*x)}
			},
		},
		"grey and alpha": {
			kind: pngGreyAlpha, depth: 8,
			samples: func(x, y int) []uint16 { return []uint16{uint16(y * 80), uint16(255 * x / 7)} },
		},
	}
	backgrounds := map[string]struct {
		paint string
		c     color.NRGBA
	}{
		"white": {"", color.NRGBA{255, 255, 255, 255}},
		"green": {"0.2 0.6 0.4 rg 0 0 600 850 re f", color.NRGBA{51, 153, 102, 255}},
	}
	eachViewer(t, func(t *testing.T, v viewer) {
		for name, file := range pictures {
			for on, background := range backgrounds {
				t.Run(name+" on "+on, func(t *testing.T) {
					file.w, file.h = w, h
					p := decode(t, file.encode())
					pg := a4(mark{SignatureLook(p, w*cell, h*cell), 60 * 25.4 / dpi, 90 * 25.4 / dpi})
					pg.background = background.paint
					r := v.draw(t, pg.write(t, Constraints{}), dpi)
					for y := range h {
						for x := range w {
							got := color.NRGBAModel.Convert(r.Image.At(60+10*x+5, 90+10*y+5)).(color.NRGBA)
							want := over(p.colour(x, y), background.c)
							if !near(got, want, 2) {
								t.Errorf("pixel %d,%d (%v): drawn %v, want %v", x, y, p.colour(x, y), got, want)
							}
						}
					}
				})
			}
		}
	})
}

// A seal must have its true diameter in print, however the picture was cut.
func TestSealHasItsDiameter(t *testing.T) {
	const dpi, diameter = 600, 36.0
	tests := map[string]*Picture{
		"soft edge, wide border": disc(t, 900, 700),
		"no border":              disc(t, 600, 600),
		"opaque on white": decode(t, pngFile{
			kind: pngGrey, depth: 8, w: 640, h: 640,
			samples: func(x, y int) []uint16 {
				if math.Hypot(float64(x)-300, float64(y)-320) < 250 {
					return []uint16{90}
				}
				return []uint16{255}
			},
		}.encode()),
	}
	eachViewer(t, func(t *testing.T, v viewer) {
		for name, p := range tests {
			t.Run(name, func(t *testing.T) {
				r := pdffile.Rect{X1: 142, Y1: 142} // a small page saves time
				pg := page{media: r, geometry: pdffile.Geometry{Crop: r, UserUnit: 1}}
				pg.marks = []mark{{SealLook(p, diameter), 7, 6}}
				seen := v.draw(t, pg.write(t, Constraints{}), dpi)
				left, right := extent(seen, false)
				top, bottom := extent(seen, true)
				t.Logf("%.3f × %.3f mm", right-left, bottom-top)
				for what, got := range map[string]float64{"width": right - left, "height": bottom - top} {
					if math.Abs(got-diameter) > 0.1 {
						t.Errorf("%s %.3f mm, want %.1f ± 0.1", what, got, diameter)
					}
				}
				if math.Abs(left-7) > 0.1 || math.Abs(top-6) > 0.1 {
					t.Errorf("stands at %.3f, %.3f mm, want 7, 6", left, top)
				}
			})
		}
	})
}

// extent is where half dark pixels begin and end in the middle row or, when
// vertical, in the middle column of the seal, in mm.
func extent(r *raster, vertical bool) (from, to float64) {
	n, middle := r.Bounds().Dx(), r.pixel(6+18)
	if vertical {
		n, middle = r.Bounds().Dy(), r.pixel(7+18)
	}
	first, last := -1, -1
	for i := range n {
		x, y := i, middle
		if vertical {
			x, y = middle, i
		}
		if g := color.GrayModel.Convert(r.Image.At(x, y)).(color.Gray); g.Y < 190 {
			if first < 0 {
				first = i
			}
			last = i + 1
		}
	}
	return float64(first) * 25.4 / r.dpi, float64(last) * 25.4 / r.dpi
}

// Whatever the page says about rotation, crop and unit, a look is upright, in
// its place and of true size for the reader.
func TestUprightOnEveryPage(t *testing.T) {
	p := corners(t, 40, 20)
	type paper struct {
		media, crop pdffile.Rect
		unit        float64
	}
	papers := map[string]paper{
		"plain":      {pdffile.Rect{X1: 400, Y1: 300}, pdffile.Rect{X1: 400, Y1: 300}, 1},
		"cropped":    {pdffile.Rect{X0: -50, Y0: -20, X1: 600, Y1: 700}, pdffile.Rect{X0: 30, Y0: 45, X1: 430, Y1: 345}, 1},
		"UserUnit 2": {pdffile.Rect{X0: 10, Y0: 10, X1: 300, Y1: 200}, pdffile.Rect{X0: 20, Y0: 15, X1: 220, Y1: 165}, 2},
	}
	eachViewer(t, func(t *testing.T, v viewer) {
		for name, paper := range papers {
			for _, rotate := range []int{0, 90, 180, 270} {
				for _, inContent := range []bool{false, true} {
					t.Run(fmt.Sprintf("%s turned %d in content %v", name, rotate, inContent), func(t *testing.T) {
						g := pdffile.Geometry{Crop: paper.crop, Rotate: rotate, UserUnit: paper.unit}
						look := NewLook(60, 40)
						look.Picture(p, pdffile.Box{X: 10, Y: 5, W: 40, H: 20})
						if err := look.Text("l.", Bold, 30, 10, 38); err != nil {
							t.Fatal(err)
						}
						pg := page{media: paper.media, geometry: g, marks: []mark{{look, 20, 30}}, inContent: inContent}
						seen := v.draw(t, pg.write(t, Constraints{}), 100)
						wantW, wantH := g.Size()
						gotW, gotH := seen.size()
						scale := gotW / wantW
						if math.Abs(scale-1) > 0.01 && v.name == "pdftoppm" && paper.unit == 2 {
							// poppler does not know UserUnit: everything, paper
							// included, is half as large. Proportions still count.
							if math.Abs(scale-0.5) > 0.01 {
								t.Fatalf("page %.1f mm wide, want %.1f", gotW, wantW)
							}
							seen.dpi *= scale
							gotW, gotH = seen.size()
						}
						if math.Abs(gotW-wantW) > 0.5 || math.Abs(gotH-wantH) > 0.5 {
							t.Fatalf("page %.1f × %.1f mm, want %.1f × %.1f", gotW, gotH, wantW, wantH)
						}
						white := color.NRGBA{255, 255, 255, 255}
						for _, c := range []struct {
							x, y float64
							want color.NRGBA
						}{
							{31, 36, color.NRGBA{255, 0, 0, 255}},
							{69, 36, color.NRGBA{0, 255, 0, 255}},
							{31, 54, color.NRGBA{0, 0, 255, 255}},
							{69, 54, color.NRGBA{255, 255, 0, 255}},
							{49, 44, color.NRGBA{255, 0, 0, 255}},
							{29, 36, white},
							{71, 54, white},
							{40, 34, white},
							{40, 56, white},
							{31.5, 65, color.NRGBA{0, 0, 0, 255}}, // stem of l
						} {
							if got := seen.at(c.x, c.y); !near(got, c.want, 8) {
								t.Errorf("at %.0f, %.0f mm: %v, want %v", c.x, c.y, got, c.want)
							}
						}
					})
				}
			}
		}
	})
}

// All eight orientations and JPEGs that are put in as they are look the same
// in viewers as Pixels tells.
func TestJPEGInViewers(t *testing.T) {
	files := map[string]jpegFile{
		"grey":            {components: 1},
		"YCbCr":           {components: 3},
		"YCbCr with JFIF": {components: 3, app: [][]byte{jfifSegment(1, 72, 72)}},
		"YCbCr by Adobe":  {components: 3, app: [][]byte{adobeSegment(1)}},
		"RGB by Adobe":    {components: 3, app: [][]byte{adobeSegment(0)}},
		"CMYK by Adobe":   {components: 4, app: [][]byte{adobeSegment(0)}},
		"YCCK by Adobe":   {components: 4, app: [][]byte{adobeSegment(2)}},
		"CMYK plain":      {components: 4},
	}
	for orientation := range uint16(8) {
		files[fmt.Sprintf("orientation %d", orientation+1)] = jpegFile{
			components: 3, app: [][]byte{exifSegment(binary.BigEndian, orientation+1, 2, 72, 72)},
		}
	}
	eachViewer(t, func(t *testing.T, v viewer) {
		pg := a4()
		var pictures []*Picture
		for _, name := range slices.Sorted(maps.Keys(files)) {
			file := files[name]
			file.w, file.h = 3, 2
			file.value = func(bx, by int) []uint8 {
				return []uint8{uint8(60 + 30*bx + 50*by), uint8(90 + 40*bx), uint8(150 - 30*by), 230}[:file.components]
			}
			p := decode(t, file.encode())
			pg.marks = append(pg.marks, mark{SignatureLook(p, 12, 12), 20, 10 + 15*float64(len(pictures))})
			pictures = append(pictures, p)
		}
		seen := v.draw(t, pg.write(t, Constraints{}), 100)
		for i, p := range pictures {
			// The picture fills 12 mm in its longer direction, centred.
			mm := 12 / float64(max(p.w, p.h))
			x0 := 20 + (12-float64(p.w)*mm)/2
			y0 := 10 + 15*float64(i) + (12-float64(p.h)*mm)/2
			for y := 4; y < p.h; y += 8 {
				for x := 4; x < p.w; x += 8 {
					got := seen.at(x0+float64(x)*mm, y0+float64(y)*mm)
					if want := p.colour(x, y); !near(got, want, 3) {
						t.Errorf("%s: pixel %d,%d drawn %v, want %v", slices.Sorted(maps.Keys(files))[i], x, y, got, want)
					}
				}
			}
		}
	})
}

// Viewers that make a picture smaller must not find black under its
// transparent pixels.
func TestNoDarkFringe(t *testing.T) {
	eachViewer(t, func(t *testing.T, v viewer) {
		pg := a4(mark{SealLook(disc(t, 1000, 900), 36), 20, 20})
		seen := v.draw(t, pg.write(t, Constraints{}), 40)
		for y := range seen.Bounds().Dy() {
			for x := range seen.Bounds().Dx() {
				c := color.NRGBAModel.Convert(seen.Image.At(x, y)).(color.NRGBA)
				// Any mixture of (220, 20, 30) and white has R ≥ 220.
				if c.R < 216 {
					t.Fatalf("pixel %d,%d is %v", x, y, c)
				}
			}
		}
	})
}

func TestPDFA1HasNoTransparency(t *testing.T) {
	p := pictureOf(t, 4, 1, func(x, _ int) color.NRGBA { return color.NRGBA{200, 0, 0, []uint8{0, 128, 255, 10}[x]} })
	look := SignatureLook(p, 40, 10)
	var o objects
	if _, err := look.Form(&o, a4().geometry, Constraints{PDFA: 1}); err != nil {
		t.Fatal(err)
	}
	if b := o.bytes(); bytes.Contains(b, []byte("SMask")) || bytes.Contains(b, []byte("Interpolate")) || !bytes.Contains(b, []byte("ImageMask true")) {
		t.Errorf("objects not fit for PDF/A-1:\n%q", b)
	}
	eachViewer(t, func(t *testing.T, v viewer) {
		pg := a4(mark{look, 20, 20})
		pg.background = "0 0 1 rg 0 0 600 850 re f"
		seen := v.draw(t, pg.write(t, Constraints{PDFA: 1}), 100)
		blue := color.NRGBA{0, 0, 255, 255}
		for i, want := range []color.NRGBA{blue, {227, 127, 127, 255}, {200, 0, 0, 255}, blue} {
			if got := seen.at(25+10*float64(i), 25); !near(got, want, 2) {
				t.Errorf("pixel %d drawn %v, want %v", i, got, want)
			}
		}
	})
}

func TestNotes(t *testing.T) {
	soft := pictureOf(t, 2, 1, func(x, _ int) color.NRGBA { return color.NRGBA{200, 0, 0, uint8(255 - 100*x)} })
	hard := pictureOf(t, 2, 1, func(x, _ int) color.NRGBA { return color.NRGBA{200, 0, 0, uint8(255 - 255*x)} })
	grey := pictureOf(t, 2, 1, func(x, _ int) color.NRGBA { return color.NRGBA{7, 7, 7, uint8(255 - 100*x)} })
	tests := []struct {
		name string
		p    *Picture
		c    Constraints
		want []Note
	}{
		{"no PDF/A", soft, Constraints{}, nil},
		{"PDF/A-1, soft edges", soft, Constraints{PDFA: 1, OutputIntentRGB: true}, []Note{NoteBlendedOnWhite}},
		{"PDF/A-1, hard edges", hard, Constraints{PDFA: 1, OutputIntentRGB: true}, nil},
		{"PDF/A-2, soft edges", soft, Constraints{PDFA: 2, OutputIntentRGB: true}, nil},
		{"PDF/A-1, no RGB intent", soft, Constraints{PDFA: 1}, []Note{NoteBlendedOnWhite, NoteOutputIntent}},
		{"PDF/A-3, no RGB intent, grey", grey, Constraints{PDFA: 3}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := SignatureLook(tt.p, 40, 20).Notes(tt.c); !slices.Equal(got, tt.want) {
				t.Errorf("notes %v, want %v", got, tt.want)
			}
		})
	}
}

func TestSameLookSameBytes(t *testing.T) {
	draw := func() []byte {
		l := NewLook(80, 60)
		l.Picture(disc(t, 120, 100), pdffile.Box{W: 40, H: 40})
		l.Picture(corners(t, 20, 10), pdffile.Box{X: 40, W: 40, H: 40})
		l.Picture(disc(t, 120, 100), pdffile.Box{Y: 40, W: 20, H: 20})
		if err := l.Text("Nguyễn Văn Ánh", Italic, 13, 5, 55); err != nil {
			t.Fatal(err)
		}
		var o objects
		if _, err := l.Form(&o, a4().geometry, Constraints{}); err != nil {
			t.Fatal(err)
		}
		// The disc was decoded twice and is written once: its mask, itself, the
		// corners, the form.
		if len(o) != 4 {
			t.Errorf("%d objects, want 4", len(o))
		}
		return o.bytes()
	}
	if first, second := draw(), draw(); !bytes.Equal(first, second) {
		t.Error("two runs differ")
	}
}

func TestFormRefusesMisuse(t *testing.T) {
	p := corners(t, 4, 4)
	empty := pictureOf(t, 4, 4, func(_, _ int) color.NRGBA { return color.NRGBA{255, 0, 0, 3} })
	flat := NewLook(10, 10)
	flat.Picture(p, pdffile.Box{W: 10})
	tests := []struct {
		name string
		look *Look
		want error // nil = any
	}{
		{"no extent", NewLook(0, 5), nil},
		{"not a number", NewLook(math.NaN(), 5), nil},
		{"a flat box", flat, nil},
		{"no picture", SealLook(nil, 36), ErrPictureEmpty},
		{"an invisible picture", SealLook(empty, 36), ErrPictureEmpty},
		{"an invisible signature", SignatureLook(empty, 36, 20), ErrPictureEmpty},
		{"a negative diameter", SealLook(p, -36), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var o objects
			_, err := tt.look.Form(&o, a4().geometry, Constraints{})
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) || len(o) != 0 {
				t.Errorf("error %v with %d objects, want %v and none", err, len(o), tt.want)
			}
		})
	}
}

// Another program reads the whole structure and finds nothing wrong.
func TestStructureAccordingToQPDF(t *testing.T) {
	machine.Program(t, "qpdf", "qpdf")
	text, err := LinesLook(60, []string{"SAO Y", "Ủy ban nhân dân tỉnh"}, Regular, 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	pg := a4(mark{SealLook(disc(t, 120, 100), 36), 20, 20}, mark{text, 100, 20})
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, pg.write(t, Constraints{}), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("qpdf", "--check", file).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestAspectRatioOnPaper(t *testing.T) {
	p := decode(t, pngFile{
		kind: pngGrey, depth: 8, w: 24, h: 16, physical: []byte{0, 0, 31, 64, 0, 0, 15, 160, 1}, // 8 and 4 per mm
		samples: func(_, _ int) []uint16 { return []uint16{5} },
	}.encode())
	l := SignatureLook(p, 30, 20)
	if got, want := l.items[0].box, (pdffile.Box{X: 7.5, W: 15, H: 20}); got != want {
		t.Errorf("placed at %v, want %v", got, want)
	}
	if got := corners(t, 40, 20).visible(); got != image.Rect(0, 0, 40, 20) {
		t.Errorf("visible %v", got)
	}
}
