package pagetext

import (
	"sort"
	"strings"
	"unicode/utf16"

	"antin/signer/pdffile/content"
)

// cmap is a CMap: how the bytes of a string are cut into codes, and what the
// codes mean, either characters (ToUnicode, 9.10.3) or CIDs (9.7.5).
type cmap struct {
	spaces  []codeSpace
	single  map[uint32]string // bfchar, and bfrange with an array
	ranges  []bfRange         // bfrange with one start value
	cids    []cidRange
	entries int
}

type codeSpace struct {
	bytes  int
	lo, hi uint32
}

type bfRange struct {
	lo, hi uint32
	text   []uint16 // of lo; the last unit counts up
}

type cidRange struct {
	lo, hi uint32
	cid    int
}

// maxEntries bounds the entries of one CMap. A font has at most 65,536 codes of
// two bytes; ranges are kept as ranges.
const maxEntries = 1 << 17

// parseCMap reads an embedded CMap. Damaged parts are skipped.
func parseCMap(b []byte) *cmap {
	m := &cmap{single: map[uint32]string{}}
	l := content.NewLexer(b)
	var pending []content.Operand
	for {
		o, ok := l.Next()
		if !ok || m.entries > maxEntries {
			break
		}
		if o.Kind != content.Keyword {
			if len(pending) < maxItems {
				pending = append(pending, o)
			}
			continue
		}
		switch string(o.Text) {
		case "endcodespacerange":
			for p := pending; len(p) >= 2; p = p[2:] {
				if p[0].Kind == content.String && p[1].Kind == content.String && len(p[0].Text) > 0 && len(p[0].Text) <= 4 && len(m.spaces) < 256 {
					m.spaces = append(m.spaces, codeSpace{len(p[0].Text), code(p[0].Text), code(p[1].Text)})
				}
			}
		case "endbfchar":
			for p := pending; len(p) >= 2; p = p[2:] {
				if p[0].Kind == content.String && p[1].Kind == content.String {
					m.entries++
					m.single[code(p[0].Text)] = text16(p[1].Text)
				}
			}
		case "endbfrange":
			for p := pending; len(p) >= 3; p = p[3:] {
				m.bfRange(p[0], p[1], p[2])
			}
		case "endcidrange":
			for p := pending; len(p) >= 3; p = p[3:] {
				if p[0].Kind == content.String && p[1].Kind == content.String && p[2].Kind == content.Number {
					m.entries++
					m.cids = append(m.cids, cidRange{code(p[0].Text), code(p[1].Text), int(p[2].Num)})
				}
			}
		case "endcidchar":
			for p := pending; len(p) >= 2; p = p[2:] {
				if p[0].Kind == content.String && p[1].Kind == content.Number {
					m.entries++
					m.cids = append(m.cids, cidRange{code(p[0].Text), code(p[0].Text), int(p[1].Num)})
				}
			}
		}
		pending = pending[:0]
	}
	sort.SliceStable(m.ranges, func(i, j int) bool { return m.ranges[i].lo < m.ranges[j].lo })
	sort.SliceStable(m.cids, func(i, j int) bool { return m.cids[i].lo < m.cids[j].lo })
	return m
}

func (m *cmap) bfRange(from, to, value content.Operand) {
	if from.Kind != content.String || to.Kind != content.String {
		return
	}
	lo, hi := code(from.Text), code(to.Text)
	switch value.Kind {
	case content.String:
		m.entries++
		m.ranges = append(m.ranges, bfRange{lo, hi, units16(value.Text)})
	case content.Array:
		for i, v := range value.List {
			if c := lo + uint32(i); c <= hi && v.Kind == content.String {
				m.entries++
				m.single[c] = text16(v.Text)
			}
		}
	}
}

// unicode is the text of a code.
func (m *cmap) unicode(c uint32) (string, bool) {
	if s, ok := m.single[c]; ok {
		return s, s != ""
	}
	i := sort.Search(len(m.ranges), func(i int) bool { return m.ranges[i].lo > c }) - 1
	if i < 0 || c > m.ranges[i].hi || len(m.ranges[i].text) == 0 {
		return "", false
	}
	units := append([]uint16(nil), m.ranges[i].text...)
	units[len(units)-1] += uint16(c - m.ranges[i].lo)
	return string(utf16.Decode(units)), true
}

// cid is the CID of a code, 0 when the map has none.
func (m *cmap) cid(c uint32) int {
	i := sort.Search(len(m.cids), func(i int) bool { return m.cids[i].lo > c }) - 1
	if i < 0 || c > m.cids[i].hi {
		return 0
	}
	return m.cids[i].cid + int(c-m.cids[i].lo)
}

// cut takes the next code off a string: the shortest code space that holds it
// (9.7.6.2), else as many bytes as the shortest code space has.
func (m *cmap) cut(b []byte) (c uint32, n int) {
	shortest := 4
	for _, s := range m.spaces {
		shortest = min(shortest, s.bytes)
	}
	if len(m.spaces) == 0 {
		shortest = 2
	}
	for n = shortest; n <= 4 && n <= len(b); n++ {
		c = code(b[:n])
		for _, s := range m.spaces {
			if s.bytes == n && inSpace(c, s) {
				return c, n
			}
		}
	}
	n = min(shortest, len(b))
	return code(b[:n]), n
}

// inSpace compares byte by byte: a code space is a box, not an interval.
func inSpace(c uint32, s codeSpace) bool {
	for shift := 0; shift < s.bytes*8; shift += 8 {
		v, lo, hi := c>>shift&255, s.lo>>shift&255, s.hi>>shift&255
		if v < lo || v > hi {
			return false
		}
	}
	return true
}

func code(b []byte) uint32 {
	var c uint32
	for _, v := range b[:min(4, len(b))] {
		c = c<<8 | uint32(v)
	}
	return c
}

func units16(b []byte) []uint16 {
	if len(b) == 1 {
		return []uint16{uint16(b[0])}
	}
	var out []uint16
	for ; len(b) >= 2 && len(out) < 64; b = b[2:] {
		out = append(out, uint16(b[0])<<8|uint16(b[1]))
	}
	return out
}

func text16(b []byte) string {
	return strings.TrimRight(string(utf16.Decode(units16(b))), "\x00")
}
