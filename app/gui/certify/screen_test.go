package certify

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"antin/signer"
	"antin/signer/ocr"
	"antin/signer/practice"
	"antin/signer/scan"
	"antin/signer/token"

	"fyne.io/fyne/v2"
)

// A good scan: dropped, F9, PIN, and the copy is certified and entered.
func TestGoodScan(t *testing.T) {
	o := newOffice(t)
	source := o.scanned("quet.pdf", practice.ScanOptions{}, practice.ScanOptions{})
	before, err := os.ReadFile(source)
	check(t, err)
	s := o.screen(source)
	r := s.current
	if sign, told := s.told(r); !r.passes() || told != "Đạt, 2 trang" {
		t.Fatalf("%s %s: %v %v", sign, told, r.failing(), r.refusal)
	}
	o.wantSeen("Trang 1 · 200 dpi · màu · A4", "01/SY-UBND")
	if s.editor == nil {
		t.Error("the text is not shown on the page")
	}
	s.setOriginal("15/QĐ-UBND ngày 03/02/2026 về việc thử")
	s.byOrderOf = "Chủ tịch"
	s.key(&fyne.KeyEvent{Name: fyne.KeyF9})
	if r.state != signer.RowDone || o.asked != 1 {
		t.Fatalf("%v %v, PIN asked for %d times", r.state, r.failure, o.asked)
	}
	if filepath.Base(r.result.Output) != "quet.saoy.pdf" {
		t.Errorf("written to %s", r.result.Output)
	}
	o.intact(r.result.Output)
	c := o.copies()["01/SY-UBND"]
	if c == nil || c.Form != "SAO Y" || c.Original != r.original || c.OrderedBy != "Chủ tịch" || c.Source.Path != source {
		t.Errorf("entered %+v", c)
	}
	if after, err := os.ReadFile(source); err != nil || !bytes.Equal(before, after) {
		t.Error("the scan was changed")
	}
	o.wantSeen("Đã chứng thực bản sao số 01/SY-UBND, đã ghi sổ", "[Mở thư mục]", "[Mở văn bản]", "[Bản quét tiếp theo]")

	s.nextScan()
	if s.current != nil || len(s.rows) != 0 {
		t.Error("what is done is still there")
	}
	o.wantSeen("Mở bản quét, hoặc kéo thả vào đây.")
	s.Open([]string{o.scanned("quet-2.pdf", practice.ScanOptions{Seed: 5})})
	if got := s.current.number.String(); got != "02/SY-UBND" {
		t.Errorf("the next is proposed as %s", got)
	}
}

// What misses the norm is blocked with the words that say what to do.
func TestGateBlocks(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.scanned("quet.pdf", practice.ScanOptions{}, practice.ScanOptions{DPI: 150}))
	o.wantSeen("Trang 2 chỉ 150 dpi, cần từ 200 dpi. Quét lại ở 300 dpi, màu.", "1/2 trang không đạt")
	s.setLooked(true)
	if s.key(&fyne.KeyEvent{Name: fyne.KeyF9}); s.run != nil || o.asked != 0 || len(s.ready()) != 0 {
		t.Fatal("it was certified")
	}
	// Without that page it passes, and with it again it does not.
	s.page = 2
	s.pages.drop()
	if !s.current.passes() || len(s.ready()) != 1 {
		t.Fatalf("without page 2: %v %v", s.current.failing(), s.current.refusal)
	}
	o.wantSeen("Đã sửa trang: 1 lần; tệp quét gốc không đổi.")
	s.undo()
	if s.current.passes() || len(s.current.plan.Sheets()) != 2 {
		t.Error("undo did not bring the page back")
	}
}

