package cli

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"io"
	"time"

	"antin/app/words"
	"antin/signer"
	"antin/signer/cms"
	"antin/signer/pdffile"
	"antin/signer/register"
	"antin/signer/report"
	"antin/signer/scan"
	"antin/signer/verify"
)

// The records of --json, one object a line. Names and meanings of fields stay
// as they are under one schema name; fields may be added. Lengths are mm from
// the top left corner of the page as seen, times RFC 3339, fingerprints SHA-256
// in lower-case hexadecimal. Fields without a value are left out.

// signRecord is the schema antin/sign/1: one document of sign, issue, copy or
// stamp, or one attachment of issue.
type signRecord struct {
	Schema   string         `json:"schema"`
	Action   string         `json:"action"` // sign, issue, attach, copy, stamp
	State    string         `json:"state"`  // done, failed, skipped (because of an error before it), refused (before anything was signed)
	Source   string         `json:"source"`
	Number   string         `json:"number,omitempty"` // of an issued document
	Output   string         `json:"output,omitempty"`
	SHA256   string         `json:"sha256,omitempty"` // of the output
	Size     int64          `json:"size,omitempty"`   // of the output, bytes
	Field    string         `json:"field,omitempty"`
	Level    string         `json:"level,omitempty"` // B-B, B-T
	SignedAt *time.Time     `json:"signedAt,omitempty"`
	Signer   *holderRecord  `json:"signer,omitempty"`
	Place    *placeRecord   `json:"place,omitempty"` // none: invisible
	Origin   string         `json:"origin,omitempty"`
	Copy     *copyRecord    `json:"copy,omitempty"`
	Findings []scan.Finding `json:"findings,omitempty"`   // why a scan was refused
	Passed   *passedRecord  `json:"overridden,omitempty"` // guard rails that --override set aside
	Notes    []string       `json:"notes,omitempty"`
	NoStamp  *problemRecord `json:"noStamp,omitempty"` // why there is no time-stamp
	Error    *problemRecord `json:"error,omitempty"`
}

// passedRecord is what an override has set aside, and why.
type passedRecord struct {
	Reason string   `json:"reason"`
	Codes  []string `json:"codes"`
}

// copyRecord is what a copy certifies.
type copyRecord struct {
	Form      scan.Form       `json:"form,omitempty"`
	Agency    string          `json:"agency"`
	ByOrderOf string          `json:"byOrderOf,omitempty"`
	Pages     []int           `json:"pages"`            // of the source
	Lines     []string        `json:"lines"`            // as they stand on the page
	Looked    []scan.Finding  `json:"looked,omitempty"` // that a person has let pass
	SHA256    string          `json:"sourceSha256"`     // of the first source
	Sources   []register.File `json:"sources"`          // all files that the pages come from, in their order
}

// repairRecord is the schema antin/repair/1: one document of repair.
type repairRecord struct {
	Schema string         `json:"schema"`
	State  string         `json:"state"` // done, failed
	Source string         `json:"source"`
	Output string         `json:"output,omitempty"`
	Error  *problemRecord `json:"error,omitempty"`
}

// trustRecord is the schema antin/trust/1: one entry of the offline store.
type trustRecord struct {
	Schema     string     `json:"schema"`
	What       string     `json:"what"` // anchor, certificate, CRL, OCSP
	SHA256     string     `json:"sha256"`
	Name       string     `json:"name,omitempty"`
	Pinned     bool       `json:"pinned,omitempty"`  // a CA that the program knows
	Revoked    int        `json:"revoked,omitempty"` // entries of a list
	ThisUpdate *time.Time `json:"thisUpdate,omitempty"`
	NextUpdate *time.Time `json:"nextUpdate,omitempty"` // of certificates: their end
	Outdated   bool       `json:"outdated,omitempty"`
	Usable     bool       `json:"usable"`
}

// profileRecord is the schema antin/profile/1: one value of a layout profile.
type profileRecord struct {
	Schema    string          `json:"schema"`
	Profile   string          `json:"profile"`
	Item      string          `json:"item"`
	Value     json.RawMessage `json:"value"`
	Article   string          `json:"article"`
	Certainty string          `json:"certainty"` // Q stated by a source, I inferred, U uncertain
}

// verifyRecord is the schema antin/verify/1: one document of verify.
type verifyRecord struct {
	Schema     string            `json:"schema"`
	Source     string            `json:"source"`
	State      string            `json:"state"`             // done, failed, skipped
	Verdict    verify.Verdict    `json:"verdict,omitempty"` // valid, invalid, undecided, unsigned
	Time       *time.Time        `json:"time,omitempty"`    // for which the check was made
	Revisions  int               `json:"revisions,omitempty"`
	Signatures []signatureRecord `json:"signatures,omitempty"` // in the order made
	Orphans    int               `json:"orphans,omitempty"`    // look like signatures and are none
	Decree     *decreeRecord     `json:"decree,omitempty"`
	Error      *problemRecord    `json:"error,omitempty"`
}

// decreeRecord is what a check means for the decree's questions.
type decreeRecord struct {
	Result report.Result `json:"result"` // valid, attention, undecided, invalid
	Title  string        `json:"title"`  // in Vietnamese
	Next   string        `json:"next"`   // what to do, in Vietnamese
}

