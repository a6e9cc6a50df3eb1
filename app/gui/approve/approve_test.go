package approve

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"antin/app/gui/place/boxes"
	"antin/signer"
	"antin/signer/layout"
	"antin/signer/pdffile"
	"antin/signer/register"
	"antin/signer/token"

	"fyne.io/fyne/v2"
)

// J1: opened, found, F9, signed. Two clicks, of which one is the PIN's.
func TestOneDocument(t *testing.T) {
	d := newDesk(t, "QD-77.pdf")
	d.wantSeen("Đã tìm thấy: CHỦ TỊCH – Nguyễn Văn An (trang 3)", "Nguyễn Văn An", "Khớp tên in trên trang", "[3. KÝ VĂN BẢN (F9)]")
	if d.Title() != "QD-77.pdf" || d.reader.Page() != 3 {
		t.Errorf("%q is shown at page %d", d.Title(), d.reader.Page())
	}
	d.press(fyne.KeyF9)
	if len(d.signed) != 1 {
		t.Fatalf("signed %d times:\n%s", len(d.signed), d.seen())
	}
	job := d.signed[0]
	if job.At == nil || job.At.Page != 3 || math.Abs(job.At.X+job.At.W/2-137.5) > 1e-6 || job.Initials || job.EvenIfSigned {
		t.Errorf("job: %+v", job.At)
	}
	if len(d.asked) != 1 || d.asked[0].Pages != 3 || d.asked[0].Documents[0] != "QD-77.pdf" {
		t.Errorf("asked: %+v", d.asked)
	}
	d.wantSeen("Đã ký", "QD-77.daky.pdf", "[Mở thư mục]", "[Mở văn bản]", "[Mở văn bản khác…]")
	d.tap("Mở thư mục")
	d.tap("Mở văn bản")
	if fmt.Sprint(d.opened) != "[folder QD-77.daky.pdf QD-77.daky.pdf]" {
		t.Errorf("opened: %q", d.opened)
	}
	if filepath.Base(d.reader.Path()) != "QD-77.daky.pdf" {
		t.Errorf("the reader shows %q, want what was signed", d.reader.Path())
	}
}

// What is signed is logged; without the log it is signed all the same, and told.
func TestLog(t *testing.T) {
	d := newDesk(t, "QD.pdf")
	d.unlogged = register.ErrLocked
	d.press(fyne.KeyF9)
	d.wantSeen("Đã ký", "chưa ghi được vào sổ")
	if d.logged != 1 || len(d.signed) != 1 {
		t.Errorf("%d signed, %d logged", len(d.signed), d.logged)
	}
}

// Another name on the page is asked about before the PIN.
func TestOtherName(t *testing.T) {
	d := newDesk(t)
	path := write(t, t.TempDir(), "TB.pdf", nil)
	d.plans["TB.pdf"] = sure(blockAt(115, "Trần Thị Bình", layout.Different))
	d.Open([]string{path})
	d.wantSeen("Khác tên in trên trang: Trần Thị Bình")
	d.press(fyne.KeyF9)
	d.wantSeen("dưới chỗ ký in tên Trần Thị Bình")
	if len(d.asked) != 0 {
		t.Fatal("the PIN was asked before the question")
	}
	d.tap("Xem lại")
	if len(d.signed) != 0 {
		t.Fatal("signed against the answer")
	}
	d.press(fyne.KeyF9)
	d.tap("Vẫn ký ở đây")
	if len(d.signed) != 1 {
		t.Errorf("signed %d times after the answer", len(d.signed))
	}
}

// Without a token the panel says what to do, and goes on by itself when one comes.
func TestTokenComes(t *testing.T) {
	d := newDesk(t)
	d.tokens.put()
	path := write(t, t.TempDir(), "QD.pdf", nil)
	d.plans["QD.pdf"] = sure(blockAt(115, "Nguyễn Văn An", layout.SameSpelling))
	d.Open([]string{path})
	d.wantSeen("Chưa cắm USB ký số.")
	d.press(fyne.KeyF9)
	if len(d.asked) != 0 {
		t.Fatal("asked without a token")
	}
	d.tokens.put(person(t, "An"))
	d.wantSeen("Đã tìm thấy: CHỦ TỊCH", "Khớp tên")
	d.press(fyne.KeyF9)
	if len(d.signed) != 1 {
		t.Errorf("signed %d times", len(d.signed))
	}
}

