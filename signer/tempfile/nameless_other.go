//go:build !linux

package tempfile

import (
	"errors"
	"os"
)

// Nameless tells that this system has no files without a name.
func Nameless(string) (*os.File, error) { return nil, errors.ErrUnsupported }

func pathOf(*os.File) string { return "" }

// Link gives such a file its name.
func Link(*os.File, string) error { return errors.ErrUnsupported }
