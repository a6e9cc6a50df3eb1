package verify_test

import "slices"

// Why other programs answer differently, in their own versions: pdfsig 22.12,
// OpenSSL 3.0, iText 5.5.13, PDFBox 2.0.27 with BouncyCastle 1.72.
const (
	noChanges   = "it judges the signed bytes and nothing that came after them"
	noField     = "it takes what the newest revision has for what was signed; openssl gets the ranges that stand there now"
	noRemoval   = "it finds the signature though no field of the newest revision has it, or another one is good"
	lenientHex  = "it reads an odd number of digits as if a zero followed; what stands in the gap is not only the contents"
	lenientEnd  = "it ignores what follows the message in the gap, where anything can be hidden"
	oneSigner   = "it takes one good signer of several; PAdES wants exactly one (EN 319 142-1, 6.3)"
	noESS       = "it does not hold the signed certificate identifier against the certificate"
	noAttribute = "it does not check content-type or message-digest as RFC 5652, 5.3 demands"
	noRFC3161   = "it cannot verify ETSI.RFC3161"
	noPurpose   = "it does not check what the time-stamp server's certificate is for, or whether the token names it"
	noCurves    = "it knows no elliptic curves"
	noPSS       = "it knows no RSASSA-PSS"
	noKeyID     = "it finds signers by issuer and serial number only"
	noBare      = "it cannot verify adbe.x509.rsa_sha1, or takes its contents for a CMS"
	attachedNo  = "it hashes the document where the message has content of its own, or the reverse"
	attachedYes = "it ignores content that PAdES forbids"
	noWhole     = "it does not ask that the byte range is the whole revision, its contents left out"
	noTokenHash = "it verifies the imprint and not the signature of the token"
)

// partial are the names of partialStamps.
var partial = []string{"over its own revision only", "over all but the end", "over all but a part of the first page"}

