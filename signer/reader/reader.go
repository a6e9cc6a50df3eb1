// Package reader tells when smart card readers and cards come and go; a USB
// token is a reader with a card that is never taken out. It watches the PC/SC
// service of the system (pcsc-lite on Linux, the PCSC framework on macOS,
// winscard.dll on Windows) and loads no vendor's driver.
//
// [Watch] gives the state as it is, then the changes, as a stream of [Event].
// A change arrives within a few hundred milliseconds, with the card's answer to
// reset, which token.ModuleForATR turns into the module to ask. A service that
// stops, restarts or was never started is an event too, and is tried again once
// a second. Where the machine has no PC/SC at all, Watch gives [ErrUnavailable];
// [Poll] then makes the same events out of any listing.
//
// The package talks to no card: it only asks whether one is there.
package reader

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrUnavailable: this machine has no PC/SC library. Nothing will change until
// one is installed; use [Poll].
var ErrUnavailable = errors.New("reader: PC/SC is not installed")

// ErrService: the PC/SC service does not run or has stopped. It is the Err of
// events of kind [ServiceLost].
var ErrService = errors.New("reader: PC/SC service does not answer")

// Kind is what happened.
type Kind int

// The kinds of events. A reader that is pulled out with its card gives
// CardRemoved, then ReaderRemoved; so does every reader when the service is lost.
const (
	ReaderAdded   Kind = iota + 1
	ReaderRemoved      //
	CardInserted       // with ATR
	CardRemoved        // with the ATR of the card that was there
	Ready              // the events before this one, since the start or ServiceLost, were the state and no change
	ServiceLost        // with Err; comes once until the service is back, which Ready tells
)

func (k Kind) String() string {
	names := [...]string{"", "reader added", "reader removed", "card inserted", "card removed", "ready", "service lost"}
	if k < 1 || int(k) >= len(names) {
		return fmt.Sprintf("kind %d", int(k))
	}
	return names[k]
}

// Event is one change.
type Event struct {
	Kind   Kind
	Reader string // name as the service gives it; "" for Ready and ServiceLost
	ATR    []byte // answer to reset, ISO/IEC 7816-3; nil for a card that does not answer
	Err    error
}

// Options change how [Watch] works. The zero value is right for programs.
type Options struct {
	// Again is the time between two attempts to reach the service, and the
	// longest after which a missed change is noticed; 0 = 1 s.
	Again time.Duration

	open func() (service, error) // replaced by tests
}

// Watch reports readers and cards until ctx ends; then the channel is closed,
// within a second even when the service hangs. The caller must keep receiving
// until then. Events that were not received while the caller was busy are
// merged: what arrives always leads to the true state.
//
// The error is [ErrUnavailable].
func Watch(ctx context.Context, o Options) (<-chan Event, error) {
	if o.open == nil {
		o.open = openService
	}
	if o.Again <= 0 {
		o.Again = time.Second
	}
	s, err := o.open()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	w := &watch{service: s, again: o.Again, events: make(chan Event), readers: map[string]*state{}}
	out := make(chan Event)
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.run(ctx)
	}()
	go func() {
		defer close(out)
		w.forward(ctx, out, done)
	}()
	return out, nil
}
