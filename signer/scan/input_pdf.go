package scan

import (
	"fmt"

	"antin/signer/pdffile"
)

// pdfInput is a PDF, whose pages are copied with their streams as they are.
type pdfInput struct {
	source File
	file   *pdffile.File
	pages  []pdffile.Page

	to       *pdffile.Document
	importer *pdffile.Importer
}

func openPDF(s File) (input, error) {
	f, err := pdffile.Open(s.Path, pdffile.Options{Password: s.Password})
	if err != nil {
		return nil, err
	}
	p := &pdfInput{source: s, file: f}
	if err := p.check(); err != nil {
		f.Close() // nothing was written
		return nil, err
	}
	return p, nil
}

func (p *pdfInput) check() error {
	signatures, err := p.file.Signatures()
	if err != nil {
		return err
	}
	if len(signatures) > 0 {
		return ErrInputSigned
	}
	// Layers that are off would appear without the document's own list of them.
	if catalog, _ := p.file.Catalog(); catalog["OCProperties"] != nil {
		return fmt.Errorf("%w: a PDF with optional layers", ErrInputKind)
	}
	p.pages, err = p.file.Pages()
	return err
}

func (p *pdfInput) leaves() []Leaf {
	out := make([]Leaf, len(p.pages))
	for i, page := range p.pages {
		w, h := page.Size()
		out[i] = Leaf{File: p.source, Page: i + 1, Format: PDF, Width: w, Height: h, Lossless: true, Annotations: len(p.file.Array(page.Dict["Annots"]))}
	}
	return out
}

func (p *pdfInput) Close() error { return p.file.Close() }

func (p *pdfInput) put(d *pdffile.Document, n int) (pdffile.Dict, error) {
	if p.to != d {
		p.to, p.importer = d, d.Import(p.file)
	}
	page := p.pages[n-1]
	out := pdffile.Dict{"Type": pdffile.Name("Page"), "MediaBox": page.Crop.Array(), "Rotate": page.Rotate}
	if page.UserUnit != 1 {
		out["UserUnit"] = page.UserUnit
	}
	for _, key := range []pdffile.Name{"Contents", "Group", "Resources"} {
		o := page.Dict[key]
		if key == "Resources" {
			o = page.Resources
		}
		v, err := p.importer.Copy(o)
		if err != nil {
			return nil, err
		}
		out[key] = v
	}
	return out, nil
}
