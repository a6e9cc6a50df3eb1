package verify

// Indication is the main status of a signature (ETSI EN 319 102-1, 5.1.3).
type Indication string

const (
	TotalPassed   Indication = "TOTAL-PASSED"  // everything that was to be checked is in order
	TotalFailed   Indication = "TOTAL-FAILED"  // the signature is certainly not good
	Indeterminate Indication = "INDETERMINATE" // what is known is not enough to say
)

// SubIndication is the reason for an indication other than TOTAL-PASSED (ETSI EN
// 319 102-1, 5.1.3, tables 5 and 6).
type SubIndication string

// With TOTAL-FAILED.
const (
	FormatFailure    SubIndication = "FORMAT_FAILURE"     // byte range, dictionary or CMS is not what the standards allow
	HashFailure      SubIndication = "HASH_FAILURE"       // the signed bytes were changed
	SigCryptoFailure SubIndication = "SIG_CRYPTO_FAILURE" // the signature value does not fit the signer's key
	NotYetValid      SubIndication = "NOT_YET_VALID"      // proven to be older than the signer's certificate
)

// With INDETERMINATE.
const (
	NoSigningCertificateFound SubIndication = "NO_SIGNING_CERTIFICATE_FOUND"      // the signer's certificate is missing, or the signed attribute names another
	NoCertificateChainFound   SubIndication = "NO_CERTIFICATE_CHAIN_FOUND"        // no path leads to a trusted root
	ChainGeneralFailure       SubIndication = "CERTIFICATE_CHAIN_GENERAL_FAILURE" // the path could not be checked for another reason
	ChainConstraintsFailure   SubIndication = "CHAIN_CONSTRAINTS_FAILURE"         // key usage or constraints of the path forbid this use
	CryptoConstraintsFailure  SubIndication = "CRYPTO_CONSTRAINTS_FAILURE"        // weak or unknown algorithm, or a key too short
	SigConstraintsFailure     SubIndication = "SIG_CONSTRAINTS_FAILURE"           // the signature is made or used in a way that its format or the document's rules forbid
	TimestampOrderFailure     SubIndication = "TIMESTAMP_ORDER_FAILURE"           // a time-stamp tells a later time than another one over it
	TryLater                  SubIndication = "TRY_LATER"                         // no fresh revocation data at hand
	RevokedNoPOE              SubIndication = "REVOKED_NO_POE"                    // the signer's certificate is revoked and nothing proves that the signature is older
	RevokedCANoPOE            SubIndication = "REVOKED_CA_NO_POE"                 // the same of a CA on the path
	OutOfBoundsNoPOE          SubIndication = "OUT_OF_BOUNDS_NO_POE"              // the certificate is not valid at the proven time
	Generic                   SubIndication = "GENERIC"                           // anything else, such as a fault of this program
)
