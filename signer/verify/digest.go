package verify

import (
	"crypto"
	"errors"
	"fmt"
	"hash"
	"io"
)

// prefix is the hash of the first bytes of the file. Byte ranges begin at byte 0
// and nest, so that all of them are hashed in one pass over the file.
type prefix struct {
	hash hash.Cloner
	at   int64
}

// summed names a digest that was made.
type summed struct {
	hash          crypto.Hash
	from, to, end int64 // the gap and the end
}

// digest hashes the signed bytes, in pieces: the file is never in memory.
func (d *document) digest(s *signature, h crypto.Hash) ([]byte, error) {
	key := summed{h, s.source.ByteRange[1], s.source.ByteRange[2], s.End}
	if sum, ok := d.sums[key]; ok {
		return sum, nil
	}
	p := d.prefixes[h]
	if p == nil || p.at > key.from {
		fresh, ok := h.New().(hash.Cloner)
		if !ok {
			return nil, fmt.Errorf("verify: %v cannot be continued", h)
		}
		p = &prefix{hash: fresh}
		d.prefixes[h] = p
	}
	if err := d.copyRange(p.hash, p.at, key.from); err != nil {
		return nil, err
	}
	p.at = key.from
	w, err := p.hash.Clone()
	if err != nil {
		return nil, fmt.Errorf("verify: continuing a hash: %w", err)
	}
	if err := d.copyRange(w, key.to, key.end); err != nil {
		return nil, err
	}
	d.sums[key] = w.Sum(nil)
	return d.sums[key], nil
}

// copyRange copies bytes [from, to) of the file to w, in pieces.
func (d *document) copyRange(w io.Writer, from, to int64) (err error) {
	defer func() {
		if err != nil {
			d.failure = err // no fault of the signature
		}
	}()
	src := io.NewSectionReader(d.file.Source(), from, to-from)
	buf := make([]byte, min(1<<20, to-from))
	for {
		if err := d.ctx.Err(); err != nil {
			return err
		}
		n, err := src.Read(buf)
		if _, werr := w.Write(buf[:n]); werr != nil {
			return werr
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
