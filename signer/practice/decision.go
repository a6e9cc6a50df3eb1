package practice

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"antin/assets"
)

// DecisionOptions describe a decision (QUYẾT ĐỊNH) of an invented commune.
// Everything may be left out.
type DecisionOptions struct {
	Agency    []string // lines of the issuing agency, capitals; nil: ỦY BAN NHÂN DÂN / XÃ BÌNH MINH
	Place     string   // địa danh; "" = Bình Minh
	Subject   string   // trích yếu; "" = kiện toàn Ban Chỉ đạo chuyển đổi số
	Authority []string // quyền hạn and chức vụ; nil: TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH
	Signer    string   // họ tên; "" = Nguyễn Văn An
	Articles  int      // number of Điều, at least 3; 0 = 5, which fills two pages

	// Gaps prints "Số:        /QĐ-UBND" and "ngày     tháng     năm 2026" with
	// gaps, as offices do that fill them by hand. Otherwise the slots are empty:
	// they take "121/QĐ-UBND" and "ngày 22 tháng 11 năm 2026" whole.
	Gaps   bool
	Symbol string // ký hiệu for Gaps; "" = QĐ-UBND
	Year   int    // for Gaps and the dates in the text; 0 = 2026
}

// Area is a rectangle in mm from the top left corner of an A4 page.
type Area struct {
	Page       int // from 1
	X, Y, W, H float64
}

// Slot is an empty place for a line of text.
type Slot struct {
	Area
	Baseline float64 // mm from the top of the page
	Start    float64 // where the text begins, mm from the left
	Size     float64 // pt
	Italic   bool
}

// DecisionPlaces are the places of a Decision where something is still to come.
type DecisionPlaces struct {
	Pages     int
	Signature Area // between chức vụ and họ tên, centred on both
	Number    Slot // after "Số: "; with Gaps the gap before the symbol
	Date      Slot // after "Bình Minh, "; with Gaps the gap of the day
	Month     Slot // only with Gaps: the gap of the month
}

// Measures of NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I: mm, and pt for type.
const (
	sheetW, sheetH = 210.0, 297.0
	marginTop      = 20.0
	marginBottom   = 20.0
	marginLeft     = 30.0
	marginRight    = 15.0
	textWidth      = sheetW - marginLeft - marginRight
	textAxis       = marginLeft + textWidth/2

	bodyPt      = 14.0
	leading     = 6.6  // mm between baselines of the body
	paragraph   = 2.12 // 6 pt between paragraphs
	firstIndent = 12.7 // first line of a paragraph: 1 or 1.27 cm

	leftColumn  = 61.0  // axis of the agency's column
	rightColumn = 143.5 // axis of the motto's column

	signatureGap           = 34.0 // free height between chức vụ and họ tên
	signatureW, signatureH = 56.0, 26.0

	pt              = 25.4 / 72    // mm
	ascent, descent = 0.891, 0.216 // of Times, in em
)

// Styles of the one typeface, as fpdf calls them.
const (
	regular    = ""
	bold       = "B"
	italic     = "I"
	boldItalic = "BI"
)

// sheet writes lines of a document from top to bottom.
type sheet struct {
	pdf  *fpdf.Fpdf
	y    float64 // top of the next line, mm
	page int
}

// Decision makes a decision in the layout of NĐ 30/2020/NĐ-CP, Phụ lục I: A4,
// two pages unless o.Articles says more, all text extractable. The same options
// give the same bytes.
func Decision(o DecisionOptions) (pdf []byte, places DecisionPlaces, err error) {
	o = o.withDefaults()
	if o.Articles < fewestArticles {
		return nil, places, fmt.Errorf("practice: a decision has at least %d articles, not %d", fewestArticles, o.Articles)
	}
	s := newSheet(o)
	s.next()
	places.Number, places.Date, places.Month = s.head(o)
	s.title(o)
	s.body(o)
	places.Signature = s.signingBlock(o)
	places.Pages = s.page

	var buf bytes.Buffer
	if err := s.pdf.Output(&buf); err != nil {
		return nil, places, fmt.Errorf("writing the decision: %w", err)
	}
	return buf.Bytes(), places, nil
}

