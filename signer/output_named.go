//go:build !linux

package signer

import (
	"errors"
	"os"
)

// createNameless: this system has no files without a name.
func createNameless(string) (*os.File, error) { return nil, errors.ErrUnsupported }

func linkNameless(*os.File, string) error { return errors.ErrUnsupported }

func namelessPath(*os.File) string { return "" }
