package trust

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Check is Revocation that asks OCSP responders and fetches revocation lists,
// when f is not nil, for the certificates that are unknown or known by data
// that are too old for f. What can be relied on is kept in the store and its
// vault. All certificates are asked about at the same time, the responder of each
// before its lists.
//
// When nothing could be had, Status.Err holds the reason of Revocation and those
// of the network: ErrAddress, ErrUnreachable, ErrTimeout, ErrReply, ErrResponder,
// ErrUnusable, ErrOutdated, ErrUnknownCertificate, or the context's when ctx ended
// before.
func (s *Store) Check(ctx context.Context, chain []*x509.Certificate, at time.Time, f *Fetch) Status {
	if at.IsZero() {
		at = s.now()
	}
	status := s.Revocation(chain, at)
	if f == nil || status.State == Revoked || len(chain) < 2 {
		return status
	}
	e := f.begin(ctx)
	defer e.close()
	var wg sync.WaitGroup
	asked := false
	for i := 0; i+1 < min(len(chain), maxPath); i++ {
		one := s.look(chain[i], chain[i+1], at)
		if one.State == Good && !f.tooOld(one, at) {
			continue
		}
		asked = true
		wg.Go(func() { e.lookUp(s, chain[i], chain[i+1], at) })
	}
	if !asked {
		return status
	}
	wg.Wait()
	if status = s.Revocation(chain, at); status.State == Unknown {
		status.Err = errors.Join(status.Err, e.problem())
		status.Why = strings.ReplaceAll(status.Err.Error(), "\n", "; ")
	}
	return status
}

func (f *Fetch) tooOld(known Status, at time.Time) bool {
	return f.MaxAge > 0 && at.Sub(known.ThisUpdate) > f.MaxAge
}

// lookUp asks about one certificate until something is known.
func (e *errand) lookUp(s *Store, cert, issuer *x509.Certificate, at time.Time) {
	enough := func(err error) bool {
		if err != nil {
			e.note(err)
			return e.ctx.Err() != nil // nobody waits any more
		}
		status := s.look(cert, issuer, at)
		return status.State == Revoked || status.State == Good && !e.tooOld(status, at)
	}
	responders := cert.OCSPServer
	if len(responders) == 0 {
		responders = e.Responders
	}
	for _, address := range responders[:min(len(responders), maxAddresses)] {
		if enough(e.ask(s, cert, issuer, address)) {
			return
		}
	}
	lists := webFirst(cert.CRLDistributionPoints)
	for _, address := range lists[:min(len(lists), maxAddresses)] {
		if enough(e.fetchList(s, cert, issuer, address)) {
			return
		}
	}
}

// webFirst leaves out what is not fetched anyway (ldap:), unless nothing remains.
func webFirst(addresses []string) []string {
	var web []string
	for _, a := range addresses {
		if strings.HasPrefix(strings.ToLower(a), "http") {
			web = append(web, a)
		}
	}
	if web == nil {
		return addresses
	}
	return web
}

// ask asks a responder: by SHA-1, which all understand (RFC 5019, 2.1.1), then
// by SHA-256 if it does not know the certificate so, and as a bare GET (RFC 5019,
// 5) if it does not like the request.
func (e *errand) ask(s *Store, cert, issuer *x509.Certificate, address string) error {
	h, bare := crypto.SHA1, false
	for {
		err := e.exchange(s, cert, issuer, address, h, bare)
		var refusal *declined
		var failure *httpError
		errors.As(err, &refusal)
		errors.As(err, &failure)
		const malformedRequest, unauthorized = 1, 6
		switch {
		case h == crypto.SHA1 && !bare && (errors.Is(err, ErrUnknownCertificate) || refusal != nil && refusal.status == unauthorized):
			h = crypto.SHA256
		case !bare && !e.RequireNonce && (refusal != nil && refusal.status == malformedRequest || failure != nil && failure.status/100 == 4):
			h, bare = crypto.SHA1, true
		default:
			return err
		}
	}
}

