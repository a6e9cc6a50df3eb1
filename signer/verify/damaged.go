package verify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"antin/signer/pdffile"
)

// Bounds of the search for the readable part of a damaged file.
const (
	maxPrefixes   = 64
	maxPrefixTail = 64 << 20 // bytes from the end
)

// Damaged judges a file that pdffile.Read refuses because of what stands at its
// end (ErrTrailing, ErrTruncated, ErrDamaged): bytes behind the last update, or
// an update that does not parse. Some readers repair such files and show what
// was put there. The longest part that can be read is judged, and all behind
// it counts as a forbidden change after every signature, so the verdict is
// Invalid or Unsigned. Without a readable part the error of pdffile is returned.
func Damaged(ctx context.Context, src io.ReaderAt, size int64, p pdffile.Options, o Options) (*Report, error) {
	f, err := pdffile.Read(src, size, p)
	if err == nil {
		return Document(ctx, f, o)
	}
	if !errors.Is(err, pdffile.ErrTrailing) && !errors.Is(err, pdffile.ErrTruncated) && !errors.Is(err, pdffile.ErrDamaged) {
		return nil, err
	}
	marks, failure := endMarks(ctx, src, size)
	if failure != nil {
		return nil, failure
	}
	for _, end := range marks {
		f, unreadable := pdffile.Read(src, end, p)
		if unreadable != nil {
			continue
		}
		r, unreadable := Document(ctx, f, o)
		if unreadable != nil {
			if ctx.Err() != nil {
				return nil, unreadable
			}
			continue
		}
		for i := range r.Signatures {
			s := &r.Signatures[i]
			s.CoversFile = false
			s.Changes = append(s.Changes, Change{
				Revision: r.Revisions + 1, Kind: ForeignBytes, Forbidden: true,
				Detail: fmt.Sprintf("%d bytes from byte %d on: %v", size-end, end, err),
			})
		}
		return r, nil
	}
	return nil, err
}

// endMarks are the places behind each %%EOF and its line end, last first.
func endMarks(ctx context.Context, src io.ReaderAt, size int64) ([]int64, error) {
	var out []int64
	const block, mark = 1 << 20, "%%EOF"
	buf := make([]byte, block+len(mark)+1)
	for to := size; to > max(0, size-maxPrefixTail) && len(out) < maxPrefixes; to -= block {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		from := max(0, to-block)
		n, err := src.ReadAt(buf[:min(int64(len(buf)), size-from)], from)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		b := buf[:n]
		for at := bytes.LastIndex(b, []byte(mark)); at >= 0; at = bytes.LastIndex(b[:at], []byte(mark)) {
			if from+int64(at) >= to {
				continue // belongs to the block behind
			}
			end := at + len(mark)
			if end < n && b[end] == '\r' {
				end++
			}
			if end < n && b[end] == '\n' {
				end++
			}
			out = append(out, from+int64(end))
		}
	}
	return out[:min(len(out), maxPrefixes)], nil
}
