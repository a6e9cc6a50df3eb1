package coarse

// blocks reads so many units of a sequential picture (F.2.2) and makes their dots.
//
// Half of the time that a page takes is spent here: what the bits are kept in are
// variables of one function, and nothing is asked twice for each code.
func (d *decoder) blocks(w *walk, b *bits, units int) error {
	buf, at, acc, n := b.buf, b.at, b.acc, b.n
	last, where := d.last, &places[d.dots]
	for range units {
		for i := range w.slots {
			s := &w.slots[i]
			if at > len(buf)-spare+8 {
				return damaged("ends early")
			}
			at, acc, n = filled(buf, at, acc, n)
			e := s.dcCodes.fast[acc>>(64-lookup)]
			if e == 0 {
				if e = s.dcCodes.find(acc); e == 0 {
					return damaged("a code that is none")
				}
			}
			s.dc += magnitude(acc<<e.code(), e.size())
			acc <<= e.total()
			n -= e.total()
			dc, flat, table := s.dc*s.quant[0], true, s.acCodes
			k := 1
			for k <= last {
				e := table.fast[acc>>(64-lookup)]
				if e == 0 {
					e = table.find(acc)
				}
				if e.advance() == 0 {
					return damaged("a code that is none")
				}
				if k += e.advance(); k-1 <= last && e.size() > 0 {
					if to := where[k-1]; to > 0 {
						if flat {
							flat, d.low = false, [16]int{}
						}
						d.low[to] = magnitude(acc<<e.code(), e.size()) * s.quant[k-1]
					}
				}
				acc <<= e.total()
				if n -= e.total(); n < 32 {
					at, acc, n = filled(buf, at, acc, n)
				}
			}
			// What is not wanted is passed over, several codes at once; save at the end of
			// the block, where the next one's could be among them.
			for k < 64 {
				if n < 32 {
					at, acc, n = filled(buf, at, acc, n)
				}
				e := entry(table.more[acc>>(64-ahead)])
				if e == 0 || k+e.advance()%blockEnd >= 64 {
					if e = table.fast[acc>>(64-lookup)]; e == 0 {
						e = table.find(acc)
					}
					if e.advance() == 0 {
						return damaged("a code that is none")
					}
				}
				k += e.advance()
				acc <<= e.total()
				n -= e.total()
			}
			if k > 64 && k < blockEnd {
				return damaged("more coefficients than a block has")
			}
			if pix, stride := s.pix[s.next():], s.stride*d.dots; !flat {
				d.low[0] = dc
				d.inverse(pix, stride, &d.low)
			} else if d.dots == 2 {
				v, lower := shade(dc, 3), pix[stride:]
				pix[0], pix[1], lower[0], lower[1] = v, v, v, v
			} else {
				d.flat(pix, stride, dc)
			}
		}
		w.advance()
	}
	b.at, b.acc, b.n = at, acc, n
	return nil
}
