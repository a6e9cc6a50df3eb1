package scan

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// Tags of TIFF 6.0, section 8, and of its supplements that are read here.
const (
	tagWidth         = 256
	tagHeight        = 257
	tagBits          = 258
	tagCompression   = 259
	tagPhotometric   = 262
	tagFillOrder     = 266
	tagStripOffsets  = 273
	tagOrientation   = 274
	tagSamples       = 277
	tagStripCounts   = 279
	tagXResolution   = 282
	tagYResolution   = 283
	tagPlanar        = 284
	tagT4Options     = 292
	tagResolution    = 296
	tagTileWidth     = 322
	tagTileOffsets   = 324
	tagTileCounts    = 325
	tagJPEGTables    = 347
	tagNewSubfile    = 254
	reducedVersion   = 1 // bit of tagNewSubfile: a preview of another page
	transparencyMask = 4
	photometricRGB   = 2
)

// Compressions of TIFF.
const (
	tiffNone   = 1
	tiffRLE    = 2
	tiffGroup3 = 3
	tiffGroup4 = 4
	tiffLZW    = 5
	tiffJPEG   = 7
	tiffFlate  = 8
	tiffPack   = 32773
	tiffFlate2 = 32946
)

// Bounds of a file's structure.
const (
	maxTIFFPages   = maxPages
	maxTIFFEntries = 512
	maxTIFFStrips  = 1 << 17
	maxTIFFTables  = 64 << 20 // bytes of strips' places and of JPEG tables, over all pages
)

// directory is a page of a TIFF file (TIFF 6.0, section 2). Decoders of the
// libraries read a page's pixels when told where its directory lies; which
// pages there are, and how their data are coded, they do not tell.
type directory struct {
	offset        int64
	width, height int
	bits, samples int
	compression   int
	photometric   int
	fillOrder     int
	orientation   int
	planar        int
	t4Options     int
	tiled         bool
	dpiX, dpiY    float64 // 0 when not told
	strips        [][2]int64
	coded         int64  // bytes of strips or tiles
	tables        []byte // of JPEG
}

type tiffReader struct {
	r     io.ReaderAt
	size  int64
	order binary.ByteOrder
}

func damagedTIFF(format string, args ...any) error {
	return fmt.Errorf("%w: TIFF: %s", ErrInputDamaged, fmt.Sprintf(format, args...))
}

func (t *tiffReader) at(offset int64, n int) ([]byte, error) {
	if offset < 0 || n < 0 || offset > t.size-int64(n) {
		return nil, damagedTIFF("%d bytes at %d lie outside", n, offset)
	}
	b := make([]byte, n)
	if _, err := t.r.ReadAt(b, offset); err != nil {
		return nil, err
	}
	return b, nil
}

// directories lists the pages of a file; previews of pages are passed over.
// Errors: ErrInputDamaged, ErrInputTooLarge.
func directories(r io.ReaderAt, size int64) ([]directory, error) {
	t := &tiffReader{r: r, size: size}
	head, err := t.at(0, 8)
	if err != nil {
		return nil, err
	}
	switch string(head[:4]) {
	case "II*\x00":
		t.order = binary.LittleEndian
	case "MM\x00*":
		t.order = binary.BigEndian
	default:
		return nil, damagedTIFF("no header")
	}
	var out []directory
	seen, tables := map[int64]bool{}, 0
	for next := int64(t.order.Uint32(head[4:])); next != 0; {
		if seen[next] {
			return nil, damagedTIFF("pages form a loop")
		}
		if seen[next] = true; len(seen) > maxTIFFPages {
			return nil, fmt.Errorf("%w: TIFF of more than %d pages", ErrInputTooLarge, maxTIFFPages)
		}
		d, after, page, err := t.directory(next)
		if err != nil {
			return nil, err
		}
		if tables += 16*len(d.strips) + len(d.tables); tables > maxTIFFTables {
			return nil, fmt.Errorf("%w: TIFF of too many strips", ErrInputTooLarge)
		}
		if page {
			out = append(out, d)
		}
		next = after
	}
	if len(out) == 0 {
		return nil, damagedTIFF("no pages")
	}
	return out, nil
}

