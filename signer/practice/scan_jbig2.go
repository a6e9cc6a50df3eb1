package practice

import "encoding/binary"

// jbig2 makes a JBIG2 page (ITU-T T.88) of w × h dots from their group 4 code: one
// region in MMR coding (6.2.6), which is the same code. It has the form that PDF
// embeds (ISO 32000-1, 7.4.7): segments alone, without those that end page and
// file.
func jbig2(w, h int, g4 []byte) []byte {
	const (
		pageInformation = 48 // segment types, 7.3
		losslessRegion  = 39 // generic, immediate
		mmr             = 1  // flag of a generic region, 7.4.6.2
	)
	var out []byte
	number := uint32(0)
	segment := func(kind byte, data []byte) { // 7.2
		out = binary.BigEndian.AppendUint32(out, number)
		out = append(out, kind, 0, 1) // refers to no other segment; of page 1
		out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
		out = append(out, data...)
		number++
	}
	numbers := func(values ...int) (b []byte) {
		for _, v := range values {
			b = binary.BigEndian.AppendUint32(b, uint32(v))
		}
		return b
	}
	segment(pageInformation, append(numbers(w, h, 0, 0), 0, 0, 0))              // 7.4.8: white, no stripes
	segment(losslessRegion, append(append(numbers(w, h, 0, 0), 0, mmr), g4...)) // 7.4.1, 7.4.6
	return out
}
