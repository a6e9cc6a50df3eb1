package practice

import (
	"bytes"
	"compress/lzw"
	"compress/zlib"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/color/palette"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"

	"antin/assets"
)

// ScanCodec is how a picture is coded in the PDF.
type ScanCodec int

// The codecs. JPX, G4 and JBIG2 need other programs: opj_compress of
// libopenjp2-tools, tiffcp of libtiff-tools.
const (
	ScanJPEG    ScanCodec = iota
	ScanFlate             // grey and black-and-white pictures as such
	ScanICC               // Flate with an sRGB profile
	ScanCMYK              // Flate in DeviceCMYK
	ScanIndexed           // Flate, 216 colours
	ScanLZW
	ScanRunLength
	ScanG4 // black and white
	ScanJPX
	ScanJBIG2 // black and white
)

// codecPrograms write the codecs that Go's libraries do not.
var codecPrograms = map[ScanCodec]string{ScanG4: "tiffcp", ScanJBIG2: "tiffcp", ScanJPX: "opj_compress"}

// Program is the program that writes the codec, "" when none is needed, and
// whether it is installed.
func (c ScanCodec) Program() (name string, installed bool) {
	name = codecPrograms[c]
	if name == "" {
		return "", true
	}
	_, err := exec.LookPath(name)
	return name, err == nil
}

// bilevel marks a grey picture as black and white.
type bilevel struct{ *image.Gray }

// picture writes an image XObject; extra are keys of its dictionary.
func (w *scanWriter) picture(codec ScanCodec, img image.Image, extra string) (int, error) {
	b := img.Bounds()
	n := w.reserve()
	dict := func(space string, bits int, filter string) string {
		if space != "" {
			space = "/ColorSpace" + space
		}
		if filter != "" {
			filter = "/Filter" + filter
		}
		return fmt.Sprintf("<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent %d%s%s%s>>", b.Dx(), b.Dy(), bits, space, filter, extra)
	}
	switch codec {
	case ScanJPEG:
		data, space, err := scanJPEG(img)
		if w.profile != nil {
			space = fmt.Sprintf("[/ICCBased %d 0 R]", w.icc(w.profile))
		}
		w.object(n, dict(space, 8, "/DCTDecode"), data)
		return n, err
	case ScanJPX:
		data, err := jpx(img)
		w.object(n, dict("", 8, "/JPXDecode"), data)
		return n, err
	case ScanG4, ScanJBIG2:
		data, err := g4(img)
		space, filter := "/DeviceGray", fmt.Sprintf("/CCITTFaxDecode/DecodeParms<</K -1/Columns %d/Rows %d>>", b.Dx(), b.Dy())
		if extra != "" {
			space = "" // a mask has none
		}
		if codec == ScanJBIG2 {
			data, filter = jbig2(b.Dx(), b.Dy(), data), "/JBIG2Decode"
		}
		w.object(n, dict(space, 1, filter), data)
		return n, err
	case ScanICC:
		w.object(n, dict(fmt.Sprintf("[/ICCBased %d 0 R]", w.icc(assets.Report("sRGB2014.icc"))), 8, "/FlateDecode"), deflate(rgb(img)))
		return n, nil
	case ScanCMYK:
		w.object(n, dict("/DeviceCMYK", 8, "/FlateDecode"), deflate(cmyk(img)))
		return n, nil
	case ScanIndexed:
		samples := rgb(img)
		indices := make([]byte, 0, len(samples)/3)
		for i := 0; i < len(samples); i += 3 {
			step := func(v byte) byte { return byte((int(v) + 25) / 51) }
			indices = append(indices, 36*step(samples[i])+6*step(samples[i+1])+step(samples[i+2]))
		}
		var table bytes.Buffer
		for _, c := range palette.WebSafe {
			r, g, bl, _ := c.RGBA()
			fmt.Fprintf(&table, "%02x%02x%02x", r>>8, g>>8, bl>>8)
		}
		w.object(n, dict(fmt.Sprintf("[/Indexed/DeviceRGB %d<%s>]", len(palette.WebSafe)-1, table.Bytes()), 8, "/FlateDecode"), deflate(indices))
		return n, nil
	}
	samples, space, bits := plain(img)
	if extra != "" {
		space = ""
	}
	switch codec {
	case ScanLZW:
		w.object(n, dict(space, bits, "/LZWDecode/DecodeParms<</EarlyChange 0>>"), lzwCoded(samples))
	case ScanRunLength:
		w.object(n, dict(space, bits, "/RunLengthDecode"), runLength(samples))
	default:
		w.object(n, dict(space, bits, "/FlateDecode"), deflate(samples))
	}
	return n, nil
}

// icc writes an ICC profile, of grey or RGB.
func (w *scanWriter) icc(profile []byte) int {
	n, components := w.reserve(), 3
	if string(profile[16:20]) == "GRAY" {
		components = 1
	}
	w.object(n, fmt.Sprintf("<</N %d/Filter/FlateDecode>>", components), deflate(profile))
	return n
}

