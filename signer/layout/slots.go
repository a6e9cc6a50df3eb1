package layout

import (
	"math"
	"strings"
	"unicode"

	"antin/signer/pagetext"
	"antin/signer/pdffile"
)

// Widths in mm at 13 pt that a usual value needs.
const (
	roomNumber = 9.0  // four digits
	roomWhole  = 20.0 // "121/QĐ-UBND"
	roomDay    = 4.6  // two digits
	roomDate   = 45.0 // "ngày 22 tháng 11 năm 2026"
)

// headPart is the upper part of the first page where number and date stand.
const headPart = 0.45

// number finds "Số:" and what stands behind it.
func (s *sheet) number() Number {
	for i := range s.rows {
		r := &s.rows[i]
		if r.baseline > s.H*headPart {
			break
		}
		rs := foldRunes(charRunes(r.chars))
		if len(rs) < 2 || rs[0] != 's' || rs[1] != 'o' || r.chars[0].Rune != 'S' {
			continue
		}
		label := 2
		for label < len(rs) && (rs[label] == ':' || rs[label] == ' ' && label+1 < len(rs) && rs[label+1] == ':') {
			label++
		}
		if label < len(rs) && unicode.IsLetter(rs[label]) {
			continue // "Sở …", "Sổ …"
		}
		if n, ok := s.numberAt(r, label); ok {
			return n
		}
	}
	return Number{}
}

// numberAt reads the line of the number behind its label.
func (s *sheet) numberAt(r *row, label int) (Number, bool) {
	chars := s.behind(r, func(first rune) bool { return strings.ContainsRune("/-–.…_·", first) || unicode.IsDigit(first) })
	rest := chars[label:]
	symbol, dots, digits := -1, 0, 0
	for i, c := range rest {
		switch {
		case unicode.IsDigit(c.Rune):
			digits++
		case isDot(c.Rune):
			dots++
		case strings.ContainsRune("/-–", c.Rune):
			symbol = i
		case c.Rune != ' ':
			return Number{}, false // a sentence: "Số lượng", "Số 5 phố …"
		}
		if symbol >= 0 {
			break
		}
	}
	n := Number{Confidence: 0.95}
	em := r.em()
	start := chars[label-1].X1 + 0.25*em
	switch {
	case digits > 0:
		n.State, n.Text = Filled, strings.TrimSpace(runes(rest))
		if symbol < 0 && len(n.Text) > 8 {
			return Number{}, false
		}
		return n, true
	case symbol >= 0:
		n.State, n.Text = Gap, strings.TrimSpace(runes(rest[symbol:]))
		n.Slot = s.slot(r, start, rest[symbol].X0)
		if n.Slot.W < roomNumber*r.size/13 {
			n.Confidence = 0.6
			n.Reasons = append(n.Reasons, SlotNarrow)
		}
	default:
		n.State = Open
		// Up to what stands beside it, at most to the middle of the page.
		end := min(s.W/2, s.next(r, chars[len(chars)-1].X1, dots > 0)-2)
		n.Slot = s.slot(r, start, end)
		if n.Slot.W < roomWhole*r.size/13 {
			n.Confidence = 0.6
			n.Reasons = append(n.Reasons, SlotNarrow)
		}
	}
	if dots > 0 {
		n.Slot.Dotted = true
		n.Confidence -= 0.1
		n.Reasons = append(n.Reasons, SlotDotted)
	}
	if r.x0 > s.W*0.55 {
		n.Confidence -= 0.3
		n.Reasons = append(n.Reasons, SlotUnusual)
	}
	return n, true
}

func charRunes(chars []pagetext.Char) []rune {
	out := make([]rune, len(chars))
	for i, c := range chars {
		out[i] = c.Rune
	}
	return out
}

func isDot(r rune) bool { return strings.ContainsRune(".…_·", r) }

// behind are the characters of r and of the rows that follow on its baseline,
// as long as follow accepts their first one.
func (s *sheet) behind(r *row, follow func(rune) bool) []pagetext.Char {
	chars := append([]pagetext.Char{}, r.chars...)
	at := map[int]bool{r.index: true}
	for {
		end := chars[len(chars)-1].X1
		var next *row
		for i := range s.rows {
			o := &s.rows[i]
			if !at[o.index] && math.Abs(o.baseline-r.baseline) < 0.8 && o.x0 >= end-0.1 && (next == nil || o.x0 < next.x0) {
				next = o
			}
		}
		if next == nil || !follow(next.chars[0].Rune) || next.x0-end > s.W/4 {
			return chars
		}
		at[next.index] = true
		chars = append(append(chars, pagetext.Char{Rune: ' ', X0: end, X1: next.x0}), next.chars...)
	}
}

// next is the x of the first ink right of x at the height of r. Short rules that
// are printed to write on do not count for dotted slots.
func (s *sheet) next(r *row, x float64, dotted bool) float64 {
	best := s.W
	for i := range s.Ink {
		k := &s.Ink[i]
		if k.Kind == pagetext.FillInk || dotted && k.Kind == pagetext.RuleInk {
			continue
		}
		if k.X >= x-0.1 && k.X < best && k.Y < r.bottom()-0.3 && k.Y+k.H > r.top()+0.8 {
			best = k.X
		}
	}
	return best
}

func (s *sheet) slot(r *row, x0, x1 float64) Slot {
	return Slot{
		Page: s.Page, X: x0, W: max(0, x1-x0), Baseline: r.baseline, Size: r.size, Italic: r.italic,
		Box: pdffile.Box{X: x0, Y: r.top(), W: max(0, x1-x0), H: r.bottom() - r.top()},
	}
}

