// Package render draws PDF pages as pictures, the way a person sees them: crop
// box, rotation and UserUnit applied, form fields, signatures and other
// annotations on top.
//
// A Renderer holds one document. Open it, ask for pages, close it:
//
//	var r render.Renderer
//	doc, err := r.Open(ctx, "quyet-dinh.pdf") // doc.Pages, doc.SignaturesShown
//	p, err := r.Page(ctx, 1, 144)             // page 1 at 144 dots per inch
//	err = r.Close()
//
// Drawing is done by MuPDF in a helper process, because foreign files crash it
// or make it hang: that costs the page and not the program. The helper serves
// ServePages; the program's main must start it for the arguments
// "worker render". Files are only read, never written, and nothing of a
// document is put on disk. Pages count from 1, sizes are pixels unless a name
// says otherwise, and ISO 32000-1 is the standard that clauses refer to.
package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"sync"
	"time"

	"antin/signer/worker"
)

// Answers a caller decides on.
var (
	ErrPassword    = errors.New("render: the document needs a password")
	ErrNotDrawable = errors.New("render: cannot be drawn") // damaged, no PDF, too slow, or it crashed the helper twice
	ErrPageRange   = errors.New("render: no such page")
	ErrTooLarge    = errors.New("render: picture too large") // a *TooLargeError tells what is possible
)

// TooLargeError tells how far the resolution must go down. It is ErrTooLarge.
type TooLargeError struct {
	Page          int
	Width, Height int     // pixels at the resolution asked for
	MaxDPI        float64 // the largest that is drawn
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("render: page %d would have %d × %d pixels; at most %.1f dpi", e.Page, e.Width, e.Height, e.MaxDPI)
}

// Is makes errors.Is(err, ErrTooLarge) true.
func (e *TooLargeError) Is(target error) bool { return target == ErrTooLarge }

// Limits keep a bad file from costing more than its own pages. Zero values
// stand for the defaults.
type Limits struct {
	Open   time.Duration // for opening, default 10 s
	Page   time.Duration // for one page, default 5 s
	Pixels int           // of one picture, default 24 million
}

// Source names what is to be drawn.
type Source struct {
	Path     string
	Password []byte // user or owner password; nil for none. It is copied, and the copy overwritten by Close
	End      int64  // draw the document as it was when it ended at this byte, as a signature covers it; 0 = as it is
}

// Document is what Open learns about a file.
type Document struct {
	Pages int // at least 1

	// Annotated tells that pages have annotations; form fields and signatures
	// are such. SignaturesShown tells that pictures show them: false means that
	// this document is too damaged for it, which a person must be told.
	Annotated, SignaturesShown bool
}

// Size is the size of a page as it is seen, in mm.
type Size struct{ W, H float64 }

// Picture is a drawn page, or a part of one.
type Picture struct {
	*image.RGBA // opaque; the top left corner is at 0, 0

	// SignaturesShown is false when this page has, or may have, annotations that
	// could not be drawn, which a person must be told.
	SignaturesShown bool
}

// Renderer draws the pages of one document at a time. The zero value is ready
// for Open. Its methods may be called from several goroutines; drawing is done
// one page after the other.
type Renderer struct {
	Worker worker.Options // how the helper is started
	Limits Limits

	setup sync.Once
	turn  chan struct{} // holds one token: whose turn it is to use the fields below

	source  Source
	file    os.FileInfo // the file as it was opened
	doc     Document
	plain   bool        // draw without annotations: reading the structure killed the helper
	deaths  map[int]int // page → helpers it has cost
	process *worker.Process
	life    context.Context // ends with Close: a helper at work is killed

	mu  sync.Mutex
	end context.CancelFunc // ends life
}

// Open opens the file at path; see OpenSource.
func (r *Renderer) Open(ctx context.Context, path string) (Document, error) {
	return r.OpenSource(ctx, Source{Path: path})
}

