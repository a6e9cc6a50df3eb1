package appearance

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"slices"
	"strings"
	"testing"
)

func decode(t testing.TB, data []byte) *Picture {
	t.Helper()
	p, err := DecodePicture(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// colour is the decoded pixel at (x, y).
func (p *Picture) colour(x, y int) color.NRGBA {
	r, g, b := p.rgb(y*p.w + x)
	return color.NRGBA{r, g, b, p.opacity(y*p.w + x)}
}

func TestDecodePNGOfEveryKind(t *testing.T) {
	const w, h = 11, 9 // not a multiple of any interlacing step
	palette := []color.NRGBA{{255, 127, 127, 255}, {200, 0, 0, 128}, {1, 2, 3, 0}, {0, 0, 255, 7}}
	scale := func(v, depth int) uint8 { return uint8((v*255*2 + (1<<depth - 1)) / (2 * (1<<depth - 1))) }
	type kind struct {
		name   string
		file   pngFile
		want   func(x, y int) color.NRGBA
		grey   bool
		opaque bool
	}
	var kinds []kind
	for _, depth := range []int{1, 2, 4, 8, 16} {
		top := 1<<depth - 1
		level := func(x, y int) int { return (x*37 + y*11) * (top/3 + 1) % (top + 1) }
		grey := func(x, y int) []uint16 { return []uint16{uint16(level(x, y))} }
		wantGrey := func(x, y int) color.NRGBA {
			v := scale(level(x, y), depth)
			return color.NRGBA{v, v, v, 255}
		}
		kinds = append(kinds,
			kind{
				name: fmt.Sprintf("grey %d", depth), grey: true, opaque: true, want: wantGrey,
				file: pngFile{kind: pngGrey, depth: depth, samples: grey},
			},
			kind{
				name: fmt.Sprintf("grey %d with tRNS", depth), grey: true,
				file: pngFile{kind: pngGrey, depth: depth, samples: grey, transparent: []uint16{uint16(level(0, 0))}},
				want: func(x, y int) color.NRGBA {
					c := wantGrey(x, y)
					if level(x, y) == level(0, 0) {
						c.A = 0
					}
					return c
				},
			})
		if depth <= 8 {
			entries := min(len(palette), 1<<depth)
			index := func(x, y int) int { return (x + 2*y) % entries }
			kinds = append(kinds, kind{
				name: fmt.Sprintf("palette %d with tRNS", depth),
				file: pngFile{
					kind: pngPalette, depth: depth, palette: palette[:entries],
					samples: func(x, y int) []uint16 { return []uint16{uint16(index(x, y))} },
				},
				want: func(x, y int) color.NRGBA { return palette[index(x, y)] },
			})
		}
		if depth < 8 {
			continue
		}
		rgb := func(x, y int) []uint16 {
			return []uint16{uint16(top), uint16((x*23 + y) * top / 300), uint16(y * top / 20)}
		}
		alpha := func(x, y int) uint16 { return uint16((x + y) * top / 18) }
		wantRGB := func(x, y int) color.NRGBA {
			v := rgb(x, y)
			return color.NRGBA{scale(int(v[0]), depth), scale(int(v[1]), depth), scale(int(v[2]), depth), 255}
		}
		withAlpha := func(c color.NRGBA, x, y int) color.NRGBA {
			c.A = scale(int(alpha(x, y)), depth)
			return c
		}
		kinds = append(kinds,
			kind{
				name: fmt.Sprintf("RGB %d", depth), opaque: true, want: wantRGB,
				file: pngFile{kind: pngRGB, depth: depth, samples: rgb},
			},
			kind{
				name: fmt.Sprintf("RGB %d with tRNS", depth),
				file: pngFile{kind: pngRGB, depth: depth, samples: rgb, transparent: rgb(3, 2)},
				want: func(x, y int) color.NRGBA {
					c := wantRGB(x, y)
					if slices.Equal(rgb(x, y), rgb(3, 2)) {
						c.A = 0
					}
					return c
				},
			},
			kind{
				name: fmt.Sprintf("grey and alpha %d", depth), grey: true,
				file: pngFile{
					kind: pngGreyAlpha, depth: depth,
					samples: func(x, y int) []uint16 { return append(grey(x, y), alpha(x, y)) },
				},
				want: func(x, y int) color.NRGBA { return withAlpha(wantGrey(x, y), x, y) },
			},
			kind{
				name: fmt.Sprintf("RGB and alpha %d", depth),
				file: pngFile{
					kind: pngRGBAlpha, depth: depth,
					samples: func(x, y int) []uint16 { return append(rgb(x, y), alpha(x, y)) },
				},
				want: func(x, y int) color.NRGBA { return withAlpha(wantRGB(x, y), x, y) },
			})
	}
	for _, k := range kinds {
		for _, interlaced := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s interlaced %v", k.name, interlaced), func(t *testing.T) {
				k.file.w, k.file.h, k.file.interlaced = w, h, interlaced
				p := decode(t, k.file.encode())
				if gw, gh := p.Pixels(); gw != w || gh != h {
					t.Fatalf("size %d × %d, want %d × %d", gw, gh, w, h)
				}
				if p.grey != k.grey || p.Opaque() != k.opaque {
					t.Errorf("grey %v, opaque %v; want %v, %v", p.grey, p.Opaque(), k.grey, k.opaque)
				}
				for y := range h {
					for x := range w {
						if got, want := p.colour(x, y), k.want(x, y); got != want {
							t.Fatalf("pixel %d,%d is %v, want %v", x, y, got, want)
						}
					}
				}
			})
		}
	}
}

