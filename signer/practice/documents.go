package practice

import (
	"fmt"
	"math/rand/v2"
)

// Document is a generated document of an invented office with the truth about
// its places, for programs that read pages.
type Document struct {
	Label string // kind, office and what is special, for messages
	PDF   []byte
	Pages int

	Blocks []SignPlace // of the main document, in reading order
	Asked  string      // name in the certificate that shall sign; "" for none given
	Wanted int         // index in Blocks, or NobodyWanted, or AnybodyWanted

	Type, Summary string // tên loại, "" for a letter; trích yếu in one line

	Number DocumentSlot
	Date   DocumentSlot   // the first free place of the date line
	Gaps   []DocumentSlot // day, month and year where gaps are left

	Legible bool // the text can be read by a program
	Easy    bool // nothing unusual: a program should be sure
}

// What a Document's Wanted says when it is no index.
const (
	NobodyWanted  = -1 // the certificate's holder does not sign here, or nothing can be read
	AnybodyWanted = -2 // several sign and no name is asked for
)

// SignPlace is the truth about a signing block.
type SignPlace struct {
	Titles []string
	Name   string // "" when none is printed
	Page   int
	X, Y   float64 // middle of the place for the signature, mm as seen
}

// SlotState tells what stands in a slot.
type SlotState string

// The states of a slot.
const (
	SlotMissing SlotState = "missing"
	SlotFilled  SlotState = "filled"
	SlotOpen    SlotState = "open" // a label, nothing behind it
	SlotGap     SlotState = "gap"  // a gap in printed text
)

// DocumentSlot is the truth about a slot. Place and size are given for open ones
// and gaps.
type DocumentSlot struct {
	State SlotState
	Slot
}

// attachmentKind is what follows the main document in the same file.
type attachmentKind int

const (
	noAttachment  attachmentKind = iota
	listAttached                 // Phụ lục with a table of names
	rulesAttached                // a regulation: quy chế ban hành kèm theo
	formAttached                 // a form with a signing block of its own
	draftAttached                // a draft with the same signer
)

// DocumentPlan describes one document to make.
type DocumentPlan struct {
	Label string

	kind       documentKind
	office     office
	titles     [][]string // one list for each signer
	names      []string
	producer   producer
	shape      pageShape
	slots      string // open, gap, spaces, dots, filled, missing
	pages      int
	split      bool
	attachment attachmentKind
	nameless   bool
	hint       bool
	tight      bool
	wide       bool // odd margins
	table      bool
	shifted    bool // names typed a little beside the axis
	footer     bool // a running line at the foot
	asked      string
	wanted     int
	seed       uint64
	faces      faces
}

// Pages is the number of pages that the main document has at least.
func (p DocumentPlan) Pages() int { return p.pages }

// DocumentPlans are the documents for the test of a page reader: twelve kinds of
// the decree in 28 variations each, of offices from the centre to the commune and
// of the Party. The same series gives the same documents; another one differs in
// names, texts and measures.
func DocumentPlans(series uint64) ([]DocumentPlan, error) {
	f, err := newFaces()
	if err != nil {
		return nil, err
	}
	var out []DocumentPlan
	for k, kind := range documentKinds {
		for i := range 28 {
			out = append(out, newPlan(f, series, k, kind, i))
		}
	}
	return out, nil
}

func newPlan(f faces, series uint64, k int, kind documentKind, i int) DocumentPlan {
	r := rand.New(rand.NewPCG(series<<32|uint64(k), uint64(i)))
	p := DocumentPlan{kind: kind, faces: f, seed: series<<32 | uint64(1000*k+i)}
	p.office = offices[(i+k)%len(offices)]
	p.producer = producers[(i+5*k)%len(producers)]
	if i >= len(producers) {
		p.producer = producers[r.IntN(6)]
	}
	p.shape = pageShapes[0]
	if i%4 == 3 {
		p.shape = pageShapes[1+(i/4+k)%(len(pageShapes)-1)]
	}
	p.slots = []string{"gap", "open", "spaces", "dots", "filled", "open", "missing", "gap", "spaces"}[(i+2*k)%9]
	p.pages = []int{1, 2, 2, 1, 3, 2, 4, 1, 2, 6}[(i*3+k)%10]
	if i == 20 {
		p.pages = 30
	}
	p.split = i%9 == 4
	p.hint = i%11 == 7
	p.tight = i%8 == 5
	p.wide = i%6 == 2
	p.table = i%5 == 2
	p.nameless = i == 26
	p.shifted = i%10 == 6
	p.footer = i%13 == 5
	if i%5 == 1 {
		p.attachment = attachmentKind(1 + (i/5+k)%4)
	}
	p.sign(r, i)
	p.Label = fmt.Sprintf("%s/%s/%s/%s/%s/%d trang", kind.title, p.office.name, p.producer.name, p.shape.name, p.slots, p.pages)
	for name, on := range map[string]bool{"ngắt trang": p.split, "kèm theo": p.attachment != noAttachment, "không tên": p.nameless, "chật": p.tight, "nhiều người": len(p.names) > 1} {
		if on {
			p.Label += "/" + name
		}
	}
	return p
}

