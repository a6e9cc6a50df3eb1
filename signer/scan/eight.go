package scan

import (
	"bytes"
	"encoding/binary"
)

// Bytes in rows are looked at by eights, because most of a page is paper.

const (
	ones    = 0x0101010101010101
	topBits = 0x8080808080808080
)

// eight are the first eight bytes of a row, filled up with rest.
func eight(row []uint8, rest uint8) uint64 {
	if len(row) >= 8 {
		return binary.LittleEndian.Uint64(row)
	}
	return fewer(row, rest)
}

// fewer is the rare end of a row, kept out of eight so that eight is inlined.
//
//go:noinline
func fewer(row []uint8, rest uint8) uint64 {
	return binary.LittleEndian.Uint64(append(row[:len(row):len(row)], bytes.Repeat([]byte{rest}, 8)...))
}

// upTo has the top bits of those of eight bytes that are at most n, −1 to 255.
func upTo(eight uint64, n int) uint64 {
	if n < 128 { // the top bit of a larger one is set, or is when what n lacks is added
		return ^(eight&^topBits + uint64(127-n)*ones | eight) & topBits
	}
	return ^((eight&^topBits + uint64(255-n)*ones) & eight) & topBits
}
