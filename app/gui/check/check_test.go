package check_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"antin/app/gui/check"
	"antin/app/gui/frame"
	"antin/app/words"
	"antin/signer/pdffile"
	"antin/signer/report"

	"fyne.io/fyne/v2"
)

// answered is a document with this result.
func answered(name string, result report.Result, reason string) *check.Found {
	d := report.Unread(name, 9, pdffile.ErrDamaged, time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC))
	d.Result, d.Reasons = result, []report.Reason{{Code: "test", Text: reason}}
	return &check.Found{Document: d}
}

// Every result has its word in both languages, a reason, and its place: the worst
// first.
func TestTrafficLight(t *testing.T) {
	for _, c := range []struct {
		language words.Language
		want     []string
	}{
		{words.Vietnamese, []string{"Không hợp lệ – d.pdf", "Không kiểm tra được – e.pdf", "Cần mật khẩu – f.pdf", "Chưa đủ dữ liệu (ngoại tuyến) – c.pdf", "Cần xem – b.pdf", "Hợp lệ – a.pdf"}},
		{words.English, []string{"Invalid – d.pdf", "Could not be checked – e.pdf", "Needs a password – f.pdf", "Not enough data (offline) – c.pdf", "Look at it – b.pdf", "Valid – a.pdf"}},
	} {
		f := newFake(map[string]*check.Found{
			"a.pdf": answered("a.pdf", report.Valid, "A"), "b.pdf": answered("b.pdf", report.Attention, "B"),
			"c.pdf": answered("c.pdf", report.Undecided, "C"), "d.pdf": answered("d.pdf", report.Invalid, "D"),
		})
		f.passwords = map[string]string{"f.pdf": "x"}
		w := open(t, c.language, f, "/x/a.pdf", "/x/b.pdf", "/x/c.pdf", "/x/d.pdf", "/x/e.pdf", "/x/f.pdf")
		w.run()
		if got := w.lines(); !equal(got, c.want) {
			t.Errorf("%s: rows are\n%s\nwant\n%s", c.language, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
		w.mustSee(t, "D") // the worst is selected by itself
	}
}

// lines are the first lines of the rows in the list.
func (w *window) lines() (out []string) {
	l := w.list()
	for i := range l.Length() {
		line := l.CreateItem()
		l.UpdateItem(i, line)
		first, _, _ := strings.Cut(textOf(line), "\n")
		out = append(out, first)
	}
	return out
}

func equal(a, b []string) bool { return strings.Join(a, "\n") == strings.Join(b, "\n") }

// Rows show their results as they come, two checks run at once, and a stop keeps
// what is there.
func TestRowsArriveAndStop(t *testing.T) {
	f := newFake(map[string]*check.Found{})
	var paths []string
	for i := range 6 {
		name := fmt.Sprintf("%d.pdf", i)
		f.answers[name] = answered(name, report.Valid, "")
		paths = append(paths, "/x/"+name)
	}
	w := open(t, words.Vietnamese, f, paths...)
	w.step() // opens the office
	w.step() // reads the list
	if len(w.held) != 2 || !w.screen.Busy() {
		t.Fatalf("%d checks run at once, busy %v; want 2", len(w.held), w.screen.Busy())
	}
	w.step()
	w.mustSee(t, "Đã kiểm tra 1/6", "Hợp lệ – 0.pdf", "Đang kiểm tra… – 1.pdf", "Đang chờ – 5.pdf")
	w.press(t, "Dừng kiểm tra")
	w.run()
	w.mustSee(t, "Hợp lệ – 0.pdf", "Đã dừng – 1.pdf", "Đã dừng – 5.pdf")
	if n := len(f.asked); n != 3 {
		t.Errorf("%d documents were looked at, want the 3 that had begun", n)
	}
	w.press(t, "Kiểm tra tiếp")
	w.run()
	w.mustSee(t, "6 văn bản: 6 hợp lệ")
	if w.recent["5.pdf"] != frame.Checked {
		t.Errorf("recent: %v", w.recent)
	}
}

func TestPassword(t *testing.T) {
	f := newFake(map[string]*check.Found{"a.pdf": answered("a.pdf", report.Valid, "")})
	f.passwords = map[string]string{"a.pdf": "right"}
	w := open(t, words.Vietnamese, f, "/x/a.pdf")
	w.run()
	w.mustSee(t, "Văn bản đặt mật khẩu")
	w.typePassword(t, "wrong")
	w.run()
	w.mustSee(t, "Mật khẩu chưa đúng")
	w.typePassword(t, "right")
	w.run()
	w.mustSee(t, "Hợp lệ – a.pdf")
}

// The network is asked only when a person says so.
func TestNetworkOnRequest(t *testing.T) {
	lacking := answered("a.pdf", report.Undecided, "")
	lacking.Report = signed()
	f := newFake(map[string]*check.Found{"a.pdf": lacking, "b.pdf": answered("b.pdf", report.Valid, "")})
	w := open(t, words.Vietnamese, f, "/x/a.pdf", "/x/b.pdf")
	w.run()
	for _, q := range f.asked {
		if q.Online {
			t.Error("the network was asked unbidden")
		}
	}
	w.press(t, "Hỏi thêm qua mạng")
	w.run()
	if last := f.asked[len(f.asked)-1]; len(f.asked) != 3 || !last.Online || last.Path != "/x/a.pdf" {
		t.Errorf("asked %v", f.asked)
	}
	w.mustSee(t, "Chưa đủ dữ liệu – a.pdf")
}

func TestRecordAndNotice(t *testing.T) {
	f := newFake(map[string]*check.Found{"a.pdf": answered("a.pdf", report.Invalid, "Bị sửa."), "b.pdf": answered("b.pdf", report.Valid, "")})
	w := open(t, words.Vietnamese, f, "/x/a.pdf", "/x/b.pdf")
	w.run()
	for label, file := range map[string]string{"Lưu biên bản kiểm tra (PDF)": ".pdf", "HTML": ".html", "JSON": ".json"} {
		w.press(t, label)
		w.run()
		if body := f.saved["bien-ban-kiem-tra-20261128-093000"+file]; len(body) < 500 {
			t.Errorf("%s: %d bytes", file, len(body))
		}
	}
	w.press(t, "Mở thư mục")
	w.press(t, "Soạn thư báo nơi gửi")
	sender := w.entry(func(e *frame.Entry) bool { return !e.MultiLine })
	sender.SetText("Sở Y tế")
	letter := w.entry(func(e *frame.Entry) bool { return e.MultiLine })
	if !strings.Contains(letter.Text, "Sở Y tế") || !strings.Contains(letter.Text, "a.pdf") || strings.Contains(letter.Text, "b.pdf") {
		t.Errorf("the letter:\n%s", letter.Text)
	}
	letter.SetText(letter.Text + "Thêm.")
	sender.SetText("Sở Nội vụ")
	if !strings.HasSuffix(letter.Text, "Thêm.") {
		t.Error("what was typed is lost")
	}
	w.press(t, "Lưu thư")
	w.run()
	if !strings.HasSuffix(f.saved["thu-bao-noi-gui-20261128-093000.txt"], "Thêm.") {
		t.Errorf("saved: %q", f.saved)
	}
	f.saveErr = os.ErrPermission
	w.press(t, "JSON")
	w.run()
	w.mustSee(t, "KS-615")
}

// Nothing is known and nothing can be saved before a document comes; what is
// wrong with the office is said.
func TestEmptyAndUntrusting(t *testing.T) {
	f := newFake(nil)
	f.trusting = false
	w := open(t, words.Vietnamese, f)
	w.run()
	w.mustSee(t, "Chưa có chứng thư gốc", "Kéo thả văn bản", "Chọn một văn bản")
	if !w.buttons("JSON")[0].Disabled() {
		t.Error("there is nothing to save yet")
	}
	f.opening = errors.New("broken")
	w = open(t, words.Vietnamese, f)
	w.run()
	w.mustSee(t, words.Vietnamese.Explain(f.opening).What)
}

// Every action has a menu entry, and its key works from the keyboard alone: the
// list selects with arrows and hands other keys on.
func TestKeyboard(t *testing.T) {
	f := newFake(map[string]*check.Found{"a.pdf": answered("a.pdf", report.Invalid, "A"), "b.pdf": answered("b.pdf", report.Valid, "B")})
	w := open(t, words.Vietnamese, f, "/x/a.pdf", "/x/b.pdf")
	w.run()
	var passed []fyne.KeyName
	w.frame.Key = func(k *fyne.KeyEvent) bool { passed = append(passed, k.Name); return true }
	l := w.list()
	w.Canvas().Focus(l)
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	w.mustSee(t, "B")
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF1})
	if len(passed) != 1 || passed[0] != fyne.KeyF1 {
		t.Errorf("handed on: %v", passed)
	}
	for _, a := range w.screen.Actions() {
		if a.Label == "" || a.Do == nil {
			t.Errorf("%+v", a)
		}
	}
}

