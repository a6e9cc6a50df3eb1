package signer

import (
	"errors"
	"fmt"
	"os"

	"antin/signer/pdffile"
)

// ErrNotDamaged is returned by Repair for a document that can be signed as it is.
var ErrNotDamaged = errors.New("signer: the document is not damaged")

// Repair makes a rebuilt copy of a damaged document, named x.suachua.pdf. It is
// only done when a person asks for it: a rebuilt document is another document,
// to be read before it is signed. A document with signatures is refused with
// pdffile.ErrSigned, one that cannot be rebuilt with pdffile.ErrDamaged.
func Repair(source, password, out string) (path string, err error) {
	if f, err := pdffile.Open(source, pdffile.Options{Password: password}); err == nil {
		sound := f.Check() == nil
		if err := f.Close(); err != nil {
			return "", err
		}
		if sound {
			return "", ErrNotDamaged
		}
	}
	src, err := os.Open(source)
	if err != nil {
		return "", err
	}
	defer src.Close()
	st, err := src.Stat()
	if err != nil {
		return "", err
	}
	o, err := newOutput(source, out, ".suachua")
	if err != nil {
		return "", err
	}
	defer o.discard()
	if err := pdffile.Repair(src, o, password); err != nil {
		return "", fmt.Errorf("repairing %q: %w", source, err)
	}
	path, _, err = o.publish(st.Mode())
	return path, err
}
