package signer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"antin/signer/cms"
	"antin/signer/pagetext"
	"antin/signer/pdffile"
	"antin/signer/register"
	"antin/signer/render"
	"antin/signer/report"
	"antin/signer/scan"
	"antin/signer/tempfile"
)

// Copy certifies an electronic copy of a scanned paper: form of the copy, agency
// and time of signing stand top right on the first page, without the seal's
// picture, and the organisation's key signs (NĐ 30/2020, Phụ lục I, phần II;
// for digitised records Thông tư 05/2025/TT-BNV). It is an approval signature,
// never a certification: others may sign after it. The scan must meet the norm;
// nothing sets that aside. The pictures of its pages keep their bytes.
//
// The output is named x.saoy.pdf, x.saoluc.pdf or x.trichsao.pdf, or as the
// profile says. Errors: ErrCopySigned, ErrCopyElectronic, *ScanError, those of
// jobs that are not complete, ErrPersonCertificate, pdffile.ErrNotPDFA, ocr's, and those of Approve.
func Copy(ctx context.Context, job CopyJob, progress Progress) (*Result, error) {
	if err := cms.CheckCertificate(job.Key.Certificate(), job.now()); err != nil {
		return nil, err
	}
	var guard Plan
	if err := guard.checkRole(job.Common, report.Organisation); err != nil {
		return nil, err
	}
	c, err := prepareCopy(ctx, job, progress)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	if err := c.plan.refusal(job.Looked); err != nil {
		return nil, err
	}
	name, suffix := job.named()
	o, err := newOutput(name, job.Out, suffix)
	if err != nil {
		return nil, err
	}
	defer o.discard()
	o.naming = job.naming
	doc := c.source
	if c.rewritten {
		made, err := c.rewrite(ctx, job, o.dir, progress)
		if err != nil {
			return nil, err
		}
		defer made.discard()
		doc = made.source
	}
	r, err := doc.signBlock(ctx, c.plan.Block, c.at, job.Common, o, progress)
	if err != nil {
		return nil, err
	}
	of := guard.result("", job.Override)
	r.Copy, r.Notes = c.plan, slices.Concat(of.Notes, r.Notes, c.notes)
	r.Overridden, r.OverrideReason = of.Overridden, of.OverrideReason
	return r, nil
}

// PlanCopy tells what Copy would do, and writes nothing. The job needs no key.
// That the scan misses the norm is no error here: see CopyPlan.Findings.
func PlanCopy(ctx context.Context, job CopyJob, progress Progress) (*CopyPlan, error) {
	c, err := prepareCopy(ctx, job, progress)
	if err != nil {
		return nil, err
	}
	return c.plan, c.Close()
}

// copying is a document that is about to be certified.
type copying struct {
	*source
	plan      *CopyPlan
	at        time.Time
	drawn     string         // path of the file that is drawn
	bound     *tempfile.File // that it is when it was made of pictures
	rewritten bool           // the copy is a new document: an extract, or PDF/A
	notes     []Note
}

