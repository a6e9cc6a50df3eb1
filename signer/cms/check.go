package cms

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/subtle"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
)

// Faults of a signature that parses.
var (
	ErrDigestMismatch = errors.New("cms: the signed content was changed")                 // message-digest is not the content's
	ErrAttributes     = errors.New("cms: signed attributes missing, repeated or at odds") // RFC 5652, 5.3 and 11
)

// signatureAlgorithm is a signature algorithm as far as it is known.
type signatureAlgorithm struct {
	scheme Scheme
	hash   crypto.Hash
	salt   int // PSS, bytes
	err    error
}

// parseAlgorithm understands the identifiers of RFC 5754, RFC 4055 and RFC 5753,
// and those of bare keys, which leave the hash to the digest algorithm.
func parseAlgorithm(der []byte, digest crypto.Hash) signatureAlgorithm {
	outer := &reader{b: der}
	r := outer.into(tagSequence, "algorithm")
	oid := r.oid("algorithm")
	switch {
	case oid.Equal(oidRSA):
		return signatureAlgorithm{scheme: PKCS1v15, hash: digest}
	case oid.Equal(oidECKey):
		return signatureAlgorithm{scheme: ECDSA, hash: digest}
	case oid.Equal(oidPSS):
		return parsePSS(r)
	}
	for _, a := range algorithms {
		if a.rsa.Equal(oid) {
			return signatureAlgorithm{scheme: PKCS1v15, hash: a.hash}
		}
		if a.ecdsa != nil && a.ecdsa.Equal(oid) {
			return signatureAlgorithm{scheme: ECDSA, hash: a.hash}
		}
	}
	return signatureAlgorithm{err: fmt.Errorf("%w: signature algorithm %v", ErrAlgorithm, oid)}
}

// parsePSS reads RSASSA-PSS-params (RFC 4055, 3.1).
func parsePSS(r *reader) signatureAlgorithm {
	a := signatureAlgorithm{scheme: PSS, hash: crypto.SHA1, salt: 20} // the defaults
	mgf := crypto.SHA1
	refuse := func(format string, args ...any) signatureAlgorithm {
		a.err = fmt.Errorf("%w: PSS: "+format, append([]any{ErrAlgorithm}, args...)...)
		return a
	}
	p := r.into(tagSequence, "PSS parameters")
	if p.is(tagContext0) {
		oid, err := algorithmOID(p.any().content)
		if a.hash = hashOf(oid); err != nil || a.hash == 0 {
			return refuse("hash %v", oid)
		}
	}
	if p.is(tagContext1) {
		outer := p.into(tagContext1, "mask generation")
		m := outer.into(tagSequence, "mask generation")
		if oid := m.oid("mask generation"); !oid.Equal(oidMGF1) {
			return refuse("mask generation %v", oid)
		}
		oid, err := algorithmOID(m.any().full)
		if mgf = hashOf(oid); err != nil || mgf == 0 {
			return refuse("hash of the mask generation %v", oid)
		}
	}
	if p.is(tagContext2) {
		inner := p.into(tagContext2, "salt length")
		a.salt = inner.small(1024, "salt length")
		if inner.err != nil {
			return refuse("salt length")
		}
	}
	if p.is(tagContext3) {
		inner := p.into(tagContext3, "trailer field")
		if inner.small(1, "trailer field") != 1 || inner.err != nil {
			return refuse("trailer field")
		}
	}
	p.end("PSS parameters")
	switch {
	case p.err != nil:
		return refuse("%v", p.err)
	case mgf != a.hash:
		return refuse("mask generation with %v, message with %v", mgf, a.hash)
	case a.salt == 0:
		// crypto/rsa reads 0 as "any length", which would not honour the parameter.
		return refuse("no salt")
	}
	return a
}

// Scheme is the signature scheme, meaningful when CheckAlgorithms is content.
func (i *SignerInfo) Scheme() Scheme { return i.algorithm.scheme }

// CheckAlgorithms tells whether digest and signature algorithm are known and
// agree, with each other and with cms-algorithm-protection (RFC 6211) when that
// is there: ErrAlgorithm. MD5 and SHA-1 pass; Weak reports them.
func (i *SignerInfo) CheckAlgorithms() error {
	if i.Digest == 0 {
		return fmt.Errorf("%w: digest algorithm %v", ErrAlgorithm, i.DigestOID)
	}
	if i.algorithm.err != nil {
		return i.algorithm.err
	}
	if i.algorithm.hash != i.Digest {
		return fmt.Errorf("%w: digest with %v, signature with %v", ErrAlgorithm, i.Digest, i.algorithm.hash)
	}
	if i.protection == nil {
		return nil
	}
	r := &reader{b: i.protection}
	digest := r.take(tagSequence, "digest algorithm")
	signature := r.take(tagContext1, "signature algorithm")
	r.end("cms-algorithm-protection")
	if r.err != nil || !sameAlgorithm(digest.full, i.digestAlgorithm) ||
		!sameAlgorithm(retag(signature.full, tagSequence), i.signatureAlgorithm) {
		return fmt.Errorf("%w: not the protected ones", ErrAlgorithm)
	}
	return nil
}

// sameAlgorithm compares identifiers; absent and NULL parameters are the same.
func sameAlgorithm(a, b []byte) bool {
	return bytes.Equal(withoutNull(a), withoutNull(b))
}

