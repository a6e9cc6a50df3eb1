package issue

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"antin/assets"
	"antin/signer"
	"antin/signer/layout"
	"antin/signer/register"
)

// row is one document of the list with what is known and chosen about it.
type row struct {
	path        string
	attachments []string
	password    string

	read    bool          // what it is about is known, as far as it can be
	found   *layout.Found // nil when it could not be read
	trouble error         // it cannot be opened

	unnumbered bool            // the register has still to be asked
	series     register.Series // that the number is counted in
	number     register.Number // N is 0 while no number is known
	typed      bool            // the person gave the number
	taken      error           // another document has it
	date       time.Time       // zero: the list's
	urgency    signer.Urgency
	summary    string
	recipients string
	at         *signer.Place    // of the seal, when the person moved it
	slots      []signer.Slot    // of number and date, when the person pointed at them
	override   *signer.Override // in spite of a guard rail, with its reason

	planned bool
	plan    *signer.Plan // what would be done; may be there beside a refusal
	refusal error        // why it cannot be issued as it is

	agreed  bool
	state   signer.RowState
	result  *signer.Result
	failure error
}

func (r *row) name() string { return filepath.Base(r.path) }

// signable tells whether nothing stands against the row.
func (r *row) signable() bool {
	return r.trouble == nil && r.planned && r.refusal == nil && r.taken == nil && r.number.N > 0 && r.state != signer.RowDone && r.state != signer.RowSkipped
}

// refused tells whether something stands against the row that no number changes.
func (r *row) refused() bool { return r.refusal != nil && r.state != signer.RowDone }

// again has the row numbered and planned anew.
func (r *row) again() { r.planned, r.unnumbered, r.refusal = false, true, nil }

// leader is who has signed, "" for nobody.
func (r *row) leader() string {
	if r.plan == nil || r.plan.Leader == nil {
		return ""
	}
	return r.plan.Name.Holder
}

// sheet is the list of documents to be issued. It draws nothing and asks nobody.
type sheet struct {
	rows  []*row
	body  string // of all numbers: UBND
	party bool   // numbers in the Party's form
	date  time.Time
}

// errTwice is a document that is in the list already.
var errTwice = errors.New("issue: the document is in the list")

// add puts a document into the list.
func (s *sheet) add(path string) (*row, error) {
	for _, r := range s.rows {
		if r.path == path {
			return r, errTwice
		}
	}
	r := &row{path: path}
	s.rows = append(s.rows, r)
	return r, nil
}

// dated is the day of a row.
func (s *sheet) dated(r *row) time.Time {
	if r.date.IsZero() {
		return s.date
	}
	return r.date
}

// like is a row's number without the count: what tells its series.
func (s *sheet) like(r *row) register.Number {
	if r.typed {
		return r.number
	}
	n := register.Number{Body: s.body, Party: s.party}
	if r.found != nil {
		if printed, err := register.ParseNumber("1" + r.found.Number.Text); err == nil && r.found.Number.State == layout.Gap {
			printed.N = 0
			return printed // the page says it: /QĐ-UBND
		}
		n.Type = abbreviation(r.found.Subject.Type, s.party)
	}
	return n
}

// isParty tells whether a layout profile is the Party's.
func isParty(profile string) bool {
	return profile == assets.ProfileParty || profile == assets.ProfileParty18
}

// abbreviation is how a type stands in numbers; "" for an official letter.
func abbreviation(name string, party bool) string {
	kind := "administrative"
	if party {
		kind = "party"
	}
	for short, long := range assets.TypesOf(kind).Types {
		if long == name {
			return short
		}
	}
	return ""
}

// number gives the rows of each series the numbers from first on, in their
// order; a row with a number that the person typed keeps it, and those after it in
// its series go on from there.
func (s *sheet) number(first map[register.Series]int) {
	next := map[register.Series]int{}
	for _, r := range s.rows {
		if !r.read {
			continue
		}
		if r.state == signer.RowSkipped || r.trouble != nil || r.refused() {
			if !r.typed {
				r.number.N = 0 // it leaves no gap
			}
			continue
		}
		key := r.series
		if r.typed || r.state == signer.RowDone {
			next[key] = r.number.N + 1
			continue
		}
		if next[key] == 0 {
			next[key] = first[key]
		}
		n := s.like(r)
		n.N = next[key]
		if n != r.number {
			r.number, r.planned = n, false
		}
		if n.N > 0 {
			next[key]++
		}
	}
	s.compare()
}

// compare tells of numbers that stand in the list twice: the later row has to give
// way.
func (s *sheet) compare() {
	seen := map[string]bool{}
	for _, r := range s.rows {
		if errors.Is(r.taken, signer.ErrNumberTwice) {
			r.taken = nil
		}
		if r.number.N == 0 || r.state == signer.RowSkipped {
			continue
		}
		key := fmt.Sprint(r.series, r.number.N, r.number.Suffix)
		if seen[key] && r.taken == nil {
			r.taken = fmt.Errorf("%w: %s", signer.ErrNumberTwice, r.number)
		}
		seen[key] = true
	}
}

// setNumber is what a person types as a row's number: the whole, or its count
// alone. Empty text gives the choice back to the list.
func (s *sheet) setNumber(r *row, text string) error {
	if text == "" {
		r.typed = false
		return nil
	}
	n, err := register.ParseNumber(text)
	if err != nil {
		like := s.like(r)
		like.N, like.Suffix = 1, ""
		rest := like.String()[len("01"):] // as printed behind the count
		if n, err = register.ParseNumber(text + rest); err != nil {
			return err
		}
	}
	if n != r.number || !r.typed {
		r.number, r.typed = n, true
		r.again()
	}
	return nil
}

// ready are the rows that are stamped: those that were agreed to, or the only
// one.
func (s *sheet) ready() []*row {
	var out []*row
	for _, r := range s.rows {
		if r.signable() && (r.agreed || len(s.rows) == 1) {
			out = append(out, r)
		}
	}
	return out
}

// waiting is the first row after one, or before it, that nothing was said about;
// nil when there is none.
func (s *sheet) waiting(after *row) *row {
	at := 0
	for i, r := range s.rows {
		if r == after {
			at = i
		}
	}
	for i := range s.rows {
		if r := s.rows[(at+1+i)%len(s.rows)]; r != after && r.signable() && !r.agreed {
			return r
		}
	}
	return nil
}