func TestFilter(t *testing.T) {
	f := newFake(map[string]*check.Found{"a.pdf": answered("a.pdf", report.Invalid, ""), "b.pdf": answered("b.pdf", report.Valid, "")})
	w := open(t, words.Vietnamese, f, "/x/b.pdf", "/x/a.pdf")
	w.run()
	w.choose(t, "Hợp lệ (1)")
	if got := w.lines(); !equal(got, []string{"Hợp lệ – b.pdf"}) {
		t.Errorf("%q", got)
	}
	w.choose(t, "Tất cả (2)")
	w.choose(t, "Theo thứ tự đưa vào")
	if got := w.lines(); !equal(got, []string{"Hợp lệ – b.pdf", "Không hợp lệ – a.pdf"}) {
		t.Errorf("%q", got)
	}
}

// An emptied list is told nothing of what was saved before, and shows all rows again.
func TestClear(t *testing.T) {
	f := newFake(map[string]*check.Found{"a.pdf": answered("a.pdf", report.Valid, "")})
	w := open(t, words.Vietnamese, f, "/x/a.pdf")
	w.run()
	w.choose(t, "Hợp lệ (1)")
	w.press(t, "JSON")
	w.run()
	w.mustSee(t, "bien-ban-kiem-tra")
	w.act("check.clear")
	if says := w.texts(); strings.Contains(says, "bien-ban-kiem-tra") || strings.Contains(says, "a.pdf") {
		t.Errorf("still there:\n%s", says)
	}
	if w.filter() != "Tất cả (0)" {
		t.Errorf("the filter says %q", w.filter())
	}
}