func scanJPEG(img image.Image) (data []byte, space string, err error) {
	space = "/DeviceRGB"
	if _, gray := img.(*image.Gray); gray {
		space = "/DeviceGray"
	}
	var buf bytes.Buffer
	err = jpeg.Encode(&buf, img, &jpeg.Options{Quality: 75})
	return buf.Bytes(), space, err
}

// plain are the samples of a picture: one bit for black and white, else eight.
func plain(img image.Image) (samples []byte, space string, bits int) {
	switch img := img.(type) {
	case bilevel:
		return packed(img.Gray), "/DeviceGray", 1
	case *image.Gray:
		return img.Pix, "/DeviceGray", 8
	}
	return rgb(img), "/DeviceRGB", 8
}

func packed(img *image.Gray) []byte {
	b := img.Bounds()
	stride := (b.Dx() + 7) / 8
	out := make([]byte, stride*b.Dy())
	for y := range b.Dy() {
		for x := range b.Dx() {
			if img.Pix[y*img.Stride+x] >= 128 {
				out[y*stride+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return out
}

func rgb(img image.Image) []byte {
	b := img.Bounds()
	out := make([]byte, 0, 3*b.Dx()*b.Dy())
	if p, ok := img.(*image.RGBA); ok {
		for i := 0; i < len(p.Pix); i += 4 {
			out = append(out, p.Pix[i:i+3]...)
		}
		return out
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			r, g, bl, _ := img.At(x, y).RGBA()
			out = append(out, byte(r>>8), byte(g>>8), byte(bl>>8))
		}
	}
	return out
}

func cmyk(img image.Image) []byte {
	samples := rgb(img)
	out := make([]byte, 0, len(samples)/3*4)
	for i := 0; i < len(samples); i += 3 {
		c, m, y, k := color.RGBToCMYK(samples[i], samples[i+1], samples[i+2])
		out = append(out, c, m, y, k)
	}
	return out
}

// Writing to a buffer does not fail, so the compressors' errors are ours.
func deflate(data []byte) []byte {
	var buf bytes.Buffer
	z, err := zlib.NewWriterLevel(&buf, zlib.BestSpeed)
	if err == nil {
		_, err = z.Write(data)
		err = errors.Join(err, z.Close())
	}
	if err != nil {
		panic(err)
	}
	return buf.Bytes()
}

func lzwCoded(data []byte) []byte {
	var buf bytes.Buffer
	z := lzw.NewWriter(&buf, lzw.MSB, 8)
	_, err := z.Write(data)
	if err = errors.Join(err, z.Close()); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

// runLength codes data as RunLengthDecode reads it (ISO 32000-1, 7.4.5).
func runLength(data []byte) []byte {
	var out []byte
	for i := 0; i < len(data); {
		run := 1
		for run < 128 && i+run < len(data) && data[i+run] == data[i] {
			run++
		}
		if run > 2 {
			out = append(out, byte(257-run), data[i])
			i += run
			continue
		}
		n := min(128, len(data)-i)
		out = append(append(out, byte(n-1)), data[i:i+n]...)
		i += n
	}
	return append(out, 128)
}

// jpx has opj_compress write JPEG 2000.
func jpx(img image.Image) ([]byte, error) {
	return converted("opj_compress", "in.png", "out.jp2", func(buf *bytes.Buffer) error { return png.Encode(buf, img) }, "-i", "in.png", "-o", "out.jp2", "-r", "20")
}

// g4 has tiffcp write CCITT group 4 (ITU-T T.6) and takes the one strip out.
func g4(img image.Image) ([]byte, error) {
	var gray *image.Gray
	switch img := img.(type) {
	case bilevel:
		gray = img.Gray
	case *image.Gray:
		gray = img
	default:
		return nil, fmt.Errorf("practice: group 4 is for black and white")
	}
	file, err := converted("tiffcp", "in.tif", "out.tif", func(buf *bytes.Buffer) error {
		_, err := buf.Write(onebitTIFF(gray, 300))
		return err
	}, "-c", "g4", "-r", fmt.Sprint(gray.Bounds().Dy()), "in.tif", "out.tif")
	if err != nil {
		return nil, err
	}
	return onlyStrip(file)
}

// converted has another program make one file of another in a folder of its own.
func converted(program, in, out string, write func(*bytes.Buffer) error, args ...string) (data []byte, err error) {
	dir, err := os.MkdirTemp("", "practice-scan")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	var buf bytes.Buffer
	if err := write(&buf); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, in), buf.Bytes(), 0o600); err != nil {
		return nil, err
	}
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	if says, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s: %w: %s", program, err, says)
	}
	return os.ReadFile(filepath.Join(dir, out))
}
