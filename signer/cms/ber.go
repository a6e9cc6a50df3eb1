package cms

import "fmt"

// Bounds on what is read. A signature in a PDF has some ten kilobytes; with
// revocation lists inside it may have some megabytes.
const (
	maxInput  = 16 << 20 // bytes
	maxDepth  = 48       // nested values; CMS with names and certificates needs about 16
	maxValues = 1 << 20  // values in all, against long runs of empty ones
)

// header is tag and length of a BER value (X.690, 8.1).
type header struct {
	size, length int // bytes of the header; of the content
	tagSize      int
	long         bool // tag number above 30
	indefinite   bool
}

// minimal is the size the header has in DER.
func (h header) minimal() int {
	n := h.tagSize + 1
	if h.length >= 1<<7 {
		for l := h.length; l > 0; l >>= 8 {
			n++
		}
	}
	return n
}

func readHeader(b []byte) (header, error) {
	h := header{tagSize: 1}
	if len(b) == 0 {
		return h, fmt.Errorf("%w: end of data", errDER)
	}
	if b[0]&0x1f == 0x1f {
		h.long = true
		for {
			h.tagSize++
			if h.tagSize > 5 || h.tagSize > len(b) {
				return h, fmt.Errorf("%w: tag", errDER)
			}
			if b[h.tagSize-1]&0x80 == 0 {
				break
			}
		}
	}
	if len(b) <= h.tagSize {
		return h, fmt.Errorf("%w: end of data", errDER)
	}
	first := b[h.tagSize]
	h.size = h.tagSize + 1
	switch {
	case first < 0x80:
		h.length = int(first)
	case first == 0x80:
		if b[0]&0x20 == 0 {
			return h, fmt.Errorf("%w: indefinite length of a primitive value", errDER)
		}
		h.indefinite = true
	default:
		n := int(first & 0x7f)
		if n > 8 || len(b)-h.size < n {
			return h, fmt.Errorf("%w: length", errDER)
		}
		for _, c := range b[h.size : h.size+n] {
			if h.length > maxInput {
				return h, fmt.Errorf("%w: length", errDER)
			}
			h.length = h.length<<8 | int(c)
		}
		h.size += n
	}
	return h, nil
}

// toDER takes the first BER value of b: lengths become definite and minimal,
// octet strings in pieces become one. It does not sort sets nor touch
// primitive values. n is the number of bytes the value takes in b; changed
// tells whether der differs from them (if not, der is b[:n] itself).
func toDER(b []byte) (der []byte, n int, changed bool, err error) {
	if len(b) > maxInput {
		return nil, 0, false, fmt.Errorf("%w: more than %d bytes", errDER, maxInput)
	}
	c := converter{in: b}
	n, changed, err = c.scan(0, 0)
	if err != nil {
		return nil, 0, false, err
	}
	if !changed {
		return b[:n:n], n, false, nil
	}
	c.values = 0
	der, _, err = c.convert(0, 0)
	return der, n, true, err
}

type converter struct {
	in     []byte
	values int
}

// next reads the header at pos and checks the bounds; end is where the content
// stops, or the end of the input for an indefinite length.
func (c *converter) next(pos, depth int) (h header, end int, err error) {
	if c.values++; c.values > maxValues || depth > maxDepth {
		return h, 0, fmt.Errorf("%w: too many or too deeply nested values", errDER)
	}
	if h, err = readHeader(c.in[pos:]); err != nil {
		return h, 0, err
	}
	end = len(c.in)
	if !h.indefinite {
		if h.length > len(c.in)-pos-h.size {
			return h, 0, fmt.Errorf("%w: value longer than the data", errDER)
		}
		end = pos + h.size + h.length
	}
	return h, end, nil
}

// atEnd tells whether the content of a value whose children were read up to pos
// is over, and where the value then ends.
func (c *converter) atEnd(h header, pos, end int) (after int, over bool, err error) {
	if !h.indefinite {
		if pos > end {
			return 0, false, fmt.Errorf("%w: value longer than the one around it", errDER)
		}
		return pos, pos == end, nil
	}
	if len(c.in)-pos < 2 {
		return 0, false, fmt.Errorf("%w: end of contents is missing", errDER)
	}
	if c.in[pos] == 0 && c.in[pos+1] == 0 {
		return pos + 2, true, nil
	}
	return pos, false, nil
}

// scan walks over the value at pos and tells whether it is DER already.
func (c *converter) scan(pos, depth int) (after int, changed bool, err error) {
	h, end, err := c.next(pos, depth)
	if err != nil {
		return 0, false, err
	}
	tag := c.in[pos]
	changed = h.indefinite || h.size != h.minimal() || tag == tagOctetString|0x20
	if tag&0x20 == 0 {
		return end, changed, nil
	}
	at := pos + h.size
	for {
		after, over, err := c.atEnd(h, at, end)
		if err != nil || over {
			return after, changed, err
		}
		next, inner, err := c.scan(at, depth+1)
		if err != nil {
			return 0, false, err
		}
		changed = changed || inner
		at = next
	}
}

// convert encodes the value at pos, already scanned, anew.
func (c *converter) convert(pos, depth int) (der []byte, after int, err error) {
	h, end, err := c.next(pos, depth)
	if err != nil {
		return nil, 0, err
	}
	tag := c.in[pos : pos+h.tagSize]
	if tag[0]&0x20 == 0 {
		return encode(tag, c.in[pos+h.size:end]), end, nil
	}
	var content []byte
	pieces := tag[0] == tagOctetString|0x20 // X.690, 8.7.3
	at := pos + h.size
	for {
		after, over, err := c.atEnd(h, at, end)
		if err != nil {
			return nil, 0, err
		}
		if over {
			if pieces {
				tag = []byte{tagOctetString}
			}
			return encode(tag, content), after, nil
		}
		child, next, err := c.convert(at, depth+1)
		if err != nil {
			return nil, 0, err
		}
		if pieces {
			r := reader{b: child}
			child = r.take(tagOctetString, "piece of an octet string").content
			if r.err != nil {
				return nil, 0, r.err
			}
		}
		content = append(content, child...)
		at = next
	}
}

func encode(tag, content []byte) []byte {
	b := appendLength(append(make([]byte, 0, len(tag)+5+len(content)), tag...), len(content))
	return append(b, content...)
}
