// Package register keeps the office's registers in one SQLite file: the
// outgoing register (Sổ đăng ký văn bản đi, NĐ 30/2020/NĐ-CP, Phụ lục IV), the
// register of copies (Sổ đăng ký bản sao, Điều 25 to 27), and a log of what was
// signed and checked. Numbers count per type and year, for the Party per term.
//
//	r, err := register.Open(ctx, path, register.Options{})
//	n, err := r.ReserveNext(ctx, register.Outgoing, like, date, holder) // before signing
//	_, err = r.Issue(ctx, document, holder)                            // after it; or
//	err = r.Release(ctx, register.Outgoing, n, date, holder)           // when it failed
//
// Entries are only ever added; a correction is a new entry. Each entry's hash
// covers its content and the hash before it, and the newest hash with the count
// is kept in a second file beside the first (NAME.head). [Register.Check] finds
// an entry that was edited, removed, inserted or moved, entries cut off the end
// as long as the second file is left alone, and numbers that do not follow from
// the entries. It cannot find that somebody who knows the format rewrote both
// files from some entry on, or put older copies of both in place: compare the
// hash of an earlier export, which every export carries. One blind spot is left
// by a crash: entries written since the second file was, at most one
// transaction's, can be cut off unseen until the next entry is added.
//
// Several processes may use the file at once. It must lie on a local disk.
package register

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// The file cannot be used.
var (
	ErrLocked   = errors.New("register: another program keeps the file locked")
	ErrDamaged  = errors.New("register: the file is damaged or no register")
	ErrReadOnly = errors.New("register: the file or its folder cannot be written")
	ErrNewer    = errors.New("register: the file is of a newer version of the program")
)

// Refusals.
var (
	ErrTaken       = errors.New("register: the number is taken")                     // see TakenError
	ErrNotReserved = errors.New("register: the number is not reserved for this job") // or no longer
	ErrNoTerm      = errors.New("register: no term of office is known for the date") // Party numbers count per term
	ErrTerm        = errors.New("register: a term needs a name and an end after its start")
	ErrNoEntry     = errors.New("register: there is no such entry")
)

// TakenError is an ErrTaken with what has the number.
type TakenError struct {
	Number Number
	Entry  Entry // its Document, Copy or Reservation is set
}

func (e *TakenError) Error() string {
	return fmt.Sprintf("%v: %s, entry %d of %s", ErrTaken, e.Number, e.Entry.Seq, e.Entry.At.Format(time.DateOnly))
}

// Unwrap is ErrTaken.
func (e *TakenError) Unwrap() error { return ErrTaken }

// Options of Open. The zero value waits ten seconds for other programs.
type Options struct {
	Wait  time.Duration    // for a lock held by another program
	Now   func() time.Time // time.Now when nil
	Trace func(at string)  // called before and after each write to the disk; tests end the process there
}

// Register is an open register. It is safe for use by several goroutines.
type Register struct {
	db   *sql.DB
	path string
	o    Options
}

