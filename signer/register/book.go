package register

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"
)

// Book is one of the registers in the file.
type Book string

// The books.
const (
	Outgoing Book = "outgoing" // Sổ đăng ký văn bản đi
	Copies   Book = "copies"   // Sổ đăng ký bản sao: one row of numbers for all three forms (NĐ 30/2020, Phụ lục I, phần II)
)

// File is a file that was read or written.
type File struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"` // hexadecimal
}

// Document is one line of the outgoing register: the columns of the decree's
// form, and what was signed.
type Document struct {
	Number     Number    `json:"number"`
	Date       time.Time `json:"date"`
	Type       string    `json:"type"` // tên loại; from the number when empty
	Summary    string    `json:"summary"`
	Signer     string    `json:"signer"` // of the document: họ tên
	Recipients string    `json:"recipients,omitempty"`
	KeptBy     string    `json:"keptBy,omitempty"` // unit or person that has the filed original
	Copies     int       `json:"copies,omitempty"`
	Note       string    `json:"note,omitempty"`

	Source      File   `json:"source"`
	Output      File   `json:"output"`
	Certificate string `json:"certificate"`          // SHA-256 of the sealing certificate, hexadecimal
	Level       string `json:"level"`                // B-B or B-T
	Override    string `json:"override,omitempty"`   // why a guard rail was passed over
	NeedsStamp  bool   `json:"needsStamp,omitempty"` // a time-stamp was wanted and could not be had
}

// Copy is one line of the register of copies.
type Copy struct {
	Number      Number    `json:"number"`
	Date        time.Time `json:"date"`
	Form        string    `json:"form"`                // SAO Y, SAO LỤC or TRÍCH SAO
	Original    string    `json:"original"`            // the document that was copied: number, date, subject
	OrderedBy   string    `json:"orderedBy,omitempty"` // theo chỉ đạo của; NĐ 30/2020, Điều 27
	Recipients  string    `json:"recipients,omitempty"`
	Copies      int       `json:"copies,omitempty"`
	Note        string    `json:"note,omitempty"`
	Source      File      `json:"source"`           // the scan
	Others      []File    `json:"others,omitempty"` // further files that its pages come from, in their order
	Output      File      `json:"output"`
	Certificate string    `json:"certificate"`
	Level       string    `json:"level"`
	Override    string    `json:"override,omitempty"`
	NeedsStamp  bool      `json:"needsStamp,omitempty"`
}

// Reservation is a number kept for a job. Holder tells the job again after a
// crash: the SHA-256 of its source.
type Reservation struct {
	Book   Book      `json:"book"`
	Number Number    `json:"number"`
	Date   time.Time `json:"date"`
	Holder string    `json:"holder"`
}

// place is a number's place in its book: the key of the table of numbers.
type place struct {
	book Book
	Series
	n      int
	suffix string
}

func (p place) args() []any {
	return []any{string(p.book), p.Kind, p.Body, p.Legal, p.Party, p.Period, p.n, p.suffix}
}

const (
	seriesIs = "book = ? AND kind = ? AND body = ? AND legal = ? AND party = ? AND period = ?"
	placeIs  = seriesIs + " AND n = ? AND suffix = ?"
)

// place finds where a number belongs on a day.
func (r *Register) place(ctx context.Context, q querier, book Book, n Number, date time.Time) (place, error) {
	var terms []Term
	if n.Party {
		var err error
		if terms, err = termsIn(ctx, q); err != nil {
			return place{}, err
		}
	}
	return placeOf(book, n, date, terms)
}

func placeOf(book Book, n Number, date time.Time, terms []Term) (place, error) {
	p, err := period(n, date, terms)
	s := seriesOf(n, p)
	if book == Copies {
		s.Kind = ""
	}
	return place{book, s, n.N, n.Suffix}, err
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Series is the series of a number on a day. Error: ErrNoTerm.
func (r *Register) Series(ctx context.Context, book Book, n Number, date time.Time) (Series, error) {
	p, err := r.place(ctx, r.db, book, n, date)
	return p.Series, told(err)
}

// Find is the newest entry of a number: a reservation, a document or a copy.
// Errors: ErrNoEntry, ErrNoTerm.
func (r *Register) Find(ctx context.Context, book Book, n Number, date time.Time) (Entry, error) {
	p, err := r.place(ctx, r.db, book, n, date)
	if err != nil {
		return Entry{}, told(err)
	}
	e, _, err := r.holder(ctx, r.db, p)
	if errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("%w: %s", ErrNoEntry, n)
	}
	return e, told(err)
}

