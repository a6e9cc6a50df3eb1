package coarse

import "encoding/binary"

const (
	lookup = 11 // bits that find most codes with one look
	ahead  = 13 // bits that are looked at to pass over codes
)

// entry is a code with what follows from it: bits 0–7 the bits of the code and
// of the magnitude behind it, 8–15 by how much the index of the coefficient
// grows, 16–23 the bits of the code alone, 24–27 those of the magnitude, 28–31
// the run of zeros. 0 is no code.
type entry uint32

// Numbers of bits are below 64, which spares the processor a comparison when it
// shifts.
func (e entry) total() uint  { return uint(e) & 63 }
func (e entry) advance() int { return int(e >> 8 & 0xFF) }
func (e entry) code() uint   { return uint(e>>16) & 63 }
func (e entry) size() uint   { return uint(e>>24) & 15 }
func (e entry) run() int     { return int(e >> 28) }

// blockEnd is the advance of the code that ends a block: beyond all others.
const blockEnd = 128

// codes is a Huffman table (annex C).
type codes struct {
	fast [1 << lookup]entry
	more [1 << ahead]uint16 // several codes at once, for passing over them: total and advance of all, as entries have them
	long []entry            // codes of more than lookup bits, in their order
	next [17]int            // by length: one more than its last code, left-aligned in 16 bits
	from [17]int            // by length: index in long of its first code, less that code
}

// newCodes makes a table of the numbers of codes by length and their values.
// For DC the value is the size of the difference (F.1.2.1), for AC run and size
// (F.1.2.2). Values that no sequential picture has are kept for progressive ones
// (G.1.2.2) with an advance of 0.
func newCodes(counts [16]byte, values []byte, dc bool) (*codes, error) {
	t := &codes{}
	code := 0
	for i, n := range counts {
		length := i + 1
		t.from[length] = len(t.long) - code
		for range n {
			if code >= 1<<length {
				return nil, damaged("a Huffman table with too many codes")
			}
			e, err := newEntry(values[0], length, dc)
			if err != nil {
				return nil, err
			}
			values = values[1:]
			if length <= lookup {
				for k := code << (lookup - length); k < (code+1)<<(lookup-length); k++ {
					t.fast[k] = e
				}
			} else {
				t.long = append(t.long, e)
			}
			code++
		}
		t.next[length] = code << (16 - length)
		code <<= 1
	}
	if !dc {
		t.join()
	}
	return t, nil
}

// join finds, for each beginning, how many whole codes and magnitudes it holds, up
// to the end of the block. Where it is not even one there is none.
func (t *codes) join() {
	for i := range t.more {
		total, advance := uint(0), 0
		for advance < blockEnd/2 {
			e := t.fast[i<<(total&63)&(1<<ahead-1)>>(ahead-lookup)]
			if e.advance() == 0 || total+e.total() > ahead {
				break
			}
			total, advance = total+e.total(), advance+e.advance()
		}
		t.more[i] = uint16(int(total) | advance<<8)
	}
}

func newEntry(value byte, length int, dc bool) (entry, error) {
	run, size := int(value>>4), int(value&15)
	advance := run + 1
	switch {
	case dc:
		if value > 11 { // 8 bits: table F.1
			return 0, damaged("a difference of %d bits", value)
		}
	case value == 0:
		advance = blockEnd
	case size == 0 && run < 15:
		advance = 0
	}
	return entry(length + size | advance<<8 | length<<16 | size<<24 | run<<28), nil
}

// find looks for a code that the first bits of a window do not tell (F.2.2.3);
// 0 when there is none.
func (t *codes) find(window uint64) entry {
	top := int(window >> 48)
	for length := lookup + 1; length <= 16; length++ {
		if top < t.next[length] {
			if i := t.from[length] + top>>(16-length); i >= 0 && i < len(t.long) {
				return t.long[i]
			}
			return 0
		}
	}
	return 0
}

// bits reads a piece of entropy-coded data whose stuffed zeros are out (F.1.2.3)
// and that ends with spare zeros.
type bits struct {
	buf  []byte
	at   int
	acc  uint64 // the next bits, the first one on top
	n    uint   // of them that count
	over bool   // read far beyond the end
}

// spare are the zeros behind a piece: a block of 63 codes takes up to 248 bytes, and
// some are read ahead.
const spare = 320

// fill brings n to at least 56.
func (b *bits) fill() {
	if b.at > len(b.buf)-8 {
		b.over, b.n = true, 63
		return
	}
	b.at, b.acc, b.n = filled(b.buf, b.at, b.acc, b.n)
}

// filled are at, acc and n with so many bits more that there are at least 56.
func filled(buf []byte, at int, acc uint64, n uint) (int, uint64, uint) {
	return at + int((63-n)>>3), acc | binary.BigEndian.Uint64(buf[at:])>>(n&63), n | 56
}

// ended tells whether all bits were there.
func (b *bits) ended() bool { return !b.over && 8*b.at-int(b.n) <= 8*(len(b.buf)-spare) }

// next finds a code without taking it; 0 when there is none.
func (b *bits) next(t *codes) entry {
	if b.n < 32 {
		b.fill()
	}
	e := t.fast[b.acc>>(64-lookup)]
	if e == 0 {
		e = t.find(b.acc)
	}
	return e
}

func (b *bits) skip(n uint) {
	b.acc <<= n & 63
	b.n -= n
}

// take reads up to 16 bits.
func (b *bits) take(n uint) int {
	if n == 0 {
		return 0
	}
	if b.n < 32 {
		b.fill()
	}
	v := int(b.acc >> ((64 - n) & 63))
	b.skip(n)
	return v
}

// magnitude is the value behind a code as the first bits of a window have it
// (F.2.2.1, EXTEND).
func magnitude(window uint64, size uint) int {
	v := int(window >> 1 >> ((63 - size) & 63))
	below := int(window>>63) - 1 // all ones for a value below zero; every other one is, and no processor can foresee which
	return v - (1<<(size&15)-1)&below
}
