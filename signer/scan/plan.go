package scan

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// ErrNoSuchPage tells that an edit names a page that the plan does not have.
var ErrNoSuchPage = errors.New("scan: the plan has no such page")

// Sheet is a page of the document to be made.
type Sheet struct {
	Leaf
	Turn int // degrees clockwise by which it is turned: 0, 90, 180, 270
}

// Edit is a change to the order of sheets. Pages count from 1.
type Edit interface {
	apply([]Sheet) ([]Sheet, error)
}

// Append puts pages behind the last one, for instance those of another file.
type Append struct{ Leaves []Leaf }

// Move takes the page From and puts it where it becomes the page To.
type Move struct{ From, To int }

// Turn turns pages by a multiple of 90 degrees clockwise.
type Turn struct {
	Pages   []int
	Degrees int
}

// Drop leaves pages out, for instance blank ones.
type Drop struct{ Pages []int }

func (e Append) apply(s []Sheet) ([]Sheet, error) {
	for _, l := range e.Leaves {
		s = append(s, Sheet{Leaf: l})
	}
	return s, nil
}

func (e Move) apply(s []Sheet) ([]Sheet, error) {
	if err := within(len(s), e.From, e.To); err != nil {
		return nil, err
	}
	moved := s[e.From-1]
	return slices.Insert(slices.Delete(s, e.From-1, e.From), e.To-1, moved), nil
}

func (e Turn) apply(s []Sheet) ([]Sheet, error) {
	if err := within(len(s), e.Pages...); err != nil {
		return nil, err
	}
	if e.Degrees%90 != 0 {
		return nil, fmt.Errorf("scan: a turn by %d degrees", e.Degrees)
	}
	for _, n := range e.Pages {
		s[n-1].Turn = ((s[n-1].Turn+e.Degrees)%360 + 360) % 360
	}
	return s, nil
}

func (e Drop) apply(s []Sheet) ([]Sheet, error) {
	if err := within(len(s), e.Pages...); err != nil {
		return nil, err
	}
	var out []Sheet
	for i := range s {
		if !slices.Contains(e.Pages, i+1) {
			out = append(out, s[i])
		}
	}
	return out, nil
}

func within(pages int, all ...int) error {
	for _, n := range all {
		if n < 1 || n > pages {
			return fmt.Errorf("%w: %d of %d", ErrNoSuchPage, n, pages)
		}
	}
	return nil
}

// Plan is what pages a document shall have, as a list of edits. It is a value:
// Do, Undo and Redo return another and change nothing, in the plan or in any
// file. The zero value is an empty plan.
type Plan struct {
	edits []Edit
	done  int // of edits; the others were undone
}

// NewPlan is a plan with these pages in their order.
func NewPlan(leaves ...Leaf) Plan {
	return Plan{edits: []Edit{Append{slices.Clone(leaves)}}, done: 1}
}

// PlanOf is a plan with these pages, turned as they are.
func PlanOf(sheets []Sheet) (Plan, error) {
	var leaves []Leaf
	for _, s := range sheets {
		leaves = append(leaves, s.Leaf)
	}
	p := NewPlan(leaves...)
	for i, s := range sheets {
		if s.Turn == 0 {
			continue
		}
		var err error
		if p, err = p.Do(Turn{[]int{i + 1}, s.Turn}); err != nil {
			return p, err
		}
	}
	return p, nil
}

// Unlocked is the plan with a password for its encrypted files that have none: it is
// kept nowhere, so a plan that was written down lacks it.
func (p Plan) Unlocked(password string) Plan {
	p.edits = slices.Clone(p.edits)
	for i, e := range p.edits {
		a, ok := e.(Append)
		if !ok {
			continue
		}
		a.Leaves = slices.Clone(a.Leaves)
		for j := range a.Leaves {
			f := &a.Leaves[j].File
			f.Password = cmp.Or(f.Password, password)
		}
		p.edits[i] = a
	}
	return p
}

// Do is the plan with one more edit; what was undone is forgotten.
// Errors: ErrNoSuchPage.
func (p Plan) Do(e Edit) (Plan, error) {
	if _, err := e.apply(p.Sheets()); err != nil {
		return p, err
	}
	return Plan{edits: append(slices.Clone(p.edits[:p.done]), e), done: p.done + 1}, nil
}

// Undo is the plan without its last edit; ok is false when there is none.
func (p Plan) Undo() (_ Plan, ok bool) {
	if p.done == 0 {
		return p, false
	}
	return Plan{p.edits, p.done - 1}, true
}

// Redo is the plan with the edit that was undone last; ok is false when there
// is none.
func (p Plan) Redo() (_ Plan, ok bool) {
	if p.done == len(p.edits) {
		return p, false
	}
	return Plan{p.edits, p.done + 1}, true
}

// Edits are what was done, in order, for a person to see.
func (p Plan) Edits() []Edit { return slices.Clone(p.edits[:p.done]) }

// Sheets are the pages that the plan gives.
func (p Plan) Sheets() []Sheet {
	var s []Sheet
	for _, e := range p.edits[:p.done] {
		next, err := e.apply(s)
		if err != nil {
			panic(err) // Do has tried it
		}
		s = next
	}
	return s
}
