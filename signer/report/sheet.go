package report

import (
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/sfnt"

	"antin/assets"
)

// The page of the record: A4 with the margins of NĐ 30/2020/NĐ-CP, Phụ lục I, in mm.
const (
	sheetTop    = 20.0
	sheetBottom = 277.0 // 20 mm from the lower edge
	sheetLeft   = 30.0
	sheetWidth  = 165.0 // 15 mm from the right edge
	cellPad     = 1.3   // left and right in a table cell; half of it above and below
	maxLines    = 44    // of one table cell, so that every row fits a page
)

// sheet lays text out on the pages of a new PDF.
type sheet struct {
	*fpdf.Fpdf
	y float64 // mm, where the next thing goes
}

// para is one paragraph in one type.
type para struct {
	text   string
	style  string // "", "B", "I"
	pt     float64
	colour colourRGB
	align  string // "L", "C", "R"
	above  float64
}

type colourRGB [3]int

func newSheet() *sheet {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetMargins(sheetLeft, sheetTop, 210-sheetLeft-sheetWidth)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCellMargin(0)
	for style, font := range map[string][]byte{
		"": assets.SerifRegular(), "B": assets.SerifBold(), "I": assets.SerifItalic(),
	} {
		pdf.AddUTF8FontFromBytes("serif", style, slices.Clone(font))
	}
	s := &sheet{Fpdf: pdf}
	s.turn()
	return s
}

// turn begins a page; from the second on its number stands in the top margin
// (NĐ 30/2020/NĐ-CP, Phụ lục I: Arabic, 13–14 pt, centred).
func (s *sheet) turn() {
	s.AddPage()
	s.y = sheetTop
	if n := s.PageNo(); n > 1 {
		s.SetFont("serif", "", 13)
		s.SetTextColor(0, 0, 0)
		s.SetXY(sheetLeft, 10)
		s.CellFormat(sheetWidth, 5, itoa(n), "", 0, "C", false, 0, "")
		s.SetXY(sheetLeft, sheetTop)
	}
}

// room makes sure that h mm are free, on a new page if need be.
func (s *sheet) room(h float64) bool {
	if s.y+h <= sheetBottom || s.y <= sheetTop {
		return false
	}
	s.turn()
	return true
}

func lineHeight(pt float64) float64 { return pt * 25.4 / 72 * 1.15 }

// drawable replaces what the embedded font has no glyph for: PDF/A allows no
// reference to .notdef (ISO 19005-2, 6.2.11.8).
func drawable(s string) string {
	ok := true
	for _, r := range s {
		ok = ok && hasGlyph(r)
	}
	if ok {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case hasGlyph(r):
			return r
		case unicode.Is(unicode.M, r):
			return -1
		}
		return '?'
	}, s)
}

var glyphs = sync.OnceValue(func() func(r rune) bool {
	var fonts []*sfnt.Font
	for _, b := range [][]byte{assets.SerifRegular(), assets.SerifBold(), assets.SerifItalic()} {
		f, err := sfnt.Parse(b)
		if err != nil {
			return func(rune) bool { return false }
		}
		fonts = append(fonts, f)
	}
	var lock sync.Mutex // of the buffer
	var buf sfnt.Buffer
	return func(r rune) bool {
		lock.Lock()
		defer lock.Unlock()
		for _, f := range fonts {
			if i, err := f.GlyphIndex(&buf, r); err != nil || i == 0 {
				return false
			}
		}
		return true
	}
})

func hasGlyph(r rune) bool { return r >= ' ' && r <= 0xFFFF && r != utf8.RuneError && glyphs()(r) }

// wrap breaks text into lines of at most w mm, inside words where it must. The
// font has to be set.
func (s *sheet) wrap(t string, w float64) []string {
	var out []string
	line := ""
	for _, word := range strings.Fields(drawable(t)) {
		joined := word
		if line != "" {
			joined = line + " " + word
		}
		if s.GetStringWidth(joined) <= w {
			line = joined
			continue
		}
		if line != "" {
			out = append(out, line)
		}
		for line = word; s.GetStringWidth(line) > w; {
			runes := []rune(line)
			n := len(runes)
			for n > 1 && s.GetStringWidth(string(runes[:n])) > w {
				n = min(n-1, max(1, int(float64(n)*w/s.GetStringWidth(string(runes[:n])))+1))
			}
			out, line = append(out, string(runes[:n])), string(runes[n:])
		}
	}
	return append(out, line)
}

// set is a paragraph broken into lines.
type set struct {
	para
	lines []string
}

func (s *sheet) set(paras []para, w float64) (all []set, h float64) {
	left := maxLines
	for _, p := range paras {
		s.SetFont("serif", p.style, p.pt)
		lines := s.wrap(p.text, w)
		if len(lines) > left {
			lines = append(lines[:max(0, left-1):max(0, left-1)], "…")
		}
		if left -= len(lines); len(lines) > 0 {
			all = append(all, set{p, lines})
			h += p.above + float64(len(lines))*lineHeight(p.pt)
		}
		if left <= 0 {
			break
		}
	}
	return all, h
}

func (s *sheet) draw(all []set, x, y, w float64) {
	for _, p := range all {
		s.SetFont("serif", p.style, p.pt)
		s.SetTextColor(p.colour[0], p.colour[1], p.colour[2])
		y += p.above
		for _, l := range p.lines {
			s.SetXY(x, y)
			s.CellFormat(w, lineHeight(p.pt), l, "", 0, p.align+"M", false, 0, "")
			y += lineHeight(p.pt)
		}
	}
}

// write puts paragraphs over the whole width at the current place.
func (s *sheet) write(paras ...para) {
	for _, p := range paras {
		all, h := s.set([]para{p}, sheetWidth)
		s.room(h)
		s.draw(all, sheetLeft, s.y, sheetWidth)
		s.y += h
	}
}

// table draws rows with borders; head is repeated on every page.
func (s *sheet) table(widths []float64, head []para, rows [][][]para) {
	titles := make([][]para, len(head))
	for i, p := range head {
		titles[i] = []para{p}
	}
	first := 0.0
	if len(rows) > 0 {
		first = s.height(widths, rows[0])
	}
	top := 0.0
	if len(head) > 0 {
		top = s.height(widths, titles)
	}
	s.room(top + first)
	if len(head) > 0 {
		s.row(widths, titles, true)
	}
	for _, r := range rows {
		if s.room(s.height(widths, r)) && len(head) > 0 {
			s.row(widths, titles, true)
		}
		s.row(widths, r, false)
	}
}

func (s *sheet) height(widths []float64, cells [][]para) float64 {
	h := 0.0
	for i, c := range cells {
		_, one := s.set(c, widths[i]-2*cellPad)
		h = math.Max(h, one)
	}
	return h + cellPad
}

func (s *sheet) row(widths []float64, cells [][]para, shaded bool) {
	h := s.height(widths, cells)
	x := sheetLeft
	s.SetLineWidth(0.2)
	s.SetDrawColor(120, 120, 120)
	s.SetFillColor(242, 240, 235)
	style := "D"
	if shaded {
		style = "DF"
	}
	for i, c := range cells {
		s.Rect(x, s.y, widths[i], h, style)
		all, own := s.set(c, widths[i]-2*cellPad)
		y := s.y + cellPad/2
		if shaded {
			y = s.y + (h-own)/2
		}
		s.draw(all, x+cellPad, y, widths[i]-2*cellPad)
		x += widths[i]
	}
	s.y += h
}
