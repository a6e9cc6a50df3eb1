package scan

import (
	"cmp"
	"context"
	"math"
	"slices"

	"antin/signer/pagetext"
	"antin/signer/pdffile"
)

// largeShare is the part of a page from which on a picture counts: smaller ones
// are logos, stamps or bar codes that a program put there.
const largeShare = 0.05

// sheaf is the pictures of one page.
type sheaf struct {
	w, h   float64 // of the page, mm
	all    []placed
	broken int // pictures whose dictionary cannot be right
}

func sheafOf(f *pdffile.File, t *pagetext.Text) *sheaf {
	s := &sheaf{w: t.W, h: t.H}
	known := map[pdffile.Ref]*picture{}
	for _, i := range t.Images {
		p, ok := known[i.Ref]
		if !ok || i.Inline {
			if p, ok = pictureOf(f, i); !ok {
				s.broken++
				continue
			}
			known[i.Ref] = p
		}
		if p.stencil && i.White {
			continue // paper painted on paper
		}
		if pl, ok := place(p, i, t.W, t.H); ok {
			s.all = append(s.all, pl)
		}
	}
	return s
}

// share is the part of the page that pictures cover. Layers above each other
// count once, as far as their rectangles are the same.
func (s *sheaf) share() float64 {
	const cells = 50
	var covered [cells * cells]bool
	for _, p := range s.all {
		b := p.image.Box()
		x0, x1 := cellsOf(b.X, b.X+b.W, s.w, cells)
		y0, y1 := cellsOf(b.Y, b.Y+b.H, s.h, cells)
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				covered[y*cells+x] = true
			}
		}
	}
	n := 0
	for _, c := range covered {
		if c {
			n++
		}
	}
	return float64(n) / (cells * cells)
}

func cellsOf(from, to, length float64, cells int) (int, int) {
	at := func(v float64) int { return int(math.Round(max(0, min(1, v/length)) * float64(cells))) }
	return at(from), at(to)
}

// layers groups the pictures by resolution, so that strips and tiles count
// together, and lists the groups with the largest share first.
func (s *sheaf) layers() []Layer {
	var out []Layer
	add := func(l Layer) {
		for i := range out {
			o := &out[i]
			if o.Codec == l.Codec && o.Mask == l.Mask && o.Bits == l.Bits && math.Abs(o.DPI-l.DPI) <= 0.02*o.DPI {
				// The mean weighted by area evens out rounded places of thin strips.
				o.DPI = (o.DPI*o.Share + l.DPI*l.Share) / (o.Share + l.Share)
				o.Share, o.Images = o.Share+l.Share, o.Images+1
				return
			}
		}
		out = append(out, l)
	}
	for _, p := range s.all {
		add(Layer{Codec: p.codec, Images: 1, DPI: p.dpi, Bits: p.perPixel(), Mask: p.stencil, Share: p.share})
		if m := p.mask; m != nil {
			w, h := p.image.Size()
			add(Layer{Codec: m.codec, Images: 1, DPI: resolution(m, w, h), Bits: m.bits, Mask: true, Share: p.share})
		}
	}
	for i := range out {
		out[i].Share = math.Min(1, out[i].Share)
	}
	slices.SortStableFunc(out, func(a, b Layer) int { return cmp.Compare(b.Share, a.Share) })
	return out
}

// deciding are the layers that count for resolution: those that cover more than
// largeShare of the page, or all when none does.
func deciding(all []Layer) []Layer {
	large := slices.DeleteFunc(slices.Clone(all), func(l Layer) bool { return l.Share <= largeShare })
	if len(large) == 0 {
		return all
	}
	return large
}

func coarsest(all []Layer) float64 {
	dpi := math.Inf(1)
	for _, l := range all {
		dpi = math.Min(dpi, l.DPI)
	}
	if math.IsInf(dpi, 1) {
		return 0
	}
	return dpi
}

// dpi is the resolution of the page. In a layered scan (MRC: the text as a fine
// mask over a coarse picture of the paper) the masks decide, if they carry the
// text; sure is false when that cannot be told.
func (c *check) dpi(ctx context.Context, s *sheaf, all []Layer, v *view) (dpi float64, sure bool) {
	large := deciding(all)
	masks := slices.DeleteFunc(slices.Clone(large), func(l Layer) bool { return !l.Mask })
	if len(masks) == 0 || len(masks) == len(large) {
		return coarsest(large), true
	}
	fine, coarse := coarsest(masks), coarsest(large)
	if fine <= coarse {
		return coarse, true
	}
	switch c.maskCarriesText(ctx, s, v) {
	case carried:
		return fine, true
	case notCarried:
		return coarse, true
	}
	return coarse, false
}
