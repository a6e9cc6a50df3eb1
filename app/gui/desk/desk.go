// Package desk is what the desktop around the window gives: its own dialogs for
// files, its file manager and viewer, and that the program runs once.
//
// Choose blocks until the person has chosen, Show and Open until the other
// program was started: call them beside the user interface. Single makes a second
// start hand its documents to the first. What differs between systems is in the
// files with their names; nothing here draws.
package desk

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
)

var (
	// ErrNoDialog: this desktop has no dialog for files that another program can
	// open; the toolkit's own serves then.
	ErrNoDialog = errors.New("desk: the system offers no dialog for files")
	// ErrNotOpened: the system knows no program for the file or folder.
	ErrNotOpened error = &problem{"KS-642", "desk: no program opened it"}
)

// problem is an error with the code under which its words stand.
type problem struct{ code, text string }

func (p *problem) Error() string { return p.text }

// Code is what package words asks for.
func (p *problem) Code() string { return p.code }

// Choice says what is to be chosen.
type Choice struct {
	Title      string
	Kinds      string   // what the extensions are, in words
	Extensions []string // lower case with their dot; none for all files
	Several    bool
	Folder     bool // one folder and no file
}

// Choose shows the system's own dialog and returns absolute paths, none when the
// person changed his mind. The dialog is closed when ctx ends. The error is
// [ErrNoDialog].
func Choose(ctx context.Context, c Choice) ([]string, error) { return choose(ctx, c) }

// Show shows a file in the system's file manager.
func Show(path string) error { return told(path, show(path)) }

// Open opens a document in the system's viewer.
func Open(path string) error { return told(path, open(path)) }

func told(path string, err error) error {
	if err != nil {
		return fmt.Errorf("%w: %q: %w", ErrNotOpened, path, err)
	}
	return nil
}

// Crashes makes a crash of this process leave its report in a file, which is
// emptied first when it has grown large: a program in a window has no terminal.
func Crashes(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	flags := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if st, err := os.Stat(path); err == nil && st.Size() > 1<<20 {
		flags = os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	}
	f, err := os.OpenFile(path, flags, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(debug.SetCrashOutput(f, debug.CrashOptions{}), f.Close()) // the runtime keeps a handle of its own
}
