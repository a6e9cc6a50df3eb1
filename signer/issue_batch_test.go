package signer_test

import (
	"bytes"
	"context"
	"crypto"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"antin/signer"
	"antin/signer/cms"
	"antin/signer/practice"
	"antin/signer/register"
	"antin/signer/verify"
)

// register opens the desk's register.
func (d *desk) register() *register.Register {
	d.t.Helper()
	r, err := register.Open(context.Background(), d.path("so.db"), register.Options{})
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = r.Close() })
	return r
}

// signedByLeader is a decision as the clerk gets it.
func (d *desk) signedByLeader() []byte {
	d.t.Helper()
	b, err := os.ReadFile(d.approve(d.approval(d.path("qd.pdf"))).Output)
	if err != nil {
		d.t.Fatal(err)
	}
	return b
}

// list is n decisions to be issued from number first on, in files that differ.
func (d *desk) list(n, first int) []signer.IssueRow {
	d.t.Helper()
	signed := d.signedByLeader()
	var rows []signer.IssueRow
	for i := range n {
		// White space behind a signed revision changes nothing for a reader.
		source := d.put(fmt.Sprintf("vb-%03d.daky.pdf", i+1), append(bytes.Clone(signed), bytes.Repeat([]byte{'\n'}, i+1)...))
		job := d.issuing(source)
		job.Number = fmt.Sprintf("%d/QĐ-UBND", first+i)
		rows = append(rows, signer.IssueRow{Job: job, Entry: register.Document{Summary: fmt.Sprintf("Văn bản %d", i+1), Copies: 2}})
	}
	return rows
}

func (d *desk) seals() signer.Common { return d.common("", d.seal) }

// countingKey counts what is signed with it.
type countingKey struct {
	*practice.Identity
	signed int
	refuse error
}

func (k *countingKey) Sign(ctx context.Context, m []byte, h crypto.Hash, s cms.Scheme) ([]byte, error) {
	if k.refuse != nil {
		return nil, k.refuse
	}
	k.signed++
	return k.Identity.Sign(ctx, m, h, s)
}

// lines are the documents of the register by number.
func lines(t testing.TB, r *register.Register) map[string]*register.Document {
	t.Helper()
	out := map[string]*register.Document{}
	for e, err := range r.Lines(context.Background(), register.Outgoing, "") {
		if err != nil {
			t.Fatal(err)
		}
		if e.Document == nil {
			t.Errorf("%s is reserved and not issued", e.Reservation.Number)
			continue
		}
		out[e.Document.Number.String()] = e.Document
	}
	return out
}

func sound(t testing.TB, r *register.Register) {
	t.Helper()
	if found, err := r.Check(context.Background()); err != nil || found.Fault != register.NoFault {
		t.Errorf("the register: %+v, %v", found, err)
	}
}

