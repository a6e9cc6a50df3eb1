package reader

import (
	"bytes"
	"strings"
	"testing"

	"antin/signer/pagetext"
	"antin/signer/pdffile"
	"antin/signer/practice"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
)

// A phrase is found over the end of a line, in its own column, however it is typed.
func TestFindOverLines(t *testing.T) {
	page := &pagetext.Text{Lines: []pagetext.Line{
		line("ỦY BAN NHÂN DÂN", 20, 20), line("CỘNG HÒA XÃ HỘI", 110, 20),
		line("XÃ BÌNH MINH", 22, 26), line("CHỦ NGHĨA VIỆT NAM", 108, 26),
		line("căn cứ Luật Tổ chức chính quyền ", 30, 60),
		line(" địa phương và Quyết định 12/QĐ-", 30, 66),
		line("UBND ngày 02", 30, 72),
		line("tháng 01 năm 2026", 30, 110), // another paragraph, far below
	}}
	box := func(x, y, characters float64) pdffile.Box {
		return pdffile.Box{X: x, Y: y, W: 2 * characters, H: 5}
	}
	for query, want := range map[string][][]pdffile.Box{
		"chính quyền địa phương":     {{box(70, 60, 11), box(32, 66, 10)}},
		"CHINH QUYEN DIA  PHUONG":    {{box(70, 60, 11), box(32, 66, 10)}},
		norm.NFD.String("quyền địa"): {{box(82, 60, 5), box(32, 66, 3)}},
		"nhân dân xã bình":           {{box(34, 20, 8), box(22, 26, 7)}},
		"nhân dân cộng hòa":          nil, // the other column
		"xã hội chủ nghĩa":           {{box(128, 20, 6), box(108, 26, 9)}},
		"12/QĐ-UBND ngày":            {{box(82, 66, 6), box(30, 72, 9)}},
		"12/QĐ- UBND":                {{box(82, 66, 6), box(30, 72, 4)}},
		"quyềnđịa":                   nil,
		"02 tháng":                   nil,
		"chức chính quyền địa phương và Quyết định 12/QĐ-UBND": {{box(60, 60, 16), box(32, 66, 31), box(30, 72, 4)}},
	} {
		if diff := cmp.Diff(want, newPattern(query).find(page)); diff != "" {
			t.Errorf("%q: %s", query, diff)
		}
	}
}

// Both lines of a hit are marked, and count as one.
func TestBothLinesAreMarked(t *testing.T) {
	f := &fake{sizes: a4(1), text: map[int]*pagetext.Text{1: {Lines: []pagetext.Line{line("nơi nhận: các", 120, 40), line("sở, các ban", 120, 46)}}}}
	r, w := show(t, f, atOnce)
	r.search.show()
	test.Type(w.Canvas().Focused(), "các sở")
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if got := r.search.state.Text; got != "1/1 chỗ" || len(r.marks(0)) != 2 {
		t.Errorf("%q, %d marks", got, len(r.marks(0)))
	}
	for _, y := range []float64{42, 48} {
		x := map[float64]float64{42: 143, 48: 123}[y]
		if colourAt(r, w, 1, x, y) == paper(1) {
			t.Errorf("nothing is marked at %v, %v mm", x, y)
		}
	}
}

// In a document as offices write them every pair of words that a line's end parts
// is found there.
func TestFindInADocument(t *testing.T) {
	pdf, _, err := practice.Decision(practice.DecisionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	file, err := pdffile.Read(bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	page, err := pagetext.Page(t.Context(), file, 1)
	if err != nil {
		t.Fatal(err)
	}
	pairs := 0
	for i, below := range following(page.Lines) {
		if below < 0 {
			continue
		}
		over, under := strings.Fields(page.Lines[i].Text), strings.Fields(page.Lines[below].Text)
		if len(over) == 0 || len(under) == 0 {
			continue
		}
		pairs++
		query := over[len(over)-1] + " " + under[0]
		hits := newPattern(query).find(page)
		if len(hits) == 0 || len(hits[0]) == 0 {
			t.Errorf("%q is not found", query)
		}
	}
	if pairs < 5 {
		t.Errorf("only %d lines go on in another", pairs)
	}
}

func FuzzFind(f *testing.F) {
	f.Add("quyền địa", "chính quyền ", " địa phương")
	f.Add("a-b", "a-", "b")
	f.Add(" ", " ", "")
	f.Fuzz(func(t *testing.T, query, first, second string) {
		if len(query)+len(first)+len(second) > 1000 {
			return
		}
		page := &pagetext.Text{Lines: []pagetext.Line{line(first, 20, 20), line(second, 20, 26)}}
		for _, hit := range newPattern(query).find(page) {
			if len(hit) == 0 {
				t.Error("a hit nowhere")
			}
		}
	})
}
