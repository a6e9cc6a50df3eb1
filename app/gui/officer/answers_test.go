package officer

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"testing"
	"time"

	"antin/app/checkup"
	"antin/app/gui/frame"
	"antin/app/gui/look"
	"antin/app/gui/watchdog"
	"antin/app/words"
	"antin/signer"
	"antin/signer/settings"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// many is a machine with the drivers of many vendors and some tokens.
type many struct{ modules []signer.ModuleState }

func newMany() *many {
	d := &many{}
	for i := range 30 {
		m := signer.ModuleState{Found: token.Found{Module: token.Module{Name: fmt.Sprintf("Driver %d", i), Path: fmt.Sprintf("/usr/lib/vendor/driver-%d.so", i)}}}
		if i >= 4 {
			m.Problem = token.ErrNotModule
		} else {
			of := token.Token{Label: fmt.Sprintf("Token %d", i), Serial: "0123"}
			for n := range 3 {
				of.Certificates = append(of.Certificates, token.Certificate{X509: &x509.Certificate{Raw: []byte{byte(n)}, Subject: pkix.Name{CommonName: "Nguyễn Văn An"}}})
			}
			m.Tokens = []token.Token{of}
		}
		d.modules = append(d.modules, m)
	}
	return d
}

func (d *many) State() (s frame.TokenState) {
	for _, m := range d.modules {
		s.Tokens = append(s.Tokens, m.Tokens...)
	}
	return s
}
func (d *many) Modules() []signer.ModuleState               { return d.modules }
func (*many) Listen(func()) (stop func())                   { return func() {} }
func (*many) Look()                                         {}
func (*many) Key(string, signer.PINFunc) (frame.Key, error) { return nil, token.ErrNoToken }
func (*many) ChangePIN(context.Context, token.Token, []byte, []byte, ...token.LoginOption) error {
	return nil
}

// Neither many drivers nor a long checkup keep the window from answering.
func TestAnswersOfAMachineWithMuch(t *testing.T) {
	watchdog.Least(t, func(timed watchdog.T) { answersOfAMachineWithMuch(t, timed) })
}

func answersOfAMachineWithMuch(t *testing.T, timed watchdog.T) {
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Light, 100))
	window := test.NewTempWindow(t, widget.NewLabel("Ấn Tín")) // fonts are read
	window.Resize(fyne.NewSize(1366, 768))
	f := &frame.Frame{
		Window: window, Words: words.Vietnamese, Settings: &settings.Settings{}, Now: time.Now,
		Worker: func(work, done func()) { work(); done() },
	}
	call := func(what string, do func()) { watchdog.Call(timed, watchdog.Limit, what, do) }
	dress := func(what string, to fyne.Theme) { watchdog.Calls(timed, watchdog.Limit, what, frame.Wear(to)) }
	var s *Screen
	call("opening the screen", func() {
		s = New(f, newMany(), "1.0")
		window.SetContent(s.Content())
	})
	call("looking again", s.fill)
	s.lines.RemoveAll()
	for i := range 60 {
		call("a line of the checkup", func() {
			s.add(checkup.Line{State: checkup.Warning, Text: fmt.Sprintf("%d: trình điều khiển của nhà cung cấp không trả lời", i), Hint: "Cài lại bộ cài của nhà cung cấp rồi cắm lại USB ký số."})
		})
	}
	var drivers *widget.Accordion
	for _, o := range s.tokens.Objects {
		if a, ok := o.(*widget.Accordion); ok {
			drivers = a
		}
	}
	call("unfolding the drivers", func() { drivers.Open(0) })
	call("folding them", func() { drivers.Close(0) })
	dress("larger text", look.New(look.Light, 120))
	dress("dark colours", look.New(look.Dark, 100))

	lines := len(s.lines.Objects)
	s.Close()
	if s.add(checkup.Line{Text: "late"}); len(s.lines.Objects) != lines {
		t.Error("a closed screen shows a line")
	}
}
