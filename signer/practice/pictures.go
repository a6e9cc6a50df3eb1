package practice

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"math"
)

// Pictures are drawn at 600 dpi.
const pixelsPerMM = 600 / 25.4

// Colours of NĐ 30/2020/NĐ-CP, Điều 13 and 33: signatures blue, seals red.
var (
	inkBlue = color.NRGBA{R: 22, G: 46, B: 148, A: 255}
	sealRed = color.NRGBA{R: 206, G: 22, B: 32, A: 255}
)

// encodePNG writes a PNG that tells its size: pixels per metre in pHYs (PNG
// specification, 11.3.5.3), directly behind IHDR.
func encodePNG(img image.Image, perMetre float64) ([]byte, error) {
	var buf bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&buf, img); err != nil {
		return nil, fmt.Errorf("encoding the picture: %w", err)
	}
	const afterIHDR = 8 + 4 + 4 + 13 + 4
	chunk := []byte("pHYs")
	chunk = binary.BigEndian.AppendUint32(chunk, uint32(math.Round(perMetre)))
	chunk = binary.BigEndian.AppendUint32(chunk, uint32(math.Round(perMetre)))
	chunk = append(chunk, 1) // unit: the metre
	out := bytes.Clone(buf.Bytes()[:afterIHDR])
	out = binary.BigEndian.AppendUint32(out, uint32(len(chunk)-4))
	out = append(out, chunk...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
	return append(out, buf.Bytes()[afterIHDR:]...), nil
}
