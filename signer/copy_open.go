package signer

import (
	"bufio"
	"context"
	"errors"
	"os"

	"antin/signer/pdffile"
	"antin/signer/scan"
)

// openScan opens what is to be copied. Pictures, and pages that were put together
// from several files, become a PDF first, in the system's folder for temporary
// files: the helper that draws needs a file with a name.
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
	if c.drawn, err = bind(ctx, job); err != nil {
		return err
	}
	c.bound = true
	path := job.Source
	job.Source = c.drawn
	if c.source, err = openSource(ctx, job.Common, progress); err != nil {
		return errors.Join(err, os.Remove(c.drawn))
	}
	c.path = path
	return nil
}

// bind writes the pages of the job as one PDF and returns its path.
func bind(ctx context.Context, job CopyJob) (path string, err error) {
	file, err := os.CreateTemp("", "antin-*.pdf")
	if err != nil {
		return "", err
	}
	defer func() {
		if err = errors.Join(err, file.Close()); err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	w := bufio.NewWriterSize(file, 1<<20)
	if err := scan.Write(ctx, w, *job.Sheets, scan.Properties{Title: job.title(), Producer: producer, Created: job.now()}); err != nil {
		return "", err
	}
	return file.Name(), w.Flush()
}

// Close releases the source and removes what was made of pictures.
func (c *copying) Close() error {
	err := c.source.Close()
	if c.bound {
		err = errors.Join(err, os.Remove(c.drawn))
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
