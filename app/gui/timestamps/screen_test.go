package timestamps_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"antin/app/gui/frame"
	"antin/app/gui/timestamps"
	"antin/app/words"
	"antin/signer"
	"antin/signer/practice"
	"antin/signer/register"
	"antin/signer/settings"
	"antin/signer/trust"
	"antin/signer/verify"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// desk is an office whose documents were signed without a network.
type desk struct {
	t      *testing.T
	dir    string
	frame  *frame.Frame
	screen *timestamps.Screen
	tsa    http.Handler // what answers at the address in the settings; may be changed
	chosen []string     // what the person chooses when asked for a file
	recent []string
	home   bool
	other  []string // documents for another screen
}

func newDesk(t *testing.T, documents int) *desk {
	t.Helper()
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	test.NewTempApp(t)
	authority, err := practice.NewAuthority(practice.AuthorityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, dir: t.TempDir(), tsa: authority.TSA(practice.TSAOptions{})}
	pki := filepath.Join(t.TempDir(), "pki")
	if err := os.Mkdir(pki, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := authority.WriteFiles(pki); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d.tsa.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	d.frame = &frame.Frame{
		Words: words.Vietnamese, Now: time.Now, Worker: func(work, done func()) { work(); done() },
		Settings: &settings.Settings{TSA: server.URL, Trust: []string{pki}},
		Choose:   func(_ string, _ []string, _ bool, chosen func([]string)) { chosen(d.chosen) },
		Recent:   func(path string, s frame.RecentState) { d.recent = append(d.recent, string(s)+" "+filepath.Base(path)) },
		Home:     func() { d.home = true },
	}
	d.sign(authority, documents)
	return d
}

// sign signs documents that differ and enters that they wait.
func (d *desk) sign(authority *practice.Authority, n int) {
	d.t.Helper()
	leader, err := authority.Issue(practice.IdentityOptions{Name: "Nguyễn Văn An", Key: practice.P256})
	if err != nil {
		d.t.Fatal(err)
	}
	pdf, _, err := practice.Decision(practice.DecisionOptions{})
	if err != nil {
		d.t.Fatal(err)
	}
	r := d.register()
	defer r.Close()
	for i := range n {
		source := filepath.Join(d.dir, string(rune('a'+i))+".pdf")
		if err := os.WriteFile(source, append(bytes.Clone(pdf), bytes.Repeat([]byte("\n"), i)...), 0o600); err != nil {
			d.t.Fatal(err)
		}
		made, err := signer.Approve(context.Background(), signer.ApproveJob{Common: signer.Common{Source: source, Key: leader}, Invisible: true, NoSlots: true}, nil)
		if err != nil {
			d.t.Fatal(err)
		}
		a := register.Action{What: "sign", Output: register.File{Path: made.Output, SHA256: hex.EncodeToString(made.SHA256[:])}, Result: "done", NeedsStamp: true}
		if err := r.Record(context.Background(), a); err != nil {
			d.t.Fatal(err)
		}
	}
}

func (d *desk) register() *register.Register {
	d.t.Helper()
	r, err := register.Open(context.Background(), filepath.Join(d.dir, "so.db"), register.Options{})
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

func (d *desk) waiting() int {
	d.t.Helper()
	r := d.register()
	defer r.Close()
	n, err := r.UnstampedCount(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

// open shows the screen, which does its work at once.
func (d *desk) open() {
	d.t.Helper()
	d.frame.Window = test.NewTempWindow(d.t, container.NewStack())
	d.screen = timestamps.New(d.frame, timestamps.Use{
		Open:      func(ctx context.Context) (*register.Register, error) { return d.register(), ctx.Err() },
		Documents: func(paths []string) { d.other = paths },
	})
	d.frame.Window.SetContent(d.screen.Content())
	d.frame.Window.Resize(fyne.NewSize(1100, 700))
	d.t.Cleanup(d.screen.Close)
}

// says is everything that can be read on the screen.
func (d *desk) says() string {
	var b strings.Builder
	for _, o := range test.LaidOutObjects(d.screen.Content()) {
		switch o := o.(type) {
		case *widget.Label:
			if o.Visible() {
				b.WriteString(o.Text + "\n")
			}
		case *frame.Line:
			b.WriteString(o.Said() + "\n")
		case *frame.Button:
			if o.Visible() {
				b.WriteString("[" + o.Text + "]\n")
			}
		}
	}
	return b.String()
}

func (d *desk) reads(texts ...string) {
	d.t.Helper()
	says := d.says()
	for _, text := range texts {
		if !strings.Contains(says, text) {
			d.t.Errorf("%q is not on the screen:\n%s", text, says)
		}
	}
}

func (d *desk) tap(text string) {
	d.t.Helper()
	for _, o := range test.LaidOutObjects(d.screen.Content()) {
		if b, is := o.(*frame.Button); is && b.Text == text && b.Visible() && !b.Disabled() {
			test.Tap(b)
			return
		}
	}
	d.t.Fatalf("no button %q:\n%s", text, d.says())
}

// All that wait get their time-stamp without anything to press, and the signed
// files stay.
func TestAllAtOnce(t *testing.T) {
	d := newDesk(t, 3)
	before := d.bytes("a.daky.pdf")
	d.open()
	d.reads("Đã bổ sung 3/3 văn bản.", "a.daky.dauthoigian.pdf", "[Về trang đầu]")
	if d.waiting() != 0 || d.screen.Busy() || len(d.recent) != 3 || d.recent[0] != "timestamped a.daky.dauthoigian.pdf" {
		t.Errorf("%d wait, recent %q", d.waiting(), d.recent)
	}
	if !bytes.Equal(d.bytes("a.daky.pdf"), before) {
		t.Error("the signed file was changed")
	}
	r, err := signer.Verify(context.Background(), signer.VerifyJob{Source: filepath.Join(d.dir, "a.daky.dauthoigian.pdf"), Trust: trustOf(t, d)})
	if err != nil || r.Verdict() != verify.Valid || r.Signatures[0].Level != "B-T" {
		t.Errorf("%v, %v", r, err)
	}
	d.tap("Về trang đầu")
	if !d.home {
		t.Error("the start page is not shown")
	}
}

// A document that was moved or changed says so, and one that the person points at
// is done when it is the one in the register.
func TestMovedAndChanged(t *testing.T) {
	d := newDesk(t, 3)
	moved := filepath.Join(d.dir, "luu.pdf")
	if err := os.Rename(filepath.Join(d.dir, "b.daky.pdf"), moved); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.dir, "c.daky.pdf"), append(d.bytes("c.daky.pdf"), '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
	d.open()
	d.reads("Đã bổ sung 1/3 văn bản.", "2 văn bản chưa bổ sung được", "KS-385 · Không thấy tệp ở nơi sổ ghi.", "Tệp không còn đúng như lúc ghi sổ.")
	d.chosen = []string{filepath.Join(d.dir, "a.daky.pdf")} // another one
	d.tap("Chỉ chỗ mới…")
	d.reads("KS-384")
	d.chosen = []string{moved}
	d.tap("Chỉ chỗ mới…")
	d.reads("Đã bổ sung 2/3 văn bản.", "luu.dauthoigian.pdf")
	if d.waiting() != 1 {
		t.Errorf("%d wait", d.waiting())
	}
}

// Without a server nothing is lost and everything can be done again.
func TestServerIsDead(t *testing.T) {
	d := newDesk(t, 2)
	good := d.tsa
	d.tsa = http.NotFoundHandler()
	d.open()
	d.reads("KS-403", "2 văn bản chưa làm.", "[Bổ sung lại]")
	if d.waiting() != 2 || len(d.recent) != 0 {
		t.Errorf("%d wait, recent %q", d.waiting(), d.recent)
	}
	d.tsa = good
	d.tap("Bổ sung lại")
	d.reads("Đã bổ sung 2/2 văn bản.")
}

func TestNoServerSet(t *testing.T) {
	d := newDesk(t, 1)
	d.frame.Settings.TSA = ""
	d.open()
	d.reads("KS-408 · Chưa đặt máy chủ dấu thời gian.", "Mở Thiết lập")
}

// While a server lets people wait, Cancel ends that at once.
func TestCancel(t *testing.T) {
	d := newDesk(t, 2)
	asked := make(chan struct{})
	d.tsa = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body) // only then the end of the connection is noticed
		close(asked)
		<-r.Context().Done()
	})
	type call struct{ work, done func() }
	var calls []call
	d.frame.Worker = func(work, done func()) { calls = append(calls, call{work, done}) }
	d.open()
	calls[0].work() // finds what waits
	calls[0].done()
	ended := make(chan struct{})
	go func() {
		calls[1].work()
		close(ended)
	}()
	<-asked
	start := time.Now()
	d.tap("Huỷ")
	<-ended
	calls[1].done()
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("cancelled after %v", took)
	}
	d.reads("2 văn bản chưa làm.", "[Bổ sung lại]")
	if d.waiting() != 2 {
		t.Errorf("%d wait", d.waiting())
	}
}

func TestNothingWaits(t *testing.T) {
	d := newDesk(t, 0)
	d.open()
	d.reads("Không còn văn bản nào chờ dấu thời gian.")
	d.screen.Open([]string{"x.pdf"})
	if len(d.other) != 1 {
		t.Error("a dropped document is lost")
	}
}

func (d *desk) bytes(name string) []byte {
	d.t.Helper()
	b, err := os.ReadFile(filepath.Join(d.dir, name))
	if err != nil {
		d.t.Fatal(err)
	}
	return b
}

func trustOf(t *testing.T, d *desk) *trust.Store {
	t.Helper()
	s, err := trust.Load(d.frame.Settings.Trust[0])
	if err != nil {
		t.Fatal(err)
	}
	return s
}
