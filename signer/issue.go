package signer

import (
	"context"
	"fmt"

	"antin/signer/appearance"
	"antin/signer/cms"
	"antin/signer/layout"
	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/report"
	"antin/signer/verify"
)

// Issue gives number and date and stamps the seal on what a leader has signed.
// When the first signer left fields for them, all of it is one revision, and
// the seal's signature locks the fields. Otherwise a band signature by the same
// key shows number and date first, because annotations or fields added now
// would break the leader's signature in strict validators. The output is named
// x.phathanh.pdf. Errors: ErrNoLeaderSignature, ErrPersonCertificate,
// ErrSlotFilled, ErrNoSlots, ErrNoUrgencySlot, ErrSymbol, ErrInk, ErrNumber,
// ErrUrgency, ErrDiameter, ErrSealNeeded and those of Approve.
func Issue(ctx context.Context, job IssueJob, progress Progress) (*Result, error) {
	if err := job.check(); err != nil {
		return nil, err
	}
	src, err := openSource(ctx, job.Common, progress)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	a, err := job.plan(ctx, src)
	if err != nil {
		return nil, err
	}
	o, err := newOutput(job.Source, job.Out, issueSuffix)
	if err != nil {
		return nil, err
	}
	defer o.discard()
	r, plan := a.result(SealPart, job.Override), a.seal
	if a.band != nil {
		band, err := job.signBand(ctx, src, a.band, o, progress)
		if err != nil {
			return nil, err
		}
		defer band.discard()
		src = band.source
		if plan, err = pades.NewPlan(src.File, a.request); err != nil {
			return nil, err
		}
	}
	made, after, err := src.write(ctx, plan, o, job.Common, progress)
	if err != nil {
		return nil, err
	}
	return r, src.finish(o, made, after, r, progress)
}

// check finds what is missing or wrong in the job itself.
func (job *IssueJob) check() error {
	switch {
	case job.NoSeal && !job.profile().Seal.Optional.Or(false):
		return ErrSealNeeded
	case !job.NoSeal && (job.Diameter < 20 || job.Diameter > 60): // mm; state seals are about 34 to 42
		return fmt.Errorf("%w: %.1f", ErrDiameter, job.Diameter)
	}
	if _, known := job.profile().Urgency.Frames.Or(nil)[string(job.Urgency)]; job.Urgency != "" && !known {
		return fmt.Errorf("%w: %q", ErrUrgency, job.Urgency)
	}
	return cms.CheckCertificate(job.Key.Certificate(), job.now())
}

// issue is the plan of an issue, ready to be written.
type issue struct {
	Plan
	request pades.Request // the seal's
	seal    *pades.Plan
	band    *pades.Plan // number and date in a signature of their own; nil where fields take them
}

// plan decides everything about number, date and seal. With an error it comes as
// far as it got.
func (job *IssueJob) plan(ctx context.Context, src *source) (*issue, error) {
	a := &issue{Plan: Plan{Before: src.before}}
	if err := a.checkRole(job.Common, report.Organisation); err != nil {
		return a, err
	}
	var err error
	a.Leader, err = a.leaderOf(job.Common)
	if err = a.unless(job.Override, err); err != nil {
		return a, err
	}
	a.request = pades.Request{
		Key: job.key(), PSS: job.PSS, TSA: job.TSA, Time: job.now(), Name: cms.DisplayName(job.Key.Certificate()),
	}
	if err := job.stamp(ctx, src, a); err != nil {
		return a, err
	}
	if err := job.write(ctx, src, a); err != nil {
		return a, err
	}
	a.seal, err = pades.NewPlan(src.File, a.request)
	return a, err
}

