package practice

import (
	"fmt"
	"strings"
)

// fewestArticles are the first and the two last ones.
const fewestArticles = 3

// word is a piece of a line that is set in one style and followed by a space
// that may be stretched.
type word struct {
	text, style string
	width       float64 // mm at the body's size
}

// body writes box 6: the grounds, the words QUYẾT ĐỊNH and the articles.
func (s *sheet) body(o DecisionOptions) {
	for _, g := range grounds(o) {
		s.paragraph(s.words(italic, g))
	}
	s.room(3 * leading) // the heading does not stand alone at the end of a page
	s.y += paragraph
	s.centre(bold, bodyPt, textAxis, s.y+bodyPt*ascent*pt, "QUYẾT ĐỊNH:")
	s.y += leading + paragraph

	articles := articleTexts(o)
	for i, article := range articles {
		for j, text := range article {
			var words []word
			if j == 0 {
				words = s.words(bold, fmt.Sprintf("Điều %d.", i+1))
			}
			words = append(words, s.words(regular, text)...)
			if i == len(articles)-1 && j == len(article)-1 {
				// The signing block does not stand alone on a page: the last
				// paragraph goes with it.
				s.room(float64(len(s.lines(words)))*leading + signatureGap + 26)
			}
			s.paragraph(words)
		}
	}
}

// room begins a new page unless height mm are left on this one.
func (s *sheet) room(height float64) {
	if s.y+height > sheetH-marginBottom {
		s.next()
	}
}

func (s *sheet) words(style, text string) []word {
	var out []word
	for _, w := range strings.Fields(text) {
		out = append(out, word{w, style, s.width(style, bodyPt, w)})
	}
	return out
}

// lines breaks a paragraph whose first line is indented.
func (s *sheet) lines(words []word) [][]word {
	space := s.width(regular, bodyPt, " ")
	lines := [][]word{nil}
	left := textWidth - firstIndent
	for _, w := range words {
		if len(lines[len(lines)-1]) > 0 && w.width > left {
			lines, left = append(lines, nil), textWidth
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], w)
		left -= w.width + space
	}
	return lines
}

// paragraph writes justified lines, on the next page where this one is full.
func (s *sheet) paragraph(words []word) {
	lines := s.lines(words)
	space := s.width(regular, bodyPt, " ")
	for i, line := range lines {
		// No single first line at the end of a page, no single last line at
		// the head of the next.
		keep := 1.0
		if len(lines) > 1 && (i == 0 || i == len(lines)-2) {
			keep = 2
		}
		s.room(keep * leading)
		x, gap := marginLeft, space
		if i == 0 {
			x += firstIndent
		}
		if i < len(lines)-1 {
			free := marginLeft + textWidth - x
			for _, w := range line {
				free -= w.width
			}
			gap = free / float64(max(1, len(line)-1))
		}
		baseline := s.y + bodyPt*ascent*pt
		for j, w := range line {
			text := w.text
			if j < len(line)-1 {
				text += " " // for whoever copies the text
			}
			s.text(w.style, bodyPt, x, baseline, text)
			x += w.width + gap
		}
		s.y += leading
	}
	s.y += paragraph
}

// grounds are the căn cứ: each ends with a semicolon, the last with a full stop.
func grounds(o DecisionOptions) []string {
	return []string{
		"Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
		"Căn cứ Luật Giao dịch điện tử ngày 22 tháng 6 năm 2023;",
		"Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư;",
		fmt.Sprintf("Theo đề nghị của Trưởng phòng Văn hóa - Xã hội xã %s tại Tờ trình số 15/TTr-VHXH ngày 18 tháng 10 năm %d.", o.Place, o.Year),
	}
}

// articleTexts are the paragraphs of the articles: a first one, as many on
// single duties as are wanted, and two last ones on coming into force.
func articleTexts(o DecisionOptions) [][]string {
	articles := [][]string{{
		fmt.Sprintf("Kiện toàn Ban Chỉ đạo chuyển đổi số xã %s (sau đây gọi tắt là Ban Chỉ đạo) gồm các ông, bà có tên sau đây:", o.Place),
		fmt.Sprintf("1. Ông %s, Chủ tịch Ủy ban nhân dân xã - Trưởng ban;", o.Signer),
		"2. Bà Trần Thị Bích Hằng, Phó Chủ tịch Ủy ban nhân dân xã - Phó Trưởng ban thường trực;",
		"3. Ông Lê Quốc Vĩnh, Trưởng phòng Văn hóa - Xã hội - Ủy viên;",
		"4. Bà Phạm Ngọc Ưu, Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã - Ủy viên;",
		"5. Ông Đỗ Nghĩa Kỹ, Giám đốc Trung tâm Phục vụ hành chính công xã - Ủy viên, Thư ký.",
	}}
	duties := [][]string{
		{
			"Ban Chỉ đạo có nhiệm vụ giúp Ủy ban nhân dân xã:",
			"1. Xây dựng kế hoạch chuyển đổi số hằng năm và tổ chức thực hiện sau khi được phê duyệt; đôn đốc, kiểm tra việc ký số và gửi, nhận văn bản điện tử của các phòng, đơn vị.",
			"2. Hướng dẫn cán bộ, công chức quản lý, sử dụng thiết bị lưu khóa bí mật đúng quy định; lập biên bản khi giao, nhận thiết bị của cơ quan.",
			"3. Sơ kết sáu tháng, tổng kết năm và báo cáo Ủy ban nhân dân tỉnh Mẫu trước ngày 15 tháng 12 hằng năm.",
		},
		{
			"Ban Chỉ đạo làm việc theo chế độ kiêm nhiệm. Trưởng ban được sử dụng con dấu của Ủy ban nhân dân xã, Phó Trưởng ban ký thay khi được phân công. Kinh phí hoạt động bố trí trong dự toán chi thường xuyên của Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã.",
		},
		{
			"Phòng Văn hóa - Xã hội là cơ quan thường trực của Ban Chỉ đạo, có trách nhiệm:",
			"a) Chuẩn bị nội dung, tài liệu các kỳ họp; dự thảo thông báo kết luận trong thời hạn 03 ngày làm việc;",
			"b) Tổng hợp số liệu văn bản đi, văn bản đến đã ký số, số hồ sơ được số hóa và lập danh mục thiết bị cần thay thế;",
			"c) Tham mưu tập huấn cho cán bộ, công chức và tổ công nghệ số cộng đồng ở các thôn.",
		},
		{
			"Các thành viên Ban Chỉ đạo chịu trách nhiệm trước Trưởng ban về lĩnh vực được phân công; dự họp đầy đủ, trường hợp vắng mặt phải báo cáo và cử người dự thay. Ý kiến của thành viên được ghi vào biên bản và gửi bằng văn bản điện tử.",
		},
	}
	for i := range o.Articles - fewestArticles {
		articles = append(articles, duties[i%len(duties)])
	}
	return append(articles,
		[]string{"Quyết định này có hiệu lực kể từ ngày ký và thay thế các quyết định trước đây của Ủy ban nhân dân xã về cùng nội dung."},
		[]string{"Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã, Trưởng phòng Văn hóa - Xã hội, Thủ trưởng các đơn vị liên quan và các ông, bà có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này./."},
	)
}
