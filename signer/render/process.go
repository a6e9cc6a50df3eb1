package render

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"os"
	"time"

	"antin/signer/worker"
)

// errLost says that the helper is gone: it crashed or was killed for taking
// too long; with errReplaced, that it had gone before it was asked.
var (
	errLost     = errors.New("helper lost")
	errReplaced = errors.New("a new one without the document answered")
)

func (r *Renderer) init() {
	r.turn = make(chan struct{}, 1)
	r.turn <- struct{}{}
}

// inTurn runs work when nobody else uses r. It returns early when ctx ends;
// work then goes on alone and passes the turn on when it is done.
func inTurn[T any](ctx context.Context, r *Renderer, work func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	var none T
	r.setup.Do(r.init)
	if err := ctx.Err(); err != nil {
		return none, err
	}
	select {
	case <-r.turn:
	case <-ctx.Done():
		return none, ctx.Err()
	}
	done := make(chan result, 1)
	go func() {
		defer func() { r.turn <- struct{}{} }()
		value, err := work()
		done <- result{value, err}
	}()
	select {
	case d := <-done:
		return d.value, d.err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// begin starts the time in which helpers may work.
func (r *Renderer) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.life, r.end = context.WithCancel(context.Background())
}

// kill ends that time; it needs no turn.
func (r *Renderer) kill() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.end != nil {
		r.end()
	}
}

// stop ends the helper and forgets the document.
func (r *Renderer) stop() error {
	r.kill()
	r.doc = Document{}
	clear(r.source.Password)
	r.source = Source{}
	if r.process == nil {
		return nil
	}
	p := r.process
	r.process = nil
	return p.Close()
}

// restart brings up a helper with the document open in it. If that kills the
// helper it is tried once more without annotations.
func (r *Renderer) restart() error {
	err := r.load()
	if errors.Is(err, errLost) && !r.plain && r.life.Err() == nil && r.source.End == 0 && r.source.Password == nil {
		r.plain = true
		err = r.load()
	}
	if errors.Is(err, errLost) {
		return fmt.Errorf("%w: %w", ErrNotDrawable, err)
	}
	return err
}

func (r *Renderer) load() error {
	var err error
	if r.process, err = worker.Start(r.life, "render", nil, r.Worker); err != nil {
		return fmt.Errorf("starting the helper: %w", err)
	}
	ctx, cancel := context.WithTimeout(r.life, limit(r.Limits.Open, 10*time.Second))
	defer cancel()
	var a answer
	q := request{Do: openFile, Path: r.source.Path, End: r.source.End, Plain: r.plain}
	if err := r.ask(ctx, q, bytes.Clone(r.source.Password), &a); err != nil {
		return err
	}
	doc := Document{Pages: a.Pages, Annotated: a.Annotated, SignaturesShown: a.Shown}
	if r.doc.Pages == 0 {
		r.doc = doc
		return nil
	}
	// A later start: the pictures must be of the same document.
	now, err := os.Stat(r.source.Path)
	if err != nil {
		return err
	}
	if doc.Pages != r.doc.Pages || now.Size() != r.file.Size() || !now.ModTime().Equal(r.file.ModTime()) {
		return fmt.Errorf("the file was changed after it had been opened: %w", ErrNotDrawable)
	}
	r.doc = doc
	return nil
}

func (r *Renderer) draw(n int, dpi float64, area *image.Rectangle) (*Picture, error) {
	for replaced := false; ; {
		if r.deaths[n] >= 2 {
			return nil, fmt.Errorf("%w: it has cost two helpers", ErrNotDrawable)
		}
		if r.process == nil {
			if err := r.restart(); err != nil {
				return nil, err
			}
		}
		p, err := r.try(n, dpi, area)
		if !errors.Is(err, errLost) {
			return p, err
		}
		if r.life.Err() != nil {
			return nil, fmt.Errorf("the document was closed: %w", r.life.Err())
		}
		if errors.Is(err, errReplaced) && !replaced {
			replaced = true // it died before this page
			continue
		}
		r.deaths[n]++
		if r.deaths[n] >= 2 || errors.Is(err, context.DeadlineExceeded) {
			return nil, fmt.Errorf("%w: %w", ErrNotDrawable, err)
		}
	}
}

