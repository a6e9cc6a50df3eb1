package scan

import (
	"context"
	"math"

	"antin/signer/pdffile"
)

// carrying tells whether masks hold the text of a layered scan.
type carrying int

const (
	carried carrying = iota
	notCarried
	unknown // the masks can be neither read nor drawn
)

// enoughInk is the part of the page's ink that masks must have to be what
// carries its text. A coloured seal or a picture stays in the background.
const enoughInk = 0.6

// maskCarriesText compares the ink of the masks with that of the page.
func (c *check) maskCarriesText(ctx context.Context, s *sheaf, v *view) carrying {
	inked := make([]bool, len(v.ink.cells))
	var rest []placed // whose masks are not read here
	for _, p := range s.all {
		if m := p.cover(); m != nil && !m.mark(c.file, p, v, inked) {
			rest = append(rest, p)
		}
	}
	unread := false
	if len(rest) > 0 {
		drawn, err := c.drawMasks(ctx, rest, s.w, s.h)
		if unread = err != nil || len(drawn.cells) != len(inked); !unread {
			for i, ink := range drawn.cells {
				inked[i] = inked[i] || ink > 0
			}
		}
	}
	dark, both := 0, 0
	for i, c := range v.ink.cells {
		if c > 0 {
			dark++
			if inked[i] {
				both++
			}
		}
	}
	switch {
	case dark == 0 || float64(both) >= enoughInk*float64(dark):
		return carried
	case unread:
		return unknown
	}
	return notCarried
}

// maxMask bounds the samples of a mask that is looked at.
const maxMask = 256 << 20

// cover is the mask that a picture is, or has; nil for none.
func (p placed) cover() *picture {
	if p.stencil {
		return p.picture
	}
	return p.mask
}

// mark notes the cells of the page that the mask paints; false when it cannot
// be read. JBIG2 and the kinds of JPEG are not.
func (m *picture) mark(f *pdffile.File, at placed, v *view, inked []bool) bool {
	if m.codec == "JBIG2Decode" || m.codec == "DCTDecode" || m.codec == "JPXDecode" || m.num == 0 || m.w*m.h > maxMask || m.bits != 1 && m.bits != 8 {
		return false
	}
	data, err := f.Decode(m.stream)
	stride := (m.w*m.bits + 7) / 8
	if err != nil || len(data) < stride*m.h {
		return false
	}
	// 8.9.6.2: a 0 paints unless Decode is [1 0]; of an explicit mask a 0 shows
	// the picture (8.9.6.3); a soft mask is opaque where it is 1 (11.6.5.3).
	paints := byte(0)
	if m.bits == 8 || !m.stencil {
		paints = 1
	}
	if d := f.Array(m.stream.Dict["Decode"]); len(d) == 2 {
		if first, _ := f.Number(d[0]); first == 1 {
			paints = 1 - paints
		}
	}
	// A few samples in each cell find the strokes of letters.
	const fine = 6
	mx := at.image.Matrix
	det := mx[0]*mx[3] - mx[1]*mx[2]
	if math.Abs(det) < 1e-9 {
		return false
	}
	for i := range inked {
		cx, cy := i%v.ink.cols, i/v.ink.cols
		for k := range fine * fine {
			x := (float64(cx) + (float64(k%fine)+0.5)/fine) * v.ink.mmX
			y := (float64(cy) + (float64(k/fine)+0.5)/fine) * v.ink.mmY
			dx, dy := x-mx[4], y-mx[5]
			u, w := (dx*mx[3]-dy*mx[2])/det, (dy*mx[0]-dx*mx[1])/det
			px, py := int(u*float64(m.w)), int((1-w)*float64(m.h))
			if u < 0 || w < 0 || px < 0 || py < 0 || px >= m.w || py >= m.h {
				continue
			}
			var bit byte
			if m.bits == 1 {
				bit = data[py*stride+px/8] >> (7 - px%8) & 1
			} else {
				bit = data[py*stride+px] >> 7
			}
			if bit == paints {
				inked[i] = true
				break
			}
		}
	}
	return true
}