// A half transparent pink must not go through premultiplied values.
func TestColourSurvivesLowAlpha(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 255, 1))
	for x := range 255 {
		m.SetNRGBA(x, 0, color.NRGBA{255, 127, 127, uint8(x + 1)})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	if got := decode(t, b.Bytes()).Image(); !bytes.Equal(got.Pix, m.Pix) {
		t.Errorf("got %v\nwant %v", got.Pix, m.Pix)
	}
}

func TestDecodeJPEGColours(t *testing.T) {
	tests := []struct {
		name  string
		file  jpegFile
		value []uint8
		want  color.NRGBA
		asIs  bool // may be put into the PDF as it is
		grey  bool
	}{
		{"grey", jpegFile{components: 1}, []uint8{90}, color.NRGBA{90, 90, 90, 255}, true, true},
		{"YCbCr with JFIF", jpegFile{components: 3, app: [][]byte{jfifSegment(1, 300, 300)}}, []uint8{76, 85, 255}, color.NRGBA{254, 0, 0, 255}, true, false},
		{"YCbCr by Adobe", jpegFile{components: 3, app: [][]byte{adobeSegment(1)}}, []uint8{76, 85, 255}, color.NRGBA{254, 0, 0, 255}, true, false},
		{"YCbCr without marker", jpegFile{components: 3}, []uint8{76, 85, 255}, color.NRGBA{254, 0, 0, 255}, true, false},
		{"RGB by Adobe", jpegFile{components: 3, app: [][]byte{adobeSegment(0)}}, []uint8{200, 30, 60}, color.NRGBA{200, 30, 60, 255}, false, false},
		{"RGB by identifiers", jpegFile{components: 3, ids: "RGB"}, []uint8{200, 30, 60}, color.NRGBA{200, 30, 60, 255}, false, false},
		{"CMYK by Adobe, inverted", jpegFile{components: 4, app: [][]byte{adobeSegment(0)}}, []uint8{255, 55, 105, 255}, color.NRGBA{255, 55, 105, 255}, false, false},
		{"CMYK by Adobe with black", jpegFile{components: 4, app: [][]byte{adobeSegment(0)}}, []uint8{255, 55, 105, 102}, color.NRGBA{102, 22, 42, 255}, false, false},
		{"CMYK without marker, plain", jpegFile{components: 4}, []uint8{0, 200, 150, 0}, color.NRGBA{255, 55, 105, 255}, false, false},
		// YCCK: the first three are YCbCr of inverted inks, Y = 100 without colour.
		{"YCCK by Adobe", jpegFile{components: 4, app: [][]byte{adobeSegment(2)}}, []uint8{100, 128, 128, 255}, color.NRGBA{155, 155, 155, 255}, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.file.w, tt.file.h = 2, 1
			tt.file.value = func(_, _ int) []uint8 { return tt.value }
			p := decode(t, tt.file.encode())
			if got := p.colour(3, 3); !near(got, tt.want, 1) {
				t.Errorf("colour %v, want %v", got, tt.want)
			}
			if (p.jpeg != nil) != tt.asIs || p.grey != tt.grey {
				t.Errorf("embedded as it is %v, grey %v; want %v, %v", p.jpeg != nil, p.grey, tt.asIs, tt.grey)
			}
		})
	}
}

