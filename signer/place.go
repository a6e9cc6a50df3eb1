package signer

import (
	"fmt"
	"os"

	"antin/signer/appearance"
	"antin/signer/pdffile"
)

// Preset sizes in mm: the law does not fix the size of a signature image; these
// fit between chức vụ and họ tên on a usual page.
const (
	signatureWidth, signatureHeight = 45, 18
	initialsWidth, initialsHeight   = 18, 9
)

// presetPlace is where a signature goes when nothing else is known: the right
// half of the last page, below its middle, where a signing block usually ends.
// Initials stand left of it.
func presetPlace(f *pdffile.File, initials bool) (Place, error) {
	ps, err := f.Pages()
	if err != nil {
		return Place{}, err
	}
	page := ps[len(ps)-1]
	w, h := page.Size()
	const right, column = 20.0, 80.0 // margin and width of the signing block
	b := pdffile.Box{W: signatureWidth, H: signatureHeight}
	if initials {
		b.W, b.H = initialsWidth, initialsHeight
	}
	scale := min(1, w/210) // small pages get a small box
	b.W, b.H = b.W*scale, b.H*scale
	b.X = max(0, w-(right+column/2)*scale-b.W/2)
	if initials {
		b.X = max(0, w-(right+column)*scale-b.W)
	}
	b.Y = min(h*0.68, h-b.H)
	return Place{page.Number, b}, nil
}

// fitted shrinks a box to the aspect ratio of the picture in its middle, so that
// the widget is as large as what is seen: the seal is placed by it later.
func fitted(b pdffile.Box, p *appearance.Picture) pdffile.Box {
	pw, ph := p.Pixels()
	aspect := float64(pw) / float64(ph)
	w, h := b.W, b.H
	if w/h > aspect {
		w = h * aspect
	} else {
		h = w / aspect
	}
	return pdffile.Box{X: b.X + (b.W-w)/2, Y: b.Y + (b.H-h)/2, W: w, H: h}
}

// sealPlace puts a seal of the given diameter over a share of the signature image
// on its left (NĐ 30/2020, Điều 33 and Phụ lục I: about one third), kept on the
// page.
func sealPlace(signature Place, diameter, share float64, page pdffile.Page) Place {
	w, h := page.Size()
	b := pdffile.Box{
		X: signature.X + signature.W*share - diameter,
		Y: signature.Y + signature.H/2 - diameter/2,
		W: diameter, H: diameter,
	}
	b.X = max(0, min(b.X, w-diameter))
	b.Y = max(0, min(b.Y, h-diameter))
	return Place{signature.Page, b}
}

// picture reads a PNG or JPEG file.
func picture(path string) (*appearance.Picture, error) {
	if path == "" {
		return nil, ErrNoPicture
	}
	h, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoPicture, err)
	}
	defer h.Close()
	p, err := appearance.DecodePicture(h)
	if err != nil {
		return nil, fmt.Errorf("picture %q: %w", path, err)
	}
	return p, nil
}
