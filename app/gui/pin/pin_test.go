package pin

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"antin/app/gui/frame"
	"antin/app/gui/look"
	"antin/app/words"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// desk is a window in which a PIN is asked for.
type desk struct {
	t         *testing.T
	window    fyne.Window
	asker     *Asker
	cancelled int
	work      chan func() // for the user interface's goroutine, the test's
	result    chan answer
	end       context.CancelFunc
}

// asked begins a call for a token in this state.
func asked(t *testing.T, s token.PINState, r Request) *desk {
	t.Helper()
	cert := &x509.Certificate{Subject: pkix.Name{CommonName: "Nguyễn Văn An"}}
	return call(t, r, func(ctx context.Context, a *Asker) (got answer) {
		got.pin, got.confirmed, got.err = a.PIN(ctx, token.Token{Label: "VGCA", Serial: "0123", PIN: s}, cert)
		return got
	})
}

func call(t *testing.T, r Request, do func(context.Context, *Asker) answer) *desk {
	t.Helper()
	was := capsLock
	capsLock = func() (on, known bool) { return false, false }
	t.Cleanup(func() { capsLock = was })
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Light, 100))
	d := &desk{t: t, window: test.NewTempWindow(t, widget.NewLabel("")), work: make(chan func(), 9), result: make(chan answer, 1)}
	d.window.Resize(fyne.NewSize(800, 600))
	d.asker = New(&frame.Frame{Window: d.window, Words: words.Vietnamese}, r, func() { d.cancelled++ })
	d.asker.do = func(f func()) { d.work <- f }
	ctx, end := context.WithCancel(context.Background())
	d.end = end
	t.Cleanup(end)
	go func() { d.result <- do(ctx, d.asker) }()
	return d
}

// step does what the call has for the user interface.
func (d *desk) step() *desk {
	d.t.Helper()
	select {
	case f := <-d.work:
		f()
	case <-time.After(5 * time.Second):
		d.t.Fatal("nothing is asked")
	}
	return d
}

func (d *desk) answered() answer {
	d.t.Helper()
	select {
	case a := <-d.result:
		return a
	case <-time.After(5 * time.Second):
		d.t.Fatal("no answer")
		return answer{}
	}
}

func (d *desk) key(name fyne.KeyName) {
	d.t.Helper()
	if d.window.Canvas().Focused() == nil {
		d.t.Fatal("nothing has the focus")
	}
	d.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name})
}

func (d *desk) write(text string) {
	d.t.Helper()
	if d.window.Canvas().Focused() == nil {
		d.t.Fatal("nothing has the focus")
	}
	test.Type(d.window.Canvas().Focused(), text)
}

// texts are the labels and buttons on the screen.
func (d *desk) texts() string {
	top := d.window.Canvas().Overlays().Top()
	if top == nil {
		return ""
	}
	var all []string
	for _, o := range test.LaidOutObjects(top) {
		switch o := o.(type) {
		case *widget.Label:
			all = append(all, o.Text)
		case *frame.Button:
			all = append(all, "["+o.Text+"]")
		}
	}
	return strings.Join(all, "\n")
}

func (d *desk) press(label string) {
	d.t.Helper()
	for _, o := range test.LaidOutObjects(d.window.Canvas().Overlays().Top()) {
		if b, ok := o.(*frame.Button); ok && b.Text == label {
			test.Tap(b)
			return
		}
	}
	d.t.Fatalf("no button %q in\n%s", label, d.texts())
}

var fine = token.PINState{Set: true}

func TestEnterSigns(t *testing.T) {
	d := asked(t, fine, Request{Documents: []string{"QD-77.pdf"}, Pages: 3}).step()
	for _, want := range []string{"QD-77.pdf (3 trang)", "Nguyễn Văn An", "VGCA", "0123"} {
		if !strings.Contains(d.texts(), want) {
			t.Errorf("%q is not in\n%s", want, d.texts())
		}
	}
	d.write("12345678") // the field has the focus at once
	field := d.asker.fields[0]
	if got := field.bullets.Text; got != strings.Repeat(bullet, 8) {
		t.Errorf("seen is %q", got)
	}
	d.key(fyne.KeyReturn)
	got := d.answered()
	if string(got.pin) != "12345678" || got.confirmed || got.err != nil {
		t.Errorf("answer %q, %v, %v", got.pin, got.confirmed, got.err)
	}
	if field.typed != [longest]byte{} || d.texts() != "" {
		t.Errorf("afterwards the field has %q, the screen %q", field.typed, d.texts())
	}
}

