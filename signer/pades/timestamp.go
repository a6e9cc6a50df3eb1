package pades

import (
	"context"
	"fmt"

	"antin/signer/cms"
	"antin/signer/pdffile"
)

// timeStampFormat names the format of a document time-stamp (ISO 32000-2, 12.8.5).
const timeStampFormat = "ETSI.RFC3161"

// TimeStampPlan is a document time-stamp, ready to be written: a revision of its
// own that proves that all before it existed (EN 319 142-1, 5.4.3).
type TimeStampPlan struct {
	plan Plan
	tsa  cms.TSA
}

// NewTimeStampPlan checks the document and prepares the revision; nothing is
// written and nobody is asked. No signature's restrictions stand in the way: a
// document time-stamp in a new invisible field is no change even to a document
// that is certified against all of them, and touches no locked field (ISO
// 32000-2, 12.8.2.2). Errors: ErrPermission, ErrDynamicForm, ErrUsageRights, ErrField,
// and those of pdffile.
func NewTimeStampPlan(f *pdffile.File, tsa cms.TSA) (*TimeStampPlan, error) {
	p := Plan{file: f, update: f.NewUpdate()}
	if err := p.checkForm(); err != nil {
		return nil, err
	}
	p.signature = p.update.Add(pdffile.Dict{
		"Type": pdffile.Name("DocTimeStamp"), "Filter": pdffile.Name("Adobe.PPKLite"), "SubFilter": pdffile.Name(timeStampFormat),
		"ByteRange": pdffile.ByteRangeSlot{}, "Contents": pdffile.ContentsSlot{Bytes: cms.TokenSize},
	})
	field, err := p.newSignatureField("AnTin_DauThoiGian_")
	if err != nil {
		return nil, err
	}
	return &TimeStampPlan{p, tsa}, p.setForm(field)
}

// Write streams the source and the new revision to t, which must be empty, and
// asks the authority once. The token is checked before it is put in, as
// cms.TSA.StampDigest says; its errors are returned, and ErrTooLarge. After an
// error t holds no valid document and is to be thrown away.
func (s *TimeStampPlan) Write(ctx context.Context, t Target, progress Progress) (*Made, error) {
	tail, digest, err := s.plan.stream(ctx, t, s.tsa.Digest(), progress)
	if err != nil {
		return nil, err
	}
	token, err := s.tsa.StampDigest(ctx, digest)
	if err != nil {
		return nil, fmt.Errorf("time-stamping: %w", err)
	}
	if err := putContents(t, tail, token.DER); err != nil {
		return nil, err
	}
	return &Made{Field: s.plan.field, Size: tail.Size(), Source: tail.Start, SignedAt: token.Time, Stamp: token}, nil
}
