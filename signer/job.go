package signer

import (
	"errors"
	"time"

	"antin/assets"
	"antin/signer/cms"
	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/report"
	"antin/signer/trust"
	"antin/signer/verify"
)

// Refusals: the document is not in the state that the job needs.
var (
	ErrNoLeaderSignature = errors.New("signer: no valid signature by a person")               // NĐ 30/2020, Điều 32: the seal goes on what the authorised person has signed
	ErrBrokenSignature   = errors.New("signer: an earlier signature is broken")               // signed only on explicit wish
	ErrAlreadySigned     = errors.New("signer: this certificate has signed the document")     // on explicit wish only
	ErrSlotFilled        = errors.New("signer: number or date is filled already")             // filled by somebody before the seal
	ErrNoSlots           = errors.New("signer: places of number and date are not known")      // no fields, none given, none found with certainty
	ErrNoUrgencySlot     = errors.New("signer: no place for the mark of urgency")             // neither a field nor free paper under the number
	ErrSymbol            = errors.New("signer: the page prints another document symbol")      // "/TB-UBND" for number 121/QĐ-UBND
	ErrInk               = errors.New("signer: something is printed where the text goes")     // dots to write on: only on explicit wish
	ErrNoPlace           = errors.New("signer: no place for the signature was found")         // or several: a person has to choose
	ErrNotVerified       = errors.New("signer: the written signature does not verify")        // nothing is given out
	ErrOldSignatureHurt  = errors.New("signer: the new revision would harm an old signature") // nothing is given out
)

// Jobs that are not complete.
var (
	ErrNoPicture  = errors.New("signer: no picture of the signature or seal")
	ErrDiameter   = errors.New("signer: the seal's diameter must be between 20 and 60 mm")
	ErrSealNeeded = errors.New("signer: the layout profile wants a seal") // NĐ 30/2020, Điều 33
	ErrNumber     = errors.New("signer: no document number")
	ErrUrgency    = errors.New("signer: no such mark of urgency")
)

// Output that cannot be written.
var (
	ErrExists    = errors.New("signer: the output file exists")
	ErrNoFolder  = errors.New("signer: the output folder does not exist")
	ErrCannotPut = errors.New("signer: the output cannot be written") // full, read-only, no permission
)

// Place is a rectangle on a page.
type Place struct {
	Page        int // from 1
	pdffile.Box     // mm from the top left corner of the page as seen
}

// Slot is the place of a text that is filled in later, its baseline one descent
// above its lower edge. A text before printed letters (OrdinalPart) stands at the
// right edge, one between printed words in the middle, any other at the left.
type Slot struct {
	Place
	Size float64 // pt; 13 when zero
	Part Part    // which text it takes
}

// Origin tells how a place was found.
type Origin int

// The origins of a place.
const (
	Given       Origin = iota // by the job
	OwnField                  // an existing signature field
	BesideThird               // the seal: over the left third of the leader's signature
	FoundBlock                // the signing block of the certificate's holder, found in the text
	Preset                    // nothing better was known: should be looked at
	FoundSlot                 // a slot for number or date, found in the text
	InCorner                  // a block of text in the top right corner
)

// Stage is what a job is doing.
type Stage int

// The stages in their order.
const (
	Reading Stage = iota
	Writing
	AskingKey
	Verifying
	Saving
	Checking    // a scan, by pages
	ReadingText // of a scan, by pages
	AskingTSA   // for a document time-stamp
)

// Progress is told how far a job has come; done and total are bytes, or pages
// where the stage says so, zero where it has none. It is called on the job's goroutine and must return soon.
type Progress func(stage Stage, done, total int64)

// Common is what every signing job says.
type Common struct {
	Source   string // path of the PDF; read only
	Password string // of an encrypted document
	Out      string // file or folder; "" = beside the source with the job's suffix
	Key      pades.Key
	PSS      bool // RSASSA-PSS on request; PKCS#1 v1.5 otherwise

	TSA   *cms.TSA     // time-stamp authority, nil = level B-B
	Trust *trust.Store // for the checks before and after; may be nil
	Now   func() time.Time

	Profile  *assets.Profile // layout rules; nil = nd30-2020
	Roles    report.Roles    // what the user has said of certificates; of others it is guessed from their names
	Override *Override       // go on against a guard rail

	EvenIfBroken bool // sign although an earlier signature is broken
	EvenIfSigned bool // sign although this certificate has signed already

	pictures *pictures // of a batch
}

