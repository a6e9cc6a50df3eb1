package verify

import (
	"bytes"
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
// field reaches. Nothing found so is believed: a person is told.
func (d *document) findOrphans() ([]Orphan, error) {
	var known []span
	for _, s := range d.signatures {
		ref := s.source.Ref
		if ref == (pdffile.Ref{}) {
			ref = s.source.Field.Ref
		}
		if from, to, _, err := d.file.Place(ref.Num); err == nil {
			known = append(known, span{from, to, ref.Num})
		}
	}
	var out []Orphan
	src, size := d.file.Source(), d.file.Size()
	buf := make([]byte, min(orphanWindow, size))
	const overlap = 64
	for at := int64(0); at < size && len(out) < maxOrphans; at += int64(len(buf) - overlap) {
		if err := d.ctx.Err(); err != nil {
			return nil, err
		}
		n, err := src.ReadAt(buf, at)
		if err != nil && err != io.EOF {
			return nil, err
		}
		for from := 0; ; {
			i := bytes.Index(buf[from:n], []byte("/ByteRange"))
			if i < 0 {
				break
			}
			from += i + 1
			place := at + int64(from) - 1
			if !byteRangeKey.Match(buf[from-1:min(n, from+overlap)]) || reached(known, place) || seen(out, place) {
				continue
			}
			if out = append(out, Orphan{Offset: place, Object: objectBefore(src, place)}); len(out) == maxOrphans {
				break
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
