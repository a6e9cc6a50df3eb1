package reader

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// desk is a service made by hand: readers with the cards in them.
type desk struct {
	mu      sync.Mutex
	cards   map[string][]byte // by reader; nil: empty
	count   map[string]uint32 // insertions and removals
	down    error             // of every call
	asleep  bool              // down only means that there is no reader
	inUse   uint32
	noPnP   bool
	stuck   bool // change does not end, even when cancelled
	changed chan struct{}
	calls   int // of change
	open    int // connections
}

func newDesk() *desk {
	return &desk{cards: map[string][]byte{}, count: map[string]uint32{}, changed: make(chan struct{})}
}

// set changes the desk and wakes who waits.
func (d *desk) set(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
	close(d.changed)
	d.changed = make(chan struct{})
}

func (d *desk) put(reader string, atr []byte) {
	d.set(func() { d.cards[reader] = atr; d.count[reader]++ })
}

func (d *desk) connect() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down == nil {
		d.open++
	}
	return d.down
}

func (d *desk) disconnect() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open--
}

func (d *desk) rests(error) bool { return d.asleep }
func (d *desk) cancel()          { d.set(func() {}) }

func (d *desk) readers() ([]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []string
	for name := range d.cards {
		out = append(out, name)
	}
	slices.Sort(out)
	if d.down == nil && len(out) == 0 {
		return nil, errNoReaders
	}
	return out, d.down
}

func (d *desk) change(within time.Duration, states []*state) error {
	alarm := time.After(within)
	for {
		d.mu.Lock()
		d.calls++
		found, err := d.look(states)
		changed, stuck := d.changed, d.stuck
		d.mu.Unlock()
		if err != nil || found {
			return err
		}
		if stuck {
			select {}
		}
		select {
		case <-changed:
		case <-alarm:
			return errTimeout
		}
	}
}

func (d *desk) look(states []*state) (found bool, err error) {
	if d.down != nil {
		return false, d.down
	}
	for _, s := range states {
		var now uint32
		atr, there := d.cards[s.name]
		switch {
		case s.name == pnp && d.noPnP:
			return false, errUnknownReader
		case s.name == pnp:
			now = uint32(len(d.cards)) << 16
		case !there:
			now = stateUnknown | stateUnavailable
		case atr == nil:
			now = 0x10 | d.count[s.name]<<16 // SCARD_STATE_EMPTY
		case len(atr) == 0:
			now = statePresent | stateMute | d.count[s.name]<<16
		default:
			now = statePresent | d.inUse | d.count[s.name]<<16
		}
		s.event, s.atr = now, bytes.Clone(atr)
		if now != s.current {
			s.event |= stateChanged
			found = true
		}
	}
	return found, nil
}

var (
	vgca  = []byte{0x3b, 0xff, 0x18}
	epass = []byte{0x3b, 0x9f, 0x95}
)

// watched runs a test against a desk in made-up time; happens compares the
// events since the last call.
func watched(t *testing.T, d *desk, test func(happens func(want ...Event), stop func())) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d.changed = make(chan struct{}) // of the bubble
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		events, err := Watch(ctx, Options{open: func() (service, error) { return d, nil }})
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var got []Event
		closed := make(chan struct{})
		go func() {
			defer close(closed)
			for e := range events {
				mu.Lock()
				got = append(got, e)
				mu.Unlock()
			}
		}()
		happens := func(want ...Event) {
			t.Helper()
			time.Sleep(1900 * time.Millisecond) // less than the promised 2 s
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			for i := range got {
				if got[i].Err != nil && errors.Is(got[i].Err, ErrService) {
					got[i].Err = ErrService
				}
			}
			equal := cmp.Comparer(func(a, b error) bool { return errors.Is(a, b) })
			if diff := cmp.Diff(want, got, equal); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			got = nil
		}
		test(happens, func() {
			cancel()
			<-closed
		})
	})
}

func TestWatch(t *testing.T) {
	for _, noPnP := range []bool{false, true} {
		d := newDesk()
		d.noPnP = noPnP // as on macOS
		watched(t, d, func(happens func(...Event), stop func()) {
			happens(Event{Kind: Ready})

			d.put("A", nil)
			happens(Event{Kind: ReaderAdded, Reader: "A"})
			d.put("A", vgca)
			happens(Event{Kind: CardInserted, Reader: "A", ATR: vgca})
			d.put("B", epass) // a USB token: reader and card in one
			happens(Event{Kind: ReaderAdded, Reader: "B"}, Event{Kind: CardInserted, Reader: "B", ATR: epass})
			happens()

			d.put("A", nil)
			happens(Event{Kind: CardRemoved, Reader: "A", ATR: vgca})
			d.set(func() { delete(d.cards, "B") })
			happens(Event{Kind: CardRemoved, Reader: "B", ATR: epass}, Event{Kind: ReaderRemoved, Reader: "B"})

			d.put("A", []byte{}) // upside down
			happens(Event{Kind: CardInserted, Reader: "A"})
			d.put("A", epass)
			happens(Event{Kind: CardRemoved, Reader: "A"}, Event{Kind: CardInserted, Reader: "A", ATR: epass})
			d.set(func() { d.count["A"] += 2 }) // out and in again between two looks
			happens(Event{Kind: CardRemoved, Reader: "A", ATR: epass}, Event{Kind: CardInserted, Reader: "A", ATR: epass})
			stop()
			if d.open != 0 {
				t.Errorf("%d connections are left", d.open)
			}
		})
	}
}

