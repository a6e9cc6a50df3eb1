package coarse

import "bytes"

// part is a component within a scan.
type part struct {
	*component
	dcCodes, acCodes *codes
	quant            *[64]int
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
			p := part{c, d.dcCodes[dc], d.acCodes[ac], d.quant[c.table]}
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
	if d.segment == nil {
		d.segment = make([]byte, 0, len(d.data)-d.at+spare)
	}
	out := d.segment[:0]
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
		for _, c := range p.parts {
			c.component.dc = 0
		}
		p.run = 0
		b := &bits{buf: piece}
		next := min(units, done+each)
		if err := d.units(p, b, done, next, unitsX); err != nil {
			return err
		}
		if !b.ended() {
			return damaged("ends early")
		}
		done = next
	}
	return nil
}

// units reads the units from one to before another.
func (d *decoder) units(p *pass, b *bits, from, to, across int) error {
	for u := from; u < to; u++ {
		x, y := u%across, u/across
		if x == 0 && b.over {
			return damaged("ends early")
		}
		for i := range p.parts {
			c := &p.parts[i]
			h, v := int(c.h), int(c.v)
			if len(p.parts) == 1 {
				h, v = 1, 1
			}
			for by := y * v; by < (y+1)*v; by++ {
				for bx := x * h; bx < (x+1)*h; bx++ {
					good := false
					if d.progressive {
						good = d.band(p, c, b, by*c.stride+bx)
					} else {
						good = d.block(c, b, bx, by)
					}
					if !good {
						return damaged("a code that is none, in unit %d", u)
					}
				}
			}
		}
	}
	return nil
}

// block reads a block of a sequential picture (F.2.2) and makes its dots; false
// for a code that is none.
func (d *decoder) block(c *part, b *bits, bx, by int) bool {
	e := b.next(c.dcCodes)
	if e == 0 {
		return false
	}
	c.component.dc += magnitude(b.acc<<e.code(), e.size())
	b.skip(e.total())
	dc := c.component.dc * c.quant[0]
	flat := true
	acc, n, table := b.acc, b.n, c.acCodes
	k := 1
	for k < 64 {
		if n < 32 {
			b.acc, b.n = acc, n
			b.fill()
			acc, n = b.acc, b.n
		}
		// Behind the coefficients that are wanted several codes are passed over at
		// once, save at the end of the block: what follows may be the next one's.
		if k > d.last {
			if e := table.more[acc>>(64-lookup)]; e != 0 && k+e.advance()%blockEnd < 64 {
				k += e.advance()
				acc <<= e.total()
				n -= e.total()
				continue
			}
		}
		e := table.fast[acc>>(64-lookup)]
		if e == 0 {
			e = table.find(acc)
		}
		advance := e.advance()
		if advance == 0 {
			return false
		}
		k += advance
		if k-1 <= d.last {
			if at := places[d.dots][k-1]; at > 0 && e.size() > 0 {
				if flat {
					flat, d.low = false, [16]int{}
				}
				d.low[at] = magnitude(acc<<e.code(), e.size()) * c.quant[k-1]
			}
		}
		acc <<= e.total()
		n -= e.total()
	}
	b.acc, b.n = acc, n
	if k > 64 && k < blockEnd {
		return false
	}
	if flat {
		d.flat(c.component, bx, by, dc)
		return true
	}
	d.low[0] = dc
	d.inverse(c.component, bx, by, &d.low)
	return true
}
