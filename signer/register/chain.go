package register

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"time"
)

// Kind is what an entry tells.
type Kind string

// The kinds of entries.
const (
	Reserved  Kind = "reserved"  // a number, before signing
	Released  Kind = "released"  // a reservation that came to nothing
	Issued    Kind = "issued"    // a document
	Corrected Kind = "corrected" // a document or copy as it should have been entered
	Copied    Kind = "copied"    // a certified copy
	Acted     Kind = "acted"     // something was signed or checked
	Stamped   Kind = "stamped"   // a time-stamp was added to a document that had none
	TermSet   Kind = "term"      // a Party term of office
)

// Entry is one entry of the register.
type Entry struct {
	Seq  int64 // from 1
	At   time.Time
	Kind Kind
	Hash [32]byte
	body

	stamped *Entry // of an export: what tells of the time-stamp that the document has got since
}

// body is the content of an entry: one field, by its kind.
type body struct {
	Reservation *Reservation `json:"reservation,omitempty"`
	Document    *Document    `json:"document,omitempty"`
	Copy        *Copy        `json:"copy,omitempty"`
	Action      *Action      `json:"action,omitempty"`
	Stamp       *Stamp       `json:"stamp,omitempty"`
	Term        *Term        `json:"term,omitempty"`
	Reason      string       `json:"reason,omitempty"` // of a correction
}

// hashOf covers the content of an entry and the hash before it; lengths stand
// before the texts, so that nothing can be moved from one to the next.
func hashOf(before []byte, seq int64, at, kind, content string) []byte {
	h := sha256.New()
	h.Write(before)
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(seq)))
	for _, s := range []string{at, kind, content} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(s))))
		h.Write([]byte(s))
	}
	return h.Sum(nil)
}

// add appends an entry inside a transaction and keeps what follows from it.
func (r *Register) add(ctx context.Context, tx *sql.Tx, kind Kind, b body) (Entry, error) {
	content, err := json.Marshal(b)
	if err != nil {
		return Entry{}, err
	}
	var seq int64
	var before []byte
	err = tx.QueryRowContext(ctx, "SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1").Scan(&seq, &before)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Entry{}, err
	}
	seq++
	at := r.o.Now().In(vietnam).Truncate(time.Second)
	text := at.Format(time.RFC3339)
	hash := hashOf(before, seq, text, string(kind), string(content))
	if _, err := tx.ExecContext(ctx, "INSERT INTO entries VALUES (?, ?, ?, ?, ?)", seq, text, string(kind), string(content), hash); err != nil {
		return Entry{}, err
	}
	return Entry{Seq: seq, At: at, Kind: kind, Hash: [32]byte(hash), body: b}, nil
}

// record is a transaction that adds entries.
func (r *Register) record(ctx context.Context, do func(tx *sql.Tx) error) error {
	if err := r.write(ctx, do); err != nil {
		return err
	}
	// The entries are safe; a head that lags is told by Check and made good with
	// the next entry, so trouble here is no failure.
	_ = r.keepHead(context.WithoutCancel(ctx))
	return nil
}

// headSize is the length of the second file: count, space, hash, line end. It
// is written in place, in one sector: a power cut leaves the old or the new.
const headSize = 12 + 1 + 64 + 1

func (r *Register) headPath() string { return r.path + ".head" }

// keepHead writes the newest hash and the count to the second file, under the
// writers' lock so that it never goes back.
func (r *Register) keepHead(ctx context.Context) error {
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	var seq int64
	var hash []byte
	if err := tx.QueryRowContext(ctx, "SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1").Scan(&seq, &hash); err != nil {
		return err
	}
	r.o.Trace("before head")
	f, err := os.OpenFile(r.headPath(), os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "%012d %x\n", seq, hash)
	err = errors.Join(err, f.Close())
	r.o.Trace("after head")
	return err
}

func (r *Register) readHead() (seq int64, hash []byte, err error) {
	b, err := os.ReadFile(r.headPath())
	if err != nil {
		return 0, nil, err
	}
	var text string
	if n, err := fmt.Sscanf(string(b), "%d %64s\n", &seq, &text); err != nil || n != 2 || len(b) != headSize {
		return 0, nil, fmt.Errorf("%d bytes that are no count and hash", len(b))
	}
	hash, err = hex.DecodeString(text)
	return seq, hash, err
}

// Fault is what is wrong with the register at an entry.
type Fault int

// The faults.
const (
	NoFault       Fault = iota
	Edited              // the entry, or one before it, is not as it was written
	Missing             // entries are missing before this one
	CutOff              // entries are missing at the end
	NoHead              // the second file is missing or unreadable: nothing is known about the end
	WrongNumbers        // the numbers in use do not follow from the entries
	WrongContents       // the entry cannot be read
)