// act does the action of this name, unless it is not to be had.
func (w *window) act(name string) {
	for _, a := range w.screen.Actions() {
		if a.Label == w.frame.Text(name) && (a.Enabled == nil || a.Enabled()) {
			a.Do()
		}
	}
}

// filter is what the filter of the list says.
func (w *window) filter() (chosen string) {
	w.each(func(o fyne.CanvasObject) {
		if s, ok := o.(*frame.Select); ok && strings.HasPrefix(s.Options[0], "Tất cả (") {
			chosen = s.Selected
		}
	})
	return chosen
}

// The filter counts along with the checks.
func TestFilterCounts(t *testing.T) {
	f := newFake(map[string]*check.Found{"a.pdf": answered("a.pdf", report.Valid, ""), "b.pdf": answered("b.pdf", report.Valid, "")})
	w := open(t, words.Vietnamese, f, "/x/a.pdf", "/x/b.pdf")
	w.run()
	w.choose(t, "Hợp lệ (2)")
	f.answers["b.pdf"] = answered("b.pdf", report.Invalid, "")
	w.screen.Open([]string{"/x/b.pdf"})
	w.run()
	if w.filter() != "Hợp lệ (1)" {
		t.Errorf("the filter says %q", w.filter())
	}
}

// Nothing is saved of the selected document before there is one.
func TestNoRecordOfNothing(t *testing.T) {
	f := newFake(map[string]*check.Found{})
	for _, name := range []string{"a.pdf", "b.pdf", "c.pdf"} {
		f.answers[name] = answered(name, report.Valid, "")
	}
	w := open(t, words.Vietnamese, f, "/x/a.pdf", "/x/b.pdf", "/x/c.pdf")
	w.step() // opens the office
	w.step() // reads the list
	w.choose(t, "Văn bản đang chọn")
	w.step() // the first is checked
	w.mustSee(t, "Hợp lệ – a.pdf")
	w.act("check.save-json")
	w.act("check.write-notice")
	w.run()
	if len(f.saved) > 0 {
		t.Errorf("saved %v", f.saved)
	}
	w.act("check.save-json")
	w.run()
	if len(f.saved) != 1 {
		t.Errorf("saved %v", f.saved)
	}
}

// The pages of a document have the whole screen; documents that are dropped onto
// them are shown in the list.
func TestPages(t *testing.T) {
	changed := answered("a.pdf", report.Invalid, "A")
	changed.Report = long("a.pdf").Report
	f := newFake(map[string]*check.Found{"a.pdf": changed, "b.pdf": answered("b.pdf", report.Valid, "B")})
	w := open(t, words.Vietnamese, f, "/x/a.pdf")
	w.run()
	w.act("check.see-changes")
	w.act("check.see-changes")
	w.run()
	if n := len(w.buttons("Quay lại danh sách")); n != 1 {
		t.Errorf("the pages are there %d times", n)
	}
	pages := w.screen.Content().(*fyne.Container).Objects[0] // the middle of the screen
	if bottom, window := pages.Position().Y+pages.Size().Height, w.screen.Content().Size().Height; bottom != window {
		t.Errorf("the pages end at %v of %v", bottom, window)
	}
	w.screen.Open([]string{"/x/b.pdf"})
	w.run()
	w.mustSee(t, "Hợp lệ – b.pdf")
}

// What comes after the screen was closed changes nothing.
func TestClosedWhileFilesAreRead(t *testing.T) {
	f := newFake(map[string]*check.Found{"a.pdf": answered("a.pdf", report.Valid, "")})
	w := open(t, words.Vietnamese, f, "/x/a.pdf")
	w.screen.Close()
	w.run()
	if len(f.asked) != 0 || len(w.recent) != 0 {
		t.Errorf("checked %v, noted %v", f.asked, w.recent)
	}
}
