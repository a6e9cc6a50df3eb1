package home

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

// Roles is what the user has said once of certificates: whose they are. It is
// kept as one readable file, SHA-256 in hexadecimal → person or organisation.
type Roles struct {
	path  string
	known map[string]report.Role
}

// ReadRoles reads what was said; nothing for a user who has no folder. Errors:
// ErrRoles.
func ReadRoles() (*Roles, error) {
	r := &Roles{known: map[string]report.Role{}}
	path, err := Path("roles.json")
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
		return nil, fmt.Errorf("%w: %w", ErrRoles, err)
	}
	return r, nil
}

// Say remembers the role of certificates by their whole SHA-256 in hexadecimal,
// colons allowed. Errors: ErrFingerprint, ErrFolder.
func (r *Roles) Say(role report.Role, fingerprints ...string) error {
	for _, f := range fingerprints {
		f = strings.ToLower(strings.ReplaceAll(f, ":", ""))
		if b, err := hex.DecodeString(f); err != nil || len(b) != sha256.Size {
			return fmt.Errorf("%w: %q", ErrFingerprint, f)
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
		return fmt.Errorf("%w: %w", ErrFolder, err)
	}
	return nil
}

// Known is what was said, as the record of a check wants it.
func (r *Roles) Known() report.Roles {
	out := report.Roles{}
	for f, role := range r.known {
		if b, err := hex.DecodeString(f); err == nil && len(b) == sha256.Size {
			out[[sha256.Size]byte(b)] = role
		}
	}
	return out
}
