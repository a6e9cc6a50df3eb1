package appearance

import (
	"bytes"
	"encoding/binary"
	"iter"
)

// Markers of ISO/IEC 10918-1, table B.1.
const (
	markerSOF0  = 0xC0 // baseline
	markerSOF1  = 0xC1 // extended sequential
	markerSOF2  = 0xC2 // progressive
	markerRST0  = 0xD0
	markerRST7  = 0xD7
	markerSOI   = 0xD8
	markerEOI   = 0xD9
	markerSOS   = 0xDA
	markerAPP0  = 0xE0
	markerAPP1  = 0xE1
	markerAPP14 = 0xEE
	markerAPP15 = 0xEF
	markerCOM   = 0xFE
)

// jpegHeader is what a JPEG says about itself before its first scan.
type jpegHeader struct {
	frame          byte   // marker of the frame header, 0 when there was none
	precision      byte   // bits per sample
	components     []byte // their identifiers
	jfif           bool
	adobe          bool // has an Adobe APP14 segment
	adobeTransform byte // 0 RGB or CMYK, 1 YCbCr, 2 YCCK
	orientation    int  // EXIF; 0 = not told
	density        density
}

func readJPEGHeader(data []byte) jpegHeader {
	var (
		h        jpegHeader
		exif     bool
		fromEXIF density
	)
	for s := range segments(data) {
		switch {
		case s.marker == markerAPP0 && bytes.HasPrefix(s.body, []byte("JFIF\x00")):
			h.jfif = true
			h.density = jfifDensity(s.body)
		case s.marker == markerAPP1 && !exif && bytes.HasPrefix(s.body, exifMagic):
			exif = true
			h.orientation, fromEXIF = readEXIF(s.body)
		case s.marker == markerAPP14 && len(s.body) >= 12 && bytes.HasPrefix(s.body, []byte("Adobe")):
			h.adobe = true
			h.adobeTransform = s.body[11]
		case s.marker >= markerSOF0 && s.marker <= markerSOF2 && len(s.body) >= 6:
			h.frame, h.precision = s.marker, s.body[0]
			for c := s.body[6:]; len(c) >= 3; c = c[3:] {
				h.components = append(h.components, c[0])
			}
		}
		if s.marker == markerSOS {
			break
		}
	}
	if !h.density.known() {
		h.density = fromEXIF
	}
	return h
}

// segment is one marker segment; scan is the entropy-coded data after SOS.
type segment struct {
	marker     byte
	body, scan []byte
}

// segments yields the marker segments of a JPEG. Like image/jpeg it passes
// over bytes that belong to none. It ends without EOI when the data does.
func segments(data []byte) iter.Seq[segment] {
	return func(yield func(segment) bool) {
		rest := data[2:] // SOI
		for len(rest) >= 2 {
			marker := rest[1]
			switch {
			case rest[0] != 0xFF, marker == 0xFF: // stray or fill byte
				rest = rest[1:]
				continue
			case marker == 0, marker >= markerRST0 && marker <= markerRST7: // left over from a scan
				rest = rest[2:]
				continue
			case marker == markerEOI:
				yield(segment{marker: marker})
				return
			}
			if len(rest) < 4 {
				return
			}
			n := 2 + int(binary.BigEndian.Uint16(rest[2:]))
			if n < 4 || n > len(rest) { // the length counts its own two bytes
				return
			}
			s := segment{marker: marker, body: rest[4:n]}
			rest = rest[n:]
			if marker == markerSOS {
				end := scanEnd(rest)
				s.scan, rest = rest[:end], rest[end:]
			}
			if !yield(s) {
				return
			}
		}
	}
}

// scanEnd is the index of the first marker that is no restart marker.
func scanEnd(b []byte) int {
	for i := 0; i+1 < len(b); i++ {
		if b[i] == 0xFF && b[i+1] != 0 && (b[i+1] < markerRST0 || b[i+1] > markerRST7) {
			return i
		}
	}
	return len(b)
}

// withAdobeMarker says "CMYK, no transform" in front of all other segments.
func withAdobeMarker(data []byte) []byte {
	marker := []byte{0xFF, markerAPP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0}
	out := make([]byte, 0, len(data)+len(marker))
	out = append(out, data[:2]...)
	out = append(out, marker...)
	return append(out, data[2:]...)
}

// embeddable returns the JPEG without comments and application data (place and
// time of the photograph do not belong into a public document), or nil when a
// PDF viewer could see other colours than DecodePicture did.
func (h jpegHeader) embeddable(data []byte) []byte {
	if h.frame == 0 || h.precision != 8 {
		return nil
	}
	switch len(h.components) {
	case 1:
	case 3:
		// ISO 32000-1, table 13: three components are YCbCr unless an Adobe
		// marker says otherwise; decoders also guess from the identifiers.
		if h.adobe && h.adobeTransform != 1 || string(h.components) == "RGB" {
			return nil
		}
	default:
		return nil
	}
	out := []byte{0xFF, markerSOI}
	for s := range segments(data) {
		jfif := s.marker == markerAPP0 && bytes.HasPrefix(s.body, []byte("JFIF\x00")) && len(s.body) == 14
		adobe := s.marker == markerAPP14 && bytes.HasPrefix(s.body, []byte("Adobe"))
		switch {
		case s.marker == markerEOI:
			return append(out, 0xFF, markerEOI)
		case s.marker == markerCOM, s.marker >= markerAPP0 && s.marker <= markerAPP15 && !jfif && !adobe:
			continue
		}
		out = append(out, 0xFF, s.marker)
		out = binary.BigEndian.AppendUint16(out, uint16(len(s.body)+2))
		out = append(out, s.body...)
		out = append(out, s.scan...)
	}
	return nil
}
