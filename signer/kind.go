package signer

import (
	"context"
	"errors"

	"antin/signer/pagetext"
	"antin/signer/pdffile"
)

// IsScan tells whether a file is a scan of paper rather than an electronic
// document: a picture, or a PDF that nobody has signed and whose first page is a
// picture, with no text that is seen. It is a glance; PlanCopy judges all pages.
// Errors: pdffile's but ErrNotPDF, and those of os.Open.
func IsScan(ctx context.Context, source string) (bool, error) {
	f, err := pdffile.Open(source, pdffile.Options{})
	if errors.Is(err, pdffile.ErrNotPDF) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	signatures, err := f.Signatures()
	if err != nil || len(signatures) > 0 {
		return false, err
	}
	page, err := pagetext.Page(ctx, f, 1)
	return err == nil && page.Scanned(), err
}
