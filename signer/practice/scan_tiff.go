package practice

import (
	"encoding/binary"
	"errors"
	"image"
)

// Tags of TIFF 6.0, section 8, that are written and read here.
const (
	tiffWidth, tiffHeight, tiffBits   = 256, 257, 258
	tiffCompression, tiffPhotometric  = 259, 262
	tiffStripOffsets, tiffSamples     = 273, 277
	tiffRowsPerStrip, tiffStripCounts = 278, 279
	tiffXResolution, tiffYResolution  = 282, 283
	tiffUnit                          = 296
	tiffShort, tiffLong, tiffRational = 3, 4, 5
	tiffHead, tiffEntry               = 8, 12
)

// onebitTIFF is an uncompressed black-and-white TIFF of one strip.
func onebitTIFF(img *image.Gray, dpi float64) []byte {
	b := img.Bounds()
	data := packed(img)
	for i := range data {
		data[i] = ^data[i]
	}
	entries := [][3]uint32{ // tag, type, value
		{tiffWidth, tiffLong, uint32(b.Dx())},
		{tiffHeight, tiffLong, uint32(b.Dy())},
		{tiffBits, tiffShort, 1},
		{tiffCompression, tiffShort, 1},
		{tiffPhotometric, tiffShort, 0}, // white is zero, as fax has it
		{tiffStripOffsets, tiffLong, 0},
		{tiffSamples, tiffShort, 1},
		{tiffRowsPerStrip, tiffLong, uint32(b.Dy())},
		{tiffStripCounts, tiffLong, uint32(len(data))},
		{tiffXResolution, tiffRational, 0},
		{tiffYResolution, tiffRational, 0},
		{tiffUnit, tiffShort, 2}, // inch
	}
	rational := uint32(tiffHead + 2 + len(entries)*tiffEntry + 4)
	out := []byte("II*\x00\x08\x00\x00\x00")
	out = binary.LittleEndian.AppendUint16(out, uint16(len(entries)))
	for _, e := range entries {
		switch e[0] {
		case tiffStripOffsets:
			e[2] = rational + 8
		case tiffXResolution, tiffYResolution:
			e[2] = rational
		}
		out = binary.LittleEndian.AppendUint16(out, uint16(e[0]))
		out = binary.LittleEndian.AppendUint16(out, uint16(e[1]))
		out = binary.LittleEndian.AppendUint32(out, 1)
		out = binary.LittleEndian.AppendUint32(out, e[2])
	}
	out = binary.LittleEndian.AppendUint32(out, 0) // no further page
	out = binary.LittleEndian.AppendUint32(out, uint32(dpi*100))
	out = binary.LittleEndian.AppendUint32(out, 100)
	return append(out, data...)
}

// onlyStrip is the data of a little-endian TIFF with one strip.
func onlyStrip(file []byte) ([]byte, error) {
	at, length := uint32(0), uint32(0)
	if len(file) > tiffHead {
		ifd := int(binary.LittleEndian.Uint32(file[4:]))
		for e := ifd + 2; ifd > 0 && e+tiffEntry <= len(file) && e < ifd+2+tiffEntry*int(binary.LittleEndian.Uint16(file[ifd:])); e += tiffEntry {
			value := binary.LittleEndian.Uint32(file[e+8:])
			if binary.LittleEndian.Uint16(file[e+2:]) == tiffShort {
				value &= 0xFFFF
			}
			switch binary.LittleEndian.Uint16(file[e:]) {
			case tiffStripOffsets:
				at = value
			case tiffStripCounts:
				length = value
			}
		}
	}
	if length == 0 || int(at+length) > len(file) {
		return nil, errors.New("practice: a TIFF without its one strip")
	}
	return file[at : at+length], nil
}
