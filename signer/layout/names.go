package layout

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// surnames are frequent family names, folded. An unknown one only lowers the
// confidence.
var surnames = wordSet(`nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh doan lam mai trinh dao cao luong ta ha chu
	chau to ton thai quach vi lo ca giang sung hau y rah ro ksor siu hua luc nong trieu ma be la kim thach son danh au khong nghiem phung tu tang uong
	ung van vien vuong ninh quan dam dieu dong doan giap kieu khuat lai luu mac thao than tham tieu tong trang truong bach cu cung phi loc
	ong thieu tua vang mua hang then lau cu hu chao tan lieu hoa giang tien dien cam hac diep on nham mau`)

// ranks stand before a name by rule of some services (Phụ lục I, phần I, mục
// II.7: armed forces, education, health, science), folded, longest first.
var ranks = []string{
	"thieu tuong", "trung tuong", "thuong tuong", "dai tuong", "thieu ta", "trung ta", "thuong ta", "dai ta",
	"thieu uy", "trung uy", "thuong uy", "dai uy", "gs.tskh.", "gs.ts.", "pgs.ts.", "pgs. ts.", "gs. ts.", "ts.bs.", "ths.bs.", "ths.bs", "bs.ckii", "bs.cki",
	"bs.ckii.", "bs.cki.", "ths.", "ts.", "pgs.", "gs.", "bs.", "ks.", "ls.", "cn.", "ths", "ts", "ong", "ba", "dong chi",
}

func wordSet(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}

// nameShape tells how much a line looks like a person's name, 0 to 1: two to
// six words, each with a capital and small letters behind it.
func nameShape(line string) float64 {
	text := strings.TrimSpace(line)
	if n := len([]rune(text)); n < 4 || n > 42 {
		return 0
	}
	folded := fold(text)
	for _, r := range ranks {
		if rest, ok := strings.CutPrefix(folded, r+" "); ok && rest != "" {
			words := strings.Fields(text)
			text = strings.Join(words[len(strings.Fields(r)):], " ")
			folded = rest
			break
		}
	}
	words := strings.Fields(text)
	if len(words) == 1 { // the spaces were lost
		words = splitCapitals(text)
	}
	if len(words) < 2 || len(words) > 6 {
		return 0
	}
	caps := 0
	for _, w := range words {
		rs := []rune(w)
		for i, r := range rs {
			if !unicode.IsLetter(r) && r != '-' && r != '\'' && r != '’' {
				return 0
			}
			if i == 0 && !unicode.IsUpper(r) {
				return 0
			}
		}
		if len(rs) > 8 && !strings.ContainsAny(w, "-'’") {
			return 0 // no Vietnamese syllable
		}
		if len(rs) > 1 && unicode.IsUpper(rs[1]) {
			caps++
		}
	}
	score := 0.8
	if surnames[strings.Fields(fold(strings.Join(words, " ")))[0]] {
		score = 1
	}
	switch {
	case caps == len(words):
		score -= 0.35 // the law wants small letters; a title looks the same
	case caps > 0:
		return 0
	}
	return score
}

// splitCapitals cuts "NguyễnVănAn" before its capitals.
func splitCapitals(s string) []string {
	var out []string
	var word []rune
	for i, r := range []rune(s) {
		if i > 0 && unicode.IsUpper(r) && len(word) > 0 && !unicode.IsUpper(word[len(word)-1]) {
			out, word = append(out, string(word)), nil
		}
		word = append(word, r)
	}
	return append(out, string(word))
}

// compareNames tells whether the name under a block is that of a certificate.
// Certificates write names in capitals, without accents or with a title.
func compareNames(printed, holder string) Match {
	if strings.TrimSpace(holder) == "" || strings.TrimSpace(printed) == "" {
		return NotCompared
	}
	p, h := bare(printed), bare(holder)
	pd, hd := strings.ReplaceAll(p, " ", ""), strings.ReplaceAll(h, " ", "")
	words := func(s string) []string {
		w := strings.Fields(fold(s))
		slices.Sort(w)
		return w
	}
	switch {
	case pd == hd && pd != "":
		return SameSpelling
	case len(strings.Fields(p)) >= 2 && strings.Contains(" "+h+" ", " "+p+" "):
		return SameSpelling
	case dense(p) == dense(h):
		return accentsAgree(p, h)
	case len(strings.Fields(p)) >= 2 && strings.Contains(" "+fold(h)+" ", " "+fold(p)+" "):
		return accentsAgree(p, h)
	case len(words(p)) >= 2 && slices.Equal(words(p), words(h)):
		return SameWords
	}
	return Different
}

// accentsAgree is SameLetters, unless both are written with accents that
// differ: Hùng is not Hưng.
func accentsAgree(p, h string) Match {
	plain := func(s string) bool { return s == fold(s) }
	if plain(p) || plain(h) {
		return SameLetters
	}
	return Different
}

// bare is a name in small letters and NFC without rank and without signs. The
// two ways to put an accent on oa, oe and uy are made one.
func bare(name string) string {
	s := strings.ToLower(norm.NFC.String(name))
	f := fold(s)
	for _, r := range ranks {
		if rest, ok := strings.CutPrefix(f, r+" "); ok && len(strings.Fields(rest)) >= 2 {
			s = strings.Join(strings.Fields(s)[len(strings.Fields(r)):], " ")
			break
		}
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == 'ð':
			return 'đ'
		case unicode.IsLetter(r) || r == ' ':
			return r
		}
		return ' '
	}, s)
	if words := strings.Fields(s); len(words) > 0 {
		s = strings.Join(words, " ")
		if len(words) == 1 {
			s = strings.ToLower(strings.Join(splitCapitals(name), " "))
		}
	}
	return oldAccents.Replace(s)
}

var oldAccents = strings.NewReplacer(
	"oà", "òa", "oá", "óa", "oả", "ỏa", "oã", "õa", "oạ", "ọa", "oè", "òe", "oé", "óe", "oẻ", "ỏe", "oẽ", "õe", "oẹ", "ọe",
	"uỳ", "ùy", "uý", "úy", "uỷ", "ủy", "uỹ", "ũy", "uỵ", "ụy",
)
