package words_test

import (
	"strings"
	"testing"

	"antin/app/words"
	"antin/signer/scan"
)

func TestEveryFindingOfAScanHasASentence(t *testing.T) {
	for _, l := range []words.Language{words.Vietnamese, words.English} {
		for _, k := range scan.Kinds {
			s := l.Finding(scan.Finding{Kind: k, Page: 7, Value: 150, Limit: 200, Text: "A5", LimitText: "A4"})
			if !strings.HasSuffix(s, ".") || !strings.Contains(s, ". ") || strings.Contains(s, "%!") {
				t.Errorf("%s: %s: %q does not say what was found and what to do", l, k, s)
			}
		}
	}
}

func TestFindingOfAScanInWords(t *testing.T) {
	for _, tc := range []struct {
		f    scan.Finding
		want string
	}{
		{scan.Finding{Kind: scan.LowDPI, Page: 2, Value: 150, Limit: 200}, "Trang 2 chỉ 150 dpi, cần từ 200 dpi. Quét lại ở 300 dpi, màu."},
		{scan.Finding{Kind: scan.Skewed, Page: 4, Value: 3.25, Limit: 2}, "Trang 4 nghiêng 3,2°, nên không quá 2°. Đặt lại giấy cho thẳng rồi quét lại."},
		{scan.Finding{Kind: scan.Scaled, Page: 1, Value: 94.97, Limit: 100, Text: "A4"}, "Trang 1 là khổ A4 đã đổi cỡ còn 95 %, cần 100 %. Quét lại đúng khổ giấy, không thu phóng."},
	} {
		if got := words.Vietnamese.Finding(tc.f); got != tc.want {
			t.Errorf("got  %q\nwant %q", got, tc.want)
		}
	}
}
