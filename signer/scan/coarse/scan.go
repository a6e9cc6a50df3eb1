package coarse

import (
	"bytes"
	"slices"
)

// part is a component within a scan.
type part struct {
	*component
	dcCodes, acCodes *codes
	quant            *[64]int
	dc               int // prediction (F.1.1.5.1)
}

// pass is a scan (B.2.3): which coefficients it gives (from, to), and which bits
// of them (high, low; G.1.1.1).
type pass struct {
	parts    []part
	from, to int
	high     int
	low      int
	run      int // blocks still to come of a run of ends (G.1.2.2)
}

// scan reads a scan header and the entropy-coded data behind it.
func (d *decoder) scan(s []byte) error {
	if d.all == nil {
		return damaged("a scan before the frame")
	}
	if d.scans++; d.scans > maxScans {
		return kind("more than %d scans", maxScans)
	}
	if len(s) < 1 || s[0] < 1 || int(s[0]) > len(d.all) || len(s) != 4+2*int(s[0]) {
		return damaged("a scan header of %d bytes", len(s))
	}
	var p pass
	for c := s[1 : len(s)-3]; len(c) > 0; c = c[2:] {
		n, err := d.part(c[0], c[1]>>4, c[1]&15)
		if err != nil {
			return err
		}
		for _, o := range p.parts {
			if o.component == n.component {
				return damaged("component %d twice in a scan", n.id)
			}
		}
		p.parts = append(p.parts, n)
	}
	tail := s[len(s)-3:]
	p.from, p.to, p.high, p.low = int(tail[0]), int(tail[1]), int(tail[2]>>4), int(tail[2]&15)
	if err := d.order(&p); err != nil {
		return err
	}
	if d.progressive && p.from > 0 && d.dots == 1 {
		return d.pass()
	}
	return d.entropy(&p)
}

func (d *decoder) part(id, dc, ac byte) (part, error) {
	if dc > 3 || ac > 3 {
		return part{}, damaged("tables %d and %d", dc, ac)
	}
	for i := range d.all {
		if c := &d.all[i]; c.id == id {
			p := part{c, d.dcCodes[dc], d.acCodes[ac], d.quant[c.table], 0}
			if p.quant == nil {
				return part{}, damaged("no quantization table %d", c.table)
			}
			return p, nil
		}
	}
	return part{}, damaged("no component %d", id)
}

// order checks that a scan fits to those before it, and that its tables are
// there. Sequential pictures have each component once; progressive ones give
// each coefficient's high bits first, then one bit after the other (G.1.1.1).
func (d *decoder) order(p *pass) error {
	for _, c := range p.parts {
		switch {
		case !d.progressive && (c.seen || p.from != 0 || p.to != 63 || p.high != 0 || p.low != 0):
			return damaged("a scan for coefficients %d to %d, bits %d to %d", p.from, p.to, p.high, p.low)
		case p.from == 0 && p.high == 0 && c.dcCodes == nil, (p.from > 0 || !d.progressive) && c.acCodes == nil:
			return damaged("a scan without its Huffman table")
		}
		c.seen = true
	}
	if !d.progressive {
		return nil
	}
	if p.to > 63 || p.from > p.to || (p.from == 0) != (p.to == 0) || p.from > 0 && len(p.parts) > 1 || p.low > 13 || p.high > 0 && p.high != p.low+1 {
		return damaged("a scan for coefficients %d to %d, bits %d to %d", p.from, p.to, p.high, p.low)
	}
	for _, c := range p.parts {
		for k := p.from; k <= p.to; k++ {
			want := int8(0)
			if p.high > 0 {
				want = 1 + int8(p.high)
			}
			if c.known[k] != want {
				return damaged("scans of coefficient %d out of order", k)
			}
			c.known[k] = 1 + int8(p.low)
		}
	}
	return nil
}

// pass goes over entropy-coded data to the marker behind it.
func (d *decoder) pass() error {
	for {
		i := bytes.IndexByte(d.data[d.at:], 0xFF)
		if i < 0 || d.at+i+1 >= len(d.data) {
			return damaged("ends early")
		}
		d.at += i
		if m := d.data[d.at+1]; m != 0 && (m < rst0 || m > rst7) {
			return nil
		}
		d.at += 2
	}
}

// piece takes the entropy-coded data up to the next marker, without the zeros
// that are stuffed behind 0xFF (B.1.1.5).
func (d *decoder) piece() ([]byte, error) {
	out := slices.Grow(d.segment[:0], len(d.data)-d.at+spare)
	for {
		rest := d.data[d.at:]
		i := bytes.IndexByte(rest, 0xFF)
		if i < 0 || i+1 >= len(rest) {
			return nil, damaged("ends early")
		}
		if rest[i+1] != 0 {
			d.at += i
			d.segment = append(append(out, rest[:i]...), make([]byte, spare)...)
			return d.segment, nil
		}
		out = append(out, rest[:i+1]...)
		d.at += i + 2
	}
}

// entropy reads the units of a scan (A.2), one restart interval after the other
// (E.1.4).
func (d *decoder) entropy(p *pass) error {
	unitsX, unitsY := d.unitsX, d.unitsY
	if len(p.parts) == 1 { // not interleaved
		unitsX, unitsY = p.parts[0].across, p.parts[0].down
	}
	w := p.walk(unitsX, d.dots)
	if d.progressive { // whose blocks' coefficients stand together
		w = p.walk(unitsX, 1)
	}
	units, each := unitsX*unitsY, d.restart
	if each == 0 {
		each = units
	}
	for done, turn := 0, byte(0); done < units; turn++ {
		if done > 0 {
			if m, err := d.marker(); err != nil || m != rst0+(turn-1)&7 {
				return damaged("no restart marker before unit %d", done)
			}
		}
		piece, err := d.piece()
		if err != nil {
			return err
		}
		for i := range p.parts {
			p.parts[i].dc = 0
		}
		p.run = 0
		b := &bits{buf: piece}
		n := min(units-done, each)
		if d.progressive {
			err = d.bands(p, w, b, n)
		} else {
			err = d.blocks(w, b, n)
		}
		if err != nil {
			return err
		}
		if !b.ended() {
			return damaged("ends early")
		}
		done += n
	}
	return nil
}

// walk goes over the blocks of a scan, unit by unit (A.2).
type walk struct {
	slots     []slot
	x, across int // which unit of a row, and units in a row
}

// slot is one of the blocks of a unit.
type slot struct {
	*part
	at, step, turn int // index of what belongs to the block; what leads to the next unit, and what more to the next row
}

// walk begins at the first unit of a scan with so many in a row. What belongs to a
// block is n × n values in rows of the whole component.
func (p *pass) walk(across, n int) *walk {
	w := &walk{across: across}
	for i := range p.parts {
		c := &p.parts[i]
		h, v := int(c.h), int(c.v)
		if len(p.parts) == 1 {
			h, v = 1, 1
		}
		row := c.stride * n * n
		for y := range v {
			for x := range h {
				w.slots = append(w.slots, slot{c, y*row + x*n, h * n, v*row - across*h*n})
			}
		}
	}
	return w
}

// next is the index for the block of a unit.
func (s *slot) next() int {
	at := s.at
	s.at += s.step
	return at
}

// advance ends a unit.
func (w *walk) advance() {
	if w.x++; w.x == w.across {
		w.x = 0
		for i := range w.slots {
			w.slots[i].at += w.slots[i].turn
		}
	}
}
