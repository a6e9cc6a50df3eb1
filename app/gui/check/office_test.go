package check_test

import (
	"bytes"
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"antin/app/gui/frame"
	"antin/app/words"
	"antin/signer"
	"antin/signer/cms"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/render"
	"antin/signer/settings"

	"fyne.io/fyne/v2/test"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "worker" && os.Args[2] == "render" { // as the program's main does
		os.Exit(render.ServePages(os.Args[3:]))
	}
	os.Exit(m.Run())
}

// incoming makes the documents of a day in a folder: what a leader and a clerk
// have signed, the same with a black square drawn over it later, one that nobody
// signed, one with a password and one cut short.
func incoming(t *testing.T) (dir, pki string) {
	t.Helper()
	dir, pki = t.TempDir(), t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	authority, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	must(err)
	must(authority.WriteFiles(pki))
	leader, err := authority.Issue(practice.IdentityOptions{Name: "Nguyễn Văn An", Units: []string{"Lãnh đạo"}, Organisation: "Ủy ban nhân dân xã Bình Minh", Key: practice.P256})
	must(err)
	seal, err := authority.Issue(practice.IdentityOptions{Name: "Ủy ban nhân dân xã Bình Minh", Key: practice.P256})
	must(err)
	server := httptest.NewServer(authority.TSA(practice.TSAOptions{Key: practice.P256}))
	t.Cleanup(server.Close)
	write := func(name string, b []byte, err error) string {
		t.Helper()
		must(err)
		path := filepath.Join(dir, name)
		must(os.WriteFile(path, b, 0o600))
		return path
	}
	pdf, _, err := practice.Decision(practice.DecisionOptions{})
	plain := write("chua-ky.pdf", pdf, err)
	hand, err := practice.SignaturePicture("Nguyễn Văn An", 1)
	picture := filepath.Join(pki, "hand.png.image")
	must(err)
	must(os.WriteFile(picture, hand, 0o600))
	round, err := practice.SealPicture(practice.SealOptions{})
	must(err)
	stamp := filepath.Join(pki, "seal.png.image")
	must(os.WriteFile(stamp, round, 0o600))
	tsa := &cms.TSA{URL: server.URL, Anchors: authority.Anchors(), Timeout: 5 * time.Second}
	signed, err := signer.Approve(context.Background(), signer.ApproveJob{
		Common: signer.Common{Source: plain, Out: filepath.Join(pki, "signed.pdf"), Key: leader, TSA: tsa}, Picture: picture,
	}, nil)
	must(err)
	good := filepath.Join(dir, "quyet-dinh.pdf")
	_, err = signer.Issue(context.Background(), signer.IssueJob{
		Common: signer.Common{Source: signed.Output, Out: good, Key: seal, TSA: tsa}, Number: "121/QĐ-UBND", Date: time.Now(), Seal: stamp, Diameter: 36,
	}, nil)
	must(err)
	sound, err := os.ReadFile(good)
	must(err)
	write("bi-sua.pdf", paint(t, sound), nil)
	write("cut.pdf", sound[:len(sound)/2], nil)
	out, err := exec.Command("qpdf", "--encrypt", "mat-khau", "chu", "256", "--", plain, filepath.Join(dir, "khoa.pdf")).CombinedOutput()
	if err != nil {
		t.Fatalf("qpdf: %v: %s", err, out)
	}
	return dir, pki
}