// sign chooses titles and names, and whose certificate is asked for.
func (p *DocumentPlan) sign(r *rand.Rand, i int) {
	count := 1
	switch {
	case p.kind.minutes:
		count = 2
		p.titles = minutesTitles[i%len(minutesTitles)]
		count = len(p.titles)
	case i%7 == 2 && !p.split && !p.nameless:
		count = 2
		p.titles = [][]string{p.office.partner, p.office.signers[i%len(p.office.signers)]}
	default:
		p.titles = [][]string{p.office.signers[(i*7+len(p.kind.title))%len(p.office.signers)]}
	}
	start := r.IntN(len(people))
	for j := range count {
		name := people[(start+j)%len(people)]
		if p.office.rank != "" && !p.kind.minutes {
			name = p.office.rank + " " + name
		}
		p.names = append(p.names, name)
	}
	p.wanted = 0
	if count > 1 {
		p.wanted = r.IntN(count)
		p.split = false
	}
	p.asked = plainName(p.names[p.wanted], p.office.rank)
	switch i % 7 {
	case 2:
		p.asked = upperName(p.asked)
	case 3:
		p.asked = withoutAccents(p.asked)
	case 4, 5:
		p.asked = ""
		if count > 1 {
			p.wanted = AnybodyWanted
		}
	}
	if i%14 == 13 {
		p.asked, p.wanted = "Hồ Thị Không Ký", NobodyWanted
	}
}

// Make makes the document.
func (p DocumentPlan) Make() *Document {
	r := rand.New(rand.NewPCG(p.seed, 77))
	d := &Document{Label: p.Label, Asked: p.asked, Wanted: p.wanted, Legible: true, Type: p.kind.title, Summary: summary}
	if p.kind.letter {
		d.Type, d.Summary = "", letterSummary
	}
	s := newSheaf(p.faces)
	s.footer = p.footer
	if p.wide {
		s.left, s.right, s.top, s.bottom = 22+r.Float64()*20, 10+r.Float64()*18, 12+r.Float64()*20, 12+r.Float64()*20
	} else if p.office.party {
		s.right = 15
	} else {
		s.left, s.right = 30+r.Float64()*5, 15+r.Float64()*5
	}
	s.next()
	s.head(p, d, r)
	s.heading(p)
	s.body(p, r)
	s.blocks(p, d, r)
	s.attach(p, r)
	d.Pages = s.page
	d.PDF = s.write(p.producer, p.shape)
	if p.producer.codec == pictureOnly || p.producer.noUnicode && !p.producer.keepCmap {
		d.Legible, d.Wanted = false, NobodyWanted
	}
	p.shape.move(d)
	d.Easy = d.Legible && d.Wanted >= 0 && !p.split && !p.nameless && !p.tight && p.producer.codec != pictureLayer && p.attachment != draftAttached
	return d
}

// move brings the truth into the part of the sheet that a cropped page shows.
func (s pageShape) move(d *Document) {
	for i := range d.Blocks {
		d.Blocks[i].X -= s.crop
		d.Blocks[i].Y -= s.crop
	}
	slots := []*DocumentSlot{&d.Number, &d.Date}
	for i := range d.Gaps {
		slots = append(slots, &d.Gaps[i])
	}
	for _, x := range slots {
		x.X, x.Start, x.Y, x.Baseline = x.X-s.crop, x.Start-s.crop, x.Y-s.crop, x.Baseline-s.crop
	}
}
