// Package verify judges the signatures of a PDF and what was done to the
// document after each of them.
//
// Document gives a Report: one Signature per filled signature field, in the
// order in which they were made, with the indication and sub-indication of ETSI
// EN 319 102-1 and the list of Changes since. Report.Verdict sums it up in one
// word for the document.
//
// Three questions are kept apart. Signature.Crypto: do byte range, CMS, digest
// and signature value fit (ISO 32000-1, 12.8; RFC 5652)? Signature.Indication:
// does a path lead to a root that the caller trusts, and was the certificate
// good at the time that is proven? Signature.Changes: is everything that later
// revisions did on a short list of permitted updates? Unknown changes are
// forbidden ones, and every byte after a signed revision must belong to a
// well-formed update. Filling fields and adding signatures may be permitted.
// Annotations never are, not even where a certification's level 3 lets readers
// add comments (ISO 32000-1, table 254): what is drawn over a page of a public
// document after its signature has to be looked at by a person.
//
// Open takes a path and also judges files that are damaged or were cut short.
// Report.Extract gives the document as it was when it was signed.
//
// Nothing is fetched unless Options.Fetch says how: paths and revocation come
// from the trust store given.
// Without fresh revocation data a signature is INDETERMINATE, never passed. What
// a report shows of a signature is read from the revision that it signed.
// Lengths are mm. Nothing is printed; texts are technical English.
package verify