func TestWatchSurvivesTheService(t *testing.T) {
	d := newDesk()
	d.put("A", vgca)
	d.down = errNoService
	watched(t, d, func(happens func(...Event), stop func()) {
		happens(Event{Kind: ServiceLost, Err: ErrService})
		happens() // told once
		d.set(func() { d.down = nil })
		state := []Event{{Kind: ReaderAdded, Reader: "A"}, {Kind: CardInserted, Reader: "A", ATR: vgca}, {Kind: Ready}}
		happens(state...)
		for _, why := range []error{errStopped, errInvalidHandle, failure(0x80100013)} {
			d.set(func() { d.down = why })
			happens(Event{Kind: CardRemoved, Reader: "A", ATR: vgca}, Event{Kind: ReaderRemoved, Reader: "A"}, Event{Kind: ServiceLost, Err: ErrService})
			d.set(func() { d.down = nil })
			happens(state...)
		}
		stop()
	})
}

// The service of Windows stops with the last reader: that is no fault.
func TestServiceThatRestsWithoutReaders(t *testing.T) {
	d := newDesk()
	d.asleep, d.down = true, errNoService
	watched(t, d, func(happens func(...Event), stop func()) {
		happens(Event{Kind: Ready})
		d.set(func() { d.down = nil; d.cards["A"] = vgca })
		happens(Event{Kind: ReaderAdded, Reader: "A"}, Event{Kind: CardInserted, Reader: "A", ATR: vgca}, Event{Kind: Ready})
		d.set(func() { d.down = errStopped; delete(d.cards, "A") })
		happens(Event{Kind: CardRemoved, Reader: "A", ATR: vgca}, Event{Kind: ReaderRemoved, Reader: "A"}, Event{Kind: Ready})
		stop()
	})
}

// Other programs that use the card wake the watcher without end.
func TestWatchDoesNotSpin(t *testing.T) {
	d := newDesk()
	d.put("A", vgca)
	watched(t, d, func(happens func(...Event), stop func()) {
		happens(Event{Kind: ReaderAdded, Reader: "A"}, Event{Kind: CardInserted, Reader: "A", ATR: vgca}, Event{Kind: Ready})
		before := d.calls
		for range 50 {
			d.set(func() { d.inUse ^= 0x100 }) // SCARD_STATE_INUSE
			time.Sleep(time.Millisecond)
		}
		happens()
		if n := d.calls - before; n > 120 {
			t.Errorf("the service was asked %d times in two seconds", n)
		}
		stop()
	})
}

func TestWatchGivesUpOnAServiceThatHangs(t *testing.T) {
	d := newDesk()
	d.stuck = true
	ctx, cancel := context.WithCancel(t.Context())
	events, err := Watch(ctx, Options{open: func() (service, error) { return d, nil }})
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(50*time.Millisecond, cancel)
	began := time.Now()
	for range events {
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("the channel was closed after %v", took)
	}
}

func TestWatchWithoutPCSC(t *testing.T) {
	missing := errors.New("no library")
	_, err := Watch(t.Context(), Options{open: func() (service, error) { return nil, missing }})
	if !errors.Is(err, ErrUnavailable) || !errors.Is(err, missing) {
		t.Errorf("Watch = %v", err)
	}
}

func TestPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		answers := [][]string{{"1", "2"}, {"1", "2"}, nil, nil, {"2", "3"}, {}}
		broken := errors.New("driver is busy")
		call := 0
		events := Poll(ctx, 2*time.Second, func(context.Context) ([]string, error) {
			defer func() { call++ }()
			switch {
			case call >= len(answers):
				cancel()
				return nil, nil
			case answers[call] == nil:
				return nil, broken
			}
			return answers[call], nil
		})
		var got []string
		for e := range events {
			got = append(got, e.Kind.String()+" "+e.Reader)
			if e.Kind == ServiceLost && !errors.Is(e.Err, broken) {
				t.Errorf("%+v", e)
			}
		}
		want := []string{
			"card inserted 1", "card inserted 2", "ready ", "service lost ", "card removed 1", "card inserted 3", "ready ",
			"card removed 2", "card removed 3",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestNames(t *testing.T) {
	for list, want := range map[string][]string{
		"A\x00Bit4id 00\x00\x00rest": {"A", "Bit4id 00"},
		"\x00":                       nil,
		"":                           nil,
		"cut":                        nil,
	} {
		if diff := cmp.Diff(want, names([]byte(list))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", list, diff)
		}
	}
}