// Open opens the register in the file at path, which is made when it does not
// exist, in a folder that does. Errors: ErrLocked, ErrDamaged, ErrReadOnly,
// ErrNewer, fs.ErrNotExist.
func Open(ctx context.Context, path string, o Options) (*Register, error) {
	if o.Wait <= 0 {
		o.Wait = 10 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Trace == nil {
		o.Trace = func(string) {}
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	r := &Register{path: path, o: o}
	if err := r.writable(); err != nil {
		return nil, err
	}
	r.db, err = sql.Open("sqlite", fileURL(path, url.Values{"_txlock": {"immediate"}, "_pragma": {
		fmt.Sprintf("busy_timeout(%d)", o.Wait.Milliseconds()),
		"synchronous(FULL)", // what is committed outlives a power cut
		"trusted_schema(0)", "cell_size_check(1)",
	}}))
	if err != nil {
		return nil, told(err)
	}
	r.db.SetMaxOpenConns(4) // readers beside one writer
	err = r.shared(ctx)
	if err == nil {
		err = r.migrate(ctx)
	}
	if err != nil {
		_ = r.db.Close() // the other error tells more
		return nil, err
	}
	return r, nil
}

// writable tells a read-only file or folder apart from what SQLite calls by the
// same name.
func (r *Register) writable() error {
	f, err := os.OpenFile(r.path, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// fileURL is what SQLite calls a file.
func fileURL(path string, settings url.Values) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") { // C:/…
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: settings.Encode()}).String()
}

// Path is the file's absolute path.
func (r *Register) Path() string { return r.path }

// Close closes the file.
func (r *Register) Close() error { return told(r.db.Close()) }

// shared puts the file into the mode in which readers and a writer do not hinder
// each other. Of programs that open a new file at once, SQLite lets all but one
// fail without waiting.
func (r *Register) shared(ctx context.Context) error {
	for end := time.Now().Add(r.o.Wait); ; {
		var mode string
		err := told(r.db.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode))
		if !errors.Is(err, ErrLocked) || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// schema has one element for each version of the file; a version is never
// changed once released, a change is a new element.
var schema = []string{`
CREATE TABLE entries (
	seq  INTEGER PRIMARY KEY,
	at   TEXT NOT NULL,
	kind TEXT NOT NULL,
	body TEXT NOT NULL,
	hash BLOB NOT NULL
);
CREATE INDEX entries_of_kind ON entries(kind);
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER entries_remain BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries are never removed'); END;

-- What follows from the entries: the numbers in use, and the newest entry of each.
CREATE TABLE numbers (
	book TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, legal INTEGER NOT NULL, party INTEGER NOT NULL, period TEXT NOT NULL,
	n INTEGER NOT NULL, suffix TEXT NOT NULL,
	holder TEXT NOT NULL, -- of a reservation; empty when the number is given
	seq INTEGER NOT NULL REFERENCES entries,
	PRIMARY KEY (book, kind, body, legal, party, period, n, suffix)
) WITHOUT ROWID;
CREATE TABLE unstamped (sha256 TEXT PRIMARY KEY, seq INTEGER NOT NULL REFERENCES entries) WITHOUT ROWID;

-- The journal of runs over many documents. It is no part of the chain.
CREATE TABLE runs (id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL);
CREATE TABLE work (
	run INTEGER NOT NULL REFERENCES runs, row INTEGER NOT NULL,
	plan TEXT NOT NULL, state TEXT NOT NULL, outputs TEXT NOT NULL DEFAULT '', problem TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (run, row)
) WITHOUT ROWID;
`}

// migrate brings the file to the newest version.
func (r *Register) migrate(ctx context.Context) error {
	var version int
	if err := r.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return told(err)
	}
	if version == len(schema) {
		return nil
	}
	return r.write(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil { // another process may have been faster
			return err
		}
		if version > len(schema) {
			return fmt.Errorf("%w: version %d", ErrNewer, version)
		}
		for _, step := range schema[version:] {
			if _, err := tx.ExecContext(ctx, step); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", len(schema)))
		return err
	})
}

// write runs do in a transaction that no other writer comes between.
func (r *Register) write(ctx context.Context, do func(tx *sql.Tx) error) error {
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return told(err)
	}
	err = do(tx)
	if err == nil {
		r.o.Trace("before commit")
		if err = tx.Commit(); err == nil {
			r.o.Trace("after commit")
		}
	}
	if err != nil {
		_ = tx.Rollback() // what went wrong is told already
	}
	return told(err)
}

// told gives what SQLite says the kinds that callers decide on.
func told(err error) error {
	var s *sqlite.Error
	if !errors.As(err, &s) {
		return err
	}
	kind := map[int]error{
		sqlite3.SQLITE_BUSY: ErrLocked, sqlite3.SQLITE_LOCKED: ErrLocked, sqlite3.SQLITE_PROTOCOL: ErrLocked,
		sqlite3.SQLITE_CORRUPT: ErrDamaged, sqlite3.SQLITE_NOTADB: ErrDamaged, sqlite3.SQLITE_FORMAT: ErrDamaged,
		sqlite3.SQLITE_ERROR:    ErrDamaged, // a table is missing: our statements are right
		sqlite3.SQLITE_READONLY: ErrReadOnly, sqlite3.SQLITE_CANTOPEN: ErrReadOnly, sqlite3.SQLITE_PERM: ErrReadOnly,
		sqlite3.SQLITE_FULL: syscall.ENOSPC,
	}[s.Code()&0xff]
	if kind == nil {
		return fmt.Errorf("register: %w", err)
	}
	return fmt.Errorf("%w: %w", kind, err)
}
