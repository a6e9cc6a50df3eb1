package cli

import (
	"context"

	"antin/signer/home"
	"antin/signer/register"
)

// registerFlags say which register a command uses.
type registerFlags struct {
	file string
	none bool
}

func (r *registerFlags) define(f *flags) {
	f.StringVar(&r.file, "register", "", "")
	f.BoolVar(&r.none, "no-register", false, "")
}

// open is the register, nil when none is wanted.
func (r *registerFlags) open(ctx context.Context) (*register.Register, error) {
	switch {
	case r.none:
		return nil, nil
	case r.file == "":
		return home.Register(ctx)
	}
	return register.Open(ctx, r.file, register.Options{})
}

// logTo opens the log of what is signed and returns how it is closed. Without
// it a person signs all the same: that is told.
func (c *command) logTo(ctx context.Context, s *signing, book registerFlags) (done func()) {
	r, err := book.open(ctx)
	if err != nil {
		c.words.Write(c.Stderr, c.words.Explain(err))
	}
	if r == nil || err != nil {
		return func() {}
	}
	s.log = r
	return func() { _ = r.Close() } // what was entered is committed
}
