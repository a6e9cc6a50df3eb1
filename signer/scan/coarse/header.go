package coarse

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// Pictures that are not seen here.
var (
	ErrKind    = errors.New("coarse: a kind of JPEG that is not read") // 12 bits, four components, arithmetic coding …
	ErrDamaged = errors.New("coarse: damaged JPEG")                    // also one that ends early
	ErrLimit   = errors.New("coarse: too large a JPEG")
)

// Markers (table B.1).
const (
	sof0  = 0xC0 // baseline
	sof1  = 0xC1 // extended sequential
	sof2  = 0xC2 // progressive
	dht   = 0xC4
	dac   = 0xCC
	rst0  = 0xD0
	rst7  = 0xD7
	soi   = 0xD8
	eoi   = 0xD9
	sos   = 0xDA
	dqt   = 0xDB
	dri   = 0xDD
	app0  = 0xE0
	app14 = 0xEE
	app15 = 0xEF
	com   = 0xFE
	tem   = 0x01
)

// Bounds of what a picture can cost.
const (
	maxSamples = 160 << 20 // A2 at 600 dpi
	maxScans   = 64
)

// component is one colour of the picture (B.2.2, B.2.3).
type component struct {
	id, h, v, table byte

	across, down   int // blocks with samples of the picture, in a scan of its own (A.2.2)
	stride, height int // blocks with those that fill up the last units (A.2.4)

	pix     []uint8 // dots of all blocks, row by row
	coef    []int16 // the lowest coefficients of each block; of progressive pictures alone
	nonzero []uint64
	known   [64]int8 // 1 + the lowest bit that scans have given so far of each coefficient; 0 nothing
	seen    bool     // by a sequential scan
}

// decoder is the work on one picture.
type decoder struct {
	*Decoder
	data []byte
	at   int

	dots          int // 1 to 4
	last          int // index of the last coefficient that is wanted, in zigzag order
	width, height int
	progressive   bool
	all           []component
	hMax, vMax    int
	unitsX        int // MCUs in a row of an interleaved scan
	unitsY        int
	quant         [4]*[64]int
	dcCodes       [4]*codes
	acCodes       [4]*codes
	restart       int
	scans         int
	jfif          bool
	adobe         int     // 1 + the transform of the Adobe segment; 0 without one
	low           [16]int // coefficients of a block
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}

func kind(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrKind, fmt.Sprintf(format, args...))
}

// run reads markers and their segments (B.1.1.4) to the end of the picture.
func (d *decoder) run() error {
	if len(d.data) < 4 || d.data[0] != 0xFF || d.data[1] != soi {
		return damaged("no SOI")
	}
	d.at = 2
	for {
		m, err := d.marker()
		if err != nil {
			return err
		}
		if m == eoi {
			return nil
		}
		if d.at+2 > len(d.data) {
			return damaged("ends early")
		}
		n := int(binary.BigEndian.Uint16(d.data[d.at:]))
		if n < 2 || d.at+n > len(d.data) {
			return damaged("a segment of %d bytes", n)
		}
		s := d.data[d.at+2 : d.at+n]
		d.at += n
		switch {
		case m == sof0, m == sof1, m == sof2:
			err = d.frame(s, m == sof2)
		case m == dht:
			err = d.huffmanTables(s)
		case m == dqt:
			err = d.quantization(s)
		case m == dri:
			if len(s) != 2 {
				return damaged("DRI of %d bytes", len(s))
			}
			d.restart = int(binary.BigEndian.Uint16(s))
		case m == sos:
			err = d.scan(s)
		case m == app0:
			d.jfif = d.jfif || len(s) >= 5 && string(s[:5]) == "JFIF\x00"
		case m == app14:
			if len(s) >= 12 && string(s[:5]) == "Adobe" {
				d.adobe = 1 + int(s[11])
			}
		case m > app0 && m <= app15, m == com:
		default:
			err = kind("marker %#x", m)
		}
		if err != nil {
			return err
		}
	}
}

// marker reads the next marker; fill bytes may stand before it (B.1.1.2).
func (d *decoder) marker() (byte, error) {
	if d.at >= len(d.data) || d.data[d.at] != 0xFF {
		return 0, damaged("no marker at %d", d.at)
	}
	for d.at < len(d.data) && d.data[d.at] == 0xFF {
		d.at++
	}
	if d.at == len(d.data) || d.data[d.at] == 0 {
		return 0, damaged("no marker at %d", d.at)
	}
	d.at++
	return d.data[d.at-1], nil
}

