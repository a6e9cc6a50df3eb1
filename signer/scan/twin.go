package scan

import (
	"bytes"
	"context"
	"errors"
	"sync"

	"antin/signer/render"
	"antin/signer/worker"
)

// Twin is a Drawer with two helpers: drawing is most of the work on a scan, and
// two pages are drawn at once where the machine has two processors. The second
// helper starts with the second page. The zero value is ready for Open.
type Twin struct {
	Worker worker.Options // how the helpers are started

	source  render.Source
	drawers [2]render.Renderer
	second  sync.Once
	err     error // of opening the second
}

// Open opens a document; errors are those of render.Renderer.OpenSource.
func (t *Twin) Open(ctx context.Context, s render.Source) error {
	t.source = s
	t.source.Password = bytes.Clone(s.Password)
	for i := range t.drawers {
		t.drawers[i].Worker = t.Worker
	}
	_, err := t.drawers[0].OpenSource(ctx, s)
	return err
}

// Page draws a page: odd ones by the first helper, even ones by the second.
func (t *Twin) Page(ctx context.Context, n int, dpi float64) (*render.Picture, error) {
	if n%2 == 1 {
		return t.drawers[0].Page(ctx, n, dpi)
	}
	t.second.Do(func() { _, t.err = t.drawers[1].OpenSource(ctx, t.source) })
	if t.err != nil {
		return nil, t.err
	}
	return t.drawers[1].Page(ctx, n, dpi)
}

// Close ends the helpers and forgets the password.
func (t *Twin) Close() error {
	clear(t.source.Password)
	return errors.Join(t.drawers[0].Close(), t.drawers[1].Close())
}
