package coarse_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"antin/signer/practice"
	"antin/signer/practice/machine"
	"antin/signer/scan/coarse"

	"golang.org/x/image/draw"
)

// page is a part of a scanned page with print, signature and seal, of a width
// and height that are no multiples of a block. Its contrast is low, so that no
// sample is cut off at black or white and cosines can be compared.
func page(t testing.TB) *image.RGBA {
	t.Helper()
	whole, err := practice.ScanPicture(practice.ScanOptions{DPI: 100})
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewRGBA(image.Rect(0, 0, 331, 397))
	draw.Draw(out, out.Rect, whole, image.Pt(400, 750), draw.Src)
	for i, v := range out.Pix {
		if i%4 < 3 {
			out.Pix[i] = 70 + v/2
		}
	}
	return out
}

// encoded has cjpeg of libjpeg write a picture, with these options.
func encoded(t testing.TB, img image.Image, options ...string) []byte {
	t.Helper()
	machine.Program(t, "cjpeg", "libjpeg-turbo-progs")
	b := img.Bounds()
	var in, out, says bytes.Buffer
	fmt.Fprintf(&in, "P6 %d %d 255\n", b.Dx(), b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
			in.Write([]byte{c.R, c.G, c.B})
		}
	}
	cmd := exec.Command("cjpeg", options...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &out, &says
	if err := cmd.Run(); err != nil {
		t.Fatalf("cjpeg %q: %v: %s", options, err, says.Bytes())
	}
	return out.Bytes()
}

// kinds are ways in which scanners and programs code pictures.
var kinds = map[string][]string{
	"4:2:0":                       {"-quality", "75"},
	"4:4:4":                       {"-quality", "90", "-sample", "1x1"},
	"4:2:2":                       {"-quality", "85", "-sample", "2x1"},
	"4:4:0":                       {"-quality", "85", "-sample", "1x2"},
	"4:1:1":                       {"-quality", "85", "-sample", "4x1"},
	"grey":                        {"-grayscale"},
	"grey, factors of a colour":   {"-grayscale", "-sample", "2x2"},
	"codes made for the picture":  {"-optimize"},
	"coarse":                      {"-quality", "12"},
	"fine":                        {"-quality", "100", "-sample", "1x1"},
	"a restart in every line":     {"-restart", "1"},
	"a restart after three units": {"-restart", "3B"},
	"progressive":                 {"-progressive"},
	"progressive 4:4:4":           {"-progressive", "-sample", "1x1", "-quality", "95"},
	"progressive grey":            {"-progressive", "-grayscale"},
	"progressive with restarts":   {"-progressive", "-restart", "2"},
}

// The dots are what the lowest frequencies of the decoded picture give: those of
// image/jpeg, transformed here by the definition.
func TestDotsAreTheLowestFrequencies(t *testing.T) {
	img := page(t)
	for name, options := range kinds {
		t.Run(name, func(t *testing.T) {
			data := encoded(t, img, options...)
			whole, err := jpeg.Decode(bytes.NewReader(sequential(t, data)))
			if err != nil {
				t.Fatal(err)
			}
			for dots := 1; dots <= 4; dots++ {
				got, err := coarse.Decode(data, dots)
				if err != nil {
					t.Fatal(err)
				}
				if b := img.Bounds(); got.Width != b.Dx() || got.Height != b.Dy() || got.Bounds() != image.Rect(0, 0, (b.Dx()*dots+7)/8, (b.Dy()*dots+7)/8) {
					t.Fatalf("%d × %d, %v", got.Width, got.Height, got.Bounds())
				}
				// Rounded samples differ from the true ones, more so the more of them
				// make up a coefficient.
				for i, off := range compare(t, planes(t, whole), planes(t, got.Image), dots) {
					if off > 2 {
						t.Errorf("%d dots: component %d is up to %d off", dots, i, off)
					}
				}
			}
		})
	}
}

