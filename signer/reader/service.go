package reader

import (
	"fmt"
	"time"
)

// service is what this package needs of PC/SC, the same on all systems. All
// methods but cancel are called by one goroutine.
type service interface {
	connect() error
	readers() ([]string, error)
	// change waits until a state differs from what its current field says, and
	// writes what it found into event, atr; it gives errTimeout when nothing
	// changed within the time.
	change(within time.Duration, states []*state) error
	cancel() // ends change; no effect when none runs
	disconnect()
	rests(err error) bool // err only means that no reader is there
}

// state is one reader.
type state struct {
	name           string
	current, event uint32
	atr            []byte // as of event

	present  bool   // what was reported
	reported []byte // ATR
}

// The bits of a state: pcsclite.h, winscard.h.
const (
	stateChanged     = 0x0002
	stateUnknown     = 0x0004
	stateUnavailable = 0x0008
	statePresent     = 0x0020
	stateMute        = 0x0200
)

// pnp is the name of a reader that is not there: its state changes when readers
// come and go. The service of macOS does not know it.
const pnp = `\\?PnP?\Notification`

// maxATR is the longest answer to reset in bytes (ISO/IEC 7816-3, 8.2).
const maxATR = 33

// failure is a return value of the service.
type failure uint32

// The return values that decide something: pcsclite.h, winscard.h.
const (
	errCancelled     failure = 0x80100002
	errInvalidHandle failure = 0x80100003
	errUnknownReader failure = 0x80100009
	errTimeout       failure = 0x8010000A
	errNoService     failure = 0x8010001D
	errStopped       failure = 0x8010001E
	errNoReaders     failure = 0x8010002E
)

func (f failure) Error() string {
	if text, ok := map[failure]string{
		errCancelled: "SCARD_E_CANCELLED", errInvalidHandle: "SCARD_E_INVALID_HANDLE", errUnknownReader: "SCARD_E_UNKNOWN_READER",
		errTimeout: "SCARD_E_TIMEOUT", errNoService: "SCARD_E_NO_SERVICE", errStopped: "SCARD_E_SERVICE_STOPPED",
		errNoReaders: "SCARD_E_NO_READERS_AVAILABLE",
	}[f]; ok {
		return text
	}
	return fmt.Sprintf("PC/SC error %#08x", uint32(f))
}

// names splits a list of strings that ends with an empty one.
func names(list []byte) []string {
	var out []string
	start := 0
	for i, b := range list {
		if b != 0 {
			continue
		}
		if i == start {
			break
		}
		out = append(out, string(list[start:i]))
		start = i + 1
	}
	return out
}