func withoutNull(der []byte) []byte {
	outer := &reader{b: der}
	r := outer.into(tagSequence, "algorithm")
	oid := r.take(tagOID, "algorithm")
	if parameters := r.any(); r.err == nil && parameters.tag == tagNull {
		return tlv(tagSequence, oid.full)
	}
	return der
}

// Weak tells that the digest is MD5 or SHA-1 or cert's key is RSA below 2048
// bits: the signature may fit and yet prove little.
func (i *SignerInfo) Weak(cert *x509.Certificate) bool {
	if i.Digest == crypto.MD5 || i.Digest == crypto.SHA1 || i.algorithm.hash == crypto.MD5 || i.algorithm.hash == crypto.SHA1 {
		return true
	}
	if cert == nil {
		return false
	}
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	return ok && key.N.BitLen() < 2048
}

// CheckAttributes tells whether the signed attributes are what RFC 5652, 5.3
// demands for a content of this type: content-type and message-digest there and
// nothing twice (ErrAttributes). No signed attributes at all is in order for
// id-data only, as in old adbe.pkcs7 signatures.
func (i *SignerInfo) CheckAttributes(contentType asn1.ObjectIdentifier) error {
	if i.SignedAttrs == nil {
		if contentType.Equal(oidData) {
			return nil
		}
		return fmt.Errorf("%w: none for content type %v", ErrAttributes, contentType)
	}
	switch {
	case len(i.Duplicates) > 0:
		return fmt.Errorf("%w: %v repeated", ErrAttributes, i.Duplicates[0])
	case i.ContentType == nil:
		return fmt.Errorf("%w: no content-type", ErrAttributes)
	case !i.ContentType.Equal(contentType):
		return fmt.Errorf("%w: content-type %v for content of type %v", ErrAttributes, i.ContentType, contentType)
	case i.MessageDigest == nil:
		return fmt.Errorf("%w: no message-digest", ErrAttributes)
	}
	return nil
}

// CheckDigest tells whether the message-digest attribute is digest, which was
// made with i.Digest: ErrDigestMismatch. Without signed attributes the
// signature value itself answers that.
func (i *SignerInfo) CheckDigest(digest []byte) error {
	if i.SignedAttrs == nil {
		return nil
	}
	if subtle.ConstantTimeCompare(i.MessageDigest, digest) != 1 {
		return ErrDigestMismatch
	}
	return nil
}

// CheckSignature tells whether the signature value is cert's over the signed
// attributes, or over the content with this digest when there are none:
// ErrSignatureMismatch, ErrAlgorithm, ErrKeyType. The attributes are taken in DER
// order and, when they were stored otherwise, also as found; some signers hash
// them so.
func (i *SignerInfo) CheckSignature(cert *x509.Certificate, digest []byte) error {
	if err := i.CheckAlgorithms(); err != nil {
		return err
	}
	a := i.algorithm
	if i.SignedAttrs == nil {
		return checkDigest(cert, a.scheme, a.hash, a.salt, digest, i.Signature)
	}
	hash := func(message []byte) []byte {
		h := a.hash.New()
		h.Write(message)
		return h.Sum(nil)
	}
	err := checkDigest(cert, a.scheme, a.hash, a.salt, hash(i.SignedAttrsDER()), i.Signature)
	if errors.Is(err, ErrSignatureMismatch) && !i.Sorted {
		err = checkDigest(cert, a.scheme, a.hash, a.salt, hash(i.SignedAttrs), i.Signature)
	}
	return err
}

// CheckIdentifier tells whether the signed ESS attributes, as far as they are
// there, name cert as the signer's: ErrCertificateMismatch. Both versions of the
// attribute have to agree when both are there (RFC 5035, 5.1).
func (i *SignerInfo) CheckIdentifier(cert *x509.Certificate) error {
	for _, id := range i.Identifiers {
		if !id.first {
			continue // CAs that the signer wants to be used; trust decides
		}
		if id.Hash == 0 {
			return fmt.Errorf("%w: unknown hash", ErrCertificateMismatch)
		}
		h := id.Hash.New()
		h.Write(cert.Raw)
		if !bytes.Equal(h.Sum(nil), id.Value) {
			return fmt.Errorf("%w: hash of the certificate", ErrCertificateMismatch)
		}
		if id.Serial != nil && id.Serial.Cmp(cert.SerialNumber) != 0 || id.Issuer != nil && !sameName(id.Issuer, cert.RawIssuer) {
			return fmt.Errorf("%w: issuer or serial number", ErrCertificateMismatch)
		}
	}
	return nil
}

// Identified tells whether a signed ESS attribute names the signer's
// certificate, as CAdES and RFC 3161 demand.
func (i *SignerInfo) Identified() bool {
	return slices.ContainsFunc(i.Identifiers, func(id CertIdentifier) bool { return id.first })
}

// sameName compares two names (DER): byte for byte, else by their texts, since
// some signers re-encode PrintableString as UTF8String.
func sameName(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	if len(a) > maxCertificate || len(b) > maxCertificate {
		return false
	}
	var x, y pkix.RDNSequence
	if _, err := asn1.Unmarshal(a, &x); err != nil {
		return false
	}
	if _, err := asn1.Unmarshal(b, &y); err != nil {
		return false
	}
	return x.String() == y.String()
}
