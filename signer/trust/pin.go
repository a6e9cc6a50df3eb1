package trust

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"sync"

	"antin/assets"
)

// Pin names a CA certificate by its SHA-256; see [assets.Anchor].
type Pin = assets.Anchor

// shipped are the pins of the program.
var shipped = sync.OnceValue(func() map[[sha256.Size]byte]Pin {
	pins := map[[sha256.Size]byte]Pin{}
	for _, p := range assets.Anchors() {
		hash, err := pinHash(p)
		if err != nil {
			panic("trust: " + err.Error()) // our own file, see TestShippedPins
		}
		pins[hash] = p
	}
	return pins
})

func pinHash(p Pin) (hash [sha256.Size]byte, err error) {
	b, err := hex.DecodeString(p.SHA256)
	if err != nil || len(b) != len(hash) {
		return hash, fmt.Errorf("pin of %q: %q is no SHA-256", p.Name, p.SHA256)
	}
	return [sha256.Size]byte(b), nil
}

// AddPin adds to the shipped pins, or replaces one, from a configuration the
// user relies on, before certificates are added. A pin with certainty C only
// names a certificate and makes no anchor.
func (s *Store) AddPin(p Pin) error {
	hash, err := pinHash(p)
	if err != nil {
		return fmt.Errorf("trust: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pins == nil {
		s.pins = map[[sha256.Size]byte]Pin{}
	}
	s.pins[hash] = p
	return nil
}

// Pin tells which known CA certificate cert is. Its generation says whether
// the CA is one of the SHA-1 generation ("G1"), which users have to be told.
func (s *Store) Pin(cert *x509.Certificate) (Pin, bool) {
	hash := sha256.Sum256(cert.Raw)
	pin, ok := shipped()[hash]
	s.each(func(s *Store) {
		if p, own := s.pins[hash]; own {
			pin, ok = p, true
		}
	})
	return pin, ok
}

// believed is Pin for those that make a certificate an anchor. A fingerprint
// that was only read somewhere does not (certainty C).
func (s *Store) believed(cert *x509.Certificate) (Pin, bool) {
	p, ok := s.Pin(cert)
	return p, ok && p.Certainty != "C"
}

// Offer makes cert, wherever it was found, an anchor if a pin fits, and tells
// whether one did. Everything else is left as it is.
func (s *Store) Offer(cert *x509.Certificate) bool {
	if _, ok := s.believed(cert); !ok {
		return false
	}
	s.AddAnchor(cert)
	return true
}
