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
// files.
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
	if c.bound, err = bind(ctx, job); err != nil {
		return err
	}
	c.drawn = c.bound.path
	path := job.Source
	job.Source = c.drawn
	if c.source, err = openSource(ctx, job.Common, progress); err != nil {
		return errors.Join(err, c.bound.Close())
	}
	c.path = path
	return nil
}

// boundFile is a PDF that was made of pictures, for as long as it is open. Where
// the system has files without a name its path is one that ends with this
// process: however that ends, nothing is left.
type boundFile struct {
	*os.File
	path string
	name string // "" without
}

func newBound() (*boundFile, error) {
	if f, err := createNameless(os.TempDir()); err == nil {
		return &boundFile{f, namelessPath(f), ""}, nil
	}
	f, err := os.CreateTemp("", "antin-*.pdf")
	if err != nil {
		return nil, err
	}
	return &boundFile{f, f.Name(), f.Name()}, nil
}

func (b *boundFile) Close() error {
	err := b.File.Close()
	if b.name != "" {
		err = errors.Join(err, os.Remove(b.name))
	}
	return err
}

// bind writes the pages of the job as one PDF.
func bind(ctx context.Context, job CopyJob) (_ *boundFile, err error) {
	b, err := newBound()
	if err != nil {
		return nil, err
	}
	w := bufio.NewWriterSize(b, 1<<20)
	err = scan.Write(ctx, w, *job.Sheets, scan.Properties{Title: job.title(), Producer: producer, Created: job.now()})
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	traced("a bound file")
	return b, nil
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
