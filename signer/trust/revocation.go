package trust

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"time"
)

// State is what is known about the revocation of a certificate.
type State int

const (
	Unknown State = iota // no list says anything that can be relied on
	Good                 // not revoked at the time asked for
	Revoked              // revoked at or before the time asked for
)

func (s State) String() string {
	switch s {
	case Good:
		return "good"
	case Revoked:
		return "revoked"
	}
	return "unknown"
}

// Status is the answer of Revocation.
type Status struct {
	State       State
	Certificate *x509.Certificate // revoked or unknown
	Time        time.Time         // Revoked: since when
	Reason      int               // Revoked: CRLReason of RFC 5280, 5.3.1 (1 key compromise, 6 hold …)
	Why         string            // Unknown: technical reason in English
}

// Revocation looks every certificate of chain, as Path gave it, up in the
// store's lists: revoked if one was revoked at the time or before, else unknown
// if of one nothing reliable is known, else good. The anchor at the end is not
// looked up. A list counts when the issuer in the chain signed it and at lies
// between its two dates, or when it was made after at and before the
// certificate's end, after which revoked ones may be dropped from lists.
func (s *Store) Revocation(chain []*x509.Certificate, at time.Time) Status {
	result := Status{State: Good}
	for i := 0; i+1 < len(chain); i++ {
		switch status := s.look(chain[i], chain[i+1], at); {
		case status.State == Revoked:
			return status
		case status.State == Unknown && result.State == Good:
			result = status
		}
	}
	if len(chain) == 0 {
		return Status{Why: "no certificate"}
	}
	return result
}

// look asks the newest usable list of the issuer that was made before the
// certificate's end, and those made later only for what they still say.
func (s *Store) look(cert, issuer *x509.Certificate, at time.Time) Status {
	unknown := Status{Certificate: cert, Why: "no revocation list of the issuer"}
	var newest *x509.RevocationList
	for _, list := range s.lists {
		if !bytes.Equal(list.RawIssuer, cert.RawIssuer) {
			continue
		}
		if err := usable(list, issuer); err != nil {
			unknown.Why = err.Error()
			continue
		}
		if list.ThisUpdate.After(cert.NotAfter) && find(list, cert) == nil {
			unknown.Why = "revocation list made after the certificate's end"
			continue
		}
		if newest == nil || list.ThisUpdate.After(newest.ThisUpdate) {
			newest = list
		}
	}
	if newest == nil {
		return unknown
	}
	// An entry counts in an outdated list too: revoked is revoked.
	if e := find(newest, cert); e != nil && !e.RevocationTime.After(at) {
		return Status{State: Revoked, Certificate: cert, Time: e.RevocationTime, Reason: e.ReasonCode}
	}
	if at.After(newest.NextUpdate) {
		unknown.Why = "revocation list outdated since " + newest.NextUpdate.Format(time.RFC3339)
		return unknown
	}
	return Status{State: Good}
}

func find(list *x509.RevocationList, cert *x509.Certificate) *x509.RevocationListEntry {
	for i := range list.RevokedCertificateEntries {
		if list.RevokedCertificateEntries[i].SerialNumber.Cmp(cert.SerialNumber) == 0 {
			return &list.RevokedCertificateEntries[i]
		}
	}
	return nil
}

var (
	oidNumber       = asn1.ObjectIdentifier{2, 5, 29, 20}
	oidAuthorityKey = asn1.ObjectIdentifier{2, 5, 29, 35}
)

// usable: signed by the issuer, and a complete list for all its certificates.
// Delta and indirect lists and those for a part say so in critical extensions
// (RFC 5280, 5.2.4 and 5.2.5).
func usable(list *x509.RevocationList, issuer *x509.Certificate) error {
	for _, e := range list.Extensions {
		if e.Critical && !e.Id.Equal(oidNumber) && !e.Id.Equal(oidAuthorityKey) {
			return fmt.Errorf("revocation list with the critical extension %v", e.Id)
		}
	}
	if err := list.CheckSignatureFrom(issuer); err != nil {
		return fmt.Errorf("revocation list not signed by the issuer: %w", err)
	}
	return nil
}
