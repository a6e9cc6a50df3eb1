package practice

import (
	"strings"
	"unicode"
)

// documentKind is a tên loại (NĐ 30/2020, Điều 7).
type documentKind struct {
	title    string
	symbol   string // of the number
	articles bool   // Điều 1, Điều 2 …
	letter   bool   // công văn: no title, V/v under the number
	minutes  bool   // biên bản: two people sign beside each other
	to       bool   // Kính gửi
}

var documentKinds = []documentKind{
	{title: "QUYẾT ĐỊNH", symbol: "QĐ", articles: true},
	{title: "CÔNG VĂN", letter: true, to: true},
	{title: "TỜ TRÌNH", symbol: "TTr", to: true},
	{title: "THÔNG BÁO", symbol: "TB"},
	{title: "BÁO CÁO", symbol: "BC"},
	{title: "KẾ HOẠCH", symbol: "KH"},
	{title: "BIÊN BẢN", symbol: "BB", minutes: true},
	{title: "GIẤY MỜI", symbol: "GM", to: true},
	{title: "CHỈ THỊ", symbol: "CT"},
	{title: "NGHỊ QUYẾT", symbol: "NQ", articles: true},
	{title: "HƯỚNG DẪN", symbol: "HD"},
	{title: "CHƯƠNG TRÌNH", symbol: "CTr"},
}

// office is an invented organisation.
type office struct {
	name    string
	lines   []string // the last is the office, lines before are over it
	place   string
	body    string // in the symbol
	party   bool
	rank    string // before its people's names
	signers [][]string
	partner []string // titles of who signs jointly with it
}

var offices = []office{
	{
		name: "bộ", lines: []string{"BỘ THỰC HÀNH"}, place: "Hà Nội", body: "BTH",
		signers: [][]string{{"BỘ TRƯỞNG"}, {"KT. BỘ TRƯỞNG", "THỨ TRƯỞNG"}, {"TL. BỘ TRƯỞNG", "VỤ TRƯỞNG VỤ PHÁP CHẾ"}, {"TUQ. BỘ TRƯỞNG", "CHÁNH VĂN PHÒNG"}},
		partner: []string{"KT. BỘ TRƯỞNG", "BỘ TẬP DƯỢT", "THỨ TRƯỞNG"},
	},
	{
		name: "tỉnh", lines: []string{"ỦY BAN NHÂN DÂN", "TỈNH MẪU"}, place: "Mẫu", body: "UBND",
		signers: [][]string{{"TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"}, {"TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"}, {"CHỦ TỊCH"}, {"TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"}, {"TUQ. CHỦ TỊCH", "GIÁM ĐỐC SỞ NỘI VỤ"}},
		partner: []string{"TM. BAN THƯỜNG TRỰC", "CHỦ TỊCH"},
	},
	{
		name: "sở", lines: []string{"UBND TỈNH MẪU", "SỞ KHOA HỌC", "VÀ CÔNG NGHỆ"}, place: "Tân Mẫu", body: "SKHCN",
		signers: [][]string{{"GIÁM ĐỐC"}, {"KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"}, {"Q. GIÁM ĐỐC"}, {"TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"}, {"TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG TỔ CHỨC - CÁN BỘ"}},
		partner: []string{"KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"},
	},
	{
		name: "xã", lines: []string{"ỦY BAN NHÂN DÂN", "XÃ BÌNH MINH"}, place: "Bình Minh", body: "UBND",
		signers: [][]string{{"TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"}, {"KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"}, {"TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG VĂN HÓA - XÃ HỘI"}, {"TM. HỘI ĐỒNG NHÂN DÂN", "CHỦ TỊCH"}},
		partner: []string{"TM. ỦY BAN MTTQ VIỆT NAM XÃ", "CHỦ TỊCH"},
	},
	{
		name: "đảng ủy", lines: []string{"ĐẢNG BỘ TỈNH MẪU", "ĐẢNG ỦY XÃ BÌNH MINH", "*"}, place: "Bình Minh", body: "ĐU", party: true,
		signers: [][]string{{"T/M ĐẢNG ỦY", "BÍ THƯ"}, {"T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ"}, {"T/L BAN THƯỜNG VỤ", "CHÁNH VĂN PHÒNG"}, {"T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ THƯỜNG TRỰC"}},
		partner: []string{"T/M ĐẢNG ỦY QUÂN SỰ", "BÍ THƯ"},
	},
	{
		name: "ban đảng", lines: []string{"TỈNH ỦY MẪU", "BAN TỔ CHỨC", "*"}, place: "Tân Mẫu", body: "BTC", party: true,
		signers: [][]string{{"TRƯỞNG BAN"}, {"K/T TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"}, {"T/L TRƯỞNG BAN", "TRƯỞNG PHÒNG"}},
		partner: []string{"K/T CHỦ NHIỆM", "PHÓ CHỦ NHIỆM"},
	},
	{
		name: "trường", lines: []string{"UBND XÃ BÌNH MINH", "TRƯỜNG TIỂU HỌC SỐ 1"}, place: "Bình Minh", body: "TH1",
		signers: [][]string{{"HIỆU TRƯỞNG"}, {"KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG"}},
		partner: []string{"TM. BAN ĐẠI DIỆN", "TRƯỞNG BAN"},
	},
	{
		name: "công an", lines: []string{"CÔNG AN TỈNH MẪU", "CÔNG AN XÃ BÌNH MINH"}, place: "Bình Minh", body: "CAX", rank: "Thượng tá",
		signers: [][]string{{"TRƯỞNG CÔNG AN XÃ"}, {"KT. TRƯỞNG CÔNG AN XÃ", "PHÓ TRƯỞNG CÔNG AN XÃ"}},
		partner: []string{"CHỈ HUY TRƯỞNG"},
	},
}

