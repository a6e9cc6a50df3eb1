package words_test

import (
	"strings"
	"testing"

	"antin/app/words"
	"antin/assets"
	"antin/signer/layout"
)

// Every value of every profile has words in both languages, and shows neither
// JSON nor the name of a text.
func TestProfile(t *testing.T) {
	for _, l := range []words.Language{words.Vietnamese, words.English} {
		for _, p := range assets.Profiles() {
			lines := l.Profile(p)
			if len(lines) != len(p.Values()) {
				t.Errorf("%s %s: %d lines of %d values", l, p.Name, len(lines), len(p.Values()))
			}
			for _, v := range lines {
				for what, text := range map[string]string{"group": v.Group, "what": v.What, "value": v.Value, "article": v.Article, "certainty": v.Certainty} {
					if text == "" || strings.Contains(text, "profile.") || strings.ContainsAny(text, `"[]`) {
						t.Errorf("%s %s %s: %s %q", l, p.Name, v.Path, what, text)
					}
				}
			}
		}
	}
}

func TestProfileValues(t *testing.T) {
	for path, want := range map[string]string{
		"page.left": "30–35 mm", "number.pt": "13 pt", "seal.overlap_left": "33,3 %", "scan.scale": "100 %", "scan.pdfa": "không",
		"urgency.frames": "HỎA TỐC 30 × 8 mm; KHẨN 20 × 8 mm; THƯỢNG KHẨN 40 × 8 mm", "copy.lines": "hình thức sao, tên cơ quan, thời gian ký",
		"time.layout": "ví dụ 2026-11-22T16:47:03+07:00", "leader.box": "ô 7c", "leader.width": "không quy định, theo thiết lập của người dùng",
		"number.two_digits_below": "10", "authority": "TM., Q., KT., TL., TUQ.", "date.style": "nghiêng", "scan.skew_max": "2 độ",
	} {
		found := false
		for _, v := range words.Vietnamese.Profile(assets.ProfileNamed(assets.ProfileND30)) {
			if v.Path == path {
				found = true
				if v.Value != want {
					t.Errorf("%s: %q, want %q", path, v.Value, want)
				}
			}
		}
		if !found {
			t.Errorf("no value %s", path)
		}
	}
}

// Every reason of package layout has its words.
func TestReasons(t *testing.T) {
	for _, series := range [][2]layout.Reason{
		{layout.AuthorityFound, layout.BesideOtherSlot}, {layout.NameDiffers, layout.SlotUnusual}, {layout.ImageOnly, layout.PagesSkipped},
	} {
		for r := series[0]; r <= series[1]; r++ {
			for _, l := range []words.Language{words.Vietnamese, words.English} {
				if text := l.Reason(r); text == "" || strings.HasPrefix(text, "reason.") {
					t.Errorf("%s: reason %d is %q", l, r, text)
				}
			}
		}
		if next := words.English.Reason(series[1] + 1); next != "" {
			t.Errorf("reason %d is new: %q", series[1]+1, next)
		}
	}
	got := words.Vietnamese.Doubts([]layout.Reason{layout.PositionFound, layout.NameMissing, layout.SeveralBlocks})
	if want := "không có họ tên, có nhiều chỗ ký giống nhau"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
