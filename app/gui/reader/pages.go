package reader

import (
	"context"
	"errors"
	"image"
	"sync"

	"antin/signer/pagetext"
	"antin/signer/pdffile"
	"antin/signer/render"
)

// Pages is one document as the reader needs it. Its methods are called beside the
// user interface, Draw and Text perhaps at the same time; pages count from 1.
type Pages interface {
	// Open opens the document and measures its pages; see render.Renderer.
	Open(ctx context.Context, s render.Source) (render.Document, []render.Size, error)
	// Draw draws a part of a page; see render.Renderer.Region.
	Draw(ctx context.Context, page int, dpi float64, area image.Rectangle) (*render.Picture, error)
	// Text reads a page.
	Text(ctx context.Context, page int) (*pagetext.Text, error)
	Close() error
}

// document is a file, drawn by a helper process.
type document struct {
	renderer render.Renderer
	source   render.Source

	reading sync.Mutex // for what is below: one page is read after the other
	file    *pdffile.File
	reader  *pagetext.Reader
	closed  bool
}

func (d *document) Open(ctx context.Context, s render.Source) (render.Document, []render.Size, error) {
	d.source = s
	doc, err := d.renderer.OpenSource(ctx, s)
	if err != nil {
		return render.Document{}, nil, err
	}
	sizes, err := d.renderer.Sizes(ctx)
	return doc, sizes, err
}

func (d *document) Draw(ctx context.Context, page int, dpi float64, area image.Rectangle) (*render.Picture, error) {
	return d.renderer.Region(ctx, page, dpi, area)
}

var errClosed = errors.New("reader: the document was closed")

func (d *document) Text(ctx context.Context, page int) (*pagetext.Text, error) {
	d.reading.Lock()
	defer d.reading.Unlock()
	if d.closed {
		return nil, errClosed
	}
	if d.reader == nil {
		if err := d.read(); err != nil {
			return nil, err
		}
	}
	return d.reader.Page(ctx, page)
}

// read opens the structure.
func (d *document) read() error {
	f, err := pdffile.Open(d.source.Path, pdffile.Options{Password: string(d.source.Password)})
	if err != nil {
		return err
	}
	state := f
	if d.source.End > 0 {
		if state, err = f.At(d.source.End); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	d.file, d.reader = f, pagetext.NewReader(state)
	return nil
}

func (d *document) Close() error {
	err := d.renderer.Close()
	d.reading.Lock()
	defer d.reading.Unlock()
	d.closed = true
	if d.file != nil {
		err = errors.Join(err, d.file.Close())
		d.file, d.reader = nil, nil
	}
	return err
}
