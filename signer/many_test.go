package signer_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"antin/signer"
)

// resident is the memory of this process in MB, 0 where the system does not say.
func resident() float64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			return float64(kb) / 1024
		}
	}
	return 0
}

// runMeasured runs a batch with one cancellation in its middle and prints
// figures.
func runMeasured(b *signer.EnteredBatch) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	waiting := b.Count(signer.RowWaiting)
	var early, late, longest float64
	var cancelled, began time.Time
	done, start := 0, time.Now()
	b.Changed = func(_ int, r signer.Row) {
		switch r.State {
		case signer.RowWorking:
			began = time.Now()
			if done == waiting/2 && cancelled.IsZero() {
				time.AfterFunc(time.Millisecond, func() { cancelled = time.Now(); cancel() })
			}
		case signer.RowDone:
			longest = max(longest, time.Since(began).Seconds())
			if done++; done <= 50 {
				early = max(early, resident())
			}
			late = max(late, resident())
		}
	}
	err := b.Run(ctx)
	if !errors.Is(err, context.Canceled) {
		return fmt.Errorf("not cancelled: %w", err)
	}
	latency := time.Since(cancelled)
	err = b.Run(context.Background())
	fmt.Printf("%d documents in %.1f s (%.0f ms each, longest %.0f ms); cancelled after %.0f ms; memory %.0f MB in the first 50, %.0f MB later\n",
		done, time.Since(start).Seconds(), 1000*time.Since(start).Seconds()/float64(done), 1000*longest, 1000*latency.Seconds(), early, late)
	if late > early+50 {
		err = errors.Join(err, errors.New("the memory grows"))
	}
	if latency.Seconds() > 2*longest {
		err = errors.Join(err, errors.New("the cancellation takes longer than a document"))
	}
	return err
}

// TestFiveHundredDocuments: two processes are killed at any moment, the third
// finishes; each document is issued once, in constant memory.
func TestFiveHundredDocuments(t *testing.T) {
	documents := 500
	if testing.Short() {
		t.Log("60 documents only because of -short")
		documents = 60
	}
	d := batchFolder(t, documents)
	for range 2 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "ANTIN_TEST_BATCH="+d.dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		before := d.issued()
		for deadline := time.Now().Add(time.Minute); d.issued() < before+documents/10; time.Sleep(3 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("nothing is issued")
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		t.Logf("killed after %d documents", d.issued())
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ANTIN_TEST_BATCH="+d.dir, "ANTIN_TEST_FIGURES=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Log(strings.TrimSpace(string(out)))
	d.issuedOnce(documents)
}

// issued is how many outputs there are.
func (d *desk) issued() int {
	n := 0
	for _, name := range d.left() {
		if strings.HasSuffix(name, ".phathanh.pdf") {
			n++
		}
	}
	return n
}

// BenchmarkIssueBatch is the clerk's work on one document in a batch, with the
// register, beside the same seal without it:
//
//	ms/document  of the batch
//	x-issue      how many times the time of signer.Issue alone
func BenchmarkIssueBatch(b *testing.B) {
	const documents = 20
	ctx := context.Background()
	var batch, alone time.Duration
	for b.Loop() {
		d := batchFolder(b, documents)
		rows := batchRows(d.dir)
		rows[0].Attachments = nil
		start := time.Now()
		for _, row := range rows {
			job := row.Job
			job.Key, job.Out = d.seal, d.path(fmt.Sprint(job.Number[:len(job.Number)-len("/QĐ-UBND")], ".pdf"))
			d.issue(job)
		}
		alone += time.Since(start)
		start = time.Now()
		r := d.register()
		run, err := signer.NewIssueBatch(ctx, r, signer.Common{Key: d.seal}, rows)
		if err == nil {
			err = errors.Join(run.Run(ctx), run.Close(), r.Close())
		}
		if err != nil {
			b.Fatal(err)
		}
		batch += time.Since(start)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(batch.Milliseconds())/float64(b.N*documents), "ms/document")
	b.ReportMetric(batch.Seconds()/alone.Seconds(), "x-issue")
}
