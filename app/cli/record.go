package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"antin/signer/report"
)

// writers are the forms of a record of checks, by the ending of the file.
var writers = map[string]func(*report.Model, io.Writer) error{
	".pdf": (*report.Model).PDF, ".html": (*report.Model).HTML, ".json": (*report.Model).JSON,
}

// writeRecords writes the record of all checks, and the draft of a notice to the
// sender, where they are wanted. Existing files are not replaced.
func (c *command) writeRecords(k *checking, documents []report.Document) error {
	if len(documents) == 0 {
		return nil
	}
	m := report.New(report.Options{Program: c.words.Text("program.name", Version), Agency: c.settings().Agency}, documents...)
	if k.report != "" {
		write := writers[filepath.Ext(k.report)]
		if err := c.writeNew(k.report, func(w io.Writer) error { return write(m, w) }); err != nil {
			return err
		}
	}
	if k.notice != "" {
		return c.writeNew(k.notice, func(w io.Writer) error { return m.Notice(w, report.Letter{Sender: k.sender}) })
	}
	return nil
}

// writeNew writes a file that must not exist, and removes it when that fails.
func (c *command) writeNew(path string, write func(io.Writer) error) error {
	h, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return &problem{"KS-632", err}
	}
	if err != nil {
		return err
	}
	if err := errors.Join(write(h), h.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	fmt.Fprintln(c.Stderr, c.words.Text("verify.written", path))
	return nil
}
