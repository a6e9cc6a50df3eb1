// Package tempfile makes temporary files that end with their process, however
// that ends: a kill or a power cut leaves no pages of a document behind.
//
// Where the system has files without a name (Linux, on most file systems), that is
// what they are: New gives one with a path that ends with the process, Nameless one
// that Link may give a name. Elsewhere a file has a name from the start; it is
// locked while its process lives, and what a killed one has left is removed when
// the next file is made in the same folder.
package tempfile

import (
	"errors"
	"os"
	"path/filepath"
	"time"
)

// File is a temporary file for as long as it is open.
type File struct {
	*os.File
	path  string
	named bool
}

// New makes a file in the system's folder for temporary files. pattern is as for
// os.CreateTemp, for systems where the file needs a name.
func New(pattern string) (*File, error) {
	dir := os.TempDir()
	if f, err := Nameless(dir); err == nil {
		return &File{f, pathOf(f), false}, nil
	}
	f, err := Named(dir, pattern)
	if err != nil {
		return nil, err
	}
	return &File{f, f.Name(), true}, nil
}

// Path is the file's path, for this process and its helpers, while it is open.
func (f *File) Path() string { return f.path }

// Close removes the file.
func (f *File) Close() error {
	err := f.File.Close()
	if f.named {
		err = errors.Join(err, os.Remove(f.path))
	}
	return err
}

// Named makes a file with a name, which whoever makes it removes, and removes those
// of the same pattern in the same folder that killed processes have left.
func Named(dir, pattern string) (*os.File, error) {
	sweep(dir, pattern)
	f, err := os.CreateTemp(dir, pattern)
	if err == nil {
		lock(f)
	}
	return f, err
}

// youth is how old a file without a lock is left alone: another process may be
// about to lock it, or to give it its last name.
const youth = time.Minute

// sweep removes what nobody has a lock on. What cannot be removed stays: it may be
// another user's.
func sweep(dir, pattern string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if same, err := filepath.Match(pattern, e.Name()); err != nil || !same || !e.Type().IsRegular() {
			continue
		}
		if st, err := e.Info(); err != nil || time.Since(st.ModTime()) < youth {
			continue
		}
		path := filepath.Join(dir, e.Name())
		f, err := os.Open(path)
		if err != nil {
			continue
		}
		left := lock(f)
		_ = f.Close() // Windows removes no open file
		if left {
			_ = os.Remove(path)
		}
	}
}
