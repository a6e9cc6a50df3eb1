package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"antin/signer"
	"antin/signer/home"
	"antin/signer/token"

	"golang.org/x/term"
)

// tokens lists what is plugged in, with what is remembered of earlier runs. A
// folder that cannot be made is told: wrong PINs are counted for this run only.
func (c *command) tokens(ctx context.Context, modules []string) (*signer.TokenList, error) {
	modules = append(modules, c.settings().Modules...)
	for i, m := range modules {
		path, err := filepath.Abs(m)
		if err != nil {
			return nil, &problem{"KS-630", err}
		}
		modules[i] = path
	}
	dir, err := home.Path("")
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err != nil {
		dir = ""
		c.words.Write(c.Stderr, c.words.Explain(err))
	}
	return signer.Tokens(ctx, signer.TokenOptions{Modules: modules, Folder: dir}), nil
}

// token changes the PIN of a token: antin token pin.
func (c *command) token(ctx context.Context, args []string) (int, error) {
	var modules []string
	var who, oldFile, newFile string
	f := c.flags("token")
	f.list("module", &modules)
	f.StringVar(&who, "token", "", "")
	f.StringVar(&oldFile, "pin-file", "", "")
	f.StringVar(&newFile, "new-pin-file", "", "")
	words, err := f.parse(args)
	if err != nil {
		return exitUsage, err
	}
	if len(words) != 1 || words[0] != "pin" || (oldFile == "") != (newFile == "") {
		return exitUsage, &usageError{c.words.Text("usage.token")}
	}
	list, err := c.tokens(ctx, modules)
	if err != nil {
		return exitFor(err), err
	}
	defer list.Close() // the helpers end with this process anyway
	t, err := list.Find(who)
	if err != nil {
		return exitFor(err), err
	}
	t.PIN = list.PIN(t)
	old, next, opts, err := c.twoPINs(ctx, t, oldFile, newFile)
	defer clear(old)
	defer clear(next)
	if err == nil {
		err = list.ChangePIN(ctx, t, old, next, opts...)
	}
	if err != nil {
		return exitFor(err), err
	}
	fmt.Fprintln(c.Stdout, c.words.Text("token.pin-changed", t.Label, t.Serial))
	return exitDone, nil
}

// twoPINs gets the old and the new PIN from files or from a person, who types
// the new one twice.
func (c *command) twoPINs(ctx context.Context, t token.Token, oldFile, newFile string) (old, next []byte, opts []token.LoginOption, err error) {
	if oldFile != "" {
		if t.PIN.FinalTry {
			return nil, nil, nil, fmt.Errorf("cli: a PIN file is no confirmation: %w", token.ErrPINFinalTry)
		}
		if old, err = (&pinSource{c: c, file: oldFile}).fromFile(); err == nil {
			next, err = (&pinSource{c: c, file: newFile}).fromFile()
		}
		return old, next, nil, err
	}
	in, out, closeAll, err := c.terminal()
	if err != nil {
		return nil, nil, nil, &problem{"KS-117", err}
	}
	defer closeAll()
	if t.PIN.FinalTry {
		fmt.Fprintln(out, c.words.Text("pin.final-try"))
		if err := (&pinSource{c: c}).confirm(ctx, in, out); err != nil {
			return nil, nil, nil, err
		}
		opts = append(opts, token.LastTryConfirmed())
	}
	if t.PIN.Pad {
		fmt.Fprintln(out, c.words.Text("pin.pad"))
		return nil, nil, opts, nil
	}
	ask := func(prompt string) ([]byte, error) {
		fmt.Fprint(out, prompt, " ")
		pin, err := await(ctx, in, func() ([]byte, error) { return term.ReadPassword(int(in.Fd())) })
		fmt.Fprintln(out)
		return pin, err
	}
	if old, err = ask(c.words.Text("token.pin-old", t.Label)); err != nil {
		return old, nil, nil, err
	}
	if next, err = ask(c.words.Text("token.pin-new")); err != nil {
		return old, next, nil, err
	}
	again, err := ask(c.words.Text("token.pin-again"))
	defer clear(again)
	if err == nil && !bytes.Equal(next, again) {
		err = &problem{"KS-127", errors.New("the new PIN was typed in two ways")}
	}
	return old, next, opts, err
}
