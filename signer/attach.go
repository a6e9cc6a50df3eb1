package signer

import (
	"context"
	"strings"
	"time"

	"antin/signer/cms"
	"antin/signer/pades"
	"antin/signer/pagetext"
	"antin/signer/report"
)

// Attach signs one attachment file of an issued document: number and time of
// signing stand top right on the first page, without any picture (NĐ 30/2020,
// Phụ lục I, phần I, mục II.8 d). The output is named x.phathanh.pdf. Errors:
// ErrNumber, ErrPersonCertificate, ErrNoReason and those of Approve.
func Attach(ctx context.Context, job AttachJob, progress Progress) (*Result, error) {
	if strings.TrimSpace(job.Number) == "" {
		return nil, ErrNumber
	}
	if err := cms.CheckCertificate(job.Key.Certificate(), job.now()); err != nil {
		return nil, err
	}
	var rails Plan
	if err := rails.checkRole(job.Common, report.Organisation); err != nil {
		return nil, err
	}
	src, err := openSource(ctx, job.Common, progress)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	page, err := pagetext.Page(ctx, src.File, 1)
	if err != nil {
		return nil, err
	}
	profile, at := job.profile(), job.now()
	block, err := cornerBlock(page, profile, profile.Attachment,
		map[string]string{lineNumber: strings.TrimSpace(job.Number), lineTime: clock(profile, at)})
	if err != nil {
		return nil, err
	}
	o, err := newOutput(job.Source, job.Out, issueSuffix)
	if err != nil {
		return nil, err
	}
	r, err := src.signBlock(ctx, block, at, job.Common, o, progress)
	if err != nil {
		return nil, err
	}
	of := rails.result("", job.Override)
	r.Notes, r.Overridden, r.OverrideReason = append(r.Notes, of.Notes...), of.Overridden, of.OverrideReason
	return r, nil
}

// signBlock makes a signature that shows a block of text, and publishes it as o.
func (s *source) signBlock(ctx context.Context, b *CornerBlock, at time.Time, c Common, o *output, progress Progress) (*Result, error) {
	defer o.discard()
	plan, err := pades.NewPlan(s.File, pades.Request{
		Key: c.key(), PSS: c.PSS, TSA: c.TSA, Time: at, Name: cms.DisplayName(c.Key.Certificate()),
		Page: b.Page, Box: b.Box, Look: b.look,
	})
	if err != nil {
		return nil, err
	}
	made, report, err := s.write(ctx, plan, o, c, progress)
	if err != nil {
		return nil, err
	}
	r := &Result{Place: b.Place, Origin: InCorner, Notes: b.notes()}
	return r, s.finish(o, made, report, r, progress)
}
