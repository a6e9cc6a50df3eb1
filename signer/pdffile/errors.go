package pdffile

import "errors"

// The file is not a PDF that can be read reliably.
var (
	ErrNotPDF    = errors.New("pdffile: no PDF header at the first byte")                // ISO 32000-1, 7.5.2
	ErrTruncated = errors.New("pdffile: the file ends early")                            // no startxref and %%EOF at the end, 7.5.5
	ErrDamaged   = errors.New("pdffile: damaged structure")                              // cross-reference, object or stream not as declared
	ErrTrailing  = errors.New("pdffile: foreign bytes after the end of the last update") // neither white space nor NUL
	ErrLimit     = errors.New("pdffile: the file exceeds a safety limit")                // Limits
)

// The document is encrypted (7.6).
var (
	ErrPassword   = errors.New("pdffile: a password is needed")
	ErrEncryption = errors.New("pdffile: unsupported encryption")
)

// Things asked for that are not there.
var (
	ErrNoPage  = errors.New("pdffile: no such page")
	ErrNoField = errors.New("pdffile: no such form field")
)
