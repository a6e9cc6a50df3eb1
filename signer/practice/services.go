package practice

import (
	"crypto"
	"crypto/x509"
	"io"
	"net/http"
	"strings"
	"time"
)

// Ways in which the services of an authority go wrong, beside those of a
// time-stamp server that make sense for them: FaultStatus500, FaultSlow,
// FaultHang, FaultGarbage, FaultHTML, FaultFlood, FaultRedirectScheme for all;
// FaultWrongNonce, FaultExpired, FaultNoEKU and FaultWrongKey for OCSP.
const (
	FaultTryLater         Fault = iota + 100 // OCSP: tryLater
	FaultUnauthorized                        // OCSP: unauthorized
	FaultMalformed                           // OCSP: malformedRequest, unless it is a GET
	FaultUnknown                             // OCSP: unknown, whatever is asked
	FaultRevoked                             // OCSP: revoked an hour ago for key compromise, whatever is asked
	FaultHold                                // OCSP: on hold since an hour ago
	FaultOldAnswer                           // answers and lists whose next update was due yesterday
	FaultFuture                              // answers and lists of the day after tomorrow
	FaultWrongSigner                         // answers and lists signed by another authority of the same names
	FaultOtherCertificate                    // OCSP: a good answer about another certificate
	FaultCritical                            // OCSP: a critical extension that nobody knows
)

// ServicesOptions describe the servers of an authority. The zero value is a
// good one.
type ServicesOptions struct {
	Fault Fault
	At    string        // the fault is there only: "/ocsp", "/issuing.crl" …; "" = everywhere
	Delay time.Duration // with FaultSlow

	Key         KeyKind          // of the OCSP responder's certificates; P256 is fast
	Direct      bool             // the CA signs OCSP answers itself
	ByKey       bool             // answers name their signer by its key
	NoNonce     bool             // answers made beforehand have no nonce
	NoCheck     bool             // the responder's certificate says that it need not be looked up
	NoUpdate    bool             // answers promise no next one
	OnlyHash    crypto.Hash      // certificates are known by this hash alone; 0 = by SHA-1 and SHA-256
	ArchiveFrom time.Time        // answers tell since when the responder remembers
	Now         func() time.Time // nil = time.Now
}

// Services are the servers whose addresses certificates carry: /issuing.crl,
// /root.crl (DER), /issuing.crt, /root.crt (DER), and an OCSP responder for both CAs
// at /ocsp (RFC 6960), by POST and GET. A mistake in the options is a panic: there
// is nobody to tell.
func (a *Authority) Services(o ServicesOptions) http.Handler {
	s := &services{authority: a, options: o, signers: []*ocspSigner{
		{ca: a.Issuing, by: a.Issuing, key: a.issuerKey, revoked: &a.revoked},
		{ca: a.Root, by: a.Root, key: a.rootKey, revoked: &a.rootRevoked},
	}}
	if o.Now == nil {
		s.options.Now = time.Now
	}
	if o.Fault == FaultWrongSigner {
		s.stranger = must(NewAuthority(AuthorityOptions{Key: P256, Mark: a.options.Mark}))
		s.signers[0].by, s.signers[0].key = s.stranger.Issuing, s.stranger.issuerKey
		s.signers[1].by, s.signers[1].key = s.stranger.Root, s.stranger.rootKey
	}
	for _, signer := range s.signers {
		signer.cert = signer.ca
		if !o.Direct {
			signer.delegate(s.options)
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/issuing.crl", s.issuingList)
	mux.HandleFunc("/root.crl", s.rootList)
	mux.HandleFunc("/issuing.crt", s.certificate(a.Issuing))
	mux.HandleFunc("/root.crt", s.certificate(a.Root))
	mux.HandleFunc("/ocsp", s.ocsp)
	mux.HandleFunc("/ocsp/", s.ocsp)
	return mux
}

// WithOCSP makes the identity's certificate anew, with the address of an OCSP
// responder and, unless it is "", of its issuer's certificate.
func (a *Authority) WithOCSP(i *Identity, responder, issuer string) (*Identity, error) {
	t := *i.Cert
	t.SerialNumber, t.RawSubject = nil, i.Cert.RawSubject
	t.OCSPServer, t.IssuingCertificateURL = []string{responder}, nil
	if issuer != "" {
		t.IssuingCertificateURL = []string{issuer}
	}
	cert, err := certify(&t, a.Issuing, i.Signer.Public(), a.issuerKey)
	if err != nil {
		return nil, err
	}
	return &Identity{Cert: cert, Signer: i.Signer, Issuer: i.Issuer}, nil
}

type services struct {
	authority, stranger *Authority
	options             ServicesOptions
	signers             []*ocspSigner
}

// fault is what goes wrong at this request.
func (s *services) fault(r *http.Request) Fault {
	if s.options.At != "" && !strings.HasPrefix(r.URL.Path, s.options.At) {
		return FaultNone
	}
	return s.options.Fault
}

// broken goes wrong in the ways that all servers share and tells whether it did.
func (s *services) broken(w http.ResponseWriter, r *http.Request) bool {
	switch s.fault(r) {
	case FaultStatus500:
		http.Error(w, "practice fault", http.StatusInternalServerError)
	case FaultSlow:
		select {
		case <-time.After(s.options.Delay):
			return false
		case <-r.Context().Done():
		}
	case FaultHang:
		<-r.Context().Done()
	case FaultHTML:
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<!DOCTYPE html><title>Wi-Fi</title><form><input name=room></form>")
	case FaultGarbage:
		w.Write([]byte("\x30\x82\x01\x00garbage"))
	case FaultFlood:
		for range 128 { // MiB
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				break
			}
		}
	case FaultRedirectScheme:
		w.Header().Set("Location", "file:///etc/passwd")
		w.WriteHeader(http.StatusTemporaryRedirect)
	default:
		return false
	}
	return true
}

func (s *services) certificate(cert *x509.Certificate) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.broken(w, r) {
			return
		}
		w.Header().Set("Content-Type", "application/pkix-cert")
		w.Write(cert.Raw)
	}
}

func (s *services) issuingList(w http.ResponseWriter, r *http.Request) {
	s.list(w, r, func(a *Authority, from, to time.Time) ([]byte, error) { return a.CRLFor(from, to) })
}

func (s *services) rootList(w http.ResponseWriter, r *http.Request) {
	s.list(w, r, func(a *Authority, from, to time.Time) ([]byte, error) {
		return a.list(a.Root, a.rootKey, &a.rootRevoked, from, to)
	})
}

func (s *services) list(w http.ResponseWriter, r *http.Request, sign func(*Authority, time.Time, time.Time) ([]byte, error)) {
	if s.broken(w, r) {
		return
	}
	a := s.authority
	if s.fault(r) == FaultWrongSigner {
		a = s.stranger
	}
	from, to := s.times(r)
	der, err := sign(a, from, to)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/pkix-crl")
	w.Write(der)
}

// times are this and next update.
func (s *services) times(r *http.Request) (from, to time.Time) {
	from = s.options.Now().Add(-time.Minute)
	switch s.fault(r) {
	case FaultOldAnswer:
		from = from.AddDate(0, 0, -2)
	case FaultFuture:
		from = from.AddDate(0, 0, 2)
	}
	return from, from.AddDate(0, 0, 1)
}
