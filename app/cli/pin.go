package cli

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"antin/signer/cms"
	"antin/signer/token"

	"golang.org/x/term"
)

// pinSource gets the PIN from a person or from --pin-file. The signer asks it
// once, after everything else has been checked.
type pinSource struct {
	c        *command
	file     string // "" = terminal, "-" = standard input
	document string // that is being signed
	more     int    // documents after it
	line     *progress
}

const longestLine = 256 // bytes; far above any PIN

// ask is the signer's PINFunc. The caller wipes what it gets.
func (p *pinSource) ask(ctx context.Context, t token.Token, cert *x509.Certificate) (pin []byte, confirmed bool, err error) {
	if p.file != "" {
		if t.PIN.FinalTry {
			return nil, false, fmt.Errorf("cli: a PIN file is no confirmation: %w", token.ErrPINFinalTry)
		}
		pin, err = p.fromFile()
		return pin, false, err
	}
	p.line.hold(func() { pin, confirmed, err = p.fromTerminal(ctx, t, cert) })
	return pin, confirmed, err
}

func (p *pinSource) fromFile() ([]byte, error) {
	if p.file == "-" {
		pin, err := readLine(p.c.Stdin)
		if err != nil {
			return nil, &problem{"KS-118", fmt.Errorf("reading the PIN from standard input: %w", err)}
		}
		return pin, nil
	}
	f, err := os.Open(p.file)
	if err != nil {
		return nil, &problem{"KS-118", err}
	}
	defer f.Close()
	pin, err := readLine(f)
	if err != nil {
		return nil, &problem{"KS-118", fmt.Errorf("reading %q: %w", p.file, err)}
	}
	return pin, nil
}

// readLine reads one line, and no byte more, into memory that the caller can
// wipe.
func readLine(r io.Reader) ([]byte, error) {
	line := make([]byte, 0, longestLine)
	for len(line) < cap(line) {
		n, err := r.Read(line[len(line) : len(line)+1])
		if n == 1 {
			if b := line[:len(line)+1]; b[len(line)] == '\n' {
				break
			}
			line = line[:len(line)+1]
		}
		if errors.Is(err, io.EOF) && len(line) > 0 {
			break
		}
		if err != nil {
			clear(line)
			return nil, err
		}
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line, nil
}

func (p *pinSource) fromTerminal(ctx context.Context, t token.Token, cert *x509.Certificate) (pin []byte, confirmed bool, err error) {
	in, out, closeAll, err := p.c.terminal()
	if err != nil {
		return nil, false, &problem{"KS-117", err}
	}
	defer closeAll()
	say := func(name string, args ...any) { fmt.Fprintln(out, p.c.words.Text(name, args...)) }
	if p.more > 0 {
		say("pin.documents", p.document, p.more)
	} else {
		say("pin.document", p.document)
	}
	say("pin.certificate", cms.DisplayName(cert), t.Label, t.Serial)
	switch {
	case t.PIN.FinalTry:
		say("pin.final-try")
		if err := p.confirm(ctx, in, out); err != nil {
			return nil, false, err
		}
		confirmed = true
	case t.PIN.Low:
		say("pin.low")
	}
	if t.PIN.Pad {
		say("pin.pad")
		return nil, confirmed, nil
	}
	fmt.Fprint(out, p.c.words.Text("pin.prompt"), " ")
	pin, err = await(ctx, in, func() ([]byte, error) { return term.ReadPassword(int(in.Fd())) })
	fmt.Fprintln(out)
	return pin, confirmed, err
}

// confirm wants a word typed before the last try.
func (p *pinSource) confirm(ctx context.Context, in *os.File, out io.Writer) error {
	word := p.c.words.Text("pin.confirm-word")
	fmt.Fprint(out, p.c.words.Text("pin.confirm", word), " ")
	answer, err := await(ctx, in, func() ([]byte, error) { return readLine(in) })
	if err != nil {
		return err
	}
	if !strings.EqualFold(strings.TrimSpace(string(answer)), word) {
		return fmt.Errorf("cli: last try not confirmed: %w", token.ErrPINFinalTry)
	}
	return nil
}

// await reads from the terminal until ctx ends, and leaves the terminal as it
// was: with echo.
func await(ctx context.Context, in *os.File, read func() ([]byte, error)) ([]byte, error) {
	before, err := term.GetState(int(in.Fd()))
	if err != nil {
		return nil, &problem{"KS-117", err}
	}
	type answer struct {
		line []byte
		err  error
	}
	done := make(chan answer, 1)
	go func() {
		line, err := read()
		done <- answer{line, err}
	}()
	select {
	case a := <-done:
		if a.err != nil {
			return nil, &problem{"KS-117", a.err}
		}
		return a.line, nil
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), term.Restore(int(in.Fd()), before))
	}
}

// terminal is where a person sits: standard input when it is one, else the
// terminal of the process.
func (c *command) terminal() (in *os.File, out io.Writer, closeAll func(), err error) {
	if f, ok := c.Stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f, c.Stderr, func() {}, nil
	}
	in, w, err := openTerminal()
	if err != nil {
		return nil, nil, nil, err
	}
	return in, w, func() { _ = errors.Join(in.Close(), w.Close()) }, nil // only read and written at once: nothing can be lost
}
