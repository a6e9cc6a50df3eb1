package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"antin/app/words"
	"antin/signer/token"
)

func TestReadLine(t *testing.T) {
	for _, x := range []struct{ in, want, rest string }{
		{"1234\nnext", "1234", "next"},
		{"1234\r\nnext", "1234", "next"},
		{"1234", "1234", ""},
		{"\n", "", ""},
		{" 12 34 \n", " 12 34 ", ""},
	} {
		r := strings.NewReader(x.in)
		got, err := readLine(iotest.OneByteReader(r))
		rest, _ := io.ReadAll(r)
		if string(got) != x.want || string(rest) != x.rest || err != nil {
			t.Errorf("%q: %q, rest %q, %v", x.in, got, rest, err)
		}
	}
	if _, err := readLine(strings.NewReader("")); !errors.Is(err, io.EOF) {
		t.Errorf("nothing to read: %v", err)
	}
	if got, err := readLine(bytes.NewReader(bytes.Repeat([]byte{'1'}, 1000))); len(got) > longestLine || err != nil {
		t.Errorf("an endless line: %d bytes, %v", len(got), err)
	}
}

// With one try left a PIN from a file is not used at all, nor even read.
func TestLastTryIsNotForFiles(t *testing.T) {
	c, _, _ := testCommand()
	c.Stdin = iotest.ErrReader(errors.New("must not be read"))
	p := &pinSource{c: c, file: "-", line: &progress{}}
	pin, confirmed, err := p.ask(t.Context(), token.Token{PIN: token.PINState{Set: true, FinalTry: true}}, nil)
	if pin != nil || confirmed || words.Code(err) != "KS-111" {
		t.Errorf("%q, %v, %v", pin, confirmed, err)
	}
}

// A PIN file that cannot be read is told before anything else is done.
func TestPINFileIsCheckedFirst(t *testing.T) {
	c, _, messages := testCommand()
	code := c.perform(t.Context(), &signing{cert: "x", pinFile: "no-such-file"}, []step{{action: "sign", source: "x.pdf"}})
	if code != exitToken || !strings.Contains(messages.String(), "KS-118") {
		t.Errorf("exit code %d, %s", code, messages)
	}
}

// What the person stopped is told as such, whatever came of it.
func TestInterrupted(t *testing.T) {
	c, _, _ := testCommand()
	ctx, cancel := context.WithCancel(t.Context())
	if err := c.interrupted(ctx, token.ErrDriver); words.Code(err) != "KS-120" {
		t.Error(err)
	}
	cancel()
	if err := c.interrupted(ctx, token.ErrDriver); words.Code(err) != "KS-620" || !errors.Is(err, token.ErrDriver) {
		t.Error(err)
	}
}
