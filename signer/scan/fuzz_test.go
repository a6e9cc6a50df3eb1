package scan

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"antin/assets"
	"antin/signer/pdffile"
	"antin/signer/practice"
)

// Whatever the bytes are, reading ends with an answer, and what is taken can be
// written.
func FuzzInput(f *testing.F) {
	jpg, err := practice.ScanJPEGFile(practice.ScanOptions{W: 20, H: 20, DPI: 72, Blank: true})
	if err != nil {
		f.Fatal(err)
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 9, 9))); err != nil {
		f.Fatal(err)
	}
	f.Add(jpg)
	f.Add(picture.Bytes())
	f.Add([]byte("II*\x00\x08\x00\x00\x00\x02\x00\x00\x01\x03\x00\x01\x00\x00\x00\x0a\x00\x00\x00\x01\x01\x03\x00\x01\x00\x00\x00\x0a\x00\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("MM\x00*\x00\x00\x00\x08\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<20 || bytes.Contains(data, []byte("%PDF-")) {
			t.Skip("PDF has fuzz targets of its own")
		}
		path := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		in, err := open(File{Path: path, DPI: 100})
		if err != nil {
			return
		}
		defer in.Close()
		for _, l := range in.leaves() {
			if l.PixelsX*l.PixelsY > 4<<20 {
				return // decoding takes its time
			}
			var out bytes.Buffer
			d := pdffile.NewDocument(&out)
			if page, err := in.put(d, l.Page); err == nil && page == nil {
				t.Error("neither a page nor an error")
			}
		}
	})
}

func FuzzDirectories(f *testing.F) {
	f.Add([]byte("II*\x00\x08\x00\x00\x00\x02\x00\x00\x01\x03\x00\x01\x00\x00\x00\x0a\x00\x00\x00\x01\x01\x03\x00\x01\x00\x00\x00\x0a\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := directories(bytes.NewReader(data), int64(len(data)))
		if err == nil && len(all) == 0 {
			t.Error("no pages and no error")
		}
	})
}

func FuzzOptions(f *testing.F) {
	f.Add("    --mode Gray|Color [Gray]\n    -x 0..200mm (in steps of 1) [80]\n")
	f.Fuzz(func(t *testing.T, listing string) {
		args, err := arguments(parseOptions(listing), Settings{})
		for _, a := range args {
			if err == nil && len(a) == 0 {
				t.Errorf("an empty argument in %q", args)
			}
		}
	})
}

func FuzzCodestream(f *testing.F) {
	f.Add([]byte{0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0, 0, 0, 0, 9, 0, 0, 0, 9})
	f.Fuzz(func(t *testing.T, data []byte) {
		if w, h, _ := codestream(data); w < 0 || h < 0 || w > maxSide || h > maxSide {
			t.Errorf("%d × %d", w, h)
		}
	})
}

// Whatever the bytes of a profile are, it is read to the end or refused.
func FuzzICC(f *testing.F) {
	f.Add(assets.Report("sRGB2014.icc"), 3)
	f.Add(rgbProfile(parametric(2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045)), 3)
	f.Add(iccOf("GRAY", tones("kTRC", 3, 2.2)), 1)
	f.Fuzz(func(t *testing.T, data []byte, components int) {
		if iccUsual(data, components) && components != 1 && components != 3 {
			t.Errorf("usual with %d components", components)
		}
	})
}