// prepareCopy opens the source of a copy, judges it and finds the block's place.
func prepareCopy(ctx context.Context, job CopyJob, progress Progress) (*copying, error) {
	if err := job.check(); err != nil {
		return nil, err
	}
	c := &copying{
		at: job.now(), rewritten: job.Form == scan.TrichSao || job.profile().Scan.PDFA.Or(false),
		plan: &CopyPlan{Form: job.Form, Agency: strings.TrimSpace(job.Agency), ByOrderOf: strings.TrimSpace(job.ByOrderOf)},
	}
	if err := c.openScan(ctx, job, progress); err != nil {
		return nil, err
	}
	named := make(chan error, 1)
	go func() { named <- c.nameSources(&job) }()
	err := c.prepare(ctx, job, progress)
	if other := <-named; other != nil { // what has been prepared is of another file, perhaps
		err = other
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// nameSources tells what the copy is made of: after that was opened, so that what
// is judged and signed is what is named.
func (c *copying) nameSources(job *CopyJob) (err error) {
	if c.plan.Sources = job.unchanged; c.plan.Sources == nil {
		if c.plan.Sources, err = hashFiles(job.sources()); err != nil {
			return err
		}
	}
	same := func(a, b register.File) bool { return a.SHA256 == b.SHA256 }
	if job.Plan != nil && !slices.EqualFunc(c.plan.Sources, job.Plan.Sources, same) {
		return fmt.Errorf("%w: %q", ErrSourceChanged, job.Source)
	}
	return nil
}

func (c *copying) prepare(ctx context.Context, job CopyJob, progress Progress) error {
	if err := c.checkSignatures(job.Form); err != nil {
		return err
	}
	if err := c.choosePages(job); err != nil {
		return err
	}
	if p := job.Plan; p.serves(&job, c.plan.Pages) {
		c.plan.Gate, c.plan.dark = p.Gate, p.dark
	} else if err := c.judge(ctx, job, progress); err != nil {
		return err
	}
	c.findings()
	return c.block(job)
}

// judge draws the pages: for the gate, and to find free paper on the first.
func (c *copying) judge(ctx context.Context, job CopyJob, progress Progress) (err error) {
	r := scan.Twin{Source: render.Source{Path: c.drawn, Password: []byte(job.Password)}}
	defer func() { err = errors.Join(err, r.Close()) }()
	c.plan.Gate, err = scan.Check(ctx, c.File, &r, scan.Options{
		Profile: job.Profile, Form: job.Form, Drawings: job.Drawings,
		Progress: func(page, pages int) {
			if progress != nil {
				progress(Checking, int64(page), int64(pages))
			}
		},
	})
	if err != nil {
		return err
	}
	first := c.plan.Pages[0]
	c.plan.dark, err = darkParts(ctx, &r, first)
	if errors.Is(err, render.ErrNotDrawable) { // the gate has found that too
		page, err := c.Page(first)
		if err != nil {
			return err
		}
		w, h := page.Size()
		c.plan.dark = []pdffile.Box{{W: w, H: h}}
		return nil
	}
	return err
}

// checkSignatures lets an extract be made of a signed document whose signatures
// are all right; the other forms do not exist from electronic to electronic
// (Điều 25).
func (c *copying) checkSignatures(form scan.Form) error {
	for i := range c.before.Signatures {
		s := &c.before.Signatures[i]
		switch {
		case !form.FromElectronic():
			return fmt.Errorf("signature %q: %w", s.Field, ErrCopySigned)
		case !s.Intact():
			return fmt.Errorf("signature %q: %w: %w", s.Field, ErrBrokenSignature, reason(s))
		}
	}
	return nil
}

func (c *copying) choosePages(job CopyJob) error {
	all, err := c.File.Pages()
	if err != nil {
		return err
	}
	if job.Form == scan.TrichSao {
		for i, n := range job.Pages {
			if n < 1 || n > len(all) || slices.Contains(job.Pages[:i], n) {
				return fmt.Errorf("%w: page %d of %d", ErrCopyPages, n, len(all))
			}
		}
		c.plan.Pages = job.Pages
		return nil
	}
	for i := range all {
		c.plan.Pages = append(c.plan.Pages, i+1)
	}
	return nil
}

// findings are those about the pages of the copy, without what a new document
// brings in order.
func (c *copying) findings() {
	for _, f := range c.plan.Gate.All() {
		mended := f.Kind == scan.NoPDFA || f.Kind == scan.NoTextLayer || f.Kind == scan.OldVersion
		if !(c.rewritten && mended) && (f.Page == 0 || slices.Contains(c.plan.Pages, f.Page)) {
			c.plan.Findings = append(c.plan.Findings, f)
		}
	}
}

// block sets the text that certifies the copy. What is dark on the picture of
// its first page is all that the page shows, so its content is not asked.
func (c *copying) block(job CopyJob) error {
	page, err := c.Page(c.plan.Pages[0])
	if err != nil {
		return err
	}
	w, h := page.Size()
	p := job.profile()
	c.plan.Block, err = cornerBlock(&pagetext.Text{Page: 1, W: w, H: h}, p, p.Copy, map[string]string{
		lineForm: CopyForms[job.Form], lineAgency: c.plan.Agency, lineTime: clock(p, c.at),
	}, c.plan.dark...)
	return err
}
