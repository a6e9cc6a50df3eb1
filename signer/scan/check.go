package scan

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"antin/assets"
	"antin/signer/pagetext"
	"antin/signer/pdffile"
	"antin/signer/render"
	"antin/signer/worker"
)

// Options for a check. The zero value is that of a sao y by NĐ 30/2020/NĐ-CP.
type Options struct {
	Profile  *assets.Profile // nil = assets.ProfileND30
	Form     Form            // "" = SaoY
	Drawings bool            // maps and drawings, for which a profile may ask more dpi
	Password string          // of an encrypted document; for CheckFile
	Worker   worker.Options  // how the helper that draws is started; for CheckFile

	// Progress is called after each page, from the goroutine of the check.
	Progress func(page, pages int)
}

// Drawer draws the pages of the document that is checked, as *render.Renderer and
// *Twin do. Two goroutines ask it for pages.
type Drawer interface {
	Page(ctx context.Context, n int, dpi float64) (*render.Picture, error)
}

// CheckFile opens the PDF at path and checks it; see Check. Other errors are
// those of pdffile.Open and of render's OpenSource.
func CheckFile(ctx context.Context, path string, o Options) (_ *Report, err error) {
	f, err := pdffile.Open(path, pdffile.Options{Password: o.Password})
	if err != nil {
		return nil, err
	}
	r := Twin{Worker: o.Worker}
	defer func() { err = errors.Join(err, r.Close(), f.Close()) }()
	source := render.Source{Path: path}
	if o.Password != "" {
		source.Password = []byte(o.Password)
	}
	if err := r.Open(ctx, source); err != nil {
		return nil, err
	}
	return Check(ctx, f, &r, o)
}

// Check judges every page of f, which d draws, against the profile. Memory does
// not grow with the number and size of pages: one is looked at while the next
// ones are drawn. f is used by the calling goroutine alone.
//
// What is wrong with a page is a finding, also that it cannot be read or drawn.
// Errors: those of the page tree and the form, and ctx's.
func Check(ctx context.Context, f *pdffile.File, d Drawer, o Options) (*Report, error) {
	if o.Profile == nil {
		o.Profile = assets.ProfileNamed(assets.ProfileND30)
	}
	if o.Form == "" {
		o.Form = SaoY
	}
	pages, err := f.Pages()
	if err != nil {
		return nil, fmt.Errorf("checking a scan: %w", err)
	}
	signatures, err := f.Signatures()
	if err != nil {
		return nil, fmt.Errorf("checking a scan: %w", err)
	}
	c := &check{Options: o, file: f, reader: pagetext.NewReader(f), report: &Report{
		Profile: o.Profile.Name, Findings: []Finding{}, Pages: make([]Page, 0, len(pages)),
		Version: f.Version(), PDFA: f.PDFA(), Signatures: len(signatures),
	}}
	ctx, stop := context.WithCancel(ctx)
	drawn := [2]<-chan drawing{draw(ctx, d, 1, len(pages)), draw(ctx, d, 2, len(pages))}
	// The drawing goroutines have ended when this returns: the caller may close d.
	defer func() {
		stop()
		for _, lane := range drawn {
			for range lane { //nolint:revive // empties the channel
			}
		}
	}()
	for n := 1; n <= len(pages); n++ {
		if err := c.page(ctx, n, drawn[(n-1)%len(drawn)]); err != nil {
			return nil, err
		}
		if o.Progress != nil {
			o.Progress(n, len(pages))
		}
	}
	c.document()
	c.report.settle()
	return c.report, nil
}

// drawing is a drawn page, or why there is none.
type drawing struct {
	picture *render.Picture
	err     error
}

// draw draws every second page from first on, one ahead of the reader.
func draw(ctx context.Context, d Drawer, first, pages int) <-chan drawing {
	out := make(chan drawing)
	go func() {
		defer close(out)
		for n := first; n <= pages; n += 2 {
			p, err := d.Page(ctx, n, viewDPI)
			select {
			case out <- drawing{p, err}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// check is the work on one document.
type check struct {
	Options
	file   *pdffile.File
	reader *pagetext.Reader
	report *Report
	seen   []seen
}

// seen is a page that later ones are compared with.
type seen struct {
	page   int
	amount float64
	ink    grid
}

func (c *check) page(ctx context.Context, n int, drawn <-chan drawing) error {
	text, err := c.reader.Page(ctx, n)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("checking page %d: %w", n, err)
	}
	j := &judgement{check: c, Page: Page{Number: n, Findings: []Finding{}, Layers: []Layer{}}}
	d := <-drawn
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("checking page %d: %w", n, err)
	}
	if err != nil || d.err != nil || d.picture == nil {
		j.find(Finding{Kind: Unreadable, Verdict: Fail})
	} else {
		j.text, j.view = text, viewOf(d.picture.RGBA, text.W, text.H)
		j.judge()
	}
	c.report.Pages = append(c.report.Pages, j.Page)
	return nil
}

// document judges what belongs to no page.
func (c *check) document() {
	r, s := c.report, &c.Profile.Scan
	find := func(f Finding) { r.Findings = append(r.Findings, f) }
	if r.Signatures > 0 && !c.Form.FromElectronic() {
		find(Finding{Kind: Signed, Verdict: Fail, Value: float64(r.Signatures), Article: s.Copying.Article})
	}
	paper := func(p Page) bool { return p.Source == FromPaper }
	if least := s.PDFMin.Or(""); older(r.Version, least) && slices.ContainsFunc(r.Pages, paper) {
		find(Finding{Kind: OldVersion, Verdict: Fail, Text: r.Version, LimitText: least, Article: s.PDFMin.Article})
	}
	if s.PDFA.Or(false) && r.PDFA.Part == 0 {
		find(Finding{Kind: NoPDFA, Verdict: Look, Article: s.PDFA.Article})
	}
	without := 0
	for i := range r.Pages {
		if p := &r.Pages[i]; !p.Text && !p.Blank {
			without++
		}
	}
	if s.TextLayer.Or(false) && without > 0 {
		find(Finding{Kind: NoTextLayer, Verdict: Look, Value: float64(without), Article: s.TextLayer.Article})
	}
}

// older compares versions "1.4" and "2.0"; they have one digit on each side.
func older(version, than string) bool { return version < than }