// exchange is one question and its answer, kept when it is good.
func (e *errand) exchange(s *Store, cert, issuer *x509.Certificate, address string, h crypto.Hash, bare bool) error {
	var nonce []byte
	if !bare {
		nonce = newNonce()
	}
	request, err := newRequest(cert, issuer, h, nonce)
	if err != nil {
		return err
	}
	const accept = "application/ocsp-response"
	var reply []byte
	if bare {
		// RFC 6960, A.1.
		path := strings.TrimSuffix(address, "/") + "/" + url.QueryEscape(base64.StdEncoding.EncodeToString(request))
		reply, err = e.get(path, accept, maxSmall)
	} else {
		reply, err = e.do(http.MethodPost, address, request, "application/ocsp-request", accept, maxSmall)
	}
	if err != nil {
		return err
	}
	a, err := parseAnswer(reply)
	if err != nil {
		return fmt.Errorf("asking %q: %w", address, err)
	}
	if err := a.fits(nonce, e.RequireNonce); err != nil {
		return fmt.Errorf("asking %q: %w", address, err)
	}
	single := a.single(cert, issuer)
	if single == nil {
		return fmt.Errorf("asking %q: %w: it is about another certificate", address, ErrReply)
	}
	f, err := s.aboutAnswer(a, single, cert, issuer)
	if err == nil {
		s.saw(Seen{Time: a.basic.Data.Produced, What: string(FromAnswer), Live: a.nonce() != nil && nonce != nil})
		err = f.worthKeeping(s.now())
	}
	if err != nil {
		return fmt.Errorf("asking %q: %w", address, err)
	}
	s.base().addAnswer(a)
	s.base().Vault.keep(answers, single.ID.serial().String(), a.der)
	return nil
}

// worthKeeping: what servers hand out today has to be of today. A revocation is
// always news.
func (f *finding) worthKeeping(now time.Time) error {
	if f.state == Revoked {
		return nil
	}
	return f.clears(now, now)
}

// fetchList gets a revocation list and keeps it when it is good.
func (e *errand) fetchList(s *Store, cert, issuer *x509.Certificate, address string) error {
	if !e.first(address) {
		return nil
	}
	b, err := e.get(address, "application/pkix-crl", orElse(e.MaxList, maxFile))
	if err != nil {
		return err
	}
	err = fmt.Errorf("%w: no revocation list", ErrReply)
	for _, l := range split(b).lists {
		var f *finding
		if f, err = l.about(cert, issuer); err != nil {
			continue
		}
		s.saw(Seen{Time: l.ThisUpdate, What: string(FromList)})
		if err = f.worthKeeping(s.now()); err != nil {
			continue
		}
		s.base().addList(l)
		s.base().Vault.keep(lists, string(l.RawIssuer), l.Raw)
		return nil
	}
	return fmt.Errorf("asking %q: %w", address, err)
}

// fetchIssuers asks for the issuers of ends.
func (e *errand) fetchIssuers(ends []*x509.Certificate) []*x509.Certificate {
	var all []*x509.Certificate
	for _, end := range ends[:min(len(ends), maxPath)] {
		addresses := webFirst(end.IssuingCertificateURL)
		for _, address := range addresses[:min(len(addresses), maxAddresses)] {
			if !e.first(address) {
				continue
			}
			// RFC 5280, 4.2.2.1: a certificate, or a PKCS #7 bag of some.
			b, err := e.get(address, "application/pkix-cert, application/pkcs7-mime", maxSmall)
			if err != nil {
				e.note(err)
				continue
			}
			got := split(b).certificates
			if len(got) == 0 {
				e.note(fmt.Errorf("asking %q: %w: no certificate", address, ErrReply))
			}
			all = append(all, got...)
		}
	}
	return all
}

// keepIssuers takes the fetched certificates that made a path; the rest was
// anybody's. They are anchors only if pinned.
func (s *Store) keepIssuers(chain, fetched []*x509.Certificate) {
	b := s.base()
	for _, c := range chain[min(1, len(chain)):] {
		if !slices.ContainsFunc(fetched, c.Equal) {
			continue
		}
		if !b.Offer(c) {
			b.AddIntermediate(c)
		}
		b.Vault.keep(authorities, "", c.Raw)
	}
}
