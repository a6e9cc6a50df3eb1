// Package home is the folder in which the program keeps what belongs to its
// user: the offline store of certificates and lists, what he has said of
// certificates, the count of wrong PINs. The command line and the window use the
// same folder, so that what is told to one of them is known to the other.
//
// Nothing secret is ever in it: no PIN, no password.
package home

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"antin/signer/trust"
)

// What can be wrong with the folder or with what goes into it.
var (
	ErrFolder      = errors.New("home: the user's folder cannot be used")
	ErrRoles       = errors.New("home: the file of roles cannot be read")
	ErrFingerprint = errors.New("home: not the SHA-256 of a certificate")
)

// Path is where name is kept; "" is the folder itself. It need not exist.
func Path(name string) (string, error) {
	base, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrFolder, err)
	}
	return filepath.Join(base, "antin", name), nil
}

// Vault opens the user's offline store; it is made when it does not exist.
func Vault() (*trust.Vault, error) {
	dir, err := Path("trust")
	if err != nil {
		return nil, err
	}
	v, err := trust.OpenVault(dir)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFolder, err)
	}
	return v, nil
}
