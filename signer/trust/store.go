// Package trust decides whom to believe: it holds trust anchors, further CA
// certificates and revocation lists, builds the path from a certificate to an
// anchor (RFC 5280, 6.1) and looks certificates up in the lists (RFC 5280, 6.3).
//
// [Load] fills a [Store] from files and folders; [Store.Path] gives the path at a
// point of time, [Store.Revocation] what the lists say of it. The package works
// without a network: what is not in the store is unknown, and never good.
//
// Extended key usage is not asked for: certificates of the Vietnamese
// government CA carry none for documents. Signatures with SHA-1 are not believed
// (crypto/x509 refuses them); an issuing CA below a SHA-1 root is made an anchor
// of its own with [Store.AddAnchor].
package trust

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Why there is no path.
var (
	ErrNoPath      = errors.New("trust: no path to a trust anchor")
	ErrExpired     = errors.New("trust: a certificate of the path has expired")
	ErrNotYetValid = errors.New("trust: a certificate of the path is not valid yet")
	ErrConstraints = errors.New("trust: a certificate is used for what it is not meant for") // RFC 5280, 4.2.1.3, 4.2.1.9, 4.2.1.10
)

// ErrNothing means that a file holds neither certificate nor revocation list.
var ErrNothing = errors.New("trust: no certificate or revocation list found")

// maxFile is the largest file that is read, in bytes: lists of revoked
// certificates have some megabytes.
const maxFile = 64 << 20

// Store is a set of anchors, CA certificates and revocation lists. The zero
// value is an empty one. Adding is not safe for use by several goroutines,
// asking is.
type Store struct {
	anchors, others []*x509.Certificate
	lists           []*x509.RevocationList
	seen            map[[sha256.Size]byte]bool
}

// Load reads certificates and revocation lists, DER or PEM, from files and from
// all files of folders (not of the folders in them). Self-signed CA certificates
// become anchors, other CA certificates are used to build paths; certificates of
// people and sites are left out. Of a named file that holds nothing, the
// error is ErrNothing; in a folder such files are passed over.
func Load(paths ...string) (*Store, error) {
	s := &Store{}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("trust: loading: %w", err)
		}
		if !info.IsDir() {
			if err := s.loadFile(path); err != nil {
				return nil, err
			}
			continue
		}
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, fmt.Errorf("trust: loading: %w", err)
		}
		for _, e := range entries {
			name := filepath.Join(path, e.Name())
			if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
				continue // a folder, or a link to nowhere
			}
			if err := s.loadFile(name); err != nil && !errors.Is(err, ErrNothing) {
				return nil, err
			}
		}
	}
	return s, nil
}

func (s *Store) loadFile(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("trust: loading: %w", err)
	}
	if info.Size() > maxFile {
		return fmt.Errorf("trust: loading %q: %w", path, fs.ErrInvalid)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("trust: loading: %w", err)
	}
	if s.Add(b) == 0 {
		return fmt.Errorf("%w: %q", ErrNothing, path)
	}
	return nil
}

// Add takes all certificates and revocation lists out of b, PEM (any number) or
// DER (one), in the way of Load, and tells how many were understood.
func (s *Store) Add(b []byte) int {
	n := 0
	add := func(der []byte) {
		if cert, err := x509.ParseCertificate(der); err == nil {
			n++
			s.AddCertificate(cert)
		} else if list, err := x509.ParseRevocationList(der); err == nil {
			n++
			s.AddList(list)
		}
	}
	if !bytes.Contains(b, []byte("-----BEGIN ")) {
		add(b)
		return n
	}
	for rest := b; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return n
		}
		add(block.Bytes)
	}
}

// AddCertificate takes a CA certificate: a self-signed one as an anchor, any
// other for building paths. Certificates that are no CA's are left out.
func (s *Store) AddCertificate(cert *x509.Certificate) {
	switch {
	case !isCA(cert):
	case selfSigned(cert):
		s.AddAnchor(cert)
	default:
		s.AddIntermediate(cert)
	}
}

