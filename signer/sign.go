package signer

import (
	"context"
	"fmt"
	"os"

	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/trust"
	"antin/signer/verify"
)

// source is the document of a job, opened and judged.
type source struct {
	*pdffile.File
	path   string
	mode   os.FileMode
	before *verify.Report
}

// openSource opens the document and checks its structure and its signatures.
func openSource(ctx context.Context, c Common, progress Progress) (*source, error) {
	st, err := os.Stat(c.Source)
	if err != nil {
		return nil, err
	}
	progress.at(Reading)
	f, err := pdffile.Open(c.Source, pdffile.Options{Password: c.Password})
	if err != nil {
		return nil, err
	}
	s := &source{File: f, path: c.Source, mode: st.Mode()}
	if err := s.check(ctx, c); err != nil {
		_ = f.Close() // it was only read
		return nil, err
	}
	return s, nil
}

func (s *source) check(ctx context.Context, c Common) error {
	if err := s.Check(); err != nil {
		return err
	}
	var err error
	if s.before, err = verify.Document(ctx, s.File, verify.Options{Store: c.Trust, At: c.now()}); err != nil {
		return err
	}
	for _, sig := range s.before.Signatures {
		if !sig.Intact() && !c.EvenIfBroken {
			return fmt.Errorf("signature %q: %w: %w", sig.Field, ErrBrokenSignature, reason(&sig))
		}
		if !c.EvenIfSigned && sig.Signer != nil && sig.Signer.Equal(c.Key.Certificate()) && sig.Kind != verify.DocTimeStamp {
			return fmt.Errorf("signature %q: %w", sig.Field, ErrAlreadySigned)
		}
	}
	return nil
}

// reason is why a signature is not intact.
func reason(s *verify.Signature) error {
	if s.Crypto != nil {
		return s.Crypto
	}
	for _, c := range s.Changes {
		if c.Forbidden {
			return fmt.Errorf("changed after signing: %s", c.Detail)
		}
	}
	return s.Err
}

func (p Progress) at(s Stage) {
	if p != nil {
		p(s, 0, 0)
	}
}

// writable is a signature or a document time-stamp that was planned.
type writable interface {
	Write(ctx context.Context, t pades.Target, progress pades.Progress) (*pades.Made, error)
}

// write signs into o and checks what came out: the new signature is right and
// covers the whole file, the earlier ones are as they were.
func (s *source) write(ctx context.Context, plan writable, o *output, c Common, progress Progress) (*pades.Made, *verify.Report, error) {
	made, err := plan.Write(ctx, o, func(done, total int64) {
		if progress != nil {
			stage := Writing
			if done == total {
				stage = AskingKey
				if c.Key == nil {
					stage = AskingTSA
				}
			}
			progress(stage, done, total)
		}
	})
	if err != nil {
		return nil, nil, o.failed(err)
	}
	o.settle(s.mode)
	progress.at(Verifying)
	report, err := s.reread(ctx, o, made, c.Trust, c)
	return made, report, err
}

func (s *source) reread(ctx context.Context, o *output, made *pades.Made, store *trust.Store, c Common) (*verify.Report, error) {
	f, err := pdffile.Read(o, made.Size, pdffile.Options{Password: c.Password})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotVerified, err)
	}
	report, err := verify.Document(ctx, f, verify.Options{Store: store, At: c.now()})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotVerified, err)
	}
	if n := len(s.before.Signatures); len(report.Signatures) != n+1 {
		return nil, fmt.Errorf("%w: %d signatures after %d", ErrNotVerified, len(report.Signatures), n)
	}
	for i := range report.Signatures {
		now := &report.Signatures[i]
		if now.Field == made.Field {
			if !now.Intact() || !now.CoversFile {
				return nil, fmt.Errorf("%w: %w", ErrNotVerified, reason(now))
			}
			continue
		}
		for j := range s.before.Signatures {
			if was := &s.before.Signatures[j]; was.Field == now.Field && was.Intact() && !now.Intact() {
				return nil, fmt.Errorf("signature %q: %w: %w", now.Field, ErrOldSignatureHurt, reason(now))
			}
		}
	}
	return report, nil
}

// finish publishes the output and fills in the result.
func (s *source) finish(o *output, made *pades.Made, report *verify.Report, r *Result, progress Progress) error {
	progress.at(Saving)
	path, sum, err := o.publish(s.mode)
	if err != nil {
		return err
	}
	r.Source, r.Output, r.SHA256, r.Size = s.path, path, sum, made.Size
	r.Field, r.SignedAt, r.StampProblem, r.Report = made.Field, made.SignedAt, made.StampProblem, report
	r.Level = "B-B"
	switch {
	case made.StampProblem != nil:
		r.Notes = append(r.Notes, NoteNoStamp)
	case made.Stamp != nil:
		r.Level = "B-T"
		if !made.Stamp.Trusted {
			r.Notes = append(r.Notes, NoteStampUntrusted)
		}
	}
	if r.Place != (Place{}) && s.PDFA().Part != 0 && !s.keepsPDFA() { // what is not seen has no colours
		r.Notes = append(r.Notes, NotePDFA)
	}
	return nil
}

// keepsPDFA tells whether a revision of ours can keep the claim: colours are
// DeviceRGB and need an RGB output intent; PDF/A-4 has rules of its own.
func (s *source) keepsPDFA() bool {
	c := s.PDFA()
	return c.Part >= 1 && c.Part <= 3 && c.OutputIntentRGB
}
