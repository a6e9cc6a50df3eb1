package cms

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"math/big"
	"time"
)

// SignerInfo is one signature in a SignedData (RFC 5652, 5.3).
type SignerInfo struct {
	Version      int
	Issuer       []byte   // DER of the name as found; nil when a key identifier is used
	Serial       *big.Int // likewise
	SubjectKeyID []byte   // instead of issuer and serial number

	DigestOID    asn1.ObjectIdentifier
	Digest       crypto.Hash // 0 when unknown
	SignatureOID asn1.ObjectIdentifier
	Signature    []byte

	SignedAttrs   []byte // as found, with tag 0x31; nil when there are none
	Sorted        bool   // they were in DER order
	UnsignedAttrs []byte // likewise with tag 0x31; nil when there are none

	// Signed attributes. A nil or zero value means that it is not there.
	ContentType   asn1.ObjectIdentifier
	MessageDigest []byte
	SigningTime   time.Time               // claimed, never proof
	Identifiers   []CertIdentifier        // signing-certificate v1 and v2; the first of each is the signer's
	Others        []asn1.ObjectIdentifier // signed attributes of other types
	Duplicates    []asn1.ObjectIdentifier // signed attributes that occur twice or have not exactly one value

	// Time-stamp tokens over the signature value (DER ContentInfo), in the order
	// found.
	TimestampTokens [][]byte

	digestAlgorithm    []byte // DER, for algorithm protection
	signatureAlgorithm []byte
	protection         []byte // content of cms-algorithm-protection
	algorithm          signatureAlgorithm
}

// CertIdentifier is an entry of signing-certificate (SHA-1) or
// signing-certificate-v2 (RFC 5035, 3 and 4).
type CertIdentifier struct {
	Version int         // 1 or 2, of the attribute
	Hash    crypto.Hash // 0 when unknown
	Value   []byte      // digest of the certificate
	Issuer  []byte      // DER of the name; nil when not given
	Serial  *big.Int
	first   bool // names the signer
}

func parseSigner(r *reader) (SignerInfo, error) {
	var i SignerInfo
	i.Version = r.small(5, "version")
	if r.is(tagKeyID) {
		i.SubjectKeyID = r.any().content
	} else {
		sid := r.into(tagSequence, "signer identifier")
		i.Issuer = sid.take(tagSequence, "issuer").full
		i.Serial = sid.integer("serial number")
		sid.end("signer identifier")
		if sid.err != nil {
			return i, sid.err
		}
	}
	i.digestAlgorithm = r.take(tagSequence, "digest algorithm").full
	if r.is(tagContext0) {
		i.SignedAttrs = retag(r.any().full, tagSet)
	}
	i.signatureAlgorithm = r.take(tagSequence, "signature algorithm").full
	i.Signature = r.take(tagOctetString, "signature").content
	if r.is(tagContext1) {
		i.UnsignedAttrs = retag(r.any().full, tagSet)
	}
	r.end("SignerInfo")
	if r.err != nil {
		return i, r.err
	}
	var err error
	if i.DigestOID, err = algorithmOID(i.digestAlgorithm); err != nil {
		return i, err
	}
	i.Digest = hashOf(i.DigestOID)
	if i.SignatureOID, err = algorithmOID(i.signatureAlgorithm); err != nil {
		return i, err
	}
	i.algorithm = parseAlgorithm(i.signatureAlgorithm, i.Digest)
	return i, errors.Join(i.parseSigned(), i.parseUnsigned())
}

func algorithmOID(der []byte) (asn1.ObjectIdentifier, error) {
	outer := &reader{b: der}
	r := outer.into(tagSequence, "algorithm")
	oid := r.oid("algorithm")
	return oid, r.err
}

// attributes calls f for each attribute of a SET OF with the encodings of its
// values.
func attributes(set []byte, f func(full []byte, oid asn1.ObjectIdentifier, values []element) error) error {
	if set == nil {
		return nil
	}
	outer := &reader{b: set}
	all := outer.into(tagSet, "attributes")
	for n := 0; all.more(); n++ {
		if n == maxAttributes {
			return errors.New("too many attributes")
		}
		full := all.take(tagSequence, "attribute")
		a := &reader{b: full.content, err: all.err}
		oid := a.oid("attribute type")
		set := a.into(tagSet, "attribute values")
		a.end("attribute")
		var values []element
		for set.more() && len(values) < maxAttributes {
			values = append(values, set.any())
		}
		set.end("attribute values")
		if err := errors.Join(all.err, a.err, set.err); err != nil {
			return err
		}
		if err := f(full.full, oid, values); err != nil {
			return err
		}
	}
	return all.err
}

