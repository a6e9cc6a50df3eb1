package layout

import (
	"cmp"
	"math"
	"slices"

	"antin/signer/pagetext"
	"antin/signer/pdffile"
)

// Measures of a signing block, mm.
const (
	leastGap    = 8.0  // less free height is no place for a signature
	tightGap    = 12.0 // less is unusual: asked
	largestGap  = 90.0
	titleLines  = 6
	fromTopEdge = 20.0 // where text begins on a page, when a block goes on there
	air         = 1.0  // between the image and the letters
)

// finder looks for signing blocks on the pages.
type finder struct {
	o      Options
	sheets []*sheet
	used   map[*row]bool // rows that are titles of a block
	found  []Block
}

// stack are the lines over a free space: hints that stand in it and the titles.
type stack struct {
	titles    []*row // from the bottom up
	hints     []*row
	authority bool
	position  bool
}

// bottom is where the free space begins: under the titles and their hints.
func (s *stack) bottom() float64 {
	b := s.titles[0].bottom()
	for _, h := range s.hints {
		b = max(b, h.bottom())
	}
	return b
}

func (s *stack) axis() float64 { return s.titles[0].axis() }

// titled says how sure it is that the stack is one of titles.
func (s *stack) titled() bool { return s.authority || s.position }

// stackFrom reads the lines from r upwards; nil when r is no title.
func stackFrom(sh *sheet, r *row) *stack {
	s := &stack{}
	for r != nil && (hint(r.text) || filler(r.text)) && len(s.hints) < 3 {
		s.hints = append(s.hints, r)
		r = sh.above(r)
	}
	var last *row
	if len(s.hints) > 0 {
		last = s.hints[len(s.hints)-1]
	}
	for r != nil && len(s.titles) < titleLines {
		auth, pos := r.authority, r.position
		if !capitals(r.text) && !auth && !pos || len(r.chars) > longestTitle {
			break
		}
		if last != nil && (r.baseline < last.baseline-2.4*max(r.em(), last.em()) || math.Abs(r.axis()-last.axis()) > 12 || r.size > 1.35*last.size && !hint(last.text)) {
			break
		}
		s.titles = append(s.titles, r)
		s.authority, s.position = s.authority || auth, s.position || pos
		last = r
		if auth && len(s.titles) > 1 {
			// Over "KT. CHỦ TỊCH" may stand "TM. ỦY BAN", over TM. nothing.
			if over := sh.above(r); over == nil || !over.authority && !authorityOver(sh, over) {
				break
			}
		}
		r = sh.above(r)
	}
	if len(s.titles) == 0 {
		return nil
	}
	return s
}

// authorityOver tells whether a quyền hạn stands over a title in capitals: the
// title is its second line then.
func authorityOver(sh *sheet, r *row) bool {
	if !capitals(r.text) {
		return false
	}
	o := sh.above(r)
	return o != nil && o.authority && r.baseline-o.baseline < 2.4*r.em()
}

// page looks for blocks that stand whole on a page.
func (f *finder) page(sh *sheet) {
	for i := range sh.rows {
		name := &sh.rows[i]
		shape := nameShape(name.text)
		if shape == 0 || name.authority || name.position && !(shape > 0.9) {
			continue
		}
		over := sh.above(name)
		if over == nil {
			continue
		}
		s := stackFrom(sh, over)
		if s == nil {
			continue
		}
		gap := name.top() - s.bottom()
		if name.top()-s.titles[0].bottom() < leastGap || gap < 3 || gap > largestGap {
			continue
		}
		f.add(sh, s, name, shape)
	}
}

// add records a block whose title and name are known.
func (f *finder) add(sh *sheet, s *stack, name *row, shape float64) {
	top, bottom := s.bottom(), name.top()
	axis := (s.axis() + name.axis()) / 2
	b := Block{Page: sh.Page, Name: name.text}
	b.setTitles(s)
	sh.place(&b, axis, top, bottom, f.o)
	c := 0.55
	switch {
	case s.authority && s.position:
		c += 0.3
	case s.titled():
		c += 0.25
	default:
		c -= 0.1
		b.say(TitleUnknown)
	}
	if s.authority {
		b.say(AuthorityFound)
	}
	if s.position {
		b.say(PositionFound)
	}
	off := math.Abs(s.axis() - name.axis())
	switch {
	case off <= 4:
		c += 0.05
	case off > 10:
		c -= 0.25
		b.say(OffAxis)
	}
	if sh.ruled(axis, s.titles[0].bottom(), bottom) {
		c -= 0.3 // a table: a heading and the first name under it
		b.say(InkInside)
	}
	if bottom-top < tightGap {
		c -= 0.2
		b.say(SpaceTight)
	} else {
		c += 0.05
	}
	if shape >= 0.95 {
		c += 0.03
	} else if shape < 0.7 {
		c -= 0.1
	}
	if name.bold || s.titles[0].bold {
		c += 0.03
	}
	for _, h := range s.hints {
		if signedHint(h.text) {
			c -= 0.2
			b.say(Taken)
		}
	}
	f.finish(sh, &b, c)
	for _, t := range s.titles {
		f.used[t] = true
	}
	f.used[name] = true
}

func (b *Block) say(r Reason) {
	if !slices.Contains(b.Reasons, r) {
		b.Reasons = append(b.Reasons, r)
	}
}

func (b *Block) setTitles(s *stack) {
	for _, t := range slices.Backward(s.titles) {
		b.Titles = append(b.Titles, t.text)
	}
}

