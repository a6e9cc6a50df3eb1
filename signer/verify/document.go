package verify

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"slices"
	"time"

	"antin/signer/pdffile"
	"antin/signer/trust"
)

// Options for Document. The zero value trusts nobody and judges for now.
type Options struct {
	Store *trust.Store // anchors, CA certificates, revocation lists; nil = none
	At    time.Time    // control time (EN 319 102-1, 3.1); zero = now
	Fetch *trust.Fetch // how missing issuers and revocation data may be fetched; nil = no connection is made
}

func (o Options) control() time.Time {
	if o.At.IsZero() {
		return time.Now()
	}
	return o.At
}

// Bounds of the work on one document.
const (
	maxSignatures = 256
	maxStates     = 4 // revisions that are held in memory beside the newest
)

// ErrTooMany is returned for a document with more signature fields than are looked at.
var ErrTooMany = errors.New("verify: too many signatures")

// Document judges every filled signature field of f and what was changed after
// it. What is wrong with a signature is in the report, and so is an update that
// spoils form or page tree: then the newest revision that can be read is judged,
// with all behind it as a forbidden change (see Damaged).
//
// An error means that the check itself could not be done: no revision can be
// read and none is signed (pdffile.ErrDamaged, ErrLimit), there are too many
// signatures (ErrTooMany), the source fails, or ctx has ended.
func Document(ctx context.Context, f *pdffile.File, o Options) (*Report, error) {
	r, err := judge(ctx, f, o)
	if err == nil || !unreadable(err) {
		return r, err
	}
	whole := f.Source()
	return fallBack(ctx, whole, whole.Size(), Change{Kind: BrokenUpdate}, err, o, func(yield func(*pdffile.File, int64) bool) {
		revisions := f.Revisions()
		for i := len(revisions) - 2; i >= 0; i-- {
			end := revisions[i].End
			if state, unreadable := f.At(end); unreadable == nil && !yield(state, end) {
				return
			}
		}
	})
}

// judge is Document for a file that can be read to its end.
func judge(ctx context.Context, f *pdffile.File, o Options) (r *Report, err error) {
	defer func() {
		if p := recover(); p != nil { // foreign bytes must cost one document, not the program
			r, err = nil, fmt.Errorf("verify: %w: %v", pdffile.ErrDamaged, p)
		}
	}()
	if o.Store == nil {
		o.Store = &trust.Store{}
	}
	o.At = o.control()
	sigs, err := f.Signatures()
	if err != nil {
		return nil, fmt.Errorf("verify: reading the signature fields: %w", err)
	}
	if len(sigs) > maxSignatures {
		return nil, fmt.Errorf("%w: %d", ErrTooMany, len(sigs))
	}
	d := &document{
		ctx: ctx, file: f, at: o.At, fetch: o.Fetch, store: o.Store.Layer(), archives: map[int64]*archive{}, archiveLeft: maxArchiveBytes,
		prefixes: map[crypto.Hash]*prefix{}, sums: map[summed][]byte{},
	}
	r = &Report{Revisions: len(f.Revisions()), Time: o.At}
	for _, s := range sigs {
		d.signatures = append(d.signatures, d.read(f, s))
	}
	if r.Orphans, err = d.findOrphans(); err != nil {
		return nil, err
	}
	r.Orphans = d.findRemoved(r.Orphans)
	d.checkNesting()
	for _, s := range d.signatures {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		d.guard(s, d.checkMessage)
	}
	if d.failure != nil {
		return nil, fmt.Errorf("verify: reading the document: %w", d.failure)
	}
	d.checkCertification()
	d.gatherEvidence()
	for _, s := range d.signatures {
		d.gatherFrom(s)
	}
	d.judgeAll()
	if err := d.findChanges(); err != nil {
		return nil, err
	}
	for _, s := range d.signatures {
		slices.SortStableFunc(s.Changes, func(a, b Change) int { return a.Revision - b.Revision })
		r.Signatures = append(r.Signatures, s.Signature)
	}
	return r, nil
}

// document is the work on one file.
type document struct {
	ctx        context.Context
	file       *pdffile.File
	store      *trust.Store // the caller's, and over it what the document brings along
	at         time.Time    // control time
	fetch      *trust.Fetch // nil = offline
	signatures []*signature
	states     []*pdffile.File // some earlier states, the last used at the end
	failure    error           // the source could not be read, or ctx has ended

	prefixes map[crypto.Hash]*prefix // see digest
	sums     map[summed][]byte

	archives    map[int64]*archive // of the state that ended at a byte
	archiveLeft int64              // bytes that archives may still take
}

// signature is a Signature with what is needed to judge it.
type signature struct {
	Signature
	source pdffile.Signature // as the last revision has it that has it
	in     *pdffile.File     // that revision; nil after it was read, when it is an earlier one
	known  bool              // the byte range can be used
	dict   pdffile.Dict      // as signed
	message
}

// state is the document as it ended at byte n.
func (d *document) state(n int64) (*pdffile.File, error) {
	if n == d.file.Size() {
		return d.file, nil
	}
	i := slices.IndexFunc(d.states, func(f *pdffile.File) bool { return f.Size() == n })
	var f *pdffile.File
	switch {
	case i >= 0:
		f = d.states[i]
		d.states = slices.Delete(d.states, i, i+1)
	default:
		var err error
		if f, err = d.file.At(n); err != nil {
			return nil, err
		}
		if len(d.states) == maxStates {
			d.states = slices.Delete(d.states, 0, 1)
		}
	}
	d.states = append(d.states, f)
	return f, nil
}

// fail gives a signature its indication; the first reason counts.
func (s *signature) fail(i Indication, sub SubIndication, err error) {
	if s.Indication == "" {
		s.Indication, s.SubIndication, s.Err = i, sub, err
	}
}

// broken is fail for faults of the signature itself, whoever made it.
func (s *signature) broken(i Indication, sub SubIndication, err error) {
	if s.Crypto == nil {
		s.Crypto = err
	}
	s.fail(i, sub, err)
}

func (s *signature) warn(w Warning) {
	if !slices.Contains(s.Warnings, w) {
		s.Warnings = append(s.Warnings, w)
	}
}

// guard runs one step of the work on s; a panic is that signature's failure.
func (d *document) guard(s *signature, step func(*signature)) {
	defer func() {
		if p := recover(); p != nil {
			s.broken(TotalFailed, FormatFailure, fmt.Errorf("verify: unreadable: %v", p))
		}
	}()
	if s.Indication == "" {
		step(s)
	}
}