// The shape F of 3 × 2 blocks tells all eight orientations apart.
func TestEXIFOrientation(t *testing.T) {
	const stored = "123" + "456"
	seen := map[uint16]string{
		1: "123/456", 2: "321/654", 3: "654/321", 4: "456/123",
		5: "14/25/36", 6: "41/52/63", 7: "63/52/41", 8: "36/25/14",
	}
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for orientation, want := range seen {
			t.Run(fmt.Sprintf("%v %d", order, orientation), func(t *testing.T) {
				p := decode(t, jpegFile{
					w: 3, h: 2, components: 1,
					value: func(bx, by int) []uint8 { return []uint8{(stored[by*3+bx] - '0') * 20} },
					app:   [][]byte{exifSegment(order, orientation, 2, 254, 508)},
				}.encode())
				var rows []string
				for y := 4; y < p.h; y += 8 {
					row := ""
					for x := 4; x < p.w; x += 8 {
						row += string(rune('0' + p.colour(x, y).R/20))
					}
					rows = append(rows, row)
				}
				if got := strings.Join(rows, "/"); got != want {
					t.Errorf("seen %q, want %q", got, want)
				}
				// 24 × 16 pixels at 10 and 20 per mm, whichever way they lie.
				w, h, ok := p.SizeMM()
				if orientation >= 5 {
					w, h = h, w
				}
				if !ok || math.Abs(w-2.4) > 1e-9 || math.Abs(h-0.8) > 1e-9 {
					t.Errorf("size %v × %v mm, %v; want 2.4 × 0.8", w, h, ok)
				}
			})
		}
	}
}

func TestSizeMM(t *testing.T) {
	physical := func(x, y uint32, unit byte) []byte {
		return append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, x), y), unit)
	}
	grey := func(physical []byte) []byte {
		return pngFile{
			kind: pngGrey, depth: 8, w: 24, h: 16, physical: physical,
			samples: func(_, _ int) []uint16 { return []uint16{5} },
		}.encode()
	}
	photo := func(app ...[]byte) []byte {
		return jpegFile{w: 3, h: 2, components: 1, app: app, value: func(_, _ int) []uint8 { return []uint8{9} }}.encode()
	}
	tests := []struct {
		name string
		file []byte
		w, h float64 // 0 = not known
	}{
		{"no pHYs", grey(nil), 0, 0},
		{"pHYs 600 dpi", grey(physical(23622, 23622, 1)), 24 / 23.622, 16 / 23.622},
		{"pHYs not square", grey(physical(8000, 4000, 1)), 3, 4},
		{"pHYs is only a ratio", grey(physical(1, 2, 0)), 0, 0},
		{"pHYs senseless", grey(physical(1, 4_000_000_000, 1)), 0, 0},
		{"no JFIF", photo(), 0, 0},
		{"JFIF per inch", photo(jfifSegment(1, 254, 254)), 2.4, 1.6},
		{"JFIF per cm", photo(jfifSegment(2, 80, 80)), 3, 2},
		{"JFIF is only a ratio", photo(jfifSegment(0, 1, 1)), 0, 0},
		{"EXIF per inch", photo(exifSegment(binary.BigEndian, 1, 2, 254, 254)), 2.4, 1.6},
		{"EXIF per cm", photo(exifSegment(binary.LittleEndian, 1, 3, 80, 80)), 3, 2},
		{"EXIF without unit", photo(exifSegment(binary.LittleEndian, 1, 1, 80, 80)), 0, 0},
		{"JFIF before EXIF", photo(jfifSegment(2, 80, 80), exifSegment(binary.LittleEndian, 1, 3, 40, 40)), 3, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, h, ok := decode(t, tt.file).SizeMM()
			if ok != (tt.w > 0) || math.Abs(w-tt.w) > 1e-6 || math.Abs(h-tt.h) > 1e-6 {
				t.Errorf("got %v × %v, %v; want %v × %v", w, h, ok, tt.w, tt.h)
			}
		})
	}
}

