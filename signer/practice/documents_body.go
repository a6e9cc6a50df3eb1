package practice

import (
	"fmt"
	"math/rand/v2"
)

// Heights of a signing block.
const (
	titleLeading = 6.2
	blockAir     = 5.0
)

// body writes box 6 until the signing block falls on the planned page.
func (s *sheaf) body(p DocumentPlan, r *rand.Rand) {
	if p.kind.articles {
		s.paragraph(italic, "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;")
		s.paragraph(italic, "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư;")
		s.room(2 * leading)
		s.centre(bold, bodyPt, s.left+s.width()/2, s.y+bodyPt*ascent*pt, p.kind.title+":")
		s.y += leading + paragraph
	} else {
		s.room(2 * leading)
		s.text(bold, bodyPt, s.left+firstIndent, s.y+bodyPt*ascent*pt, "I. MỤC ĐÍCH, YÊU CẦU")
		s.y += leading + paragraph
	}
	need := s.blockHeight(p)
	n := 0
	for n < 4 || s.page < p.pages {
		n++
		text := sentences[r.IntN(len(sentences))]
		switch {
		case p.kind.articles:
			text = fmt.Sprintf("Điều %d. %s", n, text)
		default:
			text = fmt.Sprintf("%d. %s", n, text)
		}
		s.paragraph(regular, text)
		if n == 3 && p.table {
			s.nameTable(p, r)
		}
		if s.page >= p.pages && (s.y+need+3*leading > sheetH-s.bottom || r.IntN(4) == 0 && n > 3) {
			break
		}
	}
	if p.split {
		// Down to where the titles fit on the page and the rest does not.
		for s.y+0.75*need+6.5*leading < sheetH-s.bottom {
			s.paragraph(regular, sentences[r.IntN(len(sentences))])
		}
		if s.y+8+titleLeading*float64(len(p.titles[0]))+blockAir > sheetH-s.bottom {
			s.next()
			for s.y+0.75*need+6.5*leading < sheetH-s.bottom {
				s.paragraph(regular, sentences[r.IntN(len(sentences))])
			}
		}
		return
	}
	end := "./."
	if p.office.party {
		end = "."
	}
	s.paragraph(regular, "Đề nghị các đơn vị nghiêm túc tổ chức thực hiện"+end)
	s.room(need)
}

// nameTable is a trap: names of people under headings, with free rows.
func (s *sheaf) nameTable(p DocumentPlan, r *rand.Rand) {
	rows := [][]string{{"TT", "HỌ VÀ TÊN", "CHỨC VỤ", "Ghi chú"}}
	for i := range 3 + r.IntN(4) {
		name := people[r.IntN(len(people))]
		if i == 0 {
			name = plainName(p.names[0], p.office.rank) // the signer himself
		}
		rows = append(rows, []string{fmt.Sprint(i + 1), name, "Chủ tịch", ""})
	}
	s.grid([]float64{0.1, 0.4, 0.3, 0.2}, []float64{8, 12, 16}[r.IntN(3)], rows)
}

func (s *sheaf) blockHeight(p DocumentPlan) float64 {
	lines := 0
	for _, t := range p.titles {
		lines = max(lines, len(t))
	}
	return 8 + titleLeading*float64(lines) + 38 + 10
}