// holder is the newest entry of a number and who has it reserved.
func (r *Register) holder(ctx context.Context, q querier, p place) (Entry, string, error) {
	var seq int64
	var holder string
	if err := q.QueryRowContext(ctx, "SELECT seq, holder FROM numbers WHERE "+placeIs, p.args()...).Scan(&seq, &holder); err != nil {
		return Entry{}, "", err
	}
	e, err := scan(q.QueryRowContext(ctx, "SELECT seq, at, kind, body, hash FROM entries WHERE seq = ?", seq))
	return e, holder, err
}

// Next is the number after the highest of its series: what a clerk gets
// proposed. Of like, N and Suffix do not matter.
func (r *Register) Next(ctx context.Context, book Book, like Number, date time.Time) (Number, error) {
	n, err := r.next(ctx, r.db, book, like, date)
	return n, told(err)
}

func (r *Register) next(ctx context.Context, q querier, book Book, like Number, date time.Time) (Number, error) {
	p, err := r.place(ctx, q, book, like, date)
	if err != nil {
		return like, err
	}
	like.Suffix = ""
	err = q.QueryRowContext(ctx, "SELECT coalesce(max(n), 0) + 1 FROM numbers WHERE "+seriesIs, p.args()[:6]...).Scan(&like.N)
	return like, err
}

// Reserve keeps a number for holder until it is issued or released. Again by
// the same holder it is no error, and again is true: a run before may have got
// further. Errors: *TakenError, ErrNoTerm.
func (r *Register) Reserve(ctx context.Context, book Book, n Number, date time.Time, holder string) (again bool, err error) {
	err = r.record(ctx, func(tx *sql.Tx) error {
		again, err = r.reserve(ctx, tx, book, n, date, holder)
		return err
	})
	return again, err
}

// ReserveNext is Next and Reserve in one.
func (r *Register) ReserveNext(ctx context.Context, book Book, like Number, date time.Time, holder string) (n Number, err error) {
	err = r.record(ctx, func(tx *sql.Tx) error {
		if n, err = r.next(ctx, tx, book, like, date); err == nil {
			_, err = r.reserve(ctx, tx, book, n, date, holder)
		}
		return err
	})
	return n, err
}

