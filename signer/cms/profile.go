package cms

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
)

// Profile says how one signature is written: who signs, with which hash and
// scheme. The result is what ETSI EN 319 142-1, 6.3 demands of levels B-B and
// B-T: no signing-time, signing-certificate-v2 present, DER (but for the order
// of the certificates, where the signer's comes first).
type Profile struct {
	Certificate *x509.Certificate
	Chain       []*x509.Certificate // issuing CAs, from the leaf upwards; the root may be there
	Hash        crypto.Hash         // SHA-256, SHA-384 or SHA-512; 0 = SHA-256
	Scheme      Scheme              // 0 = PKCS#1 v1.5 for RSA, ECDSA for elliptic curves
}

// TokenSize is the room for a time-stamp token, in bytes. A token has 3 KiB with
// one CA certificate and 8 KiB with a chain of RSA-4096; some TSAs put their whole
// chain and a revocation list in.
const TokenSize = 16 << 10

// Room for what is not known before signing, in bytes. The floors are what
// archive files in the field reserve.
const (
	spare          = 512
	floor          = 16 << 10
	floorTimestamp = 32 << 10
)

// Digest is the hash in use: of the document, of the signed attributes and in
// the signature value.
func (p Profile) Digest() crypto.Hash {
	if p.Hash == 0 {
		return crypto.SHA256
	}
	return p.Hash
}

// check gives the scheme in use or tells what cannot be written.
func (p Profile) check() (Scheme, error) {
	if p.Certificate == nil {
		return 0, errors.New("cms: profile without a certificate")
	}
	switch p.Digest() {
	case crypto.SHA256, crypto.SHA384, crypto.SHA512:
	default:
		return 0, fmt.Errorf("%w: hash %d for a new signature", ErrAlgorithm, int(p.Hash))
	}
	return p.Scheme.For(p.Certificate)
}

// SignedAttributes is the message that the key has to sign: the DER SET OF
// (tag 0x31) of content-type, message-digest, signing-certificate-v2 and
// cms-algorithm-protection. messageDigest is the hash of the signed bytes, made
// with p.Digest.
func (p Profile) SignedAttributes(messageDigest []byte) ([]byte, error) {
	s, err := p.check()
	if err != nil {
		return nil, err
	}
	if len(messageDigest) != p.Digest().Size() {
		return nil, fmt.Errorf("cms: message digest of %d bytes for %v", len(messageDigest), p.Digest())
	}
	// RFC 6211, 2: both identifiers exactly as in the SignerInfo.
	digest, signature := p.digestAlgorithm(), p.signatureAlgorithm(s)
	protection := tlv(tagSequence, digest, retag(signature, tagContext1))
	return setOf(tagSet,
		attribute(oidContentType, marshal(oidData)),
		attribute(oidMessageDigest, octets(messageDigest)),
		attribute(oidSigningCertificateV2, p.signingCertificate()),
		attribute(oidAlgorithmProtection, protection),
	), nil
}

// SignedData is the ContentInfo for the signature field: the certificates are
// the signer's, then the chain without repetitions and without a self-signed
// root, which a verifier must have from elsewhere anyway. signedAttrs is what
// SignedAttributes returned, signature the key's answer; with a timestampToken
// (DER, over the signature) the level is B-T, with nil B-B. Neither signature
// nor token is checked here: CheckSignature and TSA.Stamp have done so.
func (p Profile) SignedData(signedAttrs, signature, timestampToken []byte) ([]byte, error) {
	s, err := p.check()
	if err != nil {
		return nil, err
	}
	if len(signedAttrs) == 0 || signedAttrs[0] != tagSet {
		return nil, errors.New("cms: signed attributes are not a SET")
	}
	if len(signature) == 0 {
		return nil, errors.New("cms: empty signature value")
	}
	digest := p.digestAlgorithm()
	signer := [][]byte{
		marshal(1), // RFC 5652, 5.3: version 1 goes with issuer and serial number
		tlv(tagSequence, p.Certificate.RawIssuer, marshal(p.Certificate.SerialNumber)),
		digest,
		retag(signedAttrs, tagContext0),
		p.signatureAlgorithm(s),
		octets(signature),
	}
	if timestampToken != nil {
		signer = append(signer, tlv(tagContext1, attribute(oidSignatureTimeStamp, timestampToken)))
	}
	return tlv(tagSequence,
		marshal(oidSignedData),
		tlv(tagContext0, tlv(tagSequence,
			marshal(1),
			tlv(tagSet, digest),
			tlv(tagSequence, marshal(oidData)), // no eContent: the document holds it
			tlv(tagContext0, p.certificates()...),
			tlv(tagSet, tlv(tagSequence, signer...)), // EN 319 142-1, 6.3: exactly one SignerInfo
		)),
	), nil
}

