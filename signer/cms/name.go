package cms

import "crypto/x509"

// DisplayName is the name of a certificate's holder as a person reads it: the
// common name, else the organisation, else the whole subject. It never says
// what office the holder has: certificates do not certify that.
func DisplayName(c *x509.Certificate) string {
	switch {
	case c.Subject.CommonName != "":
		return c.Subject.CommonName
	case len(c.Subject.Organization) > 0:
		return c.Subject.Organization[0]
	}
	return c.Subject.String()
}

// IssuerName is the name of a certificate's issuer in the same way.
func IssuerName(c *x509.Certificate) string { return DisplayName(&x509.Certificate{Subject: c.Issuer}) }