// AddAnchor makes cert an anchor whether it is self-signed or not. Paths end
// there; cert itself is not checked for revocation.
func (s *Store) AddAnchor(cert *x509.Certificate) {
	if s.fresh('a', cert.Raw) {
		s.anchors = append(s.anchors, cert)
	}
}

// AddIntermediate takes a CA certificate for building paths; it is believed
// only below an anchor.
func (s *Store) AddIntermediate(cert *x509.Certificate) {
	if s.fresh('i', cert.Raw) {
		s.others = append(s.others, cert)
	}
}

// AddList takes a revocation list. Who signed it is checked when it is used.
func (s *Store) AddList(list *x509.RevocationList) {
	if s.fresh('l', list.Raw) {
		s.lists = append(s.lists, list)
	}
}

// fresh tells whether this is seen for the first time in this role.
func (s *Store) fresh(role byte, der []byte) bool {
	key := sha256.Sum256(append([]byte{role}, der...))
	if s.seen == nil {
		s.seen = map[[sha256.Size]byte]bool{}
	}
	was := s.seen[key]
	s.seen[key] = true
	return !was
}

// HasAnchors tells whether any path can end in the store.
func (s *Store) HasAnchors() bool { return s != nil && len(s.anchors) > 0 }

// Anchors is a pool of the trust anchors, for time-stamp servers and the like.
func (s *Store) Anchors() *x509.CertPool {
	p := x509.NewCertPool()
	for _, c := range s.anchors {
		p.AddCert(c)
	}
	return p
}

// Intermediates are the CA certificates that are no anchors.
func (s *Store) Intermediates() []*x509.Certificate {
	return append([]*x509.Certificate(nil), s.others...)
}

// Path is a chain from cert (first) to an anchor (last) in which every
// certificate is valid at the given time and every CA may issue, over the
// store's CA certificates and the extra ones, which come from the document or
// token and are not trusted by themselves. The key usage of cert has to allow
// signatures. Errors: ErrNoPath, ErrExpired, ErrNotYetValid, ErrConstraints.
func (s *Store) Path(cert *x509.Certificate, extra []*x509.Certificate, at time.Time) ([]*x509.Certificate, error) {
	// Extended key usage is not asked for, so the plain one is all there is. A
	// certificate without the extension may be used for anything.
	if u := cert.KeyUsage; u != 0 && u&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		return nil, fmt.Errorf("%w: key usage of %q does not allow signatures", ErrConstraints, cert.Subject.CommonName)
	}
	others := x509.NewCertPool()
	for _, bag := range [][]*x509.Certificate{s.others, extra} {
		for _, c := range bag {
			others.AddCert(c)
		}
	}
	chains, err := cert.Verify(x509.VerifyOptions{
		Roots:         s.Anchors(),
		Intermediates: others,
		CurrentTime:   at,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err != nil {
		return nil, pathError(err, at)
	}
	return chains[0], nil
}

// pathError sorts what crypto/x509 reports.
func pathError(err error, at time.Time) error {
	var invalid x509.CertificateInvalidError
	var critical x509.UnhandledCriticalExtension
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		if invalid.Cert != nil && at.Before(invalid.Cert.NotBefore) {
			return fmt.Errorf("%w: %w", ErrNotYetValid, err)
		}
		return fmt.Errorf("%w: %w", ErrExpired, err)
	case errors.As(err, &invalid), errors.As(err, &critical):
		return fmt.Errorf("%w: %w", ErrConstraints, err)
	}
	return fmt.Errorf("%w: %w", ErrNoPath, err)
}

// isCA: version 1 certificates cannot say it; as roots they are CAs.
func isCA(cert *x509.Certificate) bool {
	return cert.IsCA || cert.Version < 3 && selfSigned(cert)
}

// selfSigned: SHA-1 signatures, which crypto/x509 does not check, are taken for
// the certificate's own; an anchor's signature proves nothing anyway.
func selfSigned(cert *x509.Certificate) bool {
	if !bytes.Equal(cert.RawSubject, cert.RawIssuer) {
		return false
	}
	err := cert.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature)
	var insecure x509.InsecureAlgorithmError
	return err == nil || errors.As(err, &insecure)
}