// Size is the number of bytes to reserve for the SignedData: the exact maximum
// of all that is known before signing, plus 16 KiB for the token of a TSA, and
// never less than 16 KiB, with a time-stamp 32 KiB. 0 means that the profile
// cannot be written at all (SignedAttributes tells why).
func (p Profile) Size(timestamp bool) int {
	attrs, err := p.SignedAttributes(make([]byte, p.Digest().Size()))
	if err != nil {
		return 0
	}
	dry, err := p.SignedData(attrs, make([]byte, p.maxSignature()), nil)
	if err != nil {
		return 0
	}
	if timestamp {
		return max(len(dry)+TokenSize+spare, floorTimestamp)
	}
	return max(len(dry)+spare, floor)
}

// maxSignature is the size of the longest signature value of the key.
func (p Profile) maxSignature() int {
	switch key := p.Certificate.PublicKey.(type) {
	case *rsa.PublicKey:
		return key.Size()
	case *ecdsa.PublicKey:
		n := (key.Params().N.BitLen() + 7) / 8
		longest := tlv(tagInteger, make([]byte, n+1)) // r and s with a leading zero
		return len(tlv(tagSequence, longest, longest))
	}
	return 0
}

// certificates, deduplicated.
func (p Profile) certificates() [][]byte {
	bag := [][]byte{p.Certificate.Raw}
next:
	for _, c := range p.Chain {
		if c == nil || bytes.Equal(c.RawSubject, c.RawIssuer) {
			continue
		}
		for _, have := range bag {
			if bytes.Equal(have, c.Raw) {
				continue next
			}
		}
		bag = append(bag, c.Raw)
	}
	return bag
}

// digestAlgorithm: RFC 5754, 2: without parameters.
func (p Profile) digestAlgorithm() []byte {
	return tlv(tagSequence, marshal(oidOf(p.Digest())))
}

func (p Profile) signatureAlgorithm(s Scheme) []byte {
	null := []byte{tagNull, 0}
	for _, a := range algorithms {
		if a.hash != p.Digest() {
			continue
		}
		switch s {
		case PKCS1v15:
			return tlv(tagSequence, marshal(a.rsa), null) // RFC 5754, 3.2: NULL
		case ECDSA:
			return tlv(tagSequence, marshal(a.ecdsa)) // RFC 5754, 3.3: no parameters
		case PSS: // RFC 4055, 3.1: everything that differs from the SHA-1 defaults
			hash := tlv(tagSequence, marshal(a.oid), null)
			return tlv(tagSequence, marshal(oidPSS), tlv(tagSequence,
				tlv(tagContext0, hash),
				tlv(tagContext1, tlv(tagSequence, marshal(oidMGF1), hash)),
				tlv(tagContext2, marshal(a.hash.Size())),
			))
		}
	}
	return nil // check refuses these
}

// signingCertificate is the value of signing-certificate-v2 (RFC 5035, 3):
// SHA-256 is the default and left out; the issuer's name byte for byte.
func (p Profile) signingCertificate() []byte {
	h := crypto.SHA256.New()
	h.Write(p.Certificate.Raw)
	id := tlv(tagSequence,
		octets(h.Sum(nil)),
		tlv(tagSequence,
			tlv(tagSequence, tlv(tagContext4, p.Certificate.RawIssuer)),
			marshal(p.Certificate.SerialNumber),
		),
	)
	return tlv(tagSequence, tlv(tagSequence, id))
}

func attribute(oid asn1.ObjectIdentifier, value []byte) []byte {
	return tlv(tagSequence, marshal(oid), tlv(tagSet, value))
}

// retag is the value with another tag, for IMPLICIT ones; nil for nothing.
func retag(der []byte, tag byte) []byte {
	if len(der) == 0 {
		return nil
	}
	b := bytes.Clone(der)
	b[0] = tag
	return b
}