// OpenSource starts the helper and opens s in it; what was open before is
// closed. Errors to decide on are ErrPassword, also for a wrong one,
// ErrNotDrawable and those of os.Stat.
func (r *Renderer) OpenSource(ctx context.Context, s Source) (Document, error) {
	path, err := filepath.Abs(s.Path)
	if err != nil {
		return Document{}, fmt.Errorf("opening %q: %w", s.Path, err)
	}
	s.Path, s.Password = path, bytes.Clone(s.Password)
	if err := r.Close(); err != nil {
		return Document{}, err
	}
	return inTurn(ctx, r, func() (Document, error) {
		info, err := os.Stat(path)
		if err != nil {
			return Document{}, err
		}
		r.source, r.file, r.plain, r.deaths = s, info, false, map[int]int{}
		r.begin()
		defer context.AfterFunc(ctx, r.kill)()
		if err := r.restart(); err != nil {
			return Document{}, errors.Join(fmt.Errorf("opening %q: %w", path, err), r.stop())
		}
		return r.doc, nil
	})
}

// Page draws page n (from 1) at dpi dots per inch on white. A page that kills
// the helper is tried once more, without its annotations; one that takes too
// long is not, and after the second loss a page is refused at once. When ctx
// ends Page returns, and the helper goes on to its own limit, so that giving up
// a page costs no restart. Errors to decide on are ErrPageRange, ErrTooLarge and
// ErrNotDrawable.
func (r *Renderer) Page(ctx context.Context, n int, dpi float64) (*Picture, error) {
	return r.picture(ctx, n, dpi, nil)
}

// Region is Page for a part of the picture: area is in pixels of the whole page
// at dpi, and what reaches over the page's edge is left out. Only the part
// travels between the processes, and further parts of the same page at the same
// resolution cost no drawing. A part that lies beside the page is
// ErrNotDrawable.
func (r *Renderer) Region(ctx context.Context, n int, dpi float64, area image.Rectangle) (*Picture, error) {
	return r.picture(ctx, n, dpi, &area)
}

// Sizes are the sizes of all pages, found without drawing any: from the
// structure, or, where that is damaged, from what MuPDF makes of it, in whole
// points. Errors to decide on are ErrPageRange when no document is open, and
// ErrNotDrawable.
func (r *Renderer) Sizes(ctx context.Context) ([]Size, error) {
	return inTurn(ctx, r, func() ([]Size, error) {
		if r.doc.Pages == 0 {
			return nil, fmt.Errorf("measuring pages: %w", ErrPageRange)
		}
		s, err := r.measure()
		if err != nil {
			return nil, fmt.Errorf("measuring the pages of %q: %w", r.source.Path, err)
		}
		return s, nil
	})
}

func (r *Renderer) picture(ctx context.Context, n int, dpi float64, area *image.Rectangle) (*Picture, error) {
	return inTurn(ctx, r, func() (*Picture, error) {
		if n < 1 || n > r.doc.Pages {
			return nil, fmt.Errorf("page %d of %d: %w", n, r.doc.Pages, ErrPageRange)
		}
		if !(dpi > 0) || math.IsInf(dpi, 0) {
			return nil, fmt.Errorf("drawing page %d at %g dpi: %w", n, dpi, ErrTooLarge)
		}
		p, err := r.draw(n, dpi, area)
		if err != nil {
			return nil, fmt.Errorf("drawing page %d of %q: %w", n, r.source.Path, err)
		}
		return p, nil
	})
}

// WritePNG draws page n as Page does and writes it to a new file at path; a
// file that exists is not replaced.
func (r *Renderer) WritePNG(ctx context.Context, n int, dpi float64, path string) (err error) {
	p, err := r.Page(ctx, n, dpi)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("writing %q: %w", path, err), os.Remove(path))
		}
	}()
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(f, p.RGBA); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}

// Close ends the helper, also one that is at work. The Renderer can be opened
// again.
func (r *Renderer) Close() error {
	r.kill()
	_, err := inTurn(context.Background(), r, func() (struct{}, error) { return struct{}{}, r.stop() })
	return err
}
