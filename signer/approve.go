package signer

import (
	"context"

	"antin/signer/appearance"
	"antin/signer/cms"
	"antin/signer/layout"
	"antin/signer/pades"
)

// Approve puts a leader's signature, or initials, on a document. The output is
// named x.daky.pdf. Errors: ErrBrokenSignature, ErrAlreadySigned, ErrNoPicture,
// ErrExists, ErrNoFolder, ErrCannotPut, ErrNotVerified, and those of pdffile,
// pades, cms, appearance and of the key.
func Approve(ctx context.Context, job ApproveJob, progress Progress) (*Result, error) {
	if err := cms.CheckCertificate(job.Key.Certificate(), job.now()); err != nil {
		return nil, err // before anything else: it costs nothing
	}
	src, err := openSource(ctx, job.Common, progress)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	r := &Result{}
	if err := job.findPlaces(ctx, src, r); err != nil {
		return nil, err
	}
	req, err := job.request(src, r)
	if err != nil {
		return nil, err
	}
	plan, err := pades.NewPlan(src.File, req)
	if err != nil {
		return nil, err
	}
	o, err := newOutput(job.Source, job.Out, ".daky")
	if err != nil {
		return nil, err
	}
	defer o.discard()
	made, report, err := src.write(ctx, plan, o, job.Common, progress)
	if err != nil {
		return nil, err
	}
	return r, src.finish(o, made, report, r, progress)
}

// findPlaces reads the document like a clerk and fills in the places that the
// job leaves open: the signing block of the certificate's holder, when there is
// no doubt about it, and the slots of number and date.
func (job *ApproveJob) findPlaces(ctx context.Context, src *source, r *Result) error {
	wantBlock := job.At == nil && job.Field == "" && !job.Invisible && !job.Initials
	wantSlots := !job.NoSlots && job.Number == nil && job.Date == nil && len(src.before.Signatures) == 0
	if !wantBlock && !wantSlots {
		return nil
	}
	found, err := layout.Find(ctx, src.File, layout.Options{Name: cms.DisplayName(job.Key.Certificate())})
	if err != nil {
		return err
	}
	if b, sure := found.Sure(); wantBlock && sure {
		job.At, r.Origin = &Place{b.Page, b.Box}, FoundBlock
	}
	if n, d := found.Number, found.Date; wantSlots && n.State == layout.Open && d.State == layout.Open &&
		min(n.Confidence, d.Confidence) >= layout.Sufficient {
		if job.Number, err = SlotAt(n.Slot.Page, n.Slot.X, n.Slot.Baseline, n.Slot.W, n.Slot.Size); err != nil {
			return err
		}
		job.Date, err = SlotAt(d.Whole.Page, d.Whole.X, d.Whole.Baseline, d.Whole.W, d.Whole.Size)
	}
	return err
}

// request turns the job into one signature.
func (job *ApproveJob) request(src *source, r *Result) (pades.Request, error) {
	q := pades.Request{
		Key: job.key(), PSS: job.PSS, TSA: job.TSA, Time: job.now(),
		Name: cms.DisplayName(job.Key.Certificate()), Reason: job.Reason, Location: job.Location, Field: job.Field,
	}
	if len(src.before.Signatures) == 0 && (job.Number != nil || job.Date != nil) {
		q.Text = textFields(job.Number, job.Date)
	} else if job.Number != nil || job.Date != nil {
		r.Notes = append(r.Notes, NoteNoSlots) // fields added after a signature would break it
	}
	if job.Invisible {
		return q, nil
	}
	p, err := picture(job.Picture)
	if err != nil {
		return q, err
	}
	if job.Field != "" {
		return q, job.inField(src, p, &q, r)
	}
	place := Place{}
	switch {
	case job.At != nil:
		place = *job.At
	default:
		if place, err = presetPlace(src.File, job.Initials); err != nil {
			return q, err
		}
		r.Origin = Preset
		r.Notes = append(r.Notes, NotePresetPlace)
	}
	if place.W <= 0 || place.H <= 0 {
		return q, pades.ErrPlace
	}
	place.Box = fitted(place.Box, p)
	r.Place = place
	q.Page, q.Box, q.Look = place.Page, place.Box, appearance.SignatureLook(p, place.W, place.H)
	return q, nil
}

// inField shows the picture in a signature field that the document brings.
func (job *ApproveJob) inField(src *source, p *appearance.Picture, q *pades.Request, r *Result) error {
	fl, err := src.Field(job.Field)
	if err != nil {
		return err
	}
	r.Origin = OwnField
	if len(fl.Widgets) == 0 {
		return nil
	}
	w := fl.Widgets[0]
	b := src.Box(w)
	if w.Page == 0 || b.W < 0.1 || b.H < 0.1 { // an invisible field
		return nil
	}
	r.Place = Place{w.Page, b}
	q.Look = appearance.SignatureLook(p, b.W, b.H)
	return nil
}
