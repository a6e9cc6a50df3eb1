package signer

import (
	"time"

	"antin/assets"
	"antin/signer/appearance"
	"antin/signer/layout"
	"antin/signer/pagetext"
	"antin/signer/pdffile"
)

// Names of the lines that a text block can have, as profiles list them.
const (
	lineNumber = "doc_number"
	lineForm   = "copy_form"
	lineAgency = "agency"
	lineTime   = "time"
)

// vietnam is the zone of every time that is shown, whatever the computer's is.
var vietnam = time.FixedZone("+07", 7*3600)

// CornerBlock is the text that stands for a signature without a picture, in the
// top right corner of the first page: on attachment files and on copies.
type CornerBlock struct {
	Place
	Lines   []string
	Shifted bool // lower or further left than on an empty page: there is ink above
	Covers  bool // the corner has no free place: the block lies over ink

	look *appearance.Look
}

// cornerBlock sets the lines that a profile wants and finds their place (NĐ
// 30/2020, Phụ lục I, phần I, mục II.8 d and phần II: Times New Roman, upright,
// black). page is the first page with its ink, values are the texts by name of
// line, avoid is ink that the page's content does not tell of.
func cornerBlock(page *pagetext.Text, p *assets.Profile, rules assets.TextBlock, values map[string]string, avoid ...pdffile.Box) (*CornerBlock, error) {
	b := &CornerBlock{}
	for _, name := range blockLines(rules) {
		b.Lines = append(b.Lines, values[name])
	}
	pt := rules.Pt.Or(assets.Range{10, 10})[0]
	width := 0.0
	for _, l := range b.Lines {
		w, err := appearance.Measure(l, appearance.Regular, pt)
		if err != nil {
			return nil, err
		}
		width = max(width, w)
	}
	width = min(width+1, page.W/2) // 1 mm, so that no outline touches the edge; a longer name goes on below
	var err error
	if b.look, err = appearance.LinesLook(width, b.Lines, appearance.Regular, pt, 1.15*pt); err != nil {
		return nil, err
	}
	w, h := b.look.Size()
	at := layout.TopRight(page, w, h, p, avoid...)
	b.Place, b.Shifted, b.Covers = Place{at.Page, at.Box}, at.Shifted, at.Covers
	return b, nil
}

// blockLines are the names of the lines of a block; a norm that fixes none has
// those of the decree for a copy.
func blockLines(rules assets.TextBlock) []string {
	return rules.Lines.Or(assets.ProfileNamed(assets.ProfileND30).Copy.Lines.Or(nil))
}

// Look is the block as the page will show it, as large as its Box.
func (b *CornerBlock) Look() *appearance.Look { return b.look }

// notes are the remarks on the place of the block.
func (b *CornerBlock) notes() []Note {
	switch {
	case b.Covers:
		return []Note{NoteBlockCovers}
	case b.Shifted:
		return []Note{NoteBlockShifted}
	}
	return nil
}

// clock is a time as a profile writes it (Phụ lục I: ISO 8601, the zone of
// Vietnam).
func clock(p *assets.Profile, t time.Time) string {
	return t.In(vietnam).Format(p.Time.Layout.Or("2006-01-02T15:04:05-07:00"))
}
