package signer

import (
	"context"
	"strings"
	"time"

	"antin/signer/appearance"
	"antin/signer/cms"
	"antin/signer/pades"
	"antin/signer/pdffile"
)

// timeLayout is ISO 8601 with the zone of Vietnam (NĐ 30/2020, Phụ lục I).
const timeLayout = "2006-01-02T15:04:05-07:00"

var vietnam = time.FixedZone("+07", 7*3600)

// Attach signs one attachment file of an issued document: number and time of
// signing stand top right on the first page, without any picture (NĐ 30/2020,
// Phụ lục I, phần I, mục II.8 d). The output is named x.phathanh.pdf.
func Attach(ctx context.Context, job AttachJob, progress Progress) (*Result, error) {
	if strings.TrimSpace(job.Number) == "" {
		return nil, ErrNumber
	}
	if err := cms.CheckCertificate(job.Key.Certificate(), job.now()); err != nil {
		return nil, err
	}
	src, err := openSource(ctx, job.Common, progress)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	at := job.now()
	place, look, err := cornerBlock(src.File, []string{strings.TrimSpace(job.Number), at.In(vietnam).Format(timeLayout)})
	if err != nil {
		return nil, err
	}
	plan, err := pades.NewPlan(src.File, pades.Request{
		Key: job.key(), PSS: job.PSS, TSA: job.TSA, Time: at, Name: cms.DisplayName(job.Key.Certificate()),
		Page: place.Page, Box: place.Box, Look: look,
	})
	if err != nil {
		return nil, err
	}
	o, err := newOutput(job.Source, job.Out, ".phathanh")
	if err != nil {
		return nil, err
	}
	defer o.discard()
	made, report, err := src.write(ctx, plan, o, job.Common, progress)
	if err != nil {
		return nil, err
	}
	r := &Result{Place: place, Origin: Given}
	return r, src.finish(o, made, report, r, progress)
}

// cornerBlock is a block of upright black text, 10 pt, in the top right corner
// of the first page, inside the smallest margins that the decree allows.
func cornerBlock(f *pdffile.File, lines []string) (Place, *appearance.Look, error) {
	const pt, right, top = 10.0, 15.0, 10.0
	page, err := f.Page(1)
	if err != nil {
		return Place{}, nil, err
	}
	width := 0.0
	for _, l := range lines {
		w, err := appearance.Measure(l, appearance.Regular, pt)
		if err != nil {
			return Place{}, nil, err
		}
		width = max(width, w)
	}
	width++ // mm, so that no outline touches the edge
	look, err := appearance.LinesLook(width, lines, appearance.Regular, pt, 1.15*pt)
	if err != nil {
		return Place{}, nil, err
	}
	_, h := look.Size()
	w, _ := page.Size()
	return Place{1, pdffile.Box{X: max(0, w-right-width), Y: top, W: width, H: h}}, look, nil
}