func (o DecisionOptions) withDefaults() DecisionOptions {
	if o.Agency == nil {
		o.Agency = []string{"ỦY BAN NHÂN DÂN", "XÃ BÌNH MINH"}
	}
	if o.Authority == nil {
		o.Authority = []string{"TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"}
	}
	o.Place = cmp.Or(o.Place, "Bình Minh")
	o.Subject = cmp.Or(o.Subject, "Về việc kiện toàn Ban Chỉ đạo chuyển đổi số xã "+o.Place)
	o.Signer = cmp.Or(o.Signer, "Nguyễn Văn An")
	o.Symbol = cmp.Or(o.Symbol, "QĐ-UBND")
	o.Year = cmp.Or(o.Year, 2026)
	o.Articles = cmp.Or(o.Articles, 5)
	return o
}

func newSheet(o DecisionOptions) *sheet {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetMargins(marginLeft, marginTop, marginRight)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCatalogSort(true)
	created := time.Date(o.Year, time.January, 5, 8, 0, 0, 0, time.UTC)
	pdf.SetCreationDate(created)
	pdf.SetModificationDate(created)
	pdf.SetProducer("Ấn Tín", true)
	pdf.SetTitle("Quyết định "+o.Subject, true)
	pdf.SetSubject("Văn bản thực hành, không có giá trị pháp lý", true)
	pdf.SetLang("vi-VN")
	pdf.AddUTF8FontFromBytes("serif", regular, assets.SerifRegular())
	pdf.AddUTF8FontFromBytes("serif", bold, assets.SerifBold())
	pdf.AddUTF8FontFromBytes("serif", italic, assets.SerifItalic())
	pdf.AddUTF8FontFromBytes("serif", boldItalic, assets.SerifBoldItalic())
	return &sheet{pdf: pdf}
}

// next begins a page; from the second on with its number in the top margin.
func (s *sheet) next() {
	s.pdf.AddPage()
	s.page++
	s.y = marginTop
	if s.page > 1 {
		s.centre(regular, 13, textAxis, 14, fmt.Sprint(s.page))
	}
}

func (s *sheet) width(style string, size float64, text string) float64 {
	s.pdf.SetFont("serif", style, size)
	return s.pdf.GetStringWidth(text)
}

func (s *sheet) text(style string, size, x, baseline float64, text string) {
	s.pdf.SetFont("serif", style, size)
	s.pdf.Text(x, baseline, text)
}

// centre writes a line around an axis and returns its ends.
func (s *sheet) centre(style string, size, axis, baseline float64, text string) (x0, x1 float64) {
	w := s.width(style, size, text)
	s.text(style, size, axis-w/2, baseline, text)
	return axis - w/2, axis + w/2
}

func (s *sheet) rule(x0, x1, y float64) {
	s.pdf.SetLineWidth(0.25)
	s.pdf.Line(x0, y, x1, y)
}

// shortRule is the line under the agency and the title: a third to a half of
// the text's length, in its middle.
func (s *sheet) shortRule(x0, x1, y float64) {
	s.rule(x0+(x1-x0)*0.29, x1-(x1-x0)*0.29, y)
}

