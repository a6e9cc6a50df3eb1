package signer

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"antin/signer/pdffile"
	"antin/signer/report"
	"antin/signer/trust"
	"antin/signer/verify"
)

// VerifyJob is a document to be checked.
type VerifyJob struct {
	Source   string
	Password string
	Trust    *trust.Store // nil = no anchors: no signature can be found valid
	At       time.Time    // moment for which the check is made; now when zero
	Fetch    *trust.Fetch // how missing data may be fetched; nil = offline, no connection is made
	Roles    report.Roles // whose certificates are whose, as far as the user has said
}

// Verify checks every signature of a document and what changed since, also of
// one that is damaged behind its last readable revision. An error means that the
// check could not be done, never that a signature is bad.
func Verify(ctx context.Context, job VerifyJob) (*verify.Report, error) {
	return verify.Open(ctx, job.Source, pdffile.Options{Password: job.Password}, verify.Options{Store: job.Trust, At: job.At, Fetch: job.Fetch})
}

// Record is a check in the form that an office files: the verifier's report and
// what it means for the decree's questions.
type Record struct {
	Report   *verify.Report // nil when the check could not be done
	Document report.Document
}

// Examine is Verify with the record of the check. An error is only that ctx
// has ended; a file that cannot be read is recorded as such.
func Examine(ctx context.Context, job VerifyJob) (*Record, error) {
	name := filepath.Base(job.Source)
	o := verify.Options{Store: job.Trust, At: job.At, Fetch: job.Fetch}
	f, err := pdffile.Open(job.Source, pdffile.Options{Password: job.Password})
	if err != nil {
		size := int64(0)
		if st, err := os.Stat(job.Source); err == nil {
			size = st.Size()
		}
		return &Record{Document: report.Unread(name, size, err, job.At)}, ctx.Err()
	}
	defer f.Close()
	doc, r, err := report.Check(ctx, f, name, report.CheckOptions{Options: o, Roles: job.Roles})
	if err != nil {
		return nil, err
	}
	return &Record{r, doc}, nil
}

// Extract writes the document as signature number n covered it, n from 1 in the
// order in which the signatures were made, to a new file at out.
func Extract(ctx context.Context, job VerifyJob, n int, out string) (path string, err error) {
	r, err := Verify(ctx, job)
	if err != nil {
		return "", err
	}
	src, err := os.Open(job.Source)
	if err != nil {
		return "", err
	}
	defer src.Close()
	section, err := r.Extract(src, n)
	if err != nil {
		return "", err
	}
	o, err := newOutput(job.Source, out, fmt.Sprintf(".ky%d", n))
	if err != nil {
		return "", err
	}
	defer o.discard()
	if _, err := io.Copy(o, section); err != nil {
		return "", fmt.Errorf("%w: %w", ErrCannotPut, err)
	}
	path, _, err = o.publish(0o644)
	return path, err
}
