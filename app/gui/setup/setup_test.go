package setup_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"antin/app/gui/frame"
	"antin/app/gui/look"
	"antin/app/gui/setup"
	"antin/app/words"
	"antin/assets"
	"antin/signer/practice"
	"antin/signer/settings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// bare is a machine without tokens.
type bare struct{ frame.Tokens }

func (bare) State() frame.TokenState     { return frame.TokenState{} }
func (bare) Listen(func()) (stop func()) { return func() {} }

// desk is the settings in a window, with a person who chooses files.
type desk struct {
	fyne.Window
	frame    *frame.Frame
	settings *settings.Settings
	file     string   // of the settings
	chosen   []string // what the person will choose
}

// open shows a section of the settings; the user's folder is new and empty.
func open(t *testing.T, s *settings.Settings, section string) *desk {
	t.Helper()
	home := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home)
	t.Setenv("HOME", home)
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Light, 100))
	d := &desk{Window: test.NewTempWindow(t, nil), settings: s, file: filepath.Join(home, "settings.json")}
	d.frame = &frame.Frame{
		Window: d.Window, Words: words.Vietnamese, Settings: s, Now: time.Now, Tokens: bare{},
		Worker: func(work, done func()) { work(); done() },
		Save: func() error {
			if err := s.Check(); err != nil {
				return err
			}
			return s.Save(d.file)
		},
		Choose:       func(_ string, _ []string, _ bool, chosen func([]string)) { chosen(d.chosen) },
		ChooseFolder: func(_ string, chosen func(string)) { chosen(d.chosen[0]) },
	}
	screen := setup.New(d.frame, nil)
	t.Cleanup(screen.Close)
	d.SetContent(screen.Content())
	d.Resize(fyne.NewSize(1366, 768))
	d.press(t, section)
	return d
}

// each visits what is shown.
func (d *desk) each(do func(fyne.CanvasObject)) {
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		do(o)
		switch o := o.(type) {
		case *fyne.Container:
			for _, in := range o.Objects {
				walk(in)
			}
		case *frame.Part:
			walk(o.Content())
		case *container.Scroll:
			walk(o.Content)
		case *widget.Card:
			walk(o.Content)
		case *widget.PopUp:
			walk(o.Content)
		case *widget.Accordion:
			for _, item := range o.Items {
				if item.Open {
					walk(item.Detail)
				}
			}
		}
	}
	walk(d.Content())
	if top := d.Canvas().Overlays().Top(); top != nil {
		walk(top)
	}
}

// text is all that can be read.
func (d *desk) text() string {
	var lines []string
	d.each(func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *widget.Label:
			lines = append(lines, o.Text)
		case *frame.Button:
			lines = append(lines, o.Text)
		case *widget.RichText:
			lines = append(lines, o.String())
		}
	})
	return strings.Join(lines, "\n")
}

func (d *desk) sees(t *testing.T, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(d.text(), p) {
			t.Errorf("%q is not shown in:\n%s", p, d.text())
		}
	}
}

func (d *desk) press(t *testing.T, label string) {
	t.Helper()
	var found fyne.Tappable
	d.each(func(o fyne.CanvasObject) {
		switch b := o.(type) {
		case *frame.Button:
			if b.Text == label && found == nil {
				found = b
			}
		case *widget.Button: // of a dialog
			if b.Text == label {
				found = b
			}
		}
	})
	if found == nil {
		t.Fatalf("no button %q in:\n%s", label, d.text())
	}
	test.Tap(found)
}

// choice is the select that has this option.
func (d *desk) choice(t *testing.T, option string) *frame.Select {
	t.Helper()
	var found *frame.Select
	d.each(func(o fyne.CanvasObject) {
		if s, ok := o.(*frame.Select); ok && slices.Contains(s.Options, option) && found == nil {
			found = s
		}
	})
	if found == nil {
		t.Fatalf("nothing to choose %q from", option)
	}
	return found
}

