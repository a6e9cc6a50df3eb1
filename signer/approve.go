package signer

import (
	"context"
	"fmt"

	"antin/signer/appearance"
	"antin/signer/cms"
	"antin/signer/layout"
	"antin/signer/pades"
	"antin/signer/report"
)

// Approve puts a leader's signature, or initials, on a document. The output is
// named x.daky.pdf. Errors: ErrOfficeCertificate, ErrNoPlace as *PlaceError,
// ErrBrokenSignature, ErrAlreadySigned, ErrNoPicture, ErrNoReason, ErrExists,
// ErrNoFolder, ErrCannotPut, ErrNotVerified, ErrSourceChanged, and those of pdffile, pades, cms,
// appearance and of the key.
func Approve(ctx context.Context, job ApproveJob, progress Progress) (*Result, error) {
	if err := cms.CheckCertificate(job.Key.Certificate(), job.now()); err != nil {
		return nil, err // before anything else: it costs nothing
	}
	src, err := openSource(ctx, job.Common, progress)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	if job.Plan != nil {
		if _, err := src.sum(job.Plan); err != nil {
			return nil, err
		}
	}
	a, err := job.plan(ctx, src)
	if err != nil {
		return nil, err
	}
	o, err := newOutput(job.Source, job.Out, ".daky")
	if err != nil {
		return nil, err
	}
	defer o.discard()
	made, after, err := src.write(ctx, a.signature, o, job.Common, progress)
	if err != nil {
		return nil, err
	}
	r := a.result(SignaturePart, job.Override)
	return r, src.finish(o, made, after, r, progress)
}

// PlaceError is an ErrNoPlace with what was found instead: candidates to choose
// from, or reasons why there are none.
type PlaceError struct{ Found *layout.Found }

func (e *PlaceError) Error() string {
	return fmt.Sprintf("%v: %d candidates, reasons %v", ErrNoPlace, len(e.Found.Blocks), e.Found.Reasons)
}

// Unwrap makes errors.Is(err, ErrNoPlace) true.
func (e *PlaceError) Unwrap() error { return ErrNoPlace }

// approval is the plan of a signature, ready to be written.
type approval struct {
	Plan
	request   pades.Request
	signature *pades.Plan
}

// plan decides everything about the signature. With an error it comes as far as
// it got.
func (job *ApproveJob) plan(ctx context.Context, src *source) (*approval, error) {
	a := &approval{Plan: Plan{Before: src.before}}
	if err := a.checkRole(job.Common, report.Person); err != nil {
		return a, err
	}
	holder := cms.DisplayName(job.Key.Certificate())
	a.Name.Holder = holder
	first := len(src.before.Signatures) == 0
	if !job.Invisible && job.Field == "" || first && !job.NoSlots && job.Slots == nil {
		o := job.options(holder)
		o.W, o.H = job.Width, job.Height
		var err error
		if a.Found, err = layout.Find(ctx, src.File, o); err != nil {
			return a, err
		}
	}
	a.request = pades.Request{
		Key: job.key(), PSS: job.PSS, TSA: job.TSA, Time: job.now(),
		Name: holder, Reason: job.Reason, Location: job.Location, Field: job.Field,
	}
	if err := job.show(src, a); err != nil {
		return a, err
	}
	if err := job.leaveSlots(ctx, src, a, first); err != nil {
		return a, err
	}
	var err error
	a.signature, err = pades.NewPlan(src.File, a.request)
	return a, err
}

// show decides where the picture goes.
func (job *ApproveJob) show(src *source, a *approval) error {
	m := Mark{Part: SignaturePart, Field: job.Field, Picture: job.Picture}
	if job.Invisible {
		a.Marks = append(a.Marks, m)
		return nil
	}
	p, missing := picture(job.Picture)
	if job.Field != "" {
		return job.inField(src, p, missing, m, a)
	}
	switch b, sure := a.Found.Sure(); {
	case job.At != nil:
		m.Place = *job.At
	case job.Initials:
		var err error
		if m.Place, err = presetPlace(src.File, true); err != nil {
			return err
		}
		m.Origin = Preset
		a.Notes = append(a.Notes, NotePresetPlace)
	case sure:
		m.Place, m.Origin = Place{b.Page, b.Box}, FoundBlock
	default:
		return &PlaceError{a.Found}
	}
	if m.W <= 0 || m.H <= 0 {
		return pades.ErrPlace
	}
	if p != nil {
		m.Box = fitted(m.Box, p)
		a.request.Page, a.request.Box, a.request.Look = m.Page, m.Box, appearance.SignatureLook(p, m.W, m.H)
	}
	a.Marks = append(a.Marks, m)
	if !job.Initials {
		a.compareName(a.Found, m.Place)
	}
	return missing
}

// inField shows the picture in a signature field that the document brings.
func (job *ApproveJob) inField(src *source, p *appearance.Picture, missing error, m Mark, a *approval) error {
	fl, err := src.Field(job.Field)
	if err != nil {
		return err
	}
	m.Origin = OwnField
	if len(fl.Widgets) > 0 {
		w := fl.Widgets[0]
		if b := src.Box(w); w.Page != 0 && b.W >= 0.1 && b.H >= 0.1 { // else an invisible field
			m.Place = Place{w.Page, b}
			if p != nil {
				a.request.Look = appearance.SignatureLook(p, b.W, b.H)
			}
		}
	}
	a.Marks = append(a.Marks, m)
	return missing
}

// leaveSlots makes the fields for the clerk, in the first signature only: fields
// added after a signature would break it.
func (job *ApproveJob) leaveSlots(ctx context.Context, src *source, a *approval, first bool) error {
	slots := job.Slots
	switch {
	case job.NoSlots:
		return nil
	case !first:
		if len(slots) > 0 {
			a.Notes = append(a.Notes, NoteNoSlots)
		}
		return nil
	case slots == nil:
		t, _, err := readPage(ctx, src.File, 1, job.options(""))
		if err != nil {
			return err
		}
		slots = sureSlots(t, a.Found, job.profile())
	}
	for _, f := range slotFields { // in this order, whatever the job's is
		for _, s := range slots {
			if s.Part == f.part {
				a.request.Text = append(a.request.Text, pades.TextField{Name: f.name, Page: s.Page, Box: s.Box, Size: s.size()})
				a.Marks = append(a.Marks, Mark{Part: s.Part, Place: s.Place, Field: f.name, Size: s.size()})
			}
		}
	}
	return nil
}
