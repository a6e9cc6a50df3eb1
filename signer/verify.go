package signer

import (
	"context"
	"time"

	"antin/signer/pdffile"
	"antin/signer/trust"
	"antin/signer/verify"
)

// VerifyJob is a document to be checked.
type VerifyJob struct {
	Source   string
	Password string
	Trust    *trust.Store // nil = no anchors: no signature can be found valid
	At       time.Time    // moment for which the check is made; now when zero
}

// Verify checks every signature of a document and what changed since. An error
// means that the check could not be done, never that a signature is bad.
func Verify(ctx context.Context, job VerifyJob) (*verify.Report, error) {
	f, err := pdffile.Open(job.Source, pdffile.Options{Password: job.Password})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return verify.Document(ctx, f, verify.Options{Store: job.Trust, At: job.At})
}
