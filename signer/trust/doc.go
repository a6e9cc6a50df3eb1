// Package trust decides whom to believe: it holds trust anchors, further CA
// certificates, revocation lists and OCSP answers, builds the path from a
// certificate to an anchor (RFC 5280, 6.1) and tells whether its certificates
// were revoked (RFC 5280, 6.3; RFC 6960).
//
// A [Store] is filled with [Load] from files and folders, or from a [Vault], the
// folder in which a user keeps what was imported and fetched. [Store.Path] and
// [Store.Revocation] answer from the store alone; [Store.Build] and
// [Store.Check] do the same and may ask the network for what is missing, when
// they are given a [Fetch]. Without one nothing here opens a connection. What
// nobody vouches for is unknown, and never good.
//
// Anchors are accepted in two ways: the user imports them, or their SHA-256 is
// one of the pins of the Vietnamese government's CAs, which are shipped while
// the certificates are not. So a CA certificate found on a token or in a document is
// given to [Store.Offer], and no harm is done.
//
// Extended key usage is not asked for: certificates of the Vietnamese
// government's CAs carry none for documents (that of RFC 9336 may be there).
// Signatures with SHA-1 are believed only directly below an anchor of the SHA-1
// generation, and the result says so: [ErrWeak].
//
// Times are absolute; ages are measured with the store's clock, and [CheckClock]
// tells when that clock contradicts what others signed.
package trust