func TestSeveralDocuments(t *testing.T) {
	d := asked(t, fine, Request{Documents: []string{"a.pdf", "b.pdf", "c.pdf"}}).step()
	if !strings.Contains(d.texts(), "3 văn bản: a.pdf và 2 văn bản khác") {
		t.Error(d.texts())
	}
}

func TestGivingUp(t *testing.T) {
	for name, do := range map[string]func(d *desk){
		"escape":                   func(d *desk) { d.key(fyne.KeyEscape) },
		"button":                   func(d *desk) { d.press("Huỷ") },
		"the screen goes away":     func(d *desk) { d.asker.Close() },
		"escape on another button": func(d *desk) { d.window.Canvas().FocusNext(); d.key(fyne.KeyEscape) },
	} {
		t.Run(name, func(t *testing.T) {
			d := asked(t, fine, Request{Documents: []string{"a.pdf"}}).step()
			d.write("1234")
			field := d.asker.fields[0]
			do(d)
			if got := d.answered(); !errors.Is(got.err, token.ErrCancelled) || got.pin != nil {
				t.Errorf("answer %q, %v", got.pin, got.err)
			}
			if field.typed != [longest]byte{} || d.texts() != "" {
				t.Errorf("afterwards the field has %q, the screen %q", field.typed, d.texts())
			}
		})
	}
}

func TestEndOfTheWork(t *testing.T) {
	d := asked(t, fine, Request{Documents: []string{"a.pdf"}}).step()
	d.write("1234")
	field := d.asker.fields[0]
	d.end()
	if got := d.answered(); !errors.Is(got.err, context.Canceled) {
		t.Error(got.err)
	}
	d.step()
	if field.typed != [longest]byte{} || d.texts() != "" {
		t.Errorf("afterwards the field has %q, the screen %q", field.typed, d.texts())
	}
}

// No PIN is asked for where none would help.
func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		state token.PINState
		want  error
	}{
		"locked":      {token.PINState{Set: true, Locked: true}, token.ErrPINLocked},
		"not set":     {token.PINState{}, token.ErrPINNotSet},
		"must change": {token.PINState{Set: true, MustChange: true}, token.ErrPINExpired},
		"locked pad":  {token.PINState{Set: true, Pad: true, Locked: true}, token.ErrPINLocked},
	} {
		t.Run(name, func(t *testing.T) {
			d := asked(t, c.state, Request{Documents: []string{"a.pdf"}})
			if got := d.answered(); !errors.Is(got.err, c.want) {
				t.Errorf("error %v, want %v", got.err, c.want)
			}
			if len(d.work) != 0 {
				t.Error("something is shown")
			}
		})
	}
}

func TestTriesAreTold(t *testing.T) {
	for name, c := range map[string]struct {
		state token.PINState
		want  string
	}{
		"low":     {token.PINState{Set: true, Low: true}, "Sai thêm có thể KHOÁ"},
		"counted": {token.PINState{Set: true, Low: true, Wrong: 1}, "Đã nhập sai ít nhất 1 lần"},
	} {
		t.Run(name, func(t *testing.T) {
			d := asked(t, c.state, Request{Documents: []string{"a.pdf"}}).step()
			if !strings.Contains(d.texts(), c.want) {
				t.Errorf("%q is not in\n%s", c.want, d.texts())
			}
		})
	}
}

func TestLastTry(t *testing.T) {
	last := token.PINState{Set: true, FinalTry: true}
	d := asked(t, last, Request{Documents: []string{"a.pdf"}}).step()
	if len(d.asker.fields) > 0 || !strings.Contains(d.texts(), "Chỉ còn 1 lần nhập") {
		t.Fatalf("before the PIN nothing is confirmed:\n%s", d.texts())
	}
	if b, ok := d.window.Canvas().Focused().(*frame.Button); !ok || b.Text != "Dừng lại" {
		t.Error("Enter would not stop")
	}
	d.press("Tôi chắc chắn")
	d.write("1234")
	d.key(fyne.KeyReturn)
	if got := d.answered(); string(got.pin) != "1234" || !got.confirmed {
		t.Errorf("answer %q, %v, %v", got.pin, got.confirmed, got.err)
	}

	d = asked(t, last, Request{Documents: []string{"a.pdf"}}).step()
	d.key(fyne.KeyReturn)
	if got := d.answered(); !errors.Is(got.err, token.ErrCancelled) || got.confirmed {
		t.Errorf("stopped, and the answer is %v, %v", got.confirmed, got.err)
	}
}

