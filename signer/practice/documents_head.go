package practice

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// What all generated documents are about.
const (
	summary       = "Về việc thực hiện ký số và phát hành văn bản điện tử năm 2026"
	letterSummary = "thực hiện ký số và phát hành văn bản điện tử"
)

// head writes agency, motto, number and date.
func (s *sheaf) head(p DocumentPlan, d *Document, r *rand.Rand) {
	leftAxis, rightAxis := s.left+0.19*s.width(), sheetW-s.right-0.31*s.width()
	first := s.top + 13*ascent*pt
	second := first + 6
	if p.office.party {
		_, x1 := s.centre(bold, 15, rightAxis, first, "ĐẢNG CỘNG SẢN VIỆT NAM")
		s.rule(2*rightAxis-x1, first+1.8, x1, first+1.8)
	} else {
		s.centre(bold, 12.5, rightAxis, first, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
		x0, x1 := s.centre(bold, 14, rightAxis, second, "Độc lập - Tự do - Hạnh phúc")
		s.rule(x0, second+1.8, x1, second+1.8)
	}
	baseline := first
	var x0, x1 float64
	for i, line := range p.office.lines {
		baseline = first + 5.8*float64(i)
		style := bold
		if i == 0 && len(p.office.lines) > 1 {
			style = regular
		}
		size := 12.5
		if w := s.faces[style].width(line, size); w > 0.36*s.width() {
			size *= 0.36 * s.width() / w
		}
		x0, x1 = s.centre(style, size, leftAxis, baseline, line)
	}
	if !p.office.party {
		s.rule(x0+(x1-x0)/3, baseline+1.8, x1-(x1-x0)/3, baseline+1.8)
	}
	baseline = max(baseline, second) + 9 + 3*r.Float64()
	s.y = baseline + 3
	s.numberLine(p, d, leftAxis, baseline, r)
	s.dateLine(p, d, rightAxis, baseline, r)
	if p.kind.letter {
		lines := s.wrapped(regular, 12, 0.42*s.width(), 0, "V/v "+letterSummary)
		for _, l := range lines {
			baseline += 5.4
			s.centre(regular, 12, leftAxis, baseline, l)
		}
		s.y = baseline + 3
	}
}

// symbol is what follows the number.
func (p DocumentPlan) symbol() string {
	switch {
	case p.kind.letter && p.office.party:
		return "-CV/" + p.office.body
	case p.office.party:
		return "-" + p.kind.symbol + "/" + p.office.body
	case p.kind.letter:
		return "/" + p.office.body + "-VP"
	}
	return "/" + p.kind.symbol + "-" + p.office.body
}

func (s *sheaf) truth(state SlotState, x, w, baseline, size float64, style string) DocumentSlot {
	return DocumentSlot{state, slot(x, w, baseline, size, style == italic)}
}

// numberLine writes box 3.
func (s *sheaf) numberLine(p DocumentPlan, d *Document, axis, baseline float64, r *rand.Rand) {
	const size = 13
	f := s.faces[regular]
	label, symbol := "Số:", p.symbol()
	if p.office.party {
		label = "Số"
	}
	space := 0.25 * size * pt
	d.Number = DocumentSlot{State: SlotMissing}
	switch p.slots {
	case "missing":
	case "filled":
		s.centre(regular, size, axis, baseline, fmt.Sprintf("%s %d%s", label, 5+r.IntN(900), symbol))
		d.Number.State = SlotFilled
	case "open":
		x := axis - f.width(label+" 121"+symbol, size)/2
		x = s.text(regular, size, x, baseline, label)
		d.Number = s.truth(SlotOpen, x+space, 33, baseline, size, regular)
	case "dots":
		dots := strings.Repeat(".", 8+r.IntN(8))
		text := label + " " + dots + symbol
		x := axis - f.width(text, size)/2
		s.text(regular, size, x, baseline, text)
		d.Number = s.truth(SlotGap, x+f.width(label+" ", size), f.width(dots, size), baseline, size, regular)
	case "spaces": // one text with many spaces
		gap := strings.Repeat(" ", 9+r.IntN(8))
		text := label + gap + symbol
		x := axis - f.width(text, size)/2
		s.text(regular, size, x, baseline, text)
		d.Number = s.truth(SlotGap, x+f.width(label, size)+space, f.width(gap, size)-space, baseline, size, regular)
	default:
		gap := 10 + 6*r.Float64()
		x := axis - (f.width(label+symbol, size)+gap)/2
		x = s.text(regular, size, x, baseline, label)
		s.text(regular, size, x+gap, baseline, symbol)
		d.Number = s.truth(SlotGap, x+space, gap-space, baseline, size, regular)
	}
}

// dateLine writes box 4.
func (s *sheaf) dateLine(p DocumentPlan, d *Document, axis, baseline float64, r *rand.Rand) {
	size := 13 + float64(r.IntN(2))
	f := s.faces[italic]
	d.Date = DocumentSlot{State: SlotMissing}
	year := "năm 2026"
	place := p.office.place + ","
	gap := 7 + 4*r.Float64()
	fill := ""
	switch p.slots {
	case "missing":
		return
	case "filled":
		s.centre(italic, size, axis, baseline, place+" ngày 05 tháng 3 "+year)
		d.Date.State = SlotFilled
		return
	case "open":
		x := axis - f.width(place+" ngày 22 tháng 11 "+year, size)/2
		x = s.text(italic, size, x, baseline, place)
		d.Date = s.truth(SlotOpen, x+0.25*size*pt, 50, baseline, size, italic)
		return
	case "dots":
		fill = "....."
	case "spaces":
		fill = strings.Repeat(" ", 5+r.IntN(4))
	}
	parts := []string{place + " ngày", "tháng", year}
	if fill != "" {
		gap = f.width(fill, size)
	}
	total := 2 * gap
	for _, w := range parts {
		total += f.width(w, size)
	}
	x := axis - total/2
	whole := parts[0] + fill + parts[1] + fill + parts[2]
	if fill != "" {
		s.text(italic, size, x, baseline, whole)
	}
	for i, w := range parts {
		if fill == "" {
			s.text(italic, size, x, baseline, w)
		}
		x += f.width(w, size)
		if i < 2 {
			d.Gaps = append(d.Gaps, s.truth(SlotGap, x, gap, baseline, size, italic))
			x += gap
		}
	}
	d.Date = d.Gaps[0]
}

// heading writes box 5a, or who a letter goes to.
func (s *sheaf) heading(p DocumentPlan) {
	axis := s.left + s.width()/2
	baseline := s.y + 11
	if !p.kind.letter {
		s.centre(bold, 14, axis, baseline, p.kind.title)
		for _, l := range s.wrapped(bold, 14, 0.8*s.width(), 0, summary) {
			baseline += 6.4
			s.centre(bold, 14, axis, baseline, l)
		}
		s.rule(axis-20, baseline+2, axis+20, baseline+2)
		baseline += 6
	}
	if p.kind.to {
		baseline += 8
		s.centre(regular, 14, axis, baseline, "Kính gửi: Các phòng, ban, đơn vị trực thuộc.")
	}
	s.y = baseline + 8
}