// frame reads a frame header (B.2.2).
func (d *decoder) frame(s []byte, progressive bool) error {
	if d.all != nil {
		return kind("a second frame")
	}
	if len(s) < 6 || len(s) != 6+3*int(s[5]) {
		return damaged("a frame header of %d bytes", len(s))
	}
	if s[0] != 8 {
		return kind("%d bits", s[0])
	}
	d.progressive = progressive
	d.height, d.width = int(binary.BigEndian.Uint16(s[1:])), int(binary.BigEndian.Uint16(s[3:]))
	switch {
	case d.height == 0:
		return kind("the number of lines is told later (DNL)")
	case d.width == 0:
		return damaged("no columns")
	case d.width*d.height > maxSamples:
		return fmt.Errorf("%w: %d × %d samples", ErrLimit, d.width, d.height)
	case s[5] != 1 && s[5] != 3:
		return kind("%d components", s[5])
	}
	for c := s[6:]; len(c) > 0; c = c[3:] {
		n := component{id: c[0], h: c[1] >> 4, v: c[1] & 15, table: c[2]}
		if n.h < 1 || n.h > 4 || n.v < 1 || n.v > 4 || n.table > 3 {
			return damaged("component %d has sampling factors %d, %d and table %d", n.id, n.h, n.v, n.table)
		}
		for i := range d.all {
			if d.all[i].id == n.id {
				return damaged("component %d twice", n.id)
			}
		}
		d.all = append(d.all, n)
		d.hMax, d.vMax = max(d.hMax, int(n.h)), max(d.vMax, int(n.v))
	}
	return d.reserve()
}

// reserve makes room for the dots. The data must be able to fill it: a block
// takes two bits in a sequential picture and one in a progressive one.
func (d *decoder) reserve() error {
	if len(d.all) == 1 { // one component is never interleaved: one block is a unit (A.2.2)
		d.all[0].h, d.all[0].v, d.hMax, d.vMax = 1, 1, 1, 1
	}
	d.unitsX, d.unitsY = ceil(d.width, 8*d.hMax), ceil(d.height, 8*d.vMax)
	blocks := 0
	for i := range d.all {
		c := &d.all[i]
		c.across, c.down = ceil(ceil(d.width*int(c.h), d.hMax), 8), ceil(ceil(d.height*int(c.v), d.vMax), 8)
		c.stride, c.height = d.unitsX*int(c.h), d.unitsY*int(c.v)
		blocks += c.across * c.down
	}
	if bits := 8 * (len(d.data) - d.at); bits < blocks || !d.progressive && bits < 2*blocks {
		return damaged("%d bytes for %d blocks", len(d.data)-d.at, blocks)
	}
	for i := range d.all {
		c := &d.all[i]
		n := c.stride * c.height
		d.pix[i] = slices.Grow(d.pix[i][:0], n*d.dots*d.dots)
		c.pix = d.pix[i][:n*d.dots*d.dots]
		if d.progressive {
			c.coef = make([]int16, n*d.dots*d.dots)
			if d.dots > 1 {
				c.nonzero = make([]uint64, n)
			}
		}
	}
	return nil
}

func ceil(a, b int) int { return (a + b - 1) / b }

// quantization reads quantization tables (B.2.4.1).
func (d *decoder) quantization(s []byte) error {
	if d.scans > 0 {
		return kind("quantization tables between scans") // decoders differ in what they hold for
	}
	for len(s) > 0 {
		size, to := 1+int(s[0]>>4), s[0]&15
		if size > 2 || to > 3 || len(s) < 1+64*size {
			return damaged("a quantization table")
		}
		t := new([64]int)
		for i := range t {
			if t[i] = int(s[1+i]); size == 2 {
				t[i] = int(binary.BigEndian.Uint16(s[1+2*i:]))
			}
			if t[i] == 0 {
				return damaged("a quantization table")
			}
		}
		d.quant[to] = t
		s = s[1+64*size:]
	}
	return nil
}

// huffmanTables reads Huffman tables (B.2.4.2).
func (d *decoder) huffmanTables(s []byte) error {
	for len(s) > 0 {
		class, to := s[0]>>4, s[0]&15
		if class > 1 || to > 3 || len(s) < 17 {
			return damaged("a Huffman table")
		}
		n := 0
		for _, k := range s[1:17] {
			n += int(k)
		}
		if n > 256 || len(s) < 17+n {
			return damaged("a Huffman table of %d codes", n)
		}
		t, err := newCodes([16]byte(s[1:17]), s[17:17+n], class == 0)
		if err != nil {
			return err
		}
		if class == 0 {
			d.dcCodes[to] = t
		} else {
			d.acCodes[to] = t
		}
		s = s[17+n:]
	}
	return nil
}
