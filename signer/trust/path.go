package trust

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Why there is no path.
var (
	ErrNoPath      = errors.New("trust: no path to a trust anchor")
	ErrExpired     = errors.New("trust: a certificate of the path has expired")
	ErrNotYetValid = errors.New("trust: a certificate of the path is not valid yet")
	ErrConstraints = errors.New("trust: a certificate is used for what it is not meant for") // RFC 5280, 4.2.1.3, 4.2.1.9, 4.2.1.10
)

// Bounds of a search. Real paths have three certificates; a document can carry
// thousands of one name.
const (
	maxPath   = 10  // certificates
	maxChecks = 100 // signatures
	maxJudged = 16  // complete paths
)

// Path is a chain from cert (first) to an anchor (last) in which every
// certificate is valid at the given time (zero: now) and every CA may issue
// (RFC 5280, 6.1), over the store's CA certificates and the extra ones, which
// come from the document or token and are not trusted by themselves, unless a pin
// fits. The key usage of cert has to allow signatures. With several paths, one
// to a root is preferred to one that ends at an issuing CA.
//
// Errors: ErrNoPath, ErrExpired, ErrNotYetValid, ErrConstraints. With ErrWeak
// the chain is there too, for those who want to tell of it.
func (s *Store) Path(cert *x509.Certificate, extra []*x509.Certificate, at time.Time) ([]*x509.Certificate, error) {
	return s.Build(context.Background(), cert, extra, at, nil)
}

// Build is Path that asks the network, when f is not nil, for issuers that are
// missing, at the addresses in the certificates (RFC 5280, 4.2.2.1). What makes
// a path is kept. A network that does not help leaves the error of Path with the
// reasons joined to it.
func (s *Store) Build(ctx context.Context, cert *x509.Certificate, extra []*x509.Certificate, at time.Time, f *Fetch) ([]*x509.Certificate, error) {
	// Extended key usage is not asked for, so the plain one is all there is. A
	// certificate without the extension may be used for anything.
	if u := cert.KeyUsage; u != 0 && u&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		return nil, fmt.Errorf("%w: key usage of %q does not allow signatures", ErrConstraints, cert.Subject.CommonName)
	}
	if at.IsZero() {
		at = s.now()
	}
	chain, ends, err := s.find(cert, extra, at)
	if f == nil || !errors.Is(err, ErrNoPath) {
		return chain, err
	}
	e := f.begin(ctx)
	defer e.close()
	var fetched []*x509.Certificate
	for range maxPath {
		more := e.fetchIssuers(ends)
		if len(more) == 0 {
			break
		}
		fetched = append(fetched, more...)
		if chain, ends, err = s.find(cert, slices.Concat(extra, fetched), at); !errors.Is(err, ErrNoPath) {
			s.keepIssuers(chain, fetched)
			return chain, err
		}
	}
	return nil, errors.Join(err, e.problem())
}

// find looks for a path in what is there. ends are the certificates that could
// not be left upwards.
func (s *Store) find(cert *x509.Certificate, extra []*x509.Certificate, at time.Time) (chain, ends []*x509.Certificate, err error) {
	p := &search{store: s, at: at, checks: maxChecks, judged: maxJudged}
	for _, c := range extra {
		p.extra.add(c)
	}
	if chain = p.from([]*x509.Certificate{cert}); chain != nil {
		return chain, nil, nil
	}
	if p.problem == nil {
		chain, p.problem = p.weakPath(cert)
	}
	if p.problem == nil {
		p.problem = fmt.Errorf("%w: %s", ErrNoPath, p.deadEnd(cert))
	}
	return chain, p.ends, p.problem
}

// search walks upwards depth first and stops at the first path that is good.
type search struct {
	store          *Store
	at             time.Time
	extra          certificates
	checks, judged int                 // left
	problem        error               // of the first complete path that was not good
	ends           []*x509.Certificate // without an issuer
}

