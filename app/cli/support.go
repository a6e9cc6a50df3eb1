package cli

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

// supportFile is what doctor writes for the people who help: its lines without
// the names and serial numbers of tokens and people, unless they are wanted. A
// PIN is never known to it.
type supportFile struct {
	path  string // "" = none
	names bool
	lines []string
	known []string // to be hidden
}

func (f *supportFile) add(check, state, text, hint string) {
	f.lines = append(f.lines, strings.TrimSpace(fmt.Sprintf("%-7s %-12s %s  %s", state, check, text, hint)))
}

// hide keeps words out of the file, wherever they stand.
func (f *supportFile) hide(words ...string) {
	for _, w := range words {
		if len(w) > 2 {
			f.known = append(f.known, w)
		}
	}
}

func (f *supportFile) write() error {
	if f.path == "" {
		return nil
	}
	text := strings.Join(f.lines, "\n") + "\n"
	if !f.names {
		if home, err := os.UserHomeDir(); err == nil && len(home) > 1 {
			text = strings.ReplaceAll(text, home, "~")
		}
		for _, w := range f.known {
			text = strings.ReplaceAll(text, w, "•••")
		}
	}
	h, err := os.OpenFile(f.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return &problem{"KS-632", err}
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
		d.problem("readers", "warning", err, "doctor.readers-wrong")
		return
	}
	var names []string
	for e := range events {
		switch e.Kind {
		case reader.ReaderAdded:
			names = append(names, e.Reader)
		case reader.ServiceLost:
			d.problem("readers", "warning", reader.ErrService, "doctor.readers-wrong")
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
		d.problem("readers", "warning", reader.ErrService, "doctor.readers-wrong")
	}
}
