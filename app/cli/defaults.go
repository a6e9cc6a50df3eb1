package cli

import (
	"crypto/x509"

	"antin/signer/settings"
	"antin/signer/token"
)

// settings are what the user has set, in the window or by hand. A file that cannot
// be read is told and done without.
func (c *command) settings() *settings.Settings {
	if c.set != nil {
		return c.set
	}
	path, err := settings.File()
	if err == nil {
		c.set, err = settings.Load(path)
	}
	if err == nil {
		err = c.set.Check()
	}
	if err != nil {
		c.words.Write(c.Stderr, c.words.Explain(err))
		c.set = &settings.Settings{}
	}
	return c.set
}

// belongings is what is set for a certificate.
func belongings(s *settings.Settings, cert *x509.Certificate) settings.Certificate {
	return s.Certificates[token.Certificate{X509: cert}.SHA256()]
}

// withPicture tells whether a picture is set for any certificate.
func withPicture(s *settings.Settings) bool {
	for _, c := range s.Certificates {
		if c.Picture != "" {
			return true
		}
	}
	return false
}
