package trust

import (
	"fmt"
	"time"
)

// Seen is a time that stands in signed data.
type Seen struct {
	Time time.Time
	What string // "OCSP", "CRL", "TSA" …, for the message
	// Live: made in reply to us just now, so that it also tells when the clock
	// is ahead. Older data can only tell that it is behind.
	Live bool
}

// ClockWarning says that this computer's clock contradicts signed data. It is
// an error for those who want to treat it so.
type ClockWarning struct {
	Clock      time.Time     // what it showed
	Signed     time.Time     // what somebody signed
	Difference time.Duration // Clock minus Signed: negative = the clock is behind
	What       string        // as in Seen
}

func (w *ClockWarning) Error() string {
	way := "ahead of"
	if w.Difference < 0 {
		way = "behind"
	}
	return fmt.Sprintf("trust: the clock is %v %s the time in a signed %s", w.Difference.Abs().Round(time.Second), way, w.What)
}

// CheckClock compares a clock with times in data whose signatures were
// verified, and gives the greatest contradiction of more than five minutes, or
// nil.
func CheckClock(now time.Time, seen ...Seen) *ClockWarning {
	var worst *ClockWarning
	for _, s := range seen {
		d := now.Sub(s.Time)
		if s.Time.IsZero() || d.Abs() <= clockSlack || d > 0 && !s.Live {
			continue
		}
		if worst == nil || d.Abs() > worst.Difference.Abs() {
			worst = &ClockWarning{Clock: now, Signed: s.Time, Difference: d, What: s.What}
		}
	}
	return worst
}

// Saw tells the store of a time found elsewhere, such as in a verified
// time-stamp token.
func (s *Store) Saw(seen Seen) { s.saw(seen) }

func (s *Store) saw(seen Seen) {
	w := CheckClock(s.now(), seen)
	if w == nil {
		return
	}
	s = s.base()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.clock == nil || w.Difference.Abs() > s.clock.Difference.Abs() {
		s.clock = w
	}
}

// Clock is the greatest contradiction between the store's clock and the signed
// data it has used so far; nil = none. Data that nobody asked for are not looked
// at.
func (s *Store) Clock() *ClockWarning {
	s = s.base()
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.clock
}
