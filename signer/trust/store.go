package trust

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"sync"
	"time"
)

// Store is a set of anchors, CA certificates, revocation lists and OCSP answers.
// The zero value is an empty one that knows the shipped pins. Its methods may be
// called by several goroutines; the fields are set before.
type Store struct {
	Now   func() time.Time // clock for ages and the future; nil = time.Now
	Vault *Vault           // keeps what is fetched; nil = it is lost with the store

	parent *Store // of a layer

	mu      sync.RWMutex
	anchors certificates
	others  certificates
	lists   map[string][]*list   // by the issuer's name, DER
	answers map[string][]*answer // by serial number
	pins    map[[sha256.Size]byte]Pin
	seen    map[[sha256.Size]byte]bool
	clock   *ClockWarning

	recalled sync.Map // of the vault: "lists/3f2a…" → *sync.Once
}

// certificates are kept in the order added and by their subject's name.
type certificates struct {
	all    []*x509.Certificate
	byName map[string][]*x509.Certificate
}

func (c *certificates) add(cert *x509.Certificate) {
	if c.byName == nil {
		c.byName = map[string][]*x509.Certificate{}
	}
	c.all = append(c.all, cert)
	c.byName[string(cert.RawSubject)] = append(c.byName[string(cert.RawSubject)], cert)
}

// Layer is a store on top of s for one document: it sees all that s has, what
// is added to it stays in it, and what it fetches goes to s, for others to use.
func (s *Store) Layer() *Store { return &Store{Now: s.Now, parent: s} }

// base is the store below all layers.
func (s *Store) base() *Store {
	for s.parent != nil {
		s = s.parent
	}
	return s
}

func (s *Store) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}

// Add takes everything that can be used out of b: certificates, revocation lists
// and OCSP answers, as PEM (any number), DER (one), or in a PKCS #7 bag (.p7b).
// Certificates are taken in the way of AddCertificate. It tells how many things
// were understood.
func (s *Store) Add(b []byte) int {
	in := split(b)
	s.add(in)
	return in.count()
}

func (s *Store) add(in *found) {
	for _, cert := range in.certificates {
		s.AddCertificate(cert)
	}
	for _, l := range in.lists {
		s.addList(l)
	}
	for _, a := range in.answers {
		s.addAnswer(a)
	}
}

// AddCertificate takes a CA certificate that the user named: a pinned or
// self-signed one as an anchor, any other for building paths. Certificates that
// are no CA's are left out. What comes from a document or a token goes to Offer
// and AddIntermediate instead.
func (s *Store) AddCertificate(cert *x509.Certificate) {
	switch {
	case s.Offer(cert):
	case !isCA(cert):
	case selfSigned(cert):
		s.AddAnchor(cert)
	default:
		s.AddIntermediate(cert)
	}
}

// AddAnchor makes cert an anchor whether it is self-signed or not: the user
// decided. Paths may end there; then cert itself is not checked for revocation.
func (s *Store) AddAnchor(cert *x509.Certificate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fresh('a', cert.Raw) {
		s.anchors.add(cert)
	}
}

// AddIntermediate takes a CA certificate for building paths; it is believed
// only below an anchor.
func (s *Store) AddIntermediate(cert *x509.Certificate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fresh('i', cert.Raw) {
		s.others.add(cert)
	}
}

// AddList takes a revocation list. Who signed it is checked when it is used.
func (s *Store) AddList(l *x509.RevocationList) {
	if own, err := parseList(l.Raw); err == nil { // crypto/x509 read it already
		s.addList(own)
	}
}

func (s *Store) addList(l *list) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fresh('l', l.Raw) {
		if s.lists == nil {
			s.lists = map[string][]*list{}
		}
		s.lists[string(l.RawIssuer)] = append(s.lists[string(l.RawIssuer)], l)
	}
}

// AddAnswer takes an OCSP answer (DER, RFC 6960, 4.2.1). Who signed it is
// checked when it is used. An answer that cannot be read, or that is only an
// error message, is ErrReply or ErrResponder.
func (s *Store) AddAnswer(der []byte) error {
	a, err := parseAnswer(der)
	if err != nil {
		return err
	}
	s.addAnswer(a)
	return nil
}

func (s *Store) addAnswer(a *answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.fresh('o', a.der) {
		return
	}
	if s.answers == nil {
		s.answers = map[string][]*answer{}
	}
	for _, serial := range a.serials() {
		s.answers[serial] = append(s.answers[serial], a)
	}
}

// fresh tells whether this is seen for the first time in this role.
func (s *Store) fresh(role byte, der []byte) bool {
	h := sha256.New()
	h.Write([]byte{role})
	h.Write(der)
	key := [sha256.Size]byte(h.Sum(nil))
	if s.seen == nil {
		s.seen = map[[sha256.Size]byte]bool{}
	}
	was := s.seen[key]
	s.seen[key] = true
	return !was
}

// each calls f with every layer from the top down, locked for reading.
func (s *Store) each(f func(*Store)) {
	for ; s != nil; s = s.parent {
		s.mu.RLock()
		f(s)
		s.mu.RUnlock()
	}
}

// HasAnchors tells whether the store holds an anchor. Without one, a path can
// still end at a pinned certificate that comes with the question.
func (s *Store) HasAnchors() bool {
	n := 0
	s.each(func(s *Store) { n += len(s.anchors.all) })
	return n > 0
}

// Anchors is a pool of the trust anchors, for time-stamp servers and the like.
func (s *Store) Anchors() *x509.CertPool {
	p := x509.NewCertPool()
	s.each(func(s *Store) {
		for _, c := range s.anchors.all {
			p.AddCert(c)
		}
	})
	return p
}

// Intermediates are the CA certificates that are no anchors.
func (s *Store) Intermediates() []*x509.Certificate {
	var all []*x509.Certificate
	s.each(func(s *Store) { all = append(all, s.others.all...) })
	return all
}

// isAnchor tells whether paths may end at cert.
func (s *Store) isAnchor(cert *x509.Certificate) bool {
	found := false
	s.each(func(s *Store) {
		for _, c := range s.anchors.byName[string(cert.RawSubject)] {
			found = found || c.Equal(cert)
		}
	})
	if found {
		return true
	}
	_, pinned := s.believed(cert)
	return pinned
}

// isCA: version 1 certificates cannot say it; as roots they are CAs.
func isCA(cert *x509.Certificate) bool {
	return cert.IsCA || cert.Version < 3 && selfSigned(cert)
}

// selfSigned tells whether cert signed itself, with SHA-1 too: an anchor's own
// signature proves nothing anyway.
func selfSigned(cert *x509.Certificate) bool {
	if !selfIssued(cert) {
		return false
	}
	err := checkSignature(cert, cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature)
	return err == nil || errors.Is(err, ErrWeak)
}

func selfIssued(cert *x509.Certificate) bool { return bytes.Equal(cert.RawSubject, cert.RawIssuer) }
