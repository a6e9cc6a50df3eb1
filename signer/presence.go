package signer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"antin/signer/reader"
	"antin/signer/token"
)

// ErrManyTokens is returned by Find when it cannot tell which token is meant.
var ErrManyTokens = errors.New("signer: several tokens are plugged in")

// pollEvery is how often tokens are listed where no smart card service tells of
// insertions; discoverEvery, how often somebody may have installed a driver.
const (
	pollEvery     = 2 * time.Second
	discoverEvery = 10 * time.Second
)

// Watch keeps the list current until ctx ends: after every card that is inserted
// or removed all modules are asked again, those that were installed meanwhile
// too, and changed is called when that made a difference. It blocks; the error is
// the context's.
func (l *TokenList) Watch(ctx context.Context, changed func()) error {
	events, err := reader.Watch(ctx, reader.Options{})
	if err != nil && !errors.Is(err, reader.ErrUnavailable) && !errors.Is(err, reader.ErrService) {
		return err
	}
	tick, install := time.NewTicker(pollEvery), time.NewTicker(discoverEvery)
	defer tick.Stop()
	defer install.Stop()
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
		case <-install.C:
			found := token.Discover(ctx, l.options)
			if slices.EqualFunc(found, l.Modules(), func(f token.Found, m ModuleState) bool {
				return f.Path == m.Path && errors.Is(f.Problem, token.ErrNoModule) == errors.Is(m.Problem, token.ErrNoModule)
			}) {
				continue
			}
		}
		before := l.identities()
		l.Refresh(ctx)
		if ctx.Err() == nil && !slices.Equal(before, l.identities()) {
			changed()
		}
	}
}

// identities tell whether two states of the list differ.
func (l *TokenList) identities() []string {
	var out []string
	for _, m := range l.Modules() {
		out = append(out, m.Path)
		for _, t := range m.Tokens {
			out = append(out, fmt.Sprint(t.Serial, "\x00", t.Label, "\x00", t.PIN))
		}
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
		return token.Token{}, l.Nothing()
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return token.Token{}, fmt.Errorf("%w: %d", ErrManyTokens, len(found))
	}
	t, _, err := token.Select(all, who)
	return t, err
}
