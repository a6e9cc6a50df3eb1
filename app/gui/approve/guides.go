package approve

import (
	"context"
	"slices"

	"antin/app/gui/place/boxes"
	"antin/signer"
	"antin/signer/layout"
	"antin/signer/pagetext"
	"antin/signer/pdffile"
)

// guides are the lines that the signature snaps to.
func guides(b *boxes.Board, p *signer.Plan) []boxes.Guide {
	var out []boxes.Guide
	for n := range b.Pages() {
		out = append(out, b.Margins(n+1, 20, 20, 30, 20)...) // NĐ 30/2020, Phụ lục I: 20–25, 20–25, 30–35, 15–20 mm
	}
	if p == nil {
		return out
	}
	if p.Found != nil {
		for _, x := range append(append([]layout.Block{}, p.Found.Blocks...), p.Found.Others...) {
			out = append(
				out,
				boxes.Guide{Page: x.Page, Kind: boxes.Axis, Vertical: true, At: x.Free.X + x.Free.W/2},
				boxes.Guide{Page: x.Page, Kind: boxes.Middle, At: x.Free.Y + x.Free.H/2},
				boxes.Guide{Page: x.Page, Kind: boxes.Baseline, At: x.Free.Y + x.Free.H},
			)
		}
	}
	if p.Before != nil {
		for _, sig := range p.Before.Signatures {
			if sig.Page > 0 && sig.Box.W > 0 {
				out = append(out, boxes.Around(boxes.Box{Page: sig.Page, Box: sig.Box})...)
			}
		}
	}
	return out
}

// baselines are the lines of text on the pages where the signature may go. It reads
// the document: call it beside the user interface. Without them a signature snaps
// to less; that is no trouble worth a word.
func (s *Screen) baselines(ctx context.Context, c signer.Common, p *signer.Plan) []boxes.Guide {
	var pages []int
	if m, ok := p.Mark(signer.SignaturePart); ok && m.Page > 0 {
		pages = append(pages, m.Page)
	}
	if p.Found != nil {
		for _, b := range p.Found.Blocks {
			pages = append(pages, b.Page)
		}
	}
	slices.Sort(pages)
	var out []boxes.Guide
	for _, page := range slices.Compact(pages) {
		text, err := s.use.Text(ctx, c.Source, c.Password, page)
		if err != nil {
			continue
		}
		for _, line := range text.Lines {
			if line.Horizontal() {
				out = append(out, boxes.Guide{Page: page, Kind: boxes.Baseline, At: line.Baseline})
			}
		}
	}
	return out
}

// readPage reads one page of a file.
func readPage(ctx context.Context, path, password string, page int) (*pagetext.Text, error) {
	f, err := pdffile.Open(path, pdffile.Options{Password: password})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return pagetext.Page(ctx, f, page)
}
