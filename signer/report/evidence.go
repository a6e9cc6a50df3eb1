package report

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"antin/signer/trust"
	"antin/signer/verify"
)

// EvidenceSuffix is added to a document's path to name the folder beside it.
const EvidenceSuffix = ".bangchung"

// Names in an evidence folder.
const (
	evidenceRecord = "bienban.json"
	evidenceIndex  = "SHA256SUMS"
	evidenceCerts  = "chungthu"    // certificates, DER
	evidenceLists  = "thuhoi"      // revocation lists and OCSP answers, DER
	evidenceStamps = "dauthoigian" // time-stamp tokens, DER
)

// Refusals of WriteEvidence and DeleteEvidence.
var (
	ErrEvidenceExists = errors.New("report: the evidence folder exists") // it is never written over
	ErrNotEvidence    = errors.New("report: the folder is no evidence folder, or holds other files")
)

// Evidence is what a result rests on: to be kept with a document, and to be
// deleted deliberately (Thông tư 41/2017/TT-BTTTT, Điều 9 and 10).
type Evidence struct {
	Record       *Model // result and time; nil = not written
	Certificates []*x509.Certificate
	Lists        [][]byte // revocation lists (DER, RFC 5280, 5)
	Answers      [][]byte // OCSP answers (DER, RFC 6960, 4.2.1)
	Stamps       [][]byte // time-stamp tokens (DER, RFC 3161, 2.4.2)
}

// Revocations hands out further revocation data about a path, for callers that
// hold more than the verdict's own: the lists and answers (DER) about the
// certificates of chain.
type Revocations interface {
	RevocationData(chain []*x509.Certificate) (lists, answers [][]byte)
}

// Collect takes out of a report what it rests on: signers' and time-stamp
// authorities' certificates, the lists and answers that were relied on, the
// time-stamps. more may be nil.
func Collect(record *Model, r *verify.Report, more Revocations) Evidence {
	e := Evidence{Record: record}
	if r == nil {
		return e
	}
	ask := func(chain []*x509.Certificate) {
		e.Certificates = append(e.Certificates, chain...)
		if more != nil && len(chain) > 0 {
			lists, answers := more.RevocationData(chain)
			e.Lists, e.Answers = append(e.Lists, lists...), append(e.Answers, answers...)
		}
	}
	for i := range r.Signatures {
		s := &r.Signatures[i]
		if s.Signer != nil {
			e.Certificates = append(e.Certificates, s.Signer)
		}
		ask(s.Chain)
		for _, ev := range s.Revocation.Evidence {
			if ev.Signer != nil {
				e.Certificates = append(e.Certificates, ev.Signer)
			}
			if ev.Source == trust.FromAnswer {
				e.Answers = append(e.Answers, ev.DER)
			} else {
				e.Lists = append(e.Lists, ev.DER)
			}
		}
		if t := s.Stamp; t != nil {
			e.Stamps = append(e.Stamps, t.DER)
			if t.Certificate != nil {
				e.Certificates = append(e.Certificates, t.Certificate)
			}
			ask(t.Chain)
		}
	}
	return e
}

// WriteEvidence writes e into the new folder dir, usually the document's path
// with EvidenceSuffix: the record as JSON, each thing once under the start of its
// SHA-256, and SHA256SUMS over all. It appears whole or not at all; a folder that
// is there is left alone: ErrEvidenceExists.
func WriteEvidence(dir string, e Evidence) (err error) {
	if _, err := os.Lstat(dir); err == nil {
		return fmt.Errorf("%w: %q", ErrEvidenceExists, dir)
	}
	files, err := e.files()
	if err != nil {
		return fmt.Errorf("report: writing evidence: %w", err)
	}
	part, err := os.MkdirTemp(filepath.Dir(dir), ".bangchung-*")
	if err != nil {
		return fmt.Errorf("report: writing evidence: %w", err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("report: writing evidence: %w", errors.Join(err, os.RemoveAll(part)))
		}
	}()
	if err := os.Chmod(part, 0o755); err != nil {
		return err
	}
	var index bytes.Buffer
	for _, name := range sortedKeys(files) {
		sum := sha256.Sum256(files[name])
		fmt.Fprintf(&index, "%x  %s\n", sum, name)
		if err := writeWhole(filepath.Join(part, filepath.FromSlash(name)), files[name]); err != nil {
			return err
		}
	}
	if err := writeWhole(filepath.Join(part, evidenceIndex), index.Bytes()); err != nil {
		return err
	}
	// os.Rename puts a folder in the place of an empty one: somebody may have
	// made one since, but has lost nothing then.
	return os.Rename(part, dir)
}

// files are the contents by their slash-separated path.
func (e Evidence) files() (map[string][]byte, error) {
	out := map[string][]byte{}
	put := func(folder, suffix string, der []byte) {
		if len(der) > 0 {
			sum := sha256.Sum256(der)
			out[folder+"/"+hex.EncodeToString(sum[:8])+suffix] = der
		}
	}
	for _, c := range e.Certificates {
		if c != nil {
			put(evidenceCerts, ".cer", c.Raw)
		}
	}
	for _, der := range e.Lists {
		put(evidenceLists, ".crl", der)
	}
	for _, der := range e.Answers {
		put(evidenceLists, ".ocsp", der)
	}
	for _, der := range e.Stamps {
		put(evidenceStamps, ".tst", der)
	}
	if e.Record != nil {
		var b bytes.Buffer
		if err := e.Record.JSON(&b); err != nil {
			return nil, err
		}
		out[evidenceRecord] = b.Bytes()
	}
	return out, nil
}

func writeWhole(path string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}

// DeleteEvidence removes a folder that WriteEvidence made, and nothing else: a
// folder without SHA256SUMS, or with files not named there, is left as it is:
// ErrNotEvidence. Links are never followed out of it.
func DeleteEvidence(dir string) error {
	if info, err := os.Lstat(dir); err != nil {
		return fmt.Errorf("report: deleting evidence: %w", err)
	} else if !info.IsDir() {
		return fmt.Errorf("%w: %q", ErrNotEvidence, dir)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("report: deleting evidence: %w", err)
	}
	defer root.Close()
	listed, err := indexed(root)
	if err != nil {
		return fmt.Errorf("%w: %q: %w", ErrNotEvidence, dir, err)
	}
	var folders []string
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if name != "." {
				folders = append(folders, name)
			}
		case !slices.Contains(listed, name):
			return fmt.Errorf("%w: %q in %q", ErrNotEvidence, name, dir)
		}
		return nil
	})
	if err != nil {
		return err
	}
	// The index goes last, so that an interrupted deletion can be repeated.
	for _, name := range slices.Concat(listed[1:], folders, listed[:1]) {
		if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("report: deleting evidence: %w", err)
		}
	}
	if err := os.Remove(dir); err != nil {
		return fmt.Errorf("report: deleting evidence: %w", err)
	}
	return nil
}

// indexed lists the index itself and the files it names.
func indexed(root *os.Root) ([]string, error) {
	f, err := root.Open(evidenceIndex)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names := []string{evidenceIndex}
	for lines := bufio.NewScanner(f); ; {
		if !lines.Scan() {
			return names, lines.Err()
		}
		sum, name, ok := strings.Cut(lines.Text(), "  ")
		if !ok || len(sum) != 2*sha256.Size || !fs.ValidPath(name) {
			return nil, fmt.Errorf("%s is not as written", evidenceIndex)
		}
		names = append(names, name)
	}
}

func sortedKeys(m map[string][]byte) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
