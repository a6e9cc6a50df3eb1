package layout_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"antin/signer/layout"
	"antin/signer/pagetext"
)

// FuzzFindIn: whatever stands on the pages, the search ends soon, its boxes are
// numbers, and a sure answer has a title or the right name.
func FuzzFindIn(f *testing.F) {
	f.Add("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nNguyễn Văn An\nNơi nhận:\n- Lưu: VT.", "Nguyễn Văn An", []byte{150, 100, 14, 150, 106, 14, 0, 0, 1, 150, 145, 14, 40, 100, 12, 40, 105, 11})
	f.Add("Số:\n/QĐ-UBND\nBình Minh, ngày\ntháng\nnăm 20\nSố: ...../BC", "", []byte{40, 40, 13, 60, 40, 13, 120, 40, 14, 150, 40, 14, 170, 40, 14, 40, 50, 13})
	f.Add("KT.\nCHỦ TỊCH\n(Đã ký)\n____\nNguyễn\fPHỤ LỤC\nTrần Bình", "An", []byte{130, 250, 14, 150, 250, 14})
	f.Fuzz(func(t *testing.T, text, name string, places []byte) {
		if len(text) > 4096 || len(name) > 200 {
			return
		}
		var pages []*pagetext.Text
		for i, part := range strings.Split(text, "\f") {
			var ls []pagetext.Line
			for j, s := range strings.Split(part, "\n") {
				if s == "" || len(ls) > 200 {
					continue
				}
				x, y, pt := 100.0, 10+float64(j)*6, 14.0
				if len(places) >= 3 {
					x, y, pt, places = float64(places[0]), float64(places[1]), float64(places[2]%40)+0.1, places[3:]
				}
				ls = append(ls, line(s, pt, x, y, []string{"", "B", "I"}[j%3]))
			}
			pages = append(pages, page(i+1, nil, ls...))
		}
		start := time.Now()
		found := layout.FindIn(pages, layout.Options{Name: name})
		if took := time.Since(start); took > 3*time.Second {
			t.Fatalf("it took %v", took)
		}
		if len(found.Blocks) > 3 {
			t.Fatalf("%d candidates", len(found.Blocks))
		}
		for _, b := range found.Blocks {
			if b.Page < 1 || b.Page > len(pages) || !(b.Box.W > 0 && b.Box.H > 0) || math.IsNaN(b.Box.X+b.Box.Y) || !(b.Confidence > 0 && b.Confidence < 1) {
				t.Fatalf("%+v", b)
			}
		}
		if b, ok := found.Sure(); ok && (b.Name == "" || b.Match == layout.Different || len(b.Titles) == 0) {
			t.Fatalf("sure of %+v", b)
		}
	})
}
