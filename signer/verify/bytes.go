package verify

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"

	"antin/signer/pdffile"
)

// span is bytes [from, to) of the file and what they are.
type span struct {
	from, to int64
	object   int
}

// accountBytes wants every byte between the two states to belong to a
// well-formed update: the objects that its cross-reference section lists, the
// section, and "startxref … %%EOF". Readers that repair files would find
// anything else and show it.
func (s *step) accountBytes() {
	listing := s.new.Newest()
	if listing.Start == s.old.Newest().Start { // no update at all
		s.wantBlank(s.from, s.to, false)
		return
	}
	if listing.Prev != s.old.Newest().Start {
		s.forbid(BrokenUpdate, 0, fmt.Sprintf("the update continues the one at byte %d, not the one at %d", listing.Prev, s.old.Newest().Start))
	}
	if listing.Kind == pdffile.XRefHybrid { // two lists of objects, ISO 32000-1, 7.5.8.4
		s.forbid(BrokenUpdate, 0, "hybrid cross-reference")
	}
	if listing.Start < s.from || listing.EOF == 0 || listing.EOF > s.to {
		s.forbid(BrokenUpdate, 0, "the update has no cross-reference section with startxref and %%EOF of its own")
		return
	}
	spans := append(s.objectSpans(listing), span{listing.Start, listing.End, 0}, span{listing.End, listing.EOF, 0})
	s.checkSection(listing)
	slices.SortFunc(spans, func(a, b span) int { return int(a.from - b.from) })
	at := s.from
	for _, p := range spans {
		if p.from < at {
			s.forbid(BrokenUpdate, p.object, fmt.Sprintf("two things share the bytes from %d on", p.from))
			return
		}
		s.wantBlank(at, p.from, true)
		at = p.to
	}
	s.wantBlank(at, s.to, false)
}

// objectSpans are the places of the objects that the update lists.
func (s *step) objectSpans(l pdffile.Listing) []span {
	var spans []span
	for _, n := range l.Numbers {
		if s.tallies[1].left > 0 {
			break
		}
		if n == l.Self || !s.new.Moved(s.old, n) {
			continue // the section itself; an old object listed again
		}
		if c := s.new.Container(n); c != 0 {
			if !slices.Contains(l.Numbers, c) {
				s.forbid(BrokenUpdate, n, "it lies in an object stream of an earlier update")
			}
			continue
		}
		from, to, _, err := s.new.Place(n)
		switch {
		case err != nil:
			s.forbid(BrokenUpdate, n, err.Error())
		case from < s.from || to > s.to:
			s.forbid(BrokenUpdate, n, "it lies outside the bytes of its update")
		default:
			spans = append(spans, span{from, to, n})
		}
	}
	return spans
}

var (
	trailerEnd = regexp.MustCompile(`^[\s\x00]*(?:%[ -~]{0,200}[\r\n]+[\s\x00]*)*startxref[\s\x00]+\d+[\s\x00]+%%EOF\r?\n?$`)
	tableBody  = regexp.MustCompile(`^xref[\s\x00][0-9nf\s\x00]*trailer`)
	streamHead = regexp.MustCompile(`^[0-9]+\s+[0-9]+\s+obj`)
)

// maxSection bounds how much of a cross-reference section is looked at, in bytes.
const maxSection = 64 << 20

// checkSection wants section and end of the update to hold nothing but what
// they are for.
func (s *step) checkSection(l pdffile.Listing) {
	section, err1 := s.read(l.Start, l.End, maxSection)
	end, err2 := s.read(l.End, l.EOF, 8<<10)
	shape := tableBody
	if l.Kind == pdffile.XRefStream {
		shape = streamHead
	}
	if err1 != nil || err2 != nil || !shape.Match(section) || !trailerEnd.Match(end) || hidesSyntax(end[:max(0, bytes.LastIndex(end, []byte("startxref")))]) {
		s.forbid(ForeignBytes, 0, fmt.Sprintf("in the cross-reference section at byte %d", l.Start))
	}
}

func (s *step) read(from, to, most int64) ([]byte, error) {
	if to-from > most {
		return nil, fmt.Errorf("%w: %d bytes", pdffile.ErrLimit, to-from)
	}
	b := make([]byte, to-from)
	_, err := io.ReadFull(io.NewSectionReader(s.file.Source(), from, to-from), b)
	return b, err
}

// hidesSyntax: words that a reader which repairs a file would look for.
func hidesSyntax(comment []byte) bool {
	for _, w := range []string{"obj", "stream", "xref", "trailer", "%EOF", "%PDF", "/Root"} {
		if bytes.Contains(comment, []byte(w)) {
			return true
		}
	}
	return false
}

// maxComment is the longest comment between objects; writers put their name there.
const maxComment = 200

// wantBlank wants bytes [from, to) to be white space or NUL, and comments
// where those are allowed.
func (s *step) wantBlank(from, to int64, comments bool) {
	src := io.NewSectionReader(s.file.Source(), from, to-from)
	buf := make([]byte, min(64<<10, max(0, to-from)))
	var comment []byte
	inside := false
	for at := from; at < to; {
		n, err := src.Read(buf)
		for i, c := range buf[:n] {
			switch {
			case inside && (c == '\n' || c == '\r'):
				inside = false
				if hidesSyntax(comment) {
					s.forbid(ForeignBytes, 0, fmt.Sprintf("comment before byte %d", at+int64(i)))
					return
				}
			case inside && c >= ' ' && c <= '~' && len(comment) < maxComment:
				comment = append(comment, c)
			case !inside && (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0):
			case !inside && c == '%' && comments:
				inside, comment = true, comment[:0]
			default:
				s.forbid(ForeignBytes, 0, fmt.Sprintf("at byte %d, in no object of the update", at+int64(i)))
				return
			}
		}
		at += int64(n)
		if err != nil && at < to {
			s.forbid(BrokenUpdate, 0, err.Error())
			return
		}
	}
	if inside {
		s.forbid(ForeignBytes, 0, fmt.Sprintf("unfinished comment before byte %d", to))
	}
}
