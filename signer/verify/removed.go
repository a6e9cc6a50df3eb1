package verify

import (
	"cmp"
	"slices"

	"antin/signer/pdffile"
)

// maxRemovedIn bounds the earlier revisions that are searched for signatures.
const maxRemovedIn = 64

// findRemoved looks among the orphans for signatures that a field of an earlier
// revision held and that a later update took away. They are judged like the
// others, with their removal as a forbidden change, also when somebody signed
// after it: a paper from which a signature was cut is not one that never had
// it. The orphans that are left are given back.
func (d *document) findRemoved(orphans []Orphan) []Orphan {
	revisions := d.file.Revisions()
	for i := len(revisions) - 2; i >= max(0, len(revisions)-1-maxRemovedIn); i-- {
		end := revisions[i].End
		if !slices.ContainsFunc(orphans, func(o Orphan) bool { return o.Offset < end }) {
			break
		}
		state, err := d.state(end)
		if err != nil {
			continue // the comparison tells of it
		}
		sigs, err := state.Signatures()
		if err != nil {
			continue
		}
		for _, src := range sigs {
			if len(d.signatures) >= maxSignatures || slices.ContainsFunc(d.signatures, ofDictionary(src.Ref)) {
				continue
			}
			s := &signature{source: src, in: state}
			left := slices.DeleteFunc(slices.Clone(orphans), func(o Orphan) bool { return reached(s.spans(), o.Offset) })
			if len(left) == len(orphans) {
				continue
			}
			orphans = left
			s = d.read(state, src)
			s.in = nil
			s.Changes = append(s.Changes, Change{
				Revision: i + 2, Kind: ChangedSignature, Object: src.Ref.Num, Page: s.Page, Field: s.Field,
				Forbidden: true, Detail: "the signature was taken out of the document",
			})
			d.signatures = append(d.signatures, s)
		}
	}
	slices.SortStableFunc(d.signatures, func(a, b *signature) int { return cmp.Compare(a.source.End(), b.source.End()) })
	return orphans
}

// ofDictionary finds a signature by its dictionary: an older state of one that is
// still there is no signature of its own.
func ofDictionary(ref pdffile.Ref) func(*signature) bool {
	return func(s *signature) bool { return ref != pdffile.Ref{} && s.source.Ref == ref }
}
