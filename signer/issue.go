package signer

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"antin/signer/appearance"
	"antin/signer/cms"
	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/verify"
)

// Issue gives number and date and stamps the seal on what a leader has signed.
// When the first signer left fields for them, all of it is one revision, and
// the seal's signature locks the fields. Otherwise a band signature by the same
// key shows number and date first, because annotations or fields added now
// would break the leader's signature in strict validators. The output is named
// x.phathanh.pdf. Errors: ErrNoLeaderSignature, ErrSlotFilled, ErrNoSlots,
// ErrNumber, ErrDiameter and those of Approve.
func Issue(ctx context.Context, job IssueJob, progress Progress) (*Result, error) {
	job.Number = strings.TrimSpace(job.Number)
	switch {
	case job.Number == "":
		return nil, ErrNumber
	case job.Diameter < 20 || job.Diameter > 60: // mm; state seals are about 34 to 42
		return nil, fmt.Errorf("%w: %.1f", ErrDiameter, job.Diameter)
	}
	if err := cms.CheckCertificate(job.Key.Certificate(), job.now()); err != nil {
		return nil, err
	}
	seal, err := picture(job.Seal)
	if err != nil {
		return nil, err
	}
	src, err := openSource(ctx, job.Common, progress)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	r := &Result{}
	leader, err := leaderOf(src.before, job.Common, r)
	if err != nil {
		return nil, err
	}
	o, err := newOutput(job.Source, job.Out, ".phathanh")
	if err != nil {
		return nil, err
	}
	defer o.discard()
	fill, err := job.values(src)
	if errors.Is(err, pdffile.ErrNoField) {
		// The seal is tried out first: nothing may fail after the band has been signed.
		if _, err := job.sealPlan(src, leader, seal, nil, &Result{}); err != nil {
			return nil, err
		}
		band, err := job.band(ctx, src, o, progress)
		if err != nil {
			return nil, err
		}
		defer band.discard()
		src = band.source
		r.Notes = append(r.Notes, NoteBandSignature)
	} else if err != nil {
		return nil, err
	}
	plan, err := job.sealPlan(src, leader, seal, fill, r)
	if err != nil {
		return nil, err
	}
	made, report, err := src.write(ctx, plan, o, job.Common, progress)
	if err != nil {
		return nil, err
	}
	err = src.finish(o, made, report, r, progress)
	r.Source = job.Source
	return r, err
}

// leaderOf finds the signature that the seal belongs to: the last intact
// approval by a person, that is, by another certificate than the office's.
func leaderOf(report *verify.Report, c Common, r *Result) (*verify.Signature, error) {
	for i := len(report.Signatures) - 1; i >= 0; i-- {
		s := &report.Signatures[i]
		if s.Kind == verify.DocTimeStamp || !s.Intact() || s.Signer == nil || s.Signer.Equal(c.Key.Certificate()) {
			continue
		}
		switch {
		case c.Trust == nil || !c.Trust.HasAnchors():
			r.Notes = append(r.Notes, NotePathUnknown)
		case s.Path != nil:
			return nil, fmt.Errorf("%w: signature %q: %w", ErrNoLeaderSignature, s.Field, s.Path)
		case s.Indication == verify.TotalFailed:
			return nil, fmt.Errorf("%w: signature %q: %w", ErrNoLeaderSignature, s.Field, s.Err)
		}
		return s, nil
	}
	return nil, ErrNoLeaderSignature
}

// values are number and date for the fields that the first signature made.
func (job *IssueJob) values(src *source) ([]pades.Value, error) {
	var out []pades.Value
	for _, v := range job.texts() {
		s, err := slotOf(src.File, v.field)
		if err != nil {
			return nil, err
		}
		value, err := slotValue(v.field, v.text, v.face, s)
		if err != nil {
			return nil, err
		}
		out = append(out, value)
	}
	return out, nil
}

type slotContent struct {
	field, text string
	face        appearance.Face
	at          *Slot
}

func (job *IssueJob) texts() []slotContent {
	return []slotContent{
		{NumberField, job.Number, appearance.Regular, job.NumberAt},
		{DateField, DateText(job.Date), appearance.Italic, job.DateAt},
	}
}

// sealPlan is the seal's signature with its lock.
func (job *IssueJob) sealPlan(src *source, leader *verify.Signature, seal *appearance.Picture, fill []pades.Value, r *Result) (*pades.Plan, error) {
	q := pades.Request{
		Key: job.key(), PSS: job.PSS, TSA: job.TSA, Time: job.now(),
		Name: cms.DisplayName(job.Key.Certificate()), Fill: fill,
	}
	if len(fill) > 0 {
		q.Lock = &pdffile.FieldLock{Action: "Include", Fields: []string{NumberField, DateField}}
	}
	if job.At != nil {
		r.Place, r.Origin = *job.At, Given
		r.Place.W, r.Place.H = job.Diameter, job.Diameter // the size is the seal's, never the box's
	} else {
		at := Place{leader.Page, leader.Box}
		r.Origin = BesideThird
		if leader.Page == 0 || leader.Box.W < 0.1 { // an invisible signature leaves no place
			var err error
			if at, err = presetPlace(src.File, false); err != nil {
				return nil, err
			}
			r.Origin = Preset
			r.Notes = append(r.Notes, NotePresetPlace)
		}
		page, err := src.Page(at.Page)
		if err != nil {
			return nil, err
		}
		r.Place = sealPlace(at, job.Diameter, page)
	}
	q.Page, q.Box, q.Look = r.Place.Page, r.Place.Box, appearance.SealLook(seal, job.Diameter)
	return pades.NewPlan(src.File, q)
}

// band is an intermediate document: the source with number and date shown by a
// signature of their own.
type band struct {
	*source
	file *output
}

func (b *band) discard() {
	_ = b.Close() // it was only read
	b.file.discard()
}

// band signs number and date into a temporary file beside the output.
func (job *IssueJob) band(ctx context.Context, src *source, beside *output, progress Progress) (*band, error) {
	if job.NumberAt == nil || job.DateAt == nil || job.NumberAt.Page != job.DateAt.Page {
		return nil, ErrNoSlots
	}
	box := union(job.NumberAt.Box, job.DateAt.Box)
	look := appearance.NewLook(box.W, box.H)
	for _, v := range job.texts() {
		at := v.at.Box
		at.X, at.Y = at.X-box.X, at.Y-box.Y
		if err := slotText(look, v.face, v.text, v.at.size(), at); err != nil {
			return nil, err
		}
	}
	plan, err := pades.NewPlan(src.File, pades.Request{
		Key: job.key(), PSS: job.PSS, TSA: job.TSA, Time: job.now(), Name: cms.DisplayName(job.Key.Certificate()),
		Page: job.NumberAt.Page, Box: box, Look: look,
	})
	if err != nil {
		return nil, err
	}
	o, err := newOutput(job.Source, beside.dir, ".bang")
	if err != nil {
		return nil, err
	}
	made, report, err := src.write(ctx, plan, o, job.Common, progress)
	if err != nil {
		o.discard()
		return nil, err
	}
	f, err := pdffile.Read(o, made.Size, pdffile.Options{Password: job.Password})
	if err != nil {
		o.discard()
		return nil, err
	}
	return &band{&source{File: f, path: src.path, mode: src.mode, before: report}, o}, nil
}

func union(a, b pdffile.Box) pdffile.Box {
	x, y := min(a.X, b.X), min(a.Y, b.Y)
	return pdffile.Box{X: x, Y: y, W: max(a.X+a.W, b.X+b.W) - x, H: max(a.Y+a.H, b.Y+b.H) - y}
}
