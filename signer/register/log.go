package register

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"
)

// Action is something that was done to a document outside the numbered books:
// the record that the law asks to keep of signing and checking.
type Action struct {
	What        string `json:"what"`                  // sign, attach or verify
	Number      string `json:"number,omitempty"`      // of the document that an attachment belongs to
	Certificate string `json:"certificate,omitempty"` // SHA-256 of who signed, hexadecimal; "" for a check
	Name        string `json:"name,omitempty"`        // of that certificate, for people
	Source      File   `json:"source"`
	Others      []File `json:"others,omitempty"` // further files that its pages come from, in their order
	Output      File   `json:"output"`
	Result      string `json:"result"`             // done, failed, or the verdict of a check
	Problem     string `json:"problem,omitempty"`  // code of what went wrong
	Override    string `json:"override,omitempty"` // why a guard rail was passed over
	NeedsStamp  bool   `json:"needsStamp,omitempty"`
}

// Record enters an action.
func (r *Register) Record(ctx context.Context, a Action) error {
	return r.record(ctx, func(tx *sql.Tx) error { return r.act(ctx, tx, a) })
}

func (r *Register) act(ctx context.Context, tx *sql.Tx, a Action) error {
	e, err := r.add(ctx, tx, Acted, body{Action: &a})
	if err == nil && a.NeedsStamp {
		_, err = tx.ExecContext(ctx, "INSERT OR REPLACE INTO unstamped VALUES (?, ?)", a.Output.SHA256, e.Seq)
	}
	return err
}

// Stamp is a time-stamp that was added later.
type Stamp struct {
	Of     string `json:"of"`     // SHA-256 of the document without it
	Output File   `json:"output"` // the document with it
}

// Unstamped are the entries of the documents that wait for a time-stamp, the
// oldest first.
func (r *Register) Unstamped(ctx context.Context) iter.Seq2[Entry, error] {
	return r.entries(ctx, "SELECT e.seq, e.at, e.kind, e.body, e.hash FROM unstamped u JOIN entries e ON e.seq = u.seq ORDER BY e.seq")
}

// UnstampedCount is how many they are.
func (r *Register) UnstampedCount(ctx context.Context) (n int, err error) {
	err = r.db.QueryRowContext(ctx, "SELECT count(*) FROM unstamped").Scan(&n)
	return n, told(err)
}

// Stamp enters that a waiting document has got its time-stamp. Error:
// ErrNoEntry when none waits under that hash.
func (r *Register) Stamp(ctx context.Context, s Stamp) error {
	return r.record(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, "DELETE FROM unstamped WHERE sha256 = ?", s.Of)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(fmt.Errorf("%w: no document %s waits", ErrNoEntry, s.Of), err)
		}
		_, err = r.add(ctx, tx, Stamped, body{Stamp: &s})
		return err
	})
}

// Output is the file that an entry tells of, zero for none.
func (e Entry) Output() File {
	switch {
	case e.Document != nil:
		return e.Document.Output
	case e.Copy != nil:
		return e.Copy.Output
	case e.Action != nil:
		return e.Action.Output
	}
	return File{}
}

// checkNumbers finds whether the tables are what the entries make of them.
func (r *Register) checkNumbers(ctx context.Context, tx *sql.Tx) (Fault, error) {
	numbers, unstamped, err := replay(ctx, tx)
	if err != nil {
		return NoFault, err
	}
	rows, err := tx.QueryContext(ctx, "SELECT book, kind, body, legal, party, period, n, suffix, holder, seq FROM numbers")
	if err != nil {
		return NoFault, err
	}
	defer rows.Close()
	for rows.Next() {
		var p place
		var h held
		if err := rows.Scan(&p.book, &p.Kind, &p.Body, &p.Legal, &p.Party, &p.Period, &p.n, &p.suffix, &h.by, &h.seq); err != nil {
			return NoFault, err
		}
		if numbers[p] != h {
			return WrongNumbers, nil
		}
		delete(numbers, p)
	}
	if err := rows.Err(); err != nil || len(numbers) > 0 {
		return WrongNumbers, err
	}
	waiting, err := tx.QueryContext(ctx, "SELECT sha256, seq FROM unstamped")
	if err != nil {
		return NoFault, err
	}
	defer waiting.Close()
	for waiting.Next() {
		var sum string
		var seq int64
		if err := waiting.Scan(&sum, &seq); err != nil {
			return NoFault, err
		}
		if unstamped[sum] != seq {
			return WrongNumbers, nil
		}
		delete(unstamped, sum)
	}
	if err := waiting.Err(); err != nil || len(unstamped) > 0 {
		return WrongNumbers, err
	}
	return NoFault, nil
}

// held is who has a number by which entry.
type held struct {
	by  string
	seq int64
}

// replay is what the entries say of numbers and missing time-stamps.
func replay(ctx context.Context, tx *sql.Tx) (map[place]held, map[string]int64, error) {
	rows, err := tx.QueryContext(ctx, "SELECT seq, at, kind, body, hash FROM entries ORDER BY seq")
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	numbers, unstamped := map[place]held{}, map[string]int64{}
	var terms []Term
	for rows.Next() {
		e, err := scan(rows)
		if err != nil {
			return nil, nil, err
		}
		book, n, date := e.numbered()
		p, err := placeOf(book, n, date, terms)
		if err != nil {
			return nil, nil, fmt.Errorf("entry %d: %w", e.Seq, err)
		}
		switch e.Kind {
		case TermSet:
			terms = append(terms, *e.Term)
		case Stamped:
			delete(unstamped, e.Stamp.Of)
		case Released:
			delete(numbers, p)
		case Reserved:
			numbers[p] = held{e.Reservation.Holder, e.Seq}
		case Issued, Corrected, Copied:
			numbers[p] = held{"", e.Seq}
		}
		if e.Kind != Corrected && e.needsStamp() {
			unstamped[e.Output().SHA256] = e.Seq
		}
	}
	return numbers, unstamped, rows.Err()
}

// numbered is the number that an entry is about; no number for others.
func (e *Entry) numbered() (Book, Number, time.Time) {
	switch {
	case e.Reservation != nil:
		return e.Reservation.Book, e.Reservation.Number, e.Reservation.Date
	case e.Document != nil:
		return Outgoing, e.Document.Number, e.Document.Date
	case e.Copy != nil:
		return Copies, e.Copy.Number, e.Copy.Date
	}
	return "", Number{}, time.Time{}
}

func (e *Entry) needsStamp() bool {
	return e.Document != nil && e.Document.NeedsStamp || e.Copy != nil && e.Copy.NeedsStamp || e.Action != nil && e.Action.NeedsStamp
}
