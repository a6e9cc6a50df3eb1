package scan

import (
	"context"
	"fmt"
	"math"

	"antin/signer/pagetext"
)

// judgement is the work on one page.
type judgement struct {
	*check
	Page
	text   *pagetext.Text
	view   *view
	sheaf  *sheaf
	glyphs int // that are painted
}

func (j *judgement) find(f Finding) {
	f.Page = j.Number
	j.Findings = append(j.Findings, f)
}

func (j *judgement) judge(ctx context.Context) {
	j.Width, j.Height = j.text.W, j.text.H
	j.Layers = append(j.Layers, j.sheaf.layers()...)
	for i := range j.text.Lines {
		if l := &j.text.Lines[i]; l.Invisible {
			j.Text = true
		} else {
			j.glyphs += len(l.Chars)
		}
	}
	if j.sheaf.broken > 0 {
		j.find(Finding{Kind: Unreadable, Verdict: Fail})
	}
	j.size()
	j.source()
	if j.Source != FromPaper {
		j.Blank = j.Source == FromNothing
		j.Text = j.Text || j.glyphs > 0
		if j.Blank && j.sheaf.broken == 0 {
			j.find(Finding{Kind: Blank, Verdict: Look})
		}
		return
	}
	j.Blank = j.view.blank()
	j.resolution(ctx)
	j.colour()
	j.lie()
	j.same()
}

// Pages of a computer have text or drawings, those of a scanner pictures.
const (
	fewGlyphs   = 200 // painted text up to this may be a stamp on a scan
	wholeShare  = 0.6 // of the page, that a scan covers at least when there is text too
	drawnShare  = 0.02
	noteShare   = 0.0002
	largestPage = 1500 // mm, longer side of A0 and more
)

// source tells pages of paper from those of a computer.
func (j *judgement) source() {
	share := j.sheaf.share()
	drawn := 0.0 // of the page, by ruled lines and shapes
	notes := 0.0
	for _, i := range j.text.Ink {
		switch i.Kind {
		case pagetext.RuleInk, pagetext.FillInk:
			drawn += i.W * i.H
		case pagetext.NoteInk:
			notes += i.W * i.H
		}
	}
	area := math.Max(1, j.Width*j.Height)
	drawn, notes = drawn/area, notes/area
	copying := j.Profile.Scan.Copying.Article
	switch {
	case len(j.sheaf.all) == 0 && j.glyphs == 0 && drawn == 0:
		j.Source = FromNothing
	case j.glyphs > fewGlyphs, share < wholeShare && (j.glyphs > 0 || drawn > drawnShare), share <= largeShare && drawn > 0:
		j.Source = FromComputer
		if !j.Form.FromElectronic() {
			j.find(Finding{Kind: Electronic, Verdict: Fail, Article: copying})
		}
	default:
		j.Source = FromPaper
		if j.glyphs > 0 || notes > noteShare {
			j.find(Finding{Kind: Overlay, Verdict: Look, Article: copying})
		}
	}
}

// size compares the page with the paper sizes that are used.
func (j *judgement) size() {
	s := &j.Profile.Scan
	tolerance := s.SizeTolerance.Or(0)
	own := paper{"", j.Profile.Page.Width.Or(0), j.Profile.Page.Height.Or(0)}
	if p, ok := paperOf(own.w, own.h, tolerance); ok {
		own.name = p.name
	}
	if p, ok := paperOf(j.Width, j.Height, tolerance); ok {
		if j.Paper = p.name; p.name != own.name {
			j.find(Finding{Kind: OtherPaper, Verdict: Look, Value: p.w, Limit: own.w, Text: p.name, LimitText: own.name, Article: s.Scale.Article})
		}
		return
	}
	if factor, ok := scaledFrom(j.Width, j.Height, own); ok {
		j.find(Finding{Kind: Scaled, Verdict: Fail, Value: 100 * factor, Limit: 100 * s.Scale.Or(1), Text: own.name, Article: s.Scale.Article})
		return
	}
	verdict := Look
	if math.Max(j.Width, j.Height) > largestPage {
		verdict = Fail
	}
	j.find(Finding{Kind: OddPaper, Verdict: verdict, Text: fmt.Sprintf("%.0f × %.0f mm", j.Width, j.Height), Limit: tolerance, LimitText: own.name, Article: s.Scale.Article})
}

