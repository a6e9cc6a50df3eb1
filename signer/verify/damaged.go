package verify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"antin/signer/pdffile"
)

// Bounds of the search for the readable part of a damaged file.
const (
	maxPrefixes   = 64
	maxPrefixTail = 64 << 20 // bytes from the end
	maxJudged     = 16       // readable parts whose form or page tree is tried
)

// ErrUnreadable is the fault of a signature in a part of the file that cannot be
// read: it is listed, and nothing can be said for it.
var ErrUnreadable = errors.New("verify: the signature stands in a part of the file that cannot be read")

// Limits are those of Open and Damaged where the caller gives none: what may be
// spent on a file that came from anywhere, within 10 s and 512 MB in all. Callers
// that open a document themselves for Document should use them.
func Limits() pdffile.Limits {
	return pdffile.Limits{Objects: 1 << 19, Stream: 32 << 20, ObjectMem: 64 << 20}
}

func limited(l pdffile.Limits) pdffile.Limits {
	d := Limits()
	if l.Objects <= 0 {
		l.Objects = d.Objects
	}
	if l.Stream <= 0 {
		l.Stream = d.Stream
	}
	if l.ObjectMem <= 0 {
		l.ObjectMem = d.ObjectMem
	}
	return l
}

// Open judges the file at path: it is the entry for callers that have no opened
// document. A file that pdffile refuses as damaged goes to Damaged. Errors are
// those of Damaged and of the file system.
func Open(ctx context.Context, path string, p pdffile.Options, o Options) (*Report, error) {
	h, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	st, err := h.Stat()
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: not a regular file", pdffile.ErrNotPDF)
	}
	return Damaged(ctx, h, st.Size(), p, o)
}

// Damaged is Open for size bytes of any source. What pdffile.Read takes goes to
// Document. A file that it refuses because of what stands at its end
// (ErrTrailing, ErrTruncated, ErrDamaged), such as bytes behind the last update
// or an update that does not parse, may look sound elsewhere: some readers repair
// it and show what was put there. So the longest part that can be read is judged,
// and all behind it counts as a forbidden change after every signature.
//
// Signature dictionaries in bytes that cannot be read are listed with
// FORMAT_FAILURE and ErrUnreadable, or with GENERIC where a limit of this program
// was the reason, also when no part of the file can be read. The error of pdffile
// is returned when there is neither a readable part nor such a dictionary, and
// where a password is missing (ErrPassword, ErrEncryption), unless a part before
// needs none.
func Damaged(ctx context.Context, src io.ReaderAt, size int64, p pdffile.Options, o Options) (*Report, error) {
	p.Limits = limited(p.Limits)
	f, err := pdffile.Read(src, size, p)
	if err == nil {
		return Document(ctx, f, o)
	}
	if errors.Is(err, pdffile.ErrNotPDF) && !headed(src, size) || !errors.Is(err, pdffile.ErrNotPDF) && !unreadable(err) && !closed(err) {
		return nil, err
	}
	return fallBack(ctx, src, size, Change{Kind: ForeignBytes}, err, o, func(yield func(*pdffile.File, int64) bool) {
		if !errors.Is(err, pdffile.ErrNotPDF) {
			endMarks(ctx, src, size, func(end int64) bool {
				f, unreadable := pdffile.Read(src, end, p)
				return unreadable != nil || yield(f, end)
			})
		}
	})
}

// unreadable tells whether another part of the file may do better.
func unreadable(err error) bool {
	for _, e := range []error{pdffile.ErrTrailing, pdffile.ErrTruncated, pdffile.ErrDamaged, pdffile.ErrLimit} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// closed tells whether a password might help.
func closed(err error) bool {
	return errors.Is(err, pdffile.ErrPassword) || errors.Is(err, pdffile.ErrEncryption)
}

// headed tells whether readers may take the file for a PDF though its header is
// not at the first byte (ISO 32000-1, annex H, note 13).
func headed(src io.ReaderAt, size int64) bool {
	b := make([]byte, min(size, 1024))
	n, _ := src.ReadAt(b, 0)
	return bytes.Contains(b[:n], []byte("%PDF-"))
}

// fallBack judges the first of the states that can be judged, and makes all
// behind it, which is unreadable for the reason why, a forbidden change.
func fallBack(ctx context.Context, src io.ReaderAt, size int64, c Change, why error, o Options, states func(func(*pdffile.File, int64) bool)) (*Report, error) {
	var r *Report
	var from int64
	tried := 0
	states(func(f *pdffile.File, end int64) bool {
		judged, err := judge(ctx, f, o)
		if err == nil {
			r, from = judged, end
			return false
		}
		tried++
		return tried < maxJudged && ctx.Err() == nil
	})
	if r == nil && closed(why) {
		return nil, why
	}
	if r == nil {
		r = &Report{Time: o.control()}
	}
	c.Revision, c.Forbidden = r.Revisions+1, true
	c.Detail = fmt.Sprintf("%d bytes from byte %d on: %v", size-from, from, why)
	for i := range r.Signatures {
		s := &r.Signatures[i]
		s.CoversFile = false
		s.Changes = append(s.Changes, c)
	}
	lost, err := scan(ctx, src, from, size, nil)
	if err != nil {
		return nil, err
	}
	for _, l := range lost {
		r.Signatures = append(r.Signatures, unread(l, why))
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if from == 0 && len(lost) == 0 {
		return nil, why
	}
	return r, nil
}

// unread is a signature of which nothing but its dictionary was seen.
func unread(l Orphan, why error) Signature {
	s := Signature{Kind: Approval, Indication: TotalFailed, SubIndication: FormatFailure}
	if errors.Is(why, pdffile.ErrLimit) {
		s.Indication, s.SubIndication = Indeterminate, Generic
	}
	s.Err = fmt.Errorf("%w: byte %d, object %d: %w", ErrUnreadable, l.Offset, l.Object, why)
	s.Crypto = s.Err
	return s
}

// endMarks gives the places behind each %%EOF and its line end, last first,
// until found says no.
func endMarks(ctx context.Context, src io.ReaderAt, size int64, found func(int64) bool) {
	const block, mark = 1 << 20, "%%EOF"
	buf := make([]byte, block+len(mark)+1)
	count := 0
	for to := size; to > max(0, size-maxPrefixTail) && ctx.Err() == nil; to -= block {
		from := max(0, to-block)
		n, err := src.ReadAt(buf[:min(int64(len(buf)), size-from)], from)
		if err != nil && !errors.Is(err, io.EOF) {
			return
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
			if count++; count > maxPrefixes || !found(from+int64(end)) {
				return
			}
		}
	}
}
