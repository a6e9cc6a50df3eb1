package certify

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"antin/signer"
	"antin/signer/register"
	"antin/signer/scan"
)

// row is one scan of the list with what is known and chosen about it.
type row struct {
	path     string      // of its first file: the copy is named after it
	files    []scan.File // that it was opened with
	password string

	read    bool
	plan    scan.Plan // its pages
	fixed   error     // why they stay as they are; nil when they can be changed
	trouble error     // it cannot be opened
	shown   string    // path of the PDF that is shown and judged; "" until there is one

	number   register.Number // of the copy; N is 0 while none is known
	ordinal  int             // of the document in its file of records, for the archivist
	typed    bool            // the person gave number or ordinal
	original string          // number, date and subject, for the register
	extract  []int           // pages of a trích sao, in the wanted order
	looked   []scan.Kind     // findings that the person lets pass

	version int              // counts what was changed that the plan depends on
	planned bool             // copy and refusal are those of now
	copy    *signer.CopyPlan // what would be made
	refusal error            // why nothing can be made of it

	agreed  bool
	state   signer.RowState
	result  *signer.Result
	failure error
}

func (r *row) name() string { return filepath.Base(r.path) }

// untouched tells whether the copy is made of the file itself, not of pages that
// were put together.
func (r *row) untouched() bool {
	if r.fixed != nil {
		return true
	}
	sheets := r.plan.Sheets()
	return len(r.plan.Edits()) == 1 && len(sheets) > 0 && sheets[0].Format == scan.PDF
}

// asks are the pictures that do not tell their resolution.
func (r *row) asks() (out []scan.Leaf) {
	for _, s := range r.plan.Sheets() {
		if s.Asks {
			out = append(out, s.Leaf)
		}
	}
	return out
}

// failing are the findings that forbid the copy, looking those that a person has
// to look at, in the order of pages.
func (r *row) failing() []scan.Finding { return r.findings(scan.Fail) }
func (r *row) looking() []scan.Finding { return r.findings(scan.Look) }

func (r *row) findings(v scan.Verdict) (out []scan.Finding) {
	if r.copy == nil {
		return nil
	}
	for _, f := range r.copy.Findings {
		if f.Verdict == v {
			out = append(out, f)
		}
	}
	return out
}

// acknowledged tells whether the person has looked at all there is to look at.
func (r *row) acknowledged() bool {
	return !slices.ContainsFunc(r.looking(), func(f scan.Finding) bool { return !slices.Contains(r.looked, f.Kind) })
}

// electronic tells whether the copy is refused because this is no scan of paper.
func (r *row) electronic() bool {
	return slices.ContainsFunc(r.failing(), func(f scan.Finding) bool { return f.Kind == scan.Electronic })
}

// passes tells whether the scan is good enough.
func (r *row) passes() bool {
	return r.trouble == nil && r.planned && r.refusal == nil && r.copy != nil && len(r.failing()) == 0 && r.acknowledged() && r.open()
}

// hopeless tells whether nothing can be certified as it is.
func (r *row) hopeless() bool {
	return r.trouble != nil || r.planned && (r.refusal != nil || len(r.failing()) > 0)
}

// open tells whether the row still waits to be certified.
func (r *row) open() bool { return r.state == signer.RowWaiting || r.state == signer.RowFailed }

// change is the row with another plan of its pages: it is shown and judged anew,
// and page numbers that were chosen mean other pages now.
func (r *row) change(p scan.Plan) {
	r.plan, r.shown, r.trouble = p, "", nil
	r.extract, r.looked, r.agreed = nil, nil, false
	r.replan()
}

// readAgain has the row read and planned anew: its file may have changed. Pages that
// were put together stay as they are.
func (r *row) readAgain() {
	if r.untouched() || r.trouble != nil || r.fixed != nil {
		r.read, r.shown, r.trouble = false, "", nil
	}
	if r.state == signer.RowFailed { // which the new plan tells again if it is still so
		r.state, r.failure = signer.RowWaiting, nil
	}
	r.replan()
}

// replan has the row planned anew.
func (r *row) replan() {
	r.planned = false
	r.version++
}

// parsePages reads pages and ranges of pages, such as 1,3-5.
func parsePages(text string) (pages []int, err error) {
	for part := range strings.SplitSeq(text, ",") {
		from, until, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			until = from
		}
		a, errA := strconv.Atoi(strings.TrimSpace(from))
		b, errB := strconv.Atoi(strings.TrimSpace(until))
		if errA != nil || errB != nil || a < 1 || b < a || b-a > maxPages {
			return nil, fmt.Errorf("%w: %q", signer.ErrCopyPages, text)
		}
		for n := a; n <= b; n++ {
			if slices.Contains(pages, n) {
				return nil, fmt.Errorf("%w: page %d twice", signer.ErrCopyPages, n)
			}
			pages = append(pages, n)
		}
	}
	return pages, nil
}

// maxPages bounds a range that was typed.
const maxPages = 10_000

// printPages is the inverse of parsePages; "" for none.
func printPages(pages []int) string {
	var out []string
	for i := 0; i < len(pages); {
		j := i
		for j+1 < len(pages) && pages[j+1] == pages[j]+1 {
			j++
		}
		text := strconv.Itoa(pages[i])
		if j > i {
			text += "-" + strconv.Itoa(pages[j])
		}
		out = append(out, text)
		i = j + 1
	}
	return strings.Join(out, ",")
}

// formTypes are the forms of copies as they stand in numbers (NĐ 30/2020/NĐ-CP,
// Phụ lục III).
var formTypes = map[scan.Form]string{scan.SaoY: "SY", scan.SaoLuc: "SL", scan.TrichSao: "TrS"}

// number gives rows the numbers from first on, in their order; a row whose number
// the person typed keeps it, and those after it go on from there.
func number(rows []*row, first register.Number) {
	next := first
	for _, r := range rows {
		if r.typed {
			next.N = r.number.N
		} else {
			r.number = next
		}
		if next.N > 0 {
			next.N++
		}
	}
}

// order gives the rows that wait their ordinals, from that of the first on.
func order(rows []*row) {
	next := 1
	for _, r := range rows {
		if r.open() && !r.typed {
			r.ordinal = next
		}
		next = r.ordinal + 1
	}
}