var differences = slices.Concat(
	afterTheSignature("pdfsig", "PDFBox 2", "iText 5"),
	[]difference{
		{"openssl", "spoofed dictionary", "yes", noField, nil},
		{"openssl", "colliding signatures", "yes", noField, nil},
		{"openssl", "universal forgery", "yes", lenientHex, []string{"contents of an odd number of digits"}},
		{"openssl", "message", "yes", lenientEnd, []string{"bytes behind it", "a second message behind it"}},
		{"openssl", "message", "yes", oneSigner, []string{"two signers"}},
		{"openssl", "message", "yes", noESS, []string{"certificate of another with the same key"}},
		{"openssl", "message", "yes", noAttribute, []string{"content-type of a time-stamp"}},
		{"openssl", "message", "yes", attachedYes, []string{"attached content"}},
		{"openssl", "faulty", "yes", attachedYes, []string{"PAdES with the document attached"}},
		{"openssl", "faulty", "no", attachedNo, []string{"detached PKCS#7 with a SHA-256 attached", "detached PKCS#7 with a SHA-1 attached"}},

		{"pdfsig", "universal forgery", "yes", lenientHex, []string{"contents of an odd number of digits"}},
		{"pdfsig", "message", "yes", lenientEnd, []string{"bytes behind it", "a second message behind it"}},
		{"pdfsig", "message", "yes", oneSigner, []string{"two signers"}},
		{"pdfsig", "message", "yes", noESS, []string{"certificate of another with the same key"}},
		{"pdfsig", "message", "yes", noAttribute, []string{"no content-type", "content-type of a time-stamp"}},
		{"pdfsig", "time-stamps", "no", noRFC3161, []string{"by nobody known", "from the future"}},
		{"pdfsig", "good", "no", noRFC3161, []string{
			"B-T by a document time-stamp", "store after the time-stamp: B-LT", "B-LTA", "B-LTA with OCSP answers", "B-LTA, renewed",
			"B-LTA, then another signature", "ended certificates, renewed in time", "P1, document time-stamp", "P1, validation data and time-stamp",
		}},
		{"pdfsig", "good", "no", noBare, []string{"X.509 and PKCS#1 over SHA-256"}},
		{"pdfsig", "good", "no", noKeyID, []string{"signer named by its key"}},
		{"pdfsig", "faulty", "no", noRFC3161, []string{
			"time-stamps in the wrong order", "time-stamp server revoked", "time-stamp server without revocation data", "time-stamp server ended", "time-stamp later than the control time",
		}},
		{"pdfsig", "faulty", "no", noBare, []string{"X.509 and PKCS#1 over SHA-1", "the same with the certificate alone"}},
		{"pdfsig", "faulty", "no", attachedNo, []string{
			"PKCS#7 over a SHA-1", "detached PKCS#7 with the document attached", "the same without attributes", "detached PKCS#7 with a SHA-1 attached",
			"PKCS#7 over a SHA-1 with the document attached", "detached PKCS#7, other content in the way",
		}},

		{"iText 5", "universal forgery", "yes", lenientHex, []string{"contents of an odd number of digits"}},
		{"iText 5", "message", "yes", lenientEnd, []string{"bytes behind it", "a second message behind it"}},
		{"iText 5", "message", "yes", noAttribute, []string{"no content-type", "message-digest twice", "content-type of a time-stamp"}},
		{"iText 5", "message", "error", noCurves, []string{"self-made signer, the real one in the bag"}},
		{"iText 5", "time-stamps", "yes", noTokenHash, []string{"time altered", "signature altered", "signed by another key"}},
		{"iText 5", "time-stamps", "yes", noPurpose, []string{"by a certificate for other things", "by a certificate that may be for other things", "naming another certificate"}},
		{"iText 5", "time-stamps", "error", noCurves, nil},
		{"iText 5", "time-stamps", "yes", noWhole, partial},
		{"iText 5", "good", "error", noPSS, []string{"RSA-PSS"}},
		{"iText 5", "good", "error", noKeyID, []string{"signer named by its key"}},
		{"iText 5", "good", "error", noCurves, []string{
			"P-256", "P-256, SHA-384", "P-256, SHA-512", "P-384", "ended certificates, renewed in time",
			"good", "stale list, stamped while it was fresh", "revoked after a trusted stamp", "expired after a trusted stamp",
		}},
		{"iText 5", "good", "no", noBare, []string{"X.509 and PKCS#1 over SHA-256"}},
		{"iText 5", "faulty", "error", noCurves, nil},
		{"iText 5", "faulty", "no", attachedNo, []string{
			"detached PKCS#7 with the document attached", "the same without attributes", "detached PKCS#7 with a SHA-1 attached",
			"PKCS#7 over a SHA-1 with the document attached", "detached PKCS#7, other content in the way",
		}},
		{"iText 5", "faulty", "yes", lenientEnd, []string{"PKCS#1 value with bytes behind it"}},

		{"PDFBox 2", "universal forgery", "yes", lenientHex, []string{"contents of an odd number of digits"}},
		{"PDFBox 2", "message", "yes", lenientEnd, []string{"bytes behind it", "a second message behind it"}},
		{"PDFBox 2", "message", "yes", attachedYes, []string{"attached content"}},
		{"PDFBox 2", "message", "yes", oneSigner, []string{"two signers"}},
		{"PDFBox 2", "message", "yes", noESS, []string{"certificate of another with the same key"}},
		{"PDFBox 2", "time-stamps", "yes", noPurpose, []string{"by a certificate for other things", "by a certificate that may be for other things", "naming another certificate"}},
		{"PDFBox 2", "time-stamps", "yes", noWhole, partial},
		{"PDFBox 2", "good", "error", noBare, []string{"X.509 and PKCS#1 over SHA-256"}},
		{"PDFBox 2", "faulty", "error", noBare, []string{"X.509 and PKCS#1 over SHA-1", "the same with the certificate alone"}},
		{"PDFBox 2", "faulty", "error", attachedNo, []string{"detached PKCS#7 with a SHA-256 attached", "detached PKCS#7 with a SHA-1 attached"}},
		{"PDFBox 2", "faulty", "no", attachedNo, []string{"PKCS#7 over a SHA-1 with the document attached"}},
		{"PDFBox 2", "faulty", "yes", attachedYes, []string{"PAdES with the document attached"}},
	},
)

// afterTheSignature: classes that change something later, which none of these
// programs looks at.
func afterTheSignature(peers ...string) []difference {
	var out []difference
	for _, p := range peers {
		for _, group := range []string{
			"incremental saving", "shadow", "certification", "colliding signatures", "pages and catalog", "fields and locks", "parser differences", "endless structures",
		} {
			out = append(out, difference{p, group, "yes", noChanges, nil})
		}
		out = append(out, difference{p, "spoofed dictionary", "yes", noRemoval, nil})
	}
	return out
}