// finish compares the name, looks at the ink in the space, and keeps the block.
func (f *finder) finish(sh *sheet, b *Block, c float64) {
	if sh.covered(b.Box, pagetext.NoteInk) > 0.15 {
		b.taken = true
		c -= 0.4
		b.say(Taken)
	}
	if !sh.recognised && sh.covered(b.Box, pagetext.ImageInk) > 0.1 {
		c -= 0.2
		b.say(InkInside)
	}
	if sh.recognised {
		c = min(c, Sufficient-0.05)
	}
	if sh.attachment {
		c -= 0.3
		b.say(InAttachment)
	}
	b.Match = compareNames(b.Name, f.o.Name)
	switch {
	case b.Match.Same():
		b.say(NameMatches)
		switch {
		case b.Match == SameWords:
			c -= 0.05
		case slices.Contains(b.Reasons, TitleUnknown):
			c += 0.2 // the right name under a space says enough about its title
		}
	case b.Match == Different:
		b.say(NameDiffers)
	}
	b.Confidence = max(0.05, min(0.98, c))
	f.found = append(f.found, *b)
}

// place fits the box for the image into the space between top and bottom.
func (sh *sheet) place(b *Block, axis, top, bottom float64, o Options) {
	left, right := sh.clear(axis, top, bottom)
	b.Free = pdffile.Box{X: left, Y: top, W: right - left, H: bottom - top}
	half := max(5, min(axis-left, right-axis)-air)
	w, h := min(o.W, 2*half), min(o.H, bottom-top-2*air)
	if bottom-top < 2*air+3 {
		h = max(2, bottom-top)
	}
	b.Box = pdffile.Box{X: axis - w/2, Y: (top+bottom)/2 - h/2, W: w, H: h}
}

// across looks for titles at the end of a page whose name stands on the next.
func (f *finder) across(sh, next *sheet) {
	for i := range sh.rows {
		r := &sh.rows[i]
		if f.used[r] || !r.authority && !(r.position && capitals(r.text)) || sh.below(r) != nil {
			continue
		}
		s := stackFrom(sh, r)
		if s == nil || r.baseline < sh.H/3 {
			continue
		}
		for j := range next.rows {
			name := &next.rows[j]
			shape := nameShape(name.text)
			if shape == 0 || f.used[name] || name.baseline > next.H*0.5 || math.Abs(name.axis()-s.axis()) > 12 {
				continue
			}
			if over := next.above(name); over != nil && !next.marginal(over) {
				continue
			}
			f.addSplit(sh, next, s, name)
			break
		}
	}
}

// addSplit records a block on two pages. The image stands over the name when
// there is room, else under the title.
func (f *finder) addSplit(sh, next *sheet, s *stack, name *row) {
	const room = 15.0 // mm, enough for a small image
	b := Block{Page: next.Page, Name: name.text}
	b.setTitles(s)
	b.say(SplitPages)
	if s.authority {
		b.say(AuthorityFound)
	}
	if s.position {
		b.say(PositionFound)
	}
	on := next
	margin := f.o.Profile.Page.Top.Or([2]float64{fromTopEdge})[0]
	over, under := name.top()-margin, sh.H-f.o.Profile.Page.Bottom.Or([2]float64{fromTopEdge})[0]-s.bottom()
	if over < room && under >= room {
		on, b.Page = sh, sh.Page
		sh.place(&b, s.axis(), s.bottom(), s.bottom()+under, f.o)
	} else {
		top := min(margin, name.top()-3)
		next.place(&b, name.axis(), max(0, top), name.top(), f.o)
	}
	f.finish(on, &b, 0.7)
	for _, t := range s.titles {
		f.used[t] = true
	}
	f.used[name] = true
}

// nameless looks for titles with a free space under them and no name.
func (f *finder) nameless(sh *sheet) {
	for i := range sh.rows {
		r := &sh.rows[i]
		if f.used[r] || !r.authority && !(r.position && capitals(r.text)) || r.axis() < sh.W*0.2 {
			continue
		}
		under := sh.below(r)
		if under != nil && under.top()-r.bottom() < r.em() && capitals(under.text) {
			continue // its next line is looked at by itself
		}
		for under != nil && (hint(under.text) || filler(under.text)) {
			under = sh.below(under)
		}
		end := sh.H - fromTopEdge
		if under != nil {
			end = under.top()
		}
		s := stackFrom(sh, r)
		if s == nil || end-s.bottom() < 20 || !s.authority && !r.bold {
			continue
		}
		b := Block{Page: sh.Page}
		b.setTitles(s)
		b.say(NameMissing)
		height := min(30, end-s.bottom())
		sh.place(&b, s.axis(), s.bottom(), s.bottom()+height, f.o)
		c := 0.45
		if s.authority {
			c += 0.1
			b.say(AuthorityFound)
		}
		if s.position {
			c += 0.05
			b.say(PositionFound)
		}
		f.finish(sh, &b, c)
		for _, t := range s.titles {
			f.used[t] = true
		}
	}
}

// inOrder sorts blocks by page, then from top to bottom and left to right.
func inOrder(a, b Block) int {
	return cmp.Or(cmp.Compare(a.Page, b.Page), cmp.Compare(math.Round(a.Box.Y/5), math.Round(b.Box.Y/5)), cmp.Compare(a.Box.X, b.Box.X))
}
