package verify

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"antin/signer/pdffile"
)

// maxUpdates bounds how many updates after a signature are compared.
const maxUpdates = 256

// role of an object in the document: it is compared for itself, by rules of its
// own. An object may have several.
type role uint8

const (
	isCatalog role = 1 << iota
	isPage
	isPageNode
	isField // or a part of one: its parents, its widgets
)

// step compares two successive states of the document.
type step struct {
	*document
	old, new *pdffile.File
	from, to int64 // where the states end
	revision int   // of the new state, from 1

	rules   rules
	roles   map[int]role
	pages   *pageTree
	fields  map[int]*node
	touched map[int]bool
	comparer

	widgets map[int]*node // of signature fields added in this step
	placed  map[int]int   // how often pages list them
	changes []Change
	seen    map[Change]bool
	tallies [2]tally // of permitted and of forbidden changes
	index   *fieldIndex
}

// findChanges compares the states of the document from the first signed one on
// and gives every signature the changes after it.
func (d *document) findChanges() error {
	ends := d.ends()
	var h history
	for i := 1; i < len(ends); i++ {
		if err := d.ctx.Err(); err != nil {
			return err
		}
		s := &step{document: d, from: ends[i-1], to: ends[i], rules: d.rulesAt(ends[i-1]), revision: d.revisionAt(ends[i])}
		more := s.run(&h, i)
		changes := s.told()
		for _, sig := range d.signatures {
			if sig.known && sig.End <= s.from {
				sig.after(changes)
			}
		}
		if !more {
			break
		}
	}
	return cmp.Or(d.failure, d.ctx.Err())
}

// history is what the steps of a document hand on to each other.
type history struct {
	graph *graph    // of the state before the next step
	pages *pageTree // of the first signed state
}

// run does step number i and tells whether the next one makes sense.
func (s *step) run(h *history, i int) bool {
	if i > maxUpdates {
		s.forbid(BrokenUpdate, 0, fmt.Sprintf("more than %d updates after a signature", maxUpdates))
		return false
	}
	if !s.open() {
		return false
	}
	if s.new.Newest().Start == s.old.Newest().Start {
		return true // only white space was added
	}
	if h.graph == nil {
		g, err := newGraph(s.ctx, s.old)
		if err != nil {
			s.forbid(BrokenUpdate, 0, err.Error())
			return false
		}
		h.graph, h.pages = g, readPageTree(s.old)
	}
	s.pages = h.pages
	s.guard(func() { s.compare(h.graph) })
	return true
}

// ends are the bytes where the states to compare end: every signed revision,
// every update after the first of them, and the file itself.
func (d *document) ends() []int64 {
	var ends []int64
	for _, s := range d.signatures {
		if s.known {
			ends = append(ends, s.End)
		}
	}
	if len(ends) == 0 {
		return nil
	}
	first := slices.Min(ends)
	for _, r := range d.file.Revisions() {
		if r.End > first {
			ends = append(ends, r.End)
		}
	}
	ends = append(ends, d.file.Size())
	slices.Sort(ends)
	return slices.Compact(ends)
}

func (d *document) revisionAt(end int64) int {
	for i, r := range d.file.Revisions() {
		if r.End >= end {
			return i + 1
		}
	}
	return len(d.file.Revisions())
}

func (s *step) guard(fn func()) {
	defer func() {
		if p := recover(); p != nil {
			s.forbid(BrokenUpdate, 0, fmt.Sprintf("unreadable: %v", p))
		}
	}()
	fn()
}

// open reads both states and accounts for the bytes between them.
func (s *step) open() bool {
	var err error
	if s.old, err = s.state(s.from); err == nil {
		s.new, err = s.state(s.to)
	}
	if err != nil {
		s.forbid(BrokenUpdate, 0, err.Error())
		return false
	}
	s.guard(s.accountBytes)
	return s.tallies[1].left == 0 // there is more wrong than anybody wants to read
}

// compare finds what the newer state changes.
func (s *step) compare(g *graph) {
	s.comparer = comparer{old: s.old, new: s.new}
	s.widgets, s.placed = map[int]*node{}, map[int]int{}
	s.findRoles()
	changed := s.changedObjects()
	for _, n := range sorted(keys(changed)) {
		switch err := g.update(s.new, n); {
		case err != nil:
			s.forbid(BrokenUpdate, n, err.Error())
			if errors.Is(err, pdffile.ErrLimit) { // the next one would cost as much
				return
			}
		case s.new.Ambiguous(n): // known once it is loaded
			s.forbid(BrokenUpdate, n, "a dictionary names a key twice")
		}
	}
	s.touched = g.touched(changed, s.roles)
	s.comparer.touched, s.comparer.roles = s.touched, s.roles
	s.compareTrailer()
	s.compareCatalog()
	for _, n := range sorted(keys(s.touched)) {
		r := s.roles[n]
		if r&isPage != 0 {
			s.comparePage(n)
		}
		if r&isPageNode != 0 {
			s.comparePageNode(n)
		}
		if r&isField != 0 {
			s.compareField(s.fields[n])
		}
	}
	s.checkPlaces()
}

// changedObjects are the numbers whose object lies elsewhere in the new state,
// or in an object stream that does.
func (s *step) changedObjects() map[int]bool {
	changed := map[int]bool{}
	for _, f := range []*pdffile.File{s.old, s.new} {
		for _, n := range f.Numbers() {
			if s.new.Moved(s.old, n) {
				changed[n] = true
			}
		}
	}
	for _, f := range []*pdffile.File{s.old, s.new} {
		for _, n := range f.Numbers() {
			if c := f.Container(n); c != 0 && changed[c] {
				changed[n] = true
			}
		}
	}
	return changed
}

func (s *step) findRoles() {
	s.roles = map[int]role{}
	_, root := s.old.Catalog()
	s.roles[root.Num] |= isCatalog
	for n := range s.pages.number {
		s.roles[n] |= isPage
	}
	for n := range s.pages.nodes {
		s.roles[n] |= isPageNode
	}
	s.fields = map[int]*node{}
	nodes, err := formNodes(s.old)
	if err != nil {
		s.forbid(BrokenUpdate, 0, err.Error())
	}
	for _, n := range nodes {
		if n.ref != (pdffile.Ref{}) {
			s.roles[n.ref.Num] |= isField
			s.fields[n.ref.Num] = n
		}
	}
}

func keys[K comparable, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return out
}

func sorted[T cmp.Ordered](list []T) []T {
	slices.Sort(list)
	return list
}
