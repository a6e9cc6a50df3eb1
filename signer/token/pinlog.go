package token

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Presumed numbers of tries. Documents about the tokens in use here speak of 3,
// 10 and 15; the smallest is assumed.
const presumedTries = 3

// PINLog counts wrong PINs of each token in a small file, across runs and
// whatever module the token is used through, because the flags of many drivers
// say nothing before it is too late. After two wrong PINs a login needs
// [LastTryConfirmed]; a right PIN sets the count back.
//
// The file holds neither PINs nor serial numbers, only numbers under hashes of
// the serial numbers with a salt of the file. A file that cannot be read or
// written hinders nobody from signing: the count then lasts for the run, and
// [PINLog.Problem] tells why.
type PINLog struct {
	path string

	mu      sync.Mutex
	state   pinCounts // as last read or written
	problem error
}

// NewPINLog makes the log of the file at path, in the user's folder for
// settings. File and folder are made at the first wrong PIN; a file that makes no
// sense is replaced then. An empty path counts in memory only.
func NewPINLog(path string) *PINLog { return &PINLog{path: path} }

// pinCounts is the file.
type pinCounts struct {
	Salt   string              `json:"salt"`
	Tokens map[string]pinCount `json:"tokens"`
}

type pinCount struct {
	Wrong int       `json:"wrong"`
	At    time.Time `json:"at"` // of the last one
}

// Kinds of PINs that a token counts separately.
const (
	userPIN = ""
	// signaturePIN is the one asked for at each signature (CKU_CONTEXT_SPECIFIC).
	// It is often the user's PIN, but on cards for qualified signatures another
	// one, and a right user's PIN must not set its count back.
	signaturePIN = "signature"
)

// Wrong is the number of wrong PINs since the last right one, as far as this
// program saw them. A login that was interrupted counts, since the try may be
// spent.
func (l *PINLog) Wrong(t Token) int {
	return max(l.wrong(t, userPIN), l.wrong(t, signaturePIN))
}

// Problem tells why counts may be lost at the end of the run, nil if they are
// not.
func (l *PINLog) Problem() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.problem
}

func (l *PINLog) wrong(t Token, kind string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.read()
	return l.state.Tokens[l.state.name(t, kind)].Wrong
}

// set writes a count down before it matters: the program may be killed while
// the token looks at the PIN.
func (l *PINLog) set(t Token, kind string, wrong int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.read()
	if l.state.Salt == "" {
		if wrong == 0 {
			return
		}
		l.state = pinCounts{Salt: rand.Text(), Tokens: map[string]pinCount{}}
	}
	name := l.state.name(t, kind)
	if l.state.Tokens[name].Wrong == wrong {
		return
	}
	if wrong == 0 {
		delete(l.state.Tokens, name)
	} else {
		l.state.Tokens[name] = pinCount{Wrong: wrong, At: time.Now().UTC().Truncate(time.Second)}
	}
	l.problem = l.write()
}

// read takes what another run has written, unless this one could not write.
func (l *PINLog) read() {
	if l.path == "" || l.problem != nil && l.state.Salt != "" {
		return
	}
	b, err := os.ReadFile(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		l.state, l.problem = pinCounts{}, nil
		return
	}
	var s pinCounts
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	if err == nil && (s.Salt == "" || s.Tokens == nil) {
		err = errors.New("no counts in it")
	}
	if err != nil {
		l.problem = fmt.Errorf("reading the count of wrong PINs %q: %w", l.path, err)
		return
	}
	l.state, l.problem = s, nil
}

// write replaces the file as a whole.
func (l *PINLog) write() (err error) {
	if l.path == "" {
		return nil
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("writing the count of wrong PINs: %w", err)
		}
	}()
	b, err := json.MarshalIndent(l.state, "", "\t")
	if err != nil {
		return err
	}
	dir := filepath.Dir(l.path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, filepath.Base(l.path)+".*") // readable by the user alone
	if err != nil {
		return err
	}
	_, err = f.Write(append(b, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), l.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// name is the entry of a token. Modules pad and write serial numbers in
// different ways; a token without one goes by its label and model.
func (s pinCounts) name(t Token, kind string) string {
	id := strings.TrimLeft(strings.ToUpper(strings.TrimSpace(t.Serial)), "0")
	if id == "" {
		id = "no serial number\x00" + t.Label + "\x00" + t.Model
	}
	h := hmac.New(sha256.New, []byte(s.Salt))
	h.Write([]byte(kind + "\x00" + id))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// with adds what was counted to what the flags say.
func (s PINState) with(wrong int) PINState {
	s.Wrong = wrong
	s.Low = s.Low || wrong > 0
	s.FinalTry = s.FinalTry || wrong >= presumedTries-1
	return s
}