func (t *tiffReader) directory(offset int64) (d directory, next int64, page bool, err error) {
	d = directory{offset: offset, bits: 1, samples: 1, compression: tiffNone, fillOrder: 1, orientation: 1, planar: 1}
	b, err := t.at(offset, 2)
	if err != nil {
		return d, 0, false, err
	}
	n := int(t.order.Uint16(b))
	if n == 0 || n > maxTIFFEntries {
		return d, 0, false, damagedTIFF("a directory of %d entries", n)
	}
	if b, err = t.at(offset+2, 12*n+4); err != nil {
		return d, 0, false, err
	}
	page = true
	unit := 2
	var offsets, counts []int64
	for i := range n {
		e := b[12*i:]
		tag := int(t.order.Uint16(e))
		switch tag {
		case tagXResolution, tagYResolution:
			v, err := t.rational(e)
			if err != nil {
				return d, 0, false, err
			}
			if tag == tagXResolution {
				d.dpiX = v
			} else {
				d.dpiY = v
			}
			continue
		case tagJPEGTables:
			count := int64(t.order.Uint32(e[4:]))
			if count < 4 || count > 1<<16 {
				return d, 0, false, damagedTIFF("JPEG tables of %d bytes", count)
			}
			if d.tables, err = t.at(int64(t.order.Uint32(e[8:])), int(count)); err != nil {
				return d, 0, false, err
			}
			continue
		case tagWidth, tagHeight, tagBits, tagCompression, tagPhotometric, tagFillOrder, tagStripOffsets, tagOrientation, tagSamples,
			tagStripCounts, tagPlanar, tagT4Options, tagResolution, tagTileWidth, tagTileOffsets, tagTileCounts, tagNewSubfile:
		default:
			continue
		}
		v, err := t.numbers(e)
		if err != nil {
			return d, 0, false, err
		}
		first := int(min(v[0], math.MaxInt32))
		switch tag {
		case tagWidth:
			d.width = first
		case tagHeight:
			d.height = first
		case tagBits:
			d.bits = first
		case tagCompression:
			d.compression = first
		case tagPhotometric:
			d.photometric = first
		case tagFillOrder:
			d.fillOrder = first
		case tagStripOffsets:
			offsets = v
		case tagStripCounts:
			counts = v
		case tagOrientation:
			d.orientation = first
		case tagSamples:
			d.samples = first
		case tagPlanar:
			d.planar = first
		case tagT4Options:
			d.t4Options = first
		case tagResolution:
			unit = first
		case tagTileWidth, tagTileOffsets:
			d.tiled = true
		case tagTileCounts:
			for _, n := range v {
				d.coded += n
			}
		case tagNewSubfile:
			page = first&(reducedVersion|transparencyMask) == 0
		}
	}
	switch unit {
	case 2:
	case 3: // centimetre
		d.dpiX, d.dpiY = d.dpiX*2.54, d.dpiY*2.54
	default:
		d.dpiX, d.dpiY = 0, 0
	}
	if d.width < 1 || d.height < 1 {
		return d, 0, false, damagedTIFF("%d × %d dots", d.width, d.height)
	}
	if d.bits < 1 || d.bits > 64 || d.samples < 1 || d.samples > 16 {
		return d, 0, false, damagedTIFF("%d samples of %d bits", d.samples, d.bits)
	}
	if len(offsets) != len(counts) {
		return d, 0, false, damagedTIFF("%d strips of %d", len(offsets), len(counts))
	}
	for i := range offsets {
		if offsets[i] < 0 || counts[i] < 0 || offsets[i] > t.size-counts[i] {
			return d, 0, false, damagedTIFF("a strip lies outside")
		}
		d.strips = append(d.strips, [2]int64{offsets[i], counts[i]})
		d.coded += counts[i]
	}
	return d, int64(t.order.Uint32(b[12*n:])), page, nil
}

// numbers are the values of an entry of type BYTE, SHORT or LONG.
func (t *tiffReader) numbers(e []byte) ([]int64, error) {
	width := map[uint16]int{1: 1, 3: 2, 4: 4}[t.order.Uint16(e[2:])]
	count := t.order.Uint32(e[4:])
	if width == 0 || count == 0 || count > maxTIFFStrips {
		return nil, damagedTIFF("an entry of type %d with %d values", t.order.Uint16(e[2:]), count)
	}
	b := e[8:12]
	if n := width * int(count); n > 4 {
		var err error
		if b, err = t.at(int64(t.order.Uint32(e[8:])), n); err != nil {
			return nil, err
		}
	}
	out := make([]int64, count)
	for i := range out {
		switch width {
		case 1:
			out[i] = int64(b[i])
		case 2:
			out[i] = int64(t.order.Uint16(b[2*i:]))
		case 4:
			out[i] = int64(t.order.Uint32(b[4*i:]))
		}
	}
	return out, nil
}

func (t *tiffReader) rational(e []byte) (float64, error) {
	if t.order.Uint16(e[2:]) != 5 {
		return 0, nil // of no use
	}
	b, err := t.at(int64(t.order.Uint32(e[8:])), 8)
	if err != nil {
		return 0, err
	}
	n, d := float64(t.order.Uint32(b)), float64(t.order.Uint32(b[4:]))
	if d == 0 {
		return 0, nil
	}
	return n / d, nil
}