// A doubtful page has to be looked at: one tick.
func TestDoubtfulPageIsAcknowledged(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.scanned("quet.pdf", practice.ScanOptions{Skew: 4}, practice.ScanOptions{Blank: true}))
	if s.current.passes() || len(s.current.failing()) != 0 {
		t.Fatalf("fails %v", s.current.failing())
	}
	o.wantSeen("Trang 1 nghiêng 4°", "Xem các cảnh báo rồi đánh dấu ô chấp nhận.", "[Bỏ 1 trang trắng]")
	s.certify()
	if o.asked != 0 {
		t.Fatal("certified without being looked at")
	}
	s.panel.looked.SetChecked(true)
	s.certify()
	if r := s.rows[0]; r.state != signer.RowDone || o.pagesOf(o.path("quet.saoy.pdf")) != 2 {
		t.Fatalf("%v %v", r.state, r.failure)
	}
}

// What was ticked on one scan takes nothing away from another.
func TestTickIsOfOneScan(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.scanned("a.pdf", practice.ScanOptions{}), o.scanned("b.pdf", practice.ScanOptions{Skew: 4}))
	s.agree(true) // of the first
	s.turn(s.rows[1])
	s.panel.looked.SetChecked(true)
	if s.step(-1); !s.rows[0].agreed || !s.rows[1].acknowledged() || len(s.ready()) != 1 {
		t.Fatalf("agreed %v, acknowledged %v", s.rows[0].agreed, s.rows[1].acknowledged())
	}
	if s.rows[0].number.N != 1 || s.rows[1].number.N != 2 {
		t.Errorf("numbered %v and %v", s.rows[0].number, s.rows[1].number)
	}
}

// A trích sao has the pages that were chosen, in their order.
func TestExtract(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.scanned("quet.pdf", practice.ScanOptions{}, practice.ScanOptions{}, practice.ScanOptions{}))
	s.setForm(scan.TrichSao)
	if len(s.ready()) != 0 {
		t.Fatal("ready without pages")
	}
	o.wantSeen("Nhập các trang cần trích, như 1,3-5.", "01/TrS-UBND")
	s.setExtract("3,1")
	if got := s.current.copy.Pages; len(got) != 2 || got[0] != 3 {
		t.Fatalf("planned %v", got)
	}
	s.certify()
	r := s.rows[0]
	if r.state != signer.RowDone {
		t.Fatalf("%v %v", r.state, r.failure)
	}
	o.intact(r.result.Output)
	if filepath.Base(r.result.Output) != "quet.trichsao.pdf" || o.copies()["01/TrS-UBND"] == nil || r.result.Copy.Pages[0] != 3 {
		t.Errorf("made %s of %v", r.result.Output, r.result.Copy.Pages)
	}
}

// The pictures of a folder are the pages of one copy, in the order of their names;
// they can be moved, turned and split.
func TestPicturesBecomeOneCopy(t *testing.T) {
	o := newOffice(t)
	for i, name := range []string{"to/trang-10.jpg", "to/trang-2.jpg"} {
		o.picture(name, uint64(i+1))
	}
	s := o.screen(o.path("to"))
	r := s.current
	if len(s.rows) != 1 || r == nil || r.name() != "trang-2.jpg" || len(r.plan.Sheets()) != 2 || !r.passes() {
		t.Fatalf("%d rows, %+v", len(s.rows), r)
	}
	o.wantSeen("2 ảnh được gộp thành một bản, theo tên tệp.")
	s.page = 1
	s.pages.move(+1)
	s.pages.turn()
	if sheets := r.plan.Sheets(); filepath.Base(sheets[1].File.Path) != "trang-2.jpg" || sheets[1].Turn != 90 || s.page != 2 {
		t.Fatalf("%+v", sheets)
	}
	s.undo()
	s.certify()
	if r.state != signer.RowDone {
		t.Fatalf("%v %v", r.state, r.failure)
	}
	o.intact(r.result.Output)
	if got := o.pagesOf(r.result.Output); got != 2 {
		t.Errorf("%d pages", got)
	}

	s = o.screen(o.picture("khac/1.jpg", 3), o.picture("khac/2.jpg", 4))
	s.split()
	if len(s.rows) != 2 || s.rows[1].number.N != s.rows[0].number.N+1 || !s.rows[1].passes() {
		t.Errorf("split into %d", len(s.rows))
	}
}

