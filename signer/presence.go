package signer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"antin/signer/reader"
	"antin/signer/token"
)

// ErrManyTokens is returned by Find when it cannot tell which token is meant.
var ErrManyTokens = errors.New("signer: several tokens are plugged in")

// pollEvery is how often tokens are listed where no smart card service tells of
// insertions.
const pollEvery = 2 * time.Second

// Watch keeps the list current until ctx ends: after every card that is inserted
// or removed all modules are asked again, and changed is called when that made
// a difference. The list may be read inside changed only. It blocks; the error is
// the context's.
func (l *TokenList) Watch(ctx context.Context, changed func()) error {
	events, err := reader.Watch(ctx, reader.Options{})
	if err != nil && !errors.Is(err, reader.ErrUnavailable) && !errors.Is(err, reader.ErrService) {
		return err
	}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	polling := err != nil
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case e, open := <-events:
			if !open {
				events, polling = nil, true
				continue
			}
			switch e.Kind {
			case reader.ServiceLost: // drivers that need no service still work
				polling = true
				continue
			case reader.Ready:
				polling = false
			case reader.CardInserted, reader.CardRemoved:
			default:
				continue
			}
		case <-tick.C:
			if !polling {
				continue
			}
		}
		before := l.identities()
		l.refresh(ctx)
		if ctx.Err() == nil && !slices.Equal(before, l.identities()) {
			changed()
		}
	}
}

// refresh asks all modules again; those that were found unusable stay so.
func (l *TokenList) refresh(ctx context.Context) {
	var wg sync.WaitGroup
	for i := range l.Modules {
		m := &l.Modules[i]
		d := l.drivers[m.Path]
		if d == nil {
			continue
		}
		wg.Go(func() {
			ts, err := d.Tokens(ctx)
			m.Tokens, m.Problem = ts, err
		})
	}
	wg.Wait()
	l.dropRepeated()
}

// identities tell whether two states of the list differ.
func (l *TokenList) identities() []string {
	var out []string
	for _, t := range l.All() {
		out = append(out, t.Module+"\x00"+t.Serial+"\x00"+t.Label)
	}
	return out
}

// Find is the token that who means: its serial number, its label, or a
// certificate on it (see token.Select).
func (l *TokenList) Find(who string) (token.Token, error) {
	all := l.All()
	var found []token.Token
	for _, t := range all {
		if who == "" || t.Serial == who || t.Label == who {
			found = append(found, t)
		}
	}
	switch {
	case len(all) == 0:
		return token.Token{}, l.nothing()
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return token.Token{}, fmt.Errorf("%w: %d", ErrManyTokens, len(found))
	}
	t, _, err := token.Select(all, who)
	return t, err
}
