package trust

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

var (
	oidNameConstraints   = asn1.ObjectIdentifier{2, 5, 29, 30}
	oidNumber            = asn1.ObjectIdentifier{2, 5, 29, 20}
	oidReason            = asn1.ObjectIdentifier{2, 5, 29, 21}
	oidInvalidity        = asn1.ObjectIdentifier{2, 5, 29, 24}
	oidDelta             = asn1.ObjectIdentifier{2, 5, 29, 27}
	oidIssuingPoint      = asn1.ObjectIdentifier{2, 5, 29, 28}
	oidCertificateIssuer = asn1.ObjectIdentifier{2, 5, 29, 29}
	oidAuthorityKey      = asn1.ObjectIdentifier{2, 5, 29, 35}
	oidExpiredOnList     = asn1.ObjectIdentifier{2, 5, 29, 60}
)

// Values of CRLReason (RFC 5280, 5.3.1) on which something is decided here.
const (
	reasonKeyCompromise = 1
	reasonCACompromise  = 2
	reasonHold          = 6
	reasonRemove        = 8
	reasonAACompromise  = 10
)

// list is a revocation list with what its extensions say about its scope.
// The fields for entries are empty.
type list struct {
	*x509.RevocationList
	entries entries
	problem error // why it says nothing, whoever signed it
	point   issuingPoint
	expired time.Time // revoked certificates that ended after this are kept; zero = no word

	mu     sync.Mutex
	signed map[[sha256.Size]byte]error // by the CA certificate asked for
}

// issuingPoint is the extension of RFC 5280, 5.2.5.
type issuingPoint struct {
	Name           asn1.RawValue  `asn1:"optional,tag:0"`
	OnlyUser       bool           `asn1:"optional,tag:1"`
	OnlyCA         bool           `asn1:"optional,tag:2"`
	SomeReasons    asn1.BitString `asn1:"optional,tag:3"`
	Indirect       bool           `asn1:"optional,tag:4"`
	OnlyAttributes bool           `asn1:"optional,tag:5"`
}

func newList(l *x509.RevocationList, e entries) *list {
	n := &list{RevocationList: l, entries: e, signed: map[[sha256.Size]byte]error{}}
	n.problem = n.readScope()
	return n
}

func extension(all []pkix.Extension, id asn1.ObjectIdentifier) *pkix.Extension {
	for i := range all {
		if all[i].Id.Equal(id) {
			return &all[i]
		}
	}
	return nil
}

// readScope refuses lists of the kinds that are not processed here (RFC 5280,
// 5.2.4: delta lists; 5.2.5: indirect ones) and what is not known and critical.
func (l *list) readScope() error {
	for _, e := range l.Extensions {
		switch {
		case e.Id.Equal(oidDelta):
			return fmt.Errorf("%w: delta list", ErrUnusable)
		case e.Id.Equal(oidIssuingPoint):
			if rest, err := asn1.Unmarshal(e.Value, &l.point); err != nil || len(rest) > 0 {
				return fmt.Errorf("%w: unreadable issuing distribution point", ErrUnusable)
			}
		case e.Id.Equal(oidExpiredOnList):
			if _, err := asn1.UnmarshalWithParams(e.Value, &l.expired, "generalized"); err != nil {
				l.expired = time.Time{} // as if it said nothing
			}
		case e.Critical && !e.Id.Equal(oidNumber) && !e.Id.Equal(oidAuthorityKey):
			return fmt.Errorf("%w: list with the critical extension %v", ErrUnusable, e.Id)
		}
	}
	if l.point.Indirect || l.point.OnlyAttributes {
		return fmt.Errorf("%w: indirect list, or one for attribute certificates", ErrUnusable)
	}
	return l.entries.problem
}

// check tells whether the list is the issuer's; ErrWeak when only a SHA-1
// signature says so.
func (l *list) check(issuer *x509.Certificate) error {
	key := sha256.Sum256(issuer.Raw)
	l.mu.Lock()
	defer l.mu.Unlock()
	err, known := l.signed[key]
	if !known {
		err = l.checkSignature(issuer)
		l.signed[key] = err
	}
	return err
}

