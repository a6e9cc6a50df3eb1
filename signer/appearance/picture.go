package appearance

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math"
)

// Picture is a decoded picture: 8 bit samples, never multiplied with their
// alpha, turned as EXIF says. It does not change after decoding and may be
// shared.
type Picture struct {
	w, h    int
	grey    bool
	samples []byte // 3 bytes per pixel (RGB), 1 when grey
	alpha   []byte // 1 byte per pixel; nil when every pixel is opaque
	jpeg    []byte // the picture as a JPEG a PDF may contain; nil when there is none
	density density
	packed  packed
}

// density is pixels per millimetre; zero values mean unknown.
type density struct{ x, y float64 }

func (d density) known() bool { return d.x > 0 && d.y > 0 }

// limits bound what one picture may cost.
type limits struct{ bytes, pixels int }

var usualLimits = limits{bytes: 32 << 20, pixels: 64_000_000}

var (
	pngMagic  = []byte("\x89PNG\r\n\x1a\n")
	jpegMagic = []byte{0xFF, 0xD8, 0xFF}
)

// DecodePicture reads a PNG (every colour type and depth, interlaced or not,
// with any kind of transparency) or a JPEG (baseline or progressive; grey,
// YCbCr, RGB, CMYK or YCCK) up to 32 MiB and 64 million pixels; the pixel
// count is checked before anything is decoded. The EXIF orientation of a JPEG
// is applied. CMYK becomes RGB by the plain formula (1−C)(1−K).
//
// Errors: ErrPictureFormat, ErrPictureTooLarge, or that of r.
func DecodePicture(r io.Reader) (*Picture, error) {
	return decodePicture(r, usualLimits)
}

func decodePicture(r io.Reader, lim limits) (*Picture, error) {
	data, err := io.ReadAll(io.LimitReader(r, int64(lim.bytes)+1))
	if err != nil {
		return nil, fmt.Errorf("reading picture: %w", err)
	}
	if len(data) > lim.bytes {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrPictureTooLarge, lim.bytes)
	}
	var p *Picture
	switch {
	case bytes.HasPrefix(data, pngMagic):
		p, err = decodePNG(data, lim)
	case bytes.HasPrefix(data, jpegMagic):
		p, err = decodeJPEG(data, lim)
	default:
		return nil, fmt.Errorf("%w: neither PNG nor JPEG", ErrPictureFormat)
	}
	if err != nil {
		return nil, fmt.Errorf("decoding picture: %w", err)
	}
	return p, nil
}

// Pixels returns width and height as a person sees the picture, after the
// EXIF orientation.
func (p *Picture) Pixels() (w, h int) { return p.w, p.h }

// SizeMM returns the size in mm that the file claims through pHYs, JFIF or
// EXIF. ok is false when it claims none.
func (p *Picture) SizeMM() (w, h float64, ok bool) {
	if !p.density.known() {
		return 0, 0, false
	}
	return float64(p.w) / p.density.x, float64(p.h) / p.density.y, true
}

// Opaque tells that no pixel is transparent, not even partly: drawn on a page,
// the whole rectangle hides what is below.
func (p *Picture) Opaque() bool { return p.alpha == nil }

// Image returns a copy of the picture for showing it on a screen.
func (p *Picture) Image() *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, p.w, p.h))
	for i := range p.w * p.h {
		r, g, b := p.rgb(i)
		m.Pix[4*i], m.Pix[4*i+1], m.Pix[4*i+2], m.Pix[4*i+3] = r, g, b, p.opacity(i)
	}
	return m
}

// rgb is the colour of the i-th pixel in reading order.
func (p *Picture) rgb(i int) (r, g, b uint8) {
	if p.grey {
		v := p.samples[i]
		return v, v, v
	}
	return p.samples[3*i], p.samples[3*i+1], p.samples[3*i+2]
}

// opacity is the alpha of the i-th pixel in reading order.
func (p *Picture) opacity(i int) uint8 {
	if p.alpha == nil {
		return 255
	}
	return p.alpha[i]
}

// channels is the number of bytes per pixel in samples.
func (p *Picture) channels() int {
	if p.grey {
		return 1
	}
	return 3
}

// shape returns numbers in the ratio of width to height on paper. Pixels need
// not be square (fax scans).
func (p *Picture) shape() (w, h float64) {
	if w, h, ok := p.SizeMM(); ok {
		return w, h
	}
	return float64(p.w), float64(p.h)
}

func (l limits) check(c image.Config) error {
	if c.Width <= 0 || c.Height <= 0 {
		return fmt.Errorf("%w: no pixels", ErrPictureFormat)
	}
	if c.Width > l.pixels/c.Height {
		return fmt.Errorf("%w: %d × %d pixels", ErrPictureTooLarge, c.Width, c.Height)
	}
	return nil
}

func decodePNG(data []byte, lim limits) (*Picture, error) {
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPictureFormat, err)
	}
	if err := lim.check(c); err != nil {
		return nil, err
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPictureFormat, err)
	}
	p, err := fromImage(m)
	if err != nil {
		return nil, err
	}
	p.density = plausible(pngDensity(data))
	return p, nil
}

func decodeJPEG(data []byte, lim limits) (*Picture, error) {
	c, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPictureFormat, err)
	}
	if err := lim.check(c); err != nil {
		return nil, err
	}
	header := readJPEGHeader(data)
	// Adobe writes CMYK inverted and marks it; others write neither marker nor
	// inversion. The decoder knows the first kind only: it gets the marker,
	// and its inversion is undone.
	plainCMYK := c.ColorModel == color.CMYKModel && !header.adobe
	source := data
	if plainCMYK {
		source = withAdobeMarker(data)
	}
	m, err := jpeg.Decode(bytes.NewReader(source))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPictureFormat, err)
	}
	if cmyk, ok := m.(*image.CMYK); ok && plainCMYK {
		for i, v := range cmyk.Pix {
			cmyk.Pix[i] = 255 - v
		}
	}
	p, err := fromImage(m)
	if err != nil {
		return nil, err
	}
	p.density = plausible(header.density)
	if header.orientation > 1 {
		p = p.turned(header.orientation)
	} else {
		p.jpeg = header.embeddable(data)
	}
	return p, nil
}

// plausible drops densities that cannot be true: a scan has between 1 and 400
// pixels per mm (25 to 10 000 dpi) and pixels at most four times as long as
// wide.
func plausible(d density) density {
	for _, v := range []float64{d.x, d.y} {
		if math.IsNaN(v) || v < 1 || v > 400 {
			return density{}
		}
	}
	if d.x > 4*d.y || d.y > 4*d.x {
		return density{}
	}
	return d
}