// sequential is the same picture as image/jpeg reads it: not all progressive ones
// with restarts, as of Go 1.26.
func sequential(t *testing.T, data []byte) []byte {
	t.Helper()
	cmd := exec.Command("jpegtran")
	cmd.Stdin = bytes.NewReader(data)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func planes(t *testing.T, img image.Image) []*image.Gray {
	t.Helper()
	switch m := img.(type) {
	case *image.Gray:
		return []*image.Gray{m}
	case *image.YCbCr:
		first, last := m.COffset(0, 0), m.COffset(m.Rect.Max.X-1, m.Rect.Max.Y-1)
		chroma := image.Rect(0, 0, (last-first)%m.CStride+1, (last-first)/m.CStride+1)
		return []*image.Gray{{Pix: m.Y, Stride: m.YStride, Rect: m.Rect}, {Pix: m.Cb, Stride: m.CStride, Rect: chroma}, {Pix: m.Cr, Stride: m.CStride, Rect: chroma}}
	}
	t.Fatalf("a %T", img)
	return nil
}

// compare is by how much each component is off at most, in whole blocks.
func compare(t *testing.T, whole, got []*image.Gray, dots int) (worst []int) {
	t.Helper()
	if len(whole) != len(got) {
		t.Fatalf("%d components, want %d", len(got), len(whole))
	}
	cosine := func(n, x, u int) float64 {
		scale := math.Sqrt(2 / float64(n))
		if u == 0 {
			scale = math.Sqrt(1 / float64(n))
		}
		return scale * math.Cos(float64((2*x+1)*u)*math.Pi/float64(2*n))
	}
	for i, plane := range whole {
		most := 0
		for by := range plane.Rect.Dy() / 8 {
			for bx := range plane.Rect.Dx() / 8 {
				var low [4][4]float64
				for v := range dots {
					for u := range dots {
						for y := range 8 {
							for x := range 8 {
								low[v][u] += cosine(8, x, u) * cosine(8, y, v) * float64(plane.Pix[(8*by+y)*plane.Stride+8*bx+x])
							}
						}
					}
				}
				for y := range dots {
					for x := range dots {
						want := 0.0
						for v := range dots {
							for u := range dots {
								want += cosine(dots, x, u) * cosine(dots, y, v) * low[v][u] * float64(dots) / 8
							}
						}
						most = max(most, int(math.Abs(want-float64(got[i].Pix[(by*dots+y)*got[i].Stride+bx*dots+x]))))
					}
				}
			}
		}
		worst = append(worst, most)
	}
	return worst
}

// djpeg of libjpeg draws the same picture at an eighth of its size.
func TestADotABlockIsWhatLibjpegDraws(t *testing.T) {
	machine.Program(t, "djpeg", "libjpeg-turbo-progs")
	for name, options := range kinds {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.jpg")
			data := encoded(t, page(t), options...)
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			drawn, err := exec.Command("djpeg", "-scale", "1/8", "-grayscale", path).Output()
			if err != nil {
				t.Fatal(err)
			}
			var w, h int
			if _, err := fmt.Sscanf(string(drawn), "P5\n%d %d\n255", &w, &h); err != nil {
				t.Fatal(err)
			}
			drawn = drawn[len(drawn)-w*h:]
			got, err := coarse.Decode(data, 1)
			if err != nil {
				t.Fatal(err)
			}
			luma := planes(t, got.Image)[0]
			if luma.Rect.Dx() != w || luma.Rect.Dy() != h {
				t.Fatalf("%v, want %d × %d", luma.Rect, w, h)
			}
			for y := range h {
				for x := range w {
					if a, b := int(luma.Pix[y*luma.Stride+x]), int(drawn[y*w+x]); a-b > 1 || b-a > 1 {
						t.Fatalf("dot %d, %d is %d, want %d", x, y, a, b)
					}
				}
			}
		})
	}
}

// BenchmarkDecode sees a colour page of 300 dpi, about a megabyte, as the gate
// does.
func BenchmarkDecode(b *testing.B) {
	img, err := practice.ScanPicture(practice.ScanOptions{})
	if err != nil {
		b.Fatal(err)
	}
	for name, options := range map[string][]string{"sequential": nil, "progressive": {"-progressive"}} {
		data := encoded(b, img, options...)
		for _, dots := range []int{1, 2, 4} {
			b.Run(fmt.Sprintf("%s/%d", name, dots), func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := coarse.Decode(data, dots); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
