package render

import (
	"bytes"
	"errors"
	"io"
	"os"
)

// sniff refuses what is no PDF, because MuPDF would open pictures and e-books
// too. Readers find the header within the first 1024 bytes.
func sniff(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() // nothing was written
	head := make([]byte, 1024)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	if !bytes.Contains(head[:n], []byte("%PDF-")) {
		return errors.New("not a PDF file")
	}
	return nil
}

// mayHaveAnnotations is for files whose structure cannot be read: without the
// key, and without object streams that could hide it, there are none.
func mayHaveAnnotations(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()    // nothing was written
	const overlap = 16 // longer than either key
	piece := make([]byte, 1<<20)
	kept := 0
	for {
		n, err := io.ReadFull(f, piece[kept:])
		have := piece[:kept+n]
		if bytes.Contains(have, []byte("/Annots")) || bytes.Contains(have, []byte("/ObjStm")) {
			return true, nil
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		kept = copy(piece, have[len(have)-overlap:])
	}
}
