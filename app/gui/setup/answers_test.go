package setup_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"testing"

	"antin/app/gui/frame"
	"antin/app/gui/look"
	"antin/app/gui/watchdog"
	"antin/assets"
	"antin/signer/settings"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// many is a machine into which tokens with many certificates are plugged.
type many struct{ bare }

func (many) State() frame.TokenState {
	var of token.Token
	for i := range 6 {
		of.Certificates = append(of.Certificates, token.Certificate{X509: &x509.Certificate{Raw: []byte{byte(i)}, Subject: pkix.Name{CommonName: fmt.Sprintf("Nguyễn Văn %d", i)}}})
	}
	return frame.TokenState{Tokens: []token.Token{of}}
}

// Neither opening a section nor what changes colours and sizes while it is shown
// keeps the window from answering.
func TestSectionsAnswer(t *testing.T) {
	watchdog.Least(t, func(timed watchdog.T) { sectionsAnswer(t, timed) })
}

func sectionsAnswer(t *testing.T, timed watchdog.T) {
	d := open(t, &settings.Settings{Profile: assets.ProfileOwn}, "Hiển thị")
	d.frame.Tokens = many{}
	calls := func(what string, start func()) {
		watchdog.Calls(timed, watchdog.Limit, what, func(do func(func())) {
			d.frame.Worker = func(work, done func()) {
				work()
				do(done)
			}
			start()
		})
	}
	dress := func(what string, to fyne.Theme) { watchdog.Calls(timed, watchdog.Limit, what, frame.Wear(to)) }
	for _, section := range []string{"Chữ ký và con dấu", "Cơ quan", "Mạng và dấu thời gian", "Tin cậy", "Trình điều khiển riêng", "Hiển thị"} {
		var b *frame.Button
		d.each(func(o fyne.CanvasObject) {
			if is, ok := o.(*frame.Button); ok && is.Text == section {
				b = is
			}
		})
		if b == nil {
			t.Fatalf("no section %q in:\n%s", section, d.text())
		}
		calls(section, func() { test.Tap(b) })
		dress(section+", larger text", look.New(look.Light, 120))
		dress(section+", dark colours", look.New(look.Dark, 100))
	}
}
