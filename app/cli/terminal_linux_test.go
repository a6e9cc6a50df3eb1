package cli

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"antin/app/words"
	"antin/signer/token"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// person sits at a pseudo-terminal: sees what is written and types lines.
type person struct {
	t        *testing.T
	keyboard *os.File // the other end of the terminal
	terminal *os.File
	screen   chan string
	seen     strings.Builder
}

func newPerson(t *testing.T) *person {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here: ", err)
	}
	fd := int(master.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := &person{t: t, keyboard: master, terminal: slave, screen: make(chan string, 100)}
	go func() {
		b := make([]byte, 1024)
		for {
			n, err := master.Read(b)
			if err != nil {
				close(p.screen)
				return
			}
			p.screen <- string(b[:n])
		}
	}()
	t.Cleanup(func() { _ = errors.Join(slave.Close(), master.Close()) })
	return p
}

// waitFor reads the screen until text is there.
func (p *person) waitFor(text string) {
	p.t.Helper()
	for !strings.Contains(p.seen.String(), text) {
		select {
		case s := <-p.screen:
			p.seen.WriteString(s)
		case <-time.After(5 * time.Second):
			p.t.Fatalf("%q does not appear; the screen says %q", text, p.seen.String())
		}
	}
}

func (p *person) types(line string) {
	p.t.Helper()
	time.Sleep(50 * time.Millisecond) // the prompt is there a moment before the echo is off
	if _, err := p.keyboard.WriteString(line); err != nil {
		p.t.Fatal(err)
	}
}

// echoes tells whether the terminal shows what is typed.
func (p *person) echoes() bool {
	p.t.Helper()
	s, err := unix.IoctlGetTermios(int(p.terminal.Fd()), unix.TCGETS)
	if err != nil {
		p.t.Fatal(err)
	}
	return s.Lflag&unix.ECHO != 0
}

func (p *person) source(language words.Language) *pinSource {
	c := &command{Env: Env{p.terminal, p.terminal, p.terminal, func(string) string { return "" }}, words: language}
	return &pinSource{c: c, document: "QD-77.pdf", more: 2, line: &progress{}}
}

var holder = &x509.Certificate{Subject: pkix.Name{CommonName: "An"}}

type asked struct {
	pin       string
	confirmed bool
	err       error
}

// ask runs the question beside the person.
func ask(ctx context.Context, p *pinSource, t token.Token) chan asked {
	done := make(chan asked, 1)
	go func() {
		pin, confirmed, err := p.ask(ctx, t, holder)
		done <- asked{string(pin), confirmed, err}
	}()
	return done
}

func TestPINIsNotShown(t *testing.T) {
	p := newPerson(t)
	done := ask(t.Context(), p.source(words.English), token.Token{Label: "Token", Serial: "77", PIN: token.PINState{Set: true, Low: true}})
	p.waitFor("PIN (not shown while you type):")
	p.types("24681357\n")
	if got := <-done; got != (asked{pin: "24681357"}) {
		t.Errorf("%+v", got)
	}
	p.waitFor("type):")
	for _, want := range []string{"QD-77.pdf and 2 more", `An – token "Token", serial number 77`, "A wrong PIN was entered before"} {
		if !strings.Contains(p.seen.String(), want) {
			t.Errorf("the screen does not say %q: %q", want, p.seen.String())
		}
	}
	if strings.Contains(p.seen.String(), "2468") || !p.echoes() {
		t.Errorf("echo %v, the screen says %q", p.echoes(), p.seen.String())
	}
}

// Ctrl-C at the question leaves the terminal as it was.
func TestPINPromptIsInterrupted(t *testing.T) {
	p := newPerson(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := ask(ctx, p.source(words.Vietnamese), token.Token{PIN: token.PINState{Set: true}})
	p.waitFor("Mã PIN")
	for end := time.Now().Add(5 * time.Second); p.echoes() && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	if p.echoes() {
		t.Fatal("the terminal shows what is typed")
	}
	cancel()
	if got := <-done; !errors.Is(got.err, context.Canceled) || got.pin != "" {
		t.Errorf("%+v", got)
	}
	if !p.echoes() {
		t.Error("the terminal was left without echo")
	}
}

// The last try needs a word typed, and nothing less.
func TestLastTryIsConfirmed(t *testing.T) {
	last := token.Token{PIN: token.PINState{Set: true, FinalTry: true}}
	t.Run("confirmed", func(t *testing.T) {
		p := newPerson(t)
		done := ask(t.Context(), p.source(words.Vietnamese), last)
		p.waitFor(`Gõ "dong y"`)
		p.types("Dong y\n")
		p.waitFor("Mã PIN (")
		p.types("24681357\n")
		if got := <-done; got != (asked{"24681357", true, nil}) {
			t.Errorf("%+v", got)
		}
	})
	t.Run("not confirmed", func(t *testing.T) {
		p := newPerson(t)
		done := ask(t.Context(), p.source(words.Vietnamese), last)
		p.waitFor(`Gõ "dong y"`)
		p.types("\n")
		if got := <-done; got.pin != "" || got.confirmed || words.Code(got.err) != "KS-111" {
			t.Errorf("%+v", got)
		}
	})
}

func TestPINPadAsksNothing(t *testing.T) {
	p := newPerson(t)
	done := ask(t.Context(), p.source(words.English), token.Token{PIN: token.PINState{Set: true, Pad: true}})
	if got := <-done; got != (asked{}) {
		t.Errorf("%+v", got)
	}
	p.waitFor("Enter the PIN on the device")
}

// The line of progress comes late, and goes away.
func TestProgress(t *testing.T) {
	p := newPerson(t)
	c := &command{Env: Env{p.terminal, p.terminal, p.terminal, func(string) string { return "" }}, words: words.English}
	if !term.IsTerminal(int(p.terminal.Fd())) {
		t.Fatal("no terminal")
	}
	quick := c.begin("quick.pdf")
	quick.report(0, 1, 2)
	quick.finish()
	slow := c.begin("slow.pdf")
	slow.report(1, 1_500_000, 3_000_000)
	p.waitFor("slow.pdf: writing… 1.5 / 3.0 MB")
	slow.hold(func() { fmt.Fprint(p.terminal, "PIN?") })
	p.waitFor("\r\x1b[KPIN?")
	p.waitFor("PIN?\r\x1b[Kslow.pdf")
	slow.finish()
	fmt.Fprint(p.terminal, "END")
	p.waitFor("MB\r\x1b[KEND")
	if strings.Contains(p.seen.String(), "quick") {
		t.Errorf("%q", p.seen.String())
	}
}