// The PIN is entered on the reader: the work goes on, and can be ended.
func TestPad(t *testing.T) {
	d := asked(t, token.PINState{Set: true, Pad: true}, Request{Documents: []string{"a.pdf"}}).step()
	if got := d.answered(); got.pin != nil || got.err != nil {
		t.Fatalf("answer %q, %v", got.pin, got.err)
	}
	if len(d.asker.fields) > 0 || !strings.Contains(d.texts(), "trên thiết bị") {
		t.Fatalf("no word of the device:\n%s", d.texts())
	}
	d.key(fyne.KeyEscape)
	if d.cancelled != 1 {
		t.Error("Escape does not end the work")
	}
	d.asker.Close()
	if d.texts() != "" {
		t.Error("the question stays")
	}

	d = asked(t, token.PINState{Set: true, Pad: true, FinalTry: true}, Request{Documents: []string{"a.pdf"}}).step()
	d.press("Tôi chắc chắn")
	if got := d.answered(); !got.confirmed || got.err != nil {
		t.Errorf("answer %v, %v", got.confirmed, got.err)
	}
}

// A PIN that cannot be one costs no try.
func TestTooShort(t *testing.T) {
	d := asked(t, token.PINState{Set: true, Min: 6, Max: 16}, Request{Documents: []string{"a.pdf"}}).step()
	d.write("12345")
	d.key(fyne.KeyReturn)
	if len(d.result) != 0 || !strings.Contains(d.texts(), "ít nhất 6 ký tự") {
		t.Fatalf("five characters of six:\n%s", d.texts())
	}
	d.write("6")
	if strings.Contains(d.texts(), "ít nhất 6 ký tự") {
		t.Error("the hint stays")
	}
	d.key(fyne.KeyReturn)
	if got := d.answered(); string(got.pin) != "123456" {
		t.Errorf("answer %q, %v", got.pin, got.err)
	}
}

// What a Vietnamese input method makes of a PIN is wiped and never sent.
func TestInputMethod(t *testing.T) {
	d := asked(t, fine, Request{Documents: []string{"a.pdf"}}).step()
	d.write("12a")
	d.key(fyne.KeyBackspace)
	d.write("â")
	if d.asker.fields[0].n != 0 || !strings.Contains(d.texts(), "UniKey") {
		t.Fatalf("%d characters are kept:\n%s", d.asker.fields[0].n, d.texts())
	}
	d.key(fyne.KeyReturn)
	if len(d.result) != 0 {
		t.Fatal("an empty PIN is sent")
	}
	d.write("12aa")
	if strings.Contains(d.texts(), "UniKey") {
		t.Error("the hint stays though ASCII is typed")
	}
	d.key(fyne.KeyReturn)
	if got := d.answered(); string(got.pin) != "12aa" {
		t.Errorf("answer %q, %v", got.pin, got.err)
	}
}

func TestCapsLock(t *testing.T) {
	for name, c := range map[string]struct {
		known  func() (on, known bool)
		events string // L: Caps Lock key, S and s: Shift down and up, else typed
		want   bool
	}{
		"small letter":                {nil, "a", false},
		"capital without Shift":       {nil, "A", true},
		"capital with Shift":          {nil, "SA", false},
		"small letter with Shift":     {nil, "Sa", true},
		"capital after Shift":         {nil, "SAsB", true},
		"digits tell nothing":         {nil, "12", false},
		"the key":                     {nil, "L", true},
		"the key twice":               {nil, "LL", false},
		"the system says yes":         {func() (bool, bool) { return true, true }, "1", true},
		"the system knows it better":  {func() (bool, bool) { return false, true }, "A", false},
		"capital, then small letters": {nil, "Ab", false},
	} {
		t.Run(name, func(t *testing.T) {
			d := asked(t, fine, Request{Documents: []string{"a.pdf"}})
			if c.known != nil {
				capsLock = c.known
			}
			d.step()
			f := d.asker.fields[0]
			for _, e := range c.events {
				switch e {
				case 'L':
					f.KeyDown(&fyne.KeyEvent{Name: desktop.KeyCapsLock})
				case 'S':
					f.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
				case 's':
					f.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
				default:
					f.TypedRune(e)
				}
			}
			if got := strings.Contains(d.texts(), "CAPS LOCK"); got != c.want {
				t.Errorf("warned: %v, want %v", got, c.want)
			}
		})
	}
}

