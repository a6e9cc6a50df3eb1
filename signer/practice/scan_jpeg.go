package practice

import (
	"cmp"
	"encoding/binary"
)

// ScanJPEGFile is the scan of a page as a JPEG file that tells its resolution, as a
// scanner saves it (JFIF 1.02).
func ScanJPEGFile(o ScanOptions) ([]byte, error) {
	img, err := ScanPicture(o)
	if err != nil {
		return nil, err
	}
	data, _, err := scanJPEG(img)
	if err != nil {
		return nil, err
	}
	dpi := uint16(cmp.Or(o.DPI, 300))
	const perInch = 1
	out := append([]byte{0xFF, 0xD8, 0xFF, 0xE0, 0, 16}, "JFIF\x00\x01\x02"...)
	out = append(out, perInch)
	out = binary.BigEndian.AppendUint16(out, dpi)
	out = binary.BigEndian.AppendUint16(out, dpi)
	return append(append(out, 0, 0), data[2:]...), nil
}
