package trust

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"antin/signer/cms"
)

// ErrNothing means that a file holds no certificate, revocation list or OCSP
// answer.
var ErrNothing = errors.New("trust: no certificate or revocation list found")

// maxFile is the largest file that is read, in bytes: lists of revoked
// certificates have some megabytes.
const maxFile = 64 << 20

// Load reads certificates, revocation lists and OCSP answers, DER, PEM or PKCS
// #7, from files and from all files of folders (not of the folders in them), as
// the user named them. Self-signed and pinned CA certificates become anchors,
// other CA certificates are used to build paths; certificates of people and
// sites are left out. Of a named file that holds nothing, the error is
// ErrNothing; in a folder such files are passed over.
func Load(paths ...string) (*Store, error) {
	s := &Store{}
	if err := s.AddFiles(paths...); err != nil {
		return nil, err
	}
	return s, nil
}

// AddFiles is Load for a store that exists.
func (s *Store) AddFiles(paths ...string) error {
	for _, path := range paths {
		if err := eachFile(path, s.add); err != nil {
			return err
		}
	}
	return nil
}

// Contents is what AddFiles takes from a file or folder, for people. Errors: those
// of Load.
func Contents(path string) ([]Entry, error) {
	var all []Entry
	entry := func(what string, der []byte) {
		sum := sha256.Sum256(der)
		e := Entry{What: what, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(der))}
		e.Problem = e.describe(der)
		all = append(all, e)
	}
	err := eachFile(path, func(in *found) {
		for _, c := range in.certificates {
			switch _, pinned := new(Store).Pin(c); {
			case !isCA(c) && !pinned:
			case selfSigned(c) || pinned:
				entry("anchor", c.Raw)
			default:
				entry("certificate", c.Raw)
			}
		}
		for _, l := range in.lists {
			entry(string(FromList), l.Raw)
		}
		for _, a := range in.answers {
			entry(string(FromAnswer), a.der)
		}
	})
	return all, err
}

// eachFile hands on what is in the file, or in those of the folder, that the user
// named.
func eachFile(path string, take func(*found)) error {
	named, err := listFiles(path, 0)
	if err != nil {
		return fmt.Errorf("trust: loading: %w", err)
	}
	for _, file := range named.files {
		b, err := readFile(file, maxFile)
		if err == nil {
			in := split(b)
			if in.count() == 0 {
				err = fmt.Errorf("%w: %q", ErrNothing, file)
			}
			take(in)
		}
		if err != nil && !(named.folder && errors.Is(err, ErrNothing)) {
			return err
		}
	}
	return nil
}

// found is what a file holds.
type found struct {
	certificates []*x509.Certificate
	lists        []*list
	answers      []*answer
}

func (f *found) count() int { return len(f.certificates) + len(f.lists) + len(f.answers) }

// split takes b apart. What cannot be read costs only itself.
func split(b []byte) *found {
	f := &found{}
	if !bytes.Contains(b, []byte("-----BEGIN ")) {
		f.der(b)
		return f
	}
	for rest := b; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return f
		}
		f.der(block.Bytes)
	}
}

func (f *found) der(der []byte) {
	if len(der) == 0 || der[0] != 0x30 { // SEQUENCE, each of them
		return
	}
	if cert, err := x509.ParseCertificate(der); err == nil {
		f.certificates = append(f.certificates, cert)
	} else if l, err := parseList(der); err == nil {
		f.lists = append(f.lists, l)
	} else if a, err := parseAnswer(der); err == nil {
		f.answers = append(f.answers, a)
	} else if bag, err := cms.Parse(der); err == nil {
		f.certificates = append(f.certificates, bag.Certificates...)
		for _, crl := range bag.CRLs {
			if l, err := parseList(crl); err == nil {
				f.lists = append(f.lists, l)
			}
		}
	}
}

// listing is the files that a path given by the user stands for.
type listing struct {
	files  []string
	folder bool
}

// maxFiles bounds what is looked at in one folder and those in it.
const maxFiles = 10000

// listFiles lists a file, or the regular files of a folder and of the folders
// in it down to depth.
func listFiles(path string, depth int) (*listing, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return &listing{files: []string{path}}, nil
	}
	l := &listing{folder: true}
	return l, l.walk(path, depth)
}

func (l *listing) walk(dir string, depth int) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		info, err := os.Stat(name)
		switch {
		case err != nil: // a link to nowhere
		case info.IsDir() && depth > 0 && e.IsDir(): // links to folders can make circles
			if l.walk(name, depth-1) != nil {
				continue // a folder that may not be read, as system folders of USB sticks
			}
		case info.Mode().IsRegular() && len(l.files) < maxFiles:
			l.files = append(l.files, name)
		}
	}
	return nil
}

// readFile reads a file that may hold what split understands, of up to limit
// bytes. Others, by their first bytes, are ErrNothing and not read.
func readFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("trust: loading: %w", err)
	}
	defer f.Close() // only read
	head := make([]byte, 4096)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("trust: loading: %w", err)
	}
	head = head[:n]
	if !bytes.HasPrefix(head, []byte{0x30}) && !bytes.Contains(head, []byte("-----BEGIN ")) {
		return nil, fmt.Errorf("%w: %q", ErrNothing, path)
	}
	b, err := io.ReadAll(io.LimitReader(io.MultiReader(bytes.NewReader(head), f), limit+1))
	if err != nil {
		return nil, fmt.Errorf("trust: loading: %w", err)
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("trust: loading %q: more than %d bytes: %w", path, limit, fs.ErrInvalid)
	}
	return b, nil
}