func TestDecodePictureRefuses(t *testing.T) {
	small := pngFile{kind: pngGrey, depth: 8, w: 4, h: 4, samples: func(_, _ int) []uint16 { return []uint16{0} }}
	good := small.encode()
	huge := bytes.Clone(good)
	binary.BigEndian.PutUint32(huge[16:], 8001)
	binary.BigEndian.PutUint32(huge[20:], 8000)
	binary.BigEndian.PutUint32(huge[29:], crcOf(huge[12:29]))
	photo := jpegFile{w: 1, h: 1, components: 1, value: func(_, _ int) []uint8 { return []uint8{0} }}.encode()
	hugePhoto := bytes.Clone(photo)
	at := bytes.Index(hugePhoto, []byte{0xFF, markerSOF0})
	copy(hugePhoto[at+5:], []byte{0xFF, 0xFF, 0xFF, 0xFF})
	tests := []struct {
		name string
		data []byte
		want error
	}{
		{"nothing", nil, ErrPictureFormat},
		{"a GIF", []byte("GIF89a\x01\x00\x01\x00"), ErrPictureFormat},
		{"a truncated PNG", good[:len(good)-20], ErrPictureFormat},
		{"a PNG with a wrong checksum", append(bytes.Clone(good[:30]), good[31:]...), ErrPictureFormat},
		{"a truncated JPEG", photo[:len(photo)-6], ErrPictureFormat},
		{"64 008 000 pixels as PNG", huge, ErrPictureTooLarge},
		{"65535 × 65535 as JPEG", hugePhoto, ErrPictureTooLarge},
		{"33 MiB", append(bytes.Clone(good), make([]byte, 33<<20)...), ErrPictureTooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := DecodePicture(bytes.NewReader(tt.data)); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
	t.Run("the reader's own error", func(t *testing.T) {
		gone := errors.New("gone")
		if _, err := DecodePicture(failing{gone}); !errors.Is(err, gone) || errors.Is(err, ErrPictureFormat) {
			t.Errorf("error %v", err)
		}
	})
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// What a JPEG says beside its pixels (camera, place, comments) stays outside.
func TestEmbeddedJPEGCarriesNoMetadata(t *testing.T) {
	secret := []byte("21.0285N 105.8542E")
	data := jpegFile{
		w: 2, h: 2, components: 3,
		value: func(bx, by int) []uint8 { return []uint8{uint8(100 + 50*bx), 90, uint8(110 + 30*by)} },
		app: [][]byte{
			jfifSegment(1, 72, 72), exifSegment(binary.BigEndian, 1, 2, 72, 72),
			append([]byte{markerAPP1}, secret...), append([]byte{markerCOM}, secret...),
		},
	}.encode()
	data = append(data, secret...) // after the end
	p := decode(t, data)
	if p.jpeg == nil {
		t.Fatal("not embedded as it is")
	}
	if bytes.Contains(p.jpeg, secret) || bytes.Contains(p.jpeg, exifMagic) {
		t.Error("metadata survived")
	}
	m, err := jpeg.Decode(bytes.NewReader(p.jpeg))
	if err != nil {
		t.Fatal(err)
	}
	q, err := fromImage(m)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(q.samples, p.samples) {
		t.Error("other pixels without the metadata")
	}
}

func FuzzDecodePicture(f *testing.F) {
	for _, kind := range []int{pngGrey, pngRGB, pngPalette, pngGreyAlpha, pngRGBAlpha} {
		channels := map[int]int{pngGrey: 1, pngRGB: 3, pngPalette: 1, pngGreyAlpha: 2, pngRGBAlpha: 4}[kind]
		file := pngFile{
			kind: kind, depth: 8, w: 3, h: 3, interlaced: kind == pngRGB,
			physical: []byte{0, 0, 0x2E, 0x23, 0, 0, 0x2E, 0x23, 1},
			samples:  func(x, _ int) []uint16 { return make([]uint16, channels) },
		}
		if kind == pngPalette {
			file.palette = []color.NRGBA{{1, 2, 3, 4}}
		}
		f.Add(file.encode())
	}
	for _, components := range []int{1, 3, 4} {
		f.Add(jpegFile{
			w: 2, h: 1, components: components,
			value: func(_, _ int) []uint8 { return make([]uint8, components) },
			app:   [][]byte{jfifSegment(1, 300, 300), exifSegment(binary.LittleEndian, 6, 2, 300, 300), adobeSegment(byte(components / 2))},
		}.encode())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := decodePicture(bytes.NewReader(data), limits{bytes: 1 << 16, pixels: 1 << 16})
		if err != nil {
			if !errors.Is(err, ErrPictureFormat) && !errors.Is(err, ErrPictureTooLarge) {
				t.Fatalf("untyped error: %v", err)
			}
			return
		}
		n := p.w * p.h
		if n == 0 || len(p.samples) != n*p.channels() || p.alpha != nil && len(p.alpha) != n {
			t.Fatalf("%d × %d with %d samples, %d alpha", p.w, p.h, len(p.samples), len(p.alpha))
		}
		if p.jpeg != nil {
			if _, err := jpeg.Decode(bytes.NewReader(p.jpeg)); err != nil {
				t.Fatalf("embedded JPEG: %v", err)
			}
		}
		l := SealLook(p, 36)
		if _, err := l.Form(new(objects), a4().geometry, Constraints{PDFA: n % 3}); err != nil && !errors.Is(err, ErrPictureEmpty) {
			t.Fatal(err)
		}
	})
}
