package signer

import (
	"context"

	"antin/assets"
	"antin/signer/layout"
	"antin/signer/pdffile"
)

// Glance reads what a document is about and what it lacks, for a list: tên loại,
// trích yếu, nơi nhận, and the places of number and date. No certificate is needed
// and no signature is looked at. Errors: pdffile's, and those of os.Open.
func Glance(ctx context.Context, source, password string, p *assets.Profile) (*layout.Found, error) {
	f, err := pdffile.Open(source, pdffile.Options{Password: password})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return layout.Find(ctx, f, layout.Options{Profile: p})
}
