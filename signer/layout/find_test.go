package layout_test

import (
	"math"
	"slices"
	"testing"

	"antin/assets"
	"antin/signer/layout"
	"antin/signer/pagetext"
	"antin/signer/pdffile"
)

const mmPerPt = 25.4 / 72

// line is a line of text around an axis, with letters of one width.
func line(text string, pt, axis, baseline float64, style string) pagetext.Line {
	const share = 0.5 // em
	l := pagetext.Line{Text: text, Size: pt, Baseline: baseline, Bold: slices.Contains([]string{"B", "BI"}, style), Italic: slices.Contains([]string{"I", "BI"}, style)}
	w := pt * mmPerPt * share
	n := float64(len([]rune(text)))
	x := axis - n*w/2
	l.Box = pdffile.Box{X: x, Y: baseline - 0.891*pt*mmPerPt, W: n * w, H: 1.107 * pt * mmPerPt}
	for i, r := range []rune(text) {
		l.Chars = append(l.Chars, pagetext.Char{Rune: r, X0: x + float64(i)*w, X1: x + float64(i+1)*w})
	}
	return l
}

// page is an A4 page with lines and other ink.
func page(n int, ink []pagetext.Ink, ls ...pagetext.Line) *pagetext.Text {
	t := &pagetext.Text{Page: n, W: 210, H: 297, Lines: ls, Ink: ink}
	slices.SortStableFunc(t.Lines, func(a, b pagetext.Line) int { return int(a.Baseline*10) - int(b.Baseline*10) })
	for _, l := range ls {
		t.Ink = append(t.Ink, pagetext.Ink{Kind: pagetext.TextInk, Box: l.Box})
		t.Glyphs += len(l.Chars)
	}
	return t
}

// block are the lines of a signing block whose free space is gap mm high.
func block(axis, top, gap float64, name string, titles ...string) []pagetext.Line {
	const pt = 14
	var out []pagetext.Line
	baseline := top
	for i, title := range titles {
		if i > 0 {
			baseline += 6.2
		}
		out = append(out, line(title, pt, axis, baseline, "B"))
	}
	if name == "" {
		return out
	}
	return append(out, line(name, pt, axis, baseline+(0.216+0.891)*pt*mmPerPt+gap, "B"))
}

func middle(b layout.Block) (x, y float64) { return b.Box.X + b.Box.W/2, b.Box.Y + b.Box.H/2 }

func TestBlockBetweenTitleAndName(t *testing.T) {
	f := layout.FindIn([]*pagetext.Text{page(1, nil, block(150, 100, 30, "Nguyễn Văn An", "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")...)}, layout.Options{Name: "NGUYEN VAN AN", W: 40, H: 20})
	b, ok := f.Sure()
	if !ok {
		t.Fatalf("not sure: %+v", f)
	}
	x, y := middle(*b)
	want := 100 + 2*6.2 + 0.216*14*mmPerPt + 15
	if math.Abs(x-150) > 0.01 || math.Abs(y-want) > 0.01 || b.Box.W != 40 || b.Box.H != 20 {
		t.Errorf("box %+v around %.2f, %.2f, want 150, %.2f", b.Box, x, y, want)
	}
	if !slices.Equal(b.Titles, []string{"TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"}) || b.Position() != "PHÓ CHỦ TỊCH" || b.Name != "Nguyễn Văn An" || b.Match != layout.SameLetters {
		t.Errorf("%+v", b)
	}
	if !slices.Contains(b.Reasons, layout.AuthorityFound) || !slices.Contains(b.Reasons, layout.PositionFound) || !slices.Contains(b.Reasons, layout.NameMatches) {
		t.Errorf("reasons %v", b.Reasons)
	}
}

func TestBoxShrinksIntoTheSpace(t *testing.T) {
	f := layout.FindIn([]*pagetext.Text{page(1, nil, append(block(150, 100, 14, "Nguyễn Văn An", "CHỦ TỊCH"), line("- Lưu: VT và các phòng ban có liên quan;", 11, 95, 108, ""))...)}, layout.Options{W: 80, H: 30})
	b, ok := f.Sure()
	if !ok {
		t.Fatalf("not sure: %+v", f)
	}
	left := 95 + 40*11*mmPerPt*0.5/2 // right end of the line beside it
	if b.Box.H > 14 || b.Box.X < left || math.Abs(b.Box.X+b.Box.W/2-150) > 0.01 {
		t.Errorf("box %+v, beside text that ends at %.1f", b.Box, left)
	}
}

