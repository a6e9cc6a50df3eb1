package token

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"

	"antin/signer/cms"
)

// id-data, the content type of a signature in a PDF (RFC 5652, 4; ETSI EN 319
// 142-1, 6.3).
var contentData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}

// signedAttributes makes sure that message is what a document signature with
// cert signs: the DER of a SET of attributes (RFC 5652, 5.4) with content-type,
// a message-digest of the hash's length and a signing-certificate-v2 that names
// cert. So whatever goes wrong in the program, the key signs no login challenge,
// no certificate request and nothing for somebody else's certificate.
func signedAttributes(cert *x509.Certificate, h crypto.Hash, message []byte) error {
	no := func(format string, args ...any) error { return refuse(ErrNotAttributes, format, args...) }
	// The reader for signatures is asked to read one that consists of these
	// attributes and an empty value: there is but one reader of attributes.
	whole, err := cms.Profile{Certificate: cert, Hash: h}.SignedData(message, []byte{0}, nil)
	if err != nil {
		return no("%v", err)
	}
	parsed, err := cms.Parse(whole)
	if err != nil {
		return no("%v", err)
	}
	if parsed.BER || len(parsed.Signers) != 1 {
		return no("not one set of attributes in DER")
	}
	i := &parsed.Signers[0]
	switch {
	case !bytes.Equal(i.SignedAttrs, message):
		return no("%d bytes besides the attributes", len(message)-len(i.SignedAttrs))
	case !i.Sorted:
		return no("not in the order of DER") // X.690, 11.6
	case len(i.MessageDigest) != h.Size():
		return no("message-digest of %d bytes for %v", len(i.MessageDigest), h)
	}
	if err := i.CheckAttributes(contentData); err != nil {
		return no("%v", err)
	}
	// ETSI EN 319 142-1, 6.3: the signing certificate reference is version 2 unless the hash is SHA-1.
	for _, id := range i.Identifiers {
		if id.Version != 2 {
			return no("signing-certificate of version %d", id.Version)
		}
	}
	if !i.Identified() {
		return no("no signing-certificate-v2")
	}
	if err := i.CheckIdentifier(cert); err != nil {
		return no("%v", err)
	}
	return nil
}
