package signer

import (
	"os"
	"time"

	"antin/signer/appearance"
)

// pictures keeps the picture that was read last: in a batch the same seal goes
// on every document. It is for one goroutine.
type pictures struct {
	path    string
	size    int64
	changed time.Time
	last    *appearance.Picture
}

// picture reads a PNG or JPEG file, or has it from the document before.
func (c Common) picture(path string) (*appearance.Picture, error) {
	k := c.pictures
	st, err := os.Stat(path)
	if k == nil || err != nil {
		return picture(path)
	}
	if k.last == nil || k.path != path || k.size != st.Size() || !k.changed.Equal(st.ModTime()) {
		p, err := picture(path)
		if err != nil {
			return nil, err
		}
		*k = pictures{path, st.Size(), st.ModTime(), p}
	}
	return k.last, nil
}

// KeepPictures makes the jobs that are begun from a copy of what it returns keep
// the picture that was read last: the documents of a list get the same seal. One of
// them may run at a time.
func (c Common) KeepPictures() Common {
	c.pictures = &pictures{}
	return c
}