func TestSeveralCertificates(t *testing.T) {
	d := newDesk(t)
	d.tokens.put(person(t, "Bình"), person(t, "An"))
	path := write(t, t.TempDir(), "QD.pdf", nil)
	d.plans["QD.pdf"] = sure(blockAt(115, "Nguyễn Văn An", layout.SameSpelling))
	d.Open([]string{path})
	if d.signer.ID() == "" { // An was plugged in before: he stays
		t.Fatal("the signer was forgotten")
	}
	d.tokens.put(person(t, "Bình"))
	if d.signer.Name() != "Trần Thị Bình" {
		t.Errorf("%q signs", d.signer.Name())
	}
	d.wantSeen("Chưa có ảnh chữ ký của người này")
}

// The office's token beside the leader's is no choice for a leader; alone it is
// refused with its reason, by the signer.
func TestOfficeToken(t *testing.T) {
	d := newDesk(t, "a.pdf")
	d.tokens.put()
	d.tokens.put(person(t, "office"), person(t, "An"))
	if d.signer.Name() != "Nguyễn Văn An" {
		t.Errorf("%q signs", d.signer.Name())
	}
	d.tokens.put(person(t, "office"))
	if d.signer.Name() != "Ủy ban nhân dân xã Bình Minh" {
		t.Errorf("%q signs", d.signer.Name())
	}
}

func TestExpiresSoon(t *testing.T) {
	d := newDesk(t, "a.pdf")
	d.tokens.put(person(t, "soon"))
	d.wantSeen("Chứng thư hết hạn ngày", "còn 10 ngày")
}

// Failures are told with their code's words and next step; the place stays.
func TestFailures(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want []string
	}{
		{"wrong PIN", &signer.KeyError{Err: token.ErrPINWrong}, []string{"Chưa ký được", "KS-110 · Mã PIN chưa đúng.", "→ Kiểm tra Caps Lock"}},
		{"token pulled", &signer.KeyError{Err: token.ErrRemoved}, []string{"USB ký số bị rút"}},
		{"disk full", signer.ErrCannotPut, []string{"[Quay lại văn bản]"}},
		{"source gone", os.ErrNotExist, []string{"[Quay lại văn bản]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, "QD.pdf")
			d.current.editor.Board.Move(box, 3, -2)
			before := d.current.editor.Board.Box(box)
			d.fail["QD.pdf"] = c.err
			d.press(fyne.KeyF9)
			d.wantSeen(append(c.want, "Chương trình không sửa văn bản gốc", "[Ký lại]")...)
			delete(d.fail, "QD.pdf")
			d.current.editor.Board.Move(box, 1, 0) // looked at again
			before.X++
			d.tap("Ký lại")
			if len(d.signed) != 1 || d.signed[0].At.Box != before.Box {
				t.Fatalf("signed %d times: %+v", len(d.signed), d.signed)
			}
			d.wantSeen("Đã ký")
		})
	}
}

// After a failure everything is as it was before.
func TestBackAfterFailure(t *testing.T) {
	d := newDesk(t, "QD.pdf")
	d.fail["QD.pdf"] = &signer.KeyError{Err: token.ErrCancelled}
	d.press(fyne.KeyF9)
	d.tap("Quay lại văn bản")
	d.wantSeen("Đã tìm thấy: CHỦ TỊCH", "[3. KÝ VĂN BẢN (F9)]")
	if len(d.ready()) != 1 {
		t.Error("the document cannot be signed any more")
	}
}

// A document whose text tells no place: KS-301, one click, and the next one of the
// same size is placed like it.
func TestNoPlace(t *testing.T) {
	d := newDesk(t)
	dir := t.TempDir()
	none := &signer.Plan{Found: &layout.Found{Pages: 3, Reasons: []layout.Reason{layout.ImageOnly}}}
	for _, name := range []string{"quet-1.pdf", "quet-2.pdf"} {
		d.plans[name], d.refuse[name] = none, &signer.PlaceError{Found: none.Found}
	}
	d.Open([]string{write(t, dir, "quet-1.pdf", nil)})
	d.wantSeen("Bấm vào chỗ cần ký trên trang.")
	d.press(fyne.KeyF9)
	if len(d.signed) != 0 {
		t.Fatal("signed without a place")
	}
	d.tapped(2, 100, 200)
	d.wantSeen("Chỗ ký ở trang 2")
	d.press(fyne.KeyF9)
	if len(d.signed) != 1 || d.signed[0].At.Page != 2 || math.Abs(d.signed[0].At.Y+d.signed[0].At.H/2-200) > 1e-6 {
		t.Fatalf("signed %+v", d.signed)
	}
	if c := d.Settings.Certificates[d.signer.ID()]; c.Width != 0 {
		t.Errorf("a size was remembered that nobody has chosen: %+v", c)
	}
	d.leaveRun()
	d.Open([]string{write(t, dir, "quet-2.pdf", nil)})
	d.wantSeen("Đặt như lần ký trước (trang 2)")
	if at, _ := d.current.place(); at.Box != d.signed[0].At.Box {
		t.Errorf("placed at %+v, want %+v", at.Box, d.signed[0].At.Box)
	}
}

