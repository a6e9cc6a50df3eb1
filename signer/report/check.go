package report

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"time"

	"antin/signer/pdffile"
	"antin/signer/verify"
)

// CheckOptions for Check. The zero value trusts nobody, knows no roles and judges for now.
type CheckOptions struct {
	verify.Options
	Roles Roles
}

// Check judges an opened document: its signatures, its pictures, and its digest
// over the same bytes. The report is nil when the document could not be judged;
// the Document says why. An error is only that ctx has ended or the source could
// not be read.
func Check(ctx context.Context, f *pdffile.File, name string, o CheckOptions) (Document, *verify.Report, error) {
	if o.At.IsZero() {
		o.At = time.Now()
	}
	sum, err := digest(ctx, f.Source())
	if err != nil {
		return Document{}, nil, fmt.Errorf("report: reading the document: %w", err)
	}
	in := Input{Name: name, Size: f.Size(), SHA256: sum, Time: o.At, Roles: o.Roles}
	in.Report, in.Err = verify.Document(ctx, f, o.Options)
	if in.Report != nil {
		if in.Gallery, err = Pictures(ctx, f); err != nil && ctx.Err() == nil {
			in.Gallery = nil // nobody looked, and the document says so
		}
	}
	if ctx.Err() != nil {
		return Document{}, nil, ctx.Err()
	}
	return Examine(in), in.Report, nil
}

// Unread is the document that could not be opened at all.
func Unread(name string, size int64, err error, at time.Time) Document {
	if at.IsZero() {
		at = time.Now()
	}
	return Examine(Input{Name: name, Size: size, Err: err, Time: at})
}

func digest(ctx context.Context, r io.Reader) (sum [sha256.Size]byte, err error) {
	h := sha256.New()
	buf := make([]byte, 1<<20)
	for {
		if err := ctx.Err(); err != nil {
			return sum, err
		}
		n, err := r.Read(buf)
		h.Write(buf[:n])
		if err == io.EOF {
			h.Sum(sum[:0])
			return sum, nil
		}
		if err != nil {
			return sum, err
		}
	}
}