// try draws once. One time limit holds for drawing and fetching.
func (r *Renderer) try(n int, dpi float64, area *image.Rectangle) (*Picture, error) {
	most := r.Limits.Pixels
	if most <= 0 {
		most = 24_000_000
	}
	ctx, cancel := context.WithTimeout(r.life, limit(r.Limits.Page, 5*time.Second))
	defer cancel()
	var a answer
	if err := r.ask(ctx, request{Do: drawPage, Page: n, DPI: dpi, Pixels: most, Plain: r.deaths[n] > 0, Area: area}, nil, &a); err != nil {
		return nil, err
	}
	// The helper is not believed: what it says decides how much is allocated.
	if a.Width < 1 || a.Height < 1 || a.Width > most/a.Height {
		return nil, fmt.Errorf("%w: the helper drew %d × %d pixels", ErrNotDrawable, a.Width, a.Height)
	}
	img := image.NewRGBA(image.Rect(0, 0, a.Width, a.Height))
	for have := 0; have < len(img.Pix); {
		piece, err := r.call(ctx, request{Do: readPixels, Offset: have}, nil)
		if err != nil {
			return nil, err
		}
		if len(piece) == 0 || len(piece) > len(img.Pix)-have {
			return nil, fmt.Errorf("%w: the helper sent %d bytes of pixels where %d were left", ErrNotDrawable, len(piece), len(img.Pix)-have)
		}
		have += copy(img.Pix[have:], piece)
	}
	return &Picture{RGBA: img, SignaturesShown: a.Shown}, nil
}

// measure asks for the sizes of the pages.
func (r *Renderer) measure() ([]Size, error) {
	if r.process == nil {
		if err := r.restart(); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(r.life, limit(r.Limits.Open, 10*time.Second))
	defer cancel()
	var a answer
	err := r.ask(ctx, request{Do: readSizes}, nil, &a)
	switch {
	case errors.Is(err, errLost):
		return nil, fmt.Errorf("%w: %w", ErrNotDrawable, err)
	case err != nil:
		return nil, err
	case len(a.Sizes) != r.doc.Pages:
		return nil, fmt.Errorf("%w: the helper measured %d of %d pages", ErrNotDrawable, len(a.Sizes), r.doc.Pages)
	}
	return a.Sizes, nil
}

// ask sends q and turns the answer's fault into an error.
func (r *Renderer) ask(ctx context.Context, q request, secret []byte, a *answer) error {
	reply, err := r.call(ctx, q, secret)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(reply, a); err != nil {
		return fmt.Errorf("%w: reading the helper's answer: %w", ErrNotDrawable, err)
	}
	switch a.Fault {
	case "":
		return nil
	case faultPassword:
		return ErrPassword
	case faultNothingOpen:
		return r.lost(errReplaced)
	case faultTooLarge:
		return &TooLargeError{Page: q.Page, Width: a.Width, Height: a.Height, MaxDPI: a.MaxDPI}
	default:
		return fmt.Errorf("%w: %s", ErrNotDrawable, a.Detail)
	}
}

// call exchanges one pair of frames; any error of it is the end of the helper.
func (r *Renderer) call(ctx context.Context, q request, secret []byte) ([]byte, error) {
	frame, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	reply, err := r.process.Call(ctx, frame, secret)
	if err == nil {
		return reply, nil
	}
	if ctx.Err() != nil {
		err = fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return nil, r.lost(err)
}

// lost gives up the helper and tells why.
func (r *Renderer) lost(why error) error {
	p := r.process
	r.process = nil
	if err := p.Close(); err != nil {
		why = errors.Join(why, err)
	}
	return fmt.Errorf("%w: %w", errLost, why)
}

func limit(set, standard time.Duration) time.Duration {
	if set > 0 {
		return set
	}
	return standard
}