// Several blocks: the best is proposed, the keys 1 to 3 choose; size in mm, reset,
// undo.
func TestChoosingThePlace(t *testing.T) {
	d := newDesk(t)
	f := &layout.Found{Pages: 3, Blocks: []layout.Block{blockAt(115, "", layout.NotCompared), blockAt(30, "Nguyễn Văn An", layout.SameSpelling)}}
	d.plans["QD.pdf"], d.refuse["QD.pdf"] = &signer.Plan{Found: f}, &signer.PlaceError{Found: f}
	d.Open([]string{write(t, t.TempDir(), "QD.pdf", nil)})
	d.wantSeen("Có thể là: CHỦ TỊCH (trang 3)", "[1 · trang 3]", "[2 · trang 3]")
	d.press(fyne.Key2)
	d.wantSeen("Đã chọn: CHỦ TỊCH – Nguyễn Văn An (trang 3)", "Khớp tên")
	d.panel.width.SetText("30,0")
	d.panel.width.Taken("30,0")
	if b := d.current.editor.Board.Box(box); math.Abs(b.W-30) > 1e-9 || math.Abs(b.X+b.W/2-52.5) > 1e-6 {
		t.Errorf("after 30 mm were typed: %+v", b)
	}
	d.panel.height.SetText("abc")
	d.panel.height.Taken("abc")
	if d.panel.height.Text == "abc" {
		t.Error("what is no number stays in the field")
	}
	d.tap("Hoàn tác")
	if b := d.current.editor.Board.Box(box); math.Abs(b.W-30) < 1e-3 {
		t.Errorf("after undo: %+v", b)
	}
	d.tap("Đặt lại")
	d.wantSeen("Có thể là: CHỦ TỊCH (trang 3)")
	d.reader.GoTo(1)
	d.tap("Đặt ở trang đang xem")
	d.wantSeen("Chỗ ký ở trang 1")
}

// The signature snaps to the baseline of a line of text.
func TestSnapsToText(t *testing.T) {
	d := newDesk(t, "a.pdf")
	b := d.current.editor.Board
	at := b.Box(box)
	held := b.Hold(box, boxes.Body)
	held.To(0, 180-at.Y-at.H+0.7, 1)
	held.Release()
	if now := b.Box(box); math.Abs(now.Y+now.H-180) > 1e-6 {
		t.Errorf("the lower edge is at %v mm, the baseline at 180", now.Y+now.H)
	}
}

// The picture is asked for once and remembered for the certificate.
func TestPictureIsAskedOnce(t *testing.T) {
	d := newDesk(t)
	known := d.Settings.Certificates[d.signer.ID()].Picture
	d.Settings.Certificates = nil
	d.tokens.put(person(t, "Bình"))
	d.plans["QD.pdf"] = sure(blockAt(115, "Trần Thị Bình", layout.SameSpelling))
	d.refuse["QD.pdf"] = signer.ErrNoPicture
	d.Open([]string{write(t, t.TempDir(), "QD.pdf", nil)})
	d.wantSeen("Chưa có ảnh chữ ký", "Hãy chọn ảnh chữ ký trước.")
	d.press(fyne.KeyF9)
	if len(d.asked) != 0 {
		t.Fatal("the PIN was asked without a picture")
	}
	d.chosen = []string{known}
	delete(d.refuse, "QD.pdf")
	d.tap("Chọn ảnh chữ ký (PNG)…")
	if got := d.Settings.Certificates[d.signer.ID()]; got.Picture != known || got.Name != "Trần Thị Bình" {
		t.Errorf("remembered: %+v", got)
	}
	d.press(fyne.KeyF9)
	if len(d.signed) != 1 || d.signed[0].Picture != known {
		t.Errorf("signed: %+v", d.signed)
	}
}