// TestIssueBatch is the clerk's morning.
func TestIssueBatch(t *testing.T) {
	ctx, d := context.Background(), newDesk(t)
	r, rows := d.register(), d.list(4, 8)
	rows[1].Attachments = []string{d.put("phu-luc.pdf", d.decision), d.put("bang.pdf", append(bytes.Clone(d.decision), '\n'))}
	rows[2].Skip = true
	key := &countingKey{Identity: d.seal}
	common := d.seals()
	common.Key = key
	if err := signer.CheckIssues(ctx, r, common, rows, func(row int, refused error) {
		if refused != nil {
			t.Errorf("row %d: %v", row, refused)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if key.signed != 0 {
		t.Error("the key was used by the check")
	}
	b, err := signer.NewIssueBatch(ctx, r, common, rows)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := signer.NewIssueBatch(ctx, r, common, rows); !errors.Is(err, register.ErrRunning) {
		t.Errorf("a second run: %v", err)
	}
	if err := b.Run(ctx); err != nil || states(&b.Batch) != "ddsd" {
		t.Fatalf("%v %s %v", err, states(&b.Batch), b.Rows[0].Err)
	}
	if key.signed != 5 {
		t.Errorf("%d signatures, want 3 seals and 2 attachments", key.signed)
	}
	entered := lines(t, r)
	if len(entered) != 3 || entered["10/QĐ-UBND"] != nil {
		t.Errorf("%v", entered)
	}
	doc := entered["08/QĐ-UBND"]
	got := b.Rows[0].Result
	if doc == nil || doc.Output.Path != got.Output || doc.Output.SHA256 != hex.EncodeToString(got.SHA256[:]) || doc.Signer != "Nguyễn Văn An" ||
		doc.Summary != "Văn bản 1" || doc.Type != "Quyết định" || doc.Copies != 2 || doc.Level != "B-B" || doc.NeedsStamp {
		t.Errorf("%+v", doc)
	}
	if v := verdict(t, d, got.Output); v.Verdict() != verify.Valid || got.Report != nil {
		t.Errorf("%v; report kept: %t", v.Verdict(), got.Report != nil)
	}
	if a := b.Rows[1].Result.Attachments; len(a) != 2 || filepath.Base(a[0].Output) != "phu-luc.phathanh.pdf" || verdict(t, d, a[1].Output).Verdict() != verify.Valid {
		t.Errorf("attachments %+v", a)
	}
	actions := 0
	for e, err := range r.Entries(ctx, register.Acted) {
		if err != nil || e.Action.What != "attach" || e.Action.Number != "09/QĐ-UBND" {
			t.Errorf("%+v %v", e.Action, err)
		}
		actions++
	}
	if actions != 2 {
		t.Errorf("%d attachments in the log", actions)
	}
	sound(t, r)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := signer.ResumeIssues(ctx, r, common); !errors.Is(err, register.ErrNoEntry) {
		t.Errorf("resuming what is done: %v", err)
	}
}

// Every row that cannot be issued is told with its reason before the PIN.
func TestIssueBatchIsCheckedFirst(t *testing.T) {
	ctx, d := context.Background(), newDesk(t)
	r, rows := d.register(), d.list(9, 1)
	rows[0].Job.Source = d.path("qd.pdf")
	rows[1].Job.Number = "1"
	rows[3].Job.Number = rows[2].Job.Number
	rows[4].Job.Source = rows[2].Job.Source
	rows[5].Attachments = []string{d.path("none.pdf")}
	rows[6].Job.Out = d.put("there.pdf", nil)
	rows[7].Job.Diameter = 5
	if _, err := r.Issue(ctx, register.Document{Number: number(t, "9/QĐ-UBND"), Date: rows[8].Job.Date}, ""); err != nil {
		t.Fatal(err)
	}
	want := []error{
		signer.ErrNoLeaderSignature, register.ErrNumber, nil, signer.ErrNumberTwice, signer.ErrRowTwice, os.ErrNotExist,
		signer.ErrExists, signer.ErrDiameter, register.ErrTaken,
	}
	told := 0
	err := signer.CheckIssues(ctx, r, d.seals(), rows, func(row int, refused error) {
		told++
		if !errors.Is(refused, want[row]) || (want[row] == nil) != (refused == nil) {
			t.Errorf("row %d: %v, want %v", row, refused, want[row])
		}
	})
	if err != nil || told != len(rows) {
		t.Errorf("%d rows, %v", told, err)
	}
	var row *signer.RowError
	if _, err := signer.NewIssueBatch(ctx, r, d.seals(), rows); !errors.As(err, &row) || row.Row != 1 {
		t.Errorf("%v", err)
	}
}

func number(t testing.TB, text string) register.Number {
	t.Helper()
	n, err := register.ParseNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A halted run goes on in another process with another key, in the same order.
func TestIssueBatchIsResumed(t *testing.T) {
	ctx, d := context.Background(), newDesk(t)
	r, rows := d.register(), d.list(4, 21)
	rows[1].Job.Number = "0021/QĐ-UBND" // taken when its turn comes
	key := &countingKey{Identity: d.seal}
	common := d.seals()
	common.Key = key
	b, err := signer.NewIssueBatch(ctx, r, common, rows)
	if err != nil {
		t.Fatal(err)
	}
	b.Changed = func(i int, row signer.Row) {
		if i == 2 && row.State == signer.RowWorking {
			key.refuse = errors.New("pulled")
		}
	}
	var halt *signer.HaltError
	if err := b.Run(ctx); !errors.As(err, &halt) || halt.Row != 2 || states(&b.Batch) != "df.." {
		t.Fatalf("%v %s", err, states(&b.Batch))
	}
	if err := b.Run(ctx); !errors.As(err, &halt) || key.signed != 1 {
		t.Fatalf("%v after %d signatures", err, key.signed)
	}
	if n, err := r.Next(ctx, register.Outgoing, number(t, "1/QĐ-UBND"), rows[0].Job.Date); err != nil || n.N != 22 {
		t.Errorf("the number of the row that halted is kept: %v %v", n, err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := signer.NewIssueBatch(ctx, r, common, rows[:1]); err == nil || errors.Is(err, register.ErrRunning) {
		t.Errorf("a new run beside an unfinished one: %v", err)
	}
	key.refuse = nil
	b, err = signer.ResumeIssues(ctx, r, common)
	if err != nil || states(&b.Batch) != "df.." || b.Rows[1].Err == nil || b.Plan(3).Job.Number != "24/QĐ-UBND" {
		t.Fatalf("%v %s", err, states(&b.Batch))
	}
	defer b.Close()
	b.Retry()
	if err := b.Run(ctx); err != nil || states(&b.Batch) != "dfdd" || !errors.Is(b.Rows[1].Err, register.ErrTaken) {
		t.Fatalf("%v %s", err, states(&b.Batch))
	}
	if entered := lines(t, r); len(entered) != 3 || key.signed != 3 {
		t.Errorf("%d documents, %d signatures", len(entered), key.signed)
	}
	sound(t, r)
}

// A dead time-stamp authority costs its time-out twice, not once a document.
func TestIssueBatchWithoutTimeStamps(t *testing.T) {
	ctx, d := context.Background(), newDesk(t)
	r, rows := d.register(), d.list(4, 1)
	rows[3].Attachments = []string{d.put("pl.pdf", d.decision)}
	common := d.seals()
	common.TSA = &cms.TSA{URL: "http://127.0.0.1:9/", Timeout: time.Second}
	b, err := signer.NewIssueBatch(ctx, r, common, rows)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := b.Run(ctx); err != nil || states(&b.Batch) != "dddd" {
		t.Fatalf("%v %s %v", err, states(&b.Batch), b.Rows[0].Err)
	}
	for i, row := range b.Rows {
		if !errors.Is(row.Result.StampProblem, cms.ErrTSAUnreachable) || !has(row.Result.Notes, signer.NoteNoStamp) {
			t.Errorf("row %d: %v %v", i, row.Result.StampProblem, row.Result.Notes)
		}
	}
	if n, err := r.UnstampedCount(ctx); n != 5 || err != nil {
		t.Errorf("%d documents wait for a time-stamp: %v", n, err)
	}
	sound(t, r)
}

// What is given up is entered when it exists, and its number is free otherwise.
func TestIssueBatchIsGivenUp(t *testing.T) {
	ctx, d := context.Background(), newDesk(t)
	r, rows := d.register(), d.list(3, 1)
	b, err := signer.NewIssueBatch(ctx, r, d.seals(), rows)
	if err != nil {
		t.Fatal(err)
	}
	stop, cancel := context.WithCancel(ctx)
	b.Changed = func(i int, row signer.Row) {
		if i == 1 && row.State == signer.RowWorking {
			cancel()
		}
	}
	if err := b.Run(stop); !errors.Is(err, context.Canceled) || states(&b.Batch) != "d.." {
		t.Fatalf("%v %s", err, states(&b.Batch))
	}
	if err := b.Discard(ctx); err != nil || states(&b.Batch) != "dss" {
		t.Fatalf("%v %s", err, states(&b.Batch))
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if entered := lines(t, r); len(entered) != 1 {
		t.Errorf("%v", entered)
	}
	b, err = signer.NewIssueBatch(ctx, r, d.seals(), rows[1:])
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Run(ctx); err != nil || states(&b.Batch) != "dd" {
		t.Errorf("%v %s", err, states(&b.Batch))
	}
	_ = b.Close()
	sound(t, r)
}

// One document alone is entered as well, and not twice.
func TestIssueEntered(t *testing.T) {
	ctx, d := context.Background(), newDesk(t)
	r, rows := d.register(), d.list(2, 1)
	rows[0].Attachments = []string{d.put("pl.pdf", d.decision)}
	first, err := signer.IssueEntered(ctx, r, d.seals(), rows[0], nil)
	if err != nil || len(first.Attachments) != 1 {
		t.Fatalf("%+v %v", first, err)
	}
	rows[1].Job.Number = rows[0].Job.Number
	if _, err := signer.IssueEntered(ctx, r, d.seals(), rows[1], nil); !errors.Is(err, register.ErrTaken) {
		t.Errorf("%v", err)
	}
	rows[1].Job.Number, rows[1].Job.Diameter = "2/QĐ-UBND", 0
	if _, err := signer.IssueEntered(ctx, r, d.seals(), rows[1], nil); !errors.Is(err, signer.ErrDiameter) {
		t.Errorf("%v", err)
	}
	if entered := lines(t, r); len(entered) != 1 { // the number of the failure was given back
		t.Errorf("%v", entered)
	}
	sound(t, r)
}

// The register has the whole number where the page prints its symbol, the reason
// of an override, and what the document tells where the row says nothing.
func TestNumberAndReasonAreEntered(t *testing.T) {
	ctx, d := context.Background(), newDesk(t)
	r, rows := d.register(), d.list(2, 5)
	row := rows[0]
	row.Job.Override = &signer.Override{Reason: " Lãnh đạo đã ký bản giấy "}
	unsigned, _, err := practice.Decision(practice.DecisionOptions{Gaps: true})
	if err != nil {
		t.Fatal(err)
	}
	row.Job.Source, row.Job.Number = d.put("giay.pdf", unsigned), "7"
	if _, err := signer.IssueEntered(ctx, r, d.seals(), row, nil); err != nil {
		t.Fatal(err)
	}
	rows[1].Job.Override = row.Job.Override // not needed
	if _, err := signer.IssueEntered(ctx, r, d.seals(), rows[1], nil); err != nil {
		t.Fatal(err)
	}
	entered := lines(t, r)
	if doc := entered["07/QĐ-UBND"]; doc == nil || doc.Override != "Lãnh đạo đã ký bản giấy" {
		t.Errorf("%+v", doc)
	}
	if doc := entered["06/QĐ-UBND"]; doc == nil || doc.Override != "" || doc.Summary != "Văn bản 2" || doc.KeptBy != "VT, VHXH" || !strings.Contains(doc.Recipients, "; Chủ tịch, các PCT UBND xã; ") {
		t.Errorf("%+v", doc)
	}
}
