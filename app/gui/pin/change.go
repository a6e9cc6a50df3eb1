package pin

import (
	"context"
	"fmt"

	"antin/signer/token"

	"fyne.io/fyne/v2/container"
)

// Change asks for the PIN of t and, twice, for the one that is to take its place;
// what it returns is for token.Driver.ChangePIN, which wipes both. A token that
// wants its PIN changed before the first use is no obstacle. It waits like PIN and
// has its errors.
func (a *Asker) Change(ctx context.Context, t token.Token) (old, next []byte, confirmed bool, err error) {
	if err := refusal(t.PIN); err != nil {
		return nil, nil, false, fmt.Errorf("pin: not changed on %q: %w", t.Label, err)
	}
	got := a.wait(ctx, t.PIN, func(confirmed bool) { a.change(t, confirmed) })
	return got.pin, got.next, got.confirmed, got.err
}

func (a *Asker) change(t token.Token, confirmed bool) {
	what := a.which(t)
	if t.PIN.Pad {
		a.onDevice(what, confirmed)
		return
	}
	// The bounds that the token names hold for the new PIN; the old one may be from
	// another time.
	old, next, again := newEntry(a.frame, token.PINState{}), newEntry(a.frame, t.PIN), newEntry(a.frame, token.PINState{})
	again.like = next.field
	a.form(a.frame.Text("pinbox.change-title"), a.frame.Text("pinbox.change"), container.NewVBox(
		what,
		old.row(a.frame.Text("pinbox.old")), old.warnings, a.tries(t.PIN),
		next.row(a.frame.Text("pinbox.new")), next.warnings,
		again.row(a.frame.Text("pinbox.again")), again.warnings,
	), func() {
		ready := true
		for _, e := range []*entry{old, next, again} {
			ready = e.enough() && ready
		}
		if ready {
			a.reply(answer{pin: old.field.take(), next: next.field.take(), confirmed: confirmed})
		}
	}, old, next, again)
}
