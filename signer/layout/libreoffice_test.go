package layout_test

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"antin/signer/layout"
	"antin/signer/pdffile"
)

// written is a document as a person writes it in a word processor.
type written struct {
	name       string
	office     []string // lines of the issuing office
	party      bool
	number     string // the line, \t for a tab, runs of spaces as they are
	date       string
	kind       string // tên loại, "" for an official letter
	subject    string
	paragraphs int
	blocks     []writtenBlock // in columns beside each other
	asked      string         // whose block is looked for
	recipients bool
	outside    bool // the block stands in paragraphs, not in a table
	gap        int  // empty lines for the signature
	lines      int  // short paragraphs behind the long ones

	numberState, dateState layout.State
}

// writtenBlock is a signing block.
type writtenBlock struct {
	titles []string
	name   string
}

// commune begins every case: what differs is set by change.
func commune(name string, change func(*written)) written {
	w := written{
		name: name, office: []string{"ỦY BAN NHÂN DÂN", "XÃ BÌNH MINH"}, number: "Số:        /QĐ-UBND", date: "Bình Minh, ngày       tháng       năm 2026",
		kind: "QUYẾT ĐỊNH", subject: "Về việc phê duyệt kế hoạch công tác năm 2027", paragraphs: 6, recipients: true, gap: 4,
		blocks:      []writtenBlock{{[]string{"TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"}, "Nguyễn Văn An"}},
		numberState: layout.Gap, dateState: layout.Gap,
	}
	change(&w)
	if w.asked == "" {
		w.asked = w.blocks[len(w.blocks)-1].name
	}
	return w
}

