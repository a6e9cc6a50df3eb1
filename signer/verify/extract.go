package verify

import (
	"errors"
	"fmt"
	"io"
)

// ErrNoRevision is returned by Extract for a signature that covers no revision
// of the document.
var ErrNoRevision = errors.New("verify: no signed revision")

// Extract gives the document as signature number n of the report covered it, n
// from 1: the first Signature.End bytes of the file, /Contents included, which are
// the signed bytes only if Signature.Crypto is nil. src is the file that was
// judged. Errors: ErrNoRevision.
func (r *Report) Extract(src io.ReaderAt, n int) (*io.SectionReader, error) {
	if n < 1 || n > len(r.Signatures) {
		return nil, fmt.Errorf("%w: signature %d of %d", ErrNoRevision, n, len(r.Signatures))
	}
	s := &r.Signatures[n-1]
	if s.Revision == 0 || s.End <= 0 {
		return nil, fmt.Errorf("%w: of signature %d: %w", ErrNoRevision, n, s.Crypto)
	}
	return io.NewSectionReader(src, 0, s.End), nil
}
