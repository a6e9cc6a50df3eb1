package signer_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"antin/signer"
)

// script is a batch whose steps do as they are told.
func script(outcomes ...error) (b *signer.Batch, tried *[]int) {
	tried = &[]int{}
	b = &signer.Batch{Rows: make([]signer.Row, len(outcomes))}
	b.Step = func(_ context.Context, row int, _ signer.Progress) (*signer.Result, error) {
		*tried = append(*tried, row)
		return &signer.Result{}, outcomes[row]
	}
	return b, tried
}

func states(b *signer.Batch) string {
	var s strings.Builder
	for _, r := range b.Rows {
		s.WriteString(map[signer.RowState]string{
			signer.RowWaiting: ".", signer.RowWorking: "w", signer.RowDone: "d", signer.RowFailed: "f", signer.RowSkipped: "s",
		}[r.State])
	}
	return s.String()
}

var errRow = errors.New("this row only")

func TestBatchGoesOnAfterAFailure(t *testing.T) {
	b, tried := script(nil, errRow, nil, nil)
	b.Skip(2, true)
	var seen []string
	b.Changed = func(i int, r signer.Row) { seen = append(seen, fmt.Sprint(i, r.State)) }
	if err := b.Run(context.Background()); err != nil || states(b) != "dfsd" || !errors.Is(b.Rows[1].Err, errRow) {
		t.Fatalf("%v %s %v", err, states(b), b.Rows[1].Err)
	}
	if want := []string{"0 1", "0 2", "1 1", "1 3", "3 1", "3 2"}; !slices.Equal(seen, want) {
		t.Errorf("told %q, want %q", seen, want)
	}
	// Only what failed is tried again, and what was skipped when asked for.
	*tried = nil
	b.Retry()
	b.Skip(2, false)
	if err := b.Run(context.Background()); err != nil || !slices.Equal(*tried, []int{1, 2}) || states(b) != "dfdd" {
		t.Errorf("%v %v %s", err, *tried, states(b))
	}
	if b.Count(signer.RowFailed) != 1 || b.Left() != 0 {
		t.Errorf("%d failed, %v left", b.Count(signer.RowFailed), b.Left())
	}
}

func TestBatchHaltsAtTroubleWithTheKey(t *testing.T) {
	pin := &signer.KeyError{Err: errors.New("wrong PIN")}
	b, tried := script(nil, fmt.Errorf("signing: %w", pin), nil)
	var halt *signer.HaltError
	if err := b.Run(context.Background()); !errors.As(err, &halt) || halt.Row != 1 || !errors.Is(err, pin) {
		t.Fatalf("%v", err)
	}
	if states(b) != "d.." || !slices.Equal(*tried, []int{0, 1}) {
		t.Errorf("%s after %v", states(b), *tried)
	}
}

func TestBatchPausesAndIsCancelled(t *testing.T) {
	b, _ := script(nil, nil, nil, nil)
	b.Changed = func(i int, r signer.Row) {
		if i == 1 && r.State == signer.RowWorking {
			b.Pause()
		}
	}
	if err := b.Run(context.Background()); !errors.Is(err, signer.ErrPaused) || states(b) != "dd.." {
		t.Fatalf("%v %s", err, states(b))
	}
	ctx, cancel := context.WithCancel(context.Background())
	step := b.Step
	b.Step = func(c context.Context, row int, p signer.Progress) (*signer.Result, error) {
		if row == 3 {
			cancel()
			return nil, c.Err()
		}
		return step(c, row, p)
	}
	if err := b.Run(ctx); !errors.Is(err, context.Canceled) || states(b) != "ddd." {
		t.Fatalf("%v %s", err, states(b))
	}
	b.Step = step
	if err := b.Run(context.Background()); err != nil || states(b) != "dddd" {
		t.Errorf("%v %s", err, states(b))
	}
}