func (l *list) checkSignature(issuer *x509.Certificate) error {
	if !bytes.Equal(l.RawIssuer, issuer.RawSubject) {
		return fmt.Errorf("%w: list of another issuer", ErrUnusable)
	}
	// RFC 5280, 4.2.1.3: cRLSign.
	if !isCA(issuer) || issuer.KeyUsage != 0 && issuer.KeyUsage&x509.KeyUsageCRLSign == 0 {
		return fmt.Errorf("%w: %q may not sign lists", ErrUnusable, issuer.Subject.CommonName)
	}
	err := checkSignature(issuer, l.SignatureAlgorithm, l.RawTBSRevocationList, l.Signature)
	switch {
	case err == nil, errors.Is(err, ErrWeak) && old(issuer):
		return err
	case errors.Is(err, ErrWeak):
		return fmt.Errorf("%w: list signed with SHA-1", ErrUnusable)
	}
	return fmt.Errorf("%w: list not signed by the issuer: %w", ErrUnusable, err)
}

// about is what the list says of cert, issued by issuer. Errors are ErrUnusable.
func (l *list) about(cert, issuer *x509.Certificate) (*finding, error) {
	if l.problem != nil {
		return nil, l.problem
	}
	err := l.check(issuer)
	weak := errors.Is(err, ErrWeak)
	if err != nil && !weak {
		return nil, err
	}
	if err := l.covers(cert); err != nil {
		return nil, err
	}
	f := &finding{state: Good, weak: weak, evidence: Evidence{
		Certificate: cert, Source: FromList, DER: l.Raw, Signer: issuer,
		ThisUpdate: l.ThisUpdate, NextUpdate: l.NextUpdate, Produced: l.ThisUpdate,
	}}
	entry, err := l.entries.find(cert)
	switch {
	case err != nil:
		return nil, err
	case entry == nil && l.point.SomeReasons.BitLength > 0:
		return nil, fmt.Errorf("%w: list for some reasons only", ErrUnusable)
	case entry == nil && l.ThisUpdate.After(cert.NotAfter) && (l.expired.IsZero() || l.expired.After(cert.NotAfter)):
		// RFC 5280, 5: an entry may be dropped once the certificate has ended.
		return nil, fmt.Errorf("%w: revocation list made after the certificate's end", ErrUnusable)
	case entry == nil:
	case entry.ReasonCode == reasonRemove:
		return nil, fmt.Errorf("%w: removeFromCRL outside a delta list", ErrUnusable)
	default:
		f.state, f.time, f.reason = Revoked, entry.RevocationTime, entry.ReasonCode
		if e := extension(entry.Extensions, oidInvalidity); e != nil {
			if _, err := asn1.UnmarshalWithParams(e.Value, &f.invalidity, "generalized"); err != nil {
				f.invalidity = time.Time{} // it is revoked in any case
			}
		}
	}
	return f, nil
}

// covers tells whether cert is among the certificates the list is for (RFC 5280,
// 6.3.3 (b)(2)).
func (l *list) covers(cert *x509.Certificate) error {
	switch {
	case l.point.OnlyUser && cert.IsCA, l.point.OnlyCA && !cert.IsCA:
		return fmt.Errorf("%w: list for other kinds of certificates", ErrUnusable)
	case len(l.point.Name.FullBytes) == 0:
		return nil
	}
	// DistributionPointName: fullName [0] GeneralNames, or a name relative to the
	// issuer, which nobody uses and which fits nothing here.
	var names asn1.RawValue
	if _, err := asn1.Unmarshal(l.point.Name.Bytes, &names); err == nil && names.Class == asn1.ClassContextSpecific && names.Tag == 0 {
		for rest := names.Bytes; len(rest) > 0; {
			var name asn1.RawValue
			if rest, err = asn1.Unmarshal(rest, &name); err != nil {
				break
			}
			const uri = 6 // RFC 5280, 4.2.1.6: uniformResourceIdentifier
			if name.Class == asn1.ClassContextSpecific && name.Tag == uri && slices.Contains(cert.CRLDistributionPoints, string(name.Bytes)) {
				return nil
			}
		}
	}
	return fmt.Errorf("%w: list of another distribution point", ErrUnusable)
}
