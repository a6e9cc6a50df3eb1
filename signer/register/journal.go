package register

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"net/url"
)

// A run cannot begin.
var (
	ErrRunning    = errors.New("register: another program is working on a run")
	ErrUnfinished = errors.New("register: an earlier run was interrupted") // resume it, or skip what is left of it
)

// State is how far one row of a run has come, as it stands on the disk.
type State string

// The states in their order. A row that failed or was skipped goes back to
// planned when it is tried again.
const (
	Planned State = "planned"
	Signing State = "signing" // its number is reserved, an output may exist
	Written State = "written" // the document is entered; attachments are left
	Done    State = "done"
	Failed  State = "failed"
	Skipped State = "skipped"
)

// Work is one row of a run.
type Work struct {
	Row     int
	Plan    string // what is to be done, in the caller's words
	State   State
	Outputs string // in the caller's words
	Problem string
}

// Run is a piece of work over many documents, kept so that it can go on after a
// crash. One process has the runs of a kind at a time.
type Run struct {
	r    *Register
	id   int64
	lock *sql.DB
}

// NewRun writes down what is to be done, with a plan for each row, Planned or
// Skipped. Close it at the end of the process. Errors: ErrRunning, ErrUnfinished.
func (r *Register) NewRun(ctx context.Context, kind string, work []Work) (*Run, error) {
	run := &Run{r: r}
	if err := run.take(ctx, kind); err != nil {
		return nil, err
	}
	err := r.write(ctx, func(tx *sql.Tx) error {
		if _, err := newest(ctx, tx, kind, false); !errors.Is(err, sql.ErrNoRows) {
			return errors.Join(ErrUnfinished, err)
		}
		made, err := tx.ExecContext(ctx, "INSERT INTO runs (at, kind) VALUES (?, ?)", r.o.Now().UTC().Format("2006-01-02T15:04:05Z"), kind)
		if err != nil {
			return err
		}
		if run.id, err = made.LastInsertId(); err != nil {
			return err
		}
		for _, w := range work {
			if _, err := tx.ExecContext(ctx, "INSERT INTO work (run, row, plan, state) VALUES (?, ?, ?, ?)", run.id, w.Row, w.Plan, string(w.State)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, run.Close())
	}
	return run, nil
}

// Single is a run that is not written down, for one document: its rows are
// forgotten, only what they enter stays.
func (r *Register) Single() *Run { return &Run{r: r} }

// newest is the newest run of the kind that was interrupted, with failed also
// one that has rows that failed.
func newest(ctx context.Context, q querier, kind string, failed bool) (id int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT id FROM runs WHERE kind = ? AND EXISTS
		(SELECT 1 FROM work WHERE run = id AND state NOT IN (?, ?) AND (? OR state <> ?)) ORDER BY id DESC LIMIT 1`,
		kind, string(Done), string(Skipped), failed, string(Failed)).Scan(&id)
	return id, err
}

// ResumeRun is the newest run of the kind that has rows which are neither done
// nor skipped. Errors: ErrNoEntry, ErrRunning.
func (r *Register) ResumeRun(ctx context.Context, kind string) (*Run, error) {
	run := &Run{r: r}
	if err := run.take(ctx, kind); err != nil {
		return nil, err
	}
	var err error
	if run.id, err = newest(ctx, r.db, kind, false); errors.Is(err, sql.ErrNoRows) { // interrupted ones first: they block new ones
		run.id, err = newest(ctx, r.db, kind, true)
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("%w: no unfinished run", ErrNoEntry)
	}
	if err != nil {
		return nil, errors.Join(told(err), run.Close())
	}
	return run, nil
}

// take gets the runs of a kind for this process: a lock on a file of its own, which
// the system gives back when the process ends, however it ends. The file is
// empty and stays: removed, it could be locked twice.
func (run *Run) take(ctx context.Context, kind string) error {
	db, err := sql.Open("sqlite", fileURL(run.r.path+"."+kind+".lock", url.Values{"_pragma": {"busy_timeout(1)"}}))
	if err != nil {
		return told(err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		_ = db.Close() // the other error tells more
		if err = told(err); errors.Is(err, ErrLocked) {
			err = fmt.Errorf("%w: %w", ErrRunning, err)
		}
		return err
	}
	run.lock = db
	return nil
}

// Close gives the run back to other processes; what is not done stays to be
// resumed.
func (run *Run) Close() error {
	if run.lock == nil {
		return nil
	}
	return told(run.lock.Close())
}

// Work is the rows of the run in their order.
func (run *Run) Work(ctx context.Context) iter.Seq2[Work, error] {
	return func(yield func(Work, error) bool) {
		rows, err := run.r.db.QueryContext(ctx, "SELECT row, plan, state, outputs, problem FROM work WHERE run = ? ORDER BY row", run.id)
		if err != nil {
			yield(Work{}, told(err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var w Work
			err := rows.Scan(&w.Row, &w.Plan, &w.State, &w.Outputs, &w.Problem)
			if !yield(w, told(err)) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Work{}, told(err))
		}
	}
}

// Set writes down how far a row has come.
func (run *Run) Set(ctx context.Context, w Work) error {
	return run.r.write(ctx, func(tx *sql.Tx) error { return run.set(ctx, tx, w) })
}

func (run *Run) set(ctx context.Context, tx *sql.Tx, w Work) error {
	_, err := tx.ExecContext(ctx, "UPDATE work SET plan = ?, state = ?, outputs = ?, problem = ? WHERE run = ? AND row = ?",
		w.Plan, string(w.State), w.Outputs, w.Problem, run.id, w.Row)
	return err
}

// Reserve is Register.Reserve and Set at once: both are on the disk or neither.
func (run *Run) Reserve(ctx context.Context, w Work, v Reservation) (again bool, err error) {
	err = run.both(ctx, w, func(tx *sql.Tx) error {
		again, err = run.r.reserve(ctx, tx, v.Book, v.Number, v.Date, v.Holder)
		return err
	})
	return again, err
}

// Release is Register.Release and Set at once.
func (run *Run) Release(ctx context.Context, w Work, v Reservation) error {
	return run.both(ctx, w, func(tx *sql.Tx) error { return run.r.release(ctx, tx, v.Book, v.Number, v.Date, v.Holder) })
}

// Issue is Register.Issue and Set at once.
func (run *Run) Issue(ctx context.Context, w Work, d Document, holder string) error {
	return run.both(ctx, w, func(tx *sql.Tx) error {
		_, err := run.r.issue(ctx, tx, d, holder)
		return err
	})
}

// Copy is Register.Copy and Set at once.
func (run *Run) Copy(ctx context.Context, w Work, c Copy, holder string) error {
	return run.both(ctx, w, func(tx *sql.Tx) error {
		_, err := run.r.copy(ctx, tx, c, holder)
		return err
	})
}

// Record is Register.Record and Set at once.
func (run *Run) Record(ctx context.Context, w Work, a Action) error {
	return run.both(ctx, w, func(tx *sql.Tx) error { return run.r.act(ctx, tx, a) })
}

func (run *Run) both(ctx context.Context, w Work, do func(tx *sql.Tx) error) error {
	return run.r.record(ctx, func(tx *sql.Tx) error {
		if err := do(tx); err != nil {
			return err
		}
		return run.set(ctx, tx, w)
	})
}