// Integrity is what Check found. Entry is the first that is wrong, 0 for none;
// with CutOff, the first that is missing.
type Integrity struct {
	Fault   Fault
	Entry   int64
	Entries int64    // that there are
	Head    [32]byte // hash of the newest, to be compared with earlier exports
}

// Check reads the whole register and tells the first entry that is not as it
// was written; see the package comment for what it cannot find. An error means
// that the check could not be done.
func (r *Register) Check(ctx context.Context) (Integrity, error) {
	var found Integrity
	tx, err := r.db.BeginTx(ctx, nil) // writers wait, so that the second file fits
	if err != nil {
		return found, told(err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	seq, head, headErr := r.readHead()
	at, err := r.follow(ctx, tx, &found, seq)
	switch {
	case err != nil || found.Fault != NoFault:
	case errors.Is(headErr, fs.ErrNotExist) && found.Entries == 0:
	case headErr != nil:
		found.Fault = NoHead
	case found.Entries < seq:
		found.Fault, found.Entry = CutOff, found.Entries+1
	case !bytes.Equal(at, head):
		found.Fault, found.Entry = Edited, seq
	default:
		found.Fault, err = r.checkNumbers(ctx, tx)
	}
	return found, told(err)
}

// follow walks the chain. at is the hash of entry number watch.
func (r *Register) follow(ctx context.Context, tx *sql.Tx, found *Integrity, watch int64) (at []byte, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT seq, at, kind, body, hash FROM entries ORDER BY seq")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var before []byte
	for rows.Next() {
		var seq int64
		var when, kind, content string
		var hash []byte
		if err := rows.Scan(&seq, &when, &kind, &content, &hash); err != nil {
			return nil, err
		}
		found.Entries++
		switch {
		case seq != found.Entries:
			found.Fault, found.Entry = Missing, seq
		case !bytes.Equal(hash, hashOf(before, seq, when, kind, content)):
			found.Fault, found.Entry = Edited, seq
		default:
			if _, err := decode(seq, when, kind, content, hash); err != nil {
				found.Fault, found.Entry = WrongContents, seq
			}
		}
		if found.Fault != NoFault {
			return nil, nil
		}
		if before = hash; seq == watch {
			at = hash
		}
	}
	copy(found.Head[:], before)
	return at, rows.Err()
}

func decode(seq int64, at, kind, content string, hash []byte) (e Entry, err error) {
	e.Seq, e.Kind = seq, Kind(kind)
	copy(e.Hash[:], hash)
	if e.At, err = time.Parse(time.RFC3339, at); err == nil {
		err = json.Unmarshal([]byte(content), &e.body)
	}
	if err == nil && !e.complete() {
		err = errors.New("its content is missing")
	}
	if err != nil {
		return e, fmt.Errorf("%w: entry %d: %w", ErrDamaged, seq, err)
	}
	return e, nil
}

// complete tells whether an entry has what its kind says.
func (e *Entry) complete() bool {
	switch e.Kind {
	case Reserved, Released:
		return e.Reservation != nil
	case Issued:
		return e.Document != nil
	case Copied:
		return e.Copy != nil
	case Corrected:
		return e.Document != nil || e.Copy != nil
	case Acted:
		return e.Action != nil
	case Stamped:
		return e.Stamp != nil
	case TermSet:
		return e.Term != nil
	}
	return false
}

// Entries are the entries of the given kinds, all for none, in their order.
func (r *Register) Entries(ctx context.Context, kinds ...Kind) iter.Seq2[Entry, error] {
	query, args := "SELECT seq, at, kind, body, hash FROM entries", []any{}
	for i, k := range kinds {
		query += map[bool]string{true: " WHERE kind IN (?", false: ", ?"}[i == 0]
		args = append(args, string(k))
	}
	if len(kinds) > 0 {
		query += ")"
	}
	return r.entries(ctx, query+" ORDER BY seq", args...)
}

// entries are the entries that a query finds.
func (r *Register) entries(ctx context.Context, query string, args ...any) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		rows, err := r.db.QueryContext(ctx, query, args...)
		if err != nil {
			yield(Entry{}, told(err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			e, err := scan(rows)
			if !yield(e, told(err)) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Entry{}, told(err))
		}
	}
}

func scan(row interface{ Scan(...any) error }) (Entry, error) {
	var seq int64
	var at, kind, content string
	var hash []byte
	if err := row.Scan(&seq, &at, &kind, &content, &hash); err != nil {
		return Entry{}, err
	}
	return decode(seq, at, kind, content, hash)
}
