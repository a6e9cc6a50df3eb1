package pagetext

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"antin/signer/pdffile"
)

// Text is what stands on one page.
type Text struct {
	Page  int     // from 1
	W, H  float64 // mm, the page as seen
	Lines []Line  // top to bottom, then left to right
	Ink   []Ink

	Images []Image // drawn by the content, also by forms within it, in painting order

	// Bare tells that the content shows Images, which it places itself, and nothing
	// else: no paths, shadings or inline pictures, text in mode 3 (9.3.6) alone, and
	// no clip, graphics state or optional content that could change what is seen.
	Bare bool

	Glyphs     int // glyphs on the page that are not spaces
	Unreadable int // of these, glyphs whose character nothing tells
	Problems   []Problem
}

// Line is a piece of text on one baseline without a gap wide enough to be that
// between two columns. Lines side by side in a table are lines of their own.
type Line struct {
	Text      string // in NFC; a character that nothing tells is U+FFFD
	Size      float64
	Bold      bool // more than half of it
	Italic    bool
	Invisible bool // not painted: the text layer of a scan, or white on white
	Angle     int  // degrees clockwise between the page's x axis and the direction of reading, 0–359

	// Box reaches from the font's ascent to its descent. Baseline is the y of
	// the baseline where the line begins.
	Box      pdffile.Box
	Baseline float64

	// Chars are the characters of Text, one for one. Spaces that were left out
	// in the file and are told by a gap only are among them.
	Chars []Char
}

// Char is one character of a line.
type Char struct {
	Rune   rune
	X0, X1 float64 // mm along the reading direction; the page's x for lines with Angle 0
}

// Horizontal tells whether the line reads from left to right on the page as seen.
func (l Line) Horizontal() bool { return l.Angle == 0 }

// X1 is the right end of the line's box, mm.
func (l Line) X1() float64 { return l.Box.X + l.Box.W }

// Axis is the middle of the line's box, mm from the left.
func (l Line) Axis() float64 { return l.Box.X + l.Box.W/2 }

func (l Line) String() string {
	style := ""
	if l.Bold {
		style += "B"
	}
	if l.Italic {
		style += "I"
	}
	return fmt.Sprintf("%5.1f–%5.1f ▁%5.1f %4.1f%-2s %d° %q", l.Box.X, l.X1(), l.Baseline, l.Size, style, l.Angle, l.Text)
}

// InkKind tells what covers a part of a page.
type InkKind int

// The kinds of ink.
const (
	TextInk  InkKind = iota // a line of text, from ascent to descent
	ImageInk                // a picture
	RuleInk                 // a straight thin line
	FillInk                 // any other painted shape, by its bounding box
	NoteInk                 // an annotation that shows something: a signature, a stamp, a filled field
)

// Ink is a part of the page that is not blank paper.
type Ink struct {
	Kind InkKind
	pdffile.Box
}

// Image is a picture that the page's content draws (8.9).
type Image struct {
	Stream *pdffile.Stream // of an inline image its dictionary alone, keys written out
	Ref    pdffile.Ref     // zero for an inline image
	Inline bool

	// Matrix maps the unit square, with the picture's first row along y = 1, to
	// mm on the page as seen.
	Matrix [6]float64
	White  bool // the colour that an image mask (8.9.6.2) is painted in is white
}

// Size is the width and height in mm along the picture's own edges, however it
// is turned.
func (i Image) Size() (w, h float64) {
	return math.Hypot(i.Matrix[0], i.Matrix[1]), math.Hypot(i.Matrix[2], i.Matrix[3])
}

// Box is the rectangle around the picture, which may reach over the page.
func (i Image) Box() pdffile.Box { return boxUnder(i.Matrix, 0, 0, 1, 1) }

// Kind is a kind of problem.
type Kind int

// What can keep a page from being read in full.
const (
	DamagedContent Kind = iota // a part of the content could not be read
	NoUnicode                  // a font does not tell its characters
	OldFont                    // text in an old font was converted: TCVN3 or VNI
	Limit                      // the page was cut short at a limit
)

// Problem is something that a reader of the text should know.
type Problem struct {
	Kind   Kind
	Detail string // name of the font, or what was damaged
}

func (t *Text) problem(k Kind, detail string) {
	p := Problem{k, detail}
	if len(t.Problems) < 100 && !slices.Contains(t.Problems, p) {
		t.Problems = append(t.Problems, p)
	}
}

// ImageShare is the part of the page, from 0 to 1, that its largest pictures
// cover. Pictures above each other count twice, up to 1.
func (t *Text) ImageShare() float64 {
	covered := 0.0
	for _, i := range t.Ink {
		if i.Kind == ImageInk {
			covered += i.W * i.H
		}
	}
	if t.W <= 0 || t.H <= 0 {
		return 0
	}
	return min(1, covered/(t.W*t.H))
}

// Scanned tells whether the page is a picture of a page: pictures cover most of
// it, and text is missing or an invisible layer.
func (t *Text) Scanned() bool {
	if t.ImageShare() < 0.6 {
		return false
	}
	for i := range t.Lines {
		if !t.Lines[i].Invisible {
			return false
		}
	}
	return true
}

// Legible tells whether the text can be relied on: there is some, and at most
// one glyph in twenty is unknown.
func (t *Text) Legible() bool {
	return t.Glyphs > 0 && t.Unreadable*20 <= t.Glyphs
}

// String is the text of the page, one line a line.
func (t *Text) String() string {
	var b strings.Builder
	for i := range t.Lines {
		b.WriteString(t.Lines[i].Text)
		b.WriteByte('\n')
	}
	return b.String()
}
