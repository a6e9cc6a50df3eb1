package appearance

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Facts are what a JPEG or PNG file says about itself, without its pixels.
type Facts struct {
	Width, Height int
	DPIX, DPIY    float64 // 0 where the file does not tell
	Orientation   int     // EXIF, 1 to 8; 0 when the file does not tell

	// Of a JPEG.
	Components  int
	Depth       int  // bits of a sample
	Frame       byte // marker of the frame header: 0xC0 baseline, 0xC1 extended, 0xC2 progressive
	Inverted    bool // CMYK as Adobe writes it: 255 is no ink
	Transformed bool // three or four components are YCbCr or YCCK, as decoders take them to be
	Whole       bool // the data reach to the end marker
}

// JPEGFacts reads the headers of a JPEG. Errors: ErrPictureFormat.
func JPEGFacts(data []byte) (Facts, error) {
	if !bytes.HasPrefix(data, jpegMagic) {
		return Facts{}, fmt.Errorf("%w: no JPEG", ErrPictureFormat)
	}
	h := readJPEGHeader(data)
	f := Facts{
		Orientation: h.orientation, Components: len(h.components), Depth: int(h.precision), Frame: h.frame,
		Inverted: h.adobe && len(h.components) == 4, Transformed: !h.adobe || h.adobeTransform != 0,
	}
	f.DPIX, f.DPIY = h.density.dpi()
	for s := range segments(data) {
		if s.marker >= markerSOF0 && s.marker <= markerSOF2 && len(s.body) >= 6 {
			f.Height, f.Width = int(binary.BigEndian.Uint16(s.body[1:])), int(binary.BigEndian.Uint16(s.body[3:]))
		}
		f.Whole = f.Whole || s.marker == markerEOI
	}
	if f.Width == 0 || f.Height == 0 || f.Components == 0 {
		return f, fmt.Errorf("%w: a JPEG without a frame that is read", ErrPictureFormat)
	}
	return f, nil
}

// PNGDensity is the resolution that a PNG tells, 0 where it does not.
func PNGDensity(data []byte) (dpiX, dpiY float64) {
	if !bytes.HasPrefix(data, pngMagic) {
		return 0, 0
	}
	return pngDensity(data).dpi()
}

func (d density) dpi() (x, y float64) {
	if !d.known() {
		return 0, 0
	}
	return d.x * 25.4, d.y * 25.4
}
