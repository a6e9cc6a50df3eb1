package signer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"antin/assets"
	"antin/signer/appearance"
	"antin/signer/cms"
	"antin/signer/layout"
	"antin/signer/pagetext"
	"antin/signer/pdffile"
	"antin/signer/report"
	"antin/signer/verify"
)

// Part is a thing that a job puts on a page, or the text that a slot takes.
type Part string

// The parts of an issued document (Phụ lục I, ô 3, 4, 7c, 8 and 10b).
const (
	SignaturePart Part = "signature"
	SealPart      Part = "seal"
	NumberPart    Part = "number"  // whole: "121/QĐ-UBND"
	OrdinalPart   Part = "ordinal" // "121", before a printed "/QĐ-UBND"
	DatePart      Part = "date"    // whole: "ngày 22 tháng 11 năm 2026"
	DayPart       Part = "day"     // figures, between printed words
	MonthPart     Part = "month"
	YearPart      Part = "year"
	UrgencyPart   Part = "urgency" // HỎA TỐC, THƯỢNG KHẨN, KHẨN
)

// Mark is what a job puts on a page: a picture that fills the box, or a text on
// a baseline. Lengths are mm from the top left corner of the page as seen.
type Mark struct {
	Part   Part
	Place  // zero for an invisible signature
	Origin Origin
	Field  string // the form field that takes it, "" for a field that is still to be made

	Picture string // path of the picture

	Text        string // "" for a place that is kept free for the clerk
	Face        appearance.Face
	Size        float64 // pt
	X, Baseline float64
	Framed      bool // red in a red frame as large as the box, the text in its middle
}

// Look is the text of a mark as the file will show it, as large as its box.
// Errors: those of appearance.
func (m *Mark) Look() (*appearance.Look, error) {
	l := appearance.NewLook(m.W, m.H)
	return l, m.draw(l, m.Box)
}

// NameCheck compares the holder of a certificate with the name under the
// signing block that the signature stands in.
type NameCheck struct {
	Holder  string // as the certificate writes it
	Printed string // "" when the signature stands in no block, or in one without a name
	Match   layout.Match
}

// Plan is what a job would do. Approve and Issue carry out the very same plan,
// so that what is shown before the PIN is what the file gets.
type Plan struct {
	Marks  []Mark        // in the order in which they are drawn
	Found  *layout.Found // what the text tells; of Issue on the first page only, where nothing else is needed; nil when nothing was read
	Name   NameCheck     // of the leader
	Role   report.Role   // of the certificate that signs
	Number string        // of Issue: whole, as it will stand on the document

	SHA256     string            // of the document, hexadecimal; of PlanApprove and PlanIssue
	Before     *verify.Report    // of the document as it is
	Leader     *verify.Signature // of Issue: whose signature the seal goes on; nil when overridden
	Overridden []error           // guard rails that the job's Override sets aside
	Notes      []Note
}

// Mark is the mark of a part; ok is false when the plan has none.
func (p *Plan) Mark(part Part) (m *Mark, ok bool) {
	for i := range p.Marks {
		if p.Marks[i].Part == part {
			return &p.Marks[i], true
		}
	}
	return nil, false
}

// result begins the result of a job with what its plan says.
func (p *Plan) result(main Part, o *Override) *Result {
	r := &Result{Marks: p.Marks, Name: p.Name, Number: p.Number, Notes: p.Notes, Overridden: p.Overridden}
	if len(p.Overridden) > 0 {
		r.OverrideReason = strings.TrimSpace(o.Reason)
	}
	if m, ok := p.Mark(main); ok {
		r.Place, r.Origin = m.Place, m.Origin
	}
	return r
}

// profile is the layout profile of a job.
func (c Common) profile() *assets.Profile {
	if c.Profile == nil {
		return assets.ProfileNamed(assets.ProfileND30)
	}
	return c.Profile
}

// compareName finds the block that the leader's signature lies in and compares
// its name.
func (p *Plan) compareName(found *layout.Found, at Place) {
	middle := func(b pdffile.Box) (x, y float64) { return b.X + b.W/2, b.Y + b.H/2 }
	x, y := middle(at.Box)
	for _, b := range slices.Concat(found.Blocks, found.Others) {
		if b.Page == at.Page && x >= b.Free.X && x <= b.Free.X+b.Free.W && y >= b.Free.Y && y <= b.Free.Y+b.Free.H {
			p.Name.Printed, p.Name.Match = b.Name, b.Match
			if b.Match == layout.Different {
				p.Notes = append(p.Notes, NoteNameDiffers)
			}
			return
		}
	}
}

// holder is whose block a job of c looks for.
func (c Common) options(holder string) layout.Options {
	return layout.Options{Name: holder, Profile: c.profile()}
}

// readPage finds what stands on one page alone.
func readPage(ctx context.Context, f *pdffile.File, n int, o layout.Options) (*pagetext.Text, *layout.Found, error) {
	t, err := pagetext.Page(ctx, f, n)
	if err != nil {
		return nil, nil, err
	}
	return t, layout.FindIn([]*pagetext.Text{t}, o), nil
}

// PlanApprove tells what Approve would do: where the signature and the fields
// for number and date would stand, and what was found in the text. The key is
// not used and nothing is written. With an error, which is the one that Approve
// would return, the plan comes as far as it got; it is nil when the document
// cannot be opened.
func PlanApprove(ctx context.Context, job ApproveJob) (*Plan, error) {
	if err := cms.CheckCertificate(job.Key.Certificate(), job.now()); err != nil {
		return nil, err
	}
	src, err := openSource(ctx, job.Common, nil)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	sum, err := src.sum(job.Plan)
	if err != nil {
		return nil, err
	}
	a, err := job.plan(ctx, src)
	a.SHA256 = sum
	return &a.Plan, err
}

// sum is the SHA-256 of the document, in hexadecimal; ErrSourceChanged when
// another one was planned. The document is open: a file that takes its place later
// is not the one that is signed.
func (s *source) sum(planned *Plan) (string, error) {
	sum, err := hashFile(s.path, -1)
	if err == nil && planned != nil && planned.SHA256 != sum {
		err = fmt.Errorf("%w: %q", ErrSourceChanged, s.path)
	}
	return sum, err
}

// PlanIssue is PlanApprove for Issue.
func PlanIssue(ctx context.Context, job IssueJob) (*Plan, error) {
	if err := job.check(); err != nil {
		return nil, err
	}
	src, err := openSource(ctx, job.Common, nil)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	sum, err := src.sum(job.Plan)
	if err != nil {
		return nil, err
	}
	a, err := job.plan(ctx, src)
	a.SHA256 = sum
	return &a.Plan, err
}
