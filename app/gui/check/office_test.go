package check_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"antin/app/gui/frame"
	"antin/app/gui/incoming"
	"antin/app/words"
	"antin/signer"
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

// day makes the documents of a day in a folder, and one with their authority.
func day(t *testing.T) (dir, pki string) {
	t.Helper()
	dir, pki = t.TempDir(), t.TempDir()
	if err := incoming.Make(dir, pki); err != nil {
		t.Fatal(err)
	}
	return dir, pki
}

// The whole way with real documents: dropped as a folder, judged, asked whose the
// certificates are, unlocked, compared, recorded.
func TestADayOfDocuments(t *testing.T) {
	home := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home)
	t.Setenv("HOME", home)
	dir, pki := day(t)
	w := openWith(t, words.Vietnamese, nil, &settings.Settings{Trust: []string{pki}}, dir)
	begun := time.Now()
	w.run()
	t.Logf("5 documents checked in %v, one after the other", time.Since(begun).Round(time.Millisecond))
	if each := time.Since(begun) / 5; each > time.Second {
		t.Errorf("%v for one document, want 1 s at most", each)
	}
	w.mustSee(t, "Không hợp lệ – bi-sua.pdf", "Không hợp lệ – hong.pdf", "Cần mật khẩu – khoa.pdf", "Cần xem – chua-ky.pdf", "Cần xem – quyet-dinh.pdf")

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
	dir, _ := day(t)
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
			w.run()
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

// Answers of OCSP come through the proxy that is set.
func TestChecksGoThroughTheProxy(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", folder)
	a, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256, URL: "http://ca.example"})
	if err != nil {
		t.Fatal(err)
	}
	services := a.Services(practice.ServicesOptions{Key: practice.P256})
	proxy := &practice.Proxy{Hosts: map[string]http.Handler{"ca.example": services, "ocsp.example": services}}
	server := httptest.NewServer(proxy)
	defer server.Close()
	id, err := a.Issue(practice.IdentityOptions{Name: "Nguyễn Văn An", Key: practice.P256})
	if err == nil {
		id, err = a.WithOCSP(id, "http://ocsp.example/ocsp", "")
	}
	if err != nil {
		t.Fatal(err)
	}
	pdf, _, err := practice.Decision(practice.DecisionOptions{})
	source, root := filepath.Join(folder, "quyet-dinh.pdf"), filepath.Join(folder, "root.pem")
	if err := errors.Join(err, os.WriteFile(source, pdf, 0o600), os.WriteFile(root, practice.CertificatePEM(a.Root), 0o600)); err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Approve(t.Context(), signer.ApproveJob{Common: signer.Common{Source: source, Key: id}, Invisible: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := openWith(t, words.Vietnamese, nil, &settings.Settings{Trust: []string{root}, Proxy: server.URL}, signed.Output)
	w.run()
	w.press(t, "Hỏi thêm qua mạng")
	w.run()
	if asked := proxy.Asked(); !slices.Contains(asked, "POST ocsp.example") {
		t.Errorf("the proxy was asked %q", asked)
	}
}
