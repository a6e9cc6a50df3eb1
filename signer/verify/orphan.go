package verify

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"strconv"

	"antin/signer/pdffile"
)

// Bounds of the search for orphans.
const (
	maxOrphans   = 100
	orphanWindow = 4 << 20 // bytes read at once
	orphanHead   = 256 << 10
)

var (
	byteRangeKey = regexp.MustCompile(`/ByteRange[\s\x00]*\[`)
	objectHead   = regexp.MustCompile(`(?:^|[\s\x00])(\d{1,10})[\s\x00]+\d{1,5}[\s\x00]+obj`)
)

// findOrphans searches the bytes of the file for signature dictionaries that no
// field of the newest revision reaches.
func (d *document) findOrphans() ([]Orphan, error) {
	var known []span
	for _, s := range d.signatures {
		known = append(known, s.spans()...)
	}
	return scan(d.ctx, d.file.Source(), 0, d.file.Size(), known)
}

// spans is where the dictionary of a signature lies.
func (s *signature) spans() []span {
	ref := s.source.Ref
	if ref == (pdffile.Ref{}) {
		ref = s.source.Field.Ref
	}
	from, to, _, err := s.in.Place(ref.Num)
	if err != nil {
		return nil
	}
	return []span{{from, to, ref.Num}}
}

// scan lists what looks like a signature dictionary in bytes [from, to), except
// where those known lie. Nothing found so is believed: a person is told.
func scan(ctx context.Context, src io.ReaderAt, from, to int64, known []span) ([]Orphan, error) {
	var out []Orphan
	buf := make([]byte, min(orphanWindow, to-from))
	const overlap = 64
	for at := from; at < to && len(out) < maxOrphans; at += int64(len(buf) - overlap) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n, err := src.ReadAt(buf[:min(int64(len(buf)), to-at)], at)
		if err != nil && err != io.EOF {
			return nil, err
		}
		for next := 0; len(out) < maxOrphans; {
			i := bytes.Index(buf[next:n], []byte("/ByteRange"))
			if i < 0 {
				break
			}
			next += i + 1
			place := at + int64(next) - 1
			if byteRangeKey.Match(buf[next-1:min(n, next+overlap)]) && !reached(known, place) && !seen(out, place) {
				out = append(out, Orphan{Offset: place, Object: objectBefore(src, place)})
			}
		}
		if len(buf) <= overlap {
			break
		}
	}
	return out, nil
}

func reached(known []span, at int64) bool {
	for _, s := range known {
		if at >= s.from && at < s.to {
			return true
		}
	}
	return false
}

func seen(out []Orphan, at int64) bool { return len(out) > 0 && out[len(out)-1].Offset >= at }

// objectBefore is the number of the last object that begins before at.
func objectBefore(src io.ReaderAt, at int64) int {
	from := max(0, at-orphanHead)
	b := make([]byte, at-from)
	if n, _ := src.ReadAt(b, from); n < len(b) {
		return 0
	}
	last := bytes.LastIndex(b, []byte("obj"))
	for last >= 0 && bytes.HasSuffix(b[:last], []byte("end")) {
		last = bytes.LastIndex(b[:last], []byte("obj"))
	}
	if last < 0 {
		return 0
	}
	m := objectHead.FindSubmatch(b[max(0, last-32) : last+3])
	if m == nil {
		return 0
	}
	num, _ := strconv.Atoi(string(m[1]))
	return num
}