func (i *SignerInfo) parseSigned() error {
	seen := map[string]bool{}
	var previous []byte
	i.Sorted = true
	return attributes(i.SignedAttrs, func(full []byte, oid asn1.ObjectIdentifier, values []element) error {
		if bytes.Compare(previous, full) > 0 {
			i.Sorted = false
		}
		previous = full
		// RFC 5652, 11: one instance, one value. The first one counts and the
		// verifier hears of it.
		key := oid.String()
		if seen[key] || len(values) != 1 {
			i.Duplicates = append(i.Duplicates, oid)
		}
		if seen[key] || len(values) == 0 {
			return nil
		}
		seen[key] = true
		return i.signedAttribute(oid, values[0])
	})
}

func (i *SignerInfo) signedAttribute(oid asn1.ObjectIdentifier, v element) error {
	r := &reader{b: v.full}
	switch {
	case oid.Equal(oidContentType):
		i.ContentType = r.oid("content-type")
	case oid.Equal(oidMessageDigest):
		i.MessageDigest = r.take(tagOctetString, "message-digest").content
	case oid.Equal(oidSigningTime):
		// Local time and missing seconds occur; a claim that cannot be read is
		// no claim.
		var t time.Time
		if _, err := asn1.Unmarshal(v.full, &t); err == nil {
			i.SigningTime = t
		}
	case oid.Equal(oidAlgorithmProtection):
		i.protection = r.take(tagSequence, "cms-algorithm-protection").content
	case oid.Equal(oidSigningCertificate):
		return i.parseIdentifiers(r, 1)
	case oid.Equal(oidSigningCertificateV2):
		return i.parseIdentifiers(r, 2)
	default:
		i.Others = append(i.Others, oid)
	}
	return r.err
}

// parseIdentifiers reads SigningCertificate or SigningCertificateV2.
func (i *SignerInfo) parseIdentifiers(r *reader, version int) error {
	outer := r.into(tagSequence, "signing-certificate")
	list := outer.into(tagSequence, "signing-certificate") // the policies that may follow bind nobody
	for n := 0; list.more() && n < maxCertificates; n++ {
		e := list.into(tagSequence, "certificate identifier")
		id := CertIdentifier{Version: version, Hash: crypto.SHA1, first: n == 0}
		if version == 2 {
			id.Hash = crypto.SHA256 // DEFAULT
			if e.is(tagSequence) {
				oid, err := algorithmOID(e.any().full)
				if err != nil {
					return err
				}
				id.Hash = hashOf(oid)
			}
		}
		id.Value = e.take(tagOctetString, "certificate hash").content
		if e.is(tagSequence) {
			is := e.into(tagSequence, "issuer and serial number")
			names := is.into(tagSequence, "issuer")
			if names.is(tagContext4) {
				directory := names.into(tagContext4, "issuer")
				id.Issuer = directory.take(tagSequence, "issuer").full
			}
			id.Serial = is.integer("serial number")
			if err := errors.Join(names.err, is.err); err != nil {
				return err
			}
		}
		if e.err != nil {
			return e.err
		}
		i.Identifiers = append(i.Identifiers, id)
	}
	list.end("signing-certificate")
	return errors.Join(outer.err, list.err)
}

func (i *SignerInfo) parseUnsigned() error {
	return attributes(i.UnsignedAttrs, func(_ []byte, oid asn1.ObjectIdentifier, values []element) error {
		if oid.Equal(oidSignatureTimeStamp) {
			for _, v := range values {
				i.TimestampTokens = append(i.TimestampTokens, v.full)
			}
		}
		return nil
	})
}

// SignedAttrsDER is the signed attributes as a DER SET OF (tag 0x31), sorted
// whatever the order found; nil when there are none.
func (i *SignerInfo) SignedAttrsDER() []byte {
	if i.SignedAttrs == nil || i.Sorted {
		return i.SignedAttrs
	}
	var all [][]byte
	// The set was parsed before, so there is no error to expect.
	_ = attributes(i.SignedAttrs, func(full []byte, _ asn1.ObjectIdentifier, _ []element) error {
		all = append(all, full)
		return nil
	})
	return setOf(tagSet, all...)
}

// names tells whether the signer identifier is cert's.
func (i *SignerInfo) names(cert *x509.Certificate) bool {
	if i.SubjectKeyID != nil {
		return bytes.Equal(i.SubjectKeyID, cert.SubjectKeyId)
	}
	return i.Serial.Cmp(cert.SerialNumber) == 0 && sameName(i.Issuer, cert.RawIssuer)
}
