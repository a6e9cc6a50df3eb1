// Package practice is a make-believe office: a certification authority, people
// and organisations with certificates, a time-stamp server, tokens and
// documents, all generated on the spot and all marked THỰC HÀNH (practice). Tests
// and the demo command use it; nothing made here is trusted by anybody.
//
// Start with [NewAuthority], then [Authority.Issue] for a person or an
// organisation: the result signs in software. [Authority.TSA] is a time-stamp
// server (RFC 3161) that can also misbehave in all the ways real ones do.
//
// The leaf certificates follow those of the Vietnamese government CA (second
// generation): order of the subject's attributes, key usage, extended key usage.
// It writes its CMS structures with code of its own, so that it is a peer and no
// mirror of package cms.
package practice
