package reader

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Poll makes the events of [Watch] out of a listing that is repeated: for
// machines without PC/SC, and for tokens whose driver bypasses it. list gives
// what is there now, by names that stay the same (as serial numbers of tokens);
// each name becomes the Reader of CardInserted and CardRemoved. A listing that
// fails changes nothing and is reported as ServiceLost once, until one succeeds,
// which Ready tells. The listing has the time that every says to begin with, in
// 2 s for tokens, and is never called twice at once. The channel is closed when
// ctx ends.
func Poll(ctx context.Context, every time.Duration, list func(context.Context) ([]string, error)) <-chan Event {
	out := make(chan Event)
	tell := func(e Event) {
		select {
		case out <- e:
		case <-ctx.Done():
		}
	}
	go func() {
		defer close(out)
		there := map[string]bool{}
		ready, lost := false, false
		for ; ctx.Err() == nil; pause(ctx, every) {
			listed, err := list(ctx)
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				if !lost {
					tell(Event{Kind: ServiceLost, Err: fmt.Errorf("%w: %w", ErrService, err)})
				}
				ready, lost = false, true
				continue
			}
			for _, name := range slices.Sorted(maps.Keys(there)) {
				if !slices.Contains(listed, name) {
					delete(there, name)
					tell(Event{Kind: CardRemoved, Reader: name})
				}
			}
			for _, name := range listed {
				if !there[name] {
					there[name] = true
					tell(Event{Kind: CardInserted, Reader: name})
				}
			}
			if !ready {
				tell(Event{Kind: Ready})
			}
			ready, lost = true, false
		}
	}()
	return out
}
