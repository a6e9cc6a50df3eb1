package verify

import "fmt"

// maxChanges bounds what is told, of each sort: in one step, and for one signature.
const maxChanges = 500

// tally counts the changes of one sort, permitted or forbidden.
type tally struct{ kept, left int }

func (s *step) tally(c *Change) *tally {
	if c.Forbidden {
		return &s.tallies[1]
	}
	return &s.tallies[0]
}

func (s *step) add(c Change) {
	c.Revision = s.revision
	if s.seen[c] {
		return
	}
	n := s.tally(&c)
	if n.kept == maxChanges {
		n.left++
		return
	}
	if s.seen == nil {
		s.seen = map[Change]bool{}
	}
	n.kept++
	s.seen[c] = true
	s.changes = append(s.changes, c)
}

// told is the list of changes; where some were not kept, the last of their sort
// says how many.
func (s *step) told() []Change {
	for i := len(s.changes) - 1; i >= 0; i-- {
		c := &s.changes[i]
		if n := s.tally(c); n.left > 0 {
			c.Detail += fmt.Sprintf("; %d more", n.left)
			n.left = 0
		}
	}
	return s.changes
}

// after takes over the changes of a step; when there are very many, a forbidden
// one is always among them.
func (s *signature) after(changes []Change) {
	for _, c := range changes {
		if len(s.Changes) < 2*maxChanges || c.Forbidden && s.forbidden() == nil {
			s.Changes = append(s.Changes, c)
		}
	}
}

func (s *step) forbid(k ChangeKind, object int, detail string) {
	s.add(Change{Kind: k, Object: object, Forbidden: true, Detail: detail})
}

func (s *step) allow(k ChangeKind, object int, detail string) {
	s.add(Change{Kind: k, Object: object, Detail: detail})
}
