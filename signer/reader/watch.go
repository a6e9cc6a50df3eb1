package reader

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// watch is one run of Watch.
type watch struct {
	service service
	again   time.Duration
	events  chan Event // never closed
	readers map[string]*state
	noPnP   bool // the service does not know it
}

// run connects again and again until ctx ends.
func (w *watch) run(ctx context.Context) {
	stop := w.cancelWith(ctx)
	defer stop()
	told := false
	for ctx.Err() == nil {
		err := w.service.connect()
		if err == nil {
			var ready bool
			ready, err = w.observe(ctx)
			told = told && !ready
			w.service.disconnect()
		}
		if ctx.Err() != nil {
			return
		}
		w.forget(ctx, nil)
		switch {
		case told:
		case w.service.rests(err):
			w.tell(ctx, Event{Kind: Ready})
		default:
			w.tell(ctx, Event{Kind: ServiceLost, Err: fmt.Errorf("%w: %w", ErrService, err)})
		}
		told = true
		pause(ctx, w.again)
	}
}

// cancelWith ends a waiting call of the service when ctx ends. The service
// forgets a cancellation that comes between two calls, so it is repeated.
func (w *watch) cancelWith(ctx context.Context) (stop func()) {
	over, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		select {
		case <-over:
			return
		case <-ctx.Done():
		}
		for {
			w.service.cancel()
			select {
			case <-over:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() {
		close(over)
		<-gone
	}
}

// observe reports until the connection is lost or ctx ends. ready tells whether
// it got as far as the state.
func (w *watch) observe(ctx context.Context) (ready bool, err error) {
	notice := &state{name: pnp}
	for ctx.Err() == nil {
		listed, err := w.service.readers()
		if err != nil && !errors.Is(err, errNoReaders) {
			return ready, fmt.Errorf("listing readers: %w", err)
		}
		w.forget(ctx, listed)
		for _, name := range listed {
			if w.readers[name] == nil {
				w.readers[name] = &state{name: name}
				w.tell(ctx, Event{Kind: ReaderAdded, Reader: name})
			}
		}
		states := make([]*state, 0, len(listed)+1)
		for _, name := range slices.Sorted(maps.Keys(w.readers)) {
			states = append(states, w.readers[name])
		}
		within := w.again
		if !ready {
			within = 0 // states that nobody knows yet are given at once
		}
		if !w.noPnP {
			states = append(states, notice)
		}
		if len(states) == 0 {
			ready = w.ready(ctx, ready)
			pause(ctx, w.again)
			continue // a service without the notice
		}
		began := time.Now()
		err = w.service.change(within, states)
		switch {
		case err == nil, errors.Is(err, errTimeout):
		case errors.Is(err, errUnknownReader): // pulled out after it was listed, or the notice is not known
			known, err := w.service.readers()
			if (err == nil || errors.Is(err, errNoReaders)) && slices.Equal(known, listed) {
				w.noPnP = true
			}
			pause(ctx, 10*time.Millisecond)
			continue
		default:
			return ready, fmt.Errorf("waiting for a change: %w", err)
		}
		news := false
		for _, s := range states {
			switch {
			case err != nil: // nothing was written
			case s == notice:
				news = news || s.event&stateChanged != 0
				s.current = s.event &^ stateChanged
			default:
				news = w.update(ctx, s) || news
			}
		}
		ready = w.ready(ctx, ready)
		// Other programs that use a card wake us as well; a service that reports
		// changes without end must not take a processor.
		if err == nil && !news && within > 0 && time.Since(began) < 10*time.Millisecond {
			pause(ctx, 100*time.Millisecond)
		}
	}
	return ready, ctx.Err()
}

func (w *watch) ready(ctx context.Context, already bool) bool {
	if !already {
		w.tell(ctx, Event{Kind: Ready})
	}
	return true
}

// update reports what the service found about a reader.
func (w *watch) update(ctx context.Context, s *state) (news bool) {
	before := s.current
	s.current = s.event &^ stateChanged
	if s.event&(stateUnknown|stateUnavailable) != 0 {
		return false // listing decides whether it is gone
	}
	present := s.event&statePresent != 0
	var atr []byte
	if present && s.event&stateMute == 0 {
		atr = s.atr
	}
	// The upper half counts insertions and removals where the service does that:
	// two at once are another card, or the same one put back quickly.
	swapped := present && s.present && (int16(s.event>>16-before>>16) >= 2 || !bytes.Equal(atr, s.reported))
	if s.present && (!present || swapped) {
		w.tell(ctx, Event{Kind: CardRemoved, Reader: s.name, ATR: s.reported})
		s.present, s.reported, news = false, nil, true
	}
	if present && !s.present {
		s.present, s.reported, news = true, bytes.Clone(atr), true
		w.tell(ctx, Event{Kind: CardInserted, Reader: s.name, ATR: s.reported})
	}
	return news
}

// forget reports the readers that are not listed any more as gone.
func (w *watch) forget(ctx context.Context, listed []string) {
	for _, name := range slices.Sorted(maps.Keys(w.readers)) {
		if slices.Contains(listed, name) {
			continue
		}
		s := w.readers[name]
		delete(w.readers, name)
		if s.present {
			w.tell(ctx, Event{Kind: CardRemoved, Reader: name, ATR: s.reported})
		}
		w.tell(ctx, Event{Kind: ReaderRemoved, Reader: name})
	}
}

func (w *watch) tell(ctx context.Context, e Event) {
	select {
	case w.events <- e:
	case <-ctx.Done():
	}
}

// forward hands events to the caller until the run is over. A call into a
// service that hangs cannot be ended: then it is left behind.
func (w *watch) forward(ctx context.Context, out chan<- Event, done <-chan struct{}) {
	for {
		select {
		case e := <-w.events:
			select {
			case out <- e:
			case <-ctx.Done():
			}
		case <-done:
			return
		case <-ctx.Done():
			select {
			case <-done:
			case <-time.After(time.Second):
			}
			return
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
