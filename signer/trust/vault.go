package trust

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// ErrFull means that something is larger than all that the vault may hold.
var ErrFull = errors.New("trust: the offline store is full")

// Vault is a folder in which a user keeps certificates of CAs, revocation lists
// and OCSP answers for work without a network. Every file carries the SHA-256 of
// its content in its name: one that does not fit is passed over and reported,
// and costs nothing else. Files appear complete or not at all, so that several
// programs may use one folder. Its methods may be called by several goroutines.
type Vault struct {
	// MaxBytes bounds the files together; 0 = 512 MiB. When it is reached,
	// the oldest lists and answers go.
	MaxBytes int64

	dir      string
	mu       sync.Mutex
	problems []error
}

// kind is a folder of a vault.
type kind string

// The names of files are the kind's topic, hashed, and the content, hashed: what
// is needed is found without reading the rest.
const (
	anchors     kind = "anchors"     // believed: imported by the user, or pinned
	authorities kind = "authorities" // CA certificates for building paths
	lists       kind = "lists"       // topic: the issuer's name, DER
	answers     kind = "answers"     // topic: the serial number, decimal
)

var kinds = []kind{anchors, authorities, lists, answers}

func (k kind) suffix() string {
	return map[kind]string{anchors: ".cer", authorities: ".cer", lists: ".crl", answers: ".ocsp"}[k]
}

var vaultName = regexp.MustCompile(`^([0-9a-f]{16})-([0-9a-f]{64})\.(cer|crl|ocsp)$`)

func topicHash(topic string) string {
	sum := sha256.Sum256([]byte(topic))
	return hex.EncodeToString(sum[:8])
}

// OpenVault opens the folder, which is made when missing, readable for the user
// alone.
func OpenVault(dir string) (*Vault, error) {
	v := &Vault{dir: dir}
	for _, k := range kinds {
		if err := os.MkdirAll(filepath.Join(dir, string(k)), 0o700); err != nil {
			return nil, fmt.Errorf("trust: opening the offline store: %w", err)
		}
	}
	return v, nil
}

// Store is a store with what the vault holds: the certificates at once, lists
// and answers when they are asked for. What it fetches goes into the vault.
func (v *Vault) Store() *Store {
	s := &Store{Vault: v}
	for _, k := range []kind{anchors, authorities} {
		for _, f := range v.files(k) {
			b, err := f.read()
			var cert *x509.Certificate
			if err == nil {
				cert, err = x509.ParseCertificate(b)
			}
			switch {
			case err != nil:
				v.note(fmt.Errorf("%q: %w", f.path, err))
			case k == anchors:
				s.AddAnchor(cert)
			case !s.Offer(cert):
				s.AddIntermediate(cert)
			}
		}
	}
	return s
}

// recall puts the vault's lists or answers of a topic into the store, once.
func (s *Store) recall(k kind, topic string) {
	if s.Vault == nil {
		return
	}
	prefix := topicHash(topic)
	once, _ := s.recalled.LoadOrStore(string(k)+"/"+prefix, new(sync.Once))
	once.(*sync.Once).Do(func() {
		for _, f := range s.Vault.files(k) {
			if !strings.HasPrefix(filepath.Base(f.path), prefix) {
				continue
			}
			b, err := f.read()
			if err == nil && s.Add(b) == 0 {
				err = ErrNothing
			}
			if err != nil {
				s.Vault.note(fmt.Errorf("%q: %w", f.path, err))
			}
		}
	})
}

func (v *Vault) note(err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.problems = append(v.problems, err)
}

// Problems are the files that could not be read or written so far.
func (v *Vault) Problems() []error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.problems)
}

// keep is put for data that were fetched: the answer to the user does not wait
// for the disk, so a failure is only noted.
func (v *Vault) keep(k kind, topic string, der []byte) {
	if v == nil {
		return
	}
	if _, err := v.put(k, topic, der); err != nil {
		v.note(err)
	}
}

// put writes a file and tells whether it is new.
func (v *Vault) put(k kind, topic string, der []byte) (bool, error) {
	sum := sha256.Sum256(der)
	path := filepath.Join(v.dir, string(k), topicHash(topic)+"-"+hex.EncodeToString(sum[:])+k.suffix())
	if old, err := os.ReadFile(path); err == nil && sha256.Sum256(old) == sum {
		return false, nil
	}
	if err := v.room(int64(len(der))); err != nil {
		return false, err
	}
	if err := writeFile(path, der); err != nil {
		return false, fmt.Errorf("trust: writing into the offline store: %w", err)
	}
	return true, nil
}

// writeFile writes a file that appears complete or not at all.
func writeFile(path string, b []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// room makes room for n bytes.
func (v *Vault) room(n int64) error {
	limit := orElse(v.MaxBytes, 512<<20)
	if n > min(limit, maxFile) {
		return fmt.Errorf("%w: %d bytes more", ErrFull, n)
	}
	var goes []vaultFile
	total := n
	for _, k := range kinds {
		for _, f := range v.files(k) {
			total += f.size
			if k == lists || k == answers {
				goes = append(goes, f)
			}
		}
	}
	slices.SortFunc(goes, func(a, b vaultFile) int { return a.time.Compare(b.time) })
	for _, f := range goes {
		if total <= limit {
			break
		}
		if err := os.Remove(f.path); err != nil {
			return fmt.Errorf("trust: making room in the offline store: %w", err)
		}
		total -= f.size
	}
	if total > limit {
		return fmt.Errorf("%w: %d bytes more", ErrFull, n)
	}
	return nil
}

// vaultFile is a file of a vault by its name; its content was not looked at.
type vaultFile struct {
	kind         kind
	path, sha256 string
	size         int64
	time         time.Time
}

// files lists the files of one kind. Others' files are left alone; what a
// crash left behind is removed.
func (v *Vault) files(k kind) []vaultFile {
	entries, err := os.ReadDir(filepath.Join(v.dir, string(k)))
	if err != nil {
		return nil // removed meanwhile: nothing is there
	}
	var all []vaultFile
	for _, e := range entries {
		path := filepath.Join(v.dir, string(k), e.Name())
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		if strings.HasPrefix(e.Name(), ".new-") && time.Since(info.ModTime()) > time.Hour {
			_ = os.Remove(path) // next time then
			continue
		}
		if m := vaultName.FindStringSubmatch(e.Name()); m != nil && filepath.Ext(e.Name()) == k.suffix() {
			all = append(all, vaultFile{k, path, m[2], info.Size(), info.ModTime()})
		}
	}
	return all
}

// errDamaged: the content is not what was written.
var errDamaged = errors.New("trust: damaged file in the offline store")

func (f vaultFile) read() ([]byte, error) {
	if f.size > maxFile {
		return nil, fmt.Errorf("%w: %d bytes", errDamaged, f.size)
	}
	b, err := os.ReadFile(f.path)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != f.sha256 {
		return nil, errDamaged
	}
	return b, nil
}

// remove deletes a file; that it is gone already is no error.
func (f vaultFile) remove() error {
	if err := os.Remove(f.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("trust: removing from the offline store: %w", err)
	}
	return nil
}