func (p *search) from(chain []*x509.Certificate) []*x509.Certificate {
	last := chain[len(chain)-1]
	anchor := p.store.isAnchor(last)
	above := false
	if len(chain) < maxPath && !(anchor && selfIssued(last)) {
		for _, ca := range p.parents(last) {
			if p.checks == 0 || p.judged == 0 {
				break
			}
			if slices.ContainsFunc(chain, func(c *x509.Certificate) bool { return sameHolder(c, ca) }) {
				continue
			}
			p.checks--
			if last.CheckSignatureFrom(ca) != nil {
				continue
			}
			above = true
			if found := p.from(append(chain[:len(chain):len(chain)], ca)); found != nil {
				return found
			}
		}
	}
	switch {
	case anchor && p.judged > 0:
		p.judged--
		err := judge(chain, p.at)
		if err == nil {
			return chain
		}
		if p.problem == nil {
			p.problem = err
		}
	case !anchor && !above:
		p.ends = append(p.ends, last)
	}
	return nil
}

// parents are the certificates whose subject is the issuer of cert: the store's
// before strangers', and among these first those with the key that cert names.
func (p *search) parents(cert *x509.Certificate) []*x509.Certificate {
	var anchors, others []*x509.Certificate
	name := string(cert.RawIssuer)
	p.store.each(func(s *Store) {
		anchors = append(anchors, s.anchors.byName[name]...)
		others = append(others, s.others.byName[name]...)
	})
	order := func(bag []*x509.Certificate) []*x509.Certificate {
		bag = slices.Clone(bag)
		slices.SortStableFunc(bag, func(a, b *x509.Certificate) int { return keyFit(cert, b) - keyFit(cert, a) })
		return bag
	}
	return slices.Concat(order(anchors), order(others), order(p.extra.byName[name]))
}

// keyFit: key identifiers are hints (RFC 5280, 4.2.1.1), the signature decides.
func keyFit(cert, ca *x509.Certificate) int {
	switch {
	case len(cert.AuthorityKeyId) == 0 || len(ca.SubjectKeyId) == 0:
		return 1
	case bytes.Equal(cert.AuthorityKeyId, ca.SubjectKeyId):
		return 2
	}
	return 0
}

// sameHolder: a second certificate for name and key brings a path nowhere, so
// loops of cross certificates end here.
func sameHolder(a, b *x509.Certificate) bool {
	return bytes.Equal(a.RawSubject, b.RawSubject) && bytes.Equal(a.RawSubjectPublicKeyInfo, b.RawSubjectPublicKeyInfo)
}

// judge checks a complete path, the signatures of which fit (RFC 5280, 6.1).
func judge(chain []*x509.Certificate, at time.Time) error {
	if err := checkPeriods(chain, at); err != nil {
		return err
	}
	roots, others := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(chain[len(chain)-1])
	for _, c := range chain[1:max(1, len(chain)-1)] {
		others.AddCert(c)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{
		Roots:         roots,
		Intermediates: others,
		CurrentTime:   at,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrConstraints, err)
	}
	return nil
}

// checkPeriods names what crypto/x509 hides behind an unknown authority when it
// is a CA's certificate that has expired.
func checkPeriods(chain []*x509.Certificate, at time.Time) error {
	for _, c := range chain {
		if at.Before(c.NotBefore) {
			return fmt.Errorf("%w: %q from %s, asked for %s", ErrNotYetValid, c.Subject.CommonName, stamp(c.NotBefore), stamp(at))
		}
		if at.After(c.NotAfter) {
			return fmt.Errorf("%w: %q since %s, asked for %s", ErrExpired, c.Subject.CommonName, stamp(c.NotAfter), stamp(at))
		}
	}
	return nil
}

// deadEnd says where the way ended, for the technical details.
func (p *search) deadEnd(cert *x509.Certificate) string {
	if len(p.ends) == 0 {
		return "too many certificates of one name"
	}
	end := p.ends[0]
	switch {
	case selfIssued(end) && !end.Equal(cert):
		return fmt.Sprintf("%q is not trusted", end.Subject.CommonName)
	case len(p.parents(end)) == 0:
		return fmt.Sprintf("no certificate of %q, issuer of %q", end.Issuer.CommonName, end.Subject.CommonName)
	case old(end):
		return fmt.Sprintf("%q is signed with SHA-1", end.Subject.CommonName)
	}
	return fmt.Sprintf("%q did not sign %q", end.Issuer.CommonName, end.Subject.CommonName)
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
