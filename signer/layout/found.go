package layout

import (
	"strings"

	"antin/assets"
	"antin/signer/pdffile"
)

// Sufficient is the confidence from which a place may be used without a
// question.
const Sufficient = 0.8

// maxCandidates is how many places a person is asked to choose from.
const maxCandidates = 3

// Options say what Find looks for. Everything may be left out.
type Options struct {
	// Name is the holder of the certificate that will sign, as the certificate
	// writes it. With a name the block of this person is looked for; without
	// one a document with a single block is needed to be sure.
	Name string

	Profile *assets.Profile // nil: nd30-2020

	// W and H, in mm, are the largest box for the signature image; it shrinks
	// into the free space. Zero: 50 × 25. The law fixes no size.
	W, H float64
}

// Found is what Find has found in a document.
type Found struct {
	Pages  int
	Blocks []Block // candidates for the signature, best first, at most three
	Others []Block // signing blocks of other people, in reading order

	Number     Number
	Date       Date
	Recipients *Recipients // Nơi nhận, nil when there is none
	Subject    Subject     // tên loại and trích yếu, for lists and registers

	// Attachments is the first page that belongs to an attachment in the same
	// file, 0 when there is none. Such pages are not signed (Phụ lục I).
	Attachments int

	Reasons []Reason // about the document as a whole
}

// Sure returns the block that can be used without asking; ok is false when a
// person has to choose or to look.
func (f *Found) Sure() (b *Block, ok bool) {
	if len(f.Blocks) == 0 || f.Blocks[0].Confidence < Sufficient {
		return nil, false
	}
	return &f.Blocks[0], true
}

// Match tells how the name under a block compares with Options.Name.
type Match int

// The matches, from none to full.
const (
	NotCompared  Match = iota // no name was asked for, or the block has none
	Different                 // another person
	SameWords                 // the same words in another order
	SameLetters               // the same but for accents and case
	SameSpelling              // the same but for case
)

// Same tells whether both are taken as one person.
func (m Match) Same() bool { return m >= SameWords }

// Block is a signing block: quyền hạn, chức vụ, a free space, họ tên (Phụ lục I,
// ô 7a, 7b, 7c).
type Block struct {
	Page int
	Box  pdffile.Box // for the signature image, in the middle of Free
	Free pdffile.Box // between chức vụ and họ tên, as wide as the column

	Titles     []string // lines of quyền hạn and chức vụ, from the top
	Name       string   // họ tên, "" when none is printed
	Match      Match
	Confidence float64 // 0–1
	Reasons    []Reason

	taken bool // a signature stands in the space
}

// Position is chức vụ: the last of the titles.
func (b *Block) Position() string {
	if len(b.Titles) == 0 {
		return ""
	}
	return b.Titles[len(b.Titles)-1]
}

// Reason says what speaks for or against a place.
type Reason int

// Reasons for a place.
const (
	NoReason        Reason = iota
	AuthorityFound         // TM., KT., TL., TUQ., Q.; T/M, K/T, T/L
	PositionFound          // a known chức vụ
	NameMatches            // the name is that of Options.Name
	FirstOfSeveral         // the same person signs again further on
	MainDocument           // other blocks stand in attachments
	BesideOtherSlot        // number and date stand on one line
)

// Reasons against a place, or for asking.
const (
	NameDiffers   Reason = iota + 100 // the name is another than Options.Name
	NameMissing                       // no name is printed under the title
	TitleUnknown                      // the line above the space is no known title
	SpaceTight                        // less than 12 mm between title and name
	OffAxis                           // title and name do not stand under each other
	SplitPages                        // title and name stand on different pages
	InAttachment                      // on a page of an attachment
	InkInside                         // something stands in the free space
	Taken                             // a signature stands in the free space
	SeveralBlocks                     // more than one block could be meant
	SlotNarrow                        // a usual number or day does not fit
	SlotDotted                        // dots are printed where the text goes
	SlotUnusual                       // the line is not where it is expected
)

// Reasons about a document.
const (
	ImageOnly      Reason = iota + 200 // all pages are pictures without a text layer
	RecognisedText                     // the text is the invisible layer of a scan: places are less exact
	TextUnreadable                     // fonts do not tell their characters
	NoBlock                            // no signing block was found
	PagesSkipped                       // the document is too long to be read whole
)

// State tells whether a slot waits for its text.
type State int

// The states of a slot.
const (
	Missing State = iota // there is no such line
	Filled               // the text stands there already
	Open                 // the label stands there, behind it nothing: takes the whole text
	Gap                  // a gap is left inside the printed text: takes a part
)

// Slot is a free place for a text on a line. The text starts at X on the
// baseline and has W mm.
type Slot struct {
	Page     int
	X, W     float64
	Baseline float64
	Size     float64     // pt, of the text around it
	Italic   bool        // of the text around it
	Box      pdffile.Box // X, W and the height of the line
	Dotted   bool        // dots or a rule are printed there
}

// Number is the place of số, ký hiệu (Phụ lục I, ô 3).
type Number struct {
	State State
	Slot  Slot // for Open and Gap

	// Text is what is printed: the whole number for Filled, for Gap what
	// follows the slot, such as "/QĐ-UBND".
	Text       string
	Confidence float64
	Reasons    []Reason
}

// Date is the place of the date (Phụ lục I, ô 4).
type Date struct {
	State State

	// Whole is the slot behind the place name for Open. It takes "ngày 22 tháng
	// 11 năm 2026".
	Whole Slot
	// Day, Month and Year are the gaps for Gap; nil where the figure is printed.
	Day, Month, Year *Slot

	Text       string // the printed line
	Confidence float64
	Reasons    []Reason
}

// Recipients are the lines of Nơi nhận (Phụ lục I, ô 9b).
type Recipients struct {
	Page  int
	Box   pdffile.Box
	Lines []string
}

// Entry is what a register says of them, each on one line: who gets the document,
// and who keeps it (the line "Lưu").
func (r *Recipients) Entry() (to, kept string) {
	var whole []string
	for _, l := range r.Lines {
		l = strings.TrimSpace(l)
		if item := strings.TrimLeft(l, "-–+ "); item != l || len(whole) == 0 {
			whole = append(whole, item)
		} else { // goes on
			whole[len(whole)-1] += " " + l
		}
	}
	var out []string
	for _, l := range whole {
		l = strings.Trim(l, ";,. ")
		if k, ok := strings.CutPrefix(l, "Lưu"); ok {
			kept = strings.Trim(k, ": ")
		} else if l != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, "; "), kept
}
