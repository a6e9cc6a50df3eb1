package batch

import (
	"context"
	"errors"

	"antin/signer"
)

// Login is how a run gets its key, and what is set for its documents.
type Login struct {
	Who     string // whose key
	Ask     signer.PINFunc
	Prepare func(signer.Common) (signer.Common, error)
}

// Enter finds the key and has plan write the run into the register's journal, beside
// the user interface; then is told how that ended, and goes on with Do. Nothing is
// signed before the person has given the PIN for the first document.
func (r *Run) Enter(l Login, plan func(context.Context, signer.Common) error, then func(error)) {
	r.Prepare(func(ctx context.Context) error {
		common, err := l.Prepare(signer.Common{})
		if err != nil {
			return err
		}
		if common.Key, err = r.Key(l.Who, l.Ask); err != nil {
			return err
		}
		return plan(ctx, common)
	}, then)
}

// EnterAgain does what failed in a run, or what waits after a stop, under a new
// login; asked is as for New.
func (r *Run) EnterAgain(l Login, b *signer.EnteredBatch, asked func()) {
	r.Prepare(func(context.Context) error {
		key, err := r.Key(l.Who, l.Ask)
		if err == nil {
			b.Common.Key = key
		}
		return err
	}, func(err error) {
		if err != nil {
			asked()
			r.Ended(err)
			return
		}
		r.Again(asked)
	})
}

// GiveUp gives up what is left of a run; its rows are told nothing of it.
func GiveUp(ctx context.Context, b *signer.EnteredBatch) error {
	b.Changed = nil
	return errors.Join(b.Discard(ctx), b.Close())
}
