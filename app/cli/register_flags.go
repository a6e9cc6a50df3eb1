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
