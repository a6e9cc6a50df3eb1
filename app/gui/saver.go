package gui

import (
	"sync"

	"antin/signer/settings"
)

// saver writes the settings beside the user interface: a disk may take its time.
// Of several changes in a row the last is written.
type saver struct {
	path    string // "" while the file is one that could not be read: it is left as it is
	failed  func(error)
	pending chan func() error
	done    sync.WaitGroup
}

// newSaver starts it; failed is to be set before the first save.
func newSaver(path string) *saver {
	s := &saver{path: path, pending: make(chan func() error, 1)}
	s.done.Go(func() {
		for write := range s.pending {
			if err := write(); err != nil {
				s.failed(err)
			}
		}
	})
	return s
}

// save takes the settings as they are now. It is called on one goroutine.
func (s *saver) save(all *settings.Settings) {
	if s.path == "" {
		return
	}
	content, err := all.Bytes()
	if err != nil {
		s.failed(err)
		return
	}
	path := s.path
	select {
	case <-s.pending: // older
	default:
	}
	s.pending <- func() error { return settings.Write(path, content) }
}

// close writes what is left.
func (s *saver) close() {
	close(s.pending)
	s.done.Wait()
}