// paint draws a black square on page 1 in an update of its own.
func paint(t *testing.T, pdf []byte) []byte {
	t.Helper()
	f, err := pdffile.Read(bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	page, err := f.Page(1)
	if err != nil {
		t.Fatal(err)
	}
	u := f.NewUpdate()
	d := page.Dict.Clone()
	parts, ok := d["Contents"].(pdffile.Array)
	if !ok {
		parts = pdffile.Array{d["Contents"]}
	}
	d["Contents"] = append(parts[:len(parts):len(parts)], u.Add(&pdffile.Stream{Dict: pdffile.Dict{}, Data: []byte("\nq 0 g 200 300 100 100 re f Q\n")}))
	u.Set(page.Ref, d)
	tail, err := u.Render()
	if err != nil {
		t.Fatal(err)
	}
	return append(bytes.Clone(pdf), tail.Data...)
}

// The whole way with real documents: dropped as a folder, judged, asked whose the
// certificates are, unlocked, compared, recorded.
func TestADayOfDocuments(t *testing.T) {
	home := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home)
	t.Setenv("HOME", home)
	dir, pki := incoming(t)
	w := openWith(t, words.Vietnamese, nil, &settings.Settings{Trust: []string{pki}}, dir)
	begun := time.Now()
	w.run()
	t.Logf("5 documents checked in %v, one after the other", time.Since(begun).Round(time.Millisecond))
	if each := time.Since(begun) / 5; each > time.Second {
		t.Errorf("%v for one document, want 1 s at most", each)
	}
	w.mustSee(t, "Không hợp lệ – bi-sua.pdf", "Không hợp lệ – cut.pdf", "Cần mật khẩu – khoa.pdf", "Cần xem – chua-ky.pdf", "Cần xem – quyet-dinh.pdf")

	w.selectRow(t, "quyet-dinh.pdf")
	w.mustSee(t, "Nguyễn Văn An", "Có vẻ là chứng thư của cá nhân")
	w.press(t, "Là của cá nhân")
	w.run()
	second := w.buttons("Là của cơ quan") // the leader's, to change it again, and the clerk's
	if len(second) != 2 {
		t.Fatalf("%d buttons for an organisation", len(second))
	}
	test.Tap(second[1])
	w.run()
	w.mustSee(t, "Hợp lệ – quyet-dinh.pdf", "Đã xác định: chứng thư của cơ quan.")

	w.selectRow(t, "khoa.pdf")
	w.typePassword(t, "sai")
	w.run()
	w.mustSee(t, "Mật khẩu chưa đúng")
	w.typePassword(t, "mat-khau")
	w.run()
	w.mustSee(t, "Cần xem – khoa.pdf")

	w.selectRow(t, "bi-sua.pdf")
	w.press(t, "Xem chỗ sửa")
	w.run()
	w.mustSee(t, "Như khi ký (chữ ký 2, Ủy ban nhân dân xã Bình Minh)", "KHÔNG được phép", "Như hiện nay")
	w.press(t, "Quay lại danh sách")

	w.press(t, "Lưu biên bản kiểm tra (PDF)")
	w.run()
	record := filepath.Join(dir, "bien-ban-kiem-tra-20261128-093000.pdf")
	if err := practice.QPDF(record, "").Error(); err != nil {
		t.Error(err)
	}
	w.mustSee(t, "Đã lưu: "+record)
}

// What is painted over a page is found, and nothing else.
func TestDifferences(t *testing.T) {
	dir, _ := incoming(t)
	sound, err := os.Stat(filepath.Join(dir, "quyet-dinh.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	for page, want := range map[int]int{1: 1, 2: 0} {
		boxes, err := signer.Differences(context.Background(), filepath.Join(dir, "bi-sua.pdf"), "", sound.Size(), page)
		if err != nil {
			t.Fatal(err)
		}
		if len(boxes) != want {
			t.Errorf("page %d: %v, want %d places", page, boxes, want)
		}
		for _, b := range boxes { // 100 × 100 pt, 200 pt from the left and 300 from below on A4
			for what, d := range map[string]float64{"x": b.X - 70.6, "y": b.Y - 155.9, "width": b.W - 35.3, "height": b.H - 35.3} {
				if d < -1 || d > 1 {
					t.Errorf("page %d: %s is %.1f mm off in %v", page, what, d, b)
				}
			}
		}
	}
}

// selectRow selects the row of a file, as a click does.
func (w *window) selectRow(t *testing.T, name string) {
	t.Helper()
	l := w.list()
	for i := range l.Length() {
		line := l.CreateItem()
		l.UpdateItem(i, line)
		if strings.Contains(textOf(line), name) {
			l.Select(i)
			return
		}
	}
	t.Fatalf("no row for %s", name)
}

func (w *window) typePassword(t *testing.T, password string) {
	t.Helper()
	e := w.entry(func(e *frame.Entry) bool { return e.Password })
	if e == nil {
		t.Fatal("nothing asks for a password")
	}
	e.SetText(password)
	e.OnSubmitted(password)
}
