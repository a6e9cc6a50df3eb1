package words_test

import (
	"errors"
	"testing"

	"antin/app/words"
	"antin/assets"
)

// What is shown of a value for typing, typed again, is the value.
func TestProfileIsTypedAsItIsShown(t *testing.T) {
	for _, l := range []words.Language{words.Vietnamese, words.English} {
		for _, name := range []string{assets.ProfileOwn, assets.ProfileParty, assets.ProfileArchive} {
			shipped := assets.ProfileNamed(name)
			p := shipped.Clone()
			for _, v := range shipped.Values() {
				if _, ok := assets.KindOf(v.Path); !ok || v.Value == "null" {
					continue
				}
				typed := l.ProfileJSON(v.Path, l.ProfileText(v))
				for _, c := range l.ProfileChoices(p, v.Path) {
					if c.JSON == v.Value {
						typed = c.JSON
					}
				}
				if err := p.Set(v.Path, typed); err != nil {
					t.Errorf("%s %s: %q becomes %s: %v", l, v.Path, l.ProfileText(v), typed, err)
				}
			}
			for i, v := range p.Values() {
				if was := shipped.Values()[i]; v.Value != was.Value {
					t.Errorf("%s %s: %s becomes %s", l, v.Path, was.Value, v.Value)
				}
			}
		}
	}
}

func TestProfileAsPeopleType(t *testing.T) {
	for _, c := range []struct {
		path, typed, want string // "": refused
	}{
		{"leader.width", "45,5", "45.5"},
		{"leader.width", "45.5 mm", "45.5"},
		{"leader.width", "rong", ""},
		{"leader.width", "4000", ""},
		{"seal.overlap_left", "30 %", "0.3"},
		{"seal.overlap_left", "0", ""},
		{"page.top", "20–25", "[20,25]"},
		{"page.top", "20 - 25 mm", "[20,25]"},
		{"page.top", "22", "[22,22]"},
		{"page.top", "25-20", ""},
		{"page.top", "20-22-25", ""},
		{"authority", "TM.; KT.", `["TM.","KT."]`},
		{"copy.lines", "Tên cơ quan; thời gian ký", `["agency","time"]`},
		{"copy.lines", "chữ ký", ""},
		{"urgency.frames", "HỎA TỐC 30 × 8; KHẨN 20x8 mm", `{"HỎA TỐC":[30,8],"KHẨN":[20,8]}`},
		{"urgency.frames", "KHẨN 20", ""},
		{"number.two_digits_below", "10,5", ""},
	} {
		p := assets.ProfileNamed(assets.ProfileOwn).Clone()
		err := p.Set(c.path, words.Vietnamese.ProfileJSON(c.path, c.typed))
		if (err == nil) != (c.want != "") || err != nil && !errors.Is(err, assets.ErrProfile) {
			t.Errorf("%s %q: %v", c.path, c.typed, err)
			continue
		}
		for _, v := range p.Values() {
			if err == nil && v.Path == c.path && v.Value != c.want {
				t.Errorf("%s %q becomes %s, want %s", c.path, c.typed, v.Value, c.want)
			}
		}
	}
}
