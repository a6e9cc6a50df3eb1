package practice

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/png"
	"math"
	"testing"
)

// sizeMM reads the true size from pHYs.
func sizeMM(t *testing.T, file []byte) (w, h float64) {
	t.Helper()
	at := bytes.Index(file, []byte("pHYs"))
	if at < 0 || file[at+12] != 1 {
		t.Fatal("no pHYs in pixels per metre")
	}
	img := picture(t, file)
	return float64(img.Rect.Dx()) * 1000 / float64(binary.BigEndian.Uint32(file[at+4:])),
		float64(img.Rect.Dy()) * 1000 / float64(binary.BigEndian.Uint32(file[at+8:]))
}

func picture(t *testing.T, file []byte) *image.NRGBA {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(file)) // checks the chunks' sums
	if err != nil {
		t.Fatal(err)
	}
	nrgba, ok := img.(*image.NRGBA)
	if !ok {
		t.Fatalf("a %T, want an image with straight alpha", img)
	}
	return nrgba
}

// inkShare is the part of the picture that is covered; every covered pixel must
// satisfy hue.
func inkShare(t *testing.T, img *image.NRGBA, hue func(r, g, b uint8) bool) float64 {
	t.Helper()
	covered := 0.0
	for i := 0; i < len(img.Pix); i += 4 {
		p := img.Pix[i : i+4]
		if p[3] == 0 {
			continue
		}
		covered += float64(p[3]) / 255
		if !hue(p[0], p[1], p[2]) {
			t.Fatalf("pixel %d has colour %v", i/4, p)
		}
	}
	return covered / float64(len(img.Pix)/4)
}

func TestSignaturePicture(t *testing.T) {
	for _, name := range []string{"Nguyễn Văn An", "Trần Thị Ngọc Ưu", "Đỗ Nghĩa Kỹ", "Lê Quốc Vĩnh", "F", "?!"} {
		t.Run(name, func(t *testing.T) {
			file, err := SignaturePicture(name, 1)
			if err != nil {
				t.Fatal(err)
			}
			w, h := sizeMM(t, file)
			if w < 25 || w > 65 || h < 12 || h > 30 {
				t.Errorf("%.1f × %.1f mm", w, h)
			}
			img := picture(t, file)
			share := inkShare(t, img, func(r, g, b uint8) bool { return b > 100 && r < 60 && g < 80 })
			if share < 0.01 || share > 0.15 {
				t.Errorf("ink covers %.1f %%", 100*share)
			}
			if a := img.NRGBAAt(0, 0).A; a != 0 {
				t.Errorf("the corner is not transparent: %d", a)
			}
		})
	}
}

func TestSignaturePictureFollowsItsSeed(t *testing.T) {
	draw := func(seed int64) []byte {
		file, err := SignaturePicture("Nguyễn Văn An", seed)
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	if !bytes.Equal(draw(4), draw(4)) {
		t.Error("the same seed drew two signatures")
	}
	if bytes.Equal(draw(4), draw(5)) {
		t.Error("two seeds drew the same signature")
	}
	if _, err := SignaturePicture("  ", 1); err == nil {
		t.Error("nobody signed")
	}
}

func TestSealPictureHasItsTrueSize(t *testing.T) {
	for _, d := range []float64{34, 36, 36.5, 42} {
		file, err := SealPicture(SealOptions{Diameter: d})
		if err != nil {
			t.Fatal(err)
		}
		w, h := sizeMM(t, file)
		if math.Abs(w-d) > 0.01 || math.Abs(h-d) > 0.01 {
			t.Errorf("%.3f × %.3f mm, want %g", w, h, d)
		}
		img := picture(t, file)
		n := img.Rect.Dx()
		// The outer ring touches all four edges, nothing is in the corners.
		for _, p := range []image.Point{{n / 2, 0}, {n / 2, n - 1}, {0, n / 2}, {n - 1, n / 2}} {
			if img.NRGBAAt(p.X, p.Y).A < 128 {
				t.Errorf("Ø %g: no ring at %v", d, p)
			}
		}
		if img.NRGBAAt(n/10, n/10).A != 0 || img.NRGBAAt(9*n/10, n/10).A != 0 {
			t.Errorf("Ø %g: ink outside the circle", d)
		}
		if share := inkShare(t, img, func(r, g, b uint8) bool { return r > 180 && g < 60 && b < 60 }); share < 0.1 || share > 0.4 {
			t.Errorf("Ø %g: ink covers %.1f %%", d, 100*share)
		}
	}
}

func TestSealPictureOptions(t *testing.T) {
	plain, err := SealPicture(SealOptions{})
	if err != nil {
		t.Fatal(err)
	}
	other, err := SealPicture(SealOptions{Agency: "TRUNG TÂM LƯU TRỮ LỊCH SỬ TỈNH MẪU VÀ CÁC ĐƠN VỊ", Place: "XỨ MẪU"})
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(plain, other) {
		t.Error("the words are not on the seal")
	}
	for name, o := range map[string]SealOptions{
		"too small":     {Diameter: 5},
		"too large":     {Diameter: 200},
		"missing glyph": {Agency: "漢"},
	} {
		if _, err := SealPicture(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