func (c Common) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

// ApproveJob is a leader's signature, or initials before it.
type ApproveJob struct {
	Common
	Picture       string  // PNG or JPEG of the handwritten signature
	Width, Height float64 // mm, largest size of the picture; zero = fitted to the free space of the signing block
	Invisible     bool    // no picture and no place
	At            *Place  // nil = Field, else the signing block found in the text; initials without a place get a preset one
	Field         string  // an existing empty signature field
	Initials      bool    // ký nháy: small, before the leader
	Reason        string
	Location      string

	// Slots, when no signature exists yet, become empty text fields that the
	// clerk fills without harming this signature; nil = where the text leaves
	// room for number and date, and for a mark of urgency.
	Slots   []Slot
	NoSlots bool // make no such fields, whatever the text says

	// Plan is what PlanApprove has told of the document: one that has changed
	// since is refused with ErrSourceChanged. nil = sign whatever is there.
	Plan *Plan
}

// IssueJob is the clerk's step: number, date and seal.
type IssueJob struct {
	Common   `json:"-"`
	Number   string // such as 121/QĐ-UBND, or 121 alone where the page prints the rest
	Date     time.Time
	Urgency  Urgency // mark of urgency, "" = none
	Seal     string  // PNG of the seal, transparent
	Diameter float64 // mm, as entered in the stamp register
	At       *Place  // of the seal; nil = over the left third of the leader's signature

	// NoSeal issues without the picture of a seal, where the profile lets an office
	// have none: a Party cell (chi bộ). The revision is signed all the same.
	NoSeal bool `json:",omitempty"`

	// Slots are for the parts that the first signer left no fields for; nil =
	// found in the text.
	Slots   []Slot
	OverInk bool // write even where something is printed, such as dots to write on

	// Plan is what PlanIssue has told of the document: one that has changed since
	// is refused with ErrSourceChanged. nil = issue whatever is there.
	Plan *Plan `json:"-"`
}

// Urgency is a mark of urgency (mức độ khẩn: Điều 8 and Phụ lục I, ô 10b), as it
// is written.
type Urgency string

// The degrees of urgency.
const (
	Khan       Urgency = "KHẨN"
	ThuongKhan Urgency = "THƯỢNG KHẨN"
	HoaToc     Urgency = "HỎA TỐC"
)

// AttachJob is the clerk's signature on one attachment file.
type AttachJob struct {
	Common
	Number string // of the main document
}

// Note is a remark on a result that a person should know of.
type Note int

// The notes.
const (
	NotePresetPlace    Note = iota // the place is a preset; look at the page
	NoteNoStamp                    // a wished time-stamp could not be had
	NoteStampUntrusted             // no anchor was given for the time-stamp's authority
	NotePathUnknown                // no trust anchors were given: the leader's certificate path was not checked
	NoteBandSignature              // number and date stand in a signature of their own
	NotePDFA                       // the PDF/A claim cannot be kept in full
	NoteNoSlots                    // no fields for number and date were made
	NoteBlockShifted               // the text block stands lower or further left: its corner was taken
	NoteMarksLeft                  // seals, signatures and notes that are shown on top of the pages are not in the extract
	NoteNoTextLayer                // a person accepts that the copy has no layer of text
	NoteBlockCovers                // the text block lies over text or a picture: the corner has no free place
	NoteRoleUnknown                // nothing tells whether the certificate is a person's or an organisation's
	NoteNameDiffers                // the name under the signature is not the one in the certificate
	NoteNoSeal                     // a person wants no seal, and the profile allows it
	NotePrinted                    // number or date is printed already and was left as it is
)

// Result is what a job has made.
type Result struct {
	Source, Output string
	Field          string
	Place          Place // zero when invisible
	Origin         Origin
	SHA256         [32]byte // of the output
	Size           int64    // bytes
	Level          string   // B-B or B-T
	SignedAt       time.Time
	StampProblem   error
	Attachments    []*Result // of a row of an IssueBatch
	Notes          []Note
	Report         *verify.Report // of the output
	Marks          []Mark         // what was put on the pages
	Name           NameCheck
	Number         string    // of Issue: whole, as it stands on the document
	Overridden     []error   // guard rails that were set aside: to be recorded by the caller
	OverrideReason string    // why
	Copy           *CopyPlan // of Copy: what was certified and where it says so
}
