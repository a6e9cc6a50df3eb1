package appearance

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image/color"
	"slices"
)

// PNG colour types.
const (
	pngGrey      = 0
	pngRGB       = 2
	pngPalette   = 3
	pngGreyAlpha = 4
	pngRGBAlpha  = 6
)

// pngFile describes a PNG of any kind; the standard library writes only some.
type pngFile struct {
	kind, depth int
	w, h        int
	samples     func(x, y int) []uint16 // one value per channel, of depth bits
	palette     []color.NRGBA           // alpha goes to tRNS
	transparent []uint16                // tRNS of grey and RGB pictures
	interlaced  bool
	physical    []byte // body of pHYs
}

func (p pngFile) encode() []byte {
	var out bytes.Buffer
	out.Write(pngMagic)
	chunk := func(name string, body []byte) {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(body)))
		out.Write(n[:])
		body = append([]byte(name), body...)
		out.Write(body)
		binary.BigEndian.PutUint32(n[:], crc32.ChecksumIEEE(body))
		out.Write(n[:])
	}
	header := binary.BigEndian.AppendUint32(nil, uint32(p.w))
	header = binary.BigEndian.AppendUint32(header, uint32(p.h))
	header = append(header, byte(p.depth), byte(p.kind), 0, 0, 0)
	if p.interlaced {
		header[12] = 1
	}
	chunk("IHDR", header)
	if p.physical != nil {
		chunk("pHYs", p.physical)
	}
	if p.palette != nil {
		var plte, trns []byte
		for _, c := range p.palette {
			plte = append(plte, c.R, c.G, c.B)
			trns = append(trns, c.A)
		}
		chunk("PLTE", plte)
		chunk("tRNS", trns)
	}
	if p.transparent != nil {
		var trns []byte
		for _, v := range p.transparent {
			trns = binary.BigEndian.AppendUint16(trns, v)
		}
		chunk("tRNS", trns)
	}
	var data bytes.Buffer
	z := zlib.NewWriter(&data)
	z.Write(p.scanlines())
	z.Close()
	chunk("IDAT", data.Bytes())
	chunk("IEND", nil)
	return out.Bytes()
}

// scanlines are the unfiltered rows of one pass, or of the seven of Adam7.
func (p pngFile) scanlines() []byte {
	type pass struct{ x0, y0, dx, dy int }
	passes := []pass{{0, 0, 1, 1}}
	if p.interlaced {
		passes = []pass{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}
	}
	var out []byte
	for _, s := range passes {
		if s.x0 >= p.w {
			continue
		}
		for y := s.y0; y < p.h; y += s.dy {
			out = append(out, 0) // filter: none
			var bits uint64
			n := 0
			for x := s.x0; x < p.w; x += s.dx {
				for _, v := range p.samples(x, y) {
					bits = bits<<p.depth | uint64(v)
					for n += p.depth; n >= 8; n -= 8 {
						out = append(out, byte(bits>>(n-8)))
					}
				}
			}
			if n > 0 {
				out = append(out, byte(bits<<(8-n)))
			}
		}
	}
	return out
}

// jpegFile describes a baseline JPEG whose 8 × 8 blocks are each of one
// colour, so that component values come back exactly.
type jpegFile struct {
	w, h       int // in blocks
	components int
	ids        string                   // component identifiers; "" = 1, 2, …
	value      func(bx, by int) []uint8 // component values of a block
	app        [][]byte                 // APPn segments: marker byte, then body
}

func (j jpegFile) encode() []byte {
	out := []byte{0xFF, markerSOI}
	segment := func(marker byte, body []byte) {
		out = append(out, 0xFF, marker)
		out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
		out = append(out, body...)
	}
	ids := []byte(j.ids)
	for len(ids) < j.components {
		ids = append(ids, byte(len(ids)+1))
	}
	for _, a := range j.app {
		segment(a[0], a[1:])
	}
	segment(0xDB, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)) // quantisation: none
	frame := []byte{8, 0, 0, 0, 0, byte(j.components)}
	binary.BigEndian.PutUint16(frame[1:], uint16(8*j.h))
	binary.BigEndian.PutUint16(frame[3:], uint16(8*j.w))
	scan := []byte{byte(j.components)}
	for _, id := range ids {
		frame = append(frame, id, 0x11, 0)
		scan = append(scan, id, 0)
	}
	segment(markerSOF0, frame)
	// DC: twelve categories with codes of four bits; AC: only "end of block".
	dc := []byte{0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}
	ac := []byte{0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	segment(0xC4, dc)
	segment(0xC4, ac)
	segment(markerSOS, append(scan, 0, 63, 0))

	var bits uint64
	n := 0
	put := func(v uint64, size int) {
		bits = bits<<size | v
		for n += size; n >= 8; n -= 8 {
			b := byte(bits >> (n - 8))
			out = append(out, b)
			if b == 0xFF {
				out = append(out, 0)
			}
		}
	}
	last := make([]int, j.components)
	for by := range j.h {
		for bx := range j.w {
			for c, v := range j.value(bx, by) {
				dcValue := 8 * (int(v) - 128)
				d := dcValue - last[c]
				last[c] = dcValue
				size := 0
				for a := max(d, -d); a > 0; a >>= 1 {
					size++
				}
				if d < 0 {
					d += 1<<size - 1
				}
				put(uint64(size), 4)
				put(uint64(d), size)
				put(0, 1)
			}
		}
	}
	put(0x7F, 7)
	return append(out, 0xFF, markerEOI)
}

func adobeSegment(transform byte) []byte {
	return []byte{markerAPP14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform}
}

// jfifSegment tells a density; unit 1 = per inch, 2 = per centimetre.
func jfifSegment(unit byte, x, y uint16) []byte {
	b := append([]byte{markerAPP0}, "JFIF\x00\x01\x02"...)
	b = append(b, unit)
	b = binary.BigEndian.AppendUint16(b, x)
	b = binary.BigEndian.AppendUint16(b, y)
	return append(b, 0, 0)
}

// exifSegment tells orientation and density in dots per unit (2 inch, 3 cm).
func exifSegment(order binary.AppendByteOrder, orientation, unit uint16, x, y uint32) []byte {
	tiff := []byte("MM\x00*")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		tiff = []byte("II*\x00")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 4)
	const values = 8 + 2 + 4*12 + 4
	short := func(tag, v uint16) {
		tiff = order.AppendUint16(order.AppendUint16(tiff, tag), 3)
		tiff = order.AppendUint32(tiff, 1)
		tiff = order.AppendUint16(order.AppendUint16(tiff, v), 0)
	}
	ratio := func(tag uint16, at uint32) {
		tiff = order.AppendUint16(order.AppendUint16(tiff, tag), 5)
		tiff = order.AppendUint32(tiff, 1)
		tiff = order.AppendUint32(tiff, at)
	}
	short(tagOrientation, orientation)
	ratio(tagXResolution, values)
	ratio(tagYResolution, values+8)
	short(tagResolutionUnit, unit)
	tiff = order.AppendUint32(tiff, 0)
	for _, v := range []uint32{x, 1, y, 1} {
		tiff = order.AppendUint32(tiff, v)
	}
	return slices.Concat([]byte{markerAPP1}, exifMagic, tiff)
}

// crcOf is the checksum of a PNG chunk's name and body.
func crcOf(b []byte) uint32 { return crc32.ChecksumIEEE(b) }