// leaderOf finds the signature that the seal belongs to: the last intact
// approval by a person, that is, by no organisation and not by the seal's own
// certificate. With an error it is the one that would do if it were valid.
func (p *Plan) leaderOf(c Common) (*verify.Signature, error) {
	for i := len(p.Before.Signatures) - 1; i >= 0; i-- {
		s := &p.Before.Signatures[i]
		if s.Kind == verify.DocTimeStamp || !s.Intact() || s.Signer == nil || s.Signer.Equal(c.Key.Certificate()) || c.roleOf(s.Signer) == report.Organisation {
			continue
		}
		switch {
		case c.Trust == nil || !c.Trust.HasAnchors():
			p.Notes = append(p.Notes, NotePathUnknown)
		case s.Path != nil:
			return s, fmt.Errorf("%w: signature %q: %w", ErrNoLeaderSignature, s.Field, s.Path)
		case s.Indication == verify.TotalFailed:
			return s, fmt.Errorf("%w: signature %q: %w", ErrNoLeaderSignature, s.Field, s.Err)
		}
		return s, nil
	}
	return nil, ErrNoLeaderSignature
}

// stamp decides where the seal goes.
func (job *IssueJob) stamp(ctx context.Context, src *source, a *issue) error {
	seal, missing := job.picture(job.Seal)
	m := Mark{Part: SealPart, Picture: job.Seal}
	on, err := job.signed(ctx, src, a)
	if err != nil {
		return err
	}
	if job.NoSeal {
		a.Notes = append(a.Notes, NoteNoSeal)
		return nil
	}
	switch {
	case job.At != nil:
		m.Place = *job.At
		m.W, m.H = job.Diameter, job.Diameter // the size is the seal's, never the box's
	default:
		m.Origin = BesideThird
		if on == (Place{}) {
			if on, err = presetPlace(src.File, false); err != nil {
				return err
			}
			m.Origin = Preset
			a.Notes = append(a.Notes, NotePresetPlace)
		}
		page, err := src.Page(on.Page)
		if err != nil {
			return err
		}
		m.Place = sealPlace(on, job.Diameter, job.profile().Seal.OverlapLeft.Or(1./3), page)
	}
	a.Marks = append(a.Marks, m)
	if missing != nil {
		return missing
	}
	a.request.Page, a.request.Box, a.request.Look = m.Page, m.Box, appearance.SealLook(seal, job.Diameter)
	return nil
}

// signed is the place of the leader's signature, or of the block that it belongs
// to when it shows nothing; zero when neither is known. The name printed there
// is compared with the certificate's.
func (job *IssueJob) signed(ctx context.Context, src *source, a *issue) (Place, error) {
	holder := ""
	if s := a.Leader; s != nil {
		holder = cms.DisplayName(s.Signer)
		a.Name.Holder = holder
		if s.Page != 0 && s.Box.W >= 0.1 {
			at := Place{s.Page, s.Box}
			_, found, err := readPage(ctx, src.File, s.Page, job.options(holder))
			if err == nil {
				a.compareName(found, at)
			}
			return at, err
		}
	}
	var err error
	if a.Found, err = layout.Find(ctx, src.File, job.options(holder)); err != nil {
		return Place{}, err
	}
	if b, sure := a.Found.Sure(); sure {
		at := Place{b.Page, b.Box}
		a.compareName(a.Found, at)
		return at, nil
	}
	return Place{}, nil
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

// signBand signs number and date into a temporary file beside the output.
func (job *IssueJob) signBand(ctx context.Context, src *source, plan *pades.Plan, beside *output, progress Progress) (*band, error) {
	o, err := newOutput(job.Source, beside.dir, ".bang")
	if err != nil {
		return nil, err
	}
	made, after, err := src.write(ctx, plan, o, job.Common, progress)
	if err != nil {
		o.discard()
		return nil, err
	}
	f, err := pdffile.Read(o, made.Size, pdffile.Options{Password: job.Password})
	if err != nil {
		o.discard()
		return nil, err
	}
	return &band{&source{File: f, path: src.path, mode: src.mode, before: after}, o}, nil
}
