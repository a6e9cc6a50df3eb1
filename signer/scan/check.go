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
	Worker   worker.Options  // how helpers that draw are started

	// Progress is called after each page, from the goroutine of the check.
	Progress func(page, pages int)
}

// Drawer draws the pages of the document that is checked, as *render.Renderer and
// *Twin do. It is asked for few pages at once, and only for those that cannot be
// seen without being drawn.
type Drawer interface {
	Page(ctx context.Context, n int, dpi float64) (*render.Picture, error)
}

// CheckFile opens the PDF at path and checks it; see Check. Other errors are
// those of pdffile.Open.
func CheckFile(ctx context.Context, path string, o Options) (_ *Report, err error) {
	f, err := pdffile.Open(path, pdffile.Options{Password: o.Password})
	if err != nil {
		return nil, err
	}
	r := Twin{Worker: o.Worker, Source: render.Source{Path: path}}
	if o.Password != "" {
		r.Source.Password = []byte(o.Password)
	}
	defer func() { err = errors.Join(err, r.Close(), f.Close()) }()
	return Check(ctx, f, &r, o)
}

// ahead is how many pages are looked at while an earlier one is judged: two at
// work, and one that is ready for whoever ends first.
const ahead = 4

// Check judges every page of f against the profile. Pages of JPEG pictures alone
// are seen from these, the others are drawn by d. Memory does not grow with the
// number and size of pages. f is used by the calling goroutine alone.
//
// What is wrong with a page is a finding, also that it cannot be read or drawn.
// Errors: those of the page tree and the form, of a Twin's opening the document,
// and ctx's.
func Check(ctx context.Context, f *pdffile.File, d Drawer, o Options) (_ *Report, err error) {
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
	c := &check{Options: o, file: f, drawer: d, reader: pagetext.NewReader(f), report: &Report{
		Profile: o.Profile.Name, Findings: []Finding{}, Pages: make([]Page, 0, len(pages)),
		Version: f.Version(), PDFA: f.PDFA(), Signatures: len(signatures),
	}}
	c.masks.Worker = o.Worker
	defer func() { err = errors.Join(err, c.masks.Close()) }()
	ctx, stop := context.WithCancel(ctx)
	var looked []*look // in the order of pages
	// The looking goroutines have ended when this returns: the caller may close d.
	defer func() {
		stop()
		for _, l := range looked {
			<-l.done
		}
	}()
	for n := 1; n <= len(pages) || len(looked) > 0; {
		if n <= len(pages) && len(looked) < ahead {
			looked = append(looked, c.look(ctx, n))
			n++
			continue
		}
		l := looked[0]
		if <-l.done; ctx.Err() != nil {
			return nil, fmt.Errorf("checking page %d: %w", l.page, ctx.Err())
		}
		looked = looked[1:]
		var unopened *openError
		if errors.As(l.err, &unopened) {
			return nil, unopened
		}
		c.judge(ctx, l)
		if o.Progress != nil {
			o.Progress(l.page, len(pages))
		}
	}
	c.document()
	c.report.settle()
	return c.report, nil
}

// look is a page on its way to be judged.
type look struct {
	page  int
	text  *pagetext.Text
	sheaf *sheaf
	done  chan struct{} // closed when view or err is set
	view  *view
	err   error // why there is no view
}

// look reads what a page consists of, and has a goroutine see it.
func (c *check) look(ctx context.Context, n int) *look {
	l := &look{page: n, done: make(chan struct{})}
	if l.text, l.err = c.reader.Page(ctx, n); l.err != nil {
		close(l.done)
		return l
	}
	l.sheaf = sheafOf(c.file, l.text)
	u, ok := c.undrawn(l.text, l.sheaf)
	go func() {
		defer close(l.done)
		s := sights.Get().(*sight)
		defer sights.Put(s)
		err := errDraw
		if ok {
			err = u.see(s)
		}
		if errors.Is(err, errDraw) {
			err = s.draw(ctx, c.drawer, n)
		}
		if l.err = err; err == nil {
			l.view = s.view(l.text.W)
		}
	}()
	return l
}

// draw has d draw the page that is seen.
func (s *sight) draw(ctx context.Context, d Drawer, n int) error {
	p, err := d.Page(ctx, n, viewDPI)
	if err != nil {
		return err
	}
	s.drawn(p.RGBA)
	return nil
}

// check is the work on one document.
type check struct {
	Options
	file   *pdffile.File
	drawer Drawer
	masks  render.Renderer // draws masks alone
	reader *pagetext.Reader
	report *Report
	seen   []seen

	profiles map[pdffile.Ref]bool // those that have been read, and whether their colours are the usual ones
}

// seen is a page that later ones are compared with.
type seen struct {
	page   int
	amount float64
	ink    grid
	marks  *marks
}

// judge adds a page to the report.
func (c *check) judge(ctx context.Context, l *look) {
	j := &judgement{check: c, Page: Page{Number: l.page, Findings: []Finding{}, Layers: []Layer{}}}
	if l.err != nil {
		j.find(Finding{Kind: Unreadable, Verdict: Fail})
	} else {
		j.text, j.sheaf, j.view = l.text, l.sheaf, l.view
		j.judge(ctx)
	}
	c.report.Pages = append(c.report.Pages, j.Page)
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