// A picture that was chosen for one person is not another's whose token is plugged in
// before the file is chosen.
func TestPictureOfAnother(t *testing.T) {
	d := newDesk(t)
	known := d.Settings.Certificates[d.signer.ID()].Picture
	choose := func([]string) {}
	d.Choose = func(_ string, _ []string, _ bool, chosen func([]string)) { choose = chosen }
	d.choosePicture()
	d.tokens.put(person(t, "Bình"))
	choose([]string{known})
	if got := d.Settings.Certificates[d.signer.ID()]; got.Picture != "" || d.picture != nil {
		t.Errorf("%s has the picture %q", d.signer.Name(), got.Picture)
	}
}

// Refusals of the document itself.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{signer.ErrOfficeCertificate, "Đây là USB của cơ quan"},
		{signer.ErrBrokenSignature, "chữ ký"},
		{pdffile.ErrNotPDF, "PDF"},
	} {
		d := newDesk(t)
		d.refuse["x.pdf"] = c.err
		d.Open([]string{write(t, t.TempDir(), "x.pdf", nil)})
		d.wantSeen(c.want)
		d.press(fyne.KeyF9)
		if len(d.asked) != 0 {
			t.Errorf("%v: the PIN was asked all the same", c.err)
		}
	}
}

// A document that this certificate has signed is signed again on wish only.
func TestSignedAlready(t *testing.T) {
	d := newDesk(t)
	d.refuse["x.pdf"] = fmt.Errorf("signature: %w", signer.ErrAlreadySigned)
	d.Open([]string{write(t, t.TempDir(), "x.pdf", nil)})
	delete(d.refuse, "x.pdf")
	d.plans["x.pdf"] = sure(blockAt(115, "Nguyễn Văn An", layout.SameSpelling))
	d.tap("Vẫn ký thêm lần nữa")
	d.press(fyne.KeyF9)
	if len(d.signed) != 1 || !d.signed[0].EvenIfSigned {
		t.Errorf("signed: %+v", d.signed)
	}
}

func TestInitials(t *testing.T) {
	d := newDesk(t, "QD.pdf")
	d.plans["QD.pdf"] = &signer.Plan{
		Marks: []signer.Mark{{Part: signer.SignaturePart, Place: signer.Place{Page: 3, Box: pdffile.Box{X: 60, Y: 200, W: 18, H: 9}}, Origin: signer.Preset}},
		Found: &layout.Found{Pages: 3},
	}
	d.panel.small.SetChecked(true)
	d.wantSeen("Ký nháy ở trang 3", "[3. KÝ NHÁY (F9)]")
	d.press(fyne.KeyF9)
	if len(d.signed) != 1 || !d.signed[0].Initials || d.signed[0].At.W > 18 {
		t.Fatalf("signed: %+v", d.signed)
	}
	d.wantSeen("Đã ký nháy")
	if c := d.Settings.Certificates[d.signer.ID()]; c.Width != 0 || len(c.Places) != 0 {
		t.Errorf("initials changed what is remembered of signatures: %+v", c)
	}
}

// A size that was typed is that of the next document too.
func TestSizeIsRemembered(t *testing.T) {
	d := newDesk(t, "QD.pdf")
	if d.current.editor.Board.CanUndo() {
		t.Error("there is something to take back before anything was done")
	}
	d.panel.width.Taken("") // nothing typed, nothing changed
	d.current.editor.Board.SetSize(box, 33, 0)
	d.press(fyne.KeyF9)
	if c := d.Settings.Certificates[d.signer.ID()]; math.Abs(c.Width-33) > 1e-9 {
		t.Errorf("remembered: %+v", c)
	}
	d = newDesk(t, "QD.pdf")
	d.current.editor.Board.Move(box, 5, 5)
	d.press(fyne.KeyF9)
	if c := d.Settings.Certificates[d.signer.ID()]; c.Width != 0 || c.Places["210x297"].FromEnd != 0 || c.Places["210x297"].Width == 0 {
		t.Errorf("moved, not resized; remembered: %+v", c)
	}
}

