package scan

import (
	"context"
	"errors"
	"sync"

	"antin/signer/render"
	"antin/signer/worker"
)

// Twin is a Drawer with two helpers: where pages have to be drawn that is most of
// the work on a scan, and two are drawn at once where the machine has two
// processors. A helper starts with the first page that it is asked for. Worker
// and Source are set before that.
type Twin struct {
	Worker worker.Options // how the helpers are started
	Source render.Source  // what is drawn; Close overwrites the password

	helpers [2]helper
}

// helper draws every second page.
type helper struct {
	render.Renderer
	start sync.Once
	err   error // of opening
}

// openError tells that nothing can be drawn, whatever the page.
type openError struct{ error }

func (e *openError) Unwrap() error { return e.error }

// Page draws a page: odd ones by the first helper, even ones by the second.
// Errors are those of render.Renderer's OpenSource and Page.
func (t *Twin) Page(ctx context.Context, n int, dpi float64) (*render.Picture, error) {
	h := &t.helpers[(n+1)%2]
	h.start.Do(func() {
		h.Worker = t.Worker
		if _, err := h.OpenSource(ctx, t.Source); err != nil {
			h.err = &openError{err}
		}
	})
	if h.err != nil {
		return nil, h.err
	}
	return h.Renderer.Page(ctx, n, dpi)
}

// Close ends the helpers and forgets the password.
func (t *Twin) Close() error {
	clear(t.Source.Password)
	return errors.Join(t.helpers[0].Close(), t.helpers[1].Close())
}
