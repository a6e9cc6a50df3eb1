package appearance

import (
	"bytes"
	"encoding/binary"
)

// pngDensity reads the pHYs chunk of a PNG. An eXIf chunk is not read: the PNG
// specification wants its data treated as historical, because programs that
// turn a picture leave the chunk as it was.
func pngDensity(data []byte) density {
	for rest := data[len(pngMagic):]; len(rest) >= 12; {
		n := binary.BigEndian.Uint32(rest)
		if uint64(n)+12 > uint64(len(rest)) {
			break
		}
		body := rest[8 : 8+n]
		switch string(rest[4:8]) {
		case "IDAT", "IEND": // pHYs stands before the pixels
			return density{}
		case "pHYs":
			const perMetre = 1
			if len(body) != 9 || body[8] != perMetre {
				return density{}
			}
			return density{
				x: float64(binary.BigEndian.Uint32(body)) / 1000,
				y: float64(binary.BigEndian.Uint32(body[4:])) / 1000,
			}
		}
		rest = rest[12+n:]
	}
	return density{}
}

// jfifDensity reads the body of a JFIF APP0 segment (ISO/IEC 10918-5, 10.1).
func jfifDensity(body []byte) density {
	if len(body) < 12 {
		return density{}
	}
	x := float64(binary.BigEndian.Uint16(body[8:]))
	y := float64(binary.BigEndian.Uint16(body[10:]))
	switch body[7] {
	case 1: // per inch
		return density{x / 25.4, y / 25.4}
	case 2: // per centimetre
		return density{x / 10, y / 10}
	default: // only a ratio
		return density{}
	}
}

// exifMagic opens an APP1 segment with EXIF data.
var exifMagic = []byte("Exif\x00\x00")

// Tags of the first directory of EXIF data (TIFF 6.0, section 8).
const (
	tagOrientation    = 0x0112
	tagXResolution    = 0x011A
	tagYResolution    = 0x011B
	tagResolutionUnit = 0x0128
)

// readEXIF reads orientation (1 to 8; 0 when absent or senseless) and density
// from the body of an APP1 segment. Damaged data yields zero values.
func readEXIF(body []byte) (orientation int, d density) {
	tiff, ok := bytes.CutPrefix(body, exifMagic)
	if !ok || len(tiff) < 8 {
		return 0, density{}
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 0, density{}
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 0, density{}
	}
	perMM := 1 / 25.4 // TIFF 6.0: the unit is the inch unless the tag says otherwise
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			break
		}
		value := entries[8:12]
		switch order.Uint16(entries) {
		case tagOrientation:
			if v := int(order.Uint16(value)); v >= 1 && v <= 8 {
				orientation = v
			}
		case tagXResolution:
			d.x = rational(tiff, order, order.Uint32(value))
		case tagYResolution:
			d.y = rational(tiff, order, order.Uint32(value))
		case tagResolutionUnit:
			switch order.Uint16(value) {
			case 1:
				perMM = 0 // no absolute unit
			case 3:
				perMM = 1 / 10.0
			}
		}
		entries = entries[12:]
	}
	return orientation, density{d.x * perMM, d.y * perMM}
}

func rational(tiff []byte, order binary.ByteOrder, offset uint32) float64 {
	at := uint64(offset)
	if at+8 > uint64(len(tiff)) {
		return 0
	}
	denominator := order.Uint32(tiff[at+4:])
	if denominator == 0 {
		return 0
	}
	return float64(order.Uint32(tiff[at:])) / float64(denominator)
}