// writtenDocuments are the cases.
func writtenDocuments() []written {
	authority := func(name string, titles ...string) func(*written) {
		return func(w *written) { w.blocks = []writtenBlock{{titles, name}} }
	}
	all := []written{
		commune("TM", func(*written) {}),
		commune("chức vụ alone", authority("Lê Thị Hồng Nhung", "CHỦ TỊCH")),
		commune("KT", authority("Trần Thị Ngọc Ưu", "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
		commune("TL", authority("Phạm Quốc Đạt", "TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")),
		commune("TUQ", authority("Đỗ Minh Khuê", "TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG NỘI VỤ")),
		commune("Q", authority("Hoàng Ỷ Lan", "Q. CHỦ TỊCH")),
		commune("KT TL", authority("Vũ Đức Thọ", "TL. BỘ TRƯỞNG", "KT. VỤ TRƯỞNG VỤ PHÁP CHẾ", "PHÓ VỤ TRƯỞNG")),
		commune("dots", func(w *written) {
			w.number, w.date = "Số: ……/QĐ-UBND", "Bình Minh, ngày …… tháng …… năm 2026"
		}),
		commune("full stops", func(w *written) {
			w.number, w.date = "Số: ........./QĐ-UBND", "Bình Minh, ngày ..... tháng ..... năm 2026"
		}),
		commune("tab", func(w *written) { w.number = "Số:\t/QĐ-UBND" }),
		commune("number alone", func(w *written) { w.number, w.numberState = "Số:", layout.Open }),
		commune("filled", func(w *written) {
			w.number, w.date, w.numberState, w.dateState = "Số: 121/QĐ-UBND", "Bình Minh, ngày 22 tháng 11 năm 2026", layout.Filled, layout.Filled
		}),
		commune("day alone", func(w *written) { w.date = "Bình Minh, ngày        tháng 11 năm 2026" }),
		commune("letter", func(w *written) {
			w.number, w.kind, w.subject = "Số:        /UBND-VP", "", "V/v chuẩn bị họp giao ban tháng 12"
		}),
		commune("no recipients", func(w *written) { w.recipients = false }),
		commune("in paragraphs", func(w *written) { w.outside, w.recipients = true, false }),
		commune("in paragraphs, KT", func(w *written) {
			w.outside, w.recipients = true, false
			w.blocks = []writtenBlock{{[]string{"KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"}, "Bùi Thị Thanh Thủy"}}
		}),
		commune("narrow", func(w *written) { w.gap = 3 }),
		commune("wide", func(w *written) { w.gap = 7 }),
		commune("long titles", func(w *written) {
			w.blocks = []writtenBlock{{[]string{"TM. BAN CHỈ ĐẠO PHÒNG CHỐNG THIÊN TAI", "TRƯỞNG BAN", "PHÓ CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH"}, "Nguyễn Hoàng Phương Anh"}}
		}),
		commune("Party", func(w *written) {
			w.party, w.office, w.number, w.kind = true, []string{"ĐẢNG BỘ TỈNH MẪU", "ĐẢNG ỦY XÃ BÌNH MINH"}, "Số        -NQ/ĐU", "NGHỊ QUYẾT"
			w.blocks = []writtenBlock{{[]string{"T/M ĐẢNG ỦY", "BÍ THƯ"}, "Nguyễn Văn An"}}
		}),
		commune("Party, K/T", func(w *written) {
			w.party, w.office, w.number, w.kind = true, []string{"TỈNH ỦY MẪU", "BAN TỔ CHỨC"}, "Số        -CV/BTCTU", ""
			w.blocks = []writtenBlock{{[]string{"K/T TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"}, "Lý Thu Hà"}}
		}),
	}
	for _, asked := range []string{"Nguyễn Văn An", "Trần Thị Bích"} {
		all = append(all, commune("two signers, "+asked, func(w *written) {
			w.blocks = []writtenBlock{{[]string{"GIÁM ĐỐC SỞ TÀI CHÍNH"}, "Nguyễn Văn An"}, {[]string{"KT. GIÁM ĐỐC SỞ XÂY DỰNG", "PHÓ GIÁM ĐỐC"}, "Trần Thị Bích"}}
			w.asked, w.recipients = asked, false
		}))
	}
	for _, n := range []int{14, 30, 60} {
		all = append(all, commune(fmt.Sprintf("%d paragraphs", n), func(w *written) { w.paragraphs = n }))
	}
	for n := range 10 { // the end of the page before, inside and behind the block
		all = append(all,
			commune(fmt.Sprintf("end of page, table, %d", n), func(w *written) { w.lines = n }),
			commune(fmt.Sprintf("end of page, %d", n), func(w *written) { w.lines, w.outside, w.recipients = n, true, false }))
	}
	return all
}

// fodt is the document as flat OpenDocument text (OASIS ODF 1.3).
func (w *written) fodt() []byte {
	var b strings.Builder
	p := func(style, text string) {
		fmt.Fprintf(&b, `<text:p text:style-name="%s">%s</text:p>`, style, odfText(text))
	}
	cell := func(inside func()) {
		b.WriteString(`<table:table-cell office:value-type="string">`)
		inside()
		b.WriteString(`</table:table-cell>`)
	}
	table := func(columns []string, cells ...func()) {
		b.WriteString(`<table:table table:style-name="Bang">`)
		for _, c := range columns {
			fmt.Fprintf(&b, `<table:table-column table:style-name="%s"/>`, c)
		}
		b.WriteString(`<table:table-row>`)
		for _, c := range cells {
			cell(c)
		}
		b.WriteString(`</table:table-row></table:table>`)
	}
	block := func(x writtenBlock, style string) {
		for _, t := range x.titles {
			p(style, t)
		}
		for range w.gap {
			p(style, "")
		}
		p(style, x.name)
	}
	b.WriteString(odfHead)
	table([]string{"Hep", "Rong"}, func() {
		for i, line := range w.office {
			p(map[bool]string{true: "Dam", false: "Giua"}[i == len(w.office)-1], line)
		}
		p("Giua", w.number)
		if w.kind == "" {
			p("Giua", w.subject)
		}
	}, func() {
		if w.party {
			p("Dam", "ĐẢNG CỘNG SẢN VIỆT NAM")
		} else {
			p("Dam", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
			p("Dam", "Độc lập - Tự do - Hạnh phúc")
		}
		p("Nghieng", w.date)
	})
	p("Giua", "")
	if w.kind != "" {
		p("Dam", w.kind)
		p("Dam", w.subject)
	} else {
		p("Giua", "Kính gửi: Các phòng, ban, đơn vị thuộc xã.")
	}
	for i := range w.paragraphs {
		p("Than", fmt.Sprintf("%d. Giao các phòng, ban, đơn vị liên quan tổ chức thực hiện các nhiệm vụ nêu tại kế hoạch này, bảo đảm tiến độ, chất lượng; định kỳ báo cáo kết quả về Văn phòng để tổng hợp, trình cấp có thẩm quyền xem xét, quyết định theo quy định của pháp luật.", i+1))
	}
	for range w.lines {
		p("Than", "Văn phòng theo dõi, đôn đốc việc thực hiện.")
	}
	recipients := func() {
		p("NoiNhan", "Nơi nhận:")
		for _, line := range []string{"- Như trên;", "- Thường trực HĐND xã;", "- Lưu: VT, VP (05b)."} {
			p("Nho", line)
		}
	}
	switch {
	case w.outside:
		block(w.blocks[0], "BenPhai")
	case len(w.blocks) == 2:
		table([]string{"Nua", "Nua"}, func() { block(w.blocks[0], "Dam") }, func() { block(w.blocks[1], "Dam") })
	default:
		left := func() { p("Nho", "") }
		if w.recipients {
			left = recipients
		}
		table([]string{"Nua", "Nua"}, left, func() { block(w.blocks[0], "Dam") })
	}
	b.WriteString(`</office:text></office:body></office:document>`)
	return []byte(b.String())
}

// odfText keeps tabs and runs of spaces.
func odfText(s string) string {
	s = strings.ReplaceAll(html.EscapeString(s), "\t", "<text:tab/>")
	return regexp.MustCompile(`  +`).ReplaceAllStringFunc(s, func(run string) string { return fmt.Sprintf(`<text:s text:c="%d"/>`, len(run)) })
}

// odfHead are the styles: A4, margins of the decree, type of Times' metrics.
var odfHead = func() string {
	style := func(name, paragraph, text string) string {
		return fmt.Sprintf(`<style:style style:name="%s" style:family="paragraph"><style:paragraph-properties %s/><style:text-properties style:font-name="L" %s/></style:style>`, name, paragraph, text)
	}
	column := func(name string, mm int) string {
		return fmt.Sprintf(`<style:style style:name="%s" style:family="table-column"><style:table-column-properties style:column-width="%dmm"/></style:style>`, name, mm)
	}
	const bold, italic = ` fo:font-weight="bold"`, ` fo:font-style="italic"`
	return `<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls><style:font-face style:name="L" svg:font-family="'Liberation Serif'"/></office:font-face-decls>
<office:automatic-styles>
<style:page-layout style:name="Trang"><style:page-layout-properties fo:page-width="210mm" fo:page-height="297mm" fo:margin-top="20mm" fo:margin-bottom="20mm" fo:margin-left="30mm" fo:margin-right="15mm"/></style:page-layout>
<style:style style:name="Bang" style:family="table"><style:table-properties style:width="165mm" table:align="margins"/></style:style>` +
		column("Hep", 65) + column("Rong", 100) + column("Nua", 82) +
		style("Giua", `fo:text-align="center"`, `fo:font-size="13pt"`) +
		style("Dam", `fo:text-align="center"`, `fo:font-size="13pt"`+bold) +
		style("Nghieng", `fo:text-align="center"`, `fo:font-size="13pt"`+italic) +
		style("Than", `fo:text-align="justify" fo:text-indent="10mm" fo:margin-bottom="6pt"`, `fo:font-size="14pt"`) +
		style("BenPhai", `fo:text-align="center" fo:margin-left="80mm"`, `fo:font-size="14pt"`+bold) +
		style("NoiNhan", ``, `fo:font-size="12pt"`+bold+italic) + style("Nho", ``, `fo:font-size="11pt"`) + `
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="Trang"/></office:master-styles>
<office:body><office:text>`
}()

// drawnWord is a word as pdftotext reads it, mm from the top left corner.
type drawnWord struct {
	page                     int
	left, top, right, bottom float64
	text                     string
}

var bboxWord = regexp.MustCompile(`<page |<word xMin="([-0-9.]+)" yMin="([-0-9.]+)" xMax="([-0-9.]+)" yMax="([-0-9.]+)">([^<]*)</word>`)

// drawnWords asks pdftotext, which shares nothing with our own reader.
func drawnWords(t *testing.T, pdf string) (out []drawnWord) {
	t.Helper()
	b, err := exec.Command("pdftotext", "-bbox", pdf, "-").Output()
	if err != nil {
		t.Fatal("pdftotext: ", err)
	}
	page := 0
	for _, m := range bboxWord.FindAllStringSubmatch(string(b), -1) {
		if m[5] == "" {
			page++
			continue
		}
		var mm [4]float64
		for i := range mm {
			v, err := strconv.ParseFloat(m[i+1], 64)
			if err != nil {
				t.Fatal(err)
			}
			mm[i] = v / 72 * 25.4
		}
		out = append(out, drawnWord{page, mm[0], mm[1], mm[2], mm[3], html.UnescapeString(m[5])})
	}
	return out
}

// drawnLine is where a text stands, the last time that it does; of several lines
// the last one.
func drawnLine(words []drawnWord, line string) (at drawnWord, ok bool) {
	want := strings.Fields(line)
	for i := len(words) - len(want); i >= 0; i-- {
		same := true
		for j, w := range want {
			same = same && words[i+j].text == w
		}
		if same {
			first, last := words[i], words[i+len(want)-1]
			for j := i; math.Abs(first.top-last.top) > 1; j++ {
				first = words[j]
			}
			return drawnWord{first.page, first.left, first.top, last.right, first.bottom, line}, true
		}
	}
	return at, false
}

// converted are the cases as LibreOffice makes them PDF.
func converted(t *testing.T, all []written) (dir string) {
	t.Helper()
	for program, debian := range map[string]string{"soffice": "libreoffice-writer-nogui", "pdftotext": "poppler-utils"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed (Debian: %s)", program, debian)
		}
	}
	dir = t.TempDir()
	var files []string
	for i := range all {
		file := filepath.Join(dir, fmt.Sprintf("%02d.fodt", i))
		if err := os.WriteFile(file, all[i].fodt(), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	ctx, stop := context.WithTimeout(context.Background(), 3*time.Minute)
	defer stop()
	args := append([]string{"-env:UserInstallation=file://" + filepath.Join(dir, "user"), "--headless", "--convert-to", "pdf", "--outdir", dir}, files...)
	if out, err := exec.CommandContext(ctx, "soffice", args...).CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
	return dir
}

// TestDocumentsOfLibreOffice runs the search over documents that a word processor
// has laid out. Where title and name stand is asked of pdftotext.
func TestDocumentsOfLibreOffice(t *testing.T) {
	all := writtenDocuments()
	dir := converted(t, all)
	right, centred, sure, slots, split := 0, 0, 0, 0, 0
	var table strings.Builder
	fmt.Fprintf(&table, "\n%-30s %5s %5s %8s %5s %6s %6s\n", "", "pages", "right", "off, mm", "sure", "number", "date")
	for i := range all {
		w := &all[i]
		pdf, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%02d.pdf", i)))
		if err != nil {
			t.Fatal(err)
		}
		f, err := pdffile.Read(bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		found, err := layout.Find(context.Background(), f, layout.Options{Name: w.asked})
		if err != nil {
			t.Fatal(err)
		}
		words := drawnWords(t, filepath.Join(dir, fmt.Sprintf("%02d.pdf", i)))
		good, off, parted := w.compare(t, words, found)
		_, isSure := found.Sure()
		number, date := w.slots(t, words, found)
		fmt.Fprintf(&table, "%-30s %5d %5v %8.2f %5v %6v %6v\n", w.name, found.Pages, good, off, isSure, number, date)
		if good {
			right++
		} else if isSure {
			t.Errorf("%s: sure but wrong: %+v", w.name, found.Blocks)
		}
		if good && off <= 2 {
			centred++
		}
		if isSure {
			sure++
		}
		if parted {
			split++
		}
		for _, ok := range []bool{number, date} {
			if ok {
				slots++
			}
		}
	}
	n := len(all)
	fmt.Fprintf(&table, "%-30s %5d: right %d, within 2 mm %d, sure %d, on two pages %d, slots %d of %d\n", "all", n, right, centred, sure, split, slots, 2*n)
	t.Log(table.String())
	if split < 3 {
		t.Errorf("%d blocks on two pages only: the cases have to be set again", split)
	}
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"right page and signer", share(right, n), wantRight},
		{"centre within 2 mm", share(centred, n), wantCentred},
		{"slots", share(slots, 2*n), wantSlots},
	} {
		if c.got < c.want {
			t.Errorf("%s: %.1f %%, want %.1f %%", c.what, 100*c.got, 100*c.want)
		}
	}
}

// compare tells whether page and signer are right, and how far the centre of the
// box is from the middle between title and name; on the axis alone where they
// stand on two pages (split).
func (w *written) compare(t *testing.T, words []drawnWord, found *layout.Found) (right bool, off float64, split bool) {
	t.Helper()
	var want writtenBlock
	for _, b := range w.blocks {
		if b.name == w.asked {
			want = b
		}
	}
	title, ok := drawnLine(words, want.titles[len(want.titles)-1])
	name, named := drawnLine(words, want.name)
	if !ok || !named {
		t.Fatalf("%s: pdftotext does not read %v", w.name, want)
	}
	if len(found.Blocks) == 0 || found.Blocks[0].Name != want.name {
		t.Logf("%s: %+v, want %+v", w.name, found.Blocks, want)
		return false, math.NaN(), title.page != name.page
	}
	b := &found.Blocks[0]
	x, y := b.Box.X+b.Box.W/2, b.Box.Y+b.Box.H/2
	wantX, wantY := (title.left+title.right+name.left+name.right)/4, (title.bottom+name.top)/2
	switch {
	case title.page == name.page:
		right = b.Page == name.page
	case b.Page == name.page: // over the name
		right, wantY = y < name.top, y
	default: // under the title
		right, wantY = b.Page == title.page && y > title.bottom, y
	}
	return right, math.Hypot(x-wantX, y-wantY), title.page != name.page
}

// slots tells whether number and date are found in the state and at the place
// where they are missing.
func (w *written) slots(t *testing.T, words []drawnWord, found *layout.Found) (number, date bool) {
	t.Helper()
	between := func(s *layout.Slot, before string) bool {
		label, ok := drawnLine(words, before)
		for _, word := range words {
			if !ok && word.page == 1 && strings.HasPrefix(word.text, before) { // dots stick to it
				label, ok = word, true
				label.right = word.left
			}
		}
		return ok && s != nil && s.Page == label.page && s.X >= label.right-0.5 && s.X <= label.right+14 && s.Baseline > label.top && s.Baseline < label.bottom
	}
	label := "Số:"
	if w.party {
		label = "Số"
	}
	number, date = found.Number.State == w.numberState, found.Date.State == w.dateState
	if number && w.numberState != layout.Filled {
		number = between(&found.Number.Slot, label)
	}
	if date && w.dateState == layout.Gap {
		date = between(found.Date.Day, "ngày")
	}
	if !number || !date {
		t.Logf("%s: number %+v, date %+v", w.name, found.Number, found.Date)
	}
	return number, date
}
