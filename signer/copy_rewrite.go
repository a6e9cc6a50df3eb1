package signer

import (
	"bufio"
	"context"
	"errors"

	"antin/signer/ocr"
	"antin/signer/pdffile"
	"antin/signer/render"
)

// producer stands in the properties of documents that are made here.
const producer = "antin"

// draft is a document that is made to be signed at once: a temporary file beside
// the output.
type draft struct {
	*source
	file *output
}

func (d *draft) discard() {
	_ = d.Close() // it was only read
	d.file.discard()
}

// rewrite makes a new document of the copy's pages: for an extract, and as PDF/A
// with a layer of text where the profile wants them.
func (c *copying) rewrite(ctx context.Context, job CopyJob, dir string, progress Progress) (_ *draft, err error) {
	o, err := newOutput(job.Source, dir, ".tam")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			o.discard()
		}
	}()
	rules := &job.profile().Scan
	x := pdffile.Extraction{
		Pages: c.plan.Pages, Made: c.at, PDFA: rules.PDFA.Or(false), Producer: producer,
		Title: job.title(),
	}
	if rules.TextLayer.Or(false) {
		t := &textLayer{copying: c, job: job, progress: progress}
		defer func() { err = errors.Join(err, t.drawer.Close()) }()
		x.Over = func(n int, p pdffile.Page, add pdffile.Adder) ([]byte, pdffile.Dict, error) {
			return t.over(ctx, n, p, add)
		}
	}
	w := bufio.NewWriterSize(o, 1<<20)
	size, err := c.Extract(ctx, w, x)
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return nil, o.failed(err)
	}
	if c.marked() {
		c.notes = append(c.notes, NoteMarksLeft)
	}
	f, err := pdffile.Read(o, size, pdffile.Options{})
	if err != nil {
		return nil, err
	}
	s := &source{File: f, path: c.path, mode: c.mode}
	return &draft{s, o}, s.check(ctx, job.Common)
}

// marked tells whether annotations show something on the pages of the copy: a new
// document has none.
func (c *copying) marked() bool {
	const hidden = 1 << 1 // ISO 32000-1, 12.5.3
	for _, n := range c.plan.Pages {
		page, err := c.Page(n)
		if err != nil {
			continue // Extract says why
		}
		for _, o := range c.Array(page.Dict["Annots"]) {
			a := c.Dict(o)
			if flags, _ := c.Int(a["F"]); a["AP"] != nil && flags&hidden == 0 {
				return true
			}
		}
	}
	return false
}

// textLayer reads the words of the pages that have no text yet.
type textLayer struct {
	*copying
	drawer render.Renderer

	job      CopyJob
	progress Progress
	engine   *ocr.Engine
	font     pdffile.Ref
	given    bool // given up: a person accepts the copy without
}

// over is what lies over page n of the source.
func (t *textLayer) over(ctx context.Context, n int, p pdffile.Page, add pdffile.Adder) ([]byte, pdffile.Dict, error) {
	if g := &t.plan.Gate.Pages[n-1]; g.Text || g.Blank || t.given {
		return nil, nil, nil
	}
	words, err := t.read(ctx, n)
	if (errors.Is(err, ocr.ErrMissing) || errors.Is(err, ocr.ErrFailed)) && t.job.WithoutText {
		t.given = true
		t.notes = append(t.notes, NoteNoTextLayer)
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if t.font == (pdffile.Ref{}) {
		t.font = ocr.Font(add)
	}
	return ocr.Layer(words, p), pdffile.Dict{ocr.FontName: t.font}, nil
}

func (t *textLayer) read(ctx context.Context, n int) (words []ocr.Word, err error) {
	if t.progress != nil {
		t.progress(ReadingText, int64(n), int64(len(t.plan.Gate.Pages)))
	}
	if t.engine == nil {
		if t.engine, err = ocr.Find(ctx); err != nil {
			return nil, err
		}
		if _, err := t.drawer.OpenSource(ctx, render.Source{Path: t.drawn, Password: []byte(t.job.Password)}); err != nil {
			return nil, err
		}
	}
	dpi := float64(ocr.DPI)
	picture, err := t.drawer.Page(ctx, n, dpi)
	var large *render.TooLargeError
	if errors.As(err, &large) {
		dpi = large.MaxDPI
		picture, err = t.drawer.Page(ctx, n, dpi)
	}
	if err != nil {
		return nil, err
	}
	return t.engine.Read(ctx, picture.RGBA, dpi)
}
