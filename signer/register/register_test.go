package register

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

var today = time.Date(2026, 11, 22, 9, 0, 0, 0, vietnam)

func open(t testing.TB, path string) *Register {
	t.Helper()
	r, err := Open(context.Background(), path, Options{Now: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func fresh(t testing.TB) *Register { return open(t, filepath.Join(t.TempDir(), "sổ % #1?.db")) }

func number(t testing.TB, text string) Number {
	t.Helper()
	n, err := ParseNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func sample(t testing.TB, text string) Document {
	return Document{
		Number: number(t, text), Date: today, Summary: "Về việc thử", Signer: "Nguyễn Văn An", Recipients: "Như trên; Lưu: VT", KeptBy: "Văn thư", Copies: 3,
		Source: File{"qd.daky.pdf", "aa" + text}, Output: File{"qd.phathanh.pdf", "bb" + text}, Certificate: "cc", Level: "B-B",
	}
}

func issue(t testing.TB, r *Register, text string) Entry {
	t.Helper()
	e, err := r.Issue(context.Background(), sample(t, text), "")
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func sound(t testing.TB, r *Register) Integrity {
	t.Helper()
	found, err := r.Check(context.Background())
	if err != nil || found.Fault != NoFault {
		t.Fatalf("%+v, %v", found, err)
	}
	return found
}

// TestReservedThenIssued is the way of one number.
func TestReservedThenIssued(t *testing.T) {
	ctx, r := context.Background(), fresh(t)
	n, err := r.ReserveNext(ctx, Outgoing, number(t, "99/QĐ-UBND"), today, "job 1")
	if err != nil || n.String() != "01/QĐ-UBND" {
		t.Fatalf("%v, %v", n, err)
	}
	var taken *TakenError
	if _, err := r.Reserve(ctx, Outgoing, n, today, "job 2"); !errors.As(err, &taken) || taken.Entry.Reservation.Holder != "job 1" || !errors.Is(err, ErrTaken) {
		t.Fatalf("%v", err)
	}
	if again, err := r.Reserve(ctx, Outgoing, n, today, "job 1"); err != nil || !again {
		t.Fatalf("%v %v", again, err)
	}
	if _, err := r.Issue(ctx, sample(t, "1/QĐ-UBND"), "job 2"); !errors.Is(err, ErrTaken) {
		t.Fatalf("%v", err)
	}
	if err := r.Release(ctx, Outgoing, n, today, "job 2"); !errors.Is(err, ErrNotReserved) {
		t.Fatalf("%v", err)
	}
	if _, err := r.Issue(ctx, sample(t, "1/QĐ-UBND"), "job 1"); err != nil {
		t.Fatal(err)
	}
	if err := r.Release(ctx, Outgoing, n, today, "job 1"); !errors.Is(err, ErrNotReserved) {
		t.Fatalf("issued and released: %v", err)
	}
	if _, err := r.Issue(ctx, sample(t, "1/QĐ-UBND"), "job 1"); !errors.As(err, &taken) || taken.Entry.Document.Source.Path != "qd.daky.pdf" {
		t.Fatalf("issued twice: %v", err)
	}
	// A released number is free again.
	n, err = r.ReserveNext(ctx, Outgoing, n, today, "job 3")
	if err != nil || n.N != 2 {
		t.Fatalf("%v, %v", n, err)
	}
	if err := r.Release(ctx, Outgoing, n, today, "job 3"); err != nil {
		t.Fatal(err)
	}
	if next, err := r.Next(ctx, Outgoing, n, today); err != nil || next.N != 2 {
		t.Fatalf("%v, %v", next, err)
	}
	if e, err := r.Find(ctx, Outgoing, number(t, "1/QĐ-UBND"), today); err != nil || e.Document.Type != "Quyết định" {
		t.Fatalf("%+v, %v", e, err)
	}
	if _, err := r.Find(ctx, Outgoing, n, today); !errors.Is(err, ErrNoEntry) {
		t.Fatal(err)
	}
	if found := sound(t, r); found.Entries != 4 {
		t.Errorf("%+v", found)
	}
}

// Each type, body, year and book counts by itself; the Party by terms.
func TestSeries(t *testing.T) {
	ctx, r := context.Background(), fresh(t)
	for _, text := range []string{"121/QĐ-UBND", "5/TB-UBND", "15/UBND-VX", "7/2026/QĐ-UBND", "3/QĐ-HĐND", "12a/BC-UBND"} {
		issue(t, r, text)
	}
	next := func(book Book, like string, at time.Time, want string) {
		t.Helper()
		if n, err := r.Next(ctx, book, number(t, like), at); err != nil || n.String() != want {
			t.Errorf("after %s: %s, %v; want %s", like, n, err, want)
		}
	}
	next(Outgoing, "1/QĐ-UBND", today, "122/QĐ-UBND")
	next(Outgoing, "1/TB-UBND", today, "06/TB-UBND")
	next(Outgoing, "1/UBND-KT", today, "16/UBND-KT") // units share the row of the office's letters
	next(Outgoing, "1/2026/QĐ-UBND", today, "08/2026/QĐ-UBND")
	next(Outgoing, "1/QĐ-HĐND", today, "04/QĐ-HĐND")
	next(Outgoing, "1/BC-UBND", today, "13/BC-UBND")
	next(Outgoing, "1/QĐ-UBND", today.AddDate(1, 0, 0), "01/QĐ-UBND")
	// The year is that of Vietnam.
	next(Outgoing, "1/QĐ-UBND", time.Date(2026, 12, 31, 18, 0, 0, 0, time.UTC), "01/QĐ-UBND")

	if _, err := r.Next(ctx, Outgoing, number(t, "1-NQ/ĐU"), today); !errors.Is(err, ErrNoTerm) {
		t.Errorf("no term: %v", err)
	}
	term := Term{"2025-2030", time.Date(2025, 8, 1, 0, 0, 0, 0, vietnam), time.Date(2030, 8, 1, 0, 0, 0, 0, vietnam)}
	if err := r.SetTerm(ctx, Term{"", term.Start, term.End}); !errors.Is(err, ErrTerm) {
		t.Error(err)
	}
	if err := r.SetTerm(ctx, term); err != nil {
		t.Fatal(err)
	}
	issue(t, r, "4-NQ/ĐU")
	next(Outgoing, "1-NQ/ĐU", today.AddDate(2, 0, 0), "05-NQ/ĐU")

	// Copies of all forms share one row of numbers.
	if _, err := r.Copy(ctx, Copy{Number: number(t, "8/SY-UBND"), Date: today, Form: "SAO Y", Source: File{"a.pdf", "1"}, Output: File{"a.saoy.pdf", "2"}}, ""); err != nil {
		t.Fatal(err)
	}
	next(Copies, "1/TrS-UBND", today, "09/TrS-UBND")
	sound(t, r)
}

func TestGaps(t *testing.T) {
	ctx, r := context.Background(), fresh(t)
	for _, text := range []string{"121/QĐ-UBND", "122/QĐ-UBND", "122a/QĐ-UBND", "125/QĐ-UBND", "127/QĐ-UBND", "3/TB-UBND"} {
		issue(t, r, text)
	}
	gaps, err := r.Gaps(ctx, Outgoing, "2026")
	if err != nil || len(gaps) != 2 || gaps[0].From != 123 || gaps[0].To != 124 || gaps[1].From != 126 || gaps[1].To != 126 || gaps[0].Series.Number(123, "").String() != "123/QĐ-UBND" {
		t.Errorf("%+v, %v", gaps, err)
	}
}

func TestCorrectionsAreNewEntries(t *testing.T) {
	ctx, r := context.Background(), fresh(t)
	first := issue(t, r, "121/QĐ-UBND")
	d := *first.Document
	d.Summary = "Về việc khác"
	if _, err := r.Correct(ctx, &d, nil, "ghi nhầm"); err != nil {
		t.Fatal(err)
	}
	other := sample(t, "122/QĐ-UBND")
	if _, err := r.Correct(ctx, &other, nil, ""); !errors.Is(err, ErrNoEntry) {
		t.Errorf("%v", err)
	}
	var lines []string
	for e, err := range r.Lines(ctx, Outgoing, "") {
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, e.Document.Summary+e.Reason)
	}
	if !slices.Equal(lines, []string{"Về việc khácghi nhầm"}) {
		t.Errorf("%q", lines)
	}
	if found := sound(t, r); found.Entries != 3 {
		t.Errorf("%+v", found)
	}
	for _, statement := range []string{"UPDATE entries SET body = body", "DELETE FROM entries"} {
		if _, err := r.db.Exec(statement); err == nil {
			t.Errorf("%s was allowed", statement)
		}
	}
}

func TestWaitingForATimeStamp(t *testing.T) {
	ctx, r := context.Background(), fresh(t)
	d := sample(t, "121/QĐ-UBND")
	d.NeedsStamp = true
	if _, err := r.Issue(ctx, d, ""); err != nil {
		t.Fatal(err)
	}
	if err := r.Record(ctx, Action{What: "attach", Output: File{"pl.pdf", "dd"}, Result: "done", NeedsStamp: true}); err != nil {
		t.Fatal(err)
	}
	var waiting []string
	for e, err := range r.Unstamped(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		waiting = append(waiting, e.Output().Path)
	}
	if !slices.Equal(waiting, []string{"qd.phathanh.pdf", "pl.pdf"}) {
		t.Errorf("%q", waiting)
	}
	sound(t, r)
	if err := r.Stamp(ctx, Stamp{Of: "dd", Output: File{"pl (2).pdf", "ee"}}); err != nil {
		t.Fatal(err)
	}
	if err := r.Stamp(ctx, Stamp{Of: "dd"}); !errors.Is(err, ErrNoEntry) {
		t.Errorf("%v", err)
	}
	if n, err := r.UnstampedCount(ctx); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	sound(t, r)
}

// TestEveryTamperingShows changes a register behind the program's back.
func TestEveryTamperingShows(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		statements string
		file       func(path string) error
		want       Fault
		entry      int64
	}{
		"a word edited":             {statements: `UPDATE entries SET body = replace(body, 'Văn An', 'Văn Em') WHERE seq = 4`, want: Edited, entry: 4},
		"the date of entry edited":  {statements: `UPDATE entries SET at = '2026-11-21T09:00:00+07:00' WHERE seq = 2`, want: Edited, entry: 2},
		"a hash edited":             {statements: `UPDATE entries SET hash = zeroblob(32) WHERE seq = 3`, want: Edited, entry: 3},
		"an entry removed":          {statements: `DELETE FROM entries WHERE seq = 3`, want: Missing, entry: 4},
		"removed and closed up":     {statements: `DELETE FROM entries WHERE seq = 3; UPDATE entries SET seq = seq - 1 WHERE seq > 3`, want: Edited, entry: 3},
		"the first removed":         {statements: `DELETE FROM entries WHERE seq = 1`, want: Missing, entry: 2},
		"two in another order":      {statements: `UPDATE entries SET seq = 99 WHERE seq = 2; UPDATE entries SET seq = 2 WHERE seq = 4; UPDATE entries SET seq = 4 WHERE seq = 99`, want: Edited, entry: 2},
		"one put in":                {statements: `INSERT INTO entries SELECT 7, at, kind, body, hash FROM entries WHERE seq = 6`, want: Edited, entry: 7},
		"the last cut off":          {statements: `DELETE FROM entries WHERE seq = 6; DELETE FROM numbers WHERE seq = 6`, want: CutOff, entry: 6},
		"all cut off":               {statements: `DELETE FROM entries; DELETE FROM numbers`, want: CutOff, entry: 1},
		"a number set free":         {statements: `DELETE FROM numbers WHERE n = 121`, want: WrongNumbers},
		"a number taken":            {statements: `UPDATE numbers SET n = 500 WHERE n = 121`, want: WrongNumbers},
		"a queue emptied":           {statements: `DELETE FROM unstamped`, want: WrongNumbers},
		"the second file removed":   {file: func(p string) error { return os.Remove(p + ".head") }, want: NoHead},
		"the second file nonsense":  {file: func(p string) error { return os.WriteFile(p+".head", []byte("nonsense"), 0o600) }, want: NoHead},
		"the second file of others": {file: func(p string) error { return os.WriteFile(p+".head", fmt.Appendf(nil, "%012d %064x\n", 5, 1), 0o600) }, want: Edited, entry: 5},
		"nothing":                   {want: NoFault},
	} {
		t.Run(name, func(t *testing.T) {
			r := fresh(t)
			for _, text := range []string{"121/QĐ-UBND", "122/QĐ-UBND", "123/QĐ-UBND"} {
				d := sample(t, text)
				d.NeedsStamp = true
				if _, err := r.Issue(ctx, d, ""); err != nil {
					t.Fatal(err)
				}
			}
			sound(t, r)
			db, err := sql.Open("sqlite", fileURL(r.path, nil))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec("DROP TRIGGER entries_stay; DROP TRIGGER entries_remain;" + c.statements); err != nil {
				t.Fatal(err)
			}
			if c.file != nil {
				if err := c.file(r.path); err != nil {
					t.Fatal(err)
				}
			}
			if found, err := r.Check(ctx); err != nil || found.Fault != c.want || found.Entry != c.entry {
				t.Errorf("%+v, %v; want fault %d at %d", found, err, c.want, c.entry)
			}
		})
	}
}

// TestFilesThatCannotBeUsed: each fault has its kind.
func TestFilesThatCannotBeUsed(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	try := func(path string) error {
		r, err := Open(ctx, path, Options{Wait: 50 * time.Millisecond})
		if err == nil {
			_, err = r.Check(ctx)
			_ = r.Close()
		}
		return err
	}
	good := filepath.Join(dir, "good.db")
	r := open(t, good)
	for i := range 50 {
		issue(t, r, strconv.Itoa(i+1)+"/QĐ-UBND")
	}
	if _, err := r.db.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	put := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, b := range map[string][]byte{
		"no database": []byte(strings.Repeat("no database ", 1000)),
		"cut":         whole[:len(whole)/2],
		"noise":       append(slices.Clone(whole[:8192]), make([]byte, len(whole)-8192)...),
	} {
		if err := try(put(name, b)); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	if err := try(good); !errors.Is(err, ErrNewer) {
		t.Errorf("newer: %v", err)
	}
	if _, err := r.db.Exec("PRAGMA user_version = 1"); err != nil {
		t.Fatal(err)
	}
	tx, err := r.db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if err := try(good); !errors.Is(err, ErrLocked) {
		t.Errorf("locked: %v", err)
	}
	_ = tx.Rollback()
	if err := try(filepath.Join(dir, "none", "x.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
	if err := try(dir); err == nil {
		t.Error("a folder was opened")
	}
}

// TestReadOnlyFolder runs as a user who may not write, also when the tests run
// as one who may.
func TestReadOnlyFolder(t *testing.T) {
	if dir := os.Getenv("ANTIN_TEST_READ_ONLY"); dir != "" {
		_, err := Open(context.Background(), filepath.Join(dir, "new.db"), Options{})
		_, again := Open(context.Background(), filepath.Join(dir, "old.db"), Options{})
		if !errors.Is(err, ErrReadOnly) || !errors.Is(again, ErrReadOnly) {
			t.Errorf("new: %v\nold: %v", err, again)
		}
		return
	}
	dir := t.TempDir()
	r := open(t, filepath.Join(dir, "old.db"))
	issue(t, r, "1/QĐ-UBND")
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o700)
	cmd := exec.Command(os.Args[0], "-test.run", "^TestReadOnlyFolder$")
	cmd.Env = append(os.Environ(), "ANTIN_TEST_READ_ONLY="+dir)
	if err := asNobody(cmd, dir); err != nil {
		t.Fatal(err)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestSeveralProcesses write to one register at once: every number is given
// once and the chain is whole.
func TestSeveralProcesses(t *testing.T) {
	const processes, each = 4, 25
	if path := os.Getenv("ANTIN_TEST_WRITER"); path != "" {
		ctx := context.Background()
		r, err := Open(ctx, path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range each {
			holder := fmt.Sprint(os.Getpid(), i)
			n, err := r.ReserveNext(ctx, Outgoing, number(t, "1/QĐ-UBND"), today, holder)
			if err == nil {
				_, err = r.Issue(ctx, sample(t, n.String()), holder)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	path := filepath.Join(t.TempDir(), "r.db")
	var wg sync.WaitGroup
	for range processes {
		wg.Go(func() {
			cmd := exec.Command(os.Args[0], "-test.run", "^TestSeveralProcesses$")
			cmd.Env = append(os.Environ(), "ANTIN_TEST_WRITER="+path)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	wg.Wait()
	r := open(t, path)
	if n, err := r.Next(context.Background(), Outgoing, number(t, "1/QĐ-UBND"), today); err != nil || n.N != processes*each+1 {
		t.Errorf("%v, %v", n, err)
	}
	if found := sound(t, r); found.Entries != 2*processes*each {
		t.Errorf("%+v", found)
	}
}
