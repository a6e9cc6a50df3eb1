package layout

import (
	"strings"

	"antin/assets"
)

// positions are chức vụ as they begin, folded.
var positions = split(`tong bi thu|bi thu|pho bi thu|uy vien|thuong truc|chanh van phong|pho chanh van phong|chu tich|pho chu tich|thu tuong|pho thu tuong|
bo truong|thu truong|tong giam doc|pho tong giam doc|giam doc|pho giam doc|quyen giam doc|q. giam doc|chu nhiem|pho chu nhiem|tong cuc truong|pho tong cuc truong|cuc truong|pho cuc truong|
vu truong|pho vu truong|chi cuc truong|pho chi cuc truong|truong phong|pho truong phong|truong ban|pho truong ban|truong doan|pho truong doan|truong khoa|pho truong khoa|
hieu truong|pho hieu truong|hieu pho|vien truong|pho vien truong|chanh an|pho chanh an|chanh thanh tra|pho chanh thanh tra|thanh tra|tong thanh tra|tong kiem toan|kiem toan truong|
chi huy truong|chinh tri vien|chinh uy|tu lenh|pho tu lenh|truong cong an|pho truong cong an|thu truong don vi|thu truong co quan|nguoi dung dau|tram truong|doi truong|pho doi truong|to truong|
to pho|ke toan truong|truong trung tam|giam thi|chu toa|chu tri|thu ky|nguoi ghi bien ban|nguoi lap bieu|nguoi lap|dai dien|ben giao|ben nhan|nguoi giao|nguoi nhan|chu tich hoi dong|
truong bo mon|truong tieu ban|truong tram|pho truong tram|tong bien tap|pho tong bien tap|tham phan|kiem sat vien|chap hanh vien|cong chung vien|dai bieu|cuc pho|vu pho|truong xom|truong thon|tong thu ky|pho tong thu ky`)

func split(list string) []string {
	out := strings.Split(list, "|")
	for i, p := range out {
		out[i] = strings.TrimSpace(p)
	}
	return out
}

// words are what a profile says about titles, ready for comparing.
type words struct {
	dotted []string // tm, kt …: followed by a full stop
	slash  []string // t/m, k/t …
}

// wordsOf takes the authority words of a profile. Those of the other norm are
// read as well: a Party body's document may be opened under the state's profile.
func wordsOf(p *assets.Profile) words {
	var w words
	add := func(list []string) {
		for _, a := range list {
			f := strings.TrimSuffix(fold(a), ".")
			if strings.Contains(f, "/") {
				w.slash = append(w.slash, f)
			} else {
				w.dotted = append(w.dotted, f)
			}
		}
	}
	add(p.Authority.Or(nil))
	add([]string{"TM.", "Q.", "KT.", "TL.", "TUQ.", "T/M", "K/T", "T/L", "T/UQ"})
	return w
}

// authority tells whether a line begins with a quyền hạn: "TM. ỦY BAN", "KT.CHỦ
// TỊCH", "TUQ. …", "T/M BAN THƯỜNG VỤ".
func (w words) authority(text string) bool {
	d := dense(text)
	for _, a := range w.slash {
		if rest, ok := strings.CutPrefix(d, a); ok && len(rest) >= 3 {
			return capitals(text)
		}
	}
	for _, a := range w.dotted {
		if rest, ok := strings.CutPrefix(d, a+"."); ok && len(rest) >= 3 {
			return capitals(text)
		}
	}
	return false
}

// position tells whether a line is a chức vụ. Words may follow: "GIÁM ĐỐC SỞ".
func position(text string) bool {
	f := fold(text)
	d := strings.ReplaceAll(f, " ", "")
	for _, p := range positions {
		if f == p || strings.HasPrefix(f, p+" ") || strings.HasPrefix(f, p+",") || d == strings.ReplaceAll(p, " ", "") {
			return true
		}
	}
	return false
}

// hint tells whether a line stands in the free space to say what goes there:
// "(Ký, ghi rõ họ tên)", "(Đã ký)", "[Chữ ký số]".
func hint(text string) bool {
	t := strings.TrimSpace(text)
	return len([]rune(t)) <= 60 && (strings.HasPrefix(t, "(") && strings.HasSuffix(t, ")") || strings.HasPrefix(t, "[") && strings.HasSuffix(t, "]"))
}

// signedHint tells whether the hint says that somebody has signed.
func signedHint(text string) bool { return strings.Contains(dense(text), "daky") }
