package cms

import (
	"crypto"
	_ "crypto/md5"  // old signatures are read and reported as weak
	_ "crypto/sha1" // likewise
	"encoding/asn1"
)

// Object identifiers, in the order of their standards.
var (
	oidData       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}        // RFC 5652, 4
	oidSignedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}        // RFC 5652, 5.1
	oidTSTInfo    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4} // RFC 3161, 2.4.2

	oidContentType          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}         // RFC 5652, 11.1
	oidMessageDigest        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}         // RFC 5652, 11.2
	oidSigningTime          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}         // RFC 5652, 11.3
	oidAlgorithmProtection  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 52}        // RFC 6211, 2
	oidSigningCertificate   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12} // RFC 2634, 5.4
	oidSigningCertificateV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47} // RFC 5035, 3
	oidSignatureTimeStamp   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 14} // RFC 3161, appendix A

	oidRSA   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidMGF1  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}
	oidPSS   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidECKey = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
)

// algorithms of a hash: its own identifier and those of the signatures made
// with it (RFC 5754). A nil identifier does not exist.
var algorithms = []struct {
	hash            crypto.Hash
	oid, rsa, ecdsa asn1.ObjectIdentifier
}{
	{crypto.MD5, asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 5}, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 4}, nil},
	{crypto.SHA1, asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 5}, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 1}},
	{crypto.SHA224, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 4}, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 14}, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 1}},
	{crypto.SHA256, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}},
	{crypto.SHA384, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 12}, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}},
	{crypto.SHA512, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 13}, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 4}},
}

// hashOf is the hash with this identifier, 0 when unknown.
func hashOf(oid asn1.ObjectIdentifier) crypto.Hash {
	for _, a := range algorithms {
		if a.oid.Equal(oid) {
			return a.hash
		}
	}
	return 0
}

func oidOf(h crypto.Hash) asn1.ObjectIdentifier {
	for _, a := range algorithms {
		if a.hash == h {
			return a.oid
		}
	}
	return nil
}