// entry is the field below a label.
func (d *desk) entry(t *testing.T, label string) *frame.Entry {
	t.Helper()
	var found *frame.Entry
	below := false
	d.each(func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *widget.Label:
			below = below || o.Text == label
		case *frame.Entry:
			if below && found == nil {
				found = o
			}
		}
	})
	if found == nil {
		t.Fatalf("no field %q", label)
	}
	return found
}

// unfold opens a group of values.
func (d *desk) unfold(group string) {
	d.each(func(o fyne.CanvasObject) {
		if a, ok := o.(*widget.Accordion); ok {
			for i, item := range a.Items {
				if item.Title == group {
					a.Open(i)
				}
			}
		}
	})
}

// saved is what the file of the settings says now.
func (d *desk) saved(t *testing.T) *settings.Settings {
	t.Helper()
	s, err := settings.Load(d.file)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The way out: by the system, directly, or through an address that counts only once
// it can be used.
func TestProxy(t *testing.T) {
	d := open(t, &settings.Settings{}, "Mạng và dấu thời gian")
	way := d.choice(t, "Kết nối thẳng")
	if way.SelectedIndex() != 0 || strings.Contains(d.text(), "Địa chỉ máy chủ trung gian") {
		t.Errorf("at first choice %d:\n%s", way.SelectedIndex(), d.text())
	}
	way.SetSelected("Kết nối thẳng")
	if got := d.saved(t).Proxy; got != settings.NoProxy {
		t.Errorf("saved %q", got)
	}
	way.SetSelected("Qua địa chỉ sau")
	for typed, want := range map[string]string{"proxy": "Một giá trị trong thiết lập không dùng được", "http://an:mat-khau@proxy.example": "Địa chỉ có tên người dùng hoặc mật khẩu"} {
		d.entry(t, "Địa chỉ máy chủ trung gian").SetText(typed)
		d.sees(t, want)
		if d.settings.Proxy != settings.NoProxy || d.saved(t).Proxy != settings.NoProxy {
			t.Errorf("%q counts: %q, saved %q", typed, d.settings.Proxy, d.saved(t).Proxy)
		}
	}
	d.entry(t, "Địa chỉ máy chủ trung gian").SetText("http://proxy.example:3128")
	if got := d.saved(t).Proxy; got != "http://proxy.example:3128" || strings.Contains(d.text(), "Địa chỉ có tên người dùng") {
		t.Errorf("saved %q:\n%s", got, d.text())
	}
	way.SetSelectedIndex(0)
	if got := d.saved(t).Proxy; got != "" {
		t.Errorf("by the system: saved %q", got)
	}
}

// Files that are trusted where they lie are added, shown with what is in them, and
// removed; the offline store takes a stick, tells its age and what to compare.
func TestTrust(t *testing.T) {
	a, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	stick := t.TempDir()
	root := filepath.Join(t.TempDir(), "goc.pem")
	if err := errors.Join(err, a.WriteFiles(stick), os.WriteFile(root, practice.CertificatePEM(a.Root), 0o600)); err != nil {
		t.Fatal(err)
	}
	d := open(t, &settings.Settings{}, "Tin cậy")
	d.sees(t, "Kho tin cậy ngoại tuyến chưa có gì.")

	d.chosen = []string{stick}
	d.press(t, "Lấy từ USB hoặc thư mục…")
	d.sees(t, "Đã lấy vào kho: 2 chứng thư, 2 danh sách thu hồi", "Kho tin cậy ngoại tuyến: 4 mục; dữ liệu thu hồi mới nhất cách đây 0 ngày.", "Chưa được tin: "+a.Root.Subject.CommonName)
	d.press(t, "Tin cậy chứng thư này")
	d.press(t, "Đã đối chiếu, tin cậy")
	d.sees(t, "gốc được tin: ")

	d.chosen = []string{root}
	d.press(t, "Thêm tệp được tin…")
	if got := d.saved(t).Trust; !slices.Equal(got, []string{root}) {
		t.Errorf("saved %q", got)
	}
	d.sees(t, "goc.pem", "gốc được tin: "+a.Root.Subject.CommonName, "đến "+words.Vietnamese.Date(a.Root.NotAfter), "SHA-256: ")
	if err := os.Remove(root); err != nil {
		t.Fatal(err)
	}
	d.press(t, "Hiển thị")
	d.press(t, "Tin cậy")
	d.sees(t, "Không tìm thấy tệp")

	var remove []*frame.Button
	d.each(func(o fyne.CanvasObject) {
		if b, ok := o.(*frame.Button); ok && b.Text == "Bỏ" {
			remove = append(remove, b)
		}
	})
	test.Tap(remove[len(remove)-1])
	if got := d.saved(t).Trust; len(got) != 0 {
		t.Errorf("saved %q after the removal", got)
	}
}

// The office's own layout is set value by value; what cannot be used is marked and
// not kept, and every value finds its way back.
func TestOwnLayout(t *testing.T) {
	d := open(t, &settings.Settings{}, "Cơ quan")
	d.choice(t, "Tự chọn").SetSelected("Tự chọn")
	if got := d.saved(t).Profile; got != assets.ProfileOwn {
		t.Fatalf("saved %q", got)
	}
	own := func() *assets.Profile {
		t.Helper()
		p, err := settings.Profile(assets.ProfileOwn)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	typed := func(label, text string) {
		t.Helper()
		e := d.entry(t, label)
		e.SetText(text)
		e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	}
	typed("lề trên (mm)", "22,5-26")
	if got := own().Page.Top.Or(assets.Range{}); got != (assets.Range{22.5, 26}) {
		t.Errorf("kept %v", got)
	}
	d.sees(t, assets.OwnArticle, "Về giá trị gốc")
	typed("lề trên (mm)", "26-22")
	d.sees(t, "nằm ngoài khoảng cho phép")
	if got := own().Page.Top.Or(assets.Range{}); got != (assets.Range{22.5, 26}) {
		t.Errorf("after a value that cannot be used: %v", got)
	}
	d.unfold("Số, ký hiệu")
	d.choice(t, "nghiêng").SetSelected("nghiêng") // the first: of the number
	if got := own().Number.Style.Or(""); got != "italic" {
		t.Errorf("style %q", got)
	}
	d.unfold("Trang giấy")
	d.press(t, "Về giá trị gốc")
	if got := own(); got.Page.Top.Or(assets.Range{}) != (assets.Range{20, 25}) || len(got.Own()) != 1 {
		t.Errorf("after the way back: %v, own %v", got.Page.Top.Value, got.Own())
	}
	if strings.Contains(d.text(), "nằm ngoài khoảng") {
		t.Error("the mark stays")
	}
	d.choice(t, "Tự chọn").SetSelectedIndex(0)
	if strings.Contains(d.text(), "lề trên (mm)") {
		t.Error("the decree's values can be typed over")
	}
}

// With large text the sections still fit into a small screen: 1366 units less what
// the window itself needs.
func TestSectionsFit(t *testing.T) {
	for _, l := range []words.Language{words.Vietnamese, words.English} {
		d := open(t, &settings.Settings{Profile: assets.ProfileOwn, Proxy: "http://proxy.example:3128", Trust: []string{"/x"}}, "Hiển thị")
		d.frame.Words = l
		fyne.CurrentApp().Settings().SetTheme(look.New(look.Light, 150))
		screen := setup.New(d.frame, nil)
		t.Cleanup(screen.Close)
		d.SetContent(screen.Content())
		var sections []*frame.Button
		d.each(func(o fyne.CanvasObject) {
			if b, ok := o.(*frame.Button); ok && b.Alignment == widget.ButtonAlignLeading {
				sections = append(sections, b)
			}
		})
		if len(sections) != 6 {
			t.Fatalf("%d sections", len(sections))
		}
		for _, b := range sections {
			test.Tap(b)
			if w := screen.Content().MinSize().Width; w > 1340 {
				t.Errorf("%s, %q: %.0f units wide", l, b.Text, w)
			}
		}
	}
}
