package layout

import (
	"cmp"
	"slices"
)

// choose orders the blocks for the signer and tells how sure it is.
func (f *finder) choose(out *Found) {
	slices.SortStableFunc(f.found, inOrder)
	if len(f.found) == 0 {
		out.Reasons = append(out.Reasons, NoBlock)
		return
	}
	// A name in a table under some heading is nobody's signature.
	f.found = slices.DeleteFunc(f.found, func(b Block) bool { return b.Confidence < 0.2 && !b.Match.Same() && !b.taken })
	if len(f.found) == 0 {
		out.Reasons = append(out.Reasons, NoBlock)
		return
	}
	mine, others := f.found, []Block(nil)
	if f.o.Name != "" {
		mine, others = f.byName()
	}
	if len(mine) == 0 {
		// Nobody of this name: the blocks are shown, none is used unasked.
		for i := range others {
			others[i].Confidence = min(others[i].Confidence, Sufficient-0.2)
		}
		mine, others = others, nil
	}
	f.rank(mine)
	clear := len(mine) == 1 || f.leads(mine)
	if !clear {
		for i := range mine {
			mine[i].Confidence = min(mine[i].Confidence, Sufficient-0.1)
			mine[i].say(SeveralBlocks)
		}
	}
	out.Blocks = mine[:min(len(mine), maxCandidates)]
	out.Others = others
}

// byName separates the blocks of the certificate's holder from the others. A
// name with the right accents beats one that only has the right letters. Blocks
// without a name may be anybody's: they are candidates when no name fits.
func (f *finder) byName() (mine, others []Block) {
	best := Different
	for _, b := range f.found {
		best = max(best, b.Match)
	}
	for _, b := range f.found {
		switch {
		case b.Match.Same() && b.Match == best:
			mine = append(mine, b)
		case b.Match == NotCompared && !best.Same():
			b.Confidence = min(b.Confidence, Sufficient-0.15)
			mine = append(mine, b)
		default:
			others = append(others, b)
		}
	}
	if !best.Same() && len(mine) > 0 {
		// No name fits: a wrong name may still be the place, behind the nameless.
		for i := range others {
			others[i].Confidence = min(others[i].Confidence, Sufficient-0.3)
		}
		mine, others = append(mine, others...), nil
	}
	return mine, others
}

// rank sorts: the main document before attachments, then by confidence in steps
// of a twentieth, then by place in the document.
func (f *finder) rank(blocks []Block) {
	slices.SortStableFunc(blocks, func(a, b Block) int {
		if x, y := f.attached(&a), f.attached(&b); x != y {
			if x {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(int(b.Confidence*20+0.5), int(a.Confidence*20+0.5)), inOrder(a, b))
	})
}

// leads tells whether the first of several candidates is the one: all others
// stand in attachments, are taken already, or are far less certain.
func (f *finder) leads(blocks []Block) bool {
	first := &blocks[0]
	for i := 1; i < len(blocks); i++ {
		b := &blocks[i]
		switch {
		case f.attached(b) && !f.attached(first):
			first.say(MainDocument)
		case b.taken && !first.taken:
		case b.Confidence < first.Confidence-0.25 && b.Confidence < 0.6:
		case f.o.Name != "" && first.Match.Same() && b.Page > first.Page+1 && !f.attached(first):
			// The same person signs again much later: the main document comes first,
			// but a person should look.
			first.say(FirstOfSeveral)
			return false
		default:
			return false
		}
	}
	return true
}

func (f *finder) attached(b *Block) bool { return f.sheets[b.Page-1].attachment }
