package scan

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"image"
	"image/color"

	"antin/signer/pdffile"
)

// flateImage codes a decoded picture without loss. One with transparent parts
// is refused: no scanner makes such.
func flateImage(img image.Image) (*pdffile.Stream, error) {
	b := img.Bounds()
	bits, space := 8, pdffile.Name("DeviceRGB")
	var row func(y int, out []byte) []byte
	switch m := img.(type) {
	case *image.Gray:
		space = "DeviceGray"
		row = func(y int, out []byte) []byte { return append(out, m.Pix[y*m.Stride:y*m.Stride+b.Dx()]...) }
	case *image.Gray16:
		space, bits = "DeviceGray", 16
		row = func(y int, out []byte) []byte { return append(out, m.Pix[y*m.Stride:y*m.Stride+2*b.Dx()]...) }
	case *image.CMYK:
		space = "DeviceCMYK"
		row = func(y int, out []byte) []byte { return append(out, m.Pix[y*m.Stride:y*m.Stride+4*b.Dx()]...) }
	case *image.RGBA64, *image.NRGBA64:
		bits = 16
		row = func(y int, out []byte) []byte {
			for x := range b.Dx() {
				r, g, bl, _ := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
				out = append(out, byte(r>>8), byte(r), byte(g>>8), byte(g), byte(bl>>8), byte(bl))
			}
			return out
		}
	case *image.RGBA:
		row = func(y int, out []byte) []byte {
			for p := m.Pix[y*m.Stride : y*m.Stride+4*b.Dx()]; len(p) >= 4; p = p[4:] {
				out = append(out, p[:3]...)
			}
			return out
		}
	default:
		row = func(y int, out []byte) []byte {
			for x := range b.Dx() {
				c := color.NRGBAModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA)
				out = append(out, c.R, c.G, c.B)
			}
			return out
		}
	}
	if o, ok := img.(interface{ Opaque() bool }); ok && !o.Opaque() {
		return nil, fmt.Errorf("%w: a picture with transparent parts is no scan", ErrInputKind)
	}
	data, err := deflated(b.Dy(), row)
	if err != nil {
		return nil, err
	}
	return &pdffile.Stream{Dict: imageDict(b.Dx(), b.Dy(), bits, space, pdffile.Name("FlateDecode")), Data: data}, nil
}

// bilevelImage codes a grey picture of black and white with one bit a dot.
func bilevelImage(m *image.Gray) (*pdffile.Stream, error) {
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	data, err := deflated(h, func(y int, out []byte) []byte {
		var octet byte
		for x := range w {
			octet = octet<<1 | m.Pix[y*m.Stride+x]>>7
			if x%8 == 7 {
				out, octet = append(out, octet), 0
			}
		}
		if rest := w % 8; rest > 0 {
			out = append(out, octet<<(8-rest))
		}
		return out
	})
	if err != nil {
		return nil, err
	}
	return &pdffile.Stream{Dict: imageDict(w, h, 1, pdffile.Name("DeviceGray"), pdffile.Name("FlateDecode")), Data: data}, nil
}

func deflated(rows int, row func(y int, out []byte) []byte) ([]byte, error) {
	var buf bytes.Buffer
	z := zlib.NewWriter(&buf)
	var line []byte
	for y := range rows {
		line = row(y, line[:0])
		if _, err := z.Write(line); err != nil {
			return nil, errors.Join(err, z.Close())
		}
	}
	err := z.Close()
	return buf.Bytes(), err
}
