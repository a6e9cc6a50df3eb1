package reader

import (
	"context"
	"errors"
	"math"

	"antin/signer/render"
)

// Pages are drawn at up to 300 dpi and 24 million pixels; when zoomed further the
// picture is stretched. The helper's limit is the same, kept a little away from.
const (
	mostDPI    = 300
	mostPixels = 23_000_000
)

// most is the largest resolution for a page, dpi.
func (r *Reader) most(page int) float64 {
	p := r.main.strip.sizes[page]
	dpi := math.Min(mostDPI, math.Sqrt(mostPixels/(p.W*p.H))*25.4)
	if limit, ok := r.limits[page]; ok {
		dpi = min(dpi, limit)
	}
	return dpi
}

// next is what should be drawn first: what is seen, its neighbours, thumbnails.
func (r *Reader) next() (d *desk, k key, ok bool) {
	for _, d := range []*desk{r.main, r.small} {
		if d.Visible() {
			if all := d.wanted(); len(all) > 0 {
				return d, all[0], true
			}
		}
	}
	return nil, key{}, false
}

// pump has the next piece drawn, one at a time: what is wanted may have changed
// when it is there.
func (r *Reader) pump() {
	if r.drawing || r.doc.Pages == 0 {
		return
	}
	d, k, ok := r.next()
	if !ok {
		return
	}
	r.drawing = true
	pages, generation, area := r.pages, r.generation, d.area(k)
	var p *render.Picture
	cancel := r.frame.Run(func(ctx context.Context) (err error) {
		p, err = pages.Draw(ctx, k.page+1, k.dpi, area)
		return err
	}, func(err error) {
		if generation != r.generation {
			return
		}
		r.drawing = false
		r.drawn(d, k, p, err)
		r.pump()
	})
	if generation == r.generation && r.drawing {
		r.cancel = cancel
	}
}

func (r *Reader) drawn(d *desk, k key, p *render.Picture, err error) {
	if tooLarge, ok := errors.AsType[*render.TooLargeError](err); ok && tooLarge.MaxDPI > 1 && tooLarge.MaxDPI < k.dpi {
		r.limits[k.page] = tooLarge.MaxDPI
		return
	}
	if err != nil {
		r.failures[k.page] = err
	} else {
		d.pieces.put(k, p)
		if !p.SignaturesShown && !r.bare[k.page] {
			r.bare[k.page] = true
			r.warn()
		}
	}
	r.main.arrange()
	if d == r.small {
		r.small.arrange()
	}
}

// failure is what stands on a page that cannot be drawn, "" on others.
func (r *Reader) failure(page int) string {
	err := r.failures[page]
	if err == nil {
		return ""
	}
	p := r.frame.Words.Explain(err)
	return r.frame.Text("reader.page-failed", page+1, p.What, p.Code)
}

// Drawn tells whether everything that is seen of the document is there.
func (r *Reader) Drawn() bool {
	if r.doc.Pages == 0 || r.drawing {
		return false
	}
	_, _, more := r.next()
	return !more
}
