package signer

import (
	"context"
	"errors"
	"sync/atomic"
	"syscall"
	"time"

	"antin/signer/cms"
	"antin/signer/register"
)

// ErrPaused is how a batch ends that was asked to pause.
var ErrPaused = errors.New("signer: the batch is paused")

// HaltError is how a batch ends at trouble that would meet every further row
// too: the token, the PIN, the certificate, the time-stamp authority, the
// register, a full disk. The row waits again.
type HaltError struct {
	Row int
	Err error
}

func (e *HaltError) Error() string { return "signer: the batch has stopped: " + e.Err.Error() }

// Unwrap is the trouble.
func (e *HaltError) Unwrap() error { return e.Err }

// RowState is how far a row of a batch has come.
type RowState int

// The states of a row.
const (
	RowWaiting RowState = iota
	RowWorking
	RowDone
	RowFailed
	RowSkipped // by the user's wish: no failure
)

// Row is one row of a batch.
type Row struct {
	Source   string
	Password string // of an encrypted document, if it has one of its own; may be given before a row is done again
	State    RowState
	Result   *Result // of a row that is done, without its Report: many would fill the memory
	Err      error   // of a row that failed
}

// Batch does one step for many rows, one after another, under one key and so
// under one login. Run may be called again after a pause, a cancellation or a
// halt, and after Skip or Retry: it does the rows that wait. While it runs,
// only Pause may be called from elsewhere.
type Batch struct {
	Rows []Row
	Step func(ctx context.Context, row int, progress Progress) (*Result, error)

	Changed  func(row int, r Row) // called on Run's goroutine whenever a row changes; may be nil
	Progress Progress             // of the row in work; may be nil

	pause atomic.Bool
	spent time.Duration // on rows that were done
	done  int
}

// Run does the rows that wait. A row that fails is no error: the others are
// done. Errors: ErrPaused, *HaltError, and that of ctx when it has ended; the
// row in work then waits again, unless it was done by that time.
func (b *Batch) Run(ctx context.Context) error {
	b.pause.Store(false)
	for i := range b.Rows {
		if b.Rows[i].State != RowWaiting {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if b.pause.Load() {
			return ErrPaused
		}
		b.set(i, RowWorking, nil, nil)
		start := time.Now()
		r, err := b.Step(ctx, i, b.Progress)
		switch {
		case err == nil:
			b.spent, b.done = b.spent+time.Since(start), b.done+1
			b.set(i, RowDone, r, nil)
			b.Rows[i].Result = withoutReport(r)
		case ctx.Err() != nil:
			b.set(i, RowWaiting, nil, nil)
			return ctx.Err()
		case Halts(err):
			b.set(i, RowWaiting, nil, nil)
			return &HaltError{i, err}
		default:
			b.set(i, RowFailed, nil, err)
		}
	}
	return nil
}

func withoutReport(r *Result) *Result {
	short := *r
	short.Report, short.Attachments = nil, nil
	for _, a := range r.Attachments {
		short.Attachments = append(short.Attachments, withoutReport(a))
	}
	return &short
}

func (b *Batch) set(i int, s RowState, r *Result, err error) {
	row := &b.Rows[i]
	row.State, row.Result, row.Err = s, r, err
	if b.Changed != nil {
		b.Changed(i, *row)
	}
}

// Pause makes Run return ErrPaused after the row in work.
func (b *Batch) Pause() { b.pause.Store(true) }

// Retry lets the rows that failed wait again.
func (b *Batch) Retry() {
	for i := range b.Rows {
		if b.Rows[i].State == RowFailed {
			b.set(i, RowWaiting, nil, nil)
		}
	}
}

// Skip takes a row that waits or failed out of the run, or back in.
func (b *Batch) Skip(row int, skip bool) {
	switch s := b.Rows[row].State; {
	case skip && (s == RowWaiting || s == RowFailed):
		b.set(row, RowSkipped, nil, nil)
	case !skip && s == RowSkipped:
		b.set(row, RowWaiting, nil, nil)
	}
}

// Count is the number of rows in a state.
func (b *Batch) Count(s RowState) int {
	n := 0
	for _, r := range b.Rows {
		if r.State == s {
			n++
		}
	}
	return n
}

// Left is how long the rows that wait or are in work will take, as far as those
// done tell; 0 when none is done.
func (b *Batch) Left() time.Duration {
	if b.done == 0 {
		return 0
	}
	return b.spent / time.Duration(b.done) * time.Duration(b.Count(RowWaiting)+b.Count(RowWorking))
}

// Halts tells whether err would meet every further document too, so that
// nothing is tried again: another wrong PIN could lock the token.
func Halts(err error) bool {
	var key *KeyError
	if errors.As(err, &key) {
		return true
	}
	for _, halt := range []error{
		ErrNoTSA, cms.ErrTSAUnreachable, cms.ErrTSATimeout, cms.ErrTSARejected, cms.ErrTSAReply, cms.ErrTSAMismatch, cms.ErrTSACertificate, cms.ErrTSAClock,
		cms.ErrCertificateExpired, cms.ErrCertificateNotYetValid, cms.ErrKeyUsage, cms.ErrKeyType,
		register.ErrLocked, register.ErrDamaged, register.ErrReadOnly, register.ErrNewer, syscall.ENOSPC,
	} {
		if errors.Is(err, halt) {
			return true
		}
	}
	return false
}
