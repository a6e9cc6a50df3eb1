package signer

import (
	"context"
	"errors"
	"os"

	"antin/signer/pdffile"
	"antin/signer/scan"
)

// openScan opens what is to be copied. Pictures, and pages that were put together
// from several files, become a PDF first, in a temporary file.
func (c *copying) openScan(ctx context.Context, job CopyJob, progress Progress) (err error) {
	job.EvenIfBroken, job.EvenIfSigned = true, true // signatures are looked at later
	c.drawn = job.Source
	if job.Sheets == nil {
		if c.source, err = openSource(ctx, job.Common, progress); !errors.Is(err, pdffile.ErrNotPDF) {
			return err
		}
		leaves, err := scan.Leaves(ctx, scan.File{Path: job.Source})
		if err != nil {
			return err
		}
		plan := scan.NewPlan(leaves...)
		job.Sheets = &plan
	}
	c.bound, err = scan.Bind(ctx, *job.Sheets, scan.Properties{Title: job.title(), Producer: producer, Created: job.now()})
	if err != nil {
		return err
	}
	traced("a bound file")
	c.drawn = c.bound.Path()
	path := job.Source
	job.Source = c.drawn
	if c.source, err = openSource(ctx, job.Common, progress); err != nil {
		return errors.Join(err, c.bound.Close())
	}
	c.path = path
	return nil
}

// Close releases the source and removes what was made of pictures.
func (c *copying) Close() error {
	err := c.source.Close()
	if c.bound != nil {
		err = errors.Join(err, c.bound.Close())
	}
	return err
}

func sumOf(path string) (sum [32]byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return sum, err
	}
	defer f.Close() // it is only read
	return sha256Of(f)
}