// A picture that does not tell its resolution is asked about.
func TestResolutionIsAsked(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.silent("anh.jpg"))
	o.wantSeen("1 ảnh không ghi độ phân giải", "[200 dpi: đúng khổ A4]")
	s.setDPI("200")
	if r := s.current; !r.passes() || r.copy.Gate.Pages[0].DPI < 199 || r.copy.Gate.Pages[0].DPI > 201 {
		t.Errorf("answered, and %v %v", r.failing(), r.refusal)
	}
}

// A wrong PIN is asked for once; nothing is made and no number is lost.
func TestWrongPIN(t *testing.T) {
	o := newOffice(t)
	s := o.screen(o.scanned("quet.pdf", practice.ScanOptions{}))
	o.pin = token.ErrPINWrong
	s.certify()
	if o.asked != 1 || s.run == nil || !errors.Is(s.run.Halted(), token.ErrPINWrong) || s.rows[0].state != signer.RowWaiting {
		t.Fatalf("asked %d times: %+v", o.asked, s.run)
	}
	if made, _ := filepath.Glob(o.path("*.saoy*")); len(made) != 0 || len(o.copies()) != 0 {
		t.Fatalf("made %q", made)
	}
	o.pin = nil
	s.again()
	if o.asked != 2 || s.rows[0].state != signer.RowDone || o.copies()["01/SY-UBND"] == nil {
		t.Errorf("asked %d times: %v", o.asked, s.rows[0].failure)
	}
}

// Without the organisation's token the scan is judged all the same, and the
// screen says what is missing.
func TestNoToken(t *testing.T) {
	o := newOffice(t)
	o.plug = false
	o.frame.Settings.Agency = agencyName
	s := o.screen(o.scanned("quet.pdf", practice.ScanOptions{}))
	if !s.current.passes() || len(s.ready()) != 0 {
		t.Errorf("%v %v", s.current.failing(), s.current.refusal)
	}
	o.wantSeen("Cắm USB ký số của cơ quan.")
}

// Several scans: each is looked at, one PIN, and a bad one keeps none from being
// certified.
func TestSeveralUnderOnePIN(t *testing.T) {
	o := newOffice(t)
	s := o.screen(
		o.scanned("a.pdf", practice.ScanOptions{}), o.scanned("b.pdf", practice.ScanOptions{DPI: 150}), o.scanned("c.pdf", practice.ScanOptions{Seed: 9}))
	if s.certify(); o.asked != 0 {
		t.Fatal("certified before anybody has looked")
	}
	s.key(&fyne.KeyEvent{Name: fyne.KeySpace})
	if s.current != s.rows[2] {
		t.Fatalf("went on to %s", s.current.name())
	}
	s.key(&fyne.KeyEvent{Name: fyne.KeySpace})
	s.certify()
	if o.asked != 1 || s.rows[0].state != signer.RowDone || s.rows[1].state != signer.RowWaiting || s.rows[2].state != signer.RowDone {
		t.Fatalf("asked %d times: %v %v", o.asked, s.rows[0].failure, s.rows[2].failure)
	}
	if in := o.copies(); len(in) != 2 || in["01/SY-UBND"] == nil || in["02/SY-UBND"] == nil {
		t.Errorf("entered %v", in)
	}
	s.nextScan()
	if len(s.rows) != 1 || s.current.name() != "b.pdf" {
		t.Error("the bad one is gone")
	}
}