// date finds the line with place and date.
func (s *sheet) date(n *Number) Date {
	beside := math.NaN()
	if n.State == Open || n.State == Gap {
		beside = n.Slot.Baseline
	}
	for i := range s.rows {
		r := &s.rows[i]
		if r.baseline > s.H*headPart {
			break
		}
		if f := fold(r.text); !strings.Contains(f, "ngay") && !strings.HasSuffix(f, ",") {
			continue
		}
		chars := s.behind(r, func(first rune) bool { return unicode.IsLetter(first) || unicode.IsDigit(first) || isDot(first) })
		if d, ok := s.dateAt(r, chars); ok {
			if !math.IsNaN(beside) && math.Abs(beside-r.baseline) < 1.5 {
				d.Reasons = append(d.Reasons, BesideOtherSlot)
			} else if r.axis() < s.W*0.45 {
				d.Confidence -= 0.3
				d.Reasons = append(d.Reasons, SlotUnusual)
			}
			return d
		}
	}
	for i := range s.rows {
		r := &s.rows[i]
		if r.baseline > s.H*headPart {
			break
		}
		if d, ok := s.placeOnly(r, beside); ok {
			return d
		}
	}
	return Date{}
}

// dateAt reads "Bình Minh, ngày … tháng … năm …" in the characters of a line.
func (s *sheet) dateAt(r *row, chars []pagetext.Char) (Date, bool) {
	rs := foldRunes(charRunes(chars))
	day := indexRunes(rs, "ngay", 0)
	if day < 0 || day > 45 {
		return Date{}, false
	}
	// A comma after the place, unless the date begins the line.
	before := strings.TrimSpace(string(rs[:day]))
	if before != "" && !strings.HasSuffix(before, ",") || before == "" && r.x0 < s.W*0.4 {
		return Date{}, false
	}
	if strings.HasPrefix(before, "can cu") || strings.HasPrefix(before, "theo ") {
		return Date{}, false
	}
	month := indexRunes(rs, "thang", day+4)
	if month < 0 {
		return Date{}, false
	}
	year := indexRunes(rs, "nam", month+5)
	if year < 0 {
		return Date{}, false
	}
	if !blankOr(rs[day+4:month], 2) || !blankOr(rs[month+5:year], 2) || !blankOr(rs[year+3:], 4) {
		return Date{}, false // a sentence: "số, ngày, tháng, năm"
	}
	end := len(chars)
	d := Date{Text: strings.TrimSpace(runes(chars)), Confidence: 0.95}
	var narrow, dotted bool
	part := func(from, to int, last bool, digits int) *Slot {
		printed := strings.TrimFunc(runes(chars[from:to]), func(r rune) bool { return r == ' ' || isDot(r) })
		if figures(printed) >= digits {
			return nil
		}
		x0, x1 := chars[from-1].X1, s.next(r, chars[from-1].X1+0.2, false)
		if !last {
			x1 = chars[to].X0
		} else if to > from && printed == "" {
			x1 = chars[to-1].X1 // the dots
		} else {
			x1 = min(x1-1, x0+12)
		}
		sl := s.slot(r, x0, x1)
		for _, c := range chars[from:to] {
			sl.Dotted = sl.Dotted || isDot(c.Rune)
		}
		dotted = dotted || sl.Dotted
		narrow = narrow || sl.W < roomDay*r.size/13
		return &sl
	}
	d.Day = part(day+4, month, false, 1)
	d.Month = part(month+5, year, false, 1)
	d.Year = part(year+3, end, true, 4)
	if d.Day == nil && d.Month == nil && d.Year == nil {
		d.State = Filled
		return d, true
	}
	d.State = Gap
	if narrow {
		d.Confidence = 0.6
		d.Reasons = append(d.Reasons, SlotNarrow)
	}
	if dotted {
		d.Confidence -= 0.1
		d.Reasons = append(d.Reasons, SlotDotted)
	}
	return d, true
}

// blankOr tells whether a part of a date holds nothing but dots and at most n
// figures. A full stop may follow.
func blankOr(rs []rune, n int) bool {
	for _, r := range rs {
		switch {
		case unicode.IsDigit(r):
			n--
		case r != ' ' && !isDot(r):
			return false
		}
	}
	return n >= 0
}

func figures(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// placeOnly finds a line that ends after the place name: "Bình Minh,".
func (s *sheet) placeOnly(r *row, beside float64) (Date, bool) {
	t := strings.TrimSpace(r.text)
	name, ok := strings.CutSuffix(t, ",")
	if !ok || r.x0 < s.W*0.35 || len([]rune(name)) > 30 || len(strings.Fields(name)) > 6 || name == "" || !unicode.IsUpper([]rune(name)[0]) || capitals(name) && len([]rune(name)) > 6 {
		return Date{}, false
	}
	level := !math.IsNaN(beside) && math.Abs(beside-r.baseline) < 1.5
	if !level && !r.italic {
		return Date{}, false
	}
	x0 := r.x1 + 0.25*r.em()
	// The right margin is the latest end; text beside it an earlier one.
	d := Date{State: Open, Text: t, Whole: s.slot(r, x0, min(s.next(r, r.x1+0.2, false)-1, s.W-12)), Confidence: 0.95}
	if level {
		d.Reasons = append(d.Reasons, BesideOtherSlot)
	} else {
		d.Confidence = 0.75
		d.Reasons = append(d.Reasons, SlotUnusual)
	}
	if d.Whole.W < roomDate*r.size/13 {
		d.Confidence = min(d.Confidence, 0.6)
		d.Reasons = append(d.Reasons, SlotNarrow)
	}
	return d, true
}
