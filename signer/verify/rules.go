package verify

import (
	"slices"

	"antin/signer/pdffile"
)

// rules are what the signatures before a step allow.
type rules struct {
	docMDP int // strictest; 0 when none restricts
	locks  []fieldSet
}

func (r rules) locked(field string) bool {
	return slices.ContainsFunc(r.locks, func(l fieldSet) bool { return l.covers(field) })
}

// fieldSet is a lock made ready for many questions.
type fieldSet struct {
	action string
	names  map[string]bool
}

func newFieldSet(l *pdffile.FieldLock) fieldSet {
	s := fieldSet{l.Action, make(map[string]bool, len(l.Fields))}
	for _, n := range l.Fields {
		s.names[n] = true
	}
	return s
}

// covers is pdffile.FieldLock.Covers: naming a parent fixes its children, and an
// unknown action fixes everything.
func (s fieldSet) covers(field string) bool {
	named := s.names[field]
	for i := 0; i < len(field) && !named; i++ {
		named = field[i] == '.' && s.names[field[:i]]
	}
	switch s.action {
	case "Include":
		return named
	case "Exclude":
		return !named
	}
	return true
}

// rulesAt collects the restrictions of the signatures of the state that ends at n.
func (d *document) rulesAt(n int64) rules {
	var r rules
	for _, s := range d.signatures {
		if !s.known || s.End > n {
			continue
		}
		for _, l := range s.Locks {
			r.locks = append(r.locks, newFieldSet(l))
		}
		if s.DocMDP != 0 && (r.docMDP == 0 || s.DocMDP < r.docMDP) {
			r.docMDP = s.DocMDP
		}
	}
	return r
}