func (j *judgement) resolution(ctx context.Context) {
	s := &j.Profile.Scan
	least, article := s.DPIMin.Or(0), s.DPIMin.Article
	if d := s.DPIMinDrawings; j.Drawings && d.Value != nil {
		least, article = *d.Value, d.Article
	}
	dpi, sure := j.check.dpi(ctx, j.sheaf, j.Layers, j.view)
	j.DPI = dpi
	// Whole dots and rounded places cost up to half a per cent.
	if dpi >= least*0.995 {
		return
	}
	f := Finding{Kind: LowDPI, Verdict: Fail, Value: dpi, Limit: least, Article: article}
	if !sure {
		f.Kind, f.Verdict = UnsureDPI, Look
	}
	j.find(f)
}

// Chroma up to which a drawn page is grey: rounding in RGB, and what a reader
// makes of black ink in CMYK.
const (
	grayChroma     = 3
	grayChromaCMYK = 10
)

func (j *judgement) colour() {
	var bits, components int
	bilevel := true
	for _, p := range j.sheaf.all {
		if p.stencil || p.share <= largeShare && len(j.Layers) > 1 {
			continue
		}
		bits, components = max(bits, p.perPixel()), max(components, p.components)
		if !p.colourless() {
			components = max(components, 3)
		}
		bilevel = bilevel && p.perPixel() == 1 && p.colourless()
	}
	j.Bits = max(1, bits)
	limit := grayChroma
	if components == 4 {
		limit = grayChromaCMYK
	}
	s := &j.Profile.Scan
	f := Finding{Verdict: Fail, Article: s.Colour.Article}
	switch {
	case len(j.sheaf.all) == 0:
		j.Color = NoPicture
		return
	case bilevel:
		j.Color, f.Kind = TwoLevels, Bilevel
	case components <= 1:
		j.Color, f.Kind = GrayLevels, Gray
	case j.view.chroma <= limit:
		j.Color, f.Kind = GrayInColor, FalseColor
	default:
		j.Color = RealColor
	}
	if j.Color != RealColor && s.Colour.Or(false) {
		j.find(f)
		return
	}
	if least := s.ColourBitsMin.Or(0); j.Color == RealColor && j.Bits < least {
		j.find(Finding{Kind: FewBits, Verdict: Fail, Value: float64(j.Bits), Limit: float64(least), Article: s.ColourBitsMin.Article})
	}
}

// lie tells how the text lies on the page.
func (j *judgement) lie() {
	if j.Blank {
		j.find(Finding{Kind: Blank, Verdict: Look})
		return
	}
	l := j.view.lines
	if !l.known {
		return
	}
	s := &j.Profile.Scan
	j.Skew, j.Turn = l.skew, l.turn
	if most := s.SkewMax.Or(0); math.Abs(l.skew) > most {
		j.find(Finding{Kind: Skewed, Verdict: Look, Value: math.Abs(l.skew), Limit: most, Article: s.SkewMax.Article})
	}
	if l.turn != 0 {
		j.find(Finding{Kind: Turned, Verdict: Look, Value: float64(l.turn)})
	}
}

// same looks for an earlier page that looks the same.
func (j *judgement) same() {
	if j.Blank {
		return
	}
	now := seen{j.Number, j.view.amount, j.view.cells, j.view.marks}
	for _, o := range j.seen {
		if math.Abs(o.amount-now.amount) > 0.2*math.Max(o.amount, now.amount) {
			continue
		}
		if now.marks.like(o.marks) >= marksFrom && now.ink.like(o.ink) >= sameFrom {
			j.SameAs = o.page
			j.find(Finding{Kind: Duplicate, Verdict: Look, Value: float64(o.page)})
			break
		}
	}
	j.seen = append(j.seen, now)
}
