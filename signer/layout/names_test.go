package layout

import "testing"

func TestCompareNames(t *testing.T) {
	for _, c := range []struct {
		printed, holder string
		want            Match
	}{
		{"Nguyễn Văn An", "Nguyễn Văn An", SameSpelling},
		{"Nguyễn Văn An", "NGUYỄN VĂN AN", SameSpelling},
		{"Nguyễn Văn An", "Nguye\u0302\u0303n Va\u0306n An", SameSpelling}, // decomposed
		{"NguyễnVănAn", "Nguyễn Văn An", SameSpelling},                     // spaces lost
		{"Nguyễn Văn An", "Nguyễn Văn An - Chủ tịch", SameSpelling},
		{"Thượng tá Nguyễn Văn An", "NGUYỄN VĂN AN", SameSpelling},
		{"PGS.TS. Nguyễn Văn An", "Nguyễn Văn An", SameSpelling},
		{"Hoàng Thị Thuý Hoà", "Hoàng Thị Thúy Hòa", SameSpelling}, // old and new place of the accent
		{"Ðỗ Nghĩa Kỹ", "Đỗ Nghĩa Kỹ", SameSpelling},               // Eth for Đ
		{"Nguyễn Văn An", "NGUYEN VAN AN", SameLetters},
		{"Phạm Minh Hùng", "Pham Minh Hung", SameLetters},
		{"Nguyễn Văn An", "An Nguyễn Văn", SameWords},
		{"Phạm Minh Hùng", "Phạm Minh Hưng", Different}, // two people
		{"Nguyễn Văn An", "Nguyễn Văn Anh", Different},
		{"Nguyễn Văn An", "Trần Thị Bình", Different},
		{"An", "Nguyễn Văn An", Different}, // a given name is nobody
		{"Nguyễn Văn An", "", NotCompared},
		{"", "Nguyễn Văn An", NotCompared},
		{"Nguyễn Văn An", "Ủy ban nhân dân xã Bình Minh", Different},
	} {
		if got := compareNames(c.printed, c.holder); got != c.want {
			t.Errorf("%q and %q: %d, want %d", c.printed, c.holder, got, c.want)
		}
	}
}

func TestNameShape(t *testing.T) {
	for text, want := range map[string]bool{
		"Nguyễn Văn An":                true,
		"Lý Hải":                       true,
		"Nguyễn Phước Bảo Thiện Ân":    true,
		"Đại tá Nguyễn Văn An":         true,
		"PGS.TS. Trần Thị Ngọc Ưu":     true,
		"Y Brơ Niê":                    true,
		"NguyễnVănAn":                  true,
		"An":                           false,
		"Căn cứ Luật":                  false,
		"Điều 5.":                      false,
		"Nơi nhận:":                    false,
		"(Ký, ghi rõ họ tên)":          false,
		"Phó Chủ tịch Ủy ban nhân dân": false,
		"- Lưu: VT.":                   false,
		"":                             false,
		"Một Câu Dài Viết Hoa Từng Chữ Cái": false,
	} {
		if got := nameShape(text) > 0; got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	if nameShape("NGUYỄN VĂN AN") >= nameShape("Nguyễn Văn An") {
		t.Error("a name in capitals is as good as one in small letters")
	}
}

func TestTitles(t *testing.T) {
	w := wordsOf(Options{}.withDefaults().Profile)
	for text, want := range map[string]struct{ authority, position bool }{
		"TM. ỦY BAN NHÂN DÂN":       {true, false},
		"TM.ỦY BAN NHÂN DÂN":        {true, false},
		"KT. CHỦ TỊCH":              {true, false},
		"TUQ. GIÁM ĐỐC":             {true, false},
		"Q. GIÁM ĐỐC":               {true, true},
		"T/M BAN THƯỜNG VỤ":         {true, false},
		"K/T CHỦ NHIỆM":             {true, false},
		"PHÓ CHỦ TỊCH":              {false, true},
		"Chủ tịch":                  {false, true},
		"GIÁM ĐỐC SỞ NỘI VỤ":        {false, true},
		"CHỦTỊCH":                   {false, true},
		"TP. HỒ CHÍ MINH":           {false, false},
		"TMỦY BAN":                  {false, false},
		"tm. ủy ban nhân dân":       {false, false},
		"QUYẾT ĐỊNH:":               {false, false},
		"HỌ VÀ TÊN":                 {false, false},
		"CỘNG HÒA XÃ HỘI CHỦ NGHĨA": {false, false},
	} {
		if w.authority(text) != want.authority || position(text) != want.position {
			t.Errorf("%q: quyền hạn %v, chức vụ %v, want %+v", text, w.authority(text), position(text), want)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"ỦY BAN  NHÂN DÂN": "uy ban nhan dan",
		"Ðộc lập – Tự do":  "doc lap - tu do",
		"Đường Nguyễn Ơn":  "duong nguyen on",
		"e\u0302\u0323":    "e",
		"₫ 5 Ω":            "₫ 5 ω",
	} {
		if got := fold(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
