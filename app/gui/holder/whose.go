package holder

import (
	"crypto/sha256"

	"antin/signer/home"
	"antin/signer/report"
	"antin/signer/settings"
	"antin/signer/token"
)

// Whose tells whose certificates are, as the user has said or as their names
// suggest.
type Whose struct {
	settings *settings.Settings
	said     report.Roles
}

// ReadWhose reads what the user has said. What cannot be read is guessed, and the
// signer says so.
func ReadWhose(s *settings.Settings) Whose {
	w := Whose{settings: s}
	if said, err := home.ReadRoles(); err == nil {
		w.said = said.Known()
	}
	return w
}

// Fitting are the certificates of the wanted role, or all when there is none: the
// signer refuses a wrong one with its reason.
func (w Whose) Fitting(all []token.Candidate, role report.Role) []token.Candidate {
	var out []token.Candidate
	for _, c := range all {
		if w.role(c) == role {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}

func (w Whose) role(c token.Candidate) report.Role {
	if said, ok := w.said[sha256.Sum256(c.Certificate.X509.Raw)]; ok {
		return said
	}
	if said := w.settings.Certificates[c.Certificate.SHA256()].Whose; said != "" {
		return report.Role(said)
	}
	return report.Guess(c.Certificate.X509)
}
