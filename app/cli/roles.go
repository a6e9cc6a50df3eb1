package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"antin/signer/report"
)

// roles is what the user has said once of certificates: whose they are. It is
// kept as one readable file, SHA-256 in hexadecimal → person or organisation.
type roles struct {
	path  string
	known map[string]report.Role
}

func readRoles() (*roles, error) {
	r := &roles{known: map[string]report.Role{}}
	path, err := folder("roles.json")
	if err != nil {
		return r, nil // nothing was ever said here
	}
	r.path = path
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &r.known)
	}
	if err != nil {
		return nil, &problem{"KS-634", err}
	}
	return r, nil
}

// say remembers roles of certificates by their whole SHA-256.
func (r *roles) say(role report.Role, fingerprints []string) error {
	for _, f := range fingerprints {
		f = strings.ToLower(strings.ReplaceAll(f, ":", ""))
		if b, err := hex.DecodeString(f); err != nil || len(b) != sha256.Size {
			return &problem{"KS-635", fmt.Errorf("%q is no SHA-256", f)}
		}
		r.known[f] = role
	}
	if len(fingerprints) == 0 {
		return nil
	}
	b, err := json.MarshalIndent(r.known, "", "\t")
	if err == nil {
		err = os.MkdirAll(filepath.Dir(r.path), 0o700)
	}
	if err == nil {
		err = os.WriteFile(r.path, append(b, '\n'), 0o600)
	}
	if err != nil {
		return &problem{"KS-630", err}
	}
	return nil
}

// roles are what is known, as the record of a check wants it.
func (r *roles) roles() report.Roles {
	out := report.Roles{}
	for f, role := range r.known {
		if b, err := hex.DecodeString(f); err == nil && len(b) == sha256.Size {
			out[[sha256.Size]byte(b)] = role
		}
	}
	return out
}
