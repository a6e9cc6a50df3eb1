package signer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"antin/assets"
	"antin/signer"
	"antin/signer/practice"
	"antin/signer/register"
	"antin/signer/scan"
)

// scans are n scans to be certified as sao y, numbered from 1, in files that
// differ.
func (d *desk) scans(n int) []signer.CopyRow {
	d.t.Helper()
	from, err := papers()
	if err != nil {
		d.t.Fatal(err)
	}
	var rows []signer.CopyRow
	for i := range n {
		job := d.copying(d.put(fmt.Sprintf("q-%d.pdf", i+1), append(bytes.Clone(from.scan), bytes.Repeat([]byte{'\n'}, i+1)...)), scan.SaoY)
		rows = append(rows, signer.CopyRow{Job: job, Entry: register.Copy{Number: register.Number{N: i + 1, Type: "SY", Body: "UBND"}, Original: fmt.Sprint("bản chính ", i+1)}})
	}
	return rows
}

// passes checks the rows, none of which may be refused.
func passes(t *testing.T, r *register.Register, c signer.Common, rows []signer.CopyRow) {
	t.Helper()
	err := signer.CheckCopies(t.Context(), r, c, rows, nil, func(row int, refused error) {
		if refused != nil {
			t.Errorf("row %d: %v", row, refused)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// copies are the lines of the register of copies by number.
func copies(t *testing.T, r *register.Register) map[int]*register.Copy {
	t.Helper()
	out := map[int]*register.Copy{}
	for e, err := range r.Lines(t.Context(), register.Copies, "") {
		if err != nil {
			t.Fatal(err)
		}
		if e.Copy == nil {
			t.Errorf("%s is reserved and not given", e.Reservation.Number)
			continue
		}
		out[e.Copy.Number.N] = e.Copy
	}
	return out
}

// TestCopyBatch: scans are judged once, certified under one key and entered; what
// has no number is in the log.
func TestCopyBatch(t *testing.T) {
	ctx, d := t.Context(), newDesk(t)
	r, rows := d.register(), d.scans(4)
	rows[1].Skip = true
	rows[3].Entry.Number, rows[3].Job.ByOrderOf = register.Number{}, "Chủ tịch"
	key := &countingKey{Identity: d.seal}
	common := d.seals()
	common.Key = key
	passes(t, r, common, rows)
	if key.signed != 0 {
		t.Error("the key was used by the check")
	}
	b, err := signer.NewCopyBatch(ctx, r, common, rows)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := signer.NewCopyBatch(ctx, r, common, rows); !errors.Is(err, register.ErrRunning) {
		t.Errorf("a second run: %v", err)
	}
	b.Progress = func(s signer.Stage, _, _ int64) {
		if s == signer.Checking {
			t.Error("a scan is judged twice")
		}
	}
	if err := b.Run(ctx); err != nil || states(&b.Batch) != "dsdd" || key.signed != 3 {
		t.Fatalf("%v %s %v, %d signatures", err, states(&b.Batch), b.Rows[0].Err, key.signed)
	}
	if b.Number(0) != "01/SY-UBND" || b.Number(3) != "" || b.Plan(2).Entry.Original != "bản chính 3" {
		t.Errorf("%q, %q, %+v", b.Number(0), b.Number(3), b.Plan(2))
	}
	made, entered := b.Rows[0].Result, copies(t, r)
	line := entered[1]
	if len(entered) != 2 || line == nil || line.Form != "SAO Y" || line.Output.Path != made.Output || line.Source.Path != rows[0].Job.Source || line.Source.SHA256 != made.Copy.Sources[0].SHA256 {
		t.Errorf("%v, %+v", entered, line)
	}
	for e, err := range r.Entries(ctx, register.Acted) {
		if err != nil || e.Action.What != "copy" || filepath.Base(e.Action.Output.Path) != "q-4.saoy.pdf" {
			t.Errorf("%+v %v", e.Action, err)
		}
	}
	sound(t, r)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := signer.ResumeCopies(ctx, r, common); !errors.Is(err, register.ErrNoEntry) {
		t.Errorf("resuming what is done: %v", err)
	}
}

// Every row that cannot be certified is told with its reason before the PIN.
func TestCopyBatchIsCheckedFirst(t *testing.T) {
	d := newDesk(t)
	r, rows := d.register(), d.scans(8)
	poor, err := practice.ScanPDF(practice.ScanOptions{DPI: 150, Lines: 8})
	if err != nil {
		t.Fatal(err)
	}
	rows[0].Job.Source = d.put("mo.pdf", poor)
	rows[1].Job.Source = d.path("qd.pdf")
	rows[3].Entry.Number = rows[2].Entry.Number
	rows[4].Job.Source = rows[2].Job.Source
	rows[5].Job.Source = d.path("none.pdf")
	rows[6].Job.Out = d.put("there.pdf", nil)
	if _, err := r.Copy(t.Context(), register.Copy{Number: rows[7].Entry.Number, Date: at}, ""); err != nil {
		t.Fatal(err)
	}
	want := []error{signer.ErrScanFails, signer.ErrCopyElectronic, nil, signer.ErrNumberTwice, signer.ErrRowTwice, os.ErrNotExist, signer.ErrExists, register.ErrTaken}
	common, told := d.seals(), 0
	common.Now = rows[0].Job.Now
	err = signer.CheckCopies(t.Context(), r, common, rows, nil, func(row int, refused error) {
		told++
		if !errors.Is(refused, want[row]) || (want[row] == nil) != (refused == nil) {
			t.Errorf("row %d: %v, want %v", row, refused, want[row])
		}
	})
	if err != nil || told != len(rows) {
		t.Errorf("%d rows, %v", told, err)
	}
	common.Key = d.leader
	_ = signer.CheckCopies(t.Context(), r, common, rows[2:3], nil, func(_ int, refused error) {
		if !errors.Is(refused, signer.ErrPersonCertificate) {
			t.Errorf("a person's certificate: %v", refused)
		}
	})
}

// A scan that changed after the check, and a name that another file has taken, fail
// for their row only; what failed is tried again, the rest is not.
func TestCopyBatchFailsByRow(t *testing.T) {
	ctx, d := t.Context(), newDesk(t)
	r, rows := d.register(), d.scans(3)
	common := d.seals()
	passes(t, r, common, rows)
	b, err := signer.NewCopyBatch(ctx, r, common, rows)
	if err != nil {
		t.Fatal(err)
	}
	was, err := os.ReadFile(rows[0].Job.Source)
	if err != nil {
		t.Fatal(err)
	}
	d.put("q-1.pdf", append(bytes.Clone(was), "% another\n"...))
	taken := d.put("q-2.saoy.pdf", []byte("somebody else's"))
	if err := b.Run(ctx); err != nil || states(&b.Batch) != "ffd" || !errors.Is(b.Rows[0].Err, signer.ErrSourceChanged) || !errors.Is(b.Rows[1].Err, signer.ErrExists) {
		t.Fatalf("%v %s %v %v", err, states(&b.Batch), b.Rows[0].Err, b.Rows[1].Err)
	}
	if len(copies(t, r)) != 1 {
		t.Error("the numbers of the failures are kept")
	}
	if left, err := os.ReadFile(taken); err != nil || string(left) != "somebody else's" {
		t.Errorf("the other file: %q %v", left, err)
	}
	_ = b.Close()
	d.put("q-1.pdf", was)
	if b, err = signer.ResumeCopies(ctx, r, common); err != nil || states(&b.Batch) != "ffd" {
		t.Fatalf("%v %s", err, states(&b.Batch))
	}
	b.Retry()
	if err := b.Run(ctx); err != nil || states(&b.Batch) != "dfd" || len(copies(t, r)) != 2 {
		t.Fatalf("%v %s", err, states(&b.Batch))
	}
	_ = b.Close()
	job := rows[2].Job
	job.Plan, err = signer.PlanCopy(ctx, job, nil)
	if err != nil {
		t.Fatal(err)
	}
	d.put("q-3.pdf", was)
	if _, err := signer.Copy(ctx, job, nil); !errors.Is(err, signer.ErrSourceChanged) {
		t.Errorf("a plan of another scan: %v", err)
	}
	sound(t, r)
}

// What is cancelled waits; another process goes on with its own settings, but with
// the layout of the run. What is given up has no number.
func TestCopyBatchIsResumed(t *testing.T) {
	ctx, d := t.Context(), newDesk(t)
	r, rows := d.register(), d.scans(3)
	archive := d.copying(rows[1].Job.Source, "")
	archive.Common = rows[1].Job.Common
	archive.Profile = assets.ProfileNamed(assets.ProfileArchive)
	rows[1].Job, rows[1].Entry.Number = archive, register.Number{}
	b, err := signer.NewCopyBatch(ctx, r, d.seals(), rows)
	if err != nil {
		t.Fatal(err)
	}
	stop, cancel := context.WithCancel(ctx)
	defer cancel()
	b.Changed = func(i int, row signer.Row) {
		if i == 1 && row.State == signer.RowWorking {
			cancel()
		}
	}
	if err := b.Run(stop); !errors.Is(err, context.Canceled) || states(&b.Batch) != "d.." {
		t.Fatalf("%v %s", err, states(&b.Batch))
	}
	_ = b.Close()
	if _, err := signer.NewCopyBatch(ctx, r, d.seals(), rows[2:]); !errors.Is(err, register.ErrUnfinished) {
		t.Errorf("a new run beside an unfinished one: %v", err)
	}
	if b, err = signer.ResumeCopies(ctx, r, d.seals()); err != nil || states(&b.Batch) != "d.." {
		t.Fatalf("%v %s", err, states(&b.Batch))
	}
	if err := b.Skip(ctx, 2, true); err != nil {
		t.Fatal(err)
	}
	if err := b.Run(ctx); err != nil || states(&b.Batch) != "dds" || filepath.Base(b.Rows[1].Result.Output) != archive.Record+".7.pdf" {
		t.Fatalf("%v %s %+v", err, states(&b.Batch), b.Rows[1])
	}
	_ = b.Close()
	if entered := copies(t, r); len(entered) != 1 {
		t.Errorf("%v", entered)
	}
	sound(t, r)
}

// One copy that was cut short goes on when the same is wanted again, and only that.
func TestOneCopyAgain(t *testing.T) {
	ctx, d := t.Context(), newDesk(t)
	r, rows := d.register(), d.scans(2)
	b, err := signer.NewCopyBatch(ctx, r, d.seals(), rows[:1])
	if err == nil {
		err = b.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := rows[0]
	elsewhere.Job.Agency = "Ủy ban nhân dân xã Khác"
	for _, other := range []signer.CopyRow{rows[1], elsewhere} {
		if _, err := signer.NewCopyBatch(ctx, r, d.seals(), []signer.CopyRow{other}); !errors.Is(err, register.ErrUnfinished) {
			t.Errorf("another: %v", err)
		}
	}
	if b, err = signer.NewCopyBatch(ctx, r, d.seals(), rows[:1]); err != nil {
		t.Fatal(err)
	}
	if err := b.Run(ctx); err != nil || states(&b.Batch) != "d" || filepath.Base(b.Rows[0].Result.Output) != "q-1.saoy.pdf" || len(copies(t, r)) != 1 {
		t.Errorf("%v %s", err, states(&b.Batch))
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	sound(t, r)
}
