package signer

import (
	"context"

	"antin/signer/pdffile"
	"antin/signer/render"
)

// Resolution and grain of Differences: a letter of 10 pt is 14 dots high at
// 100 dpi, and what lies within 3 mm of each other is one place.
const (
	differencesDPI  = 100
	differencesCell = 12 // dots
)

// Differences are the places where page n (from 1) of the document at path looks
// other than it did when the document ended at the byte end, in mm on the page as
// seen. A page whose size changed is one place.
func Differences(ctx context.Context, path, password string, end int64, n int) ([]pdffile.Box, error) {
	then, err := page(ctx, render.Source{Path: path, Password: []byte(password), End: end}, n)
	if err != nil {
		return nil, err
	}
	now, err := page(ctx, render.Source{Path: path, Password: []byte(password)}, n)
	if err != nil {
		return nil, err
	}
	const mm = 25.4 / differencesDPI
	size := now.Bounds()
	if size != then.Bounds() {
		return []pdffile.Box{{W: float64(size.Dx()) * mm, H: float64(size.Dy()) * mm}}, nil
	}
	var boxes []pdffile.Box
	for _, b := range patches(then, now) {
		boxes = append(boxes, pdffile.Box{X: float64(b.x0) * mm, Y: float64(b.y0) * mm, W: float64(b.x1-b.x0) * mm, H: float64(b.y1-b.y0) * mm})
	}
	return boxes, nil
}

func page(ctx context.Context, s render.Source, n int) (*render.Picture, error) {
	var r render.Renderer
	defer r.Close()
	if _, err := r.OpenSource(ctx, s); err != nil {
		return nil, err
	}
	return r.Page(ctx, n, differencesDPI)
}

// patch is a rectangle of dots, the far edges outside.
type patch struct{ x0, y0, x1, y1 int }

// patches are rectangles around the dots that differ; those in cells that touch
// are one.
func patches(a, b *render.Picture) []patch {
	w, h := a.Bounds().Dx(), a.Bounds().Dy()
	columns, lines := (w+differencesCell-1)/differencesCell, (h+differencesCell-1)/differencesCell
	cells := make([]*patch, columns*lines)
	for y := range h {
		for x := range w {
			i := a.PixOffset(x, y)
			if [3]byte(a.Pix[i:]) == [3]byte(b.Pix[i:]) {
				continue
			}
			c := &cells[y/differencesCell*columns+x/differencesCell]
			if *c == nil {
				*c = &patch{x, y, x, y}
			}
			(*c).take(patch{x, y, x + 1, y + 1})
		}
	}
	var out []patch
	for i := range cells {
		if cells[i] == nil {
			continue
		}
		whole, todo := *cells[i], []int{i}
		cells[i] = nil
		for len(todo) > 0 {
			at := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for y := max(at/columns-1, 0); y <= min(at/columns+1, lines-1); y++ {
				for x := max(at%columns-1, 0); x <= min(at%columns+1, columns-1); x++ {
					if c := cells[y*columns+x]; c != nil {
						whole.take(*c)
						cells[y*columns+x] = nil
						todo = append(todo, y*columns+x)
					}
				}
			}
		}
		out = append(out, whole)
	}
	return out
}

func (p *patch) take(q patch) {
	p.x0, p.y0, p.x1, p.y1 = min(p.x0, q.x0), min(p.y0, q.y0), max(p.x1, q.x1), max(p.y1, q.y1)
}