// The characters are seen while the eye or its key is held, and no longer.
func TestEye(t *testing.T) {
	d := asked(t, fine, Request{Documents: []string{"a.pdf"}}).step()
	d.write("47aZ")
	f := d.asker.fields[0]
	seen := func() string {
		var all string
		for _, l := range f.letters {
			all += l.Text
		}
		return all + f.bullets.Text
	}
	var e *eye
	for _, o := range test.LaidOutObjects(d.window.Canvas().Overlays().Top()) {
		if o, ok := o.(*eye); ok {
			e = o
		}
	}
	hidden := strings.Repeat(bullet, 4)
	for _, c := range []struct {
		what string
		do   func()
		want string
	}{
		{"at first", func() {}, hidden},
		{"pressed", func() { e.MouseDown(nil) }, "47aZ"},
		{"released", func() { e.MouseUp(nil) }, hidden},
		{"pressed again", func() { e.MouseDown(nil) }, "47aZ"},
		{"pointer gone", func() { e.MouseOut() }, hidden},
		{"key held", func() { f.KeyDown(&fyne.KeyEvent{Name: revealKey}) }, "47aZ"},
		{"key released", func() { f.KeyUp(&fyne.KeyEvent{Name: revealKey}) }, hidden},
		{"space on the eye", func() { e.KeyDown(&fyne.KeyEvent{Name: fyne.KeySpace}) }, "47aZ"},
		{"focus elsewhere", func() { e.FocusLost() }, hidden},
		{"key held", func() { f.KeyDown(&fyne.KeyEvent{Name: revealKey}) }, "47aZ"},
		{"field without focus", func() { f.FocusLost() }, hidden},
	} {
		c.do()
		if got := seen(); got != c.want {
			t.Errorf("%s: %q is seen, want %q", c.what, got, c.want)
		}
	}
}

func TestFieldKeys(t *testing.T) {
	test.NewTempApp(t)
	f := newField()
	test.Type(f, strings.Repeat("x", longest+5))
	if f.n != longest {
		t.Errorf("%d characters are kept, want %d", f.n, longest)
	}
	f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	if f.n != longest-1 || f.typed[longest-1] != 0 {
		t.Error("Backspace leaves the last character")
	}
	f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	if f.n != 0 || f.typed != [longest]byte{} {
		t.Error("Delete leaves something")
	}
	test.Type(f, "1234")
	f.Hide()
	if f.typed != [longest]byte{} {
		t.Error("hidden, it still has the PIN")
	}
	if _, ok := any(f).(fyne.Shortcutable); ok {
		t.Error("the field takes shortcuts: nothing may be copied or pasted")
	}
}

// The buttons are in reach of the keyboard: field, eye, cancel, sign.
func TestFocusOrder(t *testing.T) {
	d := asked(t, fine, Request{Documents: []string{"a.pdf"}}).step()
	var order []string
	for range 4 {
		switch o := d.window.Canvas().Focused().(type) {
		case *field:
			order = append(order, "field")
		case *eye:
			order = append(order, "eye")
		case *frame.Button:
			order = append(order, o.Text)
		}
		d.window.Canvas().FocusNext()
	}
	if want := []string{"field", "eye", "Huỷ", "Ký"}; !slices.Equal(order, want) {
		t.Errorf("order %q, want %q", order, want)
	}
}

// F1, which the field has no use for, goes to the window; what is typed stays.
func TestOtherKeysAreTheWindows(t *testing.T) {
	d := asked(t, token.PINState{Set: true}, Request{Documents: []string{"a.pdf"}})
	var keys []fyne.KeyName
	d.asker.frame.Key = func(k *fyne.KeyEvent) bool { keys = append(keys, k.Name); return true }
	d.step()
	d.write("12")
	d.key(fyne.KeyF1)
	d.write("34")
	d.key(fyne.KeyReturn)
	if got := d.answered(); string(got.pin) != "1234" || !slices.Equal(keys, []fyne.KeyName{fyne.KeyF1}) {
		t.Errorf("the window has got %v, the PIN is %q", keys, got.pin)
	}
}