// blocks writes the signing blocks and the recipients.
func (s *sheaf) blocks(p DocumentPlan, d *Document, r *rand.Rand) {
	axes := []float64{sheetW - s.right - 0.27*s.width()}
	size := 13 + float64(r.IntN(2))
	switch len(p.titles) {
	case 2:
		axes = []float64{s.left + 0.24*s.width(), sheetW - s.right - 0.24*s.width()}
	case 3:
		axes = []float64{s.left + 0.16*s.width(), s.left + 0.5*s.width(), sheetW - s.right - 0.16*s.width()}
		size = 12
	}
	gap := 20 + 18*r.Float64()
	if p.tight {
		gap = 12.5 + 3*r.Float64()
	}
	top := s.y + blockAir
	page := s.page
	if len(axes) == 1 && !p.kind.minutes {
		s.recipients(top, r)
	}
	lines := 0
	for _, t := range p.titles {
		lines = max(lines, len(t))
	}
	type place struct{ axis, top float64 }
	var places []place
	for i, titles := range p.titles {
		baseline := top + size*ascent*pt
		axis := axes[i]
		for j, line := range titles {
			style := bold
			if p.office.party && j > 0 && !p.kind.minutes {
				style = regular
			}
			lineSize := size
			if w := s.faces[style].width(line, lineSize); w > 0.46*s.width() && len(axes) > 1 {
				lineSize *= 0.46 * s.width() / w
			}
			s.centre(style, lineSize, axis, baseline, line)
			if j < len(titles)-1 {
				baseline += titleLeading
			}
		}
		bottom := baseline + size*descent*pt
		if p.hint {
			baseline += titleLeading
			s.centre(italic, 12, axis, baseline, "(Ký, ghi rõ họ tên)")
			bottom = baseline + 12*descent*pt
		}
		places = append(places, place{axis, bottom})
	}
	// Names stand on one line, under the longest titles.
	lowest := 0.0
	for _, x := range places {
		lowest = max(lowest, x.top)
	}
	nameTop := lowest + gap
	if p.split {
		s.next()
		nameTop = s.top + float64(r.IntN(4))*7
	}
	for i, x := range places {
		shift := 0.0
		if p.shifted {
			shift = 8*r.Float64() - 4
		}
		b := SignPlace{Titles: p.titles[i], Name: p.names[i], Page: s.page, X: x.axis + shift/2, Y: (x.top + nameTop) / 2}
		if p.split {
			b.Page, b.Y = s.splitPlace(x.top, nameTop, page)
		}
		if p.nameless {
			b.Name = ""
		} else {
			s.centre(bold, size, x.axis+shift, nameTop+size*ascent*pt, p.names[i])
		}
		d.Blocks = append(d.Blocks, b)
	}
	s.y = nameTop + size*(ascent+descent)*pt + 4
}

// splitPlace is where the signature goes when title and name stand on two
// pages: over the name when 15 mm are free there below the margin of 20 mm, else
// under the title.
func (s *sheaf) splitPlace(titleBottom, nameTop float64, page int) (int, float64) {
	const margin, room = 20.0, 15.0
	if nameTop-margin < room && sheetH-margin-titleBottom >= room {
		return page, (titleBottom + sheetH - margin) / 2
	}
	top := max(0, min(margin, nameTop-3))
	return page + 1, (top + nameTop) / 2
}

// recipients writes box 9b.
func (s *sheaf) recipients(top float64, r *rand.Rand) {
	baseline := top + 12*ascent*pt
	s.text(boldItalic, 12, s.left, baseline, "Nơi nhận:")
	lines := []string{"- Như trên;", "- Thường trực HĐND (để báo cáo);", "- Chủ tịch, các Phó Chủ tịch;", "- Các phòng, đơn vị;", "- Lưu: VT, TH."}
	for _, line := range lines[r.IntN(2):] {
		baseline += 4.7
		s.text(regular, 11, s.left, baseline, line)
	}
}

// attach writes what follows the main document in the same file.
func (s *sheaf) attach(p DocumentPlan, r *rand.Rand) {
	if p.attachment == noAttachment {
		return
	}
	s.next()
	axis := s.left + s.width()/2
	if p.attachment == draftAttached {
		s.centre(bold, 13, sheetW-s.right-0.31*s.width(), s.top+5, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
		s.y = s.top + 20
		s.centre(bold, 14, axis, s.y, "QUY ĐỊNH (DỰ THẢO)")
	} else {
		title := map[attachmentKind]string{listAttached: "PHỤ LỤC", rulesAttached: "QUY CHẾ", formAttached: "PHỤ LỤC II"}[p.attachment]
		s.centre(bold, 14, axis, s.top+5, title)
		s.centre(bold, 14, axis, s.top+11.4, "Quản lý, sử dụng chữ ký số tại cơ quan")
		s.y = s.top + 17
		s.centre(italic, 13, axis, s.y, "(Ban hành kèm theo văn bản số       "+p.symbol()+" ngày    tháng    năm 2026)")
	}
	s.y += 10
	for n := range 3 + r.IntN(3) {
		s.paragraph(regular, fmt.Sprintf("Điều %d. %s", n+1, sentences[r.IntN(len(sentences))]))
	}
	s.nameTable(p, r)
	titles, name := []string(nil), ""
	switch p.attachment {
	case formAttached:
		titles, name = []string{"NGƯỜI LẬP BIỂU"}, "Lò Thị Mẫu"
	case draftAttached:
		titles, name = p.titles[0], p.names[0]
	}
	if titles == nil {
		return
	}
	s.room(60)
	baseline := s.y + 8
	axis = sheetW - s.right - 0.27*s.width()
	for _, t := range titles {
		s.centre(bold, 13, axis, baseline, t)
		baseline += titleLeading
	}
	s.centre(bold, 13, axis, baseline+28, name)
}
