package scan

import (
	"slices"

	"antin/signer/pdffile"
)

// Verdict is what a page, or the document, is worth.
type Verdict string

// The verdicts, from good to bad.
const (
	Pass Verdict = "pass" // meets the norm
	Look Verdict = "look" // a person has to decide
	Fail Verdict = "fail" // misses the norm: scan again
)

// Kind is what a finding is about. Its Value and Limit are in the unit that is
// given here; kinds without a unit have none.
type Kind string

// Findings about the whole document: their Page is 0.
const (
	OldVersion  Kind = "old-version"   // Text is the PDF version, LimitText the oldest allowed
	NoTextLayer Kind = "no-text-layer" // pages without a layer of text that can be searched
	NoPDFA      Kind = "no-pdfa"       // does not claim to be PDF/A
	Signed      Kind = "signed"        // Value signatures: an electronic document already
)

// Findings about one page.
const (
	LowDPI     Kind = "low-dpi"     // dpi
	UnsureDPI  Kind = "unsure-dpi"  // dpi of the layer that may or may not carry the text
	Bilevel    Kind = "bilevel"     // black and white
	Gray       Kind = "gray"        // shades of grey
	FalseColor Kind = "false-color" // a grey picture saved as a colour one
	FewBits    Kind = "few-bits"    // bits for each pixel
	Scaled     Kind = "scaled"      // per cent of the paper's true size; Text is the paper
	OtherPaper Kind = "other-paper" // a paper size that is used, not the profile's: Text is its name
	OddPaper   Kind = "odd-paper"   // no paper size that is known: Text is the size; Limit mm of tolerance
	Skewed     Kind = "skewed"      // degrees
	Blank      Kind = "blank"       // nothing on it
	Turned     Kind = "turned"      // degrees clockwise by which it has to be turned
	Duplicate  Kind = "duplicate"   // Value is the number of the page that looks the same
	Electronic Kind = "electronic"  // text or drawings, no picture of paper
	Overlay    Kind = "overlay"     // text or annotations were added on top of the scan
	Unreadable Kind = "unreadable"  // cannot be drawn
)

// Kinds are all kinds of findings, for whoever has something to say of each.
var Kinds = []Kind{
	OldVersion, NoTextLayer, NoPDFA, Signed, LowDPI, UnsureDPI, Bilevel, Gray, FalseColor, FewBits, Scaled, OtherPaper, OddPaper,
	Skewed, Blank, Turned, Duplicate, Electronic, Overlay, Unreadable,
}

// Finding is one thing that is not as it should be.
type Finding struct {
	Kind      Kind    `json:"kind"`
	Verdict   Verdict `json:"verdict"` // Look or Fail
	Page      int     `json:"page"`    // from 1; 0 for the document
	Value     float64 `json:"value,omitempty"`
	Limit     float64 `json:"limit,omitempty"`
	Text      string  `json:"text,omitempty"`
	LimitText string  `json:"limit_text,omitempty"`
	Article   string  `json:"article"` // Vietnamese, from the layout profile
}

// Color is what a page's pictures show.
type Color string

// What a page's pictures show.
const (
	NoPicture   Color = "none"
	TwoLevels   Color = "bilevel"
	GrayLevels  Color = "gray"
	GrayInColor Color = "gray-in-color"
	RealColor   Color = "color"
)

// Source is what a page was made from.
type Source string

// What a page was made from.
const (
	FromPaper    Source = "paper"      // pictures of a page
	FromComputer Source = "electronic" // text and drawings
	FromNothing  Source = "empty"      // no content at all
)

// Layer is a picture, or pictures of like resolution, on a page.
type Layer struct {
	Codec  string  `json:"codec"` // the last filter: DCTDecode …; "" for none
	Images int     `json:"images"`
	DPI    float64 `json:"dpi"`   // of the coarser direction
	Bits   int     `json:"bits"`  // for each pixel
	Mask   bool    `json:"mask"`  // gives other layers their shape, as text does in a layered (MRC) scan
	Share  float64 `json:"share"` // of the page's area, 0 to 1
}

// Page is the judgement of one page.
type Page struct {
	Number   int       `json:"page"`
	Verdict  Verdict   `json:"verdict"`
	Findings []Finding `json:"findings"`

	Source Source  `json:"source"`
	Width  float64 `json:"width"` // mm as seen
	Height float64 `json:"height"`
	Paper  string  `json:"paper"` // name of the paper size, "" for none that is known
	DPI    float64 `json:"dpi"`   // that counts; 0 without pictures
	Color  Color   `json:"color"`
	Bits   int     `json:"bits"` // for each pixel
	Layers []Layer `json:"layers"`

	Skew   float64 `json:"skew"` // degrees; positive: the text sinks to the right
	Turn   int     `json:"turn"` // degrees clockwise that make it upright; 0 when it is, or when nothing tells
	Blank  bool    `json:"blank"`
	SameAs int     `json:"same_as"` // an earlier page that looks the same, 0 for none
	Text   bool    `json:"text"`    // has a layer of text
}

// Report is the judgement of a document.
type Report struct {
	Profile    string              `json:"profile"`
	Verdict    Verdict             `json:"verdict"` // the worst of all
	Findings   []Finding           `json:"findings"`
	Pages      []Page              `json:"pages"`
	Version    string              `json:"version"` // of PDF
	PDFA       pdffile.Conformance `json:"pdfa"`
	Signatures int                 `json:"signatures"`
}

// Count is the number of pages with that verdict.
func (r *Report) Count(v Verdict) int {
	n := 0
	for i := range r.Pages {
		if r.Pages[i].Verdict == v {
			n++
		}
	}
	return n
}

// All lists all findings, the document's first.
func (r *Report) All() []Finding {
	out := slices.Clone(r.Findings)
	for i := range r.Pages {
		out = append(out, r.Pages[i].Findings...)
	}
	return out
}

// Electronic tells whether the document is an electronic one and not a scan of
// paper: signed, or with a page of text or drawings.
func (r *Report) Electronic() bool {
	return r.Signatures > 0 || slices.ContainsFunc(r.Pages, func(p Page) bool { return p.Source == FromComputer })
}

// settle sets the verdicts from the findings.
func (r *Report) settle() {
	r.Verdict = worst(r.Findings)
	for i := range r.Pages {
		p := &r.Pages[i]
		p.Verdict = worst(p.Findings)
		r.Verdict = worse(r.Verdict, p.Verdict)
	}
}

func worst(all []Finding) Verdict {
	v := Pass
	for _, f := range all {
		v = worse(v, f.Verdict)
	}
	return v
}

func worse(a, b Verdict) Verdict {
	rank := []Verdict{Pass, Look, Fail}
	return rank[max(slices.Index(rank, a), slices.Index(rank, b))]
}

// Form is a form of copy (NĐ 30/2020/NĐ-CP, Điều 3 and 25).
type Form string

// The forms of copy.
const (
	SaoY     Form = "sao-y"     // the whole document, from the original
	SaoLuc   Form = "sao-luc"   // the whole document, from a sao y
	TrichSao Form = "trich-sao" // a part of the document
)

// FromElectronic tells whether Điều 25 knows this form of copy from an
// electronic document to an electronic one: trích sao alone. A sao y or sao lục
// of an electronic document is made on paper.
func (f Form) FromElectronic() bool { return f == TrichSao }
