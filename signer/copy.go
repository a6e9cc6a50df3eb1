package signer

import (
	"context"
	"strings"
	"time"

	"antin/signer/cms"
	"antin/signer/pagetext"
	"antin/signer/pdffile"
)

// Copy certifies an electronic copy of a scanned paper: form of the copy, agency
// and time of signing stand top right on the first page, without the seal's
// picture, and the organisation's key signs (NĐ 30/2020, Phụ lục I, phần II;
// for digitised records Thông tư 05/2025/TT-BNV). It is an approval signature,
// never a certification: others may sign after it. The output is named
// x.saoy.pdf, x.saoluc.pdf or x.trichsao.pdf.
func Copy(ctx context.Context, job CopyJob, progress Progress) (*Result, error) {
	if err := cms.CheckCertificate(job.Key.Certificate(), job.now()); err != nil {
		return nil, err
	}
	c, err := prepareCopy(ctx, job, progress)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	name, suffix := job.named()
	o, err := newOutput(name, job.Out, suffix)
	if err != nil {
		return nil, err
	}
	r, err := c.signBlock(ctx, c.plan.Block, c.at, job.Common, o, progress)
	if err != nil {
		return nil, err
	}
	r.Copy = c.plan
	return r, nil
}

// PlanCopy tells what Copy would do, and writes nothing. The job needs no key.
func PlanCopy(ctx context.Context, job CopyJob) (*CopyPlan, error) {
	c, err := prepareCopy(ctx, job, nil)
	if err != nil {
		return nil, err
	}
	return c.plan, c.Close()
}

// copying is a document that is about to be certified.
type copying struct {
	*source
	plan *CopyPlan
	at   time.Time
}

// prepareCopy opens the source of a copy, judges it and finds the block's place.
func prepareCopy(ctx context.Context, job CopyJob, progress Progress) (*copying, error) {
	if err := job.check(); err != nil {
		return nil, err
	}
	job.EvenIfBroken, job.EvenIfSigned = true, true // a signature of any kind is refused below
	src, err := openSource(ctx, job.Common, progress)
	if err != nil {
		return nil, err
	}
	c := &copying{source: src, at: job.now(), plan: &CopyPlan{
		Form: job.Form, Agency: strings.TrimSpace(job.Agency), ByOrderOf: job.ByOrderOf,
	}}
	if err := c.prepare(ctx, job); err != nil {
		_ = src.Close() // it was only read
		return nil, err
	}
	return c, nil
}

func (c *copying) prepare(ctx context.Context, job CopyJob) error {
	if len(c.before.Signatures) > 0 {
		return ErrCopySigned
	}
	pages, err := c.File.Pages()
	if err != nil {
		return err
	}
	for i := range pages {
		c.plan.Pages = append(c.plan.Pages, i+1)
	}
	dark, err := darkParts(ctx, c.path, job.Password, 1)
	if err != nil {
		return err
	}
	c.plan.Block, err = c.block(job, pages[0], dark)
	return err
}

// block sets the text that certifies the copy. What is dark on the picture of
// the page is all that the page shows, so its content is not asked.
func (c *copying) block(job CopyJob, page pdffile.Page, dark []pdffile.Box) (*CornerBlock, error) {
	w, h := page.Size()
	p := job.profile()
	return cornerBlock(&pagetext.Text{Page: 1, W: w, H: h}, p, p.Copy, map[string]string{
		lineForm: CopyForms[job.Form], lineAgency: c.plan.Agency, lineTime: clock(p, c.at),
	}, dark...)
}
