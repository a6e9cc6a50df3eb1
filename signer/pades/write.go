package pades

import (
	"context"
	"crypto"
	"encoding/hex"
	"fmt"
	"hash"
	"io"

	"antin/signer/cms"
	"antin/signer/pdffile"
)

// Target receives the signed document from its first byte on; an *os.File is one.
type Target interface {
	io.Writer
	io.WriterAt
}

// Progress is told how many of all bytes have been written.
type Progress func(done, total int64)

// Write streams the source and the new revision to t, which must be empty, and
// signs. The key is asked once. A time-stamp that cannot be had does not spoil
// the signature: it stays at level B-B and Made.StampProblem says why. After an
// error t holds no valid document and is to be thrown away.
func (p *Plan) Write(ctx context.Context, t Target, progress Progress) (*Made, error) {
	tail, digest, err := p.stream(ctx, t, p.profile.Digest(), progress)
	if err != nil {
		return nil, err
	}
	attrs, err := p.profile.SignedAttributes(digest)
	if err != nil {
		return nil, err
	}
	value, err := p.request.Key.Sign(ctx, attrs, p.profile.Digest(), p.scheme)
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	// Drivers return wrong and truncated values; a file must never carry one.
	if err := cms.CheckSignature(p.profile.Certificate, p.scheme, p.profile.Digest(), attrs, value); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrKeyMismatch, err)
	}
	made := &Made{Field: p.field, Size: tail.Size(), Source: tail.Start, SignedAt: p.request.Time}
	if p.request.TSA != nil {
		made.Stamp, made.StampProblem = p.request.TSA.Stamp(ctx, value)
		if err := ctx.Err(); err != nil { // the person gave up, not the server
			return nil, err
		}
	}
	if err := p.fillGap(t, tail, attrs, value, made); err != nil {
		return nil, err
	}
	return made, nil
}

// stream writes the source and the new revision with its gap, and gives the
// digest of all but the gap.
func (p *Plan) stream(ctx context.Context, t io.Writer, h crypto.Hash, progress Progress) (*pdffile.Tail, []byte, error) {
	tail, err := p.update.Render()
	if err != nil {
		return nil, nil, err
	}
	digest := h.New()
	if err := p.copySource(ctx, t, digest, tail.Size(), progress); err != nil {
		return nil, nil, err
	}
	if err := writeTail(t, digest, tail); err != nil {
		return nil, nil, err
	}
	if progress != nil {
		progress(tail.Size(), tail.Size())
	}
	return tail, digest.Sum(nil), nil
}

// copySource copies the source, which becomes the untouched prefix. A piece is
// hashed while it is written and the next one read.
func (p *Plan) copySource(ctx context.Context, w io.Writer, digest hash.Hash, total int64, progress Progress) error {
	pieces, hashed := make(chan []byte), make(chan struct{})
	go func() {
		defer close(hashed)
		for piece := range pieces {
			digest.Write(piece)
		}
	}()
	defer func() {
		close(pieces)
		<-hashed
	}()
	src := p.file.Source()
	bufs := [2][]byte{make([]byte, 1<<20), make([]byte, 1<<20)} // when one is taken to be hashed, the other has been
	for done, turn := int64(0), 0; done < src.Size(); turn ^= 1 {
		if err := ctx.Err(); err != nil {
			return err
		}
		buf := bufs[turn]
		n, err := io.ReadFull(src, buf[:min(int64(len(buf)), src.Size()-done)])
		if err != nil {
			return fmt.Errorf("reading the document: %w", err)
		}
		pieces <- buf[:n]
		if _, err := w.Write(buf[:n]); err != nil {
			return fmt.Errorf("writing the signed document: %w", err)
		}
		done += int64(n)
		if progress != nil {
			progress(done, total)
		}
	}
	return nil
}

// writeTail writes the revision; the digest takes all of it but the gap.
func writeTail(w io.Writer, digest hash.Hash, tail *pdffile.Tail) error {
	digest.Write(tail.Data[:tail.ContentsFrom-tail.Start])
	digest.Write(tail.Data[tail.ContentsTo-tail.Start:])
	if _, err := w.Write(tail.Data); err != nil {
		return fmt.Errorf("writing the signed document: %w", err)
	}
	return nil
}

// fillGap writes the CMS at its remembered place. Only the time-stamp's size
// was not known before: when it is too large it is left out, for the token is
// never asked twice.
func (p *Plan) fillGap(t io.WriterAt, tail *pdffile.Tail, attrs, value []byte, made *Made) error {
	var stamp []byte
	if made.Stamp != nil {
		stamp = made.Stamp.DER
	}
	der, err := p.profile.SignedData(attrs, value, stamp)
	if err == nil && stamp != nil && len(der) > room(tail) {
		made.StampProblem = fmt.Errorf("%w: time-stamp of %d bytes", ErrTooLarge, len(stamp))
		made.Stamp = nil
		der, err = p.profile.SignedData(attrs, value, nil)
	}
	if err != nil {
		return err
	}
	return putContents(t, tail, der)
}

// room is how many bytes the gap takes.
func room(tail *pdffile.Tail) int { return int(tail.ContentsTo-tail.ContentsFrom-2) / 2 }

func putContents(t io.WriterAt, tail *pdffile.Tail, der []byte) error {
	if len(der) > room(tail) {
		return fmt.Errorf("%w: %d bytes, room for %d", ErrTooLarge, len(der), room(tail))
	}
	if _, err := t.WriteAt([]byte(hex.EncodeToString(der)), tail.ContentsFrom+1); err != nil {
		return fmt.Errorf("writing the signature: %w", err)
	}
	return nil
}
