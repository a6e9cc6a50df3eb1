package verify

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	_ "crypto/sha1" // used through crypto.Hash.New
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"

	"antin/signer/cms"
	"antin/signer/pdffile"
)

// content is the digest of what the CMS signs: of the byte range when it is
// detached, of its content in the old form adbe.pkcs7.sha1, where that is the
// SHA-1 of the byte range (ISO 32000-1, 12.8.3.3.1).
//
// Programs in the field put content into a message that says it is detached: the
// signed bytes again, or their digest. That is against the format, and other
// readers judge such a message by bytes that nobody sees. It is followed as far
// as it leads to the document, and the signature gets SIG_CONSTRAINTS_FAILURE at
// best (see judge); under ETSI.CAdES.detached it is FORMAT_FAILURE (EN 319
// 142-1, 6.3).
func (d *document) content(s *signature) ([]byte, error) {
	s.weak = s.weak || s.SubFilter == pkcs7SHA1Filter
	switch {
	case s.cms.Content == nil && s.SubFilter != pkcs7SHA1Filter:
		return d.digest(s, s.info.Digest)
	case s.cms.Content == nil:
		return nil, fmt.Errorf("%w: %q needs content", errOtherContent, s.SubFilter)
	case s.SubFilter == padesFilter:
		return nil, ErrContent
	}
	sums := map[crypto.Hash][]byte{}
	for _, h := range []crypto.Hash{s.info.Digest, crypto.SHA1, crypto.SHA256} {
		sum, err := d.digest(s, h)
		if err != nil {
			return nil, err
		}
		sums[h] = sum
	}
	overRange := sums[s.info.Digest]
	own := s.info.Digest.New()
	own.Write(s.cms.Content)
	inner := own.Sum(nil)
	if s.SubFilter == pkcs7SHA1Filter && bytes.Equal(s.cms.Content, sums[crypto.SHA1]) {
		return inner, nil
	}
	s.attached = true
	s.warn(AttachedContent)
	switch {
	case s.info.SignedAttrs != nil && bytes.Equal(s.info.MessageDigest, overRange):
		return overRange, nil // the content is only in the way
	case bytes.Equal(inner, overRange):
		return inner, nil // it is the signed bytes
	case bytes.Equal(s.cms.Content, sums[crypto.SHA1]):
		s.weak = true
		return inner, nil
	case bytes.Equal(s.cms.Content, overRange), bytes.Equal(s.cms.Content, sums[crypto.SHA256]):
		return inner, nil
	}
	return nil, fmt.Errorf("%w: %w", errOtherContent, ErrContent)
}

// errOtherContent: what is signed is not the document.
var errOtherContent = errors.New("verify: the signed content is not the document's")

// bareHashes may stand in an adbe.x509.rsa_sha1 signature, whose name is only
// history (ISO 32000-1, table 257).
var bareHashes = []crypto.Hash{crypto.SHA1, crypto.SHA256, crypto.SHA384, crypto.SHA512}

// maxBareCertificates bounds /Cert; real ones have three or four.
const maxBareCertificates = 64

// checkBare verifies adbe.x509.rsa_sha1 (ISO 32000-1, 12.8.3.2): /Contents is an
// octet string with a PKCS#1 signature value, /Cert the certificates, the
// signer's first. SHA-1 makes it weak; nothing of it can be time-stamped.
func (d *document) checkBare(s *signature) error {
	s.warn(OldFormat)
	if s.ClaimedTime.IsZero() {
		s.warn(NoClaimedTime)
	}
	if err := d.readCertificates(s); err != nil {
		return err
	}
	if len(s.others) == 0 {
		return cms.ErrNoSignerCertificate
	}
	s.Signer = s.others[0]
	key, ok := s.Signer.PublicKey.(*rsa.PublicKey)
	if !ok {
		return fmt.Errorf("%w: %T", cms.ErrKeyType, s.Signer.PublicKey)
	}
	var value []byte
	padding, err := asn1.Unmarshal(s.source.Contents, &value)
	if err != nil {
		return fmt.Errorf("verify: /Contents is no octet string: %w", err)
	}
	if len(bytes.Trim(padding, "\x00")) > 0 {
		return cms.ErrTrailingBytes
	}
	if bits := key.N.BitLen(); bits > 16384 || key.E < 3 || key.E%2 == 0 {
		return fmt.Errorf("%w: RSA of %d bits", cms.ErrKeyType, bits)
	} else if bits < 2048 {
		s.weak = true
	}
	for _, h := range bareHashes {
		sum, err := d.digest(s, h)
		if err != nil {
			return err
		}
		if rsa.VerifyPKCS1v15(key, h, sum, value) == nil {
			s.weak = s.weak || h == crypto.SHA1
			return nil
		}
	}
	return cms.ErrSignatureMismatch
}

// readCertificates reads /Cert: one string or an array of them, DER.
func (d *document) readCertificates(s *signature) error {
	signed, err := d.state(s.End)
	if err != nil {
		return err
	}
	v, _ := signed.Resolve(s.dict["Cert"])
	list, many := v.(pdffile.Array)
	if !many {
		list = pdffile.Array{v}
	}
	for i, o := range list[:min(len(list), maxBareCertificates)] {
		v, _ := signed.Resolve(o)
		der, _ := v.(pdffile.String)
		cert, err := x509.ParseCertificate(der)
		switch {
		case err == nil:
			s.others = append(s.others, cert)
		case i == 0:
			return nil // the first one is the signer's
		}
	}
	return nil
}