// Whom the certificate belongs to decides, and doubt is told.
func TestChoice(t *testing.T) {
	an := func(p int) *pagetext.Text {
		return page(p, nil, block(150, 100, 30, "Nguyễn Văn An", "CHỦ TỊCH")...)
	}
	both := page(1, nil, append(block(60, 100, 30, "Trần Thị Bình", "GIÁM ĐỐC"), block(150, 100, 30, "Nguyễn Văn An", "CHỦ TỊCH")...)...)
	signature := []pagetext.Ink{{Kind: pagetext.NoteInk, Box: pdffile.Box{X: 130, Y: 108, W: 40, H: 18}}}
	annex := func(p int, ls ...pagetext.Line) *pagetext.Text {
		return page(p, nil, append(ls, line("PHỤ LỤC", 14, 105, 30, "B"))...)
	}
	for name, c := range map[string]struct {
		pages  []*pagetext.Text
		asked  string
		sure   bool
		page   int
		name   string // of the first candidate
		reason layout.Reason
		count  int
	}{
		"one block, no name asked":     {[]*pagetext.Text{an(1)}, "", true, 1, "Nguyễn Văn An", layout.PositionFound, 1},
		"one block, another's":         {[]*pagetext.Text{an(1)}, "Lê Văn Cường", false, 1, "Nguyễn Văn An", layout.NameDiffers, 1},
		"two, one asked":               {[]*pagetext.Text{both}, "Trần Thị Bình", true, 1, "Trần Thị Bình", layout.NameMatches, 1},
		"two, none asked":              {[]*pagetext.Text{both}, "", false, 1, "Trần Thị Bình", layout.SeveralBlocks, 2},
		"again in an annex":            {[]*pagetext.Text{an(1), annex(2, block(150, 100, 30, "Nguyễn Văn An", "CHỦ TỊCH")...)}, "Nguyễn Văn An", true, 1, "Nguyễn Văn An", layout.MainDocument, 2},
		"only in an annex":             {[]*pagetext.Text{page(1, nil), annex(2, block(150, 100, 30, "Nguyễn Văn An", "CHỦ TỊCH")...)}, "Nguyễn Văn An", false, 2, "Nguyễn Văn An", layout.InAttachment, 1},
		"twice in the main document":   {[]*pagetext.Text{an(1), an(2)}, "Nguyễn Văn An", false, 1, "Nguyễn Văn An", layout.SeveralBlocks, 2},
		"signed already":               {[]*pagetext.Text{page(1, signature, block(150, 100, 30, "Nguyễn Văn An", "CHỦ TỊCH")...)}, "Nguyễn Văn An", false, 1, "Nguyễn Văn An", layout.Taken, 1},
		"signed once, free once":       {[]*pagetext.Text{page(1, signature, block(150, 100, 30, "Nguyễn Văn An", "CHỦ TỊCH")...), an(2)}, "Nguyễn Văn An", true, 2, "Nguyễn Văn An", layout.NameMatches, 2},
		"(Đã ký)":                      {[]*pagetext.Text{page(1, nil, append(block(150, 100, 30, "Nguyễn Văn An", "CHỦ TỊCH"), line("(Đã ký)", 13, 150, 108, "I"))...)}, "Nguyễn Văn An", false, 1, "Nguyễn Văn An", layout.Taken, 1},
		"no title, right name":         {[]*pagetext.Text{page(1, nil, block(150, 100, 30, "Nguyễn Văn An", "XÁC NHẬN CỦA CƠ QUAN")...)}, "Nguyễn Văn An", true, 1, "Nguyễn Văn An", layout.TitleUnknown, 1},
		"no title, no name asked":      {[]*pagetext.Text{page(1, nil, block(150, 100, 30, "Nguyễn Văn An", "XÁC NHẬN CỦA CƠ QUAN")...)}, "", false, 1, "Nguyễn Văn An", layout.TitleUnknown, 1},
		"no name printed":              {[]*pagetext.Text{page(1, nil, block(150, 100, 30, "", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")...)}, "Nguyễn Văn An", false, 1, "", layout.NameMissing, 1},
		"title and name on two pages":  {[]*pagetext.Text{page(1, nil, block(150, 270, 30, "", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")...), page(2, nil, line("2", 13, 105, 14, ""), line("Nguyễn Văn An", 14, 150, 50, "B"))}, "Nguyễn Văn An", false, 2, "Nguyễn Văn An", layout.SplitPages, 1},
		"no room over the name":        {[]*pagetext.Text{page(1, nil, block(150, 240, 30, "", "CHỦ TỊCH")...), page(2, nil, line("2", 13, 105, 14, ""), line("Nguyễn Văn An", 14, 150, 25, "B"))}, "Nguyễn Văn An", false, 1, "Nguyễn Văn An", layout.SplitPages, 1},
		"a table's heading and a name": {[]*pagetext.Text{page(1, []pagetext.Ink{{Kind: pagetext.RuleInk, Box: pdffile.Box{X: 30, Y: 110, W: 150, H: 0.3}}}, block(100, 100, 16, "Nguyễn Văn An", "HỌ VÀ TÊN")...)}, "Nguyễn Văn An", false, 1, "Nguyễn Văn An", layout.InkInside, 1},
	} {
		t.Run(name, func(t *testing.T) {
			f := layout.FindIn(c.pages, layout.Options{Name: c.asked})
			if _, ok := f.Sure(); ok != c.sure || len(f.Blocks) != c.count {
				t.Fatalf("sure %v of %d: %+v", ok, len(f.Blocks), f.Blocks)
			}
			b := f.Blocks[0]
			if b.Page != c.page || b.Name != c.name || !slices.Contains(b.Reasons, c.reason) {
				t.Errorf("%+v, want page %d, %q, reason %d", b, c.page, c.name, c.reason)
			}
		})
	}
}

func TestNothingIsInvented(t *testing.T) {
	for name, c := range map[string]struct {
		pages  []*pagetext.Text
		reason layout.Reason
	}{
		"no pages":   {nil, layout.NoBlock},
		"blank":      {[]*pagetext.Text{page(1, nil)}, layout.NoBlock},
		"letter":     {[]*pagetext.Text{page(1, nil, line("Kính gửi anh Nguyễn Văn An", 14, 100, 50, ""), line("Trân trọng", 14, 100, 90, ""))}, layout.NoBlock},
		"scan":       {[]*pagetext.Text{page(1, []pagetext.Ink{{Kind: pagetext.ImageInk, Box: pdffile.Box{W: 210, H: 297}}})}, layout.ImageOnly},
		"unreadable": {[]*pagetext.Text{{Page: 1, W: 210, H: 297, Glyphs: 100, Unreadable: 90}}, layout.TextUnreadable},
	} {
		f := layout.FindIn(c.pages, layout.Options{Name: "Nguyễn Văn An"})
		if _, ok := f.Sure(); ok || len(f.Blocks) > 0 || !slices.Contains(f.Reasons, c.reason) {
			t.Errorf("%s: %+v", name, f)
		}
		if f.Number.State != layout.Missing || f.Date.State != layout.Missing || f.Recipients != nil {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestSlots(t *testing.T) {
	for name, c := range map[string]struct {
		left, right    string
		number, date   layout.State
		text           string // of the number
		gaps           int
		dotted, narrow bool
	}{
		"state, gaps":       {"Số:        /QĐ-UBND", "Bình Minh, ngày     tháng     năm 2026", layout.Gap, layout.Gap, "/QĐ-UBND", 2, false, false},
		"state, open":       {"Số:", "Bình Minh,", layout.Open, layout.Open, "", 0, false, false},
		"dots":              {"Số: ......../QĐ-UBND", "Hà Nội, ngày .... tháng .... năm 2026", layout.Gap, layout.Gap, "/QĐ-UBND", 2, true, false},
		"filled":            {"Số: 121/QĐ-UBND", "Bình Minh, ngày 05 tháng 3 năm 2026", layout.Filled, layout.Filled, "121/QĐ-UBND", 0, false, false},
		"the month printed": {"Số:        /BC-SKHCN", "Bình Minh, ngày     tháng 11 năm 2026", layout.Gap, layout.Gap, "/BC-SKHCN", 1, false, false},
		"the year open":     {"Số:        /BC-SKHCN", "Bình Minh, ngày     tháng     năm 20", layout.Gap, layout.Gap, "/BC-SKHCN", 3, false, false},
		"Party":             {"Số         -QĐ/ĐU", "Bình Minh, ngày     tháng     năm 2026", layout.Gap, layout.Gap, "-QĐ/ĐU", 2, false, false},
		"Party, filled":     {"Số 05-NQ/ĐU", "Bình Minh, ngày 05 tháng 3 năm 2026", layout.Filled, layout.Filled, "05-NQ/ĐU", 0, false, false},
		"no room":           {"Số: /QĐ-UBND", "Bình Minh, ngày     tháng     năm 2026", layout.Gap, layout.Gap, "/QĐ-UBND", 2, false, true},
		"words with so":     {"Số lượng: 5 bản", "Sở Nội vụ, ngày nghỉ, tháng sau, năm nay", layout.Missing, layout.Missing, "", 0, false, false},
		"a sentence":        {"Số 5 phố Hàng Bài", "ghi số, ngày, tháng, năm của văn bản", layout.Missing, layout.Missing, "", 0, false, false},
		"grounds":           {"Sổ đăng ký", "Căn cứ Luật, ngày 16 tháng 6 năm 2025", layout.Missing, layout.Missing, "", 0, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := layout.FindIn([]*pagetext.Text{page(1, nil, line(c.left, 13, 60, 40, ""), line(c.right, 14, 145, 40, "I"))}, layout.Options{})
			if f.Number.State != c.number || f.Date.State != c.date {
				t.Fatalf("number %+v, date %+v", f.Number, f.Date)
			}
			if f.Number.Text != c.text {
				t.Errorf("text %q, want %q", f.Number.Text, c.text)
			}
			gaps := 0
			for _, s := range []*layout.Slot{f.Date.Day, f.Date.Month, f.Date.Year} {
				if s == nil {
					continue
				}
				gaps++
				if !s.Italic || s.Size != 14 || s.Baseline != 40 || s.W < 4 {
					t.Errorf("gap %+v", *s)
				}
			}
			if gaps != c.gaps {
				t.Errorf("%d gaps, want %d", gaps, c.gaps)
			}
			if c.number == layout.Gap && (f.Number.Slot.Dotted != c.dotted || slices.Contains(f.Number.Reasons, layout.SlotNarrow) != c.narrow) {
				t.Errorf("%+v", f.Number)
			}
			if c.narrow && f.Number.Confidence >= layout.Sufficient {
				t.Errorf("sure of a slot without room: %+v", f.Number)
			}
		})
	}
}

// The open number does not run into what stands beside it.
func TestOpenSlotEndsBeforeInk(t *testing.T) {
	f := layout.FindIn([]*pagetext.Text{page(1, nil, line("Số:", 13, 45, 40, ""), line("MẬT", 14, 90, 40, "B"), line("Bình Minh,", 14, 130, 40, "I"))}, layout.Options{})
	w := 3 * 14 * mmPerPt * 0.5
	if s := f.Number.Slot; f.Number.State != layout.Open || s.X+s.W > 90-w/2-1 || s.Box.X != s.X || s.Box.H <= 0 {
		t.Errorf("%+v", f.Number)
	}
	if s := f.Date.Whole; f.Date.State != layout.Open || s.X < 130 || s.X+s.W > 200 {
		t.Errorf("%+v", f.Date)
	}
}

func TestRecipients(t *testing.T) {
	ls := block(150, 100, 30, "Nguyễn Văn An", "CHỦ TỊCH")
	ls = append(ls, line("Nơi nhận:", 12, 40, 100, "BI"), line("- Như trên;", 11, 41, 104.7, ""), line("- Lưu: VT.", 11, 41, 109.4, ""), line("Ghi chú cuối trang", 11, 44, 140, ""))
	f := layout.FindIn([]*pagetext.Text{page(1, nil, ls...)}, layout.Options{})
	if f.Recipients == nil || !slices.Equal(f.Recipients.Lines, []string{"- Như trên;", "- Lưu: VT."}) || f.Recipients.Box.Y > 97 || f.Recipients.Box.Y+f.Recipients.Box.H < 109 {
		t.Errorf("%+v", f.Recipients)
	}
}

func TestTopRight(t *testing.T) {
	full := pagetext.Ink{Kind: pagetext.ImageInk, Box: pdffile.Box{W: 210, H: 297}}
	text := func(x, y, w, h float64) pagetext.Ink {
		return pagetext.Ink{Kind: pagetext.TextInk, Box: pdffile.Box{X: x, Y: y, W: w, H: h}}
	}
	for name, c := range map[string]struct {
		ink   []pagetext.Ink
		avoid []pdffile.Box
		want  layout.Corner
	}{
		"blank":                   {nil, nil, layout.Corner{Box: pdffile.Box{X: 135, Y: 5, W: 60, H: 13}}},
		"motto below":             {[]pagetext.Ink{text(98, 20, 97, 5)}, nil, layout.Corner{Box: pdffile.Box{X: 135, Y: 5, W: 60, H: 13}}},
		"motto high up":           {[]pagetext.Ink{text(98, 12, 97, 12)}, nil, layout.Corner{Box: pdffile.Box{X: 135, Y: 25, W: 60, H: 13}, Shifted: true}},
		"scan":                    {[]pagetext.Ink{full}, nil, layout.Corner{Box: pdffile.Box{X: 135, Y: 5, W: 60, H: 13}, Unknown: true}},
		"scan with known ink":     {[]pagetext.Ink{full}, []pdffile.Box{{X: 150, Y: 4, W: 20, H: 6}}, layout.Corner{Box: pdffile.Box{X: 135, Y: 11, W: 60, H: 13}, Shifted: true}},
		"column free to the left": {[]pagetext.Ink{text(192, 0, 10, 297)}, nil, layout.Corner{Box: pdffile.Box{X: 130, Y: 5, W: 60, H: 13}, Shifted: true}},
		"full":                    {[]pagetext.Ink{text(20, 0, 180, 297)}, nil, layout.Corner{Box: pdffile.Box{X: 135, Y: 5, W: 60, H: 13}, Covers: true}},
	} {
		t.Run(name, func(t *testing.T) {
			p := &pagetext.Text{Page: 1, W: 210, H: 297, Ink: c.ink}
			c.want.Page = 1
			got := layout.TopRight(p, 60, 13, nil, c.avoid...)
			if got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
	small := layout.TopRight(&pagetext.Text{Page: 1, W: 80, H: 60}, 60, 13, assets.ProfileNamed(assets.ProfileParty))
	if small.Box.X < 0 || small.Box.X+small.Box.W > 80 {
		t.Errorf("off a small page: %+v", small)
	}
}

// A register has a column for those who get a document and one for who keeps it.
func TestRecipientsEntry(t *testing.T) {
	for name, c := range map[string]struct {
		lines    []string
		to, kept string
	}{
		"usual":      {[]string{"- Như Điều 3;", "- Thường trực HĐND xã;", "- Lưu: VT, VP (05b)."}, "Như Điều 3; Thường trực HĐND xã", "VT, VP (05b)"},
		"goes on":    {[]string{"- Các cơ quan chuyên môn thuộc", "Ủy ban nhân dân xã;", "- Lưu: VT."}, "Các cơ quan chuyên môn thuộc Ủy ban nhân dân xã", "VT"},
		"Party":      {[]string{"- Như trên,", "- Lưu Đảng ủy."}, "Như trên", "Đảng ủy"},
		"kept alone": {[]string{"Lưu: VT"}, "", "VT"},
		"nothing":    {nil, "", ""},
	} {
		if to, kept := (&layout.Recipients{Lines: c.lines}).Entry(); to != c.to || kept != c.kept {
			t.Errorf("%s: %q and %q, want %q and %q", name, to, kept, c.to, c.kept)
		}
	}
}