// An electronic document, or one that is signed, is no scan: the decree's way out
// in words.
func TestElectronicDocument(t *testing.T) {
	o := newOffice(t)
	pdf, _, err := practice.Decision(practice.DecisionOptions{})
	check(t, err)
	path := o.put("qd.pdf", pdf)
	s := o.screen(path)
	o.wantSeen("Văn bản điện tử không sao y được.", "→ Gửi chính văn bản điện tử đã ký.")
	if len(s.ready()) != 0 {
		t.Error("it can be certified")
	}

	id, err := organisation()
	check(t, err)
	signed, err := signer.Approve(context.Background(), signer.ApproveJob{Common: signer.Common{Source: path, Key: id, Override: &signer.Override{Reason: "thử"}}, Invisible: true}, nil)
	check(t, err)
	checked := ""
	o.use.Check = func(paths []string) { checked = paths[0] }
	s = o.screen(signed.Output)
	o.wantSeen("Văn bản điện tử đã ký không sao y được.", "[Mở màn hình Kiểm tra chữ ký]")
	s.use.Check([]string{s.current.path})
	if checked != signed.Output || s.current.fixed == nil {
		t.Errorf("handed over %q", checked)
	}
}

// The archivist's copies are named by record and ordinal and say no form.
func TestArchive(t *testing.T) {
	o := newOffice(t)
	o.use.Archive = true
	o.use.OCR = func(context.Context) error { return ocr.ErrMissing }
	s := o.screen(o.scanned("quet.pdf", practice.ScanOptions{}))
	o.wantSeen("Máy này chưa nhận dạng được chữ tiếng Việt.", "Nhập mã hồ sơ.")
	s.setRecord("000.00.16.H05.2026.12")
	s.setOrdinal("7")
	if len(s.ready()) != 0 {
		t.Fatal("ready without a layer of text, which nobody has accepted")
	}
	s.panel.without.SetChecked(true)
	s.certify()
	r := s.rows[0]
	if r.state != signer.RowDone {
		t.Fatalf("%v %v", r.state, r.failure)
	}
	o.intact(r.result.Output)
	if filepath.Base(r.result.Output) != "000.00.16.H05.2026.12.7.pdf" || strings.Contains(strings.Join(r.result.Copy.Block.Lines, "\n"), "SAO") {
		t.Errorf("%s says %q", r.result.Output, r.result.Copy.Block.Lines)
	}
}

// The scanner's button is there when a scanner is; pages go into a folder and
// become a scan.
func TestScanner(t *testing.T) {
	o := newOffice(t)
	if o.screen(); strings.Contains(o.seen(), "[Quét…]") {
		t.Error("there is a button for no scanner")
	}
	o.scanner.devices = []scan.Device{{Name: "test:0", Vendor: "Noname", Model: "frontend-tester"}}
	for seed := range uint64(2) {
		data, err := practice.ScanJPEGFile(practice.ScanOptions{DPI: 200, Lines: 8, Seed: seed})
		check(t, err)
		o.scanner.pages = append(o.scanner.pages, data)
	}
	s := o.screen()
	o.wantSeen("[Quét…]")
	s.scan("test:0", scan.Settings{Feeder: true}, o.dir, nil)
	if r := s.current; len(s.rows) != 1 || len(r.plan.Sheets()) != 2 || !r.passes() || o.scanner.used[0].Gray || !strings.HasPrefix(filepath.Base(filepath.Dir(r.path)), "Quet-") {
		t.Fatalf("%d rows, %+v", len(s.rows), r)
	}
}

func TestPagesInWords(t *testing.T) {
	for text, want := range map[string][]int{"1": {1}, "1,3-5": {1, 3, 4, 5}, " 7 , 2 - 3 ": {7, 2, 3}} {
		got, err := parsePages(text)
		if err != nil || printPages(got) != printPages(want) || len(got) != len(want) {
			t.Errorf("%q: %v %v", text, got, err)
		}
		if again, _ := parsePages(printPages(got)); len(again) != len(want) {
			t.Errorf("%q is printed %q", text, printPages(got))
		}
	}
	for _, text := range []string{"", "0", "5-3", "1,1", "a", "1-99999999"} {
		if got, err := parsePages(text); !errors.Is(err, signer.ErrCopyPages) {
			t.Errorf("%q: %v %v", text, got, err)
		}
	}
}
