package cms

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// Tags used here (X.690, 8.1.2), constructed bit included.
const (
	tagInteger     = 0x02
	tagOctetString = 0x04
	tagNull        = 0x05
	tagOID         = 0x06
	tagSequence    = 0x30
	tagSet         = 0x31
	tagContext0    = 0xa0 // constructed
	tagContext1    = 0xa1
	tagContext2    = 0xa2
	tagContext3    = 0xa3
	tagContext4    = 0xa4
	tagKeyID       = 0x80 // [0] IMPLICIT OCTET STRING
)

// tlv encodes one value from the encodings of its parts.
func tlv(tag byte, parts ...[]byte) []byte {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	b := append(make([]byte, 0, n+6), tag)
	b = appendLength(b, n)
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

func appendLength(b []byte, n int) []byte {
	switch {
	case n < 1<<7:
		return append(b, byte(n))
	case n < 1<<8:
		return append(b, 0x81, byte(n))
	case n < 1<<16:
		return append(b, 0x82, byte(n>>8), byte(n))
	case n < 1<<24:
		return append(b, 0x83, byte(n>>16), byte(n>>8), byte(n))
	}
	return append(b, 0x84, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
}

// setOf encodes a SET OF in DER order (X.690, 11.6).
func setOf(tag byte, elements ...[]byte) []byte {
	sorted := slices.Clone(elements)
	slices.SortFunc(sorted, bytes.Compare)
	return tlv(tag, sorted...)
}

// marshal encodes the small values whose encoding cannot be refused:
// identifiers, integers.
func marshal(v any) []byte {
	b, err := asn1.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("cms: encoding %v: %v", v, err)) // a mistake of ours
	}
	return b
}

func octets(b []byte) []byte { return tlv(tagOctetString, b) }

var errDER = errors.New("malformed encoding")

// element is one DER value: full is tag, length and content.
type element struct {
	tag           byte
	content, full []byte
}

// reader walks over the values of a constructed one. After the first mistake
// every method returns the zero value; err tells.
type reader struct {
	b   []byte
	err error
}

func (r *reader) fail(what string) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: %s", errDER, what)
	}
}

func (r *reader) more() bool { return r.err == nil && len(r.b) > 0 }

// is tells whether the next value has this tag, for OPTIONAL ones.
func (r *reader) is(tag byte) bool { return r.more() && r.b[0] == tag }

// any takes the next value whatever it is.
func (r *reader) any() element {
	if r.err != nil {
		return element{}
	}
	h, err := readHeader(r.b)
	if err != nil || h.indefinite || h.length > len(r.b)-h.size || h.size != h.minimal() {
		r.fail("length")
		return element{}
	}
	if h.long {
		r.fail("tag")
		return element{}
	}
	end := h.size + h.length
	e := element{tag: r.b[0], content: r.b[h.size:end:end], full: r.b[:end:end]}
	r.b = r.b[end:]
	return e
}

// take takes the next value, which must have the tag.
func (r *reader) take(tag byte, what string) element {
	if !r.is(tag) {
		r.fail(what)
		return element{}
	}
	return r.any()
}

// into is a reader for the inside of the next value.
func (r *reader) into(tag byte, what string) *reader {
	e := r.take(tag, what)
	return &reader{b: e.content, err: r.err}
}

func (r *reader) oid(what string) asn1.ObjectIdentifier {
	var oid asn1.ObjectIdentifier
	r.value(tagOID, &oid, what)
	return oid
}

func (r *reader) integer(what string) *big.Int {
	i := new(big.Int)
	r.value(tagInteger, &i, what)
	return i
}

// small is an integer such as a version number; anything outside 0…limit fails.
func (r *reader) small(limit int64, what string) int {
	i := r.integer(what)
	if !i.IsInt64() || i.Int64() < 0 || i.Int64() > limit {
		r.fail(what)
		return 0
	}
	return int(i.Int64())
}

// maxSmall bounds identifiers and integers, in bytes: RFC 5280 allows serial
// numbers of 20, and encoding/asn1 takes eight times the size of an identifier.
const maxSmall = 128

func (r *reader) value(tag byte, v any, what string) {
	e := r.take(tag, what)
	if r.err == nil && len(e.content) > maxSmall {
		r.fail(what + " too long")
	}
	if r.err != nil {
		return
	}
	if _, err := asn1.Unmarshal(e.full, v); err != nil {
		r.fail(what)
	}
}

// end demands that nothing is left over.
func (r *reader) end(what string) {
	if r.more() {
		r.fail("extra bytes in " + what)
	}
}
