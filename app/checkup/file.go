package checkup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"antin/signer/reader"
)

// File collects the lines of a checkup without the names and serial numbers of
// tokens and people, unless they are wanted.
type File struct {
	Names bool // keep them
	lines []string
	known []string // to be hidden
}

func (f *File) add(l Line) {
	f.lines = append(f.lines, strings.TrimSpace(fmt.Sprintf("%-7s %-12s %s  %s", l.State, l.Check, l.Full(), l.Hint)))
}

// hide keeps words out of the file, wherever they stand.
func (f *File) hide(words ...string) {
	for _, w := range words {
		if len(w) > 2 {
			f.known = append(f.known, w)
		}
	}
}

// Write makes a new file at path. A file that is there is not
// replaced.
func (f *File) Write(path string) error {
	text := strings.Join(f.lines, "\n") + "\n"
	if !f.Names {
		if home, err := os.UserHomeDir(); err == nil && len(home) > 1 {
			text = strings.ReplaceAll(text, home, "~")
		}
		for _, w := range f.known {
			text = strings.ReplaceAll(text, w, "•••")
		}
	}
	h, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return &existsError{err}
	}
	if err != nil {
		return err
	}
	_, err = h.WriteString(text)
	return errors.Join(err, h.Close())
}

// readers asks the smart card service what is plugged in.
func (d *checkup) readers(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	events, err := reader.Watch(ctx, reader.Options{})
	if err != nil {
		d.problem("readers", Warning, err, "doctor.readers-wrong")
		return
	}
	var names []string
	for e := range events {
		switch e.Kind {
		case reader.ReaderAdded:
			names = append(names, e.Reader)
		case reader.ServiceLost:
			d.problem("readers", Warning, reader.ErrService, "doctor.readers-wrong")
			return
		case reader.Ready:
			if len(names) == 0 {
				d.ok("readers", "doctor.readers-none")
			} else {
				d.ok("readers", "doctor.readers", strings.Join(names, ", "))
			}
			return
		}
	}
	if ctx.Err() != nil {
		d.problem("readers", Warning, reader.ErrService, "doctor.readers-wrong")
	}
}

// existsError is a file that is there and is not replaced.
type existsError struct{ error }

func (e *existsError) Unwrap() error { return e.error }

// Code is what package words asks for.
func (*existsError) Code() string { return "KS-632" }
