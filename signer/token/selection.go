package token

import (
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Candidate is a certificate with the token it is on.
type Candidate struct {
	Token       Token
	Certificate Certificate
}

// SelectionError tells why [Select] did not decide. Err is [ErrAmbiguous], with
// the certificates that fit, or [ErrCertificateNotFound], with all there are.
type SelectionError struct {
	Err        error
	Who        string
	Candidates []Candidate
}

func (e *SelectionError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v: %q", e.Err, e.Who)
	for i, c := range e.Candidates {
		sep := "; "
		if i == 0 {
			sep = " among "
			if errors.Is(e.Err, ErrAmbiguous) {
				sep = " fits "
			}
		}
		fmt.Fprintf(&b, "%s%s (token %q, serial number %s, SHA-256 %s)", sep, clean(c.Certificate.X509.Subject.CommonName),
			c.Token.Label, c.Token.Serial, c.Certificate.SHA256()[:12])
	}
	if len(e.Candidates) == 0 {
		b.WriteString(": there is no certificate for signing")
	}
	return b.String()
}

// Unwrap gives the sentinel.
func (e *SelectionError) Unwrap() error { return e.Err }

// minFingerprint is the number of hexadecimal digits from which a word is taken
// for the beginning of a fingerprint.
const minFingerprint = 6

// Select finds the signing certificate that who means: the beginning of its
// SHA-256 fingerprint (6 or more hexadecimal digits), the serial number of its
// token, or a part of its subject without regard to case. When several fit,
// those outside their period of validity are left out; what is left must be one
// certificate. A certificate that several modules show is taken from the first.
//
// The error is a *[SelectionError].
func Select(tokens []Token, who string) (Token, Certificate, error) {
	return selectAt(tokens, who, time.Now())
}

func selectAt(tokens []Token, who string, now time.Time) (Token, Certificate, error) {
	var all, fit []Candidate
	for _, t := range tokens {
		for _, c := range t.Signers() {
			candidate := Candidate{t, c}
			all = appendNew(all, candidate)
			if candidate.fits(who) {
				fit = appendNew(fit, candidate)
			}
		}
	}
	if len(fit) > 1 {
		var current []Candidate
		for _, c := range fit {
			if x := c.Certificate.X509; !now.Before(x.NotBefore) && !now.After(x.NotAfter) {
				current = append(current, c)
			}
		}
		if len(current) > 0 {
			fit = current
		}
	}
	switch len(fit) {
	case 0:
		return Token{}, Certificate{}, &SelectionError{ErrCertificateNotFound, who, all}
	case 1:
		return fit[0].Token, fit[0].Certificate, nil
	}
	return Token{}, Certificate{}, &SelectionError{ErrAmbiguous, who, fit}
}

// appendNew keeps the first of candidates with the same certificate.
func appendNew(to []Candidate, c Candidate) []Candidate {
	for _, have := range to {
		if have.Certificate.X509.Equal(c.Certificate.X509) {
			return to
		}
	}
	return append(to, c)
}

func (c Candidate) fits(who string) bool {
	who = fold(who)
	if who == "" {
		return false
	}
	hexWord := strings.NewReplacer(":", "", " ", "").Replace(who) // as other programs print fingerprints
	if len(hexWord) >= minFingerprint && isHex(hexWord) && strings.HasPrefix(c.Certificate.SHA256(), hexWord) {
		return true
	}
	return fold(c.Token.Serial) == who || strings.Contains(fold(subject(c.Certificate.X509)), who)
}

// subject is every value of the subject, one a line.
func subject(x *x509.Certificate) string {
	values := []string{x.Subject.String()}
	for _, a := range x.Subject.Names {
		values = append(values, fmt.Sprint(a.Value))
	}
	return strings.Join(values, "\n")
}

// fold makes texts comparable: one form for each Vietnamese letter, whichever
// way it was typed, in lower case.
func fold(s string) string { return strings.ToLower(norm.NFC.String(strings.TrimSpace(s))) }

func isHex(s string) bool {
	_, err := hex.DecodeString(s + strings.Repeat("0", len(s)%2))
	return err == nil
}