// Several: each is looked at and agreed to, one is skipped, one fails and is tried
// again; one PIN.
func TestSeveralDocuments(t *testing.T) {
	d := newDesk(t, "a.pdf", "b.pdf", "c.pdf", "d.pdf")
	d.fail["b.pdf"] = errors.New("this one only")
	d.wantSeen("Đã đồng ý 0 · đã ký 0 · tất cả 4", "Xem văn bản rồi bấm phím cách để đồng ý.")
	d.press(fyne.KeyF9)
	if len(d.asked) != 0 {
		t.Fatal("documents were signed that nobody agreed to")
	}
	d.press(fyne.KeySpace)
	d.press(fyne.KeySpace)
	d.tap("Bỏ qua văn bản này (Delete)") // c
	if d.current.name() != "d.pdf" {
		t.Fatalf("%s is shown, want d.pdf", d.current.name())
	}
	d.press(fyne.KeySpace)
	d.wantSeen("[3. KÝ 3 VĂN BẢN (F9)]", "Đã đồng ý 3 · đã ký 0 · tất cả 4", "Bỏ qua")
	d.press(fyne.KeyF9)
	if len(d.asked) != 1 || len(d.asked[0].Documents) != 3 {
		t.Errorf("asked: %+v", d.asked)
	}
	d.wantSeen("Đã ký 2/3 văn bản", "b.pdf", "[Ký lại]")
	delete(d.fail, "b.pdf")
	d.signed = nil
	d.tap("Ký lại")
	if len(d.signed) != 1 || filepath.Base(d.signed[0].Source) != "b.pdf" {
		t.Errorf("tried again: %+v", d.signed)
	}
	d.wantSeen("Đã ký 3/3 văn bản")
	if d.documents[2].state != signer.RowSkipped {
		t.Error("the skipped document was touched")
	}
}

// Paused after the first, gone on with the same login.
func TestPauseAndResume(t *testing.T) {
	d := newDesk(t, "a.pdf", "b.pdf", "c.pdf")
	for range 3 {
		d.press(fyne.KeySpace)
	}
	sign := d.use.Approve
	d.use.Approve = func(c context.Context, job signer.ApproveJob, p signer.Progress) (*signer.Result, error) {
		if filepath.Base(job.Source) == "a.pdf" {
			d.tap("Tạm dừng")
		}
		return sign(c, job, p)
	}
	d.press(fyne.KeyF9)
	d.wantSeen("Đang tạm dừng")
	if len(d.signed) != 1 || d.Busy() || d.run.Count(signer.RowDone) != 1 {
		t.Fatalf("%d signed, busy: %v", len(d.signed), d.Busy())
	}
	d.tap("Tiếp tục")
	if len(d.signed) != 3 || len(d.asked) != 1 {
		t.Errorf("%d signed, %d times asked", len(d.signed), len(d.asked))
	}
}

// A wrong PIN stops the whole run: no second try, the rest waits.
func TestWrongPINStopsTheRun(t *testing.T) {
	d := newDesk(t, "a.pdf", "b.pdf")
	d.press(fyne.KeySpace)
	d.press(fyne.KeySpace)
	tries := 0
	d.use.Approve = func(context.Context, signer.ApproveJob, signer.Progress) (*signer.Result, error) {
		tries++
		return nil, &signer.KeyError{Err: token.ErrPINWrong}
	}
	d.press(fyne.KeyF9)
	if tries != 1 {
		t.Errorf("%d tries, want 1", tries)
	}
	d.wantSeen("Đã dừng, còn 2 văn bản chưa ký", "Mã PIN chưa đúng.")
	if d.press(fyne.KeyDelete); d.current.state != signer.RowWaiting {
		t.Error("a document of the stopped run is left out on the screen alone: the run would sign it all the same")
	}
	if d.press(fyne.KeyF9); tries != 1 {
		t.Errorf("a second run begins beside the stopped one")
	}
}

// From one signed document to the next of the list.
func TestNextDocument(t *testing.T) {
	d := newDesk(t, "a.pdf", "b.pdf")
	d.press(fyne.KeySpace)
	d.step(-1)
	d.press(fyne.KeyF9)
	d.tap("Ký văn bản tiếp theo")
	if d.current.name() != "b.pdf" || d.run != nil {
		t.Errorf("%s is shown", d.current.name())
	}
	d.wantSeen("Đã tìm thấy: CHỦ TỊCH")
}

// Drag by the keyboard: F2 gives the box the focus, arrows move it.
func TestKeysReachTheBox(t *testing.T) {
	d := newDesk(t, "a.pdf")
	d.press(fyne.KeyF2)
	focused := d.window.Canvas().Focused()
	if focused == nil {
		t.Fatal("nothing has the focus")
	}
	before := d.current.editor.Board.Box(box)
	focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	if got := d.current.editor.Board.Box(box).X - before.X; math.Abs(got-0.1) > 1e-9 {
		t.Errorf("moved by %v mm, want 0.1", got)
	}
	focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF9})
	if len(d.signed) != 1 {
		t.Error("F9 does not reach the window from the box")
	}
}