type signatureRecord struct {
	Field         string               `json:"field"`
	Kind          verify.Kind          `json:"kind"`
	Indication    verify.Indication    `json:"indication"` // EN 319 102-1
	SubIndication verify.SubIndication `json:"subIndication,omitempty"`
	Intact        bool                 `json:"intact"` // signed bytes unchanged, nothing forbidden was done since
	Reason        string               `json:"reason,omitempty"`
	Signer        *holderRecord        `json:"signer,omitempty"`
	Level         string               `json:"level,omitempty"`
	ClaimedTime   *time.Time           `json:"claimedTime,omitempty"`
	ProvenTime    *time.Time           `json:"provenTime,omitempty"` // by a trusted time-stamp
	Revocation    string               `json:"revocation"`           // good, revoked, unknown
	Place         *placeRecord         `json:"place,omitempty"`
	Revision      int                  `json:"revision,omitempty"`
	CoversFile    bool                 `json:"coversFile"`
	Changes       []changeRecord       `json:"changes,omitempty"`
	Warnings      []verify.Warning     `json:"warnings,omitempty"`
}

type changeRecord struct {
	Revision  int               `json:"revision"`
	Kind      verify.ChangeKind `json:"kind"`
	Forbidden bool              `json:"forbidden"`
	Page      int               `json:"page,omitempty"`
	Field     string            `json:"field,omitempty"`
	Detail    string            `json:"detail,omitempty"`
}

// moduleRecord is the schema antin/tokens/1: one module with its tokens.
type moduleRecord struct {
	Schema string         `json:"schema"`
	Module string         `json:"module"` // path
	Name   string         `json:"name"`
	Tokens []tokenRecord  `json:"tokens"`
	Error  *problemRecord `json:"error,omitempty"`
}

type tokenRecord struct {
	Label        string         `json:"label"`
	Serial       string         `json:"serial"`
	Model        string         `json:"model,omitempty"`
	Manufacturer string         `json:"manufacturer,omitempty"`
	Reader       string         `json:"reader,omitempty"`
	PIN          string         `json:"pin"` // ok, low, final-try, locked, must-change, not-set
	Pad          bool           `json:"pinPad,omitempty"`
	Certificates []holderRecord `json:"certificates"` // for signing
	Error        *problemRecord `json:"error,omitempty"`
}

// checkRecord is the schema antin/doctor/1: one line of doctor.
type checkRecord struct {
	Schema string `json:"schema"`
	Check  string `json:"check"`
	State  string `json:"state"` // ok, warning, failed
	Text   string `json:"text"`  // in the person's language
	Hint   string `json:"hint,omitempty"`
}

type holderRecord struct {
	Name         string    `json:"name"`
	Organisation string    `json:"organisation,omitempty"`
	Subject      string    `json:"subject"`
	Issuer       string    `json:"issuer"`
	SHA256       string    `json:"sha256"`
	NotBefore    time.Time `json:"notBefore"`
	NotAfter     time.Time `json:"notAfter"`
}

type placeRecord struct {
	Page   int     `json:"page"`
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
}

type problemRecord struct {
	Code   string   `json:"code"`
	What   string   `json:"what"`
	Why    string   `json:"why,omitempty"`
	Next   []string `json:"next,omitempty"`
	Detail string   `json:"detail"` // technical, English
}

// Words of the records for what signer numbers.
var (
	originNames = map[signer.Origin]string{
		signer.Given: "given", signer.OwnField: "field", signer.BesideThird: "beside-signature", signer.FoundBlock: "found", signer.Preset: "preset",
		signer.InCorner: "corner", signer.FoundSlot: "slot",
	}
	noteNames = map[signer.Note]string{
		signer.NotePresetPlace: "preset-place", signer.NoteNoSeal: "no-seal", signer.NoteNoStamp: "no-stamp", signer.NoteStampUntrusted: "stamp-untrusted",
		signer.NotePathUnknown: "path-unknown", signer.NoteBandSignature: "band-signature", signer.NotePDFA: "pdfa",
		signer.NoteNoSlots: "no-slots", signer.NoteBlockShifted: "block-shifted", signer.NoteBlockCovers: "block-covers",
		signer.NoteNoTextLayer: "no-text-layer", signer.NoteRoleUnknown: "role-unknown", signer.NotePrinted: "printed",
		signer.NoteNameDiffers: "name-differs",
		signer.NoteMarksLeft:   "marks-left",
	}
)

func recordOf(p words.Problem) *problemRecord {
	return &problemRecord{p.Code, p.What, p.Why, p.Next, p.Detail}
}

func holderOf(c *x509.Certificate) *holderRecord {
	if c == nil {
		return nil
	}
	sum := sha256.Sum256(c.Raw)
	h := &holderRecord{
		Name: cms.DisplayName(c), Subject: c.Subject.String(), Issuer: cms.IssuerName(c),
		SHA256: hex.EncodeToString(sum[:]), NotBefore: c.NotBefore, NotAfter: c.NotAfter,
	}
	if len(c.Subject.Organization) > 0 {
		h.Organisation = c.Subject.Organization[0]
	}
	return h
}

func placeOf(page int, b pdffile.Box) *placeRecord {
	if page == 0 || b.W == 0 {
		return nil
	}
	r := func(v float64) float64 { return float64(int64(v*1000+0.5)) / 1000 }
	return &placeRecord{page, r(b.X), r(b.Y), r(b.W), r(b.H)}
}

func timeOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(vietnam).Truncate(time.Second)
	return &t
}

// writeJSON prints one record on one line.
func writeJSON(w io.Writer, record any) {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(record) // a reader that has gone away wants no more; the work goes on
}