var minutesTitles = [][][]string{
	{{"THƯ KÝ"}, {"CHỦ TỌA"}},
	{{"ĐẠI DIỆN BÊN GIAO"}, {"ĐẠI DIỆN BÊN NHẬN"}},
	{{"NGƯỜI LẬP BIÊN BẢN"}, {"TM. ĐOÀN KIỂM TRA", "TRƯỞNG ĐOÀN"}},
	{{"NGƯỜI LẬP BIỂU"}, {"KẾ TOÁN TRƯỞNG"}, {"GIÁM ĐỐC"}},
}

// people are invented. Some differ by accents only.
var people = []string{
	"Nguyễn Văn An", "Trần Thị Ngọc Ưu", "Lê Quốc Vĩnh", "Phạm Minh Hùng", "Phạm Minh Hưng", "Hoàng Thị Bích Thủy", "Vũ Đức Đam", "Đặng Hoài Ân",
	"Bùi Xuân Cường", "Đỗ Nghĩa Kỹ", "Hồ Sỹ Lợi", "Ngô Thúy Quỳnh", "Dương Công Lý", "Lý Hải", "Đinh Thị Hồng Nhung", "Đoàn Ngọc Lâm",
	"Mai Văn Huỳnh", "Trịnh Xuân Bái", "Đào Duy Anh Tuấn", "Cao Thị Mỹ Lệ", "Lương Thế Vinh", "Tạ Quang Bửu", "Hà Thị Nga", "Tô Lâm Oanh",
	"Quách Văn Bền", "Giàng A Chứ", "Nông Thị Hà", "Triệu Tài Vượng", "Thạch Sô Phép", "Nguyễn Phước Bảo Thiện Ân", "Tôn Nữ Thị Ninh Bình", "Võ Ưng Đình",
}

var sentences = []string{
	"Thực hiện chương trình công tác năm, các phòng, đơn vị rà soát quy trình soạn thảo, ký số và phát hành văn bản điện tử; báo cáo kết quả trước ngày 15 hằng tháng.",
	"Thủ trưởng đơn vị chịu trách nhiệm về thể thức, kỹ thuật trình bày và nội dung văn bản trước khi trình người có thẩm quyền ký ban hành.",
	"Văn thư đăng ký số, ngày, tháng, năm và đóng dấu cơ quan sau khi người có thẩm quyền ký; lưu bản gốc trên hệ thống quản lý văn bản.",
	"Kinh phí thực hiện bố trí trong dự toán chi thường xuyên đã được giao; việc quản lý, sử dụng theo quy định của pháp luật về ngân sách nhà nước.",
	"Trong quá trình thực hiện, nếu có vướng mắc, đề nghị phản ánh kịp thời để tổng hợp, xem xét, giải quyết theo thẩm quyền.",
	"Thiết bị lưu khóa bí mật được giao cho văn thư quản lý, sử dụng tại trụ sở; khi giao cho người khác phải lập biên bản và được phép bằng văn bản.",
	"Giao Chánh Văn phòng theo dõi, đôn đốc, kiểm tra; định kỳ sáu tháng, một năm sơ kết, tổng kết, đề xuất khen thưởng tập thể, cá nhân.",
	"Các file đính kèm gửi qua trục liên thông; không gửi bản giấy trừ trường hợp pháp luật quy định khác.",
}

func upperName(s string) string { return strings.ToUpper(s) }

// plainName is a name without the rank before it.
func plainName(s, rank string) string {
	return strings.TrimSpace(strings.TrimPrefix(s, rank))
}

// withoutAccents is a name in ASCII, as many certificates have it.
func withoutAccents(s string) string {
	table := spellings()
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'Đ':
			return 'D'
		case r == 'đ':
			return 'd'
		}
		if x, ok := table[unicode.ToLower(r)]; ok {
			if unicode.IsUpper(r) {
				return unicode.ToUpper(x.base)
			}
			return x.base
		}
		return r
	}, s)
}