func (r *Register) reserve(ctx context.Context, tx *sql.Tx, book Book, n Number, date time.Time, holder string) (again bool, err error) {
	p, err := r.place(ctx, tx, book, n, date)
	if err != nil {
		return false, err
	}
	e, by, err := r.holder(ctx, tx, p)
	switch {
	case err == nil && by == holder && holder != "":
		return true, nil
	case err == nil:
		return false, &TakenError{n, e}
	case !errors.Is(err, sql.ErrNoRows):
		return false, err
	}
	e, err = r.add(ctx, tx, Reserved, body{Reservation: &Reservation{book, n, date, holder}})
	if err != nil {
		return false, err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO numbers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", append(p.args(), holder, e.Seq)...)
	return false, err
}

// Release gives back what holder has reserved. Error: ErrNotReserved.
func (r *Register) Release(ctx context.Context, book Book, n Number, date time.Time, holder string) error {
	return r.record(ctx, func(tx *sql.Tx) error { return r.release(ctx, tx, book, n, date, holder) })
}

func (r *Register) release(ctx context.Context, tx *sql.Tx, book Book, n Number, date time.Time, holder string) error {
	p, err := r.place(ctx, tx, book, n, date)
	if err != nil {
		return err
	}
	_, by, err := r.holder(ctx, tx, p)
	if errors.Is(err, sql.ErrNoRows) || err == nil && (by != holder || by == "") {
		return fmt.Errorf("%w: %s", ErrNotReserved, n)
	}
	if err != nil {
		return err
	}
	if _, err := r.add(ctx, tx, Released, body{Reservation: &Reservation{book, n, date, holder}}); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM numbers WHERE "+placeIs, p.args()...)
	return err
}

// Issue enters a document under the number that holder has reserved, or that
// is free. Errors: *TakenError, ErrNoTerm.
func (r *Register) Issue(ctx context.Context, d Document, holder string) (e Entry, err error) {
	err = r.record(ctx, func(tx *sql.Tx) error {
		e, err = r.issue(ctx, tx, d, holder)
		return err
	})
	return e, err
}

func (r *Register) issue(ctx context.Context, tx *sql.Tx, d Document, holder string) (Entry, error) {
	if d.Type == "" {
		d.Type = d.Number.TypeName()
	}
	return r.give(ctx, tx, Outgoing, d.Number, d.Date, holder, Issued, body{Document: &d}, d.NeedsStamp, d.Output)
}

// Copy enters a certified copy under the number that holder has reserved, or
// that is free. Errors: *TakenError.
func (r *Register) Copy(ctx context.Context, c Copy, holder string) (e Entry, err error) {
	err = r.record(ctx, func(tx *sql.Tx) error {
		e, err = r.copy(ctx, tx, c, holder)
		return err
	})
	return e, err
}

func (r *Register) copy(ctx context.Context, tx *sql.Tx, c Copy, holder string) (Entry, error) {
	return r.give(ctx, tx, Copies, c.Number, c.Date, holder, Copied, body{Copy: &c}, c.NeedsStamp, c.Output)
}

// give turns a reservation into a line of its book.
func (r *Register) give(ctx context.Context, tx *sql.Tx, book Book, n Number, date time.Time, holder string, kind Kind, b body, unstamped bool, out File) (Entry, error) {
	if _, err := r.reserve(ctx, tx, book, n, date, holder); err != nil {
		return Entry{}, err
	}
	p, err := r.place(ctx, tx, book, n, date)
	if err != nil {
		return Entry{}, err
	}
	e, err := r.add(ctx, tx, kind, b)
	if err != nil {
		return e, err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE numbers SET holder = '', seq = ? WHERE "+placeIs, append([]any{e.Seq}, p.args()...)...); err != nil {
		return e, err
	}
	if unstamped {
		_, err = tx.ExecContext(ctx, "INSERT OR REPLACE INTO unstamped VALUES (?, ?)", out.SHA256, e.Seq)
	}
	return e, err
}

// Correct enters what a line should have said, under the same number; the
// earlier entry stays. Either d or c is set. Error: ErrNoEntry.
func (r *Register) Correct(ctx context.Context, d *Document, c *Copy, reason string) (e Entry, err error) {
	book, b := Outgoing, body{Document: d, Copy: c, Reason: reason}
	var n Number
	var date time.Time
	if d != nil {
		n, date = d.Number, d.Date
	} else {
		book, n, date = Copies, c.Number, c.Date
	}
	err = r.record(ctx, func(tx *sql.Tx) error {
		p, err := r.place(ctx, tx, book, n, date)
		if err != nil {
			return err
		}
		if _, by, err := r.holder(ctx, tx, p); errors.Is(err, sql.ErrNoRows) || err == nil && by != "" {
			return fmt.Errorf("%w: %s", ErrNoEntry, n)
		} else if err != nil {
			return err
		}
		if e, err = r.add(ctx, tx, Corrected, b); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE numbers SET seq = ? WHERE "+placeIs, append([]any{e.Seq}, p.args()...)...)
		return err
	})
	return e, err
}

// Lines are the newest entries of a book's numbers, reservations included, in
// the order of series and number; period "" is all of them.
func (r *Register) Lines(ctx context.Context, book Book, period string) iter.Seq2[Entry, error] {
	return r.entries(ctx, `SELECT e.seq, e.at, e.kind, e.body, e.hash FROM numbers n JOIN entries e ON e.seq = n.seq
		WHERE n.book = ? AND (? = '' OR n.period = ?) ORDER BY n.party, n.period, n.legal, n.kind, n.body, n.n, n.suffix`, string(book), period, period)
}

// Gap is a run of numbers that nobody has.
type Gap struct {
	Series
	From, To int
}

// Gaps are the unused numbers between the lowest and the highest of each
// series: a register may begin in the middle of a year.
func (r *Register) Gaps(ctx context.Context, book Book, period string) ([]Gap, error) {
	rows, err := r.db.QueryContext(ctx, `SELECT DISTINCT kind, body, legal, party, period, n FROM numbers
		WHERE book = ? AND (? = '' OR period = ?) ORDER BY party, period, legal, kind, body, n`, string(book), period, period)
	if err != nil {
		return nil, told(err)
	}
	defer rows.Close()
	var gaps []Gap
	var last Series
	var before int
	for rows.Next() {
		var s Series
		var n int
		if err := rows.Scan(&s.Kind, &s.Body, &s.Legal, &s.Party, &s.Period, &n); err != nil {
			return nil, told(err)
		}
		if s == last && n > before+1 {
			gaps = append(gaps, Gap{s, before + 1, n - 1})
		}
		last, before = s, n
	}
	return gaps, told(rows.Err())
}

// SetTerm enters a Party term of office. Error: ErrTerm.
func (r *Register) SetTerm(ctx context.Context, t Term) error {
	if t.Name == "" || !t.Start.Before(t.End) {
		return fmt.Errorf("%w: %+v", ErrTerm, t)
	}
	return r.record(ctx, func(tx *sql.Tx) error {
		_, err := r.add(ctx, tx, TermSet, body{Term: &t})
		return err
	})
}

// Terms are the Party terms in the order of their entry.
func (r *Register) Terms(ctx context.Context) ([]Term, error) {
	t, err := termsIn(ctx, r.db)
	return t, told(err)
}

func termsIn(ctx context.Context, q querier) ([]Term, error) {
	rows, err := q.QueryContext(ctx, "SELECT seq, at, kind, body, hash FROM entries WHERE kind = ? ORDER BY seq", string(TermSet))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Term
	for rows.Next() {
		e, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, *e.Term)
	}
	return out, rows.Err()
}
