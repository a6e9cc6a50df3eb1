package token

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/asn1"
	"math/big"

	"github.com/miekg/pkcs11"
)

// findKey finds the private key of the certificate: by CKA_ID, by its public
// values, by those of a public key object, and last the only key it can be. A
// wrong guess cannot do harm, the signature is checked.
func (h *helper) findKey(l *login, ids [][]byte) (pkcs11.ObjectHandle, error) {
	private := pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_PRIVATE_KEY)
	withID := func(id []byte) (pkcs11.ObjectHandle, bool, error) {
		keys, err := h.find(l.session, private, pkcs11.NewAttribute(pkcs11.CKA_ID, id))
		if err != nil {
			return 0, false, err
		}
		k, ok := h.choose(l, keys)
		return k, ok, nil
	}
	for _, id := range ids {
		if k, ok, err := withID(id); err != nil || ok {
			return k, err
		}
	}

	kind := pkcs11.NewAttribute(pkcs11.CKA_KEY_TYPE, keyType(l))
	keys, err := h.find(l.session, private, kind)
	if err != nil {
		return 0, err
	}
	for _, k := range keys {
		if h.compare(l, k) == same {
			return k, nil
		}
	}
	// A private key often does not show its public values; the public key does.
	public, err := h.find(l.session, pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_PUBLIC_KEY), kind)
	if err != nil {
		return 0, err
	}
	for _, p := range public {
		id := h.attribute(l.session, p, pkcs11.CKA_ID)
		if len(id) == 0 || h.compare(l, p) != same {
			continue
		}
		if k, ok, err := withID(id); err != nil || ok {
			return k, err
		}
	}
	if k, ok := h.choose(l, keys); ok {
		return k, nil
	}
	return 0, refuse(ErrNoKey, "none of %d private keys of this kind", len(keys))
}

// choose takes the key that is the certificate's for certain, or else the only
// one that can be.
func (h *helper) choose(l *login, keys []pkcs11.ObjectHandle) (pkcs11.ObjectHandle, bool) {
	var possible []pkcs11.ObjectHandle
	for _, k := range keys {
		switch h.compare(l, k) {
		case same:
			return k, true
		case unknown:
			possible = append(possible, k)
		}
	}
	if len(possible) == 1 {
		return possible[0], true
	}
	return 0, false
}

func keyType(l *login) uint {
	if _, ok := l.certificate.PublicKey.(*ecdsa.PublicKey); ok {
		return pkcs11.CKK_EC
	}
	return pkcs11.CKK_RSA
}

// match is the outcome of comparing a key object with the certificate.
type match int

const (
	unknown match = iota // the object does not show its public values
	same
	different
)

func (h *helper) compare(l *login, o pkcs11.ObjectHandle) match {
	value := func(kind uint) []byte { return h.attribute(l.session, o, kind) }
	verdict := func(ok bool) match {
		if ok {
			return same
		}
		return different
	}
	if kind := value(pkcs11.CKA_KEY_TYPE); len(kind) > 0 && ulong(kind) != uint64(keyType(l)) {
		return different
	}
	switch p := l.certificate.PublicKey.(type) {
	case *rsa.PublicKey:
		if n := value(pkcs11.CKA_MODULUS); len(n) > 0 {
			return verdict(new(big.Int).SetBytes(n).Cmp(p.N) == 0)
		}
	case *ecdsa.PublicKey:
		if curve := value(pkcs11.CKA_EC_PARAMS); len(curve) > 0 && curve[0] == asn1.TagOID && !bytes.Equal(curve, curveOID(p.Curve)) {
			return different
		}
		point, err := p.Bytes() // SEC 1, 2.3.3: uncompressed
		if at := value(pkcs11.CKA_EC_POINT); len(at) > 0 && err == nil {
			var inner []byte // PKCS #11, 2.3.3: an OCTET STRING; some modules leave the tag out
			if rest, err := asn1.Unmarshal(at, &inner); err == nil && len(rest) == 0 {
				at = inner
			}
			if len(at) == len(point) { // else compressed: says nothing to us
				return verdict(bytes.Equal(at, point))
			}
		}
	}
	return unknown
}

// ulong reads a CK_ULONG attribute: 4 or 8 bytes in the machine's order, which
// is little endian wherever tokens are used.
func ulong(b []byte) uint64 {
	var v uint64
	for i := len(b) - 1; i >= 0; i-- {
		v = v<<8 | uint64(b[i])
	}
	return v
}

// curveOID is CKA_EC_PARAMS of a named curve (RFC 5480, 2.1.1.1), nil if unknown.
func curveOID(c elliptic.Curve) []byte {
	oid := map[elliptic.Curve]asn1.ObjectIdentifier{
		elliptic.P256(): {1, 2, 840, 10045, 3, 1, 7},
		elliptic.P384(): {1, 3, 132, 0, 34},
		elliptic.P521(): {1, 3, 132, 0, 35},
	}[c]
	der, _ := asn1.Marshal(oid) // nil for no OID
	return der
}
