package trust

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
)

// Lists have up to some hundred thousand entries, of which one is asked for:
// crypto/x509 reads the list without them, and then with the one.

// entries are the revoked certificates of a list and what stands around them.
type entries struct {
	before, all, after cryptobyte.String // of TBSCertList
	tail               cryptobyte.String // algorithm and signature
	count              int
	problem            error // an entry that spoils the list
}

// parseList reads a list (RFC 5280, 5.1) and walks over its entries.
func parseList(der []byte) (*list, error) {
	malformed := func(what string) (*list, error) {
		return nil, fmt.Errorf("%w: revocation list with malformed %s", ErrUnusable, what)
	}
	var e entries
	var raw, whole, tbs cryptobyte.String
	in := cryptobyte.String(der)
	if !in.ReadASN1Element(&raw, tag.SEQUENCE) {
		return malformed("frame")
	}
	if frame := raw; !frame.ReadASN1(&whole, tag.SEQUENCE) || !whole.ReadASN1Element(&tbs, tag.SEQUENCE) {
		return malformed("frame")
	}
	e.tail = whole
	rest := tbs
	if !rest.ReadASN1(&rest, tag.SEQUENCE) {
		return malformed("content")
	}
	e.before = rest
	if !rest.SkipASN1(tag.INTEGER) || !rest.SkipASN1(tag.SEQUENCE) || !rest.SkipASN1(tag.SEQUENCE) || !skipTime(&rest) {
		return malformed("content")
	}
	skipTime(&rest) // nextUpdate is optional; one that is malformed stays for crypto/x509 to find
	e.before = e.before[:len(e.before)-len(rest)]
	if rest.PeekASN1Tag(tag.SEQUENCE) && !rest.ReadASN1(&e.all, tag.SEQUENCE) {
		return malformed("entries")
	}
	e.after = rest
	parsed, err := e.parse(nil)
	if err != nil {
		return nil, err
	}
	if !e.check() {
		return malformed("entries")
	}
	parsed.Raw, parsed.RawTBSRevocationList = raw, tbs
	return newList(parsed, e), nil
}

func skipTime(s *cryptobyte.String) bool {
	return s.PeekASN1Tag(tag.UTCTime) && s.SkipASN1(tag.UTCTime) || s.PeekASN1Tag(tag.GeneralizedTime) && s.SkipASN1(tag.GeneralizedTime)
}

// parse reads the list as if it had this one entry, or none.
func (e *entries) parse(one []byte) (*x509.RevocationList, error) {
	var b cryptobyte.Builder
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(e.before)
			if one != nil {
				b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(one) })
			}
			b.AddBytes(e.after)
		})
		b.AddBytes(e.tail)
	})
	der, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnusable, err)
	}
	l, err := x509.ParseRevocationList(der)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnusable, err)
	}
	return l, nil
}

// onlyReason is what stands behind the date of nearly every entry: a reason
// code, not critical, as the only extension. The code follows.
var onlyReason = []byte("\x30\x0c\x30\x0a\x06\x03\x55\x1d\x15\x04\x03\x0a\x01")

// next takes an entry apart.
func (e *entries) next(s *cryptobyte.String) (full, serial, extensions cryptobyte.String, ok bool) {
	var inner cryptobyte.String
	frame := *s
	if !s.ReadASN1Element(&full, tag.SEQUENCE) || !frame.ReadASN1(&inner, tag.SEQUENCE) ||
		!inner.ReadASN1Element(&serial, tag.INTEGER) || !skipTime(&inner) {
		return nil, nil, nil, false
	}
	return full, serial, inner, true
}

// check counts the entries, tells whether all have the right form and notes the
// first that spoils the list.
func (e *entries) check() bool {
	for s := e.all; !s.Empty(); e.count++ {
		full, serial, extensions, ok := e.next(&s)
		if !ok || !minimal(serial) {
			return false
		}
		if len(extensions) == 0 || len(extensions) == len(onlyReason)+1 && bytes.HasPrefix(extensions, onlyReason) {
			continue
		}
		one, err := e.parse(full)
		if err != nil {
			return false
		}
		for _, x := range one.RevokedCertificateEntries[0].Extensions {
			// RFC 5280, 5.3: one entry that cannot be understood spoils the list.
			if e.problem == nil && (x.Id.Equal(oidCertificateIssuer) || x.Critical && !x.Id.Equal(oidReason) && !x.Id.Equal(oidInvalidity)) {
				e.problem = fmt.Errorf("%w: entry with the extension %v", ErrUnusable, x.Id)
			}
		}
	}
	return true
}

// minimal tells whether an integer is DER, so that equal numbers have equal
// bytes.
func minimal(integer cryptobyte.String) bool {
	var content cryptobyte.String
	if !integer.ReadASN1(&content, tag.INTEGER) || len(content) == 0 {
		return false
	}
	return len(content) == 1 || !(content[0] == 0 && content[1] < 0x80 || content[0] == 0xff && content[1] >= 0x80)
}

// find is the entry of cert; nil = it is not listed.
func (e *entries) find(cert *x509.Certificate) (*x509.RevocationListEntry, error) {
	want, err := asn1.Marshal(cert.SerialNumber)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnusable, err)
	}
	if !bytes.Contains(e.all, want) {
		return nil, nil // most often, and much faster than a walk
	}
	for s := e.all; !s.Empty(); {
		full, serial, _, ok := e.next(&s)
		if !ok {
			return nil, fmt.Errorf("%w: malformed entry", ErrUnusable) // check saw to it
		}
		if !bytes.Equal(serial, want) {
			continue
		}
		one, err := e.parse(full)
		if err != nil {
			return nil, err
		}
		return &one.RevokedCertificateEntries[0], nil
	}
	return nil, nil
}
