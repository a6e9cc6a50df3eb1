package cms_test

import (
	"encoding/asn1"
	"testing"
)

// node is an ASN.1 value that can be taken apart, changed and put together
// again, as DER or with indefinite lengths.
type node struct {
	tag     byte
	content []byte // of primitive ones
	kids    []*node
}

func tree(t testing.TB, der []byte) *node {
	t.Helper()
	var v asn1.RawValue
	rest, err := asn1.Unmarshal(der, &v)
	if err != nil || len(rest) > 0 {
		t.Fatal("not DER:", err, len(rest))
	}
	n := &node{tag: der[0]}
	if !v.IsCompound {
		n.content = v.Bytes
		return n
	}
	for b := v.Bytes; len(b) > 0; b = b[len(v.FullBytes):] {
		if _, err := asn1.Unmarshal(b, &v); err != nil {
			t.Fatal(err)
		}
		n.kids = append(n.kids, tree(t, v.FullBytes))
	}
	return n
}

func (n *node) der() []byte {
	content := n.content
	for _, k := range n.kids {
		content = append(content, k.der()...)
	}
	return wrap(n.tag, content)
}

// ber writes constructed values with indefinite lengths and lengths of
// primitive ones with two bytes too many; leaves are kept where as is.
func (n *node) ber(as func(*node) bool) []byte {
	if as(n) {
		return n.der()
	}
	if n.tag&0x20 == 0 {
		l := len(n.content)
		return append([]byte{n.tag, 0x84, byte(l >> 24), byte(l >> 16), byte(l >> 8), byte(l)}, n.content...)
	}
	b := []byte{n.tag, 0x80}
	for _, k := range n.kids {
		b = append(b, k.ber(as)...)
	}
	return append(b, 0, 0)
}

func wrap(tag byte, content []byte) []byte {
	full, err := asn1.Marshal(asn1.RawValue{Class: int(tag >> 6), Tag: int(tag & 0x1f), IsCompound: tag&0x20 != 0, Bytes: content})
	if err != nil {
		panic(err)
	}
	return full
}

func (n *node) at(path ...int) *node {
	for _, p := range path {
		n = n.kids[p]
	}
	return n
}

// message gives names to the parts of a SignedData of one signer.
type message struct {
	*node
}

func (m message) signedData() *node   { return m.at(1, 0) }
func (m message) encapsulated() *node { return m.at(1, 0, 2) }
func (m message) certificates() *node { return m.at(1, 0, 3) }
func (m message) signers() *node      { return m.at(1, 0, 4) }
func (m message) digestOID() *node    { return m.at(1, 0, 4, 0, 2, 0) }
func (m message) attrs() *node        { return m.at(1, 0, 4, 0, 3) }
func (m message) signatureAlg() *node { return m.at(1, 0, 4, 0, 4) }
func (m message) signature() *node    { return m.at(1, 0, 4, 0, 5) }

func oidContent(oid ...int) []byte {
	der, err := asn1.Marshal(asn1.ObjectIdentifier(oid))
	if err != nil {
		panic(err)
	}
	return der[2:]
}
