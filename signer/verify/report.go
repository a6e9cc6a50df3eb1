package verify

import (
	"crypto/x509"
	"time"

	"antin/signer/cms"
	"antin/signer/pdffile"
	"antin/signer/trust"
)

// Kind of a signature.
type Kind string

const (
	Approval      Kind = "approval"
	Certification Kind = "certification" // ISO 32000-1, 12.8.2.2: named by the catalog's /Perms
	DocTimeStamp  Kind = "document time-stamp"
)

// Verdict is what a report says of the whole document.
type Verdict string

const (
	Valid     Verdict = "valid"     // every signature passed and nothing forbidden was changed
	Invalid   Verdict = "invalid"   // a signature failed, or something forbidden was changed after one
	Undecided Verdict = "undecided" // neither: something could not be found out
	Unsigned  Verdict = "unsigned"  // no filled signature field, now or in an earlier revision
)

// Report is the result of Document.
type Report struct {
	Signatures []Signature // in the order made
	Revisions  int         // updates of the file, the original included
	Orphans    []Orphan    // signature dictionaries that no field reaches
	Time       time.Time   // control time used
}

// Orphan is something in the file that looks like a signature and is none: no
// field of any revision names it, or it is an older state of one. It proves
// nothing.
type Orphan struct {
	Object int   // number, 0 when it could not be told
	Offset int64 // of its /ByteRange in the file
}

// Signature is one filled signature field, of the newest revision or of an
// earlier one from which a later update took it.
type Signature struct {
	Field     string // full name
	Kind      Kind
	SubFilter string
	Page      int         // of its widget, from 1; 0 when no page lists it
	Box       pdffile.Box // mm on the page as seen; zero when invisible

	Indication    Indication
	SubIndication SubIndication // "" with TOTAL-PASSED
	Err           error         // the technical reason of the indication; nil with TOTAL-PASSED

	Crypto error // nil: byte range, CMS, digest and signature value are all right, whoever signed

	Signer     *x509.Certificate   // nil when it was not found
	Chain      []*x509.Certificate // from Signer to the anchor; nil without a path
	Path       error               // why there is no path; nil when there is one
	Revocation trust.Status

	ClaimedTime  time.Time  // /M or signing-time; never proof
	Stamp        *cms.Token // the signature's own time-stamp, or the document time-stamp; nil when there is none to use
	StampProblem error      // why a time-stamp that is there proves nothing
	ProvenTime   time.Time  // oldest trusted time-stamp over the signature; zero when there is none
	Level        string     // "B-B", "B-T", "B-LT", "B-LTA" (EN 319 142-1, 6.3); "" when not PAdES baseline

	End        int64 // bytes of the signed revision
	CoversFile bool  // nothing but white space follows it
	Revision   int   // the signed one, from 1; 0 when it is none of the document's

	Reason, Location, Name string // as in the signed revision

	Locks  []*pdffile.FieldLock
	DocMDP int // 1–3 for a signature that restricts changes, 0 otherwise

	Changes  []Change // since the signed revision
	Warnings []Warning
}

// Intact tells that the signed bytes are the signer's and nothing forbidden was
// changed since. It says nothing about who the signer is.
func (s *Signature) Intact() bool { return s.Crypto == nil && s.forbidden() == nil }

// StampedLater tells that ProvenTime comes from a document time-stamp that was
// added after it, and not from a time-stamp of its own.
func (s *Signature) StampedLater() bool {
	own := s.Stamp != nil && s.StampProblem == nil && s.Stamp.Time.Equal(s.ProvenTime)
	return !s.ProvenTime.IsZero() && !own
}

func (s *Signature) forbidden() *Change {
	for i := range s.Changes {
		if s.Changes[i].Forbidden {
			return &s.Changes[i]
		}
	}
	return nil
}

// Change is something that a revision after the signed one did.
type Change struct {
	Revision  int // that did it, from 1
	Kind      ChangeKind
	Object    int    // number of the object concerned, 0 when it is none
	Page      int    // from 1, 0 when not on one page
	Field     string // full name, "" when not of a field
	Forbidden bool
	Detail    string // technical, names key or bytes
}

// ChangeKind sorts changes for the reader.
type ChangeKind string

// Changes that can be permitted.
const (
	AddedSignature   ChangeKind = "signature added"           // a new or an empty field was signed
	AddedTimeStamp   ChangeKind = "document time-stamp added" // EN 319 142-1, 5.4.3
	FilledField      ChangeKind = "field filled"              // value, look or flags of a text field; value of a choice or a button
	AddedEvidence    ChangeKind = "validation data"           // /DSS, EN 319 142-1, 5.4.2
	ChangedForm      ChangeKind = "form settings"             // /DR, /DA, /SigFlags
	ChangedInfo      ChangeKind = "document information"      // /Info, XMP metadata
	ChangedExtension ChangeKind = "version or extensions"     // of the catalog
)

// Changes that are always forbidden.
const (
	ChangedPage       ChangeKind = "page content"      // content, resources, boxes, rotation or other keys of a page
	ChangedPageTree   ChangeKind = "page order"        // pages added, removed or moved, or attributes of all of them
	ChangedAnnotation ChangeKind = "annotation"        // added, removed or changed, other than a signature's widget
	ChangedField      ChangeKind = "form field"        // added, removed, moved or changed in a way that filling it is not
	ChangedLocked     ChangeKind = "locked field"      // value or look of a field that a signature has locked
	ChangedSignature  ChangeKind = "signature changed" // dictionary or look of a signature that was there, or all of it taken away
	ChangedCatalog    ChangeKind = "document catalog"  // outlines, names, actions, layers, structure, permissions …
	ChangedTrailer    ChangeKind = "file trailer"      // another catalog, identifier or encryption
	ForeignBytes      ChangeKind = "foreign bytes"     // bytes that no cross-reference accounts for
	BrokenUpdate      ChangeKind = "irregular update"  // an update that readers may understand in different ways
)

// Warning is a thing to tell that does not change the indication.
type Warning string

const (
	SharedDictionary  Warning = "one signature dictionary in two fields"
	UnsortedAttrs     Warning = "signed attributes are not in DER order"
	NotDER            Warning = "the signature is not written in DER"
	NoIdentifier      Warning = "the signed attributes do not name the certificate"
	NoSignedAttrs     Warning = "no signed attributes"
	SigningTimeSigned Warning = "signing-time in the signed attributes" // EN 319 142-1, 6.3 forbids it
	NoClaimedTime     Warning = "no claimed signing time"
	OldFormat         Warning = "signature format older than PAdES"
	AttachedContent   Warning = "the signature carries content of its own"
	WeakRevocation    Warning = "only a SHA-1 signature vouches for the revocation data"
	NoPermissions     Warning = "restricts changes without being the document's certification"
)

// Verdict is one word for the document.
func (r *Report) Verdict() Verdict {
	if len(r.Signatures) == 0 {
		return Unsigned
	}
	v := Valid
	for i := range r.Signatures {
		s := &r.Signatures[i]
		switch {
		case s.Indication == TotalFailed || s.forbidden() != nil:
			return Invalid
		case s.Indication != TotalPassed:
			v = Undecided
		}
	}
	return v
}
