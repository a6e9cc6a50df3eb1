package coarse_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"antin/signer/scan/coarse"
)

// header is the beginning of a JPEG up to its scan, of w × h samples in one
// component.
func header(w, h, bits int, components ...byte) []byte {
	out := []byte{0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0}
	out = append(out, bytes.Repeat([]byte{1}, 64)...)
	out = append(append(out, 0xFF, 0xC4, 0, 20, 0, 1), make([]byte, 16)...) // one code, for 0
	out = append(out, 0xFF, 0xC0, 0, byte(8+3*len(components)), byte(bits))
	out = binary.BigEndian.AppendUint16(out, uint16(h))
	out = binary.BigEndian.AppendUint16(out, uint16(w))
	out = append(out, byte(len(components)))
	for _, c := range components {
		out = append(out, c, 0x11, 0)
	}
	return out
}

func TestKindsThatAreNotRead(t *testing.T) {
	img := page(t)
	sof := func(data []byte, marker byte) []byte {
		out := bytes.Clone(data)
		out[bytes.Index(out, []byte{0xFF, 0xC0})+1] = marker
		return out
	}
	plain := encoded(t, img)
	for name, data := range map[string][]byte{
		"arithmetic coding": encoded(t, img, "-arithmetic"),
		"RGB":               encoded(t, img, "-rgb"),
		"12 bits":           header(16, 16, 12, 1),
		"four components":   header(16, 16, 8, 1, 2, 3, 4),
		"lines told later":  header(16, 0, 8, 1),
		"lossless":          sof(plain, 0xC3),
		"hierarchical":      sof(plain, 0xC5),
		"two frames":        append(header(16, 16, 8, 1), header(16, 16, 8, 1)[93:]...),
		"odd factors":       encoded(t, img, "-sample", "2x1,1x2,1x1"),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := coarse.Decode(data, 2); !errors.Is(err, coarse.ErrKind) {
				t.Errorf("got %v", err)
			}
		})
	}
	scans := encoded(t, img, "-progressive")
	first, table := bytes.LastIndex(scans, []byte{0xFF, 0xDA}), scans[bytes.Index(scans, []byte{0xFF, 0xDB}):][:69]
	if _, err := coarse.Decode(slices.Concat(scans[:first], table, scans[first:]), 2); !errors.Is(err, coarse.ErrKind) {
		t.Errorf("a table between scans: %v", err)
	}
	if _, err := coarse.Decode(plain, 5); !errors.Is(err, coarse.ErrKind) {
		t.Errorf("5 dots: %v", err)
	}
	if _, err := coarse.Decode(header(65535, 65535, 8, 1), 1); !errors.Is(err, coarse.ErrLimit) {
		t.Errorf("65535 × 65535: %v", err)
	}
}

// What ends early, wherever, is damaged.
func TestTruncated(t *testing.T) {
	for _, options := range [][]string{nil, {"-progressive"}, {"-restart", "1"}} {
		data := encoded(t, page(t), options...)
		for n := 0; n < len(data); n += 1 + n/50 {
			for dots := 1; dots <= 4; dots++ {
				if _, err := coarse.Decode(data[:n], dots); !errors.Is(err, coarse.ErrDamaged) {
					t.Fatalf("%q, %d of %d bytes: %v", options, n, len(data), err)
				}
			}
		}
		// With an end behind what is there, too.
		for n := len(data) / 2; n < len(data)-2; n += len(data) / 20 {
			cut := append(bytes.TrimRight(bytes.Clone(data[:n]), "\xff"), 0xFF, 0xD9)
			if _, err := coarse.Decode(cut, 2); !errors.Is(err, coarse.ErrDamaged) {
				t.Fatalf("%q, %d of %d bytes and EOI: %v", options, n, len(data), err)
			}
		}
	}
}

// Wrong bytes are an error or another picture, never more.
func TestCorrupted(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for _, options := range [][]string{nil, {"-progressive"}, {"-restart", "1"}, {"-grayscale"}} {
		data := encoded(t, page(t), options...)
		for range 300 {
			bad := bytes.Clone(data)
			for range 1 + r.IntN(4) {
				bad[r.IntN(len(bad))] = byte(r.IntN(256))
			}
			p, err := coarse.Decode(bad, 1+r.IntN(4))
			switch {
			case err == nil && p.Bounds().Empty():
				t.Fatal("an empty picture")
			case err != nil && !errors.Is(err, coarse.ErrDamaged) && !errors.Is(err, coarse.ErrKind) && !errors.Is(err, coarse.ErrLimit):
				t.Fatal(err)
			case err != nil:
				refused++
			}
		}
	}
	t.Logf("%d of 1200 refused", refused)
}

// A picture that says it is huge costs what its bytes can be, not what it says.
func TestBombsCostNothing(t *testing.T) {
	huge := header(12_000, 12_000, 8, 1, 2, 3)
	scan := []byte{0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0}
	tiny := encoded(t, image.NewRGBA(image.Rect(0, 0, 8, 8)), "-progressive", "-grayscale")
	again := tiny[bytes.Index(tiny, []byte{0xFF, 0xDA}):bytes.LastIndex(tiny, []byte{0xFF, 0xD9})]
	for name, data := range map[string][]byte{
		"size without data":    huge,
		"size, scan, no data":  append(bytes.Clone(huge), scan...),
		"size, few bytes":      append(append(bytes.Clone(huge), scan...), 0, 0, 0xFF, 0xD9),
		"a segment of nothing": {0xFF, 0xD8, 0xFF, 0xE0, 0, 0},
		"ten thousand scans":   append(bytes.Clone(tiny[:len(tiny)-2]), bytes.Repeat(again, 10_000)...),
		"fill bytes alone":     append([]byte{0xFF, 0xD8}, bytes.Repeat([]byte{0xFF}, 1<<20)...),
		"tables without end":   append([]byte{0xFF, 0xD8}, bytes.Repeat(huge[2:71], 10_000)...),
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := coarse.Decode(data, 4)
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			if !errors.Is(err, coarse.ErrDamaged) && !errors.Is(err, coarse.ErrKind) {
				t.Errorf("got %v", err)
			}
			if spent := after.TotalAlloc - before.TotalAlloc; took > 500*time.Millisecond || spent > 16<<20 {
				t.Errorf("took %v and %d bytes", took, spent)
			}
		})
	}
}

// Whatever the bytes are, reading ends with a picture or an error of the package.
func FuzzDecode(f *testing.F) {
	small := page(f).SubImage(image.Rect(40, 40, 73, 61))
	for _, options := range [][]string{nil, {"-progressive"}, {"-restart", "1B"}, {"-grayscale"}, {"-sample", "2x1"}, {"-progressive", "-restart", "1B"}} {
		f.Add(encoded(f, small, options...), 2)
	}
	f.Add(header(65535, 65535, 8, 1), 1)
	f.Fuzz(func(t *testing.T, data []byte, dots int) {
		p, err := coarse.Decode(data, dots)
		if err != nil {
			if !errors.Is(err, coarse.ErrDamaged) && !errors.Is(err, coarse.ErrKind) && !errors.Is(err, coarse.ErrLimit) {
				t.Errorf("an error of another kind: %v", err)
			}
			return
		}
		b := p.Bounds()
		if b.Empty() || b.Dx() != (p.Width*dots+7)/8 {
			t.Errorf("%v for %d × %d samples", b, p.Width, p.Height)
		}
		for _, at := range []image.Point{b.Min, b.Max.Sub(image.Pt(1, 1))} {
			p.At(at.X, at.Y)
		}
	})
}
