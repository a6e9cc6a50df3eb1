package coarse

// bands reads so many units of a progressive picture.
func (d *decoder) bands(p *pass, w *walk, b *bits, units int) error {
	for range units {
		if w.x == 0 && b.over {
			return damaged("ends early")
		}
		for i := range w.slots {
			if s := &w.slots[i]; !d.band(p, s.part, b, s.next()) {
				return damaged("a code that is none")
			}
		}
		w.advance()
	}
	return nil
}

// band reads what a scan of a progressive picture says of a block (G.1.2, G.2);
// false for a code that is none.
func (d *decoder) band(p *pass, c *part, b *bits, block int) bool {
	coef := c.coef[block*d.dots*d.dots:][:d.dots*d.dots]
	switch {
	case p.from == 0 && p.high == 0:
		e := b.next(c.dcCodes)
		if e == 0 {
			return false
		}
		c.dc += magnitude(b.acc<<e.code(), e.size())
		b.skip(e.total())
		coef[0] = int16(c.dc << p.low)
		return true
	case p.from == 0:
		coef[0] |= int16(b.take(1) << p.low)
		return true
	case p.high == 0:
		return d.firstBits(p, c, b, coef, &c.nonzero[block])
	}
	return d.nextBit(p, c, b, coef, &c.nonzero[block])
}

// ends starts a run of blocks that have nothing more in this band (G.1.2.2).
func (p *pass) ends(e entry, b *bits) {
	p.run = 1<<e.run() + b.take(uint(e.run()))
}

// firstBits reads the high bits of a band (G.1.2.2). nonzero notes the
// coefficients that have some.
func (d *decoder) firstBits(p *pass, c *part, b *bits, coef []int16, nonzero *uint64) bool {
	if p.run > 0 {
		p.run--
		return true
	}
	for k := p.from; k <= p.to; k++ {
		e := b.next(c.acCodes)
		if e == 0 {
			return false
		}
		if e.size() == 0 && e.run() < 15 {
			b.skip(e.code())
			p.ends(e, b)
			p.run--
			return true
		}
		if k += e.run(); k > p.to {
			return false
		}
		if e.size() > 0 {
			*nonzero |= 1 << k
			if at, wanted := d.place(k); wanted {
				coef[at] = int16(magnitude(b.acc<<e.code(), e.size()) << p.low)
			}
		}
		b.skip(e.total())
	}
	return true
}

// nextBit reads one more bit of a band (G.1.2.3): of the coefficients that have
// some already as they come, and those that begin with this bit.
func (d *decoder) nextBit(p *pass, c *part, b *bits, coef []int16, nonzero *uint64) bool {
	k := p.from
	for p.run == 0 && k <= p.to {
		e := b.next(c.acCodes)
		if e == 0 || e.size() > 1 {
			return false
		}
		b.skip(e.code())
		if e.size() == 0 && e.run() < 15 {
			p.ends(e, b)
			break
		}
		begins := int16(0)
		if e.size() == 1 {
			if begins = -1 << p.low; b.take(1) == 1 {
				begins = 1 << p.low
			}
		}
		for zeros := e.run(); k <= p.to; k++ {
			if *nonzero>>k&1 == 1 {
				d.correct(p, b, coef, k)
				continue
			}
			if zeros--; zeros < 0 {
				break
			}
		}
		if begins != 0 {
			if k > p.to {
				return false
			}
			*nonzero |= 1 << k
			if at, wanted := d.place(k); wanted {
				coef[at] = begins
			}
		}
		k++
	}
	if p.run > 0 {
		if *nonzero>>k != 0 {
			for ; k <= p.to; k++ {
				if *nonzero>>k&1 == 1 {
					d.correct(p, b, coef, k)
				}
			}
		}
		p.run--
	}
	return true
}

// correct adds one more bit to a coefficient.
func (d *decoder) correct(p *pass, b *bits, coef []int16, k int) {
	if b.take(1) == 0 {
		return
	}
	if at, wanted := d.place(k); wanted {
		if coef[at] < 0 {
			coef[at] -= 1 << p.low
		} else {
			coef[at] += 1 << p.low
		}
	}
}

// place is where the coefficient of that index stands among the wanted ones.
func (d *decoder) place(k int) (at int, wanted bool) {
	if k > d.last {
		return 0, false
	}
	at = places[d.dots][k]
	return at, at > 0
}

// render makes the dots of a progressive picture.
func (d *decoder) render() error {
	for i := range d.all {
		c := &d.all[i]
		for k := range d.last + 1 {
			if done := c.known[k]; done != 1 && (k == 0 || done != 0) {
				return damaged("coefficient %d is not complete", k)
			}
		}
		quant, n := d.quant[c.table], d.dots*d.dots
		for by := range c.height {
			for bx := range c.stride {
				coef := c.coef[(by*c.stride+bx)*n:][:n]
				var low [16]int
				for k := range d.last + 1 {
					if at, wanted := d.place(k); wanted || k == 0 {
						low[at] = int(coef[at]) * quant[k]
					}
				}
				d.inverse(c.pix[(by*c.stride*d.dots+bx)*d.dots:], c.stride*d.dots, &low)
			}
		}
	}
	return nil
}
