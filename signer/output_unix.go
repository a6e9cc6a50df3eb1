//go:build unix

package signer

import (
	"errors"
	"os"
	"syscall"
)

// syncFolder makes a new name in dir survive a power cut. File systems that
// cannot sync a folder say EINVAL.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