// head writes boxes 1 to 4: Quốc hiệu and Tiêu ngữ, agency, number, place and date.
func (s *sheet) head(o DecisionOptions) (number, date, month Slot) {
	first, second := s.y+13*ascent*pt, s.y+13*ascent*pt+6
	s.centre(bold, 13, rightColumn, first, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
	x0, x1 := s.centre(bold, 14, rightColumn, second, "Độc lập - Tự do - Hạnh phúc")
	s.rule(x0, x1, second+1.8) // as long as the motto
	baseline := first
	for i, line := range o.Agency {
		baseline = first + 6*float64(i)
		x0, x1 = s.centre(bold, 13, leftColumn, baseline, line)
	}
	s.shortRule(x0, x1, baseline+1.8)

	baseline = max(baseline, second) + 9.5
	s.y = baseline + 14*descent*pt
	number = s.numberSlot(o, baseline)
	date, month = s.dateSlot(o, baseline)
	return number, date, month
}

// numberSlot writes "Số:" so that a number of three digits stands centred.
func (s *sheet) numberSlot(o DecisionOptions, baseline float64) Slot {
	const size, gap = 13, 12.0
	label := s.width(regular, size, "Số: ")
	start := leftColumn - (label+s.width(regular, size, "121/"+o.Symbol))/2
	room := 33.0
	if o.Gaps {
		start, room = leftColumn-(label+gap+s.width(regular, size, "/"+o.Symbol))/2, gap
		s.text(regular, size, start+label+room, baseline, "/"+o.Symbol)
	}
	s.text(regular, size, start, baseline, "Số:")
	return slot(start+label, room, baseline, size, false)
}

// dateSlot writes the place so that a date with two-digit day and month stands
// centred under the motto.
func (s *sheet) dateSlot(o DecisionOptions, baseline float64) (date, month Slot) {
	const size = 14
	place := o.Place + ", "
	whole := fmt.Sprintf("ngày 22 tháng 11 năm %d", o.Year)
	if !o.Gaps {
		label, room := s.width(italic, size, place), s.width(italic, size, whole)
		start := rightColumn - (label+room)/2
		s.text(italic, size, start, baseline, strings.TrimSpace(place))
		return slot(start+label, room+2, baseline, size, true), Slot{}
	}
	const gap = 9.0
	words := []string{place + "ngày", "tháng", fmt.Sprintf("năm %d", o.Year)}
	total := 2 * gap
	for _, w := range words {
		total += s.width(italic, size, w)
	}
	x := rightColumn - total/2
	var gaps [2]Slot
	for i, w := range words {
		s.text(italic, size, x, baseline, w)
		x += s.width(italic, size, w)
		if i < len(gaps) {
			gaps[i] = slot(x, gap, baseline, size, true)
			x += gap
		}
	}
	return gaps[0], gaps[1]
}

func slot(x, w, baseline, size float64, slanted bool) Slot {
	const air = 0.5 // mm above accents and below descenders
	top := baseline - size*pt*(ascent+0.05) - air
	return Slot{
		Area:     Area{Page: 1, X: x, Y: top, W: w, H: baseline + size*pt*descent + air - top},
		Baseline: baseline, Start: x, Size: size, Italic: slanted,
	}
}

// title writes box 5a: tên loại and trích yếu, a short line under it.
func (s *sheet) title(o DecisionOptions) {
	baseline := s.y + 12
	s.centre(bold, bodyPt, textAxis, baseline, "QUYẾT ĐỊNH")
	var x0, x1 float64
	for _, line := range s.wrap(bold, bodyPt, textWidth*0.8, o.Subject) {
		baseline += 6.5
		x0, x1 = s.centre(bold, bodyPt, textAxis, baseline, line)
	}
	s.shortRule(x0, x1, baseline+2.2)
	baseline += 12
	s.centre(bold, bodyPt, textAxis, baseline, strings.Join(o.Agency, " "))
	s.y = baseline + bodyPt*descent*pt + paragraph*1.5
}

// wrap breaks text into lines of at most width mm, about equally long.
func (s *sheet) wrap(style string, size, width float64, text string) []string {
	words := strings.Fields(text)
	count := int(s.width(style, size, text)/width) + 1
	target := s.width(style, size, text) / float64(count)
	lines := []string{""}
	for _, w := range words {
		last := &lines[len(lines)-1]
		if *last != "" && len(lines) < count && s.width(style, size, *last+" "+w) > target*1.08 {
			lines = append(lines, w)
			continue
		}
		*last = strings.TrimSpace(*last + " " + w)
	}
	return lines
}

// signingBlock writes boxes 7a, 7b and 9b and returns box 7c. It stays in one
// piece: where it does not fit, it moves to the next page.
func (s *sheet) signingBlock(o DecisionOptions) Area {
	const axis = 150.0 // of the right half
	lineHeight := 6.2
	height := 4 + lineHeight*float64(len(o.Authority)) + signatureGap + 8
	if s.y+height > sheetH-marginBottom {
		s.next()
	}
	top := s.y + 4
	s.recipients(o, top)

	baseline := top + 14*ascent*pt
	for i, line := range o.Authority {
		if i > 0 {
			baseline += lineHeight
		}
		s.centre(bold, 14, axis, baseline, line)
	}
	gapTop := baseline + 14*descent*pt
	name := gapTop + signatureGap + 14*ascent*pt
	s.centre(bold, 14, axis, name, o.Signer)
	s.y = name + 14*descent*pt
	return Area{
		Page: s.page, X: axis - signatureW/2, Y: gapTop + (signatureGap-signatureH)/2,
		W: signatureW, H: signatureH,
	}
}

// recipients writes box 9b.
func (s *sheet) recipients(o DecisionOptions, top float64) {
	baseline := top + 12*ascent*pt
	s.text(boldItalic, 12, marginLeft, baseline, "Nơi nhận:")
	for _, line := range []string{
		fmt.Sprintf("- Như Điều %d;", o.Articles), "- Đảng ủy, HĐND xã (để báo cáo);", "- Chủ tịch, các PCT UBND xã;",
		"- Cổng thông tin điện tử xã;", "- Lưu: VT, VHXH.",
	} {
		baseline += 4.7
		s.text(regular, 11, marginLeft, baseline, line)
	}
}
